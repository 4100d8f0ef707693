"""What an act carries beside its texts, as a reader of the history reads it: a label and a value
for each field."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from dengwen.cases.read.liability_words import BETWEEN_WORDS, liability_words
from dengwen.cases.read.register_words import in_words
from dengwen.law.bilingual import Language, headline, words_in
from dengwen.law.duties.act_record import ActRecord
from dengwen.law.duties.step import FieldValue
from dengwen.law.packs.rules import ActRule, FieldRule, KindRule
from dengwen.law.packs.vocabulary import SHOWN
from dengwen.organs.models import Official
from dengwen.ui import dates

UNSAID = frozenset({"digest", "act"})
"""Field types whose values say nothing to a reader of the history."""
BETWEEN_SENTENCES = ("；", "; ")
"""What stands between the sentences of a remark, in Chinese and in English."""


def field_notes(
    kind: KindRule,
    rule: ActRule,
    record: ActRecord,
    organs: Mapping[int, str],
    place: str,
    language: Language,
) -> str:
    """Return the fields of an act in words; `organs` are names by row id, `place` says whose
    rules name the ids."""
    shown = []
    for field in rule.fields:
        value = record.data.get(field.name)
        if value is None or value is False or field.type in UNSAID or field.name == SHOWN:
            continue
        label = headline(field, language)
        if field.type == "digests":
            label = label.removesuffix("的摘要").removeprefix("Digests of the ")
        words = (
            in_words(kind, field, value, language)
            or liability_words(kind, field, value, record.day, place, language)
            or _value(field, value, organs, language)
        )
        said = words_in((f"{label}：{words}", f"{label}: {words}"), language)
        shown.append(label if value is True else said)
    return words_in(BETWEEN_SENTENCES, language).join(shown)


def _value(
    field: FieldRule, value: FieldValue, organs: Mapping[int, str], language: Language
) -> str:
    """Return the value of a field as people read it."""
    chosen: Collection[object] = value if isinstance(value, tuple) else (value,)
    if field.type == "digests":
        return str(len(chosen))
    words = [_single(field, one, organs, language) for one in chosen]
    return words_in(BETWEEN_WORDS, language).join(words)


def _single(field: FieldRule, value: object, organs: Mapping[int, str], language: Language) -> str:
    """Return one of the values of a field: organs and officials by name, options in their words,
    days as dates."""
    text = str(value)
    if field.type in ("organ", "organs") and isinstance(value, int):
        return organs.get(value, text)
    if field.type == "official":
        official = Official.objects.filter(pk=text)
        return official.values_list("name", flat=True).first() or text
    if text in field.option_names:
        return words_in(field.option_names[text], language)
    return dates.numeric(value, language) if isinstance(value, date) else text
