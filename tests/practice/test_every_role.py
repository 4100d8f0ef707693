"""Every role of the access model has somebody in the practice office, who can sign in and open
the desk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.test import Client

from dengwen.access.roles import ROLES
from dengwen.practice.district.office import FOUNDED, open_office, people
from dengwen.practice.district.plan import PASSWORD
from tests.world import prepare

OUTSIDE = frozenset({"R1", "R2", "R20"})
"""Petitioners and their representatives need no account, and an operator works outside the
application."""


def test_each_role_has_a_log_in() -> None:
    assert set(ROLES) - {role for person, _organ in people() for role in person.roles} == OUTSIDE


def test_everybody_signs_in_and_finds_the_desk(db: None, tmp_path: Path, settings: Any) -> None:
    prepare(tmp_path, settings)
    open_office(FOUNDED, PASSWORD)
    for person, _organ in people():
        browser = Client()
        answer = browser.post(
            "/desk/sign-in/", {"username": person.username, "password": PASSWORD}, follow=True
        )
        assert answer.redirect_chain, f"{person.username}: the password was not taken"
        assert answer.status_code == 200, person.username
