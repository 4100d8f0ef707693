"""Backup, restore, checks: what is brought back is what was there, or it is not opened."""

from __future__ import annotations

import hashlib
import io
import shutil
import sqlite3
import tarfile
from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import Dengwen


def test_a_backup_is_restored_and_stands_the_checks(
    practice: Dengwen, another: Callable[[Path], Dengwen], tmp_path: Path
) -> None:
    practice("ledger", "tick")
    practice("backup", str(tmp_path / "b.tgz"))
    assert (tmp_path / "b.tgz").stat().st_mode & 0o077 == 0
    assert "已存在" in practice("backup", str(tmp_path / "b.tgz"), code=2).err
    restored = another(tmp_path / "restored")
    restored("restore", str(tmp_path / "b.tgz"))
    assert restored("ledger", "check", "--json").data == {"sound": True, "findings": []}
    assert restored("rederive", "--check", "--json").data["differences"] == []
    assert restored("doctor", "--json").code == 0
    assert (
        restored("ledger", "tick", "--json").data["size"]
        == practice("ledger", "tick", "--json").data["size"]
    )
    assert "不是空的" in restored("restore", str(tmp_path / "b.tgz"), code=2).err


def test_a_backup_that_was_changed_is_not_opened(
    practice: Dengwen, another: Callable[[Path], Dengwen], tmp_path: Path
) -> None:
    practice("ledger", "tick")
    practice("backup", str(tmp_path / "b.tgz"))
    (tmp_path / "torn.tgz").write_bytes((tmp_path / "b.tgz").read_bytes()[:-2000])
    target = another(tmp_path / "target")
    assert "已损坏" in target("restore", str(tmp_path / "torn.tgz"), code=1).err
    forge(tmp_path / "b.tgz", tmp_path / "forged.tgz", tmp_path / "scratch")
    answer = target("restore", str(tmp_path / "forged.tgz"), code=1)
    assert "没有恢复" in answer.err
    assert "ledger_event" in answer.err or "cases_act" in answer.err
    assert sorted(p.name for p in tmp_path.iterdir() if p.name.startswith("target")) == []


def forge(source: Path, target: Path, scratch: Path) -> None:
    """Back-date an act inside a backup and give the archive fresh digests, as a clever operator
    would."""
    with tarfile.open(
        source
    ) as tar:  # file by file: Debian's Python 3.11.2 knows no filter for a whole archive
        for member in tar:
            path = scratch / member.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(tar.extractfile(member).read())  # type: ignore[union-attr]
    with sqlite3.connect(scratch / "dengwen.sqlite3") as database:
        database.execute("DROP TRIGGER append_only_update_cases_act")
        last = "(SELECT max(id) FROM cases_act)"
        database.execute(
            f"UPDATE cases_act SET occurred_at = '2020-01-01 00:00:00' WHERE id = {last}"
        )
    database.close()
    old = (scratch / "manifest.json").read_text(encoding="utf-8")
    with tarfile.open(source) as tar:
        before = hashlib.sha256(tar.extractfile("dengwen.sqlite3").read()).hexdigest()  # type: ignore[union-attr]
    after = hashlib.sha256((scratch / "dengwen.sqlite3").read_bytes()).hexdigest()
    manifest = old.replace(before, after).encode()
    with tarfile.open(target, "w:gz") as tar:
        info = tarfile.TarInfo("manifest.json")
        info.size = len(manifest)
        tar.addfile(info, io.BytesIO(manifest))
        for path in sorted(scratch.rglob("*")):
            if path.is_file() and path.name != "manifest.json":
                tar.add(path, arcname=str(path.relative_to(scratch)))


def test_rederive_names_what_was_altered_and_mends_it(
    practice: Dengwen, another: Callable[[Path], Dengwen], tmp_path: Path
) -> None:
    altered = another(tmp_path / "altered")
    shutil.copytree(practice.folder, altered.folder)
    with sqlite3.connect(altered.folder / "dengwen.sqlite3") as database:
        row = database.execute("SELECT max(id) FROM cases_duty WHERE due IS NOT NULL").fetchone()[0]
        database.execute("UPDATE cases_duty SET due = '2030-01-01' WHERE id = ?", (row,))
    database.close()
    found = altered("rederive", "--check", "--json", code=1).data["differences"]
    assert [(d["table"], d["row"], d["field"]) for d in found] == [("cases_duty", row, "due")]
    assert altered("rederive", "--json").data["rewritten_cases"] == 1
    assert altered("rederive", "--check", "--json").data["differences"] == []


def test_a_kept_high_water_mark_forbids_an_older_backup_to_go_on(
    practice: Dengwen, another: Callable[[Path], Dengwen], tmp_path: Path
) -> None:
    practice("ledger", "tick")
    practice("backup", str(tmp_path / "old.tgz"))
    practice(
        "act",
        "--open",
        "petition",
        "register",
        "--by",
        "clerk",
        "--set",
        "channel=phone",
        "--set",
        "office=petition_office",
        "--text",
        "content=路灯不亮",
    )
    practice("ledger", "tick")
    target = another(tmp_path / "target")
    (target.folder / "ledger").mkdir(parents=True)
    shutil.copy(practice.folder / "ledger" / "high-water", target.folder / "ledger" / "high-water")
    target("restore", str(tmp_path / "old.tgz"))
    target(
        "act",
        "--open",
        "petition",
        "register",
        "--by",
        "clerk",
        "--set",
        "channel=phone",
        "--set",
        "office=petition_office",
        "--text",
        "content=井盖松动",
    )
    answer = target("ledger", "tick", code=None)
    assert answer.code == 1
    assert "signed" in answer.err
