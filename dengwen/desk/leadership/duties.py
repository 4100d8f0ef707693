"""The register pages (责任台账): what an organ or a leader owes in a year, and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_safe

from dengwen.cases import rulebooks
from dengwen.cases.models import Case
from dengwen.cases.read.case_view import blank_file
from dengwen.cases.read.register_view import (
    AHEAD,
    ENDED,
    MET,
    MISSED,
    SLOW,
    Label,
    PeriodLine,
    RegisterLine,
    Year,
    bearers_of,
    of_leader,
    of_organ,
    read_year,
    registers,
)
from dengwen.cases.read.register_words import PERIODS
from dengwen.desk.shell.act.act_page import Way, answer
from dengwen.desk.shell.frame.seat import Seat, at_desk, organ_name
from dengwen.law.bilingual import Language, headline, words_in
from dengwen.law.duties.recurrence import REGISTER
from dengwen.law.packs.rules import ActRule, ClosedBy, KindRule
from dengwen.organs.models import Official, Organ, Post
from dengwen.organs.structure.posts_held import led_on
from dengwen.ui.cells import Part, day, text
from dengwen.ui.components import DateRail, Link, YearMark, YearRow, YearStrip
from dengwen.ui.dates import numeric
from dengwen.ui.list_table import OK, Column, ListOf, ListTable

FIRST_YEAR = 2005
LABELS = ListOf(
    caption=_lazy("由谁负责"),
    columns=(
        Column("duty", _lazy("责任"), Part("desk/leadership/_label.html"), sort=("title", "since")),
        Column("who", _lazy("承担人"), text("who"), sort=("who", "title")),
        Column("since", _lazy("自"), day("since"), sort=("since", "title")),
        Column("until", _lazy("至"), Part("desk/leadership/_until.html"), sort=("until", "title")),
    ),
    name="labels",
)


@dataclass(frozen=True, slots=True)
class LabelLine:
    """A standing duty on the page: who answers for it in which post, from when to when."""

    title: str
    basis: str
    who: str
    since: date
    until: date | None


@dataclass(frozen=True)
class Shown:
    """One duty on the page, with its periods in words."""

    line: RegisterLine
    often: str
    rows: tuple[tuple[PeriodLine, str, str], ...]
    begin: tuple[Link, ...]


# --- the pages ------------------------------------------------------------------------------------
@require_safe
@at_desk
def organ_duties(seat: Seat, code: str) -> HttpResponse:
    """Show what an organ owes in a year: to its own people, and to those who follow it up."""
    organ = Organ.objects.filter(code=code).order_by("-valid_from", "-pk").first()
    year = _year(seat)
    visible = registers(seat.viewer, seat.today, year)
    if organ is None or not _may_read(seat, organ, visible):
        raise Http404
    every = bearers_of([organ.pk], year, seat.today)
    page = read_year(of_organ(visible, organ), every, seat.viewer, seat.today, year, seat.language)
    name = organ_name(organ, seat.language)
    shown = _context(seat, page, year)
    return seat.page(
        "leadership/duties.html",
        "home",
        _status(shown),
        title=name,
        organ=organ,
        organ_said=name,
        leaders=_leaders(seat, visible, organ, year),
        **_organ_years(seat, organ, year),
        **shown,
    )


def _may_read(seat: Seat, organ: Organ, visible: QuerySet[Case]) -> bool:
    """Say whether the register of an organ is shown: to its own people, and to who sees a case of
    it."""
    return organ.pk in seat.viewer.organs or visible.filter(holder=organ).exists()


def _leaders(
    seat: Seat, visible: QuerySet[Case], organ: Organ, year: int
) -> list[tuple[Link, str]]:
    """Return who leads an organ at the end of the year, with a link to their own registers."""
    leaders = []
    for held in led_on(organ, min(seat.today, date(year, 12, 31))):
        href = _leader_href(seat, visible, held.official, year)
        leaders.append((Link(held.official.name, href), _post_title(held.post, seat.language)))
    return leaders


def _post_title(post: Post, language: Language) -> str:
    """Return the title of a post, in Chinese where it has no English one."""
    return words_in((post.title_zh, post.title_en or post.title_zh), language)


def _leader_href(seat: Seat, visible: QuerySet[Case], official: Official, year: int) -> str:
    """Return the address of a leader's register, "" where this seat would find no such page."""
    if not _is_own(seat, official) and not of_leader(visible, official):
        return ""
    return f"{reverse('desk:leader_duties', args=[official.code])}?year={year}"


@require_safe
@at_desk
def leader_duties(seat: Seat, code: str) -> HttpResponse:
    """Show what a leader owes in a year, in every post and field of work the reader may see."""
    official = Official.objects.filter(code=code).first()
    if official is None:
        raise Http404
    year = _year(seat)
    cases = of_leader(registers(seat.viewer, seat.today, year), official)
    if not cases and not _is_own(seat, official):
        raise Http404
    organs = _organs_of(seat, cases)
    every = [one for one in bearers_of(organs, year, seat.today) if one.of != "holder"]
    page = read_year(cases, every, seat.viewer, seat.today, year, seat.language, official.pk)
    first = Organ.objects.filter(pk__in=organs).order_by("pk").first()
    shown = _context(seat, page, year)
    return seat.page(
        "leadership/duties.html",
        "home",
        _status(shown),
        title=official.name,
        organ=first,
        leaders=[],
        organ_said=organ_name(first, seat.language),
        **_leader_years(seat, official, year),
        **shown,
    )


def _is_own(seat: Seat, official: Official) -> bool:
    """Say whether a register is that of the person at this seat."""
    return seat.user.official_id == official.pk


def _organs_of(seat: Seat, cases: Iterable[Case]) -> set[int]:
    """Return the organs whose registers a leader stands in; those of the reader where none is."""
    holders = {case.holder_id for case in cases if case.holder_id}
    return holders or {organ for organ in seat.viewer.organs if organ}


# --- beginning what meets a duty ------------------------------------------------------------------
BEGUN_AT = {"inspection": ("plan", "desk:inspection_new")}
"""Procedures whose first step has a page of its own; what ends them asks for more than one act."""


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def begin(seat: Seat, kind: str, act: str) -> HttpResponse:
    """Open a case of a kind that discharges a recurring duty, such as an inspection, by its
    first act."""
    place = seat.organ.division_code if seat.organ else ""
    if seat.organ is None or kind not in _closing_kinds(seat, place):
        raise Http404
    file = blank_file(kind, place, seat.now)
    rule = file.kind.acts.get(act)
    if rule is None or rule.by == "system" or "new" not in rule.after:
        raise Http404
    back = reverse("desk:organ_duties", args=[seat.organ.code])
    way = Way(back, words_in(file.kind, seat.language), kind=kind)
    return answer(seat, file, rule, way)


def _closing_kinds(seat: Seat, place: str) -> set[str]:
    """Return the kinds of cases whose acts meet a duty of the register."""
    kinds = rulebooks.in_force(seat.today, place, seat.now).book.kinds
    register = kinds.get(REGISTER)
    if register is None:
        return set()
    found: set[str] = set()
    for duty in register.duties.values():
        found.update(closing.kind for closing in duty.closed_by if closing.kind in kinds)
    return found


def _begin_links(seat: Seat, line: RegisterLine) -> list[Link]:
    """Return where the act that meets the duty can be begun, for people of the organ itself."""
    if seat.organ is None or not _waiting(line):
        return []
    kinds = rulebooks.in_force(seat.today, seat.organ.division_code, seat.now).book.kinds
    links: dict[str, Link] = {}
    for closing in line.rule.closed_by:
        kind = kinds.get(closing.kind)
        if kind is not None and closing.act in kind.acts:
            for act in _first_acts(kind, closing):
                address = _begin_href(kind, act, closing)
                links[address] = Link(headline(act, seat.language), address)
    return list(links.values())


def _first_acts(kind: KindRule, closing: ClosedBy) -> list[ActRule]:
    """Return the acts by which a case is begun that ends in what meets the duty."""
    if kind.id in BEGUN_AT:
        act, _page = BEGUN_AT[kind.id]
        return [kind.acts[act]]
    last = kind.acts[closing.act]
    first = [last] if _opens(last) else [act for act in kind.acts.values() if _opens(act)]
    return [act for act in first if act.by != "system"]


def _opens(act: ActRule) -> bool:
    """Say whether an act opens a case."""
    return "new" in act.after


def _begin_href(kind: KindRule, act: ActRule, closing: ClosedBy) -> str:
    """Return the address of a first act; what the duty asks of the closing act is filled in where
    only one value meets it."""
    if kind.id in BEGUN_AT:
        _act, page = BEGUN_AT[kind.id]
        return reverse(page)
    address = reverse("desk:begin", args=[kind.id, act.id])
    given = {
        name: wanted[0]
        for name, wanted in closing.where.items()
        if len(wanted) == 1 and act.field_rule(name)
    }
    return f"{address}?{urlencode(given)}" if given else address


# --- the year -------------------------------------------------------------------------------------
def _year(seat: Seat) -> int:
    """Return the year asked for, this year where none is, never one outside the register."""
    text = seat.request.GET.get("year", "")
    year = int(text) if text.isdecimal() and len(text) == 4 else seat.today.year
    return min(max(year, FIRST_YEAR), seat.today.year)


def _organ_years(seat: Seat, organ: Organ, year: int) -> dict[str, Any]:
    """Return the addresses of the years beside one of an organ."""

    def found(other: int) -> bool:
        return _may_read(seat, organ, registers(seat.viewer, seat.today, other))

    return _years_beside(seat, year, reverse("desk:organ_duties", args=[organ.code]), found)


def _leader_years(seat: Seat, official: Official, year: int) -> dict[str, Any]:
    """Return the addresses of the years beside one of a leader."""

    def found(other: int) -> bool:
        visible = registers(seat.viewer, seat.today, other)
        return _is_own(seat, official) or bool(of_leader(visible, official))

    return _years_beside(seat, year, reverse("desk:leader_duties", args=[official.code]), found)


def _years_beside(
    seat: Seat, year: int, address: str, found: Callable[[int], bool]
) -> dict[str, Any]:
    """Return the addresses of the years before and after, "" where the reader would find no
    page."""
    shown = {}
    for name, other in (("before", year - 1), ("after", year + 1)):
        there = FIRST_YEAR <= other <= seat.today.year and found(other)
        shown[name] = f"{address}?year={other}" if there else ""
    return shown


def _context(seat: Seat, page: Year, year: int) -> dict[str, Any]:
    """Return what both pages show: the year as picture and table, and the standing duties."""
    shown = [_shown(seat, line) for line in page.lines]
    return {
        "year": year,
        "strip": _strip(seat, page, year) if page.lines else None,
        "shown": shown,
        "labels": _labels(seat, page),
        "silent": page.silent,
        "rail": _rail(seat, page),
    }


def _status(shown: Mapping[str, Any]) -> int:
    """Return the status of the page: an address that asks for an order there is not is refused."""
    labels: ListTable | None = shown["labels"]
    return labels.status if labels is not None else OK


def _labels(seat: Seat, page: Year) -> ListTable | None:
    """Return the list of the standing duties, None where there is none."""
    if not page.labels:
        return None
    return LABELS.shown(seat.request.GET, [_label(label) for label in page.labels])


def _label(label: Label) -> LabelLine:
    """Return a standing duty with the name of who answers for it and in which post."""
    who = f"{label.name}（{label.seat}）" if label.seat else label.name
    return LabelLine(label.title, label.basis, who, label.since, label.until)


def _often(line: RegisterLine, language: Language) -> str:
    """Return how often the duty comes back in words, and whether that is law or local."""
    if not line.local:
        return words_in(PERIODS[line.rule.clock.per], language)
    intervals = dict.fromkeys(period.local for period in line.periods)
    names = [words_in(PERIODS[one], language) for one in intervals if one in PERIODS]
    often = _("，后改为").join(names)
    return _("{often}（本地目标，条文没有数字）").format(often=often)


def _shown(seat: Seat, line: RegisterLine) -> Shown:
    """Return a duty of the table: how often it comes back, how each period stands, what can be
    begun."""
    rows = tuple(
        (period, _period_words(period, seat.language), _state_class(period))
        for period in line.periods
    )
    return Shown(line, _often(line, seat.language), rows, tuple(_begin_links(seat, line)))


def _period_words(period: PeriodLine, language: Language) -> str:
    """Return how a period stands in one sentence."""
    last = numeric(period.last, language)
    done = numeric(period.closed_on, language) if period.closed_on else ""
    words = {
        MET: _("{done} 履行"),
        SLOW: _("{last} 到期，{done} 才履行"),
        MISSED: _("{last} 到期，未履行"),
        AHEAD: _("{last} 到期"),
        ENDED: _("机关不再存续，作废"),
    }
    text = words[period.state].format(last=last, done=done)
    return text + _("（到期后录入，仅凭事后主张按时）") if period.by_claim else text


def _state_class(period: PeriodLine) -> str:
    """Return the class of the page that marks a period as late."""
    return "late" if period.state in (MISSED, SLOW) else ""


def _strip(seat: Seat, page: Year, year: int) -> YearStrip:
    """Return the picture of the year: a row for each duty, a mark for each period."""
    rows = tuple(_strip_row(seat, line, year) for line in page.lines)
    return YearStrip("duties", year, seat.today, rows)


def _strip_row(seat: Seat, line: RegisterLine, year: int) -> YearRow:
    """Return the row of a duty: a mark for each period that counts."""
    shown = [period for period in line.periods if period.state != ENDED]
    marks = tuple(_year_mark(seat, period, year) for period in shown)
    chinese = f"{line.title}（{line.seat}）" if line.seat else line.title
    title = words_in((chinese, line.title), seat.language)
    return YearRow(line.uid, title, line.basis, marks, line.local)


def _year_mark(seat: Seat, period: PeriodLine, year: int) -> YearMark:
    """Return the mark of a period in the month of its last day, in December where that lies in a
    later year."""
    month = min(period.last, date(year, 12, 31)).month
    words = _period_words(period, seat.language)
    return YearMark(month, _mark(period), words, period.last, f"#{period.uid}")


def _mark(period: PeriodLine) -> Any:  # noqa: ANN401  # one of the four words of a mark
    """Return how a period stands, as the picture marks it."""
    return {MET: "met", SLOW: "slow", MISSED: "missed"}.get(period.state, "open")


def _rail(seat: Seat, page: Year) -> DateRail:
    """Return the nearest day of what is not met yet."""
    label = _("最近的末日")
    waiting = []
    for line in page.lines:
        waiting += [(line, period) for period in _waiting(line)]
    if not waiting:
        return DateRail(label, seat.today, none_why=_("没有未履行的责任"))
    line, period = min(waiting, key=lambda pair: pair[1].last)
    return DateRail(
        label,
        seat.today,
        due=period.last,
        raw=period.last,
        what=line.title,
        how=f"#{period.uid}",
        statutory=not line.local,
    )


def _waiting(line: RegisterLine) -> list[PeriodLine]:
    """Return the periods of a duty in which it is not met yet."""
    return [period for period in line.periods if period.state in (AHEAD, MISSED)]
