"""Leaves and receptions as they are entered: once, by nobody's own hand in a register, and never so
that two who are away stand in for each other."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dengwen.cases.duties.registers import keep
from dengwen.cases.models import Act, Case
from dengwen.cases.write.check import Refused
from dengwen.cases.write.perform import By, perform
from dengwen.cases.write.proposal_doors import propose
from dengwen.law.duties.step import Step
from dengwen.leadership.errors import LeadershipError
from dengwen.organs.errors import RegistryError
from dengwen.practice.year.registers_office import Area, found_area
from tests.cases.test_late_holders import COUNT, FOUNDED, POST, periods, receive, refused, step
from tests.late_entries import registrars
from tests.world import at, prepare


@pytest.fixture
def area(db: None, tmp_path: Path, settings: Any) -> Area:  # pytest-django's settings wrapper
    """Two departments of an invented area with two leaders each, who receive every month."""
    prepare(tmp_path, settings)
    return found_area(2, 4, FOUNDED, {"register.receive": "month"})


@pytest.fixture
def pair(area: Area) -> tuple[By, By]:
    """Two registrars of the same organ."""
    return registrars(area.organs["RG01"].pk)


LEAVE: dict[str, Any] = {
    "official": "RG02-1",
    "substitute": "RG02-2",
    "reason": "leave",
    "from": date(2025, 6, 5),
    "to": date(2025, 7, 1),
}


def away(area: Area, **more: Any) -> Step:
    """Enter that somebody is on leave and who stands in."""
    return step(area, "substitute", **{**LEAVE, **more})


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({}, "overlaps"),
        ({"organ": "RG02"}, "overlaps"),
        ({"organ": "RG02", "reason": "other"}, "overlaps"),
        ({"substitute": "RG01-1"}, "overlaps"),
        ({"from": date(2025, 6, 10), "to": date(2025, 6, 11)}, "overlaps"),
        ({"official": "RG02-2", "substitute": "RG02-1"}, "circle"),
        ({"official": "RG02-2", "substitute": "RG02-1", "from": date(2025, 6, 3)}, "circle"),
        ({"official": "RG02-1", "substitute": "RG02-1", "from": date(2025, 8, 1)}, "circle"),
    ],
)
def test_one_leave_is_entered_once_and_two_who_are_away_do_not_stand_in_for_each_other(
    area: Area, pair: tuple[By, By], more: dict[str, Any], code: str
) -> None:
    perform(away(area), by=pair[0], now=at("2025-06-01"), uid="t/away")
    until = {"to": date(2025, 9, 1)} if "from" in more and more["from"].month == 8 else {}
    with pytest.raises(RegistryError) as error:
        perform(away(area, **more, **until), by=pair[0], now=at("2025-06-01"), uid="t/again")
    assert error.value.code == code
    assert Act.objects.filter(act="substitute").count() == 1


def test_a_substitute_for_one_organ_stands_beside_one_for_all_posts(
    area: Area, pair: tuple[By, By]
) -> None:
    keep(now=at("2025-05-20"))
    perform(away(area), by=pair[0], now=at("2025-06-01"), uid="t/away")
    here = away(area, substitute="RG01-1", organ="RG02")
    perform(here, by=pair[0], now=at("2025-06-01"), uid="t/here")
    recused = away(area, organ="RG01", reason="recusal")
    perform(recused, by=pair[0], now=at("2025-06-01"), uid="t/recused")
    keep(now=at("2025-06-10"))
    assert [who for who, _ in periods()[6].leaders][-1] == area.officials["RG01-1"].pk


@pytest.mark.parametrize("first", ["substitute", "leader"])
def test_for_a_substitute_who_is_away_too_whoever_stands_in_holds_the_duty(
    area: Area, pair: tuple[By, By], first: str
) -> None:
    keep(now=at("2025-05-20"))
    entries = [away(area, official="RG02-2", substitute="RG01-1"), away(area)]
    for place, entry in enumerate(entries if first == "substitute" else entries[::-1]):
        perform(entry, by=pair[0], now=at("2025-06-01"), uid=f"t/away/{place}")
    keep(now=at("2025-06-10"))
    assert [who for who, _ in periods()[6].leaders] == [
        area.officials["RG02-1"].pk,
        area.officials["RG01-1"].pk,
    ]


BY_HAND = ("correct_holder", "pass_on", "meet", "reopen", "end_period", "warn", "correct")


def test_nobody_writes_in_a_register_by_hand(area: Area, pair: tuple[By, By]) -> None:
    keep(now=at("2025-06-02"))
    register = Case.objects.filter(kind="register").order_by("pk").first()
    assert register is not None
    written = Act.objects.count()
    named: dict[str, Any] = {"rule": "receive", "seat": f"post:{POST}", "first": date(2025, 6, 1)}
    for held in ("registrar", "clerk", "handler", "head", "second", "auditor", "leader"):
        by = By(pair[0].user, register.holder_id, frozenset({held}))
        for act in BY_HAND:
            one = Step(act=act, case=register.number, fields=named)
            assert "capacity" in refused(by, one, "2025-06-03"), (held, act)
            with pytest.raises(Refused) as error:
                propose(one, by=by, now=at("2025-06-03"), uid=f"t/{next(COUNT)}")
            assert {"capacity", "no-case"} & {reason.code for reason in error.value.reasons}
    assert Act.objects.count() == written


@pytest.mark.parametrize("hours", ["9:00", "09:00", "９：００", "9时00分"])
def test_one_reception_is_entered_once_whoever_enters_it(
    area: Area, pair: tuple[By, By], hours: str
) -> None:
    second = step(area, "appoint", "RG01", official="RG02-2", post="RG01-RG01-2")
    gone = step(area, "relieve", "RG01", official="RG01-2", post="RG01-RG01-2")
    perform(gone, second, by=pair[0], now=at("2025-06-01"), uid="t/two-posts")
    receive(area, "RG02-2", "2025-06-10")
    with pytest.raises(LeadershipError) as error:
        receive(area, "RG02-2", "2025-06-10", "RG01", hours=hours)
    assert error.value.code == "twice"
    receive(area, "RG02-2", "2025-06-10", "RG01", hours="14:00")
    receive(area, "RG02-1", "2025-06-10")  # two leaders who receive together are two
