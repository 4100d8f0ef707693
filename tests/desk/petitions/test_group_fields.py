"""A group visit asks what the pack requires of every registration, so that a new required field is
a question and no refusal without a way out."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from config.effects import EFFECTS
from dengwen.cases import rulebooks
from dengwen.cases.models import Act, Case
from dengwen.law.packs.library import Library
from tests.desk.conftest import Day, Sit
from tests.desk.petitions.test_new_field import PACKS, PLACE
from tests.world import World

PATH = "/desk/petitions/groups/"
VISIT = {"go": "register", "persons": "12", "subject": "三号楼屋面渗水多年"}
REQUIRED = (
    '{name = "dwelling", type = "code", class = "D1", section = "where", required = true, '
    'zh = "住房性质", en = "kind of dwelling", options = [{id = "own", zh = "自有", en = "own"}, '
    '{id = "rented", zh = "公租房", en = "public rental"}]},\n'
    '{name = "wish", type = "text", class = "D3", section = "what", required = true, '
    'zh = "希望怎样答复", en = "how to answer"},\n'
    '{name = "trade", type = "person", class = "D2", section = "who", zh = "职业", en = "trade"}'
)


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Library]:
    """The delivered packs, and those of a place that requires more of a registration and knows
    one more way in which it comes."""
    root = tmp_path_factory.mktemp("packs")
    shutil.copytree(PACKS, root, dirs_exist_ok=True, ignore=shutil.ignore_patterns("bad"))
    own = root / "own" / "2022-05-01"
    own.mkdir(parents=True)
    (own / "pack.toml").write_text(
        '[pack]\nfamily = "own"\nedition = "own"\nzh = "本地"\nen = "own"\nfrom = 2022-05-01\n'
        f'extends = ["national"]\nplace = "{PLACE}"\n',
        encoding="utf-8",
    )
    (own / "petition.toml").write_text(
        '[kind]\nid = "petition"\n\n[[act]]\nid = "register"\namends = true\n'
        f"more = {{fields = [\n  {REQUIRED},\n]}}\n"
        'basis = {law = "R22", article = "21(2)"}\n',
        encoding="utf-8",
    )
    return root, Library.load(root, EFFECTS)


@pytest.fixture
def office(world: World, packs: tuple[Path, Library], monkeypatch: pytest.MonkeyPatch) -> World:
    """The district, with the packs of the place installed."""
    root, library = packs
    monkeypatch.setattr(rulebooks, "packs_folder", lambda: root)
    monkeypatch.setitem(rulebooks._libraries, root, library)
    return world


def test_what_is_required_is_asked_and_registered(office: World, day: Day, sit: Sit) -> None:
    client = sit("clerk")
    asked = [field.name for field in client.get(PATH).context["fields"]]
    assert asked == ["persons", "subject", "place", "dwelling", "wish"]  # not what is optional
    page = client.post(PATH, VISIT)
    assert page.status_code == 422
    wrong = {field.name for field in page.context["fields"] if field.errors}
    assert wrong == {"dwelling", "wish"}
    assert page.context["refused"] == []
    assert "住房性质" in page.content.decode().split('id="errors"')[1].split("</ul>")[0]
    assert not Case.objects.filter(kind="petition").exists()
    assert client.post(PATH, {**VISIT, "dwelling": "rented", "wish": "书面"}).status_code == 200
    act = Act.objects.get(act="register", case__kind="petition")
    assert (act.data["dwelling"], act.data["visit_kind"]) == ("rented", "group")


@pytest.mark.parametrize(
    "forged",
    [
        {"dwelling": "castle"},
        {"dwelling": ["own", "rented"]},
        {"wish": "字" * 20_001},
        {"wish": " \u3000"},
    ],
)
def test_a_wrong_value_is_said_at_its_field(
    office: World, day: Day, sit: Sit, forged: dict[str, str]
) -> None:
    page = sit("clerk").post(PATH, {**VISIT, "dwelling": "own", "wish": "书面", **forged})
    assert page.status_code == 422
    wrong = {field.name for field in page.context["fields"] if field.errors}
    assert wrong == set(forged)
    assert not Case.objects.filter(kind="petition").exists()


def test_the_visit_says_itself_what_it_is(office: World, day: Day, sit: Sit) -> None:
    forged = {"channel": "letter", "visit_kind": "single", "received_on": "2020-01-01"}
    right = {**VISIT, "dwelling": "own", "wish": "书面"}
    assert sit("clerk").post(PATH, {**right, **forged, "trade": "教师"}).status_code == 200
    data = Act.objects.get(act="register", case__kind="petition").data
    assert (data["channel"], data["visit_kind"], data["received_on"]) == (
        "visit",
        "group",
        "2025-03-03",
    )


def test_the_delivered_packs_ask_the_three_questions(world: World, day: Day, sit: Sit) -> None:
    asked = [field.name for field in sit("clerk").get(PATH).context["fields"]]
    assert asked == ["persons", "subject", "place"]
