"""The page of a scheme: what it would reward, who gains by which trick, a draft that is checked
and changed."""

from __future__ import annotations

import html
import json
import re

import pytest

from dengwen.assessment.frozen.manifest import scheme_of
from dengwen.assessment.inputs import drafted
from dengwen.cases import rulebooks
from dengwen.cases.models import Act, Case
from dengwen.law.indicators.scheme_toml import scheme_text
from dengwen.law.packs.pack import read_toml
from tests.desk.conftest import Day, Sit
from tests.desk.schemes import CLERK, HEAD, in_force
from tests.world import World

VOLUME = """
[[indicator]]
id = "visits"
zh = "走访量"
en = "visits"
numerator = {kind = "contact"}
denominator = {kind = "registration"}
floor = 30
direction = "lower"
weight = "0.05"
local = "assessment.visits"
"""


@pytest.fixture
def draft(sit: Sit, day: Day) -> str:
    """A scheme drafted from the delivered file, at the desk."""
    day.set("2025-07-01")
    answer = sit(CLERK).post("/desk/assessment/schemes/", {"scheme": "starting"})
    number = Case.objects.get(kind="scheme").number
    assert answer["Location"] == f"/desk/assessment/schemes/{number}/"
    return str(number)


def text_of(page: str) -> str:
    return html.unescape(
        page.split('name="text"', 1)[1].split(">", 1)[1].split("</textarea>", 1)[0]
    )


def row(page: str, section: str, words: str) -> str:
    part = page.split(f'id="{section}"', 1)[1].split("</section>", 1)[0]
    return next(str(r) for r in re.findall(r"<tr>.*?</tr>", part, re.DOTALL) if words in r)


def test_a_scheme_written_as_text_is_the_same_scheme(sit: Sit, draft: str) -> None:
    said = text_of(sit(CLERK).get(f"/desk/assessment/schemes/{draft}/").content.decode())
    before = drafted(Case.objects.get(number=draft))
    answer = sit(CLERK).post(f"/desk/assessment/schemes/{draft}/", {"text": said, "go": "write"})
    assert answer.status_code == 302
    assert drafted(Case.objects.get(number=draft)).digest == before.digest
    raw = read_toml(rulebooks.packs_folder() / "schemes" / "starting.toml")
    assert scheme_text(raw) == scheme_text(json.loads(before.body))


def test_the_page_shows_who_would_gain_by_which_trick(sit: Sit, draft: str) -> None:
    page = sit(CLERK).get(f"/desk/assessment/schemes/{draft}/").content.decode()
    line = row(page, "simulation", "不登记")
    assert len(re.findall(r'class="num">[+-][\d.]+<', line)) == 3
    assert "督查查出没有登记的来件" in line
    assert "没有查出会奖励" in page
    english = sit(CLERK, "en").get(f"/desk/assessment/schemes/{draft}/").content.decode()
    assert "Who would gain by which trick" in english
    main = english.split("<main", 1)[1].split('id="text"', 1)[0]
    assert re.sub(r"[\u4e00-\u9fff]", "", main) == main


def test_an_indicator_of_volume_is_refused_on_the_page_before_anything_is_written(
    sit: Sit, draft: str
) -> None:
    path = f"/desk/assessment/schemes/{draft}/"
    said = text_of(sit(CLERK).get(path).content.decode()).replace(
        'weight = "0.20"', 'weight = "0.15"', 1
    )
    page = sit(CLERK).post(path, {"text": said + VOLUME, "go": "check"}).content.decode()
    assert "还没有写入" in page
    assert ">拒绝</strong>" in row(page, "rewards", "走访量")
    assert "不能审定" in page
    assert Act.objects.filter(case__number=draft, act="draft").count() == 1
    assert (
        sit(CLERK).post(path, {"text": said + VOLUME, "go": "write"}).status_code == 302
    )  # a draft may be kept
    assert "走访量" in sit(CLERK).get(path).content.decode()


def test_without_its_watch_a_trick_is_flagged(sit: Sit, draft: str) -> None:
    path = f"/desk/assessment/schemes/{draft}/"
    parts = re.split(r"(?m)^(?=\[\[)", text_of(sit(CLERK).get(path).content.decode()))
    blind = "".join(p for p in parts if 'id = "unregistered"' not in p)
    page = sit(CLERK).post(path, {"text": blind, "go": "check"}).content.decode()
    assert ">提示</span>" in row(page, "rewards", "不登记")
    assert row(page, "simulation", "不登记").endswith(
        'data-label="有谁看"><span>—</span></td></tr>'
    )


def test_weights_are_changed_one_by_one_and_must_add_up(sit: Sit, draft: str) -> None:
    path = f"/desk/assessment/schemes/{draft}/"
    wrong = sit(CLERK).post(path, {"weight-reply_quality": "0.50", "go": "write"})
    assert wrong.status_code == 422
    assert 'value="0.50"' in wrong.content.decode()  # what was typed is kept
    moved = {
        "weight-reply_quality": "0.17",
        "weight-settled_at_once": "0.15",
        "floor-reply_quality": "25",
    }
    assert (
        sit(CLERK).post(path, {**moved, "go": "write", "changes": "答复质量加权"}).status_code
        == 302
    )
    made = scheme_of(drafted(Case.objects.get(number=draft)).body)
    assert (str(made.indicator("reply_quality").weight), made.indicator("reply_quality").floor) == (
        "0.17",
        25,
    )
    out = {"weight-reply_quality": "", "weight-settled_at_once": "0.32", "go": "check"}
    assert ">拒绝</strong>" not in sit(CLERK).post(path, out).content.decode()
    for broken in (
        {"floor-reply_quality": "x"},
        {"weight-reply_quality": "viel"},
        {"text": "[scheme"},
        {"text": ""},
    ):
        assert sit(CLERK).post(path, {**broken, "go": "write"}).status_code == 422


def test_what_is_no_scheme_is_said_at_the_field_and_named_at_the_head(sit: Sit, draft: str) -> None:
    path = f"/desk/assessment/schemes/{draft}/"
    wrong = sit(CLERK).post(path, {"weight-reply_quality": "viel", "go": "check"})
    page = wrong.content.decode()
    assert wrong.status_code == 422
    assert 'href="#f-w-weight-reply-quality"' in page
    assert 'aria-invalid="true"' in page
    head = page.split('id="errors"')[1].split("</ul>", maxsplit=1)[0]
    assert re.search(r"权重 \S+：", head)
    whole = sit(CLERK, "en").post(path, {"text": "[scheme", "go": "check"}).content.decode()
    assert 'href="#f-t-text"' in whole
    ids = re.findall(r'\bid="([^"]+)"', whole)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("first", "second", "floor"), [("abc", "-1", "1.5"), ("0,3", "1.01", "0"), ("NaN", "0", "-2")]
)
def test_all_wrong_weights_are_said_at_once_in_words_of_the_page(
    sit: Sit, draft: str, first: str, second: str, floor: str
) -> None:
    path = f"/desk/assessment/schemes/{draft}/"
    names = ("reply_quality", "settled_at_once")
    typed = {"weight-reply_quality": first, "weight-settled_at_once": second}
    page = sit(CLERK).post(path, {**typed, "floor-reply_quality": floor, "go": "write"})
    head = page.content.decode().split('id="errors"')[1].split("</ul>", maxsplit=1)[0]
    assert page.status_code == 422
    for one in names:
        assert f"#f-w-weight-{one.replace('_', '-')}" in head
    assert "#f-w-floor-reply-quality" in head
    assert "权重请填 0.001 到 1 的数" in head
    assert "最低数量请填" in head
    for word in ("indicator", "TOML", "引号", "not-a"):
        assert word not in head
    alone = sit(CLERK).post(path, {"floor-settled_at_once": "", "go": "write"}).content.decode()
    assert 'href="#f-w-floor-settled-at-once"' in alone
    assert Act.objects.filter(case__number=draft, act="draft").count() == 1


@pytest.mark.parametrize(
    "text",
    [
        '[[indicator]]\nzh = "无编号"\n',
        "indicator = 3\n",
        'indicator = ["x"]\n',
        '[scheme]\nid = "x"\n',
        "\x00",
        "x = 1\n" * 20_000,
    ],
)
def test_a_text_that_is_no_scheme_is_refused_whatever_it_says(
    sit: Sit, draft: str, text: str
) -> None:
    for go in ("check", "write"):
        answer = sit(CLERK).post(f"/desk/assessment/schemes/{draft}/", {"text": text, "go": go})
        assert answer.status_code == 422
    assert Act.objects.filter(case__number=draft, act="draft").count() == 1


def test_an_indicator_left_out_stays_out_between_checking_and_writing(sit: Sit, draft: str) -> None:
    path = f"/desk/assessment/schemes/{draft}/"
    out = {"weight-reply_quality": "", "weight-settled_at_once": "0.32"}
    page = sit(CLERK).post(path, {**out, "go": "check"}).content.decode()
    form = page.split('id="weights-form"')[1].split("</form>", maxsplit=1)[0]
    again = dict(re.findall(r'name="((?:weight|floor)-[^"]+)"\s+value="([^"]*)"', form))
    assert again["weight-reply_quality"] == ""
    assert sit(CLERK).post(path, {**again, "go": "write"}).status_code == 302
    made = scheme_of(drafted(Case.objects.get(number=draft)).body)
    assert "reply_quality" not in [one.id for one in made.indicators]


def test_nobody_else_edits_and_an_approved_scheme_is_begun_anew(
    world: World, sit: Sit, day: Day
) -> None:
    number = in_force(world)
    day.set("2025-07-01")
    path = f"/desk/assessment/schemes/{number}/"
    page = sit(CLERK).get(path).content.decode()
    assert 'name="text"' not in page
    assert sit(CLERK).post(path, {"text": "", "go": "write"}).status_code == 404
    assert sit("handler").get(path).status_code == 200  # of an organ consulted
    published = sit("handler2").get(path).content.decode()  # not consulted: in force, so published
    assert "按期办结" in published
    assert 'name="text"' not in published
    assert sit("handler2").post(path, {"text": "", "go": "write"}).status_code == 404
    assert sit("handler").post("/desk/assessment/schemes/", {"like": number}).status_code == 404
    answer = sit(CLERK).post("/desk/assessment/schemes/", {"like": number})
    assert answer["Location"] != path
    other = Case.objects.filter(kind="scheme").exclude(number=number).get()
    assert drafted(other).digest == drafted(Case.objects.get(number=number)).digest
    assert (
        'name="text"'
        not in sit(HEAD).get(f"/desk/assessment/schemes/{other.number}/").content.decode()
    )
