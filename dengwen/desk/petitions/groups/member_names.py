"""Members of a group as staff may see them: places, masked names, other matters they stand in."""

from __future__ import annotations

from dataclasses import dataclass

from dengwen.access.read_log import open_now, quota
from dengwen.cases.models import Case
from dengwen.cases.wall.identity import kept_from
from dengwen.cases.wall.visibility import for_user
from dengwen.desk.shell.case.protected_text import (
    IDENTITY,
    deny_identity,
    masked,
    opening,
    role_for,
)
from dengwen.desk.shell.frame.seat import Seat, case_href
from dengwen.petitions.intake import groups
from dengwen.petitions.intake.member_list import Person
from dengwen.ui.components import Link


@dataclass(frozen=True, slots=True)
class ShownMember:
    """A member as staff see one: place, name masked where the role may read it, whether elected,
    and the other matters they stand in."""

    place: int
    name: str
    representative: bool
    elsewhere: tuple[Link, ...]


def shown_members(seat: Seat, case: Case) -> list[ShownMember]:
    """Return the members with masked names, the showing logged; by places alone where the role
    or the quota says no."""
    names = _masked_names(seat, case)
    elsewhere = _matters_elsewhere(seat, case)
    found = []
    for member in case.members.order_by("place"):
        numbers = elsewhere.get(member.place, [])
        matters = tuple(Link(number, case_href(number)) for number in numbers)
        name = names.get(member.place, "")
        found.append(ShownMember(member.place, name, member.representative, matters))
    return found


def known_people(seat: Seat, case: Case) -> dict[int, Person]:
    """Open the list entered before, to see that nobody is entered twice; compared, not shown."""
    role = role_for(seat, IDENTITY, "M")
    if not role or not case.members.exists():
        return {}
    row = opening(seat, case, IDENTITY, ("members.compared",), role, "register")
    return open_now(row, lambda: groups.people_on(case))


def _masked_names(seat: Seat, case: Case) -> dict[int, str]:
    """Open the names and return them masked, by place; none where the role or the quota says no."""
    role = role_for(seat, IDENTITY, "M")
    if not role or not case.members.exists() or kept_from(case, _office(seat)):
        return {}
    if quota(seat.user, seat.now).over:
        deny_identity(seat, case, "register")
        return {}
    row = opening(seat, case, IDENTITY, ("members.masked",), role)
    people = open_now(row, lambda: groups.people_on(case))
    return {place: masked("petitioner", person.name) for place, person in people.items()}


def _matters_elsewhere(seat: Seat, case: Case) -> dict[int, list[str]]:
    """Return where members may stand in other visible matters, for staff; not where a name is
    kept from this office."""
    if not role_for(seat, IDENTITY, "M"):
        return {}
    visible = for_user(seat.viewer, seat.today).filter(protected=False)
    found = groups.also_in(case, visible)
    numbers: set[str] = set()
    for some in found.values():
        numbers.update(some)
    here = _office(seat)
    hidden = {c.number for c in visible.filter(number__in=numbers) if kept_from(c, here)}
    shown = {}
    for place, some in found.items():
        kept = [number for number in some if number not in hidden]
        if kept:
            shown[place] = kept
    return shown


def _office(seat: Seat) -> str:
    return seat.organ.code if seat.organ else ""
