"""Whose keys a database lives by: another key, a missing one, old tables and bad words are
refused before a write."""

from __future__ import annotations

import json
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from dengwen.access.keys import keyring
from dengwen.ledger.log_keys import create_keys
from tests.cli.conftest import REPOSITORY, Dengwen, on

ORIGIN = "xf.yunjiang.example/2026"
OPENING = (("ledger", "tick"), ("worker", "--once"), ("migrate",))


@pytest.fixture(scope="session")
def lettered(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a real office with letters that are sealed, promised and under a checkpoint;
    only copied."""
    folder = tmp_path_factory.mktemp("lettered") / "office"
    shutil.copytree(founded, folder, ignore=shutil.ignore_patterns("static"))
    (folder / "static").mkdir()
    letters = [
        {
            "source": "示例网",
            "source_no": f"{n}",
            "body": "路灯不亮",
            "time": "2019-04-24T16:03:40",
            "user": "王示例",
        }
        for n in range(2)
    ]
    file = folder.parent / "letters.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in letters), encoding="utf-8")
    program = on(folder)
    program("import", "messages", str(file))
    program("ledger", "tick")
    return folder


@pytest.fixture
def office(lettered: Path, another: Callable[[Path], Dengwen], tmp_path: Path) -> Dengwen:
    """An office with letters, of which a test may spoil what it likes."""
    copy = another(tmp_path / "office")
    shutil.copytree(lettered, copy.folder)
    return copy


def execute(office: Dengwen, *statements: str) -> None:
    with closing(sqlite3.connect(office.folder / "dengwen.sqlite3")) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()


def count(office: Dengwen, table: str) -> int:
    with closing(sqlite3.connect(office.folder / "dengwen.sqlite3")) as database:
        return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # ours


def made_old(office: Dengwen) -> None:
    """Make the office one that was founded before there were fingerprints."""
    execute(
        office,
        "DROP TABLE access_keyprint",
        "DELETE FROM django_migrations WHERE app = 'access' AND name = '0002_keys_of_the_office'",
    )
    (office.folder / "keys" / "fingerprints").unlink()


def other_tenant(keys: Path, scratch: Path) -> None:
    keyring.create(scratch)
    replace(scratch / "tenant", keys / "tenant")


def other_log(keys: Path, scratch: Path) -> None:
    create_keys(scratch, ORIGIN)
    for name in ("log.key", "log.vkey"):
        replace(scratch / "keys" / name, keys / name)


def other_private_log(keys: Path, scratch: Path) -> None:
    create_keys(scratch, ORIGIN)
    replace(scratch / "keys" / "log.key", keys / "log.key")


def other_ident_key(keys: Path, scratch: Path) -> None:
    keyring.create(scratch)
    replace(scratch / "kek-ident-1", keys / "kek-ident-1")


def without_index(keys: Path, _scratch: Path) -> None:
    (keys / "index").unlink()


def unreadable(keys: Path, _scratch: Path) -> None:
    (keys / "receipt").unlink()
    (keys / "receipt").mkdir(mode=0o400)


def without_any(keys: Path, _scratch: Path) -> None:
    for path in keys.iterdir():
        if path.name != "secret-key":
            path.unlink()


def replace(source: Path, target: Path) -> None:
    target.unlink()
    shutil.copy(source, target)


SPOILT: tuple[tuple[Callable[[Path, Path], None], str], ...] = (
    (other_tenant, "tenant: "),
    (other_log, "log: "),
    (other_private_log, "log.key"),
    (other_ident_key, "kek-ident-1: "),
    (without_index, "index"),
    (unreadable, "receipt"),
    (without_any, ""),
)


@pytest.mark.parametrize(("spoil", "named"), SPOILT, ids=[one.__name__ for one, _ in SPOILT])
def test_a_folder_with_other_keys_is_refused_by_every_command_and_nothing_is_written(
    office: Dengwen, tmp_path: Path, spoil: Callable[[Path, Path], None], named: str
) -> None:
    spoil(office.folder / "keys", tmp_path / "scratch")
    before = {p.name: p.stat().st_mtime_ns for p in (office.folder / "keys").iterdir()}
    events = count(office, "ledger_event")
    founding = (
        (("init",),) if spoil in {other_tenant, without_any} else ()
    )  # a new process: the slow one
    for words in (*OPENING, *founding, ("backup", str(tmp_path / "b.tgz"))):
        answer = office(*words, code=1)
        assert named in answer.err
        assert "Traceback" not in answer.err
    told = {one["name"]: one for one in json.loads(office("doctor", "--json", code=1).out)}
    assert told["fingerprints"]["state"] == "ill"
    assert told["fingerprints"]["mend"]
    assert {p.name: p.stat().st_mtime_ns for p in (office.folder / "keys").iterdir()} == before
    assert count(office, "ledger_event") == events
    assert not (tmp_path / "b.tgz").exists()


def test_an_office_founded_before_is_bound_by_the_keys_that_prove_themselves(
    office: Dengwen, tmp_path: Path
) -> None:
    made_old(office)
    for words in (
        ("ledger", "check"),
        ("worker", "--once"),
        ("case", "show", "x", "--by", "clerk"),
    ):
        told = office(*words, code=1).err
        assert "access.0002_keys_of_the_office" in told
        assert "dengwen migrate" in told
    found = json.loads(office("doctor", "--json", code=1).out)
    assert {one["name"]: one["state"] for one in found}["database"] == "ill"
    assert "access.0002_keys_of_the_office" in found[0]["en"]
    pages = subprocess.run(
        [sys.executable, "-c", "import config.wsgi"],
        env={**office.environment, "DENGWEN_DATA": str(office.folder)},
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert pages.returncode == 1
    assert "access.0002_keys_of_the_office" in pages.stderr
    assert "Traceback" not in pages.stderr
    office("backup", str(tmp_path / "before.tgz"))  # before an upgrade comes a backup
    office("migrate")
    assert count(office, "access_keyprint") == len(keyring.names_of_new()) + 2
    office("ledger", "check")
    office("migrate")  # again: nothing to do


@pytest.mark.parametrize(
    ("spoil", "named"), SPOILT[:4], ids=[one.__name__ for one, _ in SPOILT[:4]]
)
def test_an_office_founded_before_is_not_bound_to_keys_that_prove_nothing(
    office: Dengwen, tmp_path: Path, spoil: Callable[[Path, Path], None], named: str
) -> None:
    made_old(office)
    spoil(office.folder / "keys", tmp_path / "scratch")
    assert named.removesuffix(": ") in office("migrate", code=1).err
    with closing(sqlite3.connect(office.folder / "dengwen.sqlite3")) as database:
        tables = {row[0] for row in database.execute("SELECT name FROM sqlite_master")}
    assert "access_keyprint" not in tables


def test_an_old_folder_founds_nothing_in_an_empty_database(office: Dengwen) -> None:
    (office.folder / "dengwen.sqlite3").unlink()
    assert "dengwen restore" in office("init", code=1).err
    assert "数据库是空的" in office("ledger", "check", code=1).err
    assert "数据库是空的" in office("migrate", code=1).err
    (office.folder / "keys" / "fingerprints").unlink()  # as one founded before: its mark tells
    assert "dengwen restore" in office("init", code=1).err


def test_a_first_start_that_was_cut_off_among_the_keys_is_taken_up(dengwen: Dengwen) -> None:
    dengwen("init", "--practice")
    (dengwen.folder / "dengwen.sqlite3").unlink()
    for name in ("fingerprints", "kek-ident-1", "promise.key", "promise.vkey"):
        (dengwen.folder / "keys" / name).unlink()
    dengwen("init", "--practice")
    dengwen("ledger", "check")


@pytest.mark.parametrize(
    "origin",
    [
        "xf.City.example/2026",
        "xf.city.example/26",
        "xf.city.example",
        "xf.城市/2026",
        "xf.a b/2026",
        "xf./2026",
        "practice.a.example/2026",
        f"xf.{'a' * 300}/2026",
        "xf.a.example/2026/x",
        "nonsense",
        "xf.a+b.example/2026",
    ],
)
def test_a_bad_name_of_the_log_leaves_nothing_behind(dengwen: Dengwen, origin: str) -> None:
    answer = dengwen("init", "--origin", origin, code=2)
    assert "--origin" in answer.err
    assert "Traceback" not in answer.err
    assert not dengwen.folder.exists()


@pytest.mark.parametrize(
    "setting",
    [
        ("DENGWEN_DATABASE_URL", "mysql://a.example/b"),
        ("DENGWEN_DATABASE_URL", "postgresql://u:se/cret@h/b"),
        ("DENGWEN_DATABASE_URL", "postgresql://u:secret@127.0.0.1:1/b"),
        ("DENGWEN_HTTPS", "perhaps"),
        ("DENGWEN_POOL", "many"),
    ],
)
def test_a_bad_setting_leaves_nothing_behind_and_no_secret_on_the_screen(
    dengwen: Dengwen, setting: tuple[str, str]
) -> None:
    dengwen.environment.update(
        {"DENGWEN_DATABASE_URL": "postgresql://u:secret@127.0.0.1:1/b", **dict([setting])}
    )
    answer = dengwen("init", "--practice", code=None)
    assert answer.code in {1, 2}
    assert "Traceback" not in answer.err
    assert "se/cret" not in answer.err
    assert "secret@" not in answer.err
    assert "mend" in answer.err.lower()
    assert not dengwen.folder.exists()


def test_a_backup_of_keys_alone_is_for_joining_and_is_not_restored(
    office: Dengwen, another: Callable[[Path], Dengwen], tmp_path: Path
) -> None:
    office("backup", "--keys", str(tmp_path / "k.tgz"))
    assert stat.S_IMODE((tmp_path / "k.tgz").stat().st_mode) & 0o077 == 0
    target = another(tmp_path / "target")
    assert "dengwen join" in target("restore", str(tmp_path / "k.tgz"), code=2).err
    assert (
        "PostgreSQL" in target("join", str(tmp_path / "k.tgz"), code=2).err
    )  # SQLite has one node
    assert not target.folder.exists()


def test_a_restored_office_has_its_keys_and_a_backup_with_others_is_not_opened(
    office: Dengwen, another: Callable[[Path], Dengwen], tmp_path: Path
) -> None:
    office("backup", str(tmp_path / "b.tgz"))
    restored = another(tmp_path / "restored")
    restored("restore", str(tmp_path / "b.tgz"))
    restored("ledger", "check")
    made_old(office)  # a backup of an office without fingerprints: its keys prove themselves
    office("backup", str(tmp_path / "old.tgz"))
    older = another(tmp_path / "older")
    older("restore", str(tmp_path / "old.tgz"))
    assert count(older, "access_keyprint") > 0
