"""Which time limits a paper prints by itself, for the facts of its case and on its day."""

from __future__ import annotations

from datetime import date

from dengwen.law.duties.act_record import CaseView
from dengwen.law.packs.library import Rulebook
from dengwen.law.packs.rules import ClockRule, DocumentRule


def printed_limits(
    document: DocumentRule, book: Rulebook, view: CaseView, day: date
) -> list[ClockRule]:
    """Return the time limits that a paper prints, in the order of its rule.

    They come from the clocks of the packs alone: a path whose limit no pack states gets none
    (case B05).
    """
    found = []
    for limit in document.limits:
        clock = book.clocks[limit.clock]
        not_yet = limit.since is not None and day < limit.since
        if clock.term is not None and not not_yet and view.matches(limit.where):
            found.append(clock)
    return found
