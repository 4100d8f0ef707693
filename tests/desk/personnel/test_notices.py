"""Personnel departments at the desk: sign and see, use, ask, answer from the record, honours;
who looked."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client

from dengwen.access.models import ReadLog
from dengwen.accountability.personnel.extracts import extract_of
from dengwen.cases.models import Act, Case
from tests.accountability.deciding import FACTS, decided, notified, official
from tests.desk.conftest import Day, Sit
from tests.world import World

HOME = "/desk/personnel/"


def page(client: Client, path: str, code: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == code, (path, answer.status_code)
    return answer.content.decode()


def asked(client: Client, world: World, cadre: str = "郑样例") -> str:
    form = {"to": str(world.organ("YJ01")), "cadre": cadre, "purpose": "任职考察"}
    answer = client.post(f"{HOME}ask/", form)
    assert answer.status_code == 302, answer.content.decode()
    return Case.objects.get(kind="personnel_opinion").number


def test_signing_opens_the_notice_and_the_sender_sees_receipt_use_and_looks(
    world: World, day: Day, sit: Sit
) -> None:
    decision = decided(world, "2025-06-02")
    notice = notified(world, decision, "2025-06-03")
    day.set("2025-06-04")
    organiser = sit("organiser")
    listed = page(organiser, HOME)
    assert "签收并打开" in listed
    assert "郑样例" not in listed  # nothing of the person before the look is logged
    path = f"{HOME}notice/{notice}/"
    answer = organiser.post(path, {}, follow=True)
    text = answer.content.decode()
    for said in ("郑样例", "诫勉", "细则", FACTS, "2025-12-01", "2025-06-04"):
        assert said in text, said
    assert "签收并打开" not in page(organiser, HOME)
    organiser.post(path, {"use": "selection", "weighed": "暂不列为考察对象"})
    sender = sit("committee")
    text = page(sender, path)
    for said in ("还没有签收", "选拔任用", "暂不列为考察对象", "谁查阅过", "组织人事人员"):
        assert said in text, said
    assert ReadLog.objects.filter(
        case_number=notice, role="R12", data_class="D7", purpose="account"
    ).exists()
    assert "签收并打开" in page(sit("personnel"), HOME)


def test_after_the_last_day_the_page_says_so_and_offers_no_use(
    world: World, day: Day, sit: Sit
) -> None:
    notice = notified(world, decided(world, "2025-06-02"), "2025-06-03")
    world.act("organiser", "sign_receipt", notice, on="2025-06-04")
    day.set("2025-12-01")
    assert 'name="weighed"' in page(sit("organiser"), f"{HOME}notice/{notice}/")
    day.set("2025-12-02")
    client = sit("organiser")
    text = page(client, f"{HOME}notice/{notice}/")
    assert "已届满" in text
    assert 'name="weighed"' not in text
    answer = client.post(f"{HOME}notice/{notice}/", {"use": "selection", "weighed": "示例"})
    assert answer.status_code == 422
    assert "CADRE 24(6)" in answer.content.decode()


def signed(office: Client, number: str, digest: str) -> None:
    """Let the petition office sign the opinion on its extract, and on no other one."""
    made = extract_of(official(), date(2024, 1, 1), date(2025, 6, 10), date(2025, 6, 10))
    assert digest == made.digest
    path = f"{HOME}opinion/{number}/"
    form = {
        "first": "2024-01-01",
        "last": "2025-06-10",
        "extract": made.digest,
        "performance": "按期接访，见台账",
        "in_force": "诫勉，影响期至 2025-12-01",
        "exempted": "无",
    }
    assert office.post(path, {**form, "extract": "0" * 64}).status_code == 422
    assert not Act.objects.filter(case__number=number, act="answer").exists()
    assert office.post(path, {**form, "performance": ""}).status_code == 422
    assert office.post(path, form).status_code == 302
    assert Act.objects.get(case__number=number, act="answer").data["extract"] == made.digest


@pytest.mark.case("D08")
def test_the_opinion_is_drafted_from_the_record_changed_and_signed(
    world: World, day: Day, sit: Sit
) -> None:
    decision = decided(world, "2025-06-02")
    day.set("2025-06-10")
    organiser = sit("organiser")
    number = asked(organiser, world)
    path = f"{HOME}opinion/{number}/"
    assert "签署" not in page(organiser, path)
    office = sit("supervisor")
    text = page(office, path)
    for said in ("郑样例", "任职考察", "诫勉", "2025-12-01", "云江区住房建设局局长", "未核原文"):
        assert said in text, said
    rows = ReadLog.objects.filter(
        user=world.office.users["supervisor"], data_class="D7", fields="look-up"
    )
    assert sorted(rows.values_list("case_number", flat=True)) == sorted([number, decision])
    digest = re.search(r'name="extract" value="([0-9a-f]{64})"', text)
    assert digest is not None
    signed(office, number, digest.group(1))
    text = page(organiser, path)
    assert "按期接访，见台账" in text
    assert "D38" in text or "干部考察意见" in text
    paper = organiser.get(f"/desk/case/{number}/documents/2/cadre_opinion/")
    assert paper.status_code == 200
    assert "按期接访，见台账" in paper.content.decode()
    assert organiser.post(path, {"weighed": "已列入考察材料"}).status_code == 302
    assert "已列入考察材料" in page(office, path)
    assert "谁查阅过" in page(sit("organiser"), path)
    deciders = page(sit("committee"), f"{HOME}notice/{notified(world, decision, '2025-06-10')}/")
    assert "云江区信访局" in deciders  # the look at the decision by the petition department


def test_an_expired_measure_is_neither_in_the_draft_nor_on_the_page(
    world: World, day: Day, sit: Sit
) -> None:
    decision = decided(world, "2025-06-02")
    day.set("2025-12-02")
    number = asked(sit("organiser"), world)
    text = page(sit("supervisor"), f"{HOME}opinion/{number}/")
    assert "诫勉" not in text
    assert decision not in text
    assert not ReadLog.objects.filter(case_number=decision, fields="look-up").exists()


def test_the_cadre_clerks_and_other_officers_of_the_department_see_nothing(
    world: World, day: Day, sit: Sit
) -> None:
    day.set("2025-06-10")
    number = asked(sit("organiser"), world)
    for who in ("head", "clerk", "handler3", "personnel", "conference", "head2"):
        assert sit(who).get(f"{HOME}opinion/{number}/").status_code == 404, who
        assert sit(who).get(f"/desk/case/{number}/").status_code == 404, who
    for who in ("head", "clerk"):
        assert sit(who).get(HOME).status_code == 404, who
        assert HOME not in page(sit(who), "/desk/")


def test_somebody_unknown_and_a_name_of_several_are_asked_again(
    world: World, day: Day, sit: Sit
) -> None:
    day.set("2025-06-10")
    client = sit("organiser")
    form = {"to": str(world.organ("YJ01")), "cadre": "无此人", "purpose": "任职考察"}
    answer = client.post(f"{HOME}ask/", form)
    assert answer.status_code == 422
    assert "名录里没有" in answer.content.decode()
    registry = world.office.organs["YJ03"].registry_case
    world.act(
        "admin",
        "enter_official",
        registry,
        on="2025-06-09",
        texts={"name": "郑样例"},
        code="YJ03-Z2",
    )
    answer = client.post(f"{HOME}ask/", {**form, "cadre": "郑样例"})
    assert "有同名的人" in answer.content.decode()
    which = {"cadre": "郑样例", "which": str(official().pk)}
    assert client.post(f"{HOME}ask/", {**form, **which}).status_code == 302
    wrong = client.post(f"{HOME}ask/", {**form, "cadre": "YJ02-Z", "to": str(world.organ("YJ02"))})
    assert "不是信访部门" in wrong.content.decode()


def test_days_in_no_order_are_said_and_nothing_is_opened(world: World, day: Day, sit: Sit) -> None:
    day.set("2025-06-10")
    number = asked(sit("organiser"), world)
    answer = sit("supervisor").get(f"{HOME}opinion/{number}/?first=2025-06-01&last=2025-05-01")
    assert answer.status_code == 422
    assert "日期没有先后" in answer.content.decode()
    assert not ReadLog.objects.filter(fields="look-up").exists()


def test_an_award_body_gets_a_dated_answer_and_the_decider_sees_the_query(
    world: World, day: Day, sit: Sit
) -> None:
    decision = decided(world, "2025-06-02")
    day.set("2025-11-03")
    client = sit("personnel")
    form = {"unit": str(world.organ("YJ02")), "year": "2025", "award": "示例文明单位"}
    text = client.post(f"{HOME}honours/", form, follow=True).content.decode()
    for said in ("本年度资格已取消", decision, "2025-11-03", "示例文明单位", "云江区住房建设局"):
        assert said in text, said
    free = client.post(
        f"{HOME}honours/", {**form, "unit": str(world.organ("YJ03"))}, follow=True
    ).content.decode()
    assert "没有取消资格的记录" in free
    listed = page(sit("committee"), HOME)
    assert listed.count("/desk/personnel/honours/YJ04-") == 1
    assert "本机关取消的资格" in listed
    assert client.post(f"{HOME}honours/", {**form, "award": ""}).status_code == 422
    assert client.post(f"{HOME}honours/", {**form, "year": "2026"}).status_code == 422
    assert sit("committee").post(f"{HOME}honours/", form).status_code == 404


def test_pages_are_complete_in_english(world: World, day: Day, sit: Sit) -> None:
    notice = notified(world, decided(world, "2025-06-02"), "2025-06-03")
    day.set("2025-06-10")
    number = asked(sit("organiser"), world)
    english = sit("organiser", "en")
    assert "Opinions on cadres" in page(english, HOME)
    assert "Ask the petition department" in page(english, f"{HOME}ask/")
    assert "Influence until" in page(english, f"{HOME}notice/{notice}/")
    assert "Asked by" in page(english, f"{HOME}opinion/{number}/")
    assert "Sign and give the opinion" in page(sit("supervisor", "en"), f"{HOME}opinion/{number}/")
