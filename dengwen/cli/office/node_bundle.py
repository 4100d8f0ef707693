"""What a second node needs of the first: its keys, its packs, its mark; read from a folder or a
file, without Django.

Only what is named here is taken, each file for its owner alone; the folder appears whole or not at
all. No secret stands on a command line: what is named there is a folder, or a file of mode 0600
(`dengwen backup --keys`).
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from dengwen.cli.office import archive
from dengwen.cli.shell.output import WRONG, CommandError

KEYS, PACKS, MARKER = "keys", "packs", "practice"
MARK = Path("ledger") / "high-water"
KEY_FILES = re.compile(
    r"tenant|index|receipt|recognise|kek-[a-z]+-[0-9]+|(?:log|promise)\.v?key|secret-key|"
    r"fingerprints",
    re.ASCII,
)
SECRET_KEY, PRINTS = "secret-key", "fingerprints"
DATABASES = ("dengwen.sqlite3", "postgresql.dump")
OTHERS = 0o077


def bring(source: Path, target: Path) -> None:
    """Lay keys, packs, marker and high-water mark of a node into `target`, made anew; CommandError
    if it is no node's.

    `source` is its data folder, or a backup of it with or without the database.
    """
    shutil.rmtree(target, ignore_errors=True)
    try:
        if source.is_dir():
            _from_folder(source, target)
        else:
            _from_file(source, target)
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        raise


def carried(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield what another node needs of a data folder: the name there, and the file."""
    yield from ((f"{KEYS}/{path.name}", path) for path in _keys_in(folder))
    if (folder / MARKER).exists():
        yield MARKER, folder / MARKER
    for place in (PACKS, MARK.parent.name):
        for path in sorted((folder / place).rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield str(path.relative_to(folder)), path


def put_key(source: Path, target: Path) -> None:
    """Copy one key file for its owner alone; it is never written over another."""
    mode = 0o600 if target.name in {SECRET_KEY, PRINTS} else 0o400
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(source.read_bytes())
        file.flush()
        os.fsync(file.fileno())


def _from_folder(source: Path, target: Path) -> None:
    if not _keys_in(source):
        raise CommandError(
            what="这里没有登闻的密钥 / no keys of Dengwen are here",
            where=str(source / KEYS),
            mend="给出原节点的数据文件夹，或者它的 dengwen backup --keys 文件 / name the data folder of the other "
            "node, or its file of dengwen backup --keys",
        )
    target.mkdir(mode=0o700, parents=True)
    for name, path in carried(source):
        place = target / name
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            if name.startswith(f"{KEYS}/"):
                put_key(path, place)
            else:
                shutil.copyfile(path, place)
                place.chmod(0o600)
        except OSError as error:
            raise CommandError(
                what=f"读不出来：{error.strerror} / cannot be read: {error.strerror}",
                where=str(path),
                mend="用能读原节点密钥的账号运行 / run it under an account that may read the keys of that node",
                code=WRONG,
            ) from error


def _from_file(source: Path, target: Path) -> None:
    """Unpack a backup and leave away what does not travel: database and uploaded files."""
    if source.is_file() and os.name == "posix" and source.stat().st_mode & OTHERS:
        raise CommandError(
            what="这个文件里有密钥，别的账号也读得到 / the file holds keys and others may read it",
            where=str(source),
            mend=f"chmod 600 {source}；并查明谁读过 / and find out who read it",
        )
    unpacked = target.with_name(f"{target.name}.unpacked")
    try:
        archive.unpack(source, unpacked)
        _from_folder(unpacked, target)
    finally:
        shutil.rmtree(unpacked, ignore_errors=True)


def _keys_in(folder: Path) -> list[Path]:
    """Return the files of keys in a folder, no links among them."""
    return sorted(
        path
        for path in (folder / KEYS).glob("*")
        if KEY_FILES.fullmatch(path.name) and path.is_file() and not path.is_symlink()
    )
