"""What every journey begins with: the invented district in a folder of its own, and where its
pages are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from dengwen.practice.district.office import open_office
from dengwen.practice.district.plan import PASSWORD
from dengwen.practice.district.settings import set_targets
from tests.world import FOUNDED, World, prepare


@pytest.fixture
def world(
    transactional_db: None, tmp_path: Path, settings: Any
) -> World:  # pytest-django's settings wrapper
    """The district with the passwords of its practice accounts, in a folder of its own."""
    prepare(tmp_path / "office", settings)
    return World(open_office(FOUNDED, PASSWORD))


@pytest.fixture
def silent_world(transactional_db: None, tmp_path: Path, settings: Any) -> World:
    """The same district put back from memory; nobody has a password before a journey gives one."""
    prepare(tmp_path / "office", settings)
    return World()


@pytest.fixture
def targets(world: World) -> None:
    """The local targets of the district: days that no text gives."""
    set_targets(FOUNDED)


@pytest.fixture
def door(live_server: Any) -> str:
    """Where the pages are, by number: no name has to be looked up."""
    return str(live_server.url).replace("//localhost:", "//127.0.0.1:")


@pytest.fixture(autouse=True)
def everybody_goes_home(browser: Browser) -> Iterator[None]:
    """Close every window after a journey: one left open keeps its connections, and the next test
    pays for them."""
    yield
    for context in browser.contexts:
        context.close()
