"""The rows of one transaction, written together at its end: Unit of Work and Identity Map of what
waits (Fowler, Patterns of Enterprise Application Architecture).

Whoever opens the transaction opens the unit inside it (`unit_of_work`) and hands it down. Rows put
in wait for each other and go out in few statements; `row_statements` says in which. There are no
signals and no `save()` overrides in the house to miss. Nobody reads past what waits: before any
statement that is not the unit's own, whoever sends it, all that waits is written. The unit's own
readings name their table, and write first only where rows of that table wait.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from django.db import connection
from django.db.models import Model

from dengwen.store.driver import BeforeOthers, copies, run, run_all
from dengwen.store.gapless_counters import Counter
from dengwen.store.pipeline import Rows
from dengwen.store.row_ids import Ids, ids_ahead
from dengwen.store.row_queries import Wanted, existing
from dengwen.store.row_statements import (
    FEW,
    Statement,
    copy_rows,
    insert_around,
    insert_lines,
    insert_numbered,
    insert_plain,
    insert_rows,
    portions,
    run_statements,
    updating,
)
from dengwen.store.row_tables import Row, table_of

FIRST_IDS, MOST_IDS = 4, 256
"""Ids taken at once where nobody said how many rows are to come: few, then twice as many each
time."""
_NOTHING: Mapping[type[Model], int] = MappingProxyType({})


@dataclass(slots=True)
class _Count:
    """The last number of a key, and whether it was counted on since the database said it."""

    last: int
    moved: bool = False


@dataclass(slots=True)
class _Unwritten:
    """What a unit has not written yet: new rows by table, plain lines by statement, changed rows
    with the names of their fields, rows by the statement around theirs, and counters counted on."""

    fresh: dict[type[Model], list[Model]] = field(default_factory=dict)
    plain: dict[str, list[Sequence[str | int]]] = field(default_factory=dict)
    changed: dict[tuple[type[Model], object], tuple[Model, dict[str, None]]] = field(
        default_factory=dict
    )
    around: dict[tuple[str, type[Model]], list[Model]] = field(default_factory=dict)
    counts: dict[Counter, dict[tuple[str | int, ...], _Count]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Say whether anything waits."""
        return bool(self.fresh or self.plain or self.changed or self.around or self.counts)

    def changes(self, model: type[Model]) -> bool:
        """Say whether a change of a row of this table waits."""
        return any(changed is model for changed, _ in self.changed)

    def write(self) -> None:
        """Write all of it, one statement per table and per changed row, sent together."""
        statements = [*self._counters(), *self._copied_or_inserted()]
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

    def _copied_or_inserted(self) -> list[Statement]:
        """Write new rows of a table at once by COPY where they are many, and return the statements
        that insert the others."""
        statements: list[Statement] = []
        for model, rows in self.fresh.items():
            table = table_of(model)
            if len(rows) > FEW and copies():
                copy_rows(table, rows)
                continue
            numbered = [row for row in rows if row.pk is not None] if table.numbered else []
            others = [row for row in rows if row.pk is None] if numbered else rows
            statements += [insert_numbered(table, some) for some in portions(table, numbered)]
            statements += [insert_plain(table, some) for some in portions(table, others)]
        return statements


class UnitOfWork:
    """The rows of one transaction that wait to be written, and the ids given out ahead for them.

    `hopeful` says that the caller does everything again, not hopefully, where the database refuses
    a row (`IntegrityError`): rows that are refused only rarely then wait as well. `expected` says
    how many rows of which tables will ask for their ids ahead. Of ids, `_taken` are how many were
    last taken at once, `_used` how many were needed, and `_seen` the tables that needed any.
    """

    def __init__(
        self, *, hopeful: bool = False, expected: Mapping[type[Model], int] = _NOTHING
    ) -> None:
        """Begin with nothing that waits."""
        self.hopeful = hopeful
        self.watch = BeforeOthers(self._before_others)
        self._expected = expected
        self._unwritten = _Unwritten()
        self._ids: dict[type[Model], Ids] = {}
        self._taken: dict[type[Model], int] = {}
        self._seen: set[type[Model]] = set()
        self._used: Tally[type[Model]] = Tally()

    # --- new rows ---------------------------------------------------------------------------------
    def add(self, *rows: Model) -> None:
        """Put in new rows of one table whose ids nobody needs yet."""
        if rows:
            self._unwritten.fresh.setdefault(type(rows[0]), []).extend(rows)

    def add_numbered(self, row: Model) -> None:
        """Put in a new row whose id is needed now: it is given ahead, in the order of the calls.

        Where nobody said that more rows of its table are to come, the first is simply written.
        """
        model = type(row)
        if not (model in self._expected or model in self._seen):
            self.insert(row)
            self._seen.add(model)
            self._used[model] += 1
            return
        row.pk = self._next_id(model)
        self._unwritten.fresh.setdefault(model, []).append(row)

    def add_unless_taken(self, row: Model) -> bool:
        """Put in a new row whose id nobody needs yet and which a constraint may refuse; False says
        that it did.

        In a hopeful unit the row waits, and a refusal is the `IntegrityError` after which
        everything is done again.
        """
        if not self.hopeful:
            return self.insert(row, or_nothing=True)
        self.add(row)
        return True

    def add_lines(self, head: str, lines: Sequence[Sequence[str | int]]) -> None:
        """Put in rows of plain values after `INSERT INTO … VALUES`."""
        if lines:
            self._unwritten.plain.setdefault(head, []).extend(lines)

    def add_around(self, around: str, rows: Sequence[Model]) -> None:
        """Put in new rows of one table, to be written by a statement around the usual one (`{}`),
        which hands it their ids.

        The rows here are not given theirs. For PostgreSQL, where one statement may write two
        tables: `WITH … AS ({}) INSERT INTO …`.
        """
        self._unwritten.around.setdefault((around, type(rows[0])), []).extend(rows)

    def insert(self, *rows: Model, or_nothing: bool = False) -> bool:
        """Write new rows of one table at once and give each its id; nothing for no rows.

        With `or_nothing` (for one row) a row that a constraint refuses is left out, and False says
        so; otherwise that is an `IntegrityError`.
        """
        if not rows:
            return True
        if type(rows[0]) in self._ids:
            self.flush()  # what has its id already comes before these
            self._ids.pop(type(rows[0]), None)
        with self.watch:
            return insert_rows(rows, or_nothing=or_nothing)

    # --- changes ----------------------------------------------------------------------------------
    def change(self, row: Model, *names: str) -> None:
        """Write these fields of a row with the others; a row that waits itself keeps its new
        values."""
        if row._state.adding:  # noqa: SLF001  # whether it is written
            return
        changed = self._unwritten.changed.setdefault((type(row), row.pk), (row, {}))
        changed[1].update(dict.fromkeys(names))

    def count_on(self, counter: Counter, *key: str | int) -> int:
        """Take the next number of a key; its row stays locked until the transaction ends.

        Only the first number is asked for: with the row locked, those after it are counted here.
        """
        held = self._unwritten.counts.setdefault(counter, {})
        now = held.get(key)
        if now is None:
            now = held[key] = _Count(int(self.run(counter.take, key)[0][0]))
        else:
            now.last, now.moved = now.last + 1, True
        return now.last

    # --- reading ----------------------------------------------------------------------------------
    def read(
        self,
        model: type[Row],
        name: str,
        value: str | int,
        order: str = "id",
        *,
        lock: bool = False,
    ) -> list[Row]:
        """Return the rows with this value in a column, in order; `lock` holds them until the
        transaction ends."""
        self.flush_for(model)
        wanted = Wanted(model, name, value, order, lock)
        return wanted.rows(self.run(*wanted.statement()))

    def exists(self, model: type[Model], name: str, value: str | int) -> bool:
        """Say whether a row with this value in a column exists; the value as the database keeps
        it."""
        self.flush_for(model)
        return bool(self.run(*existing(model, name, value)))

    def stored(self, *wanted: Wanted[Any]) -> list[list[Any]]:
        """Return the rows of each reading as they are stored, all waited for once.

        What waits is not among them: whoever asks adds it (`waiting`), or knows that none can.
        """
        answers = self.run_all([one.statement() for one in wanted])
        return [one.rows(answer) for one, answer in zip(wanted, answers, strict=True)]

    def read_without_writing(self, model: type[Row], name: str, value: str | int) -> list[Row]:
        """Return the rows with this value in a column, those included that wait and go on
        waiting."""
        waiting = self.waiting(model)  # first, for it may write
        found: list[Row] = self.stored(Wanted(model, name, value))[0]
        fields = model._meta.concrete_fields  # noqa: SLF001  # documented by Django
        attribute = next(field.attname for field in fields if field.name == name)
        return found + [row for row in waiting if getattr(row, attribute) == value]

    def waiting(self, model: type[Row]) -> list[Row]:
        """Return the rows of a table that wait, for a reader who adds them to what is stored.

        Changes that wait are written first.
        """
        if self._unwritten.changes(model):
            self.flush()
        return [row for row in self._unwritten.fresh.get(model, ()) if isinstance(row, model)]

    def run(self, statement: str, values: Sequence[Any] = ()) -> Rows:
        """Run a statement about rows of which none waits here, and return its rows."""
        with self.watch:
            return run(statement, values)

    def run_all(self, statements: Sequence[tuple[str, Sequence[Any]]]) -> list[Rows]:
        """Run statements about rows of which none waits here, waited for once; none may need the
        answer of one before it."""
        with self.watch:
            return run_all(statements)

    # --- writing ----------------------------------------------------------------------------------
    def flush(self) -> None:
        """Write what waits; what comes while it is written waits anew."""
        unwritten, self._unwritten = self._unwritten, _Unwritten()
        if connection.vendor == "sqlite":
            # counted on from the table's last id, which these rows and others now move
            self._ids.clear()
        if unwritten:
            with self.watch:
                unwritten.write()

    def flush_for(self, model: type[Model]) -> None:
        """Write what waits, where rows of this table or changes to them are among it."""
        if model in self._unwritten.fresh or self._unwritten.changes(model):
            self.flush()

    def _before_others(self) -> None:
        """Write what waits before a statement of somebody else's: it may read or change any of
        it, give out ids, or be about a savepoint."""
        if self._unwritten or self._ids:
            self.flush()

    # --- ids --------------------------------------------------------------------------------------
    def take_ids(self, ids: Mapping[type[Model], Ids]) -> None:
        """Take these ids for the next rows of their tables: read under the lock of their case, on
        PostgreSQL."""
        self._ids |= ids
        self._seen |= ids.keys()

    def drop_ids(self) -> None:
        """Give no more ids that were taken before a lock: another writer may have used higher ones
        meanwhile."""
        if connection.vendor != "sqlite":
            self._ids.clear()

    def ids_used(self) -> Mapping[type[Model], int]:
        """Return how many rows of which tables needed their ids at once."""
        return dict(self._used)

    def _next_id(self, model: type[Model]) -> int:
        """Return the id the next row of a table will have."""
        self._used[model] += 1
        found = next(self._ids.get(model, iter(())), None)
        if found is not None:
            return found
        known = self._expected if not self._ids else _NOTHING
        number = self._taken.get(model, FIRST_IDS)
        self._taken[model] = min(2 * number, MOST_IDS)
        with self.watch:
            self._ids |= ids_ahead({model: number, **known})
        return next(self._ids[model])


@contextmanager
def unit_of_work(
    *, hopeful: bool = False, expected: Mapping[type[Model], int] = _NOTHING
) -> Iterator[UnitOfWork]:
    """Open a unit for the block, which stands within a transaction; the end of the block writes
    what waits.

    Where the block ends with an exception it is dropped, for the transaction goes back as well.
    """
    unit = UnitOfWork(hopeful=hopeful, expected=expected)
    with connection.execute_wrapper(unit.watch):
        yield unit
        unit.flush()
