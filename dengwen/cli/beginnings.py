"""The data folder before Django knows it: real or practice for ever, its secret key, its marker.

Settings are read once per process, so whatever they look for must lie there before Django is set up.
"""

from __future__ import annotations

import argparse
import importlib
import os
import secrets
from pathlib import Path
from typing import Any

from dengwen.cli import archive
from dengwen.cli.speaking import CommandError

ROOT = Path(__file__).resolve().parents[2]
MARKER = "practice"
OWNER_ONLY = 0o077
SECRET = Path("keys") / "secret-key"
DATA, DATABASE_URL, SETTINGS = "DENGWEN_DATA", "DENGWEN_DATABASE_URL", "DJANGO_SETTINGS_MODULE"


def data_folder() -> Path:
    """Return the folder DENGWEN_DATA names, `data` beside the code without it."""
    return Path(os.environ.get(DATA) or ROOT / "data").resolve()


def is_prepared(folder: Path) -> bool:
    """Say whether an office was prepared in the folder."""
    return (folder / SECRET).exists()


def is_practice(folder: Path) -> bool:
    """Say whether the folder is for practice."""
    return (folder / MARKER).exists()


def prepare(folder: Path, *, practice: bool, origin: str) -> None:
    """Make folder, marker and secret key where they are missing; CommandError for a folder of the other kind."""
    if is_prepared(folder) and is_practice(folder) != practice:
        kind = ("真实办公", "a real office") if practice else ("演练", "a practice office")
        raise CommandError(
            what=f"这个文件夹里是{kind[0]}数据，性质不能改变 / the folder holds {kind[1]}, which it stays for ever",
            where=str(folder),
            mend=f"另选一个空文件夹（环境变量 {DATA}）/ choose an empty folder with {DATA}",
        )
    if not is_prepared(folder):
        _refuse_strange(folder)
        wanted = "practice." if practice else "xf."
        if not origin.startswith(wanted):
            raise CommandError(
                what=f"存证日志名“{origin}”须以 {wanted} 开头 / the origin {origin!r} must begin with {wanted}",
                where="--origin",
                mend=f"如 / such as: --origin {wanted}city.example/2026",
            )
    os.umask(OWNER_ONLY)
    (folder / "keys").mkdir(parents=True, exist_ok=True)
    (folder / "static").mkdir(exist_ok=True)
    if practice:
        (folder / MARKER).touch(exist_ok=True)
    if not (folder / SECRET).exists():
        handle = os.open(folder / SECRET, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(50))
            file.flush()
            os.fsync(file.fileno())


def _refuse_strange(folder: Path) -> None:
    """Refuse a folder that holds somebody else's files; a kept high-water mark alone is welcome."""
    strange = (
        [p.name for p in folder.iterdir() if p.name not in {"ledger", "static", "tests.sqlite3"}]
        if folder.is_dir()
        else []
    )
    if strange:
        raise CommandError(
            what=f"文件夹不是空的：{'、'.join(sorted(strange)[:5])} / the folder is not empty",
            where=str(folder),
            mend=f"另选一个空文件夹（{DATA}）/ choose an empty folder with {DATA}",
        )


PRACTICE_ORIGIN = "practice.dengwen.example/2026"


def init(args: argparse.Namespace) -> None:
    """Begin `dengwen init`: folder, marker and secret key."""
    args.origin = args.origin or (PRACTICE_ORIGIN if args.practice else "")
    if not args.origin and not is_prepared(data_folder()):
        raise CommandError(
            what="请写明存证日志名 / the log needs a name",
            where="--origin",
            mend="dengwen init --origin xf.<市域名>/<年份>，如 / such as xf.yunjiang.example/2026",
        )
    prepare(data_folder(), practice=args.practice, origin=args.origin)


def demo(args: argparse.Namespace) -> None:
    """Begin `dengwen demo`: a practice folder, `data/practice` where DENGWEN_DATA names none."""
    if not os.environ.get(DATA):
        os.environ[DATA] = str(ROOT / "data" / "practice")
    args.fresh = not is_prepared(data_folder())
    prepare(data_folder(), practice=True, origin=PRACTICE_ORIGIN)


def restore(args: argparse.Namespace) -> None:
    """Begin `dengwen restore`: unpack beside the data folder, so that nothing is opened before it was checked."""
    target = data_folder()
    _refuse_strange(target)
    args.target, args.unpacked = target, target.with_name(f"{target.name}.restoring")
    args.manifest = archive.unpack(Path(args.file), args.unpacked)
    os.environ[DATA] = str(args.unpacked)


def office(_args: argparse.Namespace) -> None:
    """Begin everything else: there must be an office. Raises CommandError unless one was prepared here."""
    folder = data_folder()
    if not is_prepared(folder):
        raise CommandError(
            what="这里还没有登闻办公数据 / no office was prepared here",
            where=str(folder),
            mend="dengwen init（演练加 --practice）/ dengwen init, with --practice for practice",
        )


def set_up() -> None:
    """Set Django up for the data folder, once per process; what is written from here on is the owner's alone."""
    os.umask(OWNER_ONLY)
    os.environ[DATA] = str(data_folder())
    os.environ.setdefault(SETTINGS, "config.settings")
    django: Any = importlib.import_module("django")
    django.setup()
