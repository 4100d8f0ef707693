"""Rows written by hand are the rows the ORM would have written."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from dengwen.access.models import CaseKey
from dengwen.cases.models import Serial
from dengwen.ledger.models import Event, Pending
from dengwen.organs.models import Organ
from dengwen.store.driver import run
from dengwen.store.gapless_counters import counter
from dengwen.store.row_ids import ahead_statement
from dengwen.store.row_queries import Wanted
from dengwen.store.row_statements import FEW, insert_rows
from dengwen.store.unit_of_work import UnitOfWork, unit_of_work

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)


def insert(*rows: Model, or_nothing: bool = False) -> bool:
    return insert_rows(rows, or_nothing=or_nothing)


def event(uid: str, seq: int) -> Event:
    return Event(
        uid=uid,
        case_key="XF-1",
        case_seq=seq,
        prev=bytes(32),
        hash=uid.encode().ljust(32),
        manifest=b"\x00m",
        disclosures="披露",
        recorded_at=NOW,
        claimed_at=None,
        promise="p",
    )


def test_a_row_is_the_one_save_would_write() -> None:
    by_hand, saved = event("a", 1), event("b", 2)
    insert(by_hand)
    saved.save()
    assert not by_hand._state.adding
    first, second = (dict[str, object](row) for row in Event.objects.order_by("case_seq").values())
    assert {k for k in first if first[k] != second[k]} == {"id", "uid", "case_seq", "hash"}
    by_hand.refresh_from_db()
    assert (by_hand.disclosures, bytes(by_hand.manifest), by_hand.recorded_at) == (
        "披露",
        b"\x00m",
        NOW,
    )


def test_several_rows_are_one_statement_and_each_gets_its_id(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    rows = [event(f"e{n}", n) for n in range(1, 6)]
    with django_assert_num_queries(1):
        insert(*rows)
    assert {row.pk: row.uid for row in rows} == dict(Event.objects.values_list("pk", "uid"))
    insert(*(Pending(event_id=row.pk) for row in rows))  # the key is another table's
    assert Pending.objects.count() == len(rows)
    with django_assert_num_queries(0):
        insert()


def test_a_refused_row_is_an_error_or_left_out() -> None:
    def key() -> CaseKey:
        return CaseKey(
            case_id=1, compartment="ident", version=1, generation=1, wrapped=b"w", created_at=NOW
        )

    assert insert(key(), or_nothing=True)
    assert not insert(key(), or_nothing=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(key())
    assert CaseKey.objects.count() == 1


def test_only_the_named_fields_are_written() -> None:
    organ = Organ(
        code="YJ01",
        name_zh="云江区信访局",
        kind="party_organ",
        level="county",
        valid_from=date(2018, 1, 2),
        act=1,
    )
    organ.save()
    organ.name_zh, organ.level = "示例", "prefecture"
    with unit_of_work() as unit:
        unit.change(organ, "level")
    organ.refresh_from_db()
    assert (organ.name_zh, organ.level) == ("云江区信访局", "prefecture")
    with pytest.raises(ValueError, match="not all of"), unit_of_work() as unit:
        unit.change(organ, "level", "nothing")


def test_exists_looks_at_one_column() -> None:
    Serial.objects.create(office="YJ01", year=2025)
    unit = UnitOfWork()
    assert unit.exists(Serial, "office", "YJ01")
    assert not unit.exists(Serial, "office", "YJ02")


def test_rows_read_by_hand_are_those_the_orm_reads() -> None:
    insert(*(event(f"e{n}", n) for n in (2, 1)))
    unit = UnitOfWork()
    by_hand = unit.read(Event, "case_key", "XF-1", "case_seq", lock=connection.in_atomic_block)
    assert [row.case_seq for row in by_hand] == [1, 2]
    for row in by_hand:
        other = Event.objects.get(pk=row.pk)
        names = [field.attname for field in Event._meta.concrete_fields]
        assert [getattr(row, name) for name in names] == [getattr(other, name) for name in names]
    assert unit.read(Event, "case_key", "XF-2") == []


def test_rows_that_wait_are_one_statement_a_table_and_a_changed_row_is_written_once() -> None:
    organ = Organ(
        code="YJ01",
        name_zh="云江区信访局",
        kind="party_organ",
        level="county",
        valid_from=date(2018, 1, 2),
        act=1,
    )
    insert(organ)
    with CaptureQueriesContext(connection) as seen, unit_of_work() as unit:
        for n in range(1, 4):
            unit.add(event(f"w{n}", n))
            organ.name_en = f"office {n}"
            unit.change(organ, "name_en")
            assert len(seen) == 0
    assert len(seen) == 2
    assert Event.objects.count() == 3
    organ.refresh_from_db()
    assert organ.name_en == "office 3"


def test_whoever_reads_finds_what_waits() -> None:
    with unit_of_work() as unit:
        first, second = event("r1", 1), event("r2", 2)
        unit.add(first)
        assert Event.objects.filter(uid="r1").exists()
        unit.add(second)
        second.promise = "changed while it waits"
        unit.change(second, "promise")
        assert [row.promise for row in unit.read(Event, "case_key", "XF-1", "case_seq")] == [
            "p",
            "changed while it waits",
        ]
        unit.add(event("r3", 3))
        assert unit.exists(Event, "uid", "r3")


SERIAL = Serial._meta.db_table


def _by_a_raw_cursor() -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {SERIAL} WHERE last < 100")
        return int(cursor.fetchone()[0])


def _by_a_view_that_names_no_table() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM all_the_serials")
        return int(cursor.fetchone()[0])


def _by_a_name_in_other_letters() -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {SERIAL.upper()} WHERE last < 100")
        return int(cursor.fetchone()[0])


def _by_the_driver_beside_the_unit() -> int:
    return int(run(f"SELECT count(*) FROM {SERIAL} WHERE last < %s", [100])[0][0])


def _by_another_unit() -> int:
    return len(UnitOfWork().read(Serial, "year", 2026))


@pytest.mark.parametrize(
    "count",
    [
        _by_a_raw_cursor,
        _by_a_view_that_names_no_table,
        _by_a_name_in_other_letters,
        _by_the_driver_beside_the_unit,
        _by_another_unit,
        lambda: Serial.objects.filter(last__lt=100).count(),
        lambda: Serial.objects.raw(f"SELECT * FROM {SERIAL} WHERE last < 100").__len__(),
    ],
)
@pytest.mark.parametrize("watched", [False, True])
def test_nobody_reads_past_what_waits_however_they_ask(
    count: Callable[[], int], *, watched: bool
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE VIEW all_the_serials AS SELECT * FROM {SERIAL} WHERE last < 100")
    insert(Serial(office="YJ01", year=2026, last=7), Serial(office="YJ09", year=2026, last=999))
    changed = Serial.objects.get(last=999)
    looking = CaptureQueriesContext(connection) if watched else nullcontext()
    with transaction.atomic(), looking, unit_of_work() as unit:
        unit.add(Serial(office="YJ02", year=2026, last=8))
        unit.add_lines(f"INSERT INTO {SERIAL} (office, year, last) VALUES", [("YJ03", 2026, 9)])
        changed.last = 10
        unit.change(changed, "last")
        assert count() == 4


def test_a_savepoint_takes_back_only_what_was_put_in_after_it() -> None:
    def inner(unit: UnitOfWork) -> None:
        with transaction.atomic():
            unit.add(event("after", 2))
            assert Event.objects.count() == 2
            raise ValueError("back to the savepoint")

    with transaction.atomic(), unit_of_work() as unit:
        unit.add(event("before", 1))
        with pytest.raises(ValueError, match="savepoint"):
            inner(unit)
        unit.add(event("later", 3))
    assert set(Event.objects.values_list("uid", flat=True)) == {"before", "later"}


def test_an_id_given_ahead_does_not_meet_what_somebody_else_writes_meanwhile() -> None:
    with transaction.atomic(), unit_of_work(expected={Event: 3}) as unit:
        first, third = event("i1", 1), event("i3", 3)
        unit.add_numbered(first)
        second = event("i2", 2)
        second.save()
        unit.add_numbered(third)
    assert len({first.pk, second.pk, third.pk}) == 3
    assert Event.objects.count() == 3


def test_what_a_unit_asks_itself_lets_other_tables_wait() -> None:
    with transaction.atomic(), unit_of_work() as unit:
        unit.add(event("s1", 1))
        with CaptureQueriesContext(connection) as seen:
            assert unit.read(Serial, "office", "YJ01") == []
            assert not unit.exists(Organ, "code", "YJ01")
            assert unit.stored(Wanted(Event, "uid", "s1")) == [[]]
            assert [row.uid for row in unit.waiting(Event)] == ["s1"]
        assert len(seen) == 3
        assert len(unit.read(Event, "uid", "s1")) == 1


def test_rows_read_without_writing_are_all_though_one_of_them_was_changed() -> None:
    stored = Serial(office="YJ01", year=2026, last=1)
    insert(stored)
    with transaction.atomic(), unit_of_work() as unit:
        unit.add(Serial(office="YJ02", year=2026, last=2))
        with CaptureQueriesContext(connection) as seen:
            found = unit.read_without_writing(Serial, "year", 2026)
        assert [row.last for row in found] == [1, 2]
        assert len(seen) == 1
        stored.last = 7
        unit.change(stored, "last")
        found = unit.read_without_writing(Serial, "year", 2026)
        assert sorted(row.last for row in found) == [2, 7]
        assert unit.read_without_writing(Serial, "year", 2025) == []


def test_what_waits_goes_with_an_exception() -> None:
    def work() -> None:
        with transaction.atomic(), unit_of_work() as unit:
            unit.add(event("x", 1))
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        work()
    assert not Event.objects.exists()
    with unit_of_work() as unit:
        unit.add(event("y", 1))
    assert Event.objects.count() == 1


def test_ids_ahead_are_those_the_rows_get() -> None:
    with transaction.atomic(), unit_of_work(expected={Event: 2}) as unit:
        rows = [event(f"a{n}", n) for n in range(1, 6)]
        for row in rows:
            unit.add_numbered(row)
        unit.add(*(Pending(event_id=row.pk) for row in rows))
        assert [row.pk for row in rows] == sorted({row.pk for row in rows})
        rows[4].promise = "changed while it waits"
        unit.change(rows[4], "promise")
        assert Event.objects.count() == 5
        unit.add_numbered(
            event("a6", 6)
        )  # what was counted on does not meet what was written meanwhile
    assert dict(Event.objects.values_list("pk", "uid"))[rows[2].pk] == "a3"
    assert Event.objects.get(uid="a5").promise == "changed while it waits"
    assert Pending.objects.count() == 5
    saved = event("a7", 7)
    saved.save()
    assert saved.pk > Event.objects.get(uid="a6").pk


def test_an_id_ahead_and_plain_rows_of_one_table_keep_their_order() -> None:
    with transaction.atomic(), unit_of_work(expected={Event: 4}) as unit:
        first, second, third = event("m1", 1), event("m2", 2), event("m3", 3)
        unit.add_numbered(first)
        unit.insert(second)
        unit.add_numbered(third)
        unit.add(event("m4", 4))
        unit.drop_ids()
        unit.add_numbered(event("m5", 5))
    found = list(Event.objects.order_by("pk").values_list("uid", flat=True))
    assert found[:2] == ["m1", "m2"]
    assert sorted(found) == ["m1", "m2", "m3", "m4", "m5"]
    by_hand, saved = Event.objects.get(uid="m3"), event("m6", 6)
    saved.save()
    differ = {
        f.attname
        for f in Event._meta.fields
        if getattr(by_hand, f.attname) != getattr(saved, f.attname)
    }
    assert differ == {"id", "uid", "case_seq", "hash"}


def test_without_a_word_on_how_many_the_first_row_is_simply_written(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with transaction.atomic(), unit_of_work() as unit:
        with django_assert_num_queries(1):
            unit.add_numbered(event("w1", 1))
        with django_assert_num_queries(1):  # the ids of four
            for n in range(2, 6):
                unit.add_numbered(event(f"w{n}", n))
    assert Event.objects.count() == 5


def test_a_hopeful_row_waits_and_its_refusal_is_an_error() -> None:
    with unit_of_work() as unit:
        assert unit.add_unless_taken(event("h1", 1))
        assert not unit.add_unless_taken(event("h1", 1))

    def work() -> None:
        with transaction.atomic(), unit_of_work(hopeful=True) as unit:
            assert unit.add_unless_taken(event("h2", 2))
            assert unit.add_unless_taken(event("h1", 1))

    with pytest.raises(IntegrityError):
        work()
    assert Event.objects.count() == 1


def test_plain_lines_wait_with_the_others() -> None:
    head = "INSERT INTO cases_serial (office, year, last) VALUES"
    with transaction.atomic(), unit_of_work() as unit:
        unit.add_lines(head, [("YJ01", 2026, 1), ("YJ02", 2026, 2)])
        unit.add_lines(head, [("YJ03", 2026, 3)])
        assert Serial.objects.count() == 3
    assert Serial.objects.get(office="YJ03").last == 3


def test_what_the_end_of_a_block_is_refused_is_said_and_nothing_stays() -> None:
    def work() -> None:
        with transaction.atomic(), unit_of_work() as unit:
            unit.add(event("p1", 1))
            unit.add_lines(
                "INSERT INTO cases_serial (office, year, last) VALUES",
                [("YJ01", 2026, 1), ("YJ01", 2026, 2)],
            )
            unit.add(
                CaseKey(
                    case_id=1,
                    compartment="ident",
                    version=1,
                    generation=1,
                    wrapped=b"w",
                    created_at=NOW,
                )
            )

    with pytest.raises(IntegrityError, match="cases_serial"):
        work()
    assert (Event.objects.count(), CaseKey.objects.count()) == (0, 0)
    with transaction.atomic(), unit_of_work() as unit:  # and the connection goes on
        unit.add(event("p2", 1))
        unit.add_lines("INSERT INTO cases_serial (office, year, last) VALUES", [("YJ01", 2026, 1)])
    assert Serial.objects.count() == Event.objects.count() == 1


SERIALS = counter("cases_serial", "office", "year")
MANY = 3 * FEW


def test_many_rows_are_those_save_would_write_and_each_has_its_id() -> None:
    rows = [event(f"b{n}\t\\N\n", n) for n in range(1, MANY + 1)]  # what COPY would have to escape
    saved = event("s", MANY + 1)
    insert(*rows)
    saved.save()
    insert(*(Pending(event_id=row.pk) for row in rows))
    found = {row.uid: row for row in Event.objects.all()}
    assert {row.uid: row.pk for row in rows} == {
        uid: row.pk for uid, row in found.items() if uid != "s"
    }
    assert not any(row._state.adding for row in rows)
    assert [row.pk for row in rows] == sorted(row.pk for row in rows)
    differ = {
        f.attname
        for f in Event._meta.fields
        if getattr(found[rows[3].uid], f.attname) != getattr(Event.objects.get(uid="s"), f.attname)
    }
    assert differ == {"id", "uid", "case_seq", "hash"}
    assert Pending.objects.count() == MANY


def test_many_rows_that_wait_keep_ids_given_ahead_and_can_be_changed_afterwards() -> None:
    with transaction.atomic(), unit_of_work(expected={Event: MANY}) as unit:
        rows = [event(f"k{n}", n) for n in range(1, MANY + 1)]
        for row in rows:
            unit.add_numbered(row)
        others = [Serial(office=f"YJ{n}", year=2025, last=n) for n in range(MANY)]
        unit.add(*others)
        unit.add_lines(
            "INSERT INTO cases_serial (office, year, last) VALUES",
            [(f"YJ{n}", 2026, n) for n in range(MANY)],
        )
        before = [row.pk for row in rows]
        assert Serial.objects.count() == 2 * MANY
        others[5].last = 7000
        unit.change(others[5], "last")
    assert [row.pk for row in rows] == before
    assert dict(Event.objects.values_list("uid", "pk"))["k7"] == rows[6].pk
    assert list(Serial.objects.filter(last=7000).values_list("office", "year")) == [("YJ5", 2025)]
    assert Event.objects.count() == MANY


def test_one_of_many_that_is_refused_is_an_integrity_error_and_none_stays() -> None:
    def work() -> None:
        with transaction.atomic():
            insert(*(event(f"r{n % (MANY - 1)}", n) for n in range(1, MANY + 1)))

    with pytest.raises(IntegrityError):
        work()
    assert not Event.objects.exists()


def test_numbers_counted_on_are_gapless_whoever_reads_between() -> None:
    assert UnitOfWork().count_on(SERIALS, "YJ01", 2026) == 1
    with transaction.atomic(), unit_of_work() as unit:
        assert [unit.count_on(SERIALS, "YJ01", 2026) for _ in range(3)] == [2, 3, 4]
        assert unit.count_on(SERIALS, "YJ02", 2026) == 1
        assert Serial.objects.get(office="YJ01").last == 4
        assert unit.count_on(SERIALS, "YJ01", 2026) == 5

    def work() -> None:
        with transaction.atomic(), unit_of_work() as unit:
            assert [unit.count_on(SERIALS, "YJ01", 2026) for _ in range(3)] == [6, 7, 8]
            raise RuntimeError("goes back")

    with pytest.raises(RuntimeError):
        work()
    assert UnitOfWork().count_on(SERIALS, "YJ01", 2026) == 6
    assert dict(Serial.objects.values_list("office", "last")) == {"YJ01": 6, "YJ02": 1}


def test_several_readings_go_together_and_ids_come_with_them() -> None:
    insert(event("q1", 1), event("q2", 2))
    one = Wanted(Event, "uid", "q2")
    of_case = "(SELECT case_key FROM ledger_event WHERE uid = %s)"
    all_ = Wanted(Event, "case_key", "q1", "case_seq", via=of_case)
    taken = ahead_statement({Event: 2})
    with transaction.atomic(), unit_of_work() as unit:
        answers = unit.run_all(
            [one.statement(), all_.statement(), *([taken.asked] if taken else [])]
        )
        assert [row.uid for row in one.rows(answers[0])] == ["q2"]
        assert [row.uid for row in all_.rows(answers[1])] == ["q1", "q2"]
        if taken is not None:
            unit.take_ids(taken.ids(answers[2]))
        third = event("q3", 3)
        unit.add_numbered(third)
    assert Event.objects.get(uid="q3").pk == third.pk > all_.rows(answers[1])[1].pk
