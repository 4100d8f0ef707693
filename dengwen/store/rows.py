"""Rows written and read by hand: what every act of the house pays for, without the ORM building
each statement anew.

The statement of a table is made once per process from its model, and values go through the fields'
own conversion, so
a row is the same as one written by `save()`. There are no signals and no `save()` overrides in the
house to miss.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model

from dengwen.store.driver import before_others, copies, copy_in, run, run_all
from dengwen.store.pipeline import Rows
from dengwen.store.row_ids import Ids, ids_ahead
from dengwen.store.row_tables import Convert, Row, Table, convert_of, table_of

MOST_VALUES = 30_000
"""Values of one statement: SQLite takes 32,766 and PostgreSQL 65,535."""
FEW = 12
"""Rows of one table that PostgreSQL gets as a statement; more go by COPY."""
FIRST_IDS, MOST_IDS = 4, 256
"""Ids taken at once where nobody said how many rows are to come: few, then twice as many each
time."""


def insert(*rows: Model, or_nothing: bool = False) -> bool:
    """Write new rows of one table in one statement and give each its id; nothing for no rows.

    With `or_nothing` (for one row) a row that a constraint refuses is left out, and False says so;
    otherwise that is
    an `IntegrityError`. Where there are more values than a database takes at once, there are more
    statements.
    """
    if not rows:
        return True
    waiting = _waiting.get()
    if waiting is not None and type(rows[0]) in waiting.ids:
        waiting.write()  # what has its id already comes before these
        waiting.ids.pop(type(rows[0]), None)
    table = table_of(type(rows[0]))
    if len(rows) > FEW and not or_nothing and copies():
        _copy(table, rows)
        return True
    written = [_run(_insert(table, some, or_nothing=or_nothing)) for some in _portions(table, rows)]
    return sum(written) == len(rows)


def _copy(table: Table, rows: Sequence[Model]) -> None:
    """Write many rows of a table at PostgreSQL, and give ids to those that have none."""
    without = [row for row in rows if row.pk is None] if table.numbered else []
    if without:
        model = type(without[0])
        for row, pk in zip(without, ids_ahead({model: len(without)})[model], strict=True):
            row.pk = pk
    if table.numbered:
        copy_in(_after_into(table.numbered_head), ((row.pk, *table.values(row)) for row in rows))
    else:
        copy_in(_after_into(table.head), map(table.values, rows))
    _Statement("", [], rows).done([])


def _after_into(head: str) -> str:
    """Return `table (columns)` of `INSERT INTO table (columns) VALUES`."""
    return head.strip().removeprefix("INSERT INTO ").removesuffix(" VALUES")


@dataclass(frozen=True, slots=True)
class _Statement:
    """A statement with its values and the rows it writes; `numbers` says whether its answer is
    their ids."""

    statement: str
    values: list[Any]
    rows: Sequence[Model] = ()
    numbers: bool = False

    def done(self, ids: Rows) -> int:
        """Tell the rows that they are written, and their ids; returns how many are."""
        if self.numbers:
            for row, (pk,) in zip(self.rows, ids, strict=False):
                row.pk = pk
        for row in self.rows[: len(ids)] if self.numbers else self.rows:
            row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS  # noqa: SLF001  # what save() would say
        return len(ids)


def _run(one: _Statement) -> int:
    return one.done(run(one.statement, one.values))


def _portions(table: Table, rows: Sequence[Model]) -> Iterator[Sequence[Model]]:
    """Yield rows in portions a statement can take."""
    most = max(1, MOST_VALUES // (len(table.convert) + len(table.others) + 1))
    for n in range(0, len(rows), most):
        yield rows[n : n + most]


def _insert(table: Table, rows: Sequence[Model], *, or_nothing: bool = False) -> _Statement:
    values = [value for row in rows for value in table.values(row)]
    places = table.places if len(rows) == 1 else ", ".join([table.places] * len(rows))
    conflict = " ON CONFLICT DO NOTHING" if or_nothing else ""
    # A key that is another table's comes back as it was.
    return _Statement(
        f"{table.head}{places}{conflict}{table.returning}", values, rows, numbers=True
    )


def _insert_numbered(table: Table, rows: Sequence[Model]) -> _Statement:
    """Rows that have their ids already."""
    values = [value for row in rows for value in (row.pk, *table.values(row))]
    return _Statement(
        table.numbered_head + ", ".join([table.numbered_places] * len(rows)), values, rows
    )


def _insert_around(around: str, table: Table, rows: Sequence[Model]) -> _Statement:
    inner = f"{table.head}{', '.join([table.places] * len(rows))}{table.returning}"
    return _Statement(
        around.format(inner), [value for row in rows for value in table.values(row)], rows
    )


def later_around(around: str, rows: Sequence[Model]) -> None:
    """Write new rows of one table by a statement around the usual one (`{}`), which hands it their
    ids.

    The rows here are not given theirs. For PostgreSQL, where one statement may write two tables:
    `WITH … AS ({}) INSERT
    INTO …`. Inside `together` they wait.
    """
    waiting, model = _waiting.get(), type(rows[0])
    if waiting is not None:
        waiting.around.setdefault((around, model), []).extend(rows)
        return
    for some in _portions(table_of(model), rows):
        _run(_insert_around(around, table_of(model), some))


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
    held = {} if waiting is None else waiting.counts.setdefault(one, {})
    now = held.get(key)
    if now is None:
        now = held[key] = _Count(int(run(one.take, key)[0][0]))
    else:
        now.last, now.moved = now.last + 1, True
    return now.last


# --- rows that wait for each other ----------------------------------------------------------------
@dataclass
class _Waiting:
    """Rows of a running transaction that are not written yet, by table, and changes of rows that
    are.

    `ids` are those given out ahead, by table; `expected` says how many rows of which tables are to
    come.
    """

    hopeful: bool
    expected: Mapping[type[Model], int]
    fresh: dict[type[Model], list[Model]] = field(default_factory=dict)
    plain: dict[str, list[Sequence[str | int]]] = field(default_factory=dict)
    changed: dict[tuple[type[Model], object], tuple[Model, dict[str, None]]] = field(
        default_factory=dict
    )
    around: dict[tuple[str, type[Model]], list[Model]] = field(default_factory=dict)
    first: list[_Statement] = field(default_factory=list)
    counts: dict[_Counter, dict[tuple[str | int, ...], _Count]] = field(default_factory=dict)
    ids: dict[type[Model], Ids] = field(default_factory=dict)
    taken: dict[type[Model], int] = field(default_factory=dict)
    seen: set[type[Model]] = field(default_factory=set)
    used: Counter[type[Model]] = field(default_factory=Counter)

    def concerns(self, statement: str) -> bool:
        """Say whether a statement may read or change what waits: it names a table of it, or is
        about a savepoint."""
        if not statement.lstrip()[:6].upper().startswith(_ABOUT_ROWS):
            return True
        if any(
            around.partition("INSERT INTO ")[2].split()[0] in statement for around, _ in self.around
        ):
            return True
        if any(one.statement.split()[1] in statement for one in self.first):
            return True
        if any(counter.table in statement for counter in self.counts):
            return True
        models = {
            *self.fresh,
            *self.ids,
            *(m for m, _ in self.changed),
            *(m for _, m in self.around),
        }
        if any(model._meta.db_table in statement for model in models):  # noqa: SLF001  # documented by Django
            return True
        return any(head.split()[2] in statement for head in self.plain)

    def before(self, statement: str) -> None:
        """Write what waits before a statement of somebody else's, if it could tell the
        difference."""
        if self.concerns(statement):
            self.write()

    def write(self) -> None:
        """Write what waits, one statement per table and per changed row."""
        fresh, self.fresh = self.fresh, {}
        plain, self.plain = self.plain, {}
        changed, self.changed = self.changed, {}
        around_rows, self.around = self.around, {}
        first, self.first = self.first, []
        counts, self.counts = self.counts, {}
        if connection.vendor == "sqlite":
            # counted on from the table's last id, which these rows and others now move
            self.ids.clear()
        out: list[_Statement] = []
        for series, held in counts.items():
            out += [
                _Statement(series.settle, [now.last, *key])
                for key, now in held.items()
                if now.moved
            ]
        bulk = max(map(len, fresh.values()), default=0) > FEW and copies()
        if bulk and first:  # before the rows that go by COPY
            run_all([(one.statement, one.values) for one in first])
            first = []
        out = first + out
        for model, rows in fresh.items():
            table = table_of(model)
            if bulk and len(rows) > FEW:
                _copy(table, rows)
                continue
            numbered = [row for row in rows if row.pk is not None] if table.numbered else []
            others = [row for row in rows if row.pk is None] if numbered else rows
            out += [_insert_numbered(table, some) for some in _portions(table, numbered)]
            out += [_insert(table, some) for some in _portions(table, others)]
        for head, lines in plain.items():
            out += _lines(head, lines)
        for (around, model), rows in around_rows.items():
            out += [
                _insert_around(around, table_of(model), some)
                for some in _portions(table_of(model), rows)
            ]
        out += [_updating(row, *names) for row, names in changed.values()]
        answers = run_all([(one.statement, one.values) for one in out])
        for one, ids in zip(out, answers, strict=True):
            one.done(ids)

    def next_id(self, model: type[Model]) -> int:
        """Return the id the next row of a table will have."""
        self.used[model] += 1
        found = next(self.ids.get(model, iter(())), None)
        if found is None:
            known = self.expected if not self.ids else _NOTHING
            number = self.taken.get(model, FIRST_IDS)
            self.taken[model] = min(2 * number, MOST_IDS)
            self.ids |= ids_ahead({model: number, **known})
            found = next(self.ids[model])
        return found


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
    Django's own that names a
    table of theirs, and before `read` and `exists` on one. Where the block ends with an exception
    they are dropped, for
    the transaction goes back as well.
    A block inside another one is part of it.

    `hopeful` says that the caller does everything again, not hopefully, where the database refuses
    a row
    (`IntegrityError`): rows that are refused only rarely then wait as well. `expected` says how
    many rows of which
    tables will ask for their ids ahead.
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
        waiting.fresh.setdefault(type(rows[0]), []).extend(rows)


def later_lines(head: str, lines: Sequence[Sequence[str | int]]) -> None:
    """Write rows of plain values after `INSERT INTO … VALUES`; inside `together` they wait for
    others."""
    waiting = _waiting.get()
    if waiting is None:
        for one in _lines(head, lines):
            _run(one)
    elif lines:
        waiting.plain.setdefault(head, []).extend(lines)


def _lines(head: str, lines: Sequence[Sequence[str | int]]) -> Iterator[_Statement]:
    if not lines:
        return
    if (
        connection.vendor == "postgresql"
    ):  # the same statement for any number of lines: a column is one value
        columns = [list(column) for column in zip(*lines, strict=True)]
        arrays = ", ".join(
            "%s::bigint[]" if isinstance(column[0], int) else "%s::text[]" for column in columns
        )
        words = head.removesuffix("VALUES")
        yield _Statement(f"{words}SELECT * FROM unnest({arrays})", columns)  # noqa: S608  # names of our own
        return
    width = len(lines[0])
    places, most = f"({', '.join(['%s'] * width)})", MOST_VALUES // width
    for n in range(0, len(lines), most):
        some = lines[n : n + most]
        yield _Statement(
            f"{head} {', '.join([places] * len(some))}", [value for line in some for value in line]
        )


def ahead(row: Model) -> None:
    """Write a new row whose id is needed now; inside `together` it may wait for others, with its id
    given ahead.

    Where nobody said that more rows of its table are to come, the first is simply written. Ids are
    given out in the
    order of the calls.
    """
    waiting, model = _waiting.get(), type(row)
    if waiting is None or not (model in waiting.expected or model in waiting.seen):
        insert(row)
        if waiting is not None:
            waiting.seen.add(model)
            waiting.used[model] += 1
        return
    row.pk = waiting.next_id(model)
    waiting.fresh.setdefault(model, []).append(row)


def before_rows(statement: str, values: Sequence[Any]) -> None:
    """Run a statement that changes rows of a table (`UPDATE table …`) and answers nothing.

    Inside `together` it waits, and goes before all rows that wait then or later. Whoever needs rows
    that wait already
    to be changed as well calls `write_waiting` first.
    """
    waiting = _waiting.get()
    if waiting is None:
        run(statement, values)
    else:
        waiting.first.append(_Statement(statement, list(values)))


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
        waiting.changed.setdefault((type(row), row.pk), (row, {}))[1].update(dict.fromkeys(names))


def write_waiting(model: type[Model]) -> None:
    """Write what waits, for a reader of this table by hand, where rows of it or changes to them
    wait."""
    waiting = _waiting.get()
    if waiting is not None and (
        model in waiting.fresh or any(changed is model for changed, _ in waiting.changed)
    ):
        waiting.write()


def unwritten(model: type[Row]) -> list[Row]:
    """Return the rows of a table that wait, for a reader by hand who adds them to what is written.

    Changes that wait are written first.
    """
    waiting = _waiting.get()
    if waiting is None:
        return []
    if any(changed is model for changed, _ in waiting.changed):
        waiting.write()
    return [row for row in waiting.fresh.get(model, ()) if isinstance(row, model)]


# --- changing -------------------------------------------------------------------------------------
@cache
def _update(
    model: type[Model], names: tuple[str, ...]
) -> tuple[tuple[tuple[str, Convert], ...], str]:
    meta, quote = model._meta, connection.ops.quote_name  # noqa: SLF001  # documented by Django
    columns = tuple(
        field for field in meta.concrete_fields if field.attname in names or field.name in names
    )
    if len(columns) != len(names) or meta.pk is None:
        raise ValueError(f"{meta.label}: not all of {', '.join(names)} are columns")
    pairs = ", ".join(f"{quote(str(field.column))} = %s" for field in columns)
    statement = f"UPDATE {quote(meta.db_table)} SET {pairs} WHERE {quote(str(meta.pk.column))} = %s"  # noqa: S608
    return tuple((field.attname, convert_of(field)) for field in columns), statement


def update(row: Model, *names: str) -> None:
    """Write these fields of a row that exists."""
    _run(_updating(row, *names))


def _updating(row: Model, *names: str) -> _Statement:
    columns, statement = _update(type(row), names)
    return _Statement(
        statement, [*(convert(getattr(row, name)) for name, convert in columns), row.pk]
    )
