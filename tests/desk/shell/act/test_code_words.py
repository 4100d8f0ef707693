"""Words in place of codes: places by name, competence in words, own titles in English, verbs,
ways back to the desk."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import OperationalError
from django.test import Client

from dengwen.cases.models import Case
from dengwen.cases.read.titles import title_of
from dengwen.desk.shell.worklist import home
from tests.desk.conftest import BACKEND, Day, Sit
from tests.world import World

LETTER = {
    "go": "register",
    "channel": "letter",
    "petitioner": "王示例",
    "address": "示例路1号",
    "subject": "屋面渗水",
    "content": "三号楼屋面渗水。",
}


@pytest.mark.parametrize("path", ["/desk/petitions/register/", "/desk/petitions/groups/"])
def test_a_place_is_chosen_by_name_without_a_script(
    world: World, day: Day, sit: Sit, path: str
) -> None:
    shown = sit("clerk").get(path).content.decode()
    place = re.findall(r'<select id="f-place".*?</select>', shown, re.DOTALL)[0]
    assert '<option value="500199">云江区（虚构）（500199）</option>' in place
    assert '<option value="">请选择</option>' in place  # none chosen: the organ's own place
    english = sit("clerk", "en").get(path).content.decode()
    assert "Yunjiang District（500199）" in english


def test_a_place_typed_by_name_is_read_and_an_unknown_one_is_not(
    world: World, day: Day, sit: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "dengwen.desk.shell.act.code_words.FEW_PLACES", 0
    )  # as where there are too many to list
    shown = sit("clerk").get("/desk/petitions/register/").content.decode()
    assert '<input type="text" id="f-place"' in shown
    refused = sit("clerk").post("/desk/petitions/register/", LETTER | {"place": "不存在的地方"})
    assert refused.status_code == 422
    assert "名录里没有叫这个名字的地方" in refused.content.decode()
    sit("clerk").post("/desk/petitions/register/", LETTER | {"place": "云江区"})
    assert Case.objects.get(kind="petition").place == "500199"


def test_competence_is_said_in_words(world: World, day: Day, sit: Sit) -> None:
    form = LETTER | {"category": "c01", "place": "500199", "alike": "1"}
    for language, words in (
        ("zh-hans", "登记的职权：城乡建设，范围：云江区（虚构）"),
        ("en", "registered competence: urban and rural construction, in Yunjiang District"),
    ):
        page = sit("clerk", language).post("/desk/petitions/register/", form).content.decode()
        assert words in page
        options = re.findall(r"<option[^>]*>([^<]*)</option>", page)
        assert not [o for o in options if re.search(r"\bc\d\d\b", o)]
    organ = sit("clerk").get("/desk/registry/organ/YJ02/").content.decode()
    assert "城乡建设　云江区（虚构）" in organ


@pytest.mark.parametrize(
    ("title", "english"),
    [
        ("集体访 40 人", "Collective visit, 40 persons"),
        ("2026-01-01 至 2026-06-30 考核", "Assessment, 2026-01-01 to 2026-06-30"),
        (
            "督办：办结信访事项，出具信访处理意见书",
            "Supervision order: finish the matter and issue the opinion",
        ),
        ("催办：没有这项责任", "催办：没有这项责任"),
        ("示例小区屋面渗水", "示例小区屋面渗水"),
    ],
)
def test_titles_of_this_house_are_english_on_english_pages(
    world: World, title: str, english: str
) -> None:
    case = Case(
        title=title,
        place="500199",
        opened_on=date(2025, 3, 3),
        opened_at=world.case(_any(world)).opened_at,
    )
    assert title_of(case, "en") == english
    assert title_of(case, "zh") == title


def _any(world: World) -> str:
    return world.register("2025-03-03")


def test_the_buttons_of_a_leader_are_verbs(world: World, day: Day, sit: Sit) -> None:
    page = sit("review-head2", "en").get("/desk/leadership/").content.decode()
    buttons = re.findall(r'<a class="btn" href="/desk/leadership/new/[^"]*">([^<]*)</a>', page)
    assert buttons
    assert {b.split()[0] for b in buttons} <= {"Take", "Call", "Record", "Check"}


def test_pages_of_errors_lead_back_to_the_desk_from_the_desk(
    world: World, day: Day, sit: Sit
) -> None:
    client = sit("clerk")
    for path, status in (("/desk/case/YJ01-2025-000000000-0/", 404), ("/desk/sign-out/", 405)):
        page = client.get(path)
        assert page.status_code == status
        assert '<a href="/desk/">回到办理台</a>' in page.content.decode()
        assert '<a href="/">' not in page.content.decode().split("<main", 1)[-1]
    assert '<a href="/">回到首页</a>' in client.get("/nothing/").content.decode()
    strict = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    strict.force_login(world.office.users["clerk"], backend=BACKEND)
    refused = strict.post("/desk/petitions/register/", LETTER)
    assert refused.status_code == 403
    assert '<a href="/desk/">Back to the desk</a>' in refused.content.decode()


def test_a_busy_database_asks_to_try_again_and_leads_back(
    world: World, day: Day, sit: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_args: object, **_more: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(home, "my_duties", locked)
    page = sit("clerk", "en").get("/desk/")
    assert (page.status_code, page["Retry-After"]) == (503, "5")
    assert '<a href="/desk/">Back to the desk</a>' in page.content.decode()


def test_no_page_of_a_register_leads_to_one_that_is_not_there(
    world: World, day: Day, sit: Sit
) -> None:
    for who in ("handler", "head"):
        client = sit(who)
        page = client.get("/desk/leadership/duties/organ/YJ02/").content.decode()
        assert "郑样例" in page
        links = re.findall(r'href="(/desk/leadership/duties/leader/[^"]*)"', page)
        assert {client.get(link.replace("&amp;", "&")).status_code for link in links} <= {200}
        assert bool(links) is (who == "head")  # a leader always has the own page
