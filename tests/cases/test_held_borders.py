"""Files handed in, at the borders: how long a file waits, how much room is left, how its name is
shown, which one is taken twice, and what a field of a form carries along."""

from __future__ import annotations

import io
import os
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from dengwen.cases.files import held_files
from dengwen.cases.files.content_type import FileError, look
from dengwen.cases.files.held_files import Cleared, Held, clear, held, hold, plain_title, tray
from dengwen.cases.files.paper_field import Files, PaperField, Sent, file_words, found_in
from tests.world import World, at

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n%%EOF\n"
NOW = at("2025-03-03", 9)
GUIDE = Path(__file__).parents[2] / "docs" / "reference" / "desk.zh.md"
SECOND, MEGABYTE = timedelta(seconds=1), 1024 * 1024
NO_TITLE = FileError("gone", "文件没了", "it is gone", "重选", "choose again")


def pdf(n: int = 0) -> bytes:
    return PDF + bytes([65 + n])


def ages(settings: Any) -> dict[str, float]:
    return {
        p.name: p.stat().st_mtime for p in (Path(settings.DATA) / "files").rglob("*") if p.is_file()
    }


def test_a_file_waits_a_day_for_its_act_and_goes_an_hour_after(world: World, settings: Any) -> None:
    one = hold(look(pdf()), NOW)
    day, hour = timedelta(days=1), timedelta(hours=1)
    assert held(one.ticket(), NOW + day - SECOND) == one
    assert held(one.ticket(), NOW + day) is None
    assert clear(NOW + day + hour) == Cleared(0, 0)  # a call may be handing it in just now
    assert clear(NOW + day + hour + SECOND) == Cleared(0, 1)
    assert ages(settings) == {}


def test_many_old_files_are_cleared_away_in_portions(
    world: World, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def in_rows(names: Any) -> set[str]:
        asked.append(len(list(names)))
        return set()

    monkeypatch.setattr(held_files, "_in_rows", in_rows)
    folder = Path(settings.DATA) / "files" / "ab"
    folder.mkdir(parents=True)
    old = (NOW - timedelta(days=9)).timestamp()
    for n in range(1_000):
        (folder / f"ab{n}").touch()
        os.utime(folder / f"ab{n}", (old, old))
    (folder / "folder").mkdir()  # what is no file is none of ours
    assert clear(NOW) == Cleared(0, 1_000)
    assert sum(asked) == 1_000
    assert max(asked) <= 999  # as many ids as every database takes in one statement
    assert min(asked) > 0
    assert len(asked) <= 3  # few statements for many files
    assert [one.name for one in folder.iterdir()] == ["folder"]


def test_room_is_left_on_the_disk_for_the_database(
    world: World, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = look(pdf())
    reserve = held_files.RESERVE
    assert f"材料给数据库留 {reserve // MEGABYTE} MB" in GUIDE.read_text(encoding="utf-8")
    assert reserve % MEGABYTE == 0
    free = [reserve + len(body.body)]
    monkeypatch.setattr(shutil, "disk_usage", lambda _p: SimpleNamespace(free=free[0]))
    hold(body, NOW)
    free[0] -= 1
    with pytest.raises(OSError, match="space"):
        hold(body, NOW)
    assert len(ages(settings)) == 1


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("收据.pdf", "收据.pdf"),
        ("C:\\我的文档\\收据.pdf", "收据.pdf"),
        ("/tmp/收据.pdf", "收据.pdf"),
        (" \u202e收\x00据.pdf\n", "收据.pdf"),
        ("", ""),
        ("长" * 76 + ".pdf", "长" * 76 + ".pdf"),  # eighty characters are shown whole
        ("长" * 77 + ".pdf", "长" * 71 + "…" + "长" * 4 + ".pdf"),  # its beginning and its end
    ],
)
def test_a_page_shows_the_name_of_a_file_short_and_plain(name: str, shown: str) -> None:
    assert plain_title(name) == shown
    assert len(shown) <= 80


def test_a_ticket_keeps_what_was_said_of_the_file(world: World, settings: Any) -> None:
    active = PDF.replace(b"/Catalog", b"/Launch")
    for body in (PDF, active):
        one = hold(look(body), NOW, "一.pdf")
        again = held(one.ticket(), NOW)
        assert again == one
        assert again is not None
        assert again.active is (body is active)


# --- a field of a form ----------------------------------------------------------------------------
def sent(*tickets: str, drop: tuple[str, ...] = (), chosen: tuple[bytes, ...] = ()) -> Sent:
    files = [SimpleUploadedFile(f"{n}.pdf", body) for n, body in enumerate(chosen)]
    return Sent(tickets, drop, [(one.name or "", one) for one in files])


def field(type_: Any = "digests", **more: Any) -> PaperField:
    return PaperField("材料", type=type_, clock=lambda: NOW, **more)


def test_a_widget_reads_tickets_drops_and_uploads_of_its_own_field(world: World) -> None:
    data = QueryDict("papers-kept=t1&papers-kept=t2&papers-drop=n1&other-kept=t3")
    upload = SimpleUploadedFile("一.pdf", PDF)
    nameless = SimpleUploadedFile("二.pdf", PDF)
    nameless._name = None  # type: ignore[attr-defined]  # as a hostile form may leave it
    files = MultiValueDict({"papers": [upload, nameless], "other": [upload]})
    read = Files().value_from_datadict(data, files, "papers")
    assert (read.tickets, read.dropped) == (["t1", "t2"], ["n1"])
    assert read.chosen == [("一.pdf", upload), ("", nameless)]
    assert Files().value_from_datadict({"papers-kept": ["t1"]}, files, "papers") == Sent()
    assert Files().value_from_datadict(data, {}, "papers") == Sent()


def test_a_field_of_several_files_carries_along_and_adds(world: World) -> None:
    kept, dropped = hold(look(pdf(0)), NOW), hold(look(pdf(1)), NOW)
    asks = field()
    value = sent(kept.ticket(), dropped.ticket(), drop=(dropped.name,), chosen=(pdf(2), pdf(3)))
    digests = asks.clean(value)
    assert asks.several
    assert digests == (kept.digest, look(pdf(2)).digest, look(pdf(3)).digest)
    assert [one.digest for one in asks.found.papers] == list(digests)
    assert [one.digest for one in asks.kept_files()] == list(digests)


def test_a_field_of_one_file_keeps_the_newest(world: World) -> None:
    kept = hold(look(pdf(0)), NOW)
    one = field("digest")
    assert not one.several
    assert one.clean(sent(kept.ticket())) == (kept.digest,)
    assert one.clean(sent(kept.ticket(), chosen=(pdf(1), pdf(2)))) == (look(pdf(1)).digest,)


def test_a_needed_field_says_that_it_is_empty_and_any_field_what_was_not_taken(
    world: World,
) -> None:
    assert field().clean(sent()) == ()
    assert field().clean("forged") == ()
    needed = field(missing="请交材料")
    with pytest.raises(ValidationError, match="请交材料"):
        needed.clean(sent())
    assert needed.clean(sent(chosen=(pdf(),))) == (look(pdf()).digest,)
    with pytest.raises(ValidationError) as wrong:
        needed.clean(sent(chosen=(b"MZ", pdf())))
    assert wrong.value.messages[0].startswith("“0.pdf”：")
    assert len(needed.found.papers) == 1  # what is good need not be chosen again


def test_only_a_field_of_files_has_files(world: World) -> None:
    class Form(forms.Form):
        papers = field()
        words = forms.CharField(required=False)

    form = Form(
        QueryDict("words=x"), MultiValueDict({"papers": [SimpleUploadedFile("一.pdf", PDF)]})
    )
    assert form.is_valid()
    assert [one.title for one in found_in(form, "papers")] == ["一.pdf"]
    assert found_in(form, "words") == []


@pytest.mark.parametrize(
    ("title", "language", "said"),
    [
        ("一.pdf", "zh", "“一.pdf”：文件没了。重选。"),
        ("", "zh", "文件没了。重选。"),
        ("一.pdf", "en", "“一.pdf”: it is gone. choose again."),
        ("", "en", "it is gone. choose again."),
    ],
)
def test_what_is_wrong_with_a_file_is_said_with_its_name(
    title: str, language: Any, said: str
) -> None:
    assert file_words(title, NO_TITLE, language).casefold() == said


def test_the_disk_is_named_as_the_reason_only_where_it_was(world: World) -> None:
    found = tray((), (), [("一.exe", io.BytesIO(b"MZ"))], NOW)
    assert not found.full
    found.refused.append(("二.pdf", held_files.disk_error()))
    assert found.full


def test_a_file_that_waits_is_let_go_without_a_trace(world: World, settings: Any) -> None:
    one = hold(look(pdf()), NOW)
    held_files.let_go(one)
    held_files.let_go(one)  # twice is once
    assert ages(settings) == {}


def stamped(one: Held, settings: Any) -> datetime:
    return datetime.fromtimestamp(ages(settings)[one.name], NOW.tzinfo)


def test_the_age_of_a_file_is_told_by_the_clock_of_the_door(world: World, settings: Any) -> None:
    one = hold(look(pdf()), NOW)
    assert stamped(one, settings) == NOW
