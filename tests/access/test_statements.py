"""Rows of a question whose SQL is kept are those its query set gives, whatever columns it asks
for."""

from __future__ import annotations

from typing import Any

import pytest

from dengwen.access.statements import Statement
from dengwen.cases.models import Act
from tests.world import World, prepare


@pytest.fixture
def world(db: None, tmp_path: Any, settings: Any) -> World:
    """The district, founded on 2018-01-02."""
    prepare(tmp_path, settings)
    return World()


@pytest.mark.parametrize("columns", [(), ("act",), ("data", "recorded_at")])
def test_rows_are_those_of_the_query_set(world: World, columns: tuple[str, ...]) -> None:
    number = world.register("2025-03-03")
    case = Act.objects.filter(case__number=number).values_list("case_id", flat=True)[0]
    asked = Act.objects.order_by("seq").only(*columns) if columns else Act.objects.order_by("seq")
    statement = Statement(lambda groups, _day, _text: asked.filter(case_id=groups[0][0]))
    kept, plain = statement.rows(Act, ((case,),)), list(asked.filter(case_id=case))
    assert kept
    assert [row.get_deferred_fields() for row in kept] == [
        row.get_deferred_fields() for row in plain
    ]
    for one, other in zip(kept, plain, strict=True):
        loaded = {name: value for name, value in one.__dict__.items() if name != "_state"}
        assert loaded == {n: v for n, v in other.__dict__.items() if n != "_state"}
    assert statement.rows(Act, ((case + 10_000,),)) == []
