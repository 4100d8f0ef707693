"""Keys kept at hand and keys proved: what is read once is not read again, what nobody made counts
for nothing, and a folder of other keys is found out by what was sealed."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.access import startup_check
from dengwen.access.errors import SealError
from dengwen.access.keys import blind_index, key_fingerprints, keyring, randomness, sealed_values
from dengwen.access.keys.key_fingerprints import (
    MARK,
    KeyMismatchError,
    hold,
    prints_in,
    refuse_unproven,
)
from dengwen.access.keys.keyring import KeyRing
from dengwen.access.keys.sealed_values import CaseKeys, Place, seal, unseal
from dengwen.access.models import CaseKey, KeyPrint
from dengwen.ledger import watermark
from dengwen.ledger.log_keys import create_keys

from .conftest import NOW

PLACE = Place("cases_content", "7f0c", "name", "D2")


class Book:
    """Rows of keys as somebody keeps them, noting what is asked."""

    def __init__(self, *, first: bool = True) -> None:
        self.first = first
        self.asked: list[str] = []
        self.rows: list[CaseKey] = []

    def of_case(self, case_id: int) -> list[CaseKey]:
        self.asked.append(f"read {case_id}")
        return list(self.rows)

    def add(self, row: CaseKey) -> None:
        self.asked.append(f"add {row.version}")

    def add_unless_made(self, row: CaseKey) -> bool:
        self.asked.append(f"add unless made {row.version}")
        return self.first


# --- keys at hand ---------------------------------------------------------------------------------
def test_the_keys_of_a_case_are_read_once_and_unwrapped_once(
    ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = Book()
    keys = CaseKeys(book)
    unwrapped: list[int] = []
    real = sealed_values._unwrap

    def noting(given: KeyRing, row: CaseKey) -> bytes:
        unwrapped.append(row.version)
        return real(given, row)

    monkeypatch.setattr(sealed_values, "_unwrap", noting)
    sealed = [seal(ring, 1, PLACE, text, NOW, keys) for text in (b"one", b"two")]
    assert book.asked == ["read 1", "add unless made 1"]
    assert [unseal(ring, 1, PLACE, one, keys) for one in sealed] == [b"one", b"two"]
    assert unwrapped == [1]


def test_of_a_case_just_opened_no_keys_are_looked_for(ring: KeyRing) -> None:
    book = Book()
    keys = CaseKeys(book)
    keys.opened(1)
    seal(ring, 1, PLACE, b"one", NOW, keys)
    assert book.asked == ["add 1"]


def test_the_key_of_another_worker_counts_where_that_was_first(db: None, ring: KeyRing) -> None:
    theirs = sealed_values.renew(ring, 1, "ident", NOW)
    ours = sealed_values._made(ring, 1, "ident", 1, NOW)
    assert CaseKeys(Book(first=False)).write(ours).pk == theirs.pk
    assert CaseKeys(Book(first=True)).write(ours) is ours


def test_the_first_key_of_a_compartment_is_its_first_version(db: None, ring: KeyRing) -> None:
    assert [sealed_values.renew(ring, 1, "ident", NOW).version for _ in range(2)] == [1, 2]
    assert sealed_values.renew(ring, 1, "content", NOW).version == 1
    assert sealed_values.renew(ring, 2, "ident", NOW).version == 1


@pytest.mark.parametrize("length", range(sealed_values.HEAD + 1))
def test_what_is_too_short_to_be_sealed_is_told_as_broken(ring: KeyRing, length: int) -> None:
    keys = CaseKeys(Book())
    sealed = seal(ring, 1, PLACE, b"", NOW, keys)
    with pytest.raises(SealError) as broken:
        unseal(ring, 1, PLACE, sealed[:length], keys)
    assert broken.value.code == "broken"


def test_another_format_is_told_as_broken_without_looking_for_a_key(ring: KeyRing) -> None:
    book = Book()
    with pytest.raises(SealError, match="密封内容无法打开"):
        unseal(ring, 1, PLACE, b"\x02" + bytes(80), CaseKeys(book))
    assert book.asked == []


def test_a_version_nobody_made_and_a_key_half_destroyed_open_nothing(ring: KeyRing) -> None:
    book = Book()
    sealed = seal(ring, 1, PLACE, b"text", NOW, CaseKeys(book))
    book.rows = [sealed_values._made(ring, 1, "ident", 1, NOW)]
    with pytest.raises(SealError) as unknown:
        unseal(ring, 1, PLACE, sealed[:4] + b"\x02" + sealed[5:], CaseKeys(book))
    assert unknown.value.code == "broken"
    for change in ({"destroyed_at": NOW}, {"wrapped": b""}):
        [row] = book.rows
        damaged = sealed_values._made(ring, 1, "ident", 1, NOW)
        damaged.wrapped = row.wrapped
        for name, value in change.items():
            setattr(damaged, name, value)
        with pytest.raises(SealError) as erased:
            CaseKeys(Book()).plain(ring, damaged)
        assert erased.value.code == "erased"
        assert not sealed_values.opens(ring, damaged)


# --- keys in files --------------------------------------------------------------------------------
def test_a_file_beside_the_keys_is_no_key(ring: KeyRing, folder: Path) -> None:
    for name in ("kek-ident-1.bak", "kek-ident", "kek-IDENT-2", "kek-ident-x"):
        (folder / name).write_text("a copy somebody made", encoding="ascii")
    assert keyring.load(folder) == ring


def test_bytes_beyond_the_last_full_round_are_thrown_away() -> None:
    given = iter([bytes([249, 250, 255, 251]), bytes([0, 1, 2, 3])])
    with randomness.drawn_from(lambda _count: next(given)):
        assert randomness.letters("0123456789", 4) == "9012"


def test_two_identity_numbers_that_differ_in_their_check_letter_are_two() -> None:
    assert blind_index.same("id_number", "11010519491231002x", " 1101051949 1231002X")
    assert not blind_index.same("id_number", "11010519491231002X", "11010519491231002")
    assert not blind_index.same("id_number", "", "")


# --- whose keys a database lives by ---------------------------------------------------------------
def folder_of(place: Path) -> Path:
    create_keys(place, "xf.yunjiang.example/2026")
    keyring.create(place / "keys")
    return place


def test_a_folder_that_cannot_open_what_was_sealed_is_refused(db: None, tmp_path: Path) -> None:
    mine, other = folder_of(tmp_path / "mine"), folder_of(tmp_path / "other")
    for compartment in ("D2", "D3"):
        place = Place("cases_content", "7f0c", "name", compartment)
        seal(keyring.load(mine / "keys"), 1, place, b"sealed", NOW)
    refuse_unproven(mine)
    with pytest.raises(KeyMismatchError) as refused:
        hold(other, NOW)
    assert "tenant/kek-content-1" in refused.value.zh
    assert "tenant/kek-ident-1" in refused.value.zh
    assert "登记；" not in refused.value.zh  # bound nowhere yet, so no folder is named
    assert "were bound in" not in refused.value.en
    assert not KeyPrint.objects.exists()
    hold(mine, NOW)


def test_a_destroyed_key_proves_nothing_and_a_generation_that_sealed_nothing_is_not_missed(
    db: None, tmp_path: Path
) -> None:
    mine, other = folder_of(tmp_path / "mine"), folder_of(tmp_path / "other")
    keyring.add_generation(mine / "keys", "ident")
    ring = keyring.load(mine / "keys")
    seal(ring, 1, PLACE, b"sealed under the second generation", NOW)
    assert CaseKey.objects.get().generation == 2
    refuse_unproven(mine)
    sealed_values.destroy(1, "ident", act=1, now=NOW)
    refuse_unproven(other)


def test_the_private_key_of_the_log_is_compared_where_it_may_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, other = folder_of(tmp_path / "mine"), folder_of(tmp_path / "other")
    here = prints_in(mine)
    private = mine / "keys" / "log.key"
    private.unlink()
    assert prints_in(mine) == here
    private.write_bytes((other / "keys" / "log.key").read_bytes())
    private.chmod(0o400)
    with pytest.raises(Exception, match=r"log\.key|log\.pub"):
        prints_in(mine)
    monkeypatch.setattr("os.access", lambda *_: False)
    assert prints_in(mine) == here


def test_a_database_without_a_place_for_fingerprints_names_no_folder(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(folder_of(tmp_path / "mine"), NOW)
    assert str(tmp_path / "mine") in key_fingerprints.mismatch(tmp_path, ["x"]).zh
    monkeypatch.setattr(key_fingerprints, "_is_there", lambda _model: False)
    assert str(tmp_path / "mine") not in key_fingerprints.mismatch(tmp_path, ["x"]).zh


def test_the_mark_of_an_office_is_the_file_its_ledger_leaves(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    mark = watermark.place()
    assert mark == tmp_path / MARK
    mark.parent.mkdir()
    assert not key_fingerprints.belongs_to_an_office(tmp_path)
    mark.touch()
    assert key_fingerprints.belongs_to_an_office(tmp_path)


def test_what_was_bound_is_written_into_the_folder_once(db: None, tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "mine")
    hold(folder, NOW)
    kept = folder / key_fingerprints.KEPT
    first = kept.stat()
    hold(folder, NOW)
    assert kept.stat().st_ino == first.st_ino
    assert kept.stat().st_mode & 0o777 == 0o600
    kept.write_text("log 00\n", encoding="ascii")
    hold(folder, NOW)
    assert kept.read_text(encoding="ascii") != "log 00\n"


def test_the_name_of_a_folder_is_kept_as_far_as_its_column_goes() -> None:
    room = KeyPrint._meta.get_field("folder").max_length
    assert len(key_fingerprints._home(Path("d" * 9_000))) == room


# --- starting -------------------------------------------------------------------------------------
def test_a_database_of_this_program_may_be_opened(db: None) -> None:
    assert startup_check.pending() == []
    assert not startup_check.is_empty()
    startup_check.refuse_old_tables()


@pytest.mark.parametrize(
    ("vendor", "closed", "said"),
    [
        ("sqlite", False, []),
        ("postgresql", False, ["SELECT pg_advisory_lock(%s)", "SELECT pg_advisory_unlock(%s)"]),
        ("postgresql", True, ["SELECT pg_advisory_lock(%s)"]),
    ],
)
def test_nobody_else_founds_the_same_database_meanwhile(
    vendor: str, said: list[str], monkeypatch: pytest.MonkeyPatch, *, closed: bool
) -> None:
    asked: list[tuple[str, list[int]]] = []

    class Cursor:
        def __enter__(self) -> Cursor:
            return self

        def __exit__(self, *_: object) -> None:
            return None

        def execute(self, statement: str, values: list[int]) -> None:
            asked.append((statement, values))

    def lose() -> None:
        connection.connection = SimpleNamespace(closed=True)

    connection: Any = SimpleNamespace(
        vendor=vendor, cursor=Cursor, connection=SimpleNamespace(closed=False)
    )
    monkeypatch.setattr(startup_check, "connection", connection)
    with startup_check.alone():
        assert [statement for statement, _ in asked] == said[:1]
        if closed:
            lose()
    assert [statement for statement, _ in asked] == said
    assert len({tuple(values) for _, values in asked}) <= 1  # the lock that is taken is let go
    connection.connection = None
    asked.clear()
    with startup_check.alone():
        pass
    assert [statement for statement, _ in asked] == said[:1]
