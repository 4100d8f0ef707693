"""The remedies and periods on paper are those of the packs' clocks."""

from __future__ import annotations

from datetime import date

import pytest

from dengwen.documents.statutory_text import R05, R22, statute_for
from dengwen.law.packs.library import Library
from tests.documents.samples import PACKS

NAMED = [
    (R22, "review", "days", "r22.review.request"),
    (R22, "recheck", "days", "r22.recheck.request"),
    (R22, "duties", "notice", "r22.organ.transferred_notice"),
    (R22, "duties", "objection", "r22.organ.objection"),
    (R05, "review", "days", "r05.review.request"),
    (R05, "recheck", "days", "r05.recheck.request"),
    (R05, "duties", "notice", "r05.organ.transferred_accept"),
]


@pytest.mark.parametrize(("statute", "article", "days", "clock"), NAMED)
def test_numbers_are_those_of_the_clocks(statute, article, days, clock):
    rule, _ = Library.load(PACKS.parent).clocks[clock]
    assert rule.term is not None
    assert (rule.term.amount, rule.basis.law) == (getattr(statute, days), statute.id)
    assert getattr(statute, article).startswith(rule.basis.article.partition("(")[0])
    assert rule.term.unit == ("working" if days == "objection" else "calendar")


def test_basis_decides_before_the_day():
    assert statute_for("R05", date(2026, 1, 1)) is R05
    assert statute_for("V14", date(2022, 4, 30)) is R05
    assert statute_for("V14", date(2022, 5, 1)) is R22
