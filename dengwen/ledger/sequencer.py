"""The sequencer: takes waiting events into the tree and signs its head (ledger.md section 4, steps
1, 2, 4, 5).

Level-triggered and idempotent: it looks at the rows, not at messages, so a tick that died anywhere
is completed by the next one. Two sequencers by mistake are harmless: the second one's
compare-and-swap on the size fails.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from dengwen.ledger import log_keys as key_files
from dengwen.ledger import watermark
from dengwen.ledger.errors import DamagedError
from dengwen.ledger.event_log import NO_EVENT
from dengwen.ledger.log_keys import Keys
from dengwen.ledger.models import Checkpoint, Event, Leaf, Node, Pending, Quarantine, Tree
from dengwen.ledger.stored_tree import TILE_HEIGHT, StoredTree, full_tiles, store_nodes, tile_root
from dengwen.merkle.checkpoint import Checkpoint as Head
from dengwen.merkle.disclosure import entry_of, event_hash
from dengwen.merkle.errors import RejectedError
from dengwen.merkle.instant import to_millisecond
from dengwen.merkle.note import open_note, sign_note
from dengwen.merkle.tree import EMPTY_ROOT, CompactRange, leaf_hash, root_at

logger = logging.getLogger(__name__)

CLOCK_STEP_BACK = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class TickResult:
    """What one tick did. ``checkpoint`` is the note signed in it, if any; ``size`` the leaves of
    the log after it."""

    sequenced: int = 0
    quarantined: int = 0
    size: int = 0
    checkpoint: str | None = None
    lost_race: bool = False
    clock_suspect: bool = False


class _LostRaceError(Exception):
    """Another sequencer moved the tree first."""


def tick(*, now: datetime, limit: int = 10_000, keys: Keys | None = None) -> TickResult:
    """Seal what waits, at most ``limit`` events, and sign a checkpoint over it.

    Raises ``DamagedError`` when stored rows contradict each other and ``RecoveryError`` when the
    database is behind or beside what was signed; then nothing is signed, while intake goes on.
    """
    keys = keys or key_files.current()
    result = _sequence(to_millisecond(now), limit, keys.origin)
    if result.lost_race:
        return result
    note = _sign_head(to_millisecond(now), keys)
    return TickResult(
        result.sequenced, result.quarantined, result.size, note, clock_suspect=result.clock_suspect
    )


def _sequence(now: datetime, limit: int, origin: str) -> TickResult:
    """Steps 1 and 2, one transaction."""
    if not Pending.objects.exists():
        tree = Tree.objects.filter(origin=origin).only("size").first()
        return TickResult(size=tree.size if tree else 0)
    seen = -1
    try:
        with transaction.atomic(durable=True):
            tree = _locked_tree(origin)
            seen = tree.size
            accepted, refused = _sort_out(_waiting(limit))
            _quarantine(refused, now)
            suspect = tree.seq_time is not None and now < tree.seq_time - CLOCK_STEP_BACK
            size = _grow(tree, accepted, now)
    except (_LostRaceError, IntegrityError) as error:
        return _after_a_clash(origin, seen, error)
    if suspect:
        logger.error(
            "the clock went back: it says %s, the last leaf was sealed at %s", now, tree.seq_time
        )
    return TickResult(len(accepted), len(refused), size, clock_suspect=suspect)


def _locked_tree(origin: str) -> Tree:
    """The tree row, locked where the database can; raise ``DamagedError`` if the database is
    another log's."""
    stranger = Tree.objects.exclude(origin=origin).first()
    if stranger is not None:
        raise DamagedError(
            f"the database holds log {stranger.origin!r}, the keys belong to {origin!r}. "
            "Mend: put the right keys "
            "into the data folder"
        )
    Tree.objects.get_or_create(origin=origin, defaults={"root": EMPTY_ROOT})
    return Tree.objects.select_for_update().get(origin=origin)


def _waiting(limit: int) -> list[Event]:
    columns = ("id", "case_key", "case_seq", "prev", "hash", "manifest")
    return list(Event.objects.filter(pending__isnull=False).order_by("id").only(*columns)[:limit])


def _sort_out(events: list[Event]) -> tuple[list[Event], list[tuple[Event, str]]]:
    """Which events may be sealed, in which order, and which may not, with the reason.

    An event follows its predecessor in the same case; one whose predecessor waits beyond the limit
    stays waiting.
    """
    accepted: list[Event] = []
    refused: dict[int, tuple[Event, str]] = {}
    known = _predecessors(events)
    batch = {bytes(event.hash): event for event in events}
    # By case number within the batch, so that a predecessor is always judged first.
    for event in sorted(events, key=lambda event: (event.case_seq, event.pk)):
        reason = _reason_against(event, known, batch, refused)
        if reason is None:
            accepted.append(event)
            known[bytes(event.hash)] = (event.case_key, event.case_seq)
        elif reason:
            refused[event.pk] = (event, reason)
    return _in_order(accepted), list(refused.values())


def _reason_against(
    event: Event,
    known: dict[bytes, tuple[str, int]],
    batch: dict[bytes, Event],
    refused: dict[int, tuple[Event, str]],
) -> str | None:
    """None to accept, a reason to quarantine, "" to let it wait."""
    prev = bytes(event.prev)
    if event_hash(bytes(event.manifest)) != bytes(event.hash):
        return "the manifest does not hash to the event hash"
    if event.case_seq == 1:
        return None if prev == NO_EVENT else "the first event of a case names an event before it"
    if prev not in known:
        return _why_unsealed(prev, batch, refused)
    case, seq = known[prev]
    if (case, seq) != (event.case_key, event.case_seq - 1):
        return f"prev is event {seq} of case {case}, not the one before in this case"
    return None


def _why_unsealed(
    prev: bytes, batch: dict[bytes, Event], refused: dict[int, tuple[Event, str]]
) -> str:
    """What has become of an event that is not sealed: "" if it still waits, else a reason
    against its successor."""
    if prev in batch:
        quarantined = batch[prev].pk in refused
        waiting = not quarantined
    else:
        waiting = Event.objects.filter(hash=prev, pending__isnull=False).exists()
        quarantined = Event.objects.filter(hash=prev, quarantine__isnull=False).exists()
    if waiting:
        return ""
    return (
        "the event before it is in quarantine"
        if quarantined
        else "the event before it is not in the ledger"
    )


def _predecessors(events: list[Event]) -> dict[bytes, tuple[str, int]]:
    """Places of the events named as ``prev`` that are sealed already."""
    wanted = list({bytes(event.prev) for event in events} - {NO_EVENT})
    found: dict[bytes, tuple[str, int]] = {}
    for start in range(0, len(wanted), 500):
        rows = Event.objects.filter(hash__in=wanted[start : start + 500], leaf__isnull=False)
        found.update(
            {
                bytes(key): (case, seq)
                for key, case, seq in rows.values_list("hash", "case_key", "case_seq")
            }
        )
    return found


def _in_order(accepted: list[Event]) -> list[Event]:
    """By id, as they came, except that no event goes before its predecessor in the case."""
    latest: dict[str, int] = {}
    place: dict[int, int] = {}
    for event in accepted:  # in case order, see _sort_out
        latest[event.case_key] = place[event.pk] = max(event.pk, latest.get(event.case_key, 0))
    return sorted(accepted, key=lambda event: (place[event.pk], event.case_seq))


def _quarantine(refused: Iterable[tuple[Event, str]], now: datetime) -> None:
    rows = [Quarantine(event=event, reason=reason, at=now) for event, reason in refused]
    for row in rows:
        logger.error("event %s goes into quarantine: %s", row.event_id, row.reason)
    Quarantine.objects.bulk_create(rows)
    Pending.objects.filter(event__in=[row.event_id for row in rows]).delete()


def _grow(tree: Tree, events: list[Event], now: datetime) -> int:
    """Append to the compact range, store leaves and nodes, empty the queue, swap the tree row.
    Returns the size."""
    if not events:
        return tree.size
    edge = _stored_edge(tree)
    leaves = []
    for event in events:
        entry = entry_of(bytes(event.hash))
        hashed = leaf_hash(entry)
        leaves.append(Leaf(idx=edge.size, event=event, entry=entry, leaf_hash=hashed))
        edge.append(hashed)
    Leaf.objects.bulk_create(leaves)
    store_nodes(tree.size, edge.size)
    for start in range(0, len(events), 500):
        some = [event.pk for event in events[start : start + 500]]
        Pending.objects.filter(event__in=some).delete()
    _swap(tree, edge, now)
    return edge.size


def _stored_edge(tree: Tree) -> CompactRange:
    """Return the right edge of the tree as stored; DamagedError where it contradicts the root."""
    try:
        edge = CompactRange(tree.size, bytes(tree.edge))
    except RejectedError as error:
        raise DamagedError(f"ledger_tree: {error}. Mend: run the check") from None
    if edge.root() != bytes(tree.root):
        raise DamagedError("ledger_tree: edge and root contradict each other. Mend: run the check")
    return edge


def _swap(tree: Tree, edge: CompactRange, now: datetime) -> None:
    """Move the tree row to its new edge, unless another sequencer moved it first."""
    after = now if tree.seq_time is None else max(now, tree.seq_time + timedelta(milliseconds=1))
    swapped = Tree.objects.filter(origin=tree.origin, size=tree.size).update(
        size=edge.size, edge=edge.dump(), root=edge.root(), seq_time=after
    )
    if swapped != 1:
        raise _LostRaceError


def _after_a_clash(origin: str, seen: int, error: Exception) -> TickResult:
    """Tell a lost race, where the tree has moved, from rows that clash by themselves."""
    tree = Tree.objects.filter(origin=origin).first()
    if tree is not None and tree.size != seen:
        return TickResult(size=tree.size, lost_race=True)
    raise DamagedError(
        f"the tree stands still at {seen} and yet its next rows exist: {error}. Mend: run the check"
    )


def _sign_head(now: datetime, keys: Keys) -> str | None:
    """Steps 4 and 5: verify by the second path, sign, store; then move the high-water mark."""
    # The mark moves after the commit it stands for. Read before the tree, it can never seem ahead
    # of an honest one, however many other sequencers sign in between.
    mark = watermark.read(keys)
    tree = Tree.objects.filter(origin=keys.origin).first()
    last = Checkpoint.objects.order_by("-size").first()
    if last is not None and mark is not None and mark.size < last.size:
        watermark.write(last.body)  # a tick died between its commit and the mark
    size, signed = tree.size if tree else 0, last.size if last else 0
    if tree is None or size == signed:
        if mark is not None and mark.size > size:
            watermark.compare(mark, size, StoredTree())
        return None
    _verify(tree, last, keys, mark)
    head = Head(keys.origin, tree.size, bytes(tree.root))
    note = sign_note(head.body(), keys.log_signer())
    if not _store_head(head, note, now):
        return None  # another sequencer went on; it signs what it made
    watermark.write(note)
    return note


def _store_head(head: Head, note: str, now: datetime) -> bool:
    """Store a signed head in a transaction of its own, and say whether it still was the newest."""
    with transaction.atomic(durable=True):
        still = Tree.objects.select_for_update().get(origin=head.origin)
        newest = Checkpoint.objects.order_by("-size").values_list("size", flat=True).first() or 0
        if still.size != head.size or newest >= head.size:
            return False
        row = Checkpoint(size=head.size, root=head.root, body=note, signed_at=now)
        row.save(force_insert=True)
    return True


def _verify(tree: Tree, last: Checkpoint | None, keys: Keys, mark: Head | None) -> None:
    """Step 4: from stored bytes, by tiles; raise unless every hash since the last checkpoint is
    right."""
    old = last.size if last else 0
    _verify_leaves(old, tree.size)
    stored = StoredTree()
    _verify_nodes(old, tree.size, stored)
    if root_at(tree.size, stored) != bytes(tree.root):
        raise DamagedError(
            f"the leaves do not give the root of the tree of {tree.size}. Nothing is signed"
        )
    if last is not None:
        signed = _signed(last, keys)
        if (signed.size, signed.root) != (old, root_at(old, stored)):
            raise DamagedError(
                f"the first {old} leaves are not those of the last checkpoint. Nothing is signed"
            )
    watermark.compare(mark, tree.size, stored)


def _signed(last: Checkpoint, keys: Keys) -> Head:
    """Return the head that the last checkpoint signed; DamagedError where none of this log can
    be read."""
    try:
        return Head.parse(open_note(last.body, [keys.log_public]).text)
    except RejectedError as error:
        raise DamagedError(
            f"ledger_checkpoint {last.size}：检查点读不出或者签名不成立（{error}），没有签发；"
            "dengwen check 逐项核对，再恢复备份 / the last checkpoint cannot be read or its "
            f"signature does not hold ({error}). Nothing is signed. Mend: "
            "dengwen check says what else is wrong; restore the newest backup"
        ) from error


def _verify_leaves(old: int, new: int) -> None:
    rows = Leaf.objects.filter(idx__gte=old, idx__lt=new).order_by("idx")
    expected = old
    for idx, entry, hashed, manifest in rows.values_list(
        "idx", "entry", "leaf_hash", "event__manifest"
    ).iterator():
        if idx != expected:
            raise DamagedError(f"ledger_leaf: row {expected} is missing. Nothing is signed")
        if manifest is None:
            raise DamagedError(f"ledger_leaf: row {idx} has no event. Nothing is signed")
        if bytes(entry) != entry_of(event_hash(bytes(manifest))) or bytes(hashed) != leaf_hash(
            bytes(entry)
        ):
            raise DamagedError(
                f"ledger_leaf: row {idx} does not follow from its event. Nothing is signed"
            )
        expected += 1
    if expected != new:
        raise DamagedError(
            f"ledger_leaf: rows {expected} to {new - 1} are missing. Nothing is signed"
        )


def _verify_nodes(old: int, new: int, stored: StoredTree) -> None:
    ground = 0
    while tiles := full_tiles(old, new, ground):
        for tile in tiles:
            row = (
                Node.objects.filter(level=ground + TILE_HEIGHT, index=tile)
                .values_list("hash", flat=True)
                .first()
            )
            if row is None or bytes(row) != tile_root(stored, ground, tile):
                raise DamagedError(
                    f"ledger_node {ground + TILE_HEIGHT}/{tile} does not follow from its leaves"
                )
        ground += TILE_HEIGHT
