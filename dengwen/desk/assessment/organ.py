"""The figures of one organ in an assessment: by quarter and month, and the cases behind each,
through the wall."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from dengwen.assessment.facts.entry_modes import Share
from dengwen.assessment.facts.fact_words import entered_words, outcome_words
from dengwen.assessment.frozen import manifest
from dengwen.assessment.frozen.frozen_tables import Fact
from dengwen.assessment.inputs import Assessment
from dengwen.assessment.interim_figures import behind, figures_of, months, row_of
from dengwen.cases.wall.visibility import for_user
from dengwen.desk.assessment.assessments import asked_one, is_own
from dengwen.desk.assessment.board import RATED, is_mine
from dengwen.desk.assessment.fact_lines import KINDS, Pages, excluded, pages_of
from dengwen.desk.assessment.flags import compared_with, raised
from dengwen.desk.assessment.portrait import apart, pictures
from dengwen.desk.assessment.scoreboard import confidence, every_month, trend
from dengwen.desk.shell.act.code_words import quarter_words
from dengwen.desk.shell.act.submit import zh
from dengwen.desk.shell.frame.seat import Seat, at_desk, case_href, organ_name
from dengwen.law.bilingual import headline
from dengwen.law.indicators.indicator import LOWER, UNPROVED, Indicator, Scheme
from dengwen.organs.models import Organ
from dengwen.oversight.statistics import newest_position

MOST_LISTED = 200
"""Facts listed under one indicator on a page of its list; links lead to the others."""
SHORT = 10
"""Facts of one indicator that are shown at once; a longer list is folded under how many there
are."""


@require_safe
@at_desk
def organ_figures(seat: Seat, number: str, code: str) -> HttpResponse:
    """Show the figures of an organ and, for itself and the assessor, the cases behind each,
    through the wall."""
    one = asked_one(seat, number)
    organ = Organ.objects.filter(code=code, pk__in=one.organs).first()
    if organ is None or not (is_own(seat, one) or is_mine(seat, organ.pk)):
        raise Http404
    frozen = figures_of(one, newest_position())
    scheme, period = (
        manifest.scheme_of(frozen.manifest["scheme"]["body"]),
        manifest.period_of(frozen.manifest),
    )
    visible = for_user(seat.viewer, seat.today).filter(protected=False)
    chosen, quarters, sections = seat.request.GET.get("quarter", ""), set(), []
    unfolded = bool(chosen) or seat.request.GET.get("lists") == "open"
    for indicator in scheme.indicators:
        if indicator.denominator.kind in RATED:
            continue
        out = excluded(frozen.manifest, indicator.id)
        found = [
            (f, f.id not in out and _earns(scheme, indicator, f, is_in))
            for f, is_in in behind(frozen, organ.pk, indicator, period)
        ]
        facts = sorted(found, key=lambda pair: (pair[0].day, pair[0].id))
        shares = _by_quarter([pair for pair in facts if pair[0].id not in out])
        quarters |= set(shares)
        shown = [(f, good) for f, good in facts if not chosen or quarter_of(f.day) == chosen]
        pages = pages_of(seat, indicator.id, len(shown), MOST_LISTED)
        listed = shown[pages.first : pages.last]
        numbers = dict(
            visible.filter(pk__in={f.case for f, _ in listed}).values_list("pk", "number")
        )
        lines = [
            _line(seat, one, organ, indicator.id, fact, good, numbers, out) for fact, good in listed
        ]
        words = headline(indicator, seat.language)
        good = sum(done for _fact, done in shown)
        unfold = unfolded or len(shown) <= SHORT or seat.request.GET.get("of") == indicator.id
        left = sum(fact.id in out for fact, _good in shown)
        fewer = indicator.direction == LOWER
        counted = len(shown) - left
        sections.append(
            Section(indicator.id, words, counted, good, left, pages, shares, lines, fewer, unfold)
        )
    monthly = months(frozen, organ.pk)
    by_month = every_month(
        {month: (share.good, share.every.number) for month, share in monthly.items()}
    )
    aside = {month: apart(monthly[month].every) if month in monthly else "" for month in by_month}
    told = zh(seat, "；", "; ").join(
        f"{month:%Y-%m} {good}/{every}" + (aside[month] and f" ({aside[month]})")
        for month, (good, every) in by_month.items()
    )
    drawn = (zh(seat, "按月按期办结", "concluded in time by month"), told)
    return seat.page(
        "assessment/organ.html",
        "assessments",
        one=one,
        name=organ_name(organ, seat.language),
        sections=sections,
        total=row_of(frozen.manifest, organ.pk),
        back=reverse("desk:assessment", args=[number]),
        by_month=[(m, good, every, aside[m]) for m, (good, every) in by_month.items()],
        chosen=chosen,
        raise_words=zh(seat, "提出异议", "Object")
        if is_mine(seat, organ.pk)
        else zh(seat, "提出排除", "Leave it out"),
        quarters=[(q, quarter_words(seat, *map(int, q.split("-")))) for q in sorted(quarters)],
        by_quarter=[
            (s, [(q, _shown(s.shares.get(q))) for q in sorted(quarters)])
            for s in sections
            if s.shares
        ],
        pictures=pictures(seat, frozen, organ.pk, period.last),
        shows_flags=True,
        flags=raised(seat, scheme, frozen.manifest, {organ.pk: organ_name(organ, seat.language)}),
        flags_past=compared_with(frozen.manifest),
        charts=[mark_safe(trend(by_month, drawn, wide=wide)) for wide in (True, False)],  # noqa: S308  # our own SVG
        level=confidence(scheme.rounding.z),
        folded=any(not s.unfold for s in sections),
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One fact behind a figure: its case where the wall lets it be seen, and where to object or
    to leave it out."""

    fact: Fact
    good: bool
    number: str
    href: str
    kind: str
    outcome: str
    entered: str
    more: str
    out: str


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


def _line(
    seat: Seat,
    one: Assessment,
    organ: Organ,
    indicator: str,
    fact: Fact,
    good: bool,
    numbers: dict[int, str],
    out: Mapping[int, str],
) -> Line:
    chinese, number = seat.language == "zh", numbers.get(fact.case, "")
    return Line(
        fact,
        good,
        number,
        case_href(number) if number else "",
        zh(seat, *KINDS.get(fact.kind, (fact.kind,) * 2)),
        outcome_words(fact.kind, fact.outcome, zh=chinese),
        entered_words(fact.entered, zh=chinese),
        _objecting(seat, one, organ, fact.id, indicator),
        out.get(fact.id, ""),
    )


def _earns(scheme: Scheme, indicator: Indicator, fact: Fact, counted: bool) -> bool:
    """Say whether a fact earns points: in the numerator, or outside it where fewer is better;
    not late and unproved."""
    unproved = scheme.late_entered == UNPROVED and fact.entered == "late"
    return counted == (indicator.direction != LOWER) and not unproved


def quarter_of(day: date) -> str:
    """Return the quarter of a day, such as 2025-1."""
    return f"{day.year}-{(day.month + 2) // 3}"


def _by_quarter(facts: Sequence[tuple[Fact, bool]]) -> dict[str, Share]:
    """Return by quarter how many facts are good, and how many there are."""
    found: dict[str, Share] = {}
    for fact, good in facts:
        quarter = quarter_of(fact.day)
        found[quarter] = found.get(quarter, Share()).more(good, fact.entered)
    return found


def _shown(share: Share | None) -> tuple[int, int, str] | None:
    """Return a share for its cell: how many went well, of how many, and which of these are
    counted apart."""
    return None if share is None else (share.good, share.every.number, apart(share.every))


def _objecting(seat: Seat, one: Assessment, organ: Organ, fact: int, indicator: str) -> str:
    """Return where this organ objects to a fact, or the assessor proposes to leave it out, ""
    where neither is open."""
    if is_mine(seat, organ.pk) and one.case.state == "sent":
        query = {"objection": len(one.objections) + 1, "fact": fact, "indicator": indicator}
        return f"{case_href(one.case.number, 'object')}?{urlencode(query)}"
    if is_own(seat, one) and one.case.state == "opened":
        query = {"number": len(one.exclusions) + 1, "fact": fact, "indicator": indicator}
        return f"{case_href(one.case.number, 'exclude')}?{urlencode(query)}"
    return ""
