"""What the finders, files and records compare: the very day, the right organ, the right person."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.accountability.errors import AccountabilityError
from dengwen.accountability.finders import deadlines, excuses, refused_objections
from dengwen.accountability.finders.material import Material
from dengwen.accountability.inquiry import responsibility
from dengwen.accountability.leads import claims_since
from dengwen.accountability.measures import opening_effects, queries
from dengwen.accountability.personnel import duties_held
from dengwen.cases.models import Act
from dengwen.editions.as_of import Settings
from dengwen.law.duties.act_record import CORRECT, OPEN, HolderCorrection
from dengwen.law.duties.step import Step
from dengwen.organs.models import Organ, Substitute
from tests.accountability.finder_material import DAY, HERE, LI, THERE, TODAY, WANG, did, owed
from tests.invented_rows import Rows, table
from tests.world import at

LAST = TODAY
FACTS: Any = SimpleNamespace(organ=HERE, day=TODAY, case="N", case_id=5, act_id=6)


@pytest.mark.parametrize(("claims", "counts"), [(-1, True), (0, True), (1, False)])
def test_a_supervision_counts_that_says_it_was_made_by_the_last_day(
    claims: int, *, counts: bool
) -> None:
    letter = deadlines._Letter(LAST + claims * DAY, at(LAST), 8, 9)
    assert [one.act for one in deadlines._supervised([letter], LAST)] == [9] * counts


@pytest.mark.parametrize(("opened", "claimed"), [(-1, True), (0, True), (1, False)])
def test_a_registration_of_the_last_day_is_a_claim_and_one_after_it_is_none(
    opened: int, *, claimed: bool
) -> None:
    duty = owed(due=LAST, opened_on=LAST + opened * DAY)
    assert len(list(excuses._registered(duty))) == claimed
    assert list(excuses._registered(owed(due=None))) == []


def test_an_objection_speaks_for_the_organ_that_made_it_by_the_last_day() -> None:
    objections = [
        did(1, "object", LAST),
        did(2, "object", LAST - DAY),
        did(3, "object", LAST + DAY),
        did(4, "refer_dispute", LAST, organ=THERE),
    ]
    material: Any = SimpleNamespace(by_case=lambda *_names: {5: objections})
    found = Material.objections_of(material, owed(holder=HERE, due=LAST))
    assert [(one.act, one.counts_on) for one in found] == [(1, LAST), (2, LAST)]
    assert Material.objections_of(material, owed(due=None)) == []


@pytest.mark.parametrize(("seconds", "repeated"), [(-1, 0), (0, 0), (1, 1)])
def test_an_objection_is_repeated_that_was_recorded_after_the_first_was_refused(
    seconds: int, repeated: int
) -> None:
    answered = datetime(2025, 3, 18, 4, tzinfo=UTC)
    first = refused_objections._Refusal(
        did(1, "object", recorded=answered - DAY), did(2, "refuse_return", recorded=answered)
    )
    again = refused_objections._Refusal(
        did(3, "object", recorded=answered + timedelta(seconds=seconds)),
        did(4, "refuse_return", recorded=answered + DAY),
    )
    assert refused_objections._repeated([first, again]) == repeated


def circumstance(id_: str, who: str = "any", **more: Any) -> Any:
    given = {"implements": "", "partly_seen": False, "conduct": ("late",), **more}
    return SimpleNamespace(id=id_, who=who, **given)


def situations(*rules: Any, office: bool = False) -> tuple[str, ...]:
    material: Any = SimpleNamespace(_triggers=lambda *_: {one.id: one for one in rules})
    unit = Organ(pk=HERE, is_petition_office=office)
    return Material.situations(material, ["late"], TODAY, "500000", unit)


@pytest.mark.parametrize(
    ("who", "department", "other"),
    [
        ("any", True, True),
        ("leading_body", True, True),
        ("petition_department", True, False),
        ("competent_organ", False, True),
        ("nobody", False, False),
    ],
)
def test_a_circumstance_is_of_whom_it_names(who: str, *, department: bool, other: bool) -> None:
    rule = circumstance("S.11.1", who)
    assert situations(rule, office=True) == ("S.11.1",) * department
    assert situations(rule) == ("S.11.1",) * other


def test_a_circumstance_names_the_conduct_and_is_seen_whole_and_carried_out_once() -> None:
    local = circumstance("L.3", implements="S.11.1")
    assert situations(circumstance("S.11.1"), local) == ("L.3",)
    assert situations(circumstance("S.11.2", conduct=("forged",))) == ()
    assert situations(circumstance("S.11.3", partly_seen=True)) == ()
    assert situations(circumstance("R.1"), circumstance("S.11.4")) == ("S.11.4", "R.1")


def test_a_substitute_whose_entry_the_ledger_does_not_know_is_not_noted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row = SimpleNamespace(organ_id=None, act=7, official_id=WANG, substitute=None)
    monkeypatch.setattr(responsibility, "Substitute", table(row))
    monkeypatch.setattr(responsibility, "_recorded", lambda _acts: {})
    assert responsibility._with_substitutes_noted([], HERE, TODAY) == ()


@pytest.mark.parametrize(
    ("case", "unit", "day", "same"),
    [
        ("N5", "YJ01", TODAY, True),
        ("N6", "YJ01", TODAY, False),
        ("N5", "YJ02", TODAY, False),
        ("N5", "YJ01", TODAY + DAY, False),
    ],
)
def test_a_finding_is_about_the_late_duty_of_a_lead_raised_by_hand(
    case: str, unit: str, day: date, *, same: bool
) -> None:
    lead: Any = SimpleNamespace(
        finder="by hand", about="N5", unit=Organ(code="YJ01"), day=TODAY, case=None
    )
    finding: Any = SimpleNamespace(case=case, unit=unit, day=day)
    assert claims_since._is_of(lead, finding) == same


@pytest.mark.parametrize(
    ("managers", "to", "under"),
    [
        ({THERE: "乙"}, THERE, ""),
        ({HERE: "甲", THERE: "乙"}, THERE, "still-manages"),
        ({THERE: "乙"}, 77, "no-authority"),
        ({}, THERE, "no-authority"),
    ],
)
def test_a_file_goes_from_who_manages_no_more_to_who_manages_today(
    managers: dict[int, str], to: int, under: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = SimpleNamespace(official=WANG, organ=None)
    monkeypatch.setattr(opening_effects, "Case", table(None))
    monkeypatch.setattr(opening_effects, "read_file", lambda *_, **__: file)
    monkeypatch.setattr(opening_effects, "managers_of", lambda *_: managers)
    step = Step(act="hand_file", fields={"to": to})
    if not under:
        assert opening_effects.file_handed(step, FACTS) == ()
        return
    with pytest.raises(AccountabilityError) as refused:
        opening_effects.file_handed(step, FACTS)
    assert refused.value.code == under


def test_membership_is_read_from_an_opening_and_from_its_own_correction() -> None:
    member = queries.MEMBER
    assert queries._membership(Act(act="open_own", data={member: "yes"})) == "yes"
    put_right = {"field": member, "new": "no"}
    assert queries._membership(Act(act=CORRECT, data=put_right)) == "no"
    assert queries._membership(Act(act=CORRECT, data={"field": "day", "new": "no"})) == ""
    assert queries._membership(Act(act="decide", data={})) == ""


@pytest.mark.parametrize(
    ("entered", "known"), [(TODAY - DAY, True), (TODAY, True), (TODAY + DAY, False), (None, False)]
)
def test_a_substitution_counts_in_a_record_that_was_entered_by_the_day_asked(
    entered: date | None, monkeypatch: pytest.MonkeyPatch, *, known: bool
) -> None:
    rows = Rows(Substitute(official_id=WANG, act=7))
    monkeypatch.setattr(duties_held, "Substitute", SimpleNamespace(objects=rows))
    acts = [] if entered is None else [(7, at(entered))]
    monkeypatch.setattr(duties_held, "Act", table(*acts))
    days = duties_held.Days(TODAY - 30 * DAY, TODAY, TODAY)
    official: Any = WANG
    assert len(duties_held._away(official, days)) == known


@pytest.mark.parametrize(
    ("was", "since", "due", "shown"),
    [
        (WANG, TODAY, TODAY, True),
        (WANG, TODAY + 9 * DAY, TODAY + 9 * DAY, True),
        (WANG, TODAY + 10 * DAY, TODAY + 30 * DAY, False),
        (WANG, TODAY - 30 * DAY, TODAY, True),
        (WANG, TODAY - 30 * DAY, TODAY - DAY, False),
        (WANG, TODAY - 30 * DAY, TODAY + 30 * DAY, True),
        (14, TODAY, TODAY, False),
        (None, TODAY, TODAY, False),
    ],
)
def test_a_record_shows_what_somebody_was_held_to_bear_on_the_days_asked(
    was: int | None, since: date, due: date, *, shown: bool
) -> None:
    corrected = HolderCorrection(since, was, LI, TODAY + 40 * DAY)
    duty: Any = SimpleNamespace(
        due=due,
        start=TODAY - 30 * DAY,
        state=OPEN,
        closed_on=None,
        timeliness="",
        leaders=((LI, TODAY - 30 * DAY),),
        corrections=[corrected],
        holder=None,
    )
    days = duties_held.Days(TODAY, TODAY + 9 * DAY, TODAY)
    found = [one for one in duties_held._periods(duty, WANG, days, (), Settings(())) if one.was]
    assert [one.held_first for one in found] == [since] * shown
