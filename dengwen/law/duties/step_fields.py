"""The fields of a step as a whole: missing, unknown, not allowed, or over a cap of the law."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from dengwen.law.duties import recurrence
from dengwen.law.duties.act_record import (
    CaseView,
    DutyView,
    Refusal,
    fact_text,
    refusal_under,
)
from dengwen.law.duties.blank_text import is_blank
from dengwen.law.duties.field_values import names_of, neighbour_refusal, value_refusal
from dengwen.law.duties.step import FieldValue
from dengwen.law.packs.rules import ActRule, Cap, Extension, FieldRule
from dengwen.law.packs.vocabulary import TEXT_TYPES


def field_refusals(
    rule: ActRule,
    view: CaseView,
    fields: Mapping[str, FieldValue],
    texts: Mapping[str, str],
    day: date,
) -> list[Refusal]:
    """Return what is wrong with the fields of a step: missing, unknown, of a wrong type, over a
    cap."""
    found = _unknown_fields(rule, fields, texts)
    for field in rule.fields:
        value = _given(field, fields, texts)
        if value is None:
            if _is_needed(field, view, fields):
                found.append(_missing(rule, field))
            continue
        refusal = value_refusal(rule, field, value, day)
        refusal = refusal or neighbour_refusal(rule, field, value, view, fields)
        if refusal is not None:
            found.append(refusal)
    found += _over_caps(rule, view, fields)
    found += _over_extensions(rule, view, fields)
    if view.kind == recurrence.REGISTER:
        found += recurrence.refusals(rule, view, fields)
    found += _unconfirmed(rule, view, fields)
    found += _about_another(rule, view, fields)
    return found


def value_refusals(
    rule: ActRule, view: CaseView, data: Mapping[str, FieldValue], name: str, day: date
) -> list[Refusal]:
    """Return what is wrong with one field of `data` of an act, as if it were given anew on
    `day`."""
    field = rule.field_rule(name)
    if field is None:
        return []
    refusal = value_refusal(rule, field, data[name], day)
    if refusal is None and not field.stands:
        refusal = neighbour_refusal(rule, field, data[name], view, data)
    capped = [cap for cap in _over_caps(rule, view, data) if cap.field == name]
    return capped if refusal is None else [refusal, *capped]


def _unknown_fields(
    rule: ActRule, fields: Mapping[str, FieldValue], texts: Mapping[str, str]
) -> list[Refusal]:
    declared = {field.name for field in rule.fields}
    return [
        refusal_under(
            rule,
            "unknown-field",
            f"“{rule.zh}”没有“{name}”这一项",
            f"“{rule.en}” has no field “{name}”",
            name,
        )
        for name in (*fields, *texts)
        if name not in declared
    ]


def _given(
    field: FieldRule, fields: Mapping[str, FieldValue], texts: Mapping[str, str]
) -> FieldValue | None:
    """Return the value a step gives for a field; None where it gives none, or a blank one."""
    source: Mapping[str, FieldValue] = texts if field.type in TEXT_TYPES else fields
    value = source.get(field.name)
    if value in ("", ()) or (isinstance(value, str) and is_blank(value)):
        return None
    return value


def _is_needed(field: FieldRule, view: CaseView, fields: Mapping[str, FieldValue]) -> bool:
    """Say whether a field must be filled in, always or for a case whose facts are these."""
    if field.required or not field.needed_if:
        return field.required
    return _holds(field.needed_if, _facts_after(view, fields))


def _missing(rule: ActRule, field: FieldRule) -> Refusal:
    zh, en = f"请填写“{field.zh}”", f"please fill in “{field.en}”"
    return refusal_under(rule, "missing-field", zh, en, field.name)


def _unconfirmed(rule: ActRule, view: CaseView, fields: Mapping[str, FieldValue]) -> list[Refusal]:
    """Refuse what the act wants confirmed and the step does not confirm."""
    found: list[Refusal] = []
    if view.meets_any(rule.must_be_unless):
        return found
    for name in rule.must_be:
        if fields.get(name) is True:
            continue
        zh, en = names_of(rule, name)
        found.append(
            refusal_under(rule, "must-be", f"须确认“{zh}”", f"“{en}” must be confirmed", name)
        )
    return found


def _about_another(
    rule: ActRule, view: CaseView, fields: Mapping[str, FieldValue]
) -> list[Refusal]:
    """Refuse an answer to a duty that is open, but about another person or thing."""
    found = []
    for name in rule.needs_open:
        asked = [duty for duty in view.open_duties() if duty.rule.id == name]
        key = asked[0].rule.matching if asked else ""
        value = fields.get(key) if key else None
        if value is not None and fact_text(value) not in {duty.matched for duty in asked}:
            zh, en = names_of(rule, key)
            found.append(
                refusal_under(
                    rule,
                    "nothing-asked",
                    f"“{zh}”不是所申请的那一项，没有待办的“{asked[0].rule.zh}”",
                    f"“{en}” is not the one asked about: no “{asked[0].rule.en}” is open for it",
                    key,
                )
            )
    return found


def _facts_after(view: CaseView, fields: Mapping[str, FieldValue]) -> dict[str, str]:
    """Return the facts of the case as the fields of the step change them."""
    return {**view.facts, **{name: fact_text(value) for name, value in fields.items()}}


def _holds(wanted: Mapping[str, tuple[str, ...]], facts: Mapping[str, str]) -> bool:
    return all(facts.get(name) in values for name, values in wanted.items())


def _over_caps(rule: ActRule, view: CaseView, fields: Mapping[str, FieldValue]) -> list[Refusal]:
    """Refuse numbers over a cap of the law that applies to the case."""
    if not rule.caps:
        return []
    found = []
    facts = _facts_after(view, fields)
    for cap in rule.caps:
        value = fields.get(cap.field)
        amount = len(value) if isinstance(value, tuple) else value
        if isinstance(amount, int) and amount > cap.most and _holds(cap.where, facts):
            found.append(_over_cap(rule, cap, amount))
    return found


def _over_cap(rule: ActRule, cap: Cap, amount: int) -> Refusal:
    zh, en = names_of(rule, cap.field)
    cite = f"{cap.basis.law} {cap.basis.article}"
    return Refusal(
        "cap",
        f"“{zh}”最多{cap.most}，现为{amount}（{cite}）",
        f"“{en}” is at most {cap.most}, here {amount} ({cite})",
        cap.basis,
        rule.remedy_zh,
        rule.remedy_en,
        cap.field,
    )


def _over_extensions(
    rule: ActRule, view: CaseView, fields: Mapping[str, FieldValue]
) -> list[Refusal]:
    """Refuse an extension that is no extension, or more than the law allows in all."""
    found = []
    for duty in view.open_duties():
        extension = duty.rule.clock.extension
        if extension is None or extension.act != rule.id:
            continue
        amount = fields.get(extension.field)
        about = fields.get(duty.rule.matching)
        another = about is not None and fact_text(about) != duty.matched
        if another or not isinstance(amount, int):
            continue
        if amount < 1:
            found.append(_no_extension(duty, extension))
        elif 0 <= extension.most < duty.granted + amount:
            found.append(_too_much_extension(rule, duty, extension, amount))
    return found


def _no_extension(duty: DutyView, extension: Extension) -> Refusal:
    basis = extension.basis or duty.rule.basis
    cite = f"{basis.law} {basis.article}"
    return Refusal(
        "extension",
        f"延长天数须为正数（{cite}）",
        f"an extension must be positive ({cite})",
        basis,
        field=extension.field,
    )


def _too_much_extension(
    rule: ActRule, duty: DutyView, extension: Extension, amount: int
) -> Refusal:
    basis = extension.basis or duty.rule.basis
    cite = f"{basis.law} {basis.article}"
    most, used = extension.most, duty.granted
    return Refusal(
        "extension",
        f"延长合计不得超过{most}，已延长{used}，再延长{amount}超出上限（{cite}）",
        f"extensions sum to at most {most}; {used} used, {amount} more is over ({cite})",
        basis,
        rule.remedy_zh,
        rule.remedy_en,
        extension.field,
    )
