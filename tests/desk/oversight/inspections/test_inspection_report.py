"""Answers and the report: findings, the list, the scope of the circular, what comes along."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from dengwen.cases.models import Act, Case, Document
from dengwen.cases.write.papers.issue import open_body
from dengwen.oversight.inspections.queries import read_inspection
from tests.desk.oversight.inspections.sample_inspection import START, drawn, sit, text
from tests.world import World

NOTED = {"item-1": "no", "item-2": "yes", "reply": "poor"}


def test_from_the_pack_to_the_report(world: World, now: Any) -> None:
    now("2025-06-04")
    number = drawn(world)
    path = f"/desk/oversight/inspections/{number}"
    first, second = read_inspection(Case.objects.get(number=number)).drawn
    the_pack_names_the_cases_and_nobody(path, first, second)
    the_checklist_wants_proof_and_leads_on(path, first, second)
    world.act("supervisor", "send_findings", number, on="2025-06-05", texts={"summary": "一项不符"})
    now("2025-06-06")
    the_organ_answers(path)
    the_report_wants_a_scope(world, path)
    assert Case.objects.get(number=number).state == "concluded"
    assert "2025-07-07" in text(sit("handler"), f"{path}/")
    assert "1 / " in text(sit("supervisor"), "/desk/oversight/inspections/")


def the_pack_names_the_cases_and_nobody(path: str, *cases: str) -> None:
    inspector = sit("supervisor")
    answer = inspector.post(f"{path}/pack/", {"return_by": "2025-06-12"})
    pack = text(inspector, answer["Location"])
    assert all(number in pack for number in cases)
    assert "王示例" not in pack
    assert "13800000000" not in pack
    assert sit("handler").get(answer["Location"]).status_code == 404


def the_checklist_wants_proof_and_leads_on(path: str, first: str, second: str) -> None:
    inspector = sit("supervisor")
    case = f"{path}/case/{first}/"
    assert sit("handler").get(case).status_code == 404
    assert inspector.post(case, NOTED).status_code == 422
    noted = inspector.post(case, {**NOTED, "remarks": "没有告知书"})
    assert noted["Location"] == f"{path}/case/{second}/"
    last = inspector.post(f"{path}/case/{second}/", {"item-1": "yes", "item-2": "na"})
    assert last["Location"] == f"{path}/"


def the_organ_answers(path: str) -> None:
    answers = {"stand-1-1": "partly", "answer-1-1": "当面告知过", "answer-all": ""}
    assert sit("handler").post(f"{path}/answers/", {}).status_code == 422
    assert sit("handler").post(f"{path}/answers/", answers).status_code == 302
    page = text(sit("supervisor"), f"{path}/report/")
    assert "没有告知书" in page
    assert "当面告知过" in page


def the_report_wants_a_scope(world: World, path: str) -> None:
    inspector = sit("supervisor")
    report = {
        "what-1-1": "没有告知书",
        "owner-1-1": world.organ("YJ02"),
        "until-1-1": "2025-07-07",
        "findings": "一项",
    }
    assert inspector.post(f"{path}/report/", report).status_code == 422
    assert not Act.objects.filter(act="list_finding").exists()
    scoped = {**report, "circular_scope": "inspected"}
    assert inspector.post(f"{path}/report/", scoped).status_code == 302


def test_the_answer_stands_beside_its_finding_and_the_circular_says_its_scope(
    world: World, now: Any
) -> None:
    now("2025-06-04")
    number = drawn(world)
    first, second = read_inspection(Case.objects.get(number=number)).drawn
    inspector, path = sit("supervisor"), f"/desk/oversight/inspections/{number}/"
    inspector.post(
        f"{path}case/{first}/", {"item-1": "no", "item-2": "yes", "remarks": "没有告知书"}
    )
    page = text(inspector, path)
    assert f"/call/{first}/" not in page  # who examined it does not call
    assert f"/call/{second}/" in page
    inspector.post(f"{path}case/{second}/", {"item-1": "yes", "item-2": "na"})
    world.act("supervisor", "send_findings", number, on="2025-06-05", texts={"summary": "一项不符"})
    now("2025-06-06")
    sit("handler").post(
        f"{path}answers/",
        {"stand-1-1": "partly", "answer-1-1": "当面告知过", "answer-all": "已开会"},
    )
    row = next(
        r
        for r in re.findall(r"<tr>.*?</tr>", text(inspector, path), re.DOTALL)
        if "当面告知过" in r
    )
    assert all(words in row for words in (first, "是否告知", "没有告知书", "部分认可"))
    inspector.post(f"{path}report/", {"findings": "一项", "circular_scope": "inspected"})
    page = text(sit("handler"), path)
    assert "被督查的机关、单位</dd>" in page
    assert "2025-06-06" in page.split("结论和通报", 1)[1]


def test_other_scope_is_written_and_stands_on_page_and_circular(world: World, now: Any) -> None:
    now("2025-06-04")
    number = drawn(world)
    inspector, path = sit("supervisor"), f"/desk/oversight/inspections/{number}/"
    for one in read_inspection(Case.objects.get(number=number)).drawn:
        inspector.post(f"{path}case/{one}/", {"item-1": "yes", "item-2": "na"})
    world.act("supervisor", "send_findings", number, on="2025-06-05", texts={"summary": "没有"})
    world.act(
        "handler",
        "answer_finding",
        number,
        on="2025-06-05",
        stand="agree",
        texts={"answer": "认可"},
    )
    now("2025-06-06")
    report = {"findings": "没有问题", "circular_scope": "other"}
    refused = inspector.post(f"{path}report/", report)
    assert (refused.status_code, "写明通报范围" in refused.content.decode()) == (422, True)
    assert (
        inspector.post(f"{path}report/", {**report, "scope_text": "区属各医院"}).status_code == 302
    )
    assert "区属各医院" in text(inspector, path)
    circular = Document.objects.get(case__number=number, rule="inspection_circular")
    assert "区属各医院" in open_body(circular)


def test_what_was_left_open_meanwhile_comes_along_with_the_report(world: World, now: Any) -> None:
    now("2025-06-04")
    given: dict[str, Any] = {
        "type": "prompt",
        "to": world.organ("YJ02"),
        "texts": {"subject": "一件要事"},
    }
    earlier = world.act("supervisor", "plan", kind="inspection", on=START, **given).case
    end: dict[str, Any] = {
        "type": "prompt",
        "circular_scope": "inspected",
        "texts": {"findings": "一项"},
    }
    world.act("supervisor", "conclude", earlier, on=START, **end)
    number = drawn(world)
    listed: dict[str, Any] = {"line": 1, "owner": world.organ("YJ02"), "until": date(2025, 7, 1)}
    world.act(
        "supervisor",
        "list_finding",
        earlier,
        on="2025-06-04",
        texts={"what": "没有告知书"},
        **listed,
    )
    inspector, path = sit("supervisor"), f"/desk/oversight/inspections/{number}/"
    for one in read_inspection(Case.objects.get(number=number)).drawn:
        inspector.post(f"{path}case/{one}/", {"item-1": "yes", "item-2": "na"})
    world.act("supervisor", "send_findings", number, on="2025-06-05", texts={"summary": "没有"})
    world.act(
        "handler",
        "answer_finding",
        number,
        on="2025-06-05",
        stand="agree",
        texts={"answer": "认可"},
    )
    now("2025-06-06")
    assert "没有告知书" in text(inspector, f"{path}report/")
    assert (
        inspector.post(
            f"{path}report/", {"findings": "无", "circular_scope": "inspected"}
        ).status_code
        == 302
    )
    assert read_inspection(Case.objects.get(number=number)).lines[1].what == "没有告知书"
    assert read_inspection(Case.objects.get(number=earlier)).lines[1].carried == number
