"""A place adds one line to its pack: the field is asked at the desk, over the network and by an
import, and stands on the case, on the paper and in a correction. What the pack does not open stays
shut at every door."""

from __future__ import annotations

import json
import re
import shutil
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from config.effects import EFFECTS
from dengwen.cases import rulebooks
from dengwen.cases.act_records import records_of, view_of
from dengwen.cases.models import Act, Case, Content, Document
from dengwen.cases.write.contents import open_package
from dengwen.cases.write.papers.issue import open_body
from dengwen.law.packs.library import Library
from dengwen.petitions.history.history_import import ImportReport, import_messages
from dengwen.petitions.history.message_fields import targets
from dengwen.petitions.history.message_file import FileRefused, read_map
from dengwen.petitions.models import Petition
from dengwen.portal import clock as portal_clock
from tests.desk.conftest import Day, Sit
from tests.desk.petitions.test_register import LETTER
from tests.portal.petitioner import ANSWERS, Petitioner
from tests.world import CLAIM, World, at

PACKS = Path(__file__).resolve().parents[3] / "packs"
PLACE = "5001"
REGISTER = "/desk/petitions/register/"

DWELLING = (
    '{name = "dwelling", type = "code", class = "D1", section = "where", fact = true, zh = "住房性质", '
    'en = "kind of dwelling", options = [{id = "own", zh = "自有", en = "own"}, '
    '{id = "rented", zh = "公租房", en = "public rental"}]}'
)
"""The one line; the others are what it could be as well."""
OTHERS = (
    '{name = "trade", type = "person", class = "D2", section = "who", zh = "职业", en = "trade"}',
    (
        '{name = "wish", type = "text", class = "D3", section = "what", '
        'zh = "希望怎样答复", en = "how to answer"}'
    ),
    (
        '{name = "homes", type = "number", class = "D1", section = "visit", least = 1, '
        'zh = "涉及户数", en = "households"}'
    ),
    (
        '{name = "since", type = "date", class = "D1", section = "more", until_today = true, '
        'zh = "从何时起", en = "since"}'
    ),
    (
        '{name = "asked_before", type = "flag", class = "D1", section = "care", '
        'zh = "找过其他机关", en = "asked others"}'
    ),
    (
        '{name = "stamp", type = "word", class = "D1", section = "more", asked_at = ["desk"], '
        'zh = "来文字号", en = "stamp"}'
    ),
    (
        '{name = "level", type = "word", class = "D1", fact = true, '
        'zh = "内部分级", en = "inner level"}'
    ),
)


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Library]:
    """The delivered packs and that of a place, which adds lines to the registration."""
    root = tmp_path_factory.mktemp("packs")
    shutil.copytree(PACKS, root, dirs_exist_ok=True, ignore=shutil.ignore_patterns("bad"))
    own = root / "own" / "2022-05-01"
    own.mkdir(parents=True)
    (own / "pack.toml").write_text(
        '[pack]\nfamily = "own"\nedition = "own"\nzh = "本地"\nen = "own"\nfrom = 2022-05-01\n'
        f'extends = ["national"]\nplace = "{PLACE}"\n',
        encoding="utf-8",
    )
    lines = ",\n  ".join((DWELLING, *OTHERS))
    (own / "petition.toml").write_text(
        '[kind]\nid = "petition"\n\n[[act]]\nid = "register"\namends = true\n'
        f"more = {{fields = [\n  {lines},\n]}}\n"
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


@pytest.fixture
def petitioner(office: World, day: Day, monkeypatch: pytest.MonkeyPatch) -> Petitioner:
    """Somebody at a browser, on the day it is at the desk."""
    monkeypatch.setattr(portal_clock, "now", lambda: day.now)
    return Petitioner(Client(headers={"accept-language": "zh-hans"}))


def registered() -> Act:
    """The one registration."""
    return Act.objects.get(act="register", case__kind="petition")


def texts_of(act: Act) -> dict[str, str]:
    """All texts of an act."""
    found: dict[str, str] = {}
    for row in Content.objects.filter(act=act).select_related("act"):
        found |= open_package(row)
    return found


def record_of(act: Act) -> str:
    """The registration record, as it is kept."""
    paper = Document.objects.select_related("act").get(act=act, rule="registration_record")
    return unescape(open_body(paper))


def bring(at_office: World, folder: Path, **cells: Any) -> ImportReport:
    """Import one message with these cells."""
    row = {
        "source": "示例平台",
        "source_no": "甲-1",
        "user": "王示例",
        "body": "三号楼屋面渗水多年，请求修复。",
        "time": "2025-02-24T16:03:40",
        **cells,
    }
    path = folder / "messages.jsonl"
    path.write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    return import_messages(
        path,
        organ=at_office.organ("YJ01"),
        channel="network",
        by=at_office.by("clerk"),
        now=at("2025-03-03"),
    )


# --- one line, six places -------------------------------------------------------------------------
def test_the_desk_asks_it_and_the_case_the_paper_and_a_correction_know_it(
    office: World, day: Day, sit: Sit
):
    client = sit("clerk")
    page = client.get(REGISTER)
    (asked,) = [f for f in page.context["groups"]["where"] if f.name == "dwelling"]
    assert (asked.label, [c.value for c in asked.choices]) == ("住房性质", ["own", "rented"])
    form = LETTER | {"uid": page.context["uid"], "dwelling": "rented"}
    read_back = client.post(REGISTER, form | {"go": "look"})
    assert 'value="rented" checked' in " ".join(read_back.content.decode().split())
    assert not Petition.objects.exists()
    assert client.post(REGISTER, form).status_code == 200
    act = registered()
    assert act.data["dwelling"] == "rented"
    assert "住房性质：公租房" in client.get(f"/desk/case/{act.case.number}/").content.decode()
    english = sit("clerk", "en").get(f"/desk/case/{act.case.number}/").content.decode()
    assert "Kind of dwelling: public rental" in english
    assert "住房性质" in record_of(act)
    assert "公租房" in record_of(act)
    number = act.case.number
    page = client.get(f"/desk/case/{number}/correct/")
    (asked,) = [f for f in page.context["fields"] if f.name == "field"]
    assert ("dwelling", "住房性质") in [(c.value, c.text) for c in asked.choices]
    assert not {"code_digest", "subject", "petitioner"} & {c.value for c in asked.choices}
    form = {"uid": page.context["uid"], "target": "1", "field": "dwelling", "reason": "笔误"}
    castle = client.post(f"/desk/case/{number}/correct/", form | {"new": "castle"})
    assert castle.status_code == 422
    assert "没有选项“castle”" in castle.content.decode()
    assert client.post(f"/desk/case/{number}/correct/", form | {"new": "own"}).status_code == 302
    assert office.case(number).acts.latest("seq").data["old"] == "rented"
    shown = client.get(f"/desk/case/{number}/").content.decode()
    assert "被更正的项：住房性质；原值：公租房；新值：自有" in shown
    assert view_of(act.case.kind, records_of(act.case)).facts["dwelling"] == "own"


def test_the_portal_asks_it_reads_it_back_and_registers_it(petitioner: Petitioner):
    petitioner.begin()
    assert "住房性质" in petitioner.text()
    petitioner.press(
        "next", story=ANSWERS["story"], **{"more-dwelling": "rented", "more-wish": "书面"}
    )
    assert "住房性质" not in petitioner.text().replace("more-dwelling", "")
    petitioner.press("next", **{"request-1": ANSWERS["request-1"]})
    assert "职业" in petitioner.text()
    who = {name: ANSWERS[name] for name in ("identity", "name", "address", "phone")}
    petitioner.press("next", **who, **{"more-trade": "教师"})
    petitioner.press("next")
    text = petitioner.text()
    assert all(line in text for line in ("住房性质：公租房", "希望怎样答复：书面", "职业：教师"))
    petitioner.press("send")
    act = registered()
    assert act.data["dwelling"] == "rented"
    assert (texts_of(act)["wish"], texts_of(act)["trade"]) == ("书面", "教师")
    assert "公租房" in record_of(act)


def test_an_import_takes_a_column_of_its_name(office: World, tmp_path: Path):
    cells = {
        "dwelling": "公租房",
        "trade": "教师",
        "homes": "12",
        "since": "2024年5月6日",
        "asked_before": "是",
    }
    report = bring(office, tmp_path, **cells)
    assert (report.registered, report.refused) == (1, 0)
    act = registered()
    found = {name: act.data[name] for name in ("dwelling", "homes", "since", "asked_before")}
    assert found == {"dwelling": "rented", "homes": 12, "since": "2024-05-06", "asked_before": True}
    assert texts_of(act)["trade"] == "教师"


def test_a_map_of_columns_may_name_it(office: World, tmp_path: Path):
    (tmp_path / "map.toml").write_text('[columns]\ndwelling = "住房"\n', encoding="utf-8")
    assert read_map(tmp_path / "map.toml", targets()).column("dwelling") == "住房"
    for shut in ("channel", "stamp", "level", "code_digest", "outside_no", "received_on"):
        (tmp_path / "map.toml").write_text(f'[columns]\n{shut} = "住房"\n', encoding="utf-8")
        with pytest.raises(FileRefused, match=shut):
            read_map(tmp_path / "map.toml", targets())


def test_what_says_who_asks_is_sealed_and_goes_along_with_a_part(office: World, day: Day, sit: Sit):
    sit("clerk").post(REGISTER, LETTER | {"trade": "教师", "dwelling": "own"})
    act = registered()
    readable = b"".join(bytes(c.body) for c in Content.objects.filter(act=act, sealed=False))
    assert "教师" not in readable.decode()
    number = act.case.number
    office.act("clerk", "classify", number, on="2025-03-03", **CLAIM)
    office.act(
        "clerk",
        "no_longer_accept",
        number,
        on="2025-03-04",
        texts={"reasons": "同一事实和理由"},
        recheck_date=date(2024, 5, 6),
        recheck_no="示信核〔2024〕1号",
        same_facts=True,
    )
    office.act("clerk", "new_facts", number, on="2025-07-01", texts={"what_is_new": "新的鉴定结论"})
    anew = Act.objects.filter(act="register").latest("pk")
    assert anew.pk != act.pk
    assert texts_of(anew)["trade"] == "教师"
    assert anew.data["dwelling"] == "own"


def test_no_paper_names_it_where_the_name_is_kept_hidden(petitioner: Petitioner):
    petitioner.begin()
    petitioner.press("next", story=ANSWERS["story"])
    petitioner.press("next", **{"request-1": ANSWERS["request-1"]})
    petitioner.press("next", identity="hidden", name="王示例", **{"more-trade": "教师"})
    petitioner.press("next")
    petitioner.press("send")
    act = registered()
    assert texts_of(act)["trade"] == "教师"
    assert "教师" not in record_of(act)
    assert "王示例" not in record_of(act)


def test_somebody_anonymous_leaves_none_of_it(petitioner: Petitioner):
    petitioner.begin()
    petitioner.press("next", story=ANSWERS["story"])
    petitioner.press("next", **{"request-1": ANSWERS["request-1"]})
    petitioner.press("next", identity="anonymous", **{"more-trade": "教师"})
    petitioner.press("next")
    assert "职业" not in petitioner.text()
    petitioner.press("send")
    assert "trade" not in texts_of(registered())


# --- what must be impossible ----------------------------------------------------------------------
OFFICE_ONLY = {
    "channel": "visit",
    "office": "organ",
    "received_on": "2024-01-01",
    "category": "c01",
    "place": "110000",
    "urgent": "true",
    "read_back": "true",
    "persons": "500",
    "visit_kind": "group",
    "anonymous": "true",
    "outside_source": "hotline",
    "outside_no": "12345",
    "code_digest": "ab" * 32,
    "no_content": "empty",
    "new_facts": "true",
    "stamp": "甲〔2025〕1号",
    "level": "一级",
    "history": "办过",
}


@pytest.mark.parametrize("prefix", ["", "more-"])
def test_a_petitioner_sets_nothing_that_the_office_says(petitioner: Petitioner, prefix: str):
    petitioner.fill()
    forged = {f"{prefix}{name}": value for name, value in OFFICE_ONLY.items()}
    form = petitioner.form()
    assert petitioner.client.post(form.action, {**form.fields, **forged, "go": "send"}).context[
        "sheet"
    ]
    act = registered()
    assert act.data["channel"] == "network"
    assert act.data["office"] == "petition_office"
    assert act.data["received_on"] == "2025-03-03"
    assert act.data["code_digest"] != "ab" * 32
    left = set(OFFICE_ONLY) - {"channel", "office", "received_on", "code_digest", "anonymous"}
    assert not left & set(act.data)
    assert "history" not in texts_of(act)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"more-dwelling": "castle"}, "请从列表中选择"),
        ({"more-dwelling": ["own", "rented"]}, "这一项只能填一个值"),
        ({"more-homes": "许多"}, "请填整数"),
        ({"more-homes": "9" * 40}, "请填整数"),
        ({"more-since": "昨天"}, "日期请写成"),
        ({"more-since": "2025-03-04"}, "不得晚于"),
        ({"more-since": "1900-01-01"}, "日期请写成"),
        ({"more-asked_before": "也许"}, "请勾选，或者不勾"),
        ({"more-wish": "字" * 20_001}, "最多20000字"),
    ],
)
def test_a_wrong_value_stays_on_its_page_with_the_reason(
    petitioner: Petitioner, typed: dict[str, Any], said: str
):
    petitioner.begin()
    form = petitioner.form()
    given = {**form.fields, "story": ANSWERS["story"], **typed, "go": "next"}
    petitioner.page = petitioner.client.post(form.action, given)
    assert said in petitioner.text()
    assert petitioner.page.context["step"] == "story"
    petitioner.page = petitioner.client.post(form.action, {**given, "go": "send"})
    assert petitioner.page.context["step"] == "story"
    assert not Petition.objects.exists()


def test_the_desk_sets_nothing_that_the_system_says(office: World, day: Day, sit: Sit):
    forged = {"office": "organ", "code_digest": "ab" * 32, "anonymous": "true", "level": "一级"}
    assert sit("clerk").post(REGISTER, LETTER | forged | {"unheard_of": "x"}).status_code == 200
    data = registered().data
    assert data["office"] == "petition_office"
    assert data["code_digest"] != "ab" * 32
    assert data["anonymous"] is False
    assert not {"level", "unheard_of"} & set(data)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"dwelling": "castle"}, "没有选项"),
        ({"homes": "0"}, "最少1"),
        ({"homes": "-3"}, "请填整数"),
        ({"homes": "1000000"}, "请填整数"),
        ({"since": "2025-03-04"}, "不得晚于"),
        ({"wish": "字" * 20_001}, "最多20000字"),
        ({"asked_before": "也许"}, "请勾选，或者不勾"),
    ],
)
def test_the_desk_says_what_is_wrong_at_the_field_and_keeps_what_was_typed(
    office: World, day: Day, sit: Sit, typed: dict[str, str], said: str
):
    page = sit("clerk").post(REGISTER, LETTER | typed)
    assert page.status_code == 422
    (name,) = typed
    (asked,) = [f for f in page.context["fields"] if f.name == name]
    assert said in "".join(asked.errors)
    assert "墙面发霉" in page.content.decode()
    assert not Petition.objects.exists()


@pytest.mark.parametrize(
    "cells",
    [
        {"dwelling": "城堡"},
        {"homes": "许多"},
        {"homes": "0"},
        {"since": "昨天"},
        {"since": "2030-01-01"},
        {"asked_before": "也许"},
        {"trade": "师" * 201},
        {"wish": "字" * 20_001},
    ],
)
def test_a_row_with_a_wrong_value_is_refused_and_named(
    office: World, tmp_path: Path, cells: dict[str, str]
):
    report = bring(office, tmp_path, **cells)
    assert (report.registered, report.refused) == (0, 1)
    assert report.errors[0].field in cells
    assert not Case.objects.filter(kind="petition").exists()


def test_a_column_sets_nothing_that_an_import_settles(office: World, tmp_path: Path):
    report = bring(office, tmp_path, **OFFICE_ONLY | {"category": "", "place": "", "persons": "5"})
    assert report.registered == 1
    data = registered().data
    assert (data["channel"], data["received_on"]) == ("network", "2025-02-24")
    assert data["outside_source"] == "other"
    assert not {"stamp", "level", "code_digest", "urgent", "read_back", "new_facts"} & set(data)
    assert data["persons"] == 5


def test_a_field_of_this_place_is_none_of_another_day(office: World, tmp_path: Path):
    report = bring(office, tmp_path, time="2019-04-24T16:03:40", dwelling="公租房")
    assert report.registered == 1
    assert "dwelling" not in registered().data


def names_by_section(client: Client) -> dict[str, list[str]]:
    """Return the fields of the registration form as the page lays them out."""
    groups = client.get(REGISTER).context["groups"]
    return {section: [field.name for field in fields] for section, fields in groups.items()}


def test_an_office_with_older_packs_registers_as_before(
    world: World, day: Day, sit: Sit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Rules from before sections: the delivered packs say where their fields stand."""
    root = tmp_path / "older"
    shutil.copytree(PACKS, root, ignore=shutil.ignore_patterns("bad"))
    for path in root.glob("national/*/petition.toml"):
        text = path.read_text(encoding="utf-8")
        for word in ("section", "asked_at", "printed"):
            text = re.sub(rf'{word} = (\[[^\]]*\]|"[a-z]+"|false|true), ', "", text)
        path.write_text(text, encoding="utf-8")
        assert "section = " not in text
    client = sit("clerk")
    delivered = names_by_section(client)
    assert {"petitioner", "address", "phone"} <= set(delivered["who"])
    monkeypatch.setattr(rulebooks, "packs_folder", lambda: root)
    assert names_by_section(client) == delivered
    assert client.post(REGISTER, LETTER).status_code == 200
    assert "三号楼屋面渗水" in record_of(registered())
