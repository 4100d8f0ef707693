"""The sign-in home: my open duties by the next legal date (journey 5, step 1)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from operator import attrgetter
from urllib.parse import urlencode

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dengwen.cases import rulebooks
from dengwen.cases.models import Act, Duty
from dengwen.cases.read.duty_lines import duty_lines, listed
from dengwen.cases.wall.visibility import duties_for_user
from dengwen.cases.write.papers.draft import sends_back
from dengwen.desk.shell.approval import coded
from dengwen.desk.shell.notices import told
from dengwen.desk.shell.seat import PERSONNEL_PAGES, Seat, at_desk, case_href
from dengwen.desk.shell.unreceived import incoming
from dengwen.law.bilingual import headline
from dengwen.law.duties.recurrence import REGISTER
from dengwen.law.packs.rules import DutyRule
from dengwen.law.packs.vocabulary import BY
from dengwen.organs.models import Official, Organ
from dengwen.organs.structure.posts_held import led_by
from dengwen.ui.components import DateRail, DutyLine
from dengwen.ui.worklist_groups import UNFOLDED

PAGE = 20


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, and the key after which the next one begins ("" on the last)."""

    duties: list[Duty]
    after: str


@require_safe
@at_desk
def home(seat: Seat) -> HttpResponse:
    """Show the open duties of this person's organ, the earliest day first."""
    everyone = seat.request.GET.get("who") == "all"
    holders = seat.viewer.organs | seat.viewer.personnel
    page = page_of(
        my_duties(seat, everyone=everyone), seat.request.GET.get("after", ""), holders=holders
    )
    own_pages = register_hrefs(page.duties) | personnel_hrefs(page.duties)

    def href(number: str, act: str) -> str:
        return own_pages.get(number) or case_href(number, act)

    lines = with_grounds(
        duty_lines(listed(page.duties), seat.actor, seat.now, seat.language, href),
        page.duties,
        seat,
    )
    begins = "after" not in seat.request.GET
    more = {**({"who": "all"} if everyone else {}), "after": page.after}
    return seat.page(
        "shell/home.html",
        "home",
        lines=lines,
        rail=_rail(seat, lines) if begins else None,
        everyone=everyone,
        begins=begins,
        registers=my_registers(seat),
        incoming=incoming(seat) if begins else None,
        unfolded=UNFOLDED if begins else 0,
        told=told(seat) if begins else [],
        more=f"{reverse('desk:home')}?{urlencode(more)}" if page.after else "",
    )


def register_hrefs(duties: Sequence[Duty]) -> dict[str, str]:
    """Return the address of the register page by number of register, for duties that come back
    every period."""
    mine = [d for d in duties if d.case.kind == REGISTER]
    organs = dict(
        Organ.objects.filter(pk__in={d.holder_id for d in mine}).values_list("pk", "code")
    )
    people = dict(
        Official.objects.filter(pk__in={d.official_id for d in mine}).values_list("pk", "code")
    )
    found = {}
    for one in mine:
        year = f"?year={one.case.opened_on.year}"
        if one.official_id in people:
            found[one.case.number] = (
                reverse("desk:leader_duties", args=[people[one.official_id]]) + year
            )
        elif one.holder_id in organs:
            found[one.case.number] = (
                reverse("desk:organ_duties", args=[organs[one.holder_id]]) + year
            )
    return found


def personnel_hrefs(duties: Sequence[Duty]) -> dict[str, str]:
    """Return the address of the page made by hand for what personnel departments were told or
    asked."""
    pages = PERSONNEL_PAGES
    return {
        d.case.number: reverse(pages[d.case.kind], args=[d.case.number])
        for d in duties
        if d.case.kind in pages
    }


def my_registers(seat: Seat) -> tuple[str, str]:
    """Return the addresses of the register of this person's organ and of the person, "" where
    there is none."""
    organ = (
        reverse("desk:organ_duties", args=[seat.organ.code])
        if seat.organ and seat.viewer.organs
        else ""
    )
    official = seat.user.official
    leads = official is not None and bool(led_by([official.pk], seat.today))
    return organ, reverse("desk:leader_duties", args=[official.code]) if official and leads else ""


def my_duties(seat: Seat, *, everyone: bool = False) -> QuerySet[Duty]:
    """Return the open duties of the organ, without those that are a colleague's unless all are
    asked for.

    A colleague's are those handed to him, and of those left with the organ (审核, 签发) what this
    person cannot do: for
    want of the capacity, or because the draft or the check is the own one. A draft that was sent
    back is its drafter's,
    and the handler's.
    """
    duties = duties_for_user(seat.viewer)
    if everyone:
        return duties
    shared, unable = _shared(seat)
    duties = duties.exclude(rule__in=unable).exclude(rule__in=shared, opened_by__actor=seat.user.pk)
    back = _sent_back(seat)
    if back:
        wrote = Act.objects.filter(case=OuterRef("case"), act__in=set(back.values())).order_by(
            "-seq"
        )
        handles = Q(case__handler=seat.user.official_id) if seat.user.official_id else Q(pk=0)
        last = Subquery(wrote.values("actor")[:1])
        duties = duties.alias(wrote_by=last).filter(
            ~Q(rule__in=back) | Q(wrote_by=seat.user.pk) | handles
        )
    if seat.user.official_id is None:
        return duties
    return duties.filter(Q(official__isnull=True) | Q(official_id=seat.user.official_id))


def _shared(seat: Seat) -> tuple[list[str], list[str]]:
    """Return the rules of duties that stay with an organ, and those of them that this person
    cannot fulfil."""
    book = rulebooks.in_force(
        seat.today, seat.organ.division_code if seat.organ else "", seat.now
    ).book
    closers: dict[str, set[str]] = {}
    for kind in book.kinds.values():
        for duty in kind.duties.values():
            if duty.shared:
                closers.setdefault(duty.id, set()).update(
                    c for a in duty.closes for c in BY[kind.acts[a].by][0]
                )
    return sorted(closers), sorted(
        rule for rule, wanted in closers.items() if not wanted & seat.capacities
    )


def _sent_back(seat: Seat) -> dict[str, str]:
    """Return the rules of duties that a draft sent back opens, each with the act by which it is
    drafted anew."""
    book = rulebooks.in_force(
        seat.today, seat.organ.division_code if seat.organ else "", seat.now
    ).book
    found: dict[str, str] = {}
    for kind in book.kinds.values():
        back = {
            rule.id: rule.approves[0]
            for rule in kind.acts.values()
            if rule.approves and sends_back(kind, rule)
        }
        found |= {d.id: back[a] for d in kind.duties.values() for a in d.opens if a in back}
    return found


def with_grounds(lines: list[DutyLine], duties: Sequence[Duty], seat: Seat) -> list[DutyLine]:
    """Say on the lines of drafts that were sent back, by whom and on what ground; the reasons stand
    where one drafts.

    A list shows routing data alone (access model 3 N3): the ground is a code, its reasons a text
    behind the read log.
    """
    sent_back = _sent_back(seat)
    back = {d.opened_by_id: d for d in duties if d.rule in sent_back}
    if not back:
        return lines
    known: dict[str, list[str]] = {}
    for act in Act.objects.filter(pk__in=back).select_related("case"):
        rule = rulebooks.by_row(act.rules_id).kind(act.case.kind).acts[act.act]
        known.setdefault(act.case.number, []).append(
            "；".join(words for _label, words in coded(rule, act.data, seat))
        )
    titles = {headline(_rule_of(d), seat.language) for d in back.values()}
    return [
        replace(line, why="；".join(filter(None, (known[line.case_number][-1], line.why))))
        if line.case_number in known and line.title in titles
        else line
        for line in lines
    ]


def _rule_of(duty: Duty) -> DutyRule:
    return rulebooks.by_row(duty.rules_id).kind(duty.case.kind).duties[duty.rule]


def page_of(
    duties: QuerySet[Duty], after: str, size: int = PAGE, *, holders: Collection[int] = ()
) -> Page:
    """Return the page that begins after a key: dated duties by day, then those without any day.

    A key names the last line shown by day, case, rule and opening act. `holders` are the organs
    whose duties these are,
    where that is so: one scan over (holder, day) for each of them, for no index holds the days of
    two organs in order.
    """
    day, pk = _key(after, duties)
    found: list[Duty] = []
    if day is not None or not after:
        dated = duties.filter(sort_day__isnull=False)
        if day is not None:
            dated = dated.filter(Q(sort_day__gt=day) | Q(sort_day=day, pk__gt=pk))
        found = _first(dated, ("sort_day", "pk"), size + 1, holders)
    if len(found) <= size:
        undated = duties.filter(
            sort_day__isnull=True, pk__gt=0 if day is not None or not after else pk
        )
        found += _first(undated, ("pk",), size + 1 - len(found), holders)
    last = found[size - 1] if len(found) > size else None
    return Page(found[:size], "" if last is None else _after(last))


def _first(
    duties: QuerySet[Duty], order: Sequence[str], count: int, holders: Collection[int]
) -> list[Duty]:
    """Return the first duties in an order; those of each holder are asked for by themselves."""
    if len(holders) < 2:
        return list(duties.order_by(*order)[:count])
    found = [
        duty
        for one in sorted(holders)
        for duty in duties.filter(holder_id=one).order_by(*order)[:count]
    ]
    return sorted(found, key=attrgetter(*order))[:count]


def _after(last: Duty) -> str:
    """Return the key of a line. Never the row id, which counts hidden cases too (access model
    4.2)."""
    opener = Act.objects.filter(pk=last.opened_by_id).values_list("seq", flat=True).get()
    day = last.sort_day.isoformat() if last.sort_day else "none"
    return "_".join((day, last.case.number, str(opener), last.rule))


def _key(after: str, duties: QuerySet[Duty]) -> tuple[date | None, int]:
    """Return the day and row of a key, found among `duties`; a line that is gone stands for the
    day's beginning."""
    day, number, seq, rule = (after.split("_", 3) + [""] * 3)[:4]
    try:
        begins = None if day == "none" else date.fromisoformat(day)
    except ValueError:
        return None, 0
    if not seq.isdecimal() or len(seq) > 9:
        return begins, 0
    row = (
        duties.filter(case__number=number, rule=rule, opened_by__seq=int(seq))
        .values_list("pk", flat=True)
        .first()
    )
    return begins, row or 0


def lowered(title: str) -> str:
    """Return a title as it reads inside a sentence."""
    return title[:1].lower() + title[1:]


def _rail(seat: Seat, lines: list[DutyLine]) -> DateRail:
    dated = next((line for line in lines if line.bar.end is not None), None)
    label = _("最近的到期日")
    if dated is None:
        return DateRail(label, seat.today, none_why=_("没有带日期的责任"))
    bar = dated.bar
    due = None if bar.open_ended else bar.due
    return DateRail(
        label, seat.today, due, bar.raw, lowered(dated.title), dated.href, statutory=bar.statutory
    )
