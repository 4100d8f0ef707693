"""The register of cancelled honours (S 14) as award bodies ask it.

Read from the acts `cancel_honours`; there is no second list. Only the year of the decision is
touched, and only area, department and unit; what was corrected later stands in the ledger and bans
nothing any more.
"""

from __future__ import annotations

from datetime import date

from dengwen.accountability.measures.queries import KIND, HonourBan, honour_bans
from dengwen.cases.models import Act, Case
from dengwen.law.liability.conduct_words import HONOURS

WHOSE = {"area": ("地区", "area"), "department": ("部门", "department"), "unit": ("单位", "unit")}
"""As what an organ lost eligibility, in words."""
FIRST_YEAR = 2017
"""The first year whose honours S 14 can cancel: the seed is in force from 2017-05-23."""


def bans_on(organ: int, year: int, on: date) -> tuple[HonourBan, ...]:
    """Return what keeps an organ from the comprehensive honours of a year, as it stood on a day;
    empty: nothing."""
    found = (b for b in honour_bans(organ, year) if b.decided <= on)
    return tuple(b for b in found if b.lifted is None or b.lifted > on)


def deciders(bans: tuple[HonourBan, ...]) -> frozenset[int]:
    """Return the organs that decided these bans: they see that somebody asked."""
    cases = Case.objects.filter(number__in={b.case for b in bans})
    return frozenset(cases.filter(holder__isnull=False).values_list("holder_id", flat=True))


def cancelled_by(organ: int) -> tuple[HonourBan, ...]:
    """Return every cancellation an organ decided, lifted ones too, by year and organ."""
    acts = Act.objects.filter(
        case__kind=KIND, case__holder_id=organ, act="cancel_honours"
    ).order_by("pk")
    asked = set()
    mine = set()
    for act in acts.select_related("case"):
        mine.add(act.case.number)
        for name in HONOURS:
            if name in act.data:
                asked.add((int(act.data[name]), int(act.data["year"])))
    found: list[HonourBan] = []
    for one, year in sorted(asked):
        found += [ban for ban in honour_bans(one, year) if ban.case in mine]
    return tuple(sorted(found, key=lambda ban: (-ban.year, ban.organ, ban.case)))
