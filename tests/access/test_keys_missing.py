"""A key that is missing, of another length, or did not sign: said, and never passed over."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError

from dengwen.access import startup_check
from dengwen.access.errors import SealError
from dengwen.access.keys import key_fingerprints, sealed_values
from dengwen.access.keys.keyring import KeyRing
from dengwen.access.login import sign_in
from dengwen.access.startup_check import OldTablesError
from dengwen.merkle.errors import RejectedError
from tests.invented_rows import Rows

from .conftest import NOW

RING = KeyRing("tenant", {("ident", 1): b"a" * 32, ("ident", 2): b"b" * 32}, {"index": b"k" * 32})


def test_a_key_that_is_not_here_is_named() -> None:
    assert RING.newest("ident") == 2
    assert RING.kek("ident", 1) == b"a" * 32
    assert len(RING.digest("index", "x")) == 64
    for ask in (
        lambda: RING.newest("accuse"),
        lambda: RING.kek("ident", 3),
        lambda: RING.digest("receipt", "x"),
    ):
        with pytest.raises(SealError):
            ask()


@pytest.mark.parametrize(("length", "taken"), [(11, False), (12, True), (13, False)])
def test_a_nonce_has_ninety_six_bits(length: int, *, taken: bool) -> None:
    key, nonce = b"k" * 32, b"n" * length
    if taken:
        sealed = sealed_values.encrypt(key, nonce, b"plain", b"aad")
        assert sealed_values.decrypt(key, nonce, sealed, b"aad") == b"plain"
        return
    with pytest.raises(ValueError, match="12 bytes only"):
        sealed_values.encrypt(key, nonce, b"plain", b"aad")


def stood(*rows: Any) -> Any:
    return SimpleNamespace(objects=Rows(*rows))


@pytest.mark.parametrize(
    ("origins", "heads", "promises", "opens", "wrong"),
    [
        ([], [], [], True, []),
        ([], ["head"], ["promise"], True, []),
        ([], ["head"], ["promise"], False, ["log", "promise"]),
        ([], [], ["promise"], False, ["promise"]),
        ([], ["head"], [], False, ["log"]),
        (["elsewhere"], ["head"], ["promise"], True, ["log"]),
    ],
)
def test_keys_that_did_not_sign_the_oldest_are_named(
    origins: list[str],
    heads: list[str],
    promises: list[str],
    wrong: list[str],
    monkeypatch: pytest.MonkeyPatch,
    *,
    opens: bool,
) -> None:
    def open_(*_: Any) -> None:
        if not opens:
            raise RejectedError("another key")

    monkeypatch.setattr(key_fingerprints, "Tree", stood(*origins))
    monkeypatch.setattr(key_fingerprints, "Checkpoint", stood(*heads))
    monkeypatch.setattr(key_fingerprints, "Event", stood(*promises))
    monkeypatch.setattr(key_fingerprints, "open_note", open_)
    monkeypatch.setattr(key_fingerprints, "Promise", SimpleNamespace(open=open_))
    keys: Any = SimpleNamespace(
        origin="here", log_public="log", promise=SimpleNamespace(public="promise")
    )
    found = [line.partition(":")[0] for line in key_fingerprints._against_log(keys)]
    assert found == wrong


@pytest.mark.parametrize(
    ("log", "ring", "there", "named"),
    [
        ([], [], True, ""),
        (["log: x"], [], True, "log: x"),
        ([], ["kek: y"], True, "kek: y"),
        (["log: x"], ["kek: y"], True, "log: x, kek: y"),
        (["log: x"], ["kek: y"], False, ""),  # a database from before there were any
    ],
)
def test_a_database_signed_by_other_keys_is_refused(
    log: list[str], ring: list[str], named: str, monkeypatch: pytest.MonkeyPatch, *, there: bool
) -> None:
    monkeypatch.setattr(key_fingerprints, "Keys", SimpleNamespace(load=lambda _folder: None))
    monkeypatch.setattr(key_fingerprints, "keyring", SimpleNamespace(load=lambda _folder: None))
    monkeypatch.setattr(key_fingerprints, "_is_there", lambda _model: there)
    monkeypatch.setattr(key_fingerprints, "_against_log", lambda _keys: log)
    monkeypatch.setattr(key_fingerprints, "_against_ring", lambda _ring: ring)
    monkeypatch.setattr(
        key_fingerprints, "mismatch", lambda _folder, lines: ValueError(", ".join(lines))
    )
    if not named:
        key_fingerprints.refuse_unproven(Path())
        return
    with pytest.raises(ValueError, match=named):
        key_fingerprints.refuse_unproven(Path())


@pytest.mark.parametrize("bound", [{}, {"log": "ab"}])
def test_a_binding_that_fails_is_raised_unless_another_node_was_first(
    bound: dict[str, str], monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    def refuse(_rows: Any) -> None:
        raise IntegrityError

    class KeyPrint(SimpleNamespace):
        objects = SimpleNamespace(bulk_create=refuse)

    monkeypatch.setattr(key_fingerprints, "KeyPrint", KeyPrint)
    monkeypatch.setattr(key_fingerprints, "bound", lambda: bound)
    if bound:
        assert key_fingerprints._bind(Path(), {"log": "cd"}, NOW) == bound
        return
    with pytest.raises(IntegrityError):
        key_fingerprints._bind(Path(), {"log": "cd"}, NOW)


@pytest.mark.parametrize(
    ("missing", "empty", "code", "said"),
    [
        (0, False, "", ""),
        (0, True, "", ""),
        (3, True, "empty", "没有登闻的表"),
        (3, False, "old_tables", "还有 3 个迁移没有做：a.0, a.1, a.2"),
        (6, False, "old_tables", "a.5"),
        (7, False, "old_tables", "a.5 …"),
    ],
)
def test_tables_older_than_the_program_are_refused_by_name(
    missing: int, code: str, said: str, monkeypatch: pytest.MonkeyPatch, *, empty: bool
) -> None:
    monkeypatch.setattr(startup_check, "pending", lambda: [f"a.{n}" for n in range(missing)])
    monkeypatch.setattr(startup_check, "is_empty", lambda: empty)
    if not code:
        startup_check.refuse_old_tables()
        return
    with pytest.raises(OldTablesError) as refused:
        startup_check.refuse_old_tables()
    assert refused.value.code == code
    assert said in refused.value.zh
    assert ("…" in refused.value.zh) is (missing > 6)


def test_only_a_known_device_counts_for_a_guess(monkeypatch: pytest.MonkeyPatch) -> None:
    keys: Any = SimpleNamespace(digest=lambda *parts: "/".join(parts))
    monkeypatch.setattr(sign_in, "Device", SimpleNamespace(objects=Rows("device")))
    user: Any = "wang"
    assert sign_in._known(keys, user, "token")
    assert not sign_in._known(keys, None, "token")
    assert not sign_in._known(keys, user, "")
    with_device = sign_in._guess_key(keys, "wang", "192.0.2.7", "token")
    assert "token" in with_device
    assert "192.0.2.7" not in with_device
    assert "192.0.2.7" in sign_in._guess_key(keys, "wang", "192.0.2.7", "")
