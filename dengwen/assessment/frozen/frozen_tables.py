"""The frozen tables as Parquet: facts, organs, exclusions, marks. The same rows give the same
bytes.

Written in batches of a fixed size with fixed options, so memory stays bounded and nothing of the
moment or the machine enters a file. Another version of pyarrow may write other bytes: the manifest
names the version, and verification reads the files, it never writes them again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

FACTS, ORGANS, EXCLUSIONS = "facts.parquet", "organs.parquet", "exclusions.parquet"
PAST = "past.parquet"
"""Facts of the same days of earlier years, which only the watches count."""
MARKS = "marks.parquet"
"""A short digest of every fact, by its number: what lets verification name the one that was
changed."""
FILES = (FACTS, ORGANS, EXCLUSIONS, PAST, MARKS)
ROWS_AT_ONCE = 65536
"""Rows of one batch, and of one row group: what is in memory at any moment."""
READ_AT_ONCE = 1 << 20

_T = TypeVar("_T")
_TEXT = pa.string()
SCHEMAS = {
    FACTS: pa.schema(
        [
            ("id", pa.int64()),
            ("kind", _TEXT),
            ("organ", pa.int64()),
            ("case", pa.int64()),
            ("day", pa.date32()),
            ("outcome", _TEXT),
            ("sort", _TEXT),
            ("channel", _TEXT),
            ("entered", _TEXT),
        ]
    ),
    ORGANS: pa.schema([("organ", pa.int64()), ("name", _TEXT), ("group", _TEXT)]),
    EXCLUSIONS: pa.schema(
        [
            ("fact", pa.int64()),
            ("indicator", _TEXT),
            ("clause", _TEXT),
            ("reason", _TEXT),
            ("second", _TEXT),
            ("proposer", _TEXT),
            ("number", pa.int64()),
        ]
    ),
    MARKS: pa.schema([("file", _TEXT), ("id", pa.int64()), ("mark", pa.int64())]),
}
SCHEMAS[PAST] = SCHEMAS[FACTS]
"""Columns of each table, in order."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that was done, left undone or decided; `organ` is whose figure it enters, `day`
    puts it into a period.

    `case` and `channel` are 0 and "" where there is none; `entered` is timely, late (entered late)
    or imported.
    """

    id: int
    kind: str
    organ: int
    case: int
    day: date
    outcome: str
    sort: str = ""
    channel: str = ""
    entered: str = "timely"


@dataclass(frozen=True, slots=True)
class Assessed:
    """An organ of the population, and the group of organs it is compared with."""

    organ: int
    name: str
    group: str


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A fact left out of one indicator ("" = of all), with clause, reason, who proposed and who
    confirmed it.

    `number` is that of the exclusion in its case, 0 in a trial.
    """

    fact: int
    indicator: str
    clause: str
    reason: str
    second: str
    proposer: str = ""
    number: int = 0


def write(path: Path, table: str, rows: Iterable[Any]) -> int:
    """Write rows (of the table's dataclass, in the order of the file) and return how many there
    were."""
    schema, written = SCHEMAS[table], 0
    with _open_parquet(path, schema) as writer:
        for some in portions(rows, ROWS_AT_ONCE):
            writer.write_batch(_batch(some, schema), row_group_size=ROWS_AT_ONCE)
            written += len(some)
    return written


def _batch(rows: list[Any], schema: Any) -> Any:  # noqa: ANN401  # pyarrow carries no types
    """Return rows as one batch of columns."""
    columns = []
    for column in schema:
        values = [getattr(row, column.name) for row in rows]
        columns.append(pa.array(values, type=column.type))
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _open_parquet(path: Path, schema: Any) -> Any:  # noqa: ANN401  # pyarrow carries no types
    """Open a file for rows of a schema, so that equal rows give equal bytes with one pyarrow."""
    # another value of any option changes the digest of every frozen file
    return pq.ParquetWriter(
        path,
        schema,
        version="2.6",
        compression="zstd",
        compression_level=3,
        use_dictionary=True,
        write_statistics=True,
        store_schema=False,
        data_page_version="1.0",
    )


def write_batches(path: Path, table: str, batches: Iterable[Any]) -> int:
    """Write batches of Arrow, however large each is, as `write` writes rows; return how many
    rows there were."""
    schema, written, waiting = SCHEMAS[table], 0, SCHEMAS[table].empty_table()
    with _open_parquet(path, schema) as writer:
        for batch in batches:
            waiting = pa.concat_tables([waiting, pa.Table.from_batches([batch]).cast(schema)])
            while waiting.num_rows >= ROWS_AT_ONCE:
                written += _group(writer, waiting.slice(0, ROWS_AT_ONCE))
                waiting = waiting.slice(ROWS_AT_ONCE)
        if waiting.num_rows:
            written += _group(writer, waiting)
    return written


def _group(writer: Any, rows: Any) -> int:  # noqa: ANN401  # pyarrow carries no types
    """Write one row group and return how many rows it has."""
    writer.write_table(rows.combine_chunks(), row_group_size=ROWS_AT_ONCE)
    return int(rows.num_rows)


def portions(rows: Iterable[_T], most: int) -> Iterator[list[_T]]:
    """Yield rows in lists of at most so many."""
    waiting = iter(rows)
    while some := list(islice(waiting, most)):
        yield some


def read(path: Path, table: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of a file as dicts, batch by batch; ValueError where its columns are not
    those of the table."""
    with pq.ParquetFile(path) as file:
        if file.schema_arrow.names != SCHEMAS[table].names:
            raise ValueError(
                f"{path.name}: columns {file.schema_arrow.names}, expected {SCHEMAS[table].names}"
            )
        for some in file.iter_batches(batch_size=ROWS_AT_ONCE):
            yield from some.to_pylist()


def sha256_of(path: Path) -> str:
    """Return the SHA-256 (hex) of a file, read in portions."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while some := file.read(READ_AT_ONCE):
            digest.update(some)
    return digest.hexdigest()
