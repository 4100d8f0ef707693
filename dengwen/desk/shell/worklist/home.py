"""The sign-in home: my open duties by the next legal date (journey 5, step 1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_safe

from dengwen.cases.models import Duty
from dengwen.cases.read.duty_lines import duty_lines, listed
from dengwen.desk.shell.frame.chapter import rights_of
from dengwen.desk.shell.frame.seat import PERSONNEL_PAGES, Seat, at_desk, case_href
from dengwen.desk.shell.worklist.duty_pages import PAGE, page_of
from dengwen.desk.shell.worklist.notices import told
from dengwen.desk.shell.worklist.own_duties import my_duties, with_grounds
from dengwen.desk.shell.worklist.second_signatures import with_note
from dengwen.desk.shell.worklist.unreceived import incoming
from dengwen.law.duties.recurrence import REGISTER
from dengwen.organs.models import Official, Organ
from dengwen.organs.structure.posts_held import led_by
from dengwen.ui.components import DateRail, DutyLine
from dengwen.ui.list_table import Column, ListOf, ListTable
from dengwen.ui.worklist_groups import UNFOLDED

DUTIES = ListOf(
    caption=_lazy("待办责任"),
    columns=(
        Column("due", _lazy("到期日"), sort=("sort_day",)),
        Column("case", _lazy("编号"), sort=("case__number",)),
    ),
    order=_lazy("最早到期的在前"),
    size=PAGE,
)


@require_safe
@at_desk
def home(seat: Seat) -> HttpResponse:
    """Show the open duties of this person's organ, the earliest day first."""
    everyone = seat.request.GET.get("who") == "all"
    table = _table(seat, everyone=everyone)
    is_sorted = table.asked.column is not None
    continues = not is_sorted and "after" in seat.request.GET
    begins = not is_sorted and not continues
    return seat.page(
        "shell/worklist/home.html",
        "home",
        table.status,
        table=table,
        lines=table.lines,
        in_order=table.order_words() if is_sorted else "",
        everyone=everyone,
        continues=continues,
        registers=my_registers(seat),
        more="" if is_sorted else _more_href(table.after, everyone=everyone),
        **_first_page_parts(seat, table.lines, begins=begins),
    )


def _table(seat: Seat, *, everyone: bool) -> ListTable:
    """Return the page of duties that is asked for: by key in the order of their days, so that
    each page costs what the first does, counted off in another order."""
    query = seat.request.GET
    mine = my_duties(seat, everyone=everyone)
    if DUTIES.is_sorted(query):
        return DUTIES.shown(query, mine, lambda duties: _lines(seat, duties))
    holders = seat.viewer.organs | seat.viewer.personnel
    page = page_of(mine, query.get("after", ""), holders=holders)
    return DUTIES.keyed(query, _lines(seat, page.duties), page.after)


def _first_page_parts(seat: Seat, lines: Sequence[DutyLine], *, begins: bool) -> dict[str, Any]:
    """Return what stands on the first page alone: the next date, what waits to be received, the
    newest notices."""
    if not begins:
        nothing: dict[str, Any] = {
            "rail": None,
            "incoming": None,
            "unfolded": 0,
            "told": [],
            "second": {},
        }
        return {**nothing, "rights": []}
    return {
        "rights": rights_of(seat),
        "rail": _rail(seat, lines),
        "incoming": incoming(seat),
        "unfolded": UNFOLDED,
        "told": told(seat),
        "second": with_note(seat),
    }


def _lines(seat: Seat, duties: Sequence[Duty]) -> list[DutyLine]:
    """Return the lines of duties, each leading to the page on which it is done."""
    own_pages = register_hrefs(duties) | personnel_hrefs(duties)

    def href(number: str, act: str) -> str:
        return own_pages.get(number) or case_href(number, act)

    lines = duty_lines(listed(duties), seat.actor, seat.now, seat.language, href)
    return with_grounds(lines, duties, seat)


def _more_href(after: str, *, everyone: bool) -> str:
    """Return the address of the next page, "" on the last."""
    if not after:
        return ""
    asked = {"who": "all"} if everyone else {}
    return f"{reverse('desk:home')}?{urlencode({**asked, 'after': after})}"


def register_hrefs(duties: Sequence[Duty]) -> dict[str, str]:
    """Return the address of the register page by number of register, for duties that come back
    every period."""
    mine = [duty for duty in duties if duty.case.kind == REGISTER]
    holders = Organ.objects.filter(pk__in={duty.holder_id for duty in mine})
    organs = dict(holders.values_list("pk", "code"))
    leaders = Official.objects.filter(pk__in={duty.official_id for duty in mine})
    people = dict(leaders.values_list("pk", "code"))
    found = {}
    for duty in mine:
        if duty.official_id in people:
            register = reverse("desk:leader_duties", args=[people[duty.official_id]])
        elif duty.holder_id in organs:
            register = reverse("desk:organ_duties", args=[organs[duty.holder_id]])
        else:
            continue
        found[duty.case.number] = f"{register}?year={duty.case.opened_on.year}"
    return found


def personnel_hrefs(duties: Sequence[Duty]) -> dict[str, str]:
    """Return the address of the page made by hand for what personnel departments were notified of
    or asked."""
    found = {}
    for duty in duties:
        page = PERSONNEL_PAGES.get(duty.case.kind)
        if page is not None:
            found[duty.case.number] = reverse(page, args=[duty.case.number])
    return found


def my_registers(seat: Seat) -> tuple[str, str]:
    """Return the addresses of the register of this person's organ and of the person, "" where
    there is none."""
    organ = person = ""
    if seat.organ and seat.viewer.organs:
        organ = reverse("desk:organ_duties", args=[seat.organ.code])
    official = seat.user.official
    if official is not None and led_by([official.pk], seat.today):
        person = reverse("desk:leader_duties", args=[official.code])
    return organ, person


def lowered(title: str) -> str:
    """Return a title as it reads inside a sentence."""
    return title[:1].lower() + title[1:]


def _rail(seat: Seat, lines: Sequence[DutyLine]) -> DateRail:
    """Return the earliest date on the page, or that no line has one."""
    label = _("最近的到期日")
    for line in lines:
        bar = line.bar
        if bar.end is not None:
            due = None if bar.open_ended else bar.due
            what = lowered(line.title)
            return DateRail(
                label, seat.today, due, bar.raw, what, line.href, statutory=bar.statutory
            )
    return DateRail(label, seat.today, none_why=_("没有带日期的责任"))
