"""An organ that is recorded as accused while the matter is on its way to it: at no door does it
learn of it or act, and whoever sent it reads what to do (R22 22(2), 30(3))."""

from __future__ import annotations

import argparse
import json
from typing import Any

import pytest
from django.test import Client

from dengwen.cases.models import Act
from dengwen.cases.wall.accused_addressee import ADVICE, is_sent_to_accused
from dengwen.cases.write.check import Refused
from dengwen.cases.write.perform import By, perform
from dengwen.cli.shell import answer
from dengwen.desk.shell.frame import clock
from dengwen.law.duties.step import Step
from tests.world import CLAIM, World, at

BACKEND = "dengwen.access.login.sign_in.PasswordBackend"
SENT, NAMED, ON = "2025-03-03", "2025-03-04", "2025-03-05"
ACCUSED, NOT_CLEARED = ("handler", "checker", "head"), ("clerk", "router", "reviewer")
DOES: list[tuple[str, dict[str, Any], dict[str, str]]] = [
    ("receive", {}, {}),
    ("object", {}, {"reason": "不属本单位职权"}),
    ("note", {}, {"text": "备注"}),
    ("report_up", {}, {}),
    ("no_such_act", {}, {}),
]
NO_CASE = {"no-case"}


def on_its_way(world: World) -> str:
    """Return a matter sent to the bureau on 3 March, and not received yet."""
    number = world.register(SENT)
    world.act("clerk", "classify", number, on=SENT, **CLAIM)
    world.act("router", "forward", number, on=SENT, to=world.organ("YJ02"))
    return number


@pytest.fixture
def number(world: World) -> str:
    """The matter, in which its addressee is recorded as accused on 4 March."""
    number = on_its_way(world)
    accused = (world.organ("YJ02"),)
    world.act("clerk", "name_accused", number, on=NAMED, accused_organs=accused)
    return number


def page(world: World, who: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
    """Open a page, or send its form; return the status and what it says."""
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(world.office.users[who], backend=BACKEND)
    got = client.get(path) if form is None else client.post(path, form)
    return got.status_code, got.content.decode()


def shown(number: str, who: str, *, as_json: bool = False) -> int:
    """Run `dengwen case show`."""
    given = {
        "module": "dengwen.cli.cases.show",
        "function": "run_show",
        "number": number,
        "case": number,
        "by": who,
        "organ": "",
        "clock": ON,
        "json": as_json,
    }
    return answer.answer(argparse.Namespace(**given))


def codes(world: World, by: By, number: str, tried: tuple[str, Any, Any]) -> set[str]:
    """Return by which codes the write door refuses an act."""
    act, fields, texts = tried
    world.count += 1
    step = Step(act=act, case=number, fields=fields, texts=texts)
    with pytest.raises(Refused) as refused:
        perform(step, by=by, now=at(ON), uid=f"accused/{world.count}")
    return {reason.code for reason in refused.value.reasons}


def test_the_accused_organ_does_nothing_in_it_at_the_write_door(world: World, number: str) -> None:
    before = Act.objects.count()
    for who in ACCUSED:
        for tried in DOES:
            assert codes(world, world.by(who), number, tried) == NO_CASE, (who, tried[0])
    organ = By(None, world.organ("YJ02"), frozenset({"clerk", "handler"}))
    assert codes(world, organ, number, DOES[0]) == NO_CASE
    assert Act.objects.count() == before


def test_nor_does_an_accused_person_of_the_office_that_sent_it(world: World, number: str) -> None:
    note = DOES[2]
    fields: dict[str, Any] = {"accused_official": world.official("YJ01-S")}
    world.act("sealed", "name_accused", number, on=NAMED, **fields)
    assert codes(world, world.by("router"), number, note) == NO_CASE


def test_neither_the_accused_nor_the_uncleared_see_it_on_a_page_or_at_the_command_line(
    world: World,
    number: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(clock, "now", lambda: at(ON))
    for who in (*ACCUSED, *NOT_CLEARED):
        assert page(world, who, f"/desk/case/{number}/")[0] == 404, who
        assert page(world, who, f"/desk/case/{number}/receive/", {})[0] == 404, who
        assert number not in page(world, who, "/desk/")[1]
        assert shown(number, who) == 1, who
        said = capsys.readouterr()
        assert said.out == ""
        assert "没有编号为" in said.err
        assert ADVICE[0] not in said.err


def test_whoever_sent_it_reads_what_to_do(
    world: World,
    number: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(clock, "now", lambda: at(ON))
    assert ADVICE[0] in page(world, "sealed", f"/desk/case/{number}/")[1]
    assert shown(number, "sealed") == 0
    assert ADVICE[0] in capsys.readouterr().out
    assert shown(number, "sealed", as_json=True) == 0
    assert json.loads(capsys.readouterr().out)["sent_to_accused"] is True
    world.act("sealed", "note", number, on=ON, texts={"text": "已收回纸质材料"})


@pytest.mark.parametrize("written", ["{}", "+{}", " {} ", "0{}"])
@pytest.mark.parametrize(("to", "refused"), [("YJ02", True), ("YJ04", False)])
def test_no_correction_sends_it_to_the_accused(
    world: World, number: str, to: str, refused: bool, written: str
) -> None:
    sent = Act.objects.get(case__number=number, act="forward").pk
    fields = {"target": sent, "field": "to", "new": written.format(world.organ(to))}
    found = codes(world, world.by("sealed"), number, ("correct", fields, {"reason": "抄错"}))
    assert found == ({"to-the-accused", "second-person"} if refused else {"second-person"})


def test_it_is_said_of_no_other_matter(world: World) -> None:
    plain = on_its_way(world)
    assert not is_sent_to_accused(world.case(plain), at(ON).date())
    other = on_its_way(world)
    accused = (world.organ("YJ04"),)
    world.act("clerk", "name_accused", other, on=NAMED, accused_organs=accused)
    assert not is_sent_to_accused(world.case(other), at(ON).date())
    world.act("handler", "receive", other, on=ON)
