"""A letter that holds several matters, split at the desk: each part with its own class, words,
access and period."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dengwen.access.models import ReadLog
from dengwen.cases.models import Act, Case, CaseLink, Content, Duty, Party
from dengwen.cases.wall.visibility import find, viewer_of
from dengwen.petitions.errors import PetitionError
from dengwen.petitions.intake.split import Part, split
from dengwen.petitions.models import Petitioner, Request
from dengwen.petitions.own_matter import find as followed
from tests.desk.conftest import Day, Sit
from tests.world import CLAIM, World, at

PARTS = {
    "blocks": "3",
    "p1_class": "claim",
    "p1_path": "31(6)",
    "p1_content": "三号楼屋面渗水，请求修复。",
    "p2_class": "suggestion",
    "p2_content": "建议小区增设路灯。",
    "p3_class": "accusation",
    "p3_content": "有人收受好处。",
    "p3_accused": "云江区住房建设局",
    "r1": "1",
    "r2": "2",
}


def letter(world: World, **fields: Any) -> str:
    """Register a letter with two requests; return its number."""
    number = world.register("2025-03-03", category="c01", **fields)
    who = fields.get("who", "clerk")
    for n, text in enumerate(("修复屋面", "增设路灯"), 1):
        world.act(who, "enter_request", number, on="2025-03-03", request=n, texts={"asks": text})
    return number


def parts_of(number: str) -> dict[str, Case]:
    """Return the parts of a letter by class."""
    links = CaseLink.objects.filter(other__number=number, kind="split_from").select_related("case")
    rows = Act.objects.filter(
        act="classify", case__in=[link.case_id for link in links]
    ).select_related("case")
    return {row.data["class"]: row.case for row in rows}


@pytest.mark.case("B10")
def test_a_letter_with_three_classes_becomes_three_matters_with_their_own_access(
    world: World, day: Day, sit: Sit
):
    number = letter(world)
    day.set("2025-03-07")
    client = sit("router")
    page = client.get(f"/desk/case/{number}/split/")
    assert "三号楼屋面渗水多年" in page.content.decode()
    assert "分件说明" in page.content.decode()
    assert "FormField(" not in page.content.decode()
    done = client.post(f"/desk/case/{number}/split/", PARTS | {"uid": page.context["uid"]})
    assert done.status_code == 200, done.content.decode()
    slips = done.context["slips"]
    assert len(slips) == 3
    assert all(slip.code in done.content.decode() for slip in slips)
    assert all(followed(slip.number, slip.code) for slip in slips)
    parts = parts_of(number)
    assert set(parts) == {"claim", "suggestion", "accusation"}
    assert world.case(number).state == "split"
    assert {world.duty(p.number, "sort").due for p in parts.values()} == {
        date(2025, 3, 18)
    }  # not counted anew
    assert {p.petition.received_on for p in parts.values()} == {date(2025, 3, 3)}
    first = Act.objects.get(case=parts["claim"], act="register").data
    assert (first["anonymous"], first["address_clear"], first["category"]) == (False, True, "c01")
    assert Petitioner.objects.filter(case__in=parts.values()).count() == 3
    asks = {name: Request.objects.filter(case=part).count() for name, part in parts.items()}
    assert asks == {"claim": 1, "suggestion": 1, "accusation": 0}
    shown = sit("clerk").post(
        f"/desk/case/{parts['claim'].number}/identity/open/", {"purpose": "register"}
    )
    assert any(one.text.startswith("王") for one in shown.context["identity"])
    accused = viewer_of(world.office.users["handler"], date(2025, 3, 10))
    assert Party.objects.filter(
        case=parts["accusation"], role="accused_unit", organ_id=world.organ("YJ02")
    ).exists()
    world.act("router", "forward", parts["claim"].number, on="2025-03-10", to=world.organ("YJ02"))
    assert find(accused, date(2025, 3, 10), parts["claim"].number) is not None
    assert find(accused, date(2025, 3, 10), parts["accusation"].number) is None
    assert find(accused, date(2025, 3, 10), number) is None
    seen = sit("handler").get(f"/desk/case/{parts['claim'].number}/").content.decode()
    assert number not in seen
    assert parts["accusation"].number not in seen
    readable = b"".join(bytes(c.body) for c in Content.objects.filter(sealed=False))
    assert "收受好处".encode() not in readable


def test_a_bare_split_is_refused_with_its_article_and_writes_nothing(
    world: World, day: Day, sit: Sit
):
    number = letter(world)
    with pytest.raises(PetitionError, match="R22 28"):
        world.act("clerk", "split", number, on="2025-03-04", parts=3)
    assert world.case(number).state == "registered"
    page = sit("clerk").post(f"/desk/case/{number}/split/", {"blocks": "3", "parts": "3"})
    assert page.status_code == 422
    assert "至少分为两件" in page.content.decode()
    assert world.duty(number, "sort").state == "open"


def test_a_part_registered_for_another_letter_counts_for_none(world: World, day: Day):
    one, other = letter(world), letter(world)
    parts = [
        Part(proposed_class="claim", path="31(6)", content="甲", requests=[1, 2]),
        Part(proposed_class="suggestion", content="乙"),
    ]
    split(one, parts, by=world.by("clerk"), now=at("2025-03-04"), uid="one")
    with pytest.raises(PetitionError):
        world.act("clerk", "split", other, on="2025-03-04", parts=2)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"r2": ""}, "第 2 项诉求归入哪一件"),
        ({"r2": "9"}, "第 2 项诉求归入哪一件"),
        ({"p2_content": ""}, "属于这一件的内容"),
        ({"p2_class": ""}, "这一件的类别"),
    ],
)
def test_what_a_part_lacks_is_said_and_nothing_typed_is_lost(
    world: World, day: Day, sit: Sit, change: dict[str, str], words: str
):
    number = letter(world)
    page = sit("clerk").post(f"/desk/case/{number}/split/", PARTS | change)
    text = page.content.decode()
    assert page.status_code == 422
    assert words in text
    assert "三号楼屋面渗水，请求修复。" in text
    assert world.case(number).state == "registered"
    assert not CaseLink.objects.exists()


def test_one_more_part_is_asked_for_without_losing_what_was_typed(world: World, day: Day, sit: Sit):
    number = letter(world)
    page = sit("clerk").post(f"/desk/case/{number}/split/", PARTS | {"more": "1"})
    assert page.status_code == 200
    assert len(page.context["blocks"]) == 4
    assert "建议小区增设路灯。" in page.content.decode()


def test_a_repeated_submit_opens_nothing_twice_and_shows_no_code_again(
    world: World, day: Day, sit: Sit
):
    number = letter(world)
    client = sit("clerk")
    form = PARTS | {"uid": client.get(f"/desk/case/{number}/split/").context["uid"]}
    form = {k: v for k, v in form.items() if not k.startswith("p3")}
    first = client.post(f"/desk/case/{number}/split/", form)
    again = client.post(f"/desk/case/{number}/split/", form)
    assert [s.number for s in again.context["slips"]] == [s.number for s in first.context["slips"]]
    assert not any(s.code for s in again.context["slips"])
    assert len(parts_of(number)) == 2


@pytest.mark.case("B10")
def test_the_written_notice_goes_on_in_the_parts_of_a_letter_handed_to_the_organ(
    world: World, day: Day
):
    number = letter(world, who="handler", office="organ")
    whole = world.duty(number, "direct_notice")
    parts = [
        Part(proposed_class="claim", path="31(6)", content="修路", requests=[1]),
        Part(proposed_class="suggestion", content="建议设灯", requests=[2]),
    ]
    done = split(number, parts, by=world.by("handler"), now=at("2025-03-07"), uid="u2")
    assert world.duty(number, "direct_notice").state == "closed"
    own = Duty.objects.filter(
        case__number__in=[p.number for p in done.parts], rule="direct_notice", state="open"
    )
    assert [d.due for d in own] == [whole.due, whole.due]
    reading = ReadLog.objects.filter(case_number=number, purpose="system")
    assert set(reading.values_list("data_class", flat=True)) == {"D2", "D3"}


def test_the_notice_in_the_parts_of_a_transferred_letter_runs_from_its_receipt_by_the_organ(
    world: World, day: Day
):
    number = letter(world)
    world.act("clerk", "classify", number, on="2025-03-03", **CLAIM)
    world.act("router", "forward", number, on="2025-03-05", to=world.organ("YJ02"))
    world.act("handler", "receive", number, on="2025-03-06")
    whole = world.duty(number, "notify_transferred")
    parts = [
        Part(proposed_class="claim", path="31(6)", content="修路", requests=[1]),
        Part(proposed_class="suggestion", content="建议设灯", requests=[2]),
    ]
    done = split(number, parts, by=world.by("handler"), now=at("2025-03-10"), uid="u3")
    assert {world.duty(p.number, "direct_notice").due for p in done.parts} == {whole.due}


def test_a_large_visit_that_is_split_opens_no_second_incident(world: World, day: Day):
    target: dict[str, Any] = {"key": "visit.size_limit", "value": "5", "from": date(2025, 1, 6)}
    world.act("admin", "set_local_target", kind="edition", on="2025-01-06", **target)
    number = letter(world, channel="visit", visit_kind="group", persons=20)
    assert Case.objects.filter(kind="incident").count() == 1
    parts = [
        Part(proposed_class="claim", path="31(6)", content="修路", requests=[1, 2]),
        Part(proposed_class="suggestion", content="建议设灯"),
    ]
    done = split(number, parts, by=world.by("clerk"), now=at("2025-03-04"), uid="u4")
    assert Case.objects.filter(kind="incident").count() == 1
    persons = Act.objects.filter(case__number__in=[p.number for p in done.parts], act="register")
    assert {row.data["persons"] for row in persons} == {20}


@pytest.mark.parametrize(
    ("typed", "place"),
    [({"p2_accused": "云江区住房建设局"}, "p2"), ({"p3_accused": "甲乙丙丁公司"}, "p3")],
    ids=str,
)
def test_a_name_of_accused_is_not_dropped_from_a_part(
    world: World, day: Day, sit: Sit, typed: dict[str, str], place: str
) -> None:
    number = letter(world)
    day.set("2025-03-07")
    client = sit("router")
    page = client.post(f"/desk/case/{number}/split/", PARTS | typed | {"uid": "split-1"})
    assert page.status_code == 422
    assert f"#f-{place}-accused" in page.content.decode()
    assert parts_of(number) == {}
