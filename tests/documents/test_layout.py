"""The common layout written out is the page that `common.html` makes, byte for byte."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from dengwen.documents.renderer import (
    COMMON,
    LANGUAGES,
    Paper,
    from_template,
    printable,
    render,
)
from dengwen.law.bilingual import Language
from dengwen.law.packs.rules import DocumentRule
from tests.documents.samples import CASE, DAY, RULES, VALUES

STRANGE = "<b>\"'&</b>\u202e甲\r\n\r\n  乙 {case} \n"
KEYS = sorted(key for key, rule in RULES.items() if rule.layout == COMMON)


def paper(
    rule: DocumentRule, language: Language, *, practice: bool, values: dict[str, str]
) -> Paper:
    return Paper(
        rule=rule,
        number="云信访受〔2026〕1号",
        organ="云岭市信访局<i>",
        day=DAY,
        case_number=CASE,
        basis="《信访工作条例》（第二十三条）",
        language=language,
        practice=practice,
        values=printable(rule, values, language),
    )


@pytest.mark.parametrize("key", KEYS)
def test_both_ways_make_one_page(key: str) -> None:
    rule = RULES[key]
    strange = {name: f"{text}{STRANGE}" for name, text in VALUES.items()}
    for language, practice, values in product(LANGUAGES, (True, False), (VALUES, strange, {})):
        made = paper(rule, language, practice=practice, values=values)
        assert render(made) == from_template(made), (key, language, practice)


def test_without_a_basis_as_well() -> None:
    made = replace(paper(RULES[KEYS[0]], "zh", practice=False, values=VALUES), basis="")
    assert "依据：" not in render(made)
    assert render(made) == from_template(made)
