"""At the desk: the steps of a unit without accounts, entered by who sent it the matter, with its
scanned paper."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dengwen.cases.models import Act
from dengwen.organs.models import Organ
from dengwen.practice.district.founder import Founder, OrganPlan
from tests.desk.conftest import Day, Sit
from tests.world import CLAIM, FOUNDED, World

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def sent(world: World, day: Day) -> str:
    """A claim forwarded to a school in which nobody has an account."""
    plan = OrganPlan(
        "YJ77",
        "云江区示例中学",
        "Example School",
        "direct_institution",
        "county",
        territorial="YJQ",
        division="500199",
    )
    school = Founder(FOUNDED, "school").found(plan).pk
    number = world.register("2025-03-03", channel="letter")
    world.act("router", "classify", number, on="2025-03-03", **CLAIM)
    world.act("router", "forward", number, on="2025-03-04", to=school)
    day.set("2025-03-06")
    return number


@pytest.mark.parametrize(
    ("language", "words"), [("zh-hans", "代云江区示例中学录入"), ("en", "Enter for Example School")]
)
def test_the_sender_enters_the_receipt_with_the_paper(
    world: World, sit: Sit, sent: str, language: str, words: str
) -> None:
    router = sit("router", language)
    page = router.get(f"/desk/case/{sent}/").content.decode()
    assert words in page
    address = f"/desk/case/{sent}/receive/?for=YJ77"
    assert f'href="{address}"' in page
    assert words in router.get(address).content.decode()
    without = router.post(address, {"for": "YJ77"})
    assert without.status_code == 422
    assert world.case(sent).holder_id != Organ.objects.get(code="YJ77").pk
    paper = SimpleUploadedFile("签收单.pdf", PDF, "application/pdf")
    done = router.post(address, {"for": "YJ77", "late_paper": paper})
    assert done.status_code == 302, done.content.decode()[:2000]
    act = Act.objects.get(case__number=sent, act="receive")
    assert (act.organ_id, act.data["entered_by"]) == (
        Organ.objects.get(code="YJ77").pk,
        world.organ("YJ01"),
    )
    assert "代录" in sit("router").get(f"/desk/case/{sent}/").content.decode()


@pytest.mark.parametrize("who", ["handler", "supervisor", "clerk"])
def test_others_see_the_one_404(sit: Sit, sent: str, who: str) -> None:
    answers = [
        sit(who).get(f"/desk/case/{sent}/receive/?for={code}").status_code
        for code in ("YJ02", "YJ99")
    ]
    assert answers == [404, 404]
