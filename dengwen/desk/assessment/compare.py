"""Two schemes tried on the same days: who moves and why, before one of them is approved (S 10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dengwen.assessment.errors import AssessmentError
from dengwen.assessment.frozen import manifest
from dengwen.assessment.frozen.freeze import Frozen, Run
from dengwen.assessment.inputs import SCHEME, Drafted, drafted
from dengwen.assessment.interim_figures import trial
from dengwen.cases.wall.visibility import for_user
from dengwen.desk.assessment.assessments import Named, day_of, named
from dengwen.desk.assessment.board import group_said
from dengwen.desk.shell.frame.seat import ASSESSING, TAKING_IN, Seat, at_desk, case_href, organ_name
from dengwen.law.bilingual import words_in
from dengwen.law.indicators.comparison import Cause, Comparison, Move, Side, compare
from dengwen.law.indicators.indicator import Scheme
from dengwen.organs.models import Organ
from dengwen.oversight.statistics import newest_position

WHY = {
    "added": ("新增的指标", "a new indicator"),
    "removed": ("取消的指标", "no longer an indicator"),
    "weight": ("权重改了", "its weight changed"),
    "floor": ("最低数量改了", "its floor changed"),
    "definition": ("数法改了", "it counts otherwise"),
    "rule": ("补录、导入的算法改了", "late-entered or imported facts count otherwise"),
    "others": ("其他指标的权重改了", "the weights of others changed"),
}
SETTINGS = {
    "resolution": ("总分相差多少才分先后", "what totals must differ by"),
    "z": ("区间的宽度", "width of intervals"),
    "saturation": ("饱和", "saturation"),
    "least_weight": ("至少要有的权重", "least weight"),
    "late_entered": ("补录", "entered late"),
    "imported": ("历史导入", "imported"),
    "groups": ("分组", "groups"),
}
MOST_WRITTEN = 12
"""Organs named in the text that is carried into the act of trying."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One cause in words: the indicator, the points with their sign, why, the integers before
    and after."""

    title: str
    points: str
    why: str
    integers: str


@dataclass(frozen=True, slots=True)
class Line:
    """One organ under both schemes, in words."""

    name: str
    group: str
    totals: tuple[str, str]
    change: str
    places: tuple[str, str]
    moves: bool
    reasons: tuple[Reason, ...]


@require_safe
@at_desk
def comparison(seat: Seat) -> HttpResponse:
    """Show who moves from one scheme to another over the same past days, and why; printable."""
    if seat.organ is None or not seat.roles & ASSESSING or not seat.capacities & TAKING_IN:
        raise Http404
    said = seat.request.GET
    mine = (
        for_user(seat.viewer, seat.today)
        .filter(kind=SCHEME, holder=seat.organ)
        .exclude(state="dropped")
    )
    schemes = [drafted(case) for case in mine.order_by("-opened_on", "number")]
    old, new = (
        next((s for s in schemes if s.case.number == said.get(name)), None)
        for name in ("old", "new")
    )
    first, last = day_of(said.get("first", "")), day_of(said.get("last", ""))
    shown: dict[str, Any] = {}
    if old is not None and new is not None and first and last and first <= last <= seat.today:
        shown = _compared(seat, old, new, first, last)
    return seat.page(
        "assessment/compare.html",
        "assessments",
        schemes=[Named(s, named(seat, s)) for s in schemes],
        old=old,
        new=new,
        first=said.get("first", ""),
        last=said.get("last", ""),
        **shown,
    )


def _compared(seat: Seat, old: Drafted, new: Drafted, first: date, last: date) -> dict[str, Any]:
    position = newest_position()
    try:
        frozen = [trial(Run(one.body, first, last, position)) for one in (old, new)]
    except AssessmentError as error:
        return {"trouble": words_in(error, seat.language)}
    schemes = [manifest.scheme_of(one.body) for one in (old, new)]
    found = compare(*(_side(scheme, one) for scheme, one in zip(schemes, frozen, strict=True)))
    organs = {
        o.pk: organ_name(o, seat.language)
        for o in Organ.objects.filter(pk__in=[m.organ for m in found.moves])
    }
    lines = [_line(seat, organs.get(m.organ, ""), m, schemes) for m in found.moves]
    return {
        "compared": True,
        "lines": lines,
        "movers": sum(line.moves for line in lines),
        "position": position,
        "settings": [
            (words_in(SETTINGS[s.name], seat.language), s.before, s.after) for s in found.settings
        ],
        "changed": [
            (_title(seat, schemes, n), _differences(seat, schemes, n, why))
            for n, why in found.changed
        ],
        "first_day": first,
        "last_day": last,
        "digests": [one.digest for one in (old, new)],
        "dry_run": _dry_run(new, (first, last, position), frozen[1], _text(found, organs)),
    }


def _side(scheme: Scheme, frozen: Frozen) -> Side:
    return Side(
        scheme, manifest.from_list(frozen.manifest["counts"]), manifest.organs_in(frozen.folder)
    )


def _dry_run(new: Drafted, days: tuple[date, date, int], frozen: Frozen, moves: str) -> str:
    """Return where the trial is entered in the case of the new scheme, "" where that stage is
    over."""
    if new.case.state not in ("drafted", "consulted"):
        return ""
    first, last, position = days
    given = {
        "first": first,
        "last": last,
        "position": position,
        "scores": frozen.manifest["scores_sha256"],
        "moves": moves,
    }
    return f"{case_href(new.case.number, 'dry_run')}?{urlencode(given)}"


def _text(found: Comparison, organs: dict[int, str]) -> str:
    """Return who moves in words, for the file: the act of trying keeps it."""
    said = []
    for move in [m for m in found.moves if m.moves][:MOST_WRITTEN]:
        places = "→".join(str(r) if r else "不排名" for r in move.rank)
        why = "、".join(f"{c.indicator} {_signed(str(c.points))}" for c in move.causes[:3])
        said.append(f"{organs.get(move.organ, '')} 位次 {places}（{why}）")
    return "；".join(said) or "没有机关的位次变动"


def _line(seat: Seat, name: str, move: Move, schemes: Sequence[Scheme]) -> Line:
    totals = tuple(str(t) if t is not None else "—" for t in move.total)
    places = tuple(str(r) if r else _("不排名") for r in move.rank)
    groups = [
        group_said(seat, scheme, group) for scheme, group in zip(schemes, move.group, strict=True)
    ]
    group = groups[0] if groups[0] == groups[1] else " → ".join(groups)
    reasons = tuple(_reason(seat, cause, schemes) for cause in move.causes)
    change = "—" if move.change is None else _signed(str(move.change))
    return Line(
        name, group, (totals[0], totals[1]), change, (places[0], places[1]), move.moves, reasons
    )


def _reason(seat: Seat, cause: Cause, schemes: Sequence[Scheme]) -> Reason:
    integers = [f"{p[0]}/{p[1]}" if p else "—" for p in (cause.before, cause.after)]
    shown = integers[0] if integers[0] == integers[1] else " → ".join(integers)
    return Reason(
        _title(seat, schemes, cause.indicator),
        _signed(str(cause.points)),
        _why(seat, cause.why),
        shown,
    )


def _why(seat: Seat, why: Sequence[str]) -> str:
    return _("、").join(words_in(WHY[word], seat.language) for word in why)


def _differences(seat: Seat, schemes: Sequence[Scheme], name: str, why: Sequence[str]) -> str:
    """Return in which ways an indicator differs, weights and floors with the numbers before and
    after."""
    pair = [next((i for i in scheme.indicators if i.id == name), None) for scheme in schemes]
    said = []
    for word in why:
        numbers = (
            [getattr(one, word) for one in pair if one is not None]
            if word in ("weight", "floor")
            else []
        )
        said.append(
            _why(seat, [word])
            + (f" {numbers[0]} → {numbers[1]}" if len(numbers) == len(pair) else "")
        )
    return _("、").join(said)


def _title(seat: Seat, schemes: Sequence[Scheme], name: str) -> str:
    one = next(i for scheme in reversed(schemes) for i in scheme.indicators if i.id == name)
    return words_in(one, seat.language)


def _signed(number: str) -> str:
    return number if number.startswith("-") else f"+{number}"
