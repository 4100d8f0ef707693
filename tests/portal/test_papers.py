"""Photos and papers at the portal: chosen in the form, carried by it, handed in once with the
matter or later."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client

from dengwen.access.models import ReadLog
from dengwen.cases.files import held_files
from dengwen.cases.models import Act, Case, File
from dengwen.ledger.act_receipts import NOT_YET, verify_receipt
from dengwen.petitions.models import Petition
from tests.portal.petitioner import CLAIM, Petitioner
from tests.world import World, at

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
DIGEST = hashlib.sha256(PDF).hexdigest()


def a_file(name: str = "收据.pdf", body: bytes = PDF) -> SimpleUploadedFile:
    """Return a file as somebody chooses it."""
    return SimpleUploadedFile(name, body, content_type="text/html")


def lying(settings: Any) -> int:
    """Return how many sealed files lie in the data folder."""
    return sum(path.is_file() for path in (Path(settings.DATA) / "files").rglob("*"))


def to_papers(petitioner: Petitioner) -> None:
    """Walk to the page that asks for photos and papers."""
    petitioner.fill()
    petitioner.press("edit-papers")


# --- with the matter ------------------------------------------------------------------------------
def test_files_go_with_the_matter_and_the_receipt_names_their_number_and_digests(
    petitioner: Petitioner, world: World, tmp_path: Path
) -> None:
    number, _ = petitioner.submit(papers=[a_file(), a_file("屋面.pdf", PDF + b"2")])
    act = Act.objects.get(case__number=number, act="register")
    assert act.data["papers"] == [DIGEST, hashlib.sha256(PDF + b"2").hexdigest()]
    rows = list(File.objects.order_by("pk"))
    assert [(row.case.number, row.call, row.field) for row in rows] == [
        (number, act.call, "papers")
    ] * 2
    assert held_files.body_of(rows[0]) == PDF
    text = petitioner.text()
    assert "2 个文件" in text
    assert DIGEST[:16].upper() in text
    assert "收据.pdf" not in text  # a name may tell what the matter is about
    petitioner.press("save")
    keys = [(tmp_path / "keys" / f"{name}.vkey").read_text().strip() for name in ("log", "promise")]
    verdict = verify_receipt(petitioner.text(), keys)
    assert verdict.code == NOT_YET
    data = verdict.fields["data"]
    assert isinstance(data, dict)
    assert data["papers"] == act.data["papers"]


def test_chosen_files_are_listed_with_digests_dropped_and_read_back(
    petitioner: Petitioner, settings: Any
) -> None:
    to_papers(petitioner)
    petitioner.press("more", papers=[a_file(), a_file("重复.pdf"), a_file("屋面.pdf", PDF + b"2")])
    text = petitioner.text()
    assert "收据.pdf" in text
    assert "重复.pdf" not in text  # the same file twice is one
    assert DIGEST[:16] in text
    assert "看不见的信息" in text  # what photos may hide
    name = next(n for n in text.split('name="papers-drop" value="')[1:])[:64]
    petitioner.press("next", papers_drop=name)
    assert "收据.pdf" not in petitioner.text()
    assert "屋面.pdf" in petitioner.text()
    assert lying(settings) == 1
    assert "屋面.pdf" not in "".join(str(row) for row in Case.objects.values())


def test_nothing_is_bound_and_nobody_can_open_it_before_it_is_sent(
    petitioner: Petitioner, settings: Any
) -> None:
    petitioner.fill(papers=[a_file()])
    assert lying(settings) == 1
    assert not File.objects.exists()
    (stored,) = [path for path in (Path(settings.DATA) / "files").rglob("*") if path.is_file()]
    assert PDF[:8] not in stored.read_bytes()
    held_files.clear(at("2025-03-05"))
    assert lying(settings) == 0
    petitioner.press("send")
    assert (
        petitioner.page.status_code == 422
    )  # the page still carries the ticket, but nothing lies behind it
    assert Petition.objects.count() == 0


def test_a_file_that_is_gone_is_asked_for_again_and_no_word_is_lost(
    petitioner: Petitioner, settings: Any, today: Any
) -> None:
    petitioner.fill(papers=[a_file()])
    today("2025-03-05")
    petitioner.press("send")
    assert petitioner.page.status_code == 422
    assert "已经不在了" in petitioner.text()
    assert petitioner.form().fields["story"]
    assert Petition.objects.count() == 0
    petitioner.press("next", papers=a_file())
    petitioner.press("send")
    assert File.objects.count() == 1


def test_sent_twice_with_files_it_is_registered_once_and_no_file_doubles(
    petitioner: Petitioner, settings: Any
) -> None:
    petitioner.fill(papers=[a_file()])
    form = petitioner.form()
    first = petitioner.client.post(form.action, {**form.fields, "go": "send"})
    again = petitioner.client.post(
        form.action, {**form.fields, "papers": a_file("别.pdf", PDF + b"3"), "go": "send"}
    )
    assert first.context["sheet"].number == again.context["sheet"].number
    assert (Petition.objects.count(), File.objects.count(), lying(settings)) == (1, 1, 1)


def test_the_ticket_of_another_form_hands_in_nothing_twice(
    petitioner: Petitioner, world: World
) -> None:
    petitioner.fill(papers=[a_file()])
    ticket = petitioner.form().fields["papers-kept"]
    petitioner.press("send")
    petitioner.fill()
    form = petitioner.form()
    page = petitioner.client.post(form.action, {**form.fields, "papers-kept": ticket, "go": "send"})
    assert page.status_code == 422
    assert "请重新选择" in page.content.decode()
    assert (Petition.objects.count(), File.objects.count()) == (1, 1)


def test_every_hostile_file_is_refused_or_flagged_and_no_word_is_lost(
    petitioner: Petitioner, samples: Path, settings: Any
) -> None:
    folder = samples / "data" / "upload_abuse" / "generated"
    rows = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    taken = {"valid_1x1.png", "pdf_with_js.pdf", "pdf_embedded_file.pdf"}
    to_papers(petitioner)
    files = [a_file(row["file"], (folder / row["file"]).read_bytes()) for row in rows]
    petitioner.press("next", papers=files)
    assert petitioner.page.status_code == 422
    text = petitioner.text()
    for row in rows:
        assert row["file"] in text, row
        assert (f"“{row['file']}”：" in text) == (row["file"] not in taken), row
    assert text.count("含脚本或者嵌入文件") == 2
    assert petitioner.form().fields["story"]
    assert lying(settings) == len(taken)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_wrong_file_is_said_in_the_language_of_the_reader(
    petitioner: Petitioner, language: str
) -> None:
    to_papers(petitioner)
    petitioner.press("next", papers=a_file("<b>x</b>.exe", b"MZ"), language=language)
    text = petitioner.text()
    assert ("转换成 PDF" if language == "zh-hans" else "Convert it to PDF") in text
    assert "<b>x</b>" not in text


def test_too_many_are_not_taken_and_the_others_stay(petitioner: Petitioner, settings: Any) -> None:
    to_papers(petitioner)
    petitioner.press("next", papers=[a_file(f"{n}.pdf", PDF + bytes([n])) for n in range(1, 23)])
    assert petitioner.page.status_code == 422
    assert (
        petitioner.text().count("这个没有收下") == 4
    )  # two of them, at the head of the form and at the field
    assert lying(settings) == 20
    petitioner.press("next")
    petitioner.press("send")
    assert File.objects.count() == 20


def test_an_upload_that_breaks_off_takes_nothing_and_says_so(
    petitioner: Petitioner, settings: Any
) -> None:
    to_papers(petitioner)
    fields = petitioner.form().fields
    body = io.BytesIO()
    for name in ("step", "token", "kind", "story", "request-1", "identity", "name"):
        head = f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
        body.write(f"{head}{fields[name]}\r\n".encode())
    body.write(
        b'--x\r\nContent-Disposition: form-data; name="papers"; filename="a.pdf"\r\n\r\n' + PDF
    )  # and no more
    page = petitioner.client.post(
        "/submit/", data=body.getvalue(), content_type="multipart/form-data; boundary=x"
    )
    assert page.status_code == 422
    assert "上传在半路断了" in page.content.decode()
    assert fields["story"] in page.content.decode()
    assert lying(settings) == 0


def test_a_full_disk_takes_no_file_and_loses_no_word(
    petitioner: Petitioner, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    to_papers(petitioner)
    monkeypatch.setattr("dengwen.cases.files.held_files.RESERVE", 1 << 62)
    petitioner.press("next", papers=a_file())
    assert petitioner.page.status_code == 507
    assert "磁盘写不下" in petitioner.text()
    assert petitioner.form().fields["story"]
    assert lying(settings) == 0


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_full_disk_registers_nothing_keeps_the_page_and_can_be_tried_again(
    petitioner: Petitioner, settings: Any, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    def full(*_args: object) -> None:
        raise OperationalError("database or disk is full")

    petitioner.fill(papers=[a_file()])
    with monkeypatch.context() as patch:
        patch.setattr("dengwen.ledger.event_log.prepare", full)
        petitioner.press("send", language=language)
    assert petitioner.page.status_code == 507
    assert (
        "磁盘满了" if language == "zh-hans" else "disk of the system is full"
    ) in petitioner.text()
    assert (
        Petition.objects.count(),
        File.objects.count(),
        Act.objects.filter(act="register").count(),
    ) == (0, 0, 0)
    petitioner.press("send")
    assert (Petition.objects.count(), File.objects.count()) == (1, 1)


def test_files_of_an_accusation_are_sealed_as_one_and_unknown_to_the_accused(
    petitioner: Petitioner, world: World
) -> None:
    number, code = petitioner.submit(
        "accusation", papers=[a_file()], story="收受财物", accused="云江区住房建设局"
    )
    row = File.objects.get()
    assert row.compartment == "accuse"
    address = f"/desk/case/{number}/files/{row.name}/"
    seen = {}
    for username in ("handler", "clerk", "sealed"):
        client = Client()
        client.force_login(
            world.office.users[username], backend="dengwen.access.login.sign_in.PasswordBackend"
        )
        answer = client.get(address)
        seen[username] = answer.status_code
    assert seen == {"handler": 404, "clerk": 404, "sealed": 200}
    logged = ReadLog.objects.filter(case_number=number, fields__startswith="file.")
    assert [(log.data_class, log.result) for log in logged] == [("D4", "granted")]
    assert DIGEST[:16].upper() not in petitioner.follow(number, code)  # a neutral state only


# --- later ----------------------------------------------------------------------------------------
def begin_adding(petitioner: Petitioner, number: str, code: str) -> None:
    """Open the page on which further material is handed in."""
    petitioner.page = petitioner.client.post(
        "/follow/ask/", {"number": number, "code": code, "act": "add_material"}
    )


def test_further_material_is_handed_in_by_number_and_code_once(
    petitioner: Petitioner, world: World
) -> None:
    number, code = petitioner.submit()
    due = world.duty(number, "sort").due
    begin_adding(petitioner, number, code)
    petitioner.press("send")
    assert "请选择要补交的文件" in petitioner.text()
    form = petitioner.form()
    given = {**form.fields, "papers": a_file(), "note": "收据原件的照片", "go": "send"}
    petitioner.page = petitioner.client.post(form.action, given)
    assert "收到 1 个文件" in petitioner.text()
    assert DIGEST.upper() in petitioner.text()
    assert "材料 1 个" in petitioner.text()
    petitioner.client.post(form.action, {**given, "papers": a_file()})
    act = Act.objects.get(case__number=number, act="add_material")
    assert (act.capacity, act.actor, act.data) == ("petitioner", None, {"papers": [DIGEST]})
    assert File.objects.get().call == act.call
    assert world.duty(number, "sort").due == due


def test_a_wrong_file_keeps_what_was_written_and_chosen(
    petitioner: Petitioner, world: World
) -> None:
    number, code = petitioner.submit()
    begin_adding(petitioner, number, code)
    petitioner.press("more", papers=[a_file(), a_file("坏.pdf", b"MZ")], note="收据")
    assert petitioner.page.status_code == 422
    assert petitioner.form().fields["note"] == "收据"
    petitioner.press("send")
    assert File.objects.count() == 1


def test_nothing_is_added_to_a_matter_that_is_over_or_sealed(
    petitioner: Petitioner, world: World
) -> None:
    number, code = petitioner.submit()
    world.act("clerk", "withdraw", number, on="2025-03-03")
    begin_adding(petitioner, number, code)
    assert "add_material" not in petitioner.text()
    number, code = petitioner.submit("accusation", story="收受财物", accused="云江区住房建设局")
    begin_adding(petitioner, number, code)
    assert "papers" not in petitioner.text()


def test_a_full_disk_hands_in_nothing_and_keeps_the_form(
    petitioner: Petitioner, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object) -> None:
        raise OperationalError("database or disk is full")

    number, code = petitioner.submit()
    begin_adding(petitioner, number, code)
    with monkeypatch.context() as patch:
        patch.setattr("dengwen.ledger.event_log.prepare", full)
        petitioner.press("send", papers=a_file(), note="收据")
    assert petitioner.page.status_code == 507
    assert not Act.objects.filter(act="add_material").exists()
    petitioner.press("send")
    assert File.objects.count() == 1


def test_the_handler_finds_it_in_the_case(petitioner: Petitioner, world: World) -> None:
    number, code = petitioner.submit()
    world.act("clerk", "classify", number, on="2025-03-03", **CLAIM)
    world.act("router", "forward", number, on="2025-03-03", to=world.organ("YJ02"))
    world.act("handler", "receive", number, on="2025-03-04")
    begin_adding(petitioner, number, code)
    petitioner.press("send", papers=a_file(), note="收据")
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(
        world.office.users["handler"], backend="dengwen.access.login.sign_in.PasswordBackend"
    )
    text = client.get(f"/desk/case/{number}/").content.decode()
    assert "补交材料：1" in text
    assert File.objects.get().name in text
