"""The register of cancelled honours (S 14): whose comprehensive honours of which year, by which decision.

Read from the acts `cancel_honours` of cases of accountability; there is no second list. Only the year of the decision
is touched, and only area, department and unit; what was corrected later stands in the ledger and bans nothing any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dengwen.accountability.imposed import ACCOUNTABILITY, impositions_in
from dengwen.cases import rulebooks
from dengwen.cases.models import Act
from dengwen.law import liability
from dengwen.law.measures import HONOURED
from dengwen.law.record import civil

CANCEL = "cancel_honours"
WHOSE = {"area": ("地区", "area"), "department": ("部门", "department"), "unit": ("单位", "unit")}
"""As what an organ lost eligibility, in words."""


@dataclass(frozen=True, slots=True)
class HonourBan:
    """One organ that may not receive comprehensive honours of a year: as what, by which decision, of whom, when.

    `organ` and `decided_by` are row ids; `undone` is the day of the correction, None while it stands.
    """

    organ: int
    as_what: str
    year: int
    case: str
    decided_by: int
    decided: date
    undone: date | None


def bans(year: int | None = None) -> tuple[HonourBan, ...]:
    """Return every cancellation on record, undone ones too, the earliest first; of one year where it is given."""
    acts = Act.objects.filter(act=CANCEL, case__kind=ACCOUNTABILITY).select_related("case")
    acts = acts.order_by("occurred_at", "pk")
    if year is not None:
        acts = acts.filter(data__year=year)
    return tuple(
        HonourBan(int(act.data[name]), name, int(act.data["year"]), act.case.number, act.organ_id or 0,
                  civil(act.occurred_at), _undone(act))
        for act in acts for name in HONOURED if name in act.data
    )  # fmt: skip


def _undone(cancelled: Act) -> date | None:
    """Return the day on which the measure that brought a cancellation was undone, None while one stands."""
    day = civil(cancelled.occurred_at)
    rules = liability.in_force(rulebooks.library(), day, cancelled.case.place)
    bring = {m for rung in rules.rungs.values() if "honours" in rung.comes_with for m in rung.measures}
    brought = [one.undone for one in impositions_in(cancelled.case) if one.measure in bring and one.decided == day]
    known = [undone for undone in brought if undone is not None]
    return max(known) if known and len(known) == len(brought) else None


def bans_on(organ: int, year: int, on: date) -> tuple[HonourBan, ...]:
    """Return what keeps an organ from the comprehensive honours of a year, as it stood on a day; empty: nothing."""
    found = (b for b in bans(year) if b.organ == organ and b.decided <= on)
    return tuple(b for b in found if b.undone is None or b.undone > on)
