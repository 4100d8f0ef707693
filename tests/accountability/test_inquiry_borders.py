"""Who is meant in an inquiry and since when: the wrong person, organ, or day."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.accountability.errors import AccountabilityError
from dengwen.accountability.inquiry import (
    conflicts,
    disclosure_to_person,
    evidence_sources,
    exemptions,
    hearing_effects,
    investigator_effects,
    line_rules,
    queries,
    report,
    responsibility,
    rules,
)
from dengwen.accountability.inquiry.conclusion import completeness, proposal_check
from dengwen.accountability.inquiry.conclusion import effects as conclusion_effects
from dengwen.law.duties.step import Step
from dengwen.law.liability import attribution
from dengwen.law.liability.attribution import NONE
from tests.accountability.read_inquiries import HERE, LI, THERE, WANG, ZHAO, inquiry, told
from tests.invented_rows import table
from tests.world import at

DAY = timedelta(days=1)
TODAY = date(2025, 3, 18)
FACTS: Any = SimpleNamespace(organ=HERE, day=TODAY, case="N", case_id=5, act_id=6, actor=7)


@pytest.mark.parametrize(
    ("who", "ground", "bears", "later"),
    [
        (WANG, 5, "main", False),  # the very act they were told by
        (WANG, 6, "main", True),
        (WANG, 6, NONE, False),
        (LI, 6, "main", False),  # held against somebody else
    ],
)
def test_a_ground_entered_after_somebody_was_told_is_new_to_them(
    who: int, ground: int, bears: str, *, later: bool
) -> None:
    lines = {(who, 1, "individual"): told(ground=ground, responsibility=bears, evidence=())}
    assert completeness._rests_on_later(inquiry(lines=lines), WANG, 5) is later


@pytest.mark.parametrize(
    ("pinned", "own", "later"),
    [(5, False, False), (6, False, True), (6, True, False), (7, False, False)],
)
def test_evidence_pinned_after_somebody_was_told_is_new_to_them(
    pinned: int, *, own: bool, later: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(completeness, "refs", lambda _told: [pinned])
    items = {n: SimpleNamespace(own=own) for n in (5, 6)}
    assert completeness._pinned_later(inquiry(items=items), told(), 5) is later


def test_an_organ_is_proposed_for_only_where_it_was_inquired_into() -> None:
    proposal_check._subject_answers(inquiry(), "subject_organ", HERE)
    with pytest.raises(AccountabilityError, match="不是被核查的单位"):
        proposal_check._subject_answers(inquiry(), "subject_organ", THERE)


@pytest.mark.parametrize(
    ("handler", "owed", "conflicted"),
    [(WANG, False, True), (LI, False, False), (None, False, False), (LI, True, True)],
)
def test_whoever_handled_the_matter_or_owed_in_it_does_not_investigate(
    handler: int | None, monkeypatch: pytest.MonkeyPatch, *, owed: bool, conflicted: bool
) -> None:
    monkeypatch.setattr(
        conflicts, "sources_of", lambda _made: [SimpleNamespace(handler_id=handler)]
    )
    monkeypatch.setattr(conflicts, "Duty", table(*([1] if owed else [])))
    monkeypatch.setattr(conflicts, "Party", table())
    assert bool(list(conflicts.in_the_matter(WANG, inquiry()))) is conflicted


def test_nobody_sees_what_another_person_handed_in() -> None:
    items = {
        1: SimpleNamespace(own=False, official=None),
        2: SimpleNamespace(own=True, official=WANG),
        3: SimpleNamespace(own=True, official=LI),
        4: SimpleNamespace(own=False, official=LI),
    }
    board = disclosure_to_person._board(inquiry(items=items), WANG)
    assert board == [items[1], items[2], items[4]]


@pytest.mark.parametrize(
    ("acting", "again", "asked", "refused"),
    [
        (WANG, False, [], False),  # for themselves
        (ZHAO, True, [], False),  # heard again
        (LI, False, [LI], False),  # an investigator, of whom there are two
        (ZHAO, False, [], True),
        (None, False, [], True),
    ],
)
def test_somebody_speaks_for_themselves_or_to_two_investigators(
    acting: int | None,
    asked: list[int],
    monkeypatch: pytest.MonkeyPatch,
    *,
    again: bool,
    refused: bool,
) -> None:
    two: list[int] = []
    hearing = SimpleNamespace(
        was_told=lambda *_: None,
        two_investigators=lambda _made, who: two.append(who),
        not_concerned=rules.not_concerned,
        person_not_concerned=rules.person_not_concerned,
    )
    monkeypatch.setattr(hearing_effects, "rules", hearing)
    monkeypatch.setattr(hearing_effects, "acting_official", lambda _facts: acting)
    monkeypatch.setattr(hearing_effects, "heard_again", lambda *_: again)
    facts: Any = None
    if refused:
        with pytest.raises(AccountabilityError):
            hearing_effects.in_person(inquiry(), facts, WANG)
    else:
        hearing_effects.in_person(inquiry(), facts, WANG)
    assert two == asked
    with pytest.raises(AccountabilityError, match="不是被核查人员"):
        hearing_effects.in_person(inquiry(), facts, ZHAO)


@pytest.mark.parametrize(
    ("account", "seen", "given"),
    [
        (LI, None, "record"),  # a named investigator
        (ZHAO, None, None),
        (None, None, None),
        (ZHAO, "plain", "plain"),  # what somebody may see anyway
        (LI, "sealed", None),
    ],
)
def test_an_inquiry_opens_records_to_its_own_investigators(
    account: int | None, seen: str | None, given: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [SimpleNamespace(official_id=account)] if account is not None else []
    found = SimpleNamespace(protected=seen == "sealed", name=seen) if seen else None
    monkeypatch.setattr(evidence_sources, "User", table(*rows))
    monkeypatch.setattr(evidence_sources, "viewer_of", lambda *_: None)
    monkeypatch.setattr(evidence_sources, "find", lambda *_: found)
    monkeypatch.setattr(
        evidence_sources,
        "records_of_unit",
        lambda *_: table(SimpleNamespace(name="record")).objects,
    )
    made = inquiry(lead="")
    source: Any = evidence_sources.source(made, "N", 5, TODAY)
    assert (source.name if source else None) == given


@pytest.mark.parametrize(("acting", "refused"), [(LI, True), (ZHAO, False), (None, False)])
def test_nobody_rules_that_they_need_not_recuse(
    acting: int | None, monkeypatch: pytest.MonkeyPatch, *, refused: bool
) -> None:
    monkeypatch.setattr(investigator_effects, "inquiry_before", lambda _facts: inquiry())
    monkeypatch.setattr(investigator_effects, "acting_official", lambda _facts: acting)
    facts: Any = None
    step = Step(act="rule_recusal", fields={"official": LI, "decision": "stay"})
    if refused:
        with pytest.raises(AccountabilityError, match="本人不决定"):
            investigator_effects.recusal_ruled(step, facts)
    else:
        assert investigator_effects.recusal_ruled(step, facts) == ()
    other = Step(act="rule_recusal", fields={"official": ZHAO, "decision": "stay"})
    with pytest.raises(AccountabilityError, match="不是本件的核查人员"):
        investigator_effects.recusal_ruled(other, facts)


def test_a_report_says_of_a_person_what_they_bear_themselves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(report, "Official", table("王示例"))
    lines = {
        (WANG, 1, "individual"): told(responsibility="main"),
        (WANG, 2, "individual"): told(responsibility="main"),  # said once
        (WANG, 3, "collective"): told(responsibility=NONE),
        (LI, 1, "collective"): told(responsibility="important"),
    }
    main = attribution.RESPONSIBILITIES["main"][0]
    assert report._person(inquiry(lines=lines), WANG) == f"王示例（个人责任：{main}）"


def test_a_letter_names_the_measures_the_rules_of_today_know(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(report, "circumstances_met", lambda *_: [])
    monkeypatch.setattr(report, "_organ", lambda _pk: "示例局")
    found: Any = SimpleNamespace(triggers={}, instruments={})
    today: Any = SimpleNamespace(
        measures={"circular": SimpleNamespace(zh="通报")},
        cited={"proposes_only": SimpleNamespace(zh="本地规定第一条")},
    )
    made = inquiry(gravity=None)
    text = report.proposal_text(
        made, found, today, {"subject_organ": HERE}, ["circular", "of another time"]
    )
    assert "建议的措施：通报\n" in text
    assert "由有管理权限的机关决定（本地规定第一条）。" in text
    today.cited = {}  # no rule of this place: no article of another
    text = report.proposal_text(made, found, today, {"subject_organ": HERE}, ["circular"])
    assert "由有管理权限的机关决定。" in text


@pytest.mark.parametrize(
    ("organ", "official", "noted"),
    [(HERE, WANG, True), (None, WANG, True), (THERE, WANG, False), (HERE, LI, False)],
)
def test_a_substitute_is_noted_for_the_organ_or_for_all_of_them(
    organ: int | None, official: int, monkeypatch: pytest.MonkeyPatch, *, noted: bool
) -> None:
    row = SimpleNamespace(
        official_id=official, organ_id=organ, substitute=SimpleNamespace(name="赵"), act=7
    )
    monkeypatch.setattr(responsibility, "Substitute", table(row))
    monkeypatch.setattr(responsibility, "_recorded", lambda _acts: {7: at(TODAY)})
    basis: Any = None
    line = attribution.Line(str(WANG), "individual", "main", "", "", basis)
    [found] = responsibility._with_substitutes_noted([line], HERE, TODAY)
    assert bool(found.notes) is noted


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (0, "赵 stood in on that day: who acted is found with reasons"),
        (
            1,
            (
                f"claimed, entered on {TODAY + DAY} for {TODAY}: 赵 stood in on that day: "
                "who acted is found with reasons"
            ),
        ),
    ],
)
def test_a_substitute_entered_after_the_day_is_noted_as_claimed(after: int, said: str) -> None:
    note = responsibility._stood_in("赵", at(TODAY + after * DAY), TODAY)
    assert (note.standard, note.effect, note.en) == ("substitute", "weigh", said)


# --- conflicts and lines --------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("official", "recused", "said"),
    [
        (WANG, set(), ["本人就是被核查人员"]),
        (LI, {LI}, ["已经决定回避本件"]),
        (LI, {ZHAO}, []),
        (ZHAO, set(), []),
    ],
)
def test_who_is_recused_or_concerned_has_a_conflict(
    official: int, recused: set[int], said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("_in_the_unit", "in_the_matter"):
        monkeypatch.setattr(conflicts, name, lambda *_: ())
    monkeypatch.setattr(conflicts, "_stood_in", lambda *_: False)
    found = conflicts.conflicts_of(official, inquiry(recused=recused), TODAY)
    assert [zh for zh, _ in found] == said


def line(official: int, responsibility: str = "main", kind: str = "individual") -> Any:
    return SimpleNamespace(
        official=str(official),
        responsibility=responsibility,
        kind=kind,
        notes=(),
        diligence=None,
    )


def ground(*lines: Any, objectors: tuple[int, ...] = (), number: int = 1) -> Any:
    made = SimpleNamespace(
        lines=lines, objectors=objectors, number=number, collective=False, told=told(number)
    )
    whole: Any = made
    made.line = lambda official, kind: responsibility.Ground.line(whole, official, kind)
    return made


def test_the_line_of_somebody_is_found_by_person_and_kind() -> None:
    lines = line(LI), line(WANG, kind="collective"), line(WANG)
    found = ground(*lines)
    assert found.line(WANG, "individual") is lines[2]
    assert found.line(WANG, "collective") is lines[1]
    assert found.line(LI, "collective") is None
    assert found.line(ZHAO, "individual") is None


@pytest.mark.parametrize(
    ("who", "number", "confirmed", "objected", "bears"),
    [
        (WANG, 1, "main", False, True),
        (LI, 1, "main", False, False),
        (WANG, 2, "main", False, False),  # a ground that is none any more
        (WANG, 1, NONE, False, False),
        (WANG, 1, "main", True, False),
        (WANG, 1, "direct", True, True),  # a deed of the own is no leadership
    ],
)
def test_somebody_bears_what_was_confirmed_of_them_and_no_law_takes_away(
    who: int, number: int, confirmed: str, *, objected: bool, bears: bool
) -> None:
    lines = {(who, number, "individual"): told(responsibility=confirmed)}
    grounds = {1: ground(line(WANG), line(LI), objectors=(WANG,) if objected else ())}
    assert bool(line_rules.bearing(inquiry(lines=lines), WANG, grounds)) is bears


def test_lines_that_free_are_the_own_and_bear_nothing() -> None:
    mine, other, bears = line(WANG, NONE), line(LI, NONE), line(WANG)
    assert line_rules.freed(WANG, {1: ground(other, bears, mine)}) == [mine]


@pytest.mark.parametrize(
    ("official", "found", "objected", "words"),
    [
        (WANG, "main", False, ""),
        (WANG, "main", True, "不承担领导责任"),
        (LI, "main", False, "还不是被核查人员"),
        (ZHAO, "main", False, "没有对这个人提出"),
    ],
)
def test_leadership_is_found_of_a_person_concerned_who_did_not_object(
    official: int, found: str, words: str, monkeypatch: pytest.MonkeyPatch, *, objected: bool
) -> None:
    monkeypatch.setattr(line_rules, "baseline", lambda *_: queries.WEIGHT[found])
    monkeypatch.setattr(
        line_rules, "not_for_defending", lambda *_: pytest.fail("nothing got heavier")
    )
    of = ground(line(WANG), line(LI), objectors=(WANG,) if objected else ())
    fields: Any = {"proposed": "main", "responsibility": found}
    if not words:
        line_rules.line_may(inquiry(), of, official, "individual", fields, "理由")
        return
    with pytest.raises(AccountabilityError, match=words):
        line_rules.line_may(inquiry(), of, official, "individual", fields, "理由")


@pytest.mark.parametrize(("lighter", "asked"), [(1, True), (0, False), (-1, False)])
def test_what_got_heavier_since_a_defence_must_not_rest_on_it(
    lighter: int, monkeypatch: pytest.MonkeyPatch, *, asked: bool
) -> None:
    rested: list[int] = []
    base = queries.WEIGHT["main"] - lighter
    monkeypatch.setattr(line_rules, "baseline", lambda *_: base)
    monkeypatch.setattr(
        line_rules, "not_for_defending", lambda _made, who, _evidence: rested.append(who)
    )
    fields: Any = {"proposed": "main", "responsibility": "main"}
    line_rules.line_may(inquiry(), ground(line(WANG)), WANG, "individual", fields, "")
    assert rested == ([WANG] if asked else [])


@pytest.mark.parametrize(
    ("official", "responsibility_", "freed"),
    [(WANG, exemptions.NOBODY, ["dissent"]), (LI, exemptions.NOBODY, []), (WANG, "main", [])],
)
def test_who_objected_and_bears_nothing_is_freed_by_dissent(
    official: int, responsibility_: str, freed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    of = ground(line(WANG), objectors=(WANG,))
    monkeypatch.setattr(exemptions, "grounds_of", lambda _made: {1: of})
    lines = {(official, 1, "x"): told(official=official, responsibility=responsibility_, ground=1)}
    made = inquiry(lines=lines, tested=lambda _number: {})
    assert list(exemptions._freed_by(made, WANG)) == freed


def test_an_exemption_counts_up_to_the_day_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the day on which it was entered, whatever day it claims."""
    some = [
        (at(TODAY + n * DAY), exemptions.Exemption(str(n), TODAY - 9 * DAY, "dissent", "S", "11"))
        for n in (-1, 0, 1)
    ]
    monkeypatch.setattr(exemptions, "_of_files", lambda _official: some)
    monkeypatch.setattr(exemptions, "_of_inquiries", lambda _official: some)
    known = [exemption for _, exemption in some[:2]]
    assert exemptions.exemptions_of(WANG, TODAY) == tuple(known)


# --- proposals ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("seq", "act", "official", "later"),
    [
        (6, queries.DEED, WANG, True),
        (5, queries.DEED, WANG, False),
        (6, "decision", WANG, False),
        (6, queries.DEED, LI, False),
    ],
)
def test_a_deed_entered_after_the_telling_is_new(
    seq: int, act: str, official: int, *, later: bool
) -> None:
    made = inquiry(grounds={1: told(seq, act, official=official)})
    assert completeness._deed_since(made, WANG, 5) is later


@pytest.mark.parametrize(
    ("kind", "on", "subject", "fits"),
    [
        ("organisational", ("person",), "subject_official", True),
        ("organisational", ("organ",), "subject_official", False),
        ("organisational", ("organ",), "subject_organ", True),
        ("organisational", ("person",), "subject_organ", False),
        ("supervision", ("person", "organ"), "subject_organ", False),
        (None, (), "subject_official", False),
    ],
)
def test_a_measure_is_for_a_person_or_an_organ_as_its_rule_says(
    kind: str | None, on: tuple[str, ...], subject: str, *, fits: bool
) -> None:
    rule = SimpleNamespace(kind=kind, on=on, zh="措施", en="measure")
    today: Any = SimpleNamespace(measures={"m": rule} if kind else {})
    if fits:
        measure: Any = proposal_check._measure_for(today, "m", subject)
        assert measure is rule
        return
    with pytest.raises(AccountabilityError, match=r"不是对(个人|机关)的措施") as refused:
        proposal_check._measure_for(today, "m", subject)
    assert refused.value.under == "measures"


@pytest.mark.parametrize(("stated", "right"), [("serious", True), ("light", False)])
def test_a_proposal_states_the_gravity_that_was_found(
    stated: str, monkeypatch: pytest.MonkeyPatch, *, right: bool
) -> None:
    for name in ("_subject_answers", "_all_met"):
        monkeypatch.setattr(proposal_check, name, lambda *_: None)
    monkeypatch.setattr(proposal_check, "in_force", lambda *_: None)
    made = inquiry(gravity=SimpleNamespace(classed="serious"))
    fields: Any = {"subject_official": WANG, "situations": (), "gravity": stated, "measures": ()}
    step = Step(act="propose_measure", fields=fields)
    if right:
        proposal_check.found_so(made, step, "subject_official", TODAY)
        return
    with pytest.raises(AccountabilityError, match="与核查认定的情节不同"):
        proposal_check.found_so(made, step, "subject_official", TODAY)


@pytest.mark.parametrize(
    ("fields", "one"),
    [
        ({"subject_official": WANG}, "subject_official"),
        ({"subject_organ": HERE}, "subject_organ"),
        ({"subject_official": WANG, "subject_organ": HERE}, ""),
        ({}, ""),
    ],
)
def test_a_proposal_is_about_one(fields: Any, one: str) -> None:
    step = Step(act="propose_measure", fields=fields)
    if one:
        assert conclusion_effects._one_subject(step) == one
        return
    with pytest.raises(AccountabilityError, match="只对一个人或者一个机关"):
        conclusion_effects._one_subject(step)


def test_a_department_proposes_to_another_organ_than_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(conclusion_effects, "investigated", lambda _facts: inquiry())
    monkeypatch.setattr(conclusion_effects, "found_so", lambda *_: None)
    monkeypatch.setattr(conclusion_effects, "sources_of", lambda _made: [])
    monkeypatch.setattr(conclusion_effects, "sealed_words", lambda _cases: ())
    monkeypatch.setattr(rules, "no_identity", lambda *_: None)
    monkeypatch.setattr(conclusion_effects, "_letter", lambda *_: "建议")
    monkeypatch.setattr(conclusion_effects, "_proposal", lambda *_: "step")

    def proposed(to: int) -> Any:
        fields: Any = {"subject_official": WANG, "to": to}
        step = Step(act="propose_measure", fields=fields, texts={"proposal": "建议"})
        return conclusion_effects.measure_proposed(step, FACTS)

    assert proposed(THERE) == ["step"]
    with pytest.raises(AccountabilityError, match="不作出追究决定"):
        proposed(HERE)
