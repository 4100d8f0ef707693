"""What a pack lets the portal ask beside the plain questions: read, checked, carried and read back.

The steps ask in words of their own what everybody is asked (`OWN_WORDS`). Any other field of the
registration that the pack opens to the portal stands in the step of its section, in the words of
the pack. What the pack does not open is never read, whatever a form sends.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.http import QueryDict
from django.utils.translation import gettext as _

from dengwen.cases.placed_fields import asked_at
from dengwen.law.bilingual import headline, words_in
from dengwen.law.duties.act_record import civil
from dengwen.law.duties.field_values import value_refusal
from dengwen.law.duties.step import FieldValue
from dengwen.law.packs.rules import FieldRule
from dengwen.petitions.intake.intake import register_rule
from dengwen.portal.page import office
from dengwen.ui import dates
from dengwen.ui.dates import page_language
from dengwen.ui.form_fields import (
    Area,
    Asked,
    AskedForm,
    Day,
    Number,
    OneOf,
    PageForm,
    SomeOf,
    Tick,
    Word,
    is_open,
)

DOOR = "portal"
OWN_WORDS = frozenset({"content", "petitioner", "address", "phone", "identity"})
"""Fields of a registration that the steps ask in plain words."""
PREFIX = "more-"
"""Stands before the names of these fields in the form: none is taken for one of the steps."""
WHO, STORY = "who", "story"
IDENTITY = "D2"
MOST_VALUES = 40
"""Values of one field that are read at all."""
FIELD_OF: Mapping[str, type[Asked]] = {
    "text": Area,
    "person": Asked,
    "code": OneOf,
    "codes": SomeOf,
    "word": Word,
    "date": Day,
    "number": Number,
    "flag": Tick,
}
"""The form field of each type that `vocabulary.DOORS` opens to the portal."""

Typed = Mapping[str, Sequence[str]]
"""What was typed, by the name of the field."""


def asked_today(now: datetime) -> tuple[FieldRule, ...]:
    """Return the further fields that the edition in force asks at the receiving office."""
    receiving = office()
    if receiving is None:
        return ()
    rule = register_rule({}, receiving, civil(now))
    return tuple(field for field in asked_at(DOOR, rule) if field.name not in OWN_WORDS)


def step_of(field: FieldRule) -> str:
    """Return the step in which a field is asked."""
    return WHO if field.section == WHO else STORY


def names_somebody(field: FieldRule) -> bool:
    """Say whether a field says who asks: somebody anonymous leaves none."""
    return field.data_class == IDENTITY


def read_typed(form: QueryDict, asked: Sequence[FieldRule]) -> dict[str, list[str]]:
    """Return what a form says in these fields, as it was typed."""
    found = {field.name: form.getlist(PREFIX + field.name)[:MOST_VALUES] for field in asked}
    return {name: values for name, values in found.items() if any(values)}


def carried(asked: Sequence[FieldRule], typed: Typed) -> list[tuple[str, str]]:
    """Return what was typed as fields to be carried along unseen."""
    return [(name, value) for name, values in by_name(asked, typed).items() for value in values]


def by_name(asked: Sequence[FieldRule], typed: Typed) -> dict[str, list[str]]:
    """Return what was typed, by the names of the form."""
    found = {PREFIX + field.name: typed.get(field.name, ()) for field in asked}
    return {name: [value for value in values if value] for name, values in found.items() if values}


def fields_of(asked: Sequence[FieldRule]) -> dict[str, Asked]:
    """Return the form fields of these, by their names in the form."""
    return {PREFIX + field.name: _field(field) for field in asked}


def _field(field: FieldRule) -> Asked:
    """Return the form field of a declared one, in the words of the pack."""
    made = FIELD_OF[field.type]
    if field.type == "text" and field.data_class == "D1":
        made = Asked  # a name or a title: one line
    language = page_language()
    choices = [(code, words_in(pair, language)) for code, pair in field.option_names.items()]
    return made(headline(field, language), needed=field.required, choices=choices)


def check(asked: Sequence[FieldRule], form: AskedForm, now: datetime, *, anonymous: bool) -> None:
    """Note at these fields what the law core would refuse: a value, or that there is none. Somebody
    anonymous is asked for nothing that says who it is."""
    for field in asked:
        name = PREFIX + field.name
        if anonymous and names_somebody(field):
            form.errors.pop(name, None)
            continue
        value = form.cleaned_data.get(name)
        if name in form.errors:
            continue
        if value is None or is_open(value):
            wrong = _("请填写“%(name)s”。") % {"name": _name(field)} if field.required else ""
        else:
            wrong = _refused(field, value, now)
        if wrong:
            form.wrong(name, wrong)


def _name(field: FieldRule) -> str:
    return words_in(field, page_language())


def _refused(field: FieldRule, value: FieldValue, now: datetime) -> str:
    """Return what the law core says against a value by itself, "" where it says nothing."""
    receiving = office()
    if receiving is None:
        return ""
    rule = register_rule({}, receiving, civil(now))
    refusal = value_refusal(rule, field, value, civil(now))
    if refusal is None:
        return ""
    return words_in((f"{refusal.zh}。", f"{headline(refusal, 'en')}."), page_language())


def _values(
    asked: Sequence[FieldRule], typed: Typed, *, anonymous: bool
) -> list[tuple[FieldRule, FieldValue]]:
    """Return what was said, field by field; one left open says nothing, and nothing says who asks
    for somebody anonymous."""
    if not asked:
        return []
    form = PageForm(fields_of(asked), data=by_name(asked, typed))
    form.full_clean()
    found: list[tuple[FieldRule, FieldValue]] = []
    for field in asked:
        value = form.cleaned_data.get(PREFIX + field.name)
        if value is None or is_open(value) or (anonymous and names_somebody(field)):
            continue
        found.append((field, value))
    return found


def values_of(
    asked: Sequence[FieldRule], typed: Typed, *, anonymous: bool
) -> dict[str, FieldValue]:
    """Return what is handed to registration: nothing that says who asks for somebody anonymous."""
    return {field.name: value for field, value in _values(asked, typed, anonymous=anonymous)}


def read_back(asked: Sequence[FieldRule], typed: Typed, step: str, *, anonymous: bool) -> list[str]:
    """Return the lines that read back what was said in the further fields of a step."""
    wanted = [field for field in asked if step_of(field) == step]
    lines: list[str] = []
    for field, value in _values(wanted, typed, anonymous=anonymous):
        label = headline(field, page_language())
        said = words_in(
            (f"{label}：{_words(field, value)}", f"{label}: {_words(field, value)}"),
            page_language(),
        )
        lines += (label if value is True else said).split("\n")
    return lines


def _words(field: FieldRule, value: FieldValue) -> str:
    """Return a value as people read it."""
    chosen = value if isinstance(value, tuple) else (value,)
    words = []
    for one in chosen:
        pair = field.option_names.get(str(one))
        if pair is not None:
            words.append(words_in(pair, page_language()))
        else:
            words.append(dates.numeric(one, page_language()) if field.type == "date" else str(one))  # type: ignore[arg-type]  # a date
    return words_in(("、", ", "), page_language()).join(words)
