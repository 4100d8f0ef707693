"""`dengwen leads find`: what lies in the own area, for the cleared, and raised once."""

from __future__ import annotations

import json

import pytest

from dengwen.cli import answering
from dengwen.cli.main import build_parser
from dengwen.cli.speaking import CommandError
from tests.accountability.test_leads import late
from tests.world import World


def run(*words: str) -> int:
    """Run the command inside this process, with the data of the test."""
    return answering.answer(build_parser().parse_args(["leads", "find", "--clock", "2025-06-20", *words]))


def test_findings_of_the_own_area_are_listed_and_raised_once(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    number = late(world)
    assert run("--by", "supervisor", "--json") == 0
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [(f["finder"], f["case"], f["raised"]) for f in found] == [("not_handled", number, False)]
    assert run("--by", "city-supervisor", "--finder", "not_supervised", "--json") == 0
    assert [f["unit"] for f in json.loads(capsys.readouterr().out)["findings"]] == ["YJ01"]
    assert run("--by", "supervisor", "--raise") == 0
    assert "leads raised 1" in capsys.readouterr().out
    assert run("--by", "supervisor", "--raise") == 0
    told = capsys.readouterr().out
    assert "leads raised 0" in told
    assert "已提出 / raised" in told


@pytest.mark.parametrize("who", ["clerk", "handler", "conference"])
def test_others_are_told_nothing(world: World, capsys: pytest.CaptureFixture[str], who: str) -> None:
    late(world)
    with pytest.raises(CommandError, match="people of a petition department cleared"):
        run("--by", who)
    assert "YJ02" not in capsys.readouterr().out


def test_an_unknown_finder_is_refused_with_the_list(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--by", "supervisor", "--finder", "nobody") == 1
    assert "not_handled" in capsys.readouterr().err
    assert world.count == 0
