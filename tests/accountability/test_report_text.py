"""The report of an inquiry and the letter of proposal, word for word from what was found."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.accountability.inquiry import (
    report,
)
from dengwen.law.liability import conduct_words
from dengwen.law.liability.attribution import NONE, RESPONSIBILITIES
from dengwen.law.liability.triggers import REASONS
from tests.accountability.bare_files import CIRCUMSTANCE, CIRCUMSTANCES
from tests.accountability.read_inquiries import HERE, WANG, ZHAO, inquiry, told

NOW = datetime(2025, 3, 18, 4, tzinfo=UTC)
DAY = timedelta(days=1)


def line(responsibility: str, **more: Any) -> Any:
    plain = {
        "notes": (),
        "diligence": None,
        "zh": "据",
        "basis": CIRCUMSTANCE.basis,
        "kind": "collective",
        "official": str(WANG),
    }
    return SimpleNamespace(responsibility=responsibility, **{**plain, **more})


# --- the report -----------------------------------------------------------------------------------
def test_a_report_says_each_fact_with_its_evidence_and_reasons() -> None:
    first = told(finding="shown", evidence=["2", "3"])
    first.texts = {"reasons": "据此"}
    findings = {
        ("t1", "c1"): first,
        ("t9", REASONS): told(finding="cannot"),
        ("t1", "zz"): told(finding="not_shown"),
    }
    lines = report.elements_text(inquiry(findings=findings), CIRCUMSTANCES).splitlines()
    assert lines[0] == "第四十四条　c1：已证明（证据 2、3）。据此"
    assert lines[1] == "t9　书面理由：无法证明（证据 无）。"
    assert lines[2] == "第四十四条　zz：没有证明（证据 无）。"
    assert report.elements_text(inquiry(), CIRCUMSTANCES) == "没有逐项认定"
    assert report.word_of(REASONS, 1) == "written reasons"
    for code_, words in {**conduct_words.CONDUCTS, **conduct_words.ELEMENTS}.items():
        assert report.element_words(code_) == words


def test_a_report_says_each_line_what_was_proposed_and_why_it_was_changed() -> None:
    same = told(responsibility="main", proposed="main")
    changed = told(responsibility=NONE, proposed="main")
    changed.texts = {"reasons": "反对"}
    lines = {(WANG, 4, "collective"): same, (ZHAO, 5, "individual"): changed}
    computed = line("main", notes=(SimpleNamespace(zh="注一"), SimpleNamespace(zh="注二")))
    ground: Any = SimpleNamespace(
        line=lambda official, kind: computed if (official, kind) == (WANG, "collective") else None
    )
    said = report.attribution_text(
        inquiry(lines=lines), CIRCUMSTANCES, {4: ground, 5: ground}, {WANG: "王"}
    ).splitlines()
    main, none = RESPONSIBILITIES["main"][0], RESPONSIBILITIES[NONE][0]
    assert said[0] == f"王　第4项　集体责任：{main}。据（第四十四条）。注一；注二"
    assert said[1] == f"　第5项　个人责任：{none}（系统提出的是{main}，由核查人员改变）。反对"
    gone = report.attribution_text(
        inquiry(lines={(WANG, 9, "collective"): same}), CIRCUMSTANCES, {}, {WANG: "王"}
    )
    assert gone == f"王　第9项　集体责任：{main}"
    assert report.attribution_text(inquiry(), CIRCUMSTANCES, {}, {}) == "没有人员的责任认定"


def test_a_report_says_each_point_of_the_defence_with_its_answer() -> None:
    heard, point, answer = told(), told(stand="partly"), told(result="upheld")
    heard.texts, point.texts, answer.texts = (
        {"statement": "陈述"},
        {"defence": "辩"},
        {"reasons": "因"},
    )
    points = {
        1: SimpleNamespace(number=1, official=WANG, told=point, answer=answer),
        2: SimpleNamespace(number=2, official=ZHAO, told=told(stand="agree"), answer=None),
        3: SimpleNamespace(
            number=3, official=ZHAO, told=told(stand="disagree"), answer=told(result="partly")
        ),
        4: SimpleNamespace(
            number=4, official=ZHAO, told=told(stand="disagree"), answer=told(result="rejected")
        ),
    }
    heard.act, heard.data = "hear", {"official": WANG}
    again, signed = told(), told()
    again.act, again.data, again.texts = "hear", {"official": WANG}, {"statement": "又述"}
    signed.act, signed.data = "sign_hearing", {"official": WANG}
    signed.texts = {"remarks": "第二行有误"}
    said = report.defence_text(
        inquiry(acts=(heard, signed, again), points=points), {WANG: "王"}
    ).splitlines()
    assert said == [
        "王：陈述",
        "王　对笔录的更正、补充：第二行有误",
        "王：又述",
        "第1点　王　部分认可：辩　答复：成立，予以采纳。因",
        "第2点　　认可：　答复：没有答复",
        "第3点　　不认可：　答复：部分成立。",
        "第4点　　不认可：　答复：不成立。",
    ]
    assert report.defence_text(inquiry(), {}) == "没有陈述申辩"


@pytest.mark.parametrize("classed", ["light", "serious", "especially_serious", "", None])
@pytest.mark.parametrize("cited", [True, False])
def test_a_letter_of_proposal_says_what_is_proposed_and_that_others_decide(
    classed: str | None, monkeypatch: pytest.MonkeyPatch, *, cited: bool
) -> None:
    monkeypatch.setattr(report, "circumstances_met", lambda *_: ("t1",))
    monkeypatch.setattr(report, "_organ", lambda pk: f"机关{pk}")
    measures = {"m1": SimpleNamespace(zh="诫勉")}
    said = {"proposes_only": SimpleNamespace(zh="第十七条")} if cited else {}
    today: Any = SimpleNamespace(cited=said, measures=measures)
    gravity = None if classed is None else SimpleNamespace(classed=classed)
    letter = report.proposal_text(
        inquiry(gravity=gravity), CIRCUMSTANCES, today, {"subject_organ": HERE}, ["m1", "gone"]
    )
    lines = letter.splitlines()
    assert lines[0] == "建议追究：机关1"
    assert lines[1] == "符合的情形：情形（第四十四条）"
    assert lines[2] == f"情节：{report.GRAVE[classed or '']}"
    assert lines[3] == "建议的措施：诫勉"
    assert lines[4].endswith("决定（第十七条）。" if cited else "决定。")
    assert len(report.letter_digest(letter)) == 64


def test_a_letter_names_what_a_person_answers_for(db: None) -> None:
    lines = {
        (WANG, 1, "collective"): told(responsibility="main"),
        (WANG, 2, "collective"): told(responsibility="main"),
        (WANG, 3, "individual"): told(responsibility=NONE),
        (ZHAO, 1, "individual"): told(responsibility="direct"),
    }
    assert (
        report._person(inquiry(lines=lines), WANG) == f"（集体责任：{RESPONSIBILITIES['main'][0]}）"
    )
