"""The data folder before Django knows it: real or practice for ever, its secret key, its marker.

Settings are read once per process, so whatever they look for must lie there before Django is set
up.
"""

from __future__ import annotations

import argparse
import importlib
import os
import re
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dengwen.cli.office import archive, node_bundle
from dengwen.cli.shell.output import CommandError
from dengwen.merkle.checkpoint import ORIGIN

ROOT = Path(__file__).resolve().parents[3]
MARKER = "practice"
OWNER_ONLY = 0o077
SECRET = Path("keys") / "secret-key"
PUBLIC_KEY = Path("keys") / "log.vkey"
EMPTY_LABEL = re.compile(r"\.\.|\.-|-\.|-/")
"""What no domain holds: an empty label, or one that begins or ends with a hyphen."""
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


@dataclass(slots=True)
class Begun:
    """What a command has begun in the data folder, so that a founding that fails leaves nothing
    behind."""

    folder: Path
    fresh: bool
    before: frozenset[str] | None
    """Names that lay there before; None where there was no folder."""
    kept: bool = False
    """Whether the database knows these keys by now: from then on nothing is taken back."""

    def take_back(self) -> None:
        """Remove what was made here since, unless an office stands already."""
        if not self.fresh or self.kept or not self.folder.is_dir():
            return
        for path in self.folder.iterdir():
            if self.before is not None and path.name in self.before:
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
        if self.before is None:
            self.folder.rmdir()


def begin(folder: Path) -> Begun:
    """Note how the folder stands before anything is made in it."""
    before = frozenset(path.name for path in folder.iterdir()) if folder.is_dir() else None
    return Begun(folder, not is_prepared(folder), before)


def prepare(folder: Path, *, practice: bool, origin: str) -> None:
    """Make folder, marker and secret key where they are missing; CommandError for a folder of the
    other kind.

    Everything that can be wrong with what was asked is said before anything is made.
    """
    if not is_prepared(folder):
        _refuse_strange(folder)
        _refuse_bad_origin(origin, "practice." if practice else "xf.")
    elif is_practice(folder) != practice:
        raise _of_other_kind(folder, practice=practice)
    os.umask(OWNER_ONLY)
    _make_folders(folder)
    if practice:
        (folder / MARKER).touch(exist_ok=True)
    if not (folder / SECRET).exists():
        _write_secret(folder / SECRET)


def _of_other_kind(folder: Path, *, practice: bool) -> CommandError:
    """Return the refusal of a folder that holds what was not asked for."""
    kind = ("真实办公", "a real office") if practice else ("演练", "a practice office")
    kind_zh, kind_en = kind
    return CommandError(
        what=f"这个文件夹里是{kind_zh}数据，性质不能改变 / "
        f"the folder holds {kind_en}, which it stays for ever",
        where=str(folder),
        mend=f"另选一个空文件夹（环境变量 {DATA}）/ choose an empty folder with {DATA}",
    )


def _make_folders(folder: Path) -> None:
    try:
        (folder / "keys").mkdir(parents=True, exist_ok=True)
        (folder / "static").mkdir(exist_ok=True)
    except OSError as error:
        raise CommandError(
            what=f"这里建不了文件夹：{error.strerror} / no folder can be made here: {error.strerror}",
            where=str(error.filename or folder),
            mend=f"另选一个可写的位置（{DATA}）/ choose a place that can be written to with {DATA}",
        ) from error


def _write_secret(path: Path) -> None:
    """Write a fresh secret key that only its owner may read."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(50))
        file.flush()
        os.fsync(file.fileno())


def _refuse_bad_origin(origin: str, wanted: str) -> None:
    """Refuse a name no log can have; CommandError says how one is written."""
    mend = f"如 / such as: --origin {wanted}city.example/2026"
    if not origin.startswith(wanted):
        raise CommandError(
            what=f"存证日志名“{origin}”须以 {wanted} 开头 / the origin {origin!r} must begin with {wanted}",
            where="--origin",
            mend=mend,
        )
    if not ORIGIN.fullmatch(origin) or EMPTY_LABEL.search(origin):
        raise CommandError(
            what=(
                f"存证日志名“{origin}”不合格式：{wanted}<域名>/<四位年份>，域名用小写字母、数字、点和连字符 / "
                f"the origin {origin!r} is not {wanted}<domain>/<year of four digits>, the "
                "domain in small letters, "
                "digits, dots and hyphens"
            ),
            where="--origin",
            mend=mend,
        )


def _refuse_other_origin(folder: Path, origin: str) -> None:
    """Refuse to answer "ready" to another name than the log of this folder has, which it keeps
    for ever."""
    try:
        named = (folder / PUBLIC_KEY).read_text(encoding="ascii").partition("+")[0]
    except OSError:  # no log yet, or not for this account: opening the office says what is wrong
        return
    if origin and named != origin:
        raise CommandError(
            what=f"这里的存证日志名是“{named}”，不能改成“{origin}” / "
            f"the log here is {named!r}, for ever, not {origin!r}",
            where=f"--origin · {folder}",
            mend=f"不写 --origin；另设办公室的，另选空文件夹（{DATA}） / "
            "leave --origin out, or choose an empty folder for another office",
        )


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
    _refuse_other_origin(data_folder(), args.origin)
    args.origin = args.origin or (PRACTICE_ORIGIN if args.practice else "")
    if not args.origin and not is_prepared(data_folder()):
        raise CommandError(
            what="请写明存证日志名 / the log needs a name",
            where="--origin",
            mend="dengwen init --origin xf.<市域名>/<年份>，如 / such as xf.yunjiang.example/2026",
        )
    args.begun = begin(data_folder())
    prepare(data_folder(), practice=args.practice, origin=args.origin)


def demo(args: argparse.Namespace) -> None:
    """Begin `dengwen demo`: a practice folder, `data/practice` where DENGWEN_DATA names none."""
    if not os.environ.get(DATA):
        os.environ[DATA] = str(ROOT / "data" / "practice")
    args.begun = begin(data_folder())
    prepare(data_folder(), practice=True, origin=PRACTICE_ORIGIN)


def restore(args: argparse.Namespace) -> None:
    """Begin `dengwen restore`: unpack beside the data folder, so that nothing is opened before
    it was checked."""
    target = data_folder()
    _refuse_strange(target)
    args.target, args.unpacked = target, target.with_name(f"{target.name}.restoring")
    args.manifest = archive.unpack(Path(args.file), args.unpacked)
    args.begun = Begun(args.unpacked, fresh=True, before=None)
    os.environ[DATA] = str(args.unpacked)


def join(args: argparse.Namespace) -> None:
    """Begin `dengwen join`: what it brings is laid beside the data folder, so that nothing is there
    before it is right.

    Raises CommandError for a source that is none, or a data folder that holds somebody else's
    files.
    """
    args.target = data_folder()
    if is_prepared(args.target):
        args.brought = args.target
        return
    _refuse_strange(args.target)
    if not os.environ.get(DATABASE_URL, "").strip():
        raise CommandError(
            what=(
                "两个节点共用的只能是 PostgreSQL 数据库 / only a PostgreSQL database can be shared by two "
                "nodes"
            ),
            where=DATABASE_URL,
            mend=(
                f"设 {DATABASE_URL}；SQLite 用 dengwen backup、dengwen restore / set it; "
                "SQLite: backup and restore"
            ),
        )
    args.brought = args.target.with_name(f"{args.target.name}.joining")
    node_bundle.bring(Path(args.source), args.brought)
    args.begun = Begun(args.brought, fresh=True, before=None)
    os.environ[DATA] = str(args.brought)


def unopened(args: argparse.Namespace) -> None:
    """Begin a command that looks at an office, or mends it, before it may be opened: `doctor`,
    `migrate`, `backup`."""
    office(args)


def office(_args: argparse.Namespace) -> None:
    """Begin everything else: there must be an office. Raises CommandError unless one was
    prepared here."""
    folder = data_folder()
    if not is_prepared(folder):
        raise CommandError(
            what="这里还没有登闻办公数据 / no office was prepared here",
            where=str(folder),
            mend="dengwen init（演练加 --practice）/ dengwen init, with --practice for practice",
        )


def set_up() -> None:
    """Set Django up for the data folder, once per process; what is written from here on is the
    owner's alone.

    Raises CommandError for a setting that cannot be.
    """
    os.umask(OWNER_ONLY)
    os.environ[DATA] = str(data_folder())
    os.environ.setdefault(SETTINGS, "config.settings")
    django: Any = importlib.import_module("django")
    exceptions: Any = importlib.import_module("django.core.exceptions")
    try:
        django.setup()
    except exceptions.ImproperlyConfigured as error:
        raise CommandError(
            what=f"设置有误 / a setting is wrong: {error}", where="DENGWEN_…"
        ) from error
