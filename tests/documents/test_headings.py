"""No paper is headed by a word of the program: all that a document of the packs may print has a
heading."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from config.effects import EFFECTS
from dengwen.documents.document_words import DECIDED, wording_of
from dengwen.documents.headings import CONTENTS, OWN_CONTENTS
from dengwen.law.packs.library import Library

PACKS = Path(__file__).resolve().parents[2] / "packs"


def decided(number: str) -> list[str]:
    """Return what a document prints where something was decided on its day."""
    return [name for said in DECIDED.get(number, {}).values() for name in said.contents]


@pytest.mark.parametrize("place", ["", "500153"])
@pytest.mark.parametrize(
    "day", [date(2010, 1, 1), date(2018, 1, 1), date(2023, 1, 1), date(2026, 11, 1)]
)
def test_every_content_of_a_common_paper_has_its_heading(day: date, place: str) -> None:
    library = Library.load(PACKS, EFFECTS)
    book = library.compose(tuple(library.in_force(day, place)))
    documents = [
        rule
        for kind in book.kinds.values()
        for rule in kind.documents.values()
        if rule.layout == "common"
    ]
    assert documents
    lacking = {
        (rule.number, rule.id, name)
        for rule in documents
        for name in (*rule.needs, *wording_of(rule).contents, *decided(rule.number))
        if name not in {**CONTENTS, **OWN_CONTENTS.get(rule.number, {})}
    }
    assert not lacking
