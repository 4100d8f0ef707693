"""Fixtures and habits that every test shares."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.db import connection
from django.template import Context
from django.template.base import Template
from django.test import TransactionTestCase
from django.test.signals import template_rendered
from django.test.utils import _TestState
from django.utils import translation
from pytest_django import DjangoDbBlocker

from dengwen.cases import rulebooks
from dengwen.law.packs.storage import from_text
from tests import days, kept_library, migrated
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

EMPTY = settings.DATA / "empty.sqlite3"
"""The migrated database as this process began with it."""
SHARED = Path(os.environ.get("DENGWEN_SHARED") or Path(__file__).resolve().parents[2] / "shared")


def pytest_configure() -> None:
    """Lighten what is slow on purpose: the reading of all packs, the hash of invented passwords,
    the fingerprints of static files, and a look at every static file whenever a client is made.
    """
    kept_library.serve()
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
def laid(migrated_file: Path) -> Iterator[ExitStack]:
    """Lay a copy of the migrated database for SQLite where one was kept; what is handed out holds
    `migrate` back until it is closed."""
    with ExitStack() as held_back:
        name = settings.DATABASES["default"].get("TEST", {}).get("NAME")
        if connection.vendor == "sqlite" and migrated.lay(Path(name), migrated_file):
            held_back.enter_context(migrated.taken_as_it_is())
        yield held_back


@pytest.fixture(scope="session")
def django_db_keepdb(laid: ExitStack) -> bool:
    """On SQLite, begin with what was laid; it lies in a folder that goes when the process ends."""
    return connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None,
    laid: ExitStack,
    django_db_blocker: DjangoDbBlocker,
    migrated_file: Path,
) -> None:
    """Keep the migrated database for the processes that follow, before any test has written into
    it."""
    laid.close()
    if connection.vendor == "sqlite":
        with django_db_blocker.unblock():
            if not migrated_file.exists():
                migrated.keep(connection, migrated_file)
            connection.close()
        shutil.copyfile(settings.DATABASES["default"]["NAME"], EMPTY)


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
    """Begin anew after a test that commits for real: the guards refuse Django's emptying, and an
    empty database is there to be had."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            TransactionTestCase,
            "_fixture_teardown",
            lambda _case: migrated.begin_anew(connection, EMPTY),
        )
        yield


@pytest.fixture(autouse=True, scope="session")
def pages_tell_their_own_context(django_test_environment: None) -> Iterator[None]:
    """Let a client of a test keep the context of a whole page, not a copy for each of its hundred
    parts and fields."""
    plainly = _TestState.saved_data.template_render  # type: ignore[attr-defined]

    def render(template: Template, context: Context) -> str:
        if context.template is template and not str(template.name).startswith("django/forms/"):
            template_rendered.send(sender=template, template=template, context=context)
        return str(plainly(template, context))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", render)
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


@pytest.fixture(autouse=True)
def _language_given_back() -> Iterator[None]:
    """Go back to the language in which a test began: a page that a client asked for in another one
    leaves its own on for whatever runs next in this process."""
    before = translation.get_language()
    yield
    if translation.get_language() != before:
        translation.deactivate()
