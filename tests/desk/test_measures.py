"""Decisions on accountability at the desk: inbox, answer, decision, rectification, appeal, by clicks and refusals."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dengwen.access.models import ReadLog
from dengwen.accountability.measures import measures_of, read_file
from dengwen.cases.models import Case
from tests.accountability.inquiries import opened as inquiry_opened
from tests.accountability.measuring import SAID, circular, official, opened, opened_on_organ, serve
from tests.desk.conftest import Day, Sit
from tests.world import World


def text(client: Any, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return str(answer.content.decode())


def proposed(world: World, gravity: str = "light", measures: tuple[str, ...] = ("circular",)) -> str:
    """Let a proposal of the petition department arrive at the Party committee."""
    inquiry = inquiry_opened(world).number
    given: dict[str, Any] = {
        "inquiry": inquiry, "from_office": world.organ("YJ01"), "subject_official": official("YJ02-Z"),
        "situations": ("S.11.2",), "gravity": gravity, "measures": measures,
    }  # fmt: skip
    return world.act("committee", "receive_proposal", kind="accountability", on="2025-05-06",
                     texts={"facts": SAID["facts"], "reasons": "建议的理由甲"}, **given).case  # fmt: skip


FORM = {
    "status": "civil_servant", "scope": "system", "circulated_to": "YJ03、YJ04", "deadline": "2025-08-29",
    "responsibility": SAID["responsibility"], "reasons": SAID["reasons"], "goal": SAID["goal"], "facts": SAID["facts"],
}  # fmt: skip


def form(world: World, **more: Any) -> dict[str, Any]:
    return FORM | {"gravity": "light", "measures": ["circular"], "rectifier": world.organ("YJ02")} | more


def test_a_proposal_is_answered_in_writing_and_decided_in_two_clicks(world: World, sit: Sit, day: Day) -> None:
    day.set("2025-05-07")
    number = proposed(world)
    inbox = text(sit("committee"), "/desk/measures/")
    assert number in inbox
    assert "收到建议，待书面答复" in inbox
    path = f"/desk/measures/{number}/"
    page = text(sit("committee"), path)
    assert "建议的理由甲" in page
    assert ReadLog.objects.filter(case_number=number, data_class="D7").exists()
    assert sit("committee").post(f"{path}answer/", {"adopted": "adopted", "answer": ""}).status_code == 422
    assert sit("committee").post(f"{path}answer/", {"adopted": "adopted", "answer": "研究决定"})["Location"] == path
    assert sit("committee").get(f"{path}decide/").status_code == 404  # not a head
    page = text(sit("decider"), f"{path}decide/")  # first click
    assert "中共云江区委员会" in page
    assert 'value="circular" checked' in page
    for name in ('value="admonition"', 'value="removal"', 'value="talk"', 'value="organ_circular"'):
        assert name not in page
    assert "认定的情节不符合本条" in page
    assert "是督促，不是细则第十二条的责任追究" in page
    assert "只对单位" in page
    refused = sit("decider").post(f"{path}decide/", form(world, deadline=""))
    assert refused.status_code == 422
    assert "须同时写明整改目标和期限" in refused.content.decode()
    assert SAID["goal"] in refused.content.decode()  # nothing typed is lost
    assert sit("decider").post(f"{path}decide/", form(world))["Location"] == path  # second click
    made = read_file(Case.objects.get(number=number))
    assert made.circulated == {"YJ03", "YJ04"}
    assert made.decision
    assert made.decision.data["decider"] == official("YJW-S")


def test_a_proposal_that_is_not_adopted_is_answered_with_reasons(world: World, sit: Sit, day: Day) -> None:
    day.set("2025-05-07")
    number = proposed(world)
    path = f"/desk/measures/{number}/"
    sit("committee").post(f"{path}answer/", {"adopted": "not", "answer": "情形没有证明"})
    assert Case.objects.get(number=number).state == "declined"
    assert "情形没有证明" in text(sit("committee"), path)
    assert sit("decider").get(f"{path}decide/").status_code == 404


def test_another_gravity_opens_another_rung_with_the_honours(world: World, sit: Sit, day: Day) -> None:
    day.set("2025-05-07")
    number = opened(world)
    path = f"/desk/measures/{number}/decide/"
    page = text(sit("decider", "en"), f"{path}?gravity=serious")
    assert 'value="admonition"' in page
    assert 'value="circular"' not in page
    assert "comprehensive honours of this year are cancelled" in page
    honours = {"area": world.organ("YJQ"), "department": world.organ("YJ02"), "unit": world.organ("YJ02"), "year": 2025}
    answer = sit("decider").post(path, form(world, gravity="serious", measures=["admonition"], **honours))
    assert answer.status_code == 302
    acts = [a.act for a in Case.objects.get(number=number).acts.order_by("seq")]
    assert acts[-2:] == ["issue_admonition", "cancel_honours"]
    between = text(sit("decider"), f"/desk/measures/{opened(world, 'YJ03-C')}/decide/?gravity=between")
    assert "写明理由" in between


def test_measures_on_organs_are_not_those_on_persons(world: World, sit: Sit, day: Day) -> None:
    day.set("2025-05-07")
    page = text(sit("decider"), f"/desk/measures/{opened_on_organ(world, 'YJ01')}/decide/")
    assert 'value="self_criticism"' in page
    assert 'value="circular"' not in page
    assert 'name="members" value="YJ01-Z"' in page


def test_the_competence_check_says_who_decides(world: World, sit: Sit, day: Day) -> None:
    day.set("2025-05-07")
    number = opened(world, "SZF-T")
    page = text(sit("decider"), f"/desk/measures/{number}/decide/")
    assert "不是本机关，不能由本机关决定" in page
    refused = sit("decider").post(f"/desk/measures/{number}/decide/", form(world))
    assert refused.status_code == 422
    assert "没有登记管理权限" in refused.content.decode()


def test_report_acceptance_and_appeal_take_one_click_each(world: World, sit: Sit, day: Day) -> None:
    number = opened(world)
    circular(world, number)
    path = f"/desk/measures/{number}/"
    day.set("2025-04-02")
    assert sit("head").get(path).status_code == 404  # not served yet
    serve(world, number)
    day.set("2025-05-07")
    page = text(sit("head"), path)
    assert "2025-05-06" in page or "2025年5月6日" in page
    assert "未核原文" in page
    assert 'value="circular/ac19"' in page
    assert "建议的理由" not in page
    assert sit("handler").get(path).status_code == 404
    done = sit("head").post(f"{path}report/", {"done": "三件都已办结"})  # one click
    assert done["Location"] == path
    assert sit("head").post(f"{path}follow/", {"met": "yes", "seen": "x"}).status_code == 422  # not one's own judge
    day.set("2025-05-08")
    assert sit("committee").post(f"{path}follow/", {"met": "no", "seen": "一件没有送达"})["Location"] == path  # one click
    assert Case.objects.get(number=number).state == "not_met"
    page = text(sit("decider"), path)
    assert "现在可以考虑" not in page  # the date is not over: no ground yet
    day.set("2025-07-07")
    page = text(sit("decider"), path)
    assert "现在可以考虑" in page
    assert "不自动升级" in page
    assert [m.measure for m in measures_of(official("YJ02-Z"))] == ["circular"]
    answer = sit("head").post(f"{path}appeal/", {"way": "circular/ac19", "grounds": "两件已按期办结"})  # one click
    assert answer.status_code == 302
    found = Case.objects.get(kind="accountability_appeal").number
    assert found in answer["Location"]
    assert found in text(sit("decider"), path)
    assert text(sit("committee"), "/desk/measures/")
    refused = sit("head").post(f"{path}appeal/", {"way": "circular/csl", "grounds": "甲"})
    assert refused.status_code == 422


@pytest.mark.parametrize("who", ["handler", "conference", "clerk", "sealed", "admin"])
def test_without_the_compartment_there_is_nothing(world: World, sit: Sit, day: Day, who: str) -> None:
    day.set("2025-05-07")
    number = opened(world)
    assert sit(who).get(f"/desk/measures/{number}/").status_code == 404
    assert number not in text(sit(who), "/desk/measures/")


def test_an_overdue_rectification_is_shown_late(world: World, sit: Sit, day: Day) -> None:
    number = opened(world)
    circular(world, number, deadline=date(2025, 6, 30))
    serve(world, number)
    day.set("2025-07-01")
    assert 'class="num late"' in text(sit("committee"), "/desk/measures/")
