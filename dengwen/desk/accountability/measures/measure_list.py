"""The list of files of accountability (责任追究), grouped by what has to be done next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from dengwen.accountability.measures.file_order import with_order
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
from dengwen.ui.cells import Part, day, number_linked, plain
from dengwen.ui.list_table import Column, ListOf, ListTable

LAST = "closed"
FILES = ListOf(
    caption="",
    columns=(
        Column(
            "subject",
            _lazy("责任人、单位"),
            Part("desk/accountability/measures/_subject.html"),
            sort=("concerns", "number"),
        ),
        Column("measures", _lazy("措施"), plain("measures")),
        Column(
            "deadline",
            _lazy("整改期限"),
            day("deadline", late="late"),
            sort=("rectify_by", "number"),
        ),
    ),
    order=_lazy("先立的在前"),
)
"""The list of each group."""
APPEALS = ListOf(
    caption=pgettext_lazy("measures", "申诉"),
    columns=(
        Column("number", _lazy("编号"), number_linked("number")),
        Column("state", pgettext_lazy("measures", "到哪一步"), plain("state")),
        Column(
            "opened", pgettext_lazy("measures", "提出"), day("opened"), sort=("opened_on", "pk")
        ),
    ),
    order=_lazy("新的在前"),
    name="appeals",
)
"""The list of appeals."""
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
    groups = _grouped(seat)
    appeals = _appeals(seat)
    return seat.page(
        "accountability/measures/measure_list.html",
        PAGE,
        max(table.status for table in (*groups, appeals)),
        groups=groups,
        appeals=appeals,
        begin=_begin_href(seat),
    )


def _visible(seat: Seat, kind: str) -> QuerySet[Case]:
    """Return the cases of a kind that this seat may see."""
    return for_user(seat.viewer, seat.today).filter(kind=kind)


def _grouped(seat: Seat) -> list[ListTable]:
    """Return the lists of the groups that are not empty."""
    visible = _visible(seat, KIND)
    files = with_order(visible, seat.language).order_by("opened_on", "pk")
    states: dict[str, list[str]] = {name: [] for name in GROUPS}
    for state in visible.order_by().values_list("state", flat=True).distinct():
        states[GROUP_OF_STATE.get(state, LAST)].append(state)
    shown = []
    for name, of_group in states.items():
        if of_group:
            of = replace(FILES, caption=GROUPS[name], name=name)
            rows = files.filter(state__in=of_group)
            shown.append(of.shown(seat.request.GET, rows, lambda found: _lines(seat, found)))
    return shown


def _lines(seat: Seat, cases: Sequence[Case]) -> list[Line]:
    """Return the lines of files."""
    return [_line(seat, case) for case in cases]


def _appeals(seat: Seat) -> ListTable:
    """Return the list of appeals, the newest first."""
    rows = _visible(seat, APPEAL).order_by("-opened_on", "-pk")
    return APPEALS.shown(
        seat.request.GET, rows, lambda found: [_appeal_line(seat, case) for case in found]
    )


def _line(seat: Seat, case: Case) -> Line:
    """Return the line of one file."""
    made = read_file(case)
    known = [(one.measure, one.said) for one in measures_in(made)]
    names = [measure_words(seat, [measure], case.place, said) for measure, said in known]
    return Line(
        href=reverse("desk:measure", args=[case.number]),
        number=case.number,
        opened=case.opened_on,
        subject=_subject_words(seat, made),
        state=state_words(read_case(case, seat.now), seat.language),
        measures=_("、").join(name for name in names if name),
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
