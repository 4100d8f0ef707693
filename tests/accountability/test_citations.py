"""A refusal cites the rule of its own place, and no article of another."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from config.effects import EFFECTS
from dengwen.accountability.measures.refusals import refuse
from dengwen.cases import rulebooks
from dengwen.cases.write import cited_law
from dengwen.law.liability.provisions import in_force
from dengwen.law.packs.library import Library

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = Library.load(ROOT / "packs", EFFECTS)
DAY = date(2025, 3, 10)


@pytest.fixture(autouse=True)
def library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rulebooks, "library", lambda: LIBRARY)


def under(rule: str, place: str, day: date = DAY) -> str:
    error = refuse("no-authority", "x", ("没有权限", "no authority"), ("改", "mend"), under=rule)
    found = cited_law.cited(error, day, place)
    assert type(found) is type(error)
    assert (found.code, found.where, found.mend_zh) == ("no-authority", "x", "改")
    return f"{found.zh} / {found.en}"


def test_the_article_is_that_of_the_place() -> None:
    said = "没有权限（细则第十三条至第十七条） / no authority (S 13–17)"
    assert under("management", "500153") == said
    for place in ("110101", "330106", ""):
        assert under("management", place) == "没有权限 / no authority"
    assert under("management", "500153", date(2017, 5, 22)) == "没有权限 / no authority"


def test_national_law_is_cited_everywhere_and_the_local_rule_beside_it_only_there() -> None:
    assert "细则第十七条" in under("recusal", "500153")
    assert under("recusal", "110101").startswith("没有权限（政务处分法第四十七条）")
    assert "实施办法第十一条第二款" in under("attribution", "110101")


def test_every_rule_a_refusal_names_is_cited_in_the_practice_place() -> None:
    known = in_force(LIBRARY, DAY, "500153").cited
    named: set[str] = set()
    for chapter in ("accountability", "oversight"):
        for file in (ROOT / "dengwen" / chapter).rglob("*.py"):
            named |= set(re.findall(r'under="(\w+)"', file.read_text(encoding="utf-8")))
    assert len(named) > 25
    assert named <= set(known), sorted(named - set(known))
