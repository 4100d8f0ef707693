"""Sealing what may not lie open: one key per case and compartment, AES-256-GCM, bound to the place
of the value.

A sealed value opens only at the table, row, column, class and version it was sealed for, so that
nobody can move ciphertext from one row to another. Destroying a case's key erases all that was
sealed under it (access model 6, 9).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from dengwen.access.errors import SealError
from dengwen.access.keys.keyring import KEY_BYTES, KeyRing
from dengwen.access.keys.randomness import token_bytes
from dengwen.access.models import CaseKey

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


class KeyRows(Protocol):
    """Where the rows of case keys are read and written: the tables, or a running call."""

    def of_case(self, case_id: int) -> list[CaseKey]:
        """Return all keys of a case, the oldest first."""

    def add(self, row: CaseKey) -> None:
        """Write the key of a case that nobody else knows yet."""

    def add_unless_made(self, row: CaseKey) -> bool:
        """Write a key; False where another worker made it first."""


class StoredKeys:
    """The table of case keys as it stands, for whoever runs no call of the write door."""

    def of_case(self, case_id: int) -> list[CaseKey]:
        """Return all keys of a case, the oldest first."""
        return list(CaseKey.objects.filter(case_id=case_id).order_by("id"))

    def add(self, row: CaseKey) -> None:
        """Write the key of a case that nobody else knows yet."""
        row.save(force_insert=True)

    def add_unless_made(self, row: CaseKey) -> bool:
        """Write a key; False says that it must be read, for another worker may have made it
        first."""
        CaseKey.objects.bulk_create([row], ignore_conflicts=True)
        return False


class CaseKeys:
    """The keys of cases that somebody has at hand: rows read once for each case, keys unwrapped
    once, and the cases just opened, which nobody else knows yet.

    A call of the write door has one until it ends; whoever seals a single value needs none.
    """

    def __init__(self, rows: KeyRows) -> None:
        """Begin with no keys; `rows` says where they are."""
        self.stored = rows
        self._rows: dict[int, list[CaseKey]] = {}
        self._plain: dict[tuple[int, str, int], bytes] = {}
        self._fresh: set[int] = set()

    def opened(self, case_id: int) -> None:
        """Note that this case was just opened, so that nobody looks for keys it cannot have, and a
        new one can wait to be written with others."""
        self._rows[case_id] = []
        self._fresh.add(case_id)

    def keep(self, case_id: int, rows: list[CaseKey]) -> None:
        """Keep the keys of a case that the caller has read, the oldest first, with the case
        locked."""
        self._rows[case_id] = rows

    def of_case(self, case_id: int) -> list[CaseKey]:
        """Return all keys of a case, the oldest first."""
        if case_id not in self._rows:
            self._rows[case_id] = self.stored.of_case(case_id)
        return self._rows[case_id]

    def plain(self, ring: KeyRing, row: CaseKey) -> bytes:
        """Return the plain key of a row."""
        name = (row.case_id, row.compartment, row.version)
        if name not in self._plain:
            self._plain[name] = _unwrap(ring, row)
        return self._plain[name]

    def write(self, row: CaseKey) -> CaseKey:
        """Write a new key and return the row that counts: another worker may have made it first."""
        if row.case_id in self._fresh:
            self.stored.add(row)
        elif not self.stored.add_unless_made(row):
            row = CaseKey.objects.get(
                case_id=row.case_id, compartment=row.compartment, version=row.version
            )
        return row


def seal(
    ring: KeyRing,
    case_id: int,
    place: Place,
    plain: bytes,
    now: datetime,
    keys: CaseKeys | None = None,
) -> bytes:
    """Seal `plain` for `place` under the case's key, making the key at its first use.

    `keys` are those of the running call; without it they are read and written at once.
    """
    keys = keys or CaseKeys(StoredKeys())
    version, key = _current_key(ring, case_id, place.compartment, now, keys)
    nonce = token_bytes(NONCE_BYTES)
    head = FORMAT + version.to_bytes(VERSION_BYTES, "big") + nonce
    return head + encrypt(key, nonce, plain, place.aad(ring.tenant))


def unseal(
    ring: KeyRing, case_id: int, place: Place, sealed: bytes, keys: CaseKeys | None = None
) -> bytes:
    """Open a sealed value; SealError where it was sealed for another place, was changed, or its
    key is destroyed."""
    blob = bytes(sealed)
    if len(blob) < HEAD or not blob.startswith(FORMAT):
        raise _broken(place)
    version = int.from_bytes(blob[1 : 1 + VERSION_BYTES], "big")
    key = _key_of(ring, case_id, place, version, keys or CaseKeys(StoredKeys()))
    try:
        return decrypt(key, blob[1 + VERSION_BYTES : HEAD], blob[HEAD:], place.aad(ring.tenant))
    except InvalidTag as error:
        raise _broken(place) from error


def _key_of(ring: KeyRing, case_id: int, place: Place, version: int, keys: CaseKeys) -> bytes:
    """Return the key something was sealed under."""
    wanted = (place.compartment, version)
    rows = keys.of_case(case_id)
    row = next((one for one in rows if (one.compartment, one.version) == wanted), None)
    if row is None:
        raise _broken(place)
    return keys.plain(ring, row)


def renew(ring: KeyRing, case_id: int, compartment: str, now: datetime) -> CaseKey:
    """Give a case a new key for what is sealed from now on; what was sealed before still opens."""
    last = (
        CaseKey.objects.filter(case_id=case_id, compartment=compartment)
        .order_by("-version")
        .first()
    )
    version = 1 if last is None else last.version + 1
    return CaseKeys(StoredKeys()).write(_made(ring, case_id, compartment, version, now))


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
    rows = CaseKey.objects.filter(
        case_id=case_id, compartment=compartment, destroyed_at__isnull=True
    )
    return rows.update(wrapped=b"", destroyed_at=now, destroy_act=act)


def _current_key(
    ring: KeyRing, case_id: int, compartment: str, now: datetime, keys: CaseKeys
) -> tuple[int, bytes]:
    """Return version and plain key of a case's newest key for a compartment, making it at its
    first use."""
    rows = keys.of_case(case_id)
    mine = [row for row in rows if row.compartment == compartment]
    if not mine:
        mine = [keys.write(_made(ring, case_id, compartment, 1, now))]
        rows.append(mine[0])
    newest = max(mine, key=lambda row: row.version)
    return newest.version, keys.plain(ring, newest)


def _made(ring: KeyRing, case_id: int, compartment: str, version: int, now: datetime) -> CaseKey:
    """Return the row of a new key of a case, not written yet."""
    generation = ring.newest(compartment)
    wrapped = _wrap(ring, case_id, compartment, version, generation, token_bytes(KEY_BYTES))
    return CaseKey(
        case_id=case_id,
        compartment=compartment,
        version=version,
        generation=generation,
        wrapped=wrapped,
        created_at=now,
    )


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
