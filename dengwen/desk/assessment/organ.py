"""The figures of one organ in an assessment: by quarter and month, and the cases behind each,
through the wall."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dengwen.assessment.facts.entry_modes import Share
from dengwen.assessment.facts.fact_words import outcome_pair
from dengwen.assessment.frozen import manifest
from dengwen.assessment.frozen.freeze import Frozen
from dengwen.assessment.frozen.frozen_tables import Fact
from dengwen.assessment.inputs import Assessment
from dengwen.assessment.interim_figures import behind, excuses_of, figures_of, months, row_of
from dengwen.desk.assessment.assessment_page import asked_one, is_own
from dengwen.desk.assessment.board import RATED, is_mine
from dengwen.desk.assessment.fact_lines import (
    Pages,
    case_numbers,
    excluded,
    kind_words,
    pages_of,
    said_entry,
    said_outcome,
)
from dengwen.desk.assessment.flags import compared_with, raised
from dengwen.desk.assessment.portrait import apart, pictures
from dengwen.desk.assessment.scoreboard import confidence, every_month, trend
from dengwen.desk.shell.act.code_words import quarter_words
from dengwen.desk.shell.frame.seat import Seat, at_desk, case_href, organ_name
from dengwen.law.bilingual import headline, words_in
from dengwen.law.duties.excuse import claimed_words
from dengwen.law.indicators.indicator import LOWER, UNPROVED, Indicator, Scheme
from dengwen.organs.models import Organ
from dengwen.oversight.statistics import newest_position

MOST_LISTED = 200
"""Facts listed under one indicator on a page of its list; links lead to the others."""
SHORT = 10
"""Facts of one indicator that are shown at once; a longer list is folded under how many there
are."""


@dataclass(frozen=True, slots=True)
class Line:
    """One fact behind a figure: its case where the wall lets it be seen, where to object or to
    leave it out, and what was claimed afterwards."""

    fact: Fact
    good: bool
    number: str
    href: str
    kind: str
    outcome: str
    entered: str
    more: str
    out: str
    claims: list[str]


@dataclass(frozen=True, slots=True)
class Section:
    """One indicator of an organ: how many facts count, good ones, left out ones; pages, shares by
    quarter, lines.

    `good` is what earns points: where fewer is better, what did not happen. `unfold`: the list is
    shown at once.
    """

    id: str
    title: str
    count: int
    good: int
    left: int
    pages: Pages
    shares: dict[str, Share]
    lines: list[Line]
    fewer: bool
    unfold: bool


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which figures are asked for: of which organ in which assessment, and by whom."""

    seat: Seat
    one: Assessment
    organ: Organ
    frozen: Frozen
    scheme: Scheme
    excuses: Mapping[tuple[int, date], Sequence[Fact]]

    @property
    def quarter(self) -> str:
        """The quarter the lists are of, such as 2025-1; "" for all."""
        return self.seat.request.GET.get("quarter", "")

    def unfolds(self, indicator: str, facts: int) -> bool:
        """Say whether the list of an indicator is shown at once: a short one, or one asked for."""
        asked = self.seat.request.GET
        if self.quarter or asked.get("lists") == "open" or asked.get("of") == indicator:
            return True
        return facts <= SHORT


@dataclass(frozen=True, slots=True)
class _Behind:
    """One fact behind an indicator: whether it earns points, and why it was left out ("" where it
    counts)."""

    fact: Fact
    good: bool
    out: str


@require_safe
@at_desk
def organ_figures(seat: Seat, number: str, code: str) -> HttpResponse:
    """Show the figures of an organ and, for itself and the assessor, the cases behind each,
    through the wall."""
    one = asked_one(seat, number)
    organ = _organ_assessed(seat, one, code)
    frozen = figures_of(one, newest_position())
    scheme = manifest.scheme_of(frozen.manifest["scheme"]["body"])
    asked = _Asked(seat, one, organ, frozen, scheme, excuses_of(frozen, organ.pk))
    name = organ_name(organ, seat.language)
    sections = _sections(asked)
    last_day = manifest.period_of(frozen.manifest).last
    return seat.page(
        "assessment/organ.html",
        "assessments",
        one=one,
        name=name,
        sections=sections,
        folded=any(not section.unfold for section in sections),
        total=row_of(frozen.manifest, organ.pk),
        level=confidence(scheme.rounding.z),
        back=reverse("desk:assessment", args=[number]),
        raise_words=_raise_words(seat, organ),
        pictures=pictures(seat, frozen, organ.pk, last_day),
        shows_flags=True,
        flags=raised(seat, scheme, frozen.manifest, {organ.pk: name}),
        flags_past=compared_with(frozen.manifest),
        **_by_month(asked),
        **_by_quarter(asked, sections),
    )


def _organ_assessed(seat: Seat, one: Assessment, code: str) -> Organ:
    """Return an organ of the assessment whose figures this seat may read: its own, or any for the
    assessor; 404 for every other."""
    organ = Organ.objects.filter(code=code, pk__in=one.organs).first()
    if organ is None or not (is_own(seat, one) or is_mine(seat, organ.pk)):
        raise Http404
    return organ


def _raise_words(seat: Seat, organ: Organ) -> str:
    """Return what the link beside a fact says: the organ objects, the assessor leaves out."""
    return _("提出异议") if is_mine(seat, organ.pk) else _("提出排除")


# --- by month and by quarter ----------------------------------------------------------------------
def _by_month(asked: _Asked) -> dict[str, Any]:
    """Return what was concluded in time by month: the table, and its picture for wide pages and
    for phones."""
    monthly = months(asked.frozen, asked.organ.pk)
    counts = {month: (share.good, share.every.number) for month, share in monthly.items()}
    by_month = every_month(counts)
    rows = []
    for month, (good, every) in by_month.items():
        aside = apart(monthly[month].every) if month in monthly else ""
        rows.append((month, good, every, aside))
    return {"by_month": rows, "charts": _charts(by_month, rows)}


def _charts(
    by_month: Mapping[date, tuple[int, int]], rows: Iterable[tuple[date, int, int, str]]
) -> list[SafeString]:
    """Return the picture of the months, wide and narrow, described by the rows of its table."""
    described = _("；").join(_month_words(*row) for row in rows)
    said = (_("按月按期办结"), described)
    wide = trend(by_month, said, wide=True)
    narrow = trend(by_month, said, wide=False)
    return [mark_safe(wide), mark_safe(narrow)]  # noqa: S308  # our own SVG


def _month_words(month: date, good: int, every: int, aside: str) -> str:
    """Return one month as the description of the picture says it."""
    more = f" ({aside})" if aside else ""
    return f"{month:%Y-%m} {good}/{every}{more}"


def _by_quarter(asked: _Asked, sections: Sequence[Section]) -> dict[str, Any]:
    """Return the table by quarter: a row for each indicator with a fact, a column for each
    quarter with one."""
    quarters: set[str] = set()
    for section in sections:
        quarters.update(section.shares)
    columns = sorted(quarters)
    rows = []
    for section in sections:
        if section.shares:
            cells = [(quarter, _shown(section.shares.get(quarter))) for quarter in columns]
            rows.append((section, cells))
    return {
        "chosen": asked.quarter,
        "quarters": [(quarter, _quarter_words(asked.seat, quarter)) for quarter in columns],
        "by_quarter": rows,
    }


def _quarter_words(seat: Seat, quarter: str) -> str:
    """Return a quarter such as 2025-1 in words."""
    year, number = quarter.split("-")
    return quarter_words(seat, int(year), int(number))


def _shown(share: Share | None) -> tuple[int, int, str] | None:
    """Return a share for its cell: how many went well, of how many, and which of these are
    counted apart."""
    if share is None:
        return None
    return share.good, share.every.number, apart(share.every)


def quarter_of(day: date) -> str:
    """Return the quarter of a day, such as 2025-1."""
    return f"{day.year}-{(day.month + 2) // 3}"


# --- the facts behind each indicator --------------------------------------------------------------
def _sections(asked: _Asked) -> list[Section]:
    """Return the indicators in the order of the scheme, without those that would tell who rated."""
    return [
        _section(asked, indicator)
        for indicator in asked.scheme.indicators
        if indicator.denominator.kind not in RATED
    ]


def _section(asked: _Asked, indicator: Indicator) -> Section:
    """Return one indicator with a page of the facts behind it, of the quarter asked for."""
    facts = _facts_behind(asked, indicator)
    shown = [one for one in facts if asked.quarter in ("", quarter_of(one.fact.day))]
    pages = pages_of(asked.seat, indicator.id, len(shown), MOST_LISTED)
    left_out = [one for one in shown if one.out]
    good = [one for one in shown if one.good]
    return Section(
        id=indicator.id,
        title=headline(indicator, asked.seat.language),
        count=len(shown) - len(left_out),
        good=len(good),
        left=len(left_out),
        pages=pages,
        shares=_shares(facts),
        lines=_lines(asked, indicator.id, shown[pages.first : pages.last]),
        fewer=indicator.direction == LOWER,
        unfold=asked.unfolds(indicator.id, len(shown)),
    )


def _facts_behind(asked: _Asked, indicator: Indicator) -> list[_Behind]:
    """Return the facts an indicator counts for the organ and those left out of it, by day."""
    said = asked.frozen.manifest
    reasons = excluded(said, indicator.id)
    period = manifest.period_of(said)
    found = []
    for fact, counted in behind(asked.frozen, asked.organ.pk, indicator, period):
        out = reasons.get(fact.id, "")
        good = _earns(asked.scheme, indicator, fact, counted)
        found.append(_Behind(fact, good and not out, out))
    found.sort(key=lambda one: (one.fact.day, one.fact.id))
    return found


def _earns(scheme: Scheme, indicator: Indicator, fact: Fact, counted: bool) -> bool:
    """Say whether a fact earns points: in the numerator, or outside it where fewer is better;
    not late and unproved."""
    if scheme.late_entered == UNPROVED and fact.entered == "late":
        return False
    return not counted if indicator.direction == LOWER else counted


def _shares(facts: Iterable[_Behind]) -> dict[str, Share]:
    """Return by quarter how many facts are good, and how many count."""
    found: dict[str, Share] = {}
    for one in facts:
        if one.out:
            continue
        quarter = quarter_of(one.fact.day)
        share = found.get(quarter, Share())
        found[quarter] = share.more(one.good, one.fact.entered)
    return found


def _lines(asked: _Asked, indicator: str, listed: Sequence[_Behind]) -> list[Line]:
    """Return facts as lines of the list, with the numbers of the cases the wall lets be seen."""
    numbers = case_numbers(asked.seat, {one.fact.case for one in listed})
    return [_line(asked, indicator, one, numbers) for one in listed]


def _line(asked: _Asked, indicator: str, one: _Behind, numbers: Mapping[int, str]) -> Line:
    """Return a fact as a line: in words, with its case where the wall lets it be seen."""
    seat, fact = asked.seat, one.fact
    number = numbers.get(fact.case, "")
    return Line(
        fact=fact,
        good=one.good,
        number=number,
        href=case_href(number) if number else "",
        kind=kind_words(fact.kind),
        outcome=said_outcome(seat, fact.kind, fact.outcome),
        entered=said_entry(seat, fact.entered),
        more=_objecting(asked, fact.id, indicator),
        out=one.out,
        claims=_claims(asked, fact),
    )


EXCUSED = frozenset({"conclusion", "execution"})
"""The kinds of facts beside which it is said what was entered afterwards to excuse them."""


def _claims(asked: _Asked, fact: Fact) -> list[str]:
    """Return what was entered after the last day to excuse a fact: it earns nothing, and whoever
    judges sees it."""
    if fact.kind not in EXCUSED:
        return []
    language = asked.seat.language
    return [
        words_in(claimed_words(outcome_pair(one.kind, one.outcome), one.sort, one.day), language)
        for one in asked.excuses.get((fact.case, fact.day), ())
    ]


def _objecting(asked: _Asked, fact: int, indicator: str) -> str:
    """Return where this organ objects to a fact, or the assessor proposes to leave it out, ""
    where neither is open."""
    one, seat = asked.one, asked.seat
    about = {"fact": fact, "indicator": indicator}
    if is_mine(seat, asked.organ.pk) and one.case.state == "sent":
        query = {"objection": len(one.objections) + 1, **about}
        href = case_href(one.case.number, "object")
        return f"{href}?{urlencode(query)}"
    if is_own(seat, one) and one.case.state == "opened":
        query = {"number": len(one.exclusions) + 1, **about}
        href = case_href(one.case.number, "exclude")
        return f"{href}?{urlencode(query)}"
    return ""
