"""The roster of receptions: a half-year planned, looked at and published (journey 6, step 1).

The rules say 定期 and give no number: how often is the office's choice, entered here, shown at the
portal, and from then on a duty of each day. What the wall hides from a leader is on no roster.
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
from dengwen.ui.components import Link
from dengwen.ui.form_fields import Asked, AskedForm, Day, OneOf, SomeOf, form_of, pressed
from dengwen.ui.list_filter import ListFilter
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
    form = _form(seat)
    if blank is None or not form.is_bound:
        return _page(seat, blank, form, ())
    planned = _planned(seat, form)
    if form.errors:
        return _page(seat, blank, form, planned, status=UNPROCESSABLE)
    if pressed(seat.request) != "publish":
        return _page(seat, blank, form, planned)
    return _publish(seat, blank, form, planned)


def blank_for_clerk(seat: Seat, kind: str) -> CaseFile | None:
    """Return a case of a kind before its first act, None where the rules do not know the kind or
    nobody here takes cases in."""
    place = seat.organ.division_code if seat.organ else ""
    known = kind in rulebooks.in_force(seat.today, place, seat.now).book.kinds
    return blank_file(kind, place, seat.now) if known and seat.capacities & TAKING_IN else None


def _publish(
    seat: Seat, blank: CaseFile, form: AskedForm, planned: Sequence[Planned]
) -> HttpResponse:
    """Publish the days that are none of rest, or show the plan again with what is wrong."""
    steps = [_schedule(day, form) for day in planned if not day.resting]
    if not steps:
        form.wrong("first", _("这段时间里没有可以排的日子。"))
        return _page(seat, blank, form, planned, status=UNPROCESSABLE)
    made = attempt(seat, steps, blank.kind.acts[SCHEDULE])
    if not isinstance(made, Performed):
        return _page(seat, blank, form, planned, made, UNPROCESSABLE)
    words = _("已公布 {count} 个接访日。").format(count=len(made.acts))
    messages.success(seat.request, words)
    return redirect("desk:roster")


def _schedule(planned: Planned, form: AskedForm) -> Step:
    """Return the act that publishes a day."""
    fields: dict[str, FieldValue] = {
        "leader": planned.leader.official.pk,
        "organ": planned.leader.organ.pk,
        "day": planned.day,
    }
    for name in TEXTS:
        if form.value(name):
            fields[name] = form.value(name)[:MOST_CHARACTERS]
    return Step(act=SCHEDULE, kind=RECEPTION, fields=fields)


def _page(
    seat: Seat,
    blank: CaseFile | None,
    form: AskedForm,
    planned: Sequence[Planned],
    reasons: Sequence[Reason] = (),
    status: int = 200,
) -> HttpResponse:
    """Show the roster, the form, and the days that would be published."""
    refused = []
    article = ""
    if blank is not None:
        rule = blank.kind.acts[SCHEDULE]
        refused = sort_reasons(seat, blank, rule, form, reasons)
        article = article_of(seat, blank, rule)
    table = _table(seat)
    return seat.page(
        "leadership/roster.html",
        "roster",
        max(status, table.status),
        table=table,
        fields=form.asked() if blank else (),
        planned=TO_PUBLISH.fixed(planned),
        carried=_carried(form) if planned and not form.errors else (),
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
    if "leader" in wanted.chosen:
        slots = slots.filter(leader__code=wanted.chosen["leader"])
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
def _planned(seat: Seat, form: AskedForm) -> tuple[Planned, ...]:
    """Lay the days of the plan out; days before today are said at their field."""
    first = form.cleaned_data.get("first")
    if first is not None and first < seat.today:
        form.wrong("first", pgettext("roster", "不能早于今天。"))
    if form.errors:
        return ()
    typed = form.cleaned_data
    offered = leaders_of(seat.organ, seat.today) if seat.organ else ()
    leaders = [leader for leader in offered if leader.key in typed["leaders"]]
    rhythm = Rhythm(typed["first"], typed["last"], int(typed["weekday"]), int(typed["every"]))
    calendar = rulebooks.calendars().newest
    return plan(leaders, rhythm.first, rhythm.last, rhythm.weekday, rhythm.every, calendar)


def _carried(form: AskedForm) -> tuple[tuple[str, str], ...]:
    """Return the plan as the form that publishes it carries it: name and value."""
    single = [(name, form.at(name).value()) for name in (*DATES_AND_RHYTHM, *TEXTS)]
    leaders = [("leaders", value) for value in form.at("leaders").typed]
    return (*single, *leaders)


# --- the form -------------------------------------------------------------------------------------
def _form(seat: Seat) -> AskedForm:
    """Return the form of a plan, with what is proposed: who takes turns, from when to when, how
    often, and what is published."""
    missing = pgettext("roster", "请填写。")
    leaders = leaders_of(seat.organ, seat.today) if seat.organ else ()
    offered = [(leader.key, _leader_words(seat, leader)) for leader in leaders]
    asked = {
        "leaders": SomeOf(_("接访的领导，依次轮流"), needed=True, missing=missing, choices=offered),
        "first": Day(_("从"), needed=True, missing=missing, initial=seat.today.isoformat()),
        "last": Day(
            _("到（半年）"),
            needed=True,
            missing=missing,
            initial=half_year_end(seat.today).isoformat(),
        ),
        **_rhythm_asked(),
        **_texts_asked(),
    }
    return form_of(seat.request, asked)


def _leader_words(seat: Seat, leader: Leader) -> str:
    """Return a leader as the form offers them: name, organ and post."""
    organ = organ_name(leader.organ, seat.language)
    return f"{leader.official.name}，{organ} {leader.title}"


def _rhythm_asked() -> dict[str, Asked]:
    """Return the fields of weekday and interval."""
    missing = pgettext("roster", "请填写。")
    return {
        "weekday": OneOf(
            _("星期"),
            needed=True,
            missing=missing,
            choices=weekday_words().items(),
            initial=WEEKDAY,
        ),
        "every": OneOf(
            _("间隔"),
            needed=True,
            missing=missing,
            hint=_("间隔由本单位决定，原文只写“定期”"),
            choices=interval_words().items(),
            initial=EVERY,
        ),
    }


def _texts_asked() -> dict[str, Asked]:
    """Return the fields of what is published of each day."""
    missing = _("请填写，它会向社会公布。")
    time = pgettext("roster", "时间")
    return {
        "hours": Asked(time, type="word", needed=True, missing=missing, initial="9:00–11:30"),
        "room": Asked(_("地点"), type="word", needed=True, missing=missing),
        "topic": Asked(_("分管的工作"), type="word"),
    }
