"""The public timetable of leaders' receptions, and booking a talk by number and code (R22 18(1); S
7(1)).

Who receives, when, where, for which work; nothing about who comes. An accusation is never booked
here: it would tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dengwen.cases.write.check import Refused
from dengwen.cases.write.perform import perform
from dengwen.law.duties.act_record import civil
from dengwen.law.duties.step import FieldValue, Step
from dengwen.leadership.errors import LeadershipError
from dengwen.leadership.models import SCHEDULED, Slot
from dengwen.leadership.roster import numbers_of, published
from dengwen.organs.structure.posts_held import appointments_on
from dengwen.petitions.intake.online_submission import by_petitioner, is_token, new_token, uid_of
from dengwen.portal import clock
from dengwen.portal.follow import Look, look
from dengwen.portal.page import office, page, show
from dengwen.portal.pairs import said
from dengwen.ui.components import Choice, FormField

MOST = 200
SEND = "send"


@dataclass(frozen=True, slots=True)
class Day:
    """One line of the timetable."""

    slot: Slot
    title: str
    organ: str
    state: str


@page
@require_http_methods(["GET", "POST"])
def timetable(request: HttpRequest) -> HttpResponse:
    """Show the published days, and book one for a matter found by number and code."""
    now = clock.now()
    slots = list(published(civil(now))[:MOST])
    if request.method != "POST" or request.POST.get("go") != SEND:
        return _page(request, slots, now)
    token = request.POST.get("token", "")
    if not is_token(token):
        return _page(request, slots, now)
    numbers = numbers_of(slots)
    chosen = next(
        (
            s
            for s in slots
            if numbers.get(s.case) == request.POST.get("day") and s.state == SCHEDULED
        ),
        None,
    )
    found = look(request, now)
    if found.case is None or chosen is None:
        wrong = found.wrong or _("请选择一个接访日。")
        return _page(request, slots, now, found, wrong)
    fields: dict[str, FieldValue] = {
        "reception": numbers[chosen.case],
        "petition": found.case.number,
        "leader": chosen.leader_id,
        "organ": chosen.organ_id,
        "day": chosen.day,
    }
    receiving = office()
    step = Step(
        act="book", kind="interview", organ=receiving.pk if receiving else None, fields=fields
    )
    try:
        perform(step, by=by_petitioner(), now=now, uid=uid_of(token))
    except (Refused, LeadershipError) as error:
        return _page(request, slots, now, found, _why(error))
    words = _("已预约：%(day)s，%(hours)s，%(room)s。请带身份证件和编号。") % {
        "day": chosen.day,
        "hours": chosen.hours,
        "room": chosen.room,
    }
    return _page(request, slots, now, message=words)


def _why(error: Refused | LeadershipError) -> str:
    if isinstance(error, LeadershipError):
        if error.code == "no-matter":
            return _("这件事不在接访日预约；检举控告请向纪检监察机关提出，或者到窗口。")
        return said(f"{error.zh}；{error.mend_zh}。", f"{error.en}; {error.mend_en}.")
    return said("；".join(r.zh for r in error.reasons), "; ".join(r.en for r in error.reasons))


def _page(
    request: HttpRequest,
    slots: list[Slot],
    now: datetime,
    found: Look | None = None,
    wrong: str = "",
    message: str = "",
) -> HttpResponse:
    numbers, day = numbers_of(slots), civil(now)
    open_days = [s for s in slots if s.state == SCHEDULED]
    chosen = request.POST.get("day", "")
    choices = tuple(
        Choice(numbers[s.case], f"{s.day} {s.hours}　{s.leader.name}", numbers[s.case] == chosen)
        for s in open_days
    )
    fields = (
        FormField(
            "number", "person", _("编号"), required=True, value=found.number if found else ""
        ),
        FormField("code", "person", _("查询码"), required=True, value=found.code if found else ""),
        FormField("day", "case", _("接访日"), required=True, choices=choices),
    )
    context = {
        "days": [_day(s, day) for s in slots],
        "fields": fields if open_days else (),
        "wrong": wrong,
        "message": message,
        "token": new_token(),
        "carried": [],
    }
    return show(request, "timetable", context, status=422 if wrong else 200)


def _day(slot: Slot, today: date) -> Day:
    held = appointments_on(slot.organ, today).filter(Q(official_id=slot.leader_id)).first()
    states = {
        "called_off": _("已取消"),
        "held": _("已接访"),
        "scheduled": _("有变更") if slot.changed else "",
    }
    organ = said(slot.organ.name_zh, slot.organ.name_en or slot.organ.name_zh)
    return Day(slot, held.post.title_zh if held else "", organ, states[slot.state])
