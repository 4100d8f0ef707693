"""Evaluations in sums: what assessment freezes, and what an organ sees of its own ratings.

No figure lets a single rating be seen: a fact carries neither case nor day, figures are of whole
quarters, and few ratings are hidden. Participation always stands beside satisfaction, so that
asking few is no way to a good figure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case as Either
from django.db.models import Count, Q, QuerySet, Value, When

from dengwen.cases.models import Case
from dengwen.cases.wall.visibility import among
from dengwen.editions.as_of import setting
from dengwen.law.duties.act_record import civil
from dengwen.petitions.models import Evaluation

INVITATION, RATING = "invitation", "rating"
DEPARTMENT, COMPETENT = "department", "competent"
LEVELS = ("satisfied", "basically", "dissatisfied")
FLOOR_SETTING = "evaluation.floor"
FLOOR = 10
"""Fewest ratings of a quarter that are shown, where no local setting asks for more: a choice of
this house, no law."""


@dataclass(frozen=True, slots=True)
class RatingFact:
    """One fact for an assessment (kinds `invitation` and `rating`); `case` is always 0, `day` the
    first of its month.

    `organ` is whose figure it is; `outcome` rated or unrated, or the level; `sort` the side that is
    rated.
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
    """Return the invitations opened and the ratings given from `first` to `last`, as far as known
    by an instant.

    Ratings are numbered in the order of what they say, never of when they came: no number ties one
    to its invitation. Protected matters enter no figure. Call it for whole months.
    """
    until = civil(known_by)
    asked = _rows().filter(opened_on__gte=first, opened_on__lte=min(last, until)).order_by("id")
    found: list[RatingFact] = []
    for row in asked:
        found += _invitations(row, until)
    ratings: list[tuple[int, date, str, str, str]] = []
    for row in _rows().filter(rated_on__gte=first, rated_on__lte=min(last, until)):
        ratings += _ratings(row)
    for number, (organ, day, side, level, channel) in enumerate(sorted(ratings), 1):
        found.append(RatingFact(number, RATING, organ, day, level, side, channel))
    return tuple(found)


def _rows() -> QuerySet[Evaluation]:
    """Return the evaluations that may enter a figure: none of a protected matter."""
    return Evaluation.objects.filter(petition__protected=False)


def _sides(row: Evaluation) -> Iterable[tuple[str, int, str]]:
    """Yield the rated of an evaluation: side, organ and level."""
    yield COMPETENT, row.competent_id, row.competent_level
    if row.department_id is not None:
        yield DEPARTMENT, row.department_id, row.department_level


def _invitations(row: Evaluation, until: date) -> Iterable[RatingFact]:
    """Yield the invitation to rate each side, and whether it was followed by a day."""
    rated = row.rated_on is not None and row.rated_on <= until
    outcome = "rated" if rated else "unrated"
    month = _month(row.opened_on)
    for place, (side, organ, _level) in enumerate(_sides(row)):
        number = row.pk * 2 + place
        yield RatingFact(number, INVITATION, organ, month, outcome, side, "")


def _ratings(row: Evaluation) -> Iterable[tuple[int, date, str, str, str]]:
    """Yield what was said of each side: organ, month, side, level, channel."""
    for side, organ, level in _sides(row):
        if row.rated_on is not None and level:
            yield organ, _month(row.rated_on), side, level, row.channel


def _month(day: date) -> date:
    """Return the first day of the month."""
    return day.replace(day=1)


# --- what an organ sees of itself -----------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Quarter:
    """One side of an organ in one quarter, by the quarter of the invitation.

    Where `hidden`, levels, channels and the own-network count are empty: too few, or they would
    give single ones away.
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
    """Return the fewest ratings shown on a day: the local setting, never below what this house
    chose."""
    found = setting(FLOOR_SETTING, organ, day)
    return max(FLOOR, int(found.value)) if found is not None and found.value.isdigit() else FLOOR


def quarters_of(
    organ: int, today: date, visible: QuerySet[Case], years: int = 2
) -> tuple[Quarter, ...]:
    """Return the finished quarters of an organ, newest first; the running one would show each
    rating as it comes.

    `visible` are the matters that may enter a figure for the viewer (`wall.countable`). A rating
    given after the end of the quarter after its invitation is left out, so that a shown figure
    never moves by one.
    """
    spans = [_Span(year, number, *_span(year, number)) for year, number in _finished(today, years)]
    said = {}
    if spans:
        said = {side: _alike(organ, side, visible, spans) for side in (COMPETENT, DEPARTMENT)}
    floor, found = floor_on(organ, today), []
    for place, span in enumerate(spans):
        for side, groups in said.items():
            mine = [group for group in groups if group.span == place]
            if mine:
                found.append(_quarter(span, side, mine, floor))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Span:
    """A finished quarter: its first and last day, and the day until which ratings count in it."""

    year: int
    quarter: int
    first: date
    last: date
    closed: date


@dataclass(frozen=True, slots=True)
class _Alike:
    """Invitations of one organ, side and quarter that say the same, and how many; `counted` are
    those rated in time."""

    level: str
    channel: str
    own_network: bool
    span: int
    counted: bool
    count: int


def _alike(organ: int, side: str, visible: QuerySet[Case], spans: Sequence[_Span]) -> list[_Alike]:
    """Count the invitations of an organ on one side by what they say: one query, the database
    counts."""
    rows = _rows().filter(
        among(visible, "petition_id"),
        opened_on__gte=spans[-1].first,
        opened_on__lte=spans[0].last,
        **{f"{side}_id": organ},
    )
    spanned, counted = [], []
    for place, span in enumerate(spans):
        within = Q(opened_on__gte=span.first, opened_on__lte=span.last)
        spanned.append(When(within, then=Value(place)))
        counted.append(When(within & Q(rated_on__lte=span.closed), then=Value(True)))
    groups = rows.annotate(
        span=Either(*spanned), counted=Either(*counted, default=Value(False))
    ).values_list(f"{side}_level", "channel", "own_network", "span", "counted")
    return [_Alike(*group) for group in groups.annotate(count=Count("pk")).order_by()]


def _quarter(span: _Span, side: str, mine: Sequence[_Alike], floor: int) -> Quarter:
    """Return one side of an organ in a quarter; hidden where it would give single ratings away."""
    levels: Counter[str] = Counter()
    channels: Counter[str] = Counter()
    own_network = 0
    counted = [group for group in mine if group.counted]
    for group in counted:
        levels[group.level] += group.count
        channels[group.channel] += group.count
        if group.own_network:
            own_network += group.count
    invited, rated = sum(group.count for group in mine), levels.total()
    everybody_alike = rated == invited and len(levels) == 1
    if rated < floor or everybody_alike:
        return Quarter(span.year, span.quarter, side, invited, rated, hidden=True)
    return Quarter(
        year=span.year,
        quarter=span.quarter,
        side=side,
        invited=invited,
        rated=rated,
        hidden=False,
        levels=tuple((level, levels[level]) for level in LEVELS),
        channels=tuple(sorted(channels.items())),
        own_network=own_network,
    )


def _finished(today: date, years: int) -> list[tuple[int, int]]:
    """Return the quarters whose ratings are closed: a whole quarter has passed since their end."""
    every = [
        (year, quarter)
        for year in range(today.year, today.year - years - 1, -1)
        for quarter in (4, 3, 2, 1)
    ]
    return [(year, quarter) for year, quarter in every if _span(year, quarter)[2] < today]


def _span(year: int, quarter: int) -> tuple[date, date, date]:
    """Return first and last day of a quarter, and the last day of the quarter after it."""
    starts = [
        date(year, 1, 1),
        date(year, 4, 1),
        date(year, 7, 1),
        date(year, 10, 1),
        date(year + 1, 1, 1),
        date(year + 1, 4, 1),
    ]
    day = date.resolution
    return starts[quarter - 1], starts[quarter] - day, starts[quarter + 1] - day
