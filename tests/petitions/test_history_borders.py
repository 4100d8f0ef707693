"""What a row of history says of its days, and whether its answer came in time: to the day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.law.duties.act_record import BY_CLAIM, IN_TIME, LATE
from dengwen.petitions.history import message_row, timeliness
from dengwen.petitions.history.timeliness import Matter, _Judge

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
CAME = datetime(2019, 4, 24, 8, 3, 40, tzinfo=UTC)
TODAY = date(2025, 3, 18)


class _RefusedError(Exception):
    pass


@pytest.mark.parametrize(
    ("reply", "replied", "taken"),
    [
        ("已办", CAME, True),  # in the very second
        ("已办", CAME - SECOND, False),
        ("已办", CAME + SECOND, True),
        ("已办", None, False),  # a reply without its day
        ("", None, True),
        ("", CAME, True),
    ],
)
def test_a_reply_has_a_day_and_is_not_older_than_its_message(
    reply: str, replied: datetime | None, monkeypatch: pytest.MonkeyPatch, *, taken: bool
) -> None:
    def refuse(*_: str) -> Exception:
        return _RefusedError()

    given: Any = SimpleNamespace(said={"reply": reply}, refuse=refuse)
    monkeypatch.setattr(message_row, "instant_in", lambda *_: replied)
    if taken:
        assert message_row._reply(given, CAME, TODAY) == (reply, replied)
        return
    with pytest.raises(_RefusedError):
        message_row._reply(given, CAME, TODAY)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2019-04-24", date(2019, 4, 24)),
        ("2019-04-24 16:03:40", date(2019, 4, 24)),
        ("2019-04-24 16:03", date(2019, 4, 24)),
        ("2019-04-24 下午", None),
        ("2019-04-24x", None),
        ("昨天", None),
        ("2019-13-24", None),
    ],
)
def test_a_day_is_read_whole_or_not_at_all(text: str, day: date | None) -> None:
    if day is None:
        with pytest.raises(ValueError, match=r".*"):
            message_row._parsed(text)
        return
    assert message_row._parsed(text)[0] == day


@pytest.mark.parametrize(
    ("verdict", "said"), [(LATE, "late"), (IN_TIME, "in_time"), (BY_CLAIM, "in_time")]
)
def test_a_matter_with_a_duty_is_judged_by_it(verdict: str, said: str) -> None:
    calendar: Any = None
    matter: Any = SimpleNamespace(duty=("handle", verdict))
    assert _Judge(calendar).verdict(matter) == said


SURELY, AT_LAST = date(2019, 6, 24), date(2019, 7, 24)


@pytest.mark.parametrize(
    ("answered", "at_last", "said"),
    [
        (SURELY, AT_LAST, "in_time"),
        (SURELY + DAY, AT_LAST, "cannot_tell"),
        (AT_LAST, AT_LAST, "cannot_tell"),
        (AT_LAST + DAY, AT_LAST, "late"),
        (AT_LAST + DAY, None, "cannot_tell"),
        (SURELY, None, "in_time"),
    ],
)
def test_nobody_is_called_late_before_the_last_day_that_can_be_lawful(
    answered: date, at_last: date | None, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_Judge, "_days", lambda *_: (SURELY, at_last))
    calendar: Any = None
    matter = Matter(1, "YJ01", imported=True)
    matter.rules, matter.received, matter.answered = "r", date(2019, 4, 24), answered
    assert _Judge(calendar)._by_dates(matter) == said
    matter.received = None
    assert _Judge(calendar)._by_dates(matter) == timeliness.UNKNOWN


def test_the_days_of_a_receipt_are_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[date] = []

    def count_clock(_clock: Any, received: date, _calendar: Any, extend: int = 0) -> Any:
        counted.append(received)
        last = received + (60 + extend) * DAY
        return SimpleNamespace(due=last, raw=last)

    monkeypatch.setattr(timeliness, "count_clock", count_clock)
    calendar: Any = None
    clock = SimpleNamespace(extension=SimpleNamespace(most=30))
    rule: Any = SimpleNamespace(clock=clock, id="x")
    judge = _Judge(calendar, duties={"r": (rule, rule, False), "s": (rule, rule, False)})
    day = date(2019, 4, 24)
    first = judge._days("r", day)
    assert first == (day + 60 * DAY, day + 150 * DAY)
    once = len(counted)
    assert judge._days("r", day) == first
    assert len(counted) == once
    judge._days("s", day)
    assert len(counted) == 2 * once
    assert judge._days("r", day + DAY)[0] == day + 61 * DAY


# --- days of a row --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "today", "taken"),
    [
        ("2025-03-18", TODAY, True),
        ("2025-03-19", TODAY, False),
        ("2025-03-19", None, True),  # where no day is given, none is too late
        ("2025-03-18 23:59", TODAY, True),
        ("1949-10-01", TODAY, True),
        ("1949-09-30", TODAY, False),
    ],
)
def test_a_day_of_history_lies_between_the_earliest_and_today(
    text: str, today: date | None, *, taken: bool
) -> None:
    def refuse(*_: str) -> Exception:
        return _RefusedError()

    given: Any = SimpleNamespace(said={"received": text}, refuse=refuse)
    if taken:
        assert message_row.instant_in(given, "received", today) is not None
        return
    with pytest.raises(_RefusedError):
        message_row.instant_in(given, "received", today)


@pytest.mark.parametrize(("days", "over"), [(60, False), (61, True), (0, False)])
def test_sixty_days_are_over_on_the_sixty_first(days: int, *, over: bool) -> None:
    counted: list[str] = []
    report: Any = SimpleNamespace(
        imported=0, by_claim=0, not_judged={}, add=lambda _matter, names: counted.extend(names)
    )
    matter = Matter(1, "YJ01", imported=False)
    matter.received, matter.answered = TODAY, TODAY + days * DAY
    judge: Any = SimpleNamespace(verdict=lambda _matter: "in_time")
    timeliness._count(report, matter, judge)
    assert ("over_60_days" in counted) is over


@pytest.mark.parametrize(
    ("class_", "path", "by_class", "said"),
    [
        ("claim", "31(6)", True, "dates"),
        ("claim", "", True, "dates"),
        ("claim", "31(5)", True, "other_path"),
        ("accusation", "", True, "no_limit_accusation"),
        ("", "", True, "no_class"),
        ("accusation", "31(5)", False, "dates"),  # an edition that sorts nothing
    ],
)
def test_only_claims_on_the_general_path_have_sixty_days(
    class_: str, path: str, said: str, monkeypatch: pytest.MonkeyPatch, *, by_class: bool
) -> None:
    monkeypatch.setattr(_Judge, "_by_dates", lambda *_: "dates")
    calendar: Any = None
    rule: Any = None
    matter = Matter(1, "YJ01", imported=False)
    matter.rules, matter.class_, matter.path = "r", class_, path
    judge = _Judge(calendar, duties={"r": (rule, rule, by_class)})
    assert judge.verdict(matter) == said
