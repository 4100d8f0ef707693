"""Freezing an assessment: facts at a ledger position into files and a manifest, in a folder of
their own."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from dengwen.assessment.engines import sort_file
from dengwen.assessment.errors import AssessmentError
from dengwen.assessment.facts.fact_names import CASE, Naming
from dengwen.assessment.facts.facts import Draw, draw
from dengwen.assessment.facts.organ_groups import assessed_organs
from dengwen.assessment.frozen import manifest
from dengwen.assessment.frozen.frozen_tables import (
    EXCLUSIONS,
    FACTS,
    ORGANS,
    PAST,
    Assessed,
    Exclusion,
    Fact,
    write,
)
from dengwen.assessment.frozen.manifest_digest import NOBODY, facts_with
from dengwen.cases.models import Act
from dengwen.law.indicators.indicator import Period
from dengwen.ledger.log_keys import Keys
from dengwen.ledger.models import Checkpoint
from dengwen.merkle.checkpoint import Checkpoint as Head
from dengwen.merkle.note import split_note
from dengwen.organs.models import Organ, OrganSuccession
from dengwen.oversight.statistics import span


@dataclass(frozen=True)
class Run:
    """What is frozen: the scheme's text, the period, the position, the organs, and what people
    decided about facts."""

    body: str
    first: date
    last: date
    position: int
    organs: frozenset[int] | None = None
    exclusions: Sequence[Exclusion] = ()
    corrections: Mapping[int, str] = field(default_factory=dict)
    said: Mapping[str, Any] = field(default_factory=dict)
    objections: Sequence[Mapping[str, Any]] = ()

    @property
    def period(self) -> Period:
        """The days of the period."""
        return Period(self.first, self.last)


@dataclass(frozen=True)
class Frozen:
    """Where a run was frozen, and its manifest."""

    folder: Path
    manifest: Mapping[str, Any]
    digest: str


def freeze(run: Run, folder: Path) -> Frozen:
    """Write facts, organs, exclusions and manifest of a run into a folder and return them.

    The same run at the same position gives the same bytes. Raises `AssessmentError` where no
    checkpoint was signed at that position, so that nobody takes figures for sealed that are not.
    """
    ledger = _ledger(run.position)
    folder.mkdir(parents=True, exist_ok=True)
    naming = naming_of(run)
    drawn = _write_facts(run, folder, naming)
    past = _past(run, drawn.organs)
    _write(folder, PAST, _named(_before(run, past, drawn.organs), naming, {}, {}))
    write(folder / ORGANS, ORGANS, grouped(assessed_organs(drawn.organs), run.body))
    write(folder / EXCLUSIONS, EXCLUSIONS, in_order(run.exclusions))
    said = {
        "ledger": ledger,
        "rows": drawn.rows,
        "code": manifest.code(_version()),
        "assessment": dict(run.said),
        "corrections": _corrections(run, drawn.before_correction),
        "objections": _objections(run, folder),
    }
    made = manifest.build(folder, run.body, run.period, said, naming.salt, past)
    (folder / manifest.NAME).write_bytes(manifest.text_of(made) + b"\n")
    return Frozen(folder, made, manifest.digest_of(made))


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What was written as the facts of a run: how many, of which organs (with those assessed), and
    what rulings corrected as it was drawn."""

    rows: int
    organs: frozenset[int]
    before_correction: Mapping[int, Fact]


def _write_facts(run: Run, folder: Path, naming: Naming) -> _Drawn:
    """Draw the facts of the period and write them under their names in the run."""
    organs: set[int] = set(run.organs or ())
    before_correction: dict[int, Fact] = {}
    facts = draw(Draw(run.first, run.last, run.position, run.organs))
    named = _named(facts, naming, run.corrections, before_correction)
    rows = _write(folder, FACTS, _noting(named, organs))
    return _Drawn(rows, frozenset(organs), before_correction)


def in_order(exclusions: Iterable[Exclusion]) -> list[Exclusion]:
    """Return exclusions in the order in which they are frozen."""
    return sorted(exclusions, key=lambda e: (e.fact, e.indicator, e.number))


def _write(folder: Path, table: str, facts: Iterable[Fact]) -> int:
    """Write facts into a file in order of their names, and return how many there were."""
    drawn = folder / f"drawn-{table}"
    rows = write(drawn, table, facts)
    sort_file(drawn, folder / table, table)
    drawn.unlink()
    return rows


def _past(run: Run, organs: frozenset[int]) -> manifest.Past:
    """Return the days the watches are compared with, as far as anything is recorded of them, and
    who joined whom."""
    scheme = manifest.scheme_of(run.body)
    known = []
    for period in scheme.past(run.period):
        _begins, end = span(period.first, period.last)
        if Act.objects.filter(occurred_at__lt=end).exists():
            known.append(period)
    merged = OrganSuccession.objects.filter(how="merged", to__in=organs, day__lte=run.last)
    joined: dict[int, int] = {}
    for row in merged.order_by("organ_id", "to_id"):
        if row.to_id is not None:
            joined[row.organ_id] = row.to_id
    return manifest.Past(tuple(known), tuple(sorted(joined.items())))


def _before(run: Run, past: manifest.Past, organs: frozenset[int]) -> Iterator[Fact]:
    """Yield the facts of the days of earlier years, of the organs assessed and of those that
    joined them."""
    wanted = organs | {old for old, _new in past.joined}
    for period in past.periods:
        yield from draw(Draw(period.first, period.last, run.position, wanted))


def naming_of(run: Run) -> Naming:
    """Return how the facts of a run are named."""
    scheme = manifest.scheme_of(run.body).digest
    return Naming.of(
        str(run.said.get("case", "")), scheme, run.first.isoformat(), run.last.isoformat()
    )


def _corrections(run: Run, drawn: Mapping[int, Fact]) -> list[dict[str, Any]]:
    """Return what rulings put right: the fact, its organ, its outcome as drawn and as corrected."""
    found = []
    for name, outcome in sorted(run.corrections.items()):
        fact = drawn.get(name)
        found.append(
            {
                "fact": name,
                "organ": fact.organ if fact else NOBODY,
                "drawn": fact.outcome if fact else "",
                "outcome": outcome,
            }
        )
    return found


def _objections(run: Run, folder: Path) -> list[dict[str, Any]]:
    """Return the objections with their rulings, each with the kind of fact it is about."""
    facts = facts_with(folder / FACTS, (o["fact"] for o in run.objections))
    return [
        {**o, "kind": facts[o["fact"]]["kind"] if o["fact"] in facts else ""}
        for o in run.objections
    ]


def _named(
    facts: Iterable[Fact], naming: Naming, corrected: Mapping[int, str], drawn: dict[int, Fact]
) -> Iterator[Fact]:
    """Yield facts under their names in the run, with the outcomes that rulings put right; note
    those as drawn."""
    for fact in facts:
        name = naming.hide(fact.id)
        if name in corrected:
            drawn[name] = fact
        yield replace(
            fact,
            id=name,
            case=naming.hide(fact.case, CASE),
            outcome=corrected.get(name, fact.outcome),
        )


def _noting(facts: Iterable[Fact], seen: set[int]) -> Iterable[Fact]:
    """Yield facts, noting the organ of each."""
    for fact in facts:
        seen.add(fact.organ)
        yield fact


def _ledger(position: int) -> dict[str, Any]:
    """Return the signed checkpoint of a position with the public keys of this log."""
    row = Checkpoint.objects.filter(size=position).first()
    if row is None:
        raise AssessmentError(
            "no-checkpoint",
            where=str(position),
            zh=f"存证第 {position} 位没有签名的检查点",
            en=f"no checkpoint was signed at ledger position {position}",
            mend_zh="先封存（dengwen ledger tick），再用最新检查点的位置",
            mend_en="seal first (dengwen ledger tick), then use the newest position",
        )
    head = Head.parse(split_note(row.body)[0])
    keys = [str(k) for k in Keys.load(Path(settings.DATA)).vkeys()][:1]
    return {
        "origin": head.origin,
        "size": head.size,
        "root": head.root.hex(),
        "checkpoint": row.body,
        "keys": keys,
    }


def _version() -> str:
    """Return the version installed, 0 where the program is not installed."""
    try:
        return importlib.metadata.version("dengwen")
    except importlib.metadata.PackageNotFoundError:
        return "0"


def grouped(organs: Sequence[Assessed], body: str) -> list[Assessed]:
    """Return the organs in the groups of a scheme (`Scheme.group_of`)."""
    scheme = manifest.scheme_of(body)
    ids = [one.organ for one in organs]
    codes = dict(Organ.objects.filter(pk__in=ids).values_list("pk", "code"))
    found = []
    for one in organs:
        kind, _slash, level = one.group.partition("/")
        group = scheme.group_of(codes.get(one.organ, ""), kind, level)
        found.append(replace(one, group=group))
    return found


def home(case: str) -> Path:
    """Return the folder of an assessment of this office."""
    return Path(settings.DATA) / "assessments" / case


def as_rows(exclusions: Iterable[Exclusion]) -> list[dict[str, Any]]:
    """Return exclusions as plain data."""
    return [asdict(e) for e in exclusions]
