"""The section `[[border]]` of a scenario file: which values a field takes, and which it refuses.

    [[border]]
    zh = "指定的期限不早于行为当天"
    fields = ["petition.assign.deadline", "petition.pass_on.deadline"]
    on = 2025-03-03
    takes = [2025-03-03]
    refuses = [2025-03-02]

`facts` are those of the case, `also` the other fields of the step; `asked = true` says that the
field may not be left out then, `false` that it may; `kept = true` that what it says becomes a fact
of the case, which later conditions, the wall and reports read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from dengwen.law.duties.act_record import CaseView
from dengwen.law.duties.step import FieldValue
from dengwen.law.duties.step_fields import field_refusals
from dengwen.law.packs.library import Library, Rulebook
from dengwen.law.packs.rules import ActRule
from dengwen.law.packs.vocabulary import TEXT_TYPES

MISSING = "missing-field"
"""The code by which a field that was left out is refused."""


def run_borders(library: Library, entry: Mapping[str, Any]) -> Iterator[str]:
    """Yield each value that a field should take and refuses, or should refuse and takes."""
    book = library.rulebook(entry["on"], entry.get("place", ""))
    for name in entry["fields"]:
        for wrong in _wrong(book, name, entry):
            yield f"{name}: {wrong}"


def _wrong(book: Rulebook, name: str, entry: Mapping[str, Any]) -> Iterator[str]:
    kind, act, field = name.split(".")
    rule = book.kind(kind).acts[act]
    view = CaseView(kind)
    view.facts.update({fact: str(value) for fact, value in entry.get("facts", {}).items()})
    also = entry.get("also", {})

    def codes(given: Mapping[str, Any]) -> set[str]:
        return _refused_for(rule, view, field, given, entry["on"])

    for value in entry.get("takes", ()):
        if codes({**also, field: value}):
            yield f"应当接受 {value} / should take it"
    for value in entry.get("refuses", ()):
        if not codes({**also, field: value}):
            yield f"应当拒绝 {value} / should refuse it"
    declared = rule.field_rule(field)
    if "kept" in entry and (declared is not None and declared.fact) != entry["kept"]:
        yield "是否成为本件的情况不符 / whether it becomes a fact is otherwise"
    if "asked" in entry and (MISSING in codes(also)) != entry["asked"]:
        yield "不填写的处理不符 / left out, it should be otherwise"


def _refused_for(
    rule: ActRule, view: CaseView, name: str, given: Mapping[str, Any], day: date
) -> set[str]:
    """Return the codes by which a step with these fields is refused for one of them."""
    texts: dict[str, str] = {}
    fields: dict[str, FieldValue] = {}
    for key, one in given.items():
        declared = rule.field_rule(key)
        if declared is not None and declared.type in TEXT_TYPES:
            texts[key] = one
        else:
            fields[key] = tuple(one) if isinstance(one, list) else one
    found = field_refusals(rule, view, fields, texts, day)
    return {refusal.code for refusal in found if refusal.field == name}
