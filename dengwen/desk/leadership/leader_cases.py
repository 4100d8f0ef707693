"""Cases of a leader: who is one, what their cases are called, and which of them are late."""

from __future__ import annotations

from datetime import date

from dengwen.cases.read.case_view import CaseFile
from dengwen.desk.shell.frame.seat import Seat
from dengwen.law.bilingual import headline
from dengwen.law.duties.act_record import OPEN, DutyView
from dengwen.leadership.roster import matter_of


def may_lead(seat: Seat) -> bool:
    """Say whether the seat is a leader's: the capacity of a head, and an official behind the
    account."""
    return "head" in seat.capacities and seat.user.official_id is not None


def title_of(seat: Seat, file: CaseFile) -> str:
    """Return what a leader's case is called: the title of the matter it is about, where that may
    be seen."""
    matter = matter_of(file.case, seat.viewer, seat.today)
    if matter is not None and matter.title:
        return matter.title
    return headline(file.kind, seat.language)


def is_late(duty: DutyView, today: date) -> bool:
    """Say whether a duty was breached, or is open past its day."""
    past = duty.state == OPEN and duty.due is not None and duty.due < today
    return duty.breach is not None or past
