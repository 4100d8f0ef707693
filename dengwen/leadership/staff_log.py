"""The log of an official, built from acts alone (S 8): who registered, explained, handled,
reported, proposed.

Nothing is typed for it. It later speaks for somebody or against, so it shows acts as they stand,
with the day claimed and the day entered, and it counts no petitioner and ranks nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from dengwen.access.models import User
from dengwen.cases import rulebooks
from dengwen.cases.models import Act, Case
from dengwen.cases.wall.visibility import among
from dengwen.law.packs.rules import ActRule, Instrument
from dengwen.organs.models import Official

SORTS: dict[str, frozenset[str]] = {
    "registered": frozenset(
        {"register", "enter_members", "elect_representatives", "give_member_codes", "open"}
    ),
    "explained": frozenset({"explain_talk", "guide_visitor", "inform", "visit_conduct"}),
    "reported": frozenset(
        {
            "report_up",
            "report",
            "report_higher",
            "report_national",
            "inform_department",
            "inform_conference",
            "report_urgent",
            "report_information",
            "completion_report",
        }
    ),
    "proposed": frozenset({"propose_improvement"}),
}
"""Which acts are which of the five sorts of seed article 8; every other act is handling."""
HANDLED = "handled"
ORDER = ("registered", "explained", HANDLED, "reported", "proposed")


@dataclass(frozen=True, slots=True)
class Entry:
    """One act of an official: its case, its rule with the article, the instant claimed and the
    instant entered."""

    case: Case
    rule: ActRule
    instruments: dict[str, Instrument]
    occurred_at: datetime
    recorded_at: datetime
    sort: str


def sort_of(act: str) -> str:
    """Return which of the five sorts an act is."""
    return next((sort for sort, acts in SORTS.items() if act in acts), HANDLED)


def log_of(
    official: Official,
    visible: QuerySet[Case],
    since: datetime,
    until: datetime,
    most: int,
    *,
    organ: int | None,
) -> list[Entry]:
    """Return the acts an official did between two instants in cases the reader may see, the newest
    first.

    `organ` limits them to what was done for that organ; None is for somebody who reads the own log.
    """
    users = User.objects.filter(official=official).values("pk")
    acts = Act.objects.filter(
        among(visible), actor__in=users, occurred_at__gte=since, occurred_at__lt=until
    ).select_related("case")
    if organ is not None:
        acts = acts.filter(organ_id=organ)
    return [_entry(row) for row in acts.order_by("-occurred_at", "-pk")[:most]]


def _entry(row: Act) -> Entry:
    """Return an act as a line of the log, by the rules it was done under."""
    book = rulebooks.by_row(row.rules_id)
    rule = book.kind(row.case.kind).acts[row.act]
    return Entry(
        row.case, rule, dict(book.instruments), row.occurred_at, row.recorded_at, sort_of(row.act)
    )
