"""Titles this house makes by itself, in English: what people wrote stays in their own words.

Titles are kept as written into the ledger, in Chinese. Only whole titles of a known form are put
into English.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from dengwen.cases import rulebooks
from dengwen.cases.models import Case
from dengwen.law.bilingual import Language

_MADE: Mapping[str, str] = {
    r"集体访 (\d+) 人": "Collective visit, {0} persons",
    r"(\d{4}-\d\d-\d\d) 至 (\d{4}-\d\d-\d\d) 考核": "Assessment, {0} to {1}",
    r"(\d{4}) 年责任台账：(.+)": "Register of duties {0}: {1}",
    r"(\d{4}-\d\d)信访形势分析": "Analysis of petitions, {0}",
    r"(\d{4})年信访情况年度报告": "Annual report on petitions {0}",
}
"""Forms of titles made by pages and effects, and their English."""
_LETTERS = {"督办": "Supervision order", "催办": "Reminder"}
_ABOUT_DUTY = re.compile(r"(督办|催办)：(.+)")


def title_of(case: Case, language: Language) -> str:
    """Return the title of a case; on an English page a title of this house's own making is said
    in English."""
    if language == "zh" or not case.title:
        return case.title
    if found := _ABOUT_DUTY.fullmatch(case.title):
        duty = _duty_named(case, found[2])
        return f"{_LETTERS[found[1]]}: {duty}" if duty else case.title
    for form, words in _MADE.items():
        if made := re.fullmatch(form, case.title):
            return words.format(*made.groups())
    return case.title


def _duty_named(case: Case, name: str) -> str:
    """Return the English name of a duty with this Chinese name, "" where the rules of the case's
    day know none."""
    book = rulebooks.in_force(case.opened_on, case.place, case.opened_at).book
    for kind in book.kinds.values():
        for duty in kind.duties.values():
            if duty.zh == name:
                return duty.en
    return ""
