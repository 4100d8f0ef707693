"""The papers of decided measures, in the words of the decision."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.accountability.measures import (
    decision_words,
    measure_papers,
    queries,
)
from dengwen.law.duties.step import Step
from tests.accountability.bare_files import (
    ADMONITION,
    CIRCULAR,
    DISMISSAL,
    FACTS,
    NOW,
    PARTY,
    RULES,
    TODAY,
    WARNING,
    account_file,
    measure,
)
from tests.accountability.read_inquiries import HERE, WANG

DAY = timedelta(days=1)


# --- papers ---------------------------------------------------------------------------------------
def test_an_admonition_cancels_the_honours_of_its_year() -> None:
    asked = Step(
        act="decide",
        fields={"area": 1, "unit": 3, "other": 4},
        texts={"reasons": "因"},
        occurred_at=NOW,
    )
    assert measure_papers.honours_cancelled(asked, [CIRCULAR], FACTS) == []
    (found,) = measure_papers.honours_cancelled(asked, [CIRCULAR, ADMONITION], FACTS)
    assert found.fields == {"area": 1, "unit": 3, "year": 2025, "until": date(2025, 12, 31)}
    assert (found.act, found.texts, found.occurred_at) == ("cancel_honours", {"reasons": "因"}, NOW)


def test_a_paper_says_what_it_is_asked_and_the_decision_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(measure_papers, "_until", lambda *_: "2025-09-18")
    monkeypatch.setattr(measure_papers, "_ways", lambda *_: [])
    monkeypatch.setattr(measure_papers, "_person", lambda *_: "王，局长")
    asked = Step(
        act="decide",
        fields={
            "deadline": TODAY,
            "scope": "organ",
            "rectifier": 4,
            "circulated_to": ("A",),
            "other": 1,
        },
    )

    def fields(*names: str, official: int | None = WANG) -> dict[str, Any]:
        decision = measure_papers.Decision(asked, account_file(official=official), FACTS, RULES)
        return measure_papers._fields(decision, ADMONITION, frozenset(names))

    bare = fields()
    assert bare == {
        "measure": "admonition",
        "subject_official": WANG,
        "deadline": TODAY,
        "scope": "organ",
        "rectifier": 4,
        "circulated_to": ("A",),
    }
    assert "subject_official" not in fields(official=None)
    assert fields("period")["period"] == "2025-09-18"
    assert fields("appeal_route")["appeal_route"] == decision_words.NO_WAY
    assert fields("person")["person"] == "王，局长"
    monkeypatch.setattr(measure_papers, "_ways", lambda *_: ["复审", "复核"])
    assert fields("appeal_route")["appeal_route"] == "复审；复核"


@pytest.mark.parametrize(
    ("longest", "said"),
    [(None, "—"), (SimpleNamespace(last=None), "—"), (SimpleNamespace(last=TODAY), "2025-03-18")],
)
def test_a_period_is_the_longest_influence(
    longest: Any, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    period = SimpleNamespace(influences=lambda *_: [], longest=lambda _effects: longest)
    monkeypatch.setattr(measure_papers, "influence_period", period)
    assert measure_papers._until(ADMONITION, TODAY, RULES, 0) == said


@pytest.mark.parametrize(
    ("rule", "act"),
    [
        (measure("self_criticism"), "order_self_criticism"),
        (measure("organ_circular"), "issue_organ_circular"),
        (measure("circular"), "issue_circular"),
        (measure("admonition"), "issue_admonition"),
        (measure("transfer"), "issue_treatment"),
        (WARNING, "issue_sanction"),
        (DISMISSAL, "issue_sanction"),
        (PARTY, "issue_party_decision"),
        (measure("reorganise", "organ"), "issue_party_decision"),
    ],
)
def test_each_measure_gets_its_own_paper(
    rule: Any, act: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measure_papers, "_asked", lambda *_: frozenset({"measure", "goal"}))
    asked = Step(act="decide", texts={"goal": "整改", "note": "内部"}, occurred_at=NOW)
    paper = measure_papers.paper_of(
        measure_papers.Decision(asked, account_file(), FACTS, RULES), rule
    )
    assert (paper.act, paper.fields, paper.texts) == (act, {"measure": rule.id}, {"goal": "整改"})
    assert act in queries.ISSUED
    assert (paper.case, paper.organ, paper.occurred_at) == ("F1", HERE, NOW)
