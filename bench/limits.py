"""Raw limits of this run: the same database through the same driver, with nothing of ours around
it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection

BODY = "三号楼屋面渗水多年，请求修复。" * 30
"""About 1.3 kB, the size of a message."""
_TABLE = (
    "CREATE TABLE bench_raw (id {key}, subject varchar(200), body text, organ integer, due date)"
)
_INSERT = "INSERT INTO bench_raw (subject, body, organ, due) VALUES ({}, {}, {}, {})"


def commits(seconds: float) -> float:
    """Return durable single-row commits per second on a table with a key alone."""
    raw = _open()
    count, until = 0, time.perf_counter() + seconds
    begun = time.perf_counter()
    while time.perf_counter() < until:
        raw.one()
        count += 1
    rate = count / (time.perf_counter() - begun)
    raw.close()
    return rate


def batch(rows: int) -> float:
    """Return rows per second of one multi-row insert in one durable commit."""
    raw = _open()
    begun = time.perf_counter()
    raw.many(rows)
    rate = rows / (time.perf_counter() - begun)
    raw.close()
    return rate


class _Raw:
    """A connection of its own, with one table."""

    def __init__(self, link: Any, place: str, begin: str) -> None:  # noqa: ANN401  # either driver
        self.link, self.cursor, self.begin = link, link.cursor(), begin
        self.statement = _INSERT.format(*[place] * 4)

    def one(self) -> None:
        """Insert one row; it commits by itself."""
        self.cursor.execute(self.statement, _row(0))

    def many(self, rows: int) -> None:
        """Insert many rows and commit."""
        self.cursor.execute(self.begin)
        self.cursor.executemany(self.statement, [_row(n) for n in range(rows)])
        self.cursor.execute("COMMIT")

    def close(self) -> None:
        """Drop the table and let go."""
        self.cursor.execute("DROP TABLE bench_raw")
        self.link.close()


def _row(number: int) -> tuple[str, str, int, str]:
    return f"第{number}件", BODY, number % 50, "2025-05-06"


def _open() -> _Raw:
    """Open a connection of its own beside the office's, with one bare table."""
    if connection.vendor == "sqlite":
        driver = sys.modules["sqlite3"]  # the one the office uses (config.settings)
        path = Path(settings.DATA) / "raw.sqlite3"
        link = driver.connect(path, isolation_level=None)
        link.executescript(settings.DATABASES["default"]["OPTIONS"]["init_command"])
        link.execute(_TABLE.format(key="integer PRIMARY KEY"))
        return _Raw(link, "?", "BEGIN IMMEDIATE")
    parameters = connection.get_connection_params()
    for name in ("pool", "cursor_factory", "context"):
        parameters.pop(name, None)
    link = psycopg.connect(**parameters, autocommit=True)
    link.execute(_TABLE.format(key="bigserial PRIMARY KEY"))
    return _Raw(link, "%s", "BEGIN")


def page_of_duties(organs: list[int], size: int) -> Callable[[], None]:
    """Return a query that reads a page of open duties without wall or model: one scan of the
    same index."""
    places = ", ".join(["%s"] * len(organs))
    statement = (
        "SELECT d.id, d.rule, d.sort_day, c.number, c.title "  # noqa: S608  # names of our own
        "FROM cases_duty d JOIN cases_case c ON c.id = d.case_id "
        f"WHERE d.state = 'open' AND d.holder_id IN ({places}) AND d.sort_day IS NOT NULL "
        f"ORDER BY d.sort_day, d.id LIMIT {size}"
    )

    def read() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, organs)
            cursor.fetchall()

    return read
