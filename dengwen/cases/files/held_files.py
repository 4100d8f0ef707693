"""Files handed in: sealed the moment they come, named at random, bound to their case in the
transaction of the act.

A file is sealed under a key of its own before anybody asks for an act (`hold`), so that big writes
hold up nobody and a full disk refuses the file while nothing is half there. Its *ticket* carries
that key: who has it may hand the file in, nobody else can open it, this server included. The write
door then seals the key under the case's (`hand_in`) and writes the row, in the transaction of the
act that names the digest. What was never handed in goes after a day (`clear`). Nothing here is ever
shown: a door hands a file out as a download, after the read log.
"""

from __future__ import annotations

import base64
import errno
import hmac
import json
import os
import shutil
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.db.models import Exists, OuterRef

from dengwen.access.errors import SealError
from dengwen.access.keys.keyring import KEY_BYTES, key_ring
from dengwen.access.keys.randomness import token_bytes
from dengwen.access.keys.sealed_values import (
    COMPARTMENT_OF,
    NONCE_BYTES,
    CaseKeys,
    Place,
    decrypt,
    encrypt,
    seal,
    unseal,
)
from dengwen.access.statements import Statement
from dengwen.cases.files.content_type import MOST_BYTES, MOST_FILES, FileError, Looked, look
from dengwen.cases.models import Act, Case, File

NAME_BYTES = 32
MOST_TITLE = 80
"""Characters of a file's own name that a page repeats; the name itself is stored nowhere."""
WAITS = timedelta(days=1)
"""How long a file lies here for its act. A form carried longer asks for it again."""
GRACE = timedelta(hours=1)
"""What `clear` waits beyond that, so that it never meets a call that is just handing the file
in."""
RESERVE = 256 * 1024 * 1024
"""Bytes that files leave free on the disk, so that a flood of them cannot stop the database from
writing."""
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Held:
    """A sealed file that belongs to no case yet. `title` is how its owner called it, for the
    page that lists it."""

    name: str
    key: bytes = field(repr=False)
    digest: str
    extension: str
    size: int
    active: bool
    title: str = ""

    def ticket(self) -> str:
        """Return the file as a signed text for a hidden field of a form.

        It holds the key of the file; `held` reads it back and refuses it where it was changed.
        """
        parts = [  # in the order in which `held` reads them
            self.name,
            self.key.hex(),
            self.digest,
            self.extension,
            self.size,
            int(self.active),
            self.title,
        ]
        body = base64.urlsafe_b64encode(json.dumps(parts, ensure_ascii=False).encode()).decode()
        return f"{body}.{_signature(body)}"


Paper = tuple[str, Held]
"""A file with the field of the act that names its digest (or the paper of a late entry)."""


def _signature(body: str) -> str:
    return key_ring().digest("recognise", "file ticket", body)


def _path(name: str) -> Path:
    return _folder() / name[:2] / name


def _folder() -> Path:
    return Path(settings.DATA) / "files"


def _aad(name: str) -> bytes:
    return f"{key_ring().tenant}|cases_file|{name}|body".encode()


# --- before the act -------------------------------------------------------------------------------
def hold(looked: Looked, now: datetime, title: str = "") -> Held:
    """Keep a file under a key of its own; OSError where the disk takes no more, and nothing is
    left of it then."""
    name, key = token_bytes(NAME_BYTES).hex(), token_bytes(KEY_BYTES)
    nonce = token_bytes(NONCE_BYTES)
    path = _path(name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if shutil.disk_usage(path.parent).free < RESERVE + len(looked.body):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    _write_whole(path, nonce + encrypt(key, nonce, looked.body, _aad(name)), now)
    return Held(
        name,
        key,
        looked.digest,
        looked.extension,
        len(looked.body),
        looked.active,
        plain_title(title),
    )


def _write_whole(path: Path, body: bytes, now: datetime) -> None:
    """Write a file that appears under its name whole, or not at all; its age is told by the door's
    clock, like all else."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        os.utime(fresh, (now.timestamp(), now.timestamp()))
        fresh.rename(path)
        _settle(path.parent)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise


def _settle(folder: Path) -> None:
    """Make the entry of a new file outlive a power cut, as its bytes do."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def plain_title(text: str) -> str:
    """Return the last part of a file's name without control and direction marks, as a page may
    repeat it."""
    last = text.replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(ch for ch in last if not unicodedata.category(ch).startswith("C")).strip()
    return plain if len(plain) <= MOST_TITLE else f"{plain[: MOST_TITLE - 9]}…{plain[-8:]}"


def held(ticket: str, now: datetime) -> Held | None:
    """Return the file a ticket stands for; None where the ticket is none of ours, or the file is
    no longer here."""
    body, _dot, mark = ticket.rpartition(".")
    if not body.isascii() or not mark.isascii() or not hmac.compare_digest(mark, _signature(body)):
        return None
    name, key, digest, extension, size, active, title = json.loads(base64.urlsafe_b64decode(body))
    found = Held(name, bytes.fromhex(key), digest, extension, size, bool(active), title)
    return found if _kept_at(_path(name)) > now - WAITS else None


def _kept_at(path: Path) -> datetime:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError:  # not there, or no longer
        return datetime.min.replace(tzinfo=UTC)


def let_go(one: Held) -> None:
    """Remove a file that is not handed in after all; one that an act brought stays."""
    if not File.objects.filter(name=one.name).exists():
        _path(one.name).unlink(missing_ok=True)


@dataclass(slots=True)
class Tray:
    """The files of one field of a form: what is here, and what was not taken, each with the name
    of its file."""

    papers: list[Held] = field(default_factory=list)
    refused: list[tuple[str, FileError]] = field(default_factory=list)

    @property
    def full(self) -> bool:
        """Whether the disk was the reason."""
        return any(error.code == DISK for _title, error in self.refused)


DISK = "disk"


def disk_error() -> FileError:
    """Return what is said where the disk takes no more."""
    return FileError(
        DISK,
        "磁盘写不下，这个文件没有收下",
        "the disk takes no more: this file was not taken",
        "请稍后再交，或者把材料带到窗口",
        "submit it again later, or bring it to the window",
    )


def tray(
    tickets: Iterable[str],
    dropped: Collection[str],
    uploads: Iterable[tuple[str, IO[bytes]]],
    now: datetime,
    most: int = MOST_FILES,
) -> Tray:
    """Put together the files of a field: those here already less the dropped ones (by name),
    then those just sent."""
    found = Tray()
    for ticket in tickets:
        one = held(ticket, now)
        if one is None:
            found.refused.append(("", _no_longer_here()))
        elif one.name in dropped:
            let_go(one)
        else:
            found.papers.append(one)
    for title, upload in uploads:
        _take(found, title, upload, now, most)
    return found


def _no_longer_here() -> FileError:
    return FileError(
        "gone",
        "先前选的一个文件已经不在了",
        "a file chosen earlier is no longer here",
        "请重新选择",
        "choose it again",
    )


def _take(found: Tray, title: str, upload: IO[bytes], now: datetime, most: int) -> None:
    plain = plain_title(title)
    try:
        looked = look(upload.read(MOST_BYTES + 1))
        if any(one.digest == looked.digest for one in found.papers):
            return  # the same file chosen twice is one file
        if len(found.papers) >= most:
            raise FileError(
                "too-many",
                f"最多 {most} 个文件，这个没有收下",
                f"at most {most} files: this one was not taken",
                "去掉不要的，或者合并成一个 PDF",
                "remove one, or put them together into one PDF",
            )
        found.papers.append(hold(looked, now, plain))
    except FileError as error:
        found.refused.append((plain, error))
    except OSError:
        found.refused.append((plain, disk_error()))


# --- with the act ---------------------------------------------------------------------------------
def _place(row: File) -> Place:
    """Return where the key of a file is sealed: with the accusations, or with other texts."""
    data_class = "D4" if row.compartment == COMPARTMENT_OF["D4"] else "D3"
    return Place("cases_file", row.name, "sealed_key", data_class)


def hand_in(case: Case, call: str, papers: Sequence[Paper], now: datetime, keys: CaseKeys) -> None:
    """Bind held files to a case, inside the transaction of the call whose acts name them. For the
    write door only.

    FileError where a file is no longer here or came with another act already; ValueError where no
    act of the call names its digest. `keys` are those of the running call.
    """
    named = _named(case, call)
    known = _in_rows(one.name for _field, one in papers)
    rows: dict[tuple[str, str], File] = {}
    for field_name, one in papers:
        if one.digest not in named:
            raise ValueError(f"no act of {call} names the file {one.digest[:12]}")
        if one.name in known or not _path(one.name).exists():
            raise FileError(
                "gone",
                "一个文件已经不在了",
                "a file is no longer here",
                "请重新选择文件",
                "choose it again",
            )
        rows[field_name, one.digest] = _bound(one, case, call, field_name, now, keys)
    File.objects.bulk_create(rows.values())


def _in_rows(names: Iterable[str]) -> set[str]:
    """Return those of the names that are of files handed in."""
    rows = File.objects.filter(name__in=list(names))
    return set(rows.values_list("name", flat=True))


def _bound(
    one: Held, case: Case, call: str, field_name: str, now: datetime, keys: CaseKeys
) -> File:
    """Return the row that binds a held file to a case, its key sealed under the case's."""
    row = File(
        case=case,
        call=call,
        field=field_name,
        name=one.name,
        digest=one.digest,
        extension=one.extension,
        size=one.size,
        active=one.active,
        kept_at=now,
        compartment=_compartment(case),
    )
    row.sealed_key = seal(key_ring(), case.pk, _place(row), one.key, now, keys)
    return row


def _compartment(case: Case) -> str:
    return COMPARTMENT_OF["D4" if case.protected else "D3"]


def _named(case: Case, call: str) -> set[str]:
    """Return every digest that the acts of a call name: in a field, or as the paper of a late
    entry."""
    found: set[str] = set()
    for data, paper in Act.objects.filter(case=case, call=call).values_list("data", "paper"):
        found.add(paper)
        for value in data.values():
            values = value if isinstance(value, list) else [value]
            found.update(one for one in values if isinstance(one, str))
    return found


def reseal(case: Case, now: datetime, keys: CaseKeys) -> None:
    """Seal the keys of a case's files in the compartment of accusations, from the moment it
    proves to be one."""
    for row in File.objects.filter(case=case).exclude(compartment=_compartment(case)):
        key = _key_of(row, keys)
        row.compartment = _compartment(case)
        row.sealed_key = seal(key_ring(), case.pk, _place(row), key, now, keys)
        row.save(update_fields=["compartment", "sealed_key"])


# --- afterwards -----------------------------------------------------------------------------------
def _key_of(row: File, keys: CaseKeys | None = None) -> bytes:
    return unseal(key_ring(), row.case_id, _place(row), bytes(row.sealed_key), keys)


def body_of(row: File) -> bytes:
    """Return the bytes of a file handed in. Reading them is for callers that wrote the read log
    first.

    SealError where the bytes are not those that were sealed.
    """
    blob = _path(row.name).read_bytes()
    try:
        return decrypt(_key_of(row), blob[:NONCE_BYTES], blob[NONCE_BYTES:], _aad(row.name))
    except InvalidTag as error:
        raise SealError(
            "broken",
            where=f"files/{row.name[:8]}…",
            zh="文件与封存时不一致",
            en="the file is not as it was sealed",
            mend_zh="从备份恢复",
            mend_en="restore it from the backup",
        ) from error


def find_file(case: Case, name: str) -> File | None:
    """Return a file of a case by its random name, if the act it came with was written."""
    row = File.objects.filter(case=case, name=name).first()
    if row is None or not Act.objects.filter(case=case, call=row.call).exists():
        return None
    return row


def files_of(case: Case) -> list[File]:
    """Return the files that came with the acts of a case, in the order they came."""
    came = Act.objects.filter(case=OuterRef("case"), call=OuterRef("call"))
    return list(File.objects.filter(Exists(came), case=case).order_by("pk"))


def files_of_call(act: Act) -> list[File]:
    """Return the files that came with the call of an act, in the order they came."""
    return _OF_CALL.rows(File, ((act.case_id,),), text=act.call)


_OF_CALL = Statement(
    lambda groups, _day, call: File.objects.filter(case=groups[0][0], call=call).order_by("id")
)


@dataclass(frozen=True, slots=True)
class Cleared:
    """What `clear` removed: rows that no act names, and sealed files that no row names."""

    rows: int
    files: int


def clear(now: datetime) -> Cleared:
    """Remove what was never handed in and has lain here for more than a day. What an act brought
    is never touched."""
    before = now - WAITS - GRACE
    came = Act.objects.filter(case=OuterRef("case"), call=OuterRef("call"))
    orphans = list(File.objects.filter(~Exists(came), kept_at__lt=before))
    for row in orphans:
        row.delete()
        _path(row.name).unlink(missing_ok=True)
    old = (path for path in _folder().glob("??/*") if path.is_file() and _kept_at(path) < before)
    removed = 0
    for batch in _batches(old):
        known = _in_rows(path.name for path in batch)
        for path in batch:
            if path.name not in known:
                path.unlink(missing_ok=True)
                removed += 1
    return Cleared(len(orphans), removed)


def _batches(paths: Iterable[Path]) -> Iterator[list[Path]]:
    batch: list[Path] = []
    for path in paths:
        batch.append(path)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
