"""The days of the nine steps are those on which things were done, and no step is done before it
is over."""

from __future__ import annotations

import hashlib
import re
from datetime import date
from html import unescape

import pytest
from django.test import Client

from dengwen.access.models import User
from dengwen.accountability.inquiry.queries import KIND
from dengwen.cases.models import Case as Row
from dengwen.desk.shell.frame import clock
from tests.accountability.inquiries import RECORD, official, opened
from tests.accountability.measuring import opened as opened_file
from tests.world import World, at

STEP = re.compile(r'<li class="(\w+)"[^>]*>\s*<b>([^<]+)</b>(.*?)</li>', re.DOTALL)
WHEN = re.compile(r"(\d{4})\D+(\d{1,2})\D+(\d{1,2})")
Steps = dict[str, tuple[str, date | None]]


def steps(who: str, path: str, on: str, monkeypatch: pytest.MonkeyPatch) -> Steps:
    """Return of each step on a page whether it is done, on or later, and its day."""
    monkeypatch.setattr(clock, "now", lambda: at(on))
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(User.objects.get(username=who))
    answer = client.get(path)
    assert answer.status_code == 200
    line = unescape(answer.content.decode()).split('<ol class="nine">')[1].split("</ol>")[0]
    return {name: (state, _day(rest)) for state, name, rest in STEP.findall(line)}


def _day(drawn: str) -> date | None:
    """Return the day drawn in a step."""
    found = WHEN.search(re.sub(r"<[^>]+>", "", drawn))
    return date(*(int(part) for part in found.groups())) if found else None


def test_an_inquiry_shows_the_day_on_which_its_lead_was_raised(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = world.act(
        "supervisor",
        "raise_lead",
        kind="lead",
        on="2025-06-20",
        finder="person",
        unit=world.organ("YJ02"),
        official=official("YJ02-L"),
        situations=("S.11.2",),
        strength="acts",
        day_of_conduct=date(2025, 5, 6),
        texts={"facts": "逾期至今", "innocent": "有替班登记"},
    ).case
    paper = (hashlib.sha256("值班登记".encode()).hexdigest(),)
    texts = {"what": "登记"}
    world.act("supervisor", "add_evidence", number, on="2025-06-20", texts=texts, papers=paper)
    world.act("supervisor", "take", number, on="2025-07-01", no_conflict=True)
    inquiry = Row.objects.get(kind=KIND).number
    path = f"/desk/accountability/inquiries/{inquiry}/"
    line = steps("supervisor", path, "2025-07-02", monkeypatch)
    assert line["线索"] == ("done", date(2025, 6, 20))
    assert line["核查"] == ("done", date(2025, 7, 1))


def test_a_file_from_a_proposal_shows_no_day_of_the_inquiry_to_whoever_does_not_read_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = opened_file(world)
    path = f"/desk/accountability/measures/{number}/"
    line = steps("committee", path, "2025-03-04", monkeypatch)
    assert line["核查"] == ("done", None)
    assert line["建议"] == ("done", date(2025, 3, 3))


def test_the_defence_is_over_once_the_record_stands_and_the_day_has_passed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = opened(world)
    case.act("pin_evidence", texts={"shows": "到期"}, papers=("aa" * 32,), disclose="open")
    case.tell("YJ02-L", until="2025-05-20")
    who = official("YJ02-L")
    pages = {
        "supervisor": f"/desk/accountability/inquiries/{case.number}/",
        "handler": f"/desk/accountability/about-me/{case.number}/",
    }
    last = date(2025, 5, 20)

    def defence(on: str) -> set[tuple[str, date | None]]:
        return {steps(who, path, on, monkeypatch)["申辩"] for who, path in pages.items()}

    texts = {"statement": "没有异议"}
    case.done("hear", texts=texts, official=who, how="heard", record=(RECORD,))
    assert defence("2025-05-06") == {("now", last)}
    assert defence("2025-05-21") == {("now", last)}  # nobody signed the record
    case.done("sign_hearing", official=who, paper=(RECORD,))
    assert defence("2025-05-20") == {("now", last)}  # the day still runs
    assert defence("2025-05-21") == {("done", date(2025, 5, 6))}
