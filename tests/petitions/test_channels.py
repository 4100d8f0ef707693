"""`dengwen import messages --channel` takes what the installed packs know, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dengwen.cases.models import Act, Case
from dengwen.cli.cases.history import run_import
from dengwen.cli.main import build_parser
from dengwen.cli.shell.output import CommandError
from dengwen.organs.models import Organ
from dengwen.petitions.history.message_fields import channels
from tests.world import World


@pytest.fixture
def messages(tmp_path: Path) -> str:
    """A file with one message of the past."""
    row = {
        "source": "示例平台",
        "source_no": "甲-1",
        "body": "屋面渗水多年。",
        "time": "2025-02-24",
    }
    path = tmp_path / "messages.jsonl"
    path.write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    return str(path)


def imported(file: str, channel: str) -> int:
    """Import the file as if typed at the command line."""
    words = ("import", "messages", file, "--channel", channel, "--organ", "YJ01")
    return run_import(build_parser().parse_args([*words, "--clock", "2025-03-03"]))


def test_the_channels_are_those_of_the_packs():
    found = channels()
    assert set(found) == {"network", "letter", "phone", "fax", "visit"}
    assert found["letter"] == ("书信", "letter")


@pytest.mark.parametrize("channel", ["letter", "fax"])
def test_a_channel_of_the_packs_is_taken(world: World, messages: str, channel: str):
    assert imported(messages, channel) == 0
    assert Act.objects.get(act="register", case__kind="petition").data["channel"] == channel


@pytest.mark.parametrize("channel", ["", "mail", "LETTER", "letter ", "x" * 4000, "'; --"])
def test_another_one_is_refused_before_anything_is_written(
    world: World, messages: str, channel: str
):
    organs = Organ.objects.count()
    with pytest.raises(CommandError) as refused:
        imported(messages, channel)
    assert refused.value.where == "--channel"
    assert "letter" in refused.value.mend
    assert "书信" in refused.value.mend
    assert len(str(refused.value)) < 400
    assert not Case.objects.filter(kind="petition").exists()
    assert Organ.objects.count() == organs


def test_an_empty_office_founds_no_organ_for_a_channel_there_is_not(db: None, messages: str):
    words = ("import", "messages", messages, "--channel", "mail", "--clock", "2025-03-03")
    with pytest.raises(CommandError):
        run_import(build_parser().parse_args(words))
    assert not Organ.objects.exists()
