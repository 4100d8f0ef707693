"""An organ is found by name beside its field: by the button, and while somebody types; nothing is
written by either, and nobody is offered who is not on the list of the page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from dengwen.access.models import ReadLog
from dengwen.cases.models import Act, Case, Party
from dengwen.desk.shell.act import field_choices
from dengwen.organs.models import Organ
from tests.desk.conftest import Day, Sit
from tests.world import CLAIM, World

NEW = "/desk/oversight/inspections/new/"


@pytest.fixture(autouse=True)
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """A municipality with more organs than a list shows at once."""
    monkeypatch.setattr(field_choices, "FEW_ORGANS", 1)


@pytest.fixture
def classed(world: World, day: Day) -> str:
    """A matter that can be sent on."""
    number = world.register("2025-03-03")
    world.act("clerk", "classify", number, on="2025-03-03", **CLAIM)
    return number


def names(code: str) -> tuple[int, str]:
    """The row id and the name of an organ."""
    return Organ.objects.values_list("pk", "name_zh").get(code=code)


def part(client: Client, path: str, field: str, name: str, **more: Any) -> str:
    """What is answered while a name is typed."""
    asked = {"find": field, f"q_{field}": name, "part": "1", **more}
    answer = client.post(path, asked, headers={"hx-request": "true"})
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return str(answer.content.decode())


def offered(page: str) -> set[str]:
    """The values of everything that can be chosen in some markup."""
    return set(re.findall(r'(?:<option|type="(?:radio|checkbox)"[^>]*) value="(\d+)"', page))


def test_the_field_alone_comes_back_and_nothing_is_written(classed: str, sit: Sit):
    path = f"/desk/case/{classed}/forward/"
    pk, name = names("YJ02")
    page = sit("router").get(path).content.decode()
    assert 'hx-post=""' in page
    assert 'aria-controls="f-to-found"' in page
    assert 'name="find" value="to" formnovalidate' in " ".join(page.split())  # without script
    acts, reads = Act.objects.count(), ReadLog.objects.count()
    found = part(sit("router"), path, "to", name)
    assert str(pk) in offered(found)
    assert "<html" not in found
    assert "个可选" in found
    assert 'id="f-to-found"' in found
    assert (Act.objects.count(), ReadLog.objects.count()) == (acts, reads)


def test_a_list_that_is_cut_says_so_and_has_the_best_first(
    classed: str, sit: Sit, monkeypatch: pytest.MonkeyPatch
):
    path = f"/desk/case/{classed}/forward/"
    pk, name = names("YJ02")
    Organ.objects.exclude(pk=pk).filter(code__lt="YJ02").update(name_zh=f"县{name}分局")
    monkeypatch.setattr(field_choices, "MOST_FOUND", 1)
    found = part(sit("router"), path, "to", name)
    assert "还有更多没有列出" in found
    assert str(pk) in offered(found)  # called so: before those in whose name it stands
    page = sit("router").post(path, {"find": "to", "q_to": name}).content.decode()
    assert "还有更多没有列出" in page  # without script
    monkeypatch.setattr(field_choices, "MOST_FOUND", 20)
    assert "还有更多" not in part(sit("router"), path, "to", name)


def test_the_part_offers_what_the_page_offers(classed: str, sit: Sit):
    path = f"/desk/case/{classed}/forward/"
    for name in ("云江", "局", "没有这样的名称", ""):
        whole = sit("router").post(path, {"find": "to", "q_to": name}).content.decode()
        fields = whole.split('id="f-to-found"')[1].split('type="search"')[0]
        assert offered(part(sit("router"), path, "to", name)) == offered(fields)


def test_the_accused_side_is_not_found(world: World, classed: str, sit: Sit):
    path = f"/desk/case/{classed}/forward/"
    pk, name = names("YJ02")
    assert str(pk) in offered(part(sit("router"), path, "to", name))
    case = Case.objects.get(number=classed)
    first = case.acts.order_by("seq").first()
    assert first is not None
    Party.objects.create(
        case=case, role="accused_unit", organ_id=pk, act=first, since=case.opened_on
    )
    assert str(pk) not in offered(part(sit("router"), path, "to", name, to=str(pk)))


def test_what_was_chosen_stays_while_another_name_is_searched(classed: str, sit: Sit):
    path = f"/desk/case/{classed}/forward/"
    (chosen, _name), (pk, name) = names("YJ03"), names("YJ02")
    found = " ".join(part(sit("router"), path, "to", name, to=str(chosen)).split())
    assert {str(chosen), str(pk)} <= offered(found)
    assert re.search(rf'value="{chosen}" (checked|selected)', found)


def test_an_english_name_is_found_and_the_page_says_so_in_english(classed: str, sit: Sit):
    organ = Organ.objects.exclude(name_en="").filter(code="YJ02").get()
    path = f"/desk/case/{classed}/forward/"
    found = part(sit("router", "en"), path, "to", organ.name_en[:12].upper())
    assert str(organ.pk) in offered(found)
    assert "to choose from" in found


@pytest.mark.wall
def test_what_is_hidden_is_missing(world: World, classed: str, sit: Sit):
    asked = {"find": "to", "q_to": "局", "part": "1"}
    Case.objects.filter(number=classed).update(protected=True)
    hidden = sit("router").post(f"/desk/case/{classed}/forward/", asked)
    number = "YJ01-2025-000000000-0"
    nowhere = sit("router").post(f"/desk/case/{number}/forward/", asked)
    assert hidden.status_code == nowhere.status_code == 404
    pages = [
        re.sub(r'value="\w{64}"|"X-CSRFToken": "\w+"', "", one.content.decode())
        for one in (hidden, nowhere)
    ]
    assert pages[0].replace(classed, number) == pages[1]


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"find": "note"}, 404),
        ({"find": "nothing"}, 404),
        ({"find": ""}, 404),
        ({"find": ["to", "note"]}, 404),
        ({"find": "to", "q_to": "\x00"}, 200),
        ({"find": "to", "q_to": "x" * 100_000}, 200),
        ({"find": "to", "q_to": "'; DROP TABLE--", "to": "9" * 400}, 200),
        ({"find": "to", "q_to": "%_", "to": "-1"}, 200),
    ],
)
def test_a_field_that_is_not_there_and_hostile_names(
    classed: str, sit: Sit, asked: dict[str, Any], status: int
):
    answer = sit("router").post(f"/desk/case/{classed}/forward/", {**asked, "part": "1"})
    assert answer.status_code == status
    assert Case.objects.get(number=classed).state == "registered"


def test_a_session_that_ended_leaves_the_form_as_it_is(classed: str, day: Day):
    asked = {"find": "to", "q_to": "局", "part": "1"}
    path = f"/desk/case/{classed}/forward/"
    away = Client().post(path, asked, headers={"hx-request": "true"})
    assert (away.status_code, away.content, away.headers.get("HX-Redirect")) == (204, b"", None)
    assert Client().post(path, asked).status_code == 302


# --- pages made by hand ---------------------------------------------------------------------------
def planned() -> dict[str, Any]:
    """An inspection, filled in."""
    return {
        "to": names("YJ02")[0],
        "type": "special",
        "begins": "2025-04-01",
        "depositor": names("YJ04")[0],
        "subject": "示例督查",
        "until": "2025-04-30",
    }


def test_searching_plans_no_inspection_however_full_the_form(world: World, day: Day, sit: Sit):
    client = sit("supervisor")
    searched = {"find": "depositor", "q_depositor": names("YJ04")[1]}
    page = client.post(NEW, {**planned(), **searched})
    assert page.status_code == 200
    assert str(names("YJ04")[0]) in offered(page.content.decode())
    assert not Case.objects.filter(kind="inspection").exists()
    found = part(client, NEW, "depositor", names("YJ04")[1], **planned())
    assert 'id="f-depositor-found"' in found
    assert not Case.objects.filter(kind="inspection").exists()
    assert client.post(NEW, planned()).status_code == 302
    assert Case.objects.filter(kind="inspection").exists()


def test_a_letter_is_not_registered_by_searching_where_it_goes(world: World, day: Day, sit: Sit):
    path, name = "/desk/petitions/register/", names("YJ03")[1]
    letter = {"go": "register", "channel": "letter", "content": "三号楼屋面渗水多年，请求修复。"}
    client = sit("clerk")
    assert 'name="q_on_to"' in client.get(path).content.decode()
    asked = {"find": "on_to", "q_on_to": name}
    page = client.post(path, {**letter, **asked})
    assert page.status_code == 200
    assert str(names("YJ03")[0]) in offered(page.content.decode())
    assert "请求修复" in page.content.decode()
    assert str(names("YJ03")[0]) in offered(part(client, path, "on_to", name, **letter))
    assert not Case.objects.filter(kind="petition").exists()
