"""Indicators (考核指标) as data: what an assessment counts, how it weighs it, and the integers it
starts from.

Engines only filter, join and count to the integers of `Count`; ratios, intervals, points and ranks
are made in
`indicators_scoring` from these integers with `Decimal`, never with floats, so the same bytes come
out everywhere.
A `Watch` is counted like an indicator and never scored: it shows tricks (`indicators_flags`).

Loader: `indicators_reading`; counting in plain Python: `indicators_counting`; lint:
`indicators_lint`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from dengwen.law.packs.rules import Basis

IN_TIME = ("in_time", "late", "missed", "open")
SCORED_KINDS: Mapping[str, tuple[str, ...]] = {
    "registration": IN_TIME,
    "notification": IN_TIME,
    "conclusion": IN_TIME,
    "leader_duty": IN_TIME,
    "objection": ("upheld", "refused", "open"),
    "resolution": ("settled", "reviewed", "repeated", "open"),
    "review": ("upheld", "changed", "revoked", "open"),
    "execution": ("done", "late", "missed", "open"),
    "suggestion": ("adopted", "partly", "refused", "unanswered", "open"),
    "invitation": ("rated", "unrated"),
    "rating": ("satisfied", "basically", "dissatisfied"),
    "finding": ("rectified", "overdue", "open"),
    "reply_sample": ("good", "fair", "poor"),
}
"""Kinds of facts an indicator may count, with their outcomes."""
WATCHED_KINDS: Mapping[str, tuple[str, ...]] = {
    "extension": (),
    "recoding": (
        "class",
        "path",
        "place",
        "persons",
        "visit_kind",
        "channel",
        "category",
        "returned",
    ),
    "split": (),
    "link": (),
    "refusal": (),
    "redirect": (),
    "withdrawal": (),
    "contact": ("registered", "unregistered"),
    "backlog": (),
    "excuse": ("extension", "withdrawal", "leave"),
}
"""Kinds of facts that are only watched for tricks; an indicator that counts them is refused by
the lint."""
ENTERED = ("timely", "late", "imported")
"""How a fact came in: `late` = entered after its due day, claiming a day before it (补录)."""
BY_DAY, UP_TO_END = "day", "up_to_end"
PERIODS = (BY_DAY, UP_TO_END)
"""Period rule: the fact's day lies in the period, or lies anywhere up to its end (old findings
come along)."""
HIGHER, LOWER = "higher", "lower"
DIRECTIONS = (HIGHER, LOWER)
UNPROVED, COUNTED, APART = "unproved", "counted", "apart"
LATE_ENTERED = (UNPROVED, COUNTED, APART)
"""Late-entered facts: `unproved` keep their place in the denominator and earn nothing; `apart`
leave the score."""
IMPORTED = (COUNTED, APART)


@dataclass(frozen=True, slots=True)
class Period:
    """The period assessed, both days included (civil days in China)."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Selector:
    """Which facts are counted: an empty list accepts every value; `last_days` > 0 keeps only the
    end of the period."""

    kind: str
    outcome: tuple[str, ...] = ()
    sort: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    entered: tuple[str, ...] = ()
    last_days: int = 0

    def first_day(self, period: Period, rule: str) -> date:
        """Return the first day (included) whose facts count; `date.min` for the rule
        `up_to_end`."""
        if self.last_days:
            return max(period.first, period.last - timedelta(days=self.last_days - 1))
        return period.first if rule == BY_DAY else date.min


@dataclass(frozen=True, slots=True)
class Indicator:
    """One ratio that is scored.

    `floor` is the smallest denominator that is ranked; `weight` a share of one; `groups` the groups
    of comparable
    organs it is for (empty = all). `basis` is the article of the duty, None where only the local
    paper names it;
    weight and floor are always local.
    """

    id: str
    zh: str
    en: str
    numerator: Selector
    denominator: Selector
    period: str
    floor: int
    direction: str
    weight: Decimal
    groups: tuple[str, ...]
    basis: Basis | None
    local: str = ""


@dataclass(frozen=True, slots=True)
class Watch:
    """One rate that shows a trick and is never scored.

    A flag needs three things: an exact test against the organ's own past (moved as its comparable
    organs moved), a
    distance of at least `margin` (share of one), and at least `ratio` times the old rate (or the
    old divided by it).
    `direction` is the side of the trick: `higher` where the trick raises the rate.
    """

    id: str
    trick: str
    zh: str
    en: str
    numerator: Selector
    denominator: Selector
    direction: str
    margin: Decimal
    ratio: Decimal
    period: str = BY_DAY
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rounding:
    """How a scheme rounds, always half to even: places of ratios and points, and what counts as
    a difference."""

    ratio_places: int
    point_places: int
    resolution: Decimal
    z: Decimal
    saturation: Decimal
    least_weight: Decimal
    alpha: Decimal


@dataclass(frozen=True, slots=True)
class Group:
    """A group of comparable organs, named by data: by their codes, or by kind and level; without
    any of these the rest.

    The kind `petition_office` stands for petition departments, whatever they are registered as.

    An organ is in the first group that names it by code, else in the first whose kinds and levels
    it has, else in the
    first that names nothing.
    """

    id: str
    zh: str
    en: str
    organs: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()

    def has(self, kind: str, level: str) -> bool:
        """Say whether kind and level are those of the group; False where it names neither."""
        named = bool(self.kinds or self.levels)
        return (
            named
            and (not self.kinds or kind in self.kinds)
            and (not self.levels or level in self.levels)
        )


@dataclass(frozen=True, slots=True)
class Scheme:
    """An indicator system for a period: immutable, identified by `id`, `edition` and the digest
    of its content."""

    id: str
    zh: str
    en: str
    edition: str
    since: date
    until: date | None
    basis: Basis
    paper_zh: str
    paper_en: str
    rounding: Rounding
    late_entered: str
    imported: str
    groups: tuple[Group, ...]
    indicators: tuple[Indicator, ...]
    watches: tuple[Watch, ...]
    digest: str = ""
    file: str = ""
    past_years: int = 0

    def past(self, period: Period) -> tuple[Period, ...]:
        """Return the same days of the years before, the newest first: what the watches are
        compared with."""
        return tuple(
            Period(_earlier(period.first, n), _earlier(period.last, n))
            for n in range(1, self.past_years + 1)
        )

    def group_of(self, code: str, kind: str, level: str) -> str:
        """Return the group of an organ by its code, kind and level; "kind/level" where no group
        takes it."""
        for one in self.groups:
            if code in one.organs:
                return one.id
        for one in self.groups:
            if one.has(kind, level):
                return one.id
        rest = next((g.id for g in self.groups if not (g.organs or g.kinds or g.levels)), "")
        return rest or f"{kind}/{level}"

    def indicator(self, name: str) -> Indicator:
        """Return the indicator of that id; KeyError where the scheme has none."""
        for one in self.indicators:
            if one.id == name:
                return one
        raise KeyError(name)

    def watch(self, name: str) -> Watch:
        """Return the watch of that id; KeyError where the scheme has none."""
        for one in self.watches:
            if one.id == name:
                return one
        raise KeyError(name)


def _earlier(day: date, years: int) -> date:
    """Return the same day so many years before; 28 February where that year has no 29th."""
    year = day.year - years
    return (
        date(year, day.month, 28)
        if (day.month, day.day) == (2, 29) and year % 4
        else day.replace(year=year)
    )


@dataclass(frozen=True, slots=True)
class Organ:
    """An organ that is assessed: id, name, group of comparable organs."""

    organ: int
    name: str
    group: str


@dataclass(frozen=True, slots=True, order=True)
class Count:
    """The integers of one organ and one indicator (or watch), exclusions already taken out.

    `late_*` and `imported_*` are parts of `numerator` and `denominator`, counted apart beside every
    figure.
    """

    organ: int
    indicator: str
    numerator: int
    denominator: int
    late_numerator: int = 0
    late_denominator: int = 0
    imported_numerator: int = 0
    imported_denominator: int = 0
