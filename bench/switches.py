"""The tricks of the row layer, each with what stands in its place when it is off, and their
measurement in an office that is set up."""

from __future__ import annotations

import gc
import time
from collections import Counter as Tally
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import mean, median
from typing import Any
from unittest.mock import patch

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Model

from bench import work
from bench.office import World, at, intake
from bench.tricks import ALL_ON, OPERATIONS
from dengwen.access.models import CaseKey
from dengwen.cases.duties.sweep import sweep
from dengwen.cases.models import Act, Case, Duty
from dengwen.cases.write import case_parties, contents, first_query, perform, record
from dengwen.ledger import event_log
from dengwen.organs.models import Organ
from dengwen.petitions.intake.intake import register
from dengwen.petitions.models import SketchKey
from dengwen.store import driver, pipeline, row_queries, row_statements, row_tables, unit_of_work
from dengwen.store.unit_of_work import UnitOfWork

FEW_MATTERS, FEW_ROWS = 6, 30
Off = Callable[[], AbstractContextManager[object]]


@dataclass(frozen=True, slots=True)
class Trick:
    """A trick by what it does, and what puts the plain way in its place."""

    name: str
    off: Off
    postgresql: bool = False


# --- the plain ways -------------------------------------------------------------------------------
def _one_by_one(statements: Sequence[tuple[str, Sequence[Any]]]) -> list[pipeline.Rows]:
    return [driver.run(statement, values) for statement, values in statements]


def _unprepared(
    group: pipeline._Group, pgconn: Any, statement: str, values: Any, formats: Any
) -> None:
    pgconn.send_query_params(pipeline._for_server(statement), values, None, formats)
    group.expected.append("")


def _only_the_key(unit: UnitOfWork, steps: Any, uid: str, _organ: int | None) -> first_query.Look:
    del steps
    used, notices, settings = unit.run(first_query._FIRST_LOOK, [uid])[0]
    return first_query.Look(bool(used), notices, settings)


def _insert_now(unit: UnitOfWork, row: Model) -> None:
    unit.insert(row)


def _rows_by_orm(model: Any, name: str, value: Any, order: str = "id", **how: Any) -> list[Any]:
    rows = model._default_manager
    rows = rows.select_for_update() if how.get("lock") else rows
    return list(rows.filter(**{name: value}).order_by(order))


def _read_by_orm(unit: UnitOfWork, model: Any, *asked: Any, **how: Any) -> list[Any]:
    unit.flush_for(model)
    with unit.watch:
        return _rows_by_orm(model, *asked, **how)


def _stored_by_orm(unit: UnitOfWork, *wanted: Any) -> list[list[Any]]:
    with unit.watch:
        return [
            one.rows(driver.run(*one.statement()))
            if one.via
            else _rows_by_orm(one.model, one.name, one.value, one.order)
            for one in wanted
        ]


def _looked_by_orm(unit: UnitOfWork, steps: Any, uid: str, organ: int | None) -> first_query.Look:
    look = _only_the_key(unit, steps, uid, organ)
    named = first_query.named_cases(steps)
    if len(named) != 1:
        return look
    case = next(iter(_rows_by_orm(Case, "number", named.pop(), lock=True)), None)
    pk = case.pk if case else 0
    known = first_query.Known(
        case,
        _rows_by_orm(Act, "case", pk, "seq"),
        _rows_by_orm(Duty, "case", pk),
        _rows_by_orm(CaseKey, "case_id", pk),
    )
    acting = next(iter(_rows_by_orm(Organ, "id", organ or 0)), None)
    return first_query.Look(look.used, look.notices, look.settings, known, organ=acting)


def _written_by_orm(rows: Sequence[Any], *, or_nothing: bool = False) -> bool:
    if not rows:
        return True
    if or_nothing:
        return row_statements.insert_rows(rows, or_nothing=True)
    type(rows[0])._default_manager.bulk_create(rows)
    return True


def _unwritten_by_orm(unwritten: Any) -> None:
    row_statements.run_statements(list(unwritten._counters()))
    for rows in unwritten.fresh.values():
        _written_by_orm(rows)
    for head, lines in unwritten.plain.items():
        row_statements.run_statements(list(row_statements.insert_lines(head, lines)))
    for (around, model), rows in unwritten.around.items():
        table = row_tables.table_of(model)
        row_statements.run_one(row_statements.insert_around(around, table, rows))
    for row, names in unwritten.changed.values():
        row.save(update_fields=list(names))


def _constructed(model: Any, **values: Any) -> Any:
    return model(**values)


def _read_as_django_does(model: Any, values: Any) -> Any:
    names, found = zip(*values, strict=True)
    return model.from_db("default", names, found)


def _counted_there(unit: UnitOfWork, counter: Any, *key: Any) -> int:
    return int(unit.run(counter.take, key)[0][0])


def _keys_by_orm(unit: UnitOfWork, _head: str, lines: Sequence[Any]) -> None:
    with unit.watch:
        unit.flush()
        SketchKey.objects.bulk_create(SketchKey(sketch_id=row, key=key) for row, key in lines)


def _flush_always(unit: UnitOfWork, _model: type[Model]) -> None:
    unit.flush()


def _none_waiting(unit: UnitOfWork, _model: type[Model]) -> list[Any]:
    unit.flush()
    return []


def _stored_after_flush(unit: UnitOfWork, *wanted: Any) -> list[list[Any]]:
    unit.flush()
    answers = unit.run_all([one.statement() for one in wanted])
    return [one.rows(answer) for one, answer in zip(wanted, answers, strict=True)]


def _converted_one_by_one(table: row_tables.Table, row: Model) -> list[Any]:
    held = row.__dict__
    plain = zip(table.convert, table.plain, strict=True)
    found = [convert(held[name]) for convert, name in plain]
    return found + [convert(held[name]) for name, convert in table.others]


def _many(*patches: tuple[object, str, object]) -> Off:
    """Return what puts these in the place of attributes."""

    @contextmanager
    def off() -> Iterator[None]:
        with ExitStack() as stack:
            for owner, name, instead in patches:
                stack.enter_context(patch.object(owner, name, instead))
            yield

    return off


def _flushing(name: str) -> tuple[object, str, object]:
    """Return a way of putting something in after which all that waits is written at once."""
    usual = getattr(UnitOfWork, name)

    def put(unit: UnitOfWork, *what: Any) -> Any:
        done = usual(unit, *what)
        unit.flush()
        return done

    return UnitOfWork, name, put


def _fresh(kind: type[Any]) -> Any:
    return kind()


PUT_IN = ("add", "add_lines", "add_around", "change")
NEW_IN = (record, contents, case_parties, event_log)

TRICKS = (
    Trick("the driver itself, past Django's cursor", _many((driver, "_watched", lambda _db: True))),
    Trick("prepared statements", _many((pipeline._Group, "queue", _unprepared)), postgresql=True),
    Trick(
        "statements sent together",
        _many((unit_of_work, "run_all", _one_by_one), (row_statements, "run_all", _one_by_one)),
        postgresql=True,
    ),
    Trick(
        "COPY",
        _many(
            (unit_of_work, "copies", lambda: False),
            (row_statements, "copies", lambda: False),
        ),
        postgresql=True,
    ),
    Trick(
        "rows that wait for each other",
        _many(*map(_flushing, PUT_IN), (UnitOfWork, "add_numbered", _insert_now)),
    ),
    Trick(
        "own readings that name their table",
        _many(
            (UnitOfWork, "flush_for", _flush_always),
            (UnitOfWork, "waiting", _none_waiting),
            (UnitOfWork, "stored", _stored_after_flush),
        ),
    ),
    Trick(
        "ids ahead",
        _many(
            (UnitOfWork, "add_numbered", _insert_now),
            (first_query, "ahead_statement", lambda _wanted: None),
        ),
    ),
    Trick("the first look", _many((perform, "first_look", _only_the_key))),
    Trick("what earlier calls taught", _many((first_query, "kept", _fresh)), postgresql=True),
    Trick("counters counted here", _many((UnitOfWork, "count_on", _counted_there))),
    Trick("event and queue in one statement", _many((event_log, "FEW", -1)), postgresql=True),
    Trick(
        "rows read by hand",
        _many(
            (UnitOfWork, "read", _read_by_orm),
            (UnitOfWork, "stored", _stored_by_orm),
            (perform, "first_look", _looked_by_orm),
        ),
    ),
    Trick("rows past from_db", _many((row_queries, "_as_read", _read_as_django_does))),
    Trick(
        "rows written by hand",
        _many(
            (unit_of_work._Unwritten, "write", _unwritten_by_orm),
            (unit_of_work, "insert_rows", _written_by_orm),
            (event_log, "insert_rows", _written_by_orm),
        ),
    ),
    Trick("rows past the constructor", _many(*((one, "new", _constructed) for one in NEW_IN))),
    Trick("values taken as they are", _many((row_tables.Table, "values", _converted_one_by_one))),
    Trick("lines of plain values", _many((UnitOfWork, "add_lines", _keys_by_orm))),
)


# --- measuring ------------------------------------------------------------------------------------
Part = tuple[str, int]
"""An operation, and which of its parts: the steps of a case are not alike."""
Work = Callable[[], int]


@dataclass
class _Course:
    world: World
    folder: Path
    number: int = 0

    def works(self) -> list[tuple[Part, Work]]:
        """Return fresh work of each kind; what only prepares it is done here."""
        start = self.number = self.number + 100
        world = self.world
        for n in range(start, start + FEW_MATTERS):
            self._taken_in(n)
        intakes = [(("intake", 0), work.take_in(world, 1, start + 10 + n)) for n in range(3)]
        imported = (("import", 0), work.bring_in(world, FEW_ROWS, self.folder, start))
        return [(("sweep", 0), _swept), *intakes, *self._steps(start + 20), imported]

    def _taken_in(self, number: int) -> str:
        clerk = self.world.by("clerk")
        made = register(intake(number), by=clerk, now=at(work.FIRST), uid=self.world.uid())
        return made.number

    def _steps(self, number: int) -> Iterator[tuple[Part, Work]]:
        case = self._taken_in(number)
        for place, (who, act, days, texts, fields) in enumerate(work.road(self.world)):
            day = work.FIRST + timedelta(days=days)

            def step(who=who, act=act, day=day, texts=texts, fields=fields) -> int:  # type: ignore[no-untyped-def]  # noqa: ANN001
                self.world.act(who, act, case, day, texts, **fields)
                return 1

            yield ("step", place), step


def _swept() -> int:
    done = sweep(now=at(work.FIRST + timedelta(days=30)))
    return done.breaches + done.lapses


def _own() -> list[Trick]:
    """Return the tricks of this database, those first that every other is compared with."""
    own = [one for one in TRICKS if connection.vendor == "postgresql" or not one.postgresql]
    on = Trick(ALL_ON, nullcontext)
    half = len(own) // 2
    return [on, *own[:half], on, *own[half:], on]


def measured(rounds: int, folder: Path) -> dict[str, Any]:
    """Return CPU milliseconds and waits of an operation with each trick off."""
    course, tricks = _Course(World(), folder), _own()
    _swept()
    for trick in tricks:  # what is made once
        _round(course, trick)
    least: list[dict[Part, float]] = [{} for _ in tricks]
    for _ in range(rounds):
        for trick, known in zip(tricks, least, strict=True):
            for part, cost in _round(course, trick):
                known[part] = min(cost, known.get(part, cost))
    costs = [(trick.name, _by_operation(known)) for trick, known in zip(tricks, least, strict=True)]
    on = [cost for name, cost in costs if name == ALL_ON]
    cpu = dict(costs)
    # the middle one, for a single place had no more tries than a trick has
    cpu[ALL_ON] = {name: median(one[name] for one in on) for name in OPERATIONS}
    return {"version": _version(), "cpu": cpu, "waits": _waits(course, tricks)}


def _by_operation(costs: Mapping[Part, float]) -> dict[str, float]:
    """Return what an operation costs: the middle of its parts."""
    return {
        name: mean(cost for (operation, _), cost in costs.items() if operation == name)
        for name in OPERATIONS
    }


def _round(course: _Course, trick: Trick) -> Iterator[tuple[Part, float]]:
    """Yield CPU milliseconds of an operation, each done a few times with a trick off."""
    for part, one in course.works():
        gc.collect(0)
        gc.disable()
        with trick.off():
            begun = time.process_time()
            done = one()
            cost = (time.process_time() - begun) * 1e3 / done
        gc.enable()
        yield part, cost


def _waits(course: _Course, tricks: Sequence[Trick]) -> dict[str, dict[str, float]]:
    """Return how often an operation waits for the server; nothing where there is none."""
    if connection.vendor != "postgresql":
        return {}
    found: dict[str, dict[str, float]] = {}
    for trick in dict.fromkeys(tricks):
        with trick.off():
            for _part, one in course.works():  # what the calls of this way teach
                one()
        costs: dict[Part, float] = {}
        for part, one in course.works():
            with trick.off(), _counting() as waited:
                done = one()
            costs[part] = waited.total() / done
        found[trick.name] = _by_operation(costs)
    return found


@contextmanager
def _counting() -> Iterator[Tally[str]]:
    waited: Tally[str] = Tally()

    def counted(name: str, usual: Callable[..., Any]) -> Callable[..., Any]:
        def run(*asked: Any, **how: Any) -> Any:
            waited[name] += 1
            return usual(*asked, **how)

        return run

    with (
        patch.object(driver, "send", counted("send", driver.send)),
        patch.object(row_statements, "copy_in", counted("copy", row_statements.copy_in)),
        patch.object(CursorWrapper, "execute", counted("cursor", CursorWrapper.execute)),
    ):
        yield waited


def _version() -> str:
    with connection.cursor() as cursor:
        postgresql = connection.vendor == "postgresql"
        cursor.execute(
            "SELECT current_setting('server_version')" if postgresql else "SELECT sqlite_version()"
        )
        return f"{connection.vendor} {cursor.fetchone()[0]}"
