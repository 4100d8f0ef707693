"""Rows written by hand: what every act of the house pays for, without the ORM building each
statement anew.

There are no signals and no `save()` overrides in the house to miss. Inside `together` rows wait for
each other and go out in few statements; `row_statements` says in which.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from django.db import connection
from django.db.models import Model

from dengwen.store.driver import before_others, copies, run
from dengwen.store.row_ids import Ids, ids_ahead
from dengwen.store.row_statements import (
    FEW,
    Statement,
    copy_rows,
    insert_around,
    insert_lines,
    insert_numbered,
    insert_plain,
    portions,
    run_one,
    run_statements,
    updating,
)
from dengwen.store.row_tables import Row, table_of

FIRST_IDS, MOST_IDS = 4, 256
"""Ids taken at once where nobody said how many rows are to come: few, then twice as many each
time."""


def insert(*rows: Model, or_nothing: bool = False) -> bool:
    """Write new rows of one table in one statement and give each its id; nothing for no rows.

    With `or_nothing` (for one row) a row that a constraint refuses is left out, and False says so;
    otherwise that is an `IntegrityError`. Where there are more values than a database takes at
    once, there are more statements.
    """
    if not rows:
        return True
    waiting = _waiting.get()
    if waiting is not None and type(rows[0]) in waiting.ids:
        waiting.write()  # what has its id already comes before these
        waiting.ids.pop(type(rows[0]), None)
    table = table_of(type(rows[0]))
    if len(rows) > FEW and not or_nothing and copies():
        copy_rows(table, rows)
        return True
    written = 0
    for some in portions(table, rows):
        written += run_one(insert_plain(table, some, or_nothing=or_nothing))
    return written == len(rows)


def later_around(around: str, rows: Sequence[Model]) -> None:
    """Write new rows of one table by a statement around the usual one (`{}`), which hands it their
    ids.

    The rows here are not given theirs. For PostgreSQL, where one statement may write two tables:
    `WITH … AS ({}) INSERT INTO …`. Inside `together` they wait.
    """
    waiting, model = _waiting.get(), type(rows[0])
    if waiting is not None:
        waiting.unwritten.around.setdefault((around, model), []).extend(rows)
        return
    for some in portions(table_of(model), rows):
        run_one(insert_around(around, table_of(model), some))


@dataclass(frozen=True, slots=True)
class _Counter:
    """A table of counters: how the next number of a key is taken, and how a number counted on
    here is written."""

    table: str
    take: str
    settle: str


@dataclass(slots=True)
class _Count:
    """The last number of a key, and whether it was counted on since the database said it."""

    last: int
    moved: bool = False


def counter(table: str, *keys: str) -> _Counter:
    """Return a gapless counter kept in a table of our own, one row a key."""
    names, places = ", ".join(keys), ", ".join(["%s"] * len(keys))
    take = (
        f"INSERT INTO {table} ({names}, last) VALUES ({places}, 1) "  # noqa: S608  # names of our own
        f"ON CONFLICT ({names}) DO UPDATE SET last = {table}.last + 1 RETURNING last"
    )
    where = " AND ".join(f"{name} = %s" for name in keys)
    return _Counter(table, take, f"UPDATE {table} SET last = %s WHERE {where}")  # noqa: S608


def count_on(one: _Counter, *key: str | int) -> int:
    """Take the next number of a key; its row stays locked until the transaction ends.

    Inside `together` only the first number is asked for: with the row locked, those after it are
    counted here.
    """
    waiting = _waiting.get()
    held = {} if waiting is None else waiting.unwritten.counts.setdefault(one, {})
    now = held.get(key)
    if now is None:
        now = held[key] = _Count(int(run(one.take, key)[0][0]))
    else:
        now.last, now.moved = now.last + 1, True
    return now.last


# --- rows that wait for each other ----------------------------------------------------------------
@dataclass(slots=True)
class _Unwritten:
    """What a block has not written yet: new rows by table, plain lines by statement, changed rows
    with the names of their fields, rows by the statement around theirs, what goes before all rows,
    and counters counted on."""

    fresh: dict[type[Model], list[Model]] = field(default_factory=dict)
    plain: dict[str, list[Sequence[str | int]]] = field(default_factory=dict)
    changed: dict[tuple[type[Model], object], tuple[Model, dict[str, None]]] = field(
        default_factory=dict
    )
    around: dict[tuple[str, type[Model]], list[Model]] = field(default_factory=dict)
    first: list[Statement] = field(default_factory=list)
    counts: dict[_Counter, dict[tuple[str | int, ...], _Count]] = field(default_factory=dict)

    def tables(self) -> Iterator[str]:
        """Yield the names of the tables that what waits will write."""
        for around, model in self.around:
            yield _table_around(around)
            yield _table_name(model)
        for one in self.first:
            yield one.statement.split()[1]  # UPDATE table …
        for counted in self.counts:
            yield counted.table
        for model in self.fresh:
            yield _table_name(model)
        for model in {model for model, _ in self.changed}:
            yield _table_name(model)
        for head in self.plain:
            yield head.split()[2]  # INSERT INTO table …

    def changes(self, model: type[Model]) -> bool:
        """Say whether a change of a row of this table waits."""
        return any(changed is model for changed, _ in self.changed)

    def write(self) -> None:
        """Write all of it, one statement per table and per changed row, sent together."""
        before = self.first
        bulk = max(map(len, self.fresh.values()), default=0) > FEW and copies()
        if bulk and before:  # before the rows that go by COPY
            run_statements(before)
            before = []
        statements = [*before, *self._counters()]
        statements += self._copied_or_inserted(bulk=bulk)
        for head, lines in self.plain.items():
            statements += insert_lines(head, lines)
        for (around, model), rows in self.around.items():
            table = table_of(model)
            statements += [insert_around(around, table, some) for some in portions(table, rows)]
        statements += [updating(row, *names) for row, names in self.changed.values()]
        run_statements(statements)

    def _counters(self) -> Iterator[Statement]:
        """Yield what writes the numbers that were counted on here."""
        for series, held in self.counts.items():
            for key, now in held.items():
                if now.moved:
                    yield Statement(series.settle, [now.last, *key])

    def _copied_or_inserted(self, *, bulk: bool) -> list[Statement]:
        """Write new rows of a table at once by COPY where they are many, and return the statements
        that insert the others."""
        statements: list[Statement] = []
        for model, rows in self.fresh.items():
            table = table_of(model)
            if bulk and len(rows) > FEW:
                copy_rows(table, rows)
                continue
            numbered = [row for row in rows if row.pk is not None] if table.numbered else []
            others = [row for row in rows if row.pk is None] if numbered else rows
            statements += [insert_numbered(table, some) for some in portions(table, numbered)]
            statements += [insert_plain(table, some) for some in portions(table, others)]
        return statements


def _table_name(model: type[Model]) -> str:
    return str(model._meta.db_table)  # noqa: SLF001  # documented by Django


def _table_around(around: str) -> str:
    """Return the table that a statement around another one writes."""
    return around.partition("INSERT INTO ")[2].split()[0]


@dataclass
class _Waiting:
    """A block in which rows wait for each other: what it has not written, and ids given out ahead.

    `ids` are those given out ahead, by table; `expected` says how many rows of which tables are to
    come; `taken` how many ids were last taken at once, `used` how many were needed, and `seen` are
    the tables that needed any.
    """

    hopeful: bool
    expected: Mapping[type[Model], int]
    unwritten: _Unwritten = field(default_factory=_Unwritten)
    ids: dict[type[Model], Ids] = field(default_factory=dict)
    taken: dict[type[Model], int] = field(default_factory=dict)
    seen: set[type[Model]] = field(default_factory=set)
    used: Counter[type[Model]] = field(default_factory=Counter)

    def concerns(self, statement: str) -> bool:
        """Say whether a statement may read or change what waits: it names a table of it, or is
        about a savepoint."""
        if not statement.lstrip()[:6].upper().startswith(_ABOUT_ROWS):
            return True
        if any(table in statement for table in self.unwritten.tables()):
            return True
        return any(_table_name(model) in statement for model in self.ids)

    def before(self, statement: str) -> None:
        """Write what waits before a statement of somebody else's, if it could tell the
        difference."""
        if self.concerns(statement):
            self.write()

    def write(self) -> None:
        """Write what waits; what comes while it is written waits anew."""
        unwritten, self.unwritten = self.unwritten, _Unwritten()
        if connection.vendor == "sqlite":
            # counted on from the table's last id, which these rows and others now move
            self.ids.clear()
        unwritten.write()

    def next_id(self, model: type[Model]) -> int:
        """Return the id the next row of a table will have."""
        self.used[model] += 1
        found = next(self.ids.get(model, iter(())), None)
        if found is not None:
            return found
        known = self.expected if not self.ids else _NOTHING
        number = self.taken.get(model, FIRST_IDS)
        self.taken[model] = min(2 * number, MOST_IDS)
        self.ids |= ids_ahead({model: number, **known})
        return next(self.ids[model])


_ABOUT_ROWS = ("SELECT", "INSERT", "UPDATE", "DELETE")
_waiting: ContextVar[_Waiting | None] = ContextVar("dengwen_rows_waiting", default=None)
_NOTHING: Mapping[type[Model], int] = MappingProxyType({})


@contextmanager
def together(
    *, hopeful: bool = False, expected: Mapping[type[Model], int] = _NOTHING
) -> Iterator[None]:
    """Let rows wait for each other inside the block, which stands within a transaction; its end
    writes them.

    Whoever reads in between finds them all the same: they are written before any statement of
    Django's own that names a table of theirs, and before `read` and `exists` on one. Where the
    block ends with an exception they are dropped, for the transaction goes back as well. A block
    inside another one is part of it.

    `hopeful` says that the caller does everything again, not hopefully, where the database refuses
    a row (`IntegrityError`): rows that are refused only rarely then wait as well. `expected` says
    how many rows of which tables will ask for their ids ahead.
    """
    if _waiting.get() is not None:
        yield
        return
    here = _Waiting(hopeful, expected)
    token = _waiting.set(here)
    try:
        with before_others(here.before):
            yield
            here.write()
    finally:
        _waiting.reset(token)


def later(*rows: Model) -> None:
    """Write new rows whose ids nobody needs yet; inside `together` they wait for others of their
    table."""
    waiting = _waiting.get()
    if waiting is None:
        insert(*rows)
    elif rows:
        waiting.unwritten.fresh.setdefault(type(rows[0]), []).extend(rows)


def later_lines(head: str, lines: Sequence[Sequence[str | int]]) -> None:
    """Write rows of plain values after `INSERT INTO … VALUES`; inside `together` they wait for
    others."""
    waiting = _waiting.get()
    if waiting is None:
        for one in insert_lines(head, lines):
            run_one(one)
    elif lines:
        waiting.unwritten.plain.setdefault(head, []).extend(lines)


def ahead(row: Model) -> None:
    """Write a new row whose id is needed now; inside `together` it may wait for others, with its id
    given ahead.

    Where nobody said that more rows of its table are to come, the first is simply written. Ids are
    given out in the order of the calls.
    """
    waiting, model = _waiting.get(), type(row)
    if waiting is None or not (model in waiting.expected or model in waiting.seen):
        insert(row)
        if waiting is not None:
            waiting.seen.add(model)
            waiting.used[model] += 1
        return
    row.pk = waiting.next_id(model)
    waiting.unwritten.fresh.setdefault(model, []).append(row)


def before_rows(statement: str, values: Sequence[Any]) -> None:
    """Run a statement that changes rows of a table (`UPDATE table …`) and answers nothing.

    Inside `together` it waits, and goes before all rows that wait then or later. Whoever needs rows
    that wait already to be changed as well calls `write_waiting` first.
    """
    waiting = _waiting.get()
    if waiting is None:
        run(statement, values)
    else:
        waiting.unwritten.first.append(Statement(statement, list(values)))


def given(ids: Mapping[type[Model], Ids]) -> None:
    """Take these ids for the next rows of their tables: read under the lock of their case, on
    PostgreSQL."""
    waiting = _waiting.get()
    if waiting is not None:
        waiting.ids |= ids
        waiting.seen |= ids.keys()


def ids_used() -> Mapping[type[Model], int]:
    """Return how many rows of which tables the running block wrote whose ids were needed at
    once."""
    waiting = _waiting.get()
    return {} if waiting is None else dict(waiting.used)


def unless_taken(row: Model) -> bool:
    """Write a new row whose id nobody needs yet and which a constraint may refuse; False says that
    it did.

    In a hopeful block the row waits, and a refusal is the `IntegrityError` after which everything
    is done again.
    """
    waiting = _waiting.get()
    if waiting is None or not waiting.hopeful:
        return insert(row, or_nothing=True)
    later(row)
    return True


def hopeful() -> bool:
    """Say whether the running block is done again where the database refuses a row."""
    return (waiting := _waiting.get()) is not None and waiting.hopeful


def locked() -> None:
    """Give no more ids that were taken before a lock: another writer may have used higher ones
    meanwhile."""
    waiting = _waiting.get()
    if waiting is not None and waiting.ids and connection.vendor != "sqlite":
        waiting.ids.clear()


def change(row: Model, *names: str) -> None:
    """Write these fields of a row; inside `together` that waits, and a row that waits itself
    keeps its new values."""
    waiting = _waiting.get()
    if waiting is None:
        update(row, *names)
    elif not row._state.adding:  # noqa: SLF001  # whether it is written
        changed = waiting.unwritten.changed.setdefault((type(row), row.pk), (row, {}))
        changed[1].update(dict.fromkeys(names))


def write_waiting(model: type[Model]) -> None:
    """Write what waits, for a reader of this table by hand, where rows of it or changes to them
    wait."""
    waiting = _waiting.get()
    if waiting is None:
        return
    unwritten = waiting.unwritten
    if model in unwritten.fresh or unwritten.changes(model):
        waiting.write()


def unwritten(model: type[Row]) -> list[Row]:
    """Return the rows of a table that wait, for a reader by hand who adds them to what is written.

    Changes that wait are written first.
    """
    waiting = _waiting.get()
    if waiting is None:
        return []
    if waiting.unwritten.changes(model):
        waiting.write()
    return [row for row in waiting.unwritten.fresh.get(model, ()) if isinstance(row, model)]


def update(row: Model, *names: str) -> None:
    """Write these fields of a row that exists."""
    run_one(updating(row, *names))
