"""What a person may do for themselves stands on their home from the day they are told, with its
last day; nothing does before, and never on anybody else's."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from dengwen.access.models import User
from dengwen.accountability.measures.queries import AccountFile
from dengwen.cases.models import Case as Row
from dengwen.desk.accountability import own_rights
from dengwen.desk.shell.frame import clock
from dengwen.notices.models import Outbox
from dengwen.worker.loops import turn_outbox
from tests.accountability.deciding import decided
from tests.accountability.inquiries import Case, official, opened, with_staff
from tests.accountability.measuring import (
    GRAVE,
    circular,
    decide,
    found_here,
    honours,
    missed,
    opened_bare,
    rectified,
    sanctioned,
    serve,
)
from tests.accountability.measuring import opened as opened_file
from tests.world import World, at

TITLE = "我可以行使的权利"


def sit(who: str, on: str, monkeypatch: pytest.MonkeyPatch, language: str = "zh-hans") -> Client:
    """Seat somebody at the desk on a day."""
    monkeypatch.setattr(clock, "now", lambda: at(on))
    client = Client(headers={"accept-language": language})
    client.force_login(User.objects.get(username=who))
    return client


def home(who: str, on: str, monkeypatch: pytest.MonkeyPatch, language: str = "zh-hans") -> str:
    """Return the home of somebody on a day."""
    answer = sit(who, on, monkeypatch, language).get("/desk/")
    assert answer.status_code == 200
    return answer.content.decode()


def under_way(world: World) -> Case:
    """Open an inquiry into the handler, with one paper on the board."""
    case = opened(world)
    case.act("pin_evidence", texts={"shows": "到期"}, papers=("aa" * 32,), disclose="open")
    return case


def test_the_defence_stands_there_from_the_day_of_telling_until_the_conclusion(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = under_way(world)
    before = home("handler", "2025-05-06", monkeypatch)
    assert TITLE not in before
    assert case.number not in before
    assert not Outbox.objects.filter(case_number=case.number, recipient="official").exists()
    case.tell("YJ02-L", until="2025-05-20")
    page = home("handler", "2025-05-06", monkeypatch)
    assert TITLE in page
    assert f"/desk/accountability/about-me/{case.number}/" in page
    assert "5 月 20 日" in page
    for word in ("责任", "线索", "涉嫌"):
        assert word not in page.split('id="rights"')[1].split("</section>")[0]
    late = home("handler", "2025-05-21", monkeypatch)
    assert "作出结论以前仍然接受" in late
    english = home("handler", "2025-05-06", monkeypatch, "en")
    assert "Rights I can use" in english
    for other in ("head", "checker", "handler2", "clerk", "supervisor", "router"):
        assert TITLE not in home(other, "2025-05-06", monkeypatch)
    Row.objects.filter(number=case.number).update(state="concluded")
    assert TITLE not in home("handler", "2025-05-06", monkeypatch)


def test_a_notice_goes_out_the_same_day_to_whom_it_concerns_alone(world: World) -> None:
    case = under_way(world)
    case.tell("YJ02-L", until="2025-05-20")
    mine = str(world.office.users["handler"].pk)
    turn_outbox(at("2025-05-06", 20))
    rows = Outbox.objects.filter(case_number=case.number, recipient="official")
    assert [(row.recipient_ref, row.withheld_at) for row in rows] == [(mine, None)]
    assert all(row.sent_at is not None for row in rows)


def test_a_file_that_is_inquired_into_by_itself_is_answered_from_the_own_page(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = opened_bare(world, on="2025-03-04", by="sanction-officer")
    assert TITLE not in home("head", "2025-03-04", monkeypatch)
    case = Case(world, number, today="2025-03-04", by="sanction-officer")
    for code in ("YJ09-G", "YJ09-T"):
        case.act("name_investigator", official=official(code), declared="none")
    case.act("pin_evidence", texts={"shows": "到期"}, papers=("aa" * 32,), disclose="open")
    client = sit("head", "2025-03-04", monkeypatch)
    own = f"/desk/accountability/about-me/{number}/"
    assert client.get(own).status_code == 404
    case.tell("YJ02-Z", until="2025-03-28")
    assert own in home("head", "2025-03-04", monkeypatch)
    assert client.post(own, {"stand": "disagree", "defence": "材料不全"}).status_code == 302
    assert [point.official for point in case.made.points.values()] == [official("YJ02-Z")]


def served(world: World, on: str) -> str:
    """Decide on an admonition of the bureau's head and serve it."""
    number = decided(world, "2025-04-01")
    given: dict[str, Any] = {"received_on": date.fromisoformat(on), "how": "in_person"}
    world.act("committee", "serve_decision", number, on=on, **given)
    return number


def test_who_is_told_anew_after_a_missed_goal_answers_before_anything_heavier(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = opened_file(world)
    circular(world, number)
    serve(world, number)
    own = f"/desk/accountability/about-me/{number}/"
    file = f"/desk/accountability/measures/{number}/"
    world.act(
        "committee", "reject_rectification", number, on="2025-07-03", texts={"why": "没有办结"}
    )
    assert own not in home("head", "2025-07-03", monkeypatch)
    client = sit("head", "2025-07-03", monkeypatch)
    assert client.get(own).status_code == 404
    assert own not in client.get(file).content.decode()
    case = Case(world, number, today="2025-07-03", by="committee")
    case.tell("YJ02-Z", until="2025-07-18")
    page = home("head", "2025-07-03", monkeypatch)
    assert own in page
    assert "7 月 18 日" in page
    client = sit("head", "2025-07-04", monkeypatch)
    assert own in client.get(file).content.decode()
    assert client.get(own).status_code == 200
    assert client.post(own, {"stand": "disagree", "defence": "材料不全"}).status_code == 302
    assert [point.official for point in case.made.points.values()] == [official("YJ02-Z")]
    for other in ("handler", "checker", "supervisor"):
        assert own not in home(other, "2025-07-04", monkeypatch)
        assert sit(other, "2025-07-04", monkeypatch).get(own).status_code == 404


def test_what_was_told_before_a_goal_was_missed_is_no_right_to_answer_now(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = opened_bare(world, on="2025-03-04", by="committee")
    with_staff(world, "YJW", "YJW-A", "YJW-B")
    found_here(world, number, by="committee", staff=("YJW-F", "YJW-A"))
    circular(world, number)
    serve(world, number)
    world.act(
        "committee", "reject_rectification", number, on="2025-07-03", texts={"why": "没有办结"}
    )
    assert Row.objects.get(number=number).state == "not_met"
    own = f"/desk/accountability/about-me/{number}/"
    assert own not in home("head", "2025-07-03", monkeypatch)
    assert sit("head", "2025-07-03", monkeypatch).get(own).status_code == 404


def test_an_appeal_stands_there_as_long_as_it_is_taken_and_goes_once_it_is_made(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = served(world, "2025-04-10")
    page = home("head", "2025-04-11", monkeypatch)
    assert f"/desk/accountability/measures/{number}/#appeal" in page
    assert "问责决定的申诉（诫勉）" in page
    assert "5 月 12 日" in page
    assert "期限没有核过原文" in page
    assert "问责决定的申诉" in home("head", "2025-07-01", monkeypatch)
    for other in ("handler", "checker", "head2", "supervisor"):
        assert TITLE not in home(other, "2025-04-11", monkeypatch)
    client = sit("head", "2025-07-01", monkeypatch)
    form = {"way": "admonition/ac19", "grounds": "事实不清"}
    path = f"/desk/accountability/measures/{number}/appeal/"
    assert client.post(path, form).status_code == 302
    assert "问责决定的申诉" not in home("head", "2025-07-01", monkeypatch)


def test_an_appeal_goes_after_the_last_day_of_a_text_that_was_seen(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = sanctioned(world, "gov_demerit")
    given: dict[str, Any] = {"received_on": date(2025, 4, 10), "how": "in_person"}
    world.act("sanction-officer", "serve_decision", number, on="2025-04-10", **given)
    client = sit("head", "2025-05-12", monkeypatch)
    page = client.get(f"/desk/accountability/measures/{number}/").content.decode()
    assert "不因申诉加重（《公职人员政务处分法》第五十六条）" in page
    assert "监察法的复审、复核" in home("head", "2025-05-12", monkeypatch)
    assert "监察法的复审、复核" not in home("head", "2025-05-13", monkeypatch)


def test_a_measure_of_an_earlier_decision_keeps_its_way_beside_a_heavier_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = opened_file(world)
    circular(world, number)
    serve(world, number)
    missed(world, number, "2025-07-03")
    later: dict[str, Any] = {**GRAVE, **rectified(world, date(2025, 12, 31)), **honours(world)}
    decide(world, number, "admonition", on="2025-07-07", **later)
    shown = home("head", "2025-07-08", monkeypatch)
    assert "问责决定的申诉（通报）" in shown
    assert "问责决定的申诉（诫勉）" not in shown
    serve(world, number, "2025-07-09")
    shown = home("head", "2025-07-10", monkeypatch)
    for words in ("问责决定的申诉（通报）", "问责决定的申诉（诫勉）"):
        assert words in shown
    client = sit("head", "2025-07-10", monkeypatch)
    page = client.get(f"/desk/accountability/measures/{number}/").content.decode()
    for way in ("circular/ac19", "admonition/ac19"):
        assert f'value="{way}"' in page
    assert "不停止执行" not in page
    path = f"/desk/accountability/measures/{number}/appeal/"
    assert client.post(path, {"way": "circular/ac19", "grounds": "事实不清"}).status_code == 302
    shown = home("head", "2025-07-10", monkeypatch)
    assert "问责决定的申诉（通报）" not in shown
    assert "问责决定的申诉（诫勉）" in shown


@pytest.mark.parametrize(
    ("known", "counted", "state", "over"),
    [
        ("2025-05-11", "2025-05-11", "served", True),
        ("2025-05-12", "2025-05-12", "closed", False),
        (None, "2025-05-11", "served", False),
        (None, "2025-05-11", "closed", True),
        (None, "2025-05-12", "closed", False),
        (None, None, "served", False),
        (None, None, "closed", True),
    ],
)
def test_only_a_day_that_the_door_knows_ends_a_way_of_an_open_file(
    known: str | None, counted: str | None, state: str, *, over: bool
) -> None:
    file = AccountFile(Row(state=state), ())
    days = [date.fromisoformat(day) if day else None for day in (known, counted)]
    assert own_rights._is_over(file, days[0], days[1], date(2025, 5, 12)) is over
