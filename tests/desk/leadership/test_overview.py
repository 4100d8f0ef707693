"""The leader's pages: home, letter, roster, brief, talk, coordination; what is signed there and
what is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dengwen.access.models import ReadLog
from dengwen.cases.models import Act, Case, Duty
from dengwen.leadership.models import Slot
from tests.desk.conftest import Day, Sit
from tests.leadership.people import (
    DEPUTY,
    HEAD,
    SECRETARY,
    book,
    comment,
    official,
    present,
    schedule,
    state,
)
from tests.world import World

LETTERS = "/desk/leadership/letters/"


def text_of(answer: Any) -> str:
    """Return the page as text."""
    return str(answer.content.decode())


@pytest.mark.sentence("S7.3")
def test_a_letter_shows_the_original_before_the_file_and_is_signed_at_once(
    world: World, day: Day, sit: Sit
) -> None:
    petition = world.to_accepted("2025-03-03")
    letter = present(world, petition)
    day.set("2025-03-05")
    client = sit(HEAD)
    assert letter in text_of(client.get("/desk/leadership/"))
    page = text_of(client.get(f"{LETTERS}{letter}/"))
    assert page.index("三号楼屋面渗水多年") < page.index("办理情况") < page.index("打开全案")
    assert "王示例" not in page, "who wrote is opened by a click with a purpose only"
    logged = ReadLog.objects.filter(
        case_number=petition, user=world.office.users[HEAD], data_class="D3"
    )
    assert logged.get().purpose == "approve"
    form = {
        "go": "comment",
        "text": "请依法办理。",
        "to": str(world.organ("YJ02")),
        "due": "2025-03-20",
    }
    assert client.post(f"{LETTERS}{letter}/", form).status_code == 302
    assert state(letter) == "assigned"
    act = Act.objects.get(case__number=letter, act="comment")
    assert (act.actor, act.data["leader"]) == (world.office.users[HEAD].pk, official())
    home = text_of(client.get("/desk/leadership/"))
    assert "共 1 件：已报告 0，未报告 1，其中逾期 0" in home


def test_only_the_leader_named_gets_a_form_that_signs(world: World, day: Day, sit: Sit) -> None:
    letter = present(world, world.to_accepted("2025-03-03"))
    day.set("2025-03-05")
    assert "签署批示" not in text_of(sit(SECRETARY).get(f"{LETTERS}{letter}/"))
    form = {"go": "comment", "text": "代签", "to": str(world.organ("YJ02")), "due": "2025-03-20"}
    for who in (SECRETARY, DEPUTY):
        answer = sit(who).post(f"{LETTERS}{letter}/", form)
        assert answer.status_code == 422
        assert "不能“批示”" in text_of(answer)
    assert state(letter) == "presented"


def test_the_secretary_prepares_and_the_leader_signs_other_words(
    world: World, day: Day, sit: Sit
) -> None:
    letter = present(world, world.to_accepted("2025-03-03"))
    world.act(SECRETARY, "prepare", letter, on="2025-03-05", texts={"text": "拟请住建局依法办理。"})
    day.set("2025-03-06")
    client = sit(HEAD)
    assert "已有代拟" in text_of(client.get("/desk/leadership/"))
    page = text_of(client.get(f"{LETTERS}{letter}/"))
    assert "拟请住建局依法办理。" in page
    assert "秘书代拟，签署前请改定" in page
    assert client.post(f"{LETTERS}{letter}/", {"go": "read", "text": "知道了"}).status_code == 302
    assert state(letter) == "read"


def test_the_home_counts_late_and_answered_instructions_apart(
    world: World, day: Day, sit: Sit
) -> None:
    late, answered = (present(world, world.to_accepted("2025-03-03")) for _ in range(2))
    comment(world, late)
    comment(world, answered)
    world.act("handler", "handled", answered, on="2025-03-10", texts={"situation": "已修复"})
    world.act("handler", "report", answered, on="2025-03-10", texts={"text": "已修复"})
    day.set("2025-03-24")
    page = text_of(sit(HEAD).get("/desk/leadership/"))
    assert "共 2 件：已报告 1，未报告 1，其中逾期 1" in page
    assert "报告于 2025-03-10" in page
    assert sit("handler").get("/desk/leadership/").status_code == 404
    assert sit(DEPUTY, "en").get("/desk/leadership/").status_code == 200


def test_a_matter_is_laid_before_a_leader_from_its_own_page(
    world: World, day: Day, sit: Sit
) -> None:
    petition = world.register("2025-03-03")
    day.set("2025-03-04")
    client = sit("clerk")
    assert f"/desk/leadership/present/{petition}/" in text_of(client.get(f"/desk/case/{petition}/"))
    page = text_of(client.get(f"/desk/leadership/present/{petition}/"))
    assert "潘假名，区长" in page
    assert client.post(f"/desk/leadership/present/{petition}/", {}).status_code == 422
    form = {"leader": f"{official()}-{world.organ('YJQ')}", "note": "来信反映多年"}
    assert client.post(f"/desk/leadership/present/{petition}/", form).status_code == 302
    assert Case.objects.get(kind="instruction").state == "presented"


PLAN = {
    "first": "2025-01-06",
    "last": "2025-02-28",
    "weekday": "2",
    "every": "2",
    "hours": "9:00–11:30",
    "room": "区信访接待中心",
    "topic": "",
}


@pytest.mark.sentence("S7.4")
def test_a_roster_is_looked_at_and_then_published_without_days_of_rest(
    world: World, day: Day, sit: Sit
) -> None:
    day.set("2025-01-06")
    client = sit("clerk")
    leaders = [f"{official(code)}-{world.organ('YJQ')}" for code in ("YJQ-P", "YJQ-Y")]
    page = text_of(
        client.post("/desk/leadership/roster/", {**PLAN, "leaders": leaders, "go": "preview"})
    )
    assert "休息日，不排" not in page
    assert "2025-01-08" in page
    assert not Slot.objects.exists()
    assert (
        client.post(
            "/desk/leadership/roster/", {**PLAN, "leaders": leaders, "go": "publish"}
        ).status_code
        == 302
    )
    found = [(s.day.isoformat(), s.leader_id) for s in Slot.objects.order_by("day")]
    assert [d for d, _ in found] == ["2025-01-08", "2025-01-22", "2025-02-05", "2025-02-19"]
    assert [who for _, who in found] == [official("YJQ-P"), official("YJQ-Y")] * 2
    missing = client.post("/desk/leadership/roster/", {**PLAN, "room": "", "go": "publish"})
    assert missing.status_code == 422
    assert "它会向社会公布" in text_of(missing)


def test_a_plan_leaves_out_a_day_of_rest(world: World, day: Day, sit: Sit) -> None:
    day.set("2025-01-06")
    form = {
        **PLAN,
        "first": "2025-01-27",
        "last": "2025-02-05",
        "weekday": "2",
        "every": "1",
        "leaders": [f"{official()}-{world.organ('YJQ')}"],
        "go": "preview",
    }
    page = text_of(sit("clerk").post("/desk/leadership/roster/", form))
    assert page.count("休息日，不排") == 1  # 2025-01-29 is New Year's day


def test_the_brief_is_one_sheet_without_names_and_without_what_is_sealed(
    world: World, day: Day, sit: Sit
) -> None:
    numbers = [world.to_accepted("2025-03-03"), world.register("2025-03-03")]
    reception = schedule(world, "2025-03-12")
    for number in numbers:
        book(world, reception, number, "2025-03-12")
    day.set("2025-03-12")
    page = text_of(sit(HEAD).get(f"/desk/leadership/brief/{reception}/"))
    assert page.count("brief-talk") == 2
    assert "下一步：" in page
    for secret in ("王示例", "示例路1号", "13800000000"):
        assert secret not in page
    fields: dict[str, Any] = {"class": "accusation"}
    world.act("clerk", "classify", numbers[1], on="2025-03-12", **fields)
    page = text_of(sit(HEAD).get(f"/desk/leadership/brief/{reception}/"))
    assert page.count("brief-talk") == 1
    assert numbers[1] not in page


@pytest.mark.sentence("S7.4", "S7.6")
def test_a_talk_and_its_promises_are_signed_together(world: World, day: Day, sit: Sit) -> None:
    petition = world.to_accepted("2025-03-03")
    talk = book(world, schedule(world, "2025-03-12"), petition, "2025-03-12")
    day.set("2025-03-12", 11)
    client = sit(HEAD)
    path = f"/desk/leadership/lines/{talk}/"
    assert "三号楼屋面渗水多年" not in text_of(client.get(path))
    form = {
        "said": "反映屋面渗水",
        "what_1": "修复屋面",
        "to_1": str(world.organ("YJ02")),
        "until_1": "2025-04-12",
    }
    half = client.post(path, {**form, "what_2": "公示"})
    assert half.status_code == 422
    assert "三项都要填" in text_of(half)
    assert state(talk) == "booked"
    whole = {**form, "what_2": "公示", "to_2": str(world.organ("YJ03")), "until_2": "2025-03-31"}
    assert client.post(path, whole).status_code == 302
    assert state(talk) == "heard"
    promised = Duty.objects.filter(case__number=talk, rule="keep_promise").order_by("due")
    assert [(d.holder_id, d.due) for d in promised] == [
        (world.organ("YJ03"), date(2025, 3, 31)),
        (world.organ("YJ02"), date(2025, 4, 12)),
    ]
    assert "修复屋面" in text_of(client.get(path))
    assert sit(SECRETARY).post(path, form).status_code == 422


def test_a_leader_opens_a_case_in_charge_from_the_matter(world: World, day: Day, sit: Sit) -> None:
    petition = world.to_accepted("2025-03-03")
    present(world, petition)
    day.set("2025-03-05")
    client = sit(HEAD)
    where = f"/desk/leadership/new/case_charge/?petition={petition}"
    assert where.replace("&", "&amp;") in text_of(client.get(f"/desk/case/{petition}/"))
    assert petition in text_of(client.get(where))
    form = {
        "leader": str(official()),
        "organ": str(world.organ("YJQ")),
        "petition": petition,
        "goal": "全部修复",
        "until": "2025-06-30",
    }
    assert client.post("/desk/leadership/new/case_charge/", form).status_code == 302
    charge = Case.objects.get(kind="case_charge")
    without = {"leader": str(official()), "reached": "修好", "goal_met": "true"}
    refused = client.post(f"/desk/case/{charge.number}/close/", without)
    assert refused.status_code == 422
    assert state(charge.number) == "taken"
    assert "我的包案" in text_of(client.get("/desk/leadership/"))
    assert sit("handler").get("/desk/leadership/new/case_charge/").status_code == 404


@pytest.mark.sentence("S7.7")
def test_what_each_organ_undertakes_becomes_its_duty(world: World, day: Day, sit: Sit) -> None:
    fields: dict[str, Any] = {
        "leader": official(),
        "organ": world.organ("YJQ"),
        "day": date(2025, 3, 10),
    }
    number = world.act(
        "clerk",
        "convene",
        kind="coordination",
        on="2025-03-05",
        texts={"topic": "修复费用"},
        invited=(world.organ("YJ02"), world.organ("YJ03")),
        **fields,
    ).case
    day.set("2025-03-10")
    form = {
        "present": [str(world.organ("YJ02"))],
        "minutes": "分两步修复",
        "what_1": "先期修复",
        "to_1": str(world.organ("YJ02")),
        "until_1": "2025-04-30",
    }
    assert sit(HEAD).post(f"/desk/leadership/lines/{number}/", form).status_code == 302
    duty = Duty.objects.get(case__number=number, rule="undertaken")
    assert (duty.holder_id, duty.due) == (world.organ("YJ02"), date(2025, 4, 30))
    assert number in text_of(sit("handler2").get(f"/desk/case/{number}/")), "organs invited see it"


def test_an_accused_leader_finds_nothing_on_any_of_these_pages(
    world: World, day: Day, sit: Sit
) -> None:
    petition = world.register("2025-03-03")
    letter, reception = present(world, petition), schedule(world, "2025-03-12")
    talk = book(world, reception, petition, "2025-03-12")
    fields: dict[str, Any] = {"class": "accusation"}
    world.act("clerk", "classify", petition, on="2025-03-06", **fields)
    day.set("2025-03-12")
    client = sit(HEAD)
    for path in (f"{LETTERS}{letter}/", f"/desk/leadership/lines/{talk}/", f"/desk/case/{letter}/"):
        assert client.get(path).status_code == 404
    for path in (
        "/desk/leadership/",
        "/desk/leadership/roster/",
        f"/desk/leadership/brief/{reception}/",
        "/desk/",
    ):
        page = text_of(client.get(path))
        assert not {n for n in (petition, letter, talk) if n in page}, path


@pytest.mark.sentence("S8.2")
def test_a_comment_can_name_a_member_of_staff_of_the_organ_it_goes_to(
    world: World, day: Day, sit: Sit
) -> None:
    letter = present(world, world.to_accepted("2025-03-03"))
    day.set("2025-03-05")
    client = sit(HEAD)
    asks = {f.name: f for f in client.get(f"{LETTERS}{letter}/").context["asks"]}
    handler = official("YJ02-L")
    assert str(handler) in {c.value for c in asks["staff"].choices}
    form = {
        "go": "comment",
        "text": "请依法办理。",
        "to": str(world.organ("YJ03")),
        "due": "2025-03-20",
        "staff": str(handler),
    }
    wrong = client.post(f"{LETTERS}{letter}/", form)
    assert wrong.status_code == 422
    assert "此人不在批给的单位任职" in text_of(wrong)
    assert (
        client.post(f"{LETTERS}{letter}/", {**form, "to": str(world.organ("YJ02"))}).status_code
        == 302
    )
    owed = Duty.objects.filter(case__number=letter, rule__in=("handle_assigned", "report_up"))
    assert set(owed.values_list("official_id", flat=True)) == {handler}
