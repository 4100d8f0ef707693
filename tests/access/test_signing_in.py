"""Signing in: the same answer to all who do not know the password, and nobody locks out anybody else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher, identify_hasher
from django.db import DatabaseError, connection, transaction

from config import settings as house
from dengwen.access import keyring, throttle
from dengwen.access.models import APPEND_ONLY, Device, RoleGrant, SignInLog, Throttle
from dengwen.access.signing_in import PasswordBackend, sign_in
from dengwen.ledger import guards

from .conftest import NOW, PASSWORD

HOME, ELSEWHERE = "192.0.2.1", "198.51.100.9"


@pytest.fixture
def attempt(ring, db):
    def run(name="wang.shili", password=PASSWORD, source=HOME, after=timedelta(), device=""):
        return sign_in(name, password, source=source, now=NOW + after, device=device, ring=ring)

    return run


def test_the_right_password_signs_in_and_leaves_a_device(attempt, user):
    who = user()
    result = attempt()
    assert (result.outcome, result.user) == ("ok", who)
    assert len(result.device) == 64
    assert attempt(device=result.device).device == ""
    assert result.device not in {row.token_digest for row in Device.objects.all()}
    assert [row.result for row in SignInLog.objects.all()] == ["ok", "ok"]


def test_all_who_do_not_know_the_password_get_the_same_answer(attempt, user):
    user()
    closed = user("closed")
    closed.is_active = False
    closed.save()
    user("unset").set_unusable_password()
    answers = [attempt("wang.shili", "wrong password"), attempt("nobody", "wrong password"), attempt("closed")]
    assert {(a.outcome, a.user, a.until, a.device) for a in answers} == {("refused", None, None, "")}
    assert {row.result for row in SignInLog.objects.all()} == {"refused", "inactive"}


def test_an_unknown_name_costs_the_same_work_as_a_known_one(attempt, user, monkeypatch):
    user()
    work: list[str] = []

    def encode(hasher: MD5PasswordHasher, password: str, salt: str) -> str:
        work.append(password)
        return f"{hasher.algorithm}${salt}$x"

    monkeypatch.setattr(MD5PasswordHasher, "encode", encode)
    attempt("wang.shili", "first guess")
    known = len(work)
    attempt("nobody", "first guess")
    assert known == 1
    assert len(work) == 2 * known


def test_guessing_waits_longer_and_longer_and_a_restart_forgets_nothing(attempt, user):
    user()
    answers = [attempt(password="guess", after=timedelta(seconds=n)) for n in range(5)]
    assert [a.until is None for a in answers] == [True] * 4 + [False]
    blocked = attempt(after=timedelta(seconds=30))
    assert (blocked.outcome, blocked.user) == ("wait", None)
    assert blocked.until == NOW + timedelta(seconds=4, minutes=1)
    assert attempt(after=timedelta(seconds=65)).outcome == "ok"
    for n in range(5):
        attempt(password="guess", after=timedelta(minutes=5, seconds=n))
    attempt(password="guess", after=timedelta(minutes=7))
    assert attempt(after=timedelta(minutes=8, seconds=30)).outcome == "wait"
    assert attempt(after=timedelta(minutes=9, seconds=1)).outcome == "ok"


def test_the_same_wait_for_names_that_do_not_exist(attempt):
    for n in range(5):
        attempt("nobody", "guess", after=timedelta(seconds=n))
    assert attempt("nobody", after=timedelta(seconds=10)).outcome == "wait"


def test_a_stranger_elsewhere_cannot_lock_out_the_owner(attempt, user):
    who = user()
    for n in range(40):
        attempt(password="guess", source=ELSEWHERE, after=timedelta(seconds=n))
    assert attempt(source=ELSEWHERE, after=timedelta(seconds=41)).outcome == "wait"
    assert attempt(source=HOME, after=timedelta(seconds=41)).user == who


def test_a_colleague_at_the_same_address_cannot_lock_out_a_known_device(attempt, user):
    who = user()
    device = attempt().device
    for n in range(40):
        attempt(password="guess", source=HOME, after=timedelta(seconds=n))
    assert attempt(after=timedelta(seconds=41)).outcome == "wait"
    assert attempt(after=timedelta(seconds=41), device=device).user == who
    for n in range(40):
        attempt(password="guess", device=device, after=timedelta(minutes=1, seconds=n))
    assert attempt(device=device, after=timedelta(minutes=2)).outcome == "wait"


def test_a_device_of_another_account_is_worth_nothing(attempt, user):
    user()
    user("li.yangben")
    device = attempt("li.yangben").device
    for n in range(6):
        attempt(password="guess", after=timedelta(seconds=n))
    assert attempt(device=device, after=timedelta(seconds=10)).outcome == "wait"
    assert attempt("li.yangben", device=device, after=timedelta(seconds=10)).outcome == "ok"


@pytest.mark.parametrize("name", ["", "\x00", "wang\x00.shili\x00x", "王" * 5000, "' OR 1=1 --"])
def test_strange_names_are_refused_like_any_other(attempt, user, name):
    user()
    assert attempt(name).outcome == "refused"


def test_exclusive_roles_cannot_sign_in(attempt, user):
    who = user()
    for role in ("R6", "R16"):
        RoleGrant.objects.create(user=who, role=role, valid_from=date(2026, 1, 1), act=1)
    assert attempt().outcome == "conflict"
    assert attempt().user is None
    assert attempt(password="guess").outcome == "refused"


def test_counters_are_forgotten_when_they_were_quiet(attempt, user):
    user()
    for n in range(6):
        attempt(password="guess", after=timedelta(seconds=n))
    assert throttle.forget(NOW + timedelta(hours=1)) == 0
    assert Throttle.objects.count() == 1
    assert throttle.forget(NOW + timedelta(days=2)) == 1
    later = attempt(password="guess", after=timedelta(days=2))
    assert later.until is None


def test_django_finds_the_same_way_in(ring, user, monkeypatch):
    who = user()
    monkeypatch.setattr("dengwen.access.signing_in.key_ring", lambda: ring)
    backend = PasswordBackend()
    assert backend.authenticate(None, username="wang.shili", password=PASSWORD, source=HOME, now=NOW) == who
    assert backend.authenticate(None, username="wang.shili", password="no", source=HOME, now=NOW) is None
    assert backend.get_user(who.pk) == who
    who.is_active = False
    who.save()
    assert backend.get_user(who.pk) is None


@pytest.mark.django_db
def test_passwords_are_kept_as_argon2(settings, user):
    settings.PASSWORD_HASHERS = house.PASSWORD_HASHERS
    who = user()
    assert identify_hasher(who.password).algorithm == "argon2"
    assert PASSWORD not in who.password
    assert who.check_password(PASSWORD)


def test_the_log_of_attempts_cannot_be_changed(attempt, user):
    guards.install(connection, APPEND_ONLY)
    user()
    attempt()
    for change in (lambda: SignInLog.objects.update(result="refused"), lambda: SignInLog.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert SignInLog.objects.get().result == "ok"


def test_no_name_and_no_address_lies_open_in_the_log(attempt, user, folder):
    user()
    attempt(password="guess")
    row = SignInLog.objects.get()
    assert "wang" not in row.name_digest
    assert HOME not in row.source_digest
    assert row.name_digest == keyring.load(folder).digest("recognise", "name", "wang.shili")
