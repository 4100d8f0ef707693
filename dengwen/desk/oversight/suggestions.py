"""The list of suggestions (R22 40): made here or received here, what was answered, and which
ones are ignored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dengwen.cases import rulebooks
from dengwen.cases.act_records import records_of, view_of
from dengwen.cases.models import Case, Duty
from dengwen.cases.read.case_view import blank_file
from dengwen.cases.wall.visibility import for_user
from dengwen.desk.shell.frame.seat import TAKING_IN, Seat, at_desk, case_href, organ_name
from dengwen.law.bilingual import headline
from dengwen.law.duties.act_record import CaseView
from dengwen.law.errors import PackError
from dengwen.organs.models import Organ

KIND = "suggestion"
PAGE = 20
BEGINNINGS = (
    ("suggestion", ("make", "make_policy", "propose_responsibility")),
    ("conference", ("convene", "talk", "circulate", "list_supervision", "order_rectification")),
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
    cases = for_user(seat.viewer, seat.today).filter(kind=KIND)
    after = seat.request.GET.get("after", "")
    waiting = Exists(Duty.objects.filter(case=OuterRef("pk"), state="open"))
    ordered = [
        *cases.filter(waiting).order_by("opened_on", "number"),
        *cases.filter(~waiting).order_by("-opened_on", "number"),
    ]
    begin = next((n for n, c in enumerate(ordered, 1) if c.number == after), 0)
    shown = ordered[begin : begin + PAGE]
    further = urlencode({"after": shown[-1].number}) if len(ordered) > begin + PAGE else ""
    more = f"{reverse('desk:suggestions')}?{further}" if further else ""
    return seat.page(
        "oversight/suggestions.html",
        "suggestions",
        lines=[_line(seat, case) for case in shown],
        more=more,
        beginnings=beginnings(seat),
    )


def beginnings(seat: Seat) -> list[tuple[str, str, str]]:
    """Return what can be begun here: name, address, article; by whom it may be done, the
    registry decides."""
    if seat.organ is None or not seat.capacities & TAKING_IN:
        return []
    wanted = [
        k
        for k in BEGINNINGS
        if (seat.organ.is_petition_office, seat.organ.is_joint_conference)[k[0] != KIND]
    ]
    found = []
    for kind, acts in wanted:
        try:
            file = blank_file(kind, seat.organ.division_code, seat.now)
            rules = file.kind.acts
        except (PackError, KeyError):
            continue
        for act in acts:
            if act in rules:
                basis = rules[act].basis.cite(file.installed.book.instruments, seat.language)
                found.append(
                    (
                        headline(rules[act], seat.language),
                        reverse("desk:open", args=[kind, act]),
                        basis,
                    )
                )
    return found


def _line(seat: Seat, case: Case) -> Line:
    records = records_of(case)
    view = view_of(case.kind, records)
    kind = rulebooks.by_row(records[0].rules).kind(case.kind)
    index = 0 if seat.language == "zh" else 1
    what = headline(kind.acts[records[0].act], seat.language)
    duties = list(Duty.objects.filter(case=case).order_by("pk"))
    waiting = [d for d in duties if d.state == "open"]
    until = min((d.sort_day for d in waiting if d.sort_day), default=None)
    return Line(
        href=case_href(case.number),
        title=case.title or what,
        number=case.number,
        what=what,
        made_on=view.opened_on,
        to=_to(seat, view, duties),
        waits=(seat.today - case.opened_on).days if waiting else 0,
        answer=_answer(kind.acts["answer"].field_rule("adopted"), view, index),
        until=until,
        ignored=until is not None and until < seat.today,
        statutory=any(d.statutory for d in waiting),
    )


def _to(seat: Seat, view: CaseView, duties: Sequence[Duty]) -> str:
    organs = dict.fromkeys(o for o in (view.addressee, *(d.holder_id for d in duties)) if o)
    known = {o.pk: organ_name(o, seat.language) for o in Organ.objects.filter(pk__in=organs)}
    return (_("、")).join(known[o] for o in organs if o in known)


def _answer(adopted: object, view: CaseView, index: int) -> str:
    names = getattr(adopted, "option_names", {})
    said_so = view.facts.get("adopted", "")
    return names[said_so][index] if said_so in names else _("未反馈")
