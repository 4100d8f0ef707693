"""The manifest (考核清单): everything that is needed to compute a result again elsewhere, and nothing
else.

A JSON text beside the Parquet files, in canonical form. The digest of its head, which binds
everything else in it
(`sealing`), is what the act of freezing keeps, so the ledger seals the whole run by one line. Needs
no Django: a
receiver may have neither database nor data folder.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from functools import lru_cache
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
from dengwen.law.indicators.indicator import Count, Organ, Period, Scheme
from dengwen.law.indicators.scheme_file import build_scheme
from dengwen.law.indicators.score import canonical_json, score

FORMAT = "dengwen-assessment/3"
NAME = "manifest.json"
SCORES = "scores.json"
DAYS = ("from", "until")
COUNT = tuple(f.name for f in fields(Count))
COMPUTING = (
    "engines",
    "facts/act_facts",
    "facts/deadline_facts",
    "facts/entry_modes",
    "facts/fact_names",
    "facts/facts",
    "facts/organ_groups",
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
    return {
        f.relative_to(here.parent).as_posix(): hashlib.sha256(
            f.read_bytes().replace(b"\r\n", b"\n")
        ).hexdigest()
        for f in files
    }


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
    return [[getattr(c, name) for name in COUNT] for c in counts]


def from_list(rows: Sequence[Sequence[Any]]) -> list[Count]:
    """Return counts from plain lists."""
    return [Count(*row) for row in rows]


def recount(
    folder: Path, scheme: Scheme, period: Period, by: str = DEFAULT, past: Past | None = None
) -> dict[str, Any]:
    """Count (by an engine) and score the frozen files: the part of a manifest that follows from
    the rest of it."""
    counted, organs = ibis_count.count(folder, scheme, period, by), organs_in(folder)
    counts = ibis_count.counts(counted, scheme, organs, period)
    scores = score(scheme, counts, organs).canonical()
    watches = ibis_count.watches(counted, scheme, organs, period)
    before = past_watches(folder, scheme, organs, past, by) if past else []
    return {
        "counts": as_list(counts),
        "watches": as_list(watches),
        "past_watches": as_list(before),
        "flags": json.loads(
            canonical_json([asdict(f) for f in flags(scheme, watches, before, organs)])
        ),
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


def past_watches(
    folder: Path, scheme: Scheme, organs: Sequence[Organ], past: Past, by: str = DEFAULT
) -> list[Count]:
    """Count the watches over the days of earlier years; what joined an organ counts as its past."""
    by_id, whose = {o.organ: o for o in organs}, dict(past.joined)
    former = [
        Organ(old, "", by_id[new].group)
        for old, new in past.joined
        if new in by_id and old not in by_id
    ]
    sums: dict[tuple[int, str], list[int]] = {}
    for period in past.periods:
        counted = ibis_count.count(folder, scheme, period, by, PAST)
        for one in ibis_count.watches(counted, scheme, [*organs, *former], period):
            cell = sums.setdefault(
                (whose.get(one.organ, one.organ), one.indicator), [0] * (len(COUNT) - 2)
            )
            for place, name in enumerate(COUNT[2:]):
                cell[place] += getattr(one, name)
    return sorted(Count(organ, name, *numbers) for (organ, name), numbers in sums.items())


def effects(
    counted: ibis_count.Counted, scheme: Scheme, organs: Sequence[Organ], period: Period
) -> list[dict[str, Any]]:
    """Return what the exclusions change for each organ and indicator: the integers with and
    without them."""
    without = ibis_count.counts(
        ibis_count.Counted(counted.firsts, counted.cells, {}), scheme, organs, period
    )
    changed = []
    for before, after in zip(
        without, ibis_count.counts(counted, scheme, organs, period), strict=True
    ):
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
    return [
        {
            **asdict(e),
            "organ": facts[e.fact]["organ"] if e.fact in facts else NOBODY,
            "effect": _taken(scheme, e.indicator, facts.get(e.fact), groups, period),
        }
        for e in held
    ]


def _taken(
    scheme: Scheme,
    only: str,
    fact: Mapping[str, Any] | None,
    groups: Mapping[int, str],
    period: Period,
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if fact is None or fact["organ"] not in groups:
        return found
    for one in scheme.indicators:
        if only not in ("", one.id) or (one.groups and groups[fact["organ"]] not in one.groups):
            continue
        sides = [
            -int(selects(side, fact, side.first_day(period, one.period), period.last))
            for side in (one.numerator, one.denominator)
        ]
        if any(sides):
            found.append({"indicator": one.id, "numerator": sides[0], "denominator": sides[1]})
    return found


def decided(said: Mapping[str, Any]) -> tuple[dict[int, str], list[dict[str, Any]]]:
    """Return what people decided, as a manifest has it: outcomes put right by fact, and the
    exclusions."""
    rows = [{f.name: e.get(f.name) for f in fields(Exclusion)} for e in said["exclusions"]]
    return {c["fact"]: c["outcome"] for c in said["corrections"]}, rows


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
    public keys; `salt`
    gives that of an organ's part.
    """
    scheme = scheme_of(body)
    blocks = write_marks(folder)
    made: dict[str, Any] = {
        "format": FORMAT,
        "scheme": {
            "id": scheme.id,
            "edition": scheme.edition,
            "sha256": scheme.digest,
            "body": body,
        },
        "weights": weights(scheme),
        "period": {"first": period.first.isoformat(), "last": period.last.isoformat()},
        "population": [asdict(o) for o in organs_in(folder)],
        "blocks": blocks,
        "files": {name: sha256_of(folder / name) for name in FILES},
        "columns": list(COUNT),
        "past": {
            "periods": [[p.first.isoformat(), p.last.isoformat()] for p in past.periods]
            if past
            else [],
            "joined": [list(pair) for pair in past.joined] if past else [],
        },
        **said,
        **recount(folder, scheme, period, past=past),
    }
    made["left_out"] = left_out(made["exclusions"])
    return {**made, **sealed(made, {organ: salt(organ) for organ in organs_said(made)})}


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
