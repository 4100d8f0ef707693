"""The filter of a list: a form of this house that is sent by GET, each field of it optional.

A filter narrows rows that were walled before. What can be chosen is either the same for everybody
or drawn from rows the reader sees; what was typed wrong is said at its field and narrows nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any

from django.core.validators import MaxLengthValidator
from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dengwen.ui.bound_field import AskedField
from dengwen.ui.form_fields import Asked, AskedForm, OneOf, Pairs, is_open, unstorable_words
from dengwen.ui.templatetags.ui import day

LONGEST = 60
"""Characters that are searched for at most."""
NUL = "\x00"


class Search(Asked):
    """Words to be found in a name."""

    def value_of(self, text: str) -> str:
        """Return the words, which must not be too many."""
        MaxLengthValidator(LONGEST)(text)
        return text


class FilterField(AskedField):
    """A field of a filter on the page, written in one go: it costs a third of a template."""

    @property
    def uid(self) -> str:
        """The id of the input on the page."""
        return f"filter-{self.html_name}"

    @property
    def described(self) -> str:
        """The id of what is wrong, for those who hear it."""
        return f"{self.uid}_error" if self.errors else ""

    def __str__(self) -> SafeString:
        """Write the input, or what there is to choose from."""
        wrong = ' aria-invalid="true" aria-describedby="{}"'
        described = format_html(wrong, self.described) if self.errors else ""
        if isinstance(self.field, OneOf):
            return self._choice(described)
        is_search = isinstance(self.field, Search)
        bound = ' autocomplete="off" maxlength="{}"'
        return format_html(
            '<input type="{}" name="{}" value="{}"{}{} id="{}">',
            "search" if is_search else "date",
            self.html_name,
            self.value(),
            format_html(bound, LONGEST) if is_search else "",
            described,
            self.uid,
        )

    def _choice(self, described: str) -> SafeString:
        """Write the choice with what can be chosen."""
        shown = self.value()
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            (
                (code, SafeString(" selected" if code == shown else ""), words)
                for code, words in self.field.offers
            ),
        )
        begin = '<select name="{}"{} id="{}">{}</select>'
        return format_html(begin, self.html_name, described, self.uid, options)


class ListFilter(AskedForm):
    """What a reader may narrow a list by; a page declares its fields: `OneOf`, `Day`, `Search`.

    A filter that is never open (a log always has a first and a last day) sets `opens` to False.
    """

    bound_field_class = FilterField
    opens = True

    def __init__(
        self, query: QueryDict, *, choices: Mapping[str, Pairs] | None = None, name: str = ""
    ) -> None:
        """Read an address, of each name what it says last; `choices` are what this reader may
        choose from, by field."""
        super().__init__(query.dict(), prefix=f"{name}-" if name else None)
        offered = choices or {}
        for field_name, field in self.fields.items():
            if isinstance(field, OneOf):
                known = offered.get(field_name, field.offers)
                field.offers = (("", pgettext("filter", "全部")), *known)

    def clean(self) -> dict[str, Any]:
        """Refuse what no page sends: a character that ends texts elsewhere."""
        for name in self.fields:
            if NUL in self.at(name).value():
                self.add_error(name, unstorable_words())
        return self.cleaned_data

    @cached_property
    def chosen(self) -> dict[str, Any]:
        """What was asked for, without what is open or wrong."""
        return {name: value for name, value in self.understood.items() if not is_open(value)}

    def names(self) -> list[str]:
        """Return how addresses call the fields."""
        return [self.add_prefix(name) for name in self.fields]

    def said(self) -> str:
        """Say what the list is narrowed to, "" where it is whole."""
        comma = _("，")
        parts = [f"{self.fields[name].label} {self._words(name)}" for name in self.chosen]
        return _("只列：%(what)s") % {"what": comma.join(parts)} if parts else ""

    def _words(self, name: str) -> str:
        """Return what was asked of a field as people read it."""
        value, field = self.chosen[name], self.fields[name]
        if isinstance(field, OneOf):
            return str(dict(field.offers).get(value, value))
        return day(value) if isinstance(value, date) else f"“{value}”"
