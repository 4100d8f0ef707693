"""The public timetable of leaders' receptions, and booking a talk by number and code (R22 18(1); S
7(1)).

Who receives, when, where, for which work; nothing about who comes. An accusation is never booked
here: it would tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from dengwen.cases.models import Case
from dengwen.cases.write.check import Refused
from dengwen.cases.write.perform import perform
from dengwen.law.bilingual import words_in
from dengwen.law.duties.act_record import civil
from dengwen.law.duties.step import FieldValue, Step
from dengwen.leadership.errors import LeadershipError
from dengwen.leadership.models import SCHEDULED, Slot
from dengwen.leadership.roster import numbers_of, published
from dengwen.organs.structure.posts_held import appointments_on
from dengwen.petitions.intake.online_submission import by_petitioner, is_token, new_token, uid_of
from dengwen.portal import clock
from dengwen.portal.follow import Look, look
from dengwen.portal.own_text import OwnText
from dengwen.portal.page import office, organ_name, page, show
from dengwen.portal.reasons import all_reasons
from dengwen.ui.dates import page_language
from dengwen.ui.form_fields import AskedField, AskedForm

MOST = 200
SEND = "send"


@dataclass(frozen=True, slots=True)
class Day:
    """One line of the timetable."""

    slot: Slot
    title: str
    organ: str
    state: str


class BookForm(AskedForm):
    """For which matter a talk is booked, on which day; `token` makes it happen once."""

    go = OwnText()
    token = OwnText()
    number = OwnText(gettext_lazy("编号"), type="person", needed=True)
    code = OwnText(gettext_lazy("查询码"), type="person", needed=True)
    day = OwnText(gettext_lazy("接访日"), type="case", needed=True)


@page
@require_http_methods(["GET", "POST"])
def timetable(request: HttpRequest) -> HttpResponse:
    """Show the published days, and book one for a matter found by number and code."""
    now = clock.now()
    slots = list(published(civil(now))[:MOST])
    form = BookForm.of(request)
    if form.value("go") != SEND or not is_token(form.value("token")):
        return _page(request, slots, now)
    numbers = numbers_of(slots)
    chosen = _chosen(request, slots, numbers)
    found = look(request, now)
    if found.case is None or chosen is None:
        wrong = found.wrong or _("请选择一个接访日。")
        return _page(request, slots, now, found, wrong)
    try:
        _book(request, found.case, chosen, numbers[chosen.case], now)
    except (Refused, LeadershipError) as error:
        return _page(request, slots, now, found, _why(error))
    return _page(request, slots, now, message=_booked(chosen))


def _booked(slot: Slot) -> str:
    """Return when and where a talk was booked."""
    words = _("已预约：%(day)s，%(hours)s，%(room)s。请带身份证件和编号。")
    return words % {"day": slot.day, "hours": slot.hours, "room": slot.room}


def _chosen(request: HttpRequest, slots: Iterable[Slot], numbers: Mapping[int, str]) -> Slot | None:
    """Return the day that was chosen, None where it is not published or no longer open."""
    wanted = BookForm.of(request).value("day")
    for slot in slots:
        if numbers.get(slot.case) == wanted and slot.state == SCHEDULED:
            return slot
    return None


def _book(request: HttpRequest, case: Case, slot: Slot, reception: str, now: datetime) -> None:
    """Book a talk about a matter on a day. Raises `Refused` and `LeadershipError`."""
    fields: dict[str, FieldValue] = {
        "reception": reception,
        "petition": case.number,
        "leader": slot.leader_id,
        "organ": slot.organ_id,
        "day": slot.day,
    }
    receiving = office()
    organ = receiving.pk if receiving else None
    step = Step(act="book", kind="interview", organ=organ, fields=fields)
    perform(step, by=by_petitioner(), now=now, uid=uid_of(BookForm.of(request).value("token")))


def _why(error: Refused | LeadershipError) -> str:
    """Say why a day was not booked; of an accusation only where it belongs."""
    if isinstance(error, Refused):
        return all_reasons(error.reasons)
    if error.code == "no-matter":
        return _("这件事不在接访日预约；检举控告请向纪检监察机关提出，或者到窗口。")
    pair = (f"{error.zh}；{error.mend_zh}。", f"{error.en}; {error.mend_en}.")
    return words_in(pair, page_language())


def _page(
    request: HttpRequest,
    slots: list[Slot],
    now: datetime,
    found: Look | None = None,
    wrong: str = "",
    message: str = "",
) -> HttpResponse:
    open_days = [slot for slot in slots if slot.state == SCHEDULED]
    fields = _fields(request, open_days, numbers_of(slots), found)
    today = civil(now)
    context = {
        "days": [_day(slot, today) for slot in slots],
        "fields": fields if open_days else (),
        "wrong": wrong,
        "message": message,
        "token": new_token(),
        "carried": [],
    }
    return show(request, "timetable", context, status=422 if wrong else 200)


def _fields(
    request: HttpRequest, open_days: list[Slot], numbers: Mapping[int, str], found: Look | None
) -> tuple[AskedField, ...]:
    """Return the fields of the booking: number, query code, and the days that are open."""
    form = BookForm.of(request)
    form.fields["day"].offers = [
        (numbers[slot.case], f"{slot.day} {slot.hours}　{slot.leader.name}") for slot in open_days
    ]
    number, code = (found.number, found.code) if found else ("", "")
    return (
        form.at("number").but(typed=[number]),
        form.at("code").but(typed=[code]),
        form.at("day"),
    )


def _day(slot: Slot, today: date) -> Day:
    """Return one line of the timetable: who receives, in which post, and whether it stands."""
    held = appointments_on(slot.organ, today).filter(Q(official_id=slot.leader_id)).first()
    states = {
        "called_off": _("已取消"),
        "held": _("已接访"),
        "scheduled": _("有变更") if slot.changed else "",
    }
    title = held.post.title_zh if held else ""
    return Day(slot, title, organ_name(slot.organ), states[slot.state])
