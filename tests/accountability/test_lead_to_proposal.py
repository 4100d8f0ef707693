"""From what a finder saw to the proposal at the competent organ, in one history: lead, inquiry,
board, hearing, end."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dengwen.accountability.errors import AccountabilityError
from dengwen.accountability.finders import find
from dengwen.accountability.inquiry.disclosure_to_person import disclosed
from dengwen.accountability.inquiry.responsibility import owing
from dengwen.accountability.leads.new_lead import raise_all
from dengwen.cases.duties.sweep import sweep
from dengwen.cases.models import Act, CaseLink, Document, Duty
from dengwen.cases.models import Case as Row
from dengwen.cases.wall.visibility import for_user, viewer_of
from tests.accountability.inquiries import Case, met, official, proposal, with_leaders
from tests.world import World, at

DAY = "2025-06-20"


def sees(world: World, who: str, number: str) -> bool:
    """Say whether an account gets through to a case."""
    day = date.fromisoformat(DAY)
    return for_user(viewer_of(world.office.users[who], day), day).filter(number=number).exists()


def inquiry_from_lead(world: World) -> Case:
    """Let a late matter become a lead, the supervisor take it, two investigators be named."""
    sweep(now=at(DAY))
    found = find(now=at(DAY), only=("not_handled",))
    (lead,) = raise_all(found, by=world.by("supervisor"), now=at(DAY)).numbers
    assert not any(sees(world, who, lead) for who in ("handler", "head", "checker"))
    world.act("supervisor", "take", lead, on=DAY, no_conflict=True)
    number = Row.objects.get(kind="inquiry").number
    assert CaseLink.objects.filter(
        case__number=number, other__number=lead, kind="concerns"
    ).exists()
    case = Case(world, number, DAY)
    assert case.made.situations[0] == "S.11.2"
    for code in ("YJ01-Z", "YJ01-S"):
        case.act("name_investigator", official=official(code), declared="none")
    return case


def facts_found(world: World, case: Case, matter: str, meeting: str) -> tuple[int, int]:
    """Pin the breach and the minutes, find each element, weigh decision and deed; return the item
    of the board and the deed."""
    breach = Act.objects.get(case__number=matter, act="breach", duty="handle")
    board = case.pin(matter, breach.seq)
    case.pin(meeting, 2, "会议记录：不再受理屋面维修诉求")
    hint = owing(case.made)[0]
    assert (hint.official, hint.organ) == (official("YJ02-L"), world.organ("YJ02"))
    for trigger in case.made.situations:
        element, finding = (
            ("not_handled", "shown") if trigger == "S.11.2" else ("shirking", "not_shown")
        )
        case.find(trigger, element, board, finding)
    case.find("S.11.2", "rights_seriously_harmed", board)
    case.act("consider_decision", meeting=meeting, item=1, work="petitions")
    return board, case.deed("YJ02-L", board, hint.on.isoformat())


def told_heard_and_answered(world: World, case: Case, board: int) -> None:
    """Tell and hear the three concerned, and answer the one point of the handler's defence."""
    concerned = ("YJ02-L", "YJ02-Z", "YJ02-F")
    for code in concerned[1:]:
        case.act("add_person", texts={"reasons": "参与决策"}, official=official(code))
    assert not any(sees(world, who, case.number) for who in ("handler", "head"))
    for code in concerned:
        case.tell(code, "2025-07-04")
    case.act(
        "defend",
        "handler",
        texts={"defence": "按会议决定办理"},
        official=official("YJ02-L"),
        point=1,
        stand="partly",
    )
    for code in concerned:
        case.act("hear", texts={"statement": "已听取"}, official=official(code), how="heard")
    case.act(
        "answer_point",
        texts={"reasons": "会议决定不免除告知的责任"},
        point=1,
        result="partly",
        evidence=(str(board),),
    )


def proposed(world: World, case: Case) -> None:
    """Propose a circular for the head of the bureau; a letter that says something else is
    refused."""
    given: dict[str, Any] = {
        "to": world.organ("YJW"),
        "situations": ("S.11.2",),
        "gravity": "light",
        "measures": ("circular",),
        "subject_official": official("YJ02-Z"),
    }
    letter = proposal(case, official("YJ02-Z"), "circular")
    texts = {"facts": "到期没有办理", "reasons": "情节较轻", "proposal": letter}
    for word in (
        "主要领导责任",
        "第十一条第（二）项",
        "情节较轻",
        "通报",
        "由有管理权限的机关决定",
    ):
        assert word in letter
    with pytest.raises(AccountabilityError, check=lambda e: e.code == "other-letter"):
        case.act("propose_measure", texts={**texts, "proposal": "建议免职"}, **given)
    case.act("propose_measure", texts=texts, **given)


@pytest.mark.case("E03", "F03")
@pytest.mark.sentence("S17.2")
def test_a_breach_becomes_a_lead_an_inquiry_and_a_proposal_and_the_objector_bears_nothing(
    world: World,
) -> None:
    with_leaders(world)
    meeting = met(world)
    matter = world.to_accepted("2025-03-03")
    world.act("handler", "assign_handler", matter, on="2025-03-04", official=official("YJ02-L"))
    case = inquiry_from_lead(world)
    number = case.number
    board, deed = facts_found(world, case, matter, meeting)
    told_heard_and_answered(world, case, board)
    case.confirm_all()
    case.act("find_gravity", texts={"reasons": "初次"}, light=True, harm="none", influence="none")
    case.conclude()
    objector, clerk = official("YJ02-M"), official("YJ02-L")
    found = {o: t.data["responsibility"] for (o, _g, _k), t in case.made.lines.items()}
    assert (found[objector], found[clerk]) == ("none", "direct")
    proposed(world, case)
    file = Row.objects.get(kind="accountability")
    assert (file.holder_id, file.state) == (world.organ("YJW"), "proposed")
    assert file.acts.get(act="receive_proposal").data["inquiry"] == number
    assert Duty.objects.get(case__number=number, rule="send_proposal").state == "closed"
    letter = Document.objects.get(case__number=number, rule="measure_proposal")
    assert letter.title == "追究责任建议书"
    own = disclosed(world.case(number), clerk)
    assert [t.data["responsibility"] for t in own.lines] == ["direct"]
    assert deed in case.made.grounds
