"""`dengwen leads find`: what lies in the own area, for the cleared, and raised once."""

from __future__ import annotations

import json

import pytest

from dengwen.cases.models import Act, Case
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


def act(*words: str) -> int:
    """Run `dengwen act` inside this process on a day."""
    return answering.answer(build_parser().parse_args(["act", *words, "--clock", "2025-04-01"]))


def test_on_the_command_line_nothing_is_decided_on_hearsay_either(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    """As hearsay decider, proposer, accused, colleague and stranger, by `dengwen act` and `--for` another organ."""
    given = ["--set", "subject_official=YJ02-Z", "--set", "unit=YJ02", "--set", "day_of_conduct=2025-02-03",
             "--set", "situations=S.11.2", "--text", "facts=听说态度不好"]  # fmt: skip
    assert act("--open", "accountability", "open_own", "--by", "committee", *given) == 0
    number = Case.objects.get(kind="accountability").number
    decision = ["--set", "measures=removal", "--set", "harm=especially", "--set", "influence=especially",
                "--text", "facts=示例", "--text", "responsibility=示例", "--text", "reasons=示例"]  # fmt: skip
    capsys.readouterr()
    for who, code, more in (
        ("decider", "YJW-S", ()), ("decider", "YJW-S", ("--on", "2025-03-20")), ("head", "YJ02-Z", ()),
        ("supervisor", "YJ01-Z", ("--for", "YJW")), ("sanction-head", "YJ09-Q", ("--for", "YJW")),
        ("head2", "YJ03-C", ()),
    ):  # fmt: skip
        try:
            done = act(number, "decide", "--by", who, "--set", f"decider={code}", *decision, *more)
        except CommandError:
            done = 1
        assert done != 0, who
    told = capsys.readouterr()
    assert "政务处分法第四十二条、第四十三条" in told.err + told.out
    stranger = [w.replace("YJ02-Z", "YJ03-C") for w in given]
    assert act("--open", "accountability", "open_own", "--by", "committee", *stranger) != 0
    forged = ["--set", f"inquiry={number}", "--set", "from_office=YJ01", "--set", "subject_official=YJ02-Z",
              "--set", "situations=S.11.2", "--set", "gravity=light", "--set", f"letter={'ab' * 32}",
              "--text", "facts=示例", "--text", "reasons=示例"]  # fmt: skip
    assert act("--open", "accountability", "receive_proposal", "--by", "committee", *forged) != 0
    assert Act.objects.filter(act__in=("decide", "issue_treatment", "receive_proposal")).count() == 0
