"""Whoever checks or issues sees the paper as it will go out, presses for what was shown, or
sends it back."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from dengwen.access.models import ReadLog
from dengwen.cases import replay
from dengwen.cases.models import Act, CaseLink, Document
from dengwen.cases.write.check import Refused
from dengwen.cases.write.papers.draft import newest_digest
from dengwen.cases.write.papers.issue import open_body
from dengwen.cases.write.perform import perform
from dengwen.law.duties.step import Step
from tests.desk.conftest import Day, Sit
from tests.desk.shell.worklist.test_home import titles
from tests.world import World, at

OPINION = {
    "claim": "请求修复屋面",
    "facts_reasons": "现场查看属实",
    "opinion": "三十日内修复",
    "legal_basis": "示例条例第一条",
}
DRAFTED, CHECKED, SIGNED = "2025-03-10", "2025-03-11", "2025-03-12"


def drafted(world: World, **more: str) -> str:
    """Return a matter whose opinion was drafted."""
    number = world.to_accepted("2025-03-03")
    world.act("handler", "draft", number, on=DRAFTED, outcome="support", texts=OPINION | more)
    heard = {"said": "屋面渗水多年"}
    world.act("handler", "hear_petitioner", number, on=DRAFTED, how="phone", texts=heard)
    return number


def hidden(page: object, name: str) -> str:
    """Return the value of a hidden field of the form on a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page.content.decode())  # type: ignore[attr-defined]
    assert found is not None, name
    return found[1]


def press(client: Client, number: str, act: str, **more: str) -> object:
    """Look at the page of an act and press its button."""
    path = f"/desk/case/{number}/{act}/"
    page = client.get(path)
    return client.post(path, {"uid": hidden(page, "uid"), "shown": hidden(page, "shown"), **more})


@pytest.mark.parametrize(
    ("who", "act", "day_of"), [("checker", "check", CHECKED), ("head", "sign", SIGNED)]
)
def test_the_paper_stands_on_the_page_as_it_will_be_issued(
    world: World, day: Day, sit: Sit, who: str, act: str, day_of: str
):
    number = drafted(world)
    if act == "sign":
        world.act("checker", "check", number, on=CHECKED, texts={"remarks": "事实清楚"})
    day.set(day_of)
    page = sit(who).get(f"/desk/case/{number}/{act}/")
    text = page.content.decode()
    for words in (
        *OPINION.values(),
        "信访处理意见书",
        "（签发时编号）",
        "王示例",
        "请求复查",
        f"2025年3月{day_of[-2:]}日",
    ):
        assert words in text, words
    assert "李样本" in text  # who drafted it
    assert ("D3", "draft.handling_opinion", "granted") in set(
        ReadLog.objects.filter(case_number=number).values_list("data_class", "fields", "result")
    )


def test_what_is_issued_is_what_was_shown(world: World, day: Day, sit: Sit):
    number = drafted(world)
    day.set(CHECKED)
    assert press(sit("checker"), number, "check").status_code == 302  # type: ignore[attr-defined]
    day.set(SIGNED)
    shown = sit("head").get(f"/desk/case/{number}/sign/").context["sheets"][0].body
    assert press(sit("head"), number, "sign").status_code == 302  # type: ignore[attr-defined]
    paper = Document.objects.get(case__number=number, rule="handling_opinion")
    assert shown.replace("（签发时编号）", paper.number) == open_body(paper)
    assert Act.objects.get(case__number=number, act="sign").data["shown"]


@pytest.mark.parametrize(("who", "act"), [("checker", "check"), ("head", "sign")])
def test_a_draft_changed_between_look_and_press_is_refused(
    world: World, day: Day, sit: Sit, who: str, act: str
):
    number = drafted(world)
    if act == "sign":
        world.act("checker", "check", number, on=CHECKED)
    day.set(SIGNED)
    client, path = sit(who), f"/desk/case/{number}/{act}/"
    page = client.get(path)
    form = {"uid": hidden(page, "uid"), "shown": hidden(page, "shown")}
    world.act(
        "handler",
        "draft",
        number,
        on=SIGNED,
        outcome="support",
        texts=OPINION | {"opinion": "改为不予修复"},
    )
    if act == "sign":
        world.act("checker", "check", number, on=SIGNED)
    refused = client.post(path, form)
    assert refused.status_code == 422
    text = refused.content.decode()
    assert "您看过以后文稿有变动" in text
    assert "改为不予修复" in text  # the new one stands on the page, to be looked at
    assert not Act.objects.filter(
        case__number=number, act=act, recorded_at__gt=at(SIGNED, 11)
    ).exists()
    again = client.post(path, form | {"shown": hidden(refused, "shown")})
    assert again.status_code == 302


def test_without_having_looked_nobody_signs(world: World, day: Day, sit: Sit):
    number = drafted(world)
    day.set(CHECKED)
    client = sit("checker")
    for shown in ("", "0" * 64, "newest"):
        page = client.post(f"/desk/case/{number}/check/", {"shown": shown})
        assert page.status_code == 422
    assert not Act.objects.filter(case__number=number, act="check").exists()
    for fields in ({}, {"shown": "0" * 64}):
        step = Step(act="check", case=number, fields=fields)
        with pytest.raises(Refused) as refused:
            perform(step, by=world.by("checker"), now=at(CHECKED), uid="t/look")
        assert refused.value.reasons[0].code == ("draft-changed" if fields else "not-shown")
    shown = newest_digest(number, "check", at(CHECKED))
    step = Step(act="check", case=number, fields={"shown": shown})
    perform(step, by=world.by("checker"), now=at(CHECKED), uid="t/looked")


def test_pressed_twice_is_done_once(world: World, day: Day, sit: Sit):
    number = drafted(world)
    day.set(CHECKED)
    client, path = sit("checker"), f"/desk/case/{number}/check/"
    page = client.get(path)
    form = {"uid": hidden(page, "uid"), "shown": hidden(page, "shown")}
    assert [client.post(path, form).status_code for _ in range(2)] == [302, 302]
    assert Act.objects.filter(case__number=number, act="check").count() == 1


# --- sending back ---------------------------------------------------------------------------------
REASONS = {"ground": "facts", "reasons": "勘查日期没有写，请补上"}


def send_back(client: Client, number: str, page_of: str, act: str, **more: str) -> object:
    """Send a draft back by the form that stands on the page of checking or issuing."""
    page = client.get(f"/desk/case/{number}/{page_of}/")
    back = page.context["back"]
    assert back.href == f"/desk/case/{number}/{act}/"
    return client.post(
        back.href, {"uid": back.uid, "shown": page.context["shown"], **REASONS, **more}
    )


@pytest.mark.parametrize(
    ("who", "page_of", "act"),
    [
        ("checker", "check", "return_draft"),
        ("head", "check", "return_draft"),
        ("head", "sign", "return_checked"),
    ],
)
def test_a_draft_goes_back_to_its_drafter_with_reasons_and_no_date_moves(
    world: World, day: Day, sit: Sit, who: str, page_of: str, act: str
):
    number = drafted(world)
    if page_of == "sign":
        world.act("checker", "check", number, on=CHECKED)
    before = world.duty(number, "handle")
    day.set(SIGNED)
    assert send_back(sit(who), number, page_of, act).status_code == 302  # type: ignore[attr-defined]
    after = world.duty(number, "handle")
    assert (after.due, after.raw, after.start, after.state) == (
        before.due,
        before.raw,
        before.start,
        "open",
    )
    assert world.case(number).state == "accepted"
    home = sit("handler").get("/desk/")
    assert "修改退回的稿件" in titles(home)
    assert "事实或者证据不清" in home.content.decode()
    for other in ("checker", "head"):
        assert "修改退回的稿件" not in titles(sit(other).get("/desk/"))
    form = sit("handler").get(f"/desk/case/{number}/draft/").content.decode()
    assert "勘查日期没有写，请补上" in form
    assert "本地" in form
    world.act("handler", "draft", number, on=SIGNED, outcome="support", texts=OPINION)
    assert "修改退回的稿件" not in titles(sit("handler").get("/desk/"))
    assert list(replay.check()) == []


def test_it_goes_back_to_whoever_drafted_last_among_several(world: World, day: Day, sit: Sit):
    number = world.to_accepted("2025-03-03")
    world.act("checker", "draft", number, on=DRAFTED, outcome="support", texts=OPINION)
    world.act(
        "head", "return_draft", number, on=CHECKED, ground="facts", texts={"reasons": "补勘查日期"}
    )
    day.set(SIGNED)
    assert "修改退回的稿件" in titles(sit("checker").get("/desk/"))
    assert "修改退回的稿件" not in titles(sit("handler").get("/desk/"))


def test_nothing_goes_back_without_reasons_by_the_drafter_twice_or_after_it_was_issued(
    world: World, day: Day, sit: Sit
):
    number = drafted(world)
    day.set(CHECKED)
    for missing in ("ground", "reasons"):
        page = send_back(sit("checker"), number, "check", "return_draft", **{missing: " "})
        assert page.status_code == 422  # type: ignore[attr-defined]
    path = f"/desk/case/{number}/return_draft/"
    shown = newest_digest(number, "return_draft", at(CHECKED))
    own = sit("handler").post(path, {**REASONS, "shown": shown})
    assert own.status_code == 422
    assert "不得与“拟制处理意见”由同一人办理" in own.content.decode()
    assert sit("clerk").post(path, {**REASONS, "shown": shown}).status_code in (404, 422)
    assert sit("handler2").post(path, {**REASONS, "shown": shown}).status_code == 404
    assert not Act.objects.filter(case__number=number, act="return_draft").exists()
    assert sit("checker").post(path, {**REASONS, "shown": shown}).status_code == 302
    assert (
        sit("checker").post(path, {**REASONS, "shown": shown}).status_code == 422
    )  # it lies with the drafter now
    assert press_refused(sit("checker"), number, "check")
    world.act("handler", "draft", number, on=CHECKED, outcome="support", texts=OPINION)
    world.act("checker", "check", number, on=CHECKED)
    world.act("head", "sign", number, on=SIGNED)
    day.set(SIGNED)
    for who, act in (("checker", "return_draft"), ("head", "return_checked")):
        shown = newest_digest(number, act, at(SIGNED))
        assert (
            sit(who).post(f"/desk/case/{number}/{act}/", {**REASONS, "shown": shown}).status_code
            == 422
        )
    assert Act.objects.filter(case__number=number, act__startswith="return").count() == 1


@pytest.mark.parametrize("blank", [" ", "\u3000", "\u200b", "\u3164"])
def test_reasons_that_nobody_can_read_are_none_at_the_write_door(world: World, blank: str):
    number = drafted(world)
    fields = {"ground": "facts", "shown": newest_digest(number, "return_draft", at(CHECKED))}
    step = Step(act="return_draft", case=number, fields=fields, texts={"reasons": blank})
    with pytest.raises(Refused) as refused:
        perform(step, by=world.by("checker"), now=at(CHECKED), uid="t/blank")
    assert [(one.code, one.field) for one in refused.value.reasons] == [
        ("missing-field", "reasons")
    ]


@pytest.mark.parametrize(
    ("language", "heading", "ground"),
    [
        ("zh-hans", "退回修改：", "事实或者证据不清"),
        ("en", "Sent back by ", "facts or evidence not clear"),
    ],
)
def test_the_drafter_reads_who_sent_it_back_and_why_in_either_language(
    world: World, day: Day, sit: Sit, language: str, heading: str, ground: str
):
    number = drafted(world)
    world.act(
        "checker",
        "return_draft",
        number,
        on=CHECKED,
        ground="facts",
        texts={"reasons": "补勘查日期"},
    )
    day.set(SIGNED)
    assert heading in sit("handler", language).get(f"/desk/case/{number}/draft/").content.decode()
    for act in ("draft/", ""):
        page = sit("handler", language).get(f"/desk/case/{number}/{act}").content.decode()
        for words in (ground, "补勘查日期"):
            assert words in page, words


def press_refused(client: Client, number: str, act: str) -> bool:
    """Say whether an act is refused though the newest draft was looked at."""
    shown = newest_digest(number, act, at(CHECKED))
    return client.post(f"/desk/case/{number}/{act}/", {"shown": shown}).status_code == 422


def test_sent_back_twice_in_a_row_it_goes_back_once(world: World, day: Day, sit: Sit):
    number = drafted(world)
    day.set(CHECKED)
    client = sit("checker")
    page = client.get(f"/desk/case/{number}/check/")
    back, form = page.context["back"], {**REASONS, "shown": page.context["shown"]}
    assert [client.post(back.href, {**form, "uid": back.uid}).status_code for _ in range(2)] == [
        302,
        302,
    ]
    assert Act.objects.filter(case__number=number, act="return_draft").count() == 1


def test_a_draft_that_changed_is_not_sent_back_unseen(world: World, day: Day, sit: Sit):
    number = drafted(world)
    day.set(CHECKED)
    client = sit("checker")
    page = client.get(f"/desk/case/{number}/check/")
    back, form = page.context["back"], {**REASONS, "shown": page.context["shown"]}
    world.act("handler", "draft", number, on=CHECKED, outcome="explain", texts=OPINION)
    assert client.post(back.href, {**form, "uid": back.uid}).status_code == 422
    assert not Act.objects.filter(case__number=number, act="return_draft").exists()


def test_what_the_signer_adds_to_the_paper_is_shown_before_it_is_signed(
    world: World, day: Day, sit: Sit
):
    number = drafted(world)
    world.act("checker", "check", number, on=CHECKED)
    world.act("head", "sign", number, on=SIGNED)
    world.act("handler", "serve", number, on=SIGNED, way="direct", proof="ab" * 32)
    asked = {"request": "请求复查", "reasons": "不服"}
    world.act("handler", "request_review", number, on="2025-03-20", texts=asked)
    review = CaseLink.objects.get(other__number=number, kind="reviews").case.number
    words = {"findings": "查明属实", "opinion": "责令重新办理", "legal_basis": "条例"}
    world.act("reviewer", "draft", review, on="2025-03-24", outcome="order_anew", texts=words)
    world.act("review-checker", "check", review, on="2025-03-25")
    day.set("2025-03-26")
    client, given = sit("review-head"), {"outcome": "order_anew", "anew_by": "2025-05-20"}
    first = press(client, review, "sign", **given)
    assert first.status_code == 422  # type: ignore[attr-defined]
    text = first.content.decode()  # type: ignore[attr-defined]
    assert "您填的内容写进了文书" in text
    assert "2025年5月20日" in text
    again = {"uid": hidden(first, "uid"), "shown": hidden(first, "shown"), **given}
    assert client.post(f"/desk/case/{review}/sign/", again).status_code == 302
