"""`dengwen personnel extract`: for a request, by whoever is cleared to answer it, logged, the
same bytes twice."""

from __future__ import annotations

import hashlib
import json

import pytest

from dengwen.access.models import ReadLog
from dengwen.cli.main import build_parser
from dengwen.cli.shell import answer
from dengwen.cli.shell.output import CommandError
from tests.accountability.deciding import decided, official
from tests.world import World


def asked(world: World) -> str:
    """Let the organisation department ask for an opinion on the head of the housing bureau."""
    done = world.act(
        "organiser",
        "ask",
        kind="personnel_opinion",
        on="2025-06-10",
        texts={"purpose": "任职考察"},
        to=world.organ("YJ01"),
        cadre=official().pk,
    )
    return done.case


def run(number: str, *words: str, code: str = "YJ02-Z", by: str = "supervisor") -> int:
    """Run the command inside this process, with the data of the test."""
    given = [
        "personnel",
        "extract",
        code,
        "--request",
        number,
        "--by",
        by,
        "--clock",
        "2025-06-20",
        *words,
    ]
    return answer.answer(build_parser().parse_args(given))


def test_the_same_bytes_twice_each_look_in_the_log(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    decision, number = decided(world, "2025-06-02"), asked(world)
    told = []
    for _ in range(2):
        assert run(number, "--from", "2025-01-01", "--on", "2025-06-15", "--json") == 0
        told.append(capsys.readouterr().out.strip())
    assert told[0] == told[1]
    data = json.loads(told[0])
    assert [m["case"] for m in data["measures"]] == [decision]
    assert (data["first"], data["last"], data["on"]) == ("2025-01-01", "2025-06-15", "2025-06-15")
    rows = ReadLog.objects.filter(fields="look-up", purpose="account", data_class="D7")
    assert sorted(rows.values_list("case_number", flat=True)) == sorted([number, decision] * 2)
    assert run(number, "--from", "2025-01-01", "--on", "2025-06-15") == 0
    text = capsys.readouterr().out
    assert hashlib.sha256(told[0].encode()).hexdigest() in text
    assert "诫勉" in text


@pytest.mark.parametrize(
    ("who", "code"),
    [
        *((who, "YJ02-Z") for who in ("clerk", "handler3", "head", "committee")),
        ("supervisor", "YJ03-C"),
    ],
)
def test_nobody_else_and_nobody_else_s_extract(
    world: World, capsys: pytest.CaptureFixture[str], who: str, code: str
) -> None:
    number = asked(world)
    with pytest.raises(CommandError, match="no such request"):
        run(number, by=who, code=code)
    assert not ReadLog.objects.filter(fields="look-up").exists()
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("words", "where"),
    [
        (("--on", "2025-06-21"), "--on"),
        (("--from", "gestern"), "--from"),
        (("--from", "2025-06-01", "--to", "2025-05-01"), "--from"),
    ],
)
def test_days_that_cannot_be_are_refused(world: World, words: tuple[str, ...], where: str) -> None:
    number = asked(world)
    with pytest.raises(CommandError, match=where):
        run(number, *words)
    assert not ReadLog.objects.filter(fields="look-up").exists()
