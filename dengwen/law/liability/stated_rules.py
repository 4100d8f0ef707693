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
class Stated:
    """What every rule says: its id, its words in Chinese and English, the article it rests on."""

    id: str
    zh: str
    en: str
    basis: Basis


@dataclass(frozen=True)
class TriggerRule(Stated):
    """One circumstance for which somebody answers: the conduct, and every result element that
    must be shown too."""

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
class MeasureRule(Stated):
    """A measure: on whom, of which legal kind, decided by whom.

    `bound_by` is the instrument that must bind the organ it is taken against ("" = any);
    `organs` are the groups of organs it fits alone (() = all); `removes` = it takes a post away.
    """

    on: tuple[str, ...]
    kind: str
    by: str
    bound_by: str
    organs: tuple[str, ...]
    removes: bool
    party_members: bool
    """Whether it fits members of the Party alone."""


@dataclass(frozen=True)
class LineRule(Stated):
    """Who bears which responsibility: on which ground, in which part, and the sentence for it."""

    ground: str
    who: str
    responsibility: str


@dataclass(frozen=True)
class DissentRule(Stated):
    """A standard of dissent: which stances it asks for, and what it gives.

    `recorded` standards ask for dissent on record; the one that does not says what is missing.
    """

    grounds: tuple[str, ...]
    stances: tuple[str, ...]
    recorded: bool
    major: bool
    effect: str


@dataclass(frozen=True)
class AbsenceRule(Stated):
    """What the absence of somebody means for the line of this part."""

    who: tuple[str, ...]
    effect: str


@dataclass(frozen=True)
class DiligenceItem:
    """One item of the test of diligence, by the name it has in the file."""

    id: str
    zh: str
    en: str


@dataclass(frozen=True)
class DiligenceRule(Stated):
    """What diligence gives on a ground, and the test that must be shown item by item."""

    grounds: tuple[str, ...]
    effect: str
    test: tuple[DiligenceItem, ...]


@dataclass(frozen=True)
class AuthorityRule(Stated):
    """Who decides the measures whose `by` is this id, and how it stands to the subject.

    `organs` are kinds or groups of organs ("" = any); with `manages` it must be registered to
    manage the subject on the day of the decision. `instead` is the body named where it may not.
    """

    organs: tuple[str, ...]
    manages: bool


@dataclass(frozen=True)
class BindingRule(Stated):
    """Which groups of organs, at which levels (() = all), an instrument binds; a measure of it fits
    no other. Without groups: what it says of whatever it does not list."""

    law: str
    groups: tuple[str, ...]
    levels: tuple[str, ...]
    degree: str


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
class RungRule(Stated):
    """A step of the ladder: its measures, every way onto it, and what comes along."""

    measures: tuple[str, ...]
    opens: tuple[Entrance, ...]
    comes_with: tuple[str, ...]

    @property
    def gravity(self) -> str:
        """The gravity that opens it directly, "" where none does."""
        return next((e.gravity for e in self.opens if e.gravity), "")

    @property
    def after(self) -> str:
        """The rung whose failure is a ground for it, "" where none is."""
        return next((e.failed for e in self.opens if e.failed), "")


@dataclass(frozen=True)
class HonourRule(Stated):
    """Whose comprehensive honours of the year a rung cancels."""


@dataclass(frozen=True)
class OpenListRule(Stated):
    """A list the text leaves open (等): another measure of this kind, with reasons and approval.

    `by` and `bound_by` are what its listed measures have; `rung` is the one that must be open.
    """

    on: str
    kind: str
    by: str
    bound_by: str
    rung: str

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
class CountingRule(Stated):
    """By which convention the last day of an influence period is counted."""

    last_day: str


@dataclass(frozen=True)
class UnseenRule(Stated):
    """What was looked for in an instrument and not seen: checked, not found."""


@dataclass(frozen=True)
class CitedRule(Stated):
    """How the rule behind a refusal is cited at this place."""


@dataclass(frozen=True)
class PeriodRule(Stated):
    """How long a measure works on a person (影响期); `months` is None where no number was found.

    A period that the decision states itself says between how many months (`stated`); `follows` is
    the period after whose last day it begins.
    """

    measures: tuple[str, ...]
    months: int | None
    stated: tuple[int, int] | None
    follows: str


@dataclass(frozen=True)
class CombinationRule(Stated):
    """Two kinds of measures that do not go together for the same act (`minor`: only for a minor
    act).

    `once`: one situation has one measure of all these kinds, in either order, in whatever file and
    by whatever body.
    """

    first: str
    second: tuple[str, ...]
    minor: bool
    once: bool


@dataclass(frozen=True)
class SumRule(Stated):
    """What is executed of several sanctions: their order from the lightest, and the most months."""

    order: tuple[str, ...]
    most: int


@dataclass(frozen=True)
class RouteStep:
    """One instance of appeal, with the clocks for asking and for deciding ("" where no number is
    known)."""

    zh: str
    en: str
    apply: str
    decide: str


@dataclass(frozen=True)
class RouteRule(Stated):
    """A way to appeal, by kind of measure or measure and by status of the person ("" = all)."""

    kinds: tuple[str, ...]
    measures: tuple[str, ...]
    statuses: tuple[str, ...]
    since: date | None
    steps: tuple[RouteStep, ...]


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
