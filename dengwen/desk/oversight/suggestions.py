"""The list of suggestions (R22 40): made or received here, answered, or ignored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Case as Choose
from django.db.models import Exists, F, OuterRef, QuerySet, When
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_safe

from dengwen.cases import rulebooks
from dengwen.cases.act_records import records_of, view_of
from dengwen.cases.models import Case, Duty
from dengwen.cases.read.case_view import blank_file
from dengwen.cases.wall.visibility import for_user
from dengwen.desk.shell.act.option_words import option_words
from dengwen.desk.shell.frame.organ_names import organ_names
from dengwen.desk.shell.frame.seat import TAKING_IN, Seat, at_desk, case_href
from dengwen.law.bilingual import headline
from dengwen.law.duties.act_record import CaseView
from dengwen.law.errors import PackError
from dengwen.law.packs.rules import KindRule
from dengwen.ui.cells import Part, day, text
from dengwen.ui.form_fields import OneOf
from dengwen.ui.list_filter import ListFilter
from dengwen.ui.list_table import Column, ListOf

KIND, CONFERENCE = "suggestion", "conference"
SUGGESTIONS = ListOf(
    caption=_lazy("三项建议"),
    columns=(
        Column("suggestion", _lazy("建议"), Part("desk/oversight/_suggestion.html")),
        Column("to", _lazy("送"), text("to")),
        Column("made", _lazy("提出日"), day("made_on"), sort=("opened_on", "number")),
        Column("answer", _lazy("反馈"), Part("desk/oversight/_suggestion_answer.html")),
    ),
    nothing=_lazy("还没有建议。"),
    order=_lazy("没有反馈的在前，等得最久的在前"),
    size=20,
)
SUGGESTING = ("make", "make_policy", "propose_responsibility")
"""Acts of a petition office that begin a suggestion."""
CONFERRING = ("convene", "talk", "circulate", "list_supervision", "order_rectification")
"""Acts of a joint conference that begin a case of its own."""


class Wanted(ListFilter):
    """The suggestions that wait for an answer, or those that have one."""

    waits = OneOf(
        label=_lazy("反馈"),
        choices=[("yes", _lazy("还在等")), ("no", _lazy("已经了结"))],
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One suggestion: what it is, to whom, how long it has waited, and what was answered."""

    href: str
    title: str
    number: str
    what: str
    made_on: date | None
    to: str
    waits: int
    answer: str
    until: date | None
    ignored: bool
    statutory: bool


@require_safe
@at_desk
def suggestions(seat: Seat) -> HttpResponse:
    """List the suggestions this organ made or received, the unanswered first, ignored ones
    marked."""
    wanted = Wanted(seat.request.GET)
    table = SUGGESTIONS.shown(
        seat.request.GET,
        _unanswered_first(seat, wanted),
        lambda cases: [_line(seat, case) for case in cases],
        wanted,
    )
    return seat.page(
        "oversight/suggestions.html",
        "suggestions",
        table.status,
        table=table,
        beginnings=beginnings(seat),
    )


def _unanswered_first(seat: Seat, wanted: Wanted) -> QuerySet[Case]:
    """Return the suggestions this seat may see and asks for: the longest waiting first, then the
    newest of the others."""
    waiting = Exists(Duty.objects.filter(case=OuterRef("pk"), state="open"))
    cases = for_user(seat.viewer, seat.today).filter(kind=KIND)
    if "waits" in wanted.chosen:
        cases = cases.filter(waiting if wanted.chosen["waits"] == "yes" else ~waiting)
    waits_since = Choose(When(waiting, then=F("opened_on")), default=None)
    return cases.order_by(waits_since.asc(nulls_last=True), "-opened_on", "number")


def beginnings(seat: Seat) -> list[tuple[str, str, str]]:
    """Return what can be begun here: name, address, article; by whom it may be done, the
    registry decides."""
    if seat.organ is None or not seat.capacities & TAKING_IN:
        return []
    found = []
    if seat.organ.is_petition_office:
        found += _begun_by(seat, KIND, SUGGESTING)
    if seat.organ.is_joint_conference:
        found += _begun_by(seat, CONFERENCE, CONFERRING)
    return found


def _begun_by(seat: Seat, kind: str, acts: Sequence[str]) -> list[tuple[str, str, str]]:
    """Return the acts that begin a case of a kind here: name, address, article; none where no
    rule knows the kind."""
    try:
        file = blank_file(kind, seat.organ.division_code if seat.organ else "", seat.now)
        rules = file.kind.acts
    except (PackError, KeyError):
        return []
    found = []
    for act in acts:
        if act in rules:
            rule = rules[act]
            article = rule.basis.cite(file.installed.book.instruments, seat.language)
            address = reverse("desk:open", args=[kind, act])
            found.append((headline(rule, seat.language), address, article))
    return found


def _line(seat: Seat, case: Case) -> Line:
    """Return one suggestion of the list."""
    records = records_of(case)
    view = view_of(case.kind, records)
    kind = rulebooks.by_row(records[0].rules).kind(case.kind)
    what = headline(kind.acts[records[0].act], seat.language)
    duties = list(Duty.objects.filter(case=case).order_by("pk"))
    waiting = [duty for duty in duties if duty.state == "open"]
    until = _until(waiting)
    return Line(
        href=case_href(case.number),
        title=case.title or what,
        number=case.number,
        what=what,
        made_on=view.opened_on,
        to=_to(seat, view, duties),
        waits=(seat.today - case.opened_on).days if waiting else 0,
        answer=_answer(seat, kind, view),
        until=until,
        ignored=until is not None and until < seat.today,
        statutory=any(duty.statutory for duty in waiting),
    )


def _until(waiting: Sequence[Duty]) -> date | None:
    """Return the earliest day of the duties that wait, None where none has a day."""
    days = [duty.sort_day for duty in waiting if duty.sort_day]
    return min(days, default=None)


def _to(seat: Seat, view: CaseView, duties: Sequence[Duty]) -> str:
    """Return the names of the organs a suggestion goes to."""
    holders = [duty.holder_id for duty in duties]
    organs = dict.fromkeys([view.addressee, *holders])
    names = organ_names(seat, organs)
    return _("、").join(names[organ] for organ in organs if organ in names)


def _answer(seat: Seat, kind: KindRule, view: CaseView) -> str:
    """Return whether the suggestion was adopted, or that nothing was answered."""
    asked = kind.acts["answer"].field_rule("adopted")
    words = option_words(asked, view.facts.get("adopted", ""), seat.language)
    return words or _("未反馈")
