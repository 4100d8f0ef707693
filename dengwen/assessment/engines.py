"""Where the two expressions run: embedded in DuckDB or in SQLite, or on Apache Spark where it is
installed.

Each engine gets the text compiled for it, and answers with rows of integers; which engine was asked
can be seen in no figure. A verifier who doubts one asks another (`dengwen assess verify --engine`).
"""

from __future__ import annotations

import importlib
import importlib.util
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from dengwen.assessment.frozen.frozen_tables import ROWS_AT_ONCE, SCHEMAS, write_batches

MEMORY = "512MB"
THREADS = 2
SPARK = "spark"
Rows = Sequence[Sequence[object]]
Views = Mapping[str, tuple[Path, str]]
"""By name in the expressions: the file, and the table it holds."""
Engine = Callable[[Views, Mapping[str, str]], dict[str, Rows]]


class EngineError(ValueError):
    """An engine that is not there; says which are."""


def on_duckdb(views: Views, asked: Mapping[str, str]) -> dict[str, Rows]:
    """Ask DuckDB, with bounded memory; `duckdb.Error` where a file cannot be read."""
    with duckdb.connect() as engine:
        _bind(engine)
        for name, (path, _table) in views.items():
            engine.read_parquet(str(path)).create_view(name)
        return {name: engine.execute(text).fetchall() for name, text in asked.items()}


def _quoted(columns: Iterable[str]) -> str:
    """Return names of columns as SQL lists them."""
    return ", ".join(f'"{name}"' for name in columns)


def _bind(engine: duckdb.DuckDBPyConnection) -> None:
    """Bound memory and threads, and let nothing be fetched."""
    engine.execute(f"SET memory_limit = '{MEMORY}'; SET threads = {THREADS}")
    engine.execute(
        "SET autoinstall_known_extensions = false; SET autoload_known_extensions = false"
    )


def sort_file(source: Path, target: Path, table: str) -> None:
    """Write the rows of a file into another in order of their columns, whatever their number.

    Memory is bounded: DuckDB sorts on disk beside the file. The same rows give the same bytes.
    """
    folder = str(source.parent).replace("'", "''")
    columns = _quoted(SCHEMAS[table].names)
    with duckdb.connect() as engine:
        _bind(engine)
        engine.execute(f"SET temp_directory = '{folder}/sorting'")
        rows = engine.read_parquet(str(source)).order(columns)
        write_batches(target, table, rows.to_arrow_reader(ROWS_AT_ONCE))
    shutil.rmtree(source.parent / "sorting", ignore_errors=True)


def on_sqlite(views: Views, asked: Mapping[str, str]) -> dict[str, Rows]:
    """Ask SQLite: the files are copied into a temporary database on disk, days as text."""
    with closing(sqlite3.connect("")) as engine:
        for name, (path, table) in views.items():
            columns = SCHEMAS[table].names
            engine.execute(f"CREATE TABLE {name} ({_quoted(columns)})")
            marks = ", ".join("?" * len(columns))
            filled = f"INSERT INTO {name} VALUES ({marks})"  # noqa: S608  # names of our own
            engine.executemany(filled, _rows(path, columns))
        return {name: engine.execute(text).fetchall() for name, text in asked.items()}


def _rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[object, ...]]:
    """Yield the rows of a file, batch by batch."""
    with pq.ParquetFile(path) as file:
        for some in file.iter_batches(batch_size=ROWS_AT_ONCE, columns=list(columns)):
            values = [_plain(column.to_pylist()) for column in some.columns]
            yield from zip(*values, strict=True)


def _plain(values: list[object]) -> list[object]:
    """Return values with days as text, which SQLite compares as it should."""
    return [v.isoformat() if isinstance(v, date) else v for v in values]


def on_spark(views: Views, asked: Mapping[str, str]) -> dict[str, Rows]:
    """Ask a Spark of this machine; `EngineError` where it is not installed, `ValueError` where a
    file is none."""
    with spark_session() as engine:
        try:
            for name, (path, _table) in views.items():
                engine.read.parquet(str(path.resolve())).createOrReplaceTempView(name)
            found: dict[str, Rows] = {}
            for name, text in asked.items():
                found[name] = [tuple(row) for row in engine.sql(text).collect()]
            return found
        except (
            _error("pyspark.errors", "PySparkException"),
            _error("py4j.protocol", "Py4JError"),
        ) as error:
            raise ValueError(str(error).split("\n", 1)[0]) from error


def _error(module: str, name: str) -> type[Exception]:
    """Return a class of error of a library that may not be installed."""
    found: type[Exception] = getattr(importlib.import_module(module), name)
    return found


@contextmanager
def spark_session() -> Iterator[Any]:
    """Open a session of Spark in a Java of this machine, without a port that others could reach,
    and end it after."""
    if not has_spark():
        raise EngineError(
            "这里没有 Apache Spark；用 make spark 建好 .venv-spark 后以 .venv-spark/bin/python 运行 / "
            "Apache Spark is not installed here; after `make spark`, run with .venv-spark/"
            "bin/python"
        )
    builder: Any = importlib.import_module("pyspark.sql").SparkSession.builder
    given = {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": str(THREADS),
        "spark.sql.session.timeZone": "UTC",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
    }
    for name, value in given.items():
        builder = builder.config(name, value)
    session = builder.master(f"local[{THREADS}]").appName("dengwen").getOrCreate()
    try:
        yield session
    finally:
        session.stop()


def has_spark() -> bool:
    """Say whether Apache Spark can be imported."""
    return importlib.util.find_spec("pyspark") is not None


ENGINES: Mapping[str, tuple[Engine, str]] = {
    "duckdb": (on_duckdb, "duckdb"),
    "sqlite": (on_sqlite, "sqlite"),
    SPARK: (on_spark, "pyspark"),
}
"""By name: what asks the engine, and the dialect its text is compiled for."""
DEFAULT = "duckdb"


def second() -> str:
    """Return the engine to compare the first with: Spark where it is installed, SQLite
    elsewhere."""
    return SPARK if has_spark() else "sqlite"


def engine_of(name: str) -> tuple[Engine, str]:
    """Return an engine and its dialect; `EngineError` for a name that is none."""
    if name not in ENGINES:
        raise EngineError(f"没有引擎“{name}” / no engine {name!r}: {', '.join(ENGINES)}")
    return ENGINES[name]
