"""The register pages (责任台账): what an organ or a leader owes in a year, month by month, and what
became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
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
from dengwen.organs.models import Official, Organ, Post
from dengwen.organs.structure.posts_held import led_on
from dengwen.ui.components import DateRail, Link, YearMark, YearRow, YearStrip
from dengwen.ui.dates import numeric

FIRST_YEAR = 2005


@dataclass(frozen=True)
class Shown:
    """One duty on the page, with its periods in words."""

    line: RegisterLine
    often: str
    rows: tuple[tuple[PeriodLine, str, str], ...]
    begin: tuple[Link, ...]


@require_safe
@at_desk
def organ_duties(seat: Seat, code: str) -> HttpResponse:
    """Show what an organ owes in a year: to its own people, and to those who follow it up."""
    organ = Organ.objects.filter(code=code).order_by("-valid_from", "-pk").first()
    year = _year(seat)
    visible = registers(seat.viewer, seat.today, year)
    if organ is None or not (
        organ.pk in seat.viewer.organs or visible.filter(holder=organ).exists()
    ):
        raise Http404
    every = bearers_of([organ.pk], year, seat.today)
    page = read_year(of_organ(visible, organ), every, seat.viewer, seat.today, year, seat.language)
    leaders = [
        (
            Link(a.official.name, _leader_href(seat, visible, a.official, year)),
            _post(a.post, seat.language),
        )
        for a in led_on(organ, min(seat.today, date(year, 12, 31)))
    ]
    address = reverse("desk:organ_duties", args=[organ.code])
    title = organ_name(organ, seat.language)
    words = _context(seat, page, year, address)
    return seat.page(
        "leadership/duties.html",
        "home",
        title=title,
        organ=organ,
        organ_said=title,
        leaders=leaders,
        **words,
    )


def _leader_href(seat: Seat, visible: QuerySet[Case], official: Official, year: int) -> str:
    """Return the address of a leader's register, "" where this seat would find no such page."""
    if seat.user.official_id != official.pk and not of_leader(visible, official):
        return ""
    return f"{reverse('desk:leader_duties', args=[official.code])}?year={year}"


@require_safe
@at_desk
def leader_duties(seat: Seat, code: str) -> HttpResponse:
    """Show what a leader owes in a year, in every post and field of work the reader may see."""
    official = Official.objects.filter(code=code).first()
    year = _year(seat)
    if official is None:
        raise Http404
    cases = of_leader(registers(seat.viewer, seat.today, year), official)
    if not cases and seat.user.official_id != official.pk:
        raise Http404
    organs = {c.holder_id for c in cases if c.holder_id} or {o for o in seat.viewer.organs if o}
    every = [b for b in bearers_of(organs, year, seat.today) if b.of != "holder"]
    page = read_year(cases, every, seat.viewer, seat.today, year, seat.language, official.pk)
    address = reverse("desk:leader_duties", args=[official.code])
    own = Organ.objects.filter(pk__in=organs).order_by("pk").first()
    return seat.page(
        "leadership/duties.html",
        "home",
        title=official.name,
        organ=own,
        leaders=[],
        organ_said=organ_name(own, seat.language),
        **_context(seat, page, year, address),
    )


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
    return answer(
        seat,
        file,
        rule,
        Way(back, words_in(file.kind, seat.language), kind=kind),
    )


def _closing_kinds(seat: Seat, place: str) -> frozenset[str]:
    kinds = rulebooks.in_force(seat.today, place, seat.now).book.kinds
    register = kinds.get(REGISTER)
    named = {c.kind for d in register.duties.values() for c in d.closed_by} if register else set()
    return frozenset(named & set(kinds))


def _year(seat: Seat) -> int:
    text = seat.request.GET.get("year", "")
    year = int(text) if text.isdecimal() and len(text) == 4 else seat.today.year
    return min(max(year, FIRST_YEAR), seat.today.year)


def _context(seat: Seat, page: Year, year: int, address: str) -> dict[str, Any]:
    shown = [_shown(seat, line) for line in page.lines]
    return {
        "year": year,
        "strip": _strip(seat, page, year) if page.lines else None,
        "shown": shown,
        "labels": [_label(label) for label in page.labels],
        "silent": page.silent,
        "rail": _rail(seat, page),
        "before": f"{address}?year={year - 1}" if year > FIRST_YEAR else "",
        "after": f"{address}?year={year + 1}" if year < seat.today.year else "",
    }


def _post(post: Post, language: Language) -> str:
    return post.title_en if language == "en" and post.title_en else post.title_zh


def _label(label: Label) -> tuple[Label, str]:
    return label, f"{label.name}（{label.seat}）" if label.seat else label.name


def _often(line: RegisterLine, language: Language) -> str:
    """Return how often the duty comes back in words, and whether that is law or local."""
    index = 0 if language == "zh" else 1
    if not line.local:
        return PERIODS[line.rule.clock.per][index]
    names = list(dict.fromkeys(PERIODS[p.local][index] for p in line.periods if p.local in PERIODS))
    text = ("，后改为" if language == "zh" else ", later ").join(names)
    return (
        f"{text}（本地目标，条文只写“定期”）"
        if language == "zh"
        else f"{text} (local target; the text has no number)"
    )


def _shown(seat: Seat, line: RegisterLine) -> Shown:
    rows = tuple(
        (period, _said(period, seat.language), _state_class(period)) for period in line.periods
    )
    return Shown(line, _often(line, seat.language), rows, tuple(_ways(seat, line)))


def _ways(seat: Seat, line: RegisterLine) -> list[Link]:
    """Return where the act that meets the duty can be begun, for people of the organ itself."""
    organ = seat.organ
    if organ is None or not any(p.state in (AHEAD, MISSED) for p in line.periods):
        return []
    kinds = rulebooks.in_force(seat.today, organ.division_code, seat.now).book.kinds
    found = {}
    for closing in line.rule.closed_by:
        kind = kinds.get(closing.kind)
        last = kind.acts.get(closing.act) if kind else None
        if kind is None or last is None:
            continue
        if closing.kind in BEGUN_AT:
            act, address = kind.acts[BEGUN_AT[closing.kind][0]], reverse(BEGUN_AT[closing.kind][1])
            found[address] = Link(headline(act, seat.language), address)
            continue
        first = (
            [last] if "new" in last.after else [a for a in kind.acts.values() if "new" in a.after]
        )
        for act in (a for a in first if a.by != "system"):
            address = reverse("desk:begin", args=[closing.kind, act.id])
            given = {name: wanted[0] for name, wanted in closing.where.items() if len(wanted) == 1}
            query = urlencode({k: v for k, v in given.items() if act.field_rule(k)})
            text = headline(act, seat.language)
            found[address] = Link(text, f"{address}?{query}" if query else address)
    return list(found.values())


def _said(period: PeriodLine, language: Language) -> str:
    """Return how a period stands in one sentence."""
    zh = language == "zh"
    last = numeric(period.last, language)
    done = numeric(period.closed_on, language) if period.closed_on else ""
    words = {
        MET: (f"{done} 履行", f"met on {done}"),
        SLOW: (f"{last} 到期，{done} 才履行", f"due {last}, met only on {done}"),
        MISSED: (f"{last} 到期，未履行", f"due {last}, not met"),
        AHEAD: (f"{last} 到期", f"due {last}"),
        ENDED: ("机关不再存续，作废", "void: the organ ended"),
    }
    text = words[period.state][0 if zh else 1]
    if period.by_claim:
        text += _("（到期后录入，仅凭声称按时）")
    return text


def _state_class(period: PeriodLine) -> str:
    return "late" if period.state in (MISSED, SLOW) else ""


def _strip(seat: Seat, page: Year, year: int) -> YearStrip:
    rows = []
    for line in page.lines:
        marks = tuple(
            YearMark(
                min(p.last, date(year, 12, 31)).month,
                _mark(p),
                _said(p, seat.language),
                p.last,
                f"#{p.uid}",
            )
            for p in line.periods
            if p.state != ENDED
        )
        title = (
            f"{line.title}（{line.seat}）" if line.seat and seat.language == "zh" else line.title
        )
        rows.append(YearRow(line.uid, title, line.basis, marks, line.local))
    return YearStrip("duties", year, seat.today, tuple(rows))


def _mark(period: PeriodLine) -> Any:  # noqa: ANN401  # one of the four words of a mark
    return {MET: "met", SLOW: "slow", MISSED: "missed"}.get(period.state, "open")


def _rail(seat: Seat, page: Year) -> DateRail:
    label = _("最近的末日")
    ahead = [
        (p.last, line, p) for line in page.lines for p in line.periods if p.state in (AHEAD, MISSED)
    ]
    if not ahead:
        return DateRail(label, seat.today, none_why=_("没有未履行的责任"))
    day, line, period = min(ahead, key=lambda one: one[0])
    return DateRail(
        label, seat.today, day, day, line.title, f"#{period.uid}", statutory=not line.local
    )
