"""Editions and places laid over each other; explanations, differences and coverage read from the
result."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dengwen.law.bilingual import Language
from dengwen.law.duties.explanation import explain, trace_text
from dengwen.law.packs import coverage
from dengwen.law.packs.difference import differences
from dengwen.law.packs.rules import Basis, article_zh
from dengwen.law.scenarios.scenario import Outcome
from tests.law.stage import LIBRARY, PACKS, Played

TODAY = date(2025, 3, 3)


def test_a_place_adds_its_rules_and_leaves_other_places_alone() -> None:
    beijing, elsewhere = LIBRARY.rulebook(TODAY, "110105"), LIBRARY.rulebook(TODAY, "500101")
    assert "extend" in beijing.kinds["review"].acts
    assert "extend" not in elsewhere.kinds["review"].acts
    assert beijing.digest != elsewhere.digest


def test_an_amended_entry_keeps_its_basis_and_its_clock() -> None:
    rule = LIBRARY.rulebook(TODAY, "110105").kinds["review"].duties["review_decide"]
    assert (rule.basis.law, rule.clock.id, rule.clock.edition) == (
        "R22",
        "r22.review.decide",
        "2022",
    )
    assert rule.clock.extension is not None
    assert rule.clock.extension.basis == Basis("BJ", "50")
    national = LIBRARY.rulebook(TODAY).kinds["review"].duties["review_decide"]
    assert national.clock.extension is None


def test_additions_follow_what_stands() -> None:
    duty = LIBRARY.rulebook(TODAY).kinds["petition"].duties["notify_transferred"]
    assert duty.closes[0] == "accept"
    assert duty.closes[-1] == "accept_simple"


@pytest.mark.parametrize(
    ("day", "national", "simplified"),
    [
        (date(2022, 4, 30), "national/2005-05-01", "simplified/2016-07-09"),
        (date(2022, 5, 1), "national/2022-05-01", "simplified/2016-07-09"),
        (date(2022, 7, 16), "national/2022-05-01", "simplified/2016-07-09"),
        (date(2022, 7, 17), "national/2022-05-01", "simplified/2022-07-17"),
        (date(2016, 7, 8), "national/2005-05-01", ""),
    ],
)
def test_the_editions_of_a_day(day: date, national: str, simplified: str) -> None:
    packs = LIBRARY.rulebook(day).packs
    assert [p for p in packs if p.startswith("national/")] == [national]
    assert [p for p in packs if p.startswith("simplified/")] == ([simplified] if simplified else [])


def test_acts_every_kind_knows_stand_in_every_kind() -> None:
    for kind in LIBRARY.rulebook(TODAY).kinds.values():
        assert {"breach", "lapse", "correct", "note", "link"} <= kind.acts.keys()


def test_the_difference_of_two_editions_names_what_is_new_gone_and_changed() -> None:
    packs = {p.id: p for p in LIBRARY.packs}
    changes = differences(packs["national/2005-05-01"], packs["national/2022-05-01"])
    new = {c.entry for c in changes if c.before is None and not c.key}
    assert {"petition.act object", "petition.act settle", "petition.duty object"} <= new
    assert any(
        c.entry == "petition.duty handle"
        and c.key == "clock"
        and c.after == "r22.handle.petition_procedure"
        for c in changes
    )
    assert differences(packs["national/2022-05-01"], packs["national/2022-05-01"]) == []
    assert all(c.line() for c in changes)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_duty_explains_itself(language: Language) -> None:
    case = Played().do("register", "2025-09-18", channel="letter", office="petition_office")
    told = explain(case.duty("sort"), case.book(case.acts[0].rules), language)
    assert told.statutory
    assert told.verified
    assert told.otherwise
    assert "2025-10-09" in trace_text(case.duty("sort").counted.trace, language)  # type: ignore[union-attr]
    assert ("第二十二条第一款" in told.article) == (language == "zh")


def test_a_duty_without_a_number_is_not_called_statutory() -> None:
    case = Played().do(
        "register", "2025-03-03", channel="letter", office="petition_office", urgent=True
    )
    assert not explain(case.duty("urgent_report"), case.book(case.acts[0].rules)).statutory


def test_citations_read_as_people_write_them() -> None:
    instruments = LIBRARY.rulebook(TODAY).instruments
    assert Basis("R22", "23(3)").cite(instruments) == "《信访工作条例》第二十三条第三款"
    assert Basis("R22", "31(6)").cite(instruments) == "《信访工作条例》第三十一条第（六）项"
    assert (
        Basis("R22", "22(1)(3)").cite(instruments) == "《信访工作条例》第二十二条第一款第（三）项"
    )
    assert (
        Basis("ALL", "行政诉讼法 (2017) art. 47").cite(instruments)
        == "行政诉讼法 (2017) 第四十七条"
    )
    assert (
        Basis("E22", "国信办发〔2022〕17号", verified=False).cite(instruments)
        == "国信办发〔2022〕17号（未核原文）"
    )
    assert article_zh("10") == "第十条"


def test_a_case_is_covered_only_by_what_passed(tmp_path: Path) -> None:
    good, bad = Outcome("a.toml", "甲", ("A01",), ()), Outcome("b.toml", "乙", ("A02",), ("错",))
    lines = {
        line.id: line
        for line in coverage.case_lines(PACKS, [good, bad], {"tests/x.py::y": ["A03"]})
    }
    assert lines["A01"].covered
    assert not lines["A02"].covered
    assert lines["A03"].tests == ("tests/x.py::y",)
    assert "A02" in coverage.missing(lines.values())
    (tmp_path / coverage.CASES_FILE).write_text(
        '[[case]]\nid = "E01"\n[[case]]\nid = "E02"\nowed = true\n'
    )
    assert coverage.missing(coverage.case_lines(tmp_path, [], {})) == ["E02"]
    assert "A01" not in coverage.missing(lines.values())
