"""Whether "accepted" survives a power cut: asked once at start (ledger.md D5, D6)."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

from dengwen.ledger.damage import LedgerError

SQLITE_FULL = 2
_NO_ROOM = ("database or disk is full", "no space left on device", "disk full")
_SAFE_WAL = ((3, 44, 6), (3, 50, 7), (3, 51, 3))


def disk_full(error: BaseException | None) -> bool:
    """Say whether an error of the database means that the disk takes no more; the transaction is undone then."""
    while error is not None:
        if getattr(error, "sqlstate", None) == "53100" or any(word in str(error).lower() for word in _NO_ROOM):
            return True
        error = error.__cause__
    return False


def check(connection: BaseDatabaseWrapper) -> None:
    """Raise ``LedgerError`` if a commit may be lost by this connection after it was answered.

    SQLite: synchronous must be FULL or EXTRA, and write-ahead logging needs a library without the reset defect
    (3.51.3, or 3.50.7 and 3.44.6 of the older lines). PostgreSQL: synchronous_commit and fsync must not be off.
    """
    if connection.vendor == "sqlite":
        _check_sqlite(connection)
    elif connection.vendor == "postgresql":
        _check_postgresql(connection)
    else:
        raise LedgerError(f"the ledger is not tried on {connection.vendor}. Mend: use SQLite or PostgreSQL")


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
            f"SQLite runs with journal_mode={journal}: a crash can ruin the file. Mend: DELETE or WAL"
        )
    major, minor, patch = (int(part) for part in text.split(".")[:3])
    if journal == "wal" and not wal_is_safe((major, minor, patch)):
        raise LedgerError(
            f"SQLite {text} can lose commits in WAL mode. Mend: journal_mode=DELETE, or SQLite 3.51.3 or newer"
        )


def _check_postgresql(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        for name in ("synchronous_commit", "fsync"):
            cursor.execute("SELECT current_setting(%s)", [name])
            if cursor.fetchone()[0] == "off":
                raise LedgerError(
                    f"PostgreSQL runs with {name}=off: a power cut loses answered petitions. Mend: {name}=on"
                )
