"""`dengwen law indicators`: assessment schemes, what they count, and what they would reward."""

from __future__ import annotations

import argparse
from typing import Any

from dengwen.cli.rules.delivered_packs import FAILED, OK, guarded, packs_folder, print_json
from dengwen.law.indicators.indicator import Indicator, Scheme
from dengwen.law.indicators.lint import lint, refused
from dengwen.law.indicators.scheme_file import load_schemes
from dengwen.law.indicators.tricks import simulate


@guarded
def run_indicators(args: argparse.Namespace) -> int:
    """List schemes with their indicators; with --lint say what they would reward, 1 where a
    scheme is refused."""
    schemes = load_schemes(packs_folder())
    if args.scheme and args.scheme not in schemes:
        known = "、".join(schemes)
        raise ValueError(
            f"没有方案“{args.scheme}”，可选：{known} / "
            f"no scheme “{args.scheme}”, use one of: {known}"
        )
    chosen = [s for s in schemes.values() if args.scheme in (None, s.id)]
    if args.json:
        print_json([_as_data(scheme, args.lint) for scheme in chosen])
    else:
        for scheme in chosen:
            _show_scheme(scheme)
            if args.lint:
                _show_lint(scheme)
    return FAILED if args.lint and any(refused(lint(s)) for s in chosen) else OK


def _as_data(scheme: Scheme, with_lint: bool) -> dict[str, Any]:
    """Return a scheme as plain data, with what it would reward where that is asked."""
    data = scheme_dict(scheme)
    if with_lint:
        data |= _lint_dict(scheme)
    return data


def scheme_dict(scheme: Scheme) -> dict[str, Any]:
    """Return a scheme as plain data: what it is, its indicators, the rates it watches."""
    return {
        "scheme": scheme.id,
        "edition": scheme.edition,
        "zh": scheme.zh,
        "en": scheme.en,
        "from": scheme.since,
        "until": scheme.until,
        "digest": scheme.digest,
        "paper": {"zh": scheme.paper_zh, "en": scheme.paper_en},
        "indicators": [_indicator_dict(one) for one in scheme.indicators],
        "watches": [{"id": w.id, "trick": w.trick, "zh": w.zh, "en": w.en} for w in scheme.watches],
    }


def _indicator_dict(one: Indicator) -> dict[str, Any]:
    """Return an indicator as plain data."""
    basis = {"law": one.basis.law, "article": one.basis.article} if one.basis else None
    return {
        "id": one.id,
        "zh": one.zh,
        "en": one.en,
        "weight": str(one.weight),
        "floor": one.floor,
        "direction": one.direction,
        "basis": basis,
        "local": one.local,
    }


def _lint_dict(scheme: Scheme) -> dict[str, Any]:
    """Return what a scheme would reward, and what each trick would gain under it."""
    return {
        "findings": [
            {
                "grade": f.grade,
                "code": f.code,
                "entry": f.entry,
                "zh": f.zh,
                "en": f.en,
                "mend_zh": f.mend_zh,
                "mend_en": f.mend_en,
                "basis": {"law": f.basis.law, "article": f.basis.article},
            }
            for f in lint(scheme)
        ],
        "simulation": [
            {
                "trick": g.trick,
                "zh": g.zh,
                "en": g.en,
                "share": str(g.share),
                "before": g.before,
                "after": g.after,
                "gain": str(g.gain),
                "watches": g.watches,
            }
            for g in simulate(scheme)
        ],
    }


def _show_scheme(scheme: Scheme) -> None:
    """Print a scheme with its indicators."""
    print(f"{scheme.id} {scheme.edition} {scheme.zh} / {scheme.en}  {scheme.digest[:16]}")
    for one in scheme.indicators:
        floor = f"n ≥ {one.floor:<4}"
        print(f"  {one.id:<22} {one.weight:>5}  {floor} {_basis(one):<22} {one.zh}")


def _basis(one: Indicator) -> str:
    """Return the article an indicator rests on, or the local rule."""
    if one.basis is None:
        return f"本地 / local {one.local}"
    return f"{one.basis.law} {one.basis.article}"


def _show_lint(scheme: Scheme) -> None:
    """Print what a scheme would reward, and what each trick would gain under it."""
    for finding in lint(scheme):
        mark = "✗" if finding.grade == "refuse" else "!"
        print(
            f"{mark} {finding.entry}: {finding.zh}。改法：{finding.mend_zh}\n    {finding.en}. "
            f"Mend: {finding.mend_en}"
        )
    print("花招 / trick, 占比 / share, 多得 / gain, 有谁看 / watched by")
    for gain in simulate(scheme):
        watched = "、".join(gain.watches) or "—"
        print(f"  {gain.zh} / {gain.en}  {100 * gain.share:f}%  {gain.gain:+}  {watched}")
