"""Coordinations of a matter among organs (S 7(2)): what each undertook, and where one is called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import pgettext

from dengwen.cases.models import Case
from dengwen.cases.read.case_view import read_file, state_words
from dengwen.cases.wall.visibility import for_user
from dengwen.desk.leadership.leader_cases import is_late
from dengwen.desk.leadership.opened_cases import openable, petition_href
from dengwen.desk.shell.frame.seat import Seat, case_href, organ_name
from dengwen.law.bilingual import headline
from dengwen.law.duties.act_record import DutyView
from dengwen.leadership.effects import ABOUT
from dengwen.organs.models import Organ
from dengwen.ui.components import Link

KIND = "coordination"


@dataclass(frozen=True, slots=True)
class Undertaken:
    """One organ that undertook something: its day, the words for how it stands, and whether it
    is late."""

    organ: str
    until: date | None
    state: str
    late: bool


@dataclass(frozen=True, slots=True)
class Together:
    """A coordination of a matter: its page, its day, where it stands, and what each organ
    undertook by when."""

    link: Link
    day: date
    state: str
    lines: tuple[Undertaken, ...]


def coordination_of(seat: Seat, matter: Case) -> dict[str, object]:
    """Return the coordinations about a matter and where one is called, as a part of pages about
    it."""
    return {"together": coordinations(seat, matter), "call": may_coordinate(seat, matter)}


def coordinations(seat: Seat, matter: Case) -> list[Together]:
    """Return the coordinations about a matter that the wall lets this seat see, the newest first
    (S 7(2))."""
    visible = for_user(seat.viewer, seat.today)
    cases = visible.filter(kind=KIND, links__other=matter, links__kind=ABOUT).distinct()
    return [_together(seat, case) for case in cases.order_by("-opened_at", "-pk")]


def _together(seat: Seat, case: Case) -> Together:
    """Return a coordination with what each organ undertook."""
    file = read_file(case, seat.now)
    words = headline(file.kind, seat.language)
    undertaken = [duty for duty in file.view.duties if duty.rule.id == "undertaken"]
    return Together(
        link=Link(f"{words} {case.number}", case_href(case.number)),
        day=case.opened_on,
        state=state_words(file, seat.language),
        lines=tuple(_undertaken(seat, duty) for duty in undertaken),
    )


def _undertaken(seat: Seat, duty: DutyView) -> Undertaken:
    """Return what one organ undertook, and how it stands."""
    organ = Organ.objects.filter(pk=duty.holder or 0).first()
    return Undertaken(
        organ=organ_name(organ, seat.language),
        until=duty.due,
        state=_state_words(duty, seat.today),
        late=is_late(duty, seat.today),
    )


def _state_words(duty: DutyView, today: date) -> str:
    """Return how an undertaking stands; done late is done."""
    if duty.state == "closed":
        return pgettext("overview", "已落实")
    if is_late(duty, today):
        return pgettext("overview", "逾期")
    return pgettext("overview", "待落实")


def may_coordinate(seat: Seat, matter: Case) -> str:
    """Return the address at which this seat calls a coordination about a matter, "" where it
    cannot."""
    if matter.protected or "clerk" not in seat.capacities or openable(seat, KIND) is None:
        return ""
    return petition_href(KIND, matter.number)
