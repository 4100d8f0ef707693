"""Fifty sign-ins at once: a few hash, the others are told to come again, and a page that hashes
nothing answers."""

from __future__ import annotations

import threading
from pathlib import Path
from queue import Queue
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client

from dengwen.access.login import hash_budget
from dengwen.access.login.hash_budget import Budget
from tests.world import World, prepare

SIGN_INS, PATIENCE = 50, 120


class Hashing:
    """A hash that takes until it is let go, and counts how many are computed at once."""

    def __init__(self) -> None:
        self.guard, self.leave, self.begun = threading.Lock(), threading.Event(), threading.Event()
        self.now, self.most = 0, 0

    def encode(self, _password: str, salt: str) -> str:
        with self.guard:
            self.now += 1
            self.most = max(self.most, self.now)
        self.begun.set()
        self.leave.wait(PATIENCE)
        with self.guard:
            self.now -= 1
        return f"md5${salt}$of another password"


@pytest.fixture
def served(
    emptied_past_the_guards: None, transactional_db: None, tmp_path: Path, settings: Any
) -> World:
    """The district in a database that threads share."""
    prepare(tmp_path, settings)
    return World()


def test_pages_answer_while_fifty_sign_ins_hash(
    served: World, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    hashes, budget = Hashing(), Budget(settings.HASHES_AT_ONCE, settings.HASHES_WAITING)
    monkeypatch.setattr(hash_budget, "LONGEST_WAIT", float(PATIENCE))
    monkeypatch.setattr("dengwen.access.login.sign_in.budget", lambda: budget)
    monkeypatch.setattr(MD5PasswordHasher, "encode", hashes.encode)
    answers: Queue[tuple[int, str]] = Queue()

    def sign_in(n: int) -> None:
        try:
            name = "handler" if n % 2 else "nobody"
            answer = Client(REMOTE_ADDR=f"192.0.2.{n}").post(
                "/desk/sign-in/", {"username": name, "password": "guess"}
            )
            answers.put((answer.status_code, answer.headers.get("Retry-After", "")))
        finally:
            connection.close()

    threads = [threading.Thread(target=sign_in, args=(n,)) for n in range(SIGN_INS)]
    for thread in threads:
        thread.start()
    try:
        assert hashes.begun.wait(PATIENCE)
        strangers = settings.HASHES_AT_ONCE - 1 + settings.HASHES_WAITING
        turned_away = [answers.get(timeout=PATIENCE) for _ in range(SIGN_INS - strangers)]
        assert set(turned_away) == {(503, str(hash_budget.RETRY_SECONDS))}
        assert (budget.running, budget.in_line) == (
            settings.HASHES_AT_ONCE - 1,
            settings.HASHES_WAITING,
        )
        assert [Client().get(page).status_code for page in ("/", "/follow/", "/desk/sign-in/")] == [
            200
        ] * 3
    finally:
        hashes.leave.set()
        for thread in threads:
            thread.join(PATIENCE)
    assert [answers.get(timeout=PATIENCE)[0] for _ in range(strangers)] == [422] * strangers
    assert hashes.most == settings.HASHES_AT_ONCE - 1
    assert (budget.running, budget.in_line) == (0, 0)
