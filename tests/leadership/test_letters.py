"""Letters laid before a leader: who may read, who signs, who owes what afterwards."""

from __future__ import annotations

from datetime import date

import pytest

from dengwen.cases import replay
from dengwen.cases.duties.sweep import sweep
from dengwen.cases.models import Duty
from dengwen.cases.projections import projections
from dengwen.cases.write.check import Refused
from dengwen.ledger.tamper_check import check
from tests.leadership.people import DEPUTY, HEAD, SECRETARY, comment, official, present, sees, state
from tests.world import World, at


def open_duty(number: str, rule: str) -> Duty:
    """Return the one open duty of a rule in a case."""
    return Duty.objects.get(case__number=number, rule=rule, state="open")


@pytest.mark.sentence("S7.3")
def test_a_leader_reads_a_matter_once_it_is_laid_before_him(world: World) -> None:
    petition = world.register("2025-03-03")
    assert not sees(world, HEAD, petition)
    letter = present(world, petition)
    assert sees(world, HEAD, petition)
    assert sees(world, HEAD, letter)
    assert not sees(world, DEPUTY, petition), (
        "a matter is laid before the leader, not before the organ"
    )
    duty = open_duty(letter, "read_letter")
    assert (duty.holder_id, duty.official_id, duty.due) == (world.organ("YJQ"), official(), None)


@pytest.mark.sentence("S7.3")
@pytest.mark.parametrize(
    ("who", "leader", "code"),
    [
        (SECRETARY, "YJQ-P", "capacity"),
        (DEPUTY, "YJQ-P", "own-hand"),
        (DEPUTY, "YJQ-Y", "own-hand"),
    ],
)
def test_nobody_signs_in_the_name_of_a_leader(
    world: World, who: str, leader: str, code: str
) -> None:
    letter = present(world, world.register("2025-03-03"))
    with pytest.raises(Refused) as refused:
        comment(world, letter, who=who, leader=leader)
    assert code in {r.code for r in refused.value.reasons}
    assert {f"{r.basis.law} {r.basis.article}" for r in refused.value.reasons if r.basis} == {
        "S 7(1)"
    }
    assert state(letter) == "presented"


@pytest.mark.case("G07", "G10")
@pytest.mark.sentence("S7.6", "S8.4", "S8.5")
def test_a_comment_binds_the_addressee_twice_and_its_leader_until_closed(world: World) -> None:
    letter = present(world, world.to_accepted("2025-03-03"))
    comment(world, letter)
    for rule in ("handle_assigned", "report_up"):
        duty = open_duty(letter, rule)
        assert (duty.holder_id, duty.due) == (world.organ("YJ02"), date(2025, 3, 20))
    sweep(now=at("2025-03-21"))
    assert Duty.objects.filter(case__number=letter, breach__isnull=False).count() == 2
    assert open_duty(letter, "follow_up").official_id == official()
    assert sees(world, "handler", letter)
    world.act("handler", "handled", letter, on="2025-03-22", texts={"situation": "已修复"})
    world.act("handler", "report", letter, on="2025-03-22", texts={"text": "已修复"})
    assert open_duty(letter, "follow_up").breach_id is None, (
        "the text has no number, so nothing is late"
    )
    world.act(HEAD, "close", letter, on="2025-03-24", leader=official(), outcome="done")
    assert not Duty.objects.filter(case__number=letter, state="open").exists()
    assert list(replay.check()) == []
    assert list(check(projections())) == []


def test_the_view_of_the_matter_ends_with_the_work_on_it(world: World) -> None:
    petition = world.to_accepted("2025-03-03")
    letter = present(world, petition)
    comment(world, letter)
    world.act("handler", "handled", letter, on="2025-03-10", texts={"situation": "已修复"})
    world.act("handler", "report", letter, on="2025-03-10", texts={"text": "已修复"})
    world.act(HEAD, "close", letter, on="2025-03-11", leader=official(), outcome="done")
    assert sees(world, HEAD, petition, "2025-04-10")
    assert not sees(world, HEAD, petition, "2025-04-11")
    assert sees(world, HEAD, letter, "2025-04-11")


def test_another_leader_takes_over_the_letter_and_the_view(world: World) -> None:
    petition = world.register("2025-03-03")
    letter = present(world, petition)
    world.act(
        SECRETARY,
        "hand_over",
        letter,
        on="2025-03-05",
        texts={"reason": "分工调整"},
        leader=official("YJQ-Y"),
        organ=world.organ("YJQ"),
    )
    assert open_duty(letter, "read_letter").official_id == official("YJQ-Y")
    assert sees(world, DEPUTY, petition)
    with pytest.raises(Refused):
        world.act(HEAD, "read", letter, on="2025-03-06", leader=official())
    world.act(DEPUTY, "read", letter, on="2025-03-06", leader=official("YJQ-Y"))
    assert state(letter) == "read"
