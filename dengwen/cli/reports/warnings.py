"""`dengwen report warnings`: how often warnings here were right, or what they would have said in
the past."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from dengwen.cli.shell.answer import now_of
from dengwen.cli.shell.output import OK, tell, tell_json
from dengwen.law.duties.act_record import civil
from dengwen.prevention import backtest
from dengwen.prevention.watch import records, thresholds


def run_warnings(args: argparse.Namespace) -> int:
    """Report on the office, or try the detectors on a file of old messages without looking
    ahead."""
    limits = thresholds(civil(now_of(args)))
    chosen = {name: getattr(args, name) for name in ("people", "days") if getattr(args, name) > 0}
    limits = replace(limits, **chosen)
    if not args.messages:
        return _office(args)
    messages = backtest.read_messages(Path(args.messages))
    tried = [backtest.try_same_matter(messages, limits), backtest.try_inflow(messages, limits)]
    if args.json:
        tell_json(
            {
                "people": limits.people,
                "days": limits.days,
                "detectors": [backtest.as_dict(t) for t in tried],
            }
        )
        return OK
    for one in tried:
        tell(
            f"{one.detector}: {one.warnings} 次预警，{one.false} 次误报，每月 {one.false_a_month:.2f} 次误报 / "
            "warnings, false ones, false ones a month"
        )
        for hot in one.hot:
            early = (
                "没有预警 / not warned of"
                if hot.days_before is None
                else f"早 {hot.days_before} 天 / days early"
            )
            tell(f"  {hot.name:<8}{hot.messages:>4} 件 / messages, {hot.peak}: {early}")
    return OK


def _office(args: argparse.Namespace) -> int:
    found = records()
    if args.json:
        tell_json(
            {
                name: {
                    "raised": r.raised,
                    "answered": r.answered,
                    "right": r.right,
                    "right_percent": r.share,
                }
                for name, r in found.items()
            }
        )
        return OK
    for name, r in found.items():
        share = "—" if r.share is None else f"{r.share}%"
        tell(
            f"{name:<14}{r.raised:>5} 发出 / raised{r.answered:>5} 答复 / answered{r.right:>5} 对 "
            f"/ right  {share}"
        )
    return OK
