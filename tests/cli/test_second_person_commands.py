"""`dengwen second`: what waits, and the decision on it, at the command line."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from dengwen.cases.models import Act
from dengwen.cli.shell import answer
from dengwen.law.duties.proposal import APPROVE, PROPOSE, REFUSE, WITHDRAW
from tests.world import World, prepare

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def world(db: None, tmp_path: Path, settings: Any) -> World:
    """The district, founded on 2018-01-02."""
    prepare(tmp_path / "office", settings)
    return World()


def extend(number: str, tmp_path: Path, *, propose: bool, **more: Any) -> int:
    """Ask for an extension claimed before the last day and entered after it."""
    (tmp_path / "纸.pdf").write_bytes(PDF)
    given: dict[str, Any] = dict.fromkeys(("open", "uid", "behalf", "organ"), "")
    given |= {
        "module": "dengwen.cli.cases.act",
        "function": "run_act",
        "case": number,
        "act": "extend",
        "by": "head",
        "json": True,
        "text": ["reason=需委托检测"],
        "set": ["days=30", "told_petitioner=true"],
        "on": "2025-05-05",
        "clock": "2025-05-20",
        "late_reason": "停电",
        "paper": str(tmp_path / "纸.pdf"),
        "propose": propose,
    }
    return answer.answer(argparse.Namespace(**{**given, **more}))


def second(decision: str, number: str, seq: int, by: str, why: str = "") -> int:
    """Run `dengwen second approve` and its like."""
    given = {
        "module": "dengwen.cli.cases.second_person_commands",
        "function": "run_decide",
        "decision": decision,
        "case": number,
        "seq": seq,
        "by": by,
        "why": why,
        "organ": "",
        "uid": "",
        "clock": "2025-05-20",
        "json": False,
    }
    return answer.answer(argparse.Namespace(**given))


def listed(by: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """Return what `dengwen second list` says."""
    capsys.readouterr()
    given = {
        "module": "dengwen.cli.cases.second_person_commands",
        "function": "run_list",
        "by": by,
        "organ": "",
        "clock": "2025-05-20",
        "json": True,
    }
    assert answer.answer(argparse.Namespace(**given)) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_two_accounts_at_the_command_line(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    number = world.to_accepted("2025-03-03")
    assert extend(number, tmp_path, propose=False) == 1
    assert "第二人" in capsys.readouterr().err
    assert extend(number, tmp_path, propose=True) == 0
    row = Act.objects.get(act=PROPOSE, case__kind="petition")
    assert f"dengwen second approve {number} {row.seq}" in capsys.readouterr().err
    assert [one["seq"] for one in listed("checker", capsys)["waiting"]] == [row.seq]
    assert [one["seq"] for one in listed("head", capsys)["proposed"]] == [row.seq]
    assert listed("clerk", capsys) == {"waiting": [], "proposed": []}
    assert second("approve", number, row.seq, "head") == 1
    assert second("approve", number, row.seq, "handler2") == 1
    assert second("approve", number, row.seq + 1, "checker") == 1
    assert second("refuse", number, row.seq, "checker") == 1
    assert Act.objects.latest("id").act == PROPOSE
    assert second("approve", number, row.seq, "checker") == 0
    assert second("approve", number, row.seq, "checker") == 1
    newest = list(Act.objects.order_by("-id").values_list("act", flat=True)[:2])
    assert newest == ["extend", APPROVE]


@pytest.mark.parametrize(
    ("decision", "by", "why", "act"),
    [("refuse", "checker", "材料不符", REFUSE), ("take-back", "head", "", WITHDRAW)],
)
def test_what_is_refused_or_taken_back_ends(
    world: World, tmp_path: Path, decision: str, by: str, why: str, act: str
) -> None:
    number = world.to_accepted("2025-03-03")
    assert extend(number, tmp_path, propose=True) == 0
    seq = Act.objects.get(act=PROPOSE, case__kind="petition").seq
    assert second(decision, number, seq, by, why) == 0
    assert Act.objects.latest("id").act == act
    assert second("approve", number, seq, "checker") == 1


def shown(number: str, capsys: pytest.CaptureFixture[str], *, as_json: bool) -> str:
    """Return what `dengwen case show` says."""
    capsys.readouterr()
    given = {
        "module": "dengwen.cli.cases.show",
        "function": "run_show",
        "number": number,
        "case": number,
        "by": "handler",
        "organ": "",
        "clock": "2025-05-20",
        "json": as_json,
    }
    assert answer.answer(argparse.Namespace(**given)) == 0
    return capsys.readouterr().out


def test_a_case_shows_what_rests_on_a_claim(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    number = world.to_accepted()
    assert "by claim only" not in shown(number, capsys, as_json=False)
    extend(number, tmp_path, propose=True)
    seq = Act.objects.get(case__number=number, act=PROPOSE).seq
    assert second("approve", number, seq, "checker") == 0
    assert "仅凭事后主张，原到期 2025-05-06" in shown(number, capsys, as_json=False)
    duties = json.loads(shown(number, capsys, as_json=True))["duties"]
    assert [duty["rule"] for duty in duties if duty["by_claim"]] == ["handle"]


@pytest.mark.parametrize("paper", [True, False])
def test_a_withdrawal_at_the_command_line_needs_the_signed_paper(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str], paper: bool
) -> None:
    number = world.to_accepted()
    (tmp_path / "撤回.pdf").write_bytes(PDF)
    given: dict[str, Any] = dict.fromkeys(("open", "uid", "behalf", "organ", "late_reason"), "")
    given |= {
        "module": "dengwen.cli.cases.act",
        "function": "run_act",
        "case": number,
        "act": "withdraw",
        "by": "handler",
        "json": True,
        "text": ["reason=已经解决"],
        "set": [f"withdrawal_paper={tmp_path / '撤回.pdf'}"] if paper else [],
        "on": "",
        "clock": "2025-05-05",
        "paper": "",
        "propose": False,
    }
    assert (answer.answer(argparse.Namespace(**given)) == 0) is paper
    assert Act.objects.filter(case__number=number, act="withdraw").exists() is paper
    if not paper:
        assert "信访人本人签名" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"late_reason": " \u3000"}, "现在补录须写明理由并附纸质材料的摘要"),
        ({"paper": "档案室三号柜"}, "现在补录须写明理由并附纸质材料的摘要"),
        ({"on": "2025-05-21"}, "晚于现在"),
        ({"on": "2025-03-02"}, "早于本件登记"),
        ({"by": "clerk"}, "没有编号为"),
        ({"by": "handler2"}, "没有编号为"),
        ({"act": APPROVE, "set": ["proposal=1", "seen=" + "ab" * 32], "text": []}, "按下的这一天"),
    ],
)
def test_what_supports_nothing_is_not_put_before_anybody_at_the_command_line(
    world: World,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    more: dict[str, Any],
    said: str,
) -> None:
    number = world.to_accepted("2025-03-03")
    written = Act.objects.count()
    assert extend(number, tmp_path, propose=True, **more) != 0
    assert said in capsys.readouterr().err
    assert Act.objects.count() == written
