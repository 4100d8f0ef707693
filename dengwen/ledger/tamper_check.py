"""Looking for tampering: invariants L1 to L7 of ledger.md section 4, from the stored bytes alone.

Every pass streams over one table and reads its neighbours by LEFT JOIN, so that a deleted row is as
visible as a changed one. Memory is bounded: one bit per event and table, one hash per 256 leaves.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from itertools import chain, islice
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, F, Max

from dengwen.ledger import log_keys as key_files
from dengwen.ledger import tree_check
from dengwen.ledger.event_log import NO_EVENT, SEALED_LIST
from dengwen.ledger.findings import Finding, Projection
from dengwen.ledger.log_keys import Keys
from dengwen.ledger.models import Event, Pending, Quarantine
from dengwen.ledger.unreadable_rows import guarded, readable, unreadable
from dengwen.merkle.disclosure import JsonValue, digest, event_hash, open_event, read_manifest
from dengwen.merkle.errors import RejectedError
from dengwen.merkle.instant import format_instant
from dengwen.merkle.note import VerifierKey
from dengwen.merkle.promise import Promise
from dengwen.merkle.strict_base64 import to_base64

__all__ = ["Finding", "Projection", "check"]

_EVENT = "ledger_event"
_STEP = 500


def check(
    projections: Iterable[Projection | Finding],
    *,
    complete: bool = True,
    keys: Keys | None = None,
    older_keys: Sequence[VerifierKey] = (),
    limit: int = 1000,
) -> list[Finding]:
    """Compare everything stored with what was committed to; an empty list means nothing was found.

    ``projections`` says what the columns of other packages hold; a finding among them (a row that
    cannot be read) is handed on. An unreadable row, and a part that breaks off, is a finding (L0)
    and ends nothing else. With ``complete`` every event must be claimed by one of them, which is
    how a deleted business row shows. Signatures are checked against the keys of this installation
    (or ``keys``) and ``older_keys`` of before a rotation. At most ``limit`` findings are returned.
    """
    keys = keys or key_files.current()
    trusted = [*keys.vkeys(), *older_keys]
    with _snapshot():
        bound: int = Event.objects.aggregate(last=Max("pk"))["last"] or 0
        claims = _Claims(bound)
        parts: tuple[tuple[str, Callable[[], Iterable[Finding]]], ...] = (
            ("projections", lambda: _projected(projections, claims)),
            ("events", lambda: _events(bound, claims if complete else None, trusted)),
            ("repeated", _repeated),
            ("queues", _without_event),
            ("chains", lambda: _chains(bound)),
            ("tree", lambda: tree_check.leaves_and_heads(keys, trusted)),
        )
        found = chain.from_iterable(
            guarded(f"ledger:{name}", part, _itself) for name, part in parts
        )
        return list(islice(found, limit))


def _itself(finding: Finding) -> Finding:
    return finding


@contextmanager
def _snapshot() -> Generator[None]:
    """One consistent view where writers go on meanwhile. (SQLite commits in the order of ids: a
    bound suffices.)"""
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


class _Claims:
    """Which events some row stands for: one bit per event, for each table."""

    def __init__(self, bound: int) -> None:
        self._bytes = bound // 8 + 1
        self._tables: dict[str, bytearray] = {}

    def add(self, table: str, event: int) -> bool:
        """Note a claim; False if the table has claimed this event before."""
        bits = self._tables.setdefault(table, bytearray(self._bytes))
        if event // 8 >= self._bytes:
            return True  # written after the check began
        fresh = not bits[event // 8] >> event % 8 & 1
        bits[event // 8] |= 1 << event % 8
        return fresh

    def __contains__(self, event: int) -> bool:
        return any(bits[event // 8] >> event % 8 & 1 for bits in self._tables.values())


# --- L1, L5: rows of other packages ---------------------------------------------------------------


def _projected(projections: Iterable[Projection | Finding], claims: _Claims) -> Iterator[Finding]:
    """Compare rows of other packages with their events, a batch at a time; findings among them are
    handed on."""
    stream = iter(projections)
    while taken := list(islice(stream, _STEP)):
        yield from (one for one in taken if isinstance(one, Finding))
        batch = [one for one in taken if isinstance(one, Projection)]
        rows = Event.objects.filter(uid__in={one.uid for one in batch}).only(
            "uid", "manifest", "disclosures"
        )
        events = {event.uid: event for event in readable(rows) if not isinstance(event, Finding)}
        for one in batch:
            yield from _claim(one, events.get(one.uid), claims)


def _claim(one: Projection, event: Event | None, claims: _Claims) -> Iterator[Finding]:
    """Compare one row with the event it names, and note that the event has its row."""
    if event is None:
        yield Finding(
            "L1",
            one.table,
            str(one.row),
            "uid",
            f"此行所依据的事件 {one.uid!r} 不在存证中：事件被删，或此行是伪造的",
            f"its event {one.uid!r} is not in the ledger: the event was deleted, or "
            "this row is forged",
        )
        return
    if not claims.add(one.table, event.pk):
        yield Finding(
            "L1",
            one.table,
            str(one.row),
            "uid",
            f"另有一行也以事件 {one.uid!r} 为据",
            f"another row claims event {one.uid!r} as well",
        )
    yield from _row(one.table, one.row, partial(_columns, one, event))


def _row(table: str, row: object, found: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """Yield what is found about one row; what cannot be read of it is found as well."""
    try:
        yield from found()
    except Exception as error:  # noqa: BLE001  # the next row is looked at whatever this one holds
        yield unreadable(table, row, error)


def _columns(one: Projection, event: Event) -> Iterator[Finding]:
    try:
        fields = open_event(bytes(event.manifest), [*event.disclosures.split("\n"), *one.sealed])
    except RejectedError as error:
        yield Finding(
            "L5",
            one.table,
            str(one.row),
            "sealed" if one.sealed else "uid",
            f"所附的披露不属于事件 {one.uid!r}（{error}）",
            f"its disclosures do not open event {one.uid!r} ({error})",
        )
        return
    for name, value in one.columns.items():
        stored = _spelled(_as_disclosed(value))
        if name not in fields:
            yield Finding(
                "L5",
                one.table,
                str(one.row),
                name,
                "事件没有固定这一栏，无法核对",
                "the event does not commit to this column, so it cannot be checked",
            )
        elif stored != (sealed := _spelled(fields[name])):
            yield _differs("L5", one.table, str(one.row), name, stored, sealed)


def _differs(invariant: str, table: str, row: str, field: str, stored: str, sealed: str) -> Finding:
    return Finding(
        invariant,
        table,
        row,
        field,
        f"现存 {stored[:200]}，存证时是 {sealed[:200]}",
        f"it says {stored[:200]}, sealed was {sealed[:200]}",
    )


def _as_disclosed(value: object) -> object:
    """A column's value as a disclosure would spell it."""
    spelled: object = value
    if isinstance(value, datetime):
        try:
            spelled = format_instant(value)
        except ValueError:  # finer than a millisecond, so not what was sealed
            spelled = value.isoformat()
    elif isinstance(value, date):
        spelled = value.isoformat()
    elif isinstance(value, bytes | memoryview):
        spelled = bytes(value).hex()
    elif isinstance(value, UUID | Decimal):
        spelled = str(value)
    elif isinstance(value, Mapping):
        spelled = {str(key): _as_disclosed(part) for key, part in value.items()}
    elif isinstance(value, list | tuple):
        spelled = [_as_disclosed(part) for part in value]
    return spelled


def _spelled(value: object) -> str:
    """Text that tells 1, true and "1" apart and does not mind the order of keys."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=repr)


# --- L1, L2, L4, L5: events -----------------------------------------------------------------------


def _events(
    bound: int, claims: _Claims | None, trusted: Sequence[VerifierKey]
) -> Iterator[Finding]:
    rows = Event.objects.filter(pk__lte=bound)
    placed = rows.annotate(a=F("pending__event"), b=F("leaf__idx"), c=F("quarantine__event"))
    for event in readable(placed, _STEP):
        if isinstance(event, Finding):
            yield event
            continue
        row = str(event.pk)
        if claims is not None and event.pk not in claims:
            yield Finding(
                "L1",
                _EVENT,
                row,
                "uid",
                f"没有任何业务行以事件 {event.uid!r} 为据：业务行被删，或其 uid 被改",
                f"no row stands for event {event.uid!r}: the row was deleted or its uid changed",
            )
        held = sum(one is not None for one in (event.a, event.b, event.c))  # type: ignore[attr-defined]  # annotated
        if held != 1:
            yield Finding(
                "L2",
                _EVENT,
                row,
                "id",
                f"应在待存、叶、隔离三者之一，实在 {held} 处",
                f"it should be in one of pending, leaf and quarantine, and is in {held}",
            )
        yield from _row(_EVENT, row, partial(_hash, event, row))
        yield from _row(_EVENT, row, partial(_disclosures, event, row))
        yield from _row(_EVENT, row, partial(_promise, event, row, trusted))


def _hash(event: Event, row: str) -> Iterator[Finding]:
    if event_hash(bytes(event.manifest)) != bytes(event.hash):
        yield Finding(
            "L4", _EVENT, row, "hash", "事件摘要与清单不符", "the hash is not that of the manifest"
        )


def _disclosures(event: Event, row: str) -> Iterator[Finding]:
    """Compare the disclosures of an event with its manifest and with its columns."""
    lines = event.disclosures.split("\n")
    try:
        fields = open_event(bytes(event.manifest), lines)
        named = {to_base64(one) for one in read_manifest(bytes(event.manifest))}
    except RejectedError as error:
        yield Finding(
            "L5",
            _EVENT,
            row,
            "disclosures",
            f"披露与清单不符（{error}）",
            f"do not fit the manifest ({error})",
        )
        return
    yield from _disclosed_columns(event, row, fields)
    gone = named - {to_base64(digest(line)) for line in lines} - _sealed(fields)
    if gone:
        yield Finding(
            "L12",
            _EVENT,
            row,
            "disclosures",
            f"{len(gone)} 项披露不见了，又没有列为密封",
            f"{len(gone)} disclosures are gone and not listed as sealed",
        )


def _disclosed_columns(
    event: Event, row: str, fields: Mapping[str, JsonValue]
) -> Iterator[Finding]:
    """Compare the columns of an event with what its disclosures say of them."""
    columns = (
        ("uid", "uid", event.uid),
        ("case_key", "case_no", event.case_key),
        ("case_seq", "case_seq", event.case_seq),
        ("prev", "prev", to_base64(bytes(event.prev))),
        ("recorded_at", "recorded_at", _as_disclosed(event.recorded_at)),
        ("claimed_at", "claimed_at", _as_disclosed(event.claimed_at)),
    )
    for column, name, value in columns:
        if name not in fields:
            yield Finding(
                "L5",
                _EVENT,
                row,
                column,
                "这一栏的披露不见了",
                "the disclosure of this column is gone",
            )
            continue
        stored, sealed = _spelled(value), _spelled(fields[name])
        if stored != sealed:
            yield _differs("L5", _EVENT, row, column, stored, sealed)


def _sealed(fields: Mapping[str, JsonValue]) -> set[str]:
    listed = fields.get(SEALED_LIST, [])
    return {one for one in listed if isinstance(one, str)} if isinstance(listed, list) else set()


def _promise(event: Event, row: str, trusted: Sequence[VerifierKey]) -> Iterator[Finding]:
    try:
        promise = Promise.open(event.promise, trusted)
    except RejectedError as error:
        yield Finding(
            "L5",
            _EVENT,
            row,
            "promise",
            f"承诺的签名不成立（{error}）",
            f"the promise does not hold ({error})",
        )
        return
    if promise.event_hash != bytes(event.hash) or promise.recorded_at != event.recorded_at:
        yield Finding(
            "L5",
            _EVENT,
            row,
            "promise",
            "承诺说的是另一事件或另一时刻",
            "the promise speaks of another event or another time",
        )


def _repeated() -> Iterator[Finding]:
    """L1 where the database's own constraint has been taken away."""
    for field in ("uid", "hash"):
        twice = (
            Event.objects.values(field)
            .annotate(times=Count("pk"), last=Max("pk"))
            .filter(times__gt=1)
        )
        for one in twice.iterator(_STEP):
            yield Finding(
                "L1",
                _EVENT,
                str(one["last"]),
                field,
                f"同一 {field} 出现 {one['times']} 次",
                f"the same {field} stands {one['times']} times",
            )


def _without_event() -> Iterator[Finding]:
    """L2 from the other side: queue rows whose event is gone."""
    for model, table in ((Pending, "ledger_pending"), (Quarantine, "ledger_quarantine")):
        orphans = model.objects.exclude(pk__in=Event.objects.values("pk")).values_list(
            "pk", flat=True
        )
        for key in orphans.iterator(_STEP):
            yield Finding(
                "L2", table, str(key), "event", "所指的事件被删", "the event it names was deleted"
            )


# --- L6: chains -----------------------------------------------------------------------------------


def _chains(bound: int) -> Iterator[Finding]:
    """Check that the events of each case follow on each other, without a gap and in order."""
    rows = (
        Event.objects.filter(pk__lte=bound)
        .order_by("case_key", "case_seq", "pk")
        .annotate(at=F("leaf__idx"))
    )
    columns = rows.values_list("pk", "case_key", "case_seq", "prev", "hash", "at")
    current = _Chain("")
    for pk, case, number, prev, hashed, leaf in columns.iterator(_STEP):
        if case != current.case:
            current = _Chain(case)
        yield from current.compare(str(pk), number, _bytes(prev), leaf)
        current.append(number, _bytes(hashed), leaf)


@dataclass
class _Chain:
    """The chain of one case as far as it was read: the number, hash and leaf of its last event."""

    case: str
    number: int = 0
    hash: bytes = NO_EVENT
    leaf: int = -1

    def compare(self, row: str, number: int, prev: bytes, leaf: int | None) -> Iterator[Finding]:
        """Find out whether an event is the next one and follows on the last."""
        wanted = self.number + 1
        if number != wanted:
            yield Finding(
                "L6",
                _EVENT,
                row,
                "case_seq",
                f"办理件 {self.case} 的第 {wanted} 件事不见了（下一件是第 {number} 件）",
                f"event {wanted} of case {self.case} is missing (the next one is {number})",
            )
        elif prev != self.hash:
            yield Finding(
                "L6",
                _EVENT,
                row,
                "prev",
                f"办理件 {self.case} 的第 {number} 件事没有接在前一件之后",
                f"event {number} of case {self.case} does not follow on the one before",
            )
        if leaf is not None and leaf < self.leaf:
            yield Finding(
                "L6",
                "ledger_leaf",
                str(leaf),
                "idx",
                f"办理件 {self.case} 的第 {number} 件事排在前一件之前",
                f"event {number} of case {self.case} lies before its predecessor",
            )

    def append(self, number: int, hashed: bytes, leaf: int | None) -> None:
        """Take an event as the last one, whatever was found about it."""
        self.number, self.hash = number, hashed
        if leaf is not None:
            self.leaf = max(leaf, self.leaf)


def _bytes(stored: bytes | memoryview | str) -> bytes:
    """Return what a binary column holds; text where bytes belong is compared as it stands, and
    so differs."""
    return stored.encode() if isinstance(stored, str) else bytes(stored)
