"""The stage of the wall: built once, in a transaction that is never committed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from dengwen.access.keys import keyring
from dengwen.cases import rulebooks
from dengwen.ledger.log_keys import create_keys
from tests.wall.stage import Stage, build
from tests.world import ORIGIN


@pytest.fixture(scope="module")
def stage(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    """The office with everybody who looks."""
    folder = tmp_path_factory.mktemp("wall")
    create_keys(folder, ORIGIN)
    keyring.create(folder / "keys")
    with override_settings(DATA=folder, PRACTICE=True), django_db_blocker.unblock():
        keyring.key_ring.cache_clear()
        rulebooks.forget_rows()
        whole = transaction.atomic()
        # As Django's TestCase does, so that the doors may ask for a durable transaction inside this
        # one.
        whole._from_testcase = True  # type: ignore[attr-defined]
        with whole:
            yield build()
            transaction.set_rollback(True)
        keyring.key_ring.cache_clear()
        rulebooks.forget_rows()
