"""Those who decide a review or re-examination read the file they decide on: logged, masked,
while it is theirs."""

from __future__ import annotations

import re
from typing import Any

import pytest

from dengwen.access.models import ReadLog, User
from dengwen.cases.files.content_type import look
from dengwen.cases.files.held_files import hold
from dengwen.cases.models import CaseLink, Document, File, Party
from dengwen.cases.wall.decided_files import Decider, find_decided_on
from dengwen.cases.wall.visibility import find, for_user, viewer_of
from dengwen.petitions.intake.intake import handed_in, register
from tests.desk.conftest import Day, Sit
from tests.world import CLAIM, World, at

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
OPINION = {
    "claim": "修复",
    "facts_reasons": "属实",
    "opinion": "支持",
    "legal_basis": "示例条例第一条",
}
REVIEWED = {"findings": "查明属实", "opinion": "维持", "legal_basis": "条例"}
ASKED = {"request": "请求复查", "reasons": "不服"}
DURING = "2025-03-21"


def reviewed(world: World) -> tuple[str, str]:
    """Return a petition with a scan whose opinion was served, and the review asked of the city's
    bureau."""
    scan = hold(look(PDF), at("2025-03-03"), "来信.pdf")
    letter = handed_in(
        channel="letter",
        content="三号楼屋面渗水多年",
        petitioner="王示例",
        address="示例路1号",
        phone="13800000000",
        papers=[scan],
    )
    number = register(letter, by=world.by("clerk"), now=at("2025-03-03"), uid="t/letter").number
    world.act("clerk", "classify", number, on="2025-03-03", **CLAIM)
    world.act("router", "forward", number, on="2025-03-03", to=world.organ("YJ02"))
    world.act("handler", "receive", number, on="2025-03-03")
    world.act(
        "handler",
        "accept",
        number,
        on="2025-03-03",
        texts={"procedure": "信访程序", "contact": "李样本"},
    )
    world.act("handler", "draft", number, on="2025-03-10", outcome="explain", texts=OPINION)
    world.act("checker", "check", number, on="2025-03-11", texts={"remarks": "事实清楚"})
    world.act("head", "sign", number, on="2025-03-12")
    world.act("handler", "serve", number, on="2025-03-13", way="direct", proof="ab" * 32)
    world.act("handler", "request_review", number, on="2025-03-20", texts=ASKED)
    return number, CaseLink.objects.get(other__number=number, kind="reviews").case.number


def paths(number: str) -> dict[str, str]:
    """Return the addresses at which the file is read."""
    paper = Document.objects.select_related("act").get(case__number=number, rule="handling_opinion")
    scan = File.objects.get(case__number=number)
    return {
        "page": f"/desk/case/{number}/",
        "paper": f"/desk/case/{number}/documents/{paper.act.seq}/handling_opinion/",
        "file": f"/desk/case/{number}/files/{scan.name}/",
        "proof": f"/desk/case/{number}/proof/1/",
    }


def closed(sit: Sit, who: str, number: str) -> bool:
    """Say whether every address of the file answers somebody as a missing one does."""
    missing = sit(who).get("/desk/case/YJ01-2025-000000000-0/")
    answers = [sit(who).get(path) for path in paths(number).values()]
    assert missing.status_code == 404
    return all(a.status_code == 404 and plain(a) == plain(missing) for a in answers)


def plain(answer: Any) -> str:
    """Return a page without what every answer draws anew."""
    text = answer.content.decode().replace(answer.wsgi_request.path, "")
    return re.sub(r'"X-CSRFToken": "[^"]*"|value="[A-Za-z0-9]{64}"', "", text)


@pytest.mark.parametrize("who", ["reviewer", "review-head"])
def test_reviewer_and_head_read_acts_papers_contents_and_files_logged_for_review(
    world: World, day: Day, sit: Sit, who: str
):
    number, review = reviewed(world)
    day.set(DURING)
    client = sit(who)
    assert f"/desk/case/{number}/" in client.get(f"/desk/case/{review}/").content.decode()
    answers = {name: client.get(path) for name, path in paths(number).items()}
    assert {name: a.status_code for name, a in answers.items()} == dict.fromkeys(answers, 200)
    text = answers["page"].content.decode()
    assert "三号楼屋面渗水多年" in text
    assert "事实清楚" in text
    assert "签发处理意见书" in text
    assert "王示例" not in text
    assert answers["file"].content == PDF
    rows = ReadLog.objects.filter(case_number=number, user__username=who)
    assert {"D3", "D5"} <= set(rows.values_list("data_class", flat=True))
    assert set(rows.values_list("purpose", flat=True)) == {"review"}
    assert any(r.startswith("file.") for r in rows.values_list("fields", flat=True))
    assert any(r == "document.handling_opinion" for r in rows.values_list("fields", flat=True))


@pytest.mark.parametrize("who", ["reviewer", "review-head"])
def test_an_identity_opens_masked_and_by_a_click_alone(world: World, day: Day, sit: Sit, who: str):
    number, _review = reviewed(world)
    day.set(DURING)
    path = f"/desk/case/{number}/identity/open/"
    assert sit(who).post(path, {"purpose": "handle"}).status_code == 422
    text = sit(who).post(path, {"purpose": "review"}).content.decode()
    assert "王**" in text
    assert "王示例" not in text
    row = ReadLog.objects.get(case_number=number, data_class="D2", user__username=who)
    assert row.purpose == "review"
    assert row.fields.endswith(".masked")


def test_it_begins_with_the_review_and_ends_with_the_opinion(world: World, day: Day, sit: Sit):
    number, review = reviewed(world)
    world.case(number)
    day.set(DURING)
    assert not closed(sit, "reviewer", number)
    assert (
        f"/desk/case/{number}/"
        in sit("reviewer").get(f"/desk/case/{review}/draft/").content.decode()
    )
    world.act("reviewer", "draft", review, on="2025-03-24", outcome="uphold", texts=REVIEWED)
    day.set("2025-03-24")
    assert (
        f"/desk/case/{number}/"
        in sit("review-checker").get(f"/desk/case/{review}/check/").content.decode()
    )
    assert (
        sit("review-checker").get(f"/desk/case/{number}/").status_code == 200
    )  # a draft waits for the check
    world.act("review-checker", "check", review, on="2025-03-25")
    day.set("2025-03-25")
    assert closed(sit, "review-checker", number)
    assert sit("review-head").get(f"/desk/case/{number}/").status_code == 200
    world.act("review-head", "sign", review, on="2025-03-26", outcome="uphold")
    day.set("2025-03-26")
    for who in ("reviewer", "review-checker", "review-head"):
        assert closed(sit, who, number), who
        assert sit(who).get(f"/desk/case/{review}/").status_code == 200


def test_before_the_review_and_for_others_the_file_is_missing(world: World, day: Day, sit: Sit):
    number = world.to_accepted("2025-03-03")
    day.set("2025-03-04")
    for who in ("reviewer", "review-head", "reviewer2"):
        assert sit(who).get(f"/desk/case/{number}/").status_code == 404
    second, _review = reviewed(world)
    day.set(DURING)
    for who in ("reviewer2", "review-head2", "handler2", "review-checker"):
        assert closed(sit, who, second), who


def test_a_withdrawn_review_closes_the_file(world: World, day: Day, sit: Sit):
    number, review = reviewed(world)
    world.act("reviewer", "withdraw", review, on=DURING)
    day.set(DURING)
    assert closed(sit, "reviewer", number)


def test_who_reads_to_decide_does_nothing_in_the_file_and_no_list_holds_it(
    world: World, day: Day, sit: Sit
):
    number, _review = reviewed(world)
    day.set(DURING)
    client = sit("reviewer")
    assert not client.get(f"/desk/case/{number}/").context["steps"].can
    for act in ("add_material", "recuse", "correct", "draft", "classify", "split"):
        assert client.get(f"/desk/case/{number}/{act}/").status_code == 404, act
        assert client.post(f"/desk/case/{number}/{act}/", {}).status_code == 404, act
    viewer = viewer_of(User.objects.get(username="reviewer"), at(DURING).date())
    assert find(viewer, at(DURING).date(), number) is None
    assert not for_user(viewer, at(DURING).date()).filter(number=number).exists()
    assert number not in client.get("/desk/petitions/find/?q=三号楼屋面").content.decode()


@pytest.mark.wall
@pytest.mark.parametrize("behind", ["file", "review"])
def test_never_across_the_wall(world: World, day: Day, sit: Sit, behind: str):
    number, review = reviewed(world)
    case = world.case(number if behind == "file" else review)
    official = world.office.users["reviewer"].official_id
    assert official is not None
    act = case.acts.last()
    assert act is not None
    Party.objects.create(
        case=case, role="recused", official_id=official, act=act, since=at(DURING).date()
    )
    day.set(DURING)
    assert closed(sit, "reviewer", number)
    assert sit("review-head").get(f"/desk/case/{number}/").status_code == 200


@pytest.mark.wall
def test_what_is_protected_stays_closed(world: World, day: Day, sit: Sit):
    number, _review = reviewed(world)
    case = world.case(number)
    case.protected = True
    case.save(update_fields=["protected"])
    day.set(DURING)
    for who in ("reviewer", "review-head"):
        assert closed(sit, who, number)


def test_a_re_examination_reads_the_review_and_the_opinion_before_it(
    world: World, day: Day, sit: Sit
):
    number, review = reviewed(world)
    world.act("reviewer", "draft", review, on="2025-03-24", outcome="uphold", texts=REVIEWED)
    world.act("review-checker", "check", review, on="2025-03-25")
    world.act("review-head", "sign", review, on="2025-03-26", outcome="uphold")
    world.act("reviewer", "serve", review, on="2025-03-27", way="direct", proof="ab" * 32)
    world.act("reviewer", "request_recheck", review, on="2025-04-07", texts=ASKED)
    recheck = CaseLink.objects.get(other__number=review, kind="rechecks").case
    day.set("2025-04-08")
    rechecker: Any = sit("rechecker")
    assert rechecker.get(f"/desk/case/{recheck.number}/").status_code == 200
    for one in (review, number):
        assert rechecker.get(f"/desk/case/{one}/").status_code == 200, one
    assert closed(sit, "reviewer", number)
    assert {
        row.purpose
        for row in ReadLog.objects.filter(case_number=number, user__username="rechecker")
    } == {"review"}


def test_whoever_decides_no_review_is_answered_without_a_question(
    world: World, django_assert_num_queries: Any
) -> None:
    number, _review = reviewed(world)
    viewer = viewer_of(User.objects.get(username="clerk"), at(DURING).date())
    for roles, asked in (({"R3", "R4"}, 0), ({"R3", "R8"}, 1)):
        decider = Decider(viewer, world.organ("YJ01"), frozenset(roles))
        with django_assert_num_queries(asked):
            assert find_decided_on(decider, number) is None, roles
