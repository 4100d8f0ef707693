"""A field of a form as it stands on a page: what the tag `field` renders (`ui/field.html`)."""

from __future__ import annotations

import copy
from collections.abc import Collection
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from django import forms
from django.forms.boundfield import BoundField
from django.forms.utils import ErrorList

from dengwen.ui.components import Choice, KeptFile

if TYPE_CHECKING:
    from dengwen.ui.form_fields import Asked, AskedForm

LINES = (
    "person",
    "word",
    "words",
    "code",
    "codes",
    "organ",
    "organs",
    "official",
    "division",
    "case",
    "act",
)
"""Types of fields that take one line, unless there is something to choose from."""
KINDS = {
    "text": "area",
    "date": "date",
    "number": "number",
    "flag": "flag",
    "digest": "file",
    "digests": "file",
    **dict.fromkeys(LINES, "line"),
}
UNSEEN = "secret"
FEW = 5
"""Up to so many choices of one value are shown side by side; more go into a list that opens."""
MANY = frozenset({"codes", "organs", "words"})


def kind_of(type_: str, choices: Collection[Choice], *, opens: bool = False) -> str:
    """Return how a field is asked: the input of its type, or a way to choose where there are
    choices; one that `opens` is a list however few they are."""
    if type_ == UNSEEN:
        return UNSEEN
    kind = KINDS[type_]
    if type_ == "organ" and not choices:  # nobody types a row id: it is searched by name
        return "select"
    if not choices or kind != "line":
        return kind
    if type_ in MANY:
        return "checks"
    if opens or type_ == "division":  # a place can be left open again
        return "select"
    return "radios" if len(choices) <= FEW else "select"


def context_of(asked: AskedField) -> dict[str, Any]:
    """Return what the template of a field is filled with."""
    kind = asked.kind
    return {
        "asked": asked,
        "kind": kind,
        "described": asked.described,
        "several": asked.type == "digests",
        "grouped": kind in {"radios", "checks"},
    }


class AskedField(BoundField):
    """A field on the page of a form: label, hint, choices, what was typed, and what is wrong."""

    field: Asked
    form: AskedForm
    found_said = ""
    """What was found by the name that was searched for beside the field."""

    @property
    def uid(self) -> str:
        """The id of the input on the page."""
        return f"f-{self.form.spot}{self.html_name.replace('_', '-')}"

    @property
    def auto_id(self) -> str:
        """The id of the input, as Django asks for it."""
        return self.uid

    def __init__(self, form: forms.BaseForm, field: Asked, name: str) -> None:
        super().__init__(form, field, name)
        self.__dict__.pop("label")  # said when it is asked for: see below
        self.type = field.type
        self.required = field.needed
        self.rows = field.rows
        self.accept = field.accept
        self.autocomplete = field.autocomplete
        self.conditional = field.conditional
        self.attributes = field.attributes

    @cached_property
    def label(self) -> str:  # type: ignore[override]  # said when it is asked for
        """What is asked for."""
        return self.field.label_words()

    @cached_property
    def hint(self) -> str:
        """What stands beside the field."""
        return self.field.hint_words()

    @cached_property
    def errors(self) -> ErrorList:
        """What is wrong with what was typed."""
        return super().errors

    @cached_property
    def typed(self) -> list[str]:
        """What was posted, or what the form begins with."""
        if not self.form.is_bound:
            return as_typed(self.initial)
        data = self.data
        if not isinstance(data, list):
            return []
        return [self.field.shown(str(one)) for one in data]

    def value(self) -> str:
        """Return what stands in the field."""
        return self.typed[0] if self.typed else ""

    @cached_property
    def choices(self) -> tuple[Choice, ...]:
        """What there is to choose, with what is chosen."""
        return self.field.offered(self.typed, self.searched)

    @property
    def searched(self) -> str:
        """The name that was searched for beside the field."""
        return str(self.form.data.get(f"q_{self.html_name}", "")) if self.form.is_bound else ""

    @property
    def found(self) -> str:
        """The id of what holds the field where it can be searched by name, "" for the others."""
        return f"{self.uid}-found" if self.type in {"organ", "organs"} else ""

    @property
    def kept(self) -> tuple[KeptFile, ...]:
        """The files the form carries along for this field."""
        return self.field.kept_files()

    @property
    def described(self) -> str:
        """The ids of what describes the input to those who hear it."""
        found = [f"{self.uid}-hint"] if self.hint else []
        found += [f"{self.uid}-error"] if self.errors else []
        return " ".join(found)

    @property
    def aria_describedby(self) -> str:
        """The same, as Django asks for it."""
        return self.described

    @property
    def kind(self) -> str:
        """How the field is asked: the input of its type, or a way to choose."""
        return kind_of(self.type, self.choices, opens=self.field.opens)

    def get_context(self) -> dict[str, Any]:
        """Return what the template of the field is filled with."""
        return context_of(self)

    def but(self, **changes: object) -> Self:
        """Return the field as a page shows it otherwise: another type, label, hint, choices, or
        without its mark."""
        other = copy.copy(self)
        for name, value in changes.items():
            setattr(other, name, value)
        return other


def as_typed(value: object) -> list[str]:
    """Return a value a form begins with as somebody would have typed it."""
    if value is None or value == "":
        return []
    if isinstance(value, (list, tuple)):
        return [str(one) for one in value]
    if isinstance(value, bool):
        return ["true"] if value else []
    return [str(value)]
