"""Keys, accounts and grants for the tests of access."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path

import pytest
from django.utils.module_loading import import_string

from config.effects import EFFECTS
from dengwen.access.keys import keyring
from dengwen.access.keys.keyring import KeyRing
from dengwen.access.models import RoleGrant, User
from dengwen.law.duties.step import Facts, FieldValue, Step
from dengwen.organs.models import Organ

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
DAY = date(2026, 11, 24)
PASSWORD = "drum at the palace gate"

Enter = Callable[..., Sequence[Step]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder for keys."""
    return tmp_path / "keys"


@pytest.fixture
def ring(folder: Path) -> KeyRing:
    """The keys of a new installation."""
    return keyring.create(folder)


@pytest.fixture
def enter(db: None) -> Enter:
    """Run an effect of accounts or of the registry as `perform` would."""
    numbers = count(1)

    def run(
        act: str,
        *,
        actor: int | None = None,
        day: date = DAY,
        texts: dict[str, str] | None = None,
        approver: int | None = None,
        **fields: FieldValue,
    ) -> Sequence[Step]:
        number = next(numbers)
        if "since" in fields:
            fields["from"] = fields.pop("since")
        facts = Facts(
            act_id=number,
            act_uid=f"a{number}",
            case_id=1,
            case="R1",
            organ=None,
            actor=actor,
            day=day,
            recorded_at=NOW,
            second=approver,
        )
        effect = import_string(EFFECTS.get(f"access.{act}") or EFFECTS[f"organs.{act}"])
        found: Sequence[Step] = effect(
            Step(act=act, case="R1", fields=fields, texts=texts or {}), facts
        )
        return found

    return run


@pytest.fixture
def user(db: None) -> Callable[..., User]:
    """Make an account with a password."""

    def run(name: str = "wang.shili", **more: object) -> User:
        return User.objects.create_user(name, PASSWORD, **more)  # type: ignore[arg-type]

    return run


@pytest.fixture
def organ(enter: Enter) -> Organ:
    """One registered organ."""
    enter(
        "found_organ",
        code="YJ01",
        kind="government_department",
        level="county",
        day=date(2020, 1, 1),
        texts={"name_zh": "示例区信访办"},
    )
    return Organ.objects.get()


@pytest.fixture
def administrators(enter: Enter, user: Callable[..., User]) -> tuple[User, User]:
    """The first security and audit administrators of an installation."""
    first, second = user("security"), user("audit")
    for who, role in ((first, "R15"), (second, "R16")):
        enter("grant_role", user=who.pk, role=role, since=date(2026, 1, 1))
    assert RoleGrant.objects.count() == 2
    return first, second
