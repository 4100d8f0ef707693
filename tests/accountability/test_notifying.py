"""Results reach both departments, are signed for, used, corrected; opinions; queries about
honours (S 10, 14, 18)."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from dengwen.accountability.errors import AccountabilityError
from dengwen.accountability.personnel.extracts import extract_of, measures_in_force
from dengwen.accountability.personnel.honours import bans_on, cancelled_by
from dengwen.cases import replay
from dengwen.cases.models import Act, Case, Content, Document, Duty
from dengwen.cases.wall.visibility import find, viewer_of
from dengwen.cases.write.check import Refused
from dengwen.cases.write.contents import open_package
from dengwen.cases.write.papers.issue import open_body
from dengwen.practice.year.registers_office import enter
from tests.accountability.deciding import FACTS, decided, notified, official, opened
from tests.world import CLAIM, World, at


def refused(code: str) -> Any:
    return pytest.raises(AccountabilityError, check=lambda error: error.code == code)


def seen(world: World, who: str, number: str, on: date = date(2025, 6, 10)) -> bool:
    return find(viewer_of(world.office.users[who], on), on, number) is not None


# --- the notification -----------------------------------------------------------------------------
def test_both_departments_are_told_who_what_and_until_when(world: World) -> None:
    number = decided(world, "2025-06-02")
    notice = notified(world, number, "2025-06-03")
    row = Document.objects.get(case__number=notice)
    assert (row.rule, row.title) == ("result_notification", "责任追究情况通报")
    body = open_body(row)
    for said in (
        "郑样例（云江区住房建设局局长）",
        "诫勉",
        "中共云江区委组织部",
        "云江区人力社保局",
        FACTS,
        "2025-06-02",
        "2025-12-01",
        "实施细则》第十八条，现将责任追究情况通报你们。",
    ):
        assert said in body, said
    holders = {d.rule: d.holder_id for d in Duty.objects.filter(case__number=notice, state="open")}
    assert holders == {
        "sign_organisation": world.organ("YJZ"),
        "sign_personnel": world.organ("YJ04"),
    }
    assert not Duty.objects.filter(
        case__number=number, rule="notify_personnel", state="open"
    ).exists()
    assert list(replay.check()) == []


def test_only_the_two_departments_and_the_sender_see_it_and_never_the_person_concerned(
    world: World,
) -> None:
    notice = notified(world, decided(world, "2025-06-02"), "2025-06-03")
    readers = [w for w in sorted(world.office.users) if seen(world, w, notice)]
    assert readers == ["committee", "decider", "organiser", "personnel"]


def test_an_officer_of_personnel_sees_nothing_else_of_the_organ(world: World) -> None:
    number = world.register("2025-06-02", category="c15")
    world.act("clerk", "classify", number, on="2025-06-02", **CLAIM)
    world.act("router", "forward", number, on="2025-06-02", to=world.organ("YJ04"))
    assert seen(world, "handler3", number)
    assert not seen(world, "personnel", number)
    decision = decided(world, "2025-06-02")
    notified(world, decision, "2025-06-03")
    assert not seen(world, "organiser", decision)


def test_a_department_of_another_level_is_refused_and_so_is_a_particular_of_a_petitioner(
    world: World,
) -> None:
    number = decided(world, "2025-06-02")
    fields: dict[str, Any] = {"organisation": world.organ("SXF"), "personnel": world.organ("YJ04")}
    with refused("not-same-level"):
        world.act(
            "committee",
            "notify_personnel",
            number,
            on="2025-06-03",
            texts={"facts": FACTS},
            **fields,
        )
    for facts in (
        "信访人电话 13800000000",
        "身份证 11010119900101123X",
        "见 YJ01-2025-000000001-3",
    ):
        with refused("particulars"):
            notified(world, number, "2025-06-03", facts)
    assert not Case.objects.filter(kind="personnel_notice").exists()


def test_nothing_is_notified_before_a_decision_nor_what_was_not_decided(world: World) -> None:
    number = opened(world, "2025-06-02")
    with pytest.raises(Refused):
        notified(world, number, "2025-06-03")
    number = decided(world, "2025-06-02")
    fields: dict[str, Any] = {
        "decision": number,
        "organisation": world.organ("YJZ"),
        "personnel": world.organ("YJ04"),
        "official": official().pk,
        "measures": ("removal",),
        "decided": date(2025, 6, 2),
    }
    texts = {"concerned": "郑样例", "measures_said": "免职", "facts": FACTS}
    with refused("not-as-decided"):
        world.act(
            "committee", "notify", kind="personnel_notice", on="2025-06-03", texts=texts, **fields
        )
    with refused("no-decision"):
        world.act(
            "handler2", "notify", kind="personnel_notice", on="2025-06-03", texts=texts, **fields
        )


def test_each_department_signs_once_and_records_its_use_after_that(world: World) -> None:
    notice = notified(world, decided(world, "2025-06-02"), "2025-06-03")
    use: dict[str, Any] = {"use": "selection", "texts": {"weighed": "暂不列为考察对象"}}
    world.act("organiser", "sign_receipt", notice, on="2025-06-04")
    with refused("not-signed"):
        world.act("personnel", "record_use", notice, on="2025-06-05", **use)
    with refused("signed-before"):
        world.act("organiser", "sign_receipt", notice, on="2025-06-05")
    world.act("organiser", "record_use", notice, on="2025-06-05", **use)
    states = {(d.rule, d.holder_id): d.state for d in Duty.objects.filter(case__number=notice)}
    assert states == {
        ("sign_organisation", world.organ("YJZ")): "closed",
        ("sign_personnel", world.organ("YJ04")): "open",
        ("use_result", world.organ("YJZ")): "closed",
    }


def test_what_is_expired_is_not_used_any_more(world: World) -> None:
    notice = notified(world, decided(world, "2025-06-02"), "2025-06-03")
    world.act("organiser", "sign_receipt", notice, on="2025-06-04")
    use: dict[str, Any] = {"use": "selection", "texts": {"weighed": "暂不列为考察对象"}}
    world.act("organiser", "record_use", notice, on="2025-12-01", **use)
    with refused("expired"):
        world.act("organiser", "record_use", notice, on="2025-12-02", **use)


def test_a_correction_reaches_whoever_was_notified(world: World) -> None:
    number = decided(world, "2025-06-02")
    notice = notified(world, number, "2025-06-03")
    world.act("organiser", "sign_receipt", notice, on="2025-06-04")
    fields: dict[str, Any] = {
        "decider": official("YJW-S").pk,
        "measures": ("admonition",),
        "scope": "person",
    }
    world.act(
        "decider",
        "correct_wrongful",
        number,
        on="2025-07-01",
        texts={"reasons": "申诉成立"},
        **fields,
    )
    assert Case.objects.get(number=notice).state == "corrected"
    told = Act.objects.get(case__number=notice, act="notify_correction")
    assert (told.data["measures"], told.data["whole"]) == (["admonition"], True)
    world.act("organiser", "sign_receipt", notice, on="2025-07-02")
    with pytest.raises(Refused):
        world.act(
            "organiser",
            "record_use",
            notice,
            on="2025-07-03",
            use="selection",
            texts={"weighed": "示例"},
        )
    assert not Duty.objects.filter(case__number=notice, rule="use_result", state="open").exists()
    assert bans_on(world.organ("YJ02"), 2025, date(2025, 7, 1)) == ()
    assert bans_on(world.organ("YJ02"), 2025, date(2025, 6, 30))


def test_nothing_is_corrected_that_stands_or_was_never_notified(world: World) -> None:
    notice = notified(world, decided(world, "2025-06-02"), "2025-06-03")
    for measures in (("admonition",), ("removal",)):
        with refused("not-undone"):
            world.act(
                "committee",
                "notify_correction",
                notice,
                on="2025-06-04",
                measures=measures,
                whole=True,
                texts={"correction": "示例"},
            )
    assert Case.objects.get(number=notice).state == "notified"


# --- the extract: measures and exemptions ---------------------------------------------------------
def test_an_expired_measure_vanishes_from_the_extract_and_stays_in_the_ledger(world: World) -> None:
    number = decided(world, "2025-06-02")
    held = measures_in_force(official().pk, date(2025, 12, 1))
    assert [(m.case, m.measure, m.last, m.verified) for m in held] == [
        (number, "admonition", date(2025, 12, 1), False)
    ]
    assert measures_in_force(official().pk, date(2025, 12, 2)) == ()
    assert measures_in_force(official().pk, date(2025, 6, 1)) == ()
    assert Act.objects.filter(case__number=number, act="decide").exists()
    made = extract_of(official(), date(2025, 1, 1), date(2025, 12, 2), date(2025, 12, 2))
    assert number not in made.canonical().decode()


def test_the_convention_of_the_last_day_is_a_local_setting_and_named(world: World) -> None:
    decided(world, "2025-06-02")
    enter(
        "set_local_target",
        at("2025-06-01"),
        "t/way",
        "edition",
        "",
        key="personnel.influence_convention",
        value="corresponding",
        **{"from": date(2025, 6, 1)},
    )
    [held] = measures_in_force(official().pk, date(2025, 12, 2))
    assert held.last == date(2025, 12, 2)
    assert (
        extract_of(official(), date(2025, 6, 1), date(2025, 6, 30), date(2025, 7, 1)).convention
        == "corresponding"
    )


def test_a_measure_without_a_known_period_is_never_in_force(world: World) -> None:
    decided(world, "2025-06-02", measure="circular")
    assert measures_in_force(official().pk, date(2025, 6, 3)) == ()


def test_a_corrected_measure_is_left_out_from_the_day_of_the_correction(world: World) -> None:
    number = decided(world, "2025-06-02")
    fields: dict[str, Any] = {
        "decider": official("YJW-S").pk,
        "measures": ("admonition",),
        "scope": "person",
    }
    world.act(
        "decider",
        "correct_wrongful",
        number,
        on="2025-07-01",
        texts={"reasons": "申诉成立"},
        **fields,
    )
    assert len(measures_in_force(official().pk, date(2025, 6, 30))) == 1
    assert measures_in_force(official().pk, date(2025, 7, 1)) == ()


@pytest.mark.parametrize(
    ("ground", "repeated"), [("diligence", True), ("dissent", True), ("not_shown", False)]
)
def test_exemptions_are_repeated_and_suspicions_are_not(
    world: World, ground: str, repeated: bool
) -> None:
    number = opened(world, "2025-06-02")
    world.act(
        "decider",
        "decide_none",
        number,
        on="2025-06-10",
        decider=official("YJW-S").pk,
        ground=ground,
        texts={"reasons": "会议纪要记载明确反对"},
    )
    made = extract_of(official(), date(2025, 1, 1), date(2025, 6, 30), date(2025, 7, 1))
    assert [(e.case, e.ground) for e in made.exemptions] == ([(number, ground)] if repeated else [])
    assert (number in made.canonical().decode()) is repeated
    assert json.loads(made.canonical())["exemptions"] == json.loads(
        json.dumps(made.as_data()["exemptions"])
    )


# --- the opinion ----------------------------------------------------------------------------------
def asked(world: World, on: str = "2025-06-10") -> str:
    texts = {"purpose": "任职考察"}
    fields: dict[str, Any] = {"to": world.organ("YJ01"), "cadre": official().pk}
    return world.act(
        "organiser", "ask", kind="personnel_opinion", on=on, texts=texts, **fields
    ).case


@pytest.mark.case("D08")
def test_an_opinion_is_asked_of_a_petition_department_and_kept_from_the_cadre(world: World) -> None:
    with refused("no-petition-office"):
        world.act(
            "organiser",
            "ask",
            kind="personnel_opinion",
            on="2025-06-10",
            texts={"purpose": "任职考察"},
            to=world.organ("YJ02"),
            cadre=official().pk,
        )
    number = asked(world)
    assert [w for w in sorted(world.office.users) if seen(world, w, number)] == [
        "organiser",
        "router",
        "supervisor",
    ]
    with pytest.raises(Refused):
        world.act("organiser", "record_use", number, on="2025-06-11", texts={"weighed": "未听取"})


@pytest.mark.case("D08")
def test_an_opinion_names_days_in_order_and_no_petitioner(world: World) -> None:
    number = asked(world)
    said = {"performance": "按期接访", "in_force": "无"}
    days: dict[str, Any] = {"first": date(2025, 1, 1), "last": date(2025, 6, 10)}
    with refused("days"):
        world.act(
            "router",
            "answer",
            number,
            on="2025-06-11",
            texts=said,
            first=days["last"],
            last=days["first"],
        )
    with refused("particulars"):
        world.act(
            "router",
            "answer",
            number,
            on="2025-06-11",
            texts={**said, "performance": "联系 13800000000"},
            **days,
        )
    world.act("router", "answer", number, on="2025-06-11", texts=said, **days)
    world.act(
        "organiser", "record_use", number, on="2025-06-12", texts={"weighed": "已列入考察材料"}
    )
    assert Case.objects.get(number=number).state == "used"
    opened_texts = [
        open_package(row) for row in Content.objects.filter(case__number=number, data_class="D7")
    ]
    assert {"purpose": "任职考察"} in opened_texts


# --- honours --------------------------------------------------------------------------------------
def ask_honours(world: World, unit: str, year: int, on: str, who: str = "personnel") -> Act:
    done = world.act(
        who,
        "ask",
        kind="honour_query",
        on=on,
        unit=world.organ(unit),
        year=year,
        texts={"award": "示例文明单位"},
    )
    return Act.objects.get(case__number=done.case, act="answer")


def test_area_department_and_unit_are_not_eligible_in_that_year_alone(world: World) -> None:
    number = decided(world, "2025-06-02")
    for unit in ("YJQ", "YJ02"):
        answer = ask_honours(world, unit, 2025, "2025-11-03")
        assert (answer.data["eligible"], answer.data["decisions"]) == (False, [number])
    for unit, year, on in (
        ("YJ02", 2026, "2026-02-03"),
        ("YJ02", 2024, "2025-11-03"),
        ("YJ03", 2025, "2025-11-03"),
    ):
        answer = ask_honours(world, unit, year, on)
        assert answer.data == {"eligible": True}
    assert [(b.as_, b.year) for b in cancelled_by(world.organ("YJW"))] == [
        ("area", 2025),
        ("department", 2025),
        ("unit", 2025),
    ]


def test_the_organ_that_decided_sees_who_asked_and_nobody_else_does(world: World) -> None:
    decided(world, "2025-06-02")
    barred = ask_honours(world, "YJ02", 2025, "2025-06-05").case.number
    free = ask_honours(world, "YJ03", 2025, "2025-06-05").case.number
    assert [w for w in sorted(world.office.users) if seen(world, w, barred)] == [
        "committee",
        "decider",
        "personnel",
    ]
    assert [w for w in sorted(world.office.users) if seen(world, w, free)] == ["personnel"]


def test_a_year_without_such_honours_is_refused_and_nobody_words_the_answer(world: World) -> None:
    for year in (2016, 2026):
        with refused("year"):
            ask_honours(world, "YJ02", year, "2025-06-05")
    assert not Case.objects.filter(kind="honour_query").exists()
    query = ask_honours(world, "YJ02", 2025, "2025-06-05").case.number
    with pytest.raises(Refused):
        world.act("personnel", "answer", query, on="2025-06-05", eligible=False)
