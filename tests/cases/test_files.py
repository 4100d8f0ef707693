"""Files handed in: judged by content; traps are refused; kept sealed under a random name."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from dengwen.cases import files
from dengwen.cases.files import FileError, body_of, drop, keep, look
from dengwen.cases.models import File
from tests.world import World, at

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
TAKEN = {"valid_1x1.png", "pdf_with_js.pdf", "pdf_embedded_file.pdf"}
FLAGGED = {"pdf_with_js.pdf", "pdf_embedded_file.pdf"}


def test_every_hostile_file_is_refused_or_flagged(shared: Path) -> None:
    folder = shared / "data" / "upload_abuse" / "generated"
    rows = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert len(rows) > 20
    for row in rows:
        body = (folder / row["file"]).read_bytes()
        if row["file"] in TAKEN:
            assert look(body).active == (row["file"] in FLAGGED), row
        else:
            with pytest.raises(FileError) as refused:
                look(body)
            assert refused.value.zh
            assert refused.value.mend_en


TRAPS = ("bomb_100MB.zip", "paths.zip", "symlink.zip", "many_entries_20000.zip", "duplicate_entry.zip")


@pytest.mark.parametrize("name", TRAPS)
def test_traps_are_refused_even_dressed_as_documents(shared: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    body = (shared / "data" / "upload_abuse" / "generated" / name).read_bytes()
    monkeypatch.setattr(zipfile.ZipFile, "read", lambda *_: pytest.fail("a trap was opened"))
    with pytest.raises(FileError) as refused:
        look(body)
    assert refused.value.code in {"archive", "type"}


def test_too_large_and_empty() -> None:
    with pytest.raises(FileError) as large:
        look(PDF + b"0" * files.MOST_BYTES)
    assert large.value.code == "too-large"
    with pytest.raises(FileError):
        look(b"")


def test_a_kept_file_is_sealed_once_and_opens_to_the_same_bytes(world: World, settings: Any) -> None:
    case = world.case(world.register("2025-03-03"))
    row = keep(case, "c/1", "proof", look(PDF), at("2025-03-03"))
    again = keep(case, "c/1", "proof", look(PDF), at("2025-03-03"))
    assert row.pk == again.pk
    stored = [p for p in (Path(settings.DATA) / "files").rglob("*") if p.is_file()]
    assert len(stored) == 1
    assert stored[0].stat().st_mode & 0o077 == 0
    assert b"PDF" not in stored[0].read_bytes()
    assert len(stored[0].name) == 64
    assert body_of(row) == PDF


def test_a_file_of_a_refused_act_goes_and_one_of_a_written_act_stays(world: World, settings: Any) -> None:
    number = world.register("2025-03-03")
    case = world.case(number)
    keep(case, "gone", "proof", look(PDF), at("2025-03-03"))
    assert files.find_file(case, File.objects.get().name) is None  # no act came with it
    assert drop("gone") == 1
    assert not File.objects.exists()
    assert not [p for p in (Path(settings.DATA) / "files").rglob("*") if p.is_file()]
    world.act("clerk", "note", number, on="2025-03-03", texts={"text": "备注"}, uid="kept")
    row = keep(case, "kept", "proof", look(PDF), at("2025-03-03"))
    assert drop("kept") == 0
    assert files.find_file(case, row.name) == row
