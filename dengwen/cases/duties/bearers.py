"""Who can bear a recurring duty: organs, leaders by post, and whoever has a field of work in
charge, each by period."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from dengwen.cases.duties.leave_records import leaves
from dengwen.cases.duties.seat_history import ALWAYS, Row, SeatHistory, StandIn, late_since
from dengwen.cases.models import Act
from dengwen.cases.scope_rules import bindings_on
from dengwen.law.duties.act_record import CHINA, civil
from dengwen.law.duties.recurrence import holder_on, holds_for
from dengwen.law.packs.rules import DutyRule
from dengwen.organs.kinds import KINDS, LEADING_GROUP, RANKS
from dengwen.organs.models import Appointment, Organ, Portfolio, Substitute
from dengwen.organs.structure.applicability import binding
from dengwen.organs.structure.lines import line_above

POST, FIELD = "post:", "field:"
"""How the seat of a leader's duty begins: a post by its code, a field of work by its name."""
REGISTRY = "registry"


@dataclass(frozen=True)
class Bearer:
    """An organ, or a seat in it, with who held it from which day on; `until` is the day it ended
    (exclusive)."""

    organ: Organ
    of: str
    seat: str
    since: date
    until: date | None
    held: tuple[tuple[int | None, date], ...]
    rank: str = ""
    field: str = ""
    history: SeatHistory | None = None

    def facts(self, day: date) -> dict[str, str]:
        """Return what `applies` asks about, on a day."""
        organ = self.organ
        stated = bindings_on(day, organ.division_code)
        bound = {b.instrument: b.degree for b in binding(stated, organ.kind, organ.level)}
        return {
            "group": KINDS[organ.kind].group,
            "kind": organ.kind,
            "level": organ.level,
            "petition_office": "true" if organ.is_petition_office else "false",
            "joint_conference": "true" if organ.is_joint_conference else "false",
            "rank": self.rank,
            "field": self.field,
            **bound,
        }

    def bears(self, rule: DutyRule, day: date) -> bool:
        """Say whether a recurring duty is this bearer's on a day."""
        facts = self.facts(day) if rule.applies and rule.of == self.of else {}
        return holds_for(rule, self.of, facts)

    def holder(self, day: date) -> int | None:
        """Return the official who held the seat on a day; None for an organ, and while it was
        vacant."""
        return holder_on(self.held, day)

    def posted(self, day: date) -> int | None:
        """Return who was appointed to the seat on a day, also while somebody stood in."""
        return holder_on(self.history.posted() if self.history else self.held, day)

    def known(self, day: date, as_of: date) -> int | None:
        """Return who held the seat on a day, by what the registry said on another."""
        return self.history.known(day, as_of) if self.history else self.holder(day)

    def known_post(self, day: date, as_of: date) -> int | None:
        """Return who was appointed to the seat on a day, by what the registry said on another."""
        if self.history is None:
            return self.holder(day)
        return holder_on(self.history.posted(as_of), day)

    def late_since(self, day: date, official: int | None, window: int) -> date | None:
        """Return when the registry learnt that somebody held the seat on a day, None where it was
        no later than the local window allows."""
        return late_since(self.history, day, official, window) if self.history else None

    def filled_late(self) -> bool:
        """Say whether somebody was entered as its holder for days that had passed already."""
        return self.history is not None and self.history.filled_late()

    def borne_from(self, first: date, last: date) -> date | None:
        """Return the first day of a period on which somebody bore it, as the registry had it when
        it first said so; None where nobody did."""
        return self.history.borne_from(first, last) if self.history else first

    def people(self) -> set[int]:
        """Return everybody who held the seat, by what the registry says or said."""
        held = {who for who, _ in self.held if who is not None}
        return held | (self.history.people() if self.history else set())

    def taken(self, day: date) -> date | None:
        """Return the first day from `day` on which somebody bears it, None where nobody does any
        more."""
        if self.until is not None and day >= self.until:
            return None
        if self.of == "holder":
            return max(day, self.since)
        if self.holder(day) is not None:
            return day
        return next((since for who, since in self.held if since > day and who is not None), None)

    def occupied_since(self, day: date) -> date:
        """Return the day from which it has been borne without a gap up to `day`, by whomever."""
        if self.of == "holder":
            return self.since
        begins = day
        for who, since in reversed([pair for pair in self.held if pair[1] <= day]):
            if who is None:
                break
            begins = since
        return begins

    def chain(self, first: date, last: date) -> tuple[tuple[int | None, date], ...]:
        """Return who held it in a period: the holder on its first day, then every change."""
        changes = [pair for pair in self.held if first < pair[1] <= last]
        return ((self.holder(first), first), *changes)


def bearers(first: date, last: date) -> list[Bearer]:
    """Return every organ, leading post and field of work that anybody bore on a day from `first`
    to `last`."""
    organs = {organ.pk: organ for organ in Organ.objects.within(first, last).order_by("pk")}
    found = [_organ_itself(organ) for organ in organs.values()]
    days = _days_of_entry(first)
    absent = _stand_ins(days)
    for seat, rows in _rows_of_seats(organs).items():
        history = _history(seat, rows, absent, days)
        if history.held():
            found.append(_in_seat(organs[seat.organ], seat, history))
    return found


@dataclass(frozen=True, slots=True)
class _Seat:
    """A leading post, with its rank, or a field of work somebody has in charge, in an organ."""

    organ: int
    name: str
    rank: str
    field: str


def _organ_itself(organ: Organ) -> Bearer:
    since = organ.valid_from
    return Bearer(organ, "holder", "", since, organ.valid_to, ((None, since),))


def _in_seat(organ: Organ, seat: _Seat, history: SeatHistory) -> Bearer:
    """Return whoever holds a seat as a bearer, since the first who did."""
    of = "leader" if seat.rank else "portfolio"
    held = history.held()
    since = held[0][1]
    return Bearer(organ, of, seat.name, since, organ.valid_to, held, seat.rank, seat.field, history)


def _days_of_entry(first: date) -> Mapping[int, date]:
    """Return when each act of the registry was entered, of those entered since a day."""
    acts = Act.objects.filter(
        case__kind=REGISTRY, recorded_at__gte=datetime.combine(first, time(0), CHINA)
    )
    return {pk: civil(recorded) for pk, recorded in acts.values_list("pk", "recorded_at")}


def _stand_ins(days: Mapping[int, date]) -> Mapping[int, list[tuple[Substitute, StandIn]]]:
    """Return who stood in for whom, by official; somebody recused from a matter keeps the seat."""
    found: dict[int, list[tuple[Substitute, StandIn]]] = {}
    for row in leaves().order_by("valid_from", "id"):
        ended = days.get(row.end_act or row.act, ALWAYS)
        stand_in = StandIn(
            row.official_id,
            row.valid_from,
            row.valid_to,
            days.get(row.act, ALWAYS),
            ended,
            row.substitute_id,
            row.organ_id is not None,
        )
        found.setdefault(row.official_id, []).append((row, stand_in))
    return found


def _history(
    seat: _Seat,
    rows: Iterable[Appointment | Portfolio],
    absent: Mapping[int, list[tuple[Substitute, StandIn]]],
    days: Mapping[int, date],
) -> SeatHistory:
    """Return the rows of a seat with the days of their entry, and who stood in for its holders."""
    known = tuple(
        Row(
            row.official_id,
            row.valid_from,
            row.valid_to,
            days.get(row.act, ALWAYS),
            days.get(row.end_act or row.act, ALWAYS),
        )
        for row in rows
    )
    return SeatHistory(known, _in_this_organ(seat, {row.official for row in known}, absent))


def _in_this_organ(
    seat: _Seat, officials: set[int], absent: Mapping[int, list[tuple[Substitute, StandIn]]]
) -> tuple[StandIn, ...]:
    """Return who stood in for these officials in an organ, and for those who stood in."""
    found: list[StandIn] = []
    waiting, seen = sorted(officials), set(officials)
    while waiting:
        for row, stand_in in absent.get(waiting.pop(), ()):
            if row.organ_id not in (None, seat.organ):
                continue
            found.append(stand_in)
            if stand_in.substitute not in seen:
                seen.add(stand_in.substitute)
                waiting.append(stand_in.substitute)
    return tuple(found)


def _rows_of_seats(organs: Iterable[int]) -> dict[_Seat, list[Appointment | Portfolio]]:
    """Return the appointments to each leading post and the portfolios of each field, in order of
    time."""
    found: dict[_Seat, list[Appointment | Portfolio]] = {}
    posts = Appointment.objects.filter(post__leading__in=LEADING_GROUP, post__organ_id__in=organs)
    for row in posts.select_related("post").order_by("valid_from", "id"):
        post = row.post
        seat = _Seat(post.organ_id, POST + post.code, post.leading, "")
        found.setdefault(seat, []).append(row)
    for work in Portfolio.objects.filter(organ_id__in=organs).order_by("valid_from", "id"):
        seat = _Seat(work.organ_id, FIELD + work.field, "", work.field)
        found.setdefault(seat, []).append(work)
    return found


def main_seats(every: Iterable[Bearer]) -> Mapping[int, list[Bearer]]:
    """Return the leading posts of each organ, the highest rank first."""
    found: dict[int, list[Bearer]] = {}
    for one in every:
        if one.of == "leader":
            found.setdefault(one.organ.pk, []).append(one)
    for seats in found.values():
        seats.sort(key=lambda b: (RANKS.index(b.rank), b.seat))
    return found


def owes_elsewhere(
    bearer: Bearer, official: int, day: date, seats: Mapping[int, list[Bearer]]
) -> bool:
    """Say whether the holder of a post bears the same duties in a higher post of the organ:
    nobody owes them twice."""
    for other in seats.get(bearer.organ.pk, ()):
        if other.seat == bearer.seat:
            return False
        if other.posted(day) == official:
            return True
    return False


def supervisors(organ: Organ, day: date) -> list[int]:
    """Return the organs that follow up what an organ owes: the nearest petition department, and its
    own system.

    The petition department coordinates, guides and supervises the area (seed 6); in a vertical
    system the office above urges the one below (seed 5).
    """
    offices = {
        office.territorial_parent_id: office.pk
        for office in Organ.objects.on(day).filter(is_petition_office=True)
    }
    above = [organ, *line_above(organ, day, "territorial")]
    near = [offices[one.pk] for one in above if offices.get(one.pk, organ.pk) != organ.pk]
    system = [one.pk for one in line_above(organ, day, "vertical")[:1]]
    return list(dict.fromkeys([*near[:1], *system]))
