"""An inquiry from its opening to the proposal, and everything that is refused on the way, each
with its rule."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dengwen.accountability.errors import AccountabilityError
from dengwen.accountability.inquiry.disclosure_to_person import disclosed
from dengwen.accountability.inquiry.evidence_sources import bound_of
from dengwen.accountability.inquiry.rules import circumstances_met
from dengwen.cases import rulebooks
from dengwen.cases.models import Case as CaseRow
from dengwen.cases.models import CaseLink, Document, Party
from dengwen.cases.wall.visibility import find, viewer_of
from dengwen.cases.write.check import Refused
from dengwen.cases.write.papers.issue import open_body
from dengwen.law.duties.step import Step
from dengwen.law.liability.provisions import in_force
from dengwen.ledger.models import Event
from dengwen.organs.models import Official
from tests.accountability.inquiries import (
    CONDUCT,
    UNIT,
    Case,
    late_matter,
    met,
    official,
    opened,
    registered,
    with_leaders,
)
from tests.world import ACCUSATION, PAPER, World


def refused(code: str, cites: str = "") -> Any:
    """Expect a refusal with this code that cites its rule in both languages."""

    def is_it(error: AccountabilityError) -> bool:
        return (
            error.code == code
            and cites in error.zh
            and bool(error.en and error.mend_zh and error.mend_en)
        )

    return pytest.raises(AccountabilityError, check=is_it)


# --- investigators --------------------------------------------------------------------------------
def test_nothing_is_done_before_two_investigators_are_named_and_by_nobody_else(
    world: World,
) -> None:
    matter, breach = late_matter(world)
    case = opened(world, investigators=1)
    with refused("too-few", "政务处分法第四十二条"):
        case.pin(matter, breach)
    case.act("name_investigator", official=official("YJ01-S"), declared="none")
    case.pin(matter, breach)
    with refused("not-an-investigator", "第四十二条"):
        case.act("pin_evidence", "sealed", texts={"shows": "x"}, disclose="open")


def test_a_conflict_declared_or_found_keeps_somebody_out(world: World) -> None:
    case = opened(world, investigators=0)
    with refused("conflict", "第四十七条"):
        case.act("name_investigator", official=official("YJ01-Z"), declared="kin")
    with refused("not-ours", "第十七条"):
        case.act("name_investigator", official=official("YJ02-W"), declared="none")
    registered(
        world,
        Step(
            act="found_post",
            fields={
                "organ": UNIT,
                "code": "YJ02-OLD",
                "leading": "staff",
                "from": date(2021, 1, 4),
            },
            texts={"title_zh": "科员"},
        ),
        Step(
            act="appoint",
            fields={"official": "YJ01-S", "post": "YJ02-OLD", "from": date(2021, 1, 4)},
        ),
        on="2021-01-04",
    )
    with refused("conflict", "第四十七条"):
        case.act("name_investigator", official=official("YJ01-S"), declared="none")


def test_whoever_recused_from_the_matter_does_not_investigate_it(world: World) -> None:
    matter, breach = late_matter(world)
    reasons = {"reasons": "近亲属"}
    world.act(
        "handler", "recuse", matter, on="2025-05-05", official=official("YJ01-Q"), texts=reasons
    )
    world.act(
        "head",
        "decide_recusal",
        matter,
        on="2025-05-05",
        official=official("YJ01-Q"),
        decision="recuse",
    )
    case = opened(world)
    case.pin(matter, breach)
    with refused("conflict", "第四十七条"):
        case.act("name_investigator", official=official("YJ01-Q"), declared="none")
    case.act("name_investigator", official=official("YJ01-J"), declared="none")


def test_the_person_concerned_may_ask_for_recusal_and_nobody_keeps_himself_in(world: World) -> None:
    case = opened(world)
    with refused("not-concerned"):
        case.act("ask_recusal", "handler2", texts={"ground": "x"}, official=official("YJ01-S"))
    case.act(
        "ask_recusal", "handler", texts={"ground": "与我有经济往来"}, official=official("YJ01-S")
    )
    with refused("own-recusal", "第四十七条"):
        case.act(
            "recuse_investigator",
            "router",
            texts={"reasons": "没有"},
            official=official("YJ01-S"),
            decision="stay",
        )
    case.act(
        "recuse_investigator",
        texts={"reasons": "属实"},
        official=official("YJ01-S"),
        decision="recuse",
    )
    with refused("too-few"):
        case.act("add_person", texts={"reasons": "x"}, official=official("YJ02-W"))
    with refused("conflict"):  # recused is recused
        case.act("name_investigator", official=official("YJ01-S"), declared="none")
    assert Party.objects.filter(
        case__number=case.number, role="recused", official_id=official("YJ01-S")
    ).exists()


def test_with_too_few_the_next_higher_office_takes_over_and_names_its_own(world: World) -> None:
    case = opened(world)
    with refused("not-higher", "第四十七条"):
        case.act("hand_up", texts={"reasons": "人手不足"}, to=world.organ("YJ03"))
    case.act("hand_up", texts={"reasons": "人手不足"}, to=world.organ("SZF"))
    case.act("take_over", "rechecker")
    assert (case.made.holder, case.made.investigators) == (world.organ("SZF"), {})
    assert not Party.objects.filter(
        case__number=case.number, role="investigator", until__isnull=True
    ).exists()


def test_an_organ_does_not_inquire_into_itself(world: World) -> None:
    with refused("own-inquiry", "第四十七条"):
        opened(world, unit=world.organ("YJ01"))


# --- the board ------------------------------------------------------------------------------------
def test_evidence_is_bound_to_the_ledger_and_says_where_it_comes_from(world: World) -> None:
    matter, breach = late_matter(world)
    case = opened(world)
    number = case.pin(matter, breach)
    item = case.made.items[number]
    event = Event.objects.get(case_key=matter, case_seq=breach)
    assert (item.source, item.at, item.bound) == (matter, breach, bytes(event.hash).hex())
    with refused("no-source", "第四十二条"):
        case.act("pin_evidence", texts={"shows": "听说"}, disclose="open")
    with refused("not-there"):
        case.pin(matter, breach, bound="00" * 32)
    with refused("not-there"):
        case.pin(matter, 99)


def test_minutes_of_the_unit_concerned_are_open_to_investigators_and_protected_matters_are_not(
    world: World,
) -> None:
    with_leaders(world)
    meeting = met(world)
    case = opened(world)
    case.pin(meeting, 2, "会议记录")
    accusing = world.register("2025-03-10")
    world.act("clerk", "classify", accusing, on="2025-03-10", **ACCUSATION)
    with refused("not-there"):  # no investigator here is cleared, so for them it does not exist
        case.pin(accusing, 1, "检举件", disclose="sealed")
    assert CaseLink.objects.filter(case__number=case.number).count() == 0


# --- facts by element -----------------------------------------------------------------------------
def test_each_element_is_found_by_itself_on_evidence(world: World) -> None:
    matter, breach = late_matter(world)
    case = opened(world)
    board = case.pin(matter, breach)
    with refused("no-such-circumstance", "第二十条"):
        case.find("S.11.99", "not_handled", board)
    with refused("not-an-element", "S 11(2)"):
        case.find("S.11.2", "bad_influence", board)
    with refused("no-evidence", "第十一条"):
        case.find("S.11.2", "not_handled", 0)
    with refused("not-on-the-board"):
        case.find("S.11.2", "not_handled", 99)
    case.find("S.11.2", "not_handled", board)
    case.find("S.11.2", "rights_seriously_harmed", 0, "not_shown")
    assert case.made.shown("S.11.2") == ("not_handled",)


@pytest.mark.case("E12", "F03")
def test_grounds_follow_the_day_of_the_conduct(world: World) -> None:
    matter, breach = late_matter(world)
    case = opened(world, day_of_conduct=date(2017, 4, 3), situations=("P16.11.1",), official=None)
    board = case.pin(matter, breach)
    with refused("no-such-circumstance", "第二十条"):  # the seed came into force on 2017-05-23
        case.find("S.11.1", "no_risk_assessment", board)
    with refused("not-an-element", "P16"):  # the older text has no limb on risk assessment
        case.find("P16.11.1", "no_risk_assessment", board)
    case.find("P16.11.1", "wrong_decision", board)


@pytest.mark.case("E09", "E11", "G14", "G15", "G16", "G17", "G19")
@pytest.mark.parametrize(
    ("trigger", "conduct", "shown", "not_shown"),
    [
        ("S.11.8", "leak", (), ("retaliation_happened",)),
        (
            "S.11.1",
            "no_risk_assessment",
            ("interests_harmed", "serious_consequences"),
            ("petition_problem",),
        ),
        ("S.11.2", "not_forwarded", (), ("rights_seriously_harmed",)),
        ("S.11.3", "rough_treatment", ("relations_harmed",), ("serious_consequences",)),
        ("S.11.4", "collective_visit_mishandled", ("bad_influence",), ("escalated",)),
        ("S.11.5", "suggestion_ignored", (), ("unsolved_long",)),
        ("S.11.9", "other_dereliction", (), ()),
    ],
)
def test_without_every_element_nobody_is_proposed_for_anything(
    world: World, trigger: str, conduct: str, shown: tuple[str, ...], not_shown: tuple[str, ...]
) -> None:
    matter, breach = late_matter(world)
    case = opened(world, situations=(trigger,), official=None)
    board = case.pin(matter, breach)
    case.find(trigger, conduct, board)
    for element in shown:
        case.find(trigger, element, board)
    for element in not_shown:
        case.find(trigger, element, 0, "not_shown")
    case.act("find_gravity", texts={"reasons": "轻"}, light=True, harm="none", influence="none")
    with refused("not-complete", "第十一条"):
        case.conclude("propose")
    case.conclude("no_responsibility")


@pytest.mark.case("G18", "G19")
def test_fraud_needs_no_serious_harm_and_an_open_clause_needs_its_reasons(world: World) -> None:
    matter, breach = late_matter(world)
    case = opened(world, situations=("S.11.6", "S.11.9"), official=None)
    board = case.pin(matter, breach)
    for trigger, element in (
        ("S.11.6", "fraud"),
        ("S.11.6", "interests_harmed"),
        ("S.11.9", "other_dereliction"),
    ):
        case.find(trigger, element, board)
    rules = in_force(rulebooks.library(), case.made.day, case.made.place)
    assert circumstances_met(case.made, rules) == ("S.11.6",)
    case.find("S.11.9", "written_reasons", board)
    assert circumstances_met(case.made, rules) == ("S.11.6", "S.11.9")


# --- told, heard, answered ------------------------------------------------------------------------
def ready(world: World) -> tuple[Case, int, int]:
    """Bring an inquiry about the handler to where he is told: one deed, its element shown, on
    one piece of evidence."""
    with_leaders(world)
    matter, breach = late_matter(world)
    case = opened(world)
    board = case.pin(matter, breach)
    case.find("S.11.2", "not_handled", board)
    case.find("S.11.2", "rights_seriously_harmed", board)
    deed = case.deed("YJ02-L", board)
    case.act(
        "find_gravity", texts={"reasons": "初次，已补办"}, light=True, harm="none", influence="none"
    )
    return case, board, deed


def test_the_person_is_told_heard_and_answered_point_by_point_before_anything_is_concluded(
    world: World,
) -> None:
    case, board, deed = ready(world)
    lead = official("YJ02-L")
    for code in ("YJ02-Z", "YJ02-F"):
        case.act(
            "add_person", texts={"reasons": "主要负责人或者分管负责人"}, official=official(code)
        )
    case.tell("YJ02-Z")
    with refused("not-told", "第四十三条"):
        case.act("hear", texts={"statement": "x"}, official=lead, how="heard")
    case.tell("YJ02-L")
    with refused("may-still-answer", "2025-05-20"):
        case.act("hear", texts={"statement": "没有答复"}, official=lead, how="absent")
    with refused("no-answer", "第四十三条"):
        case.act("hear", texts={"statement": "书面"}, official=lead, how="written")
    with refused("not-concerned", "第四十三条"):  # nobody speaks for another
        case.act(
            "defend", "checker", texts={"defence": "x"}, official=lead, point=1, stand="disagree"
        )
    case.act(
        "defend",
        "handler",
        texts={"defence": "材料三月才转到"},
        official=lead,
        point=1,
        stand="disagree",
    )
    with refused("other-point"):
        case.act(
            "defend", "handler", texts={"defence": "x"}, official=lead, point=3, stand="disagree"
        )
    own = case.act("hand_in", "handler", texts={"shows": "收件登记复印件"}, official=lead)
    with refused(
        "no-evidence", "第四十三条"
    ):  # nothing is found against him on what he handed in alone
        case.find("S.11.2", "not_handled", own)
    case.confirm_all()
    with pytest.raises(Refused, match="答复这一点申辩"):
        case.conclude()
    case.act("hear", texts={"statement": "同书面"}, official=lead, how="heard")
    case.act(
        "answer_point",
        texts={"reasons": "登记显示二月已收"},
        point=1,
        result="rejected",
        evidence=(str(board),),
    )
    case.act("hear", texts={"statement": "督促过"}, official=official("YJ02-Z"), how="heard")
    with refused("not-complete", "第四十三条"):  # the leader in charge was neither told nor heard
        case.conclude()
    case.tell("YJ02-F")
    case.act("hear", texts={"statement": "督促过"}, official=official("YJ02-F"), how="heard")
    with refused("other-report", "D50"):
        case.conclude(attribution="全部由承办人负责")
    case.conclude()
    report = open_body(Document.objects.get(case__number=case.number, rule="inquiry_report"))
    for word in (
        "直接责任",
        "领导责任",
        "材料三月才转到",
        "登记显示二月已收",
        "没有按规定办理",
        "第十一条第（二）项",
    ):
        assert word in report
    assert deed in case.made.grounds


def test_what_is_told_names_no_petitioner(world: World) -> None:
    case, _board, _deed = ready(world)
    matter = next(i.source for i in case.made.items.values())
    for word in ("王示例", "13800000000", "示例路1号"):
        with refused("sealed-identity", "第十一条"):
            case.tell("YJ02-L", facts=f"信访人{word}反映的事项到期没有办理")
        with refused("sealed-identity"):
            case.pin(matter, 1, f"{word}的来信")
    case.tell("YJ02-L")
    clerk, deed = official("YJ02-L"), next(iter(case.made.grounds))
    case.act(
        "defend",
        "handler",
        texts={"defence": "王示例没有来过"},
        official=clerk,
        point=1,
        stand="disagree",
    )
    with refused("sealed-identity"):
        case.act("answer_point", texts={"reasons": "王示例来过三次"}, point=1, result="rejected")
    with refused("sealed-identity"):
        case.confirm(clerk, deed, "individual", "direct", "direct", "王示例的事项逾期")


def test_at_no_step_can_the_person_or_the_unit_read_who_petitioned(world: World) -> None:
    """Every step of an inquiry is followed by a look at everything the person and his unit can
    read of it."""
    case, board, deed = ready(world)
    matter = next(i.source for i in case.made.items.values())
    clerk = official("YJ02-L")
    case.act(
        "pin_evidence",
        texts={"shows": "来信登记：王示例，示例路1号"},
        source=matter,
        place=1,
        disclose="sealed",
        bound=bound_of(world.case(matter), 1),
    )
    steps: list[Any] = [
        lambda: case.tell("YJ02-L"),
        lambda: case.act(
            "hear", texts={"statement": "王示例没有来过"}, official=clerk, how="heard"
        ),
        lambda: case.confirm(clerk, deed, "individual", "direct", "direct"),
        lambda: case.act(
            "establish",
            texts={"reasons": "王示例的来信"},
            trigger="S.11.2",
            element="not_accepted",
            finding="not_shown",
        ),
        lambda: case.act(
            "hand_over",
            texts={"grounds": "王示例反映"},
            to=world.organ("YJ09"),
            nature="discipline",
        ),
    ]
    for step in steps:
        step()
        seen = disclosed(world.case(case.number), clerk)
        told = " ".join(seen.told.texts.values()) if seen.told else ""
        answers = [a for p in seen.points if p.answer for a in p.answer.texts.values()]
        lines = [t for line in seen.lines for t in line.texts.values()]
        shown = " ".join([told, *(i.shows for i in seen.items), *answers, *lines])
        assert not any(word in shown for word in ("王示例", "示例路1号", "13800000000"))
        assert board in {i.number for i in seen.items}
        day = date(2025, 5, 6)
        for who in ("handler", "checker", "head"):
            assert find(viewer_of(world.office.users[who], day), day, case.number) is None


# --- attribution ----------------------------------------------------------------------------------
def decided(world: World, minutes: str = "", **fields: Any) -> tuple[Case, int]:
    """Put a collective decision of the bureau into an inquiry."""
    with_leaders(world)
    meeting = met(world, minutes) if minutes else met(world)
    case = opened(world, official=official("YJ02-M"), situations=("S.11.1",))
    case.pin(meeting, 2, "会议记录")
    given: dict[str, Any] = {"meeting": meeting, "item": 1, "work": "petitions"} | fields
    return case, case.act("consider_decision", **given)


def responsibilities(case: Case) -> dict[str, str]:
    """Return what is proposed, by staff code and kind."""
    codes = {str(o.pk): o.code for o in Official.objects.all()}
    return {
        f"{codes[x.official]}/{x.kind}": x.responsibility
        for g in case.grounds.values()
        for x in g.lines
    }


@pytest.mark.case("E01", "E02", "E03")
def test_a_collective_decision_is_attributed_from_posts_fields_of_work_and_minutes(
    world: World,
) -> None:
    case, ground = decided(world)
    assert responsibilities(case) == {
        "YJ02-Z/collective": "main",
        "YJ02-F/collective": "main",
        "YJ02-M/collective": "none",
        "YJ02-N/collective": "none",
    }
    objector = official("YJ02-M")
    for word in ("main", "important", "leadership"):
        with refused("objected", "第十一条第二款"):
            case.confirm(objector, ground, "collective", "none", word, "大家都要负责")
    case.confirm(objector, ground, "collective", "none", "none", "")
    with refused("other-proposal"):
        case.confirm(official("YJ02-N"), ground, "collective", "important", "important")
    with refused("no-line"):
        case.confirm(official("YJ02-L"), ground, "collective", "none", "none")
    with refused("not-concerned", "第四十三条"):
        case.confirm(official("YJ02-F"), ground, "collective", "main", "main")
    case.act("add_person", texts={"reasons": "分管"}, official=official("YJ02-F"))
    case.confirm(official("YJ02-F"), ground, "collective", "main", "main", "")
    with refused("reasons-needed", "第十一条第二款"):
        case.confirm(official("YJ02-F"), ground, "collective", "main", "important", "")
    case.confirm(official("YJ02-F"), ground, "collective", "main", "important", "当日刚到任三天")


def test_an_objection_that_was_followed_and_a_meeting_without_minutes_free_nobody(
    world: World,
) -> None:
    case, _ground = decided(world)
    assert next(iter(case.grounds.values())).objectors == {official("YJ02-M")}
    rejected = met(world, outcome="rejected", on="2025-04-02")
    number = case.act("consider_decision", meeting=rejected, item=1, work="petitions")
    assert case.grounds[number].objectors == frozenset()
    with refused("no-minutes", "第三十条第三款"):
        case.act("consider_decision", meeting=rejected, item=7, work="petitions")


@pytest.mark.case("E05")
def test_who_objected_answers_for_deeds_of_his_own(world: World) -> None:
    case, _ground = decided(world)
    case.deed("YJ02-M", next(iter(case.made.items)))
    assert responsibilities(case)["YJ02-M/collective"] == "none"
    assert responsibilities(case)["YJ02-M/individual"] == "direct"


@pytest.mark.case("E24")
def test_posts_and_fields_of_work_are_those_of_the_day_of_the_act(world: World) -> None:
    with_leaders(world)
    day = date(2025, 4, 15)
    registered(
        world,
        Step(act="relieve", fields={"official": "YJ02-F", "post": f"{UNIT}-YJ02-F", "from": day}),
        Step(
            act="divide_work",
            fields={"organ": UNIT, "field": "petitions", "official": "YJ02-N", "from": day},
        ),
        on="2025-04-15",
    )
    matter, breach = late_matter(world)
    case = opened(world)
    board = case.pin(matter, breach)
    before, after = case.deed("YJ02-L", board, CONDUCT), case.deed("YJ02-L", board, "2025-04-20")
    of = {n: {int(x.official) for x in g.lines} for n, g in case.grounds.items()}
    assert of[before] == {official(c) for c in ("YJ02-L", "YJ02-Z", "YJ02-F")}
    assert of[after] == {official(c) for c in ("YJ02-L", "YJ02-Z", "YJ02-N")}


@pytest.mark.case("E07")
def test_an_order_after_an_objection_is_answered_for_by_the_superior(world: World) -> None:
    with_leaders(world)
    matter, breach = late_matter(world)
    case = opened(world)
    board = case.pin(matter, breach)
    order: dict[str, Any] = {"superior": official("YJ02-F"), "told_wrong": True, "insisted": True}
    plain = case.deed("YJ02-L", board, **order)
    illegal = case.deed("YJ02-L", board, obviously_illegal=True, **order)
    clerk = official("YJ02-L")
    lines = {n: g.line(clerk, "individual") for n, g in case.grounds.items()}
    assert [(x.responsibility, x.basis.law) for x in (lines[plain], lines[illegal]) if x] == [
        ("none", "CSL"),
        ("direct", "CSL"),
    ]


@pytest.mark.case("E08")
def test_diligence_frees_with_its_test_shown_on_evidence_and_with_reasons(world: World) -> None:
    case, board, deed = ready(world)
    clerk = official("YJ02-L")
    four = ("done_in_time", "procedure_sound", "nothing_concealed", "cause_elsewhere")
    with refused("no-evidence", "第十一条第二款"):
        case.act(
            "weigh_diligence",
            texts={"reasons": "x"},
            official=clerk,
            ground=deed,
            **dict.fromkeys(four, "yes"),
        )
    with refused("no-deed", "第十一条第二款"):
        unknown = dict.fromkeys(four, "unknown")
        case.act("weigh_diligence", texts={"reasons": "x"}, official=clerk, ground=2, **unknown)
    case.act(
        "weigh_diligence",
        texts={"reasons": "三项有记录"},
        official=clerk,
        ground=deed,
        evidence=(str(board),),
        **{**dict.fromkeys(four, "yes"), "cause_elsewhere": "unknown"},
    )
    line = case.grounds[deed].line(clerk, "individual")
    assert line is not None
    assert line.responsibility == "direct"
    case.act(
        "weigh_diligence",
        texts={"reasons": "四项有记录"},
        official=clerk,
        ground=deed,
        evidence=(str(board),),
        **dict.fromkeys(four, "yes"),
    )
    line = case.grounds[deed].line(clerk, "individual")
    assert line is not None
    assert (line.responsibility, line.diligence and line.diligence.shown) == ("none", True)
    with refused("reasons-needed", "第十一条第二款"):
        case.confirm(clerk, deed, "individual", "none", "none", "")
    case.confirm(clerk, deed, "individual", "none", "none", "四项检验都有证据")


# --- never aggravated -----------------------------------------------------------------------------
def test_nothing_becomes_heavier_because_somebody_defended_himself(world: World) -> None:
    case, _board, deed = ready(world)
    clerk = official("YJ02-L")
    case.confirm(clerk, deed, "individual", "direct", "leadership", "主要责任在上级")
    case.tell("YJ02-L")
    case.act(
        "defend", "handler", texts={"defence": "不认可"}, official=clerk, point=1, stand="disagree"
    )
    with refused("aggravated", "第四十三条"):
        case.confirm(clerk, deed, "individual", "direct", "direct", "态度不好")
    with refused("aggravated", "第四十三条"):
        case.act(
            "find_gravity",
            texts={"reasons": "态度不好"},
            harm="serious",
            influence="serious",
            evidence=(str(next(iter(case.made.items))),),
        )
    with refused("aggravated", "第四十三条"):
        case.deed("YJ02-L", next(iter(case.made.items)))
    more, breach = late_matter(world, "2025-01-08")
    new = case.pin(more, breach, "又一件逾期")
    case.confirm(clerk, deed, "individual", "direct", "direct", "新证据", evidence=(str(new),))


# --- the end --------------------------------------------------------------------------------------
def test_what_may_be_an_offence_is_handed_over_sealed_and_the_inquiry_goes_on(world: World) -> None:
    case, _board, _deed = ready(world)
    with refused("wrong-body", "第十二条第二款"):
        case.act(
            "hand_over", texts={"grounds": "涉嫌收受"}, to=world.organ("YJ03"), nature="duty_crime"
        )
    case.act(
        "hand_over", texts={"grounds": "涉嫌收受"}, to=world.organ("YJ09"), nature="duty_crime"
    )
    assert world.case(case.number).state == "opened"
    content = world.case(case.number).contents.get(act__act="hand_over")
    assert (content.sealed, content.compartment, content.data_class) == (True, "account", "D7")


def test_a_single_rating_cannot_be_pinned_for_nobody_rated_may_ever_see_one(world: World) -> None:
    number = world.to_accepted("2025-01-06")
    opinion = {
        "claim": "修复屋面",
        "facts_reasons": "经查属实。",
        "opinion": "予以修复。",
        "legal_basis": "示例条例第一条",
    }
    world.act("handler", "draft", number, on="2025-02-10", texts=opinion, outcome="support")
    world.act("checker", "check", number, on="2025-02-11")
    world.act("head", "sign", number, on="2025-02-12")
    served: dict[str, Any] = {"way": "direct", "proof": PAPER}
    world.act("handler", "serve", number, on="2025-02-13", texts={"witness": "王示例"}, **served)
    rating = CaseRow.objects.get(kind="evaluation").number
    case, _board, _deed = ready(world)
    with refused("not-there"):
        case.pin(rating, 1, "评价说没有人联系过")
