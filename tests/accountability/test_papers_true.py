"""What the papers of a decision say, compared with the file: gravity, articles, evidence, appeals,
the addressee; no raw code, no empty sheet, no sealed word."""

from __future__ import annotations

import html
import random
import re
from datetime import date
from typing import Any

import pytest

from dengwen.accountability.inquiry.queries import Inquiry, read_inquiry, refs
from dengwen.accountability.inquiry.report import GRAVE
from dengwen.accountability.measures.decision_words import NO_WAY, appeal_words
from dengwen.accountability.measures.law_question import rules_for
from dengwen.accountability.measures.queries import gravity_of, read_file
from dengwen.cases.models import Act, Case, Document
from dengwen.cases.write.papers.issue import open_body
from dengwen.documents.renderer import shown_day
from dengwen.organs.models import Official, Organ
from tests.accountability.measuring import (
    GRAVEST,
    LIGHT,
    circular,
    decide,
    honours,
    opened,
    opened_on_organ,
    rectified,
    sanctioned,
)
from tests.world import World

RAW = re.compile(
    r"\b(?:S\.\d+\.\d+|R22\.\d+|gov_\w+|unit_\w+|party_\w+|organ_\w+|[a-z]+_[a-z_]+)\b"
)
"""Codes that no paper may print."""
SERIOUS: dict[str, Any] = {"harm": "serious", "influence": "serious"}


def said(paper: Document) -> str:
    """Return the words of a paper without its marks."""
    return html.unescape(re.sub(r"<[^>]+>", "\n", open_body(paper)))


def papers_of(number: str) -> dict[str, str]:
    """Return the papers of a file by the rule that issued them, in words."""
    rows = Document.objects.filter(case__number=number).select_related("act", "case")
    return {row.rule: said(row) for row in rows}


def rests_on(number: str) -> tuple[Act, Inquiry]:
    """Return the newest decision of a file, and what it rests on."""
    file = read_file(Case.objects.get(number=number))
    assert file.decision is not None
    asked = str(file.decision.data.get("inquiry") or file.inquiry)
    case = Case.objects.get(number=asked) if asked else file.case
    return file.decision, read_inquiry(case)


def used(made: Inquiry) -> set[str]:
    """Return the numbers of the evidence that the findings rest on."""
    acts = [*made.findings.values(), *made.lines.values(), *made.gravities[-1:]]
    return {str(number) for told in acts for number in refs(told)}


def told_truly(number: str, rule: str, *, listed: bool) -> str:
    """Read one paper of a decision against its file, and return it."""
    paper = papers_of(number)[rule]
    decision, made = rests_on(number)
    classed = gravity_of(decision.data, "x").classed
    assert GRAVE[classed] in paper
    assert not [words for name, words in GRAVE.items() if name != classed and words in paper]
    assert used(made)
    printed = set(re.findall(r"证据 (\d+)：", paper))
    if listed:
        assert printed == used(made)
    else:
        assert not printed
        (numbers,) = re.findall(r"证据 ([\d、]+)，目录附卷", paper)
        assert set(numbers.split("、")) == used(made)
    assert "实施细则" in paper
    assert RAW.findall(paper) == []
    for word in ("王示例", "示例路1号", "13800000000"):
        assert word not in paper
    return paper


def test_an_admonition_letter_says_what_was_found_and_where_to_appeal(world: World) -> None:
    number = opened(world, gravity=SERIOUS)
    decide(world, number, "admonition", **SERIOUS, **rectified(world), **honours(world))
    paper = told_truly(number, "admonition_letter", listed=True)
    name = Official.objects.get(code="YJ02-Z").name
    assert f"{name}：" in paper.replace("\n", "")
    assert "向作出问责决定的党组织书面申诉" in paper
    assert "自收到本决定之日起" in paper
    assert "期限未核原文" in paper
    assert "第十四条" in paper
    ban = papers_of(number)["honour_ban"]
    for code in ("YJQ", "YJ02"):
        assert Organ.objects.get(code=code).name_zh in ban
    assert RAW.findall(ban) == []


def test_a_circular_names_the_numbers_of_the_evidence_and_not_what_it_is(world: World) -> None:
    number = opened(world)
    circular(world, number)
    paper = told_truly(number, "circular", listed=False)
    assert "第十三条" in paper
    assert shown_day(rectified(world)["deadline"], "zh") in paper


def test_a_circular_on_an_organ_goes_to_its_scope(world: World) -> None:
    number = opened_on_organ(world)
    decide(world, number, "organ_circular", **LIGHT, **rectified(world), scope="system")
    told_truly(number, "organ_circular", listed=False)


def test_an_order_of_self_criticism_goes_to_the_organ_ordered(world: World) -> None:
    number = opened_on_organ(world)
    decide(world, number, "self_criticism", **LIGHT, **rectified(world))
    paper = told_truly(number, "self_criticism_order", listed=True)
    assert f"{Organ.objects.get(code='YJ02').name_zh}：" in paper.replace("\n", "")
    assert "没有见到申诉途径" in paper or "申诉" in paper


@pytest.mark.parametrize("measure", ["gov_warning", "gov_demerit", "gov_major_demerit"])
def test_a_sanction_says_to_whom_and_within_which_period_one_appeals(
    world: World, measure: str
) -> None:
    number = sanctioned(world, measure)
    paper = told_truly(number, "sanction_decision", listed=True)
    assert "向作出决定的监察机关申请复审" in paper
    assert "一个月" in paper or "1 个月" in paper
    assert "申诉期间不停止执行，不因申诉加重（《公职人员政务处分法》第五十六条）" in paper


@pytest.mark.parametrize("status", ["civil_servant", "other"])
def test_that_nothing_is_suspended_is_said_of_ways_with_that_article_alone(
    world: World, status: str
) -> None:
    rules = rules_for(date(2025, 4, 1), "500199")

    def ways(measure: str) -> str:
        return appeal_words(rules.measures[measure], status, rules, date(2025, 4, 1))

    for party_way in ("circular", "admonition", "party_warning", "suspension"):
        assert "申诉" in ways(party_way)
        assert "不停止执行" not in ways(party_way)
    assert ways("organ_circular") == NO_WAY
    lines = ways("removal").split("\n")
    said = [line for line in lines if "不停止执行" in line]
    assert len(said) == (status == "civil_servant")
    assert all("《公务员法》第九十六条" in line for line in said)


def test_removal_names_the_treatment_of_the_gravest(world: World) -> None:
    number = opened(world, gravity=GRAVEST)
    decide(world, number, "removal", **GRAVEST)
    paper = told_truly(number, "treatment_decision", listed=True)
    assert "公务员法" in paper


@pytest.mark.parametrize("seed", range(4))
def test_random_files_and_their_papers_agree(world: World, seed: int) -> None:
    draw = random.Random(seed)
    gravity = draw.choice([LIGHT, SERIOUS, GRAVEST])
    found = GRAVEST if gravity is LIGHT else gravity
    number = opened(world, gravity=found, on=draw.choice(["2025-03-03", "2025-03-17"]))
    deadline = date(2025, draw.randint(5, 12), draw.randint(1, 28))
    if gravity is LIGHT:
        circular(world, number, deadline=deadline)
        told_truly(number, "circular", listed=False)
    elif gravity is SERIOUS:
        decide(world, number, "admonition", **gravity, **rectified(world), **honours(world))
        told_truly(number, "admonition_letter", listed=True)
    else:
        decide(world, number, "demotion", **gravity)
        told_truly(number, "treatment_decision", listed=True)


def test_the_report_states_the_gravity_that_was_found(world: World) -> None:
    opened(world, gravity=SERIOUS)
    report = said(Document.objects.select_related("act", "case").get(rule="inquiry_report"))
    assert GRAVE["serious"] in report
    assert RAW.findall(report) == []
