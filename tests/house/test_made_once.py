"""What is made once for all processes of tests is what each would have made, and never a stale
one."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from config.effects import EFFECTS
from dengwen.cases import record_proof
from dengwen.law.errors import PackError
from dengwen.ledger import sequencer
from tests import kept_library, world
from tests.made_once import KEPT
from tests.world import World, at, prepare

PACKS = kept_library.DELIVERED


def test_kept_packs_are_those_that_are_read() -> None:
    kept, read = kept_library.load(PACKS, EFFECTS), kept_library.read_anew(PACKS, EFFECTS)
    assert kept == read
    assert kept._made == read._made
    assert {name: book.layers for name, book in kept._made.items()} == {
        name: book.layers for name, book in read._made.items()
    }
    assert {pack.folder for pack in kept.packs} == {pack.folder for pack in read.packs}


def test_another_word_or_other_effects_are_read_anew_and_refused_where_wrong(
    tmp_path: Path,
) -> None:
    copy = tmp_path / "packs"
    shutil.copytree(PACKS, copy)
    known = frozenset(EFFECTS)
    place = kept_library.place(copy, known)
    assert place == kept_library.place(PACKS, known)
    assert {pack.folder for pack in kept_library.load(copy, EFFECTS).packs} == {
        copy / pack.id for pack in kept_library.load(PACKS, EFFECTS).packs
    }
    assert kept_library.place(copy, None) != place
    assert kept_library.place(copy, known - {min(known)}) != place
    file = copy / "beijing" / "2006-01-01" / "petition.toml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("basis = ", "colour = "), encoding="utf-8"
    )
    assert kept_library.place(copy, known) != place
    before = set(KEPT.glob("library-*"))
    with pytest.raises(PackError):
        kept_library.load(copy, EFFECTS)
    file.write_text("# nothing\n", encoding="utf-8")
    kept_library.load(copy, None)
    assert set(KEPT.glob("library-*")) == before, "only what is delivered is kept"


def test_the_district_that_is_put_back_stands_every_check(
    transactional_db: None, tmp_path: Path, settings: Any
) -> None:
    prepare(tmp_path, settings)
    found = World()
    assert world._KEPT
    number = found.register("2025-03-03")
    assert found.case(number).kind == "petition"
    sequencer.tick(now=at("2025-03-03", 12))
    assert list(record_proof.prove()) == []
