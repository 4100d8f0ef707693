"""The high-water mark: the newest signed checkpoint, kept outside the database (ledger.md D9).

An honest operator forks a log by restoring a backup and going on. The mark makes that impossible to
do unnoticed: nothing is signed by a database that is behind it or contradicts it. It belongs on
another disk than the database.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path

from django.conf import settings

from dengwen.ledger.errors import RecoveryError
from dengwen.ledger.log_keys import Keys
from dengwen.merkle.checkpoint import Checkpoint
from dengwen.merkle.errors import RejectedError
from dengwen.merkle.note import open_note
from dengwen.merkle.tree import ReadSubtree, root_at


def place() -> Path:
    """Where the mark lies: ``settings.LEDGER_HIGH_WATER``, or ``ledger/high-water`` in the data
    folder."""
    return Path(
        getattr(settings, "LEDGER_HIGH_WATER", None)
        or Path(settings.DATA) / "ledger" / "high-water"
    )


def read(keys: Keys) -> Checkpoint | None:
    """The mark, if there is one; raise ``RecoveryError`` for a mark this log has not signed."""
    file = place()
    try:
        text = file.read_bytes()
    except FileNotFoundError:
        return None
    try:
        note = open_note(text, [keys.log_public])
        mark = Checkpoint.parse(note.text)
    except RejectedError as error:
        raise RecoveryError(
            f"{file}: {error}. Mend: find out who changed it; nothing is signed until then"
        ) from None
    if mark.origin != keys.origin:
        raise RecoveryError(f"{file} belongs to log {mark.origin!r}, the keys to {keys.origin!r}")
    return mark


def compare(mark: Checkpoint | None, size: int, stored: ReadSubtree) -> None:
    """Raise ``RecoveryError`` unless the tree of ``size`` leaves continues the mark."""
    if mark is None:
        return
    if mark.size > size:
        raise RecoveryError(
            f"the database holds {size} leaves, but {mark.size} have been signed: it was "
            "restored from an older "
            "backup or cut. Nothing is signed. Mend: restore the newest backup, see ledger "
            f"recovery ({place()})"
        )
    if root_at(mark.size, stored) != mark.root:
        raise RecoveryError(
            f"the first {mark.size} leaves are not those that were signed ({place()}): "
            "history was changed. "
            "Nothing is signed. Mend: run the check and restore the newest backup"
        )


def write(note: str) -> None:
    """Put the mark down so that it survives a power cut: new file, fsync, rename, fsync of the
    folder."""
    file = place()
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f"{file.name}.{os.getpid()}.{threading.get_ident()}.new")
    try:
        with fresh.open("w", encoding="utf-8", newline="\n") as stream:
            stream.write(note)
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(file)
    except OSError:
        fresh.unlink(missing_ok=True)  # half a mark is none, and a full disk needs every byte
        raise
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
