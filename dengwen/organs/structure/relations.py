"""How organs stand to a petition department: its own Party committee and government, the department
above it, its area.

Read from the registry of a day. Where the registry leaves two answers open, nothing is chosen for
people.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from dengwen.organs.models import Line, Organ
from dengwen.organs.structure.line_index import LineBook
from dengwen.organs.structure.lines import line_above, organs_on, parents, seat_on, seated_in

TERRITORIAL, VERTICAL = "territorial", "vertical"


@dataclass(frozen=True, slots=True)
class OwnLevel:
    """The addressees of a petition department: own Party committee, own government, the
    department one level up."""

    committee: Organ | None
    government: Organ | None
    upper: Organ | None


def own_level(office: Organ, day: date) -> OwnLevel:
    """Return to whom a petition department reports on `day` (R22 40(2), 41(1)); None where the
    registry is silent."""
    government = own_government(office, day)
    return OwnLevel(own_committee(office, government, day), government, upper_office(office, day))


def own_government(office: Organ, day: date) -> Organ | None:
    """Return the nearest government above the office, else the one of its own division."""
    above = next((o for o in line_above(office, day, TERRITORIAL) if o.kind == "government"), None)
    return above or _government_seated_with(office, day)


def _government_seated_with(office: Organ, day: date) -> Organ | None:
    """Return the one government of the division an organ belongs to."""
    seat = seat_on(office, day)
    return _only(seated_in(seat, day).filter(kind="government")) if seat else None


def own_committee(office: Organ, government: Organ | None, day: date) -> Organ | None:
    """Return the Party committee of the office's level: above it, of its division, or beside its
    government."""
    above = next(
        (o for o in line_above(office, day, TERRITORIAL) if o.kind == "party_committee"), None
    )
    if above is not None:
        return above
    seat = seat_on(office, day)
    seated = _only(seated_in(seat, day).filter(kind="party_committee")) if seat else None
    if seated is not None or government is None:
        return seated
    over = [
        line.parent_id
        for line in parents([government.pk], day, [TERRITORIAL]).get(government.pk, [])
    ]
    beside = Line.objects.on(day).filter(parent_id__in=over, axis=TERRITORIAL).values("organ_id")
    return _only(
        organs_on(day).filter(pk__in=beside, kind="party_committee", level=government.level)
    )


def upper_office(office: Organ, day: date) -> Organ | None:
    """Return the petition department one level up: the one that hangs on the next government
    above the own one."""
    for above in line_above(office, day, TERRITORIAL):
        if above.is_petition_office:
            return above
        if above.pk == getattr(own_government(office, day), "pk", None):
            continue
        below = Line.objects.on(day).filter(parent_id=above.pk, axis=TERRITORIAL).values("organ_id")
        found = _only(
            organs_on(day).filter(pk__in=below, is_petition_office=True).exclude(pk=office.pk)
        )
        if found is not None:
            return found
    return None


def _only(organs: Iterable[Organ]) -> Organ | None:
    """Return the one organ, or None where there is none or more than one: people choose then."""
    found = list(organs)
    return found[0] if len(found) == 1 else None


def supervised_by(organ: Organ, day: date, book: LineBook | None = None) -> frozenset[int]:
    """Return the ids of the organs whose petition work `organ` supervises on `day`, itself left
    out.

    A petition department and a joint conference: everything below their government on the
    territorial line (R22 14, 40; S 6). Any other organ: its own system below it, on the vertical
    line (S 5 para. 2). `book` holds the lines of `day`, for a caller that has just read them.
    """
    book = book or LineBook.read(day)
    if organ.is_petition_office or organ.is_joint_conference:
        government = _government_above(book.chain(organ.pk, day, TERRITORIAL))
        if government is None:
            seated = _government_seated_with(organ, day)
            government = seated.pk if seated else None
        if not government:
            return frozenset()
        below = book.subtree(government, day, [TERRITORIAL])
        return below - {organ.pk, government}
    return book.subtree(organ.pk, day, [VERTICAL]) - {organ.pk}


def _government_above(chain: tuple[int, ...]) -> int | None:
    """Return the nearest government of a chain of organs."""
    rows = Organ.objects.filter(pk__in=chain, kind="government")
    governments = set(rows.values_list("pk", flat=True))
    return next((pk for pk in chain if pk in governments), None)


def purely_vertical(organ: Organ, day: date) -> bool:
    """Say whether `organ` hangs on its system alone, with no territorial line on `day`:
    supervised up the system."""
    axes = {line.axis for line in parents([organ.pk], day).get(organ.pk, [])}
    return axes == {VERTICAL}


def in_system_of(lower: Organ, upper: int | None, day: date) -> bool:
    """Say whether the organ with id `upper` stands above `lower` in a vertical system on `day`
    (S 5 para. 2)."""
    return any(o.pk == upper for o in line_above(lower, day, VERTICAL))
