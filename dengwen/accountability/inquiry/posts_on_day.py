"""Who held a post in which unit on the day of the conduct.

Nobody from elsewhere is drawn into an inquiry or a file. Responsibility goes with the post and the
field of work on the day of the act (S 7, 11 para. 2), so whoever is named beside a unit and a day
must have stood there on that day.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from dengwen.accountability.measures.refusals import refuse
from dengwen.organs.kinds import AXES
from dengwen.organs.models import Appointment, Official, Organ, Portfolio
from dengwen.organs.structure.lines import line_above


def held_post(official: int, units: Collection[int], day: date) -> bool:
    """Say whether an official held a post, or was in charge of work, in one of these units on a day
    (S 7)."""
    held = Appointment.objects.on(day).filter(official_id=official, post__organ_id__in=units)
    return (
        held.exists()
        or Portfolio.objects.on(day).filter(official_id=official, organ_id__in=units).exists()
    )


def refuse_stranger(official: int, units: Collection[int], day: date, where: str) -> None:
    """Refuse somebody who stood in none of these units on the day (S 7, 11 para. 2).

    AccountabilityError `not-of-the-unit`.
    """
    if held_post(official, units, day):
        return
    name = Official.objects.filter(pk=official).values_list("name", flat=True).first() or str(
        official
    )
    names = "、".join(
        Organ.objects.filter(pk__in=units).order_by("pk").values_list("name_zh", flat=True)[:3]
    )
    raise refuse(
        "not-of-the-unit",
        where,
        (
            f"{name}在{day}没有在{names}任职、分管：按行为当日的职务、分工",
            (f"{name} held neither a post nor a field of work in {names} on {day}"),
        ),
        (
            "选当日在该单位任职的人员；单位或者日期有误的，先改正",
            (
                "choose somebody who held a post there on that day; "
                "mend unit or day where they are wrong"
            ),
        ),
        under="posts",
    )


def people_of(unit: Organ, day: date) -> list[tuple[str, str]]:
    """Return who held a post in a unit on a day: row id as text, and the name with the post."""
    rows = Appointment.objects.on(day).filter(post__organ=unit).select_related("official", "post")
    found = {
        str(row.official_id): f"{row.official.name}，{unit.name_zh}{row.post.title_zh}"
        for row in rows.order_by("post__code", "official__code")
    }
    return list(found.items())


def unit_and_above(unit: int, day: date) -> frozenset[int]:
    """Return a unit and the organs above it on both lines: whose leaders may answer for its work (S
    5, 7)."""
    organ = Organ.objects.filter(pk=unit).first()
    lines = [line_above(organ, day, axis) for axis in AXES] if organ is not None else []
    return frozenset({unit, *(above.pk for line in lines for above in line)})
