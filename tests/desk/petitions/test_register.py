"""Registration, sorting and the opinion through their pages."""

from __future__ import annotations

import pytest

from dengwen.cases.models import Act, Case, Party
from dengwen.petitions.models import Petition, Request
from tests.desk.conftest import Day, Sit
from tests.world import CLAIM, World

LETTER = {
    "go": "register",
    "channel": "letter",
    "petitioner": "王示例",
    "phone": "13800000000",
    "address": "示例路1号",
    "subject": "三号楼屋面渗水",
    "content": "三号楼屋面渗水多年，墙面发霉，物业多次推诿，请求修复屋面并公布维修资金的用途。",
    "requests": "修复屋面\n公布维修资金用途",
}


def test_a_letter_takes_one_submit_and_gives_number_code_and_receipt(
    world: World, day: Day, sit: Sit
):
    client = sit("clerk")
    key = client.get("/desk/petitions/register/").context["uid"]
    page = client.post("/desk/petitions/register/", LETTER | {"uid": key})
    text = page.content.decode()
    assert page.status_code == 200
    case = Case.objects.get(kind="petition")
    assert case.number in text
    assert page.context["code"]
    assert page.context["code"] in text
    assert "2025-03-18" in text or "3月18日" in text  # fifteen days to send it on
    assert "我们承诺" in text
    assert "王示例" not in text  # the receipt names nobody
    assert Request.objects.filter(case=case).count() == 2


def test_a_form_posted_twice_registers_once_and_shows_no_second_code(
    world: World, day: Day, sit: Sit
):
    client = sit("clerk")
    key = client.get("/desk/petitions/register/").context["uid"]
    first = client.post("/desk/petitions/register/", LETTER | {"uid": key})
    again = client.post("/desk/petitions/register/", LETTER | {"uid": key})
    assert Petition.objects.count() == 1
    assert again.context["code"] == ""
    assert again.context["number"] == first.context["number"]
    assert "没有重复登记" in again.content.decode()


@pytest.mark.sentence("P2.1")
def test_an_empty_letter_is_registered_all_the_same(world: World, day: Day, sit: Sit):
    empty = {"go": "register", "channel": "letter", "no_content": "empty"}
    assert sit("clerk").post("/desk/petitions/register/", empty).status_code == 200
    assert Petition.objects.count() == 1


def test_what_cannot_be_read_is_said_and_nothing_typed_is_lost(world: World, day: Day, sit: Sit):
    page = sit("clerk").post(
        "/desk/petitions/register/", LETTER | {"persons": "很多", "received_on": "1911-01-01"}
    )
    text = page.content.decode()
    assert page.status_code == 422
    assert "请填整数" in text
    assert "1949-10-01" in text
    assert "墙面发霉" in text
    assert not Petition.objects.exists()


@pytest.mark.sentence("P11.1")
def test_six_representatives_of_a_visit_are_refused_with_the_article(
    world: World, day: Day, sit: Sit
):
    page = sit("clerk").post(
        "/desk/petitions/register/",
        LETTER | {"channel": "visit", "visit_kind": "group", "representatives": "6"},
    )
    assert page.status_code == 422
    assert "最多5" in page.content.decode()


def test_who_does_not_register_has_no_such_page(world: World, day: Day, sit: Sit):
    assert sit("head").get("/desk/petitions/register/").status_code == 302


def test_look_alikes_are_suggested_and_only_visible_ones(world: World, day: Day, sit: Sit):
    sit("clerk").post("/desk/petitions/register/", LETTER)
    number = Case.objects.get(kind="petition").number
    page = sit("clerk").post("/desk/petitions/register/", LETTER | {"alike": "1"})
    assert number in page.content.decode()
    assert Petition.objects.count() == 1
    other = sit("handler").post("/desk/petitions/register/", LETTER | {"alike": "1"})
    assert number not in other.content.decode()


@pytest.mark.sentence("P7.2.5", "P12.1")
def test_an_accusation_is_sealed_from_the_desk_that_took_it_in(world: World, day: Day, sit: Sit):
    client = sit("clerk")
    page = client.post(
        "/desk/petitions/register/",
        LETTER | {"content": "检举云江区住房建设局郑样例收受好处。", "accusation": "true"},
    )
    case = Case.objects.get(kind="petition")
    assert case.protected
    assert page.status_code == 200
    assert "这一件已经封存" in page.content.decode()
    assert client.get(f"/desk/case/{case.number}/").status_code == 404
    roles = set(Party.objects.filter(case=case).values_list("role", flat=True))
    assert {"accused_person", "accused_unit"} <= roles
    assert sit("sealed").get(f"/desk/case/{case.number}/").status_code == 200


@pytest.mark.sentence("P3.3")
def test_sorting_classes_and_forwards_in_one_submit(world: World, day: Day, sit: Sit):
    number = world.register("2025-03-03", category="c01")
    client = sit("router")
    page = client.get(f"/desk/case/{number}/classify/")
    text = page.content.decode()
    assert "三号楼屋面渗水多年" in text
    assert "主责" in text or "云江区住房建设局" in text
    form = {
        "uid": page.context["uid"],
        "class": "claim",
        "path": "31(6)",
        "onward": "forward",
        "on_to": str(world.organ("YJ02")),
    }
    assert client.post(f"/desk/case/{number}/classify/", form).status_code == 302
    acts = list(
        Act.objects.filter(case__number=number).order_by("seq").values_list("act", flat=True)
    )
    assert acts == ["register", "classify", "forward"]
    assert (
        len(set(Act.objects.filter(case__number=number, seq__gt=1).values_list("call", flat=True)))
        == 1
    )


def test_sorting_without_an_organ_writes_nothing(world: World, day: Day, sit: Sit):
    number = world.register("2025-03-03")
    form = {"class": "claim", "path": "31(6)", "onward": "forward"}
    page = sit("router").post(f"/desk/case/{number}/classify/", form)
    assert page.status_code == 422
    assert "请填写“有权处理的机关、单位”" in page.content.decode()
    assert Act.objects.filter(case__number=number).count() == 1


def test_a_matter_sorted_as_an_accusation_takes_its_accused_with_it(
    world: World, day: Day, sit: Sit
):
    number = world.register("2025-03-03")
    world.act("clerk", "note", number, on="2025-03-03", texts={"text": "来信另页"})
    assert not Case.objects.filter(number=number, protected=True).exists()
    client = sit("router")
    form = {"class": "accusation", "onward": ""}
    answer = client.post(f"/desk/case/{number}/classify/", form)
    assert Case.objects.filter(number=number, protected=True).exists()
    assert answer["Location"] == "/desk/"
    assert client.get(f"/desk/case/{number}/").status_code == 404


def test_the_opinion_answers_each_request_and_drafts_in_one_submit(
    world: World, day: Day, sit: Sit
):
    number = world.to_accepted("2025-03-03")
    for n, text in enumerate(("修复屋面", "公布维修资金用途"), 1):
        world.act(
            "handler", "enter_request", number, on="2025-03-04", request=n, texts={"asks": text}
        )
    day.set("2025-03-10")
    client = sit("handler")
    page = client.get(f"/desk/case/{number}/draft/")
    assert "公布维修资金用途" in page.content.decode()
    asked = page.context["asked"]
    assert [a.number for a in asked] == [1, 2]
    assert not any(f.required for a in asked for f in a.fields)  # a browser lets an answer wait
    form = {
        "uid": page.context["uid"],
        "outcome": "support",
        "claim": "修复屋面",
        "facts_reasons": "经查属实",
        "opinion": "支持",
        "r1_request_outcome": "support",
        "r1_answer": "六月底前修复",
        "r2_request_outcome": "explain",
        "r2_answer": "已在小区公示",
    }
    lacking = client.post(f"/desk/case/{number}/draft/", form)
    assert lacking.status_code == 422
    text = lacking.content.decode()
    assert "法律" in text
    assert "六月底前修复" in text
    assert not Request.objects.exclude(outcome="").exists()
    assert (
        client.post(
            f"/desk/case/{number}/draft/", form | {"legal_basis": "示例条例第一条"}
        ).status_code
        == 302
    )
    assert list(Request.objects.order_by("number").values_list("outcome", flat=True)) == [
        "support",
        "explain",
    ]
    assert Case.objects.get(number=number).state == "drafted"
    shown = client.get(f"/desk/case/{number}/").content.decode()
    assert "六月底前修复" in shown


def test_nobody_signs_his_own_draft(world: World, day: Day, sit: Sit):
    number = world.to_accepted("2025-03-03")
    opinion = {
        "claim": "修复",
        "facts_reasons": "属实",
        "opinion": "支持",
        "legal_basis": "示例条例第一条",
    }
    world.act("checker", "draft", number, on="2025-03-10", outcome="support", texts=opinion)
    day.set("2025-03-11")
    page = sit("checker").post(f"/desk/case/{number}/check/", {})
    assert page.status_code == 422
    assert "不得与“拟制处理意见”由同一人办理" in page.content.decode()


SORTED = {"class": "claim", "path": "31(6)", "onward": "forward", "category": "c01"}


@pytest.mark.case("B01")
def test_a_clerk_sorts_a_letter_while_it_is_before_him(world: World, day: Day, sit: Sit):
    """Journey 2 and 4: suggestions once, then one submit registers, sorts and forwards; nobody
    reads the text again."""
    client = sit("clerk")
    page = client.post("/desk/petitions/register/", LETTER | SORTED | {"alike": "1"})
    organs = next(f for f in page.context["groups"]["sort"] if f.html_name == "on_to").choices
    assert organs[1].value == str(world.organ("YJ02"))
    assert "登记的职权：城乡建设" in organs[1].text
    assert "近一年提出异议 0 次" in organs[1].text
    assert not Petition.objects.exists()
    form = LETTER | SORTED | {"uid": page.context["uid"], "on_to": str(world.organ("YJ02"))}
    done = client.post("/desk/petitions/register/", form)
    case = Case.objects.get(kind="petition")
    assert done.status_code == 200
    assert [a.act for a in case.acts.order_by("seq")] == [
        "register",
        "enter_request",
        "enter_request",
        "classify",
        "forward",
    ]
    assert case.state == "forwarded"
    text = done.content.decode()
    assert "转送：云江区住房建设局" in text
    assert "我们承诺" in text  # the sheet still says by when the office had to send it on
    assert f"/desk/case/{case.number}/classify/" not in text
    again = client.post("/desk/petitions/register/", form)
    assert Petition.objects.count() == 1
    assert again.context["number"] == case.number


def test_an_objection_of_the_last_year_is_told_to_whoever_sends_the_next_one(
    world: World, day: Day, sit: Sit
):
    number = world.register("2025-03-03")
    world.act("clerk", "classify", number, on="2025-03-03", **CLAIM)
    world.act("router", "forward", number, on="2025-03-03", to=world.organ("YJ02"))
    world.act("handler", "receive", number, on="2025-03-03")
    world.act("handler", "object", number, on="2025-03-04", texts={"reasons": "不属职权"})
    day.set("2025-03-05")
    page = sit("clerk").post("/desk/petitions/register/", LETTER | SORTED | {"alike": "1"})
    first = next(f for f in page.context["groups"]["sort"] if f.html_name == "on_to").choices[1]
    assert "近一年提出异议 1 次" in first.text


def test_what_cannot_be_sent_on_is_said_at_its_field_and_nothing_is_registered(
    world: World, day: Day, sit: Sit
):
    form = LETTER | SORTED | {"onward": "assign", "on_to": str(world.organ("YJ02"))}
    page = sit("clerk").post("/desk/petitions/register/", form)
    assert page.status_code == 422
    assert any(f.html_name == "on_deadline" and f.errors for f in page.context["groups"]["sort"])
    assert "墙面发霉" in page.content.decode()
    assert not Petition.objects.exists()
    litigation = LETTER | SORTED | {"path": "31(1)", "on_to": str(world.organ("YJ02"))}
    page = sit("clerk").post("/desk/petitions/register/", litigation)
    assert page.status_code == 422
    assert "政法部门" in page.content.decode()
    assert not Petition.objects.exists()


def test_a_letter_classed_as_an_accusation_is_sealed_and_goes_nowhere(
    world: World, day: Day, sit: Sit
):
    form = LETTER | {
        "class": "accusation",
        "content": "反映郑样例收受好处。",
        "onward": "forward",
        "on_to": str(world.organ("YJ02")),
    }
    page = sit("clerk").post("/desk/petitions/register/", form)
    assert page.status_code == 200
    case = Case.objects.get(kind="petition")
    assert (case.protected, case.state) == (True, "registered")
    assert Party.objects.filter(case=case, role="accused_person", official__code="YJ02-Z").exists()
    assert not Party.objects.filter(case=case, role="addressee").exists()


def test_an_organ_outside_the_petition_departments_classes_and_sends_nothing_on(
    world: World, day: Day, sit: Sit
):
    page = sit("handler").get("/desk/petitions/register/")
    assert [f.name for f in page.context["groups"]["sort"]] == ["class", "path"]
    sit("handler").post("/desk/petitions/register/", LETTER | {"class": "claim", "path": "31(6)"})
    case = Case.objects.get(kind="petition")
    assert [a.act for a in case.acts.order_by("seq")][-1] == "classify"


@pytest.mark.sentence("P2.4")
def test_what_a_visitor_said_is_read_back_and_the_record_says_so(world: World, day: Day, sit: Sit):
    form = LETTER | {"channel": "visit", "visit_kind": "single"}
    sit("clerk").post("/desk/petitions/register/", form | {"read_back": "true"})
    sit("clerk").post("/desk/petitions/register/", form)
    said = [
        a.data.get("read_back", False) for a in Act.objects.filter(act="register").order_by("pk")
    ]
    assert said == [True, False]
    number = Case.objects.filter(kind="petition").order_by("pk").first().number  # type: ignore[union-attr]
    assert "记录已念给本人核对" in sit("router").get(f"/desk/case/{number}/").content.decode()
