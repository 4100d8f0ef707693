"""Key files, and what a database must promise before it may hold evidence."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings

from dengwen.ledger import durability, log_keys
from dengwen.ledger.errors import KeyFileError, LedgerError
from dengwen.ledger.log_keys import Keys, create_keys, current
from dengwen.merkle.note import SignerKey
from tests.ledger.conftest import ORIGIN


def test_two_different_key_pairs_are_made_and_read_back(tmp_path: Path) -> None:
    made = create_keys(tmp_path, ORIGIN)
    assert Keys.load(tmp_path) == made
    assert made.origin == ORIGIN
    assert not made.is_practice
    assert made.promise.name == f"{ORIGIN}/promise"
    assert made.log_signer().public == made.log_public
    assert len({key.public_key for key in made.vkeys()}) == 2
    for name in ("log.key", "promise.key"):
        assert stat.S_IMODE((tmp_path / "keys" / name).stat().st_mode) == 0o400
    assert (tmp_path / "keys" / "log.vkey").read_text() == f"{made.log_public}\n"


def test_keys_are_never_overwritten_and_never_the_same_twice(tmp_path: Path) -> None:
    first = create_keys(tmp_path, ORIGIN)
    with pytest.raises(KeyFileError, match="exists already"):
        create_keys(tmp_path, ORIGIN)
    assert Keys.load(tmp_path) == first
    assert create_keys(tmp_path / "other", ORIGIN).log_public != first.log_public


@pytest.mark.parametrize(
    "origin", ["practice.example/2026", "practice.xf.yunjiang.example/2025", "xf.a/2026"]
)
def test_good_origins(tmp_path: Path, origin: str) -> None:
    assert create_keys(tmp_path, origin).is_practice == origin.startswith("practice.")


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "example.gov.cn/2026",
        "xf.example.gov.cn",
        "xf.example.gov.cn/26",
        "xf.Example/2026",
        "xf./2026",
        "xf.a b/2026",
        "xf.a+b/2026",
        "https://xf.example/2026",
        "xf.example/2026\n",
        "xf.登闻/2026",
    ],
)
def test_bad_origins_are_refused(tmp_path: Path, origin: str) -> None:
    with pytest.raises(ValueError, match="origin"):
        create_keys(tmp_path, origin)
    assert not (tmp_path / "keys").exists()


def rewrite(file: Path, text: str) -> None:
    file.chmod(0o600)
    file.write_text(text)
    file.chmod(0o400)


def test_key_files_that_cannot_be_trusted_are_refused(tmp_path: Path) -> None:
    made = create_keys(tmp_path, ORIGIN)
    folder = tmp_path / "keys"
    good = (folder / "promise.key").read_text()
    other = SignerKey.of(f"{ORIGIN}/promise", made.log_signer().seed)
    stranger = SignerKey.of("xf.other/2026/promise", os.urandom(32))
    for text, says in (
        ("nonsense", "PRIVATE"),
        (good[:-5], "restore"),
        (other.private_text(), "are one"),
        (stranger.private_text(), "does not promise"),
    ):
        rewrite(folder / "promise.key", text)
        with pytest.raises(KeyFileError, match=says) as caught:
            Keys.load(tmp_path)
        assert "Mend" in str(caught.value)
    rewrite(folder / "promise.key", good)
    (folder / "promise.key").chmod(0o440)
    with pytest.raises(KeyFileError, match="chmod 400"):
        Keys.load(tmp_path)


def test_the_pages_work_without_the_log_key_and_only_sealing_needs_it(tmp_path: Path) -> None:
    create_keys(tmp_path, ORIGIN)
    (tmp_path / "keys" / "log.key").unlink()
    loaded = Keys.load(tmp_path)
    with pytest.raises(KeyFileError, match=r"log\.key cannot be read"):
        loaded.log_signer()
    stranger = SignerKey.of(ORIGIN, os.urandom(32))
    (tmp_path / "keys" / "log.key").write_text(stranger.private_text())
    (tmp_path / "keys" / "log.key").chmod(0o400)
    with pytest.raises(KeyFileError, match="does not belong"):
        loaded.log_signer()


def test_each_data_folder_has_its_own_keys(tmp_path: Path, settings: Settings) -> None:
    origins = []
    for name in ("xf.a/2026", "xf.b/2026"):
        settings.DATA = tmp_path / name[3]
        create_keys(settings.DATA, name)
        origins.append(current().origin)
    assert origins == ["xf.a/2026", "xf.b/2026"]
    settings.DATA = tmp_path / "none"
    with pytest.raises(KeyFileError, match="dengwen join"):
        log_keys.current()


# --- durability -----------------------------------------------------------------------------------


class Answers:
    """A connection that answers as a careless installation would."""

    def __init__(self, vendor: str, answers: dict[str, Any]) -> None:
        self.vendor = vendor
        self.settings_dict = {"NAME": "/srv/dengwen.sqlite3"}
        self._answers = answers
        self._row: tuple[Any, ...] = ()

    def cursor(self) -> Answers:
        return self

    def __enter__(self) -> Answers:
        return self

    def __exit__(self, *_: object) -> None:
        return

    def execute(self, statement: str, params: list[str] | None = None) -> Answers:
        key = params[0] if params else statement.rsplit(maxsplit=1)[-1].removesuffix("()")
        self._row = (self._answers[key],)
        return self

    def fetchone(self) -> tuple[Any, ...]:
        return self._row


def sqlite(synchronous: int = 2, journal: str = "delete", version: str = "3.40.1") -> Answers:
    return Answers(
        "sqlite", {"synchronous": synchronous, "journal_mode": journal, "sqlite_version": version}
    )


def postgresql(**change: str) -> Answers:
    return Answers("postgresql", {"synchronous_commit": "on", "fsync": "on", **change})


@pytest.mark.parametrize(
    "good",
    [
        sqlite(),
        sqlite(3),
        sqlite(2, "wal", "3.51.3"),
        sqlite(2, "wal", "3.50.7"),
        postgresql(),
        postgresql(synchronous_commit="remote_apply"),
    ],
)
@pytest.mark.doc("ledger.md#0-D5")
def test_a_database_that_keeps_its_word_is_accepted(good: Any) -> None:
    durability.check(good)


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (sqlite(1), "synchronous=1"),
        (sqlite(0), "synchronous=0"),
        (sqlite(2, "memory"), "journal_mode=memory"),
        (sqlite(2, "wal", "3.40.1"), "WAL"),
        (sqlite(2, "wal", "3.50.6"), "WAL"),
        (sqlite(2, "wal", "3.45.0"), "WAL"),
        (postgresql(synchronous_commit="off"), "synchronous_commit=off"),
        (postgresql(fsync="off"), "fsync=off"),
        (Answers("mysql", {}), "mysql"),
    ],
)
def test_a_database_that_forgets_is_refused_with_the_mend(bad: Any, says: str) -> None:
    with pytest.raises(LedgerError, match=says) as caught:
        durability.check(bad)
    assert "Mend" in str(caught.value)


@pytest.mark.django_db(transaction=True)
def test_the_database_of_these_settings_and_one_made_careless() -> None:
    if connection.vendor == "sqlite":
        durability.check(connection)
        weaken, mend = "PRAGMA synchronous=NORMAL", "PRAGMA synchronous=FULL"
    else:  # the throw-away server of the tests runs without fsync, and is refused for it
        with pytest.raises(LedgerError, match="fsync"):
            durability.check(connection)
        weaken, mend = "SET synchronous_commit = off", "SET synchronous_commit = on"
    with connection.cursor() as cursor:
        cursor.execute(weaken)
        with pytest.raises(LedgerError, match="synchronous"):
            durability.check(connection)
        cursor.execute(mend)
