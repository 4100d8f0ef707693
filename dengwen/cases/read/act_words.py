"""What an act carries beside its texts, as a reader of the history reads it: a label and a value
for each field."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from dengwen.cases.read.liability_words import liability_words
from dengwen.cases.read.register_words import in_words
from dengwen.law.bilingual import Language, headline
from dengwen.law.duties.act_record import ActRecord
from dengwen.law.duties.step import FieldValue
from dengwen.law.packs.rules import ActRule, FieldRule, KindRule
from dengwen.law.packs.vocabulary import SHOWN
from dengwen.organs.models import Official
from dengwen.ui import dates

UNSAID = frozenset({"digest", "act"})
"""Field types whose values say nothing to a reader of the history."""


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
    sep, colon = ("；", "：") if language == "zh" else ("; ", ": ")
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
        shown.append(label if value is True else f"{label}{colon}{words}")
    return sep.join(shown)


def _value(
    field: FieldRule, value: FieldValue, organs: Mapping[int, str], language: Language
) -> str:
    chosen: Collection[object] = value if isinstance(value, tuple) else (value,)
    if field.type == "digests":
        return str(len(chosen))
    words = []
    for one in chosen:
        if field.type in ("organ", "organs") and isinstance(one, int):
            words.append(organs.get(one, str(one)))
        elif field.type == "official":
            words.append(
                Official.objects.filter(pk=str(one)).values_list("name", flat=True).first()
                or str(one)
            )
        elif str(one) in field.option_names:
            words.append(field.option_names[str(one)][0 if language == "zh" else 1])
        else:
            words.append(dates.numeric(one, language) if isinstance(one, date) else str(one))
    return ("、" if language == "zh" else ", ").join(words)
