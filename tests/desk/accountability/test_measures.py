"""Decisions on accountability at the desk: inbox, answer, decision, rectification, appeal, by
clicks and refusals."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.access.models import ReadLog
from dengwen.accountability.measures.queries import measures_of, read_file
from dengwen.cases.models import Case
from dengwen.desk.accountability.measures.decide import leading_body
from dengwen.desk.shell.frame.seat import Seat
from dengwen.organs.models import Organ
from tests.accountability.inquiries import concluded, propose
from tests.accountability.measuring import (
    SAID,
    circular,
    official,
    opened,
    opened_bare,
    opened_on_organ,
    serve,
)
from tests.desk.conftest import Day, Sit
from tests.world import World


def text(client: Any, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return str(answer.content.decode())


def proposed(world: World) -> str:
    """Let a proposal of the petition department arrive at the Party committee after its inquiry."""
    light: dict[str, Any] = {"light": True, "harm": "none", "influence": "none"}
    case = concluded(world, "YJ02-Z", "2025-04-15", light, conduct="2025-04-08")
    return propose(case, "circular", who="YJ02-Z", on="2025-05-06", reasons="建议的理由甲")


FORM = {
    "status": "civil_servant",
    "scope": "system",
    "circulated_to": "YJ03、YJ04",
    "deadline": "2025-08-29",
    "responsibility": SAID["responsibility"],
    "reasons": SAID["reasons"],
    "goal": SAID["goal"],
    "facts": SAID["facts"],
}


def form(world: World, **more: Any) -> dict[str, Any]:
    return (
        FORM
        | {"gravity": "light", "measures": ["circular"], "rectifier": world.organ("YJ02")}
        | more
    )


def test_a_proposal_is_answered_in_writing_and_decided_in_two_clicks(
    world: World, sit: Sit, day: Day
) -> None:
    day.set("2025-05-07")
    number = proposed(world)
    inbox = text(sit("committee"), "/desk/accountability/measures/")
    assert number in inbox
    assert "收到建议，待书面答复" in inbox
    path = f"/desk/accountability/measures/{number}/"
    page = text(sit("committee"), path)
    assert "建议的理由甲" in page
    assert ReadLog.objects.filter(case_number=number, data_class="D7").exists()
    assert (
        sit("committee").post(f"{path}answer/", {"adopted": "adopted", "answer": ""}).status_code
        == 422
    )
    assert (
        sit("committee").post(f"{path}answer/", {"adopted": "adopted", "answer": "研究决定"})[
            "Location"
        ]
        == path
    )
    assert sit("committee").get(f"{path}decide/").status_code == 404  # not a head
    page = text(sit("decider"), f"{path}decide/")  # first click
    assert "中共云江区委员会" in page
    assert 'value="circular" checked' in page
    for name in ('value="admonition"', 'value="removal"', 'value="talk"', 'value="organ_circular"'):
        assert name not in page
    assert "认定的情节不符合本条" in page
    assert "是督促，不是责任追究的措施" in page
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


def test_a_page_cites_the_place_of_its_case_wherever_one_sits(
    world: World, sit: Sit, day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    day.set("2025-05-07")
    path = f"/desk/accountability/measures/{opened(world)}/decide/"
    sentence = "移送有权机关或者另行立项（细则第"
    assert sentence in text(sit("decider"), path)
    monkeypatch.setattr(Seat, "place", "110000")
    assert sentence in text(sit("decider"), path)
    assert "没有哪一步会自己升级。" in text(sit("decider"), "/desk/accountability/measures/")


def test_a_proposal_that_is_not_adopted_is_answered_with_reasons(
    world: World, sit: Sit, day: Day
) -> None:
    day.set("2025-05-07")
    number = proposed(world)
    path = f"/desk/accountability/measures/{number}/"
    sit("committee").post(f"{path}answer/", {"adopted": "not", "answer": "情形没有证明"})
    assert Case.objects.get(number=number).state == "declined"
    assert "情形没有证明" in text(sit("committee"), path)
    assert sit("decider").get(f"{path}decide/").status_code == 404


def test_another_gravity_opens_another_rung_with_the_honours(
    world: World, sit: Sit, day: Day
) -> None:
    day.set("2025-05-07")
    number = opened(world)
    path = f"/desk/accountability/measures/{number}/decide/"
    page = text(sit("decider", "en"), f"{path}?gravity=serious")
    assert 'value="admonition"' in page
    assert 'value="circular"' not in page
    assert "comprehensive honours of this year are cancelled" in page
    honours = {
        "area": world.organ("YJQ"),
        "department": world.organ("YJ02"),
        "unit": world.organ("YJ02"),
        "year": 2025,
    }
    between = text(sit("decider"), f"{path}?gravity=between")
    assert "写明理由" in between
    answer = sit("decider").post(
        path, form(world, gravity="serious", measures=["admonition"], **honours)
    )
    assert answer.status_code == 302
    acts = [a.act for a in Case.objects.get(number=number).acts.order_by("seq")]
    assert acts[-2:] == ["issue_admonition", "cancel_honours"]


def test_measures_on_organs_are_not_those_on_persons(world: World, sit: Sit, day: Day) -> None:
    day.set("2025-05-07")
    page = text(sit("decider"), f"/desk/accountability/measures/{opened_on_organ(world)}/decide/")
    assert 'value="self_criticism"' in page
    assert 'value="circular"' not in page
    assert 'name="members"' not in page
    office: Any = SimpleNamespace(organ=Organ.objects.get(code="YJ01"))
    assert "YJ01-Z" in [code for code, _words in leading_body(office, date(2025, 5, 7))]


def test_the_competence_check_says_who_decides(world: World, sit: Sit, day: Day) -> None:
    day.set("2025-05-07")
    number = opened_bare(world, "SZF-T")
    page = text(sit("decider"), f"/desk/accountability/measures/{number}/decide/")
    assert "不是本机关，不能由本机关决定" in page
    refused = sit("decider").post(f"/desk/accountability/measures/{number}/decide/", form(world))
    assert refused.status_code == 422
    assert "没有登记管理权限" in refused.content.decode()


def test_report_acceptance_and_appeal_take_one_click_each(world: World, sit: Sit, day: Day) -> None:
    number = opened(world)
    circular(world, number)
    path = f"/desk/accountability/measures/{number}/"
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
    assert (
        sit("head").post(f"{path}follow/", {"met": "yes", "seen": "x"}).status_code == 422
    )  # not one's own judge
    day.set("2025-05-08")
    assert (
        sit("committee").post(f"{path}follow/", {"met": "no", "seen": "一件没有送达"})["Location"]
        == path
    )  # one click
    assert Case.objects.get(number=number).state == "not_met"
    page = text(sit("decider"), path)
    assert "现在可以考虑" not in page  # the date is not over: no ground yet
    day.set("2025-07-07")
    page = text(sit("decider"), path)
    assert "现在可以考虑" in page
    assert "不自动升级" in page
    assert [m.measure for m in measures_of(official("YJ02-Z"))] == ["circular"]
    answer = sit("head").post(
        f"{path}appeal/", {"way": "circular/ac19", "grounds": "两件已按期办结"}
    )  # one click
    assert answer.status_code == 302
    found = Case.objects.get(kind="accountability_appeal").number
    assert found in answer["Location"]
    assert found in text(sit("decider"), path)
    assert text(sit("committee"), "/desk/accountability/measures/")
    refused = sit("head").post(f"{path}appeal/", {"way": "circular/csl", "grounds": "甲"})
    assert refused.status_code == 422


def test_whoever_decides_sees_what_the_decision_rests_on(world: World, sit: Sit, day: Day) -> None:
    day.set("2025-05-07")
    number = opened(world)
    made = read_file(Case.objects.get(number=number))
    path = f"/desk/accountability/measures/{number}/decide/"
    page = text(sit("decider"), path)
    for said in (
        made.inquiry,
        "已证明",
        "证据",
        "没有异议",
        "直接责任",
        "危害特别严重以及影响特别重大",
    ):
        assert said in page, said
    assert ReadLog.objects.filter(case_number=made.inquiry, data_class="D5").exists()
    for sanction in (
        "party_warning",
        "party_expulsion",
        "gov_warning",
        "unit_demerit",
        "reorganisation",
    ):
        assert f'value="{sanction}"' not in page
    assert "细则第十六条" in page
    refused = sit("decider").post(
        path, form(world, gravity="especially", measures=["party_expulsion"])
    )
    assert refused.status_code == 422
    assert "细则第十六条" in refused.content.decode()


def test_naming_somebody_elses_inquiry_shows_nothing_of_it(
    world: World, sit: Sit, day: Day
) -> None:
    day.set("2025-05-07")
    other, number = concluded(world, "YJ02-L", "2025-02-10"), opened_bare(world)
    path = f"/desk/accountability/measures/{number}/decide/"
    pages = [
        text(sit("decider"), f"{path}?inquiry={name}")
        for name in (other.number, "YJ01-2025-000000000-0")
    ]
    for page in pages:
        assert "没有核查的认定" in page
        assert "直接责任" not in page
        assert "没有异议" not in page
    assert not ReadLog.objects.filter(case_number=other.number).exists()


def test_an_inquiry_named_is_shown_before_anything_is_decided_on_it(
    world: World, sit: Sit, day: Day
) -> None:
    day.set("2025-05-07")
    mine, number = concluded(world, "YJ02-Z", "2025-02-10"), opened_bare(world)
    path = f"/desk/accountability/measures/{number}/decide/"
    assert 'id="inquiry-form"' in text(sit("decider"), path)
    page = text(sit("decider"), f"{path}?inquiry={mine.number}")
    assert "没有异议" in page
    assert f'type="hidden" name="inquiry" value="{mine.number}"' in page
    assert f"?gravity=light&amp;inquiry={mine.number}" in page
    post = form(world, gravity="light", inquiry=mine.number)
    assert sit("decider").post(path, post).status_code == 302
    assert [m.measure for m in measures_of(official("YJ02-Z"))] == ["circular"]


def test_a_file_on_hearsay_says_what_is_missing_and_decides_nothing(
    world: World, sit: Sit, day: Day
) -> None:
    """What was seen: a file opened on hearsay through the real form, and a decision the same
    minute."""
    day.set("2025-05-07")
    given = {
        "subject_official": official("YJ02-Z"),
        "unit": world.organ("YJ02"),
        "day_of_conduct": "2025-04-01",
        "situations": ["S.11.2"],
        "facts": "听说态度不好",
    }
    answer = sit("committee").post("/desk/open/accountability/open_own/", given)
    assert answer.status_code == 302
    number = Case.objects.get(kind="accountability").number
    path = f"/desk/accountability/measures/{number}/decide/"
    page = text(sit("decider"), path)
    assert "还不能决定" in page
    assert "有被核查人员没有告知" in page
    assert 'id="act-form"' not in page
    assert 'name="measures"' not in page
    assert "由我作出决定" not in page
    assert "介于两档之间" not in page  # no gravity was found at all
    for measures in (["circular"], ["removal"], ["party_expulsion"]):
        for gravity in ("light", "serious", "especially"):
            refused = sit("decider").post(path, form(world, gravity=gravity, measures=measures))
            assert refused.status_code == 422
    refused = sit("decider").post(path, form(world))
    assert "政务处分法第四十二条、第四十三条" in refused.content.decode()
    assert measures_of(official("YJ02-Z")) == []
    english = sit("decider", "en").post(path, form(world)).content.decode()
    assert "PSL 42, 43" in english
    assert "name an inquiry that was concluded" in english


@pytest.mark.parametrize("who", ["handler", "conference", "clerk", "sealed", "admin"])
def test_without_the_compartment_there_is_nothing(
    world: World, sit: Sit, day: Day, who: str
) -> None:
    day.set("2025-05-07")
    number = opened(world)
    assert sit(who).get(f"/desk/accountability/measures/{number}/").status_code == 404
    assert number not in text(sit(who), "/desk/accountability/measures/")


def test_an_overdue_rectification_is_shown_late(world: World, sit: Sit, day: Day) -> None:
    number = opened(world)
    circular(world, number, deadline=date(2025, 6, 30))
    serve(world, number)
    day.set("2025-07-01")
    assert 'class="num late"' in text(sit("committee"), "/desk/accountability/measures/")


def test_before_the_signature_stands_what_follows_and_where_one_appeals(
    world: World, sit: Sit, day: Day
) -> None:
    """The post of the day of the conduct, the finding, what each open measure rules out until
    when, and the ways of appeal with their days."""
    day.set("2025-05-07")
    number = opened(world)
    made = read_file(Case.objects.get(number=number))
    path = f"/desk/accountability/measures/{number}/decide/"
    page = text(sit("decider"), path)
    read = page[page.index('id="read-back"') :]
    assert "行为当日" in read
    assert "云江区住房建设局" in read
    assert made.inquiry in read
    assert "两年内不得担任高于原职务层次的职务" in read
    assert "2027-05-06" in read or "2027年5月6日" in read
    assert "向原处理机关申请复核" in read
    assert "2025-06-06" in read or "2025年6月6日" in read
    assert "Read once more before signing" in text(sit("decider", "en"), path)
    bare = opened_bare(world)
    assert "read-back" not in text(sit("decider"), f"/desk/accountability/measures/{bare}/decide/")
