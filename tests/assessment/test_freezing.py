"""Frozen facts are recomputed elsewhere byte for byte; whatever is changed is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from dengwen.assessment.errors import AssessmentError
from dengwen.assessment.facts.fact_names import CASE, Naming
from dengwen.assessment.frozen import frozen_tables, manifest
from dengwen.assessment.frozen.freeze import Frozen, Run, freeze
from dengwen.assessment.frozen.recomputation import verify
from dengwen.cases.models import Case
from dengwen.law.indicators.count import count, count_watches
from dengwen.oversight.statistics import newest_position
from tests.assessment import quarter
from tests.world import World


def rewritten(folder: Path, **changes: Any) -> Path:
    """Write the manifest of a folder with parts changed, in canonical form, and return its path."""
    path = folder / manifest.NAME
    said = manifest.read_file(path) | changes
    path.write_bytes(manifest.text_of(said))
    return path


def words(path: Path) -> set[str]:
    """Return what verification says of a manifest."""
    return {d.what for d in verify(path).differences}


def test_a_copy_elsewhere_verifies_byte_for_byte(copied: Path) -> None:
    verdict = verify(copied / manifest.NAME)
    assert verdict.differences == ()
    assert verdict.signed_by


def test_the_same_position_gives_the_same_bytes(
    world: World, frozen: Frozen, tmp_path: Path
) -> None:
    said = frozen.manifest
    run = Run(
        said["scheme"]["body"],
        quarter.FIRST,
        quarter.LAST,
        said["ledger"]["size"],
        exclusions=quarter.exclusions(said["scheme"]["body"]),
    )
    world.register("2025-06-29")  # after the position
    again = freeze(run, tmp_path / "again")
    for name in (*frozen_tables.FILES, manifest.NAME):
        assert (again.folder / name).read_bytes() == (frozen.folder / name).read_bytes(), name


def test_the_engine_counts_what_plain_python_counts(frozen: Frozen) -> None:
    said, folder = frozen.manifest, frozen.folder
    scheme, period = manifest.scheme_of(said["scheme"]["body"]), manifest.period_of(said)
    facts, out = (
        list(frozen_tables.read(folder / n, n))
        for n in (frozen_tables.FACTS, frozen_tables.EXCLUSIONS)
    )
    organs = manifest.organs_in(folder)
    assert said["counts"] == manifest.as_list(count(scheme, facts, organs, out, period))
    assert said["watches"] == manifest.as_list(count_watches(scheme, facts, organs, period))
    assert {f["kind"] for f in facts} >= {
        "registration",
        "notification",
        "conclusion",
        "extension",
        "backlog",
    }
    assert sum(f["kind"] == "conclusion" for f in facts) == 4
    outcomes = sorted(f["outcome"] for f in facts if f["kind"] == "conclusion")
    assert outcomes == ["in_time", "in_time", "late", "missed"]


def test_accusations_enter_no_fact(frozen: Frozen) -> None:
    protected = set(Case.objects.filter(protected=True).values_list("pk", flat=True))
    naming = Naming.of_manifest(frozen.manifest)
    held = {
        naming.reveal(f["case"], CASE)
        for f in frozen_tables.read(frozen.folder / frozen_tables.FACTS, frozen_tables.FACTS)
    }
    assert held & set(Case.objects.filter(protected=False).values_list("pk", flat=True))
    assert protected
    assert not protected & held


def test_exclusions_say_what_they_change(frozen: Frozen) -> None:
    changed = {
        (e["indicator"], tuple(e["before"]), tuple(e["after"])) for e in frozen.manifest["effects"]
    }
    assert ("concluded_in_time", (2, 4), (1, 2)) in changed


def test_one_fact_changed_is_named(copied: Path) -> None:
    path = copied / frozen_tables.FACTS
    rows = pq.read_table(path).to_pylist()
    late = next(r for r in rows if r["kind"] == "conclusion" and r["outcome"] == "late")
    late["outcome"] = "in_time"
    frozen_tables.write(path, frozen_tables.FACTS, [frozen_tables.Fact(**r) for r in rows])
    assert words(copied / manifest.NAME) == {"facts", "integers", "scores"}
    forged = rewritten(
        copied, files={n: frozen_tables.sha256_of(copied / n) for n in frozen_tables.FILES}
    )
    places = {d.where for d in verify(forged).differences}
    assert f"counts {late['organ']} concluded_in_time" in places


def test_one_exclusion_changed_is_named(copied: Path) -> None:
    path = copied / frozen_tables.EXCLUSIONS
    kept = list(frozen_tables.read(path, frozen_tables.EXCLUSIONS))
    frozen_tables.write(path, frozen_tables.EXCLUSIONS, [frozen_tables.Exclusion(**kept[0])])
    found = verify(copied / manifest.NAME).differences
    assert {d.what for d in found} == {"exclusions", "integers", "scores"}
    assert f"exclusions {kept[1]['fact']}" in {d.where for d in found}


def test_one_weight_changed_is_named(copied: Path) -> None:
    said = manifest.read_file(copied / manifest.NAME)
    raw = json.loads(said["scheme"]["body"])
    first, second = raw["indicator"][:2]
    first["weight"], second["weight"] = "0.06", "0.10"
    path = rewritten(copied, scheme={**said["scheme"], "body": manifest.scheme_body(raw)})
    found = verify(path).differences
    assert {d.what for d in found} == {"scheme", "sealed", "scores", "weight"}
    assert any(d.where.endswith(first["id"]) for d in found if d.what == "scores")
    (one,) = (d for d in found if d.where == f"weights {first['id']}")
    was = next(w for name, w, _floor in said["weights"] if name == first["id"])
    assert f"{was} when frozen, 0.06 in the scheme" in one.en
    assert first["zh"] in one.zh


def test_a_score_changed_is_named(copied: Path) -> None:
    said = manifest.read_file(copied / manifest.NAME)
    total = said["scores"]["totals"][0]
    total["total"] = "99.99"
    found = verify(rewritten(copied, scores=said["scores"])).differences
    place = f"totals {total['organ']}"
    assert {(d.what, d.where) for d in found} == {("sealed", place), ("scores", place)}


@pytest.mark.parametrize("change", ["size", "checkpoint"])
def test_another_ledger_position_is_named(copied: Path, change: str) -> None:
    ledger = manifest.read_file(copied / manifest.NAME)["ledger"]
    ledger |= (
        {"size": ledger["size"] + 1}
        if change == "size"
        else {
            "checkpoint": ledger["checkpoint"].replace(
                f"\n{ledger['size']}\n", f"\n{ledger['size'] + 1}\n"
            )
        }
    )
    assert words(rewritten(copied, ledger=ledger)) == {"ledger", "sealed"}


def test_a_file_that_is_missing_is_named(copied: Path) -> None:
    (copied / frozen_tables.ORGANS).unlink()
    assert words(copied / manifest.NAME) == {"missing"}


def test_no_position_without_a_signed_checkpoint(world: World, body: str, tmp_path: Path) -> None:
    run = Run(body, quarter.FIRST, quarter.LAST, newest_position() + 7)
    with pytest.raises(AssessmentError, match="签名的检查点"):
        freeze(run, tmp_path / "none")
