"""What a field of a step may hold: type, length, options, day, and what stands beside it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from dengwen.law.duties.act_record import CaseView, Refusal, refusal_under
from dengwen.law.duties.step import FieldValue
from dengwen.law.packs.rules import ActRule, FieldRule
from dengwen.law.time.terms import EARLIEST

MAX_TEXT = 20_000
"""Characters a text field may hold: about three times the longest real message seen."""
MAX_WORD = 200
"""Characters a `word` may hold; whoever needs more is writing text, which belongs into Content."""
_PYTHON_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "text": str,
    "person": str,
    "code": str,
    "codes": tuple,
    "organ": int,
    "organs": tuple,
    "official": int,
    "division": str,
    "date": date,
    "number": int,
    "flag": bool,
    "case": str,
    "act": int,
    "digest": str,
    "digests": tuple,
    "word": str,
    "words": tuple,
}

NUMBERED = frozenset({"number", "organ", "official", "act"})
LISTED = frozenset({"codes", "organs", "digests", "words"})


def value_of(declared: FieldRule, text: str) -> FieldValue:
    """Return a value written as `act_record.fact_text` writes it, as its field holds it; ValueError
    where it cannot."""
    if declared.type == "date":
        return date.fromisoformat(text)
    if declared.type in NUMBERED:
        return int(text)
    if declared.type == "flag":
        if text not in ("true", "false"):
            raise ValueError(text)
        return text == "true"
    if declared.type in LISTED:
        items = [item for item in text.split(",") if item]
        return tuple(map(int, items)) if declared.type == "organs" else tuple(items)
    return text


def value_refusal(rule: ActRule, field: FieldRule, value: FieldValue, day: date) -> Refusal | None:
    """Return what is wrong with a value by itself, for an act done on `day`; None where nothing
    is."""
    return (
        _wrong_type(rule, field, value)
        or _too_long(rule, field, value)
        or _unknown_option(rule, field, value)
        or _wrong_day(rule, field, value, day)
    )


def _wrong_type(rule: ActRule, field: FieldRule, value: FieldValue) -> Refusal | None:
    flag_as_number = isinstance(value, bool) and field.type in ("number", "organ")
    if isinstance(value, _PYTHON_TYPES[field.type]) and not flag_as_number:
        return None
    return refusal_under(
        rule,
        "field-type",
        f"“{field.zh}”的值不是{field.type}",
        f"“{field.en}” is not of type {field.type}",
        field.name,
    )


def _too_long(rule: ActRule, field: FieldRule, value: FieldValue) -> Refusal | None:
    most = MAX_WORD if field.type == "word" else MAX_TEXT
    if not isinstance(value, str) or len(value) <= most:
        return None
    return refusal_under(
        rule,
        "too-long",
        f"“{field.zh}”有{len(value)}字，最多{most}字",
        f"“{field.en}” has {len(value)} characters, at most {most}",
        field.name,
    )


def _unknown_option(rule: ActRule, field: FieldRule, value: FieldValue) -> Refusal | None:
    """Refuse the first chosen option that the field does not offer."""
    if not field.options:
        return None
    chosen = value if isinstance(value, tuple) else (value,)
    strange = [str(option) for option in chosen if str(option) not in field.options]
    if not strange:
        return None
    zh = "、".join(names[0] for names in field.option_names.values())
    en = ", ".join(names[1] for names in field.option_names.values())
    return refusal_under(
        rule,
        "field-option",
        f"“{field.zh}”没有选项“{strange[0]}”，可选：{zh}",
        f"“{field.en}” has no option “{strange[0]}”; options: {en}",
        field.name,
    )


def _wrong_day(rule: ActRule, field: FieldRule, value: FieldValue, day: date) -> Refusal | None:
    """Refuse a date on the wrong side of the day of the act."""
    if not isinstance(value, date) or isinstance(value, datetime):
        return None
    if value < EARLIEST:
        return refusal_under(
            rule,
            "too-early",
            f"“{field.zh}”{value}早于{EARLIEST}，不是可以办理的日期",
            f"“{field.en}” {value} is before {EARLIEST}: no day that can be worked with",
            field.name,
        )
    if field.from_today and value < day:
        return refusal_under(
            rule,
            "past-date",
            f"“{field.zh}”不得早于{day}",
            f"“{field.en}” must not be before {day}",
            field.name,
        )
    if field.until_today and value > day:
        return refusal_under(
            rule,
            "future-date",
            f"“{field.zh}”不得晚于{day}",
            f"“{field.en}” must not be after {day}",
            field.name,
        )
    return None


def neighbour_refusal(
    rule: ActRule,
    field: FieldRule,
    value: FieldValue,
    view: CaseView,
    fields: Mapping[str, FieldValue],
) -> Refusal | None:
    """Return why a value does not fit another field, or the organ that holds the case; None where
    it does."""
    return (
        _before_another(rule, field, value, fields)
        or _below_least(rule, field, value)
        or _above_another(rule, field, value, fields)
        or _own_organ(rule, field, value, view)
    )


def _before_another(
    rule: ActRule, field: FieldRule, value: FieldValue, fields: Mapping[str, FieldValue]
) -> Refusal | None:
    """Refuse a date before that of the field which it must not precede."""
    earlier = fields.get(field.not_before)
    if not isinstance(value, date) or not isinstance(earlier, date) or value >= earlier:
        return None
    zh, en = names_of(rule, field.not_before)
    return refusal_under(
        rule,
        "wrong-order",
        f"“{field.zh}”{value}早于“{zh}”{earlier}",
        f"“{field.en}” {value} is before “{en}” {earlier}",
        field.name,
    )


def _below_least(rule: ActRule, field: FieldRule, value: FieldValue) -> Refusal | None:
    if field.least is None or not isinstance(value, int) or value >= field.least:
        return None
    return refusal_under(
        rule,
        "too-few",
        f"“{field.zh}”最少{field.least}，现为{value}",
        f"“{field.en}” is at least {field.least}, here {value}",
        field.name,
    )


def _above_another(
    rule: ActRule, field: FieldRule, value: FieldValue, fields: Mapping[str, FieldValue]
) -> Refusal | None:
    """Refuse a number above that of the field which bounds it."""
    most = fields.get(field.at_most)
    if not isinstance(value, int) or not isinstance(most, int) or value <= most:
        return None
    zh, en = names_of(rule, field.at_most)
    return refusal_under(
        rule,
        "too-many",
        f"“{field.zh}”{value}多于“{zh}”{most}",
        f"“{field.en}” {value} is more than “{en}” {most}",
        field.name,
    )


def _own_organ(
    rule: ActRule, field: FieldRule, value: FieldValue, view: CaseView
) -> Refusal | None:
    if not field.stands or field.type != "organ" or value != view.holder:
        return None
    return refusal_under(
        rule,
        "own-organ",
        f"“{field.zh}”不能是持有本件的机关、单位自己",
        f"“{field.en}” cannot be the organ that holds the case",
        field.name,
    )


def names_of(rule: ActRule, name: str) -> tuple[str, str]:
    """Return what people call a field of an act (Chinese, English); its own name where it is not
    declared."""
    field = rule.field_rule(name)
    return (field.zh, field.en) if field else (name, name)
