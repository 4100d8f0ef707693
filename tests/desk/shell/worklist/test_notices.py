"""Who is told of an act, by the outbox and at sign-in: the one it concerns, never the one who
did it or is accused."""

from __future__ import annotations

from typing import Any

import pytest

from dengwen.cases.write.perform import perform
from dengwen.law.duties.act_record import civil
from dengwen.law.duties.step import PartyEntry, Step
from dengwen.notices.models import Outbox
from dengwen.notices.outbox import Round, send_due
from dengwen.worker.loops import CHANNELS
from dengwen.worker.wall_check import cleared
from tests.desk.conftest import Day, Sit
from tests.leadership.people import DEPUTY, HEAD, comment, official, present, schedule
from tests.world import CLAIM, World, at

ACCUSES: dict[str, Any] = {"class": "accusation"}

Told = set[tuple[str, str]]


def told(world: World, number: str) -> Told:
    """Return who was told of a case: kind of recipient, and the organ's code or the user name."""
    names = {str(u.pk): name for name, u in world.office.users.items()}
    rows = Outbox.objects.filter(case_number=number).values_list("recipient", "recipient_ref")
    return {(who, names.get(ref, ref) if who == "official" else ref) for who, ref in rows}


def sent(on: str) -> Round:
    """Let the worker send what is due."""
    now = at(on)
    return send_due(now, 500, CHANNELS, lambda notice: cleared(notice, civil(now)))


@pytest.mark.sentence("P12.1")
def test_the_receiver_and_the_petitioner_are_told_and_nobody_of_the_own_act(world: World) -> None:
    number = world.register("2025-03-03")
    assert told(world, number) == set()
    world.act("clerk", "classify", number, on="2025-03-03", **CLAIM)
    world.act("router", "forward", number, on="2025-03-03", to=world.organ("YJ02"))
    assert ("organ", "YJ02") in told(world, number)
    world.act("handler", "receive", number, on="2025-03-03")
    before = Outbox.objects.filter(case_number=number, recipient="petitioner").count()
    texts = {"procedure": "信访程序", "contact": "李样本"}
    world.act("handler", "accept", number, on="2025-03-04", texts=texts)
    assert Outbox.objects.filter(case_number=number, recipient="petitioner").count() == before + 1
    assert ("organ", "YJ01") not in told(world, number)
    bodies = set(Outbox.objects.values_list("body", flat=True))
    assert bodies == {f"有新进展，登记编号{number}。请凭登记编号查询。"}


def test_a_leader_is_told_of_a_letter_and_the_addressee_of_the_comment(world: World) -> None:
    letter = present(world, world.to_accepted("2025-03-03"))
    assert told(world, letter) == {("official", HEAD), ("organ", "YJQ")}
    comment(world, letter)
    assert told(world, letter) == {("official", HEAD), ("organ", "YJQ"), ("organ", "YJ02")}
    assert Outbox.objects.filter(case_number=letter, recipient="official").count() == 1


def test_a_leader_served_with_an_order_and_one_who_substitutes_are_told(world: World) -> None:
    matter = world.to_accepted("2025-03-03")
    day = schedule(world, "2025-03-12")
    head = official("YJ02-Z")
    letter: dict[str, Any] = {
        "to": world.organ("YJ02"),
        "to_leader": head,
        "reply_by": at("2025-03-31").date(),
    }
    texts = {"subject": "督办", "defect": "拖延", "demand": "办结"}
    made = world.act(
        "router",
        "order",
        kind="supervision",
        on="2025-03-10",
        texts=texts,
        about=matter,
        defect_ground="delay",
        **letter,
    )
    assert {("official", "head"), ("organ", "YJ02")} <= told(world, made.case)
    other: dict[str, Any] = {
        "leader": official("YJQ-Y"),
        "organ": world.organ("YJQ"),
        "day": at("2025-03-12").date(),
    }
    world.act("clerk", "substitute", day, on="2025-03-10", texts={"reason": "外出"}, **other)
    assert ("official", DEPUTY) in told(world, day)


def test_nobody_accused_hears_or_reads_of_it_by_a_notice(world: World, day: Day, sit: Sit) -> None:
    matter = world.register("2025-03-03")
    letter, kept = present(world, matter), present(world, world.to_accepted("2025-03-03"))
    sent("2025-03-04")
    day.set("2025-03-05")
    assert letter in sit(HEAD).get("/desk/").content.decode()
    parties = [PartyEntry(role="accused_person", official=official())]
    world.act("clerk", "classify", matter, on="2025-03-06", step={"parties": parties}, **ACCUSES)
    day.set("2025-03-07")
    page = sit(HEAD).get("/desk/").content.decode()
    assert letter not in page
    assert kept in page


def test_a_notice_that_waits_is_withheld_once_the_matter_accuses(world: World) -> None:
    matter = world.register("2025-03-03")
    letter = present(world, matter)
    parties = [
        PartyEntry(role="accused_person", official=official()),
        PartyEntry(role="accused_unit", organ=world.organ("YJQ")),
    ]
    world.act("clerk", "classify", matter, on="2025-03-06", step={"parties": parties}, **ACCUSES)
    sent("2025-03-06")
    rows = Outbox.objects.filter(case_number=letter, recipient__in=("official", "organ"))
    assert rows.count() == 2
    assert all(row.withheld_at is not None and row.sent_at is None for row in rows)


def test_what_was_imported_tells_nobody_and_a_repeated_call_tells_once(world: World) -> None:
    fields: dict[str, Any] = {
        "leader": official(),
        "organ": world.organ("YJQ"),
        "petition": world.register("2025-03-03"),
    }
    step = Step(act="present", kind="instruction", fields=fields)
    for _ in range(2):
        made = perform(step, by=world.by("clerk"), now=at("2025-03-04"), uid="once")
    assert Outbox.objects.filter(case_number=made.case).count() == 2
    old = Step(
        act="present",
        kind="instruction",
        fields=fields,
        imported=True,
        occurred_at=at("2025-03-04"),
    )
    assert not told(world, perform(old, by=world.by("clerk"), now=at("2025-03-05"), uid="old").case)
