"""The list of files of accountability (责任追究), grouped by what has to be done next."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from dengwen.accountability.measures.queries import (
    APPEAL,
    KIND,
    AccountFile,
    measures_in,
    read_file,
)
from dengwen.cases.models import Case
from dengwen.cases.read.case_view import read_file as read_case
from dengwen.cases.read.case_view import state_words
from dengwen.cases.wall.visibility import for_user
from dengwen.desk.accountability.measures.measure_page import PAGE, is_late, measure_words
from dengwen.desk.shell.frame.seat import Seat, at_desk, case_href, organ_name
from dengwen.organs.models import Official, Organ
from dengwen.ui.cells import Part, day, plain
from dengwen.ui.list_table import Column, ListOf, ListTable

MOST = 200
LAST = "closed"
FILES = ListOf(
    caption="",
    columns=(
        Column(
            "subject",
            _lazy("责任人、单位"),
            Part("desk/accountability/measures/_subject.html"),
            sort=("subject", "number"),
        ),
        Column("measures", _lazy("措施"), plain("measures")),
        Column(
            "deadline",
            _lazy("整改期限"),
            day("deadline", late="late"),
            sort=("deadline", "number"),
        ),
    ),
    order=_lazy("先立的在前"),
)
"""The list of each group."""
GROUPS = {
    "handed": pgettext_lazy("group of files", "收到移送，待立案"),
    "proposed": pgettext_lazy("group of files", "收到建议，待书面答复"),
    "open": pgettext_lazy("group of files", "待决定"),
    "decided": pgettext_lazy("group of files", "待送达"),
    "reported": pgettext_lazy("group of files", "待验收"),
    "served": pgettext_lazy("group of files", "执行、整改中"),
    "final": pgettext_lazy("group of files", "待办结"),
    LAST: pgettext_lazy("group of files", "已办结"),
}
"""The groups of the list in their order, by what has to be done next."""
GROUP_OF_STATE = {
    "handed": "handed",
    "proposed": "proposed",
    "considering": "open",
    "not_met": "open",
    "decided": "decided",
    "reported": "reported",
    "served": "served",
    "met": "final",
    "corrected": "final",
}
"""Which group of the list a file stands in, by its state; what is final comes last."""


@dataclass(frozen=True, slots=True)
class Line:
    """One file of the list: whom it concerns, the measures, until when a goal has to be met."""

    href: str
    number: str
    opened: date
    subject: str
    state: str
    measures: str
    deadline: date | None
    late: bool


@dataclass(frozen=True, slots=True)
class AppealLine:
    """One appeal of the list."""

    href: str
    number: str
    opened: date
    state: str


@require_safe
@at_desk
def measures(seat: Seat) -> HttpResponse:
    """List the files this seat may see by what has to be done next, proposals to be answered
    first."""
    files = _visible(seat, KIND).order_by("opened_on", "pk")[:MOST]
    groups = _grouped(seat, list(files))
    appeals = _visible(seat, APPEAL).order_by("-opened_on", "-pk")[:MOST]
    return seat.page(
        "accountability/measures/measure_list.html",
        PAGE,
        max((table.status for table in groups), default=200),
        groups=groups,
        appeals=[_appeal_line(seat, case) for case in appeals],
        begin=_begin_href(seat),
    )


def _visible(seat: Seat, kind: str) -> QuerySet[Case]:
    """Return the cases of a kind that this seat may see."""
    return for_user(seat.viewer, seat.today).filter(kind=kind)


def _grouped(seat: Seat, cases: list[Case]) -> list[ListTable]:
    """Return the lists of the groups that are not empty."""
    groups: dict[str, list[Line]] = {name: [] for name in GROUPS}
    for case in cases:
        group = GROUP_OF_STATE.get(case.state, LAST)
        groups[group].append(_line(seat, case))
    shown = []
    for name, lines in groups.items():
        if lines:
            of = replace(FILES, caption=GROUPS[name], name=name)
            shown.append(of.shown(seat.request.GET, lines))
    return shown


def _line(seat: Seat, case: Case) -> Line:
    """Return the line of one file."""
    made = read_file(case)
    ids = [one.measure for one in measures_in(made)]
    return Line(
        href=reverse("desk:measure", args=[case.number]),
        number=case.number,
        opened=case.opened_on,
        subject=_subject_words(seat, made),
        state=state_words(read_case(case, seat.now), seat.language),
        measures=measure_words(seat, ids, case.place),
        deadline=made.deadline if made.met is None else None,
        late=is_late(made, seat.today),
    )


def _subject_words(seat: Seat, made: AccountFile) -> str:
    """Return the name of the person or organ a file concerns."""
    if made.official is not None:
        return Official.objects.values_list("name", flat=True).get(pk=made.official)
    return organ_name(Organ.objects.filter(pk=made.organ or 0).first(), seat.language)


def _appeal_line(seat: Seat, case: Case) -> AppealLine:
    """Return the line of one appeal."""
    return AppealLine(
        href=case_href(case.number),
        number=case.number,
        opened=case.opened_on,
        state=state_words(read_case(case, seat.now), seat.language),
    )


def _begin_href(seat: Seat) -> str:
    """Return where the organ opens a file of its own, "" for a seat that opens none."""
    if "clerk" not in seat.capacities:
        return ""
    return reverse("desk:open", args=[KIND, "open_own"])
