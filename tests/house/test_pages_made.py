"""Pages made from the packs show what stands in the packs."""

from __future__ import annotations

import pytest

from config.settings import ROOT
from dengwen.law.packs.library import Library
from tools.docs import CHAPTER, CHAPTER_PAGE, CHAPTER_PLACE, chapter, page, term_words, with_diagram


@pytest.fixture(scope="module")
def book():
    library = Library.load(ROOT / "packs")
    return library.rulebook(max(pack.since for pack in library.packs))


def test_each_act_duty_and_clock_is_shown_with_its_article(book):
    text = page(book)
    for kind in book.kinds.values():
        for rule in [*kind.acts.values(), *kind.duties.values()]:
            lines = [
                line for line in text.splitlines() if line.startswith(f"| {rule.zh} `{rule.id}`")
            ]
            assert any(
                rule.basis.cite(book.instruments).replace("|", "\\|") in line for line in lines
            ), rule.id
    for clock in book.clocks:
        assert f"| `{clock}` |" in text


def test_a_duty_without_a_number_in_the_text_gets_none_on_the_page(book):
    without = [clock for clock in book.clocks.values() if clock.mode == "none"]
    assert without
    assert {term_words(clock) for clock in without} == {"条文没有规定天数"}


def test_the_diagram_of_the_chapter_draws_every_state_of_its_procedures():
    library = Library.load(ROOT / "packs")
    whole = library.rulebook(max(pack.since for pack in library.packs), CHAPTER_PLACE)
    drawn = chapter(whole)
    for name in CHAPTER:
        for state in whole.kind(name).states.values():
            assert f'state "{state.zh}" as {name}_{state.id}' in drawn
    assert "accountability_served --> accountability_not_met: 验收：目标没有达到" in drawn
    assert "inquiry --> accountability: 提出" in drawn
    assert with_diagram(CHAPTER_PAGE.read_text("utf-8"), drawn) == CHAPTER_PAGE.read_text("utf-8")
    with pytest.raises(ValueError, match="marks"):
        with_diagram("nothing", drawn)
