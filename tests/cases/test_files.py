"""Files handed in: judged by content; traps are refused; kept sealed under a random name."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from dengwen.access.errors import SealError
from dengwen.cases.files import content_type, held_files
from dengwen.cases.files.content_type import FileError, look
from dengwen.cases.files.held_files import Held, body_of, clear, find_file, held, hold, let_go, tray
from dengwen.cases.models import Act, File
from dengwen.cases.write.check import Refused
from dengwen.cases.write.perform import perform
from dengwen.law.duties.step import Step
from tests.world import ACCUSATION, World, at

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
TAKEN = {"valid_1x1.png", "pdf_with_js.pdf", "pdf_embedded_file.pdf"}
FLAGGED = {"pdf_with_js.pdf", "pdf_embedded_file.pdf"}


def test_every_hostile_file_is_refused_or_flagged(samples: Path) -> None:
    folder = samples / "data" / "upload_abuse" / "generated"
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


TRAPS = (
    "bomb_100MB.zip",
    "paths.zip",
    "symlink.zip",
    "many_entries_20000.zip",
    "duplicate_entry.zip",
)


@pytest.mark.parametrize("name", TRAPS)
def test_traps_are_refused_even_dressed_as_documents(
    samples: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = (samples / "data" / "upload_abuse" / "generated" / name).read_bytes()
    monkeypatch.setattr(zipfile.ZipFile, "read", lambda *_: pytest.fail("a trap was opened"))
    with pytest.raises(FileError) as refused:
        look(body)
    assert refused.value.code in {"archive", "type"}


def test_too_large_and_empty() -> None:
    with pytest.raises(FileError) as large:
        look(PDF + b"0" * content_type.MOST_BYTES)
    assert large.value.code == "too-large"
    with pytest.raises(FileError):
        look(b"")


def test_a_cut_pdf_is_refused() -> None:
    with pytest.raises(FileError) as cut:
        look(PDF[:-8])
    assert cut.value.code == "broken"


# --- held, handed in, cleared away ----------------------------------------------------------------
def lying(settings: Any) -> list[Path]:
    """Return the sealed files in the data folder."""
    return [p for p in (Path(settings.DATA) / "files").rglob("*") if p.is_file()]


def hand(world: World, number: str, one: Held, uid: str, **more: Any) -> None:
    """Let the petitioner hand in a file of a matter."""
    step = Step(act="add_material", case=number, fields={"papers": (one.digest,)}, **more)
    perform(step, by=world.by("clerk"), now=at("2025-03-04"), uid=uid, papers=[("papers", one)])


def test_a_held_file_is_sealed_and_only_its_ticket_opens_it(world: World, settings: Any) -> None:
    one = hold(look(PDF), at("2025-03-03"), "C:\\x\\收据\u202e.pdf")
    (stored,) = lying(settings)
    assert stored.stat().st_mode & 0o077 == 0
    assert b"PDF" not in stored.read_bytes()
    assert len(stored.name) == 64
    assert one.title == "收据.pdf"
    assert held(one.ticket(), at("2025-03-03", 20)) == one
    assert not File.objects.exists()
    body, _dot, mark = one.ticket().rpartition(".")
    for wrong in (
        f"{body[:-4]}AAAA.{mark}",
        f"{body}.{'0' * 64}",
        "",
        ".",
        "x.y",
        "中.文",
        one.ticket() + "0",
    ):
        assert held(wrong, at("2025-03-03")) is None
    assert held(one.ticket(), at("2025-03-05")) is None  # a day is over


def test_a_file_becomes_the_cases_with_its_act_and_only_then(world: World, settings: Any) -> None:
    number = world.register("2025-03-03")
    case = world.case(number)
    one = hold(look(PDF), at("2025-03-04"))
    assert find_file(case, one.name) is None
    hand(world, number, one, "in/1")
    row = File.objects.get()
    assert (row.case_id, row.call, row.field, row.digest) == (case.pk, "in/1", "papers", one.digest)
    assert Act.objects.get(call="in/1").data["papers"] == [one.digest]
    assert one.key not in bytes(row.sealed_key)
    assert find_file(case, row.name) == row
    assert body_of(row) == PDF
    hand(world, number, one, "in/1")  # the same call again
    assert File.objects.count() == 1
    let_go(one)
    assert body_of(row) == PDF
    with pytest.raises(FileError):  # the same file with another act
        hand(world, number, one, "in/2")
    assert not Act.objects.filter(call="in/2").exists()


def test_a_refused_act_binds_nothing_and_the_file_can_still_be_handed_in(
    world: World, settings: Any
) -> None:
    number, other = world.register("2025-03-03"), world.register("2025-03-03")
    world.act("clerk", "withdraw", number, on="2025-03-03")
    one = hold(look(PDF), at("2025-03-04"))
    with pytest.raises(Refused):
        hand(world, number, one, "in/1")
    assert not File.objects.exists()
    hand(world, other, one, "in/2")
    assert body_of(File.objects.get()) == PDF


def test_a_file_no_act_names_or_that_is_gone_writes_nothing(world: World, settings: Any) -> None:
    number = world.register("2025-03-03")
    one = hold(look(PDF), at("2025-03-04"))
    step = Step(act="note", case=number, texts={"text": "备注"})
    with pytest.raises(ValueError, match="names the file"):
        perform(
            step, by=world.by("clerk"), now=at("2025-03-04"), uid="in/1", papers=[("papers", one)]
        )
    let_go(one)
    assert lying(settings) == []
    with pytest.raises(FileError):
        hand(world, number, one, "in/2")
    assert Act.objects.filter(case__number=number).count() == 1


def test_files_of_an_accusation_are_sealed_as_such_whenever_it_proves_to_be_one(
    world: World, settings: Any
) -> None:
    number = world.register("2025-03-03")
    hand(world, number, hold(look(PDF), at("2025-03-04")), "in/1")
    assert File.objects.get().compartment == "content"
    world.act("clerk", "classify", number, on="2025-03-04", **ACCUSATION)
    row = File.objects.get()
    assert row.compartment == "accuse"
    assert body_of(row) == PDF
    hand(world, number, hold(look(PDF + b"\n"), at("2025-03-04")), "in/2")
    assert set(File.objects.values_list("compartment", flat=True)) == {"accuse"}


def test_what_was_never_handed_in_goes_after_a_day_and_nothing_else(
    world: World, settings: Any
) -> None:
    number = world.register("2025-03-03")
    given, forgotten = (hold(look(PDF + bytes([65 + n])), at("2025-03-03")) for n in range(2))
    hand(world, number, given, "in/1")
    assert clear(at("2025-03-03", 20)) == held_files.Cleared(0, 0)
    late = hold(look(PDF), at("2025-03-04"))
    stray = File.objects.create(
        case=world.case(number),
        call="never",
        field="papers",
        name="ab" * 32,
        digest="00" * 32,
        extension="pdf",
        size=1,
        compartment="content",
        kept_at=at("2025-03-03"),
    )
    assert clear(at("2025-03-04", 12)) == held_files.Cleared(1, 1)
    assert {p.name for p in lying(settings)} == {given.name, late.name}
    assert not File.objects.filter(pk=stray.pk).exists()
    assert held(forgotten.ticket(), at("2025-03-03")) is None
    assert clear(at("2025-03-09")) == held_files.Cleared(0, 1)
    assert body_of(File.objects.get()) == PDF + b"A"


def test_a_full_disk_takes_no_file_and_leaves_nothing(
    world: World, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("dengwen.cases.files.held_files.os.fsync", full)
        found = tray((), (), [("一.pdf", io.BytesIO(PDF))], at("2025-03-03"))
    assert found.full
    assert not found.papers
    assert not lying(settings)
    monkeypatch.setattr(
        "dengwen.cases.files.held_files.RESERVE", 1 << 62
    )  # what is kept free for the database
    assert tray((), (), [("一.pdf", io.BytesIO(PDF))], at("2025-03-03")).full


def test_a_tray_keeps_what_is_good_and_names_what_is_not(world: World, settings: Any) -> None:
    now = at("2025-03-03")
    kept = hold(look(PDF), now, "旧.pdf")
    dropped = hold(look(PDF + b"2"), now)
    uploads = [
        ("同.pdf", PDF),
        ("../../坏.exe", b"MZ"),
        ("新.pdf", PDF + b"3"),
        ("多.pdf", PDF + b"4"),
    ]
    found = tray(
        [kept.ticket(), dropped.ticket(), "x"],
        {dropped.name},
        [(n, io.BytesIO(b)) for n, b in uploads],
        now,
        most=2,
    )
    assert [one.title for one in found.papers] == ["旧.pdf", "新.pdf"]
    assert [(title, error.code) for title, error in found.refused] == [
        ("", "gone"),
        ("坏.exe", "type"),
        ("多.pdf", "too-many"),
    ]
    assert held(dropped.ticket(), now) is None


def test_hostile_names_become_plain_ones(samples: Path) -> None:
    folder = samples / "data" / "upload_abuse" / "generated"
    for name in json.loads((folder / "hostile_filenames.json").read_text(encoding="utf-8")):
        plain = held_files.plain_title(name)
        assert len(plain) <= held_files.MOST_TITLE
        assert not set(plain) & set("/\\\x00\u202e\n")


def test_changed_bytes_are_noticed(world: World, settings: Any) -> None:
    number = world.register("2025-03-03")
    hand(world, number, hold(look(PDF), at("2025-03-04")), "in/1")
    (stored,) = lying(settings)
    stored.write_bytes(stored.read_bytes()[:-1] + b"x")
    with pytest.raises(SealError):
        body_of(File.objects.get())
