"""What an open period still lacks on a day: the very day, the one before and the one after."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.cases.duties import open_periods, registers
from dengwen.cases.duties.bearers import Bearer
from dengwen.cases.duties.open_periods import Owed, lead_time
from dengwen.cases.duties.periods import Span
from dengwen.law.duties.act_record import BY_CLAIM, CHINA, CLOSED, IN_TIME, LATE, OPEN, VOID
from dengwen.law.duties.recurrence import Deed
from dengwen.law.duties.step import Step
from dengwen.organs.models import Organ

DAY = timedelta(days=1)
FIRST, LAST = date(2025, 3, 1), date(2025, 3, 31)
WANG, LI = 11, 12
NO_SETTING: Any = SimpleNamespace(on=lambda *_: None)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), CHINA)


def period(**more: Any) -> Owed:
    """A month of a register that is open and owed by an organ, unless said otherwise."""
    law: Any = SimpleNamespace(clock=SimpleNamespace(per="month", at_least=None))
    plain: dict[str, Any] = {
        "case": 1, "organ": 2, "rule": "receive", "law": law, "seat": "", "start": FIRST,
        "due": LAST, "state": OPEN, "official": None, "opened_by": 3, "breach": None,
        "timeliness": "", "closed_on": None, "evidence": None,
    }  # fmt: skip
    return Owed(**{**plain, **more})


def deed(day: date, recorded: date | None = None, *, id_: int = 7) -> Deed:
    return Deed(id_, "reception", "hold", day, recorded or day, 2)


def warned(one: Owed, today: date) -> list[int]:
    steps = open_periods._warning(one, NO_SETTING, noon(today))
    return [int(str(step.fields["days"])) for step in steps]


@pytest.mark.parametrize(
    ("before_the_end", "told"),
    [(8, []), (7, [7]), (0, [0]), (-1, [])],
)
def test_a_warning_comes_within_the_lead_time_and_not_after_the_last_day(
    before_the_end: int, told: list[int]
) -> None:
    assert warned(period(), LAST - before_the_end * DAY) == told


@pytest.mark.parametrize(
    ("per", "days"), [("year", 60), ("half_year", 30), ("quarter", 15), ("month", 7), ("week", 2)]
)
def test_without_a_setting_the_lead_time_is_the_programs_own(per: str, days: int) -> None:
    law: Any = SimpleNamespace(clock=SimpleNamespace(per=per, at_least=None))
    assert lead_time(period(law=law), NO_SETTING, LAST) == days


def test_a_short_period_is_warned_of_from_its_first_day_on_and_not_before() -> None:
    short = period(start=LAST - 2 * DAY)
    assert warned(short, short.start) == [2]
    assert warned(short, short.start - DAY) == []


def test_a_period_without_a_last_day_is_not_warned_of() -> None:
    assert warned(period(due=None), FIRST) == []


def acts(steps: list[Step]) -> list[str]:
    return [step.act for step in steps]


def closing(
    one: Owed, act: Deed | None, today: date = LAST + DAY, *, is_corrected: bool = False
) -> list[str]:
    return acts(open_periods._closing(one, act, noon(today), is_corrected=is_corrected))


def test_an_open_period_is_breached_from_the_day_after_its_last_and_once() -> None:
    assert closing(period(), None, LAST) == []
    assert closing(period(), None, LAST + DAY) == ["breach"]
    assert closing(period(breach=9), None, LAST + DAY) == []
    assert closing(period(due=None), None, LAST + DAY) == []
    assert closing(period(state=VOID), None, LAST + DAY) == []


@pytest.mark.parametrize(
    ("done", "recorded", "steps"),
    [
        (LAST, LAST, ["meet"]),
        (LAST, LAST + DAY, ["breach", "meet"]),
        (LAST + DAY, LAST + DAY, ["breach", "meet"]),
        (FIRST, FIRST, ["meet"]),
    ],
)
def test_only_what_was_done_and_recorded_by_the_last_day_spares_the_breach(
    done: date, recorded: date, steps: list[str]
) -> None:
    assert closing(period(), deed(done, recorded), LAST + 5 * DAY) == steps


def closed(timeliness: str = IN_TIME) -> Owed:
    return period(state=CLOSED, timeliness=timeliness, evidence=7, closed_on=FIRST)


def test_a_closed_period_is_opened_again_only_where_a_correction_changes_what_met_it() -> None:
    same, other_day, other = deed(FIRST), deed(FIRST + DAY), deed(FIRST, id_=8)
    assert closing(closed(), same, is_corrected=True) == []
    assert closing(closed(), other, is_corrected=False) == []
    assert closing(closed(), None, is_corrected=False) == []
    assert closing(closed(), None, FIRST, is_corrected=True) == ["reopen"]
    assert closing(closed(), other_day, is_corrected=True) == ["reopen", "meet"]
    assert closing(closed(), other, is_corrected=True) == ["reopen", "meet"]


@pytest.mark.parametrize(
    ("timeliness", "steps"), [(LATE, ["breach"]), (BY_CLAIM, ["breach"]), (IN_TIME, [])]
)
def test_a_closed_period_gets_the_breach_of_what_closed_it(
    timeliness: str, steps: list[str]
) -> None:
    assert closing(closed(timeliness), None) == steps


def holders(
    official: int | None,
    *held: tuple[int | None, date],
    today: date = LAST,
    noted: list[tuple[int | None, date]] | None = None,
    **more: Any,
) -> list[tuple[object, object]]:
    """The changes of holder that a period of a seat is still to note."""
    bearer = Bearer(
        Organ(pk=2, code="YJ01"), "leader", "post:1", held[0][1], None, held, "principal"
    )
    one = period(seat="post:1", official=official, first_holder=official, **more)
    so_far = [open_periods._Noted(since, who) for who, since in noted or []]
    steps = open_periods._holders(one, bearer, today, so_far)
    assert all(step.act == "pass_on" for step in steps)
    return [(step.fields.get("leader"), step.fields["since"]) for step in steps]


def test_a_change_of_holder_is_noted_on_its_day_and_not_before() -> None:
    change = FIRST + 9 * DAY
    held = (WANG, FIRST - DAY), (LI, change)
    assert holders(WANG, *held, today=change - DAY) == []
    assert holders(WANG, *held, today=change) == [(LI, change)]
    assert holders(WANG, *held, noted=[(LI, change)]) == []
    vacant = (WANG, FIRST - DAY), (None, change)
    assert holders(WANG, *vacant) == [(None, change)]


def test_whoever_held_it_in_between_is_noted_though_the_one_before_is_back() -> None:
    away, back = FIRST + 9 * DAY, FIRST + 19 * DAY
    held = (WANG, FIRST - DAY), (LI, away), (WANG, back)
    assert holders(WANG, *held) == [(LI, away), (WANG, back)]
    assert holders(WANG, *held, noted=[(LI, away), (WANG, back)]) == []


def test_a_change_after_the_last_day_or_on_the_first_is_none_of_the_period() -> None:
    after = (WANG, FIRST - DAY), (LI, LAST + DAY)
    assert holders(WANG, *after, today=LAST + 9 * DAY) == []
    on_last = (WANG, FIRST - DAY), (LI, LAST)
    assert holders(WANG, *on_last, today=LAST) == [(LI, LAST)]
    on_first = (WANG, FIRST - DAY), (LI, FIRST)
    assert holders(LI, *on_first) == []


def test_a_period_that_is_over_or_of_no_seat_notes_no_holder() -> None:
    held = (WANG, FIRST - DAY), (LI, FIRST + DAY)
    assert holders(WANG, *held, state=CLOSED, closed_on=FIRST) == []
    assert holders(WANG, *held, state=VOID) == []
    assert holders(WANG, *held, today=FIRST - DAY) == []
    organ = Bearer(Organ(pk=2), "holder", "", FIRST, None, held)
    assert open_periods._holders(period(), organ, LAST) == []


# --- which edition a register asks ----------------------------------------------------------------
OLD, NEW, COMING = date(2020, 1, 1), date(2025, 2, 10), date(2025, 7, 1)


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A turn of the worker on the day an edition begins, with invented rules: `asked` are the days
    whose rules were composed."""
    asked: list[date] = []

    def in_force(day: date, _place: str, _now: datetime) -> Any:
        asked.append(day)
        duties = {
            name: SimpleNamespace(id=name, of=of, standing=standing)
            for name, of, standing in (
                ("organs", "holder", False),
                ("leaders", "leader", False),
                ("standing", "holder", True),
                ("single", "", False),
                *((("new", "holder", False),) if day >= NEW else ()),
            )
        }
        kinds = {"register": SimpleNamespace(duties=duties)}
        return SimpleNamespace(book=SimpleNamespace(kinds=kinds))

    packs = [SimpleNamespace(since=day) for day in (NEW, OLD, COMING, OLD)]
    rulebooks = SimpleNamespace(library=lambda: SimpleNamespace(packs=packs), in_force=in_force)
    monkeypatch.setattr(registers, "rulebooks", rulebooks)
    monkeypatch.setattr(registers, "began", lambda _now: OLD)
    monkeypatch.setattr(registers, "bearers", lambda _first, _last: [])
    monkeypatch.setattr(registers, "settings_of", lambda _key: NO_SETTING)
    monkeypatch.setattr(registers._Desk, "_read_registers", lambda _desk: None)

    def on(today: date) -> Any:
        return registers._Desk(noon(today), today), asked

    return on


def test_an_edition_is_known_from_the_day_it_begins(desk: Any) -> None:
    assert desk(NEW - DAY)[0].editions == (OLD,)
    assert desk(NEW)[0].editions == (OLD, NEW)
    assert desk(COMING - DAY)[0].editions == (OLD, NEW)


def test_the_rules_of_a_day_are_those_of_the_edition_that_began_last(desk: Any) -> None:
    turn, asked = desk(NEW + DAY)
    assert "new" not in turn.rules_on("500000", NEW - DAY)
    assert "new" in turn.rules_on("500000", NEW)
    assert "new" in turn.rules_on("500000", NEW + DAY)
    assert asked == [OLD, NEW]  # an edition is composed once
    assert set(turn.rules_on("500000", NEW)) == {"organs", "leaders", "new"}


def test_a_bearer_is_asked_for_duties_of_its_own_sort_in_all_editions_of_the_span(
    desk: Any,
) -> None:
    turn, _ = desk(NEW)
    organ = Bearer(Organ(pk=1, division_code="500000"), "holder", "", OLD, None, ((None, OLD),))
    leader = Bearer(Organ(pk=1, division_code="500000"), "leader", "post:1", OLD, None, ())

    def of(bearer: Bearer, last: date) -> list[str]:
        span = Span(OLD, date(2025, 1, 1), last, turn.editions)
        return list(turn._rule_ids(bearer, span))

    assert of(organ, NEW - DAY) == ["organs"]
    assert of(organ, NEW) == ["organs", "new"]
    assert of(leader, NEW) == ["leaders"]
