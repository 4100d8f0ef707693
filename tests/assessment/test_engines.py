"""A copy elsewhere is recomputed by a second engine as well, and what was forged is named by
both."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from dengwen.assessment import engines
from dengwen.assessment.frozen import frozen_tables, manifest
from dengwen.assessment.frozen.freeze import Frozen
from dengwen.assessment.frozen.recomputation import verify
from dengwen.cases import rulebooks
from dengwen.cli.main import main
from dengwen.petitions.history.history_import import import_messages
from dengwen.practice.load.assessment_load import assess
from tests.assessment import quarter
from tests.world import World, at

BOTH = pytest.mark.parametrize(
    "engine", [n for n in engines.ENGINES if n != "spark" or engines.has_spark()]
)
"""Every engine that is there; `make spark` asks Spark."""


def named(path: Path, engine: str) -> set[str]:
    """Return the words of what is not as the manifest says."""
    return {d.what for d in verify(path, engine=engine).differences}


@BOTH
def test_a_copy_elsewhere_is_recomputed_byte_for_byte(copied: Path, engine: str) -> None:
    assert verify(copied / manifest.NAME, engine=engine).differences == ()
    assert main(["assess", "verify", str(copied / manifest.NAME), "--engine", engine]) == 0


@BOTH
def test_the_integers_are_those_of_the_first_engine(frozen: Frozen, engine: str) -> None:
    said = frozen.manifest
    scheme, period = manifest.scheme_of(said["scheme"]["body"]), manifest.period_of(said)
    anew = manifest.recount(frozen.folder, scheme, period, engine, manifest.past_of(said))
    assert {part: said[part] for part in anew} == json.loads(manifest.text_of(anew))
    assert sum(row[3] for row in anew["counts"]) == 10


@BOTH
def test_one_fact_changed_is_named_even_with_a_digest_that_fits(copied: Path, engine: str) -> None:
    path = copied / frozen_tables.FACTS
    rows = pq.read_table(path).to_pylist()
    late = next(r for r in rows if r["kind"] == "conclusion" and r["outcome"] == "late")
    late["outcome"] = "in_time"
    frozen_tables.write(path, frozen_tables.FACTS, [frozen_tables.Fact(**r) for r in rows])
    fitted(copied)
    found = verify(copied / manifest.NAME, engine=engine).differences
    assert {d.what for d in found} == {"facts", "integers", "scores"}
    assert f"facts {late['id']}" in {d.where for d in found}
    assert f"counts {late['organ']} concluded_in_time" in {d.where for d in found}


@BOTH
def test_one_exclusion_gone_from_file_and_manifest_is_named(copied: Path, engine: str) -> None:
    kept = list(frozen_tables.read(copied / frozen_tables.EXCLUSIONS, frozen_tables.EXCLUSIONS))[1:]
    frozen_tables.write(
        copied / frozen_tables.EXCLUSIONS,
        frozen_tables.EXCLUSIONS,
        [frozen_tables.Exclusion(**e) for e in kept],
    )
    listed = manifest.read_file(copied / manifest.NAME)["exclusions"][1:]
    fitted(copied, exclusions=listed)
    assert named(copied / manifest.NAME, engine) == {"exclusions", "sealed", "integers", "scores"}


@BOTH
def test_one_weight_changed_is_named_even_with_a_digest_that_fits(
    copied: Path, engine: str
) -> None:
    said = manifest.read_file(copied / manifest.NAME)
    raw = json.loads(said["scheme"]["body"])
    raw["indicator"][0]["weight"], raw["indicator"][1]["weight"] = "0.06", "0.10"
    body = manifest.scheme_body(raw)
    fitted(
        copied, scheme={**said["scheme"], "body": body, "sha256": manifest.scheme_of(body).digest}
    )
    found = verify(copied / manifest.NAME, engine=engine).differences
    assert {d.what for d in found} == {"scores", "sealed", "weight"}
    assert any(raw["indicator"][0]["id"] in d.where for d in found)


def fitted(folder: Path, **changes: Any) -> None:
    """Write the manifest anew with the digests of the files as they are now."""
    files = {name: frozen_tables.sha256_of(folder / name) for name in frozen_tables.FILES}
    said = manifest.read_file(folder / manifest.NAME) | {"files": files, **changes}
    (folder / manifest.NAME).write_bytes(manifest.text_of(said) + b"\n")


def test_an_engine_that_is_not_there_is_said_with_its_mend(
    copied: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(engines, "has_spark", lambda: False)
    assert main(["assess", "verify", str(copied / manifest.NAME), "--engine", "spark"]) == 2
    said = capsys.readouterr().err
    assert "make spark" in said
    assert "--engine sqlite" in said


@BOTH
def test_a_file_that_is_no_table_is_said_to_be_unreadable(copied: Path, engine: str) -> None:
    (copied / frozen_tables.FACTS).write_bytes(b"no parquet at all")
    fitted(copied)
    found = [
        d for d in verify(copied / manifest.NAME, engine=engine).differences if d.what == "facts"
    ]
    assert [d.where for d in found] == [frozen_tables.FACTS]
    assert "cannot be read" in found[0].en


def test_an_assessment_of_the_invented_district_from_scheme_to_frozen(
    world: World, tmp_path: Path
) -> None:
    quarter.play(world)
    file = rulebooks.packs_folder() / "schemes" / "starting.toml"
    made = assess(file, quarter.FIRST, quarter.LAST, at("2025-07-01"))
    elsewhere = Path(shutil.copytree(made.folder, tmp_path / "elsewhere"))
    said = made.manifest
    assert len(said["exclusions"]) == len(said["corrections"]) == 1
    for engine in ("duckdb", "sqlite"):
        verdict = verify(elsewhere / manifest.NAME, engine=engine)
        assert verdict.sound
        assert verdict.digest == made.digest


def test_imported_replies_are_facts_of_their_own_and_counted_apart(
    world: World, tmp_path: Path
) -> None:
    """R05 33: sixty days from acceptance; nobody knows when an imported message was accepted."""
    days = [
        ("1", "2019-03-01", "2019-04-10"),
        ("2", "2019-03-01", "2019-05-05"),
        ("3", "2019-03-01", "2020-03-01"),
    ]
    path = tmp_path / "messages.jsonl"
    path.write_text(
        "\n".join(
            json.dumps(
                {
                    "source_no": n,
                    "subject": "路灯不亮",
                    "body": f"第{n}盏路灯不亮",
                    "source": "来信",
                    "reply": "已修好",
                    "time": f"{came}T09:00:00",
                    "reply_time": f"{went}T09:00:00",
                },
                ensure_ascii=False,
            )
            for n, came, went in days
        ),
        encoding="utf-8",
    )
    office, clerk = world.organ("YJ01"), world.by("clerk")
    report = import_messages(path, organ=office, channel="network", by=clerk, now=at("2025-06-01"))
    assert (report.registered, report.replies) == (3, 3)
    file = rulebooks.packs_folder() / "schemes" / "starting.toml"
    made = assess(file, at("2019-01-01").date(), at("2025-06-30").date(), at("2025-07-01"))
    rows = [
        r
        for r in frozen_tables.read(made.folder / frozen_tables.FACTS, frozen_tables.FACTS)
        if r["kind"] == "conclusion"
    ]
    assert sorted((r["outcome"], r["entered"]) for r in rows) == [
        ("in_time", "imported"),
        ("late", "imported"),
    ]
    figure = next(
        f for f in made.manifest["scores"]["figures"] if f["indicator"] == "concluded_in_time"
    )
    assert (
        figure["imported_denominator"] == figure["denominator"] == 1
    )  # one of the two is left out by two persons
