"""One line of nine steps, from the lead to the appeal: who, which day, until when, what blocks it.

Each page hands in what its reader may see anyway; a step of which they may see nothing stands
there by its name alone, in every file alike, so that the line gives nothing away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from dengwen.accountability.inquiry.disclosure_to_person import Disclosed
from dengwen.accountability.inquiry.queries import Inquiry
from dengwen.accountability.leads.lapsed_leads import Waiting
from dengwen.accountability.leads.queries import DECLINED, LAPSED, Lead
from dengwen.accountability.measures.queries import AccountFile, measures_in
from dengwen.cases.wall.visibility import for_user
from dengwen.desk.shell.frame.seat import Seat
from dengwen.law.duties.act_record import civil

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

STEPS: Mapping[str, StrPromise] = {
    "lead": pgettext_lazy("nine steps", "线索"),
    "inquiry": pgettext_lazy("nine steps", "核查"),
    "told": pgettext_lazy("nine steps", "告知"),
    "heard": pgettext_lazy("nine steps", "申辩"),
    "found": pgettext_lazy("nine steps", "认定"),
    "proposed": pgettext_lazy("nine steps", "建议"),
    "decided": pgettext_lazy("nine steps", "决定"),
    "rectified": pgettext_lazy("nine steps", "整改"),
    "appealed": pgettext_lazy("nine steps", "申诉"),
}
"""The steps in their order."""
DONE, NOW, LATER = "done", "now", "later"


@dataclass(frozen=True, slots=True)
class Known:
    """What a reader may know of one step: the day on which it was done, until when it runs, who
    does it, what blocks it."""

    day: date | None = None
    until: date | None = None
    who: str = ""
    blocks: str = ""


@dataclass(frozen=True, slots=True)
class ShownStep:
    """One step as it is drawn."""

    name: str
    state: str
    known: Known


def line_of_steps(known: Mapping[str, Known], *, ended: bool = False) -> list[ShownStep]:
    """Return the nine steps; the step after the last one done is the one that is on, unless the
    matter has ended."""
    done = [place for place, name in enumerate(STEPS) if name in known and known[name].day]
    on = -1 if ended else max(done, default=-1) + 1
    shown = []
    for place, (name, words) in enumerate(STEPS.items()):
        fact = known.get(name, Known())
        state = DONE if place < on or place in done else LATER
        shown.append(ShownStep(str(words), NOW if place == on else state, fact))
    return shown


# --- what each page knows -------------------------------------------------------------------------
def steps_of_lead(lead: Lead, waiting: Waiting | None) -> list[ShownStep]:
    """Return the line of a lead, for whoever decides on it."""
    taken = Known(day=lead.decided_on) if lead.inquiry else Known()
    if waiting is not None:
        blocks = _("等接手，或者写明理由不接手")
        taken = Known(until=waiting.until, blocks=blocks)
    known = {"lead": Known(day=lead.raised_on), "inquiry": taken}
    return line_of_steps(known, ended=lead.state in (DECLINED, LAPSED))


def steps_of_inquiry(
    seat: Seat, made: Inquiry, opened: date, names: Sequence[str], lacking: int
) -> list[ShownStep]:
    """Return the line of an inquiry, for those who read it: what was decided elsewhere is not
    theirs to see."""
    known = {
        "lead": Known(day=_opened_on(seat, made.lead)),
        "inquiry": Known(day=opened, who=_("、").join(names)),
        **_hearing(made, seat.today),
        "found": Known(
            day=made.concluded.day if made.concluded else None,
            blocks="" if made.concluded or not lacking else _("还差 %(n)s 项") % {"n": lacking},
        ),
        "proposed": Known(day=made.proposals[-1].day if made.proposals else None),
    }
    ended = made.concluded is not None and made.concluded.data["outcome"] != "propose"
    return line_of_steps(known, ended=ended)


def _opened_on(seat: Seat, number: str) -> date | None:
    """Return the day on which a lead or an inquiry was opened, None where this seat does not read
    it."""
    if not number:
        return None
    rows = for_user(seat.viewer, seat.today).filter(number=number)
    return rows.values_list("opened_on", flat=True).first()


def _is_heard(made: Inquiry, official: int, today: date) -> bool:
    """Say whether the defence of somebody is over: they were heard, the record stands, and the day
    until which they may answer has passed."""
    return made.answer_until(official, today) is None and made.hearing_stands(official)


def _hearing(made: Inquiry, today: date) -> dict[str, Known]:
    """Return the telling and the defence: done once everybody concerned was told, and heard."""
    officials = set(made.officials)
    is_told = bool(officials) and officials <= made.told.keys()
    is_heard = is_told and all(_is_heard(made, official, today) for official in officials)
    days = [date.fromisoformat(str(told.data["answer_by"])) for told in made.told.values()]
    open_points = len(made.unanswered())
    return {
        "told": Known(day=max(told.day for told in made.told.values()) if is_told else None),
        "heard": Known(
            day=max(heard.day for heard in made.heard.values())
            if is_heard and not open_points
            else None,
            until=max(days, default=None),
            blocks=_("还有 %(n)s 点没有答复") % {"n": open_points} if open_points else "",
        ),
    }


def steps_of_disclosed(
    seen: Disclosed, official: int, opened: date, today: date
) -> list[ShownStep]:
    """Return the line of an inquiry for the person who was told of it: their own part of it."""
    told = seen.told
    is_heard = _is_heard(seen.made, official, today)
    open_points = sum(1 for point in seen.points if point.answer is None)
    known = {
        "inquiry": Known(day=opened),
        "told": Known(day=told.day if told else None),
        "heard": Known(
            day=seen.heard.day if seen.heard and is_heard and not open_points else None,
            until=date.fromisoformat(str(told.data["answer_by"])) if told else None,
            blocks=_("还有 %(n)s 点没有答复") % {"n": open_points} if open_points else "",
        ),
        "found": Known(day=seen.concluded.day if seen.concluded else None),
    }
    ended = seen.concluded is not None and seen.concluded.data["outcome"] != "propose"
    return line_of_steps(known, ended=ended)


def steps_of_file(
    seat: Seat, file: AccountFile, made: Inquiry, appeal_by: date | None
) -> list[ShownStep]:
    """Return the line of a file of accountability, for its organ and for whom it concerns once
    they were told."""
    opening, decision = file.opening, file.decision
    opened = civil(opening.occurred_at) if opening else None
    from_inquiry = bool(file.inquiry)
    known = {
        "inquiry": Known(day=_opened_on(seat, file.inquiry) if from_inquiry else opened),
        "proposed": Known(day=opened if from_inquiry else None),
        "decided": Known(
            day=civil(decision.occurred_at) if decision else None,
            blocks="" if decision or not from_inquiry else _("等书面答复和研究决定"),
        ),
        "rectified": Known(until=file.deadline, day=_met_on(file)),
        "appealed": Known(
            day=civil(file.appeals[-1].occurred_at) if file.appeals else None, until=appeal_by
        ),
    }
    if not from_inquiry or made.told:
        known |= _hearing(made, seat.today)
    return line_of_steps(known, ended=file.case.state in ("declined", "no_measure", "not_opened"))


def _met_on(file: AccountFile) -> date | None:
    """Return the day on which a goal was said to be met; of a decision that sets none, nothing."""
    accepted = file.last("accept_rectification")
    return civil(accepted.occurred_at) if accepted is not None and file.met else None


def appeal_day(file: AccountFile, days: Sequence[date | None]) -> date | None:
    """Return the last day of the ways to appeal that are open, None where nothing was served or no
    text gives one."""
    if not any(one.served for one in measures_in(file)):
        return None
    return max((day for day in days if day is not None), default=None)
