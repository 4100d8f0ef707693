"""What each finder sees in the acts of a matter, and what it leaves alone: one act more or less, by
another organ, with another word in it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.accountability import finders
from dengwen.accountability.finders import (
    FINDERS,
    deadlines,
    refused_objections,
    rough_treatment,
)
from dengwen.accountability.finders.found import STRENGTHS, Evidence, Seen
from dengwen.law.duties.act_record import CLOSED
from tests.accountability.finder_material import (
    DAY,
    ELSEWHERE,
    HERE,
    THERE,
    TODAY,
    WANG,
    did,
    material,
    owed,
)
from tests.invented_rows import table
from tests.world import at


def cases(found: Iterable[Seen]) -> list[tuple[int, ...]]:
    return [one.cases for one in found]


# --- every finder ---------------------------------------------------------------------------------
def test_every_finder_says_what_it_looks_for_and_what_innocence_would_look_like() -> None:
    for name, one in FINDERS.items():
        assert name == one.id
        assert one.zh
        assert one.en
        assert one.conduct
        assert all(one.conduct)
        assert one.innocent_zh.startswith("如果情有可原，会看到：")
        assert one.innocent_en.startswith("if it were innocent: ")
        assert one.strength in STRENGTHS
    for zh, en in STRENGTHS.values():
        assert zh
        assert en


def test_what_a_finder_saw_is_named_with_the_codes_of_the_registry() -> None:
    proof = Evidence("N5", 1, None, "证", "proof")
    seen = Seen((5, 6), HERE, TODAY, "见", "seen", (proof,), "m", official=WANG, act=3, duty=4)
    asked: list[Any] = []

    def situations(conduct: Any, day: date, place: str, unit: Any) -> Any:
        asked.append((day, place, unit.code))
        return conduct

    def found(one: Seen, place: str, division: str | None) -> Any:
        organ = SimpleNamespace(code="YJ1", division_code=division)
        matters = {pk: SimpleNamespace(number=f"N{pk}", place=place) for pk in (5, 6)}
        known = material(matters=matters, organs={HERE: organ}, situations=situations)
        return finders._finding(FINDERS["shirking"], one, known)

    whole = found(seen, "530100", "530102")
    assert (whole.case, whole.cases, whole.unit, whole.official) == (
        "N5",
        ("N5", "N6"),
        "YJ1",
        "A1",
    )
    assert (whole.key, whole.act, whole.duty, whole.protected) == ("shirking/N5/m", 3, 4, False)
    assert whole.situations == FINDERS["shirking"].conduct
    nobody = Seen((5,), HERE, TODAY, "见", "seen", (), "m")
    assert found(nobody, "", "530102").official == ""
    found(nobody, "", None)
    assert [place for _day, place, _code in asked] == ["530100", "530102", ""]


# --- duties not done in time ----------------------------------------------------------------------
def test_a_late_duty_is_told_with_its_course() -> None:
    late = owed(breach=8, closed_by=9, closed_on=TODAY + DAY, official=WANG)
    undated, unheld = owed(due=None), owed(holder=None)
    (seen,) = deadlines._late(material(), [undated, unheld, late], "没有转送", "not forwarded")
    assert seen.zh == "没有转送，末日 2025-03-18，2025-03-19 才完成"
    assert seen.en == "not forwarded: last day 2025-03-18, done on 2025-03-19"
    assert [(one.act, one.duty) for one in seen.evidence] == [(1, 70), (8, 70), (9, 70)]
    assert (seen.unit, seen.official, seen.act, seen.mark) == (HERE, WANG, 8, "sort/1")
    (unbreached,) = deadlines._late(material(), [owed(closed_by=9, closed_on=TODAY)], "", "")
    assert (unbreached.act, len(unbreached.evidence)) == (9, 2)
    (open_,) = deadlines._late(material(), [owed()], "没有转送", "not forwarded")
    assert open_.zh.endswith("至 2025-03-18 仍未完成")
    assert open_.en.endswith("still not done on 2025-03-18")
    assert (open_.act, len(open_.evidence)) == (1, 1)


EACH_RULE = sorted(deadlines.FINDER_OF_RULE.items())


@pytest.mark.parametrize(("rule", "finder"), EACH_RULE)
def test_a_lead_by_hand_begins_with_what_the_finder_of_its_duty_would_say(
    rule: str, finder: str
) -> None:
    """The table by which people raise leads agrees with what the finders look at."""
    late = owed(rule)
    looks = {one.id: one.look for one in deadlines.FINDERS}
    known = material([did(1), did(2, "promise")], [late])
    said = {name for name, look in looks.items() if name != "not_supervised" and look(known)}
    assert said == {finder}


@pytest.mark.parametrize(
    ("finder", "rules"),
    [
        ("not_forwarded", {"sort", "sort_again", "route_reported"}),
        (
            "not_accepted",
            {
                "notify_transferred",
                "direct_notice",
                "direct_again",
                "tell_when_known",
                "simple_accept",
            },
        ),
        (
            "not_handled",
            {"handle", "simple_decide", "perform_or_answer", "review_decide", "recheck_decide"},
        ),
        ("not_executed", {"execute"}),
    ],
)
def test_which_duties_each_finder_looks_at(finder: str, rules: set[str]) -> None:
    """Registering, sending on, telling, handling and executing are the stages of S 11(2)."""
    look = FINDERS[finder].look
    found = {
        rule for rule in {*rules, "notify", "sort", "handle"} if look(material([], [owed(rule)]))
    }
    assert found == rules


def test_what_was_registered_late_is_not_blamed_a_second_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(deadlines, "_registered_late", lambda _material: {5: did(1)})
    duties = [
        owed(rule, case=case)
        for rule in ("sort", "direct_notice", "notify_transferred")
        for case in (5, 7)
    ]
    known = material([], duties)
    assert cases(deadlines.not_forwarded(known)) == [(7,)]
    told = [(one.mark.split("/")[0], one.cases) for one in deadlines.not_accepted(known)]
    assert told == [
        ("direct_notice", (7,)),
        ("notify_transferred", (5,)),  # the organ it was sent to has time of its own
        ("notify_transferred", (7,)),
    ]


@pytest.mark.parametrize(
    ("entered", "claimed"),
    [
        (TODAY, []),
        (
            TODAY + DAY,
            ["事后主张：2025-03-17 已经收到、登记（2025-03-19 录入，针对 2025-03-18）"],
        ),
    ],
)
def test_what_was_entered_late_with_an_earlier_day_is_seen_with_its_claim(
    entered: date, claimed: list[str]
) -> None:
    """Sorted at once after its entry or not: whether the record was down is for whoever judges."""
    duty = owed(
        opened_on=TODAY - DAY,
        opened_recorded=at(entered),
        state=CLOSED,
        closed_by=9,
        closed_on=TODAY + DAY,
    )
    registered = did(
        1, day=TODAY - DAY, occurred=at(TODAY - DAY), recorded=at(entered), paper="收文登记簿"
    )
    known = material([registered], [duty])
    (seen,) = deadlines.not_forwarded(known)
    assert [one.claimed[0] for one in seen.claims] == claimed
    assert deadlines.not_registered(known) == []


def test_what_a_late_entry_moved_is_told_as_such() -> None:
    (seen,) = deadlines._late(material(by_claim={70}), [owed()], "没有转送", "not forwarded")
    assert "只凭事后主张" in seen.evidence[-1].zh
    assert "by claim only" in seen.evidence[-1].en
    (other,) = deadlines._late(material(by_claim={71}), [owed()], "没有转送", "not forwarded")
    assert len(other.evidence) == 1


@pytest.mark.parametrize(
    ("promises", "found"),
    [
        ([did(1, "promise")], True),
        ([did(1, "promise", data={"request": 1}), did(2, "promise", data={"request": 1})], False),
        ([did(1, "promise", data={"request": 1}), did(2, "promise", data={"request": 2})], True),
        ([did(1, "promise"), did(2, "promise", case=6)], True),
        ([did(3, "promise")], True),  # what opened the duty is no promise
        (
            [
                did(1, "promise", data={"request": 1}),
                did(2, "promise", data={"request": 1}, recorded=at(TODAY + DAY)),
            ],
            True,
        ),  # one side's word, entered after the day
    ],
)
def test_a_promise_moved_by_agreement_is_not_late(promises: list[Any], *, found: bool) -> None:
    assert bool(deadlines.not_executed(material(promises, [owed("execute")]))) is found


@pytest.mark.parametrize(
    ("act", "organ", "sent"),
    [
        ("forward", THERE, True),
        ("assign", THERE, True),
        ("pass_on", THERE, True),
        ("note", THERE, False),
        ("forward", HERE, False),  # no petition department
        ("forward", None, False),
        ("forward", ELSEWHERE, False),  # nobody the registry knows
    ],
)
def test_a_matter_is_sent_by_a_petition_department(
    act: str, organ: int | None, *, sent: bool
) -> None:
    found = deadlines._sent_by_departments(material([did(3, act, organ=organ)]))
    assert bool(found) is sent
    if sent:
        assert (found[5].act, found[5].department, found[5].official) == (3, THERE, WANG)
    twice = material([did(3, "forward", organ=THERE), did(4, "assign", organ=THERE, actor=None)])
    last = deadlines._sent_by_departments(twice)[5]
    assert (last.act, last.official) == (4, None)


# --- shirking -------------------------------------------------------------------------------------
def objections(*days: tuple[int, int], organ: int | None = HERE) -> list[Any]:
    """Objections and their refusals, by the days on which they were made."""
    acts = []
    for n, (objected, refused) in enumerate(days):
        acts.append(did(2 * n + 1, "object", TODAY + objected * DAY, case=n, organ=organ))
        acts.append(did(2 * n + 2, "refuse_return", TODAY + refused * DAY, case=n, organ=THERE))
    return acts


@pytest.mark.parametrize(
    ("acts", "found"),
    [
        (objections((0, 1), (2, 3), (4, 5)), True),
        (objections((0, 1), (2, 3)), False),
        (objections((0, 1), (0, 3), (4, 5)), False),  # one doubt before anybody had answered
        (objections((0, 1), (2, 3), (4, 32)), False),
        (objections((0, 1), (2, 3), (4, 31)), True),
        (objections((0, 1), (2, 3), (4, 5), organ=None), False),
        ([one for one in objections((0, 1), (2, 3), (4, 5)) if one.act != "object"], False),
    ],
)
def test_objections_refused_again_and_again_are_seen(acts: list[Any], *, found: bool) -> None:
    seen = refused_objections.shirking(material(acts))
    assert bool(seen) is found
    if found:
        assert (seen[0].unit, seen[0].cases, seen[0].official) == (HERE, (0, 1, 2), WANG)
        days = (acts[-1].day - acts[1].day).days + 1
        assert seen[0].zh.startswith(f"{days} 天内 3 次")
        assert seen[0].en.endswith(f"within {days} days")


def test_a_refusal_answers_the_objection_before_it() -> None:
    acts = [
        did(1, "object", organ=HERE),
        did(3, "object", organ=THERE),
        did(4, "refuse_return"),
        did(5, "object", organ=HERE),
    ]
    found = refused_objections._refusals(material(acts))
    assert {
        organ: [(one.objection.pk, one.answer.pk) for one in some] for organ, some in found.items()
    } == {THERE: [(3, 4)]}


@pytest.mark.parametrize(
    ("received", "against", "found"),
    [
        ("receive", "object", True),
        ("receive_onward", "refer_dispute", True),
        ("note", "object", False),
        ("receive", "note", False),
    ],
)
def test_a_matter_sent_round_is_seen(received: str, against: str, *, found: bool) -> None:
    acts = [did(n, received, organ=n) for n in (1, 2, 3)] + [did(n, against) for n in (4, 5)]
    assert bool(refused_objections.shirking(material(acts))) is found
    nobody = [did(n, "receive", organ=n) for n in (1, 2, 3)] + [
        did(n, "object", organ=None) for n in (4, 5)
    ]
    assert refused_objections.shirking(material(nobody)) == []


# --- rough treatment ------------------------------------------------------------------------------
def complaint(pk: int, days: int = 0, **more: Any) -> Any:
    data = {"about_conduct": True, "conduct_organ": HERE, **more.pop("data", {})}
    return did(pk, "register", TODAY + days * DAY, case=pk, data=data, **more)


@pytest.mark.parametrize(
    ("acts", "found"),
    [
        ([complaint(1), complaint(2, 30), complaint(3, 60)], 1),
        ([complaint(1), complaint(2, 30), complaint(3, 61)], 0),
        ([complaint(1), complaint(2)], 0),
        (
            [
                complaint(1),
                complaint(2),
                complaint(3),
                did(9, "note_conduct", case=3, data={"result": "refuted"}),
            ],
            0,
        ),
        (
            [
                complaint(1),
                complaint(2),
                complaint(3),
                did(9, "note_conduct", case=3, data={"result": "true"}),
            ],
            1,
        ),
        ([complaint(n, data={"about_conduct": "true"}) for n in (1, 2, 3)], 0),
        ([complaint(n, data={"conduct_organ": 99}) for n in (1, 2, 3)], 0),
        (
            [complaint(1), complaint(2), complaint(3, data={"conduct_official": WANG})],
            0,
        ),  # another one
    ],
)
def test_several_complaints_about_one_conduct_are_seen(
    acts: list[Any], found: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rough_treatment, "Evaluation", table())
    seen = rough_treatment.rough_treatment(material(acts))
    assert len(seen) == found
    for one in seen:
        days = (acts[2].day - acts[0].day).days + 1
        assert one.zh.startswith(f"{days} 天内有 3 次")
        assert (one.unit, one.official, one.mark, one.act) == (HERE, None, "conduct/unit/1", 1)


@pytest.mark.parametrize(
    ("named", "official"), [(WANG, WANG), (99, None), ("王", None), (None, None)]
)
def test_a_complaint_names_an_official_whom_the_registry_knows(
    named: Any, official: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rough_treatment, "Evaluation", table())
    acts = [complaint(n, data={"conduct_official": named}) for n in (3, 2, 1)]
    (seen,) = rough_treatment.rough_treatment(material(acts))
    assert seen.official == official
    assert seen.mark == f"conduct/{official or 'unit'}/1"


@pytest.mark.parametrize(
    ("rude", "refuted", "found"),
    [(True, False, 1), (False, False, 0), ("true", False, 0), (True, True, 0)],
)
def test_rudeness_said_with_a_rating_counts_against_the_rated_unit(
    rude: Any, found: int, monkeypatch: pytest.MonkeyPatch, *, refuted: bool
) -> None:
    rows = [(n, n + 30, THERE) for n in (1, 2, 3)]
    monkeypatch.setattr(rough_treatment, "Evaluation", table(*rows, (9, 39, THERE)))
    acts = [did(n, "rate", case=n, data={"rude": rude}) for n in (1, 2, 3)]
    acts += [did(8, "note_conduct", case=33, data={"result": "refuted"})] if refuted else []
    seen = rough_treatment.rough_treatment(material(acts))
    assert len(seen) == found
    for one in seen:
        assert (one.unit, one.cases) == (THERE, (31, 32, 33))
        assert {proof.zh for proof in one.evidence} == {"评价时反映"}


def test_a_complaint_came_at_the_window_or_in_a_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rough_treatment, "Evaluation", table())
    acts = [
        complaint(1, data={"channel": "visit"}),
        complaint(2, data={"channel": "letter"}),
        complaint(3),
    ]
    (seen,) = rough_treatment.rough_treatment(material(acts))
    assert [one.zh for one in seen.evidence] == ["窗口反映", "来信反映", "来信反映"]
    assert [one.en for one in seen.evidence] == ["said at the window", *["said in a letter"] * 2]
