"""Facts of a case in the words of the form that set them: “类别”为“申诉求决”, not class = claim."""

from __future__ import annotations

from collections.abc import Iterable

from dengwen.law.packs.rules import FactRule, FieldRule, KindRule

ZH, EN = 0, 1
FLAGS = {"true": ("是", "yes"), "false": ("否", "no")}
UNSET = ("未定", "not settled")


def fact_field(kind: KindRule, name: str) -> FactRule | FieldRule | None:
    """Return what names a fact: its own entry, else the field that sets it (the one that knows
    most options)."""
    if name in kind.facts:
        return kind.facts[name]
    fields = [f for a in kind.acts.values() for f in a.fields if f.name == name and f.fact]
    return max(fields, key=lambda f: len(f.option_names), default=None)


def fact_condition(kind: KindRule, name: str, values: Iterable[str | None]) -> tuple[str, str]:
    """Return “name” is one of “values” in both languages.

    A fact that neither a form nor a `[[fact]]` names is described by its own word.
    """
    field = fact_field(kind, name)
    title = (field.zh, field.en) if field else (name, name)
    shown = [_value(field, value) for value in values]
    return (
        f"“{title[ZH]}”为“{'”或“'.join(s[ZH] for s in shown)}”",
        f"“{title[EN]}” is “{'” or “'.join(s[EN] for s in shown)}”",
    )


def _value(field: FactRule | FieldRule | None, value: str | None) -> tuple[str, str]:
    if value is None:
        return UNSET
    if field is not None and value in field.option_names:
        return field.option_names[value]
    return FLAGS.get(value, (value, value))
