"""Meetings with positions, disputes with owners, who is responsible, decisions and the matters
they caused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dengwen.cases.models import Case, CaseLink, Duty
from dengwen.cases.wall import visibility
from dengwen.organs.models import Appointment
from dengwen.prevention.errors import PreventionError
from dengwen.prevention.models import Dispute, Position, Responsible
from dengwen.prevention.positions import digest_of, read_positions
from tests.prevention.conftest import AREA
from tests.world import PAPER, World

POSITIONS = "YJ01-Z；同意；\nYJ01-S；明确反对；没有评估，容易引发集体访\nYJ01-Q；缺席；"


def called(world: World, on: str = "2025-03-03") -> str:
    """Put a meeting on the agenda of the petition office."""
    texts = {"subject": "局务会", "agenda": "研究中转站选址信访问题"}
    return world.act(
        "clerk", "call", kind="meeting", on=on, texts=texts, held_on=date(2025, 3, 10)
    ).case


def record(
    world: World, number: str, text: str = POSITIONS, on: str = "2025-03-10", **fields: Any
) -> None:
    """Record an item with everybody's position."""
    try:
        said = read_positions(text)
    except PreventionError:
        said = ()
    given: dict[str, Any] = {
        "item": 1,
        "outcome": "adopted",
        "count": len(said),
        "positions_digest": digest_of(said),
    }
    given |= {"decided_by": official(world, "YJ01-Z")} | fields
    texts = {"title": "选址", "positions": text, "decision": "原则同意"}
    world.act(
        "clerk",
        "record_item",
        number,
        on=on,
        texts=texts,
        **{k: v for k, v in given.items() if v is not None},
    )


def official(_world: World, code: str) -> int:
    """Return the row id of an official."""
    return Appointment.objects.filter(official__code=code).values_list("official_id", flat=True)[0]


@pytest.mark.sentence("S4.1", "S4.3", "S4.5", "S4.7")
def test_minutes_keep_each_position(world: World) -> None:
    number = called(world)
    record(world, number)
    rows = Position.objects.filter(meeting__number=number).order_by("line")
    assert [(p.official.code, p.stand) for p in rows] == [
        ("YJ01-Z", "for"),
        ("YJ01-S", "objection"),
        ("YJ01-Q", "absent"),
    ]
    assert {p.act for p in rows} == set(
        world.case(number).acts.filter(act="record_item").values_list("pk", flat=True)
    )
    act = world.case(number).acts.get(act="record_item")
    assert act.data["positions_digest"] == digest_of(read_positions(POSITIONS))
    assert "没有评估" not in str(
        act.data
    )  # the words are sealed text, the act holds codes and digests
    world.act("clerk", "conclude", number, on="2025-03-10", purpose="study")
    assert world.case(number).state == "concluded"


@pytest.mark.parametrize(
    ("text", "fields", "code"),
    [
        ("", {}, "missing"),
        ("YJ01-Z；也许；", {}, "unreadable"),
        ("YJ01-Z；明确反对；", {}, "no-words"),
        ("YJ01-Z；同意；\nYJ01-Z；同意；", {}, "twice"),
        ("NOBODY；同意；", {}, "no-official"),
        (POSITIONS, {"count": 4}, "count"),
        (POSITIONS, {"positions_digest": PAPER}, "digest"),
        (POSITIONS, {"decided_by": None}, "no-decider"),
        (POSITIONS.replace("YJ01-Z；同意", "YJ01-Z；缺席"), {}, "decider-absent"),
    ],
)
def test_minutes_that_cannot_be(world: World, text: str, fields: dict[str, Any], code: str) -> None:
    number = called(world)
    with pytest.raises(Exception) as error:  # noqa: PT011  # a refusal of the rules, or of the effect
        record(world, number, text, **fields)
    found = getattr(error.value, "code", "") or error.value.reasons[0].code  # type: ignore[attr-defined]
    assert found.startswith(code)
    assert not Position.objects.exists()


def test_an_item_is_recorded_once(world: World) -> None:
    number = called(world)
    record(world, number)
    with pytest.raises(PreventionError) as error:
        record(world, number)
    assert error.value.code == "item-taken"


@pytest.mark.sentence("S4.10", "S4.12")
@pytest.mark.case("G03")
def test_a_dispute_opens_the_record_of_who_is_responsible(world: World) -> None:
    number, record_number = disputed(world)
    duty = world.duty(record_number, "government_names")
    assert (duty.holder_id, duty.state, duty.due) == (world.organ("YJQ"), "open", None)
    assert CaseLink.objects.get(case__number=record_number, kind="concerns").other.number == number
    with pytest.raises(PreventionError) as error:
        name_responsible(world, record_number, leader="YJ02-L")
    assert error.value.code == "no-post"  # a member of staff is no leader in charge
    name_responsible(world, record_number, leader="YJ02-Z")
    assert not Duty.objects.filter(case__number=record_number, state="open").exists()
    row = Responsible.objects.get(record__number=record_number)
    assert (row.organ.code, row.leader.code, row.staff.code) == ("YJ02", "YJ02-Z", "YJ02-L")
    assert row.since == date(2025, 6, 6)
    world.act(
        "handler",
        "report_result",
        number,
        on="2025-06-18",
        texts={"how": "修好"},
        dispute=1,
        result="defused",
    )
    assert Dispute.objects.get(screening__number=number).result == "defused"


def disputed(world: World) -> tuple[str, str]:
    """Find a dispute in a round of screening; return the round and the record of who is
    responsible."""
    number = world.act(
        "clerk",
        "begin",
        kind="screening",
        on="2025-06-02",
        texts={"subject": "汛期排查", "scope": "逐社区走访"},
        first=date(2025, 6, 2),
        last=date(2025, 6, 30),
        place=AREA,
    ).case
    done = world.act(
        "clerk",
        "find_dispute",
        number,
        on="2025-06-05",
        texts={"what": "三号楼屋面渗水"},
        dispute=1,
        category="c01",
        owner=world.organ("YJ02"),
        leader="YJ02-Z",
        defuse_by=date(2025, 6, 20),
    )
    return number, done.acts[1].case


def name_responsible(world: World, number: str, leader: str) -> None:
    """Name who is responsible from 6 June on."""
    named: dict[str, Any] = {"organ": world.organ("YJ02"), "leader": leader, "staff": "YJ02-L"}
    named["from"] = date(2025, 6, 6)
    texts = {"ground": "分工"}
    world.act("reviewer2", "name_responsible", number, on="2025-06-06", texts=texts, **named)


def test_only_the_owner_reports_a_dispute(world: World) -> None:
    texts = {"subject": "排查", "scope": "走访"}
    number = world.act(
        "clerk",
        "begin",
        kind="screening",
        on="2025-06-02",
        texts=texts,
        first=date(2025, 6, 2),
        last=date(2025, 6, 30),
    ).case
    for n, code in enumerate(("YJ02", "YJ03"), 1):
        world.act(
            "clerk",
            "find_dispute",
            number,
            on="2025-06-05",
            texts={"what": "纠纷"},
            dispute=n,
            category="c01",
            owner=world.organ(code),
            defuse_by=date(2025, 6, 20),
        )
    with pytest.raises(PreventionError) as error:
        world.act(
            "handler2",
            "report_result",
            number,
            on="2025-06-18",
            texts={"how": "修"},
            dispute=1,
            result="defused",
        )
    assert error.value.code == "not-owner"


@pytest.mark.sentence("S4.8")
def test_a_matter_is_traced_to_the_decision_that_caused_it(world: World) -> None:
    decision = world.act(
        "clerk",
        "enter",
        kind="decision",
        on="2025-03-03",
        texts={"subject": "中转站选址"},
        field="project",
    ).case
    matter = world.register("2025-03-04")
    world.act(
        "clerk",
        "trace_cause",
        matter,
        on="2025-03-05",
        texts={"why": "反对选址"},
        decision=decision,
    )
    link = CaseLink.objects.get(kind="caused_by")
    assert (link.case.number, link.other.number) == (matter, decision)
    assert all(matter not in str(act.data) for act in world.case(decision).acts.all())
    meeting = called(world)
    with pytest.raises(PreventionError) as error:
        world.act(
            "clerk",
            "trace_cause",
            matter,
            on="2025-03-05",
            texts={"why": "反对选址"},
            decision=meeting,
        )
    assert error.value.code == "no-decision"


def test_an_accusation_is_not_tied_to_an_open_register(world: World) -> None:
    decision = world.act(
        "clerk",
        "enter",
        kind="decision",
        on="2025-03-03",
        texts={"subject": "中转站选址"},
        field="project",
    ).case
    matter = world.register("2025-03-04")
    Case.objects.filter(number=matter).update(protected=True)
    with pytest.raises(PreventionError) as error:
        world.act(
            "clerk",
            "trace_cause",
            matter,
            on="2025-03-05",
            texts={"why": "反对选址"},
            decision=decision,
        )
    assert error.value.code == "protected"


def test_registers_are_seen_by_the_organ_that_keeps_them(world: World) -> None:
    number, day = called(world), date(2025, 3, 4)
    seen = visibility.for_user(visibility.viewer_of(world.office.users["clerk"], day), day)
    not_seen = visibility.for_user(visibility.viewer_of(world.office.users["handler2"], day), day)
    assert seen.filter(number=number).exists()
    assert not not_seen.filter(number=number).exists()
