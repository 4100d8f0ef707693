"""The roster of receptions, the brief of a day on one sheet, and booking a talk (journey 6, steps 1
and 2).

The rules say 定期 and give no number: how often is the office's choice, entered here, shown at the
portal, and from then
on a duty of each day. What the wall hides from a leader is on no roster, brief or booking.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from dengwen.cases import rulebooks
from dengwen.cases.models import Case
from dengwen.cases.read.case_view import CaseFile, blank_file, history, next_duty, read_file
from dengwen.cases.wall.visibility import for_user
from dengwen.cases.write.check import Refused
from dengwen.cases.write.perform import perform
from dengwen.desk.shell.act.act_page import article_of
from dengwen.desk.shell.act.act_refusals import (
    EFFECT_ERRORS,
    UNPROCESSABLE,
    as_reason,
    sort_reasons,
)
from dengwen.desk.shell.act.forms import Filled, read_day
from dengwen.desk.shell.case.protected_text import texts_of
from dengwen.desk.shell.case.request_lines import request_lines
from dengwen.desk.shell.frame.seat import TAKING_IN, Seat, at_desk, case_href, organ_name, uid_of
from dengwen.law.bilingual import headline
from dengwen.law.duties.act_record import Refusal as Reason
from dengwen.law.duties.step import FieldValue, Step
from dengwen.leadership.models import SCHEDULED, Slot
from dengwen.leadership.roster import (
    Leader,
    Planned,
    half_year_end,
    leaders_of,
    matter_of,
    numbers_of,
    plan,
    published,
    slot_of,
    talks_of,
)
from dengwen.ui.components import Choice, FormField, Link, RequestLine

RECEPTION, SCHEDULE, BOOK = "reception", "schedule", "book"
WEEKDAYS = (
    ("周一", "Monday"),
    ("周二", "Tuesday"),
    ("周三", "Wednesday"),
    ("周四", "Thursday"),
    ("周五", "Friday"),
)
EVERY = (
    ("1", "每周", "every week"),
    ("2", "每两周", "every two weeks"),
    ("4", "每四周", "every four weeks"),
)
TEXTS = ("hours", "room", "topic")
LAST_STEPS = 3
MOST = 200


@dataclass(frozen=True, slots=True)
class Row:
    """One published day as the desk lists it."""

    slot: Slot
    organ: str
    number: str
    href: str
    changes: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """One talk on the sheet: what is asked, what was done last, the next date. Nobody's name,
    nothing sealed."""

    title: str
    number: str
    href: str
    requests: tuple[RequestLine, ...]
    done: tuple[str, ...]
    next_step: str
    next_day: date | None


# --- the roster -----------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def roster(seat: Seat) -> HttpResponse:
    """Show the roster; plan a half-year, look at it, publish it in one call."""
    if seat.organ is None:
        raise Http404
    blank = _blank(seat, RECEPTION)
    if blank is None or seat.request.method != "POST":
        return _roster(seat, blank, Filled(), ())
    filled, planned = _planned(seat)
    if filled.errors or seat.request.POST.get("go") != "publish":
        return _roster(seat, blank, filled, planned, status=UNPROCESSABLE if filled.errors else 200)
    steps = [_schedule(one, filled.texts) for one in planned if not one.resting]
    if not steps:
        filled.wrong(
            "first",
            _say(seat, "这段时间里没有可以排的日子。", "There is no day to publish in this time."),
        )
        return _roster(seat, blank, filled, planned, status=UNPROCESSABLE)
    rule = blank.kind.acts[SCHEDULE]
    try:
        done = perform(*steps, by=seat.by, now=seat.now, uid=uid_of(seat))
    except Refused as refused:
        return _roster(seat, blank, filled, planned, refused.reasons, UNPROCESSABLE)
    except EFFECT_ERRORS as error:
        return _roster(seat, blank, filled, planned, (as_reason(error, rule),), UNPROCESSABLE)
    count = len(done.acts)
    messages.success(
        seat.request,
        _say(seat, f"已公布 {count} 个接访日。", f"{count} days of reception are published."),
    )
    return redirect("desk:roster")


def _say(seat: Seat, zh: str, en: str) -> str:
    return zh if seat.language == "zh" else en


def _blank(seat: Seat, kind: str) -> CaseFile | None:
    place = seat.organ.division_code if seat.organ else ""
    known = kind in rulebooks.in_force(seat.today, place, seat.now).book.kinds
    return blank_file(kind, place, seat.now) if known and seat.capacities & TAKING_IN else None


def _schedule(one: Planned, texts: dict[str, str]) -> Step:
    fields: dict[str, FieldValue] = {
        "leader": one.leader.official.pk,
        "organ": one.leader.organ.pk,
        "day": one.day,
    }
    return Step(
        act=SCHEDULE,
        kind=RECEPTION,
        fields={**fields, **{n: texts[n] for n in TEXTS if texts.get(n)}},
    )


def _planned(seat: Seat) -> tuple[Filled, tuple[Planned, ...]]:
    """Read the plan as typed and lay the days out; what is missing is said at its field."""
    post, filled = seat.request.POST, Filled()
    offered = leaders_of(seat.organ, seat.today) if seat.organ else ()
    leaders = [one for one in offered if one.key in post.getlist("leaders")]
    first, last = read_day(post.get("first", "")), read_day(post.get("last", ""))
    for name, missing in (
        ("leaders", not leaders),
        ("first", first is None),
        ("last", last is None),
    ):
        if missing:
            filled.wrong(name, _say(seat, "请填写。", "Please fill this in."))
    for name in TEXTS:
        filled.texts[name] = post.get(name, "").strip()[:200]
        if not filled.texts[name] and name != "topic":
            filled.wrong(
                name,
                _say(seat, "请填写，它会向社会公布。", "Please fill this in; it is made public."),
            )
    if first is not None and first < seat.today:
        filled.wrong("first", _say(seat, "不能早于今天。", "It cannot be before today."))
    weekday, every = post.get("weekday", "2"), post.get("every", "2")
    good = weekday in {str(n) for n in range(len(WEEKDAYS))} and every in {
        e for e, _zh, _en in EVERY
    }
    if filled.errors or not good or first is None or last is None:
        return filled, ()
    calendar = rulebooks.calendars().newest
    return filled, plan(leaders, first, last, int(weekday), int(every), calendar)


def _roster(
    seat: Seat,
    blank: CaseFile | None,
    filled: Filled,
    planned: Sequence[Planned],
    reasons: Sequence[Reason] = (),
    status: int = 200,
) -> HttpResponse:
    slots = list(published(seat.today)[:MOST])
    numbers = numbers_of(slots)
    rule = blank.kind.acts[SCHEDULE] if blank is not None else None
    refused = (
        sort_reasons(seat, blank, rule, filled, reasons)
        if blank is not None and rule is not None
        else []
    )
    return seat.page(
        "leadership/roster.html",
        "roster",
        status,
        rows=[_row(seat, s, numbers.get(s.case, "")) for s in slots],
        fields=_asked(seat, filled) if blank else (),
        planned=planned,
        carried=_carried(seat) if planned and not filled.errors else (),
        refused=refused,
        uid=uid_of(seat),
        article=article_of(seat, blank, rule) if blank is not None and rule is not None else "",
    )


def _row(seat: Seat, slot: Slot, number: str) -> Row:
    changes: tuple[Link, ...] = ()
    visible = for_user(seat.viewer, seat.today).filter(pk=slot.case)
    own = visible.filter(holder_id=seat.organ.pk if seat.organ else 0)
    if slot.state == SCHEDULED and seat.capacities & TAKING_IN and own.exists():
        query = f"?leader={slot.leader_id}&organ={slot.organ_id}&day={slot.day.isoformat()}"
        same = f"{query}&hours={slot.hours}&room={slot.room}"
        changes = (
            Link(_say(seat, "换领导", "Substitute"), case_href(number, "substitute") + query),
            Link(_say(seat, "改期", "Move"), case_href(number, "move") + same),
            Link(_say(seat, "取消", "Call off"), case_href(number, "call_off")),
        )
    brief_page = reverse("desk:brief", args=[number]) if visible.exists() else ""
    return Row(slot, organ_name(slot.organ, seat.language), number, brief_page, changes)


def _carried(seat: Seat) -> tuple[tuple[str, str], ...]:
    post = seat.request.POST
    single = tuple((n, post.get(n, "")) for n in ("first", "last", "weekday", "every", *TEXTS))
    return (*single, *(("leaders", value) for value in post.getlist("leaders")))


def _asked(seat: Seat, filled: Filled) -> tuple[FormField, ...]:
    post, zh = seat.request.POST, seat.language == "zh"
    leaders = leaders_of(seat.organ, seat.today) if seat.organ else ()
    chosen = post.getlist("leaders")
    weekday, every = post.get("weekday", "2"), post.get("every", "2")

    def field(
        name: str, kind: str, label: str, value: str = "", hint: str = "", **more: object
    ) -> FormField:
        errors = tuple(filled.errors.get(name, ()))
        return FormField(name, kind, label, value=value, hint=hint, errors=errors, **more)  # type: ignore[arg-type]

    days = tuple(
        Choice(str(n), pair[0 if zh else 1], str(n) == weekday) for n, pair in enumerate(WEEKDAYS)
    )
    spans = tuple(Choice(e, a if zh else b, e == every) for e, a, b in EVERY)
    lines = tuple(
        Choice(x.key, f"{x.official.name}，{_title(seat, x)}", x.key in chosen) for x in leaders
    )
    own = _("间隔由本单位决定，原文只写“定期”")
    return (
        field("leaders", "codes", _("接访的领导，依次轮流"), required=True, choices=lines),
        field("first", "date", _("从"), post.get("first") or seat.today.isoformat(), required=True),
        field(
            "last",
            "date",
            _("到（半年）"),
            post.get("last") or half_year_end(seat.today).isoformat(),
            required=True,
        ),
        field("weekday", "code", _("星期"), required=True, choices=days),
        field("every", "code", _("间隔"), hint=own, required=True, choices=spans),
        field(
            "hours",
            "word",
            pgettext("roster", "时间"),
            post.get("hours", "9:00–11:30"),
            required=True,
        ),
        field("room", "word", _("地点"), post.get("room", ""), required=True),
        field("topic", "word", _("分管的工作"), post.get("topic", "")),
    )


def _title(seat: Seat, leader: Leader) -> str:
    return f"{organ_name(leader.organ, seat.language)} {leader.title}"


# --- the brief ------------------------------------------------------------------------------------
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
    own = seat.user.official_id == slot.leader_id and "head" in seat.capacities
    return seat.page(
        "leadership/brief.html",
        "roster",
        case=case,
        slot=slot,
        organ=organ_name(slot.organ, seat.language),
        talks=talks,
        hold=case_href(number, "hold") + f"?leader={slot.leader_id}&persons={len(talks)}"
        if own and slot.state == SCHEDULED and slot.day <= seat.today
        else "",
    )


def _brief(seat: Seat, talk: Case) -> Brief:
    matter = matter_of(talk, seat.viewer, seat.today)
    href = (
        reverse("desk:lines", args=[talk.number])
        if "head" in seat.capacities
        else case_href(talk.number)
    )
    if matter is None:
        return Brief(
            _say(seat, "内容不在可读的范围内", "not yours to read"),
            talk.number,
            href,
            (),
            (),
            "",
            None,
        )
    file = read_file(matter, seat.now)
    shown = [e for e in history(file, seat.language, lambda _seq: "") if e.kind != "next"]
    duty = next_duty(file.view)
    return Brief(
        title=matter.title or matter.number,
        number=talk.number,
        href=href,
        requests=request_lines(seat, file, texts_of(seat, matter)),
        done=tuple(f"{e.day.isoformat()} {e.title}（{e.who}）" for e in shown[-LAST_STEPS:]),
        next_step=headline(duty.rule, seat.language) if duty else "",
        next_day=(duty.due or duty.raw) if duty else None,
    )


# --- booking --------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def book(seat: Seat, number: str) -> HttpResponse:
    """Book a talk about a matter on one of the published days."""
    matter = seat.case(number)
    blank = _blank(seat, "interview")
    if matter.kind != "petition" or blank is None:
        raise Http404
    slots = list(published(seat.today).filter(state=SCHEDULED)[:MOST])
    if seat.request.method != "POST":
        return _book(seat, matter, blank, slots, Filled())
    numbers, chosen = numbers_of(slots), seat.request.POST.get("reception", "")
    slot = next((s for s in slots if numbers[s.case] == chosen), None)
    filled = Filled()
    if slot is None:
        filled.wrong("reception", _say(seat, "请选择一个接访日。", "Please choose a day."))
        return _book(seat, matter, blank, slots, filled)
    fields = booking_fields(slot, numbers[slot.case], number)
    try:
        done = perform(
            Step(act=BOOK, kind="interview", fields=fields),
            by=seat.by,
            now=seat.now,
            uid=uid_of(seat),
        )
    except Refused as refused:
        return _book(seat, matter, blank, slots, filled, refused.reasons)
    except EFFECT_ERRORS as error:
        return _book(seat, matter, blank, slots, filled, (as_reason(error, blank.kind.acts[BOOK]),))
    words = _say(
        seat, f"已预约 {slot.day} 的接访，{done.case}。", f"Booked for {slot.day}, {done.case}."
    )
    messages.success(seat.request, words)
    return redirect(case_href(matter.number))


def booking_fields(slot: Slot, reception: str, petition: str) -> dict[str, FieldValue]:
    """Return the fields of a booking: day, leader and organ as published."""
    return {
        "reception": reception,
        "petition": petition,
        "leader": slot.leader_id,
        "organ": slot.organ_id,
        "day": slot.day,
    }


def _book(
    seat: Seat,
    matter: Case,
    blank: CaseFile,
    slots: Sequence[Slot],
    filled: Filled,
    reasons: Sequence[Reason] = (),
) -> HttpResponse:
    numbers, typed = numbers_of(slots), seat.request.POST.get("reception", "")
    rule = blank.kind.acts[BOOK]
    refused = sort_reasons(seat, blank, rule, filled, reasons)
    choices = tuple(
        Choice(
            numbers[s.case],
            f"{s.day} {s.hours}　{s.leader.name}　{s.room}",
            numbers[s.case] == typed,
        )
        for s in slots
    )
    label = _say(seat, "接访日", "Day of reception")
    errors = tuple(filled.errors.get("reception", ()))
    fields = (FormField("reception", "case", label, required=True, choices=choices, errors=errors),)
    status = UNPROCESSABLE if reasons or filled.errors else 200
    return seat.page(
        "leadership/present.html",
        "",
        status,
        matter=matter,
        back=case_href(matter.number),
        fields=fields if slots else (),
        refused=refused,
        uid=uid_of(seat),
        article=article_of(seat, blank, rule),
        title=headline(rule, seat.language),
        empty=""
        if slots
        else _say(seat, "现在没有公布的接访日。", "No day of reception is published now."),
    )
