"""The chain of an incident: who knew when, whom it was reported to when, how long that took, what
is still open.

Read from the acts of one case, corrections applied; nothing is kept apart. The texts say "promptly"
and know no hours (R22 25; R05 26; S 7(3), 8(3)), so elapsed time is shown as it is, beside a local
target where an office set one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from dengwen.cases.read.case_view import CaseFile
from dengwen.editions.as_of import setting
from dengwen.law.bilingual import Language, words_in
from dengwen.law.duties.act_record import OPEN, VOID, ActRecord, DutyView, civil
from dengwen.law.duties.corrected_acts import corrected
from dengwen.law.packs.rules import ActRule, DutyRule

KIND = "incident"
OPENING = "open"
LONG_AGO = timedelta(days=3)
"""Elapsed time from which days are said instead of hours."""


@dataclass(frozen=True, slots=True)
class Link:
    """One duty of the chain: who owes it, when it was done (None while open), and the time since
    first knowledge.

    `target` is the local target in hours, never a number of law; `over` says that the time went
    past it.
    """

    rule: DutyRule
    holder: int | None
    done_at: datetime | None
    entered_at: datetime | None
    elapsed: timedelta
    target: int | None

    @property
    def over(self) -> bool:
        """Whether the local target, if there is one, was passed."""
        return self.target is not None and self.elapsed > timedelta(hours=self.target)

    @property
    def claimed_later(self) -> bool:
        """Whether the act was entered on another day than the one it claims: back-dating is
        visible for ever."""
        return bool(
            self.done_at and self.entered_at and civil(self.entered_at) != civil(self.done_at)
        )


@dataclass(frozen=True, slots=True)
class Told:
    """One report or notice as given: its rule, the instant, and the time since first knowledge."""

    rule: ActRule
    record: ActRecord
    elapsed: timedelta


@dataclass(frozen=True, slots=True)
class Chain:
    """An incident as it stands at an instant: first knowledge, the duties of its chain, every
    report, what went on."""

    known_at: datetime
    entered_at: datetime
    known_by: int | None
    knower: int | None
    links: tuple[Link, ...]
    told: tuple[Told, ...]
    other: tuple[ActRecord, ...]

    @property
    def open_links(self) -> tuple[Link, ...]:
        """What is still owed."""
        return tuple(link for link in self.links if link.done_at is None)

    @property
    def longest_open(self) -> timedelta | None:
        """How long the oldest open duty of the chain has waited; None where nothing is open."""
        return max((link.elapsed for link in self.open_links), default=None)


def chain_of(file: CaseFile, now: datetime) -> Chain:
    """Return the chain of an incident case; ValueError for a case of another kind or without its
    first act."""
    records = corrected(list(file.records))
    if file.case.kind != KIND or not records or records[0].act != OPENING:
        raise ValueError(f"{file.case.number} is no incident")
    first = records[0]
    by_id = {record.id: record for record in records}
    reports = reporting_acts(file)
    owed = [duty for duty in file.view.duties if duty.state != VOID]
    told = [record for record in records if record.act in reports]
    return Chain(
        known_at=first.occurred,
        entered_at=first.recorded,
        known_by=_knower(first),
        knower=first.organ,
        links=tuple(_link(duty, by_id, first, now) for duty in owed),
        told=tuple(Told(reports[r.act], r, r.occurred - first.occurred) for r in told),
        other=tuple(r for r in records[1:] if r.act not in reports),
    )


def _knower(first: ActRecord) -> int | None:
    """Return the official who knew of the incident first, None where the act names none."""
    official = first.data.get("known_by")
    return official if isinstance(official, int) else None


def _link(duty: DutyView, by_id: dict[int, ActRecord], first: ActRecord, now: datetime) -> Link:
    """Return a duty of the chain: when it was done, and how long after the incident was known."""
    closing = by_id.get(duty.closed_by or 0) if duty.state != OPEN else None
    return Link(
        rule=duty.rule,
        holder=duty.holder,
        done_at=closing.occurred if closing else None,
        entered_at=closing.recorded if closing else None,
        elapsed=(closing.occurred if closing else now) - first.occurred,
        target=_hours(duty),
    )


def _hours(duty: DutyView) -> int | None:
    """Return the hours a local rule allows, None where none is set."""
    if not duty.rule.local:
        return None
    found = setting(duty.rule.local, duty.holder, duty.opened_on)
    if found is None or not found.value.isdigit():
        return None
    return int(found.value)


def reporting_acts(file: CaseFile) -> dict[str, ActRule]:
    """Return the acts of the kind that issue an urgent report or notice: those in force today and
    those used before.

    What a report says is checked when it is issued (time, place, persons, cause, measures, trend,
    request).
    """
    return {name: rule for name, rule in file.kind.acts.items() if rule.documents}


def in_words(elapsed: timedelta, language: Language) -> str:
    """Return an elapsed time as people say it: minutes up to an hour, hours and minutes, then
    days and hours."""
    return words_in(_elapsed_pair(elapsed), language)


def _elapsed_pair(elapsed: timedelta) -> tuple[str, str]:
    """Return an elapsed time in words, Chinese and English."""
    minutes = max(0, int(elapsed.total_seconds()) // 60)
    hours, rest = divmod(minutes, 60)
    if elapsed >= LONG_AGO:
        days, hours = divmod(hours, 24)
        return f"{days} 天 {hours} 小时", f"{days} days {hours} h"
    if not hours:
        return f"{rest} 分钟", f"{rest} min"
    if not rest:
        return f"{hours} 小时", f"{hours} h"
    return f"{hours} 小时 {rest} 分钟", f"{hours} h {rest} min"
