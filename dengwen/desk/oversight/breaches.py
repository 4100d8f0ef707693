"""The breach list of the supervisor (journey 7): breached duties of visible cases by days late.

Organs have no totals here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_safe

from dengwen.access.statements import Groups, Statement
from dengwen.cases import rulebooks
from dengwen.cases.models import Act, CaseLink, Duty
from dengwen.cases.read.duty_lines import Listed, duty_bar, listed, place_of
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
from dengwen.desk.oversight.supervision import letters_to
from dengwen.desk.shell.frame.lead_address import area_of, raise_href
from dengwen.desk.shell.frame.seat import SUPERVISORS, Seat, at_desk, case_href, organ_name
from dengwen.desk.shell.worklist.duty_pages import PAGE, page_of
from dengwen.desk.shell.worklist.home import lowered
from dengwen.law.bilingual import headline, words_in
from dengwen.law.duties.act_record import BY_CLAIM, CORRECT, DutyView, civil
from dengwen.law.time.calendar import Calendar
from dengwen.organs.models import Official, Organ
from dengwen.oversight.supervision_letters import LateLine, late_duties
from dengwen.ui.components import DateRail, TermBar
from dengwen.ui.form_fields import Day, OneOf
from dengwen.ui.list_filter import ListFilter
from dengwen.ui.list_table import Column, ListOf, ListTable

# Sorted by day and number alone: an order by organs would be their totals.
LATE = ListOf(
    caption=_lazy("逾期清单"),
    nothing=_lazy("没有逾期未办的责任。"),
    order=_lazy("逾期最久的在前"),
    size=PAGE,
    columns=(
        Column("due", _lazy("末日"), sort=("due",)),
        Column("case", _lazy("编号"), sort=("case__number",)),
    ),
)
CLAIMS_SHOWN = timedelta(days=90)
MOST_CLAIMS = 50
AGAIN = frozenset({"object", "refer_dispute"})
"""Acts that send a matter back and forth between organs."""
REASON_FIELDS = frozenset({"reason", "reasons"})
"""Names under which packs ask for reasons; the list says that reasons are on file, and when,
never what they say."""


class Wanted(ListFilter):
    """The late duties of one sort of date, or with a last day in some span."""

    statutory = OneOf(
        label=_lazy("期限"), choices=[("yes", _lazy("法定的")), ("no", _lazy("非法定的"))]
    )
    since = Day(label=_lazy("末日不早于"))
    until = Day(label=_lazy("末日不晚于"))

    def narrow(self, duties: QuerySet[Duty]) -> QuerySet[Duty]:
        """Leave the duties that are asked for."""
        asked = self.chosen
        if "statutory" in asked:
            duties = duties.filter(statutory=asked["statutory"] == "yes")
        if "since" in asked:
            duties = duties.filter(due__gte=asked["since"])
        if "until" in asked:
            duties = duties.filter(due__lte=asked["until"])
        return duties


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
    original: date | None = None
    """The last day that stood before what was entered late, where that moved it."""
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


@dataclass(frozen=True, slots=True)
class Background:
    """What the lines of one page rest on, read once: organs, people, acts by case, letters by
    case."""

    organs: Mapping[int, Organ]
    people: Mapping[int, str]
    acts: Mapping[int, Sequence[Act]]
    letters: Mapping[int, Sequence[Sent]]
    calendar: Calendar
    area: Collection[int]
    """The organs about which this seat may raise a lead."""
    written_to: Collection[int | None]
    """The organs to which this seat can write a letter from the page."""


# --- the page -------------------------------------------------------------------------------------
@require_safe
@at_desk
def breaches(seat: Seat) -> HttpResponse:
    """List what is late and still not done, then what was entered late and rests on a claim."""
    if not seat.roles & SUPERVISORS:
        raise Http404
    wanted = Wanted(seat.request.GET)
    late = wanted.narrow(late_duties(for_user(seat.viewer, seat.today)))
    area = area_of(seat)
    table = _table(seat, late, wanted, area)
    return seat.page(
        "oversight/breaches.html",
        "breaches",
        table.status,
        table=table,
        claimed=_lines(seat, _claimed(seat), area, writes=False),
        rail=_rail(seat, _longest(seat, late, table)),
        writes=any(line.order for line in table.lines),
    )


def _table(seat: Seat, late: QuerySet[Duty], wanted: Wanted, area: Collection[int]) -> ListTable:
    """Return the page of the late duties that is asked for: by key in the order of their days, so
    that each page costs what the first does, counted off in another order."""
    query = seat.request.GET
    if LATE.is_sorted(query):
        return LATE.shown(query, late, lambda rows: _lines(seat, rows, area, writes=True), wanted)
    page = page_of(late, query.get("after", ""))
    return LATE.keyed(query, _lines(seat, page.duties, area, writes=True), page.after, wanted)


def _longest(seat: Seat, late: QuerySet[Duty], table: ListTable) -> Sequence[Breach]:
    """Return the line that has been late longest: the first one where they stand in that order."""
    if table.asked.column is None:
        return table.lines
    return _lines(seat, page_of(late, "", 1).duties, (), writes=False)


def _claimed(seat: Seat) -> list[Duty]:
    """Return the duties of late that rest on a claim: breached and closed by an entry afterwards,
    the newest first, then those that one opened, moved or ended."""
    visible = for_user(seat.viewer, seat.today)
    own = Duty.objects.filter(among(visible), right=False).select_related("case")
    since = seat.today - CLAIMS_SHOWN
    late = own.filter(timeliness=BY_CLAIM, breach__isnull=False, closed_on__gte=since)
    found = list(late.order_by("-closed_on", "-pk")[:MOST_CLAIMS])
    moved = own.filter(Q(state="open") | Q(closed_on__gte=since), by_claim=True)
    known = {duty.pk for duty in found}
    more = [duty for duty in moved.order_by("-pk")[:MOST_CLAIMS] if duty.pk not in known]
    return [*found, *more][:MOST_CLAIMS]


def _rail(seat: Seat, lines: Sequence[Breach]) -> DateRail:
    """Return the day of the line that has been late longest."""
    label = _("最早的一个末日")
    if not lines:
        return DateRail(label, seat.today, none_why=_("没有逾期"))
    first = lines[0]
    return DateRail(label, seat.today, first.due, first.due, lowered(first.title), first.href)


# --- the lines ------------------------------------------------------------------------------------
def _lines(
    seat: Seat, duties: Sequence[Duty], area: Collection[int], *, writes: bool
) -> list[Breach]:
    """Return the lines of a page of duties; `writes` where letters can be written from them."""
    if not duties:
        return []
    page = listed(duties)
    holders = list(Organ.objects.filter(pk__in={duty.holder_id for duty in duties}))
    officials = Official.objects.filter(pk__in={duty.official_id for duty in duties})
    background = Background(
        organs={organ.pk: organ for organ in holders},
        people=dict(officials.values_list("pk", "name")),
        acts=_acts_of(duties),
        letters=_letters(seat, duties),
        calendar=page.calendar,
        area=area,
        written_to=letters_to(seat, holders) if writes else frozenset(),
    )
    return [_line(seat, late, background) for late in _late_lines(page)]


def _late_lines(page: Listed) -> list[LateLine]:
    """Return the duties of a page as their cases tell them now; one that no longer stands there
    is left out."""
    found = []
    for row in page.duties:
        view = page.views[row.case_id]
        for duty in view.duties:
            if duty.rule.id == row.rule and duty.opened_by == row.opened_by_id:
                found.append(LateLine(row, duty, place_of(duty, view)))
                break
    return found


def _acts_of(duties: Sequence[Duty]) -> dict[int, list[Act]]:
    """Return the acts of the cases of a page, in one query."""
    found: dict[int, list[Act]] = {}
    acts = Act.objects.filter(case_id__in={duty.case_id for duty in duties})
    for act in acts.order_by("case_id", "seq"):
        found.setdefault(act.case_id, []).append(act)
    return found


def _line(seat: Seat, late: LateLine, background: Background) -> Breach:
    """Return one line of the list."""
    row = late.row
    duty = late.duty
    acts = background.acts.get(row.case_id, ())
    return Breach(
        uid=f"b-{row.case.number}-{late.place}",
        late=_days_late(row, seat.today),
        title=headline(duty.rule, seat.language),
        href=case_href(row.case.number),
        case_title=seat.title(row.case),
        case_number=row.case.number,
        basis=_article(seat, duty),
        due=row.due,
        who=_who(seat, row, background),
        again=len([act for act in acts if act.act in AGAIN]),
        bar=duty_bar(duty, seat.today, background.calendar),
        statutory=row.statutory,
        key=late.key,
        original=duty.unclaimed_due if duty.by_claim and duty.unclaimed_due != row.due else None,
        reasons=_reasons(seat, row, acts),
        letters=tuple(background.letters.get(row.case_id, ())),
        order=_order_href(seat, late, background.written_to),
        lead=_lead_href(late, background.area),
    )


def _article(seat: Seat, duty: DutyView) -> str:
    """Return the article a duty rests on, as the rules in force for it cite it."""
    return duty.rule.basis.cite(rulebooks.by_row(duty.rules).instruments, seat.language)


def _days_late(row: Duty, today: date) -> int:
    """Return for how many days a duty was or is late."""
    end = row.closed_on or today
    return max(0, (end - row.due).days) if row.due else 0


def _who(seat: Seat, row: Duty, background: Background) -> str:
    """Return whose duty it is: the organ, and the official where one is named."""
    organ = organ_name(background.organs.get(row.holder_id or 0), seat.language)
    person = background.people.get(row.official_id or 0, "")
    return f"{organ}，{person}" if person else organ


def _order_href(seat: Seat, late: LateLine, written_to: Collection[int | None]) -> str:
    """Return where a letter about a line is written, "" where it is one's own duty, of a kind
    that is not supervised, or of an organ this one writes no letters to."""
    own = seat.organ is not None and late.row.holder_id == seat.organ.pk
    if own or late.row.holder_id not in written_to or late.row.case.kind not in SUPERVISED_KINDS:
        return ""
    return f"{reverse('desk:supervise')}?{urlencode({'line': late.key})}"


def _lead_href(late: LateLine, area: Collection[int]) -> str:
    """Return where a lead is raised from a line, "" where its organ lies outside the area or it
    is done."""
    row = late.row
    if row.state != "open" or row.holder_id not in area or row.case.kind not in SUPERVISED_KINDS:
        return ""
    return raise_href(line=late.key)


# --- reasons on file ------------------------------------------------------------------------------
def _reasons(seat: Seat, row: Duty, acts: Sequence[Act]) -> tuple[tuple[str, date], ...]:
    """Return the acts since the duty opened that carry reasons, with their days; a correction that
    touches the breach is named as such."""
    breached = next((place for place, act in enumerate(acts, 1) if act.pk == row.breach_id), 0)
    found = []
    for act in acts:
        if act.pk <= row.opened_by_id or act.organ_id != row.holder_id:
            continue
        words = _reason_words(seat, row, act, breached)
        if words:
            found.append((words, civil(act.occurred_at)))
    return tuple(found)


def _reason_words(seat: Seat, row: Duty, act: Act, breached: int) -> str:
    """Return how an act that carries reasons is named, "" for one that carries none."""
    rule = rulebooks.by_row(act.rules_id).kind(row.case.kind).acts.get(act.act)
    if rule is None:
        return ""
    if act.act == CORRECT and str(breached) in (act.data.get(BREACHES) or ()):
        return _("更正，涉及这条逾期记录")
    asks_reasons = any(field.name in REASON_FIELDS for field in rule.fields)
    return headline(rule, seat.language) if asks_reasons else ""


# --- letters sent ---------------------------------------------------------------------------------
def _letters(seat: Seat, duties: Sequence[Duty]) -> dict[int, list[Sent]]:
    """Return the letters of supervision about the cases of a page that this seat may see, newest
    last."""
    about = tuple(sorted({duty.case_id for duty in duties}))
    seen = _LETTERS.ids((*as_groups(seat.viewer), about), seat.today)
    found: dict[int, list[Sent]] = {}
    for link in CaseLink.objects.filter(pk__in=seen).select_related("case").order_by("pk"):
        found.setdefault(link.other_id, []).append(_sent(seat, link))
    return found


def _sent(seat: Seat, link: CaseLink) -> Sent:
    """Return one letter: the state of its case, and the reply it waits for."""
    letter = link.case
    kind = rulebooks.in_force(seat.today, letter.place, seat.now).book.kind("supervision")
    reply = Duty.objects.filter(case=letter, rule="supervise_reply").order_by("-pk").first()
    reply_by = reply.due if reply is not None else None
    waits = reply is not None and reply.state == "open"
    return Sent(
        href=case_href(letter.number),
        state=words_in(kind.states[letter.state], seat.language),
        reply_by=reply_by,
        late=waits and reply_by is not None and reply_by < seat.today,
    )


def _ask_for_letters(groups: Groups, day: date, _: str) -> QuerySet[Any]:
    """Select the links of visible letters to the cases asked about."""
    seen = for_user(of_groups(groups), day).filter(kind="supervision")
    about = groups[VIEWER_GROUPS]
    return CaseLink.objects.filter(among(seen), other__in=about, kind="concerns").values_list("pk")


_LETTERS = Statement(_ask_for_letters, AFTER_HAND_OVER)
