"""Sealing: order, quarantine, the second path before signing, crashes in the middle, two
sequencers, old backups."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from dengwen.ledger import event_log, guards, sequencer, stored_tree, watermark
from dengwen.ledger.errors import DamagedError, RecoveryError
from dengwen.ledger.log_keys import Keys, create_keys
from dengwen.ledger.models import Checkpoint, Event, Leaf, Node, Pending, Quarantine, Tree
from dengwen.ledger.sequencer import tick
from dengwen.ledger.stored_tree import StoredTree
from dengwen.ledger.tamper_check import check
from dengwen.merkle.checkpoint import Checkpoint as Head
from dengwen.merkle.disclosure import entry_of
from dengwen.merkle.note import open_note
from dengwen.merkle.tree import leaf_hash, root_at, root_by_levels
from tests.ledger.conftest import NOW, ORIGIN, Write

pytestmark = pytest.mark.django_db
GUARDED = ["ledger_event", "ledger_leaf", "ledger_node", "ledger_checkpoint"]


def many(count: int, case: str = "XF-M") -> None:
    """Write events of as many cases quickly."""
    with transaction.atomic():
        event_log.append_many(
            event_log.Draft(
                f"{case}{number}",
                f"{case}{number}",
                1,
                event_log.NO_EVENT,
                NOW,
                NOW,
                {"type": "register"},
            )
            for number in range(count)
        )


def test_a_tick_seals_what_waits_in_order_and_signs_it(write: Write, keys: Keys) -> None:
    written = [write("XF-0001"), write("XF-0002"), write("XF-0001")]
    result = tick(now=NOW)
    assert (result.sequenced, result.quarantined, result.size) == (3, 0, 3)
    assert not Pending.objects.exists()
    assert [bytes(leaf.entry) for leaf in Leaf.objects.order_by("idx")] == [
        entry_of(one.hash) for one in written
    ]
    assert result.checkpoint is not None
    note = open_note(result.checkpoint, [keys.log_public])
    head = Head.parse(note.text)
    assert note.signed_by(ORIGIN)
    assert (head.origin, head.size) == (ORIGIN, 3)
    assert head.root == root_by_levels([leaf_hash(entry_of(one.hash)) for one in written])
    assert Checkpoint.objects.get().body == result.checkpoint
    assert check([], complete=False) == []


def test_a_tick_without_work_changes_nothing(write: Write) -> None:
    assert tick(now=NOW).checkpoint is None
    write()
    tick(now=NOW)
    before = Tree.objects.values().get()
    again = tick(now=NOW + timedelta(hours=1))
    assert (again.sequenced, again.size, again.checkpoint) == (0, 1, None)
    assert Tree.objects.values().get() == before
    assert Checkpoint.objects.count() == 1


def test_many_ticks_give_the_tree_of_one(write: Write, keys: Keys) -> None:
    del write
    many(700)
    sizes = [tick(now=NOW, limit=limit).size for limit in (1, 2, 3, 250, 300, 1000)]
    assert sizes == [1, 3, 6, 256, 556, 700]
    leaves = [
        bytes(one) for one in Leaf.objects.order_by("idx").values_list("leaf_hash", flat=True)
    ]
    for row in Checkpoint.objects.all():
        assert bytes(row.root) == root_by_levels(leaves[: row.size])
    assert Node.objects.count() == 2
    assert root_at(700, StoredTree()) == root_by_levels(leaves)
    assert check([], complete=False, keys=keys) == []


def test_the_stored_tree_needs_few_rows_for_a_proof(
    write: Write, django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    del write
    many(600)
    tick(now=NOW)
    with django_assert_max_num_queries(4):
        assert root_at(600, StoredTree()) == bytes(Tree.objects.get().root)
    # The same with tiles of four, so that nodes stand upon nodes.
    for name, value in (("TILE_HEIGHT", 2), ("TILE_WIDTH", 4)):
        monkeypatch.setattr(stored_tree, name, value)
    with guards.lifted(connection, GUARDED):
        Node.objects.all().delete()
    stored_tree.store_nodes(0, 600)
    assert sorted(set(Node.objects.values_list("level", flat=True))) == [2, 4, 6, 8]
    assert root_at(600, StoredTree()) == bytes(Tree.objects.get().root)


def test_time_in_the_ledger_never_goes_back(write: Write, caplog: pytest.LogCaptureFixture) -> None:
    write("XF-0001")
    tick(now=NOW)
    write("XF-0002")
    assert not tick(now=NOW - timedelta(seconds=4)).clock_suspect
    assert Tree.objects.get().seq_time == NOW + timedelta(milliseconds=1)
    write("XF-0003")
    result = tick(now=NOW - timedelta(minutes=1))
    assert result.clock_suspect
    assert result.sequenced == 1  # intake does not stop because of a clock
    assert Tree.objects.get().seq_time == NOW + timedelta(milliseconds=2)
    assert "clock" in caplog.text


def corrupt(event_id: int, **columns: Any) -> None:
    """A dishonest or broken database, with the guards away."""
    with guards.lifted(connection, GUARDED):
        Event.objects.filter(pk=event_id).update(**columns)


def test_an_event_that_does_not_hash_is_set_aside_and_the_others_go_on(write: Write) -> None:
    bad = write("XF-0001")
    after = write("XF-0001")
    write("XF-0002")
    corrupt(bad.event_id, manifest=b"xf-event/v1\nnonsense\n")
    result = tick(now=NOW)
    assert (result.sequenced, result.quarantined) == (1, 2)
    reasons = dict(Quarantine.objects.values_list("event_id", "reason"))
    assert "does not hash" in reasons[bad.event_id]
    assert "quarantine" in reasons[after.event_id]
    later = write("XF-0001")
    assert tick(now=NOW).quarantined == 1
    assert "quarantine" in Quarantine.objects.get(event=later.event_id).reason
    assert not Pending.objects.exists()


def test_a_broken_chain_is_set_aside(write: Write) -> None:
    def odd(uid: str, case: str, seq: int, prev: bytes) -> None:
        with transaction.atomic():
            event_log.append(
                uid=uid,
                case_key=case,
                case_seq=seq,
                prev=prev,
                recorded_at=NOW,
                claimed_at=None,
                open_fields={"type": "register"},
            )

    first = write("XF-0001")
    odd("unknown", "XF-0002", 2, b"\7" * 32)
    odd("other case", "XF-0003", 2, first.hash)
    odd("gap", "XF-0001", 3, first.hash)
    result = tick(now=NOW)
    assert (result.sequenced, result.quarantined) == (1, 3)
    reasons = {one.event.uid: one.reason for one in Quarantine.objects.select_related("event")}
    assert "not in the ledger" in reasons["unknown"]
    assert "of case XF-0001" in reasons["other case"]
    assert "not the one before" in reasons["gap"]


def test_events_of_a_case_are_sealed_in_case_order_even_if_ids_are_not(write: Write) -> None:
    first, second = write("XF-0001"), write("XF-0001")
    write("XF-0002")
    high = second.event_id + 100
    with guards.lifted(connection, GUARDED):
        Pending.objects.filter(event=first.event_id).delete()
        Event.objects.filter(pk=first.event_id).update(id=high)
        Pending(event_id=high).save(force_insert=True)
    assert (
        tick(now=NOW, limit=2).sequenced == 1
    )  # the second waits for the first, which lies beyond the limit
    assert tick(now=NOW).sequenced == 2
    order = list(Leaf.objects.order_by("idx").values_list("event__case_key", "event__case_seq"))
    assert order == [("XF-0002", 1), ("XF-0001", 1), ("XF-0001", 2)]


@pytest.mark.parametrize(
    "harm",
    [
        lambda: Leaf.objects.filter(idx=1).update(leaf_hash=b"\0" * 32),
        lambda: Leaf.objects.filter(idx=1).update(entry=b"xfl1" + b"\0" * 32),
        lambda: Event.objects.filter(leaf=1).update(manifest=b"other"),
        lambda: Leaf.objects.filter(idx=1).delete(),
        lambda: Leaf.objects.filter(idx=1).update(event=None),
        lambda: Tree.objects.update(root=b"\0" * 32),
    ],
)
def test_nothing_is_signed_over_a_flipped_bit(
    write: Write, monkeypatch: pytest.MonkeyPatch, harm: Any
) -> None:
    """Yeti 2022: one leaf hash changed between hashing and storing made a log worthless for
    ever."""
    for case in ("XF-0001", "XF-0002", "XF-0003"):
        write(case)
    with monkeypatch.context() as patch:
        patch.setattr(
            sequencer, "_sign_head", lambda *_: None
        )  # the tick dies between steps 2 and 4
        assert tick(now=NOW).size == 3
    with guards.lifted(connection, GUARDED):
        harm()
    with pytest.raises(DamagedError):
        tick(now=NOW)
    assert not Checkpoint.objects.exists()


def test_nothing_is_signed_that_contradicts_the_last_checkpoint(write: Write) -> None:
    write("XF-0001")
    tick(now=NOW)
    write("XF-0002")
    with guards.lifted(connection, GUARDED):
        # The operator rewrites the first leaf and everything derived from it, but cannot rewrite
        # what was signed.
        entry = entry_of(b"\5" * 32)
        Leaf.objects.update(entry=entry, leaf_hash=leaf_hash(entry))
        Tree.objects.update(edge=leaf_hash(entry), root=leaf_hash(entry))
        Checkpoint.objects.update(root=leaf_hash(entry))
    with pytest.raises(DamagedError, match="last checkpoint"):
        tick(now=NOW)


def test_a_tick_that_died_before_signing_is_completed_by_the_next(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write()

    def die(*_: object) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(sequencer, "sign_note", die)
        with pytest.raises(OSError, match="no space"):
            tick(now=NOW)
    assert Tree.objects.get().size == 1
    result = tick(now=NOW)
    assert (result.sequenced, result.size) == (0, 1)
    assert result.checkpoint == Checkpoint.objects.get().body


def test_a_tick_that_died_before_the_mark_is_completed_by_the_next(
    write: Write, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    write()
    tick(now=NOW)
    write()

    def die(_: str) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(watermark, "write", die)
        with pytest.raises(OSError, match="no space"):
            tick(now=NOW)
    mark = watermark.read(keys)
    assert mark is not None
    assert mark.size == 1
    tick(now=NOW)
    mark = watermark.read(keys)
    assert mark is not None
    assert mark.size == 2


@pytest.mark.doc("ledger.md#13")
def test_a_database_restored_from_an_old_backup_signs_nothing(write: Write) -> None:
    write("XF-0001")
    tick(now=NOW)
    backup = Tree.objects.values().get()
    write("XF-0002")
    tick(now=NOW)
    with guards.lifted(connection, GUARDED):
        Leaf.objects.filter(idx=1).delete()
        Event.objects.filter(case_key="XF-0002").delete()
        Checkpoint.objects.filter(size=2).delete()
        Tree.objects.filter(origin=ORIGIN).update(**backup)
    with pytest.raises(RecoveryError, match="older backup"):
        tick(now=NOW)
    write("XF-0003")  # intake goes on …
    with pytest.raises(RecoveryError, match="not those that were signed"):
        tick(now=NOW)  # … and the fork is not signed
    assert Checkpoint.objects.count() == 1


def test_a_mark_of_somebody_else_stops_signing(write: Write) -> None:
    write()
    watermark.place().parent.mkdir(parents=True)
    watermark.place().write_text("nonsense")
    with pytest.raises(RecoveryError):
        tick(now=NOW)


def test_keys_of_another_log_do_not_go_on_with_this_one(
    write: Write, tmp_path_factory: pytest.TempPathFactory
) -> None:
    write()
    tick(now=NOW)
    write()
    other = create_keys(tmp_path_factory.mktemp("other"), "xf.other.gov.cn/2026")
    with pytest.raises(DamagedError, match="belong to"):
        tick(now=NOW, keys=other)


def test_rows_in_the_way_are_damage_and_no_lost_race(write: Write) -> None:
    write("XF-0001")
    tick(now=NOW)
    Leaf(idx=1, kind="event", entry=b"x", leaf_hash=b"y").save(force_insert=True)
    write("XF-0002")
    with pytest.raises(DamagedError, match="stands still"):
        tick(now=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_sequencers_and_a_writer_at_once_lose_nothing_and_seal_nothing_twice(
    keys: Keys,
) -> None:
    failures: list[BaseException] = []
    stop = threading.Event()

    def guarded(work: Any) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - shown by the main thread
            failures.append(error)
        finally:
            connection.close()

    def write_all() -> None:
        for number in range(8):
            many(5, f"XF-{number}-")
        stop.set()

    def seal() -> None:
        while not stop.is_set():
            tick(now=NOW, limit=3, keys=keys)

    threads = [threading.Thread(target=guarded, args=(work,)) for work in (write_all, seal, seal)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    while tick(now=NOW, keys=keys).sequenced:
        pass
    assert not failures
    assert Tree.objects.get().size == Leaf.objects.count() == Event.objects.count() == 40
    assert check([], complete=False, keys=keys) == []


@hypothesis_settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.sampled_from(["a", "b", "c", "tick", "crash", "small"]), min_size=1, max_size=25
    )
)
def test_any_order_of_writing_sealing_and_dying_keeps_every_invariant(
    write: Write, keys: Keys, steps: list[str]
) -> None:
    begun = transaction.savepoint()
    for step in steps:
        if step in "abc":
            head = event_log.head(f"XF-{step}")
            write(f"XF-{step}", uid=f"{step}{head.case_seq}")
        elif step == "crash":
            sequencer._sequence(NOW, 2, keys.origin)
        else:
            tick(now=NOW, limit=1 if step == "small" else 100)
    assert check([], complete=False) == []
    assert Event.objects.count() == sum(step in "abc" for step in steps)
    transaction.savepoint_rollback(begun)
    watermark.place().unlink(missing_ok=True)
