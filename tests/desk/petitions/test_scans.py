"""Scans at registration, and what goes wrong at the desk: said clearly, nothing half written,
nothing typed is lost."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError

from dengwen.access.models import ReadLog
from dengwen.cases.models import Act, Case, File
from dengwen.petitions.models import Petition
from tests.desk.conftest import Day, Sit
from tests.world import CLAIM, World

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
DIGEST = hashlib.sha256(PDF).hexdigest()
LETTER = {
    "go": "register",
    "channel": "letter",
    "petitioner": "王示例",
    "phone": "13800000000",
    "address": "示例路1号",
    "subject": "三号楼屋面渗水",
    "content": "三号楼屋面渗水多年，墙面发霉，物业多次推诿，请求修复屋面。",
}


def scan(name: str = "来信.pdf", body: bytes = PDF) -> SimpleUploadedFile:
    """Return a scan as it is chosen."""
    return SimpleUploadedFile(name, body)


def tickets(page) -> list[str]:
    return re.findall(r'name="papers-kept" value="([^"]+)"', page.content.decode())


def lying(settings) -> int:
    return sum(path.is_file() for path in (Path(settings.DATA) / "files").rglob("*"))


def test_scans_go_with_the_letter_and_the_receipt_names_them(world: World, day: Day, sit: Sit):
    client = sit("clerk")
    page = client.post(
        "/desk/petitions/register/", LETTER | {"papers": [scan(), scan("附件.pdf", PDF + b"2")]}
    )
    text = page.content.decode()
    assert "2 个文件" in text
    assert DIGEST[:16].upper() in text
    case = Case.objects.get(kind="petition")
    assert case.acts.get(seq=1).data["papers"] == [DIGEST, hashlib.sha256(PDF + b"2").hexdigest()]
    first = File.objects.order_by("pk")[0]
    reader = sit("router")
    assert first.name in reader.get(f"/desk/case/{case.number}/").content.decode()
    assert reader.get(f"/desk/case/{case.number}/files/{first.name}/").content == PDF
    assert ReadLog.objects.filter(fields__startswith="file.").count() == 1


def test_a_form_refused_or_compared_first_keeps_its_scans(
    world: World, day: Day, sit: Sit, settings
):
    client = sit("clerk")
    page = client.post("/desk/petitions/register/", LETTER | {"persons": "很多", "papers": scan()})
    assert page.status_code == 422
    (ticket,) = tickets(page)
    page = client.post("/desk/petitions/register/", LETTER | {"papers-kept": ticket, "alike": "1"})
    assert tickets(page) == [ticket]
    assert (Petition.objects.count(), File.objects.count()) == (0, 0)
    assert (
        client.post("/desk/petitions/register/", LETTER | {"papers-kept": ticket}).status_code
        == 200
    )
    assert (File.objects.count(), lying(settings)) == (1, 1)


def test_a_letter_posted_twice_keeps_each_scan_once(world: World, day: Day, sit: Sit, settings):
    client = sit("clerk")
    key = client.get("/desk/petitions/register/").context["uid"]
    for _ in range(2):
        client.post("/desk/petitions/register/", LETTER | {"uid": key, "papers": scan()})
    assert (Petition.objects.count(), File.objects.count(), lying(settings)) == (1, 1, 1)


def test_hostile_files_are_refused_or_flagged_and_nothing_typed_is_lost(
    world: World, day: Day, sit: Sit, samples
):
    folder = samples / "data" / "upload_abuse" / "generated"
    rows = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    taken = {"valid_1x1.png", "pdf_with_js.pdf", "pdf_embedded_file.pdf"}
    files = [scan(row["file"], (folder / row["file"]).read_bytes()) for row in rows]
    for language in ("zh-hans", "en"):
        page = sit("clerk", language).post("/desk/petitions/register/", LETTER | {"papers": files})
        text = page.content.decode()
        assert page.status_code == 422
        assert "墙面发霉" in text
        for row in rows:
            assert row["file"] in text, row
        assert len(tickets(page)) == len(taken)
        for one in files:
            one.seek(0)
    assert Petition.objects.count() == 0


def test_scans_of_an_accusation_are_sealed_as_one(world: World, day: Day, sit: Sit):
    form = LETTER | {
        "content": "检举云江区住房建设局郑样例收受好处。",
        "accusation": "true",
        "papers": scan(),
    }
    page = sit("clerk").post("/desk/petitions/register/", form)
    assert "1 个文件" in page.content.decode()
    row = File.objects.get()
    assert row.compartment == "accuse"
    address = f"/desk/case/{row.case.number}/files/{row.name}/"
    assert [sit(who).get(address).status_code for who in ("clerk", "handler", "sealed")] == [
        404,
        404,
        200,
    ]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_full_disk_registers_nothing_and_keeps_the_page(
    world: World, day: Day, sit: Sit, monkeypatch, language
):
    def full(*_args: object) -> None:
        raise OperationalError("database or disk is full")

    client = sit("clerk", language)
    with monkeypatch.context() as patch:
        patch.setattr("dengwen.ledger.event_log.prepare", full)
        page = client.post("/desk/petitions/register/", LETTER | {"papers": scan()})
    text = page.content.decode()
    assert page.status_code == 507
    assert ("磁盘写不下" if language == "zh-hans" else "disk takes no more") in text
    assert "墙面发霉" in text
    assert (Petition.objects.count(), File.objects.count()) == (0, 0)
    assert (
        client.post(
            "/desk/petitions/register/", LETTER | {"papers-kept": tickets(page)}
        ).status_code
        == 200
    )
    assert File.objects.count() == 1


def test_a_full_disk_at_an_act_writes_nothing_and_keeps_the_page(
    world: World, day: Day, sit: Sit, monkeypatch
):
    def full(*_args: object) -> None:
        raise OperationalError("database or disk is full")

    number = world.to_accepted("2025-03-03")
    monkeypatch.setattr("dengwen.ledger.event_log.prepare", full)
    page = sit("handler").post(f"/desk/case/{number}/note/", {"text": "已电话联系信访人"})
    assert page.status_code == 507
    assert "已电话联系信访人" in page.content.decode()
    assert not Act.objects.filter(act="note").exists()


def test_the_clerk_takes_further_material_at_the_window(world: World, day: Day, sit: Sit):
    number = world.register("2025-03-03")
    client = sit("clerk")
    assert "补交材料" in client.get(f"/desk/case/{number}/add_material/").content.decode()
    form = {"papers": [scan("一.pdf"), scan("二.pdf", PDF + b"2")], "note": "收据两张"}
    assert client.post(f"/desk/case/{number}/add_material/", form).status_code == 302
    assert len(Act.objects.get(act="add_material").data["papers"]) == File.objects.count() == 2


# --- other bad input ------------------------------------------------------------------------------
@pytest.mark.parametrize("length", [10_000, 30_000])
def test_a_very_long_name_is_taken_whole_or_refused_in_words(
    world: World, day: Day, sit: Sit, length: int
):
    page = sit("clerk").post("/desk/petitions/register/", LETTER | {"petitioner": "王" * length})
    if length <= 20_000:
        assert page.status_code == 200
        assert Petition.objects.count() == 1
    else:
        assert page.status_code == 422
        assert "最多20000字" in page.content.decode()
        assert Petition.objects.count() == 0
    assert "王" * 50 in page.content.decode() or page.status_code == 200


@pytest.mark.parametrize(
    ("received", "told"),
    [
        ("1949-09-30", "1949-10-01"),
        ("1800-01-01", "1949-10-01"),
        ("2025-03-04", "不得晚于"),
        ("昨天", "2026-11-24"),
        ("2025-02-30", "2026-11-24"),
    ],
)
def test_days_that_cannot_be_are_said_at_their_field(
    world: World, day: Day, sit: Sit, received: str, told: str
):
    page = sit("clerk").post("/desk/petitions/register/", LETTER | {"received_on": received})
    assert page.status_code == 422
    assert told in page.content.decode()
    assert "墙面发霉" in page.content.decode()
    assert Petition.objects.count() == 0


@pytest.mark.parametrize("claimed", ["1900-01-01", "2999-01-01", "x"])
def test_an_act_claimed_on_a_day_that_cannot_be_is_refused(
    world: World, day: Day, sit: Sit, claimed: str
):
    number = world.register("2025-03-03")
    page = sit("clerk").post(f"/desk/case/{number}/note/", {"text": "备注", "occurred_on": claimed})
    assert page.status_code == 422
    assert not Act.objects.filter(act="note").exists()


@pytest.mark.parametrize("organ", ["999999", "-1", "YJ99", "1' OR '1'='1", "999999999999999999999"])
def test_an_unknown_organ_is_refused_in_words(world: World, day: Day, sit: Sit, organ: str):
    number = world.register("2025-03-03")
    world.act("clerk", "classify", number, on="2025-03-03", **CLAIM)
    page = sit("router").post(f"/desk/case/{number}/forward/", {"to": organ})
    assert page.status_code == 422
    assert "机关" in page.content.decode()
    assert Case.objects.get(number=number).state == "registered"


def test_of_two_clerks_the_second_is_told_how_it_stands_and_loses_no_word(
    world: World, day: Day, sit: Sit
):
    number = world.register("2025-03-03")
    first, second = sit("router"), sit("clerk")
    form = {
        "class": "claim",
        "path": "31(6)",
        "onward": "forward",
        "on_to": str(world.organ("YJ02")),
    }
    keys = [c.get(f"/desk/case/{number}/classify/").context["uid"] for c in (first, second)]
    assert first.post(f"/desk/case/{number}/classify/", form | {"uid": keys[0]}).status_code == 302
    late = form | {"uid": keys[1], "on_to": str(world.organ("YJ03")), "on_note": "请你局核实"}
    page = second.post(f"/desk/case/{number}/classify/", late)
    assert page.status_code == 422
    assert "请你局核实" in page.content.decode()
    assert "只能在这些状态下进行" in page.content.decode()
    assert Act.objects.filter(case__number=number, act="forward").count() == 1
