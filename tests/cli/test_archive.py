"""The backup file by itself: a member that would lie outside, or be more than a file, is refused
on every Python."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from pathlib import Path

import pytest

from dengwen.cli.office import archive
from dengwen.cli.shell.output import CommandError

BODY = b"x"


def written(file: Path, member: tarfile.TarInfo, body: bytes = BODY) -> Path:
    """Write an archive whose manifest knows its one member, with the right digest."""
    listed = {member.name: {"sha256": hashlib.sha256(body).hexdigest(), "mode": 0o600}}
    head = json.dumps({"format": archive.FORMAT, "files": listed}).encode()
    with tarfile.open(file, "w:gz") as tar:
        info = tarfile.TarInfo(archive.MANIFEST)
        info.size = len(head)
        tar.addfile(info, io.BytesIO(head))
        member.size = len(body) if member.isreg() else 0
        tar.addfile(member, io.BytesIO(body))
    return file


def test_a_sound_member_is_unpacked(tmp_path: Path) -> None:
    archive.unpack(
        written(tmp_path / "b.tgz", tarfile.TarInfo("keys/a")), tmp_path / "in" / "office"
    )
    assert (tmp_path / "in" / "office" / "keys" / "a").read_bytes() == BODY


@pytest.mark.parametrize("name", ["../a", "keys/../../a", "/tmp/dengwen-outside/a"])
def test_a_name_that_leads_outside_is_refused_and_leaves_nothing(tmp_path: Path, name: str) -> None:
    with pytest.raises(CommandError) as refused:
        archive.unpack(
            written(tmp_path / "b.tgz", tarfile.TarInfo(name)), tmp_path / "in" / "office"
        )
    assert "备份文件已损坏" in str(refused.value)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["b.tgz", "in"]
    assert not Path("/tmp/dengwen-outside").exists()


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE]
)
def test_what_is_no_plain_file_is_refused(tmp_path: Path, kind: bytes) -> None:
    member = tarfile.TarInfo("keys/a")
    member.type, member.linkname = kind, "/etc/passwd"
    with pytest.raises(CommandError):
        archive.unpack(written(tmp_path / "b.tgz", member), tmp_path / "in" / "office")
    assert not (tmp_path / "in" / "office").exists()
