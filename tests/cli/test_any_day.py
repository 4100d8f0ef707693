"""An office founded, examined, kept and brought back on a day at an edge of the calendar; limits
across such a day."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from dengwen.cli.main import main
from dengwen.cli.rules.delivered_packs import load_library
from tests import days
from tests.cli.conftest import Dengwen
from tests.world import at

pytestmark = pytest.mark.any_day
CALENDAR = {
    "2026-11-30": ("note", ""),
    "2026-12-01": ("note", "publish 2027"),
    "2026-12-31": ("note", "publish 2027"),
    "2027-01-01": ("ill", "publish 2027"),
    "2027-02-28": ("ill", "publish 2027"),
    "2028-02-29": ("ill", "publish 2028"),
}
"""What `doctor` says of the calendar, which ends with 2026: owed from December, an illness from
New Year on."""


@pytest.fixture(params=days.SENSITIVE)
def day(request: pytest.FixtureRequest) -> Iterator[str]:
    """One of the days at an edge, at every door."""
    with days.set_to(at(request.param)):
        yield request.param


def examined(dengwen: Dengwen, day: str) -> dict[str, tuple[str, str]]:
    """State and mend of each examination; the exit code says whether anything is ill."""
    answer = dengwen("doctor", "--json", code=None)
    found = {one["name"]: (one["state"], one["mend"]) for one in answer.data}
    ill = [name for name, (state, _) in found.items() if state == "ill"]
    assert answer.code == (1 if ill else 0)
    assert found["clock"][0] == "well"
    state, mend = CALENDAR[day]
    assert found["calendar"][0] == state
    assert mend in found["calendar"][1]
    assert bool(mend) == bool(found["calendar"][1])
    assert set(ill) == ({"calendar"} if state == "ill" else set())
    return found


@pytest.mark.long(keep=1, ci=2)
def test_an_office_is_founded_examined_kept_and_brought_back(
    day: str, dengwen: Dengwen, another: Callable[[Path], Dengwen], tmp_path: Path
) -> None:
    dengwen.found("init", "--origin", f"xf.yunjiang.example/{day[:4]}")
    for name in ("security", "audit"):
        dengwen("account", "create", name)
    dengwen("account", "grant", "security", "R15")
    dengwen("worker", "--once")
    found = examined(dengwen, day)
    dengwen("backup", str(tmp_path / "b.tgz"))
    restored = another(tmp_path / "restored")
    restored("restore", str(tmp_path / "b.tgz"))
    assert restored("ledger", "check", "--json").data == {"sound": True, "findings": []}
    again = examined(restored, day)
    assert (
        again | {"night": found["night"]} == found
    )  # the outcome of a night stays where it was proved


def test_a_limit_in_days_is_counted_over_the_edge_and_provisional_beyond_the_calendar(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # the packs are the same on every day
    monkeypatch.setattr("dengwen.cli.rules.law.load_library", cache(load_library))
    for day in days.SENSITIVE:
        assert main(["law", "due", "r22.handle.petition_procedure", "--on", day, "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        raw = date.fromisoformat(day) + timedelta(days=60)
        assert told["raw"] == raw.isoformat()
        assert told["provisional"] is True
        assert told["due"] is None
