"""`dengwen leads find`: what lies in the own area, for the cleared, and raised once."""

from __future__ import annotations

import json

import pytest

from dengwen.cases.models import Act
from dengwen.cli.main import build_parser
from dengwen.cli.shell import answer
from dengwen.cli.shell.output import CommandError
from tests.accountability.measuring import opened, opened_bare
from tests.accountability.test_leads import late
from tests.world import World


def run(*words: str) -> int:
    """Run the command inside this process, with the data of the test."""
    return answer.answer(
        build_parser().parse_args(["leads", "find", "--clock", "2025-06-20", *words])
    )


def test_findings_of_the_own_area_are_listed_and_raised_once(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    number = late(world)
    assert run("--by", "supervisor", "--json") == 0
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [(f["finder"], f["case"], f["raised"]) for f in found] == [
        ("not_handled", number, False)
    ]
    assert run("--by", "city-supervisor", "--finder", "not_supervised", "--json") == 0
    assert [f["unit"] for f in json.loads(capsys.readouterr().out)["findings"]] == ["YJ01"]
    assert run("--by", "supervisor", "--raise") == 0
    assert "leads raised 1" in capsys.readouterr().out
    assert run("--by", "supervisor", "--raise") == 0
    told = capsys.readouterr().out
    assert "leads raised 0" in told
    assert "已提出 / raised" in told


@pytest.mark.parametrize("who", ["clerk", "handler", "conference"])
def test_others_are_told_nothing(
    world: World, capsys: pytest.CaptureFixture[str], who: str
) -> None:
    late(world)
    with pytest.raises(CommandError, match="people of a petition department cleared"):
        run("--by", who)
    assert "YJ02" not in capsys.readouterr().out


def test_an_unknown_finder_is_refused_with_the_list(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--by", "supervisor", "--finder", "nobody") == 1
    assert "not_handled" in capsys.readouterr().err
    assert world.count == 0


def act(*words: str) -> int:
    """Run `dengwen act` inside this process on a day."""
    return answer.answer(build_parser().parse_args(["act", *words, "--clock", "2025-04-01"]))


def test_on_the_command_line_nothing_is_decided_on_hearsay_either(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    """As hearsay decider, proposer, accused, colleague and stranger, by `dengwen act` and
    `--for` another organ."""
    number = opened_bare(world)
    decision = [
        "--set",
        "measures=removal",
        "--set",
        "harm=especially",
        "--set",
        "influence=especially",
        "--text",
        "facts=示例",
        "--text",
        "responsibility=示例",
        "--text",
        "reasons=示例",
    ]
    capsys.readouterr()
    callers: tuple[tuple[str, str, tuple[str, ...]], ...] = (
        ("decider", "YJW-S", ()),
        ("decider", "YJW-S", ("--on", "2025-03-20")),
        ("head", "YJ02-Z", ()),
        ("supervisor", "YJ01-Z", ("--for", "YJW")),
        ("sanction-head", "YJ09-Q", ("--for", "YJW")),
        ("head2", "YJ03-C", ()),
    )
    for who, code, more in callers:
        try:
            done = act(number, "decide", "--by", who, "--set", f"decider={code}", *decision, *more)
        except CommandError:
            done = 1
        assert done != 0, who
    told = capsys.readouterr()
    assert "政务处分法第四十二条、第四十三条" in told.err + told.out
    told_on_hearsay = ["--set", "official=YJ02-Z", "--set", "answer_by=2025-04-01"]
    told_on_hearsay += ["--text", "facts=听说", "--text", "grounds=示例"]
    assert act(number, "tell_person", "--by", "committee", *told_on_hearsay) != 0
    confirmed = [
        "--set",
        "official=YJ02-Z",
        "--set",
        "ground=1",
        "--set",
        "kind=individual",
        "--text",
        "reasons=示例",
    ]
    confirmed += ["--set", "proposed=direct", "--set", "responsibility=direct"]
    assert act(number, "confirm_line", "--by", "committee", *confirmed) != 0
    assert (
        Act.objects.filter(
            act__in=("decide", "issue_treatment", "tell_person", "confirm_line")
        ).count()
        == 0
    )


def test_another_measure_waits_for_a_second_head_on_the_command_line_too(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither decided by one, nor without its name and reasons, nor under a listed name."""
    number = opened(world)
    sets = {
        "decider": "YJW-S",
        "measures": "other_treatment",
        "status": "civil_servant",
        "harm": "especially",
        "influence": "especially",
        "other_takes_post": "no",
        "rectifier": "YJ02",
        "deadline": "2025-06-30",
    }
    texts = {"facts": "示例", "responsibility": "示例", "reasons": "示例", "goal": "示例"}
    texts["other_reasons"] = "五项组织处理都过重"

    def put(more: dict[str, str], said: dict[str, str], *flags: str) -> int:
        words = ["decide", "--by", "decider", *flags]
        for name, value in (sets | more).items():
            words += ["--set", f"{name}={value}"]
        for name, value in said.items():
            words += ["--text", f"{name}={value}"]
        return act(number, *words)

    named = {"other_measure": "调离信访岗位"}
    assert put(named, texts) == 1
    assert "第二人" in capsys.readouterr().err
    assert put({}, texts, "--propose") == 1
    assert put(named, texts | {"other_reasons": "……"}, "--propose") == 1
    assert put({"other_measure": "内部免职"}, texts, "--propose") == 1
    capsys.readouterr()
    assert put(named, texts, "--propose") == 0
    assert f"dengwen second approve {number}" in capsys.readouterr().err
    assert not Act.objects.filter(case__number=number, act="decide").exists()
