"""Every check of an office's record, by name, each on its own: one that breaks off is a finding
and ends no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from dengwen.cases import replay
from dengwen.cases.projections import broken_contents, projections
from dengwen.cases.read_log_act import broken_roots
from dengwen.ledger.tamper_check import check
from dengwen.ledger.unreadable_rows import guarded

REPLAY, LEDGER, TEXTS, READINGS = "rederive", "ledger", "texts", "readings"
CHECKS: Mapping[str, Callable[[], Iterable[object]]] = {
    REPLAY: replay.check,
    LEDGER: lambda: check(projections()),
    TEXTS: broken_contents,
    READINGS: broken_roots,
}
"""Rows equal the replay of their acts; acts and events equal what was sealed; texts and papers have
their digests; no reading was altered. `str` of what a check yields names table and row."""
SEALED = (LEDGER, TEXTS, READINGS)
"""What compares with the ledger: the checks of `dengwen ledger check`."""
WORDS: Mapping[str, tuple[str, str]] = {
    REPLAY: ("各行与行为的重演", "rows against the replay of their acts"),
    LEDGER: ("行为与存证", "acts against the ledger"),
    TEXTS: ("正文和文书的摘要", "texts and papers against their digests"),
    READINGS: ("查阅记录", "readings against their sealed roots"),
}


def prove(names: Iterable[str] = tuple(CHECKS)) -> Iterator[tuple[str, str]]:
    """Run checks one after another and yield (name of the check, finding in words) for
    everything found."""
    for name in names:
        for line in guarded(name, CHECKS[name], str):
            yield name, str(line)
