"""`dengwen migrate`: brings the tables of an office to those of this program, after its keys
proved themselves."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from dengwen.access import startup_check
from dengwen.access.keys import key_fingerprints
from dengwen.cli.shell.answer import now_of
from dengwen.cli.shell.output import OK, WRONG, CommandError, tell
from dengwen.ledger import durability, guards


def run_migrate(args: argparse.Namespace) -> int:
    """Upgrade the tables, put the guards back, enter the fingerprints of the keys where they are
    not yet."""
    with startup_check.alone():
        missing = startup_check.pending()
        if missing and startup_check.is_empty():
            startup_check.refuse_old_tables()
        refuse_other_keys(Path(settings.DATA))
        for line in upgrade():
            tell(f"  {line}")
        key_fingerprints.hold(Path(settings.DATA), now_of(args))
    tell(
        f"已做 {len(missing)} 个迁移，密钥相符 / {len(missing)} migrations done; "
        f"the keys agree: {key_fingerprints.database()}"
    )
    return OK


def refuse_other_keys(folder: Path) -> None:
    """Refuse a folder whose keys are not the database's, before anything is written; raises
    KeyMismatchError."""
    if startup_check.is_empty():
        key_fingerprints.refuse_lost_database(folder)
        return
    here = key_fingerprints.prints_in(folder)
    if not key_fingerprints.has_table():
        key_fingerprints.refuse_unproven(folder)
    elif there := key_fingerprints.bound():
        key_fingerprints.refuse_other(folder, here, there)
    else:
        key_fingerprints.refuse_lost_database(folder)
        key_fingerprints.refuse_unproven(folder)


def upgrade() -> Iterator[str]:
    """Bring the tables up and see that commits last and evidence is guarded; CommandError where
    it is not."""
    durability.check(connection)
    call_command("migrate", verbosity=0, interactive=False)
    lacking = guards.missing(connection, settings.APPEND_ONLY_TABLES)
    if lacking:
        raise CommandError(
            what=f"只增不改的守护缺失 / guards are missing: {', '.join(lacking)}", code=WRONG
        )
    yield "数据库与守护 / tables and guards"
