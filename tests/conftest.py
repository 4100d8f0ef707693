"""Fixtures and habits that every test shares."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase
from pytest_django import DjangoDbBlocker

from dengwen.cases import rulebooks
from dengwen.law.packs.storage import from_text
from dengwen.ledger import guards
from tests import days, migrated
from tests import samples as invented
from tools.chromium import arguments, chromium

hypothesis.settings.register_profile(
    "house",
    derandomize=True,  # the same examples on every machine: a red build can be made again
    deadline=None,  # two busy cores make honest code slow
    database=None,
    print_blob=True,
)
hypothesis.settings.load_profile("house")

SHARED = Path(os.environ.get("DENGWEN_SHARED") or Path(__file__).resolve().parents[2] / "shared")


def pytest_configure() -> None:
    """Lighten what is slow on purpose: the hash of invented passwords, the fingerprints of static
    files, and a look at
    every static file whenever a client is made.
    """
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.WHITENOISE_AUTOREFRESH = True
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite"):
        # A file, as in an office: in memory, threads would share one connection and no lock would
        # be tried.
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(
            settings.DATA / "tests.sqlite3"
        )


@pytest.fixture(scope="session")
def migrated_file() -> Path:
    """Where the migrated database of this program lies, or will lie once a process of tests has
    made one."""
    return migrated.place()


@pytest.fixture(scope="session")
def django_db_keepdb(migrated_file: Path) -> bool:
    """On SQLite, begin with a copy of the migrated database; `migrate` runs on it all the same."""
    if connection.vendor != "sqlite":
        return False
    migrated.lay(Path(settings.DATABASES["default"]["TEST"]["NAME"]), migrated_file)
    return True  # it lies in a folder that goes when the process ends


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, migrated_file: Path
) -> None:
    """Keep the migrated database for the processes that follow, before any test has written into
    it."""
    if connection.vendor == "sqlite" and not migrated_file.exists():
        with django_db_blocker.unblock():
            migrated.keep(connection, migrated_file)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of large data (real messages, test vectors); `DENGWEN_SHARED` or ../shared beside
    the repository.

    It is no part of the repository. Whoever asks for it is marked `extra` and is played by `make
    extra` alone; what it
    proves is proved on small invented data as well.
    """
    if not SHARED.is_dir():
        pytest.fail(
            f"no folder {SHARED}. Mend: make extra DENGWEN_SHARED=/path/to/the/data", pytrace=False
        )
    return SHARED


@pytest.fixture(
    scope="session", params=["invented", pytest.param("large", marks=pytest.mark.extra)]
)
def samples(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder laid out as the large data: small, invented, always there; under `make extra` the
    large one itself."""
    if request.param == "large":
        return Path(request.getfixturevalue("shared"))
    return invented.write(tmp_path_factory.mktemp("samples"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Use the system's Chromium (nothing is downloaded) and let it reach this machine only."""
    browser = chromium()
    if browser is None:
        pytest.skip("no Chromium here; mend: make setup-tests")
    return {**browser_type_launch_args, "executable_path": browser, "args": arguments()}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A reader in China: Chinese pages, Beijing time."""
    return {**browser_context_args, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}


@pytest.fixture(autouse=True, scope="session")
def doors_clock() -> Iterator[Callable[[], datetime]]:
    """Hold the day at every door for the whole run; the clock of the doors, for a test that acts
    beside them."""
    with days.set_to(days.DAY) as clock:
        yield clock


@pytest.fixture(autouse=True, scope="session")
def emptied_past_the_guards() -> Iterator[None]:
    """Let Django empty the tables after a test that commits for real: the guards refuse it
    otherwise."""
    empty = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def lift_and_empty(case: TransactionTestCase) -> None:
        with guards.lifted(connection, settings.APPEND_ONLY_TABLES):
            empty(case)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lift_and_empty)
        yield


@pytest.fixture(autouse=True, scope="session")
def rulebooks_read_once() -> Iterator[None]:
    """Read a kept rulebook again only where its text is another one: every test forgets which
    row holds which text."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rulebooks, "from_text", lru_cache(maxsize=64)(from_text))
        yield


@pytest.fixture(autouse=True)
def _forget_rules() -> Iterator[None]:
    """Drop rulebooks kept by row id: every test database numbers its rows anew. Loaded packs
    stay."""
    yield
    rulebooks.forget_rows()
