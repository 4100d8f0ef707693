"""From a sealed hand-over to a sanction of the supervisory organ and its review, by requests at
the desk."""

from __future__ import annotations

from typing import Any

from django.test import Client

from dengwen.accountability.measures.queries import measures_of, read_file
from dengwen.cases.models import Case, Document
from tests.accountability.inquiries import Case as Inquiry
from tests.accountability.inquiries import opened
from tests.accountability.measuring import SAID, decide, found_here, official, opened_bare
from tests.desk.conftest import Day, Sit
from tests.world import World

GROUNDS = "涉嫌玩忽职守，三件事项到期没有办理"


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


def did(client: Client, path: str, **form: Any) -> None:
    """Post a form and see that it was written."""
    answer = client.post(path, form)
    assert answer.status_code == 302, (
        path,
        answer.content.decode()[-4000:] if answer.status_code == 422 else answer,
    )


def inquiry(world: World) -> Inquiry:
    """An inquiry of the petition office about the head of the bureau, with two investigators."""
    case = opened(world)
    case.act("add_person", texts={"reasons": "主要负责人"}, official=official("YJ02-Z"))
    return case


def handed(world: World, sit: Sit, day: Day) -> str:
    """Hand over what may be an offence from the page of the inquiry; return the number of what
    arrives."""
    case = inquiry(world)
    day.set("2025-05-07")
    path = f"/desk/accountability/inquiries/{case.number}/do/hand_over/"
    form = {"to": world.organ("YJ09"), "nature": "duty_crime", "grounds": GROUNDS}
    assert (
        sit("supervisor").post(path, form).status_code == 422
    )  # two are concerned, and whom is not said
    did(sit("supervisor"), path, **form, official=official("YJ02-Z"))
    assert (
        Document.objects.filter(case__number=case.number, rule="sealed_hand_over").count() == 1
    )  # D60
    return Case.objects.get(kind="accountability").number


def sanctioned(world: World) -> str:
    """Let the supervisory organ decide on a demerit and a party warning, and return the number
    of the file."""
    number = opened_bare(world, on="2025-03-04", by="sanction-officer")
    found_here(world, number)
    decide(
        world, number, "gov_demerit", "party_warning", who="sanction-head", by="YJ09-Q", light=True
    )
    return number


FORM = {
    "status": "civil_servant",
    "gravity": "light",
    "measures": ["gov_demerit", "party_warning"],
    "no_other_sanction": "1",
    "party_member": "yes",
    "facts": SAID["facts"],
    "responsibility": SAID["responsibility"],
    "reasons": SAID["reasons"],
}


def world_day(number: str) -> str:
    """Return the day of the newest act of a case."""
    newest = Case.objects.get(number=number).acts.order_by("seq").last()
    assert newest is not None
    return newest.occurred_at.date().isoformat()


def test_from_the_sealed_hand_over_to_the_sanction_its_service_and_the_review(
    world: World, sit: Sit, day: Day
) -> None:
    number = handed(world, sit, day)
    path = f"/desk/accountability/measures/{number}/"
    assert number in text(sit("sanction-officer"), "/desk/")  # a duty: say whether it is opened
    listed = text(sit("sanction-officer"), "/desk/accountability/measures/")
    assert "收到移送，待立案" in listed
    page = text(sit("sanction-officer"), path)
    assert GROUNDS in page
    assert "云江区信访局" in page
    assert (
        sit("sanction-officer").get(f"{path}decide/").status_code == 404
    )  # nor open yet, nor a head
    unit = world.organ("YJ02")
    did(
        sit("sanction-officer"),
        f"/desk/case/{number}/open_handed/",
        unit=unit,
        day_of_conduct="2025-04-01",
    )
    refused = sit("sanction-head").post(f"{path}decide/", FORM)
    assert refused.status_code == 422
    assert "政务处分法第四十二条、第四十三条" in refused.content.decode()
    day.set("2025-05-15")
    found_here(world, number, on="2025-05-15")
    assert "没有异议" in text(sit("sanction-head"), path)
    assert sit("sanction-officer").get(f"{path}decide/").status_code == 404
    page = text(sit("sanction-head"), f"{path}decide/")
    assert 'value="gov_demerit"' in page
    did(sit("sanction-head"), f"{path}decide/", **FORM)
    made = (
        Document.objects.filter(case__number=number).order_by("pk").values_list("rule", flat=True)
    )
    assert list(made) == ["sanction_decision", "party_decision"]  # D56 and D57
    assert [m.measure for m in measures_of(official("YJ02-Z"))] == ["gov_demerit", "party_warning"]
    assert sit("head").get(path).status_code == 404  # not served yet
    did(
        sit("sanction-officer"),
        f"/desk/case/{number}/serve_decision/",
        received_on="2025-05-15",
        how="in_person",
    )
    reviewed(world, sit, day, number)


def reviewed(world: World, sit: Sit, day: Day, number: str) -> None:
    """Whom it concerns reads it and asks for the review; the same organ takes it up and its head
    decides."""
    path = f"/desk/accountability/measures/{number}/"
    day.set("2025-05-20")
    page = text(sit("head"), path)
    assert 'value="gov_demerit/psl"' in page
    assert (
        "2025年6月16日" in page or "2025-06-16" in page
    )  # a month from receipt; the 15th is a Sunday
    did(sit("head"), f"{path}appeal/", way="gov_demerit/psl", grounds="两件已按期办结")
    appeal = Case.objects.get(kind="accountability_appeal").number
    assert world.duty(appeal, "decide_psl_review").holder_id == world.organ("YJ09")
    own = text(sit("sanction-officer"), f"/desk/case/{appeal}/")
    assert "两件已按期办结" in own
    did(sit("sanction-officer"), f"/desk/case/{appeal}/take_up/")
    alone = {"decider": official("YJ09-G"), "reasons": "维持"}
    assert (
        sit("sanction-officer").post(f"/desk/case/{appeal}/uphold/", alone).status_code == 422
    )  # no head
    page = text(sit("sanction-head"), f"/desk/case/{appeal}/lighten/")
    assert 'value="gov_warning"' in page  # offered in words, and nothing heavier
    assert "gov_major_demerit" not in page
    assert f'value="{official("YJ09-Q")}" checked' in page  # the own sign-in decides
    worse = {"decider": official("YJ09-Q"), "reasons": "记录不支持", "instead": "gov_major_demerit"}
    answer = sit("sanction-head").post(f"/desk/case/{appeal}/lighten/", worse)
    assert answer.status_code == 422
    did(
        sit("sanction-head"), f"/desk/case/{appeal}/lighten/", **{**worse, "instead": "gov_warning"}
    )
    assert Case.objects.get(number=appeal).state == "changed"
    did(
        sit("sanction-officer"),
        f"/desk/case/{appeal}/serve_appeal_decision/",
        received_on=world_day(appeal),
        how="in_person",
    )
    assert world.duty(appeal, "go_on_psl").right  # 复核 at the next higher organ
    one = next(m for m in measures_of(official("YJ02-Z")) if m.measure == "gov_demerit")
    assert (one.stands, one.instead) == (False, "gov_warning")
    assert "已变更为 政务警告" in text(sit("head"), path)


def test_the_supervisory_organ_opens_a_file_of_its_own_by_choosing(
    world: World, sit: Sit, day: Day
) -> None:
    day.set("2025-05-07")
    path = "/desk/open/accountability/open_own/"
    page = text(sit("sanction-officer"), path)
    assert "郑样例，云江区住房建设局局长" in page
    assert 'type="checkbox" name="situations" value="S.11.2"' in page
    where = {"unit": world.organ("YJ02"), "day_of_conduct": "2025-04-01"}
    given = {
        "subject_official": official("YJ02-Z"),
        "situations": ["S.11.2", "S.11.3"],
        "facts": "示例",
        **where,
    }
    did(sit("sanction-officer"), path, **given)
    made = read_file(Case.objects.get(kind="accountability"))
    assert (made.official, made.situations) == (official("YJ02-Z"), ("S.11.2", "S.11.3"))
    assert "郑样例，云江区住房建设局局长" in text(
        sit("committee"), path
    )  # managed by the Party committee
    assert "李样本" not in text(sit("committee"), path)  # managed by the bureau itself
    assert sit("clerk").get(path).status_code == 404  # who could not read the file opens none


def test_the_papers_say_in_words_what_was_decided_and_to_whom(
    world: World, sit: Sit, day: Day
) -> None:
    number = sanctioned(world)
    day.set("2025-05-15")
    rows = Document.objects.filter(case__number=number).order_by("pk").select_related("act")
    bodies = [
        text(sit("sanction-officer"), f"/desk/case/{number}/documents/{d.act.seq}/{d.rule}/")
        for d in rows
    ]
    for body, measure in zip(bodies, ("政务记过", "党内警告"), strict=True):
        for said in (measure, "郑样例", "示例"):
            assert said in body
        for raw in ("gov_demerit", "party_warning", "appeal_route", "responsibility", "measure<"):
            assert raw not in body
    history = text(sit("sanction-officer"), f"/desk/case/{number}/")
    assert "政务记过、党内警告" in history
    assert "gov_demerit" not in history
    assert "S.11.2" not in history


def test_nobody_of_the_petition_office_opens_sees_or_decides_it(
    world: World, sit: Sit, day: Day
) -> None:
    number = handed(world, sit, day)
    petition_office = ("supervisor", "router", "clerk", "sealed")
    for username in (*petition_office, "discipline", "committee", "decider", "head", "handler"):
        client = sit(username)
        for path in (
            f"/desk/accountability/measures/{number}/",
            f"/desk/case/{number}/",
            f"/desk/case/{number}/open_handed/",
            f"/desk/case/{number}/tell_person/",
            f"/desk/accountability/measures/{number}/decide/",
        ):
            assert client.get(path).status_code == 404, (username, path)
        assert client.post(f"/desk/case/{number}/open_handed/", {}).status_code == 404
        assert (
            client.post(f"/desk/accountability/measures/{number}/decide/", FORM).status_code == 404
        )
        assert number not in text(client, "/desk/")
    where = {"unit": world.organ("YJ02"), "day_of_conduct": "2025-04-01"}
    given = {
        "subject_official": official("YJ02-Z"),
        "situations": "S.11.2",
        "facts": "示例",
        **where,
    }
    answer = sit("supervisor").post(
        "/desk/open/accountability/open_own/", given
    )  # the petition office imposes nothing
    assert answer.status_code == 422
    assert "没有管理权限" in answer.content.decode()
    assert read_file(Case.objects.get(number=number)).decisions == []
    assert Case.objects.filter(kind="accountability").count() == 1
