"""Whatever is emptied, taken out or changed in a frozen assessment is named; what needs the
ledger is said so."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dengwen.assessment.frozen import frozen_tables, manifest, manifest_digest
from dengwen.assessment.frozen.freeze import Frozen, Run, freeze
from dengwen.assessment.frozen.recomputation import Verdict, verify
from dengwen.cli.main import main
from dengwen.merkle.note import SignerKey
from dengwen.oversight.statistics import newest_position
from tests.assessment import quarter
from tests.assessment.test_freezing import rewritten
from tests.kept import kept
from tests.world import World

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def ruled(world: World, body: str, tmp_path: Path) -> Frozen:
    """A quarter with two exclusions and one objection upheld: the late conclusion was in time."""
    quarter.sealed(world)
    folder = tmp_path / "ruled"
    return replace(
        kept(world, "a quarter ruled on", lambda: _ruled(body, tmp_path), folder), folder=folder
    )


def _ruled(body: str, folder: Path) -> Frozen:
    given: dict[str, Any] = {"exclusions": quarter.exclusions(body)}
    first = freeze(
        Run(body, quarter.FIRST, quarter.LAST, newest_position(), **given), folder / "first"
    )
    rows = frozen_tables.read(first.folder / frozen_tables.FACTS, frozen_tables.FACTS)
    late = next(r for r in rows if r["kind"] == "conclusion" and r["outcome"] == "late")
    given["corrections"] = {late["id"]: "in_time"}
    given["objections"] = [
        {
            "number": 1,
            "organ": late["organ"],
            "fact": late["id"],
            "indicator": "concluded_in_time",
            "ruling": "upheld",
            "outcome": "in_time",
        }
    ]
    return freeze(
        Run(body, quarter.FIRST, quarter.LAST, newest_position(), **given), folder / "ruled"
    )


@pytest.fixture
def folder(ruled: Frozen, tmp_path: Path) -> Path:
    """The frozen folder copied elsewhere."""
    return Path(shutil.copytree(ruled.folder, tmp_path / "copy"))


def said_of(folder: Path) -> dict[str, Any]:
    """Return the manifest of a folder."""
    return manifest.read_file(folder / manifest.NAME)


def places(verdict: Verdict) -> set[tuple[str, str]]:
    """Return what verification says, and where."""
    return {(d.what, d.where) for d in verdict.differences}


def test_a_run_with_rulings_verifies(folder: Path) -> None:
    verdict = verify(folder / manifest.NAME)
    assert verdict.differences == ()
    assert {n.what for n in verdict.notes} == {"key", "digest", "ledger"}
    assert verify(folder / manifest.NAME, digest=verdict.digest).differences == ()


# --- the ledger position --------------------------------------------------------------------------
def test_a_missing_checkpoint_is_a_difference(folder: Path) -> None:
    ledger = said_of(folder)["ledger"] | {"checkpoint": "", "size": 77}
    path = rewritten(folder, ledger=ledger)
    key = SignerKey.of("elsewhere.example", b"7" * 32).public
    for keys in ((), (key,)):
        assert ("ledger", "ledger.checkpoint") in places(verify(path, keys))
    assert main(["assess", "verify", str(path), "--key", str(key)]) == 1


def test_a_checkpoint_without_a_known_key_is_a_difference(folder: Path) -> None:
    ledger = said_of(folder)["ledger"]
    assert ("ledger", "ledger.checkpoint") in places(
        verify(rewritten(folder, ledger=ledger | {"keys": []}))
    )
    stranger = SignerKey.of("elsewhere.example", b"7" * 32).public
    assert places(verify(rewritten(folder, ledger=ledger), (stranger,))) == {
        ("ledger", "ledger.checkpoint")
    }


def test_another_size_than_that_of_the_checkpoint_is_a_difference(folder: Path) -> None:
    ledger = said_of(folder)["ledger"] | {"size": 77}
    assert ("ledger", "ledger.size") in places(verify(rewritten(folder, ledger=ledger)))


# --- what people decided --------------------------------------------------------------------------
@pytest.mark.parametrize("section", ["corrections", "objections", "exclusions"])
def test_an_emptied_section_is_named(folder: Path, section: str) -> None:
    organ = said_of(folder)[section][0]["organ"]
    assert ("sealed", f"{section} {organ}") in places(verify(rewritten(folder, **{section: []})))


def test_another_code_version_is_named(folder: Path) -> None:
    code = said_of(folder)["code"] | {"dengwen": "9.9"}
    verdict = verify(rewritten(folder, code=code))
    assert places(verdict) == {("sealed", "code")}


@pytest.mark.parametrize(
    ("section", "value"),
    [
        ("past", {}),
        ("ledger", []),
        ("weights", 3),
        ("salts", [7]),
        ("population", None),
        ("scheme", "x"),
        ("code", 5),
        ("sections", [{}]),
        ("blocks", {"x": 1}),
    ],
)
def test_a_section_that_cannot_be_read_is_named_and_the_others_are_compared(
    folder: Path, section: str, value: object
) -> None:
    ledger = said_of(folder)["ledger"] | {"checkpoint": ""}
    verdict = verify(rewritten(folder, **{"ledger": ledger, section: value}))
    assert verdict.differences
    assert section == "ledger" or ("ledger", "ledger.checkpoint") in places(verdict)
    assert main(["assess", "verify", str(folder / manifest.NAME)]) == 1


def test_a_ruling_that_the_facts_do_not_follow_is_named(folder: Path) -> None:
    said = said_of(folder)
    (one,) = said["corrections"]
    assert one["drawn"] == "late"
    changed = [{**one, "outcome": "missed"}]
    assert ("rulings", f"corrections {one['fact']}") in places(
        verify(rewritten(folder, corrections=changed))
    )
    refused = [{**said["objections"][0], "ruling": "refused", "outcome": ""}]
    found = places(verify(rewritten(folder, corrections=said["corrections"], objections=refused)))
    assert ("sealed", f"objections {one['organ']}") in found


def test_whoever_seals_anew_has_another_digest(folder: Path) -> None:
    """A forger who makes every digest fit has to be told from the true manifest by the digest
    that was circulated."""
    said = said_of(folder)
    true = manifest.digest_of(said)
    said["code"] = {**said["code"], "dengwen": "9.9"}
    said["sealed"] = {**said["sealed"], "code": manifest_digest.sha256_text(said["code"])}
    verdict = verify(rewritten(folder, **said), digest=true)
    assert places(verdict) == {("digest", manifest.NAME)}
    assert verdict.digest != true


# --- which one ------------------------------------------------------------------------------------
def forged(folder: Path, facts: list[dict[str, Any]]) -> Verdict:
    """Write other facts and give the manifest the digest of the forged file."""
    path = folder / frozen_tables.FACTS
    frozen_tables.write(path, frozen_tables.FACTS, [frozen_tables.Fact(**r) for r in facts])
    return verify(
        rewritten(
            folder, files={n: frozen_tables.sha256_of(folder / n) for n in frozen_tables.FILES}
        )
    )


def test_a_changed_fact_is_named_with_number_organ_indicator_and_both_outcomes(
    folder: Path,
) -> None:
    rows = list(frozen_tables.read(folder / frozen_tables.FACTS, frozen_tables.FACTS))
    row = next(r for r in rows if r["kind"] == "conclusion" and r["outcome"] == "missed")
    row["outcome"] = "in_time"
    found = forged(folder, rows).differences
    (one,) = (d for d in found if d.where == f"facts {row['id']}")
    assert "云江区住房建设局" in one.zh
    assert f"organ 云江区住房建设局 {row['organ']}" in one.en
    assert "concluded_in_time" in one.en
    assert "outcome：missed（逾期未完成） → in_time（按期）" in one.zh
    assert "outcome: missed (overdue, not done) → in_time (in time)" in one.en
    assert f"blocks facts.parquet {row['organ']} conclusion" in {d.where for d in found}


def test_a_missing_and_an_added_fact_are_named(folder: Path) -> None:
    rows = list(frozen_tables.read(folder / frozen_tables.FACTS, frozen_tables.FACTS))
    gone = rows.pop(3)
    new = {**rows[5], "id": rows[5]["id"] + 1}
    rows.insert(6, new)
    found = {d.where: d.en for d in forged(folder, rows).differences}
    assert found[f"facts {gone['id']}"] == f"fact {gone['id']} is missing"
    assert "was added" in found[f"facts {new['id']}"]


def test_an_exclusion_taken_out_of_file_and_manifest_is_named_with_number_and_clause(
    folder: Path,
) -> None:
    said = said_of(folder)
    gone = said["exclusions"][0]
    kept = [
        e
        for e in frozen_tables.read(folder / frozen_tables.EXCLUSIONS, frozen_tables.EXCLUSIONS)
        if e["fact"] != gone["fact"]
    ]
    frozen_tables.write(
        folder / frozen_tables.EXCLUSIONS,
        frozen_tables.EXCLUSIONS,
        [frozen_tables.Exclusion(**e) for e in kept],
    )
    files = {n: frozen_tables.sha256_of(folder / n) for n in frozen_tables.FILES}
    found = verify(rewritten(folder, exclusions=said["exclusions"][1:], files=files)).differences
    (one,) = (d for d in found if d.where == f"exclusions {gone['fact']}")
    assert f"第 {gone['number']} 项排除（事实 {gone['fact']}，依据 S 10）" in one.zh


def test_each_exclusion_says_who_proposed_it_and_what_it_alone_changes(folder: Path) -> None:
    said = said_of(folder)
    single = next(e for e in said["exclusions"] if e["indicator"] == "concluded_in_time")
    assert single["effect"] == [
        {"indicator": "concluded_in_time", "numerator": 0, "denominator": -1}
    ]
    every = next(e for e in said["exclusions"] if not e["indicator"])
    assert {"indicator": "concluded_in_time", "numerator": -1, "denominator": -1} in every["effect"]
    assert (single["number"], single["proposer"], single["second"]) == (1, "王示例", "李样本")
    changed = [{**e, "effect": []} if e["number"] == 1 else e for e in said["exclusions"]]
    found = {d.where for d in verify(rewritten(folder, exclusions=changed)).differences}
    assert f"exclusions {single['fact']} effect" in found


# --- code -----------------------------------------------------------------------------------------
def test_a_changed_formula_is_seen_and_the_result_computed_all_the_same(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = dict(manifest.sources())
    assert {
        "law/indicators/score.py",
        "law/indicators/indicator.py",
        "assessment/ibis_count.py",
    } <= held.keys()
    assert said_of(folder)["code"]["sources"] == held
    monkeypatch.setattr(manifest, "sources", lambda: {**held, "law/indicators/score.py": "0" * 64})
    verdict = verify(folder / manifest.NAME)
    assert verdict.sound
    (note,) = (n for n in verdict.notes if n.what == "code")
    assert "law/indicators/score.py" in note.en


def test_the_command_says_what_it_cannot_know_without_the_ledger(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["assess", "verify", str(folder / manifest.NAME)]) == 0
    shown = capsys.readouterr().out
    assert "得分逐字节由冻结的事实算出" in shown
    assert "--digest" in shown
    assert "--key" in shown
    assert "not proved: that the facts are those of the ledger" in shown
    assert (
        main(["assess", "verify", str(folder / manifest.NAME), "--digest", "0" * 64, "--json"]) == 1
    )
    found = json.loads(capsys.readouterr().out)
    assert [d["what"] for d in found["differences"]] == ["digest"]
