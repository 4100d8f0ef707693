"""`dengwen worker` and `dengwen simulate`."""

from __future__ import annotations

import argparse
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from dengwen.cli.shell import clock
from dengwen.cli.shell.answer import instant_of, now_of
from dengwen.cli.shell.output import OK, WRONG, CommandError, complain, tell, tell_json
from dengwen.organs.models import Organ
from dengwen.practice.district.office import FOUNDED, open_office
from dengwen.practice.district.settings import set_targets
from dengwen.practice.district.staff import NotPracticeError
from dengwen.practice.district.street_offices import found_further
from dengwen.practice.load.simulate import simulate
from dengwen.practice.misconduct.answer_key import check_place
from dengwen.practice.misconduct.injection import Injected, inject
from dengwen.practice.misconduct.orders import read_orders
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
        raise CommandError(
            what="--clock 只与 --once 同用 / --clock goes with --once", where="--clock"
        )
    stop = threading.Event()
    loops.stop_on_signals(stop)
    loops.run(stop, clock.now)
    return OK


def run_simulate(args: argparse.Namespace) -> int:
    """Write an invented load into a practice office."""
    if not settings.PRACTICE:
        raise NotPracticeError.at(str(settings.DATA))
    until = instant_of(args.until, "--until") if args.until else clock.now()
    _check_misconduct(args)
    if not Organ.objects.exists():
        open_office(FOUNDED)
        set_targets(FOUNDED)
    found_further(args.organs - OWN_ORGANS, FOUNDED)
    if args.misconduct:
        return _with_misconduct(args, until)
    done = simulate(
        petitions=args.petitions,
        months=args.months,
        seed=args.seed,
        until=until,
        organs=args.organs,
    )
    if args.json:
        tell_json(_without_codes(asdict(done)))
    else:
        tell(
            f"信访事项 {done.petitions} 件，行为 {done.acts} 个，逾期 {done.breaches}，失权 {done.lapses} / "
            f"{done.petitions} petitions, {done.acts} acts, {done.breaches} breaches, "
            f"{done.lapses} lapses"
        )
    return _complain_of(done.refused)


def _check_misconduct(args: argparse.Namespace) -> None:
    """Refuse a wrong file of misconduct, and a place where its key cannot go, before anything is
    written."""
    if args.misconduct:
        read_orders(Path(args.misconduct), None)
        check_place(_key_of(args), Path(settings.DATA))
    elif args.key:
        raise CommandError(
            what="--key 只与 --misconduct 同用 / --key goes with --misconduct",
            where="--key",
            mend="--misconduct FILE",
        )


def _without_codes(load: Mapping[str, Any]) -> dict[str, Any]:
    """Return a load as plain data; query codes are secrets of petitioners."""
    return {name: value for name, value in load.items() if name != "codes"}


def _complain_of(refused: Sequence[str]) -> int:
    """Print what the office refused of a load, and return the exit code."""
    for line in refused:
        complain(line)
    return WRONG if refused else OK


def _key_of(args: argparse.Namespace) -> Path:
    """Return where the key goes: where `--key` says, else beside the data folder."""
    data = Path(settings.DATA)
    return Path(args.key) if args.key else data.parent / f"{data.name}.answer-key.jsonl"


def _with_misconduct(args: argparse.Namespace, until: datetime) -> int:
    """Write a load with what a file orders in it; print the digests of key and file before any
    finder can run."""
    done = inject(
        Path(args.misconduct),
        _key_of(args),
        petitions=args.petitions,
        months=args.months,
        seed=args.seed,
        until=until,
        organs=args.organs,
    )
    if args.json:
        data = asdict(done)
        tell_json({**data, "load": _without_codes(data["load"])})
    else:
        _tell_injected(done)
    return _complain_of(done.load.refused)


def _tell_injected(done: Injected) -> None:
    """Print what was written: the load, the misconduct in it, and the digests of key and file."""
    load = done.load
    tell(
        f"信访事项 {load.petitions} 件，行为 {load.acts} 个 / {load.petitions} petitions, "
        f"{load.acts} acts"
    )
    tell(
        f"失职 {done.misconduct} 起，形似而无辜 {done.innocent} 起，本就逾期 {done.ordinary} 件 / "
        f"{done.misconduct} misconduct, {done.innocent} innocent look-alikes, "
        f"{done.ordinary} late by themselves"
    )
    for kind, counts in done.kinds.items():
        tell(f"  {kind}: {counts['misconduct']} + {counts['innocent']}")
    tell(f"答案 / key: {done.key}")
    tell(f"答案 SHA-256 / key: {done.key_sha256}")
    tell(f"失职文件 SHA-256 / file: {done.file_sha256}")
