"""`dengwen report monthly` and `annual` tell the same figures as the pages, as JSON with
position and digest."""

from __future__ import annotations

import argparse
import json
from datetime import date
from typing import Any

import pytest

from dengwen.cases.wall.visibility import viewer_of
from dengwen.cli.main import build_parser
from dengwen.cli.reports.figures import run_annual, run_monthly
from dengwen.cli.shell.output import CommandError
from dengwen.oversight.statistics import month_of, table
from tests.world import World


def asked(*words: str) -> argparse.Namespace:
    return build_parser().parse_args(["report", *words])


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_the_month_is_told_as_the_page_shows_it(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.register("2025-03-03", persons=6)
    world.register("2025-03-04", channel="visit", persons=3, visit_kind="single")
    for by in ((), ("--by", "supervisor")):
        assert (
            run_monthly(asked("monthly", "--office", "YJ01", "--month", "2025-03", "--json", *by))
            == 0
        )
        shown = told(capsys)
        viewer = viewer_of(world.office.users["supervisor"], date(2025, 4, 1))
        same = table(world.organ("YJ01"), "YJ01", viewer, *month_of(2025, 3))
        assert shown == {**same.as_dict(), "sha256": same.digest()}
        assert shown["total"]["joint_letters"] == 1
        assert shown["total"]["visitors"] == 3
    assert run_monthly(asked("monthly", "--office", "YJ01", "--month", "2025-03")) == 0
    assert "ledger position" in capsys.readouterr().out


def test_the_year_is_told_and_a_wrong_question_is_refused(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.register("2025-03-03")
    assert run_annual(asked("annual", "--office", "YJ01", "--year", "2025", "--json")) == 0
    shown = told(capsys)
    assert shown["data"]["total"]["matters"] == 1
    assert shown["suggestions"]["complete_policy"]["made"] == 0
    assert run_annual(asked("annual", "--office", "YJ01", "--year", "2025")) == 0
    for wrong in (["--month", "2025-13"], ["--office", "XX"], []):
        with pytest.raises(CommandError):
            run_monthly(asked("monthly", *wrong))
