"""Putting events into the ledger, within the transaction of the business change.

Two statements: the event, and its row in the sequencer's queue. An event can be made first
(`prepare`) and written later in the transaction with others (`write`), still in two statements.
Nothing here locks anything; the case is locked by whoever writes the act.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType

from django.db import connection

from dengwen.ledger import log_keys as key_files
from dengwen.ledger.errors import LedgerError
from dengwen.ledger.models import Event, Pending
from dengwen.merkle.disclosure import (
    SALT_SIZE,
    JsonValue,
    digest,
    disclose,
    event_hash,
    manifest_of,
)
from dengwen.merkle.instant import format_instant
from dengwen.merkle.promise import Promise
from dengwen.merkle.strict_base64 import to_base64
from dengwen.store.row_statements import FEW, insert_rows
from dengwen.store.row_tables import new
from dengwen.store.unit_of_work import UnitOfWork

NO_EVENT = bytes(32)
MERGE_DELAY = timedelta(hours=24)
"""Within this time a promised event is in the log (ledger.md section 5: MMD)."""

SYSTEM_FIELDS = ("uid", "case_no", "case_seq", "prev", "recorded_at", "claimed_at")
SEALED_LIST = "sealed"
"""Open field that lists the digests of the sealed ones, so that no disclosure can vanish
unnoticed."""

_NOTHING: Mapping[str, JsonValue] = MappingProxyType({})


def _drawn(count: int) -> Callable[[], bytes]:
    """Draw that many salts at once, each 32 bytes nobody can guess; the answer hands them out
    one by one."""
    drawn = secrets.token_bytes(SALT_SIZE * count)
    return (drawn[place : place + SALT_SIZE] for place in range(0, len(drawn), SALT_SIZE)).__next__


@dataclass(frozen=True, slots=True)
class Appended:
    """An event as written. The caller stores ``sealed_disclosures`` encrypted, and shows
    ``promise`` after commit."""

    event_id: int
    hash: bytes
    promise: str
    sealed_disclosures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """An event made and signed that waits to be written in the same transaction (`write`), and
    its hash and promise."""

    row: Event
    hash: bytes
    promise: str
    sealed_disclosures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """The last event of a case: its number (0 if there is none) and hash (32 zero bytes)."""

    case_seq: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Draft:
    """An event to be written by ``append_many``. ``prev`` of None: the draft of the same case
    before this one."""

    uid: str
    case_key: str
    case_seq: int
    prev: bytes | None
    recorded_at: datetime
    claimed_at: datetime | None
    open_fields: Mapping[str, JsonValue]
    sealed_fields: Mapping[str, JsonValue] = field(default_factory=dict)


def append(
    *,
    uid: str,
    case_key: str,
    case_seq: int,
    prev: bytes,
    recorded_at: datetime,
    claimed_at: datetime | None,
    open_fields: Mapping[str, JsonValue],
    sealed_fields: Mapping[str, JsonValue] = _NOTHING,
    salts: Callable[[], bytes] | None = None,
) -> Appended:
    """Write one event (ledger.md sections 2 and 3) in the caller's transaction.

    ``uid`` is the client's idempotency key; ask ``find(uid)`` first, for a second event with it is
    refused by the database (``IntegrityError``), as is a second event at one place of a case.
    ``recorded_at`` and ``claimed_at`` are UTC instants in whole milliseconds
    (``merkle.instant.to_millisecond``). Field values are JSON without floats. Raises ``ValueError``
    for a value that cannot be committed to and ``LedgerError`` outside a transaction.
    """
    draft = Draft(
        uid, case_key, case_seq, prev, recorded_at, claimed_at, open_fields, sealed_fields
    )
    made = prepare(draft, salts=salts)
    _require_transaction()
    _write_with_ids([made])
    return Appended(made.row.pk, made.hash, made.promise, made.sealed_disclosures)


def prepare(draft: Draft, *, salts: Callable[[], bytes] | None = None) -> Prepared:
    """Make an event by the rules of ``append`` and write nothing; a draft must say its ``prev``."""
    if draft.prev is None:
        raise ValueError(f"draft {draft.uid!r}: give its prev")
    return _event(draft, draft.prev, key_files.current(), salts)


def write(made: Sequence[Prepared], unit: UnitOfWork) -> None:
    """Write prepared events, in their order, in the caller's transaction; `LedgerError` outside
    one.

    `unit` is the unit of work of that transaction, with whose rows they may wait.
    """
    _require_transaction()
    if not made:
        return
    if (
        connection.vendor == "postgresql" and len(made) <= FEW
    ):  # one statement; nobody asks for the ids
        unit.add_around(_QUEUE, [one.row for one in made])
        return
    _write_with_ids(made)


_QUEUE = "WITH made AS ({}) INSERT INTO ledger_pending (event_id) SELECT id FROM made"


def _write_with_ids(made: Sequence[Prepared]) -> None:
    insert_rows([one.row for one in made])
    insert_rows([new(Pending, event_id=one.row.pk) for one in made])


def append_many(
    rows: Iterable[Draft], *, salts: Callable[[], bytes] | None = None
) -> list[Appended]:
    """Write many events by the rules of ``append``, for importers: one bulk insert into each table.

    Drafts are in the order they happened; one of a case already in the batch may leave ``prev`` to
    be filled in.
    """
    made: list[Prepared] = []
    last: dict[str, bytes] = {}
    keys = key_files.current()
    for draft in rows:
        prev = last.get(draft.case_key) if draft.prev is None else draft.prev
        if prev is None:
            raise ValueError(
                f"draft {draft.uid!r}: no draft of case {draft.case_key!r} comes before; "
                "give its prev"
            )
        made.append(_event(draft, prev, keys, salts))
        last[draft.case_key] = made[-1].hash
    _require_transaction()
    _write_with_ids(made)
    return [Appended(one.row.pk, one.hash, one.promise, one.sealed_disclosures) for one in made]


def find(uid: str) -> Event | None:
    """The event written under an idempotency key, if any: a retry gets its promise and writes
    nothing."""
    return Event.objects.filter(uid=uid).first()


def head(case_key: str) -> Head:
    """Where the chain of a case stands. Read it with the case locked."""
    last = (
        Event.objects.filter(case_key=case_key)
        .order_by("-case_seq")
        .values_list("case_seq", "hash")
        .first()
    )
    return Head(last[0], bytes(last[1])) if last else Head(0, NO_EVENT)


def _require_transaction() -> None:
    if not connection.in_atomic_block:
        raise LedgerError(
            "an event is written in the transaction of the change it records; none is open. "
            "Mend: transaction.atomic()"
        )


def _event(
    draft: Draft, prev: bytes, keys: key_files.Keys, salts: Callable[[], bytes] | None
) -> Prepared:
    """Build the row and the sealed disclosures; nothing is written."""
    _check(draft, prev)
    if salts is None:
        salts = _drawn(len(SYSTEM_FIELDS) + 1 + len(draft.open_fields) + len(draft.sealed_fields))
    sealed = [disclose(name, value, salts()) for name, value in draft.sealed_fields.items()]
    sealed_digests = [digest(text) for text in sealed]
    fields = _open_fields(draft, prev, sealed_digests)
    opened = [disclose(name, value, salts()) for name, value in fields]
    manifest = manifest_of([*map(digest, opened), *sealed_digests])
    hashed = event_hash(manifest)
    event = new(
        Event,
        uid=draft.uid,
        case_key=draft.case_key,
        case_seq=draft.case_seq,
        prev=prev,
        hash=hashed,
        manifest=manifest,
        disclosures="\n".join(opened),
        recorded_at=draft.recorded_at,
        claimed_at=draft.claimed_at,
        promise=_promise(draft.recorded_at, hashed, keys),
    )
    return Prepared(event, hashed, event.promise, tuple(sealed))


def _promise(recorded_at: datetime, hashed: bytes, keys: key_files.Keys) -> str:
    """Return the signed promise that an event will be in the tree in time."""
    return Promise(keys.origin, hashed, recorded_at, recorded_at + MERGE_DELAY).sign(keys.promise)


def _open_fields(draft: Draft, prev: bytes, sealed: list[bytes]) -> Iterator[tuple[str, JsonValue]]:
    yield "uid", draft.uid
    yield "case_no", draft.case_key
    yield "case_seq", draft.case_seq
    yield "prev", to_base64(prev)
    yield "recorded_at", format_instant(draft.recorded_at)
    yield "claimed_at", None if draft.claimed_at is None else format_instant(draft.claimed_at)
    yield from draft.open_fields.items()
    if sealed:
        yield SEALED_LIST, [to_base64(one) for one in sorted(sealed)]


def _check(draft: Draft, prev: bytes) -> None:
    """Raise ValueError for a draft that is no event: no name, off its chain, a field twice."""
    where = f"event {draft.uid!r} of case {draft.case_key!r}"
    if not draft.uid or not draft.case_key:
        raise ValueError(f"{where}: uid and case_key must be given")
    is_first = draft.case_seq == 1
    follows_nothing = prev == NO_EVENT
    if draft.case_seq < 1 or len(prev) != len(NO_EVENT) or is_first != follows_nothing:
        raise ValueError(
            f"{where}: number {draft.case_seq} does not go with prev {prev.hex()[:16]}…; "
            "the first event of a case has 32 zero bytes, every other one the hash of the event "
            "before it (see head())"
        )
    names = [*SYSTEM_FIELDS, SEALED_LIST, *draft.open_fields, *draft.sealed_fields]
    if len(set(names)) != len(names):
        twice = sorted({name for name in names if names.count(name) > 1})
        raise ValueError(f"{where}: field names given twice or reserved: {', '.join(twice)}")
