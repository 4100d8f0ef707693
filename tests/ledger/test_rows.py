"""Rows written by hand are the rows the ORM would have written."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from dengwen.access.models import CaseKey
from dengwen.cases.models import Serial
from dengwen.ledger.models import Event, Pending
from dengwen.ledger.rows import (
    ahead,
    change,
    exists,
    insert,
    later,
    later_lines,
    locked,
    newest_id,
    read,
    together,
    unless_taken,
    update,
)
from dengwen.organs.models import Organ

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)


def event(uid: str, seq: int) -> Event:
    return Event(
        uid=uid, case_key="XF-1", case_seq=seq, prev=bytes(32), hash=uid.encode().ljust(32), manifest=b"\x00m",
        disclosures="披露", recorded_at=NOW, claimed_at=None, promise="p",
    )  # fmt: skip


def test_a_row_is_the_one_save_would_write() -> None:
    by_hand, saved = event("a", 1), event("b", 2)
    insert(by_hand)
    saved.save()
    assert not by_hand._state.adding
    first, second = (dict[str, object](row) for row in Event.objects.order_by("case_seq").values())
    assert {k for k in first if first[k] != second[k]} == {"id", "uid", "case_seq", "hash"}
    by_hand.refresh_from_db()
    assert (by_hand.disclosures, bytes(by_hand.manifest), by_hand.recorded_at) == ("披露", b"\x00m", NOW)


def test_several_rows_are_one_statement_and_each_gets_its_id(django_assert_num_queries: DjangoAssertNumQueries) -> None:
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
        return CaseKey(case_id=1, compartment="ident", version=1, generation=1, wrapped=b"w", created_at=NOW)

    assert insert(key(), or_nothing=True)
    assert not insert(key(), or_nothing=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(key())
    assert CaseKey.objects.count() == 1


def test_only_the_named_fields_are_written() -> None:
    organ = Organ(code="YJ01", name_zh="云江区信访局", kind="party_organ", level="county", valid_from=date(2018, 1, 2), act=1)
    organ.save()
    organ.name_zh, organ.level = "示例", "prefecture"
    update(organ, "level")
    organ.refresh_from_db()
    assert (organ.name_zh, organ.level) == ("云江区信访局", "prefecture")
    with pytest.raises(ValueError, match="not all of"):
        update(organ, "level", "nothing")


def test_exists_looks_at_one_column() -> None:
    Serial.objects.create(office="YJ01", year=2025)
    assert exists(Serial, "office", "YJ01")
    assert not exists(Serial, "office", "YJ02")


def test_rows_read_by_hand_are_those_the_orm_reads() -> None:
    insert(*(event(f"e{n}", n) for n in (2, 1)))
    by_hand = read(Event, "case_key", "XF-1", "case_seq", lock=connection.in_atomic_block)
    assert [row.case_seq for row in by_hand] == [1, 2]
    for row in by_hand:
        other = Event.objects.get(pk=row.pk)
        names = [field.attname for field in Event._meta.concrete_fields]
        assert [getattr(row, name) for name in names] == [getattr(other, name) for name in names]
    assert read(Event, "case_key", "XF-2") == []
    assert newest_id(Event) == max(row.pk for row in by_hand)
    assert newest_id(Serial) == 0


def test_rows_that_wait_are_one_statement_a_table_and_a_changed_row_is_written_once() -> None:
    organ = Organ(code="YJ01", name_zh="云江区信访局", kind="party_organ", level="county", valid_from=date(2018, 1, 2), act=1)
    insert(organ)
    with CaptureQueriesContext(connection) as seen, together():
        for n in range(1, 4):
            later(event(f"w{n}", n))
            organ.name_en = f"office {n}"
            change(organ, "name_en")
            assert len(seen) == 0
    assert len(seen) == 2
    assert Event.objects.count() == 3
    organ.refresh_from_db()
    assert organ.name_en == "office 3"


def test_whoever_reads_finds_what_waits() -> None:
    with together():
        first, second = event("r1", 1), event("r2", 2)
        later(first)
        assert Event.objects.filter(uid="r1").exists()
        later(second)
        second.promise = "changed while it waits"
        change(second, "promise")
        assert [row.promise for row in read(Event, "case_key", "XF-1", "case_seq")] == ["p", "changed while it waits"]
        later(event("r3", 3))
        assert exists(Event, "uid", "r3")


def test_what_waits_goes_with_an_exception() -> None:
    def work() -> None:
        with transaction.atomic(), together():
            later(event("x", 1))
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        work()
    assert not Event.objects.exists()
    later(event("y", 1))  # outside there is nothing to wait for
    assert Event.objects.count() == 1


def test_ids_ahead_are_those_the_rows_get() -> None:
    with transaction.atomic(), together(expected={Event: 2}):
        rows = [event(f"a{n}", n) for n in range(1, 6)]
        for row in rows:
            ahead(row)
        later(*(Pending(event_id=row.pk) for row in rows))
        assert [row.pk for row in rows] == sorted({row.pk for row in rows})
        rows[4].promise = "changed while it waits"
        change(rows[4], "promise")
        assert Event.objects.count() == 5
        ahead(event("a6", 6))  # what was counted on does not meet what was written meanwhile
    assert dict(Event.objects.values_list("pk", "uid"))[rows[2].pk] == "a3"
    assert Event.objects.get(uid="a5").promise == "changed while it waits"
    assert Pending.objects.count() == 5
    saved = event("a7", 7)
    saved.save()
    assert saved.pk > Event.objects.get(uid="a6").pk


def test_an_id_ahead_and_plain_rows_of_one_table_keep_their_order() -> None:
    with transaction.atomic(), together(expected={Event: 4}):
        first, second, third = event("m1", 1), event("m2", 2), event("m3", 3)
        ahead(first)
        insert(second)
        ahead(third)
        later(event("m4", 4))
        locked()
        ahead(event("m5", 5))
    found = list(Event.objects.order_by("pk").values_list("uid", flat=True))
    assert found[:2] == ["m1", "m2"]
    assert sorted(found) == ["m1", "m2", "m3", "m4", "m5"]
    by_hand, saved = Event.objects.get(uid="m3"), event("m6", 6)
    saved.save()
    differ = {f.attname for f in Event._meta.fields if getattr(by_hand, f.attname) != getattr(saved, f.attname)}
    assert differ == {"id", "uid", "case_seq", "hash"}


def test_without_a_word_on_how_many_the_first_row_is_simply_written(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with transaction.atomic(), together():
        with django_assert_num_queries(1):
            ahead(event("w1", 1))
        with django_assert_num_queries(1):  # the ids of four
            for n in range(2, 6):
                ahead(event(f"w{n}", n))
    assert Event.objects.count() == 5


def test_a_hopeful_row_waits_and_its_refusal_is_an_error() -> None:
    assert unless_taken(event("h1", 1))
    assert not unless_taken(event("h1", 1))

    def work() -> None:
        with transaction.atomic(), together(hopeful=True):
            assert unless_taken(event("h2", 2))
            assert unless_taken(event("h1", 1))

    with pytest.raises(IntegrityError):
        work()
    assert Event.objects.count() == 1


def test_plain_lines_wait_with_the_others() -> None:
    head = "INSERT INTO cases_serial (office, year, last) VALUES"
    with transaction.atomic(), together():
        later_lines(head, [("YJ01", 2026, 1), ("YJ02", 2026, 2)])
        later_lines(head, [("YJ03", 2026, 3)])
        assert Serial.objects.count() == 3
    assert Serial.objects.get(office="YJ03").last == 3


def test_what_the_end_of_a_block_is_refused_is_said_and_nothing_stays() -> None:
    def work() -> None:
        with transaction.atomic(), together():
            later(event("p1", 1))
            later_lines("INSERT INTO cases_serial (office, year, last) VALUES", [("YJ01", 2026, 1), ("YJ01", 2026, 2)])
            later(CaseKey(case_id=1, compartment="ident", version=1, generation=1, wrapped=b"w", created_at=NOW))

    with pytest.raises(IntegrityError, match="cases_serial"):
        work()
    assert (Event.objects.count(), CaseKey.objects.count()) == (0, 0)
    with transaction.atomic(), together():  # and the connection goes on
        later(event("p2", 1))
        later_lines("INSERT INTO cases_serial (office, year, last) VALUES", [("YJ01", 2026, 1)])
    assert Serial.objects.count() == Event.objects.count() == 1
