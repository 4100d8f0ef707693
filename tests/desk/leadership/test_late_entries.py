"""An appointment and a leave entered afterwards: at the desk and at the command line, by two
people, with both names on the register page."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from dengwen.cases.duties.registers import keep
from dengwen.cases.models import Act
from dengwen.cli.shell import answer
from dengwen.law.duties.proposal import APPROVE, PROPOSE
from dengwen.organs.models import Substitute
from dengwen.practice.year.registers_office import Area
from tests.desk.leadership.test_duties import Sit, area, sit  # noqa: F401  # fixtures
from tests.late_entries import registrars
from tests.world import at

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PAGE = "/desk/approvals/"
AWAY = {"official": "RG02-1", "substitute": "RG02-2", "reason": "leave"}
DAYS = {"from": "2025-06-01", "to": "2025-07-01"}


def test_a_leave_entered_after_the_missed_reception_waits_and_leaves_both_names(
    area: Area,  # noqa: F811  # the fixture
    sit: Sit,  # noqa: F811  # the fixture
) -> None:
    keep(now=at("2025-06-01"))
    keep(now=at("2025-07-02"))
    one, other = sit("RG01-1", "RG01", "R12"), sit("RG01-2", "RG01", "R12")
    address = reverse("desk:registry_act", args=["RG02", "substitute"])
    asked = one.post(address, {**AWAY, **DAYS})
    assert asked.status_code == 422
    assert "改变已经过去的日子由谁承担责任" in asked.content.decode()
    paper = SimpleUploadedFile("p.pdf", PDF)
    late = {"late_reason": "当时没有登记（示例）", "late_paper": paper}
    sent = one.post(address, {**AWAY, **DAYS, **late})
    assert sent.status_code == 302, sent.content.decode()
    row = Act.objects.filter(act=PROPOSE).latest("id")
    shown = {"number": row.case.number, "seq": row.seq, "seen": row.content, "answer": "approve"}
    assert one.post(PAGE, shown).status_code != 302
    assert not Substitute.objects.exists()
    assert other.post(PAGE, shown).status_code == 302
    assert Substitute.objects.get().valid_from.isoformat() == "2025-06-01"
    keep(now=at("2025-07-10", 12))
    page = sit("RG02-3", "RG02", "R3").get(
        reverse("desk:leader_duties", args=["RG02-1"]), {"year": 2025}
    )
    text = " ".join(page.content.decode().split())
    was, new = (area.officials[code].name for code in ("RG02-1", "RG02-2"))
    assert f"原记{was}，更正为{new}" in text
    assert "期限不变" in text
    assert "未履行" in text


def test_the_leaders_own_account_neither_enters_nor_approves_it(
    area: Area,  # noqa: F811  # the fixture
    sit: Sit,  # noqa: F811  # the fixture
) -> None:
    keep(now=at("2025-06-01"))
    own, other = sit("RG02-1", "RG01", "R12"), sit("RG01-2", "RG01", "R12")
    address = reverse("desk:registry_act", args=["RG02", "substitute"])
    late = {**AWAY, **DAYS, "late_reason": "示例"}
    refused = own.post(address, {**late, "late_paper": SimpleUploadedFile("p.pdf", PDF)})
    assert refused.status_code == 422
    assert "本人不能录入，也不能同意" in refused.content.decode()
    sent = other.post(address, {**late, "late_paper": SimpleUploadedFile("p.pdf", PDF)})
    assert sent.status_code == 302
    row = Act.objects.filter(act=PROPOSE).latest("id")
    shown = {"number": row.case.number, "seq": row.seq, "seen": row.content, "answer": "approve"}
    assert own.post(PAGE, shown).status_code != 302
    assert not Substitute.objects.exists()


@pytest.fixture
def command(area: Area, tmp_path: Path) -> Any:  # noqa: F811  # the fixture
    """The commands `dengwen act … substitute` and `dengwen second approve`."""
    registrars(area.organs["RG01"].pk)
    (tmp_path / "p.pdf").write_bytes(PDF)

    def run(*, propose: bool, paper: bool) -> int:
        given: dict[str, Any] = dict.fromkeys(("open", "uid", "behalf", "organ", "on"), "")
        given |= {
            "module": "dengwen.cli.cases.act",
            "function": "run_act",
            "case": area.organs["RG02"].registry_case,
            "act": "substitute",
            "by": "registrar-one",
            "json": True,
            "text": [],
            "set": [f"{name}={value}" for name, value in {**AWAY, **DAYS}.items()],
            "clock": "2025-07-10",
            "late_reason": "示例" if paper else "",
            "paper": str(tmp_path / "p.pdf") if paper else "",
            "propose": propose,
        }
        return answer.answer(argparse.Namespace(**given))

    return run


def test_the_command_line_asks_the_same(command: Any, capsys: pytest.CaptureFixture[str]) -> None:
    keep(now=at("2025-06-01"))
    assert command(propose=False, paper=False) == 1
    assert "补录须写明理由" in capsys.readouterr().err
    assert command(propose=False, paper=True) == 1
    assert "第二人" in capsys.readouterr().err
    assert not Substitute.objects.exists()
    assert command(propose=True, paper=True) == 0
    row = Act.objects.filter(act=PROPOSE).latest("id")
    for by, done in (("registrar-one", 1), ("registrar-other", 0)):
        given = {
            "module": "dengwen.cli.cases.second_person_commands",
            "function": "run_decide",
            "decision": "approve",
            "case": row.case.number,
            "seq": row.seq,
            "by": by,
            "why": "",
            "organ": "",
            "uid": "",
            "clock": "2025-07-10",
            "json": False,
        }
        assert answer.answer(argparse.Namespace(**given)) == done
    assert Substitute.objects.count() == 1
    assert Act.objects.filter(act=APPROVE).count() == 1
