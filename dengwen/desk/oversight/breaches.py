"""The breach list of the supervisor (journey 7): breached duties of visible cases by days late,
no organ totals."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dengwen.cases import rulebooks
from dengwen.cases.models import Act, CaseLink, Duty
from dengwen.cases.read.case_view import duty_bar, listed, place_of
from dengwen.cases.wall.statements import Groups, Statement
from dengwen.cases.wall.visibility import (
    AFTER_HAND_OVER,
    SUPERVISED_KINDS,
    VIEWER_GROUPS,
    among,
    as_groups,
    for_user,
    of_groups,
)
from dengwen.cases.write.correction import BREACHES
from dengwen.desk.oversight.supervision import may_supervise
from dengwen.desk.shell.frame.lead_address import area_of, raise_href
from dengwen.desk.shell.frame.seat import SUPERVISORS, Seat, at_desk, case_href, organ_name
from dengwen.desk.shell.worklist.duty_pages import page_of
from dengwen.desk.shell.worklist.home import lowered
from dengwen.law.bilingual import headline, words_in
from dengwen.law.duties.act_record import BY_CLAIM, CORRECT, DutyView, civil
from dengwen.law.time.calendar import Calendar
from dengwen.organs.models import Official, Organ
from dengwen.oversight.supervision_letters import late_duties
from dengwen.ui.components import DateRail, TermBar

CLAIMS_SHOWN = timedelta(days=90)
MOST_CLAIMS = 50
AGAIN = frozenset({"object", "refer_dispute"})
"""Acts that send a matter back and forth between organs."""
REASON_FIELDS = frozenset({"reason", "reasons"})
"""Names under which packs ask for reasons; the list says that reasons are on file, and when,
never what they say."""


@dataclass(frozen=True, slots=True)
class Breach:
    """One breached duty as the supervisor sees it."""

    uid: str
    late: int
    title: str
    href: str
    case_title: str
    case_number: str
    basis: str
    due: date | None
    who: str
    again: int
    bar: TermBar
    statutory: bool
    key: str = ""
    reasons: tuple[tuple[str, date], ...] = ()
    letters: tuple[Sent, ...] = ()
    order: str = ""
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """A letter of supervision that went out about the matter of a line: its case, its state, its
    reply date."""

    href: str
    state: str
    reply_by: date | None
    late: bool


@require_safe
@at_desk
def breaches(seat: Seat) -> HttpResponse:
    """List what is late and still not done, then what was entered late and rests on a claim."""
    if not seat.roles & SUPERVISORS:
        raise Http404
    visible = for_user(seat.viewer, seat.today)
    page = page_of(late_duties(visible), seat.request.GET.get("after", ""))
    since = seat.today - CLAIMS_SHOWN
    late = Duty.objects.filter(among(visible), breach__isnull=False, right=False).select_related(
        "case"
    )
    claims = late.filter(timeliness=BY_CLAIM, closed_on__gte=since).order_by("-closed_on", "-pk")[
        :MOST_CLAIMS
    ]
    claimed = list(claims)
    letters, area = _letters(seat, [*page.duties, *claimed]), area_of(seat)
    lines = _lines(seat, page.duties, letters, area, writes=may_supervise(seat))
    more = f"{reverse('desk:breaches')}?{urlencode({'after': page.after})}" if page.after else ""
    return seat.page(
        "oversight/breaches.html",
        "breaches",
        lines=lines,
        more=more,
        claimed=_lines(seat, claimed, letters, area, writes=False),
        rail=_rail(seat, lines),
        writes=any(line.order for line in lines),
    )


def _lines(
    seat: Seat,
    duties: list[Duty],
    letters: dict[int, list[Sent]],
    area: Collection[int],
    *,
    writes: bool,
) -> list[Breach]:
    page = listed(duties)
    organs = {o.pk: o for o in Organ.objects.filter(pk__in={d.holder_id for d in duties})}
    people = dict(
        Official.objects.filter(pk__in={d.official_id for d in duties}).values_list("pk", "name")
    )
    acts = _acts_of(duties)
    lines = []
    for row in duties:
        view = page.views[row.case_id]
        duty = next(
            (d for d in view.duties if d.rule.id == row.rule and d.opened_by == row.opened_by_id),
            None,
        )
        if duty is None:
            continue
        holder = organs.get(row.holder_id or 0)
        who = organ_name(holder, seat.language)
        person = people.get(row.official_id or 0, "")
        line = _line(
            seat,
            row,
            duty,
            place_of(duty, view),
            page.calendar,
            f"{who}，{person}" if person else who,
            sum(act.act in AGAIN for act in acts.get(row.case_id, ())),
        )
        mine = holder is not None and seat.organ is not None and holder.pk == seat.organ.pk
        supervised = row.case.kind in SUPERVISED_KINDS
        written = writes and not mine and supervised
        key = f"{row.case.number}.{place_of(duty, view)}"
        lines.append(
            replace(
                line,
                key=key,
                reasons=_reasons(seat, row, acts.get(row.case_id, [])),
                letters=tuple(letters.get(row.case_id, ())),
                order=f"{reverse('desk:supervise')}?{urlencode({'line': key})}" if written else "",
                lead=raise_href(line=key)
                if row.state == "open" and row.holder_id in area and supervised
                else "",
            )
        )
    return lines


def _acts_of(duties: list[Duty]) -> dict[int, list[Act]]:
    """Return the acts of the cases of a page, in one query."""
    found: dict[int, list[Act]] = {}
    for act in Act.objects.filter(case_id__in={d.case_id for d in duties}).order_by(
        "case_id", "seq"
    ):
        found.setdefault(act.case_id, []).append(act)
    return found


def _reasons(seat: Seat, row: Duty, acts: list[Act]) -> tuple[tuple[str, date], ...]:
    """Return the acts since the duty opened that carry reasons, corrections that touch its
    breach told apart."""
    found = []
    breached = next((place for place, act in enumerate(acts, 1) if act.pk == row.breach_id), 0)
    for act in acts:
        rule = rulebooks.by_row(act.rules_id).kind(row.case.kind).acts.get(act.act)
        if rule is None or act.pk <= row.opened_by_id or act.organ_id != row.holder_id:
            continue
        if act.act == CORRECT and str(breached) in (act.data.get(BREACHES) or ()):
            words = ("更正，涉及这条逾期记录", "correction that touches this breach")
            found.append((words[0 if seat.language == "zh" else 1], civil(act.occurred_at)))
        elif any(f.name in REASON_FIELDS for f in rule.fields):
            found.append((headline(rule, seat.language), civil(act.occurred_at)))
    return tuple(found)


def _letters(seat: Seat, duties: list[Duty]) -> dict[int, list[Sent]]:
    """Return the letters of supervision about the cases of a page that this seat may see, newest
    last."""
    about = tuple(sorted({d.case_id for d in duties}))
    seen = _LETTERS.ids((*as_groups(seat.viewer), about), seat.today)
    found: dict[int, list[Sent]] = {}
    links = CaseLink.objects.filter(pk__in=seen).select_related("case").order_by("pk")
    for link in links:
        kind = rulebooks.in_force(seat.today, link.case.place, seat.now).book.kind("supervision")
        state = kind.states[link.case.state]
        due = Duty.objects.filter(case=link.case, rule="supervise_reply").order_by("-pk").first()
        words = words_in(state, seat.language)
        late = (
            due is not None and due.state == "open" and due.due is not None and due.due < seat.today
        )
        found.setdefault(link.other_id, []).append(
            Sent(case_href(link.case.number), words, due.due if due else None, late)
        )
    return found


def _ask_for_letters(groups: Groups, day: date, _: str) -> QuerySet[Any]:
    seen = for_user(of_groups(groups), day).filter(kind="supervision")
    about = groups[VIEWER_GROUPS]
    return CaseLink.objects.filter(among(seen), other__in=about, kind="concerns").values_list("pk")


_LETTERS = Statement(_ask_for_letters, AFTER_HAND_OVER)


def _line(
    seat: Seat, row: Duty, duty: DutyView, place: int, calendar: Calendar, who: str, again: int
) -> Breach:
    end = row.closed_on or seat.today
    return Breach(
        uid=f"b-{row.case.number}-{place}",
        late=max(0, (end - row.due).days) if row.due else 0,
        title=headline(duty.rule, seat.language),
        href=case_href(row.case.number),
        case_title=seat.title(row.case),
        case_number=row.case.number,
        basis=duty.rule.basis.cite(rulebooks.by_row(duty.rules).instruments, seat.language),
        due=row.due,
        who=who,
        again=again,
        bar=duty_bar(duty, seat.today, calendar),
        statutory=row.statutory,
    )


def _rail(seat: Seat, lines: list[Breach]) -> DateRail:
    label = _("最早的一个末日")
    if not lines:
        return DateRail(label, seat.today, none_why=_("没有逾期"))
    first = lines[0]
    return DateRail(label, seat.today, first.due, first.due, lowered(first.title), first.href)
