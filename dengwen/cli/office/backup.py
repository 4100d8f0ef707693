"""`dengwen backup FILE`: a consistent copy of database, keys, packs and files, checked by digests
when it is restored.

SQLite copies itself (`VACUUM INTO`) while the office goes on; PostgreSQL needs its own `pg_dump`.
The database goes first and the keys after it, so that no text is copied without the key it was
sealed by.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from dengwen.cli.office import archive, node_bundle
from dengwen.cli.office.migrate import refuse_other_keys
from dengwen.cli.shell import clock
from dengwen.cli.shell.output import OK, WRONG, CommandError, tell
from dengwen.ledger.log_keys import current
from dengwen.ledger.models import Tree

FOLDERS = ("keys", "packs", "files", "ledger")
SQLITE, POSTGRES = "dengwen.sqlite3", "postgresql.dump"
NO_DATABASE = "keys"
"""What stands in the place of the database where a backup holds none."""


def run_backup(args: argparse.Namespace) -> int:
    """Write a backup file."""
    target = Path(args.file)
    refuse_other_keys(Path(settings.DATA))
    if args.keys:
        archive.pack(
            target,
            dict(node_bundle.carried(Path(settings.DATA))),
            {**_about(), "engine": NO_DATABASE},
        )
        tell(f"密钥 / keys: {target}（{target.stat().st_size} bytes）→ dengwen join {target}")
        tell("用后即销毁 / destroy it once it has served")
        return OK
    with tempfile.TemporaryDirectory(
        prefix=".dengwen-backup-", dir=target.resolve().parent
    ) as scratch:
        name = SQLITE if connection.vendor == "sqlite" else POSTGRES
        copy = Path(scratch) / name
        size = _copy_database(copy)
        entries = {name: copy, **_files(Path(settings.DATA))}
        archive.pack(target, entries, {**_about(), "leaves": size})
    tell(f"备份 / backup: {target}（{target.stat().st_size} bytes，{size} leaves）")
    tell("内含密钥，须与密钥同等保管 / it holds keys: keep it where keys may be kept")
    return OK


def _about() -> dict[str, Any]:
    """Return what is said of a backup at its head."""
    return {
        "origin": current().origin,
        "practice": settings.PRACTICE,
        "engine": connection.vendor,
        "made_at": clock.now().isoformat(),
    }


def _copy_database(copy: Path) -> int:
    tree = Tree.objects.first()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(copy)])
    else:
        run_postgres(
            ["pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--file", str(copy)]
        )
    return tree.size if tree else 0


def _files(folder: Path) -> Mapping[str, Path]:
    """Return the files to be saved, by their place in the data folder."""
    found = {}
    for name in FOLDERS:
        for path in sorted((folder / name).rglob("*")):
            if path.is_file():
                found[str(path.relative_to(folder))] = path
    if (folder / "practice").exists():
        found["practice"] = folder / "practice"
    return found


def program(name: str) -> str:
    """Return the path of a PostgreSQL program, Debian's own folder included; CommandError where
    it is missing."""
    found = shutil.which(name) or next(
        (str(p) for p in sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)),
        "",
    )
    if not found:
        raise CommandError(
            what=f"没有 {name} / {name} is not here",
            where="PostgreSQL",
            mend="安装 postgresql-client / install postgresql-client",
            code=WRONG,
        )
    return found


def run_postgres(command: Sequence[str]) -> None:
    """Run a PostgreSQL program on this office's database; CommandError with what it said where
    it fails."""
    database: dict[str, Any] = connection.settings_dict
    environment = {
        **os.environ,
        "PGDATABASE": str(database["NAME"]),
        "PGUSER": str(database["USER"]),
        "PGPASSWORD": str(database["PASSWORD"]),
        "PGHOST": str(database["HOST"]),
        "PGPORT": str(database["PORT"]),
    }
    done = subprocess.run(  # noqa: S603  # fixed programs, arguments of ours
        [program(command[0]), *command[1:]],
        env={k: v for k, v in environment.items() if v},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CommandError(
            what=f"{command[0]}: {done.stderr.strip()[:500]}", where="PostgreSQL", code=WRONG
        )
