"""A district with matters of a quarter, sealed, and a scheme that ranks small numbers."""

from __future__ import annotations

import shutil
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dengwen.assessment.frozen.freeze import Frozen, Run, freeze
from dengwen.assessment.frozen.manifest import scheme_body
from dengwen.oversight.statistics import newest_position
from tests.assessment import quarter
from tests.kept import kept
from tests.world import World, prepare

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def world(db: None, tmp_path: Path, settings: Any) -> World:  # pytest-django's settings wrapper
    """The district, founded on 2018-01-02."""
    prepare(tmp_path / "office", settings)
    return World()


@pytest.fixture
def body() -> str:
    """The starting scheme of the house, for every day and with floors of one."""
    raw = tomllib.loads((ROOT / "packs" / "schemes" / "starting.toml").read_text(encoding="utf-8"))
    for indicator in raw["indicator"]:
        indicator["floor"] = 1
    return scheme_body(raw)


@pytest.fixture
def frozen(world: World, body: str, tmp_path: Path) -> Frozen:
    """A quarter of the district, frozen."""
    quarter.sealed(world)
    folder = tmp_path / "frozen"

    def happen() -> Frozen:
        run = Run(
            body,
            quarter.FIRST,
            quarter.LAST,
            newest_position(),
            exclusions=quarter.exclusions(body),
        )
        return freeze(run, folder)

    return replace(kept(world, "a quarter frozen", happen, folder), folder=folder)


@pytest.fixture
def copied(frozen: Frozen, tmp_path: Path) -> Path:
    """The frozen folder copied elsewhere, without the office it came from."""
    shutil.rmtree(tmp_path / "office")
    return Path(shutil.copytree(frozen.folder, tmp_path / "elsewhere"))
