"""`dengwen init`: what an empty office needs once Django knows its folder: keys, tables, guards,
packs, files."""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from dengwen.access import startup_check
from dengwen.access.keys import key_fingerprints, keyring
from dengwen.cases import rulebooks
from dengwen.cli.office.data_folder import Begun
from dengwen.cli.office.migrate import refuse_other_keys, upgrade
from dengwen.cli.shell.answer import now_of
from dengwen.cli.shell.output import OK, tell
from dengwen.ledger.log_keys import FILES, is_whole, renew_unbound

MANIFEST = "whitenoise.storage.CompressedManifestStaticFilesStorage"


def run_init(args: argparse.Namespace) -> int:
    """Prepare an empty office; asked again, it completes what is missing."""
    for line in prepare(args.origin, args.begun):
        tell(f"  {line}")
    tell(f"已就绪 / ready: {settings.DATA}")
    return OK


def prepare(origin: str, begun: Begun | None = None, *, collect: bool = True) -> Iterator[str]:
    """Do each part where it is missing, and say in a line what was done.

    `begun` takes back what a failed founding made; without it nothing is taken back. `collect`
    brings together what the pages need. Raises KeyMismatchError, before a key is made, where the
    database is another office's.
    """
    place = Path(settings.DATA)
    yield from _founded(place, origin, begun or Begun(place, fresh=False, before=None))
    if install_packs(place):
        yield "规则包 / rule packs"
    rulebooks.library()
    if collect:
        collect_files()
        yield "页面文件 / files of the pages"


def _founded(place: Path, origin: str, begun: Begun) -> list[str]:
    """Make keys and tables and bind one to the other, with nobody else founding in the same
    database meanwhile."""
    with startup_check.alone():
        done = _make_keys(place, origin)
        refuse_other_keys(place)
        done += upgrade()
        begun.kept = True
        key_fingerprints.hold(place, now_of(argparse.Namespace()))
    return done


def _make_keys(place: Path, origin: str) -> list[str]:
    """Make the keys of a new office; those of a first start that was cut off are completed.

    Nothing is made where the database or the folder knows of an office: then keys that are missing
    are lost or lie on another node, and new ones would harm it.
    """
    if not key_fingerprints.is_unused() or key_fingerprints.belongs_to_an_office(place):
        if missing := _missing(place):
            raise _without_keys(place, missing)
        return []
    done = []
    if keyring.complete(place / "keys"):
        done.append("密钥 / keys of texts and identities")
    if not is_whole(place):
        done.append(f"存证日志 / ledger {renew_unbound(place, origin).origin}")
    return done


def _missing(place: Path) -> list[str]:
    """Return the names of the key files that are not in the folder."""
    return [
        name for name in (*keyring.names_of_new(), *FILES) if not (place / "keys" / name).exists()
    ]


def _without_keys(place: Path, missing: list[str]) -> Exception:
    """Return the refusal of a folder without the keys of the office it would open."""
    there = key_fingerprints.bound() if key_fingerprints.has_table() else {}
    main = [
        f"{key}: — ≠ {key_fingerprints.shown(there[key])}"
        for key in (key_fingerprints.LOG, key_fingerprints.TENANT)
        if key in there
    ]
    return key_fingerprints.mismatch(place, [f"缺 missing: {' '.join(missing)}", *main])


def install_packs(place: Path) -> bool:
    """Copy the delivered packs into the data folder, once; False where they are there already."""
    if (place / "packs" / "calendar").is_dir():
        return False
    fresh = place / "packs.new"
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(
        Path(settings.ROOT) / "packs",
        fresh,
        ignore=shutil.ignore_patterns("__pycache__", "scenarios", "bad"),
    )
    fresh.rename(place / "packs")
    rulebooks.forget()
    return True


def collect_files() -> None:
    """Collect the files of the pages under hashed names, as an installed office serves them."""
    settings.STORAGES["staticfiles"] = {"BACKEND": MANIFEST}
    call_command("collectstatic", verbosity=0, interactive=False)
