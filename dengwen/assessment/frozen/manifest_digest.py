"""What the one digest of a manifest covers, and how it is checked piece by piece, in whole or for
one organ alone.

Every fact has a mark (64 bits of BLAKE2b over its row) in a file beside it, and the facts of one
organ and kind have a digest in the manifest: a changed fact is named by its number, a missing one
too. What is said of an organ is its *part*: each section of it has a digest, and the part has one
with a salt, so that it can be handed to the organ without telling what is said of others, and still
be checked against the digest that the act of freezing keeps.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dengwen.assessment.frozen.frozen_tables import (
    FACTS,
    MARKS,
    PAST,
    ROWS_AT_ONCE,
    SCHEMAS,
    write_batches,
)
from dengwen.law.indicators.score import canonical_json

COMMON = ("scheme", "weights", "period", "columns", "past", "code", "ledger", "assessment")
"""Sections that are the same for all organs: each has its digest under `sealed`."""
LISTS = (
    "population",
    "exclusions",
    "left_out",
    "corrections",
    "objections",
    "counts",
    "watches",
    "past_watches",
    "flags",
    "effects",
    "blocks",
)
"""Sections whose every row is of one organ."""
SCORED = ("figures", "totals")
"""The same, inside `scores`."""
HEAD = ("format", "parts", "sealed")
"""What the digest of a manifest is over; everything else is bound by the digests in it."""
LEFT_OUT = ("organ", "number", "fact", "clause")
"""What is listed of an exclusion beside its digest."""
NOBODY = 0
"""Whose the rows are that name a fact nobody has."""


def sha256_text(value: Any) -> str:  # noqa: ANN401  # any tree of plain data
    """Return the SHA-256 (hex) of plain data in canonical form."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


def head_digest(said: Mapping[str, Any]) -> str:
    """Return the digest of the head as it stands; what it binds has to be compared with it
    (`checking`)."""
    return sha256_text({name: said[name] for name in HEAD})


# --- facts ----------------------------------------------------------------------------------------
def row_text(row: Iterable[object]) -> bytes:
    """Return a row of facts as the bytes that are digested: its columns in order, days as in ISO
    8601."""
    return "\x1f".join(map(str, row)).encode()


def mark_of(text: bytes) -> int:
    """Return the mark of a row: 64 bits, signed, as Parquet keeps them."""
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big", signed=True)


def rows_of(path: Path) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a file of facts as tuples; ValueError where its columns are others."""
    with pq.ParquetFile(path) as file:
        if file.schema_arrow.names != SCHEMAS[FACTS].names:
            raise ValueError(
                f"{path.name}: columns {file.schema_arrow.names}, expected {SCHEMAS[FACTS].names}"
            )
        for some in file.iter_batches(batch_size=ROWS_AT_ONCE):
            yield from zip(*(column.to_pylist() for column in some.columns), strict=True)


class Blocks:
    """Rows and digest of each file, organ and kind, taken up row by row."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._held: dict[tuple[str, int, str], list[Any]] = {}

    def take(self, file: str, row: tuple[Any, ...], text: bytes) -> None:
        """Take up one row."""
        key = (file, row[2], row[1])
        held = self._held.get(key)
        if held is None:
            held = self._held[key] = [0, hashlib.sha256()]
        held[0] += 1
        held[1].update(text + b"\n")

    def listed(self) -> list[dict[str, Any]]:
        """Return them in order."""
        return [
            {"file": file, "organ": organ, "kind": kind, "rows": rows, "sha256": digest.hexdigest()}
            for (file, organ, kind), (rows, digest) in sorted(
                self._held.items(), key=lambda pair: pair[0]
            )
        ]


def write_marks(folder: Path) -> list[dict[str, Any]]:
    """Write the marks of all frozen facts and return the blocks; memory is bounded."""
    blocks = Blocks()
    write_batches(folder / MARKS, MARKS, _marked(folder, blocks))
    return blocks.listed()


def _marked(folder: Path, blocks: Blocks) -> Iterator[Any]:
    """Yield the marks of all facts in batches, taking up the facts on the way."""
    for name in (FACTS, PAST):
        ids: list[int] = []
        marks: list[int] = []
        for row in rows_of(folder / name):
            text = row_text(row)
            blocks.take(name, row, text)
            ids.append(row[0])
            marks.append(mark_of(text))
            if len(ids) == ROWS_AT_ONCE:
                yield _batch(name, ids, marks)
                ids, marks = [], []
        yield _batch(name, ids, marks)


def _batch(name: str, ids: list[int], marks: list[int]) -> Any:  # noqa: ANN401  # pyarrow carries no types
    """Return one batch of marks."""
    columns = [
        pa.array([name] * len(ids), pa.string()),
        pa.array(ids, pa.int64()),
        pa.array(marks, pa.int64()),
    ]
    return pa.RecordBatch.from_arrays(columns, schema=SCHEMAS[MARKS])


def marks_of(folder: Path, name: str) -> Iterator[tuple[int, int]]:
    """Yield number and mark of the facts of one file, in order."""
    with pq.ParquetFile(folder / MARKS) as file:
        if file.schema_arrow.names != SCHEMAS[MARKS].names:
            raise ValueError(
                f"{MARKS}: columns {file.schema_arrow.names}, expected {SCHEMAS[MARKS].names}"
            )
        for some in file.iter_batches(batch_size=ROWS_AT_ONCE):
            kept = some.filter(pc.equal(some.column("file"), name))
            yield from zip(
                kept.column("id").to_pylist(), kept.column("mark").to_pylist(), strict=True
            )


def facts_with(path: Path, ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Return the rows of a file of facts with these numbers."""
    wanted = pa.array(sorted(set(ids)), pa.int64())
    found: dict[int, dict[str, Any]] = {}
    with pq.ParquetFile(path) as file:
        if not len(wanted):
            return found
        for some in file.iter_batches(batch_size=ROWS_AT_ONCE):
            kept = some.filter(pc.is_in(some.column("id"), value_set=wanted))
            found |= {row["id"]: row for row in kept.to_pylist()}
    return found


# --- sections and parts ---------------------------------------------------------------------------
def owned(said: Mapping[str, Any]) -> Iterator[tuple[int, str, Any]]:
    """Yield (organ, section, row) of everything that is said of one organ, in the order of the
    manifest."""
    joined = dict(said["past"]["joined"])
    for section in LISTS:
        for row in said[section]:
            organ = row.get("organ", NOBODY) if isinstance(row, dict) else row[0]
            if section == "blocks" and row["file"] == PAST:
                organ = joined.get(organ, organ)
            yield organ, section, row
    for section in SCORED:
        for row in said["scores"][section]:
            yield row["organ"], section, row


def sections_of(said: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the digest of every section of every organ that says anything."""
    held: dict[tuple[int, str], list[Any]] = {}
    for organ, section, row in owned(said):
        held.setdefault((organ, section), []).append(row)
    return [
        {"organ": o, "section": s, "sha256": sha256_text(rows)}
        for (o, s), rows in sorted(held.items())
    ]


def part_digest(salt: str, sections: Iterable[Mapping[str, Any]]) -> str:
    """Return the digest of one organ's part: its salt and the digests of its sections."""
    return sha256_text([salt, [[s["section"], s["sha256"]] for s in sections]])


def left_out(exclusions: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return number, fact and clause of every exclusion with its digest: one that is taken out
    or changed is named."""
    found = []
    for exclusion in exclusions:
        listed = {name: exclusion.get(name, NOBODY) for name in LEFT_OUT}
        found.append({**listed, "sha256": sha256_text(exclusion)})
    return found


def sealed(said: Mapping[str, Any], salts: Mapping[int, str]) -> dict[str, Any]:
    """Return what binds a manifest together: sections, salts, parts, and the digests of what is
    common."""
    sections = sections_of(said)
    parts = []
    for organ, salt in salts.items():
        own = [s for s in sections if s["organ"] == organ]
        parts.append(part_digest(salt, own))
    return {
        "sections": sections,
        "salts": [{"organ": organ, "salt": salt} for organ, salt in sorted(salts.items())],
        "parts": sorted(parts),
        "sealed": {name: sha256_text(said[name]) for name in COMMON},
    }


def organs_said(said: Mapping[str, Any]) -> set[int]:
    """Return every organ that something is said of."""
    return {organ for organ, _section, _row in owned(said)}


def part_of(said: Mapping[str, Any], organ: int) -> dict[str, Any]:
    """Return one organ's part of a manifest: what is common, what is said of it, and the digests
    of the rest."""
    own: dict[str, list[Any]] = {name: [] for name in (*LISTS, *SCORED)}
    for whose, section, row in owned(said):
        if whose == organ:
            own[section].append(row)
    return {
        **{name: said[name] for name in (*HEAD, *COMMON)},
        **{name: own[name] for name in LISTS},
        "scores": {name: own[name] for name in SCORED},
        "sections": [s for s in said["sections"] if s["organ"] == organ],
        "salts": [s for s in said["salts"] if s["organ"] == organ],
        "part_of": organ,
    }
