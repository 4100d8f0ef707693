"""The roster of receptions: planning a half-year of days, reading what is published, the talks
booked for a day.

Nothing here says how often a leader must receive: the rules say 定期 and no number (seed art. 7), so
the office chooses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from dengwen.cases.models import Case, CaseLink
from dengwen.cases.wall.visibility import Viewer, for_user
from dengwen.law.time.calendar import Calendar
from dengwen.leadership.effects import ABOUT, INTERVIEW, ON_DAY
from dengwen.leadership.models import Slot
from dengwen.organs.models import Official, Organ
from dengwen.organs.structure.lines import line_above
from dengwen.organs.structure.posts_held import led_on

WEEK = timedelta(days=7)
MOST_DAYS = 150
"""Days one call publishes; each is a case, and a call has at most two hundred steps
(`cases.perform`)."""


@dataclass(frozen=True, slots=True)
class Leader:
    """A member of a leading group who can be on the roster: the official, the organ, and the
    title of the post."""

    official: Official
    organ: Organ
    title: str

    @property
    def key(self) -> str:
        """What a form carries: official and organ."""
        return f"{self.official.pk}-{self.organ.pk}"


@dataclass(frozen=True, slots=True)
class Planned:
    """A day of reception not published yet; `resting` says that it falls on a day of rest and is
    left out."""

    leader: Leader
    day: date
    resting: bool = False


def leaders_of(organ: Organ, day: date) -> tuple[Leader, ...]:
    """Return the leading group of an organ and of the organ it belongs to, its own first."""
    found: list[Leader] = []
    seen: set[tuple[int, int]] = set()
    for one in (organ, *line_above(organ, day, "territorial")[:1]):
        for held in led_on(one, day):
            key = held.official_id, one.pk
            if key not in seen:
                seen.add(key)
                found.append(Leader(held.official, one, held.post.title_zh))
    return tuple(found)


def plan(
    leaders: Sequence[Leader], first: date, last: date, weekday: int, every: int, calendar: Calendar
) -> tuple[Planned, ...]:
    """Return the days from `first` to `last` on which the leaders receive in turn: every `every`
    weeks on `weekday`.

    `weekday` is 0 for Monday. A day of rest is kept in the plan and marked: the office chooses
    another day for it.
    """
    day = first + timedelta(days=(weekday - first.weekday()) % 7)
    found: list[Planned] = []
    while day <= last and len(found) < MOST_DAYS and leaders:
        leader = leaders[len(found) % len(leaders)]
        resting = calendar.is_working(day) is False
        found.append(Planned(leader, day, resting))
        day += every * WEEK
    return tuple(found)


def half_year_end(day: date) -> date:
    """Return the last day of the half-year that begins after `day`'s: a roster is published for
    a half-year."""
    return date(day.year, 12, 31) if day.month <= 6 else date(day.year + 1, 6, 30)


def published(first: date, last: date | None = None) -> QuerySet[Slot]:
    """Return the published days from `first` on, the earliest first, those called off among
    them."""
    rows = Slot.objects.filter(day__gte=first).select_related("leader", "organ")
    return (rows if last is None else rows.filter(day__lte=last)).order_by("day", "pk")


def slot_of(case: Case) -> Slot | None:
    """Return the published day of a reception case."""
    return Slot.objects.filter(case=case.pk).select_related("leader", "organ").first()


def numbers_of(slots: Sequence[Slot]) -> dict[int, str]:
    """Return the numbers of the reception cases of slots, by row id of the case."""
    return dict(Case.objects.filter(pk__in=[s.case for s in slots]).values_list("pk", "number"))


def talks_of(viewer: Viewer, day: date, reception: Case) -> list[Case]:
    """Return the talks of a day of reception this viewer may see: what is sealed is not there."""
    rows = for_user(viewer, day).filter(kind=INTERVIEW, links__other=reception, links__kind=ON_DAY)
    return list(rows.exclude(state="dropped").order_by("opened_at", "pk"))


def matter_of(case: Case, viewer: Viewer, day: date) -> Case | None:
    """Return the matter a leader's case is about, if this viewer may see it."""
    link = CaseLink.objects.filter(case=case, kind=ABOUT).values_list("other_id", flat=True).first()
    return None if link is None else for_user(viewer, day).filter(pk=link).first()
