"""Registers where the deed that met a period was corrected, or says again what another one said."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dengwen.access.models import RoleGrant, User
from dengwen.cases import replay
from dengwen.cases.duties.open_periods import steps_due
from dengwen.cases.duties.registers import keep
from dengwen.cases.models import Act, Duty
from dengwen.cases.write.perform import By, perform
from dengwen.cases.write.proposal_doors import approve, digest_of_proposal, propose
from dengwen.law.duties.step import Step
from dengwen.practice.year.duty_steps import Doer, steps_of
from dengwen.practice.year.registers_office import Area, found_area
from tests.world import at, prepare

PAPER = "a" * 64


@pytest.fixture
def area(db: None, tmp_path: Path, settings: Any) -> Area:  # pytest-django's settings wrapper
    """Two departments of an invented area with two leaders each, who receive every month."""
    prepare(tmp_path, settings)
    intervals = {"register.receive": "month", "register.hear_report": "month"}
    return found_area(2, 4, at("2024-12-30"), intervals)


def receive(area: Area, planned: str, on: str) -> Act:
    """Let the first leader of a department receive, planned before; returns the act."""
    official = area.officials["RG02-1"]
    user, _ = User.objects.get_or_create(username="RG02-1", defaults={"official": official})
    by = By(user.pk, area.organs["RG02"].pk, frozenset({"clerk", "handler", "head"}))
    day: dict[str, Any] = {"day": at(on).date(), "hours": "9:00", "room": "示例"}
    day |= {"leader": official.pk, "organ": area.organs["RG02"].pk}
    schedule = Step(act="schedule", kind="reception", open_as="r", fields=day)
    case = perform(schedule, by=by, now=at(planned), uid=f"t/{planned}/{on}").case
    hold = Step(act="hold", case=case, fields={"leader": official.pk, "persons": 2})
    perform(hold, by=by, now=at(on), uid=f"t/{on}")
    return Act.objects.get(case__number=case, act="hold")


def correct(area: Area, act: Act, on: str, field: str, old: str, new: str) -> None:
    """Correct a field of an act: one proposes, another approves."""
    organ = area.organs["RG02"]
    pair = []
    for name in ("first", "other"):
        user, is_new = User.objects.get_or_create(username=name)
        if is_new:
            since = date(2025, 1, 1)
            RoleGrant.objects.create(user=user, role="R3", organ=organ, valid_from=since, act=1)
        pair.append(By(user.pk, organ.pk, frozenset({"clerk"})))
    fields: dict[str, Any] = {"target": act.pk, "field": field, "old": old, "new": new}
    number = act.case.number
    step = Step(act="correct", case=number, texts={"reason": "录错"}, fields=fields, paper=PAPER)
    waits = propose(step, by=pair[0], now=at(on), uid=f"c/{on}/1").acts[0].act_id
    seen = digest_of_proposal(waits)
    approve(number, waits, seen, by=pair[1], now=at(on), uid=f"c/{on}/2")


def states(rule: str = "receive") -> dict[int, str]:
    """The periods of the seat of the first leader by month."""
    seat = {"opened_by__data__seat": "post:RG02-RG02-1"}
    return {duty.start.month: duty.state for duty in Duty.objects.filter(rule=rule, **seat)}


def test_a_reception_corrected_to_the_month_before_meets_that_one_and_frees_its_own(
    area: Area,
) -> None:
    keep(now=at("2025-05-02"))
    held = receive(area, "2025-05-05", "2025-06-10")
    keep(now=at("2025-06-11"))
    assert (states()[5], states()[6]) == ("open", "closed")
    correct(area, held, "2025-06-20", "occurred_at", "", "2025-05-10")
    kept = keep(now=at("2025-06-21"))
    assert (kept["reopen"], kept["meet"]) == (1, 1)
    assert (states()[5], states()[6]) == ("closed", "open")
    assert keep(now=at("2025-06-22")).counts == {}
    assert list(replay.check()) == []


def test_a_register_that_fails_is_reported_and_stops_no_other_one(
    area: Area, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(now=at("2025-05-02"))
    before = Act.objects.filter(act="breach").count()
    real = steps_due

    def spoilt(*given: Any) -> dict[int, list[Step]]:
        found = real(*given)
        wrong = Step(act="reopen", fields={"rule": "receive", "first": date(1999, 1, 1)})
        return {min(found): [wrong], **{case: found[case] for case in found if case != min(found)}}

    monkeypatch.setattr("dengwen.cases.duties.registers.steps_due", spoilt)
    monkeypatch.setattr("dengwen.cases.duties.registers.BATCH", 1)
    with pytest.raises(Exception, match="没有这一周期的责任"):
        keep(now=at("2025-06-02"))
    assert Act.objects.filter(act="breach").count() > before


# --- what says the same again ---------------------------------------------------------------------
def hear(area: Area, held: date, on: str) -> Act:
    """Let the department hear a report in a meeting held on a day, concluded on another; returns
    the act that called it."""
    organ = area.organs["RG02"].pk
    by = By(None, organ, frozenset({"clerk", "handler"}))
    steps = steps_of("hear_report", Doer(by, organ, None, "RG02-1"), held)
    case = perform(*steps, by=by, now=at(on), uid=f"h/{held}/{on}").case
    return Act.objects.get(case__number=case, seq=1)


def heard() -> dict[date, str]:
    """The months in which the department had to hear a report."""
    rows = Duty.objects.filter(rule="hear_report", holder__code="RG02")
    return {row.start: row.state for row in rows}


def test_what_was_said_in_the_year_before_is_still_known_in_the_year_after(area: Area) -> None:
    keep(now=at("2025-12-02"))
    hear(area, date(2025, 12, 19), "2025-12-20")
    keep(now=at("2025-12-21"))
    keep(now=at("2026-01-02"))
    hear(area, date(2025, 12, 19), "2026-01-10")
    december, january = date(2025, 12, 1), date(2026, 1, 1)
    for day in ("2026-01-11", "2027-01-05"):
        keep(now=at(day))
        assert (heard()[december], heard()[january]) == ("closed", "open"), day


def test_a_meeting_corrected_to_the_day_of_another_one_is_that_one(area: Area) -> None:
    keep(now=at("2025-05-02"))
    keep(now=at("2025-06-02"))
    hear(area, date(2025, 6, 9), "2025-06-10")
    again = hear(area, date(2025, 6, 8), "2025-06-11")
    correct(area, again, "2025-06-12", "held_on", "2025-06-08", "2025-06-09")
    keep(now=at("2025-06-13"))
    assert (heard()[date(2025, 5, 1)], heard()[date(2025, 6, 1)]) == ("open", "closed")
