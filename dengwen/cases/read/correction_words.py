"""A correction in words: the field that was corrected by its name, codes as people read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from dengwen.cases import rulebooks
from dengwen.cases.read.named_rows import OF_ROWS, names_of_rows
from dengwen.law.bilingual import Language, headline, words_in
from dengwen.law.duties.act_record import CORRECT, OCCURRED, ActRecord, fact_text
from dengwen.law.duties.step import FieldValue
from dengwen.law.packs.rules import FieldRule
from dengwen.law.packs.vocabulary import NOT_CORRECTED

FIELD, TARGET = "field", "target"
VALUES = ("old", "new")
WHEN = ("发生时间", "when it happened")


def correction_in_words(
    record: ActRecord, records: Sequence[ActRecord], kind: str, language: Language
) -> ActRecord:
    """Return a correction with its field and its values in words; any other act as it is."""
    if record.act != CORRECT:
        return record
    name = record.data.get(FIELD)
    data: dict[str, FieldValue] = dict(record.data)
    if name == OCCURRED:
        return replace(record, data={**data, FIELD: headline(WHEN, language)})
    declared = corrected_field(records, kind, record.data.get(TARGET), str(name))
    if declared is None:
        return record
    data[FIELD] = headline(declared, language)
    for value in VALUES:
        if value not in data:
            continue
        pair = declared.option_names.get(str(data[value]))
        if pair is not None:
            data[value] = words_in(pair, language)
        elif declared.type in OF_ROWS:
            data[value] = names_of_rows(declared, fact_text(data[value]), language)
    return replace(record, data=data)


def corrected_field(
    records: Sequence[ActRecord], kind: str, target: object, name: str
) -> FieldRule | None:
    """Return the field that a correction is about: that of the act it names, None where there is
    none."""
    act = next((act for act in records if act.id == target), None)
    return _declared(act, name, kind) if act is not None else None


def _declared(act: ActRecord, name: str, kind: str) -> FieldRule | None:
    """Return a field of an act, by the rules that judged it."""
    rule = rulebooks.by_row(act.rules).kind(kind).acts.get(act.act)
    return rule.field_rule(name) if rule is not None else None


def correctable(records: Sequence[ActRecord], kind: str) -> Mapping[str, tuple[str, str]]:
    """Return the fields of the acts of a case that a correction can name, with their names: what
    an act said, never its texts."""
    found: dict[str, tuple[str, str]] = {OCCURRED: WHEN}
    for record in records:
        rule = rulebooks.by_row(record.rules).kind(kind).acts.get(record.act)
        for declared in rule.fields if rule is not None and record.act != CORRECT else ():
            if declared.name in record.data and declared.type not in NOT_CORRECTED:
                found.setdefault(declared.name, (declared.zh, declared.en))
    return found
