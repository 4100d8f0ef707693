"""The page of the second person: everything that is decided on, two buttons, nobody else."""

from __future__ import annotations

import re
from typing import Any
from unittest.mock import Mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dengwen.access.models import ReadLog
from dengwen.cases.models import Act, File
from dengwen.cases.read.case_view import read_file
from dengwen.cases.write.proposal_doors import propose
from dengwen.desk.shell.worklist import second_signatures
from dengwen.law.duties.proposal import APPROVE, OVERTAKE, PROPOSE, REFUSE, WITHDRAW
from dengwen.law.duties.step import Step
from tests.desk.conftest import Day, Sit
from tests.world import PAPER, World, at

PAGE = "/desk/approvals/"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def proposal() -> Act:
    """Return the proposal of the test; the district was founded by others."""
    return Act.objects.get(act=PROPOSE, case__kind="petition")


def hidden(page: str, name: str) -> str:
    """Return the value of the first hidden field of a name."""
    found = re.search(rf'name="{name}"\s+value="([^"]*)"', page)
    assert found is not None, name
    return found.group(1)


def answer(client: Client, answer: str, why: str = "", **more: str) -> Any:
    """Press a button of the first proposal on the page."""
    page = client.get(PAGE).content.decode()
    names = ("uid", "number", "seq", "seen")
    given = {name: more.get(name) or hidden(page, name) for name in names}
    return client.post(PAGE, {**given, "answer": answer, "why": why})


@pytest.fixture
def number(world: World, day: Day, sit: Sit) -> str:
    """A matter whose head asked, at the desk, for an extension claimed ten days ago."""
    number = world.to_accepted("2025-03-03")
    day.set("2025-04-30")
    address = f"/desk/case/{number}/extend/"
    sent = {
        "days": "30",
        "told_petitioner": "on",
        "reason": "需委托检测（示例）",
        "occurred_on": "2025-04-20",
        "late_reason": "停电期间纸质办理（示例）",
        "late_paper": SimpleUploadedFile("纸.pdf", PDF, "application/pdf"),
    }
    page = sit("head").post(address, sent, follow=True)
    text = page.content.decode()
    assert "须两人" in text, text
    return number


def last(number: str) -> str:
    """Return the newest act of a case."""
    return Act.objects.filter(case__number=number).latest("seq").act


def proposed_again(world: World, number: str) -> None:
    """Put a second extension of the same matter before the second person."""
    step = Step(
        act="extend",
        case=number,
        fields={"days": 20, "told_petitioner": True},
        texts={"reason": "示例"},
        occurred_at=at("2025-04-21"),
        late_reason="停电（示例）",
        paper=PAPER,
    )
    propose(step, by=world.by("head"), now=at("2025-04-30"), uid="again")


@pytest.mark.parametrize("address", ["/desk/", PAGE])
def test_a_case_is_read_once_however_much_waits_in_it(
    world: World, sit: Sit, number: str, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    proposed_again(world, number)
    read = Mock(side_effect=read_file)
    monkeypatch.setattr(second_signatures, "read_file", read)
    text = sit("checker").get(address).content.decode()
    assert read.call_count == 1
    assert text.count(f'value="{number}"') == (2 if address == PAGE else 0)


def test_the_home_page_stops_at_the_first_that_may_be_decided(
    world: World, day: Day, sit: Sit, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = world.to_accepted("2025-03-03")
    proposed_again(world, other)
    read = Mock(side_effect=read_file)
    monkeypatch.setattr(second_signatures, "read_file", read)
    text = sit("checker").get("/desk/").content.decode()
    assert PAGE in text
    assert read.call_count == 1


def test_an_act_that_takes_two_waits_after_its_form(world: World, number: str) -> None:
    assert last(number) == PROPOSE
    assert str(world.duty(number, "handle").due) == "2025-05-06"


def test_the_page_shows_all_that_is_decided_on(world: World, sit: Sit, number: str) -> None:
    home = sit("checker").get("/desk/").content.decode()
    assert PAGE in home
    page = sit("checker").get(PAGE).content.decode()
    for said in (
        number,
        "需委托检测",
        "停电期间",
        "2025-04-20",
        "2025-05-06",
        "2025-06-03",
        "延长",
    ):
        assert said in page, said
    assert str(proposal().pk) not in re.findall(r'value="(\d+)"', page)
    assert ReadLog.objects.filter(case_number=number, purpose="approve").exists()
    file = File.objects.get(field="late_paper")
    assert f"/desk/case/{number}/files/{file.name}/" in page
    assert b"".join(sit("checker").get(f"/desk/case/{number}/files/{file.name}/")) == PDF


def test_the_page_reads_in_english(sit: Sit, number: str) -> None:
    page = sit("checker", "en").get(PAGE).content.decode()
    assert "1 proposal waits for your approval" in page
    for said in ("Once approved", "Approve:", "Refuse", "due ", "Said to have happened"):
        assert said in page, said
    assert "同意" not in page.split("<main")[1].split("</main>")[0]


def test_the_second_person_approves_from_the_own_account(
    world: World, sit: Sit, number: str
) -> None:
    page = answer(sit("checker"), "approve")
    assert page.status_code == 302
    act = Act.objects.get(act="extend")
    assert act.actor == world.office.users["head"].pk
    assert str(world.duty(number, "handle").due) == "2025-06-03"
    assert [act.act for act in Act.objects.filter(actor=world.office.users["checker"].pk)] == [
        APPROVE
    ]
    assert File.objects.get(field="late_paper").call == act.call
    assert "没有等您同意的" in sit("checker").get(PAGE).content.decode()
    case = sit("handler").get(f"/desk/case/{number}/").content.decode()
    assert "补录" in case


@pytest.mark.parametrize("who", ["head", "clerk", "handler2", "auditor", "security", "reviewer"])
def test_others_neither_see_nor_decide(sit: Sit, number: str, who: str) -> None:
    row = proposal()
    client = sit(who)
    page = client.get(PAGE)
    if page.status_code == 200:
        assert 'value="approve"' not in page.content.decode()
    sent = {"number": number, "seq": str(row.seq), "seen": row.content, "answer": "approve"}
    assert client.post(PAGE, sent).status_code in (302, 404, 422)
    assert client.post(PAGE, {**sent, "answer": "refuse", "why": "x"}).status_code in (
        302,
        404,
        422,
    )
    assert last(number) == PROPOSE


def test_a_case_that_is_hidden_and_one_that_is_missing_answer_alike(sit: Sit, number: str) -> None:
    row = proposal()
    client = sit("handler2")
    sent = {"seq": str(row.seq), "seen": row.content, "answer": "approve"}
    there = client.post(PAGE, {**sent, "number": number})
    missing = client.post(PAGE, {**sent, "number": "YJ01-2025-000000000-0"})
    assert there.status_code == missing.status_code == 404
    token = rb'name="csrfmiddlewaretoken" value="[^"]*"'
    assert re.sub(token, b"", there.content) == re.sub(token, b"", missing.content)


@pytest.mark.parametrize(
    "sent",
    [
        {"number": "x", "seq": "1"},
        {"seq": "99999999999999999999"},
        {"seq": "-1"},
        {"answer": "else"},
        {"answer": ""},
    ],
)
def test_forged_answers_are_no_answers(sit: Sit, number: str, sent: dict[str, str]) -> None:
    row = proposal()
    whole = {
        "number": number,
        "seq": str(row.seq),
        "seen": row.content,
        "answer": "approve",
        **sent,
    }
    assert sit("checker").post(PAGE, whole).status_code == 404
    assert last(number) == PROPOSE


def test_what_was_not_shown_is_not_approved(sit: Sit, number: str) -> None:
    page = answer(sit("checker"), "approve", seen="cd" * 32)
    assert page.status_code == 422
    assert "看到的不是所提请的原样" in page.content.decode()
    assert last(number) == PROPOSE


def test_a_refusal_says_why(sit: Sit, number: str) -> None:
    page = answer(sit("checker"), "refuse", why="　")
    assert page.status_code == 422
    assert "须写一句原因" in page.content.decode()
    assert answer(sit("checker"), "refuse", why="材料不符").status_code == 302
    assert last(number) == REFUSE
    assert answer_again(sit("checker"), number).status_code == 422


def answer_again(client: Client, number: str) -> Any:
    """Approve the proposal once more, though it is no longer on the page."""
    row = proposal()
    sent = {"number": number, "seq": str(row.seq), "seen": row.content, "answer": "approve"}
    return client.post(PAGE, sent)


def test_whoever_proposed_it_takes_it_back(sit: Sit, number: str) -> None:
    assert "您提出的" in sit("head").get(PAGE).content.decode()
    assert answer(sit("head"), "take_back").status_code == 302
    assert last(number) == WITHDRAW
    assert answer_again(sit("checker"), number).status_code == 422


def test_what_is_no_longer_possible_is_kept_with_why(world: World, sit: Sit, number: str) -> None:
    flags: dict[str, Any] = {
        "both_parties_agree": True,
        "lawful_terms": True,
        "paper_kind": "settlement",
    }
    texts = {"parties_text": "示例", "terms": "示例"}
    world.act("handler", "settle", number, on="2025-04-30", texts=texts, **flags)
    page = answer(sit("checker"), "approve")
    assert page.status_code == 422
    assert "已不能办理" in page.content.decode()
    assert last(number) == OVERTAKE


def test_the_acts_of_a_proposal_have_no_page_of_their_own(sit: Sit, number: str) -> None:
    client = sit("checker")
    for act in (PROPOSE, APPROVE, REFUSE, WITHDRAW, OVERTAKE):
        assert client.get(f"/desk/case/{number}/{act}/").status_code == 404
    case = client.get(f"/desk/case/{number}/").content.decode()
    assert f"/{APPROVE}/" not in case
    assert "停电期间" not in case  # what waits is read on the page of the second person
