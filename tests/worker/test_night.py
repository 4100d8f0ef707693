"""What the worker seals every hour and proves every night."""

from __future__ import annotations

import errno
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction

from dengwen.access.models import ReadLog
from dengwen.access.read_log import Opening, open_logged
from dengwen.cases.models import Act, Duty
from dengwen.cases.read_log_act import KIND, broken_roots, seal
from dengwen.ledger import guards
from dengwen.ledger.errors import DamagedError
from dengwen.ledger.models import Checkpoint
from dengwen.worker import loops, night_check
from tests.world import World, at

pytestmark = pytest.mark.django_db(transaction=True)


def read(world: World, number: str, day: str, hour: int) -> None:
    """Let the handler of the housing bureau open an identity."""
    user = world.office.users["handler"]
    asked = Opening(
        at=at(day, hour),
        user=user,
        role="R6",
        organ=world.organ("YJ02"),
        case_number=number,
        data_class="D2",
        fields=("name",),
        purpose="handle",
        request_id="示例",
    )
    with transaction.atomic():
        open_logged(asked, lambda: None)


def seals() -> list[Act]:
    return list(Act.objects.filter(case__kind=KIND).select_related("case").order_by("pk"))


def test_readings_are_sealed_by_the_hour_once_and_a_case_holds_one_day(
    durable_world: World,
) -> None:
    number = durable_world.to_accepted()
    for hour in (10, 10, 11, 15):
        read(durable_world, number, "2025-03-05", hour)
    assert (
        seal(now=at("2025-03-05", 11) + timedelta(minutes=4)) == 0
    )  # a transaction of that hour may be open
    assert seal(now=at("2025-03-05", 11) + timedelta(minutes=6)) == 2
    assert seal(now=at("2025-03-05", 11) + timedelta(minutes=7)) == 0
    assert seal(now=at("2025-03-05", 18)) == 2
    read(durable_world, number, "2025-03-06", 9)
    assert seal(now=at("2025-03-09", 9)) == 1
    first, second, third = seals()
    assert (first.data["end"], second.data["start"]) == ("2025-03-05T03:00Z",) * 2
    assert second.case == first.case != third.case
    assert list(broken_roots()) == []


def test_a_reading_that_is_removed_or_slipped_in_is_named(durable_world: World) -> None:
    number = durable_world.to_accepted()
    read(durable_world, number, "2025-03-05", 10)
    read(durable_world, number, "2025-03-05", 11)
    seal(now=at("2025-03-05", 12))
    seal(now=at("2025-03-05", 13))
    with guards.lifted(connection, ("access_readlog",)):  # a dishonest operator
        ReadLog.objects.filter(at=at("2025-03-05", 11)).delete()
        connection.check_constraints()
    assert len(list(broken_roots())) == 1
    read(durable_world, number, "2025-03-05", 11)
    assert list(broken_roots()), "the same reading written again is another row"


def test_the_night_is_proved_once_and_names_what_it_finds(durable_world: World) -> None:
    durable_world.to_accepted()
    loops.turn_sequencer(at("2025-03-05", 1))
    assert night_check.turn(at("2025-03-05", 1)) == {"nights": 0, "findings": 0}
    assert night_check.turn(at("2025-03-05", 2)) == {"nights": 1, "findings": 0}
    Duty.objects.filter(rule="handle").update(state="met")
    assert night_check.turn(at("2025-03-05", 23)) == {"nights": 0, "findings": 0}
    assert night_check.turn(at("2025-03-06", 3))["findings"] == 1
    night = night_check.last_night()
    assert night is not None
    assert night.first[0].startswith("cases_duty")
    assert "state" in night.first[0]


def test_a_checkpoint_nobody_can_read_stops_the_seal_in_words_and_not_the_night(
    durable_world: World,
) -> None:
    durable_world.to_accepted()
    loops.turn_sequencer(at("2025-03-05", 1))
    with guards.lifted(connection, ("ledger_checkpoint",)):
        Checkpoint.objects.update(body=b"\xff")
    durable_world.to_accepted()
    with pytest.raises(DamagedError, match="dengwen check"):
        loops.once(at("2025-03-06", 3))
    night = night_check.last_night()
    assert night is not None
    assert any(line.startswith("L7 ledger_checkpoint") for line in night.first)


def test_the_night_says_that_the_disk_is_nearly_full(
    durable_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(night_check, "has_room", lambda _needed: False)
    assert night_check.turn(at("2025-03-05", 2)) == {"nights": 1, "findings": 1}
    night = night_check.last_night()
    assert night is not None
    assert "腾出空间" in night.first[0]
    assert "make room" in night.first[0]


def test_a_night_that_cannot_be_written_down_leaves_nothing_half_written(
    durable_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, *_args: object, **_kwargs: object) -> int:
        self.touch()
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_text", full)
        with pytest.raises(OSError, match="No space"):
            night_check.turn(at("2025-03-05", 2))
    assert not list(night_check.file().parent.glob("nightly*"))
    assert night_check.turn(at("2025-03-05", 2))["nights"] == 1
