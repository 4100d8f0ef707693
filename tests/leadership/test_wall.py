"""An accused leader never learns of the accusation: not by a letter, a talk, a booking, the
roster or a duty."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dengwen.cases.models import Case, Content, Party
from dengwen.cases.wall.visibility import duties_for_user, for_user
from dengwen.law.duties.step import PartyEntry
from dengwen.leadership.errors import LeadershipError
from tests.leadership.people import (
    DEPUTY,
    HEAD,
    SECRETARY,
    book,
    comment,
    official,
    present,
    schedule,
    sees,
    state,
    viewer,
)
from tests.world import World

DAY = "2025-03-12"


def accuse(world: World, number: str, on: str = "2025-03-06") -> None:
    """Let a letter prove to be an accusation of the head of the district."""
    parties = [PartyEntry(role="accused_person", official=official())]
    fields: dict[str, Any] = {"class": "accusation"}
    world.act("clerk", "classify", number, on=on, step={"parties": parties}, **fields)


@pytest.mark.sentence("S7.3")
def test_an_accusation_is_never_laid_before_a_leader_and_sounds_like_no_number(
    world: World,
) -> None:
    accused = world.register("2025-03-03")
    accuse(world, accused, on="2025-03-03")
    day = schedule(world, DAY)
    said = []
    for number in (accused, "YJ01-2025-000000000-0"):
        with pytest.raises(LeadershipError) as refused:
            present(world, number)
        said.append(str(refused.value))
        with pytest.raises(LeadershipError) as refused:
            book(world, day, number, DAY)
        said.append(str(refused.value))
    assert len(set(said)) == 1
    assert not Case.objects.filter(kind__in=("instruction", "interview")).exists()
    assert not Party.objects.filter(case__number=accused, role="leader_in_charge").exists()


def test_what_was_laid_before_him_vanishes_when_it_proves_to_accuse_him(world: World) -> None:
    petition = world.register("2025-03-03")
    letter, talk = (
        present(world, petition),
        book(world, schedule(world, DAY), petition, DAY, on="2025-03-04"),
    )
    other = present(world, world.register("2025-03-03"))
    accuse(world, petition)
    for username in (HEAD, DEPUTY, SECRETARY, "clerk", "head"):
        seen = viewer(world, username, "2025-03-20")
        assert (
            not for_user(seen, date(2025, 3, 20))
            .filter(number__in=(petition, letter, talk))
            .exists()
        ), username
        assert (
            not duties_for_user(seen).filter(case__number__in=(petition, letter, talk)).exists()
        ), username
    assert sees(world, "sealed", letter)
    assert sees(world, HEAD, other), "other letters stay"
    assert not Content.objects.filter(case__number__in=(letter, talk), sealed=False).exists()


def test_a_hidden_talk_follows_no_change_of_the_roster(world: World) -> None:
    petition = world.register("2025-03-03")
    day = schedule(world, DAY)
    talk = book(world, day, petition, DAY, on="2025-03-04")
    accuse(world, petition)
    fields: dict[str, Any] = {
        "leader": official("YJQ-Y"),
        "organ": world.organ("YJQ"),
        "day": date(2025, 3, 12),
    }
    done = world.act(
        "clerk", "substitute", day, on="2025-03-10", texts={"reason": "外出开会"}, **fields
    )
    assert [w.case for w in done.acts] == [day]
    assert state(talk) == "booked"
    assert not sees(world, DEPUTY, talk)


def test_who_is_recused_from_the_matter_is_recused_from_the_letter(world: World) -> None:
    petition = world.register("2025-03-03")
    letter = present(world, petition)
    comment(world, letter)
    parties = [PartyEntry(role="recused", official=official())]
    world.act(
        "clerk",
        "note",
        petition,
        on="2025-03-06",
        texts={"text": "回避"},
        step={"parties": parties},
    )
    assert not sees(world, HEAD, petition)
    assert not sees(world, HEAD, letter)
    with pytest.raises(LeadershipError, match="没有这个编号"):
        present(world, petition, on="2025-03-07")
