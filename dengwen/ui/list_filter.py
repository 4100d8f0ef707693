"""The filter of a list: a form of Django that is sent by GET, each field of it optional.

A filter narrows rows that were walled before. What can be chosen is either the same for everybody
or drawn from rows the reader sees; what was typed wrong is said at its field and narrows nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import Any, cast

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dengwen.ui.templatetags.ui import day

Choices = Iterable[tuple[str, str]]
FIRST_DAY, LAST_DAY = date(1949, 10, 1), date(2199, 12, 31)
"""Days that can be asked for: between them every day has a midnight before and after it."""
FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d"]
EMPTY: tuple[object, ...] = (None, "", [], ())


def _attributes(attrs: Mapping[str, Any]) -> SafeString:
    """Write the attributes of a tag; one that is True stands alone."""
    return format_html_join(
        "",
        ' {}="{}"',
        ((name, name if value is True else value) for name, value in attrs.items() if value),
    )


class LightInput(forms.TextInput):
    """A field of one line, written in one go: the widgets of Django render a template for each."""

    def render(
        self,
        name: str,
        value: Any,  # noqa: ANN401  # as Django hands it on
        attrs: Mapping[str, Any] | None = None,
        renderer: object = None,  # noqa: ARG002  # nothing is rendered by a template
    ) -> SafeString:
        """Write the field."""
        shown = self.format_value(value)
        return format_html(
            '<input type="{}" name="{}" value="{}"{}>',
            self.input_type,
            name,
            "" if shown is None else shown,
            _attributes(self.build_attrs(self.attrs, dict(attrs or {}))),
        )


class SearchInput(LightInput):
    """The search field of the browser."""

    input_type = "search"


class DayInput(LightInput, forms.DateInput):
    """The date field of the browser, which reads days as 2026-11-30."""

    input_type = "date"

    def __init__(self) -> None:
        """Write days as the browser reads them."""
        forms.DateInput.__init__(self, format="%Y-%m-%d")


class LightSelect(forms.Select):
    """A choice, written in one go."""

    def render(
        self,
        name: str,
        value: Any,  # noqa: ANN401  # as Django hands it on
        attrs: Mapping[str, Any] | None = None,
        renderer: object = None,  # noqa: ARG002  # nothing is rendered by a template
    ) -> SafeString:
        """Write the choice with what can be chosen."""
        shown = "" if value is None else str(value)
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            (
                (code, SafeString(" selected" if str(code) == shown else ""), words)
                for code, words in cast("Choices", self.choices)
            ),
        )
        attributes = _attributes(self.build_attrs(self.attrs, dict(attrs or {})))
        return format_html('<select name="{}"{}>{}</select>', name, attributes, options)


class OneOf(forms.ChoiceField):
    """One of several values, each with its words, or left open."""

    widget = LightSelect


class DayField(forms.DateField):
    """A day, typed as 2026-11-30."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  # handed on to Django
        """Take days in the form the browser sends."""
        bounds = [MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)]
        super().__init__(widget=DayInput(), input_formats=FORMATS, validators=bounds, **options)


class SearchField(forms.CharField):
    """Words to be found in a name."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  # handed on to Django
        """Take a line of words."""
        widget = SearchInput(attrs={"autocomplete": "off"})
        super().__init__(max_length=60, widget=widget, **options)


class ListFilter(forms.Form):
    """What a reader may narrow a list by; a page declares its fields.

    A filter that is never open (a log always has a first and a last day) sets `opens` to False.
    """

    opens = True

    def __init__(
        self, query: QueryDict, *, choices: Mapping[str, Choices] | None = None, name: str = ""
    ) -> None:
        """Read an address; `choices` are what this reader may choose from, by field."""
        super().__init__(query, auto_id="filter-%s", label_suffix="", prefix=name or None)
        self.use_required_attribute = False
        offered = choices or {}
        for field_name, field in self.fields.items():
            field.required = False
            if isinstance(field, forms.ChoiceField):
                known = offered.get(field_name, cast("Choices", field.choices))
                field.choices = [("", pgettext("filter", "全部")), *known]

    @cached_property
    def asked(self) -> dict[str, Any]:
        """What was asked for, without what is open or wrong."""
        self.full_clean()
        return {name: value for name, value in self.cleaned_data.items() if value not in EMPTY}

    def names(self) -> list[str]:
        """Return how addresses call the fields."""
        return [self.add_prefix(name) for name in self.fields]

    def said(self) -> str:
        """Say what the list is narrowed to, "" where it is whole."""
        comma = _("，")
        parts = [f"{self.fields[name].label} {self._words(name)}" for name in self.asked]
        return _("只列：%(what)s") % {"what": comma.join(parts)} if parts else ""

    def _words(self, name: str) -> str:
        """Return what was asked of a field as people read it."""
        value, field = self.asked[name], self.fields[name]
        if isinstance(field, forms.ChoiceField):
            return str(dict(cast("Choices", field.choices)).get(value, value))
        return day(value) if isinstance(value, date) else f"“{value}”"
