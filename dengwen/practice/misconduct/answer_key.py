"""The sealed answer key: JSON lines, what was injected where, innocent look-alikes too. Outside the
data folder.

The first line says what the key belongs to; each further line is a record, or a matter of the load
that came late by
itself (`ordinary`). Its SHA-256 is printed, and written into the ledger by an act, before any
finder runs.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from dengwen.practice.misconduct.catalogue import KINDS
from dengwen.practice.misconduct.errors import MisconductError
from dengwen.practice.misconduct.orders import INJECT, Orders
from dengwen.practice.misconduct.placement import Record

FORMAT = 2
MISCONDUCT, INNOCENT, ORDINARY = "misconduct", "innocent", "ordinary"
OWNER_ONLY = 0o600
TRULY_LATE = ("supervised", "reminded")
"""Look-alikes of a petition office that did not supervise: the handling organ was late all the
same."""


@dataclass(frozen=True, slots=True)
class Line:
    """One record of a key. `also` are kinds that the same trace truly shows beside its own.

    `first` and `last` are the days on which a pattern shows (refusals, complaints, entries,
    closings), not the life of
    its cases; of a single case the days of its first and last deed.
    """

    sort: str
    kind: str
    how: str
    unit: str
    official: str
    cases: tuple[str, ...]
    first: date
    last: date
    also: tuple[str, ...] = ()
    entry: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return the record as it stands in the file."""
        return {
            "sort": self.sort,
            "kind": self.kind,
            "how": self.how,
            "unit": self.unit,
            "official": self.official,
            "cases": list(self.cases),
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "also": list(self.also),
            "entry": self.entry,
        }


@dataclass(frozen=True, slots=True)
class Key:
    """A key as read: what it belongs to, and its records."""

    head: Mapping[str, Any]
    lines: tuple[Line, ...]
    digest: str


def lines_of(records: Sequence[Record]) -> Iterator[Line]:
    """Yield the records that were written whole; a refused one is no misconduct anybody could
    find."""
    for record in records:
        if any(script.broken for script in record.scripts):
            continue
        cases = tuple(number for script in record.scripts for number in script.cases)
        if not cases:
            continue
        order = record.order
        yield Line(
            MISCONDUCT if order.sort == INJECT else INNOCENT,
            order.kind,
            record.how,
            record.unit,
            record.official,
            cases,
            record.first,
            record.last,
            _also(record),
            order.named,
        )


def _also(record: Record) -> tuple[str, ...]:
    """Return the other kinds a record is truly an example of."""
    if record.order.sort == INJECT:
        return KINDS[record.order.kind].also
    return ("not_handled",) if record.how in TRULY_LATE else ()


def check_place(path: Path, data: Path) -> None:
    """Refuse a key inside the data folder: whoever runs the finders there must not come by it."""
    if path.resolve().is_relative_to(data.resolve()):
        raise MisconductError(
            "key-inside",
            where=str(path),
            zh="答案不能放在数据文件夹里",
            en="the key may not lie in the data folder",
            mend_zh="用 --key 另指一处",
            mend_en="name another place with --key",
        )
    if path.exists():
        raise MisconductError(
            "key-there",
            where=str(path),
            zh="已有这个文件，答案不覆盖",
            en="is there already; a key is never overwritten",
            mend_zh="用 --key 另指一处",
            mend_en="name another place with --key",
        )


def write_key(
    path: Path,
    lines: Sequence[Line],
    ordinary: Mapping[str, Sequence[str]],
    head: Mapping[str, Any],
) -> str:
    """Write a key for its owner alone and return its SHA-256. `ordinary`: late duties of the
    load itself, by case."""
    rows: list[Mapping[str, Any]] = [
        {"format": FORMAT, **head},
        *(line.as_dict() for line in lines),
    ]
    rows += [
        {"sort": ORDINARY, "case": case, "duties": list(duties)}
        for case, duties in sorted(ordinary.items())
    ]
    body = "".join(
        json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n" for row in rows
    ).encode()
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(opened, "wb") as file:
        file.write(body)
    return hashlib.sha256(body).hexdigest()


def head_of(orders: Orders, seed: int, until: datetime, petitions: int) -> dict[str, Any]:
    """Return the first line of a key: the file it answers by name and digest, seed, end and size
    of the load."""
    return {
        "file": orders.name,
        "file_sha256": orders.digest,
        "seed": seed,
        "until": until.isoformat(),
        "petitions": petitions,
    }


def read_key(path: Path) -> tuple[Key, Mapping[str, Sequence[str]]]:
    """Read a key and the ordinary lateness it lists; MisconductError where it is none."""
    try:
        body = path.read_bytes()
        rows = [json.loads(line) for line in body.decode("utf-8").splitlines()]
        if not rows or rows[0].get("format") != FORMAT:
            raise ValueError(f"format {rows[0].get('format') if rows else None!r}, not {FORMAT}")
        lines = tuple(_line(row) for row in rows[1:] if row["sort"] != ORDINARY)
        ordinary = {
            row["case"]: tuple(row["duties"]) for row in rows[1:] if row["sort"] == ORDINARY
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise MisconductError(
            "no-key",
            where=str(path),
            zh=f"不是答案文件：{error}",
            en=f"is no answer key: {error}",
            mend_zh="用 dengwen simulate --misconduct 写出的文件",
            mend_en="give the file that dengwen simulate --misconduct wrote",
        ) from error
    return Key(rows[0], lines, hashlib.sha256(body).hexdigest()), ordinary


def _line(row: Mapping[str, Any]) -> Line:
    return Line(
        row["sort"],
        row["kind"],
        row["how"],
        row["unit"],
        row["official"],
        tuple(row["cases"]),
        date.fromisoformat(row["first"]),
        date.fromisoformat(row["last"]),
        tuple(row["also"]),
        row["entry"],
    )
