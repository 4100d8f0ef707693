"""Days of reception, the talks booked for them, and what happens to those when the roster
changes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dengwen.cases import replay
from dengwen.cases.models import Duty
from dengwen.cases.write.check import Refused
from dengwen.leadership.errors import LeadershipError
from dengwen.leadership.models import Slot
from tests.leadership.people import DEPUTY, HEAD, HOURS, book, official, schedule, sees, state
from tests.world import World

WEDNESDAY = "2025-03-12"


@pytest.mark.sentence("S7.4")
def test_the_roster_says_who_receives_when_and_where(world: World) -> None:
    schedule(world, WEDNESDAY)
    slot = Slot.objects.get()
    assert (slot.leader_id, slot.day, slot.state, slot.changed) == (
        official(),
        date(2025, 3, 12),
        "scheduled",
        False,
    )
    assert slot.hours == HOURS["hours"]


def test_a_talk_lets_the_leader_read_the_matter_and_is_booked_once(world: World) -> None:
    petition = world.to_accepted("2025-03-03")
    day = schedule(world, WEDNESDAY)
    talk = book(world, day, petition, WEDNESDAY)
    assert sees(world, HEAD, talk)
    assert sees(world, HEAD, petition)
    with pytest.raises(LeadershipError, match="已经预约"):
        book(world, day, petition, WEDNESDAY)


@pytest.mark.parametrize("wrong", ["leader", "day", "reception", "past"])
def test_only_a_published_day_can_be_booked(world: World, wrong: str) -> None:
    petition = world.to_accepted("2025-03-03")
    day = schedule(world, WEDNESDAY)
    with pytest.raises(LeadershipError, match="没有这一天"):
        book(
            world,
            petition if wrong == "reception" else day,
            petition,
            "2025-03-13" if wrong == "day" else WEDNESDAY,
            leader="YJQ-Y" if wrong == "leader" else "YJQ-P",
            on="2025-03-13" if wrong == "past" else "2025-03-05",
        )


@pytest.mark.sentence("S7.4")
def test_a_substitute_needs_a_reason_and_takes_the_talks(world: World) -> None:
    petition = world.to_accepted("2025-03-03")
    day = schedule(world, WEDNESDAY)
    talk = book(world, day, petition, WEDNESDAY)
    fields: dict[str, Any] = {
        "leader": official("YJQ-Y"),
        "organ": world.organ("YJQ"),
        "day": date(2025, 3, 12),
    }
    with pytest.raises(Refused) as refused:
        world.act("clerk", "substitute", day, on="2025-03-10", **fields)
    assert [r.field for r in refused.value.reasons] == ["reason"]
    world.act("clerk", "substitute", day, on="2025-03-10", texts={"reason": "外出开会"}, **fields)
    assert Slot.objects.get().leader_id == official("YJQ-Y")
    assert Duty.objects.get(case__number=talk, state="open").official_id == official("YJQ-Y")
    assert sees(world, DEPUTY, petition)
    with pytest.raises(Refused):
        world.act(HEAD, "hold", day, on=WEDNESDAY, leader=official(), persons=1)
    world.act(DEPUTY, "hold", day, on=WEDNESDAY, leader=official("YJQ-Y"), persons=1)
    assert Slot.objects.get().state == "held"
    assert list(replay.check()) == []


def test_a_day_moved_takes_the_talks_along_and_one_called_off_frees_them(world: World) -> None:
    petition = world.to_accepted("2025-03-03")
    day = schedule(world, WEDNESDAY)
    talk = book(world, day, petition, WEDNESDAY)
    fields: dict[str, Any] = {
        "leader": official(),
        "organ": world.organ("YJQ"),
        "day": date(2025, 3, 19),
        **HOURS,
    }
    world.act("clerk", "move", day, on="2025-03-10", texts={"reason": "防汛"}, **fields)
    assert Duty.objects.get(case__number=talk, state="open").due == date(2025, 3, 19)
    world.act("clerk", "call_off", day, on="2025-03-18", texts={"reason": "防汛"})
    assert state(talk) == "dropped"
    assert Slot.objects.get().state == "called_off"
    again = schedule(world, "2025-03-26", on="2025-03-18")
    assert state(book(world, again, petition, "2025-03-26", on="2025-03-18")) == "booked"
