"""Whether an office may be opened at all: its tables are those of this program, its keys those of
its database.

Asked once, when a program starts: never for a page.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from dengwen.access.errors import AccessError
from dengwen.access.keys import key_fingerprints

FOUNDING = 0x64656E67
"""Number of PostgreSQL's advisory lock that keeps two foundings or upgrades of one database
apart."""
SHOWN = 6


class OldTablesError(AccessError):
    """The database is empty, or its tables are older than this program."""


def open_office(folder: Path, now: datetime) -> None:
    """Refuse an office that may not be opened.

    Raises OldTablesError, KeyMismatchError, or what is wrong with a key file.
    """
    refuse_old_tables()
    key_fingerprints.hold(folder, now)


def pending() -> list[str]:
    """Return the migrations of this program that the database has not seen, as app.name."""
    loader = MigrationLoader(connection)
    return sorted(
        f"{app}.{name}"
        for app, name in loader.graph.nodes
        if (app, name) not in loader.applied_migrations
    )


def is_empty() -> bool:
    """Say whether the database has no table of ours at all."""
    return "django_migrations" not in connection.introspection.table_names()


def refuse_old_tables() -> None:
    """Raise OldTablesError where migrations are pending, naming them and the mend."""
    missing = pending()
    if not missing:
        return
    if is_empty():
        raise OldTablesError(
            "empty",
            where=key_fingerprints.database(),
            zh="数据库是空的，没有登闻的表",
            en="the database is empty: none of Dengwen's tables is there",
            mend_zh="核对 DENGWEN_DATABASE_URL 和 DENGWEN_DATA；新办公室用 dengwen init，旧的用 dengwen restore",
            mend_en=(
                "check DENGWEN_DATABASE_URL and DENGWEN_DATA; "
                "dengwen init for a new office, dengwen restore for an "
                "old one"
            ),
        )
    listed = ", ".join(missing[:SHOWN]) + (" …" if len(missing) > SHOWN else "")
    raise OldTablesError(
        "old_tables",
        where=key_fingerprints.database(),
        zh=f"数据库的表比程序旧，还有 {len(missing)} 个迁移没有做：{listed}",
        en=(
            f"the tables are older than this program; {len(missing)} migrations are pending: "
            f"{listed}"
        ),
        mend_zh="停下网页和值守，dengwen backup 备份，再运行 dengwen migrate",
        mend_en="stop the pages and the worker, run dengwen backup, then dengwen migrate",
    )


@contextmanager
def alone() -> Iterator[None]:
    """Let nobody else found or upgrade this database meanwhile; on SQLite the folder is one
    office's own."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [FOUNDING])
    try:
        yield
    finally:
        if connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [FOUNDING])
