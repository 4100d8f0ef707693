"""`dengwen restore FILE`: into an empty folder, opened only after the ledger was checked.

The backup is unpacked beside the data folder (`beginnings.restore`); here the check runs on that
copy, and only a sound one takes its place.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

from dengwen.access.keys import key_fingerprints
from dengwen.cli.office.backup import NO_DATABASE, POSTGRES, run_postgres
from dengwen.cli.record.ledger import findings
from dengwen.cli.shell.answer import now_of
from dengwen.cli.shell.output import OK, WRONG, CommandError, complain, tell
from dengwen.ledger import guards
from dengwen.ledger.models import Tree

MARK = Path("ledger") / "high-water"
SHOWN = 20


def run_restore(args: argparse.Namespace) -> int:
    """Check what was unpacked; move it into place if it is sound, else leave the data folder
    untouched."""
    _empty(args)
    try:
        _open_database(args)
        key_fingerprints.hold(args.unpacked, now_of(args))
        found = findings()
        lacking = guards.missing(connection, settings.APPEND_ONLY_TABLES)
        size = getattr(Tree.objects.first(), "size", 0)
    except BaseException:
        _take_back()
        _discard(args.unpacked)
        raise
    if found or lacking:
        for line in [*found[:SHOWN], *(f"{table}: no guard" for table in lacking)]:
            complain(line)
        _take_back()
        _discard(args.unpacked)
        raise CommandError(
            what=(
                f"备份与存证不符（{len(found)} 处），没有恢复 / the backup is not what was sealed; "
                "nothing was restored"
            ),
            where=args.file,
            mend="换用另一份备份，并核查何人改动 / use another backup, and find out who changed it",
            code=WRONG,
        )
    connections.close_all()
    _move(args.unpacked, args.target)
    tell(f"已恢复 / restored: {args.target}（{size} leaves，{args.manifest['made_at']}）")
    tell(
        "备份以后的登记须凭回执补录 / what came after the backup must be entered again from receipts"
    )
    return OK


def _empty(args: argparse.Namespace) -> None:
    """Refuse a backup of another kind of database, and a PostgreSQL database that holds anything
    (CommandError)."""
    engine = args.manifest["engine"]
    if engine == NO_DATABASE:
        _discard(args.unpacked)
        raise CommandError(
            what="这个文件只有密钥，没有数据库 / the file holds keys alone, no database",
            where=args.file,
            mend="给出整个备份；添节点用 dengwen join / name a whole backup; dengwen join takes in a node",
        )
    if engine != connection.vendor:
        _discard(args.unpacked)
        raise CommandError(
            what=f"备份来自 {engine}，这里是 {connection.vendor} / the backup is of {engine}",
            where="DENGWEN_DATABASE_URL",
            mend="设为同一种数据库 / use the same kind of database",
        )
    if engine == "postgresql" and connection.introspection.table_names():
        _discard(args.unpacked)
        raise CommandError(
            what="数据库不是空的 / the database is not empty",
            where="DENGWEN_DATABASE_URL",
            mend="另建一个空数据库 / make an empty one",
        )


def _open_database(args: argparse.Namespace) -> None:
    """Bring the database of the backup up, to the tables of this program."""
    if connection.vendor == "postgresql":
        run_postgres(
            [
                "pg_restore",
                "--no-owner",
                "--no-privileges",
                "--exit-on-error",
                "--dbname",
                str(connection.settings_dict["NAME"]),
                str(args.unpacked / POSTGRES),
            ]
        )
    call_command("migrate", verbosity=0, interactive=False)


def _take_back() -> None:
    """Leave the PostgreSQL database as empty as it was found: what was refused must not lie
    about half-opened."""
    if connection.vendor == "postgresql":
        connections.close_all()
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")


def _move(unpacked: Path, target: Path) -> None:
    """Put the checked copy in place. A high-water mark that lies there already is newer than the
    backup: it stays."""
    (unpacked / POSTGRES).unlink(missing_ok=True)
    (unpacked / "static").mkdir(exist_ok=True)
    kept = (target / MARK).read_bytes() if (target / MARK).exists() else None
    if target.exists():
        shutil.rmtree(target)
    if kept is not None:
        (unpacked / MARK).parent.mkdir(exist_ok=True)
        (unpacked / MARK).write_bytes(kept)
    unpacked.rename(target)


def _discard(unpacked: Path) -> None:
    connections.close_all()
    shutil.rmtree(unpacked, ignore_errors=True)
