"""Whether "accepted" survives a power cut: asked once at start (ledger.md D5, D6)."""

from __future__ import annotations

import errno
import resource
import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper

from dengwen.ledger.errors import LedgerError

SQLITE_FULL = 2
DISK_FULL = "53100"
"""What PostgreSQL calls it (SQLSTATE)."""
_NO_ROOM = (
    "database or disk is full",
    "no space left on device",
    "disk full",
    "no usable temporary directory",
)
_NO_ROOM_ERRNO = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""The disk, the share of a user, the size a file may have: whichever it is, nothing more can be
written."""
_PERHAPS = ("disk i/o error", "unable to open database file")
"""What SQLite says of a broken disk, too: where a file it needs beside the database cannot be
made or grow."""
ROOM = 1 << 20
"""Bytes that SQLite wants for the files beside the database before it can even read."""
_SAFE_WAL = ((3, 44, 6), (3, 50, 7), (3, 51, 3))


def disk_full(error: BaseException | None) -> bool:
    """Say whether an error comes from a disk that takes no more; the transaction is undone then.

    Also where it was raised while such an error was being answered: what Django makes of a session
    that cannot be saved, or a file that could not be closed because it could not be written.
    """
    return any(_says_full(one) for one in _with_causes(error))


def _with_causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and what it came from, each once."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _says_full(error: BaseException) -> bool:
    if getattr(error, "sqlstate", None) == DISK_FULL:
        return True
    if isinstance(error, OSError) and error.errno in _NO_ROOM_ERRNO:
        return True
    text = str(error).lower()
    return any(word in text for word in _NO_ROOM) or (
        any(word in text for word in _PERHAPS) and not has_room()
    )


def has_room(needed: int = ROOM) -> bool:
    """Say whether the disk of the data folder takes `needed` bytes more, as far as can be told
    without writing."""
    most, _hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        free = shutil.disk_usage(settings.DATA).free
        largest = max(
            (file.stat().st_size for file in Path(settings.DATA).glob("*.sqlite3*")), default=0
        )
    except OSError:
        return True  # whatever this is, it is no full disk
    return free >= needed and (most == resource.RLIM_INFINITY or largest + needed <= most)


def check(connection: BaseDatabaseWrapper) -> None:
    """Raise ``LedgerError`` if a commit may be lost by this connection after it was answered.

    SQLite: synchronous must be FULL or EXTRA, and write-ahead logging needs a library without the
    reset defect (3.51.3, or 3.50.7 and 3.44.6 of the older lines). PostgreSQL: synchronous_commit
    and fsync must not be off.
    """
    if connection.vendor == "sqlite":
        _check_sqlite(connection)
    elif connection.vendor == "postgresql":
        _check_postgresql(connection)
    else:
        raise LedgerError(
            f"the ledger is not tried on {connection.vendor}. Mend: use SQLite or PostgreSQL"
        )


def wal_is_safe(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite version has the write-ahead log without the reset defect."""
    return version >= _SAFE_WAL[-1] or any(
        version[:2] == fixed[:2] and version >= fixed for fixed in _SAFE_WAL[:-1]
    )


def _check_sqlite(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        synchronous = cursor.execute("PRAGMA synchronous").fetchone()[0]
        journal = cursor.execute("PRAGMA journal_mode").fetchone()[0].lower()
        text = cursor.execute("SELECT sqlite_version()").fetchone()[0]
    if synchronous < SQLITE_FULL:
        raise LedgerError(
            f"SQLite runs with synchronous={synchronous}: a power cut loses answered petitions. "
            "Mend: PRAGMA synchronous=FULL in OPTIONS['init_command']"
        )
    if journal in {"off", "memory"} and ":memory:" not in str(connection.settings_dict["NAME"]):
        raise LedgerError(
            f"SQLite runs with journal_mode={journal}: a crash can ruin the file. "
            "Mend: DELETE or WAL"
        )
    major, minor, patch = (int(part) for part in text.split(".")[:3])
    if journal == "wal" and not wal_is_safe((major, minor, patch)):
        raise LedgerError(
            f"SQLite {text} can lose commits in WAL mode. "
            "Mend: journal_mode=DELETE, or SQLite 3.51.3 or newer"
        )


def _check_postgresql(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        for name in ("synchronous_commit", "fsync"):
            cursor.execute("SELECT current_setting(%s)", [name])
            if cursor.fetchone()[0] == "off":
                raise LedgerError(
                    f"PostgreSQL runs with {name}=off: a power cut loses answered petitions. "
                    f"Mend: {name}=on"
                )
