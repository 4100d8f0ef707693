"""Evaluations in sums: what assessment freezes, and what an organ sees of its own ratings.

No figure lets a single rating be seen: a fact carries neither case nor day, figures are of whole quarters, and few
ratings are hidden. Participation always stands beside satisfaction, so that asking few is no way to a good figure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from dengwen.cases.models import Case
from dengwen.editions.reading import setting
from dengwen.law.record import civil
from dengwen.petitions.models import Evaluation

INVITATION, RATING = "invitation", "rating"
DEPARTMENT, COMPETENT = "department", "competent"
LEVELS = ("satisfied", "basically", "dissatisfied")
FLOOR_SETTING = "evaluation.floor"
FLOOR = 10
"""Fewest ratings of a quarter that are shown, where no local setting asks for more: a choice of this house, no law."""


@dataclass(frozen=True, slots=True)
class RatingFact:
    """One fact for an assessment (kinds `invitation` and `rating`); `case` is always 0, `day` the first of its month.

    `organ` is whose figure it is; `outcome` rated or unrated, or the level; `sort` the side that is rated.
    """

    id: int
    kind: str
    organ: int
    day: date
    outcome: str
    sort: str
    channel: str
    entered: str = "timely"
    case: int = 0


def facts_between(first: date, last: date, known_by: datetime) -> tuple[RatingFact, ...]:
    """Return the invitations opened and the ratings given from `first` to `last`, as far as known by an instant.

    Ratings are numbered in the order of what they say, never of when they came: no number ties one to its invitation.
    Protected matters enter no figure. Call it for whole months.
    """
    until = civil(known_by)
    asked = _rows().filter(opened_on__gte=first, opened_on__lte=min(last, until)).order_by("id")
    found = [fact for row in asked for fact in _invitations(row, until)]
    given = _rows().filter(rated_on__gte=first, rated_on__lte=min(last, until))
    ratings = sorted(key for row in given for key in _ratings(row))
    found += [
        RatingFact(number, RATING, organ, day, level, side, channel)
        for number, (organ, day, side, level, channel) in enumerate(ratings, 1)
    ]
    return tuple(found)


def _rows() -> QuerySet[Evaluation]:
    return Evaluation.objects.filter(petition__protected=False)


def _sides(row: Evaluation) -> Iterable[tuple[str, int, str]]:
    yield COMPETENT, row.competent_id, row.competent_level
    if row.department_id is not None:
        yield DEPARTMENT, row.department_id, row.department_level


def _invitations(row: Evaluation, until: date) -> Iterable[RatingFact]:
    rated = row.rated_on is not None and row.rated_on <= until
    for place, (side, organ, _level) in enumerate(_sides(row)):
        outcome = "rated" if rated else "unrated"
        yield RatingFact(row.pk * 2 + place, INVITATION, organ, _month(row.opened_on), outcome, side, "")


def _ratings(row: Evaluation) -> Iterable[tuple[int, date, str, str, str]]:
    for side, organ, level in _sides(row):
        if row.rated_on is not None and level:
            yield organ, _month(row.rated_on), side, level, row.channel


def _month(day: date) -> date:
    return day.replace(day=1)


# --- what an organ sees of itself -----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Quarter:
    """One side of an organ in one quarter, by the quarter of the invitation.

    Where `hidden`, levels, channels and the own-network count are empty: too few, or they would give single ones away.
    """

    year: int
    quarter: int
    side: str
    invited: int
    rated: int
    hidden: bool
    levels: tuple[tuple[str, int], ...] = ()
    channels: tuple[tuple[str, int], ...] = ()
    own_network: int = 0


def floor_on(organ: int | None, day: date) -> int:
    """Return the fewest ratings shown on a day: the local setting, never below what this house chose."""
    found = setting(FLOOR_SETTING, organ, day)
    return max(FLOOR, int(found.value)) if found is not None and found.value.isdigit() else FLOOR


def quarters_of(organ: int, today: date, visible: QuerySet[Case], years: int = 2) -> tuple[Quarter, ...]:
    """Return the finished quarters of an organ, newest first; the running one would show each rating as it comes.

    `visible` are the matters that may enter a figure for the viewer (`wall.countable`). A rating given after the end of
    the quarter after its invitation is left out, so that a shown figure never moves by one.
    """
    floor, found = floor_on(organ, today), []
    for year, quarter in _finished(today, years):
        first, last, closed = _span(year, quarter)
        rows = list(_rows().filter(petition__in=visible, opened_on__gte=first, opened_on__lte=last))
        for side in (COMPETENT, DEPARTMENT):
            mine = [(row, level) for row in rows for s, o, level in _sides(row) if (s, o) == (side, organ)]
            if mine:
                found.append(_quarter(year, quarter, side, mine, closed, floor))
    return tuple(found)


def _quarter(
    year: int, quarter: int, side: str, mine: list[tuple[Evaluation, str]], closed: date, floor: int
) -> Quarter:
    counted = [(row, level) for row, level in mine if row.rated_on is not None and row.rated_on <= closed]
    levels = Counter(level for _row, level in counted)
    everybody_alike = len(counted) == len(mine) and len(levels) == 1
    if len(counted) < floor or everybody_alike:
        return Quarter(year, quarter, side, len(mine), len(counted), hidden=True)
    channels = Counter(row.channel for row, _level in counted)
    return Quarter(
        year, quarter, side, len(mine), len(counted), hidden=False,
        levels=tuple((level, levels[level]) for level in LEVELS), channels=tuple(sorted(channels.items())),
        own_network=sum(row.own_network for row, _level in counted),
    )  # fmt: skip


def _finished(today: date, years: int) -> list[tuple[int, int]]:
    """Return the quarters whose ratings are closed: a whole quarter has passed since their end."""
    every = [(year, quarter) for year in range(today.year, today.year - years - 1, -1) for quarter in (4, 3, 2, 1)]
    return [(year, quarter) for year, quarter in every if _span(year, quarter)[2] < today]


def _span(year: int, quarter: int) -> tuple[date, date, date]:
    """Return first and last day of a quarter, and the last day of the quarter after it."""
    starts = [date(year, 1, 1), date(year, 4, 1), date(year, 7, 1), date(year, 10, 1), date(year + 1, 1, 1),
              date(year + 1, 4, 1)]  # fmt: skip
    day = date.resolution
    return starts[quarter - 1], starts[quarter] - day, starts[quarter + 1] - day
