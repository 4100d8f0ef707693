"""The brief of a day of reception on one sheet (journey 6, step 2).

What is asked, what was done, the next date; what the wall hides from a leader is not on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dengwen.cases.models import Case
from dengwen.cases.read.case_history import history
from dengwen.cases.read.case_view import CaseFile, next_duty, read_file
from dengwen.desk.leadership.roster import RECEPTION
from dengwen.desk.shell.case.protected_text import texts_of
from dengwen.desk.shell.case.request_lines import request_lines
from dengwen.desk.shell.frame.seat import Seat, at_desk, case_href, organ_name
from dengwen.law.bilingual import headline
from dengwen.leadership.models import SCHEDULED, Slot
from dengwen.leadership.roster import matter_of, slot_of, talks_of
from dengwen.ui.components import RequestLine, TimelineEntry

LAST_STEPS = 3


@dataclass(frozen=True, slots=True)
class Brief:
    """One talk on the sheet: what is asked, what was done last, the next date. Nobody's name,
    nothing sealed."""

    title: str
    number: str
    href: str
    requests: tuple[RequestLine, ...] = ()
    done: tuple[str, ...] = ()
    next_step: str = ""
    next_day: date | None = None


@require_safe
@at_desk
def brief(seat: Seat, number: str) -> HttpResponse:
    """Show a day of reception on one sheet: what is asked, what was done, the next date; sealed
    parts are left out."""
    case = seat.case(number)
    slot = slot_of(case) if case.kind == RECEPTION else None
    if slot is None:
        raise Http404
    talks = [_brief(seat, talk) for talk in talks_of(seat.viewer, seat.today, case)]
    hold = f"{case_href(number, 'hold')}?leader={slot.leader_id}&persons={len(talks)}"
    return seat.page(
        "leadership/brief.html",
        "roster",
        case=case,
        slot=slot,
        organ=organ_name(slot.organ, seat.language),
        talks=talks,
        hold=hold if _may_hold(seat, slot) else "",
    )


def _may_hold(seat: Seat, slot: Slot) -> bool:
    """Say whether the leader at the desk can write down that the reception was held: their own,
    on its day or later."""
    own = seat.user.official_id == slot.leader_id and "head" in seat.capacities
    return own and slot.state == SCHEDULED and slot.day <= seat.today


def _brief(seat: Seat, talk: Case) -> Brief:
    """Return a talk as the sheet shows it; of a matter that may not be read, its number alone."""
    matter = matter_of(talk, seat.viewer, seat.today)
    href = _talk_href(seat, talk)
    if matter is None:
        return Brief(_("内容不在可读的范围内"), talk.number, href)
    file = read_file(matter, seat.now)
    duty = next_duty(file.view)
    return Brief(
        title=matter.title or matter.number,
        number=talk.number,
        href=href,
        requests=request_lines(seat, file, texts_of(seat, matter)),
        done=tuple(_step_words(step) for step in _last_steps(seat, file)),
        next_step=headline(duty.rule, seat.language) if duty else "",
        next_day=(duty.due or duty.raw) if duty else None,
    )


def _talk_href(seat: Seat, talk: Case) -> str:
    """Return where a talk is written down: a leader's own page, or the case."""
    if "head" in seat.capacities:
        return reverse("desk:lines", args=[talk.number])
    return case_href(talk.number)


def _last_steps(seat: Seat, file: CaseFile) -> list[TimelineEntry]:
    """Return the newest steps done in a matter, without links to their proofs."""
    entries = history(file, seat.language, lambda _seq: "")
    done = [entry for entry in entries if entry.kind != "next"]
    return done[-LAST_STEPS:]


def _step_words(step: TimelineEntry) -> str:
    """Return a step in one line: its day, what was done, by whom."""
    return f"{step.day.isoformat()} {step.title}（{step.who}）"
