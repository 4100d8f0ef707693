"""The forms of this house are forms of Django; this is how their fields ask and read.

A field reads everything that was posted under its name and says in one sentence what is wrong with
it: a value that came several times, characters that cannot be stored, a day or number that is none.
How it stands on a page is told in `bound_field`. `needed` marks a field as one that must be filled;
with `missing` the form itself says so, otherwise whoever reads the form (the law core for acts)
does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dengwen.law.time.terms import EARLIEST, LATEST
from dengwen.law.time.typed_day import day_typed
from dengwen.ui.bound_field import AskedField
from dengwen.ui.components import Choice, InputType, KeptFile

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

__all__ = [
    "Area",
    "Asked",
    "AskedField",
    "AskedForm",
    "Day",
    "Number",
    "OneOf",
    "PageForm",
    "Row",
    "Secret",
    "SomeOf",
    "Tick",
    "Ticked",
    "Word",
    "Words",
    "choose_words",
    "day_words",
    "form_of",
    "is_open",
    "plain",
    "posted",
    "pressed",
    "read_day",
    "read_number",
    "unstorable_words",
]
MOST_DIGITS = 11
"""Digits of a number or a row id that are read at all."""
TICKED, UNTICKED = frozenset({"true", "1", "on"}), frozenset({"false", "0"})
"""What the box of a page sends, and what a program may send for a box that is not ticked."""
Pairs = Iterable[tuple[str, "str | StrPromise"]]
"""Values to choose from with their words."""


class Everything(forms.Widget):
    """Takes everything that was posted under a name; the template of the field draws it."""

    def value_from_datadict(
        self, data: Mapping[str, object], files: object, name: str
    ) -> list[object]:
        """Return all values, in the order in which they came."""
        del files
        if isinstance(data, QueryDict):
            return list(data.getlist(name))
        value = data.get(name)
        if value is None:
            return []
        return list(value) if isinstance(value, (list, tuple)) else [value]


class Asked(forms.Field):
    """A field that is asked in one line, as text; the others begin here."""

    widget: type[forms.Widget] = Everything
    type: InputType = "person"
    offers: Sequence[tuple[str, str | StrPromise]]

    def __init__(
        self,
        label: str | StrPromise = "",
        *,
        type: InputType | None = None,  # noqa: A002  # the word of the packs
        needed: bool = False,
        missing: str | StrPromise = "",
        hint: str | StrPromise = "",
        rows: int = 4,
        accept: str = "",
        autocomplete: str = "",
        choices: Pairs = (),
        opens: bool = False,
        conditional: bool = False,
        attributes: Mapping[str, str] | None = None,
        initial: object = None,
    ) -> None:
        super().__init__(required=False, label=label, initial=initial)
        if type is not None:
            self.type = type
        self.needed = needed
        self.missing = missing
        self.hint = hint
        self.rows = rows
        self.accept = accept
        self.autocomplete = autocomplete
        self.offers = tuple(choices)
        self.opens = opens
        self.conditional = conditional
        self.attributes = dict(attributes or {})

    # --- on the page ---
    def label_words(self) -> str:
        """Return what is asked for."""
        return str(self.label)

    def hint_words(self) -> str:
        """Return what stands beside the field."""
        return str(self.hint)

    def offered(self, typed: Sequence[str], search: str) -> tuple[Choice, ...]:
        """Return what there is to choose; `search` is a name that was searched for."""
        del search
        chosen = [value for value in typed if value] or [""]
        return tuple(Choice(value, str(text), value in chosen) for value, text in self.offers)

    def kept_files(self) -> tuple[KeptFile, ...]:
        """Return the files that are carried along: those of a field that asks for files."""
        return ()

    # --- as it was posted ---
    def clean(self, value: object) -> object:
        """Return the value of what was posted; ValidationError says what is wrong with it."""
        texts = [self.mend(str(one)) for one in value] if isinstance(value, list) else []
        found = self.read(texts)
        if self.missing and is_open(found):
            raise ValidationError(str(self.missing))
        return found

    def mend(self, text: str) -> str:
        """Return a text as it is kept; ValidationError where it cannot be."""
        return plain(text)

    def shown(self, text: str) -> str:
        """Return a text that was posted as the page repeats it."""
        return text

    def read(self, texts: Sequence[str]) -> object:
        """Return the value of all texts that were posted: of the one there may be."""
        text = only_one(texts)
        return self.value_of(text) if text else self.nothing()

    def nothing(self) -> object:
        """Return the value of a field that was left open."""
        return ""

    def value_of(self, text: str) -> object:
        """Return the value of a text that is not empty."""
        return text


class Area(Asked):
    """Several lines of text."""

    type: InputType = "text"


class Word(Asked):
    """One short word of the system itself, a code or a date as text."""

    type: InputType = "word"


class Secret(Asked):
    """A password: it is not repeated on the page."""

    type: InputType = "secret"


class OneOf(Asked):
    """One of the values that are offered, and no other."""

    type: InputType = "code"

    def value_of(self, text: str) -> str:
        """Return a value that is offered."""
        if text not in {value for value, _words in self.offers}:
            raise ValidationError(choose_words())
        return text


class SomeOf(Asked):
    """Any of the values that are offered, as they were ticked."""

    type: InputType = "codes"

    def read(self, texts: Sequence[str]) -> tuple[str, ...]:
        """Return the values that were ticked."""
        chosen = tuple(text.strip() for text in texts if text.strip())
        return self.values_of(chosen)

    def values_of(self, chosen: tuple[str, ...]) -> tuple[Any, ...]:
        """Return the values that were ticked: all of them must be offered."""
        if not {value for value, _words in self.offers}.issuperset(chosen):
            raise ValidationError(choose_words())
        return chosen


class Ticked(SomeOf):
    """Whatever was ticked; who reads it says which of the values are none."""

    def values_of(self, chosen: tuple[str, ...]) -> tuple[str, ...]:
        """Return what was ticked."""
        return chosen


class Words(Asked):
    """Several words in one line, or ticked one by one."""

    type: InputType = "word"

    def read(self, texts: Sequence[str]) -> tuple[str, ...]:
        """Return the words, whatever stands between them."""
        return tuple(split_words(" ".join(texts)))


class Day(Asked):
    """A day of the Republic."""

    type: InputType = "date"

    def nothing(self) -> None:
        """Return no day."""
        return

    def value_of(self, text: str) -> date:
        """Return the day that was typed."""
        found = read_day(text)
        if found is None:
            raise ValidationError(day_words())
        return found


class Number(Asked):
    """A whole number from 0."""

    type: InputType = "number"

    def nothing(self) -> None:
        """Return no number."""
        return

    def value_of(self, text: str) -> object:
        """Return the number that was typed."""
        number = read_number(text)
        if number is None:
            raise ValidationError(self.wrong_words())
        return number

    def wrong_words(self) -> str:
        """Return what is said of a text that is no number."""
        return _("请填整数。")


class Row(Number):
    """A row id, chosen from a list."""

    type: InputType = "organ"

    def wrong_words(self) -> str:
        """Return what is said of what is no row id."""
        return choose_words()


class Tick(Asked):
    """A box that is ticked or not."""

    type: InputType = "flag"

    def nothing(self) -> bool:
        """Return that it is not ticked."""
        return False

    def value_of(self, text: str) -> bool:
        """Return whether it is ticked."""
        if text not in TICKED | UNTICKED:
            raise ValidationError(_("请勾选，或者不勾。"))
        return text in TICKED


# --- texts as they are typed ----------------------------------------------------------------------
def plain(text: str) -> str:
    """Return a text with the line ends of this house; ValidationError where it cannot be
    stored."""
    whole = text.replace("\r\n", "\n").replace("\x00", "")
    try:
        whole.encode()
    except UnicodeEncodeError:
        raise ValidationError(unstorable_words()) from None
    return whole


def unstorable_words() -> str:
    """Return what is said of characters that cannot be stored."""
    return _("里面有不能保存的字符，请删去以后再填。")


def only_one(texts: Iterable[str]) -> str:
    """Return the one text that was posted; ValidationError where there are several."""
    given = dict.fromkeys(text.strip() for text in texts)
    given.pop("", None)
    if len(given) > 1:
        raise ValidationError(_("这一项只能填一个值。"))
    return next(iter(given), "")


def is_open(value: object) -> bool:
    """Say whether a value is that of a field that was left open; the number 0 is none."""
    return value is None or value is False or (isinstance(value, (str, tuple)) and not value)


def split_words(text: str) -> list[str]:
    """Return the words of a line, whatever stands between them."""
    return text.replace("、", " ").replace("，", " ").replace(",", " ").split()


def read_day(text: str) -> date | None:
    """Return a day as typed, or None for what is none or lies outside the days that are counted."""
    found = day_typed(text)
    return found if found is not None and EARLIEST <= found <= LATEST else None


def read_number(text: str) -> int | None:
    """Return a whole number as typed, or None for what is none or too long to be one."""
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else None


def day_words() -> str:
    """Return what is said of a text that is no day."""
    return _("日期请写成 2026-11-24 这样，在 1949-10-01 到 2199-12-31 之间。")


def choose_words() -> str:
    """Return what is said of a value that is not offered."""
    return _("请从列表中选择。")


# --- the form -------------------------------------------------------------------------------------
class AskedForm(forms.Form):
    """A form of this house. Its `prefix` stands before each name as it is given.

    `spot` stands in the ids of its fields, which sets apart several forms of a page that ask the
    same names.
    """

    spot = ""
    bound_field_class = AskedField
    use_required_attribute = False
    cleaned_data: dict[str, Any]
    fields: dict[str, Asked]  # type: ignore[assignment]  # all fields of ours are such

    @classmethod
    def of(cls, request: HttpRequest, *, initial: Mapping[str, object] | None = None) -> Self:
        """Return the form as posted, or as it begins where nothing was posted."""
        form = cls(**posted(request), initial=dict(initial or {}))
        form.full_clean()
        return form

    def add_prefix(self, field_name: str) -> str:
        """Return the name of a field on the page."""
        return f"{self.prefix or ''}{field_name}"

    def asked(
        self, names: Iterable[str] | None = None, without: Collection[str] = ()
    ) -> tuple[AskedField, ...]:
        """Return the fields as the page asks them: all, or those named, less those left out."""
        chosen = self.fields if names is None else names
        return tuple(self.at(name) for name in chosen if name not in without)

    def at(self, name: str) -> AskedField:
        """Return one field as the page asks it."""
        found = self[name]
        assert isinstance(found, AskedField)
        return found

    def beside(self, name: str, field: Asked) -> AskedField:
        """Add a field that the page asks beside those of the form, and return it."""
        self.fields[name] = field
        return self.at(name)

    def typed(self, name: str) -> str:
        """Return what stands in a field, "" where the form does not ask for it."""
        return self.at(name).value().strip() if name in self.fields else ""

    @property
    def understood(self) -> Mapping[str, Any]:
        """The values of all fields that are not wrong; empty where nothing was posted."""
        return self.cleaned_data if self.is_bound and self.errors is not None else {}

    def value(self, name: str) -> str:
        """Return what a field of one text says, "" where it is open or wrong."""
        found = self.understood.get(name)
        return found if isinstance(found, str) else ""

    def forgive(self) -> Self:
        """Keep what was typed and forget what is wrong with it: nothing is to be done yet."""
        self.errors.clear()
        return self

    def texts_of(self, names: Iterable[str]) -> dict[str, str]:
        """Return the texts of fields that say something."""
        return {name: text for name in names if (text := self.value(name))}

    def as_typed(self) -> dict[str, str]:
        """Return what stands in each field, for a page that draws them itself."""
        return {name: self.at(name).value() for name in self.fields}

    def complaints(self) -> list[str]:
        """Return everything that is wrong, for a page that says it at its head."""
        return [str(error) for errors in self.errors.values() for error in errors]

    def complaints_elsewhere(self, drawn: Iterable[AskedField]) -> list[str]:
        """Return what is wrong with fields that the page does not draw, each with its name."""
        shown = {asked.name for asked in drawn}
        colon = pgettext("before a title", "：")
        said = []
        for name, errors in self.errors.items():
            if name not in shown:
                label = self.at(name).label if name in self.fields else ""
                said += [f"{label}{colon}{error}" if label else str(error) for error in errors]
        return said

    def wrong(self, name: str, error: str) -> None:
        """Note at a field what is wrong with it."""
        bare = name.removeprefix(str(self.prefix or ""))
        self.errors.setdefault(bare, self.error_class(renderer=self.renderer)).append(error)
        if bare in self.fields:
            self.at(bare).__dict__.pop("errors", None)


class PageForm(AskedForm):
    """A form whose fields are known only when it is asked: those of a page, or of a pack.

    They are handed to it and are its own: to make a class of them first would cost more than the
    form.
    """

    def __init__(self, asked: Mapping[str, Asked], **more: Any) -> None:  # noqa: ANN401  # those of Django's form
        super().__init__(**more)
        self.fields.update(asked)


def posted(request: HttpRequest) -> dict[str, Any]:
    """Return what was posted as a form is given it; nothing where nothing was posted."""
    if request.method != "POST":
        return {}
    return {"data": request.POST, "files": request.FILES}


def form_of(
    request: HttpRequest,
    asked: Mapping[str, Asked],
    *,
    initial: Mapping[str, object] | None = None,
) -> AskedForm:
    """Return the form of a page whose fields depend on who asks and what there is to choose."""
    form = PageForm(asked, **posted(request), initial=dict(initial or {}))
    form.full_clean()
    return form


def pressed(request: HttpRequest, name: str = "go") -> str:
    """Return the value of the button that was pressed, "" where none was or several were."""
    if request.method != "POST":
        return ""
    try:
        return only_one([plain(str(one)) for one in request.POST.getlist(name)])
    except ValidationError:
        return ""
