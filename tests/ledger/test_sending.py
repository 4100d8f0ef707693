"""Statements sent together to PostgreSQL: prepared, planned once, and refused like any other."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from django.db import DataError, IntegrityError, NotSupportedError, connection, transaction

from dengwen.store import pipeline
from dengwen.store.driver import run, run_all

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 1, 30, 0, 123000, tzinfo=UTC)
TYPES = (
    "%s::text, %s::bigint, %s::boolean, %s::bytea, %s::date, %s::timestamptz, %s::text, "
    "%s::bigint[]"
)


def prepared(part: str) -> list[tuple[int, int]]:
    """Return how often each prepared statement with these words ran by a plan of its own, and by
    the one it keeps."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT custom_plans, generic_plans FROM pg_prepared_statements WHERE "
            "position(%s in statement) > 0",
            [part],
        )
        return [(int(own), int(kept)) for own, kept in cursor.fetchall()]


def test_values_come_back_as_they_were_sent() -> None:
    values = [
        "登闻 'x' \\ %",
        2**40,
        True,
        bytes(range(256)),
        date(1949, 10, 1),
        NOW,
        None,
        [1, None, 3],
    ]
    assert run(f"SELECT {TYPES}", values) == [tuple(values)]
    elsewhere = NOW.astimezone(timezone(timedelta(hours=8)))
    assert run("SELECT %s::timestamptz", [elsewhere]) == [(NOW,)]
    assert run("SELECT %s::bytea || %s::bytea", [b"", b"\x00\xff"]) == [(b"\x00\xff",)]


def test_a_text_with_a_nul_is_refused_and_not_cut() -> None:
    with pytest.raises(DataError, match="NUL"):
        run("SELECT %s::text", ["a\0b"])
    assert run("SELECT %s::text", ["ab"]) == [("ab",)]


def test_a_statement_is_planned_once_whatever_the_type_of_its_values() -> None:
    for n in range(20):
        run("SELECT /*once*/ %s::bigint + 1, %s::date", [n, None if n % 2 else date(2026, 1, 1)])
    (own, kept), *others = prepared("/*once*/")
    assert not others
    assert own + kept == 20
    assert kept >= 14


def test_of_statements_sent_together_none_runs_after_the_one_refused() -> None:
    run("CREATE TEMPORARY TABLE sent_together (n integer PRIMARY KEY)")
    insert = "INSERT INTO sent_together (n) VALUES (%s)"
    with pytest.raises(IntegrityError, match="sent_together"), transaction.atomic():
        run_all([(insert, [1]), (insert, [1]), (insert, [2])])
    assert run("SELECT n FROM sent_together") == []
    run_all([(insert, [1]), (insert, [2])])  # what was prepared before the refusal still serves
    ends = run_all(
        [("SELECT max(n) FROM sent_together", []), ("SELECT min(n) FROM sent_together", [])]
    )
    assert ends == [[(2,)], [(1,)]]


def test_much_is_sent_and_answered_without_a_deadlock() -> None:
    text = "讼" * 200_000
    sizes = run_all([("SELECT %s::text, length(%s)", [text, text])] * 40)
    assert [(len(row[0][0]), row[0][1]) for row in sizes] == [(200_000, 200_000)] * 40


def test_an_altered_table_is_asked_anew() -> None:
    run("CREATE TEMPORARY TABLE altered (n integer)")
    ask = "SELECT n FROM altered"
    run(ask)
    run("ALTER TABLE altered ALTER COLUMN n TYPE text")
    with pytest.raises(NotSupportedError, match="cached plan"), transaction.atomic():
        run(ask)
    run("INSERT INTO altered (n) VALUES (%s)", ["一"])
    assert run(ask) == [("一",)]


def test_beyond_the_most_statements_run_unprepared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "MOST_PREPARED", 0)
    assert run("SELECT /*whole*/ %s::bigint", [7]) == [(7,)]
    assert prepared("/*whole*/") == []


@pytest.mark.django_db(transaction=True)
def test_the_first_group_of_a_transaction_begins_it_and_its_end_undoes_all() -> None:
    with transaction.atomic():
        run_all([("CREATE TABLE begun_here (n integer)", []), ("SELECT 1", [])])
        transaction.set_rollback(True)
    assert run("SELECT to_regclass(%s)::text", ["begun_here"]) == [(None,)]


def test_a_plan_made_for_an_empty_table_is_made_anew_when_it_has_grown() -> None:
    run("CREATE TEMPORARY TABLE grown (n integer PRIMARY KEY)")
    run("INSERT INTO grown (n) VALUES (1)")
    run("ANALYZE grown")
    link = pipeline._link_of(connection.connection)
    link.sent, link.anew = 0, pipeline.FIRST_ANEW
    ask = "SELECT /*grown*/ n FROM grown WHERE n = %s"
    for n in range(10):
        run(ask, [n])
    assert "Seq Scan" in plan_of("/*grown*/")
    run("INSERT INTO grown (n) SELECT * FROM generate_series(2, 20000)")
    for n in range(pipeline.FIRST_ANEW):
        run(ask, [n])
    assert "Index" in plan_of("/*grown*/")


def plan_of(part: str) -> str:
    """Return how the server would run the prepared statement with these words."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM pg_prepared_statements WHERE position(%s in statement) > 0", [part]
        )
        ((name,),) = cursor.fetchall()
        cursor.execute(f"EXPLAIN EXECUTE {name}(7)")
        return " ".join(line for (line,) in cursor.fetchall())
