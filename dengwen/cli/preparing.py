"""`dengwen init`: what an empty office needs once Django knows its folder: keys, tables, guards, packs, files."""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from dengwen.access import keyring
from dengwen.cases import rulebooks
from dengwen.cli.speaking import OK, WRONG, CommandError, tell
from dengwen.ledger import durability, guards
from dengwen.ledger.keys import create_keys

MANIFEST = "whitenoise.storage.CompressedManifestStaticFilesStorage"


def run_init(args: argparse.Namespace) -> int:
    """Prepare an empty office; asked again, it completes what is missing."""
    for line in prepare(args.origin):
        tell(f"  {line}")
    tell(f"已就绪 / ready: {settings.DATA}")
    return OK


def prepare(origin: str, *, collect: bool = True) -> Iterator[str]:
    """Do each part where it is missing, and say in a line what was done."""
    place = Path(settings.DATA)
    if not (place / "keys" / "tenant").exists():
        keyring.create(place / "keys")
        yield "密钥 / keys of texts and identities"
    if not (place / "keys" / "log.vkey").exists():
        keys = create_keys(place, origin)
        yield f"存证日志 / ledger {keys.origin}"
    call_command("migrate", verbosity=0, interactive=False)
    durability.check(connection)
    lacking = guards.missing(connection, settings.APPEND_ONLY_TABLES)
    if lacking:
        raise CommandError(what=f"只增不改的守护缺失 / guards are missing: {', '.join(lacking)}", code=WRONG)
    yield "数据库与守护 / tables and guards"
    if install_packs(place):
        yield "规则包 / rule packs"
    rulebooks.library()
    if collect:
        collect_files()
        yield "页面文件 / files of the pages"


def install_packs(place: Path) -> bool:
    """Copy the delivered packs into the data folder, once; False where they are there already."""
    if (place / "packs" / "calendar").is_dir():
        return False
    fresh = place / "packs.new"
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(
        Path(settings.ROOT) / "packs", fresh, ignore=shutil.ignore_patterns("__pycache__", "scenarios", "bad")
    )
    fresh.rename(place / "packs")
    rulebooks.forget()
    return True


def collect_files() -> None:
    """Collect the files of the pages under hashed names, as an installed office serves them."""
    settings.STORAGES["staticfiles"] = {"BACKEND": MANIFEST}
    call_command("collectstatic", verbosity=0, interactive=False)
