"""Which acts and duties of which packs a scenario plays.

An entry counts for the pack that words it: where a place lays another edition over the national
one, an act played there says nothing of the act it replaces.
"""

from __future__ import annotations

from dataclasses import dataclass

from dengwen.law.duties.act_record import CaseView
from dengwen.law.packs.library import StatedEntry
from dengwen.law.scenarios.played_case import PlayedCase

Entries = frozenset[StatedEntry]


@dataclass(frozen=True, slots=True)
class PlayedEntries:
    """The entries a scenario played: acts that were done and duties that opened, and apart from
    them the acts it saw refused."""

    done: Entries = frozenset()
    refused: Entries = frozenset()


NOTHING_PLAYED = PlayedEntries()


def played_entries(case: PlayedCase, view: CaseView) -> PlayedEntries:
    """Return what was played in a case that stands as `view` shows it."""
    done: set[StatedEntry] = set()
    for act in case.acts:
        done.update(case.books[act.rules].stated(case.kind, "act", act.act))
    for duty in view.duties:
        done.update(case.books[duty.rules].stated(case.kind, "duty", duty.rule.id))
    refused: set[StatedEntry] = set()
    for act_id, book in case.turned_away:
        refused.update(book.stated(case.kind, "act", act_id))
    return PlayedEntries(frozenset(done), frozenset(refused))
