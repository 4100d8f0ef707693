"""A database file with every table, made by the migrations once and copied for each process of
tests (tests/made_once.py).

A copy is taken as it is; tests/house/test_migrated.py sees that no migration is missing and no
guard.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import django
import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core import management
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from dengwen.ledger import guards
from tests import made_once
from tests.made_once import KEPT, PROGRAM, ROOT


def makers(root: Path = ROOT) -> list[Path]:
    """Return the files tables are made by."""
    return made_once.files_of(PROGRAM, root)


def place(kept: Path = KEPT, root: Path = ROOT) -> Path:
    """Return where the file of this program, Python, Django and SQLite lies, whether it was made
    or not."""
    # Asked after the settings, which may have put a newer SQLite in the place of the standard
    # library's.
    versions = (sys.version_info[:2], django.get_version(), import_module("sqlite3").sqlite_version)
    return kept / f"migrated-{made_once.digest(makers(root), versions, root)}.sqlite3"


def lay(database: Path, file: Path) -> bool:
    """Lay a copy where a database is wanted; False where there is nothing to copy."""
    try:
        shutil.copyfile(file, database)
    except FileNotFoundError:  # not made yet, or put away by another process between two looks
        database.unlink(missing_ok=True)
        return False
    return True


@contextmanager
def taken_as_it_is() -> Iterator[None]:
    """Let Django begin with a copy without migrating it again: `migrate` has made it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(management, "call_command", lambda *_words, **_options: None)
        yield


def begin_anew(connection: BaseDatabaseWrapper, file: Path) -> None:
    """Put the empty database in the place of one in which a test committed; whoever still has the
    old one open sees that.

    A file is laid anew. A server's tables that hold rows are emptied, but those that `migrate`
    fills.
    """
    if connection.vendor == "sqlite":
        connection.close()
        database = Path(connection.settings_dict["NAME"])
        anew = database.with_name(f"{database.name}.anew")
        shutil.copyfile(file, anew)
        for beside in ("-wal", "-shm"):
            database.with_name(database.name + beside).unlink(missing_ok=True)
        anew.replace(database)
        return
    stays = {ContentType._meta.db_table, Permission._meta.db_table}
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)} - stays
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(
                f"(SELECT '{table}' FROM \"{table}\" LIMIT 1)" for table in sorted(tables)
            )
        )
        filled = [table for (table,) in cursor.fetchall()]
    guarded = set(filled) & set(settings.APPEND_ONLY_TABLES)
    if filled:
        # Foreign keys wait for the end of the transaction, so that any order will do.
        with (
            guards.lifted(connection, guarded),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("; ".join(f'DELETE FROM "{table}"' for table in filled))
    if guards.missing(connection, settings.APPEND_ONLY_TABLES):  # a test took some away
        guards.install(connection, settings.APPEND_ONLY_TABLES)


def keep(connection: BaseDatabaseWrapper, file: Path) -> None:
    """Keep a freshly migrated database for others."""

    def write(whole: Path) -> None:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(whole)])

    made_once.keep(file, write)
