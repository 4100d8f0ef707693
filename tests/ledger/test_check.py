"""A dishonest operator with every right on the database: each edit is found, with table, row and
field."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction

from dengwen.ledger import event_log, guards, watermark
from dengwen.ledger.log_keys import Keys
from dengwen.ledger.models import Checkpoint, Event, Leaf, Node, Pending, Quarantine, Tree
from dengwen.ledger.sequencer import tick
from dengwen.ledger.tamper_check import Projection, check
from dengwen.merkle.disclosure import digest, disclose, entry_of, event_hash, manifest_of
from dengwen.merkle.note import sign_note
from dengwen.merkle.tree import CompactRange, leaf_hash
from tests.ledger.conftest import NOW, Write

pytestmark = pytest.mark.django_db
GUARDED = ["ledger_event", "ledger_leaf", "ledger_node", "ledger_checkpoint"]


@dataclass
class Office:
    """Three cases sealed in two ticks, one event still waiting, and the rows of another package
    beside them."""

    keys: Keys
    rows: list[Projection]

    def found(self) -> list[tuple[str, str, str, str]]:
        """What the check says, without its words."""
        return [(one.invariant, one.table, one.row, one.field) for one in check(self.rows)]

    def dba(self, edit: Callable[[], object]) -> None:
        """Edit with the guards and the foreign keys away."""
        with guards.lifted(connection, GUARDED), no_foreign_keys():
            edit()


@contextmanager
def no_foreign_keys() -> Iterator[None]:
    """Whoever owns the database is not held by foreign keys."""
    if connection.vendor == "sqlite":
        yield  # they are checked at commit only, and nothing here is ever committed
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")


@pytest.fixture
def office(write: Write, keys: Keys) -> Iterator[Office]:
    begun = transaction.savepoint()
    for case in ("XF-0001", "XF-0001", "XF-0002"):
        write(case)
    tick(now=NOW)
    for case in ("XF-0001", "XF-0003"):
        write(case)
    tick(now=NOW + timedelta(minutes=1))
    write("XF-0002")
    rows = [
        Projection(
            event.uid,
            "cases_act",
            event.pk,
            {
                "type": "register",
                "unit": "500112-0007",
                "case_no": event.case_key,
                "case_seq": event.case_seq,
                "recorded_at": event.recorded_at,
            },
        )
        for event in Event.objects.order_by("pk")
    ]
    yield Office(keys, rows)
    transaction.savepoint_rollback(begun)  # the harm done, and guards that were away


def event(uid: str) -> Event:
    return Event.objects.get(uid=uid)


def delete(table: str, column: str, value: int) -> None:
    """A DELETE of the bare hand: the ORM would refuse or cascade."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE {column} = %s", [value])


def delete_with_its_place(pk: int) -> None:
    delete("ledger_pending", "event_id", pk)
    delete("ledger_event", "id", pk)


def test_an_honest_office_has_no_findings(office: Office) -> None:
    assert check(office.rows) == []


COLUMNS: dict[str, Any] = {
    "uid": "XF-0002/1x",
    "case_key": "XF-0009",
    "case_seq": 7,
    "prev": b"\1" * 32,
    "hash": b"\2" * 32,
    "manifest": b"xf-event/v1\n",
    "recorded_at": NOW - timedelta(days=20),
    "claimed_at": None,
    "promise": "xf-promise/v1\n",
}


@pytest.mark.doc("ledger.md#10-A3")
@pytest.mark.parametrize("column", COLUMNS)
def test_every_edited_column_of_an_event_is_named(office: Office, column: str) -> None:
    victim = event("XF-0002/1")
    office.dba(lambda: Event.objects.filter(pk=victim.pk).update(**{column: COLUMNS[column]}))
    wanted = "disclosures" if column == "manifest" else column
    assert any(row == str(victim.pk) and field == wanted for _, _, row, field in office.found())


def test_no_column_of_an_event_is_left_out_of_the_list_above() -> None:
    assert set(COLUMNS) | {"id", "disclosures"} == {
        column.attname for column in Event._meta.concrete_fields
    }


def test_back_dating_is_found_to_the_millisecond_and_below(office: Office) -> None:
    victim = event("XF-0001/1")
    for step in (timedelta(milliseconds=1), timedelta(microseconds=1)):
        office.dba(
            partial(
                Event.objects.filter(pk=victim.pk).update, recorded_at=victim.recorded_at + step
            )
        )
        assert ("L5", "ledger_event", str(victim.pk), "recorded_at") in office.found()


def test_an_exchanged_disclosure_is_found(office: Office) -> None:
    victim = event("XF-0001/1")
    lines = victim.disclosures.split("\n")
    forged = [*lines[:-1], disclose("type", "refuse", bytes(32))]
    office.dba(lambda: Event.objects.filter(pk=victim.pk).update(disclosures="\n".join(forged)))
    assert ("L5", "ledger_event", str(victim.pk), "disclosures") in office.found()


def test_a_disclosure_taken_away_is_found(office: Office) -> None:
    victim = event("XF-0001/1")
    lines = victim.disclosures.split("\n")
    for at in range(len(lines)):
        rest = "\n".join(lines[:at] + lines[at + 1 :])
        office.dba(partial(Event.objects.filter(pk=victim.pk).update, disclosures=rest))
        assert ("L12", "ledger_event", str(victim.pk), "disclosures") in office.found()


def test_an_event_rewritten_whole_is_found(office: Office) -> None:
    """The operator makes a perfectly good event of his own and puts it in the place of the true
    one."""
    victim = event("XF-0001/1")
    lines = victim.disclosures.split("\n")
    lines[-2] = disclose("unit", "500112-9999", bytes(32))
    manifest = manifest_of(map(digest, lines))
    office.dba(
        lambda: Event.objects.filter(pk=victim.pk).update(
            disclosures="\n".join(lines), manifest=manifest, hash=event_hash(manifest)
        )
    )
    found = office.found()
    assert ("L4", "ledger_leaf", "0", "entry") in found
    assert ("L5", "ledger_event", str(victim.pk), "promise") in found
    assert ("L6", "ledger_event", str(event("XF-0001/2").pk), "prev") in found
    assert ("L5", "cases_act", str(victim.pk), "unit") in found


def test_a_deleted_event_is_found_in_the_middle_at_the_end_and_while_it_waits(
    office: Office,
) -> None:
    for uid, wanted in (
        ("XF-0001/2", ("L3", "ledger_leaf", "1", "event")),
        ("XF-0003/1", ("L3", "ledger_leaf", "4", "event")),
        ("XF-0002/2", ("L1", "cases_act", "{pk}", "uid")),
    ):
        pk = event(uid).pk
        with transaction.atomic():
            mark = transaction.savepoint()
            office.dba(partial(delete_with_its_place, pk))
            found = office.found()
            assert tuple(part.format(pk=pk) for part in wanted) in found, uid
            transaction.savepoint_rollback(mark)


def test_a_missing_number_of_a_case_is_found(office: Office) -> None:
    pk = event("XF-0001/2").pk
    office.dba(lambda: delete("ledger_event", "id", pk))
    assert ("L6", "ledger_event", str(event("XF-0001/3").pk), "case_seq") in office.found()


@pytest.mark.parametrize("idx", [0, 2, 4])
def test_a_deleted_leaf_is_found(office: Office, idx: int) -> None:
    office.dba(lambda: delete("ledger_leaf", "idx", idx))
    found = office.found()
    assert ("L3", "ledger_leaf", str(idx), "idx") in found
    assert any(one[0] == "L2" for one in found)


@pytest.mark.parametrize(
    ("column", "value", "invariant"),
    [
        ("entry", b"xfl1" + b"\3" * 32, "L4"),
        ("leaf_hash", b"\3" * 32, "L4"),
        ("event", None, "L3"),
        ("kind", "cover", "L3"),
    ],
)
def test_every_edited_column_of_a_leaf_is_named(
    office: Office, column: str, value: object, invariant: str
) -> None:
    office.dba(lambda: Leaf.objects.filter(idx=1).update(**{column: value}))
    assert (invariant, "ledger_leaf", "1", column) in office.found()


def test_two_leaves_swapped_are_found(office: Office) -> None:
    def swap() -> None:
        one, two = Leaf.objects.get(idx=0), Leaf.objects.get(idx=1)
        Leaf.objects.filter(idx=0).update(event=None)
        Leaf.objects.filter(idx=1).update(event=one.event, entry=one.entry, leaf_hash=one.leaf_hash)
        Leaf.objects.filter(idx=0).update(event=two.event, entry=two.entry, leaf_hash=two.leaf_hash)

    office.dba(swap)
    found = office.found()
    assert any(one[:2] == ("L6", "ledger_leaf") for one in found)
    assert ("L7", "ledger_checkpoint", "3", "root") in found


@pytest.mark.parametrize("column", ["root", "edge", "size", "origin"])
def test_every_edited_column_of_the_tree_is_named(office: Office, column: str) -> None:
    values: dict[str, Any] = {
        "root": b"\4" * 32,
        "edge": b"\4" * 64,
        "size": 4,
        "origin": "xf.other.gov.cn/2026",
    }
    office.dba(lambda: Tree.objects.update(**{column: values[column]}))
    found = office.found()
    if column == "size":
        assert ("L7", "ledger_checkpoint", "5", "size") in found
        assert ("L3", "ledger_leaf", "4", "idx") in found
    else:
        assert any(one[1] == "ledger_tree" and one[3] == column for one in found)


def test_the_tree_row_deleted_is_found(office: Office) -> None:
    office.dba(lambda: Tree.objects.all().delete())
    assert any(one[:2] == ("L7", "ledger_tree") for one in office.found())


def test_altered_checkpoints_are_found(office: Office) -> None:
    body = Checkpoint.objects.get(size=3).body
    other = sign_note(
        body.split("\n\n")[0].replace("\n3\n", "\n4\n") + "\n", office.keys.log_signer()
    )
    for column, value in (("root", b"\5" * 32), ("body", body.replace("3", "4")), ("body", other)):
        with transaction.atomic():
            mark = transaction.savepoint()
            office.dba(partial(Checkpoint.objects.filter(size=3).update, **{column: value}))
            assert ("L7", "ledger_checkpoint", "3", column) in office.found()
            transaction.savepoint_rollback(mark)


def test_a_checkpoint_that_only_another_known_key_signed_is_found(office: Office) -> None:
    """The web tier holds the promise key: it signs promises, and no head of the log."""
    text = Checkpoint.objects.get(size=3).body.split("\n\n")[0] + "\n"
    body = sign_note(text, office.keys.promise)
    office.dba(partial(Checkpoint.objects.filter(size=3).update, body=body))
    assert ("L7", "ledger_checkpoint", "3", "body") in office.found()


def test_the_newest_checkpoint_deleted_is_found_by_the_mark_outside(office: Office) -> None:
    office.dba(lambda: Checkpoint.objects.filter(size=5).delete())
    assert office.found() == [("L8", "ledger_checkpoint", "5", "size")]


def test_a_tree_cut_and_repaired_inside_is_found_by_the_mark_outside(
    office: Office, monkeypatch: Any
) -> None:
    """Everything inside agrees again; only what lies on another disk does not."""
    pks = [event(uid).pk for uid in ("XF-0001/3", "XF-0003/1", "XF-0002/2")]

    def cut() -> None:
        Pending.objects.all().delete()
        Leaf.objects.filter(idx__gte=3).delete()
        for pk in pks:
            delete("ledger_event", "id", pk)
        Checkpoint.objects.filter(size=5).delete()
        Tree.objects.all().delete()

    office.dba(cut)
    office.rows = [one for one in office.rows if one.row not in pks]
    leaves = [
        bytes(one) for one in Leaf.objects.order_by("idx").values_list("leaf_hash", flat=True)
    ]
    edge = _edge(leaves)
    office.dba(
        lambda: Tree(origin=office.keys.origin, size=3, edge=edge.dump(), root=edge.root()).save(
            force_insert=True
        )
    )
    assert [one[0] for one in office.found()] == ["L8"]
    watermark.place().unlink()
    assert (
        office.found() == []
    )  # without a mark outside, and without witnesses, nobody inside could tell


def _edge(leaves: list[bytes]) -> CompactRange:
    edge = CompactRange()
    for one in leaves:
        edge.append(one)
    return edge


def test_queue_rows_that_went_astray_are_found(office: Office) -> None:
    waiting, sealed = event("XF-0002/2").pk, event("XF-0001/1").pk
    office.dba(lambda: Pending.objects.all().delete())
    assert office.found() == [("L2", "ledger_event", str(waiting), "id")]
    office.dba(lambda: Quarantine(event_id=sealed, reason="x", at=NOW).save(force_insert=True))
    assert ("L2", "ledger_event", str(sealed), "id") in office.found()


def test_a_queue_row_without_its_event_is_found(office: Office) -> None:
    pk = event("XF-0002/2").pk
    office.rows = [one for one in office.rows if one.row != pk]
    office.dba(lambda: delete("ledger_event", "id", pk))
    assert office.found() == [("L2", "ledger_pending", str(pk), "event")]


def test_a_leaf_beyond_the_tree_is_found(office: Office) -> None:
    Leaf(idx=9, entry=entry_of(bytes(32)), leaf_hash=leaf_hash(entry_of(bytes(32)))).save(
        force_insert=True
    )
    assert office.found() == [("L3", "ledger_leaf", "9", "idx")]


def test_altered_extra_and_missing_nodes_are_found(office: Office) -> None:
    with transaction.atomic():
        event_log.append_many(
            event_log.Draft(f"n{n}", f"N{n}", 1, event_log.NO_EVENT, NOW, NOW, {"type": "x"})
            for n in range(600)
        )
    tick(now=NOW + timedelta(hours=1))
    assert check(office.rows, complete=False) == []
    office.dba(lambda: Node.objects.filter(index=0).update(hash=b"\6" * 32))
    office.dba(lambda: Node.objects.filter(index=1).delete())
    office.dba(lambda: Node(level=8, index=7, hash=b"\6" * 32).save(force_insert=True))
    found = {(one.invariant, one.table, one.row) for one in check(office.rows, complete=False)}
    assert {
        ("L9", "ledger_node", "8/0"),
        ("L9", "ledger_node", "8/1"),
        ("L9", "ledger_node", "8/7"),
    } <= found


# --- rows of other packages -----------------------------------------------------------------------


def replaced(office: Office, at: int, **columns: object) -> Projection:
    one = office.rows[at]
    office.rows[at] = Projection(
        one.uid, one.table, one.row, {**one.columns, **columns}, one.sealed
    )
    return office.rows[at]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("type", "refuse"),
        ("unit", "500112-0008"),
        ("case_seq", "1"),
        ("case_seq", True),
        ("recorded_at", NOW - timedelta(days=1)),
        ("recorded_at", NOW + timedelta(microseconds=1)),
        ("decision", "not committed to"),
        ("claimant", "sealed, and not opened by the package"),
    ],
)
def test_an_edited_column_of_another_package_is_named(
    office: Office, column: str, value: object
) -> None:
    row = replaced(office, 0, **{column: value})
    assert office.found() == [("L5", "cases_act", str(row.row), column)]


def test_a_sealed_column_is_compared_where_the_package_opens_it(write: Write) -> None:
    written = write()
    good = Projection(
        "XF-0001/1", "petitions_petitioner", 1, {"claimant": "王示例"}, written.sealed_disclosures
    )
    assert check([good]) == []
    bad = Projection(
        "XF-0001/1", "petitions_petitioner", 1, {"claimant": "李样本"}, written.sealed_disclosures
    )
    foreign = Projection(
        "XF-0001/1", "petitions_petitioner", 1, {}, (disclose("claimant", "李样本", bytes(32)),)
    )
    assert [(one.invariant, one.field) for one in check([bad])] == [("L5", "claimant")]
    assert [(one.invariant, one.field) for one in check([foreign])] == [("L5", "sealed")]


def test_a_deleted_a_forged_and_a_doubled_row_of_another_package_are_found(office: Office) -> None:
    gone = office.rows.pop(0)
    office.rows.append(Projection("never written", "cases_act", 99, {}))
    office.rows.append(Projection(office.rows[0].uid, "cases_act", 100, {}))
    office.rows.append(
        Projection(office.rows[0].uid, "cases_document", 1, {})
    )  # another table may share an event
    assert set(office.found()) == {
        ("L1", "ledger_event", str(gone.row), "uid"),
        ("L1", "cases_act", "99", "uid"),
        ("L1", "cases_act", "100", "uid"),
    }


def test_findings_speak_both_languages_and_are_bounded(office: Office) -> None:
    office.rows = [
        Projection(f"forged {number}", "cases_act", number, {}) for number in range(5000)
    ]
    found = check(office.rows, limit=10)
    assert len(found) == 10
    assert all(one.zh and one.en for one in found)
    assert "cases_act" in str(found[0])


@pytest.mark.usefixtures("keys")
def test_memory_stays_bounded_while_thousands_of_rows_stream_by() -> None:
    def stream(count: int) -> None:
        check(
            (Projection(f"forged {number}", "t", number, {}) for number in range(count)),
            limit=1,
            complete=False,
        )
        check(
            (Projection(f"m{number % 3000}", "t", number, {}) for number in range(count)),
            limit=10**9,
            complete=False,
        )

    with transaction.atomic():
        event_log.append_many(
            event_log.Draft(f"m{n}", f"M{n}", 1, event_log.NO_EVENT, NOW, NOW, {"type": "x"})
            for n in range(3000)
        )
    tick(now=NOW)
    stream(
        500
        # what is made once a process is no memory of the rows; nobody counts it, for that takes the
        # longest
    )
    tracemalloc.start()
    stream(3000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 12_000_000
