"""Files and bad input at the command line: kept with their act, or refused in words with nothing
written."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from dengwen.cases.files.held_files import body_of
from dengwen.cases.models import Act, Case, File
from dengwen.cli.shell import answer
from dengwen.cli.shell.output import CommandError
from tests.world import World, prepare

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def world(db: None, tmp_path: Path, settings: Any) -> World:
    """The district, founded on 2018-01-02."""
    prepare(tmp_path / "office", settings)
    return World()


def act(case: str, name: str, by: str = "clerk", **more: Any) -> int:
    """Run `dengwen act` in this process; returns its exit code."""
    given: dict[str, Any] = dict.fromkeys(
        ("open", "on", "uid", "late_reason", "paper", "propose", "behalf"), ""
    )
    given |= {"organ": None, "json": True, "text": [], "set": [], "clock": "2025-03-04"}
    whole = {
        **given,
        "module": "dengwen.cli.cases.act",
        "function": "run_act",
        "case": case,
        "act": name,
        "by": by,
    }
    return answer.answer(argparse.Namespace(**{**whole, **more}))


def lying(settings: Any) -> int:
    """Return how many sealed files lie in the data folder."""
    return sum(path.is_file() for path in (Path(settings.DATA) / "files").rglob("*"))


def test_a_file_named_by_its_path_is_kept_with_the_act(
    world: World, tmp_path: Path, settings: Any
) -> None:
    (tmp_path / "一.pdf").write_bytes(PDF)
    (tmp_path / "二.pdf").write_bytes(PDF + b"2")
    number = world.register("2025-03-03")
    assert act(number, "add_material", set=[f"papers=@{tmp_path}/一.pdf,@{tmp_path}/二.pdf"]) == 0
    assert [body_of(row) for row in File.objects.order_by("pk")] == [PDF, PDF + b"2"]
    assert Act.objects.get(act="add_material").data["papers"] == [
        row.digest for row in File.objects.order_by("pk")
    ]
    world.act("clerk", "withdraw", number, on="2025-03-04")
    assert (
        act(number, "add_material", set=[f"papers=@{tmp_path}/一.pdf"]) == 1
    )  # it is over: nothing stays
    assert lying(settings) == 2


def test_a_hostile_file_is_refused_in_words(
    world: World, tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    number = world.register("2025-03-03")
    (tmp_path / "x.pdf").write_bytes(b"MZ")
    with pytest.raises(CommandError, match="按内容判断"):
        act(number, "add_material", set=[f"papers=@{tmp_path}/x.pdf"])
    assert lying(settings) == 0
    assert not Act.objects.filter(act="add_material").exists()


def test_a_full_disk_is_said_and_nothing_is_written(
    world: World,
    tmp_path: Path,
    settings: Any,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_args: object) -> None:
        raise OperationalError("database or disk is full")

    number = world.register("2025-03-03")
    (tmp_path / "x.pdf").write_bytes(PDF)
    with monkeypatch.context() as patch:
        patch.setattr("dengwen.cases.files.held_files.RESERVE", 1 << 62)
        with pytest.raises(CommandError, match="磁盘写不下"):
            act(number, "add_material", set=[f"papers=@{tmp_path}/x.pdf"])
    with monkeypatch.context() as patch:
        patch.setattr("dengwen.ledger.event_log.prepare", full)
        assert act(number, "add_material", set=[f"papers=@{tmp_path}/x.pdf"]) == 1
    assert "磁盘写不下" in capsys.readouterr().err
    assert (
        Act.objects.filter(act="add_material").count(),
        File.objects.count(),
        lying(settings),
    ) == (0, 0, 0)
    assert act(number, "add_material", set=[f"papers=@{tmp_path}/x.pdf"]) == 0


def test_names_of_ten_thousand_characters_and_days_that_cannot_be(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    fields = ["channel=letter", "office=petition_office"]
    said = "content=三号楼屋面渗水"
    long: dict[str, Any] = {
        "open": "petition",
        "set": fields,
        "text": [said, f"petitioner={'王' * 10_000}"],
    }
    assert act("register", "", **long) == 0
    assert act("register", "", **{**long, "text": [said, f"petitioner={'王' * 20_001}"]}) == 1
    assert "最多20000字" in capsys.readouterr().err
    with pytest.raises(CommandError, match="早于 1949-10-01"):
        act("register", "", **{**long, "on": "1900-01-01", "text": [said]})
    assert act("register", "", **{**long, "on": "2025-03-05", "text": [said]}) == 1
    assert (
        act("register", "", open="petition", set=[*fields, "received_on=2025-03-05"], text=[said])
        == 1
    )
    assert "晚于" in capsys.readouterr().err
    with pytest.raises(CommandError, match="YJ99"):
        act(Case.objects.get(kind="petition").number, "forward", by="router", set=["to=YJ99"])
    assert Case.objects.filter(kind="petition").count() == 1


def test_a_late_entry_waits_for_its_second_person(world: World, tmp_path: Path) -> None:
    (tmp_path / "纸.pdf").write_bytes(PDF)
    number = world.to_accepted("2025-03-03")
    late = {
        "on": "2025-05-05",
        "clock": "2025-05-20",
        "late_reason": "停电",
        "paper": str(tmp_path / "纸.pdf"),
    }
    asked: dict[str, Any] = {
        "set": ["days=30", "told_petitioner=true"],
        "text": ["reason=需委托检测"],
        "by": "head",
        **late,
    }
    assert act(number, "extend", **asked) == 1
    assert not File.objects.exists()
    assert act(number, "extend", **asked, propose=True) == 0
    assert Act.objects.latest("id").act == "propose_step"
    assert body_of(File.objects.get()) == PDF
