"""Neither order nor filter nor page nor number of rows of any list tells that a hidden case is
there."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from dengwen.cases.models import Case
from dengwen.ui import list_table
from tests.wall import harness
from tests.wall.asking import plain
from tests.wall.harness import Asked, Harness
from tests.wall.list_addresses import LISTS, addresses
from tests.wall.stage import Stage

pytestmark = [pytest.mark.wall, pytest.mark.django_db]
SIZE = 2
"""Rows of a page, so few that the lists of a small world have further pages."""
READERS = (
    "handler of the unit",
    "accused person, supervisor elsewhere",
    "recused official",
)
"""People on the accused side who read lists, and somebody hidden from alone."""
WIDEST = 1
"""The pair of worlds that differ most: every hidden case, and none."""


@pytest.fixture(autouse=True)
def only_lists(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Ask for lists alone, two rows to a page; what is refused on purpose writes no log lines."""
    slice_of = list_table._slice

    def short(rows: list_table.Rows, page: int, _size: int, counts: int) -> list_table.Slice:
        return slice_of(rows, page, SIZE, counts)

    monkeypatch.setattr(list_table, "_slice", short)
    monkeypatch.setattr(harness, "PROBES", {name: plain(*addresses(name)) for name in LISTS})
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def asked(routes: Sequence[str], name: str) -> list[Asked]:
    """Return every way of asking each list, by a reader."""
    return [(name, route, len(addresses(route))) for route in routes]


@pytest.mark.long(ci=2)
@pytest.mark.parametrize("name", READERS)
def test_no_order_filter_or_page_tells_of_a_hidden_case(stage: Stage, name: str) -> None:
    worlds = Harness(stage, only=asked(list(LISTS), name))
    found = worlds.run(WIDEST)
    assert found is None, str(found)
    assert not worlds.figures.broken
    assert worlds.figures.statuses[422] > 10, "wrong addresses are answered, not served"
    assert worlds.figures.statuses[200] > 10


def _leak_by_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """Count every case there is under a list."""
    monkeypatch.setattr(list_table, "_total_words", lambda _number: f"{Case.objects.count()}")


def _leak_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a list go on where something is hidden."""
    honest = list_table._slice

    def longer(rows: Any, page: int, size: int, counts: int) -> list_table.Slice:
        part = honest(rows, page, size, counts)
        more = part.more or Case.objects.filter(protected=True).exists()
        return list_table.Slice(part.rows, part.begins, more, part.total, part.least)

    monkeypatch.setattr(list_table, "_slice", longer)


@pytest.mark.parametrize("leak", [_leak_by_count, _leak_by_page])
def test_a_list_that_counts_past_the_wall_is_found(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, leak: Any
) -> None:
    leak(monkeypatch)
    assert Harness(stage, only=asked(["desk:registry"], READERS[0])).run(WIDEST) is not None
