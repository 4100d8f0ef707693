"""Who led, and who was in charge, on a day: posts, portfolios and substitutes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, IntegerField, Q, QuerySet, When

from dengwen.organs.dated_rows import on_day
from dengwen.organs.kinds import LEADING_GROUP, RANKS, RECUSAL
from dengwen.organs.models import Appointment, Official, Organ, Portfolio, Substitute


@dataclass(frozen=True, slots=True)
class InCharge:
    """Who answered for a field of work on a day, and by what.

    `holder` is the official whose duty it is (by `portfolio`, or as principal head where no
    portfolio names the field); `acting` the one who stood in for them that day, else the same
    person.
    """

    holder: Official
    acting: Official
    by: str
    portfolio: Portfolio | None
    substitution: Substitute | None


def appointments_on(organ: Organ, day: date) -> QuerySet[Appointment]:
    """Return who held which post of `organ` on `day`, principal head first."""
    order = Case(
        *(When(post__leading=rank, then=place) for place, rank in enumerate(RANKS)),
        output_field=IntegerField(),
    )
    return (
        Appointment.objects.on(day)
        .filter(on_day(day, "post__"), post__organ=organ)
        .select_related("official", "post")
        .order_by(order, "post__code", "valid_from", "id")
    )


def led_on(organ: Organ, day: date) -> tuple[Appointment, ...]:
    """Return the leading group of `organ` on `day`: principal head, deputies, members (seed art.
    7)."""
    return tuple(appointments_on(organ, day).filter(post__leading__in=LEADING_GROUP))


def principal_on(organ: Organ, day: date) -> Official | None:
    """Return the principal head on `day`, who has overall responsibility whatever the division
    of work (G09)."""
    held = appointments_on(organ, day).filter(post__leading="principal").first()
    return None if held is None else held.official


def in_charge(organ: Organ, field: str, day: date) -> InCharge | None:
    """Return who was in charge of `field` in `organ` on `day`; None where there is neither
    portfolio nor head.

    The duty goes with the portfolio on the day (case G06). A substitution chain is followed to its
    end.
    """
    portfolio = (
        Portfolio.objects.on(day)
        .filter(organ=organ, field=field)
        .select_related("official")
        .first()
    )
    holder = portfolio.official if portfolio else principal_on(organ, day)
    if holder is None:
        return None
    acting, first = _substituted(holder, organ, day)
    return InCharge(holder, acting, "portfolio" if portfolio else "principal", portfolio, first)


def posts_held(official: Official, first: date, last: date) -> Sequence[Appointment]:
    """Return the appointments of `official` on any day from `first` to `last`: what the wall's
    five years ask."""
    found = Appointment.objects.within(first, last).filter(official=official)
    return tuple(found.select_related("post", "post__organ").order_by("valid_from", "id"))


def organs_of(official: Official, day: date) -> frozenset[int]:
    """Return the ids of the organs in which `official` holds a post on `day`."""
    held = Appointment.objects.on(day).filter(on_day(day, "post__"), official=official)
    return frozenset(held.values_list("post__organ_id", flat=True))


def substitutions_on(official: Official, day: date) -> QuerySet[Substitute]:
    """Return who stands in for `official` on `day`, everywhere or in one organ."""
    return (
        Substitute.objects.on(day)
        .filter(official=official)
        .select_related("substitute")
        .order_by("id")
    )


def _substituted(holder: Official, organ: Organ, day: date) -> tuple[Official, Substitute | None]:
    """Return who acts for an official in an organ, and the first substitution that says so."""
    acting, first, seen = holder, None, {holder.pk}
    while True:
        rows = [row for row in substitutions_on(acting, day) if row.organ_id in {None, organ.pk}]
        # A substitution for this organ says more than one for all posts.
        rows.sort(key=lambda row: row.organ_id is None)
        if not rows or rows[0].substitute_id in seen:
            return acting, first
        first = first or rows[0]
        acting = rows[0].substitute
        seen.add(acting.pk)


def led_by(officials: Collection[int], day: date) -> frozenset[int]:
    """Return the organs of whose leading group any of these officials is on `day` (access model
    4.1 point 2)."""
    held = Appointment.objects.on(day).filter(
        on_day(day, "post__"), official_id__in=officials, post__leading__in=LEADING_GROUP
    )
    return frozenset(held.values_list("post__organ_id", flat=True))


def leads_in(official: int, organ: int, day: date) -> bool:
    """Say whether an official is of the leading group of an organ on `day`, or stands in for
    somebody who is."""
    standing = Substitute.objects.on(day).filter(substitute_id=official)
    here = standing.filter(Q(organ=organ) | Q(organ__isnull=True)).exclude(reason=RECUSAL)
    absent = set(here.values_list("official_id", flat=True))
    return organ in led_by({official, *absent}, day)


def is_led(organ: int, day: date) -> bool:
    """Say whether anybody is of the leading group of an organ on `day`."""
    held = Appointment.objects.on(day).filter(on_day(day, "post__"), post__organ=organ)
    return held.filter(post__leading__in=LEADING_GROUP).exists()


def holds_post_in(official: int, organ: int, day: date) -> bool:
    """Say whether an official holds any post in an organ on `day`."""
    held = Appointment.objects.on(day).filter(on_day(day, "post__"), post__organ=organ)
    return held.filter(official=official).exists()
