"""The small print of access: who goes first, who is named, what is cut, and what is asked once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.db import DatabaseError, OperationalError, connection, transaction

from dengwen.access import read_log, startup_check
from dengwen.access.errors import UnloggedReadError
from dengwen.access.keys import key_fingerprints, receipt_codes
from dengwen.access.keys.keyring import KeyRing
from dengwen.access.keys.sealed_values import COMPARTMENT_OF
from dengwen.access.login import hash_budget, sign_in
from dengwen.access.login.hash_budget import Budget, BusyError, Caller, _Turn
from dengwen.access.login.sessions import SessionStore
from dengwen.access.login.sign_in import PasswordBackend
from dengwen.access.models import APPEND_ONLY, KeyPrint, ReadLog, RoleGrant, SignInLog, User
from dengwen.access.read_log import MOST_FIELDS, PURPOSES, Opening, open_logged, who_viewed
from dengwen.access.read_log_root import first_reading
from dengwen.access.roles import COMPARTMENTS
from dengwen.access.statements import Statement
from dengwen.ledger import guards
from dengwen.organs.models import Official, Organ

from .conftest import DAY, NOW, PASSWORD

STRANGER, KNOWN = Caller("a"), Caller("b", known=True)


# --- places to hash -------------------------------------------------------------------------------
def test_of_those_who_stand_in_line_a_known_browser_begins_first() -> None:
    budget = Budget(1, 2)
    stranger, known = _Turn(STRANGER), _Turn(KNOWN)
    budget._line += [stranger, known]
    budget._call()
    assert (known.runs, stranger.runs) == (True, False)


@pytest.mark.parametrize(
    ("line", "waiting", "left"),
    [
        ([STRANGER], 1, 1),  # exactly as many as may stand there
        ([STRANGER, STRANGER], 1, 1),
        ([STRANGER, STRANGER], 2, 2),
    ],
)
def test_nobody_is_sent_away_before_the_line_is_too_long(
    line: list[Caller], waiting: int, left: int
) -> None:
    budget = Budget(1, waiting)
    budget._line += [_Turn(one) for one in line]
    budget._keep_length(budget._line[-1])
    assert budget.in_line == left


def test_who_hashes_already_takes_nobodys_place_in_the_line() -> None:
    budget, newcomer = Budget(1, 0), _Turn(KNOWN)
    budget._line.append(_Turn(STRANGER))
    budget._running.append(newcomer)
    budget._keep_length(newcomer)
    assert budget.in_line == 1


def test_a_process_has_one_budget_as_the_settings_have_it(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.HASHES_AT_ONCE, settings.HASHES_WAITING = 7, 9
    monkeypatch.setattr(hash_budget, "_budget", None)
    made = hash_budget.budget()
    assert (made.at_once, made.waiting) == (7, 9)
    assert hash_budget.budget() is made


# --- signing in -----------------------------------------------------------------------------------
def test_a_name_is_looked_at_as_far_as_accounts_have_names() -> None:
    room = User._meta.get_field("username").max_length
    assert len(sign_in._stored_name("w" * 500)) == room
    assert sign_in._stored_name(" wang\x00 ") == "wang"


def test_who_guessed_too_often_is_known_for_it_and_a_closed_account_is_logged_as_closed(
    ring: KeyRing, user: Callable[..., User], monkeypatch: pytest.MonkeyPatch
) -> None:
    open_, closed = user("open"), user("closed")
    closed.is_active = False
    closed.save()
    came: list[Caller] = []

    class Watched(Budget):
        def place(self, caller: Caller) -> Any:
            came.append(caller)
            return super().place(caller)

    monkeypatch.setattr(sign_in, "budget", lambda: Watched(1, 0))

    def guess(name: str, password: str, seconds: int = 0) -> str:
        at = NOW + timedelta(seconds=seconds)
        return sign_in.sign_in(name, password, source="192.0.2.1", now=at, ring=ring).outcome

    for n in range(6):
        guess(open_.username, "guess", n)
    assert [one.throttled for one in came] == [False] * 5 + [True]
    guess(closed.username, PASSWORD)
    said = {row.user_id: row.result for row in SignInLog.objects.all()}
    assert said == {open_.pk: "refused", closed.pk: "inactive"}


def test_the_account_of_a_session_comes_with_its_official(
    user: Callable[..., User], django_assert_num_queries: Any
) -> None:
    official = Official.objects.create(code="W", name="王示例", act=1)
    who, other = user("wang", official=official), user("other")
    backend = PasswordBackend()
    with django_assert_num_queries(3):
        found, alone = backend.get_user(who.pk), backend.get_user(other.pk)
        assert found is not None
        assert alone is not None
        assert (found.official, alone.official) == (official, None)


@pytest.mark.parametrize("away", [True, False])
def test_a_session_says_what_the_database_said(
    monkeypatch: pytest.MonkeyPatch, *, away: bool
) -> None:
    def save(*_: object, **__: object) -> None:
        try:
            raise OperationalError("away") if away else DatabaseError("gone")
        except DatabaseError as error:
            raise UpdateError from error

    monkeypatch.setattr(db.SessionStore, "save", save)
    with pytest.raises(OperationalError if away else UpdateError):
        SessionStore().save()


def test_a_code_is_written_in_groups_of_five() -> None:
    assert receipt_codes.written("abcdefghjkmnpqrstuvw") == "ABCDE-FGHJK-MNPQR-STUVW"


# --- the read log ---------------------------------------------------------------------------------
@pytest.fixture
def opening(user: Callable[..., User], organ: Organ) -> Opening:
    return Opening(
        at=NOW,
        user=user(),
        role="R6",
        organ=organ.pk,
        case_number="YJ01-2026-123456789-0",
        data_class="D2",
        fields=("name",),
        purpose="handle",
        request_id="req-1",
    )


def test_every_purpose_is_said_in_both_languages() -> None:
    assert all(len(words) == 2 for words in PURPOSES.values())
    assert all(zh and en and not zh.isascii() and en.isascii() for zh, en in PURPOSES.values())
    assert len(set(PURPOSES.values())) == len(PURPOSES)


def test_as_many_fields_are_logged_as_their_column_takes(opening: Opening) -> None:
    room = ReadLog._meta.get_field("fields").max_length
    assert room == MOST_FIELDS
    assert open_logged(replace(opening, fields=("f" * MOST_FIELDS,)), lambda: "read") == "read"
    with pytest.raises(UnloggedReadError):
        open_logged(replace(opening, fields=("f" * (MOST_FIELDS + 1),)), lambda: "read")


def test_without_a_transaction_nothing_is_read(
    opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside: Any = SimpleNamespace(in_atomic_block=False)
    monkeypatch.setattr(read_log, "connection", outside)
    with pytest.raises(UnloggedReadError) as refused:
        open_logged(opening, lambda: pytest.fail("read"))
    assert refused.value.where == "transaction"
    assert not ReadLog.objects.exists()


def test_names_are_shown_to_the_discipline_organ_and_the_data_protection_officer(
    opening: Opening,
) -> None:
    open_logged(opening, lambda: None)
    open_logged(replace(opening, organ=None, user=None, purpose="system"), lambda: None)
    named = {role: [one.name for one in who_viewed(opening.case_number, role)] for role in
             ("R1", "R6", "R7", "R11", "R16", "R17")}  # fmt: skip
    shown = ["", "wang.shili"]
    hidden = ["", ""]
    assert named == {**dict.fromkeys(("R1", "R6", "R7", "R16"), hidden), "R11": shown, "R17": shown}
    assert [one.organ for one in who_viewed(opening.case_number, "R1")] == ["", "示例区信访办"]


def test_the_first_reading_is_known_by_its_hour(opening: Opening) -> None:
    assert first_reading() is None
    open_logged(replace(opening, at=NOW + timedelta(minutes=59, seconds=7)), lambda: None)
    assert first_reading() == NOW


def test_what_is_logged_and_bound_is_never_changed(opening: Opening) -> None:
    guards.install(connection, APPEND_ONLY)
    open_logged(opening, lambda: None)
    KeyPrint.objects.create(key="log", fingerprint="ab", folder="x", bound_at=NOW)
    SignInLog.objects.create(at=NOW, name_digest="a", source_digest="b", result="ok")
    for model in (ReadLog, KeyPrint, SignInLog):
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.all().delete()
        assert model.objects.count() == 1


# --- grants and statements ------------------------------------------------------------------------
def test_a_grant_opens_beyond_its_role_what_is_sealed_of_accusations_and_accountability() -> None:
    assert set(COMPARTMENTS) == {"", COMPARTMENT_OF["D4"], COMPARTMENT_OF["D7"]}


def test_a_grant_says_where_it_holds() -> None:
    assert str(RoleGrant(user_id=1, role="R6", organ_id=5)) == "1 R6 5"
    assert str(RoleGrant(user_id=1, role="R6")) == "1 R6 *"


def test_a_question_that_finds_nothing_by_itself_is_not_asked(
    user: Callable[..., User], django_assert_num_queries: Any
) -> None:
    who = user()
    by_id = Statement(lambda groups, _day, _text: User.objects.filter(pk__in=groups[0]))
    with django_assert_num_queries(0):
        assert by_id.rows(User, ((),)) == []
        assert by_id.first(User, ((),)) is None
        assert by_id.ids(((),), DAY) == frozenset()
    assert by_id.rows(User, ((who.pk, -1),)) == [who]
    assert by_id.ids(((who.pk,),), DAY) == {who.pk}


def test_what_the_database_has_not_seen_is_pending(monkeypatch: pytest.MonkeyPatch) -> None:
    loader = SimpleNamespace(
        graph=SimpleNamespace(nodes=[("b", "2"), ("a", "1"), ("a", "2")]),
        applied_migrations={("a", "1"): object()},
    )
    monkeypatch.setattr(startup_check, "MigrationLoader", lambda _connection: loader)
    assert startup_check.pending() == ["a.2", "b.2"]
    assert startup_check.FOUNDING.to_bytes(4, "big") == b"deng"
    assert key_fingerprints.KEPT.parent.name == "keys"


def test_who_finds_no_place_is_told_so() -> None:
    with pytest.raises(BusyError), Budget(0, 0).place(STRANGER):
        pass
