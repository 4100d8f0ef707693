"""An invented world for the gaming table: organs, their matters of a year, and the facts these
leave.

A matter is hard or easy; hard ones are more often late, extended, reviewed, repeated and rated
badly. Everything a
clerk or a trick can change is an attribute; `facts_of` writes the facts an assessment freezes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from dengwen.law.indicators.indicator import Organ, Period

NOW = Period(date(2026, 1, 1), date(2026, 12, 31))
PAST = Period(date(2025, 1, 1), date(2025, 12, 31))
ORGANS = tuple(Organ(i, f"示例{i}区", "county") for i in range(1, 9))
TAIL = 60
FIXED = {
    "suggestion": (40, (("adopted", 0.5), ("partly", 0.2), ("refused", 0.2), ("unanswered", 0.1))),
    "leader_duty": (60, (("in_time", 0.88), ("late", 0.08), ("missed", 0.04))),
    "finding": (30, (("rectified", 0.85), ("overdue", 0.15))),
    "reply_sample": (60, (("good", 0.5), ("fair", 0.35), ("poor", 0.15))),
}
"""What is not made of matters: how many a year, and how they end."""
Rates = dict[str, float]
BASE: Rates = {
    "hard": 0.25,
    "registered_late": 0.04,
    "told_late": 0.06,
    "late_hard": 0.38,
    "late_easy": 0.04,
    "extended_hard": 0.28,
    "extended_easy": 0.03,
    "recoded": 0.03,
    "linked": 0.04,
    "split": 0.02,
    "refused": 0.05,
    "redirected": 0.08,
    "withdrawn": 0.04,
    "objected": 0.08,
    "executes": 0.25,
    "invited": 0.85,
    "rated": 0.35,
    "entered_late": 0.02,
    "seen": 0.6,
    "unseen_lost": 0.02,
    "open": 0.55,
}


@dataclass
class Matter:
    """One matter as it would have gone, with what was done to it."""

    number: int
    day: date
    hard: bool
    registered: str = "in_time"
    told: str = "in_time"
    concluded: str = "in_time"
    resolution: str = "settled"
    review: str = ""
    execution: str = ""
    objection: str = ""
    rating: str = ""
    invited: bool = True
    claim: bool = True
    seen: bool = False
    hidden: bool = False
    entered: str = "timely"
    doubled: bool = False
    excuse: str = ""
    """What was entered to excuse its lateness after the day: `extension`, `withdrawal`, `leave`."""
    marks: set[str] = field(default_factory=set)
    """Among extension, recoding, split, link, refusal, redirect, withdrawal."""

    @property
    def badness(self) -> int:
        """How much it costs in the score: what a trick gets rid of first."""
        costs = (
            (3, self.concluded in {"late", "missed"}),
            (2, self.resolution in {"reviewed", "repeated"}),
            (2, self.review in {"changed", "revoked"}),
            (2, self.execution in {"late", "missed"}),
            (1, self.rating == "dissatisfied"),
            (1, self.told == "late"),
            (1, self.registered == "late"),
        )
        return sum(cost for cost, falls_due in costs if falls_due)


def rates_of(random: Random, base: Rates | None = None, jitter: float = 0.1) -> Rates:
    """Return the rates of one organ: the base, each moved a little."""
    return {
        k: min(0.95, v * (1 + random.uniform(-jitter, jitter))) for k, v in (base or BASE).items()
    }


def _choose(random: Random, shares: tuple[tuple[str, float], ...]) -> str:
    """Draw one of some words by their shares."""
    return random.choices([s[0] for s in shares], [s[1] for s in shares])[0]


def matter(random: Random, rates: Rates, number: int, period: Period, tail: bool = False) -> Matter:
    """Draw one matter registered in the period (in its last sixty days where `tail`)."""
    days = TAIL if tail else (period.last - period.first).days + 1
    day = period.last - timedelta(days=random.randrange(days))
    draw = _Draw(random, rates)
    one = Matter(number, day, hard=draw.happens("hard"))
    _begin(draw, one)
    if draw.happens("late_hard" if one.hard else "late_easy"):
        one.concluded = _choose(random, (("late", 0.8), ("missed", 0.2)))
    _end(random, one, draw.happens("executes"), draw.happens("invited"), draw.happens("rated"))
    if draw.happens("objected"):
        one.objection = _choose(random, (("upheld", 0.3), ("refused", 0.7)))
    if (period.last - day).days < TAIL and draw.happens("open"):
        one.concluded = "open"
    return one


def _begin(draw: _Draw, one: Matter) -> None:
    """Draw how a matter was received: in time or not, seen at all, and what was done to it."""
    one.registered = draw.late("registered_late", "in_time")
    one.told = draw.late("told_late", "in_time")
    one.seen = draw.happens("seen")
    one.hidden = one.seen and draw.happens("unseen_lost")
    one.entered = draw.late("entered_late", "timely")
    one.marks = draw.marks(one.hard)


@dataclass(frozen=True)
class _Draw:
    """Draws what happens to a matter, by the rates of its organ."""

    random: Random
    rates: Rates

    def happens(self, name: str) -> bool:
        """Draw whether something happens."""
        return self.random.random() < self.rates[name]

    def late(self, name: str, otherwise: str) -> str:
        """Draw whether something comes late."""
        return "late" if self.happens(name) else otherwise

    def marks(self, hard: bool) -> set[str]:
        """Draw the marks of a matter, extension last."""
        marks = {mark for name, mark in MARKS.items() if self.happens(name)}
        if self.happens("extended_hard" if hard else "extended_easy"):
            marks.add("extension")
        return marks


MARKS = {
    "recoded": "recoding",
    "linked": "link",
    "split": "split",
    "refused": "refusal",
    "redirected": "redirect",
    "withdrawn": "withdrawal",
}
"""What may be done to a matter, and the mark it leaves; drawn in this order."""
ENDS = {
    True: (("settled", 0.45), ("reviewed", 0.25), ("repeated", 0.3)),
    False: (("settled", 0.92), ("reviewed", 0.03), ("repeated", 0.05)),
}
RATINGS = {
    True: (("satisfied", 0.25), ("basically", 0.2), ("dissatisfied", 0.55)),
    False: (("satisfied", 0.7), ("basically", 0.22), ("dissatisfied", 0.08)),
}


def _end(random: Random, one: Matter, executes: bool, invited: bool, rated: bool) -> None:
    """Draw how a matter ends: resolution, review, execution, rating."""
    one.resolution = _choose(random, ENDS[one.hard])
    if one.resolution == "reviewed":
        one.review = _choose(random, (("upheld", 0.75), ("changed", 0.15), ("revoked", 0.1)))
    if executes:
        one.execution = _choose(random, (("done", 0.85), ("late", 0.1), ("missed", 0.05)))
    one.invited = invited
    if invited and rated:
        one.rating = _choose(random, RATINGS[one.hard])


def year(random: Random, rates: Rates, load: int, period: Period, first: int = 1) -> list[Matter]:
    """Draw the matters of one organ and year."""
    return [matter(random, rates, first + i, period) for i in range(load)]


HONESTLY_AFTERWARDS = 19
"""Of so many matters that were late, one was so by an illness entered only on the day of return."""


def excuse_of(one: Matter) -> str:
    """Return what was entered afterwards to excuse a late matter: what a trick enters, else now and
    then a real illness."""
    if one.concluded not in ("late", "missed"):
        return ""
    return one.excuse or ("leave" if one.number % HONESTLY_AFTERWARDS == 0 else "")


def fixed(random: Random, organ: int, period: Period) -> list[dict[str, Any]]:
    """Draw the facts that do not come from matters."""
    return [
        _fact(kind, organ, 0, period.first, _choose(random, shares))
        for kind, (number, shares) in FIXED.items()
        for _ in range(number)
    ]


def _fact(
    kind: str,
    organ: int,
    case: int,
    day: date,
    outcome: str = "",
    sort: str = "",
    entered: str = "timely",
) -> dict[str, Any]:
    return {
        "id": 0,
        "kind": kind,
        "organ": organ,
        "case": case,
        "day": day,
        "outcome": outcome,
        "sort": sort,
        "channel": "",
        "entered": entered,
    }


def facts_of(matters: list[Matter], organ: int) -> Iterator[dict[str, Any]]:
    """Return the facts the matters of an organ leave."""
    for one in matters:
        for kind, outcome, sort, entered in _left(one):
            yield _fact(kind, organ, one.number, one.day, outcome, sort, entered)


def _left(one: Matter) -> Iterator[tuple[str, str, str, str]]:
    """Return (kind, outcome, sort, entered) of each fact of one matter, as the system would write
    them.

    A refused or linked matter or a suggestion has no conclusion under a time limit; one redirected,
    withdrawn or
    missed is not resolved.
    """
    if one.seen:
        yield "contact", "unregistered" if one.hidden else "registered", "", "timely"
    if "gone" in one.marks:
        return
    yield "registration", one.registered, "", "timely"
    yield "notification", one.told, "", "timely"
    handled = one.claim and not one.marks & {"refusal", "link"}
    yield from _marked(one, handled=handled)
    if one.objection:
        yield "objection", one.objection, "", "timely"
    if handled:
        yield from _concluded(one)


def _marked(one: Matter, *, handled: bool) -> Iterator[tuple[str, str, str, str]]:
    """Return the facts of what was done to a matter; only one that is handled can be extended."""
    for mark in ("recoding", "split", "link", "refusal", "redirect", "withdrawal"):
        if mark in one.marks:
            yield mark, "class" if mark == "recoding" else "", "", "timely"
    if "extension" in one.marks and handled:
        yield "extension", "", "", "timely"


def _concluded(one: Matter) -> Iterator[tuple[str, str, str, str]]:
    """Return the facts of how a matter that is handled ended, or that it is open still."""
    yield "conclusion", one.concluded, "", one.entered
    if excuse := excuse_of(one):
        yield "excuse", excuse, "", "late"
    if one.concluded == "open":
        yield "backlog", "", "", "timely"
        return
    if one.concluded == "missed" or one.marks & {"redirect", "withdrawal"}:
        return
    yield from _outcomes(one)
    if one.doubled:
        yield "registration", "in_time", "", "timely"
        yield "notification", "in_time", "", "timely"
        yield "conclusion", "in_time", "", "timely"
        yield "resolution", "settled", "", "timely"


def _outcomes(one: Matter) -> Iterator[tuple[str, str, str, str]]:
    """Return the facts of a matter that came to an end."""
    yield "resolution", one.resolution, "", "timely"
    if one.review:
        yield "review", one.review, "", "timely"
    if one.execution:
        yield "execution", one.execution, "", "timely"
    if one.invited:
        yield "invitation", "rated" if one.rating else "unrated", "", "timely"
    if one.rating:
        yield "rating", one.rating, "competent", "timely"
        yield "rating", one.rating, "department", "timely"
