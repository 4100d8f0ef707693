"""Prepared statements to PostgreSQL, several at once, waited for once: libpq itself, without a
cursor for each.

An act sends two dozen statements. Here all of a group go out in one message, `BEGIN` with the first
of a transaction, and their answers are read together. Every statement is prepared at its first use
on a connection, so that the server plans it once; its places take whatever type the server finds
there, so that NULL or a date makes no other statement.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from itertools import count
from typing import Any

from psycopg import Connection, DataError, adapt
from psycopg.abc import PQGen, Transformer
from psycopg.adapt import PyFormat
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult
from psycopg.waiting import Ready, Wait

Rows = list[tuple[Any, ...]]
_Ready = tuple[str, list[bytes | None], list[Format]]
"""A statement, its values as they go to the server, and which of them are bytes."""

MOST_PREPARED = 500
"""Statements kept prepared for a connection: those of every table, by the number of rows. Later
ones are sent whole."""
FIRST_ANEW, MOST_ANEW = 256, 16_384
"""Statements after which all plans are made anew, twice as many each time: a plan made for a nearly
empty table reads it from end to end, and the server itself finds out only when it next counts the
rows."""
STALE = frozenset({"0A000", "26000"})
"""The server's words for a prepared statement whose table was altered, or that it has not: all
are prepared anew."""


@dataclass(slots=True)
class _Link:
    """What is known of a connection: its statements by the names they are prepared under, and
    its conversions."""

    transformer: Transformer
    prepared: dict[str, bytes] = field(default_factory=dict)
    names: count[int] = field(default_factory=count)
    sent: int = 0
    anew: int = FIRST_ANEW

    def due_anew(self, statements: int) -> bool:
        """Count statements on; say whether plans are to be made anew before them."""
        self.sent += statements
        if self.sent < self.anew:
            return False
        self.sent, self.anew = 0, min(2 * self.anew, MOST_ANEW)
        return True


def _link_of(connection: Connection[Any]) -> _Link:
    """Return what is known of a connection; it is kept on the connection itself and goes with
    it."""
    own = vars(connection)
    found = own.get(_LINK)
    if not isinstance(found, _Link):
        found = own[_LINK] = _Link(adapt.Transformer(connection))
    return found


_LINK = "dengwen_link"


def send(
    connection: Connection[Any], statements: Sequence[tuple[str, Sequence[Any]]]
) -> list[Rows]:
    """Run statements with `%s` places in their order and return the rows of each.

    None may need the answer of one before it. Raises what the first that fails would raise at the
    driver; those after it are not run.
    """
    link = _link_of(connection)
    ready = [(statement, *_values(link.transformer, values)) for statement, values in statements]
    with connection.lock:
        answers = _exchanged(connection, link, ready)
    return [_rows(link.transformer, answer) for answer in answers]


def _exchanged(connection: Connection[Any], link: _Link, ready: Sequence[_Ready]) -> list[PGresult]:
    """Send statements with their values and return the answer of each."""
    pgconn, group = connection.pgconn, _Group(link)
    pgconn.enter_pipeline_mode()
    try:
        if not connection.autocommit and pgconn.transaction_status == TransactionStatus.IDLE:
            pgconn.send_query_params(_begin(connection), None)
            group.expected.append(None)
        if link.due_anew(len(ready)):
            pgconn.send_query_params(b"DISCARD PLANS", None)
            group.expected.append(None)
        for statement, values, formats in ready:
            group.queue(pgconn, statement, values, formats)
        pgconn.pipeline_sync()
        answers = connection.wait(_answers(connection))
    finally:
        if pgconn.status != ConnStatus.BAD:
            pgconn.exit_pipeline_mode()
    return group.sorted(answers, connection.info.encoding)


@dataclass(slots=True)
class _Group:
    """Statements sent together: what their answers will be about, and the names of those prepared
    among them.

    `expected` says of each answer to come which statement it calls prepared; "" stands for an
    answer of rows, None for neither.
    """

    link: _Link
    expected: list[str | None] = field(default_factory=list)
    fresh: dict[str, bytes] = field(default_factory=dict)

    def queue(
        self, pgconn: PGconn, statement: str, values: list[bytes | None], formats: list[Format]
    ) -> None:
        """Put one statement into the message, prepared before where it is new."""
        name = self.link.prepared.get(statement) or self.fresh.get(statement)
        if name is None and len(self.link.prepared) + len(self.fresh) < MOST_PREPARED:
            name = self.fresh[statement] = b"dengwen_%d" % next(self.link.names)
            pgconn.send_prepare(name, _for_server(statement))
            self.expected.append(statement)
        if name is None:
            pgconn.send_query_params(_for_server(statement), values, None, formats)
        else:
            pgconn.send_query_prepared(name, values, formats)
        self.expected.append("")

    def sorted(self, answers: Sequence[PGresult], encoding: str) -> list[PGresult]:
        """Return the answers that may hold rows; raises what the first statement that failed
        says."""
        found: list[PGresult] = []
        for answer, about in zip(answers, self.expected, strict=True):
            if answer.status == ExecStatus.FATAL_ERROR:
                error = error_from_result(answer, encoding=encoding)
                if error.sqlstate in STALE:
                    self.link.prepared.clear()
                raise error
            if about == "":
                found.append(answer)
            elif about:
                self.link.prepared[about] = self.fresh[about]
        return found


def _answers(connection: Connection[Any]) -> PQGen[list[PGresult]]:
    """Send what is still to be sent and return all answers up to the end of the group."""
    pgconn = connection.pgconn
    found: list[PGresult] = []
    while pgconn.flush():
        if (yield Wait.RW) & Ready.R:
            pgconn.consume_input()
    while True:
        while pgconn.is_busy():
            while not (yield Wait.R):
                continue
            pgconn.consume_input()
        answer = pgconn.get_result()
        if answer is None:  # between two statements
            continue
        if answer.status == ExecStatus.PIPELINE_SYNC:
            return found
        found.append(answer)


def _begin(connection: Connection[Any]) -> bytes:
    """Return the word that begins a transaction as the connection is set."""
    words = ["BEGIN"]
    if connection.isolation_level is not None:
        words.append(f"ISOLATION LEVEL {connection.isolation_level.name.replace('_', ' ')}")
    if connection.read_only is not None:
        words.append("READ ONLY" if connection.read_only else "READ WRITE")
    if connection.deferrable is not None:
        words.append("DEFERRABLE" if connection.deferrable else "NOT DEFERRABLE")
    return " ".join(words).encode()


@lru_cache(maxsize=1024)
def _for_server(statement: str) -> bytes:
    """Return a statement with its places numbered."""
    first, *others = statement.split("%s")
    return (first + "".join(f"${n}{part}" for n, part in enumerate(others, 1))).encode()


# --- values ---------------------------------------------------------------------------------------
def _values(
    transformer: Transformer, values: Sequence[Any]
) -> tuple[list[bytes | None], list[Format]]:
    """Return values as they go to the server, and which of them as they are (bytes)."""
    ready: list[bytes | None] = []
    formats: list[Format] = []
    for value in values:
        kind = type(value)
        if value is None:
            ready.append(None)
        elif kind is bytes:
            ready.append(value)
            formats += [Format.TEXT] * (len(ready) - 1 - len(formats))
            formats.append(Format.BINARY)
        else:
            how = _HOW.get(kind)
            ready.append(how(value) if how else _other(transformer, value))
    formats += [Format.TEXT] * (len(ready) - len(formats))
    return ready, formats


def _text(value: str) -> bytes:
    found = value.encode()
    if b"\0" in found:
        raise DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")
    return found


def _number(value: int) -> bytes:
    return b"%d" % value


def _truth(value: bool) -> bytes:
    return b"t" if value else b"f"


def _day(value: date) -> bytes:
    return value.isoformat().encode()


_HOW: dict[type, Callable[[Any], bytes]] = {
    str: _text,
    int: _number,
    bool: _truth,
    date: _day,
    datetime: _day,
}


def _other(transformer: Transformer, value: object) -> bytes:
    """Return a value as the driver writes it in words; a list of whole numbers here, for there
    may be thousands."""
    if isinstance(value, list) and set(map(type, value)) == {int}:
        return f"{{{','.join(map(str, value))}}}".encode()
    found = transformer.get_dumper(value, PyFormat.TEXT).dump(value)
    return b"" if found is None else bytes(found)


def _rows(transformer: Transformer, answer: PGresult) -> Rows:
    if answer.status != ExecStatus.TUPLES_OK or not answer.ntuples:
        return []
    transformer.set_pgresult(answer)
    return transformer.load_rows(0, answer.ntuples, tuple)
