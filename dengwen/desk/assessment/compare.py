"""Two schemes tried on the same days: who moves and why, before one of them is approved (S 10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from dengwen.assessment.errors import AssessmentError
from dengwen.assessment.frozen import manifest
from dengwen.assessment.frozen.freeze import Frozen, Run
from dengwen.assessment.inputs import Drafted
from dengwen.assessment.interim_figures import trial
from dengwen.desk.assessment.assessments import assessing_organ
from dengwen.desk.assessment.board import group_said, organ_names
from dengwen.desk.assessment.choose import own_schemes, scheme_numbered, with_names
from dengwen.desk.shell.frame.seat import TAKING_IN, Seat, at_desk, case_href
from dengwen.law.bilingual import words_in
from dengwen.law.indicators.comparison import Cause, Comparison, Move, Side, compare
from dengwen.law.indicators.indicator import Scheme
from dengwen.oversight.statistics import newest_position
from dengwen.ui.form_fields import read_day

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

WHY: Mapping[str, StrPromise] = {
    "added": pgettext_lazy("change of an indicator", "新增的指标"),
    "removed": pgettext_lazy("change of an indicator", "取消的指标"),
    "weight": pgettext_lazy("change of an indicator", "权重改了"),
    "floor": pgettext_lazy("change of an indicator", "最低数量改了"),
    "definition": pgettext_lazy("change of an indicator", "数法改了"),
    "rule": pgettext_lazy("change of an indicator", "补录、导入的算法改了"),
    "others": pgettext_lazy("change of an indicator", "其他指标的权重改了"),
}
SETTINGS: Mapping[str, StrPromise] = {
    "resolution": pgettext_lazy("setting of a scheme", "总分相差多少才分先后"),
    "z": pgettext_lazy("setting of a scheme", "区间的宽度"),
    "saturation": pgettext_lazy("setting of a scheme", "饱和"),
    "least_weight": pgettext_lazy("setting of a scheme", "至少要有的权重"),
    "late_entered": pgettext_lazy("setting of a scheme", "补录"),
    "imported": pgettext_lazy("setting of a scheme", "历史导入"),
    "groups": pgettext_lazy("setting of a scheme", "分组"),
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


@dataclass(frozen=True, slots=True)
class _Period:
    """The days that both schemes are tried on, up to a position of the ledger."""

    first: date
    last: date
    position: int


@require_safe
@at_desk
def comparison(seat: Seat) -> HttpResponse:
    """Show who moves from one scheme to another over the same past days, and why; printable."""
    organ = assessing_organ(seat)
    if not seat.capacities & TAKING_IN:
        raise Http404
    said = seat.request.GET
    schemes = own_schemes(seat, organ, without=("dropped",))
    old = scheme_numbered(schemes, said.get("old"))
    new = scheme_numbered(schemes, said.get("new"))
    first, last = read_day(said.get("first", "")), read_day(said.get("last", ""))
    shown: dict[str, Any] = {}
    if old is not None and new is not None and first and last and first <= last <= seat.today:
        shown = _compared(seat, old, new, _Period(first, last, newest_position()))
    return seat.page(
        "assessment/compare.html",
        "assessments",
        schemes=with_names(seat, schemes),
        old=old,
        new=new,
        first=said.get("first", ""),
        last=said.get("last", ""),
        **shown,
    )


def _compared(seat: Seat, old: Drafted, new: Drafted, period: _Period) -> dict[str, Any]:
    """Return who moves from the old scheme to the new one and why, or what keeps one of them
    from being tried."""
    try:
        before = _tried(old, period)
        after = _tried(new, period)
    except AssessmentError as error:
        return {"trouble": words_in(error, seat.language)}
    schemes = [manifest.scheme_of(one.body) for one in (old, new)]
    found = compare(_side(schemes[0], before), _side(schemes[1], after))
    names = organ_names(seat, [move.organ for move in found.moves])
    return {
        "compared": True,
        "lines": [_line(seat, names.get(move.organ, ""), move, schemes) for move in found.moves],
        "movers": len([move for move in found.moves if move.moves]),
        "settings": _settings(found),
        "changed": _changed(seat, found, schemes),
        "dry_run": _dry_run(new, period, after, _text(found, names)),
        **_inputs(old, new, period),
    }


def _settings(found: Comparison) -> list[tuple[str, str, str]]:
    """Return the settings that differ, each with what it was and what it would be."""
    rows = []
    for setting in found.settings:
        name = str(SETTINGS[setting.name])
        rows.append((name, setting.before, setting.after))
    return rows


def _inputs(old: Drafted, new: Drafted, period: _Period) -> dict[str, Any]:
    """Return what both trials were made from: days, position of the ledger, digests of the
    schemes."""
    return {
        "first_day": period.first,
        "last_day": period.last,
        "position": period.position,
        "digests": [old.digest, new.digest],
    }


def _tried(one: Drafted, period: _Period) -> Frozen:
    """Return the figures a scheme would give for the period."""
    run = Run(one.body, period.first, period.last, period.position)
    return trial(run)


def _changed(seat: Seat, found: Comparison, schemes: Sequence[Scheme]) -> list[tuple[str, str]]:
    """Return the indicators that differ, each with the ways in which it does."""
    return [
        (_title(seat, schemes, name), _differences(schemes, name, why))
        for name, why in found.changed
    ]


def _side(scheme: Scheme, frozen: Frozen) -> Side:
    """Return one scheme with what was counted by it."""
    counts = manifest.from_list(frozen.manifest["counts"])
    organs = manifest.organs_in(frozen.folder)
    return Side(scheme, counts, organs)


def _dry_run(new: Drafted, period: _Period, frozen: Frozen, moves: str) -> str:
    """Return where the trial is entered in the case of the new scheme, "" where that stage is
    over."""
    if new.case.state not in ("drafted", "consulted"):
        return ""
    given = {
        "first": period.first,
        "last": period.last,
        "position": period.position,
        "scores": frozen.manifest["scores_sha256"],
        "moves": moves,
    }
    return f"{case_href(new.case.number, 'dry_run')}?{urlencode(given)}"


def _text(found: Comparison, names: Mapping[int, str]) -> str:
    """Return who moves in words, for the file, in Chinese: the act of trying keeps it."""
    moved = [move for move in found.moves if move.moves]
    said = []
    for move in moved[:MOST_WRITTEN]:
        name = names.get(move.organ, "")
        said.append(_move_text(move, name))
    return "；".join(said) or "没有机关的位次变动"


def _move_text(move: Move, name: str) -> str:
    """Return one move in words, in Chinese: the places and the first causes."""
    places = "→".join(str(rank) if rank else "不排名" for rank in move.rank)
    causes = []
    for cause in move.causes[:3]:
        points = _signed(str(cause.points))
        causes.append(f"{cause.indicator} {points}")
    why = "、".join(causes)
    return f"{name} 位次 {places}（{why}）"


def _line(seat: Seat, name: str, move: Move, schemes: Sequence[Scheme]) -> Line:
    """Return one organ under both schemes, in words."""
    old, new = (
        group_said(seat, scheme, group) for scheme, group in zip(schemes, move.group, strict=True)
    )
    total_before, total_after = move.total
    rank_before, rank_after = move.rank
    return Line(
        name=name,
        group=_from_to(old, new),
        totals=(_number(total_before), _number(total_after)),
        change="—" if move.change is None else _signed(str(move.change)),
        places=(_rank(rank_before), _rank(rank_after)),
        moves=move.moves,
        reasons=tuple(_reason(seat, cause, schemes) for cause in move.causes),
    )


def _number(total: object) -> str:
    """Return a total, a dash where there is none."""
    return "—" if total is None else str(total)


def _rank(rank: int | None) -> str:
    """Return a place, or that there is none."""
    return str(rank) if rank else _("不排名")


def _from_to(before: str, after: str) -> str:
    """Return both sides of a change, or the one where nothing changed."""
    return before if before == after else f"{before} → {after}"


def _reason(seat: Seat, cause: Cause, schemes: Sequence[Scheme]) -> Reason:
    """Return one cause of a move, in words."""
    return Reason(
        title=_title(seat, schemes, cause.indicator),
        points=_signed(str(cause.points)),
        why=_why(cause.why),
        integers=_from_to(_integers(cause.before), _integers(cause.after)),
    )


def _integers(share: tuple[int, int] | None) -> str:
    """Return numerator and denominator, a dash where there are none."""
    if share is None:
        return "—"
    numerator, denominator = share
    return f"{numerator}/{denominator}"


def _why(why: Sequence[str]) -> str:
    """Return in which ways an indicator differs, in words."""
    words = [str(WHY[one]) for one in why]
    return _("、").join(words)


def _differences(schemes: Sequence[Scheme], name: str, why: Sequence[str]) -> str:
    """Return in which ways an indicator differs, weights and floors with the numbers before and
    after."""
    said = []
    for word in why:
        numbers = _numbers(schemes, name, word)
        said.append(f"{WHY[word]}{numbers}")
    return _("、").join(said)


def _numbers(schemes: Sequence[Scheme], name: str, word: str) -> str:
    """Return a weight or a floor before and after; "" for whatever else differs, and where only
    one scheme has the indicator."""
    if word not in ("weight", "floor"):
        return ""
    numbers = []
    for scheme in schemes:
        one = next((i for i in scheme.indicators if i.id == name), None)
        if one is None:
            return ""
        numbers.append(getattr(one, word))
    return f" {numbers[0]} → {numbers[1]}"


def _title(seat: Seat, schemes: Sequence[Scheme], name: str) -> str:
    """Return an indicator in words, as the newest scheme that has it calls it."""
    for scheme in reversed(schemes):
        for one in scheme.indicators:
            if one.id == name:
                return words_in(one, seat.language)
    raise LookupError(f"no indicator {name}")


def _signed(number: str) -> str:
    """Return a number with its sign, whether more or less."""
    return number if number.startswith("-") else f"+{number}"
