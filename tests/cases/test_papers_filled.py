"""Papers as acts issue them: each holds what the list of documents asks for, or says why not."""

from __future__ import annotations

import html
import re
from datetime import date
from typing import Any

import pytest

from dengwen.cases.models import Act, CaseLink, Document
from dengwen.cases.write.check import Refused
from dengwen.cases.write.papers.issue import open_body
from dengwen.organs.models import Official
from tests.world import ACCUSATION, CLAIM, PAPER, World

PROCEDURE = {"procedure": "信访程序", "contact": "李样本 0000-0000000"}
OPINION = {
    "claim": "修复屋面",
    "facts_reasons": "查明渗水",
    "opinion": "限期修复",
    "legal_basis": "《示例条例》第一条",
}
HIGHER = {
    "findings": "查明事实清楚",
    "opinion": "维持原意见",
    "legal_basis": "《信访工作条例》第三十五条",
}
RECEIVED, REGISTERED = date(2025, 3, 3), "2025-03-06"


def paper(number: str, rule: str) -> str:
    """Return what the newest document of a rule in a case says, without its tags."""
    found = Document.objects.filter(case__number=number, rule=rule).order_by("pk").last()
    assert found is not None, f"{number} issued no {rule}"
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", open_body(found))))


def blanks(number: str) -> list[str]:
    """Return the rows of every form of a case that stand empty, save those for signatures and
    remarks."""
    found = []
    for row in Document.objects.filter(case__number=number):
        for head, cell in re.findall(
            r'<th scope="row">(.*?)</th><td[^>]*>(.*?)</td>', open_body(row)
        ):
            if not re.sub(r"<[^>]+>", "", cell).strip() and not re.search("签名|备注", head):
                found.append(f"{row.rule}: {head}")
    return found


def letter(world: World, **fields: Any) -> str:
    """Register a letter of 3 March on 6 March and class it as a claim."""
    number = world.register(REGISTERED, received_on=RECEIVED, **fields)
    world.act("clerk", "classify", number, on=REGISTERED, **CLAIM)
    return number


def assigned(world: World, **fields: Any) -> str:
    """Bring a letter to the housing bureau, which accepts it and decides on it."""
    number = letter(world, **fields)
    world.act(
        "router",
        "assign",
        number,
        on="2025-03-07",
        to=world.organ("YJ02"),
        deadline=date(2025, 5, 1),
    )
    world.act("handler", "receive", number, on="2025-03-08")
    world.act("handler", "accept", number, on="2025-03-10", texts=PROCEDURE)
    return number


def decided(world: World, **fields: Any) -> str:
    """Bring an assigned matter to its served opinion."""
    number = assigned(world, **fields)
    world.act("handler", "draft", number, on="2025-03-11", texts=OPINION, outcome="support")
    world.act("checker", "check", number, on="2025-03-12")
    world.act("head", "sign", number, on="2025-03-13")
    world.act("handler", "serve", number, on="2025-03-14", way="direct", proof=PAPER)
    return number


def test_a_forwarded_matter_states_the_day_each_organ_received_it(world: World) -> None:
    number = letter(world)
    world.act("router", "forward", number, on="2025-03-07", to=world.organ("YJ02"))
    slip = paper(number, "forwarding_slip")
    assert "2025年3月3日 收到" in slip
    assert "2025年3月6日" not in slip
    world.act("handler", "receive", number, on="2025-03-08")
    world.act("handler", "accept", number, on="2025-03-10", texts=PROCEDURE)
    assert "我单位于 2025年3月8日 收到" in paper(number, "acceptance_notice")


def test_an_assignment_states_the_day_of_receipt_and_the_material(world: World) -> None:
    number = letter(world)
    world.act(
        "router",
        "assign",
        number,
        on="2025-03-07",
        to=world.organ("YJ02"),
        deadline=date(2025, 5, 1),
    )
    said = paper(number, "assignment_letter")
    record = Document.objects.get(case__number=number, rule="registration_record").number
    assert "收到日期 2025年3月3日" in said
    assert f"材料清单 1. 《信访事项登记表》（{record}）" in said


def test_what_the_router_lists_as_material_is_what_the_paper_lists(world: World) -> None:
    number = letter(world)
    texts = {"materials": "来信三页，照片两张"}
    world.act("router", "forward", number, on="2025-03-07", texts=texts, to=world.organ("YJ02"))
    assert "材料清单 来信三页，照片两张" in paper(number, "forwarding_slip")


def test_an_organ_addressed_directly_states_the_day_it_received_the_letter(world: World) -> None:
    number = world.register(REGISTERED, who="handler", office="organ", received_on=RECEIVED)
    world.act("handler", "classify", number, on=REGISTERED, **CLAIM)
    world.act("handler", "accept", number, on="2025-03-10", texts=PROCEDURE)
    assert "我单位于 2025年3月3日 收到" in paper(number, "acceptance_notice")


def test_a_corrected_day_of_receipt_is_what_later_papers_state(world: World) -> None:
    number = letter(world)
    target = Act.objects.get(case__number=number, act="register").pk
    world.act(
        "clerk",
        "correct",
        number,
        on="2025-03-07",
        texts={"reason": "抄错"},
        target=target,
        field="received_on",
        new="2025-03-04",
        second=Official.objects.get(code="YJ01-S").pk,
        step={"paper": "ab" * 32},
    )
    world.act("router", "forward", number, on="2025-03-07", to=world.organ("YJ02"))
    assert "2025年3月4日 收到" in paper(number, "forwarding_slip")


def test_an_accusation_goes_with_a_list_of_its_material(world: World) -> None:
    number = world.register(REGISTERED, received_on=RECEIVED)
    world.act("clerk", "classify", number, on=REGISTERED, **ACCUSATION)
    discipline = world.office.people["discipline"][1]
    world.act(
        "sealed", "forward_accusation", number, on="2025-03-07", to=world.organ(str(discipline))
    )
    assert "材料清单 1. 《信访事项登记表》" in paper(number, "accusation_transfer")


def test_the_service_record_names_what_was_served_and_on_whom(world: World) -> None:
    number = decided(world)
    opinion = Document.objects.get(case__number=number, rule="handling_opinion").number
    said = paper(number, "service_record")
    assert f"送达文书 《信访处理意见书》（{opinion}）" in said
    assert "受送达人 王示例" in said
    assert blanks(number) == []


def test_the_opinion_on_an_assigned_matter_is_copied_to_who_assigned_it(world: World) -> None:
    assert "抄送： 云江区信访局" in paper(decided(world), "handling_opinion")


def test_the_opinion_on_a_forwarded_matter_is_copied_to_nobody(world: World) -> None:
    number = world.to_accepted()
    world.act("handler", "draft", number, on="2025-03-11", texts=OPINION, outcome="support")
    world.act("checker", "check", number, on="2025-03-12")
    world.act("head", "sign", number, on="2025-03-13")
    assert "抄送" not in paper(number, "handling_opinion")


def test_the_completion_report_goes_to_who_assigned_with_the_opinion(world: World) -> None:
    number = decided(world)
    opinion = Document.objects.get(case__number=number, rule="handling_opinion").number
    world.act("handler", "completion_report", number, on="2025-03-15", texts={"report": "已经办结"})
    said = paper(number, "completion_report")
    assert "云江区信访局 ：" in said
    assert f"所附意见书 《信访处理意见书》（{opinion}）" in said


def test_the_proof_of_execution_says_who_by_when_and_that_it_is_done(world: World) -> None:
    number = decided(world)
    bureau, by = world.organ("YJ02"), date(2025, 6, 1)
    world.act(
        "handler",
        "promise",
        number,
        on="2025-03-15",
        texts={"what": "修复屋面"},
        unit=bureau,
        execute_by=by,
    )
    assert "尚未提交" in paper(number, "execution_follow_up")
    world.act(
        "handler",
        "prove_execution",
        number,
        on="2025-05-15",
        texts={"what": "已经修复"},
        proof=PAPER,
    )
    said = paper(number, "execution_follow_up")
    assert "云江区住房建设局" in said
    assert "2025年6月1日" in said
    assert PAPER in said


def lodged(
    world: World, number: str, act: str, kind: str, who: str = "handler", on: str = "2025-03-20"
) -> str:
    """Ask for review or re-examination, and return the number of the case that opens."""
    texts = {"request": "请求撤销原意见", "reasons": "没有修复"}
    world.act(who, act, number, on=on, texts=texts)
    return CaseLink.objects.get(other__number=number, kind=kind).case.number


def concluded(world: World, number: str, on: str, *people: str) -> None:
    """Draft, check, issue and serve the opinion of a review or re-examination."""
    drafts, checks, signs = people
    world.act(drafts, "draft", number, on=on, texts=HIGHER, outcome="uphold")
    world.act(checks, "check", number, on=on)
    world.act(signs, "sign", number, on=on, outcome="uphold")
    world.act(drafts, "serve", number, on=on, way="post", proof=PAPER)


def test_review_and_re_examination_papers_state_the_request_and_name_the_petitioner(
    world: World,
) -> None:
    number = decided(world)
    review = lodged(world, number, "request_review", "reviews")
    concluded(world, review, "2025-04-01", "reviewer", "review-checker", "review-head")
    said = paper(review, "review_opinion")
    assert "王示例 ：" in said
    assert "复查请求 请求撤销原意见" in said
    recheck = lodged(world, review, "request_recheck", "rechecks", "reviewer", "2025-04-10")
    assert "《复查意见书》" in paper(review, "recheck_request")
    concluded(world, recheck, "2025-04-20", "rechecker", "recheck-checker", "recheck-head")
    said = paper(recheck, "recheck_opinion")
    assert "王示例 ：" in said
    assert "复核请求 请求撤销原意见" in said
    served = paper(recheck, "service_record")
    assert "送达文书 《复核意见书》" in served
    assert "受送达人 王示例" in served
    assert blanks(number) == blanks(review) == blanks(recheck) == []


def test_a_hidden_name_stays_off_the_papers_of_the_review(world: World) -> None:
    number = decided(world, identity="hidden")
    review = lodged(world, number, "request_review", "reviews")
    concluded(world, review, "2025-04-01", "reviewer", "review-checker", "review-head")
    assert "王示例" not in paper(review, "review_opinion") + paper(review, "service_record")


def test_a_closed_matter_names_the_number_of_the_re_examination_opinion(world: World) -> None:
    number = letter(world)
    given: dict[str, Any] = {"same_facts": True, "recheck_date": date(2025, 1, 6)}
    with pytest.raises(Refused, match="复核意见书文号"):
        world.act(
            "clerk",
            "no_longer_accept",
            number,
            on="2025-03-07",
            texts={"reasons": "同一事实"},
            **given,
        )
    given["recheck_no"] = "示信核〔2025〕1号"
    world.act(
        "clerk", "no_longer_accept", number, on="2025-03-07", texts={"reasons": "同一事实"}, **given
    )
    assert "2025年1月6日 经复核作出复核意见（ 示信核〔2025〕1号 ）" in paper(
        number, "no_longer_notice"
    )


def test_the_hearing_paper_says_time_place_rights_and_recusal(world: World) -> None:
    number = assigned(world)
    days: dict[str, Any] = {
        "why": "complex",
        "first": date(2025, 3, 12),
        "last": date(2025, 3, 13),
    }
    with pytest.raises(Refused, match="地点和主持人"):
        world.act("handler", "hold_hearing", number, on="2025-03-11", **days)
    world.act(
        "handler",
        "hold_hearing",
        number,
        on="2025-03-11",
        texts={"place_host": "二楼；周样本"},
        **days,
    )
    said = paper(number, "hearing_papers")
    assert "《信访工作条例》第二十八条第三款" in said
    assert "参加人的权利 本单没有列举" in said
    assert "听证结束后形成" in said
