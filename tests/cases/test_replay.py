"""Rows equal replay: each altered column is named with table, row and field."""

from __future__ import annotations

from datetime import date

import pytest

from dengwen.cases import replay
from dengwen.cases.duties.sweep import sweep
from dengwen.cases.models import Case, Duty
from tests.world import World, at


@pytest.fixture
def busy(world: World) -> World:
    """A few cases in different states, one of them breached."""
    world.to_accepted("2025-03-03")
    world.register("2025-03-03")
    sweep(now=at("2025-03-20"))
    return world


def test_an_untouched_office_has_no_difference(busy: World) -> None:
    assert list(replay.check()) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("due", date(2030, 1, 1)),
        ("state", "void"),
        ("holder", None),
        ("closed_on", date(2025, 3, 1)),
        ("timeliness", "late"),
        ("raw", None),
        ("breach", None),
        ("sort_day", None),
        ("opened_on", date(2025, 1, 1)),
        ("provisional", True),
    ],
)
def test_an_altered_duty_is_named(busy: World, field: str, value: object) -> None:
    name = "holder_id" if field == "holder" else "breach_id" if field == "breach" else field
    row = next(
        d
        for d in Duty.objects.order_by("pk")
        if getattr(d, name) != value and (field != "breach" or d.breach_id)
    )
    Duty.objects.filter(pk=row.pk).update(**{field: value})
    assert [(d.table, d.row, d.field) for d in replay.check()] == [("cases_duty", row.pk, field)]


@pytest.mark.parametrize(
    ("field", "value"),
    [("state", "finished"), ("next_due", date(2030, 1, 1)), ("holder", None), ("seq", 99)],
)
def test_an_altered_case_is_named(busy: World, field: str, value: object) -> None:
    row = Case.objects.filter(kind="petition").order_by("pk")[0]
    Case.objects.filter(pk=row.pk).update(**{field: value})
    found = [(d.table, d.row, d.field) for d in replay.check()]
    assert found == [("cases_case", row.pk, field)]


def test_a_lost_and_an_invented_duty_are_named(busy: World) -> None:
    row = Duty.objects.order_by("pk")[0]
    Duty.objects.filter(pk=row.pk).update(rule="invented")
    fields = sorted(d.field.split("/")[-2] if "/" in d.field else d.field for d in replay.check())
    assert len(fields) == 2
    assert "row" in fields


def test_rewriting_mends_the_rows_and_touches_no_act(busy: World) -> None:
    row = Duty.objects.order_by("pk")[0]
    Duty.objects.filter(pk=row.pk).update(due=date(2030, 1, 1), state="void")
    Case.objects.filter(pk=row.case_id).update(state="finished")
    replay.rewrite(row.case_id)
    assert list(replay.check()) == []
