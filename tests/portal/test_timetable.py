"""The public timetable of receptions, and booking by number and code."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dengwen.cases.models import Case
from tests.leadership.people import official, schedule
from tests.portal.petitioner import ACCUSATION, Petitioner
from tests.world import World

PAGE = "/reception/"


def text_of(answer: Any) -> str:
    """Return the page as text."""
    return str(answer.content.decode())


def booking(known: tuple[str, str], day: str, **more: str) -> dict[str, str]:
    """Return what the form of the timetable sends."""
    sent = {"number": known[0], "code": known[1], "day": day, "token": "7" * 32, "go": "send"}
    return {**sent, **more}


@pytest.mark.sentence("S7.4")
def test_everybody_reads_who_receives_when_and_where(world: World, petitioner: Petitioner) -> None:
    first, second = schedule(world, "2025-03-12"), schedule(world, "2025-03-26", leader="YJQ-Y")
    fields: dict[str, Any] = {
        "leader": official("YJQ-Y"),
        "organ": world.organ("YJQ"),
        "day": date(2025, 3, 12),
    }
    world.act("clerk", "substitute", first, on="2025-01-07", texts={"reason": "外出开会"}, **fields)
    world.act("clerk", "call_off", second, on="2025-01-07", texts={"reason": "防汛"})
    page = text_of(petitioner.client.get(PAGE))
    for shown in (
        "2025-03-12",
        "9:00–11:30",
        "云江区信访接待中心",
        "尹样例",
        "副区长",
        "有变更",
        "已取消",
    ):
        assert shown in page
    assert "外出开会" not in page, "the reason is for the file"
    assert "潘假名" not in page


def test_a_petitioner_books_once_with_number_and_code(world: World, petitioner: Petitioner) -> None:
    day = schedule(world, "2025-03-12")
    known = petitioner.submit()
    done = petitioner.client.post(PAGE, booking(known, day))
    assert done.status_code == 200
    assert "已预约" in text_of(done)
    talk = Case.objects.get(kind="interview")
    assert (talk.state, talk.holder_id) == ("booked", world.organ("YJ01"))
    again = petitioner.client.post(PAGE, booking(known, day))
    assert "已预约" in text_of(again)
    assert Case.objects.filter(kind="interview").count() == 1
    twice = petitioner.client.post(PAGE, booking(known, day, token="8" * 32))
    assert twice.status_code == 422
    assert "已经预约" in text_of(twice)


def test_a_wrong_code_or_day_books_nothing(world: World, petitioner: Petitioner) -> None:
    day = schedule(world, "2025-03-12")
    known = petitioner.submit()
    for wrong in (
        {"code": "2345-6789-ABCD-EFGH-JKMN"},
        {"day": "YJ01-2025-000000000-0"},
        {"token": "x"},
    ):
        petitioner.client.post(PAGE, {**booking(known, day), **wrong})
    assert not Case.objects.filter(kind="interview").exists()


def test_an_accusation_is_not_booked_here(world: World, petitioner: Petitioner) -> None:
    day = schedule(world, "2025-03-12")
    known = petitioner.submit()
    world.act("clerk", "classify", known[0], on="2025-03-03", **ACCUSATION)
    answer = petitioner.client.post(PAGE, booking(known, day))
    assert answer.status_code == 422
    assert "这件事不在接访日预约" in text_of(answer)
    assert not Case.objects.filter(kind="interview").exists()
