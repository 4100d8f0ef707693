"""What packs can say about accountability, as frozen data: who answers, for what, by whom.

`provision_tables` reads it, `provisions` says what is in force. Every rule carries its `Basis`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from dengwen.law.packs.rules import Basis, Instrument

Words = tuple[str, str]
"""The same in Chinese and English."""


@dataclass(frozen=True)
class TriggerRule:
    """One circumstance for which somebody answers: the conduct, and every result element that
    must be shown too."""

    id: str
    zh: str
    en: str
    conduct: tuple[str, ...]
    elements: tuple[str, ...]
    follows: tuple[str, ...]
    with_serious: tuple[str, ...]
    open: bool
    partly_seen: bool
    of_conduct: Mapping[str, tuple[str, ...]]
    """What the text asks of one conduct alone, beside the elements of all."""
    who: str
    implements: str
    note: Words
    basis: Basis
    pack: str

    @property
    def all_elements(self) -> tuple[str, ...]:
        """Every element the text names, those of one conduct alone too."""
        own = (element for asked in self.of_conduct.values() for element in asked)
        return tuple(dict.fromkeys((*self.elements, *own)))

    def lacking(self, shown: Collection[str]) -> tuple[str, ...]:
        """Return the elements not among what is shown; of what conducts ask for themselves, that
        of the one that lacks least."""
        conducts = [conduct for conduct in self.conduct if conduct in shown]
        own = [
            tuple(e for e in self.of_conduct.get(conduct, ()) if e not in shown)
            for conduct in conducts
        ]
        return (
            *(e for e in self.elements if e not in shown),
            *min(own, key=len, default=()),
        )


@dataclass(frozen=True)
class MeasureRule:
    """A measure: on whom, of which legal kind, decided by whom.

    `bound_by` is the instrument that must bind the organ it is taken against ("" = any);
    `organs` are the groups of organs it fits alone (() = all); `removes` = it takes a post away.
    """

    id: str
    zh: str
    en: str
    on: tuple[str, ...]
    kind: str
    by: str
    bound_by: str
    organs: tuple[str, ...]
    removes: bool
    party_members: bool
    """Whether it fits members of the Party alone."""
    basis: Basis


@dataclass(frozen=True)
class LineRule:
    """Who bears which responsibility: on which ground, in which part, and the sentence for it."""

    id: str
    ground: str
    who: str
    responsibility: str
    zh: str
    en: str
    basis: Basis


@dataclass(frozen=True)
class DissentRule:
    """A standard of dissent: which stances it asks for, and what it gives.

    `recorded` standards ask for dissent on record; the one that does not says what is missing.
    """

    id: str
    grounds: tuple[str, ...]
    stances: tuple[str, ...]
    recorded: bool
    major: bool
    effect: str
    zh: str
    en: str
    basis: Basis


@dataclass(frozen=True)
class AbsenceRule:
    """What the absence of somebody means for the line of this part."""

    id: str
    who: tuple[str, ...]
    effect: str
    zh: str
    en: str
    basis: Basis


@dataclass(frozen=True)
class DiligenceItem:
    """One item of the test of diligence, by the name it has in the file."""

    id: str
    zh: str
    en: str


@dataclass(frozen=True)
class DiligenceRule:
    """What diligence gives on a ground, and the test that must be shown item by item."""

    id: str
    grounds: tuple[str, ...]
    effect: str
    test: tuple[DiligenceItem, ...]
    zh: str
    en: str
    basis: Basis


@dataclass(frozen=True)
class AuthorityRule:
    """Who decides the measures whose `by` is this id, and how it stands to the subject.

    `organs` are kinds or groups of organs ("" = any); with `manages` it must be registered to
    manage the subject on the day of the decision. `instead` is the body named where it may not.
    """

    id: str
    organs: tuple[str, ...]
    manages: bool
    zh: str
    en: str
    basis: Basis


@dataclass(frozen=True)
class BindingRule:
    """Which groups of organs, at which levels (() = all), an instrument binds; a measure of it fits
    no other. Without groups: what it says of whatever it does not list."""

    id: str
    law: str
    groups: tuple[str, ...]
    levels: tuple[str, ...]
    degree: str
    zh: str
    en: str
    basis: Basis


@dataclass(frozen=True)
class Entrance:
    """One way onto a rung: a gravity found, a rung below that failed, or reasons where the text
    has no rule.

    Of the last, `least` says what a finding between two classes must have: `any`, or `one` of both
    adjectives.
    """

    ground: str
    gravity: str = ""
    failed: str = ""
    least: str = ""


@dataclass(frozen=True)
class RungRule:
    """A step of the ladder: its measures, every way onto it, and what comes along."""

    id: str
    zh: str
    en: str
    measures: tuple[str, ...]
    opens: tuple[Entrance, ...]
    comes_with: tuple[str, ...]
    basis: Basis

    @property
    def gravity(self) -> str:
        """The gravity that opens it directly, "" where none does."""
        return next((e.gravity for e in self.opens if e.gravity), "")

    @property
    def after(self) -> str:
        """The rung whose failure is a ground for it, "" where none is."""
        return next((e.failed for e in self.opens if e.failed), "")


@dataclass(frozen=True)
class HonourRule:
    """Whose comprehensive honours of the year a rung cancels."""

    id: str
    zh: str
    en: str
    basis: Basis


@dataclass(frozen=True)
class OpenListRule:
    """A list the text leaves open (等): another measure of this kind, with reasons and approval.

    `by` and `bound_by` are what its listed measures have; `rung` is the one that must be open.
    """

    id: str
    on: str
    kind: str
    by: str
    bound_by: str
    rung: str
    zh: str
    en: str
    basis: Basis

    def measure(self, said: str = "") -> MeasureRule:
        """Return another measure of the list under the name it was given, judged as a listed one
        would be."""
        return MeasureRule(
            id=self.id,
            zh=said or f"{self.zh}以外的同类措施",
            en=said or f"another measure of the kind of {self.en}",
            on=(self.on,),
            kind=self.kind,
            by=self.by,
            bound_by=self.bound_by,
            organs=(),
            removes=False,
            party_members=False,
            basis=self.basis,
        )


@dataclass(frozen=True)
class CountingRule:
    """By which convention the last day of an influence period is counted."""

    id: str
    last_day: str
    zh: str
    en: str
    basis: Basis


@dataclass(frozen=True)
class UnseenRule:
    """What was looked for in an instrument and not seen: checked, not found."""

    id: str
    zh: str
    en: str
    basis: Basis


@dataclass(frozen=True)
class CitedRule:
    """How the rule behind a refusal is cited at this place."""

    id: str
    zh: str
    en: str
    basis: Basis


@dataclass(frozen=True)
class PeriodRule:
    """How long a measure works on a person (影响期); `months` is None where no number was found.

    A period that the decision states itself says between how many months (`stated`); `follows` is
    the period after whose last day it begins.
    """

    id: str
    measures: tuple[str, ...]
    months: int | None
    stated: tuple[int, int] | None
    follows: str
    zh: str
    en: str
    basis: Basis


@dataclass(frozen=True)
class CombinationRule:
    """Two kinds of measures that do not go together for the same act (`minor`: only for a minor
    act).

    `once`: one situation has one measure of all these kinds, in either order, in whatever file and
    by whatever body.
    """

    id: str
    first: str
    second: tuple[str, ...]
    minor: bool
    once: bool
    zh: str
    en: str
    basis: Basis


@dataclass(frozen=True)
class SumRule:
    """What is executed of several sanctions: their order from the lightest, and the most months."""

    id: str
    order: tuple[str, ...]
    most: int
    zh: str
    en: str
    basis: Basis


@dataclass(frozen=True)
class RouteStep:
    """One instance of appeal, with the clocks for asking and for deciding ("" where no number is
    known)."""

    zh: str
    en: str
    apply: str
    decide: str


@dataclass(frozen=True)
class RouteRule:
    """A way to appeal, by kind of measure or measure and by status of the person ("" = all)."""

    id: str
    zh: str
    en: str
    kinds: tuple[str, ...]
    measures: tuple[str, ...]
    statuses: tuple[str, ...]
    since: date | None
    steps: tuple[RouteStep, ...]
    basis: Basis


@dataclass(frozen=True)
class ReadingRule:
    """Words of an older text and how they are read today; the text itself keeps its words."""

    said: str
    read: str
    en: str
    since: date | None
    basis: Basis


@dataclass(frozen=True)
class Liability:
    """All rules on accountability in force on a day at a place, base first."""

    triggers: Mapping[str, TriggerRule] = field(default_factory=dict)
    measures: Mapping[str, MeasureRule] = field(default_factory=dict)
    rungs: Mapping[str, RungRule] = field(default_factory=dict)
    lines: Mapping[str, LineRule] = field(default_factory=dict)
    dissents: Mapping[str, DissentRule] = field(default_factory=dict)
    absences: Mapping[str, AbsenceRule] = field(default_factory=dict)
    diligences: Mapping[str, DiligenceRule] = field(default_factory=dict)
    authorities: Mapping[str, AuthorityRule] = field(default_factory=dict)
    bindings: Mapping[str, BindingRule] = field(default_factory=dict)
    honours: Mapping[str, HonourRule] = field(default_factory=dict)
    open_lists: Mapping[str, OpenListRule] = field(default_factory=dict)
    countings: Mapping[str, CountingRule] = field(default_factory=dict)
    sums: Mapping[str, SumRule] = field(default_factory=dict)
    unseen: Mapping[str, UnseenRule] = field(default_factory=dict)
    cited: Mapping[str, CitedRule] = field(default_factory=dict)
    periods: tuple[PeriodRule, ...] = ()
    combinations: tuple[CombinationRule, ...] = ()
    routes: tuple[RouteRule, ...] = ()
    readings: tuple[ReadingRule, ...] = ()
    instruments: Mapping[str, Instrument] = field(default_factory=dict)
    replaced: Mapping[str, str] = field(default_factory=dict)
    """Entries that take the place of one of the same id below, by table and id."""

    def measure(self, name: str, said: str = "") -> MeasureRule | None:
        """Return a measure that is listed, or another one of an open list under the name `said`;
        None where no rule here knows either."""
        listed = self.measures.get(name)
        if listed is not None or name not in self.open_lists:
            return listed
        return self.open_lists[name].measure(said)

    def on_rung(self, rung: RungRule) -> frozenset[str]:
        """Return the measures of a rung, the ids of lists that are open there among them."""
        lists = {one.id for one in self.open_lists.values() if one.rung == rung.id}
        return frozenset({*rung.measures, *lists})
