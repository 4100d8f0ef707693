"""At the desk: all that lies with a colleague goes to another in one step, and nothing more than
one may see."""

from __future__ import annotations

import pytest

from dengwen.cases import replay
from dengwen.cases.models import Act, CaseLink
from dengwen.organs.models import Official
from tests.desk.conftest import Day, Sit
from tests.world import ACCUSATION, World

PROOF = "ab" * 32
WORDS = {"claim": "甲", "facts_reasons": "乙", "opinion": "丙", "legal_basis": "丁"}


def official(code: str) -> int:
    """Return the row of an official of the district."""
    return Official.objects.get(code=code).pk


def handled(world: World, on: str = "2025-03-04") -> str:
    """Bring a claim into the hands of the bureau's handler."""
    number = world.to_accepted("2025-03-03")
    world.act("handler", "assign_handler", number, on=on, official=official("YJ02-L"))
    return number


@pytest.fixture
def waiting(world: World, day: Day) -> list[str]:
    """Two claims with one handler."""
    day.set("2025-03-20")
    return [handled(world), handled(world)]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_all_is_shown_and_moved_at_once(
    world: World, sit: Sit, waiting: list[str], language: str
) -> None:
    clerk = sit("handler", language)
    page = clerk.get("/desk/petitions/hand-over/?from=YJ02-L").content.decode()
    assert all(number in page for number in waiting)
    form = {"from": "YJ02-L", "to": "YJ02-W", "note": "调离", "uid": ""}
    answer = clerk.post("/desk/petitions/hand-over/", form, follow=True)
    assert answer.status_code == 200
    assert all(number not in answer.content.decode().split("</h1>")[1] for number in waiting)
    assert {world.case(n).handler_id for n in waiting} == {official("YJ02-W")}
    assert list(replay.check()) == []


@pytest.mark.parametrize("to", ["", "YJ02-L", "YJ03-H"])
def test_to_nobody_oneself_or_a_stranger_is_refused_with_everything_kept(
    world: World, sit: Sit, waiting: list[str], to: str
) -> None:
    answer = sit("handler").post(
        "/desk/petitions/hand-over/", {"from": "YJ02-L", "to": to, "note": "调离"}
    )
    assert answer.status_code == 422
    assert "请选择另一个人接手" in answer.content.decode()
    assert "调离" in answer.content.decode()
    assert {world.case(n).handler_id for n in waiting} == {official("YJ02-L")}


def test_a_review_moves_with_the_rest(world: World, sit: Sit, day: Day) -> None:
    number = world.to_accepted("2025-03-03")
    world.act("handler", "draft", number, on="2025-03-10", outcome="not_support", texts=WORDS)
    world.act("checker", "check", number, on="2025-03-11")
    world.act("head", "sign", number, on="2025-03-12")
    world.act("handler", "serve", number, on="2025-03-13", way="direct", proof=PROOF)
    world.act(
        "clerk", "request_review", number, on="2025-03-20", texts={"request": "甲", "reasons": "乙"}
    )
    review = CaseLink.objects.get(other__number=number, kind="reviews").case
    world.act(
        "reviewer", "assign_handler", review.number, on="2025-03-21", official=official("SZJ-F")
    )
    day.set("2025-03-22")
    answer = sit("reviewer").post("/desk/petitions/hand-over/", {"from": "SZJ-F", "to": "SZJ-W"})
    assert answer.status_code == 302
    assert world.case(review.number).handler_id == official("SZJ-W")
    assert Act.objects.filter(act="hand_over", case=review).count() == 1


def test_an_accusation_is_neither_shown_nor_moved_by_whoever_is_not_cleared(
    world: World, sit: Sit, day: Day
) -> None:
    number = world.register("2025-03-03", channel="letter")
    world.act("router", "classify", number, on="2025-03-03", **ACCUSATION)
    world.act("sealed", "assign_handler", number, on="2025-03-04", official=official("YJ01-Q"))
    day.set("2025-03-05")
    clerk, sealed = sit("clerk"), sit("sealed")
    page = clerk.get("/desk/petitions/hand-over/?from=YJ01-Q")
    assert number not in page.content.decode()
    assert (
        clerk.post("/desk/petitions/hand-over/", {"from": "YJ01-Q", "to": "YJ01-S"}).status_code
        == 422
    )
    assert world.case(number).handler_id == official("YJ01-Q")
    assert number in sealed.get("/desk/petitions/hand-over/?from=YJ01-Q").content.decode()


def test_whoever_only_looks_has_no_such_page(sit: Sit) -> None:
    assert sit("analyst").get("/desk/petitions/hand-over/").status_code == 404
