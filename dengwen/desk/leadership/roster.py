"""The roster of receptions: a half-year planned, looked at and published (journey 6, step 1).

The rules say 定期 and give no number: how often is the office's choice, entered here, shown at the
portal, and from then on a duty of each day. What the wall hides from a leader is on no roster.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext, pgettext_lazy
from django.views.decorators.http import require_http_methods

from dengwen.cases import rulebooks
from dengwen.cases.read.case_view import CaseFile, blank_file
from dengwen.cases.wall.visibility import for_user
from dengwen.cases.write.perform import Performed
from dengwen.desk.shell.act.act_page import article_of
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE, sort_reasons
from dengwen.desk.shell.act.attempt import attempt
from dengwen.desk.shell.act.forms import Filled, read_day
from dengwen.desk.shell.frame.seat import TAKING_IN, Seat, at_desk, case_href, organ_name, uid_of
from dengwen.law.duties.act_record import Refusal as Reason
from dengwen.law.duties.step import FieldValue, Step
from dengwen.leadership.models import SCHEDULED, Slot
from dengwen.leadership.roster import (
    Leader,
    Planned,
    half_year_end,
    leaders_of,
    numbers_of,
    plan,
    published,
)
from dengwen.ui.cells import Part, text
from dengwen.ui.components import Choice, FormField, Link
from dengwen.ui.list_filter import ListFilter, OneOf
from dengwen.ui.list_table import Column, ListOf, ListTable

RECEPTION, SCHEDULE = "reception", "schedule"
TEXTS = ("hours", "room", "topic")
"""What is published of a day besides its leader; only the field of work may be left empty."""
DATES_AND_RHYTHM = ("first", "last", "weekday", "every")
WEEKDAY, EVERY = "2", "2"
"""What is proposed: Wednesdays, every two weeks."""
MOST = 200
PUBLISHED = ListOf(
    caption=_lazy("已经公布的接访日"),
    columns=(
        Column(
            "day",
            _lazy("日期、时间"),
            Part("desk/leadership/_reception_day.html"),
            sort=("day", "hours"),
        ),
        Column(
            "leader",
            _lazy("领导"),
            Part("desk/leadership/_reception_leader.html"),
            sort=("leader__name", "day"),
        ),
        Column("room", _lazy("地点"), text("slot.room"), sort=("room", "day")),
        Column(
            "changes",
            _lazy("变更"),
            Part("desk/leadership/_reception_changes.html"),
            idle=lambda row: row.unchanged,
        ),
    ),
    nothing=_lazy("还没有公布的接访日。"),
    order=_lazy("最近的在前"),
)
TO_PUBLISH = ListOf(
    caption=_lazy("将要公布"),
    columns=(
        Column("day", pgettext_lazy("day", "日期"), Part("desk/leadership/_planned_day.html")),
        Column("leader", _lazy("领导"), Part("desk/leadership/_planned_leader.html")),
    ),
)
MOST_CHARACTERS = 200
"""How long a text that is published of a day can be."""


@dataclass(frozen=True, slots=True)
class Row:
    """One published day as the desk lists it."""

    slot: Slot
    organ: str
    number: str
    href: str
    changes: tuple[Link, ...]

    @property
    def unchanged(self) -> bool:
        """Whether nothing was changed about the day, and nothing can be."""
        return self.slot.state == SCHEDULED and not self.slot.changed and not self.changes


class Wanted(ListFilter):
    """The days of one leader."""

    leader = OneOf(label=_lazy("领导"))


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When receptions are: from one day to another, on a weekday (0 is Monday), every so many
    weeks."""

    first: date
    last: date
    weekday: int
    every: int


def weekday_words() -> dict[str, str]:
    """Return the weekdays that can be chosen, by their number from 0."""
    return {
        "0": pgettext("roster", "周一"),
        "1": pgettext("roster", "周二"),
        "2": pgettext("roster", "周三"),
        "3": pgettext("roster", "周四"),
        "4": pgettext("roster", "周五"),
    }


def interval_words() -> dict[str, str]:
    """Return the intervals that can be chosen, by their weeks."""
    return {
        "1": pgettext("roster", "每周"),
        "2": pgettext("roster", "每两周"),
        "4": pgettext("roster", "每四周"),
    }


# --- the page -------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def roster(seat: Seat) -> HttpResponse:
    """Show the roster; plan a half-year, look at it, publish it in one call."""
    if seat.organ is None:
        raise Http404
    blank = blank_for_clerk(seat, RECEPTION)
    if blank is None or seat.request.method != "POST":
        return _page(seat, blank, Filled(), ())
    filled = Filled()
    planned = _planned(seat, filled)
    if filled.errors:
        return _page(seat, blank, filled, planned, status=UNPROCESSABLE)
    if seat.request.POST.get("go") != "publish":
        return _page(seat, blank, filled, planned)
    return _publish(seat, blank, filled, planned)


def blank_for_clerk(seat: Seat, kind: str) -> CaseFile | None:
    """Return a case of a kind before its first act, None where the rules do not know the kind or
    nobody here takes cases in."""
    place = seat.organ.division_code if seat.organ else ""
    known = kind in rulebooks.in_force(seat.today, place, seat.now).book.kinds
    return blank_file(kind, place, seat.now) if known and seat.capacities & TAKING_IN else None


def _publish(
    seat: Seat, blank: CaseFile, filled: Filled, planned: Sequence[Planned]
) -> HttpResponse:
    """Publish the days that are none of rest, or show the plan again with what is wrong."""
    steps = [_schedule(day, filled.texts) for day in planned if not day.resting]
    if not steps:
        filled.wrong("first", _("这段时间里没有可以排的日子。"))
        return _page(seat, blank, filled, planned, status=UNPROCESSABLE)
    made = attempt(seat, steps, blank.kind.acts[SCHEDULE])
    if not isinstance(made, Performed):
        return _page(seat, blank, filled, planned, made, UNPROCESSABLE)
    words = _("已公布 {count} 个接访日。").format(count=len(made.acts))
    messages.success(seat.request, words)
    return redirect("desk:roster")


def _schedule(planned: Planned, texts: dict[str, str]) -> Step:
    """Return the act that publishes a day."""
    fields: dict[str, FieldValue] = {
        "leader": planned.leader.official.pk,
        "organ": planned.leader.organ.pk,
        "day": planned.day,
    }
    for name in TEXTS:
        if texts.get(name):
            fields[name] = texts[name]
    return Step(act=SCHEDULE, kind=RECEPTION, fields=fields)


def _page(
    seat: Seat,
    blank: CaseFile | None,
    filled: Filled,
    planned: Sequence[Planned],
    reasons: Sequence[Reason] = (),
    status: int = 200,
) -> HttpResponse:
    """Show the roster, the form, and the days that would be published."""
    refused = []
    article = ""
    if blank is not None:
        rule = blank.kind.acts[SCHEDULE]
        refused = sort_reasons(seat, blank, rule, filled, reasons)
        article = article_of(seat, blank, rule)
    table = _table(seat)
    return seat.page(
        "leadership/roster.html",
        "roster",
        max(status, table.status),
        table=table,
        fields=_fields(seat, filled) if blank else (),
        planned=TO_PUBLISH.fixed(planned),
        carried=_carried(seat) if planned and not filled.errors else (),
        refused=refused,
        uid=uid_of(seat),
        article=article,
    )


# --- the days published ---------------------------------------------------------------------------
def _table(seat: Seat) -> ListTable:
    """Return the list of the days published, from today; of one leader where one is asked for."""
    slots = published(seat.today)
    leaders = slots.order_by("leader__code").values_list("leader__code", "leader__name").distinct()
    wanted = Wanted(seat.request.GET, choices={"leader": leaders})
    if "leader" in wanted.asked:
        slots = slots.filter(leader__code=wanted.asked["leader"])
    return PUBLISHED.shown(seat.request.GET, slots, lambda shown: _rows(seat, shown), wanted)


def _rows(seat: Seat, slots: Sequence[Slot]) -> list[Row]:
    """Return days as the list shows them."""
    numbers = numbers_of(slots)
    return [_row(seat, slot, numbers.get(slot.case, "")) for slot in slots]


def _row(seat: Seat, slot: Slot, number: str) -> Row:
    """Return a day with its brief and what can be changed, as far as this seat may see and change
    it."""
    visible = for_user(seat.viewer, seat.today).filter(pk=slot.case)
    changes: tuple[Link, ...] = ()
    if slot.state == SCHEDULED and seat.capacities & TAKING_IN:
        own = visible.filter(holder_id=seat.organ.pk if seat.organ else 0)
        if own.exists():
            changes = _changes(slot, number)
    brief = reverse("desk:brief", args=[number]) if visible.exists() else ""
    return Row(
        slot=slot,
        organ=organ_name(slot.organ, seat.language),
        number=number,
        href=brief,
        changes=changes,
    )


def _changes(slot: Slot, number: str) -> tuple[Link, ...]:
    """Return what can be changed about a day: its leader, its time, or that it takes place."""
    query = f"?leader={slot.leader_id}&organ={slot.organ_id}&day={slot.day.isoformat()}"
    same = f"{query}&hours={slot.hours}&room={slot.room}"
    return (
        Link(pgettext("roster", "换领导"), case_href(number, "substitute") + query),
        Link(pgettext("roster", "改期"), case_href(number, "move") + same),
        Link(pgettext("roster", "取消"), case_href(number, "call_off")),
    )


# --- the plan as typed ----------------------------------------------------------------------------
def _planned(seat: Seat, filled: Filled) -> tuple[Planned, ...]:
    """Read the plan as typed and lay the days out; what is missing is said at its field."""
    leaders = _chosen_leaders(seat)
    if not leaders:
        filled.wrong("leaders", pgettext("roster", "请填写。"))
    rhythm = _rhythm(seat, filled)
    _read_texts(seat, filled)
    if filled.errors or rhythm is None:
        return ()
    calendar = rulebooks.calendars().newest
    return plan(leaders, rhythm.first, rhythm.last, rhythm.weekday, rhythm.every, calendar)


def _chosen_leaders(seat: Seat) -> list[Leader]:
    """Return the leaders chosen, as far as they were offered."""
    offered = leaders_of(seat.organ, seat.today) if seat.organ else ()
    chosen = seat.request.POST.getlist("leaders")
    return [leader for leader in offered if leader.key in chosen]


def _rhythm(seat: Seat, filled: Filled) -> Rhythm | None:
    """Read the days and the interval; None where a part is missing or was not offered."""
    post = seat.request.POST
    first = _day(seat, filled, "first")
    last = _day(seat, filled, "last")
    if first is not None and first < seat.today:
        filled.wrong("first", pgettext("roster", "不能早于今天。"))
    weekday = post.get("weekday", WEEKDAY)
    every = post.get("every", EVERY)
    offered = weekday in weekday_words() and every in interval_words()
    if first is None or last is None or not offered:
        return None
    return Rhythm(first, last, int(weekday), int(every))


def _day(seat: Seat, filled: Filled, name: str) -> date | None:
    """Read a day, or note that it is missing."""
    day = read_day(seat.request.POST.get(name, ""))
    if day is None:
        filled.wrong(name, pgettext("roster", "请填写。"))
    return day


def _read_texts(seat: Seat, filled: Filled) -> None:
    """Read what is published of each day."""
    for name in TEXTS:
        text = seat.request.POST.get(name, "").strip()[:MOST_CHARACTERS]
        filled.texts[name] = text
        if not text and name != "topic":
            filled.wrong(name, _("请填写，它会向社会公布。"))


def _carried(seat: Seat) -> tuple[tuple[str, str], ...]:
    """Return the plan as the form that publishes it carries it: name and value."""
    post = seat.request.POST
    single = [(name, post.get(name, "")) for name in (*DATES_AND_RHYTHM, *TEXTS)]
    leaders = [("leaders", value) for value in post.getlist("leaders")]
    return (*single, *leaders)


# --- the form -------------------------------------------------------------------------------------
def _fields(seat: Seat, filled: Filled) -> tuple[FormField, ...]:
    """Return the fields of a plan with what was typed, or with what is proposed."""
    fields = (_leaders_field(seat), *_date_fields(seat), *_rhythm_fields(seat), *_text_fields(seat))
    return tuple(
        replace(field, errors=tuple(filled.errors.get(field.name, ()))) for field in fields
    )


def _leaders_field(seat: Seat) -> FormField:
    """Return the field of the leaders who take turns."""
    leaders = leaders_of(seat.organ, seat.today) if seat.organ else ()
    chosen = seat.request.POST.getlist("leaders")
    choices = tuple(
        Choice(leader.key, _leader_words(seat, leader), leader.key in chosen) for leader in leaders
    )
    label = _("接访的领导，依次轮流")
    return FormField("leaders", "codes", label, required=True, choices=choices)


def _leader_words(seat: Seat, leader: Leader) -> str:
    """Return a leader as the form offers them: name, organ and post."""
    organ = organ_name(leader.organ, seat.language)
    return f"{leader.official.name}，{organ} {leader.title}"


def _date_fields(seat: Seat) -> tuple[FormField, FormField]:
    """Return the fields of the first and the last day."""
    post = seat.request.POST
    first = post.get("first") or seat.today.isoformat()
    last = post.get("last") or half_year_end(seat.today).isoformat()
    return (
        FormField("first", "date", _("从"), value=first, required=True),
        FormField("last", "date", _("到（半年）"), value=last, required=True),
    )


def _rhythm_fields(seat: Seat) -> tuple[FormField, FormField]:
    """Return the fields of weekday and interval."""
    post = seat.request.POST
    weekdays = _choices(weekday_words(), post.get("weekday", WEEKDAY))
    intervals = _choices(interval_words(), post.get("every", EVERY))
    own = _("间隔由本单位决定，原文只写“定期”")
    return (
        FormField("weekday", "code", _("星期"), required=True, choices=weekdays),
        FormField("every", "code", _("间隔"), hint=own, required=True, choices=intervals),
    )


def _choices(words: dict[str, str], chosen: str) -> tuple[Choice, ...]:
    """Return words as choices, by their values."""
    return tuple(Choice(value, text, value == chosen) for value, text in words.items())


def _text_fields(seat: Seat) -> tuple[FormField, FormField, FormField]:
    """Return the fields of what is published of each day."""
    post = seat.request.POST
    hours = post.get("hours", "9:00–11:30")
    room = post.get("room", "")
    topic = post.get("topic", "")
    return (
        FormField("hours", "word", pgettext("roster", "时间"), value=hours, required=True),
        FormField("room", "word", _("地点"), value=room, required=True),
        FormField("topic", "word", _("分管的工作"), value=topic),
    )
