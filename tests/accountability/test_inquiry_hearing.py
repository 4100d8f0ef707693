"""Who an inquiry concerns is told, heard and answered; nothing grows heavier by a defence."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dengwen.accountability.inquiry.conclusion.completeness import missing
from dengwen.accountability.inquiry.disclosure_to_person import disclosed
from dengwen.accountability.inquiry.evidence_sources import bound_of
from dengwen.accountability.inquiry.responsibility import grounds_of
from dengwen.cases import rulebooks
from dengwen.cases.models import Document
from dengwen.cases.wall.visibility import find, viewer_of
from dengwen.cases.write.check import Refused
from dengwen.cases.write.papers.issue import open_body
from dengwen.law.liability.provisions import in_force
from tests.accountability.inquiries import (
    Case,
    late_matter,
    official,
    ready,
    refused,
)
from tests.world import World


def defended(case: Case, who: str, text: str, point: int = 1) -> None:
    """Let an account say a point of the defence of the handler."""
    case.act(
        "defend",
        who,
        texts={"defence": text},
        official=official("YJ02-L"),
        point=point,
        stand="disagree",
    )


def heard(case: Case, code: str, text: str, how: str = "heard") -> None:
    """Let the investigators hear somebody."""
    case.act("hear", texts={"statement": text}, official=official(code), how=how)


def told_and_defended(case: Case) -> None:
    """Tell two of the three concerned, and let the handler defend themselves by one point."""
    case.tell("YJ02-Z")
    with refused("not-told", "第四十三条"):
        heard(case, "YJ02-L", "x")
    case.tell("YJ02-L")
    with refused("may-still-answer", "2025-05-20"):
        heard(case, "YJ02-L", "没有答复", "absent")
    with refused("no-answer", "第四十三条"):
        heard(case, "YJ02-L", "书面", "written")
    with refused("not-concerned", "第四十三条"):  # nobody speaks for another
        defended(case, "checker", "x")
    defended(case, "handler", "材料三月才转到")
    with refused("other-point"):
        defended(case, "handler", "x", 3)


def test_the_person_is_told_heard_and_answered_point_by_point_before_anything_is_concluded(
    world: World,
) -> None:
    case, board, deed = ready(world)
    for code in ("YJ02-Z", "YJ02-F"):
        case.act(
            "add_person", texts={"reasons": "主要负责人或者分管负责人"}, official=official(code)
        )
    told_and_defended(case)
    own = case.act(
        "hand_in", "handler", texts={"shows": "收件登记复印件"}, official=official("YJ02-L")
    )
    with refused("no-evidence", "第四十三条"):  # nothing rests on what they handed in alone
        case.find("S.11.2", "not_handled", own)
    case.confirm_all()
    case.settle()
    with pytest.raises(Refused, match="答复这一点申辩"):
        case.done("conclude", texts=case.report(), outcome="propose")
    heard(case, "YJ02-L", "同书面")
    case.act(
        "answer_point",
        texts={"reasons": "登记显示二月已收"},
        point=1,
        result="rejected",
        evidence=(str(board),),
    )
    heard(case, "YJ02-Z", "督促过")
    with refused("not-complete", "第四十三条"):  # the leader in charge was neither told nor heard
        case.conclude()
    case.tell("YJ02-F")
    heard(case, "YJ02-F", "督促过")
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


def test_a_fact_found_after_the_hearing_needs_a_new_hearing(world: World) -> None:
    case, board, _deed = ready(world)
    conduct = next(element for (_, element) in case.made.findings)
    case.tell("YJ02-L")
    heard(case, "YJ02-L", "材料三月才转到")
    lacks = "听取以后又认定了新的事实"
    case.find("S.11.2", conduct, board)  # said once more: nothing new
    assert lacks not in lacking(case)
    case.find("S.11.2", "not_accepted", board, "not_shown")
    assert lacks not in lacking(case)
    case.find("S.11.2", "not_supervised", board)
    assert lacks in lacking(case)
    case.tell("YJ02-L")
    heard(case, "YJ02-L", "不属实")
    assert lacks not in lacking(case)


def lacking(case: Case) -> str:
    """Return what an inquiry lacks before measures can be proposed, in Chinese."""
    made = case.made
    rules = in_force(rulebooks.library(), made.day, made.place)
    return "；".join(
        zh
        for zh, _ in missing(
            made, rules, grounds_of(made), "propose", date.fromisoformat(case.today)
        )
    )
