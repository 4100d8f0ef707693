"""Sealing what may not lie open: one key per case and compartment, AES-256-GCM, bound to the place
of the value.

A sealed value opens only at the table, row, column, class and version it was sealed for, so that
nobody can move ciphertext from one row to another. Destroying a case's key erases all that was
sealed under it (access model 6, 9).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from dengwen.access.errors import SealError
from dengwen.access.keys.keyring import KEY_BYTES, KeyRing
from dengwen.access.keys.randomness import token_bytes
from dengwen.access.models import CaseKey
from dengwen.store.row_queries import read
from dengwen.store.row_tables import new
from dengwen.store.rows import insert, later

COMPARTMENT_OF = {"D2": "ident", "D3": "content", "D4": "accuse", "D5": "content", "D7": "account"}
"""Which compartment's key a data class needs. What belongs to an accusation is sealed as D4,
notes included."""

FORMAT = b"\x01"
NONCE_BYTES = 12
VERSION_BYTES = 4
HEAD = len(FORMAT) + VERSION_BYTES + NONCE_BYTES


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value lives: it opens nowhere else. `row` is a uid given before the row is
    written."""

    table: str
    row: str
    column: str
    data_class: str
    version: int = 1

    def aad(self, tenant: str) -> bytes:
        """Return `tenant|table|row uid|column|class|version`; ValueError where a part holds the
        separator."""
        parts = (tenant, self.table, self.row, self.column, self.data_class, str(self.version))
        if any("|" in part or not part for part in parts):
            raise ValueError(
                f"a part of {parts} is empty or holds '|': the place would be ambiguous"
            )
        return "|".join(parts).encode()

    @property
    def compartment(self) -> str:
        """The compartment of the value's class; ValueError for a class that is not sealed."""
        if self.data_class not in COMPARTMENT_OF:
            raise ValueError(f"class {self.data_class} is not sealed")
        return COMPARTMENT_OF[self.data_class]


def encrypt(key: bytes, nonce: bytes, plain: bytes, aad: bytes) -> bytes:
    """Return AES-GCM ciphertext with its tag; the nonce has 96 bits."""
    return AESGCM(key).encrypt(_checked(nonce), plain, aad)


def decrypt(key: bytes, nonce: bytes, sealed: bytes, aad: bytes) -> bytes:
    """Open AES-GCM ciphertext; `InvalidTag` where key, nonce, text or associated data differ."""
    return AESGCM(key).decrypt(_checked(nonce), sealed, aad)


def seal(ring: KeyRing, case_id: int, place: Place, plain: bytes, now: datetime) -> bytes:
    """Seal `plain` for `place` under the case's key, making the key at its first use."""
    version, key = _current_key(ring, case_id, place.compartment, now)
    nonce = token_bytes(NONCE_BYTES)
    head = FORMAT + version.to_bytes(VERSION_BYTES, "big") + nonce
    return head + encrypt(key, nonce, plain, place.aad(ring.tenant))


def unseal(ring: KeyRing, case_id: int, place: Place, sealed: bytes) -> bytes:
    """Open a sealed value; SealError where it was sealed for another place, was changed, or its
    key is destroyed."""
    blob = bytes(sealed)
    if len(blob) < HEAD or not blob.startswith(FORMAT):
        raise _broken(place)
    key = _key_of(ring, case_id, place, int.from_bytes(blob[1 : 1 + VERSION_BYTES], "big"))
    try:
        return decrypt(key, blob[1 + VERSION_BYTES : HEAD], blob[HEAD:], place.aad(ring.tenant))
    except InvalidTag as error:
        raise _broken(place) from error


def _key_of(ring: KeyRing, case_id: int, place: Place, version: int) -> bytes:
    """Return the key something was sealed under."""
    row = next(
        (k for k in _rows(case_id) if (k.compartment, k.version) == (place.compartment, version)),
        None,
    )
    if row is None:
        raise _broken(place)
    return _plain(ring, row)


def renew(ring: KeyRing, case_id: int, compartment: str, now: datetime) -> CaseKey:
    """Give a case a new key for what is sealed from now on; what was sealed before still opens."""
    _forget(case_id)
    last = (
        CaseKey.objects.filter(case_id=case_id, compartment=compartment)
        .order_by("-version")
        .first()
    )
    return _make(ring, case_id, compartment, 1 if last is None else last.version + 1, now)


def opens(ring: KeyRing, row: CaseKey) -> bool:
    """Say whether these keys open a wrapped case key: the proof that they are the keys it was
    made under."""
    try:
        _unwrap(ring, row)
    except SealError:
        return False
    return True


def rewrap(ring: KeyRing) -> int:
    """Wrap every case key anew under the newest generation of its compartment; returns how many
    were wrapped."""
    done = 0
    for row in CaseKey.objects.filter(destroyed_at__isnull=True).iterator():
        newest = ring.newest(row.compartment)
        if row.generation != newest:
            row.wrapped = _wrap(
                ring, row.case_id, row.compartment, row.version, newest, _unwrap(ring, row)
            )
            row.generation = newest
            row.save(update_fields=["wrapped", "generation"])
            done += 1
    return done


def destroy(case_id: int, compartment: str, *, act: int, now: datetime) -> int:
    """Destroy the keys of a case for one compartment, by an act; returns how many. Backups
    expire on their own."""
    _forget(case_id)
    rows = CaseKey.objects.filter(
        case_id=case_id, compartment=compartment, destroyed_at__isnull=True
    )
    return rows.update(wrapped=b"", destroyed_at=now, destroy_act=act)


@dataclass(slots=True)
class _Kept:
    """What a call knows of case keys: the rows of each case it asked about, the keys it unwrapped,
    and the cases it opened, which nobody else knows yet."""

    rows: dict[int, list[CaseKey]] = field(default_factory=dict)
    plain: dict[tuple[int, str, int], bytes] = field(default_factory=dict)
    fresh: set[int] = field(default_factory=set)


_call: ContextVar[_Kept | None] = ContextVar("dengwen_sealing_call", default=None)


@contextmanager
def within_call() -> Iterator[None]:
    """Keep the case keys of one call of the write door until it ends, so that each is fetched
    once."""
    token = _call.set(_Kept())
    try:
        yield
    finally:
        _call.reset(token)


def opened(case_id: int) -> None:
    """Note that the running call has just opened this case, so that nobody looks for keys it cannot
    have, and a new one can wait to be written with others."""
    kept = _call.get()
    if kept is not None:
        kept.rows[case_id] = []
        kept.fresh.add(case_id)


def keys_read(case_id: int, rows: list[CaseKey]) -> None:
    """Let the running call keep the keys of a case that its caller has read, the oldest first,
    with the case locked."""
    kept = _call.get()
    if kept is not None:
        kept.rows[case_id] = rows


def _forget(case_id: int) -> None:
    """Let the running call ask anew for the keys of a case."""
    kept = _call.get()
    if kept is not None:
        kept.rows.pop(case_id, None)
        kept.plain.clear()


def _rows(case_id: int) -> list[CaseKey]:
    """Return all keys of a case, the oldest first; within a call of the write door they are read
    once."""
    kept = _call.get()
    if kept is None:
        return read(CaseKey, "case_id", case_id)
    if case_id not in kept.rows:
        kept.rows[case_id] = read(CaseKey, "case_id", case_id)
    return kept.rows[case_id]


def _plain(ring: KeyRing, row: CaseKey) -> bytes:
    """Return the plain key of a row; within a call each is unwrapped once."""
    kept, name = _call.get(), (row.case_id, row.compartment, row.version)
    if kept is None:
        return _unwrap(ring, row)
    if name not in kept.plain:
        kept.plain[name] = _unwrap(ring, row)
    return kept.plain[name]


def _current_key(ring: KeyRing, case_id: int, compartment: str, now: datetime) -> tuple[int, bytes]:
    """Return version and plain key of a case's newest key for a compartment, making it at its
    first use."""
    rows = _rows(case_id)
    mine = [row for row in rows if row.compartment == compartment]
    if not mine:
        mine = [_make(ring, case_id, compartment, 1, now)]
        rows.append(mine[0])
    newest = max(mine, key=lambda row: row.version)
    return newest.version, _plain(ring, newest)


def _make(ring: KeyRing, case_id: int, compartment: str, version: int, now: datetime) -> CaseKey:
    generation = ring.newest(compartment)
    wrapped = _wrap(ring, case_id, compartment, version, generation, token_bytes(KEY_BYTES))
    row = new(
        CaseKey,
        case_id=case_id,
        compartment=compartment,
        version=version,
        generation=generation,
        wrapped=wrapped,
        created_at=now,
    )
    kept = _call.get()
    if kept is not None and case_id in kept.fresh:
        later(row)
        return row
    if insert(row, or_nothing=True):
        return row
    # Another worker made it first.
    return CaseKey.objects.get(case_id=case_id, compartment=compartment, version=version)


def _wrap(
    ring: KeyRing, case_id: int, compartment: str, version: int, generation: int, key: bytes
) -> bytes:
    nonce = token_bytes(NONCE_BYTES)
    aad = _wrapping(ring, case_id, compartment, version, generation)
    return nonce + encrypt(ring.kek(compartment, generation), nonce, key, aad)


def _unwrap(ring: KeyRing, row: CaseKey) -> bytes:
    wrapped = bytes(row.wrapped)
    if row.destroyed_at is not None or not wrapped:
        raise SealError(
            "erased",
            where=row.compartment,
            zh="密钥已销毁，内容已不可恢复",
            en="the key was destroyed; the content is gone for good",
            mend_zh="无；销毁由行为记载",
            mend_en="none; the act of destruction says why",
        )
    aad = _wrapping(ring, row.case_id, row.compartment, row.version, row.generation)
    try:
        return decrypt(
            ring.kek(row.compartment, row.generation),
            wrapped[:NONCE_BYTES],
            wrapped[NONCE_BYTES:],
            aad,
        )
    except InvalidTag as error:
        raise SealError(
            "wrong_key",
            where=row.compartment,
            zh="案件密钥与密钥环不符，或已被改动",
            en="the case key does not belong to these keys, or was changed",
            mend_zh="恢复与数据库同一时期的密钥文件",
            mend_en="restore the key files that belong to this database",
        ) from error


def _wrapping(
    ring: KeyRing, case_id: int, compartment: str, version: int, generation: int
) -> bytes:
    return f"{ring.tenant}|case key|{case_id}|{compartment}|{version}|{generation}".encode()


def _checked(nonce: bytes) -> bytes:
    if len(nonce) != NONCE_BYTES:
        raise ValueError(
            f"a nonce of {len(nonce)} bytes; AES-GCM is used with {NONCE_BYTES} bytes only"
        )
    return nonce


def _broken(place: Place) -> SealError:
    return SealError(
        "broken",
        where=f"{place.table}.{place.column}",
        zh="密封内容无法打开：被移动、改动或版本不符",
        en="the sealed value does not open: it was moved or changed, or its version differs",
        mend_zh="运行 dengwen check 并查明原因",
        mend_en="run dengwen check and find out why",
    )
