"""A database file with every table, made by the migrations once and copied for each process of
tests.

It lies in build/ under the digest of everything that could make it another one, so that whatever
changes begins a new
file. `migrate` runs on every copy all the same: it sees that no migration is missing and no guard.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import django
from django.db.backends.base.base import BaseDatabaseWrapper

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "build"
MAKERS = (("dengwen", "*.py"), ("config", "*.py"), ("requirements", "*.lock"))
"""What tables are made by: the whole program, for a migration may call any of it, and the locked
packages."""
FILES = 4
"""How many files stay: those of two Pythons, before and after a change."""


def makers(root: Path = ROOT) -> list[Path]:
    """Return the files tables are made by."""
    return [path for folder, pattern in MAKERS for path in sorted((root / folder).rglob(pattern))]


def digest(files: Iterable[Path], versions: Iterable[object], root: Path = ROOT) -> str:
    """Return the name of what these files make with these versions."""
    found = hashlib.sha256(repr([str(version) for version in versions]).encode())
    for file in files:
        content = file.read_bytes()
        found.update(f"\0{file.relative_to(root)}\0{len(content)}\0".encode())
        found.update(content)
    return found.hexdigest()[:32]


def place(kept: Path = KEPT, root: Path = ROOT) -> Path:
    """Return where the file of this program, Python, Django and SQLite lies, whether it was made
    or not."""
    # Asked after the settings, which may have put a newer SQLite in the place of the standard
    # library's.
    versions = (sys.version_info[:2], django.get_version(), import_module("sqlite3").sqlite_version)
    return kept / f"migrated-{digest(makers(root), versions, root)}.sqlite3"


def lay(database: Path, file: Path) -> bool:
    """Lay a copy where a database is wanted; False where there is nothing to copy."""
    try:
        shutil.copyfile(file, database)
    except FileNotFoundError:  # not made yet, or put away by another process between two looks
        database.unlink(missing_ok=True)
        return False
    return True


def keep(connection: BaseDatabaseWrapper, file: Path) -> None:
    """Keep a freshly migrated database for others: written aside, then renamed, so that nobody
    reads a half of it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="migrated.", dir=file.parent) as aside:
        whole = Path(aside) / file.name
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(whole)])
        whole.replace(file)
    others = sorted(file.parent.glob("migrated-*.sqlite3"), key=_written, reverse=True)
    for old in [other for other in others if other != file][FILES - 1 :]:
        old.unlink(missing_ok=True)


def _written(file: Path) -> float:
    """Return when a file was written; one that another process put away meanwhile is the oldest."""
    with suppress(FileNotFoundError):
        return file.stat().st_mtime
    return 0.0
