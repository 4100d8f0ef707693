"""Excuses: what would free somebody, and whether it was known in time (design 1.6).

A leave, a substitution, a longer time, a withdrawal, “no assessment needed”, “refuted”, a promise,
a dissent: each counts for a day. It is applied only where the ledger had it by the end of that
civil day in China. What came later is a claim: shown with the day of its entry to whoever judges,
never applied by a finder, an attribution or an assessment by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from dengwen.law.duties.act_record import civil


def known_in_time(recorded: datetime, counts_on: date) -> bool:
    """Say whether the ledger had something before the day for which it counts was over: the one
    rule by which every excuse is weighed.

    Who is taken ill on the day itself can still have it entered that day.
    """
    return civil(recorded) <= counts_on


LONGER: Mapping[str, tuple[str, str]] = {
    "extend": ("延期", "an extension"),
    "extend_assignment": ("延长交办期限", "a longer time from the assigning department"),
    "hold_hearing": ("听证占用的时间", "time taken by a hearing"),
}
"""The acts that give a longer time, and how they are called in a claim."""


@dataclass(frozen=True, slots=True)
class Excuse:
    """Something that would free, in both languages: when the ledger got it, for which day it
    counts, and where it stands (a case by row id and an act, where one may be named)."""

    zh: str
    en: str
    recorded: datetime
    counts_on: date
    case: int | None = None
    act: int | None = None

    @property
    def known(self) -> bool:
        """Whether it was known in time, and so may be applied."""
        return known_in_time(self.recorded, self.counts_on)

    @property
    def entered(self) -> date:
        """The civil day on which the ledger got it."""
        return civil(self.recorded)

    @property
    def claimed(self) -> tuple[str, str]:
        """How a claim is shown to whoever judges, in Chinese and English."""
        return claimed_words((self.zh, self.en), self.entered, self.counts_on)


def claimed_words(what: tuple[str, str], entered: date | str, counts_on: date) -> tuple[str, str]:
    """Return how something that was entered after the day for which it counts is shown."""
    zh, en = what
    return (
        f"事后主张：{zh}（{entered} 录入，针对 {counts_on}）",
        f"claimed, entered on {entered} for {counts_on}: {en}",
    )


def claims(excuses: Iterable[Excuse]) -> tuple[Excuse, ...]:
    """Return what came too late to be applied, in order of entry, each once."""
    late = {excuse for excuse in excuses if not excuse.known}
    return tuple(sorted(late, key=lambda one: (one.recorded, one.counts_on, one.zh)))


def applies(excuses: Iterable[Excuse]) -> bool:
    """Say whether one of them was known in time."""
    return any(excuse.known for excuse in excuses)
