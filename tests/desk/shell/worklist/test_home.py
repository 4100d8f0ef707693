"""The sign-in home and the case page."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dengwen.access.models import ReadLog
from dengwen.cases import replay
from dengwen.editions.models import LocalSetting
from dengwen.organs.models import Official
from dengwen.practice.district.settings import set_targets
from tests.desk.conftest import Day, Sit
from tests.desk.shell.act.test_act_page import to_decided
from tests.world import FOUNDED, World


def test_the_home_lists_what_is_open_by_its_legal_date(world: World, day: Day, sit: Sit):
    number = world.to_accepted("2025-03-03")
    day.set("2025-03-10")
    page = sit("handler").get("/desk/")
    text = page.content.decode()
    assert page.status_code == 200
    assert number in text
    assert "示例小区屋面渗水" in text
    assert "第三十四条" in text
    assert 'datetime="2025-05-06"' in text  # day 60 is a holiday; rolled
    assert "还有 57 天" in text
    assert page["Cache-Control"].count("no-store") == 1


def test_the_home_of_another_organ_is_empty(world: World, day: Day, sit: Sit):
    number = world.to_accepted("2025-03-03")
    text = sit("handler2").get("/desk/").content.decode()
    assert number not in text
    assert "没有未了结的责任" in text


def test_a_late_duty_says_so_and_what_happens(world: World, day: Day, sit: Sit):
    world.to_accepted("2025-03-03")
    day.set("2025-05-08")
    text = sit("handler").get("/desk/").content.decode()
    assert "已过期限" in text
    assert "逾期 2 日" in text


def test_a_year_without_a_calendar_is_provisional(world: World, day: Day, sit: Sit):
    world.to_accepted("2026-11-20")
    day.set("2026-11-24")
    text = sit("handler").get("/desk/").content.decode()
    assert "2027 年，暂定" in text
    assert "放假安排尚未公布" in text


def test_english_pages_have_no_chinese_frame(world: World, day: Day, sit: Sit):
    number = world.to_accepted("2025-03-03")
    client = sit("handler", "en")
    home = client.get("/desk/").content.decode()
    assert "Regulation on the Work of Letters and Visits" in home
    page = client.get(f"/desk/case/{number}/").content.decode()
    assert "Next legal date" in page
    assert "You can now" in page


def test_the_home_is_paged_and_every_line_comes_once(
    world: World, day: Day, sit: Sit, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("dengwen.desk.shell.worklist.duty_pages.PAGE", 2)
    monkeypatch.setattr("dengwen.desk.shell.worklist.duty_pages.page_of.__defaults__", (2,))
    numbers = {world.to_accepted(f"2025-03-0{n}") for n in (3, 4, 5)}
    day.set("2025-03-10")
    client = sit("handler")
    seen: list[str] = []
    address = "/desk/"
    for _ in range(6):
        page = client.get(address)
        seen += [line.uid for line in page.context["lines"]]
        assert len(page.context["lines"]) <= 2
        address = page.context["more"]
        if not address:
            break
    assert len(seen) == len(set(seen))
    assert len(seen) >= len(numbers)


def test_the_home_is_sorted_as_the_address_asks(world: World, day: Day, sit: Sit):
    numbers = [world.to_accepted(f"2025-03-0{n}") for n in (5, 3, 4)]
    day.set("2025-05-08")
    client = sit("handler")

    def order(query: str) -> list[str]:
        page = client.get(f"/desk/?{query}")
        assert page.status_code == 200, query
        return list(dict.fromkeys(line.case_number for line in page.context["lines"]))

    assert order("sort=case") == sorted(numbers)
    assert order("sort=-case") == sorted(numbers, reverse=True)
    assert order("sort=due") == order("")
    assert order("who=all&sort=-case") == sorted(numbers, reverse=True)
    text = client.get("/desk/?sort=-case").content.decode()
    assert "已过期限" not in text  # an order of its own is not cut into groups by day
    assert "按“编号”降序排列" in text
    assert "接上一页" not in text
    assert client.get("/desk/?sort=title").status_code == 422
    assert order("after=x") == order("")


def test_the_number_of_queries_does_not_grow_with_the_list(world: World, day: Day, sit: Sit):
    world.to_accepted("2025-03-03")
    client = sit("handler")
    client.get("/desk/")
    with CaptureQueriesContext(connection) as one:
        client.get("/desk/")
    for n in (4, 5, 6):
        world.to_accepted(f"2025-03-0{n}")
    with CaptureQueriesContext(connection) as four:
        client.get("/desk/")
    assert len(four) == len(one)


def test_the_case_page_explains_its_date_and_its_steps(world: World, day: Day, sit: Sit):
    number = world.to_accepted("2025-03-03")
    day.set("2025-03-10")
    page = sit("handler").get(f"/desk/case/{number}/")
    text = page.content.decode()
    assert page.status_code == 200
    assert "这个日期怎样算出？" in text
    assert date(2025, 5, 2).isoformat() in text  # the raw day is kept beside the rolled one
    assert f"/desk/case/{number}/draft/" in text
    assert "延长办理期限" in text
    assert "须由本机关、单位负责人办理" in text
    assert "三号楼屋面渗水多年" in text


def test_reading_a_text_leaves_a_row_and_identities_stay_shut(world: World, day: Day, sit: Sit):
    number = world.to_accepted("2025-03-03")
    text = sit("handler").get(f"/desk/case/{number}/").content.decode()
    rows = list(
        ReadLog.objects.values_list("case_number", "data_class", "role", "purpose", "result")
    )
    assert (number, "D3", "R6", "handle", "granted") in rows
    assert "王示例" not in text
    assert "13800000000" not in text
    assert not any(r[1] == "D2" for r in rows)


def test_a_role_without_the_right_reads_no_text(world: World, day: Day, sit: Sit):
    number = world.register("2025-03-03")
    text = sit("clerk").get(f"/desk/case/{number}/").content.decode()
    assert "三号楼屋面渗水多年" not in text
    assert "不在您的角色可读的范围内" in text
    assert not ReadLog.objects.exists()


def test_an_identity_opens_on_a_click_with_a_purpose(world: World, day: Day, sit: Sit):
    number = world.to_accepted("2025-03-03")
    client = sit("handler")
    refused = client.post(f"/desk/case/{number}/identity/open/", {"purpose": "curiosity"})
    assert refused.status_code == 422
    assert "用途：请从列表中选择" in refused.content.decode()
    assert not ReadLog.objects.filter(data_class="D2").exists()
    text = client.post(
        f"/desk/case/{number}/identity/open/", {"purpose": "handle"}
    ).content.decode()
    assert "王示例" in text
    row = ReadLog.objects.get(data_class="D2")
    assert (row.case_number, row.role, row.purpose) == (number, "R6", "handle")
    assert client.get(f"/desk/case/{number}/identity/open/").status_code == 405


def test_a_head_sees_an_identity_masked(world: World, day: Day, sit: Sit):
    number = world.to_accepted("2025-03-03")
    text = (
        sit("head")
        .post(f"/desk/case/{number}/identity/open/", {"purpose": "approve"})
        .content.decode()
    )
    assert "王示例" not in text
    assert "王**" in text
    assert "138****0000" in text


def test_the_quota_of_identities_holds(
    world: World, day: Day, sit: Sit, monkeypatch: pytest.MonkeyPatch
):
    number = world.to_accepted("2025-03-03")
    monkeypatch.setattr("dengwen.access.read_log.IDENTITIES_AN_HOUR", 2)
    client = sit("handler")
    for _ in range(2):
        assert (
            client.post(f"/desk/case/{number}/identity/open/", {"purpose": "handle"}).status_code
            == 200
        )
    over = client.post(f"/desk/case/{number}/identity/open/", {"purpose": "handle"})
    assert over.status_code == 429
    assert "王示例" not in over.content.decode()
    assert ReadLog.objects.filter(data_class="D2", result="denied").count() == 1


OPINION = {
    "claim": "修复",
    "facts_reasons": "属实",
    "opinion": "支持",
    "legal_basis": "示例条例第一条",
}


def titles(page) -> list[str]:
    return [line.title for line in page.context["lines"]]


@pytest.mark.sentence("P7.3.7")
def test_a_draft_reaches_the_checker_and_what_is_checked_the_head(world: World, day: Day, sit: Sit):
    """Without knowing the number: by the home page, by the day of the running period, and nobody
    his own."""
    number = world.to_accepted("2025-03-03")
    handler = Official.objects.get(code="YJ02-L").pk
    world.act("handler", "assign_handler", number, on="2025-03-03", official=handler)
    assert titles(sit("checker").get("/desk/")) == []
    world.act("handler", "draft", number, on="2025-03-10", outcome="support", texts=OPINION)
    day.set("2025-03-10")
    page = sit("checker").get("/desk/")
    assert titles(page) == ["审核处理意见"]
    text = page.content.decode()
    assert "随“办结信访事项，出具信访处理意见书”的期限" in text
    assert f"/desk/case/{number}/check/" in text
    assert world.duty(number, "check_draft").sort_day == world.duty(number, "handle").due
    assert "审核处理意见" not in titles(sit("handler").get("/desk/"))
    world.act("checker", "check", number, on="2025-03-11")
    heard = {"said": "屋面渗水多年"}
    world.act("handler", "hear_petitioner", number, on="2025-03-11", how="phone", texts=heard)
    day.set("2025-03-11")
    assert titles(sit("checker").get("/desk/")) == []
    assert titles(sit("head").get("/desk/")) == ["签发处理意见"]
    assert f"/desk/case/{number}/sign/" in sit("head", "en").get("/desk/").content.decode()
    world.act("head", "sign", number, on="2025-03-12")
    assert titles(sit("head").get("/desk/")) == []


def test_the_day_of_a_draft_follows_an_extension_and_a_local_target_goes_first(
    world: World, day: Day, sit: Sit
):
    number = world.to_accepted("2025-03-03")
    world.act("handler", "draft", number, on="2025-03-10", outcome="support", texts=OPINION)
    told = {"reason": "检测未完"}
    world.act("head", "extend", number, on="2025-03-11", days=30, told_petitioner=True, texts=told)
    assert (
        world.duty(number, "check_draft").sort_day
        == world.duty(number, "handle").due
        == date(2025, 6, 3)
    )
    last = world.case(number).acts.last()
    assert last is not None
    LocalSetting.objects.create(
        key="draft.check_days", value="3", valid_from=date(2025, 1, 1), act=last.pk
    )
    world.act("handler", "draft", number, on="2025-03-12", outcome="support", texts=OPINION)
    assert world.duty(number, "check_draft").sort_day == date(2025, 3, 15)
    day.set("2025-03-12")
    assert "本地目标" in sit("checker").get("/desk/").content.decode()
    assert list(replay.check()) == []


def test_what_settles_the_next_duty_is_offered_first_and_a_local_target_is_called_local(
    world: World, day: Day, sit: Sit
):
    set_targets(FOUNDED)
    number = to_decided(world)
    day.set("2025-03-13")
    text = sit("handler").get(f"/desk/case/{number}/").content.decode()
    offered = text.split('id="steps"')[1]
    assert offered.index(f"/desk/case/{number}/serve/") < offered.index(
        f"/desk/case/{number}/withdraw/"
    )
    assert "本地目标：" in text
    assert "条文没有规定天数，没有可以计算的日期。" in text
