"""What docs/how-to/lawyer/packs.en.md says may be installed is installed: an older edition,
schemes, sentences."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import REPOSITORY, Dengwen

PACKS = REPOSITORY / "packs"


def test_an_older_edition_is_installed_whatever_its_folder_is_called(
    empty: Dengwen, tmp_path: Path
) -> None:
    own = empty.folder / "packs"
    shutil.rmtree(own / "simplified" / "2016-07-09")
    shutil.copytree(PACKS / "simplified" / "2016-07-09", tmp_path / "简易办理旧版")
    assert "simplified/2016-07-09" in empty("pack", "install", str(tmp_path / "简易办理旧版")).out
    assert (own / "simplified" / "2016-07-09" / "pack.toml").exists()
    assert not (own / "simplified" / "2016-07-09" / "scenarios").exists()
    assert not list(empty.folder.glob("packs.*"))
    empty("pack", "check")
    # As docs/how-to/administrator/office.en.md has it.
    assert "beijing/2006-01-01" in empty("pack", "install", "beijing/2006-01-01").out


@pytest.mark.parametrize(
    ("named", "place"),
    [
        ("packs/schemes", "schemes/starting.toml"),
        ("packs/schemes/starting.toml", "schemes/starting.toml"),
        ("packs/reports", "reports/mailbox.toml"),
        ("packs/sentences.toml", "sentences.toml"),
        ("packs/cases.toml", "cases.toml"),
        ("packs", "schemes/starting.toml"),
    ],
)
def test_lists_beside_the_packs_are_installed(empty: Dengwen, named: str, place: str) -> None:
    own = empty.folder / "packs"
    (own / place).unlink()
    assert place in empty("pack", "install", str(REPOSITORY / named)).out
    assert (own / place).read_bytes() == (PACKS / place).read_bytes()


def test_a_scheme_that_cannot_be_is_refused_and_nothing_is_changed(
    empty: Dengwen, tmp_path: Path
) -> None:
    own = empty.folder / "packs" / "schemes"
    text = (PACKS / "schemes" / "starting.toml").read_text(encoding="utf-8")
    bad = tmp_path / "ours.toml"
    bad.write_text(text.replace("weight", "wieght", 1), encoding="utf-8")
    assert "ours.toml" in empty("pack", "install", str(bad), code=1).err
    bad.write_text(text, encoding="utf-8")  # another file of the same id
    assert "starting.toml" in empty("pack", "install", str(bad), code=1).err
    sentences = tmp_path / "sentences.toml"
    sentences.write_text('[[sentence]]\nid = "P1.1"\n', encoding="utf-8")
    assert "sentences.toml" in empty("pack", "install", str(sentences), code=1).err
    (tmp_path / "letter.toml").write_text('a = "b"\n', encoding="utf-8")
    assert "packs/schemes" in empty("pack", "install", str(tmp_path / "letter.toml"), code=2).err
    assert "packs/schemes" in empty("pack", "install", str(tmp_path / "nothing"), code=2).err
    assert sorted(p.name for p in own.iterdir()) == ["starting.toml"]
