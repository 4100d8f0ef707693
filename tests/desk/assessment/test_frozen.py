"""Who may read an assessment downloads what was frozen and computes it elsewhere; schemes in
force are published."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.test import Client

from dengwen.access.models import ReadLog
from dengwen.assessment.frozen import frozen_tables, manifest
from dengwen.assessment.frozen.recomputation import verify
from dengwen.cases.models import Case
from tests.desk.assessment.test_assessments import post, scheme
from tests.desk.conftest import Day, Sit
from tests.desk.schemes import CLERK, HEAD
from tests.kept import kept
from tests.world import World

__all__ = ["scheme"]


@pytest.fixture
def frozen(world: World, day: Day, sit: Sit, scheme: str) -> str:
    """An assessment sent and frozen after the window; its number."""
    number = kept(world, "an assessment frozen at the desk", lambda: _frozen(day, sit, scheme))
    day.set("2025-07-09")
    return number


def _frozen(day: Day, sit: Sit, scheme: str) -> str:
    post(
        sit(CLERK), "/desk/assessment/choose/", scheme=scheme, first="2025-01-01", last="2025-06-30"
    )
    number = Case.objects.get(kind="assessment").number
    post(sit(CLERK), f"/desk/assessment/{number}/", what="send", object_by="2025-07-08")
    assert (
        sit("handler").get(f"/desk/assessment/{number}/frozen.zip").status_code == 404
    )  # nothing frozen yet
    day.set("2025-07-09")
    post(sit(HEAD), f"/desk/assessment/{number}/", what="freeze")
    assert Case.objects.get(number=number).state == "frozen"
    return number


def unpacked(answer: Any, folder: Path) -> Path:
    """Unpack a download and return its manifest."""
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment; ")
    with ZipFile(BytesIO(b"".join(answer.streaming_content))) as held:
        held.extractall(folder)
    return folder / manifest.NAME


def asked(client: Client, number: str) -> Any:
    """Ask for the frozen files."""
    return client.get(f"/desk/assessment/{number}/frozen.zip")


def test_the_assessor_gets_the_whole_and_an_organ_its_part_under_one_digest(
    world: World, sit: Sit, frozen: str, tmp_path: Path
) -> None:
    board = sit(CLERK).get(f"/desk/assessment/{frozen}/").content.decode()
    assert f'href="/desk/assessment/{frozen}/frozen.zip"' in board
    whole = verify(unpacked(asked(sit(CLERK), frozen), tmp_path / "whole"))
    assert (whole.differences, whole.part_of) == ((), None)
    assert whole.digest in board  # all 64 digits of it
    own = sit("handler").get(f"/desk/assessment/{frozen}/").content.decode()
    assert whole.digest in own
    assert "只有本机关自己的事实" in own
    part = verify(unpacked(asked(sit("handler"), frozen), tmp_path / "part"), digest=whole.digest)
    assert (part.differences, part.part_of) == ((), world.organ("YJ02"))
    facts = frozen_tables.read(tmp_path / "part" / frozen_tables.FACTS, frozen_tables.FACTS)
    assert {f["organ"] for f in facts} == {world.organ("YJ02")}
    total = manifest.read_file(tmp_path / "part" / manifest.NAME)["scores"]["totals"][0]["total"]
    assert total in own


def test_a_download_is_in_the_read_log(sit: Sit, frozen: str) -> None:
    before = ReadLog.objects.filter(case_number=frozen).count()
    b"".join(asked(sit("handler"), frozen).streaming_content)
    rows = ReadLog.objects.filter(case_number=frozen).order_by("pk")
    assert rows.count() == before + 1
    last = rows.last()
    assert last is not None
    assert "frozen." in str(last.fields)


def test_who_may_not_read_the_assessment_gets_nothing(sit: Sit, frozen: str) -> None:
    answers = [asked(sit("committee"), frozen), asked(sit("handler"), "YJQ-2025-000000000-0")]
    assert [a.status_code for a in answers] == [404, 404]


def test_a_scheme_in_force_is_read_by_organs_that_were_not_consulted(
    sit: Sit, frozen: str, scheme: str
) -> None:
    for who in ("handler", "clerk", "supervisor"):  # consulted; assessed and not consulted
        page = sit(who).get(f"/desk/assessment/schemes/{scheme}/")
        assert page.status_code == 200, who
        assert scheme in sit(who).get("/desk/assessment/").content.decode()
    stranger = sit("clerk").get(f"/desk/assessment/schemes/{scheme}/").content.decode()
    assert (
        f"/desk/case/{scheme}/" not in stranger
    )  # the file of the scheme stays with those who made it
    assert "按期办结" in stranger
    assert (
        sit("clerk").post(f"/desk/assessment/schemes/{scheme}/", {"go": "write"}).status_code == 404
    )


def test_a_draft_is_read_by_nobody_else(sit: Sit, day: Day) -> None:
    day.set("2025-07-01")
    post(sit(CLERK), "/desk/assessment/schemes/", scheme="starting")
    number = Case.objects.get(kind="scheme").number
    assert sit("clerk").get(f"/desk/assessment/schemes/{number}/").status_code == 404
    assert number not in sit("clerk").get("/desk/assessment/").content.decode()
