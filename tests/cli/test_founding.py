"""`init`, `doctor`: an office from nothing, twice, and of the other kind."""

from __future__ import annotations

import json
import shutil
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import Dengwen


def test_init_makes_an_office_for_its_owner_alone_and_can_be_asked_again(
    founded: Path, another: Callable[[Path], Dengwen]
) -> None:
    dengwen, folder = another(founded), founded
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "keys" / "secret-key").stat().st_mode) == 0o600
    assert stat.S_IMODE((folder / "dengwen.sqlite3").stat().st_mode) == 0o600
    assert (folder / "packs" / "calendar").is_dir()
    assert (folder / "static" / "staticfiles.json").exists()
    assert not (folder / "practice").exists()
    before = {p.name: p.read_bytes() for p in (folder / "keys").iterdir()}
    dengwen("init")
    other = dengwen("init", "--origin", "xf.other.example/2027", code=2)
    assert "xf.other.example/2027" in other.err
    assert "--origin" in other.err
    assert {p.name: p.read_bytes() for p in (folder / "keys").iterdir()} == before
    assert dengwen("init", "--practice", code=2).err.startswith("这个文件夹里是真实办公数据")
    assert "不得写入演练数据" in dengwen("simulate", "--petitions", "1", code=1).err
    assert "时钟" in dengwen("worker", "--once", "--clock", "2025-01-01", code=2).err
    assert {one["name"]: one["state"] for one in dengwen("doctor", "--json").data}[
        "guards"
    ] == "well"


def test_init_refuses_what_is_no_domain_or_no_place_for_a_folder_in_words(
    dengwen: Dengwen, another: Callable[[Path], Dengwen], tmp_path: Path
) -> None:
    for origin in ("xf.a..b/2026", "xf.a.-b/2026", "xf.a-.b/2026"):
        assert "不合格式" in dengwen("init", "--origin", origin, code=2).err
    assert not dengwen.folder.exists()
    file = tmp_path / "file"
    file.touch()
    for place in (file, file / "office"):
        told = another(place)("init", "--origin", "xf.a.example/2026", code=2).err
        assert "DENGWEN_DATA" in told
        assert "NotADirectoryError" not in told
    assert file.read_bytes() == b""


def test_init_asks_for_a_name_of_the_log_and_for_an_empty_folder(dengwen: Dengwen) -> None:
    assert "--origin" in dengwen("init", code=2).err
    assert "xf." in dengwen("init", "--origin", "practice.a.example/2026", code=2).err
    assert not dengwen.folder.exists()
    dengwen.folder.mkdir()
    (dengwen.folder / "letters.txt").write_text("别人的文件", encoding="utf-8")
    assert "letters.txt" in dengwen("init", "--practice", code=2).err
    assert sorted(p.name for p in dengwen.folder.iterdir()) == ["letters.txt"]


def test_without_an_office_every_command_says_how_to_make_one(dengwen: Dengwen) -> None:
    for words in (("doctor",), ("ledger", "check"), ("rederive", "--check"), ("worker", "--once")):
        answer = dengwen(*words, code=2)
        assert "dengwen init" in answer.err
        assert "Traceback" not in answer.err


def test_a_file_that_cannot_be_read_is_named_with_the_mend(
    founded: Path, another: Callable[[Path], Dengwen], tmp_path: Path
) -> None:
    for file in (tmp_path / "none.csv", tmp_path):
        told = another(founded)("organ", "import", str(file), "--by", "registry", code=2).err
        assert "文件读写不了" in told
        assert str(file) in told
        assert "mend" in told
        assert "Errno" not in told


def test_the_doctor_finds_what_is_ill(
    practice: Dengwen, another: Callable[[Path], Dengwen], tmp_path: Path
) -> None:
    ill = another(tmp_path / "ill")
    shutil.copytree(practice.folder, ill.folder)
    with sqlite3.connect(ill.folder / "dengwen.sqlite3") as database:
        database.execute("DROP TRIGGER append_only_update_cases_act")
    database.close()
    (ill.folder / "keys" / "promise.key").chmod(0o444)
    answer = ill("doctor", "--json", "--clock", "2026-12-02", code=1)
    states = {one["name"]: one["state"] for one in json.loads(answer.out)}
    assert (states["guards"], states["keys"], states["calendar"]) == ("ill", "ill", "note")
    assert all(one["mend"] for one in answer.data if one["state"] == "ill")


def test_help_is_there_in_both_languages(practice: Dengwen) -> None:
    told = practice("--help").out
    for command in (
        "init",
        "doctor",
        "pack",
        "calendar",
        "organ",
        "account",
        "backup",
        "restore",
        "rederive",
        "ledger",
        "import",
        "report",
        "simulate",
        "worker",
        "act",
        "case",
        "demo",
        "law",
        "leads",
    ):
        assert command in told
    assert "期限" in told
    assert "practice office" in told
