"""The delivered packs are sound; a pack planted with a dead end is refused in the right words."""

from __future__ import annotations

import json
import re
import shutil
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from dengwen.cli.main import main
from dengwen.law.duties.act_record import DutyView
from dengwen.law.errors import PackError
from dengwen.law.packs.library import Library
from dengwen.law.soundness import exploration
from dengwen.law.soundness.exploration import Exploration, TooManyError, values_told_apart
from dengwen.law.soundness.open_duties import DutyWalk
from dengwen.law.soundness.survey import Survey, stands, survey
from tests.law.stage import LIBRARY, PACKS

PLANTS = sorted(p for p in (Path(__file__).parent / "unsound").iterdir() if p.is_dir())


@pytest.fixture(scope="module")
def delivered() -> Survey:
    return survey(LIBRARY, PACKS)


def refused(folder: Path) -> list[PackError]:
    """Return what `law check --soundness` refuses of a folder of packs, loading included."""
    try:
        library = replace(Library.load(folder), calendar=LIBRARY.calendar)
    except PackError as error:
        return [error]
    found = survey(library, folder)
    assert found.unconfirmed == []
    return [finding.error for finding in found.findings]


def test_the_delivered_packs_have_no_finding(delivered: Survey) -> None:
    assert [str(finding) for finding in delivered.findings] == []
    assert delivered.unconfirmed == []


def test_every_kind_is_explored_under_every_edition_at_every_place(delivered: Survey) -> None:
    places = {one.place for one in delivered.explored}
    assert places == {pack.place for pack in LIBRARY.packs}
    named = {pack for one in delivered.explored for pack in one.packs}
    assert named == {pack.id for pack in LIBRARY.packs}
    petitions = [one for one in delivered.explored if one.kind == "petition"]
    assert all(one.nodes > 1000 for one in petitions)


@pytest.mark.parametrize("folder", PLANTS, ids=lambda p: p.name)
def test_a_planted_pack_is_refused_with_its_path_and_its_mend(folder: Path) -> None:
    expected = tomllib.loads((folder / "expect.toml").read_text(encoding="utf-8"))
    errors = refused(folder)
    error = next(error for error in errors if error.code == expected["code"])
    assert {error.entry for error in errors} == {expected["entry"]}
    assert expected["words"] in error.zh + error.mend_zh
    assert error.en
    assert error.mend_en
    assert (folder / error.file).is_file() or error.file.startswith("kind ")


def test_there_are_plants_enough() -> None:
    assert len(PLANTS) >= 45


@pytest.mark.parametrize("page", ["packs.en.md", "packs.zh.md"])
def test_every_class_of_the_page_has_a_planted_pack(page: str) -> None:
    """The table says what must not be in a pack and what finds it; each of these is planted.
    `late-end-unseen` needs an engine that forgets: it has a test of its own."""
    text = (PACKS.parent / "docs" / "how-to" / "lawyer" / page).read_text(encoding="utf-8")
    table = text[text.index("tests/law/unsound") :]
    named = set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", table))
    planted = {
        tomllib.loads((folder / "expect.toml").read_text(encoding="utf-8"))["code"]
        for folder in PLANTS
    }
    assert named - planted == {"late-end-unseen"}
    assert planted - named == set()


def test_no_list_lets_a_finding_stand_open(tmp_path: Path) -> None:
    """A finding is mended or refused: what a file beside the packs says of it changes nothing."""
    folder = tmp_path / "packs"
    shutil.copytree(Path(__file__).parent / "unsound" / "case-ends-with-duty-open", folder)
    key = "open-at-end petition.handle finished"
    stands_open = f'[[open]]\nkey = "{key}"\nzh = "甲"\nen = "a"\n'
    (folder / "open_findings.toml").write_text(stands_open, encoding="utf-8")
    assert [error.code for error in refused(folder)] == ["open-at-end"]


def test_an_exploration_that_meets_its_cap_is_refused_and_never_cut(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kind = LIBRARY.rulebook(max(p.since for p in LIBRARY.packs)).kind("petition")
    monkeypatch.setattr(exploration, "MOST_VALUATIONS", 8)
    followed = frozenset({"class", "path", "office"})
    with pytest.raises(TooManyError):
        Exploration(kind, followed, values_told_apart(kind)).explore()


def test_the_command_names_file_acts_and_mend_and_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Path(__file__).parent / "unsound" / "case-ends-with-duty-open"
    monkeypatch.setenv("DENGWEN_PACKS", str(folder))
    assert main(["law", "check", "--soundness"]) == 1
    said = capsys.readouterr().out
    assert "petition · 全国 / nationwide · plant/2024-01-01: " in said
    assert "plant/2024-01-01/petition.toml · duty handle" in said
    assert "(register → finish)" in said
    assert "Mend:" in said
    assert main(["law", "check", "--soundness", "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert [line["code"] for line in report["findings"]] == ["open-at-end"]
    assert report["explored"][0]["nodes"] > 0


def test_an_engine_that_forgets_a_breach_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Path(__file__).parent / "unsound" / "begins-on-a-day-to-come"
    monkeypatch.setattr(DutyView, "unrecorded_breach", lambda _self, _today: False)
    assert "late-end-unseen" in {error.code for error in refused(folder)}


def test_what_the_rules_refuse_is_no_finding() -> None:
    """A row of acts that cannot happen is played and dropped: an objection after its five days."""
    stand = next(
        one
        for one in stands(LIBRARY)
        if one.kind.id == "petition" and "national/2022-05-01" in one.book.packs
    )
    walk = DutyWalk(stand, stand.kind.duties["sort"])
    assert list(walk.findings()) == []
    assert walk.nodes > 100
    shut = replace(stand.kind.duties["sort"], closes=("forward",))
    kind = replace(stand.kind, duties={**stand.kind.duties, "sort": shut})
    codes = {f.error.code for f in DutyWalk(replace(stand, kind=kind), shut).findings()}
    assert codes == set(), "the rules of the library still close it, so nothing is confirmed"
