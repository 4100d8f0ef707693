"""The figures of the annual report (R22 41(1)): its first three parts counted, from the same acts
as the monthly table.

Suggestions to pursue responsibility are sealed whole and enter no figure; whoever may read them
fills that in by hand.
"Organs complained of" are those to which the office sent matters: the complained organ is
registered nowhere else. They
are listed by name, never ranked, and only from ten matters on.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from dengwen.cases.models import Act, Duty
from dengwen.cases.wall.visibility import Viewer
from dengwen.organs.models import Organ
from dengwen.oversight.statistics import Table, acts_by, newest_position, sealed_by, table

LEAST_SHOWN = 10
"""Matters below which an organ is not named (access model N6)."""
SENT = ("forward", "assign")
SUPERVISION = ("remind", "order", "urge", "verify", "reject_reply", "refer")
SUGGESTIONS = {"make": "improve_work", "make_policy": "complete_policy"}
ADOPTIONS = ("adopted", "partly", "not")


@dataclass(frozen=True)
class Annual:
    """The counted parts of an annual report."""

    year: int
    position: int
    data: Table
    organs: Mapping[str, int] = field(default_factory=dict)
    handling: Mapping[str, int] = field(default_factory=dict)
    suggestions: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as plain data: what their digest is over."""
        return {
            "year": self.year,
            "position": self.position,
            "data": self.data.as_dict(),
            "organs": dict(sorted(self.organs.items())),
            "handling": dict(self.handling),
            "suggestions": {name: dict(row) for name, row in self.suggestions.items()},
        }

    def digest(self) -> str:
        """Return the SHA-256 (hex) of the figures in canonical JSON."""
        text = json.dumps(self.as_dict(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def annual(office: Organ, viewer: Viewer, year: int, position: int | None = None) -> Annual:
    """Return the figures of an office for a calendar year, taken at a ledger position (the
    newest one by default)."""
    at = newest_position() if position is None else position
    first, last = date(year, 1, 1), date(year, 12, 31)
    sent = list(
        acts_by(office.pk, viewer, SENT, first, last, at)
        .filter(case__kind="petition")
        .values_list("act", "data")
    )
    ways = Counter(act for act, _ in sent)
    sent_to = Counter(int(data["to"]) for _, data in sent if isinstance(data.get("to"), int))
    return Annual(
        year=year,
        position=at,
        data=table(office.pk, office.code, viewer, first, last, at),
        organs=_organs(sent_to),
        handling={
            **{name: ways[name] for name in SENT},
            **_supervised(office, viewer, first, last, at),
        },
        suggestions=_suggestions(office, viewer, first, last, at),
    )


def _organs(sent: Counter[int]) -> dict[str, int]:
    """Return how many matters went to each organ, by code; few ones stay unnamed."""
    codes = dict(Organ.objects.filter(pk__in=sent).values_list("pk", "code"))
    return {
        codes[pk]: number for pk, number in sent.items() if number >= LEAST_SHOWN and pk in codes
    }


def _supervised(
    office: Organ, viewer: Viewer, first: date, last: date, position: int
) -> dict[str, int]:
    """Return how often the office reminded, ordered, accepted and not accepted, and how many
    replies are overdue."""
    acts = acts_by(office.pk, viewer, SUPERVISION, first, last, position).filter(
        case__kind="supervision"
    )
    done = Counter(acts.values_list("act", flat=True))
    opened = acts.filter(act__in=("remind", "order", "urge"))
    late = Duty.objects.filter(rule="supervise_reply", opened_by__in=opened, breach__isnull=False)
    return {**{name: done[name] for name in SUPERVISION}, "replies_late": late.count()}


def _suggestions(
    office: Organ, viewer: Viewer, first: date, last: date, position: int
) -> dict[str, dict[str, int]]:
    """Return for each kind of suggestion how many were made, and what the newest answer to each
    said."""
    found = {}
    for act, name in SUGGESTIONS.items():
        made = list(
            acts_by(office.pk, viewer, (act,), first, last, position).values_list(
                "case_id", flat=True
            )
        )
        rows = Act.objects.filter(sealed_by(position), act="answer", case_id__in=made).order_by(
            "pk"
        )
        newest = {case: data.get("adopted") for case, data in rows.values_list("case_id", "data")}
        told = Counter(newest.values())
        found[name] = {
            "made": len(made),
            **{adopted: told[adopted] for adopted in ADOPTIONS},
            "unanswered": len(made) - len(newest),
        }
    return found
