"""The manifest (考核清单): everything that is needed to compute a result again elsewhere, and nothing
else.

A JSON text beside the Parquet files, in canonical form. The digest of its head, which binds
everything else in it (`sealing`), is what the act of freezing keeps, so the ledger seals the whole
run by one line. Needs no Django: a receiver may have neither database nor data folder.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import duckdb
import ibis
import pyarrow as pa

from dengwen.assessment import ibis_count
from dengwen.assessment.engines import DEFAULT
from dengwen.assessment.frozen.frozen_tables import (
    EXCLUSIONS,
    FACTS,
    FILES,
    ORGANS,
    PAST,
    Exclusion,
    read,
    sha256_of,
)
from dengwen.assessment.frozen.manifest_digest import (
    NOBODY,
    facts_with,
    head_digest,
    left_out,
    organs_said,
    sealed,
    write_marks,
)
from dengwen.law.indicators.count import selects
from dengwen.law.indicators.flags import flags
from dengwen.law.indicators.indicator import (
    Count,
    Indicator,
    Organ,
    Period,
    Scheme,
    Selector,
)
from dengwen.law.indicators.scheme_file import build_scheme
from dengwen.law.indicators.score import canonical_json, score

FORMAT = "dengwen-assessment/3"
NAME = "manifest.json"
DAYS = ("from", "until")
COUNT = tuple(f.name for f in fields(Count))
"""What is written of a count, in order: organ, indicator, and its numbers."""
NUMBERS = COUNT[2:]
COMPUTING = (
    "engines",
    "facts/act_facts",
    "facts/deadline_facts",
    "facts/duty_facts",
    "facts/entry_modes",
    "facts/excuse_facts",
    "facts/fact_names",
    "facts/facts",
    "facts/inspection_findings",
    "facts/organ_groups",
    "facts/recoded",
    "frozen/freeze",
    "frozen/frozen_tables",
    "frozen/manifest",
    "frozen/manifest_digest",
    "ibis_count",
    "inputs",
)
"""Modules of assessment whose source decides what is drawn, counted and written."""


def scheme_body(raw: Mapping[str, Any]) -> str:
    """Return the tables of a scheme as the text that is kept and frozen: JSON with days as text."""
    return json.dumps(raw, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def scheme_of(body: str, file: str = "scheme") -> Scheme:
    """Build a scheme from its kept text; PackError or ValueError where it is none."""
    raw = json.loads(body)
    for day in DAYS:
        if isinstance(raw.get("scheme", {}).get(day), str):
            raw["scheme"][day] = date.fromisoformat(raw["scheme"][day])
    return build_scheme(raw, file)


def versions() -> dict[str, str]:
    """Return what counted, with versions: another one may write other bytes, never other
    integers."""
    return {"duckdb": duckdb.__version__, "ibis": ibis.__version__, "pyarrow": pa.__version__}


@lru_cache(maxsize=1)
def sources() -> Mapping[str, str]:
    """Return the digest of every source file that draws, counts and scores: a changed formula is
    seen by it."""
    here = Path(__file__).resolve().parents[1]
    indicators = sorted((here.parent / "law" / "indicators").glob("[!_]*.py"))
    files = [*indicators, *(here / f"{name}.py" for name in COMPUTING)]
    digests = {}
    for file in files:
        source = file.read_bytes().replace(b"\r\n", b"\n")
        digests[file.relative_to(here.parent).as_posix()] = hashlib.sha256(source).hexdigest()
    return digests


def code(version: str) -> dict[str, Any]:
    """Return what a result was computed by: version, source as a whole and file by file, and the
    engines."""
    held = dict(sources())
    whole = hashlib.sha256(canonical_json(held)).hexdigest()
    return {"dengwen": version, "source": whole, "sources": held, **versions()}


def organs_in(folder: Path) -> list[Organ]:
    """Return the population of a frozen folder."""
    return [Organ(r["organ"], r["name"], r["group"]) for r in read(folder / ORGANS, ORGANS)]


def exclusions_in(folder: Path) -> list[Exclusion]:
    """Return the exclusions of a frozen folder."""
    return [Exclusion(**row) for row in read(folder / EXCLUSIONS, EXCLUSIONS)]


def as_list(counts: Sequence[Count]) -> list[list[Any]]:
    """Return counts as plain lists, in the order of `COUNT`."""
    return [list(map(partial(getattr, count), COUNT)) for count in counts]


def from_list(rows: Sequence[Sequence[Any]]) -> list[Count]:
    """Return counts from plain lists."""
    return [Count(*row) for row in rows]


def recount(
    folder: Path, scheme: Scheme, period: Period, by: str = DEFAULT, past: Past | None = None
) -> dict[str, Any]:
    """Count (by an engine) and score the frozen files: the part of a manifest that follows from
    the rest of it."""
    counted = ibis_count.count(folder, scheme, period, by)
    organs = organs_in(folder)
    counts = ibis_count.counts(counted, scheme, organs, period)
    scores = score(scheme, counts, organs).canonical()
    watches = ibis_count.watches(counted, scheme, organs, period)
    before = past_watches(folder, scheme, organs, past, by) if past else []
    flagged = [asdict(flag) for flag in flags(scheme, watches, before, organs)]
    return {
        "counts": as_list(counts),
        "watches": as_list(watches),
        "past_watches": as_list(before),
        "flags": json.loads(canonical_json(flagged)),
        "effects": effects(counted, scheme, organs, period),
        "exclusions": exclusions_said(folder, scheme, period),
        "scores": json.loads(scores),
        "scores_sha256": hashlib.sha256(scores).hexdigest(),
    }


@dataclass(frozen=True, slots=True)
class Past:
    """What the watches are compared with: the days of earlier years, and which organ became part
    of which."""

    periods: tuple[Period, ...] = ()
    joined: tuple[tuple[int, int], ...] = ()


def past_of(said: Mapping[str, Any]) -> Past:
    """Return the past of a manifest."""
    held = said["past"]
    days = tuple(
        Period(date.fromisoformat(first), date.fromisoformat(last))
        for first, last in held["periods"]
    )
    return Past(days, tuple((old, new) for old, new in held["joined"]))


def past_said(past: Past) -> dict[str, Any]:
    """Return the past as a manifest says it."""
    return {
        "periods": [[p.first.isoformat(), p.last.isoformat()] for p in past.periods],
        "joined": [list(pair) for pair in past.joined],
    }


def past_watches(
    folder: Path, scheme: Scheme, organs: Sequence[Organ], past: Past, by: str = DEFAULT
) -> list[Count]:
    """Count the watches over the days of earlier years; what joined an organ counts as its past."""
    counted_organs = [*organs, *_former(organs, past)]
    heirs = dict(past.joined)
    sums: dict[tuple[int, str], list[int]] = {}
    for period in past.periods:
        counted = ibis_count.count(folder, scheme, period, by, PAST)
        for one in ibis_count.watches(counted, scheme, counted_organs, period):
            cell = heirs.get(one.organ, one.organ), one.indicator
            numbers = [getattr(one, name) for name in NUMBERS]
            before = sums.get(cell, [0] * len(NUMBERS))
            sums[cell] = [a + b for a, b in zip(before, numbers, strict=True)]
    return sorted(Count(organ, name, *numbers) for (organ, name), numbers in sums.items())


def _former(organs: Sequence[Organ], past: Past) -> list[Organ]:
    """Return the organs that joined an assessed one, in its group; without those assessed
    themselves."""
    by_id = {o.organ: o for o in organs}
    return [
        Organ(old, "", by_id[new].group)
        for old, new in past.joined
        if new in by_id and old not in by_id
    ]


def effects(
    counted: ibis_count.Counted, scheme: Scheme, organs: Sequence[Organ], period: Period
) -> list[dict[str, Any]]:
    """Return what the exclusions change for each organ and indicator: the integers with and
    without them."""
    with_all = ibis_count.Counted(counted.firsts, counted.cells, {})
    counts_before = ibis_count.counts(with_all, scheme, organs, period)
    counts_after = ibis_count.counts(counted, scheme, organs, period)
    changed = []
    for before, after in zip(counts_before, counts_after, strict=True):
        if before != after:
            changed.append(
                {
                    "organ": before.organ,
                    "indicator": before.indicator,
                    "before": [before.numerator, before.denominator],
                    "after": [after.numerator, after.denominator],
                }
            )
    return changed


def exclusions_said(folder: Path, scheme: Scheme, period: Period) -> list[dict[str, Any]]:
    """Return every exclusion with the organ of its fact and what it alone takes out of each of
    its indicators."""
    held = exclusions_in(folder)
    facts = facts_with(folder / FACTS, (e.fact for e in held))
    groups = {o.organ: o.group for o in organs_in(folder)}
    found = []
    for one in held:
        fact = facts.get(one.fact)
        organ = fact["organ"] if fact else NOBODY
        effect = []
        if fact is not None and organ in groups:
            effect = _taken(scheme, one.indicator, fact, groups[organ], period)
        found.append({**asdict(one), "organ": organ, "effect": effect})
    return found


def _taken(
    scheme: Scheme, only: str, fact: Mapping[str, Any], group: str, period: Period
) -> list[dict[str, Any]]:
    """Return what leaving a fact out takes from numerator and denominator of the indicator named,
    or of each of them."""
    found: list[dict[str, Any]] = []
    for one in scheme.indicators:
        if only not in ("", one.id) or (one.groups and group not in one.groups):
            continue
        numerator = _counted_out(one.numerator, fact, one, period)
        denominator = _counted_out(one.denominator, fact, one, period)
        if numerator or denominator:
            found.append({"indicator": one.id, "numerator": numerator, "denominator": denominator})
    return found


def _counted_out(
    side: Selector, fact: Mapping[str, Any], indicator: Indicator, period: Period
) -> int:
    """Return -1 where one side of an indicator counts the fact, 0 where it does not."""
    first = side.first_day(period, indicator.period)
    return -1 if selects(side, fact, first, period.last) else 0


def decided(said: Mapping[str, Any]) -> tuple[dict[int, str], list[dict[str, Any]]]:
    """Return what people decided, as a manifest has it: outcomes put right by fact, and the
    exclusions."""
    corrected = {c["fact"]: c["outcome"] for c in said["corrections"]}
    columns = [f.name for f in fields(Exclusion)]
    rows = []
    for exclusion in said["exclusions"]:
        rows.append({name: exclusion.get(name) for name in columns})
    return corrected, rows


def weights(scheme: Scheme) -> list[list[Any]]:
    """Return indicator, weight and floor: written beside the scheme, so that a changed one is
    named with both."""
    return [[one.id, str(one.weight), one.floor] for one in scheme.indicators]


def build(
    folder: Path,
    body: str,
    period: Period,
    said: Mapping[str, Any],
    salt: Callable[[int], str],
    past: Past | None = None,
) -> dict[str, Any]:
    """Return the manifest of a folder whose files are written; writes the marks of the facts beside
    them.

    `said` holds what only the database knows: ledger, case, corrections, objections, rows, code,
    public keys; `salt` gives that of an organ's part.
    """
    scheme = scheme_of(body)
    blocks = write_marks(folder)
    made: dict[str, Any] = {
        "format": FORMAT,
        "scheme": _scheme_said(scheme, body),
        "weights": weights(scheme),
        "period": {"first": period.first.isoformat(), "last": period.last.isoformat()},
        "population": [asdict(o) for o in organs_in(folder)],
        "blocks": blocks,
        "files": {name: sha256_of(folder / name) for name in FILES},
        "columns": list(COUNT),
        "past": past_said(past or Past()),
        **said,
        **recount(folder, scheme, period, past=past),
    }
    made["left_out"] = left_out(made["exclusions"])
    salts = {organ: salt(organ) for organ in organs_said(made)}
    return {**made, **sealed(made, salts)}


def _scheme_said(scheme: Scheme, body: str) -> dict[str, str]:
    """Return the scheme as a manifest says it."""
    return {
        "id": scheme.id,
        "edition": scheme.edition,
        "sha256": scheme.digest,
        "body": body,
    }


def text_of(manifest: Mapping[str, Any]) -> bytes:
    """Return the bytes of a manifest; no floats, keys in order."""
    return canonical_json(manifest)


def digest_of(manifest: Mapping[str, Any]) -> str:
    """Return the SHA-256 (hex) that stands for a whole manifest: of its head, made again from
    what it holds."""
    anew = sealed(manifest, {s["organ"]: s["salt"] for s in manifest["salts"]})
    return head_digest(
        {"format": manifest["format"], "parts": anew["parts"], "sealed": anew["sealed"]}
    )


def period_of(manifest: Mapping[str, Any]) -> Period:
    """Return the period of a manifest."""
    said = manifest["period"]
    return Period(date.fromisoformat(said["first"]), date.fromisoformat(said["last"]))


def read_file(path: Path) -> dict[str, Any]:
    """Return a manifest as it was written here."""
    found: dict[str, Any] = json.loads(path.read_bytes())
    return found
