"""Whose keys a database lives by: another key, a missing one and an empty database are refused by
name, and a fingerprint once bound stays."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.access.keys import key_fingerprints, keyring
from dengwen.access.keys.key_fingerprints import (
    Difference,
    KeyMismatchError,
    bound,
    differences,
    hold,
    prints_in,
    shown,
)
from dengwen.access.models import KeyPrint
from dengwen.ledger.log_keys import create_keys

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def folder_of(place: Path) -> Path:
    create_keys(place, "xf.yunjiang.example/2026")
    keyring.create(place / "keys")
    return place


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with keys of its own."""
    return folder_of(tmp_path / "one")


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """Another one."""
    return folder_of(tmp_path / "other")


def test_a_key_differs_where_it_is_another_or_missing_here() -> None:
    there = {"a": "1", "b": "2", "c": "3"}
    assert differences(there, there) == []
    assert differences({"a": "1", "b": "x", "d": "4"}, there) == [
        Difference("b", "x", "2"),
        Difference("c", "", "3"),
    ]
    assert shown("0123456789abcdef0123") == "0123456789abcdef"
    assert shown("") == "—"
    assert str(Difference("c", "", "3")) == "c: — ≠ 3"


def test_a_fingerprint_is_of_every_key_and_of_no_other(folder: Path, other: Path) -> None:
    here = prints_in(folder)
    assert {"log", "promise", "tenant"} < set(here)
    assert any(name.startswith("kek-") for name in here)
    assert prints_in(folder) == here
    elsewhere = prints_in(other)
    assert set(elsewhere) == set(here)
    assert not {name for name in here if here[name] == elsewhere[name] and name != "log"}


def test_a_folder_is_bound_once_and_then_held(
    db: None, folder: Path, other: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert bound() == {}
    hold(folder, NOW)
    kept = bound()
    assert kept == prints_in(folder)
    monkeypatch.setattr(key_fingerprints, "refuse_unproven", lambda _folder: pytest.fail("asked"))
    hold(folder, NOW)
    assert bound() == kept
    said = (folder / key_fingerprints.KEPT).read_text(encoding="ascii")
    assert said == "".join(f"{key} {kept[key]}\n" for key in sorted(kept))
    with pytest.raises(KeyMismatchError) as refused:
        hold(other, NOW)
    assert refused.value.code == "other_keys"
    assert "tenant: " in refused.value.zh
    assert str(folder) in refused.value.zh
    assert str(folder) in refused.value.en
    assert bound() == kept
    assert not (other / key_fingerprints.KEPT).exists()


def test_a_missing_key_of_the_database_is_refused_and_a_new_one_bound(
    db: None, folder: Path
) -> None:
    older = {name: text for name, text in prints_in(folder).items() if name != "tenant"}
    key_fingerprints._bind(folder, older, NOW)
    hold(folder, NOW)
    assert bound() == prints_in(folder)
    KeyPrint.objects.create(key="kek-D2-9", fingerprint="ab", folder="x", bound_at=NOW)
    with pytest.raises(KeyMismatchError, match="kek-D2-9: — ≠ ab"):
        hold(folder, NOW)


def test_a_folder_of_an_office_is_not_opened_on_an_empty_database(db: None, folder: Path) -> None:
    key_fingerprints.refuse_lost_database(folder)
    assert not key_fingerprints.belongs_to_an_office(folder)
    kept = folder / key_fingerprints.KEPT
    kept.write_text("", encoding="ascii")
    assert key_fingerprints.belongs_to_an_office(folder)
    with pytest.raises(KeyMismatchError) as refused:
        hold(folder, NOW)
    assert refused.value.code == "lost_database"
    kept.unlink()
    mark = folder / key_fingerprints.MARK
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.write_text("", encoding="ascii")
    assert key_fingerprints.belongs_to_an_office(folder)
    mark.unlink()
    hold(folder, NOW)
    kept.write_text("", encoding="ascii")
    assert not key_fingerprints.is_unused()
    key_fingerprints.refuse_lost_database(folder)


@pytest.mark.parametrize(
    ("vendor", "host", "port", "said"),
    [
        ("sqlite", "", "", "office"),
        ("postgresql", "", "", "postgresql://localhost:5432/office"),
        ("postgresql", "db.example", "6000", "postgresql://db.example:6000/office"),
    ],
)
def test_a_database_is_named_without_account_and_password(
    vendor: str, host: str, port: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = {"NAME": "office", "HOST": host, "PORT": port, "USER": "u", "PASSWORD": "p"}
    connection: Any = SimpleNamespace(vendor=vendor, settings_dict=settings)
    monkeypatch.setattr(key_fingerprints, "connection", connection)
    assert key_fingerprints.database() == said


def test_keys_that_are_missing_are_made_and_the_others_stay(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    assert keyring.complete(keys)
    made = {path.name: path.read_bytes() for path in keys.iterdir()}
    assert set(made) == set(keyring.names_of_new())
    sizes = {name: len(bytes.fromhex(body.decode())) for name, body in made.items()}
    assert sizes.pop("tenant") == keyring.TENANT_BYTES
    assert set(sizes.values()) == {keyring.KEY_BYTES}
    assert not keyring.complete(keys)
    lost = min(made)
    (keys / lost).unlink()
    assert keyring.complete(keys)
    assert {path.name: path.read_bytes() for path in keys.iterdir() if path.name != lost} == {
        name: body for name, body in made.items() if name != lost
    }
