"""A lead nobody takes closes after a local period; neither it nor a declined one is ever held
against anybody."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError

from dengwen.accountability.errors import AccountabilityError
from dengwen.accountability.finders import find
from dengwen.accountability.leads import lapsed_leads
from dengwen.accountability.leads.lapsed_leads import LAPSE, Lapsed, lapse_leads, waits_until
from dengwen.accountability.leads.new_lead import raise_all
from dengwen.accountability.leads.queries import about, read_lead
from dengwen.accountability.personnel.cadre_opinion import (
    exempted_words,
    in_force_words,
    performance_words,
)
from dengwen.accountability.personnel.extracts import extract_of
from dengwen.cases.duties.sweep import sweep
from dengwen.cases.models import Act, Case
from dengwen.cases.write.check import Refused
from dengwen.cases.write.perform import By, perform
from dengwen.editions.models import LocalSetting
from dengwen.law.duties.step import Step
from dengwen.organs.models import Official
from dengwen.practice.district.settings import set_targets
from dengwen.worker.loops import turn_leads
from tests.world import FOUNDED, World, at

RAISED = "2025-06-20"
BEFORE, AFTER = "2025-08-19", "2025-08-20"
"""The last day of sixty, and the day after."""


@pytest.fixture
def sixty(world: World) -> None:
    """Let the district set its local targets, sixty days for a lead among them."""
    set_targets(FOUNDED)


def lead(world: World, **more: Any) -> str:
    """Let a person of the petition department raise a lead about the handler."""
    given = {**raising(world), **more}
    return world.act("supervisor", "raise_lead", kind="lead", on=RAISED, **given).case


def raising(world: World) -> dict[str, Any]:
    """Return what is said of the lead."""
    return {
        "finder": "person",
        "unit": world.organ("YJ02"),
        "official": Official.objects.get(code="YJ02-L").pk,
        "situations": ("S.11.2",),
        "strength": "acts",
        "day_of_conduct": date(2025, 5, 6),
        "texts": {"facts": "逾期至今", "innocent": "有替班登记"},
    }


def lapse(number: str, now: datetime, by: By | None = None) -> None:
    """Ask the write door to let a lead lapse."""
    perform(
        Step(act="lapse_lead", case=number),
        by=by or By.system(),
        now=now,
        uid=f"t/lapse/{number}/{now:%Y%m%d}",
    )


def state(number: str) -> str:
    """Return the state of a lead."""
    return Case.objects.get(number=number).state


@pytest.mark.usefixtures("sixty")
def test_it_lapses_the_day_after_the_local_period_and_once(world: World) -> None:
    number = lead(world)
    waiting = waits_until(world.case(number))
    assert waiting is not None
    assert waiting.until == date.fromisoformat(RAISED) + timedelta(days=waiting.days)
    assert waiting.until == date.fromisoformat(BEFORE)
    assert turn_leads(at(BEFORE)) == {"leads_lapsed": 0, "leads_failed": 0}
    assert turn_leads(at(AFTER)) == {"leads_lapsed": 1, "leads_failed": 0}
    assert turn_leads(at(AFTER)) == {"leads_lapsed": 0, "leads_failed": 0}
    assert state(number) == "lapsed"
    assert waits_until(world.case(number)) is None
    assert read_lead(world.case(number)).decided_on == date.fromisoformat(AFTER)
    with pytest.raises(Refused):
        world.act("supervisor", "take", number, on=AFTER, no_conflict=True)


def test_no_lead_lapses_where_no_office_set_a_period(world: World) -> None:
    number = lead(world)
    assert waits_until(world.case(number)) is None
    assert lapse_leads(at("2035-01-01")) == Lapsed(0, 0)
    with pytest.raises(AccountabilityError, match="no local period is set"):
        lapse(number, at("2035-01-01"))
    assert state(number) == "raised"


def test_a_setting_that_is_dated_back_takes_no_lead_by_surprise(world: World) -> None:
    number = lead(world)
    later = world.act("supervisor", "raise_lead", kind="lead", on="2025-12-01", **raising(world))
    entered = Act.objects.get(case__number=later.case, act="raise_lead").pk
    LocalSetting.objects.create(key=LAPSE, value="10", valid_from=date(2025, 1, 1), act=entered)
    waiting = waits_until(world.case(number))
    assert waiting is not None
    assert waiting.until == date(2025, 12, 11)
    with pytest.raises(AccountabilityError, match="can still be taken"):
        lapse(number, at("2025-12-11"))
    assert lapse_leads(at("2025-12-11")).done == 0
    assert lapse_leads(at("2025-12-12")).done == 2


@pytest.mark.usefixtures("sixty")
def test_a_lead_that_fails_keeps_no_other_waiting(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, sound = lead(world), lead(world)

    def write(step: Step, **given: Any) -> Any:
        if step.case == broken:
            raise ValueError("broken")
        return perform(step, **given)

    monkeypatch.setattr(lapsed_leads, "perform", write)
    assert turn_leads(at(AFTER)) == {"leads_lapsed": 1, "leads_failed": 1}
    assert (state(broken), state(sound)) == ("raised", "lapsed")


@pytest.mark.usefixtures("sixty")
def test_a_database_that_is_away_ends_the_turn(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead(world)

    def write(*_: Any, **__: Any) -> Any:
        raise OperationalError("database is locked")

    monkeypatch.setattr(lapsed_leads, "perform", write)
    with pytest.raises(OperationalError):
        lapse_leads(at(AFTER))


@pytest.mark.usefixtures("sixty")
@pytest.mark.parametrize("many", [1, 4])
def test_leads_that_wait_are_read_at_once(
    world: World, django_assert_num_queries: Any, many: int
) -> None:
    for _ in range(many):
        lead(world)
    with django_assert_num_queries(4):
        assert lapse_leads(at(BEFORE)) == Lapsed(0, 0)


@pytest.mark.usefixtures("sixty")
def test_nobody_lets_a_lead_lapse_early_or_by_hand(world: World) -> None:
    number = lead(world)
    with pytest.raises(AccountabilityError, match="can still be taken"):
        lapse(number, at(BEFORE))
    for who in ("supervisor", "router", "head", "handler", "committee"):
        with pytest.raises(Refused):
            lapse(number, at(AFTER), world.by(who))
    assert state(number) == "raised"


@pytest.mark.usefixtures("sixty")
def test_the_period_begins_anew_with_the_department_above(world: World) -> None:
    number = lead(world)
    why = {"reason": "本部门的人都有利害关系"}
    world.act("supervisor", "hand_up", number, on="2025-08-01", texts=why, to=world.organ("SXF"))
    assert lapse_leads(at(AFTER)).done == 0
    world.act("city-supervisor", "take_over_lead", number, on="2025-08-20")
    assert lapse_leads(at("2025-10-19")).done == 0
    assert lapse_leads(at("2025-10-20")).done == 1


@pytest.mark.usefixtures("sixty")
def test_what_lapsed_is_not_raised_again_by_a_finder(world: World) -> None:
    world.act(
        "handler",
        "assign_handler",
        world.to_accepted("2025-03-03"),
        on="2025-03-04",
        official=Official.objects.get(code="YJ02-L").pk,
    )
    sweep(now=at(RAISED))
    found = find(now=at(RAISED), only=("not_handled",))
    assert len(raise_all(found, by=world.by("supervisor"), now=at(RAISED)).numbers) == 1
    assert lapse_leads(at(AFTER)).done == 1
    again = find(now=at(AFTER), only=("not_handled",))
    assert raise_all(again, by=world.by("supervisor"), now=at(AFTER)).numbers == []


@pytest.mark.usefixtures("sixty")
@pytest.mark.parametrize("ending", ["waiting", "declined", "lapsed", "taken"])
def test_no_lead_enters_an_extract_or_an_opinion(world: World, ending: str) -> None:
    cadre = Official.objects.get(code="YJ02-L")
    span = (date(2025, 1, 1), date(2025, 9, 1), date(2025, 9, 1))

    def written() -> tuple[bytes, str, str, str]:
        made = extract_of(cadre, *span)
        words = performance_words(made), in_force_words(made), exempted_words(made)
        return made.canonical(), *words

    before = written()
    number = lead(world)
    if ending == "declined":
        world.act("supervisor", "decline", number, on=RAISED, texts={"reason": "不实"})
    elif ending == "taken":
        paper = (hashlib.sha256("值班登记".encode()).hexdigest(),)
        world.act(
            "supervisor", "add_evidence", number, on=RAISED, texts={"what": "登记"}, papers=paper
        )
        world.act("supervisor", "take", number, on=RAISED, no_conflict=True)
    elif ending == "lapsed":
        assert lapse_leads(at(AFTER)).done == 1
    assert Act.objects.filter(act="raise_lead").exists()
    assert written() == before
    assert number not in written()[1]
    assert about(cadre.pk) == []
