"""Conditions of accountability one by one: who stands concerned, what a claim is called, which
sources an inquiry rests on. What stands around each is invented."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.accountability.errors import AccountabilityError
from dengwen.accountability.finders import contradictions, deadlines, excuses, leaks
from dengwen.accountability.inquiry import (
    disclosure_to_person,
    investigator_effects,
    report,
    responsibility,
)
from dengwen.accountability.leads import effects as lead_effects
from dengwen.accountability.measures import (
    another_measure,
    appeal_effects,
    decision_door,
    grounds,
    measure_papers,
    opening_effects,
    parties,
    queries,
    sanction_handover,
)
from dengwen.accountability.personnel import cadre_opinion, duties_held, notification
from dengwen.law.duties.act_record import OPEN, VOID
from dengwen.law.duties.step import PartyEntry, Step
from dengwen.law.liability.triggers import REASONS
from tests.invented_rows import table

DAY = timedelta(days=1)
TODAY = date(2025, 3, 18)
NOW = datetime(2025, 3, 18, 2, tzinfo=UTC)
NOTHING: Any = None
FACTS: Any = SimpleNamespace(case_id=1, act_id=2, day=TODAY, organ=3, case="N", second=None)


def given(**what: Any) -> Any:
    return SimpleNamespace(**what)


# --- parties --------------------------------------------------------------------------------------
@pytest.mark.parametrize(("pk", "found"), [(5, (5,)), (None, ())])
def test_one_row_or_none(pk: int | None, found: tuple[int, ...]) -> None:
    assert parties.just(pk) == found


@pytest.mark.parametrize(
    ("official", "unit", "walled"),
    [
        (7, 5, (PartyEntry(role="concerned_person", official=7),)),
        (None, 5, (PartyEntry(role="concerned_unit", organ=5),)),
        (None, None, ()),
    ],
)
def test_a_notification_is_kept_from_whom_it_concerns(
    official: int | None, unit: int | None, walled: tuple[PartyEntry, ...]
) -> None:
    assert notification._behind(official, unit) == walled


@pytest.mark.parametrize(
    ("organ", "official", "asked"),
    [(5, None, {"organ_id": 5}), (None, 7, {"official_id": 7}), (None, None, {"official_id": 0})],
)
def test_who_is_concerned_already_is_not_entered_again(
    organ: int | None,
    official: int | None,
    asked: dict[str, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    standing = table("already")
    monkeypatch.setattr(investigator_effects, "Party", standing)
    monkeypatch.setattr(
        investigator_effects, "enter_in_role", lambda *_, **__: pytest.fail("entered twice")
    )
    investigator_effects._concern(FACTS, organ=organ, official=official)
    role = "concerned_unit" if organ else "concerned_person"
    assert standing.objects.asked == {"case_id": 1, "role": role, **asked}


@pytest.mark.parametrize("role", ["concerned_person", "accused_person", "petitioner", "recused",
                                  "investigator"])  # fmt: skip
def test_roles_in_which_nobody_decides(role: str) -> None:
    assert role in decision_door.WALLED


@pytest.mark.parametrize("act", ["open_own", "open_handed", "open_inquiry", "add_person",
                                 "pin_evidence", "establish"])  # fmt: skip
def test_nobody_decides_on_what_they_opened_or_pinned(act: str) -> None:
    assert act in decision_door.PREPARED


# --- claims ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("ended_by", "words"),
    [
        ("withdraw", ("信访人撤回", "withdrawn by the petitioner")),
        ("correct", ("更正以后不再负有这一责任", "corrected: the duty was never owed")),
        ("split", ("责任因另一行为终止", "ended by another act")),
        ("", ("责任因另一行为终止", "ended by another act")),
    ],
)
def test_what_ended_a_duty_is_called_by_its_act(ended_by: str, words: tuple[str, str]) -> None:
    duty: Any = given(
        state=VOID, due=TODAY, closed_recorded=NOW, ended_by=ended_by, case=1, closed_by=9
    )
    material: Any = given(objections_of=lambda _duty: [])
    [found] = excuses._ended(material, duty)
    assert (found.zh, found.en) == words


@pytest.mark.parametrize(
    ("rule", "finder"),
    [
        *((name, "not_forwarded") for name in ("sort", "sort_again", "route_reported")),
        *((name, "not_accepted") for name in (
            "notify_transferred", "direct_notice", "direct_again", "tell_when_known",
            "simple_accept")),
        ("execute", "not_executed"),
        ("handle", "not_handled"),
    ],
)  # fmt: skip
def test_a_late_duty_belongs_to_its_finder(rule: str, finder: str) -> None:
    assert deadlines.FINDER_OF_RULE[rule] == finder
    assert finder in {one.id for one in deadlines.FINDERS}


@pytest.mark.parametrize("act", ["forward", "assign", "pass_on", "forward_accusation",
                                 "notify_cadre"])  # fmt: skip
def test_acts_by_which_a_matter_is_sent_may_leak_it(act: str) -> None:
    assert act in leaks.SENT


@pytest.mark.parametrize(
    ("act", "outcome", "solved"),
    [
        ("settle", "", True),
        ("sign", "support", True),
        ("sign", "reject", False),
        ("decide_simple", "support", True),
        ("decide_simple", "reject", False),
    ],
)
def test_what_was_supported_or_settled_was_closed_as_solved(
    act: str, outcome: str, *, solved: bool
) -> None:
    draft = given(act="draft", case=4, data={"outcome": outcome})
    closed = given(act=act, case=4, data={"outcome": outcome})

    def acts(*names: str) -> list[Any]:
        return [did for did in (draft, closed) if did.act in names]

    material: Any = given(acts=acts)
    assert contradictions._solved(material) == ({4: closed} if solved else {})


# --- inquiries ------------------------------------------------------------------------------------
@pytest.mark.parametrize(("element", "zh"), [(REASONS, "书面理由"), ("未知", "未知")])
def test_an_element_without_words_is_shown_as_it_is(element: str, zh: str) -> None:
    assert report.element_words(element)[0] == zh


@pytest.mark.parametrize(
    ("about", "frm", "named"),
    [("N1", "N2", {"N1", "N2"}), ("N1", 5, {"N1"}), (None, None, set())],
)
def test_a_lead_rests_on_the_cases_its_acts_name(
    about: Any, frm: Any, named: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    acts = table(given(data={"about": about, "from": frm}))
    monkeypatch.setattr(disclosure_to_person, "Act", acts)
    assert disclosure_to_person._named_by(NOTHING) == named


@pytest.mark.parametrize(("based_on", "found"), [("N0", ["item", "before"]), ("", ["item"])])
def test_a_file_rests_on_what_the_inquiry_before_it_rests_on(
    based_on: str, found: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Cases:
        """Answers by the number asked."""

        def filter(self, **asked: Any) -> Any:
            if "number" in asked:
                return given(first=lambda: given(number=asked["number"]))
            return [given(pk=n, name="item") for n, _ in enumerate(asked.get("number__in", ()))]

    earlier = given(items={}, based_on="", lead="")
    module = disclosure_to_person
    monkeypatch.setattr(module, "Case", given(objects=Cases()))
    monkeypatch.setattr(module, "CaseLink", table())
    monkeypatch.setattr(module, "read_inquiry", lambda _case: earlier)
    own = module.sources_of
    monkeypatch.setattr(
        module, "sources_of",
        lambda made: [given(name="before")] if made is earlier else own(made),
    )  # fmt: skip
    made: Any = given(items={1: given(source="N5"), 2: given(source="")}, based_on=based_on,
                      lead="")  # fmt: skip
    cases: Any = own(made)
    assert [case.name for case in cases] == found


@pytest.mark.parametrize(
    ("breach", "holder", "owes"), [(given(occurred_at=NOW), 3, True),
                                   (given(occurred_at=NOW), None, False), (None, 3, False)]
)  # fmt: skip
def test_who_owed_is_told_where_a_breach_lies_on_the_board(
    breach: Any, holder: int | None, monkeypatch: pytest.MonkeyPatch, *, owes: bool
) -> None:
    duties = table(given(due=None, holder_id=holder, official_id=7, rule="handle"))
    monkeypatch.setattr(responsibility, "_from_cases", lambda _made: [given(number=1)])
    monkeypatch.setattr(responsibility, "_breach", lambda _item: breach)
    monkeypatch.setattr(responsibility, "Duty", duties)
    found = responsibility.owing(NOTHING)
    assert [(one.organ, one.on) for one in found] == ([(3, TODAY)] if owes else [])
    assert bool(duties.objects.asked) is (breach is not None)


@pytest.mark.parametrize(("item", "outcome"), [(1, "agreed"), (2, ""), (3, "")])
def test_of_a_meeting_the_outcome_of_the_item_is_read(
    item: int, outcome: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(responsibility, "Act", table(
        given(act="call", data={"held_on": "2025-03-10"}),
        given(act="record_item", data={"item": 1, "outcome": "agreed"}),
        given(act="record_item", data={"item": 2}),
    ))  # fmt: skip
    meeting: Any = given(opened_on=TODAY)
    assert responsibility._minutes(meeting, item) == (date(2025, 3, 10), outcome)


# --- leads ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("fields", "asked"),
    [
        ({"unit": 5}, []),
        ({"unit": 5, "official": 7, "day_of_conduct": TODAY - DAY}, [(7, TODAY - DAY)]),
        ({"unit": 5, "official": 7, "day_of_conduct": "?"}, [(7, TODAY)]),
    ],
)
def test_a_lead_on_a_person_asks_whether_they_were_in_the_unit(
    fields: dict[str, Any], asked: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: Any = []
    people: Any = []
    module = lead_effects
    monkeypatch.setattr(module, "Organ", table(given(pk=5)))
    monkeypatch.setattr(module, "_refuse_other_area", lambda *_: None)
    monkeypatch.setattr(module, "refuse_stranger", lambda who, _u, day, _n: seen.append((who, day)))
    monkeypatch.setattr(module, "concern", lambda _facts, who, _units: people.extend(who))
    module.lead_raised(Step(act="raise", fields=fields), FACTS)
    assert seen == asked
    assert people == [who for who, _ in asked]


@pytest.mark.parametrize(
    ("row", "fits"),
    [
        (given(case_id=4, uid="u"), True),
        (given(case_id=9, uid="u"), False),
        (given(case_id=4, uid="other"), False),
        (None, False),
    ],
)
def test_evidence_of_a_lead_is_an_act_of_the_case_it_names(
    row: Any, monkeypatch: pytest.MonkeyPatch, *, fits: bool
) -> None:
    monkeypatch.setattr(lead_effects, "_matter", lambda *_: given(pk=4, kind="petition"))
    monkeypatch.setattr(lead_effects, "Act", table(*filter(None, [row])))
    step = Step(act="add_evidence", fields={"from": "N4", "act": 8, "uid": "u"})
    if fits:
        assert lead_effects.lead_evidence_added(step, FACTS) == ()
        return
    with pytest.raises(AccountabilityError) as refused:
        lead_effects.lead_evidence_added(step, FACTS)
    assert "存证里没有这一行为" in str(refused.value)


@pytest.mark.parametrize("kind", ["", "lead", "inquiry", "accountability"])
def test_an_act_of_no_named_case_or_of_accountability_itself_is_no_evidence(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lead_effects, "_matter", lambda *_: given(pk=4, kind=kind))
    monkeypatch.setattr(lead_effects, "Act", table(given(case_id=4, uid="u")))
    named: dict[str, Any] = {"from": "N4"} if kind else {}
    step = Step(act="add_evidence", fields={"act": 8, "uid": "u", **named})
    with pytest.raises(AccountabilityError, match="存证里没有这一行为"):
        lead_effects.lead_evidence_added(step, FACTS)


# --- measures -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("account", "official", "asked"),
    [(given(official_id=7), "官", 7), (given(official_id=None), "官", 0), (None, None, None)],
)
def test_who_approved_is_the_official_of_the_second_account(
    account: Any, official: Any, asked: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    users, officials = table(*filter(None, [account])), table("官")
    monkeypatch.setattr(another_measure, "User", users)
    monkeypatch.setattr(another_measure, "Official", officials)
    facts: Any = given(second=6)
    assert another_measure.approver_of(facts) == official
    assert users.objects.asked == {"pk": 6}
    assert officials.objects.asked.get("pk") == asked
    assert another_measure.approver_of(FACTS) == official  # nobody's account is no account
    assert users.objects.asked == {"pk": 0}


@pytest.mark.parametrize(("day", "found"), [(TODAY - DAY, TODAY - DAY), (None, TODAY)])
def test_the_day_of_the_conduct_is_the_one_given(day: date | None, found: date) -> None:
    fields: Any = {"day_of_conduct": day} if day else {}
    assert opening_effects._day(Step(act="open_own", fields=fields), FACTS) == found


@pytest.mark.parametrize(("official", "column"), [(7, "subject_official"), (None, "subject_organ")])
def test_files_on_a_subject_are_those_of_the_person_or_the_organ(
    official: int | None, column: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: Any = []

    def files(column: str, pk: int) -> Any:
        asked.append((column, pk))
        return [given(pk=1), given(pk=2)]

    monkeypatch.setattr(queries, "_files", files)
    monkeypatch.setattr(queries, "read_file", lambda case: f"read {case.pk}")
    file: Any = given(official=official, organ=5, case=given(pk=1))
    assert queries.files_on(file) == [file, "read 2"]
    assert asked == [(column, official or 5)]


@pytest.mark.parametrize(
    ("step", "act", "steps"),
    [("uphold", "uphold", None), ("lighten", "lighten", "lighter"), ("revoke", "revoke", "revoke")],
)
def test_an_appeal_is_upheld_lightened_or_revoked(
    step: str, act: str, steps: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = appeal_effects
    monkeypatch.setattr(module, "_by_own_hand", lambda *_: None)
    opened = given(data={"measure": "warning", "decision": "N0", "appellant": 7})
    monkeypatch.setattr(module, "tell_of_right", lambda *_: None)
    monkeypatch.setattr(module, "Act", table(opened))
    monkeypatch.setattr(module, "Case", table(given(place="")))
    monkeypatch.setattr(module, "rules_for", lambda *_: NOTHING)
    monkeypatch.setattr(module, "_refuse_heavier", lambda *_: None)
    monkeypatch.setattr(module, "_noting", lambda _s, _f, _act, _number, fields: fields)
    fields: Any = {"instead": "talk"} if act == "lighten" else {}
    done: Any = module.appeal_decided(Step(act=step, fields=fields), FACTS)
    assert [one["result"] for one in done] == ([steps] if steps else [])
    assert [one.get("instead") for one in done] == ([fields.get("instead")] if steps else [])


@pytest.mark.parametrize(("heard", "spoke"), [((7,), True), ((8, 9), False), ((), False)])
def test_an_organ_speaks_through_its_leading_body(
    heard: tuple[int, ...], monkeypatch: pytest.MonkeyPatch, *, spoke: bool
) -> None:
    monkeypatch.setattr(grounds, "Organ", table(given(pk=5)))
    monkeypatch.setattr(grounds, "led_on", lambda *_: [given(official_id=7)])
    found: Any = given(number="N", made=given(unit=5, day=TODAY, heard=heard))
    if spoke:
        grounds._spoken_for(found, TODAY)
        return
    with pytest.raises(AccountabilityError):
        grounds._spoken_for(found, TODAY)


@pytest.mark.parametrize(("to", "organ"), [(5, 5), ("YJ05", 0)])
def test_a_crime_is_handed_to_an_organ_of_the_register(
    to: Any, organ: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = given(official=7, organ=None, situations=(), case=NOTHING)
    monkeypatch.setattr(sanction_handover, "Case", table(NOTHING))
    monkeypatch.setattr(sanction_handover, "read_file", lambda *_, **__: file)
    monkeypatch.setattr(sanction_handover, "arrival", lambda to, *_, **__: to)
    step = Step(
        act="hand_over_crime", fields={"to": to, "matter": "x"}, texts={"suspected": "示例"}
    )
    found: Any = sanction_handover.crime_handed_over(step, FACTS)
    assert found == organ


@pytest.mark.parametrize(
    ("measure", "kind", "paper"),
    [("other", "criticism", measure_papers.OTHER_PAPER)]
    + [("unheard", kind, act) for kind, act in measure_papers.PAPER_OF_KIND.items()]
    + [(name, "", act) for name, act in measure_papers.PAPER.items()],
)
def test_a_measure_has_the_paper_of_its_name_kind_or_list(
    measure: str, kind: str, paper: str
) -> None:
    rules: Any = given(open_lists={"other"})
    assert measure_papers._paper_act(rules, given(id=measure, kind=kind)) == paper


@pytest.mark.parametrize(
    ("party_members", "member", "refused"),
    [(True, None, True), (True, False, False), (True, True, False), (False, None, False)],
)
def test_a_measure_for_members_asks_whether_somebody_is_one(
    member: bool | None, *, party_members: bool, refused: bool
) -> None:
    rule: Any = given(party_members=party_members, zh="示例", en="example")
    subject: Any = given(party_member=member)
    if not refused:
        decision_door.membership_said([rule], subject)
        return
    with pytest.raises(AccountabilityError):
        decision_door.membership_said([rule], subject)


# --- what departments are told --------------------------------------------------------------------
@pytest.mark.parametrize("rank", ["principal", "deputy", "member", "staff"])
def test_each_rank_has_its_words(rank: str) -> None:
    assert all(cadre_opinion.RANK_WORDS[rank])


@pytest.mark.parametrize(
    ("state", "in_time", "counted"),
    [(VOID, True, VOID), (VOID, False, OPEN), ("closed", True, "closed"),
     ("closed", False, "closed")],
)  # fmt: skip
def test_a_duty_voided_after_its_day_is_counted_as_it_stood(
    state: str, counted: str, monkeypatch: pytest.MonkeyPatch, *, in_time: bool
) -> None:
    stood: Any = []
    row = ("petition", "handle", 1, state, None, "", TODAY, NOW)
    rows = table(row).objects
    module = duties_held
    monkeypatch.setattr(module, "_in_person", lambda *_: rows)
    monkeypatch.setattr(module, "_ended_in_time", lambda *_: in_time)
    monkeypatch.setattr(module, "_state", lambda state, *_: stood.append(state) or state)
    kind = given(duties={"handle": "rule"})
    monkeypatch.setattr(
        module, "rulebooks", given(by_row=lambda _row: given(kind=lambda _kind: kind))
    )
    monkeypatch.setattr(module, "_counted", lambda rule, _count: rule)
    days: Any = given(on=TODAY)
    counted_rules: Any = list(module.counted_duties(NOTHING, days))
    assert counted_rules == ["rule"]
    assert stood == [counted]
