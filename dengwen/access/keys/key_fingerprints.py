"""Fingerprints of the keys a database depends on: another folder with other keys is refused before
it writes anything.

What one node seals under its keys no other keys open, and a promise signed by another key fails
every check for ever. So the database itself knows whose keys it lives by. A fingerprint is a
digest: no key can be had from it. An office founded before there were fingerprints gets them only
where its keys prove themselves.
"""

from __future__ import annotations

import hashlib
import os
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import IntegrityError, connection, transaction
from django.db.models import Max, Model

from dengwen.access.errors import AccessError
from dengwen.access.keys import keyring, sealed_values
from dengwen.access.keys.keyring import KeyRing
from dengwen.access.models import LONGEST_FOLDER, CaseKey, KeyPrint
from dengwen.ledger.log_keys import Keys
from dengwen.ledger.models import Checkpoint, Event, Tree
from dengwen.merkle.errors import RejectedError
from dengwen.merkle.note import open_note
from dengwen.merkle.promise import Promise

LOG, PROMISE, TENANT = "log", "promise", "tenant"
KEPT = Path("keys") / "fingerprints"
"""What was bound, kept in the folder: a folder that has it belongs to an office, however empty a
database may be."""
MARK = Path("ledger") / "high-water"
SHOWN = 16
"""Hexadecimal digits of a fingerprint that are shown; all are compared."""


class KeyMismatchError(AccessError):
    """The keys of this folder are not those this database lives by; nothing was written."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A key that is another here than the database says; `here` or `there` is empty where it is
    missing."""

    key: str
    here: str
    there: str

    def __str__(self) -> str:
        return f"{self.key}: {shown(self.here)} ≠ {shown(self.there)}"


def shown(fingerprint: str) -> str:
    """Return the part of a fingerprint that people compare; a dash where there is none."""
    return fingerprint[:SHOWN] or "—"


def prints_in(folder: Path) -> dict[str, str]:
    """Return the fingerprint of every key of a data folder that a database depends on.

    Raises KeyFileError or SealError where a key is missing, unreadable or does not fit its
    neighbours. The log's own private key is compared with its public one where this account may
    read it: the pages may not.
    """
    keys = Keys.load(folder)
    private = folder / "keys" / "log.key"
    if private.exists() and os.access(private, os.R_OK):
        keys.log_signer()
    return _prints(keys, keyring.load(folder / "keys"))


def bound() -> dict[str, str]:
    """Return the fingerprints the database holds, by key; empty for an office founded before
    there were any."""
    return dict(KeyPrint.objects.values_list("key", "fingerprint"))


def differences(here: Mapping[str, str], there: Mapping[str, str]) -> list[Difference]:
    """Return the keys of the database that this folder has not, or has otherwise."""
    return [
        Difference(key, here.get(key, ""), fingerprint)
        for key, fingerprint in sorted(there.items())
        if here.get(key) != fingerprint
    ]


def hold(folder: Path, now: datetime) -> None:
    """Refuse a folder whose keys are not this database's; bind what is not bound yet and proves
    itself.

    Raises KeyMismatchError, or what `prints_in` raises. A key of a later generation is bound when
    it first comes.
    """
    here, there = prints_in(folder), bound()
    if not there:
        refuse_lost_database(folder)
        refuse_unproven(folder)
        there = _bind(folder, here, now)
    refuse_other(folder, here, there)
    held = _bind(folder, {key: here[key] for key in here.keys() - there.keys()}, now)
    refuse_other(folder, here, held)
    _keep(folder, held)


def refuse_other(folder: Path, here: Mapping[str, str], there: Mapping[str, str]) -> None:
    """Raise KeyMismatchError, naming each key by both fingerprints, unless the folder holds what
    is bound."""
    if wrong := differences(here, there):
        raise mismatch(folder, [str(one) for one in wrong])


def mismatch(folder: Path, lines: list[str]) -> KeyMismatchError:
    """Return the refusal of a folder: which key differs how, whose keys the database has, and
    the mend."""
    listed = ", ".join(lines)
    home = (
        KeyPrint.objects.order_by("id").values_list("folder", flat=True).first()
        if _is_there(KeyPrint)
        else ""
    )
    known_zh = f"；数据库的密钥在 {home} 登记" if home else ""
    known_en = f"; the keys of the database were bound in {home}" if home else ""
    return KeyMismatchError(
        "other_keys",
        where=f"{folder / 'keys'} · {database()}",
        zh=f"这个文件夹的密钥不是这个数据库的（文件夹 ≠ 数据库）：{listed}{known_zh}；用它登记的，各节点永远核验不过",
        en=(
            "the keys of this folder are not those of this database (folder ≠ database): "
            f"{listed}{known_en}; what "
            "is registered under them fails every check for ever"
        ),
        mend_zh="放回或者恢复原来的数据文件夹（DENGWEN_DATA）；要添一个节点的，另选空文件夹运行 dengwen join",
        mend_en=(
            "put the right data folder back or restore it (DENGWEN_DATA); "
            "to add a node, run dengwen join with an "
            "empty folder"
        ),
    )


def refuse_unproven(folder: Path) -> None:
    """Raise KeyMismatchError where the database was signed or sealed under other keys than those
    of this folder."""
    keys, ring = Keys.load(folder), keyring.load(folder / "keys")
    wrong = list(_against_log(keys)) if _is_there(Checkpoint) else []
    wrong += _against_ring(ring) if _is_there(CaseKey) else []
    if wrong:
        raise mismatch(folder, wrong)


def refuse_lost_database(folder: Path) -> None:
    """Raise KeyMismatchError where the folder belongs to an office and the database holds
    nothing of any."""
    if belongs_to_an_office(folder) and is_unused():
        raise KeyMismatchError(
            "lost_database",
            where=f"{folder} · {database()}",
            zh="这个文件夹属于一个已经设立的办公室，数据库却是空的：同一密钥用在两个数据库上，存证就分叉了",
            en=(
                "this folder belongs to an office that was founded, and the database holds "
                "nothing: one key over two "
                "databases forks the ledger"
            ),
            mend_zh="改正 DENGWEN_DATABASE_URL；数据库丢了的，用 dengwen restore 恢复备份；另设办公室的，另选空文件夹",
            mend_en=(
                "put DENGWEN_DATABASE_URL right; if the database is lost, dengwen restore a "
                "backup; for another office "
                "choose an empty folder"
            ),
        )


def is_unused() -> bool:
    """Say whether nothing was signed or sealed in the database yet, so that no key can be
    missed."""
    rows = KeyPrint.objects.all(), Event.objects.all(), Tree.objects.all(), CaseKey.objects.all()
    return not any(_is_there(one.model) and one.exists() for one in rows)


def belongs_to_an_office(folder: Path) -> bool:
    """Say whether a folder was bound to a database once, or has signed for one."""
    return (folder / KEPT).exists() or (folder / MARK).exists()


def has_table() -> bool:
    """Say whether the database has a place for fingerprints; an old one gets it by `dengwen
    migrate`."""
    return _is_there(KeyPrint)


def database() -> str:
    """Return where the database is, without account and password."""
    said = connection.settings_dict
    if connection.vendor == "sqlite":
        return str(said["NAME"])
    return f"postgresql://{said['HOST'] or 'localhost'}:{said['PORT'] or 5432}/{said['NAME']}"


def _prints(keys: Keys, ring: KeyRing) -> dict[str, str]:
    found = {
        LOG: _print(LOG, str(keys.log_public)),
        PROMISE: _print(PROMISE, str(keys.promise.public)),
        TENANT: _print(TENANT, ring.tenant),
    }
    found |= {name: _print(name, key.hex()) for name, key in ring.single.items()}
    return found | {
        f"kek-{name}-{number}": _print(f"kek-{name}-{number}", key.hex())
        for (name, number), key in ring.keks.items()
    }


def _print(name: str, text: str) -> str:
    return hashlib.sha256(f"dengwen-key-fingerprint/v1\n{name}\n{text}".encode()).hexdigest()


def _against_log(keys: Keys) -> Iterator[str]:
    """Say which of the oldest signatures these keys did not make: those of the founder, whoever
    wrote after."""
    stranger = Tree.objects.exclude(origin=keys.origin).values_list("origin", flat=True).first()
    if stranger is not None:
        yield f"{LOG}: {keys.origin} ≠ {stranger}"
    head = Checkpoint.objects.order_by("size").values_list("body", flat=True).first()
    if head is not None:
        try:
            open_note(head, [keys.log_public])
        except RejectedError:
            yield f"{LOG}: 签不出最早的检查点 did not sign the oldest checkpoint"
    promise = Event.objects.order_by("id").values_list("promise", flat=True).first()
    if promise is not None:
        try:
            Promise.open(promise, [keys.promise.public])
        except RejectedError:
            yield f"{PROMISE}: 签不出最早的承诺 did not sign the oldest promise"


def _against_ring(ring: KeyRing) -> Iterator[str]:
    """Say which key-encryption keys are missing, or do not open the oldest case key wrapped by
    them."""
    rows = CaseKey.objects.filter(destroyed_at__isnull=True)
    newest = dict(rows.values_list("compartment").annotate(Max("generation")).order_by())
    for compartment, generation in sorted(newest.items()):
        for number in range(1, generation + 1):
            row = rows.filter(compartment=compartment, generation=number).order_by("id").first()
            if row is not None and not sealed_values.opens(ring, row):
                yield f"{TENANT}/kek-{compartment}-{number}: 打不开已封存的 does not open what was sealed"


def _bind(folder: Path, prints: Mapping[str, str], now: datetime) -> dict[str, str]:
    """Enter fingerprints, all or none, and return what is bound then: another node may have been
    first."""
    rows = [
        KeyPrint(key=key, fingerprint=fingerprint, folder=_home(folder), bound_at=now)
        for key, fingerprint in sorted(prints.items())
    ]
    try:
        with transaction.atomic():
            KeyPrint.objects.bulk_create(rows)
    except IntegrityError:
        if not bound():
            raise
    return bound()


def _keep(folder: Path, there: Mapping[str, str]) -> None:
    """Leave in the folder what it was bound to; an account that may not write there goes on
    without."""
    file, text = folder / KEPT, "".join(f"{key} {there[key]}\n" for key in sorted(there))
    try:
        if file.exists() and file.read_text(encoding="ascii") == text:
            return
        fresh = file.with_name(f"{file.name}.{os.getpid()}.new")
        fresh.write_text(text, encoding="ascii")
        fresh.chmod(0o600)
        fresh.replace(file)
    except OSError:
        return


def _home(folder: Path) -> str:
    return f"{socket.gethostname()}:{folder}"[:LONGEST_FOLDER]


def _is_there(model: type[Model]) -> bool:
    return model._meta.db_table in connection.introspection.table_names()  # noqa: SLF001  # documented by Django
