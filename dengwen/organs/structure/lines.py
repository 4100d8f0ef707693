"""The registry read on a day: organs, their names, and the lines that hold them together."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from django.db.models import QuerySet

from dengwen.organs.kinds import AXES
from dengwen.organs.models import Division, Line, Organ, OrganName, Seat

DAY = timedelta(days=1)


def organs_on(day: date) -> QuerySet[Organ]:
    """Return the organs that exist on `day`."""
    return Organ.objects.on(day)


def organ_on(code: str, day: date) -> Organ | None:
    """Return the organ with this code if it exists on `day`."""
    return Organ.objects.on(day).filter(code=code).first()


def name_on(organ: Organ, day: date) -> OrganName | None:
    """Return the full name the organ bore on `day`; None on days when it did not exist."""
    return (
        OrganName.objects.on(day)
        .filter(organ=organ, short=False)
        .order_by("-valid_from", "-id")
        .first()
    )


def parents(organs: Iterable[int], day: date, axes: Iterable[str] = AXES) -> dict[int, list[Line]]:
    """Return the lines above each of `organs` (ids) on `day`, by organ id, territorial before
    vertical."""
    found: dict[int, list[Line]] = {}
    lines = Line.objects.on(day)
    lines = lines.filter(organ_id__in=list(organs), axis__in=list(axes))
    for line in lines.select_related("parent").order_by("organ_id", "axis"):
        found.setdefault(line.organ_id, []).append(line)
    return found


def line_above(organ: Organ, day: date, axis: str) -> tuple[Organ, ...]:
    """Return the organs above `organ` on one axis on `day`, nearest first."""
    chain: list[Organ] = []
    here, seen = organ.pk, {organ.pk}
    while lines := parents([here], day, [axis]).get(here):
        parent = lines[0].parent
        if parent.pk in seen:  # a circle cannot be entered; were one there, reading must still end
            break
        chain.append(parent)
        seen.add(parent.pk)
        here = parent.pk
    return tuple(chain)


def subtree(organ: Organ, day: date, axes: Iterable[str] = AXES) -> frozenset[int]:
    """Return the ids of `organ` and of every organ below it on `day`, on any of `axes`.

    The wall needs all of them: an accused organ's units stand behind it with it (access model 4.1).
    """
    found: set[int] = {organ.pk}
    edge: set[int] = {organ.pk}
    wanted = list(axes)
    while edge:
        below = (
            Line.objects.on(day)
            .filter(parent_id__in=edge, axis__in=wanted)
            .values_list("organ_id", flat=True)
        )
        edge = set(below) - found
        found |= edge
    return frozenset(found)


def distances_above(organ: Organ, day: date) -> dict[int, int]:
    """Return every organ strictly above `organ` on `day` by id, with the fewest steps up to it
    on either axis."""
    steps: dict[int, int] = {}
    edge, height = {organ.pk}, 0
    while edge:
        height += 1
        above: set[int] = set()
        for lines in parents(edge, day).values():
            above |= {line.parent_id for line in lines}
        edge = above - steps.keys() - {organ.pk}
        steps |= dict.fromkeys(edge, height)
    return steps


def seat_on(organ: Organ, day: date) -> str:
    """Return the code of the division the organ belonged to on `day`, or "" where it belonged to
    none.

    An ended organ is asked for the division of its last day: its own level outlives it (R22 24(2)).
    """
    last = organ.valid_to - DAY if organ.valid_to and organ.valid_to <= day else day
    return (
        Seat.objects.on(last).filter(organ=organ).values_list("division_code", flat=True).first()
        or ""
    )


def seated_in(division: str, day: date) -> QuerySet[Organ]:
    """Return the organs that exist on `day` and belong to this division then, not to the
    divisions within it."""
    return organs_on(day).filter(
        pk__in=Seat.objects.on(day).filter(division_code=division).values("organ_id")
    )


def division_on(code: str, day: date) -> Division | None:
    """Return the division with this code if it exists on `day`."""
    return Division.objects.on(day).filter(code=code).first()


def divisions_above(code: str, day: date) -> tuple[str, ...]:
    """Return `code` and the codes of the divisions around it on `day`, smallest first.

    A code without a row on that day stands alone: an unknown place has no known surroundings.
    """
    chain = [code]
    while (row := division_on(chain[-1], day)) and row.parent_code and row.parent_code not in chain:
        chain.append(row.parent_code)
    return tuple(chain)


def division_successors(code: str, day: date) -> tuple[str, ...]:
    """Return the codes that stand for `code` on `day`: itself while it is valid, else those that
    followed it."""
    if division_on(code, day):
        return (code,)
    ended = Division.objects.filter(code=code, valid_to__lte=day).order_by("-valid_to").first()
    if ended is None:
        return ()
    found: list[str] = []
    for heir in ended.successors:
        if heir != code:
            found += [c for c in division_successors(heir, day) if c not in found]
    return tuple(found)


def places_on(
    day: date, codes: Collection[str] | None = None, most: int = 1000
) -> dict[str, tuple[str, str]]:
    """Return the names (Chinese, English) of divisions by code on a day: all up to `most`, or only
    of `codes`.

    Where the registry has no list of divisions, a place is called as its government is, without
    人民政府.
    """
    rows = Division.objects.on(day).order_by("code")
    seats = organs_on(day).filter(kind="government").exclude(division_code="").order_by("code")
    if codes is not None:
        rows, seats = rows.filter(code__in=codes), seats.filter(division_code__in=codes)
    found: dict[str, tuple[str, str]] = {}
    for code, zh, en in seats.values_list("division_code", "name_zh", "name_en")[:most]:
        found.setdefault(code, _place_of_government(zh, en))
    for code, name in rows.values_list("code", "name")[:most]:
        _listed_zh, english = found.get(code, (name, name))
        found[code] = (name, english)
    return dict(sorted(found.items()))


def _place_of_government(zh: str, en: str) -> tuple[str, str]:
    """Return what a place is called by the name of its government, in Chinese and English."""
    place = zh.removesuffix("人民政府")
    english = en.removeprefix("People's ").removeprefix("Government of ")
    return place, english or place


def places_named(name: str, day: date) -> list[str]:
    """Return the codes of the divisions that bear a name on a day, by the list or by their
    government."""
    rows = set(Division.objects.on(day).filter(name=name).values_list("code", flat=True))
    governments = (
        organs_on(day)
        .filter(kind="government", name_zh=f"{name}人民政府")
        .exclude(division_code="")
    )
    return sorted(rows | set(governments.values_list("division_code", flat=True)))
