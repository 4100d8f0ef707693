"""What the page of a register shows: whose duties, in which state on a day, and who answers for
what."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.cases.duties.bearers import Bearer
from dengwen.cases.read import register_view
from dengwen.law.duties.act_record import BY_CLAIM, CLOSED, IN_TIME, LATE, OPEN, VOID
from dengwen.organs.models import Organ

DAY = timedelta(days=1)
FIRST, LAST, TODAY = date(2025, 1, 1), date(2025, 12, 31), date(2025, 6, 10)
WANG, LI, ZHAO = 11, 12, 13
HERE, THERE = Organ(pk=1, division_code="500000"), Organ(pk=2, division_code="500000")


def seat(*held: tuple[int | None, date], organ: Organ = HERE) -> Bearer:
    return Bearer(organ, "leader", "post:1", held[0][1], None, held, "principal")


def office(organ: Organ = HERE) -> Bearer:
    return Bearer(organ, "holder", "", FIRST, None, ((None, FIRST),))


def test_a_duty_is_shown_to_whoever_held_it_on_any_day() -> None:
    leaders = [(WANG, FIRST), (None, TODAY), (LI, TODAY + DAY)]
    duty: Any = SimpleNamespace(leaders=leaders, corrections=[])
    assert register_view._was_borne_by(duty, WANG)
    assert register_view._was_borne_by(duty, LI)
    assert not register_view._was_borne_by(duty, ZHAO)


def test_only_bearers_of_the_organs_asked_about_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[date, date]] = []

    def bearers(first: date, last: date) -> list[Bearer]:
        asked.append((first, last))
        return [office(), office(THERE), seat((WANG, FIRST)), seat((LI, FIRST), organ=THERE)]

    monkeypatch.setattr(register_view, "bearers", bearers)
    found = register_view.bearers_of([THERE.pk], 2025, TODAY)
    assert [(one.organ.pk, one.of) for one in found] == [(2, "holder"), (2, "leader")]
    assert register_view.bearers_of([], 2025, TODAY) == []
    register_view.bearers_of([1], 2024, TODAY)
    register_view.bearers_of([1], 2026, TODAY)
    assert asked[0] == (FIRST, TODAY)
    assert asked[2:] == [
        (date(2024, 1, 1), date(2024, 12, 31)),
        (date(2026, 1, 1), date(2026, 1, 1)),
    ]


@pytest.mark.parametrize(
    ("state", "timeliness", "due", "breach", "shown"),
    [
        (OPEN, "", TODAY, None, register_view.AHEAD),
        (OPEN, "", TODAY - DAY, None, register_view.MISSED),
        (OPEN, "", TODAY + DAY, None, register_view.AHEAD),
        (OPEN, "", None, None, register_view.AHEAD),
        (OPEN, "", TODAY + DAY, 9, register_view.MISSED),
        (CLOSED, LATE, TODAY - DAY, 9, register_view.SLOW),
        (CLOSED, IN_TIME, TODAY - DAY, None, register_view.MET),
        (CLOSED, BY_CLAIM, TODAY - DAY, 9, register_view.MET),  # said to be a claim beside it
        (VOID, "", TODAY - DAY, None, register_view.ENDED),
    ],
)
def test_a_period_is_missed_from_the_day_after_its_last(
    state: str, timeliness: str, due: date | None, breach: int | None, shown: str
) -> None:
    duty: Any = SimpleNamespace(state=state, timeliness=timeliness, due=due, breach=breach)
    assert register_view._state(duty, TODAY) == shown


@pytest.fixture
def labels(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The standing duties of invented seats, as name and days."""
    basis = SimpleNamespace(cite=lambda *_: "细则第四条")
    rules = [
        SimpleNamespace(standing=standing, zh=title, en=title, basis=basis)
        for standing, title in ((True, "主要负责人"), (False, "接访"))
    ]
    book = SimpleNamespace(instruments={})
    library = SimpleNamespace(rulebook=lambda *_: book)
    monkeypatch.setattr(register_view, "rulebooks", SimpleNamespace(library=lambda: library))
    monkeypatch.setattr(register_view, "_rules", lambda _bearer, _day: rules)
    names = register_view._Names({WANG: "王", LI: "李"}, {})

    def of(official: int | None, *every: Bearer) -> list[tuple[str, str, date, date | None]]:
        found = register_view._labels(every, FIRST, LAST, names, "zh", official)
        return [(one.title, one.name, one.since, one.until) for one in found]

    return of


def test_a_standing_duty_names_each_holder_with_their_days_and_no_vacancy(labels: Any) -> None:
    held = seat((WANG, FIRST - DAY), (None, TODAY), (LI, TODAY + 9 * DAY))
    wang = ("主要负责人", "王", FIRST, TODAY - DAY)
    li = ("主要负责人", "李", TODAY + 9 * DAY, None)
    assert labels(None, held) == [wang, li]
    assert labels(WANG, held) == [wang]
    assert labels(LI, held) == [li]
    assert labels(ZHAO, held) == []


def test_a_page_of_a_leader_asks_of_the_days_holder_and_one_of_organs_of_organs_alone() -> None:
    def asked(bearer: Bearer, official: int | None, *, bears: bool = True) -> bool:
        rule: Any = SimpleNamespace(of=bearer.of if bears else "other", applies={})
        return register_view._is_asked(bearer, rule, TODAY, official)

    held = seat((WANG, FIRST), (LI, TODAY))
    assert asked(held, LI)
    assert not asked(held, WANG)  # the day before
    assert not asked(held, LI, bears=False)
    assert not asked(held, None)
    assert asked(office(), None)
    assert not asked(office(), WANG)
