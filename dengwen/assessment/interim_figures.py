"""How an assessment stands before and after it is frozen: figures of now, kept by what they were
made from."""

from __future__ import annotations

import hashlib
import shutil
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from dengwen.assessment.facts.duty_facts import SLOTS, Draw
from dengwen.assessment.facts.entry_modes import Share
from dengwen.assessment.facts.excuse_facts import EXCUSE
from dengwen.assessment.facts.fact_names import CASE, MOST, Naming
from dengwen.assessment.facts.facts import draw
from dengwen.assessment.frozen import manifest
from dengwen.assessment.frozen.freeze import Frozen, Run, freeze, home, naming_of
from dengwen.assessment.frozen.frozen_tables import FACTS, Fact, read
from dengwen.assessment.inputs import Assessment, run_of
from dengwen.cases.models import Act
from dengwen.law.indicators.indicator import (
    SCORED_KINDS,
    UNPROVED,
    WATCHED_KINDS,
    Indicator,
    Period,
    Scheme,
)
from dengwen.law.indicators.score import canonical_json

KEPT = 4
"""Trials kept on disk; older ones go."""


def position_of(one: Assessment, newest: int) -> int:
    """Return the ledger position of an assessment: that of its sending, the newest before it and
    once taken back."""
    if one.case.state in ("new", "opened"):
        return newest
    act = Act.objects.filter(case=one.case, act__in=("send", "freeze")).order_by("seq").last()
    return newest if act is None else int(act.data["position"])


def figures_of(one: Assessment, newest: int) -> Frozen:
    """Return the figures of an assessment: the frozen ones, or a trial with everything decided
    so far."""
    if one.case.state in ("frozen", "concluded"):
        folder = home(one.case.number)
        said = manifest.read_file(folder / manifest.NAME)
        return Frozen(folder, said, manifest.digest_of(said))
    return trial(run_of(one, position_of(one, newest)))


def trial(run: Run) -> Frozen:
    """Return the figures of a run that nobody froze; computed once for the same inputs."""
    folder = Path(settings.DATA) / "assessments" / "trials" / _digest_of_run(run)
    if not (folder / manifest.NAME).is_file():
        freeze(run, folder)
        _forget(folder.parent)
    said = manifest.read_file(folder / manifest.NAME)
    return Frozen(folder, said, manifest.digest_of(said))


def _digest_of_run(run: Run) -> str:
    """Return what names a trial: the same for the same inputs and the same code."""
    asked = [
        run.body,
        run.first.isoformat(),
        run.last.isoformat(),
        run.position,
        sorted(run.organs or ()),
        [asdict(e) for e in run.exclusions],
        sorted(run.corrections.items()),
        [dict(o) for o in run.objections],
        str(run.said.get("case", "")),
        manifest.FORMAT,
        manifest.sources(),
    ]
    return hashlib.sha256(canonical_json(asked)).hexdigest()[:24]


def _forget(folder: Path) -> None:
    """Remove all but the newest trials."""
    kept = sorted(folder.iterdir(), key=lambda p: p.stat().st_mtime, reverse=True)
    for old in kept[KEPT:]:
        shutil.rmtree(old, ignore_errors=True)


def behind(
    frozen: Frozen, organ: int, indicator: Indicator, period: Period
) -> Iterator[tuple[Fact, bool]]:
    """Yield the facts an indicator counts for an organ, with whether each is in the numerator.

    The case of each is the row of this office, not the name it is frozen under.
    """
    wanted, naming = indicator.denominator, Naming.of_manifest(frozen.manifest)
    first = wanted.first_day(period, indicator.period)
    for row in read(frozen.folder / FACTS, FACTS):
        fact = Fact(**row)
        of_organ = fact.organ == organ and first <= fact.day <= period.last
        if of_organ and _picks(wanted, fact):
            shown = replace(fact, case=naming.reveal(fact.case, CASE))
            yield shown, _picks(indicator.numerator, fact)


def excuses_of(frozen: Frozen, organ: int) -> dict[tuple[int, date], list[Fact]]:
    """Return what was entered after its day to excuse late work of an organ, by case (the row of
    this office) and last day."""
    naming = Naming.of_manifest(frozen.manifest)
    found: dict[tuple[int, date], list[Fact]] = defaultdict(list)
    for row in read(frozen.folder / FACTS, FACTS):
        if row["kind"] == EXCUSE and row["organ"] == organ:
            fact = Fact(**row)
            found[naming.reveal(fact.case, CASE), fact.day].append(fact)
    return found


def facts_named(frozen: Frozen, ids: Collection[int]) -> dict[int, Fact]:
    """Return the facts with these ids, as they were drawn (with what rulings corrected)."""
    if not ids:
        return {}
    naming = Naming.of_manifest(frozen.manifest)
    found = {}
    for row in read(frozen.folder / FACTS, FACTS):
        if row["id"] in ids:
            fact = Fact(**row)
            found[fact.id] = replace(fact, case=naming.reveal(fact.case, CASE))
    return found


def fact_named(run: Run, name: int) -> Fact | None:
    """Return the one fact that bears a name in a run, with what rulings corrected; None where no
    fact bears it.

    Only what rests on the act behind the name is drawn, so that the write door can ask.
    """
    if not 0 < name < MOST:
        return None
    number = naming_of(run).reveal(name)
    asked = Draw(run.first, run.last, run.position, run.organs, number // SLOTS)
    found = next((f for f in draw(asked) if f.id == number), None)
    return replace(found, outcome=run.corrections.get(name, found.outcome)) if found else None


def outcomes_open_to(scheme: Scheme, fact: Fact) -> tuple[str, ...]:
    """Return what a ruling may correct the outcome of a fact to.

    An outcome of its own kind, another one than now, and none that takes the fact out of an
    indicator that counts it: leaving a fact out is an exclusion, with clause and a second person.
    """
    counting = [i.denominator for i in scheme.indicators if _picks(i.denominator, fact)]
    found = []
    for outcome in {**WATCHED_KINDS, **SCORED_KINDS}.get(fact.kind, ()):
        corrected = replace(fact, outcome=outcome)
        if outcome != fact.outcome and all(_picks(whole, corrected) for whole in counting):
            found.append(outcome)
    return tuple(found)


def _picks(selector: Any, fact: Fact) -> bool:  # noqa: ANN401  # a selector of a numerator or a denominator
    """Say whether a selector counts a fact, whatever its day."""
    return bool(
        fact.kind == selector.kind
        and (not selector.outcome or fact.outcome in selector.outcome)
        and (not selector.sort or fact.sort in selector.sort)
        and (not selector.channel or fact.channel in selector.channel)
        and (not selector.entered or fact.entered in selector.entered)
    )


def months(frozen: Frozen, organ: int, kind: str = "conclusion") -> dict[date, Share]:
    """Return by month (its first day) how many facts of a kind were in time, of how many that fell
    due.

    In time as the scheme counts it: what was entered late proves nothing where the scheme says so.
    """
    proves = manifest.scheme_of(frozen.manifest["scheme"]["body"]).late_entered != UNPROVED
    found: dict[date, Share] = {}
    for row in read(frozen.folder / FACTS, FACTS):
        if row["organ"] == organ and row["kind"] == kind and row["outcome"] != "open":
            month = row["day"].replace(day=1)
            good = row["outcome"] == "in_time" and (proves or row["entered"] != "late")
            found[month] = found.get(month, Share()).more(good, row["entered"])
    return dict(sorted(found.items()))


def row_of(said: Mapping[str, Any], organ: int) -> dict[str, Any]:
    """Return the total of an organ; LookupError where it is not in the population."""
    for row in said["scores"]["totals"]:
        if row["organ"] == organ:
            return dict(row)
    raise LookupError(f"organ {organ} is not assessed")
