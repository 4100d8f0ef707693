"""The forms of accountability say what is wrong at the field and at the head with its name; what
was typed for one of several forms of a page stays with that one, and nothing forged goes in."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from dengwen.accountability.measures.file_order import with_order
from dengwen.accountability.measures.queries import measures_of
from dengwen.cases.models import Act, Case
from dengwen.desk.accountability.measures import measure_list
from dengwen.desk.shell.frame import clock
from tests.accountability.measuring import (
    circular,
    official,
    opened,
    opened_bare,
    opened_bare_on_organ,
    serve,
)
from tests.desk.accountability.test_inquiries import told
from tests.desk.accountability.test_measures import form, text
from tests.desk.conftest import Day, Sit
from tests.world import World, at

FILES = "/desk/accountability/measures/"

FOUND = {"outcome": "propose", "findings": "见各项"}
"""A conclusion as it is typed."""


def head(page: str) -> list[str]:
    """What the head of a page says is to be mended, each a link to its field."""
    if 'id="errors"' not in page:
        return []
    listed = page.split('id="errors"')[1].split("</ul>", maxsplit=1)[0]
    links = re.findall(r'<a href="#([^"]+)">\s*(.*?)\s*</a>', listed, re.DOTALL)
    for place, _said in links:
        assert f'id="{place}"' in page, place
    return [" ".join(said.split()) for _place, said in links]


# --- a decision -----------------------------------------------------------------------------------
def test_the_head_of_a_refused_decision_names_each_field(world: World, sit: Sit, day: Day) -> None:
    day.set("2025-05-07")
    path = f"{FILES}{opened(world)}/decide/"
    wrong = {"deadline": "morgen", "responsibility": "", "reasons": "写过的理由"}
    answer = sit("decider").post(path, form(world, **wrong))
    assert answer.status_code == 422
    page = answer.content.decode()
    (said,) = head(page)
    assert said.startswith("整改期限（通报、诫勉必填）：日期请写成")
    assert 'aria-invalid="true"' in page
    assert "写过的理由" in page
    english = sit("decider", "en").post(path, form(world, responsibility="")).content.decode()
    assert [one.split(":")[0] for one in head(english)] == ["Responsibility found"]
    assert measures_of(official("YJ02-Z")) == []


@pytest.mark.parametrize(
    ("forged", "said"),
    [
        ({"rectifier": "Amt"}, "整改责任单位：请从列表中选择"),
        ({"rectifier": ["1", "2"]}, "整改责任单位：这一项只能填一个值"),
        ({"year": "x" * 5000}, "年度：请填整数"),
        ({"status": "king"}, "身份"),
        ({"gravity": "between", "harm": "1"}, "危害：请从列表中选择"),
        ({"harm": "1", "influence": "1"}, "影响：请从列表中选择"),
        ({"scope": "moon"}, "通报范围"),
        ({"retired": "vielleicht"}, "已退休、离职：请勾选"),
        ({"measures": ["removal", "nothing"]}, ""),
        ({"facts": "字" * 20_001}, "最多20000字"),
    ],
)
def test_forged_values_are_refused_with_the_name_of_their_field(
    world: World, sit: Sit, day: Day, forged: dict[str, Any], said: str
) -> None:
    day.set("2025-05-07")
    answer = sit("decider").post(f"{FILES}{opened(world)}/decide/", form(world, **forged))
    assert answer.status_code == 422
    page = answer.content.decode()
    refused = page.split('class="refusal"')[1].split("</div>")[0] if "refusal" in page else ""
    assert said in " ".join([*head(page), refused])
    assert measures_of(official("YJ02-Z")) == []


def test_what_was_stated_stays_on_the_refused_page(world: World, sit: Sit, day: Day) -> None:
    day.set("2025-05-07")
    stated = {"gravity": "between", "harm": "serious", "influence": "none", "scope": "public"}
    more = {"status": "other", "elected": "true", "goal": "九月前办结"}
    answer = sit("decider").post(
        f"{FILES}{opened(world)}/decide/", form(world, deadline="", **stated, **more)
    )
    page = " ".join(answer.content.decode().split())
    assert answer.status_code == 422
    for chosen in ("serious", "none", "other"):
        assert f'value="{chosen}" selected' in page
    assert 'value="public" checked' in page
    assert re.search(r'name="elected" value="true" checked', page)
    assert "九月前办结" in page


# --- the end of an inquiry, the roles in it -------------------------------------------------------
@pytest.fixture
def on_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """The day on which the inquiry is at its end."""
    monkeypatch.setattr(clock, "now", lambda: at("2025-05-06"))


def ended(world: World) -> tuple[str, list[int]]:
    """Bring an inquiry to where proposals are made; its address, and whom they can be about."""
    case, path, _board = told(world)
    for code in ("YJ02-Z", "YJ02-F"):
        case.act("add_person", texts={"reasons": "领导"}, official=official(code))
        case.tell(code)
    for code in ("YJ02-L", "YJ02-Z", "YJ02-F"):
        case.act("hear", texts={"statement": "没有意见"}, official=official(code), how="heard")
    case.confirm_all()
    case.act("find_gravity", texts={"reasons": "初次"}, light=True, harm="none", influence="none")
    case.settle()
    return f"{path}end/", [official("YJ02-Z"), official("YJ02-F")]


@pytest.mark.parametrize(
    ("act", "typed", "said"),
    [
        ("add_person", {}, "请填写"),
        ("consider_decision", {}, "请填写"),
        ("consider_deed", {"on": "morgen"}, "日期请写成"),
        ("hand_over", {}, "请填写"),
        ("establish", {"element": ["a", "b"], "fixed-element": "1"}, "只能填一个值"),
    ],
)
def test_a_refused_step_of_an_inquiry_says_what_is_wrong_at_its_field(
    world: World, sit: Sit, on_day: None, act: str, typed: dict[str, Any], said: str
) -> None:
    _case, path, _board = told(world)
    answer = sit("supervisor").post(f"{path}do/{act}/", {"uid": "step-1", **typed})
    page = answer.content.decode()
    assert answer.status_code == 422
    refused = page.split('class="refusal"')[1].split("</div>")[0] if "refusal" in page else ""
    assert said in " ".join([*head(page), refused])
    if "fixed-element" not in typed:
        assert head(page)
        assert 'aria-invalid="true"' in page


def test_the_head_of_the_end_names_the_field_of_the_subject_it_was_typed_for(
    world: World, sit: Sit, on_day: None
) -> None:
    path, (leader, second) = ended(world)
    sit_ = sit("supervisor")
    empty = sit_.post(path, {"outcome": "propose", "findings": ""})
    assert empty.status_code == 422
    assert [one.split("：")[0] for one in head(empty.content.decode())] == ["核查结论和理由"]
    assert sit_.post(path, FOUND).status_code == 302
    assert "签名" in text(sit_, path)
    assert sit("router").post(path, FOUND).status_code == 302
    typed = {
        "subject": f"person-{leader}",
        "measures": ["circular"],
        "to": "",
        "facts": "到期没有办理甲",
        "reasons": "",
    }
    answer = sit_.post(path, typed)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert {one.split("：")[0] for one in head(page)} <= {"有管理权限的机关", "建议的理由"}
    assert len(head(page)) >= 1
    assert f'href="#f-person-{leader}-reasons"' in page
    assert page.count("到期没有办理甲") == 1  # it stays with its subject
    assert f'id="f-person-{second}-reasons"' in page
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert not Case.objects.filter(kind="accountability").exists()


@pytest.mark.parametrize(
    "forged",
    [
        {"subject": "person-999999999999999"},
        {"subject": "Amt-1"},
        {"subject": ""},
        {"to": "x"},
        {"to": "999999"},
        {"to": "-1"},
        {"measures": ["removal"]},
        {"facts": ["甲", "乙"]},
    ],
)
def test_a_forged_proposal_is_refused_and_proposes_nothing(
    world: World, sit: Sit, on_day: None, forged: dict[str, Any]
) -> None:
    path, (leader, _second) = ended(world)
    for who in ("router", "supervisor"):
        sit(who).post(path, FOUND)
    right = {
        "subject": f"person-{leader}",
        "measures": ["circular"],
        "to": world.organ("YJW"),
        "facts": "到期没有办理",
        "reasons": "情节较轻",
    }
    answer = sit("supervisor").post(path, {**right, **forged})
    assert answer.status_code == 422
    assert not Case.objects.filter(kind="accountability").exists()
    searching = sit("supervisor").post(path, {**right, "find": "to", "q_to": "区委"})
    assert searching.status_code == 200
    assert not Case.objects.filter(kind="accountability").exists()


def test_the_own_office_is_not_offered_to_decide(world: World, sit: Sit, on_day: None) -> None:
    path, (leader, _second) = ended(world)
    for who in ("router", "supervisor"):
        sit(who).post(path, FOUND)
    page = text(sit("supervisor"), path)
    field = page.split(f'id="f-person-{leader}-to"')[1].split("</select>")[0]
    assert f'value="{world.organ("YJW")}"' in field
    assert f'value="{world.organ("YJ01")}"' not in field


def test_roles_say_what_is_wrong_beside_the_line_it_is_about(
    world: World, sit: Sit, on_day: None
) -> None:
    case, path, _board = told(world)
    ground, who = next(iter(case.made.grounds)), official("YJ02-L")
    line = {"official": who, "ground": ground, "kind": "individual", "proposed": "direct"}
    changed = {**line, "responsibility": "none", "reasons": ""}
    answer = sit("supervisor").post(f"{path}roles/", changed)
    page = " ".join(answer.content.decode().split())
    assert answer.status_code == 422
    assert 'value="none" selected' in page  # what was chosen stays
    assert [one.split("：")[0] for one in head(answer.content.decode())] == ["理由"]
    assert f'href="#f-{ground}-{who}-individual-reasons"' in page
    for forged in (
        {"responsibility": ["none", "direct"]},
        {"responsibility": "king"},
        {"kind": "x"},
    ):
        refused = sit("supervisor").post(f"{path}roles/", {**changed, **forged})
        assert refused.status_code == 422
    for nobody in ({"official": "x"}, {"ground": ""}, {"ground": ["1", "2"]}):
        assert sit("supervisor").post(f"{path}roles/", {**changed, **nobody}).status_code == 404
    assert not Act.objects.filter(case__number=case.number, act="confirm_line").exists()


# --- a file and the list of files -----------------------------------------------------------------
def test_an_appeal_that_is_refused_keeps_the_way_that_was_chosen(
    world: World, sit: Sit, day: Day
) -> None:
    number = opened(world)
    circular(world, number)
    serve(world, number)
    day.set("2025-05-07")
    path = f"{FILES}{number}/"
    way = re.findall(r'name="way" value="([^"]+)"', " ".join(text(sit("head"), path).split()))[-1]
    answer = sit("head").post(f"{path}appeal/", {"way": way, "grounds": "", "obstacle": "住院"})
    page = " ".join(answer.content.decode().split())
    assert answer.status_code == 422
    assert re.search(rf'value="{way}" required checked', page)
    assert "住院" in page
    assert [one.split("：")[0] for one in head(answer.content.decode())] == ["申诉的事实和理由"]
    assert not Case.objects.filter(kind="accountability_appeal").exists()


def numbers(page: str) -> list[str]:
    """The files of a page, in its order."""
    found = re.findall(r"/accountability/measures/([A-Z0-9-]+)/", page)
    return list(dict.fromkeys(found))


def test_a_group_of_files_goes_on_over_its_pages_and_sorts_as_a_whole(
    world: World, sit: Sit, day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    day.set("2025-05-07")
    monkeypatch.setattr(measure_list, "FILES", replace(measure_list.FILES, size=2))
    made = [
        opened_bare(world, on="2025-03-03"),
        opened_bare_on_organ(world, on="2025-03-04"),
        opened_bare(world, on="2025-03-05"),
    ]
    first = text(sit("committee"), FILES)
    assert numbers(first) == made[:2]
    assert "共 3 行" in first
    assert numbers(text(sit("committee"), f"{FILES}?open-page=2")) == made[2:]
    upwards = [
        *numbers(text(sit("committee"), f"{FILES}?open-sort=subject")),
        *numbers(text(sit("committee"), f"{FILES}?open-sort=subject&open-page=2")),
    ]
    assert sorted(upwards) == sorted(made)
    assert [n for n in upwards if n != made[1]] in (
        [made[0], made[2]],
        [made[2], made[0]],
    )
    assert sit("committee").get(f"{FILES}?open-page=9").status_code == 422
    assert sit("committee").get(f"{FILES}?open-sort=-case__title").status_code == 422
    assert numbers(text(sit("handler"), f"{FILES}?open-page=2")) == []


def test_the_day_of_rectification_sorts_as_it_is_shown(world: World, sit: Sit, day: Day) -> None:
    late, soon = opened(world), opened_bare_on_organ(world)
    circular(world, late)
    day.set("2025-05-07")
    page = text(sit("committee"), f"{FILES}?decided-sort=-deadline&open-sort=deadline")
    assert {late, soon} <= set(numbers(page))
    rows: Any = with_order(Case.objects.filter(kind="accountability"), "zh")
    shown = {row.number: (row.concerns, row.rectify_by) for row in rows}
    assert shown[late][1] is not None
    assert shown[soon][1] is None
    assert all(name for name, _day in shown.values())
