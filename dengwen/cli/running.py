"""`dengwen worker` and `dengwen simulate`."""

from __future__ import annotations

import argparse
import threading
from dataclasses import asdict
from datetime import UTC, datetime

from django.conf import settings

from dengwen.cli.answering import instant_of, now_of
from dengwen.cli.speaking import OK, WRONG, CommandError, complain, tell, tell_json
from dengwen.organs.models import Organ
from dengwen.practice.further import found_further
from dengwen.practice.office import FOUNDED, open_office
from dengwen.practice.simulate import simulate
from dengwen.practice.staff import NotPracticeError
from dengwen.practice.targets import set_targets
from dengwen.worker import loops

OWN_ORGANS = 3
"""Handling organs the district has by itself."""


def run_worker(args: argparse.Namespace) -> int:
    """Run the loops until a signal, or each once."""
    if args.once:
        done = loops.once(now_of(args))
        if args.json:
            tell_json(done)
        else:
            for name, counts in done.items():
                tell(f"{name}: {', '.join(f'{k} {v}' for k, v in counts.items())}")
        return OK
    if args.clock:
        raise CommandError(what="--clock 只与 --once 同用 / --clock goes with --once", where="--clock")
    stop = threading.Event()
    loops.stop_on_signals(stop)
    loops.run(stop, lambda: datetime.now(UTC))
    return OK


def run_simulate(args: argparse.Namespace) -> int:
    """Write an invented load into a practice office."""
    if not settings.PRACTICE:
        raise NotPracticeError.at(str(settings.DATA))
    until = instant_of(args.until, "--until") if args.until else datetime.now(UTC)
    if not Organ.objects.exists():
        open_office(FOUNDED)
        set_targets(FOUNDED)
    found_further(args.organs - OWN_ORGANS, FOUNDED)
    done = simulate(
        petitions=args.petitions, months=args.months, seed=args.seed, until=until, organs=args.organs
    )
    if args.json:
        tell_json({k: v for k, v in asdict(done).items() if k != "codes"})
    else:
        tell(
            f"信访事项 {done.petitions} 件，行为 {done.acts} 个，逾期 {done.breaches}，失权 {done.lapses} / "
            f"{done.petitions} petitions, {done.acts} acts, {done.breaches} breaches, {done.lapses} lapses"
        )
    for line in done.refused:
        complain(line)
    return WRONG if done.refused else OK
