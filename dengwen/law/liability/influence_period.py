"""How long measures work on a person (影响期), which sanctions are executed, and where one appeals,
with the dates.

A period found nowhere is None, never a guess; one whose text was not seen is shown as not verified.
The first day is the day of the decision; whether the last is the corresponding day or the day
before is disputed: the packs state by which convention it is counted (`[[counting]]`), a local
setting may say otherwise, and the answer names it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from dengwen.law.duties.act_record import Refusal
from dengwen.law.liability.provisions import Liability, PeriodRule, RouteRule
from dengwen.law.packs.library import Library
from dengwen.law.packs.rules import Basis
from dengwen.law.time import due_date
from dengwen.law.time.calendar import DAY
from dengwen.law.time.terms import add_months

DAY_BEFORE, CORRESPONDING = "day_before", "corresponding"
"""The two conventions for the last day of a period of months that begins on the day of the
decision."""
RUNS_ON = {"psl": Basis("PSL", "56"), "csl": Basis("CSL", "96")}
"""The ways of whose law an article was seen by which an appeal suspends nothing and nothing is
aggravated because of it; of no other way is that said."""


@dataclass(frozen=True)
class Imposed:
    """A measure on a person, the day of its decision, and the months of a period the decision
    itself states (0 = it states none)."""

    measure: str
    on: date
    stated: int = 0


@dataclass(frozen=True)
class Influence:
    """One effect of one measure: what is not possible, until which day (None = no number found),
    whether verified."""

    measure: str
    zh: str
    en: str
    first: date
    last: date | None
    convention: str
    basis: Basis


@dataclass(frozen=True)
class Executed:
    """What is executed of several sanctions (PSL 15): which, and between how many months the
    period is set."""

    sanction: str
    least: int
    most: int
    basis: Basis


def last_day(first: date, months: int, convention: str) -> date:
    """Return the last day of a period of months whose first day is `first`; ValueError for an
    unknown convention."""
    if convention not in (DAY_BEFORE, CORRESPONDING):
        raise ValueError(f"不认识的算法 / unknown convention: {convention}")
    end = add_months(first, months)
    return end if convention == CORRESPONDING else end - DAY


def convention_of(rules: Liability) -> str:
    """Return by which convention the packs count the last day of an influence period."""
    counting = rules.countings.get("influence")
    return counting.last_day if counting else DAY_BEFORE


def influences(
    rules: Liability, imposed: Iterable[Imposed], convention: str = ""
) -> list[Influence]:
    """Return every effect of the measures, in the order given; counted as the packs state, or by
    the local convention given."""
    way = convention or convention_of(rules)
    return [
        _influence(rules, period, one, way)
        for one in imposed
        for period in rules.periods
        if one.measure in period.measures
    ]


def _influence(rules: Liability, period: PeriodRule, one: Imposed, convention: str) -> Influence:
    first = one.on
    before = next((p for p in rules.periods if period.follows and p.id == period.follows), None)
    if before is not None:
        first = add_months(one.on, _months(before, one) or 0)
    months = _months(period, one)
    last = None if months is None else last_day(first, months, convention)
    return Influence(one.measure, period.zh, period.en, first, last, convention, period.basis)


def _months(period: PeriodRule, one: Imposed) -> int | None:
    """Return the months of a period; of one the decision states, what it states, and the least it
    may state where an older decision states nothing: in doubt nobody is held longer."""
    if period.stated is None:
        return period.months
    least, most = period.stated
    return min(max(one.stated, least), most)


def stated_period(rules: Liability, measure: str) -> PeriodRule | None:
    """Return the period of a measure whose months the decision itself must state, None where
    there is none."""
    return next((p for p in rules.periods if p.stated and measure in p.measures), None)


def longest(found: Sequence[Influence]) -> Influence | None:
    """Return the effect that lasts longest: with several measures the longer period applies
    (CADRE Q&A 44)."""
    numbered = [i for i in found if i.last is not None]
    return max(numbered, key=lambda i: i.last or i.first, default=None)


def in_force_on(found: Iterable[Influence], on: date) -> list[Influence]:
    """Return the effects that run on a day; what is expired is left out, what has no number is
    never in force."""
    return [i for i in found if i.last is not None and i.first <= on <= i.last]


def executed(rules: Liability, sanctions: Sequence[str]) -> Executed:
    """Return what is executed of several sanctions fixed separately for several acts.

    Different kinds: only the heaviest. The same kind, removal or lighter: one period, at least that
    of one and at most the sum of all, never above the most the packs state. ValueError for an
    unknown sanction, none, or rules that state no order of them.
    """
    stated = next(iter(rules.sums.values()), None)
    if stated is None or not sanctions or set(sanctions) - set(stated.order):
        raise ValueError(f"不认识的处分 / unknown sanction: {', '.join(sanctions) or '—'}")
    heaviest = max(sanctions, key=stated.order.index)
    one = _months_of(rules, heaviest)
    equal = len(set(sanctions)) == 1 and len(sanctions) > 1 and one
    most = min(stated.most, one * len(sanctions)) if equal else one
    return Executed(heaviest, one, most, stated.basis)


def _months_of(rules: Liability, sanction: str) -> int:
    """Return the months of a sanction, 0 where it has none (dismissal)."""
    named = (p.months for p in rules.periods if f"gov_{sanction}" in p.measures)
    return next(named, None) or 0


@dataclass(frozen=True)
class Station:
    """One instance of an appeal: what, the last day to ask if the decision came on the day asked
    about, and clocks."""

    zh: str
    en: str
    last: date | None
    apply: str
    decide: str


@dataclass(frozen=True)
class Appeal:
    """A way to appeal against a measure, with its instances."""

    route: RouteRule
    stations: tuple[Station, ...]

    @property
    def verified(self) -> bool:
        """Whether the text of the way was seen."""
        return self.route.basis.verified

    @property
    def runs_on(self) -> Basis | None:
        """The article by which execution goes on and nothing gets worse by it, None where none was
        seen."""
        return RUNS_ON.get(self.route.id)


def appeals(
    library: Library, rules: Liability, measure: str, status: str, received: date
) -> list[Appeal]:
    """Return the ways to appeal against a measure for a person of a status who received it on
    `received`.

    The last day of the first instance is counted from that day; a later instance starts with its
    own decision, so it
    shows the clock only. KeyError for a measure no pack states.
    """
    kind = _kind_of(rules, measure)
    return [
        Appeal(route, tuple(_stations(library, route, received)))
        for route in rules.routes
        if (kind in route.kinds or measure in route.measures)
        and (not route.statuses or status in route.statuses)
    ]


def _kind_of(rules: Liability, measure: str) -> str:
    """Return the kind of a measure, of another one of an open list too; KeyError for none."""
    rule = rules.measure(measure)
    if rule is None:
        raise KeyError(measure)
    return rule.kind


def _stations(library: Library, route: RouteRule, received: date) -> Iterable[Station]:
    for number, step in enumerate(route.steps):
        first = number == 0 and step.apply
        counted = due_date.ask(library, step.apply, received).counted if first else None
        yield Station(step.zh, step.en, counted.due if counted else None, step.apply, step.decide)


def route_refusal(rules: Liability, measure: str, status: str, route: str) -> Refusal | None:
    """Say why a way to appeal is not open for a measure, with the rule; None where it is open.

    Circular and admonition are not in the list of CSL 95.
    """
    wanted = next(r for r in rules.routes if r.id == route)
    if (_kind_of(rules, measure) in wanted.kinds or measure in wanted.measures) and (
        not wanted.statuses or status in wanted.statuses
    ):
        return None
    rule = rules.measure(measure) or rules.measures[measure]
    return Refusal(
        "not-this-way",
        f"“{rule.zh}”不在{wanted.zh}的范围内",
        f"“{rule.en}” is not within {wanted.en}",
        wanted.basis,
        "见这项措施自己的申诉途径",
        "see the measure's own way to appeal",
    )
