"""Signing in: the same answer to all who do not know the password, and nobody locks out anybody
else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher, identify_hasher
from django.db import DatabaseError, connection, transaction

from config import settings as house
from dengwen.access.keys import keyring
from dengwen.access.login import throttle
from dengwen.access.login.hash_budget import Budget, Caller
from dengwen.access.login.sign_in import PasswordBackend, sign_in
from dengwen.access.models import APPEND_ONLY, Device, RoleGrant, SignInLog, Throttle
from dengwen.ledger import guards
from dengwen.worker.loops import turn_guesses

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
    answers = [
        attempt("wang.shili", "wrong password"),
        attempt("nobody", "wrong password"),
        attempt("closed"),
    ]
    assert {(a.outcome, a.user, a.until, a.device) for a in answers} == {
        ("refused", None, None, "")
    }
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


def guess(attempt, times, **where):
    """Guess wrongly, a second apart; returns what came of it."""
    return [attempt(password="guess", after=timedelta(seconds=n), **where) for n in range(times)]


def test_wrong_guesses_wait_longer_and_longer_and_a_restart_forgets_nothing(attempt, user):
    user()
    assert [a.until is None for a in guess(attempt, 5)] == [True] * 4 + [False]
    waits = attempt(password="guess", after=timedelta(seconds=30))
    assert (waits.outcome, waits.user) == ("wait", None)
    assert waits.until == NOW + timedelta(seconds=4, minutes=1)
    again = attempt(password="guess", after=timedelta(minutes=2))
    assert (again.outcome, again.until) == ("refused", NOW + timedelta(minutes=4))
    assert attempt(password="guess", after=timedelta(minutes=3)).outcome == "wait"
    longer = attempt(password="guess", after=timedelta(minutes=4, seconds=1))
    assert longer.until == NOW + timedelta(minutes=8, seconds=1)


def test_the_right_password_is_taken_at_once_whatever_was_guessed(attempt, user):
    who = user()
    told = guess(attempt, 1000, source=ELSEWHERE)
    assert {a.outcome for a in told[6:]} == {"wait", "refused"}
    for source in (ELSEWHERE, HOME):
        assert attempt(source=source, after=timedelta(seconds=1001)).user == who
    assert guess(attempt, 1, source=ELSEWHERE)[0].outcome == "refused"  # who knew it begins anew


def test_a_flood_of_guesses_leaves_a_short_trail(attempt, user):
    user()
    guess(attempt, 1000, source=ELSEWHERE)
    assert Throttle.objects.count() == 2
    assert SignInLog.objects.count() < 12


def test_guessing_many_names_from_one_address_is_slowed_and_leaves_few_counters(attempt, user):
    who = user()
    told = [attempt(f"name{n}", "guess", after=timedelta(seconds=n)) for n in range(200)]
    assert {a.outcome for a in told[:50]} == {"refused"}
    assert {a.outcome for a in told[50:]} >= {"wait"}
    assert Throttle.objects.count() < 60
    assert attempt(after=timedelta(seconds=201)).user == who


def test_many_people_behind_one_address_who_mistype_all_get_in(attempt, user):
    people = [user(f"person{n}") for n in range(60)]
    for n, person in enumerate(people):
        attempt(person.username, "a slip of the hand", after=timedelta(seconds=n))
        assert attempt(person.username, after=timedelta(seconds=n)).user == person


def test_the_same_wait_for_names_that_do_not_exist(attempt, user):
    user()
    known, unknown = guess(attempt, 9), guess(attempt, 9, name="nobody", source=ELSEWHERE)
    assert [(a.outcome, a.until) for a in known] == [(a.outcome, a.until) for a in unknown]
    assert unknown[-1].outcome == "wait"


def test_a_known_device_has_a_counter_of_its_own(attempt, user):
    user()
    device = attempt().device
    assert guess(attempt, 9, source=HOME)[-1].outcome == "wait"
    assert (
        attempt(password="guess", device=device, after=timedelta(seconds=10)).outcome == "refused"
    )


def test_a_device_of_another_account_is_worth_nothing(attempt, user):
    user()
    user("li.yangben")
    device = attempt("li.yangben").device
    guess(attempt, 6)
    assert attempt(password="guess", device=device, after=timedelta(seconds=10)).outcome == "wait"
    assert (
        attempt("li.yangben", "guess", device=device, after=timedelta(seconds=10)).outcome
        == "refused"
    )


def test_no_place_to_hash_is_told_and_counts_for_nothing(attempt, user, monkeypatch):
    user()
    full = Budget(1, 0)
    monkeypatch.setattr("dengwen.access.login.sign_in.budget", lambda: full)
    with full.place(Caller("somebody")):
        answers = [attempt(), attempt(password="guess"), attempt("nobody", "guess")]
    assert {(a.outcome, a.user, a.until) for a in answers} == {("busy", None, None)}
    assert (Throttle.objects.count(), SignInLog.objects.count()) == (0, 0)
    assert attempt().outcome == "ok"


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
    guess(attempt, 6)
    assert throttle.forget(NOW + timedelta(hours=1)) == 0
    assert Throttle.objects.count() == 2
    assert turn_guesses(NOW + timedelta(days=2)) == {"forgotten": 2}
    later = attempt(password="guess", after=timedelta(days=2))
    assert later.until is None


def test_wrong_guesses_are_forgotten_after_more_than_a_quiet_day(db):
    day = throttle.FORGET_AFTER
    assert day == timedelta(hours=24)
    for _ in range(throttle.FREE - 1):
        assert throttle.failed("wang.shili", NOW) is None
    assert throttle.failed("wang.shili", NOW + day) == NOW + day + timedelta(minutes=1)
    waits = NOW + day + timedelta(minutes=1)
    assert throttle.failed("wang.shili", waits + day) == waits + day + timedelta(minutes=2)
    late = waits + day + timedelta(minutes=2) + day + timedelta(seconds=1)
    assert throttle.failed("wang.shili", late) is None
    assert Throttle.objects.get().failures == 1


def test_django_finds_the_same_way_in(ring, user, monkeypatch):
    who = user()
    monkeypatch.setattr("dengwen.access.login.sign_in.key_ring", lambda: ring)
    backend = PasswordBackend()
    assert (
        backend.authenticate(None, username="wang.shili", password=PASSWORD, source=HOME, now=NOW)
        == who
    )
    assert (
        backend.authenticate(None, username="wang.shili", password="no", source=HOME, now=NOW)
        is None
    )
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
    for change in (
        lambda: SignInLog.objects.update(result="refused"),
        lambda: SignInLog.objects.all().delete(),
    ):
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
