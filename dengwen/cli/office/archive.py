"""The backup file: a tar of the data folder with a manifest of digests, written and read without
Django.

It holds keys, so it is as secret as the office itself: mode 0600, and to be kept where the keys may
be kept.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import IO, Any

from dengwen.cli.shell.output import WRONG, CommandError

MANIFEST = "manifest.json"
FORMAT = "dengwen-backup/v1"
CHUNK = 1 << 20


def pack(file: Path, entries: Mapping[str, Path], about: Mapping[str, Any]) -> dict[str, Any]:
    """Write `entries` (name in the archive → file) with their manifest; the file appears whole or
    not at all.

    Raises CommandError where the file exists already: a backup is never overwritten.
    """
    if file.exists():
        raise CommandError(
            what="备份文件已存在 / the backup file exists already",
            where=str(file),
            mend="另起文件名 / choose another name",
        )
    listed = {name: _as_listed(path) for name, path in entries.items()}
    manifest = {"format": FORMAT, **about, "files": listed}
    fresh = file.with_name(f"{file.name}.{os.getpid()}.new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as stream:
            _write(stream, manifest, entries)
            stream.flush()
            os.fsync(stream.fileno())
        fresh.rename(file)
    finally:
        fresh.unlink(missing_ok=True)
    return manifest


def _as_listed(path: Path) -> dict[str, Any]:
    """Return what the manifest says of a file."""
    return {"sha256": _digest(path), "mode": path.stat().st_mode & 0o777}


def _write(stream: IO[bytes], manifest: Mapping[str, Any], entries: Mapping[str, Path]) -> None:
    """Write the archive, its manifest first."""
    with tarfile.open(fileobj=stream, mode="w:gz", compresslevel=6) as tar:
        body = json.dumps(manifest, ensure_ascii=False, indent=1, default=str).encode()
        info = tarfile.TarInfo(MANIFEST)
        info.size, info.mode = len(body), 0o600
        tar.addfile(info, io.BytesIO(body))
        for name, path in entries.items():
            tar.add(path, arcname=name, recursive=False)


def unpack(file: Path, target: Path) -> dict[str, Any]:
    """Unpack a backup into `target` (made anew) and compare every digest; CommandError for
    anything that is wrong."""
    if not file.is_file():
        raise CommandError(what="没有这个备份文件 / there is no such backup file", where=str(file))
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(mode=0o700, parents=True)
    try:
        with tarfile.open(file, mode="r:gz") as tar:
            manifest = _manifest(tar)
            for member in tar:
                _extract(tar, member, target, manifest["files"])
        missing = [name for name in manifest["files"] if not (target / name).exists()]
        if missing:
            raise ValueError(f"{missing[0]} is missing")
    except (tarfile.TarError, ValueError, KeyError, EOFError, OSError) as error:
        shutil.rmtree(target, ignore_errors=True)
        raise CommandError(
            what=f"备份文件已损坏或不是登闻的备份：{error} / the backup is damaged or none of ours",
            where=str(file),
            mend="换用另一份备份 / use another backup",
            code=WRONG,
        ) from error
    return manifest


def _manifest(tar: tarfile.TarFile) -> dict[str, Any]:
    """Return the manifest at the head of an archive; ValueError where there is none."""
    first = tar.next()
    body = tar.extractfile(first) if first is not None and first.name == MANIFEST else None
    if body is None:
        raise ValueError(f"no {MANIFEST} at its head")
    manifest: dict[str, Any] = json.loads(body.read())
    if manifest.get("format") != FORMAT:
        raise ValueError(f"format {manifest.get('format')!r} is not {FORMAT}")
    return manifest


def _extract(
    tar: tarfile.TarFile, member: tarfile.TarInfo, target: Path, listed: Mapping[str, Any]
) -> None:
    """Unpack one file and compare its digest; ValueError where it is not as the manifest says."""
    if member.name == MANIFEST:
        return
    known = listed.get(member.name)
    parts = PurePosixPath(member.name).parts
    source = tar.extractfile(member) if member.isreg() else None
    if known is None or source is None or ".." in parts or member.name.startswith("/"):
        raise ValueError(f"{member.name} is not in the manifest")
    path = target.joinpath(*parts)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        shutil.copyfileobj(source, stream, CHUNK)
        stream.flush()
        os.fsync(stream.fileno())
    if _digest(path) != known["sha256"]:
        raise ValueError(f"{member.name} does not have its digest")
    path.chmod(int(known["mode"]))


def _digest(path: Path) -> str:
    """Return the SHA-256 of a file, hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
