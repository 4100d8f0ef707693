"""One organ's part of what was frozen: its own facts alone, and still bound to the digest of the
whole."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest

from dengwen.assessment.frozen import frozen_tables, manifest
from dengwen.assessment.frozen.freeze import Frozen
from dengwen.assessment.frozen.handout import SCHEME, archive, write_part
from dengwen.assessment.frozen.recomputation import verify
from dengwen.law.indicators.scheme_file import load_scheme
from tests.assessment.test_freezing import rewritten
from tests.assessment.test_verifying import places, ruled, said_of
from tests.world import World

__all__ = ["ruled"]


@pytest.fixture
def housing(world: World, ruled: Frozen, tmp_path: Path) -> Path:
    """The part of the housing bureau, in a folder of its own."""
    write_part(ruled.folder, world.organ("YJ02"), tmp_path / "part")
    return tmp_path / "part"


def test_a_part_verifies_and_has_the_digest_of_the_whole(
    world: World, ruled: Frozen, housing: Path
) -> None:
    verdict = verify(housing / manifest.NAME, digest=ruled.digest)
    assert verdict.differences == ()
    assert (verdict.digest, verdict.part_of) == (ruled.digest, world.organ("YJ02"))
    assert "part" in {n.what for n in verdict.notes}


def test_a_part_holds_nothing_of_another_organ(world: World, ruled: Frozen, housing: Path) -> None:
    organ, said = world.organ("YJ02"), said_of(housing)
    whole = list(frozen_tables.read(ruled.folder / frozen_tables.FACTS, frozen_tables.FACTS))
    own = list(frozen_tables.read(housing / frozen_tables.FACTS, frozen_tables.FACTS))
    assert {r["organ"] for r in whole} > {organ}
    assert own == [r for r in whole if r["organ"] == organ]
    assert [o["organ"] for o in said["population"]] == [organ]
    assert {f["organ"] for part in ("figures", "totals") for f in said["scores"][part]} == {organ}
    assert {c[0] for c in said["counts"]} == {organ}
    text = (housing / manifest.NAME).read_text(encoding="utf-8")
    others = [o for o in ruled.manifest["population"] if o["organ"] != organ]
    assert others
    assert not any(o["name"] in text for o in others)
    salts = {s["salt"] for s in ruled.manifest["salts"] if s["organ"] != organ}
    assert not any(salt in text for salt in salts)
    assert "scores_sha256" not in said


def test_whatever_is_changed_in_a_part_is_named(ruled: Frozen, housing: Path) -> None:
    said = said_of(housing)
    organ = said["part_of"]
    assert ("sealed", f"corrections {organ}") in places(verify(rewritten(housing, corrections=[])))
    rows = list(frozen_tables.read(housing / frozen_tables.FACTS, frozen_tables.FACTS))
    missed = next(r for r in rows if r["outcome"] == "missed")
    missed["outcome"] = "in_time"
    frozen_tables.write(
        housing / frozen_tables.FACTS, frozen_tables.FACTS, [frozen_tables.Fact(**r) for r in rows]
    )
    files = {n: frozen_tables.sha256_of(housing / n) for n in frozen_tables.FILES}
    found = places(verify(rewritten(housing, corrections=said["corrections"], files=files)))
    assert ("facts", f"facts {missed['id']}") in found
    assert "integers" in {what for what, _where in found}


def test_the_part_of_another_run_is_not_bound_by_this_digest(ruled: Frozen, housing: Path) -> None:
    salts = [{**s, "salt": "0" * 32} for s in said_of(housing)["salts"]]
    organ = said_of(housing)["part_of"]
    assert ("sealed", f"parts {organ}") in places(verify(rewritten(housing, salts=salts)))


def test_an_archive_holds_manifest_tables_and_scheme_and_is_always_the_same(
    ruled: Frozen, tmp_path: Path
) -> None:
    first, second = tmp_path / "a.zip", tmp_path / "b.zip"
    for path in (first, second):
        with path.open("wb") as file:
            archive(ruled.folder, file)
    assert first.read_bytes() == second.read_bytes()
    with ZipFile(first) as held:
        assert set(held.namelist()) == {SCHEME, manifest.NAME, *frozen_tables.FILES}
        held.extractall(tmp_path / "out")
    assert verify(tmp_path / "out" / manifest.NAME).differences == ()
    assert load_scheme(tmp_path / "out" / SCHEME).digest == ruled.manifest["scheme"]["sha256"]


def test_an_organ_that_is_not_assessed_has_no_part(
    world: World, ruled: Frozen, tmp_path: Path
) -> None:
    with pytest.raises(LookupError):
        write_part(ruled.folder, world.organ("YJW"), tmp_path / "none")
