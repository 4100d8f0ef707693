"""Leads at the desk: raised in two clicks from a late line, inbox, one lead, taken or declined;
others see none."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from dengwen.access.models import ReadLog
from dengwen.accountability.finders import find
from dengwen.accountability.leads.new_lead import raise_all
from dengwen.accountability.leads.queries import read_lead
from dengwen.cases.duties.sweep import sweep
from dengwen.cases.models import Act, Case
from dengwen.desk.shell.frame.seat import case_href
from tests.accountability.test_finders import absent
from tests.desk.conftest import Day, Sit
from tests.desk.oversight.test_supervision import form_of, key_of, late_matter
from tests.world import World, at


@pytest.fixture
def supervisor(sit: Sit, day: Day) -> Client:
    day.set("2025-06-20")
    return sit("supervisor")


def raise_from_line(world: World, client: Client) -> tuple[str, str]:
    """Raise a lead from the late line of a matter; return the matter and the lead."""
    number = late_matter(world)
    link = f"/desk/accountability/leads/new/?line={key_of(number)}"
    form = {**form_of(client.get(link).content.decode()), "official": ""}
    answer = client.post(link, form)
    assert answer.status_code == 302
    return number, Case.objects.get(kind="lead").number


def test_a_lead_is_raised_in_two_clicks_from_its_line(world: World, supervisor: Client) -> None:
    number = late_matter(world)
    page = supervisor.get("/desk/oversight/breaches/").content.decode()
    link = f"/desk/accountability/leads/new/?line={key_of(number)}"
    assert link in page  # the first click
    form = form_of(supervisor.get(link).content.decode())
    assert form["situations"] == "S.11.2"
    assert "已逾期" in form["facts"]
    assert form["innocent"].strip().startswith("如果情有可原")
    answer = supervisor.post(link, form)  # the second
    case = Case.objects.get(kind="lead")
    assert answer.headers["Location"] == f"/desk/accountability/leads/{case.number}/"
    lead = read_lead(case)
    assert (lead.finder, lead.unit.code, lead.about, lead.strength) == (
        "person",
        "YJ02",
        number,
        "ledger",
    )
    assert [item.act for item in lead.evidence] == ["accept", "breach"]


def test_what_is_missing_is_asked_for_and_nothing_is_written(
    world: World, supervisor: Client
) -> None:
    link = f"/desk/accountability/leads/new/?line={key_of(late_matter(world))}"
    form = {**form_of(supervisor.get(link).content.decode()), "facts": " ", "situations": "R22.43"}
    answer = supervisor.post(link, form)
    assert answer.status_code == 422
    assert answer.content.decode().count("请选择或者填写") >= 2
    assert not Case.objects.filter(kind="lead").exists()


def test_a_lead_is_raised_from_the_page_of_a_case(world: World, supervisor: Client) -> None:
    number = world.to_accepted("2025-06-02")
    assert (
        f"/desk/accountability/leads/new/?case={number}"
        in supervisor.get(f"/desk/case/{number}/").content.decode()
    )
    link = f"/desk/accountability/leads/new/?case={number}"
    form = {
        **form_of(supervisor.get(link).content.decode()),
        "facts": "两次来电未接",
        "innocent": "有通话记录",
        "situations": ["S.11.3"],
    }
    assert supervisor.post(link, form).status_code == 302
    lead = read_lead(Case.objects.get(kind="lead"))
    assert ([s.id for s in lead.situations], lead.strength, lead.evidence) == (
        ["S.11.3"],
        "acts",
        (),
    )


def test_the_inbox_says_source_situation_and_strength(world: World, supervisor: Client) -> None:
    number, lead = raise_from_line(world, supervisor)
    page = supervisor.get("/desk/accountability/leads/").content.decode()
    assert f"/desk/accountability/leads/{lead}/" in page
    assert number in page
    assert "存证记录本身" in page
    assert "没有按规定受理、交办、转送、办理、督办" in page
    assert "/desk/accountability/leads/" in supervisor.get("/desk/").content.decode()
    assert not ReadLog.objects.filter(case_number=lead).exists()


def test_each_thing_it_rests_on_opens_its_case_and_its_proof(
    world: World, supervisor: Client
) -> None:
    number, lead = raise_from_line(world, supervisor)
    page = supervisor.get(f"/desk/accountability/leads/{lead}/").content.decode()
    assert ReadLog.objects.filter(case_number=lead, data_class="D5").exists()
    assert f"/desk/case/{number}/" in page
    proof = supervisor.get(f"/desk/accountability/leads/{lead}/proof/2/")
    assert proof.status_code == 200
    breach = Act.objects.get(case__number=number, act="breach", duty="handle")
    assert f"{number}-{breach.seq}.receipt.txt" in proof.headers["Content-Disposition"]
    assert supervisor.get(f"/desk/accountability/leads/{lead}/proof/3/").status_code == 404


def test_taking_it_is_one_click_and_leads_to_the_inquiry(world: World, supervisor: Client) -> None:
    _number, lead = raise_from_line(world, supervisor)
    answer = supervisor.post(f"/desk/accountability/leads/{lead}/", {"take": "no_conflict"})
    inquiry = Case.objects.get(kind="inquiry")
    assert answer.headers["Location"] == f"/desk/accountability/inquiries/{inquiry.number}/"
    page = supervisor.get(f"/desk/accountability/leads/{lead}/").content.decode()
    assert inquiry.number in page
    assert 'name="take"' not in page


def test_declining_needs_a_reason_that_stays(world: World, supervisor: Client) -> None:
    _number, lead = raise_from_line(world, supervisor)
    assert (
        supervisor.post(
            f"/desk/accountability/leads/{lead}/", {"decline": "1", "reason": " "}
        ).status_code
        == 422
    )
    answer = supervisor.post(
        f"/desk/accountability/leads/{lead}/", {"decline": "1", "reason": "七日内已经办结"}
    )
    assert answer.headers["Location"] == f"/desk/accountability/leads/{lead}/"
    assert (
        "七日内已经办结" in supervisor.get(f"/desk/accountability/leads/{lead}/").content.decode()
    )
    assert lead in supervisor.get("/desk/accountability/leads/?state=declined").content.decode()
    assert lead not in supervisor.get("/desk/accountability/leads/").content.decode()


@pytest.mark.parametrize(
    "who", ["handler", "head", "clerk", "handler2", "sealed", "city-supervisor"]
)
def test_for_others_there_is_no_lead(world: World, supervisor: Client, sit: Sit, who: str) -> None:
    number, lead = raise_from_line(world, supervisor)
    other = sit(who)
    gone = other.get("/desk/accountability/leads/NOBODY/").status_code
    for path in (
        f"/desk/accountability/leads/{lead}/",
        f"/desk/accountability/leads/{lead}/proof/1/",
        f"/desk/case/{lead}/",
    ):
        assert other.get(path).status_code == gone == 404
    assert (
        other.post(f"/desk/accountability/leads/{lead}/", {"take": "no_conflict"}).status_code
        == 404
    )
    assert (
        f"/desk/accountability/leads/{lead}/"
        not in other.get(f"/desk/petitions/find/?q={lead}").content.decode()
    )
    assert (
        f"/desk/case/{lead}/" not in other.get(f"/desk/petitions/find/?q={lead}").content.decode()
    )
    if who in ("handler", "head"):
        page = other.get(f"/desk/case/{number}/").content.decode()
        assert lead not in page
        assert "线索" not in page


def test_a_line_of_another_area_or_none_offers_no_lead(
    world: World, supervisor: Client, sit: Sit, day: Day
) -> None:
    slow = world.register("2025-03-03")
    sweep(now=at("2025-06-20"))
    page = supervisor.get("/desk/oversight/breaches/").content.decode()
    assert slow in page
    assert (
        "/desk/accountability/leads/new/" not in page
    )  # the petition department raises none about itself
    assert supervisor.get("/desk/accountability/leads/new/?line=X.1").status_code == 404
    assert supervisor.get(f"/desk/accountability/leads/new/?case={slow}").status_code == 404
    assert sit("conference").get("/desk/accountability/leads/").status_code == 404


def test_the_pages_speak_english(world: World, sit: Sit, day: Day) -> None:
    day.set("2025-06-20")
    client = sit("supervisor", "en")
    _number, lead = raise_from_line(world, client)
    for path in ("/desk/accountability/leads/", f"/desk/accountability/leads/{lead}/"):
        page = client.get(path).content.decode()
        plain = re.sub(r"<[^>]+>", "", page)
        assert "A lead is no verdict" in plain
        assert "Strength of proof" in plain


@pytest.mark.parametrize("by_hand", [True, False])
def test_whoever_decides_on_a_lead_sees_what_was_claimed_afterwards(
    world: World, supervisor: Client, *, by_hand: bool
) -> None:
    """Before the lead was raised, or since: it is said with its days, and the lead stays."""
    if by_hand:
        matter, number = raise_from_line(world, supervisor)
    else:
        matter = late_matter(world)
        found = find(now=at("2025-06-20"), only=["not_handled"])
        [number] = raise_all(found, by=world.by("supervisor"), now=at("2025-06-20")).numbers
    link = f"/desk/accountability/leads/{number}/"
    assert "事后主张" not in supervisor.get(link).content.decode()
    due = world.duty(matter, "handle").due
    assert due is not None
    handler = world.official("YJ02-L")
    world.act("handler", "assign_handler", matter, on="2025-06-20", official=handler)
    absent(world, "YJ02-L", "YJ02-W", due, due + timedelta(days=9), "2025-06-20")
    page = supervisor.get(link).content.decode()
    assert f"事后主张：当日有人代行（2025-06-20 录入，针对 {due}）" in page
    supervisor.cookies["django_language"] = "en"
    page = supervisor.get(link).content.decode()
    assert f"Claimed, entered on 2025-06-20 for {due}: somebody stood in that day" in page
    assert Case.objects.get(number=number).state == "raised"


def test_a_lead_links_to_where_what_it_rests_on_is_added(world: World, supervisor: Client) -> None:
    _matter, number = raise_from_line(world, supervisor)
    page = supervisor.get(f"/desk/accountability/leads/{number}/").content.decode()
    link = case_href(number, "add_evidence")
    assert f'href="{link}"' in page
    assert supervisor.get(link).status_code == 200
