"""Answers on how to read a rule, entered in this office: shown wherever the rule is explained
(seed art. 19)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from dengwen.editions.as_of import interpretations
from dengwen.law.bilingual import Language, words_in
from dengwen.organs.models import Organ
from dengwen.ui.components import interpretation_text


def answers_on(rules: Collection[str], today: date, language: Language) -> dict[str, list[str]]:
    """Return by rule the answers entered in this office on how to read it, each with its
    question (seed art. 19)."""
    rows = interpretations(rules, today)
    names = _organ_names({row.organ for row in rows}, language) if rows else {}
    found: dict[str, list[str]] = {}
    for row in rows:
        said = interpretation_text(
            names.get(row.organ, ""), row.day, row.question, row.answer, language
        )
        for rule in row.rules:
            found.setdefault(rule, []).append(said)
    return found


def _organ_names(organs: Collection[int], language: Language) -> dict[int, str]:
    """Return the names of organs by row id, in English where there is an English one."""
    rows = Organ.objects.filter(pk__in=organs)
    return {row.pk: words_in((row.name_zh, row.name_en or row.name_zh), language) for row in rows}
