"""The field of a form that asks for files: sealed the moment they come, carried along by ticket."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from dengwen.cases.files.content_type import FileError
from dengwen.cases.files.held_files import Held, Tray, tray
from dengwen.law.bilingual import Language, headline, words_in
from dengwen.ui.components import FieldType, KeptFile
from dengwen.ui.dates import page_language
from dengwen.ui.form_fields import Asked

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

ACCEPT = "application/pdf,image/jpeg,image/png,.docx"


@dataclass(frozen=True, slots=True)
class Sent:
    """What a page sent for a field of files: tickets of those here already, names of those to
    drop, and those just chosen."""

    tickets: Sequence[str] = ()
    dropped: Sequence[str] = ()
    chosen: Sequence[tuple[str, UploadedFile[Any]]] = field(default=())


class Files(forms.Widget):
    """Takes tickets, drop boxes and uploads of one field."""

    needs_multipart_form = True

    def value_from_datadict(
        self, data: Mapping[str, object], files: Mapping[str, object], name: str
    ) -> Sent:
        """Return everything that was sent for the field."""
        if not isinstance(data, QueryDict) or not isinstance(files, MultiValueDict):
            return Sent()
        uploads: list[UploadedFile[Any]] = files.getlist(name)
        return Sent(
            data.getlist(f"{name}-kept"),
            data.getlist(f"{name}-drop"),
            [(upload.name or "", upload) for upload in uploads],
        )


class PaperField(Asked):
    """Asks for files: several, or the newest one. Its value are the digests, `found` the sealed
    files.

    What is not taken is said at the field; what is taken need not be chosen again.
    """

    widget = Files
    type: FieldType = "digests"
    clock: Callable[[], datetime]
    """Says what time it is; set by the form."""

    def __init__(
        self,
        label: str | StrPromise = "",
        *,
        type: FieldType = "digests",  # noqa: A002  # the word of the packs
        needed: bool = False,
        missing: str | StrPromise = "",
        hint: str | StrPromise = "",
        rows: int = 4,
        accept: str = ACCEPT,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        super().__init__(
            label, type=type, needed=needed, missing=missing, hint=hint, rows=rows, accept=accept
        )
        self.found = Tray()
        if clock is not None:
            self.clock = clock

    @property
    def several(self) -> bool:
        """Whether more than one file is asked for."""
        return self.type == "digests"

    def kept_files(self) -> tuple[KeptFile, ...]:
        """Return the files that are carried along, as the page lists them."""
        return kept_files(self.found.papers)

    def clean(self, value: object) -> tuple[str, ...]:
        """Seal what was chosen and return the digests of all that is here."""
        if not isinstance(value, Sent):
            return ()
        chosen = list(value.chosen if self.several else value.chosen[:1])
        tickets = value.tickets if self.several or not chosen else ()
        self.found = tray(tickets, value.dropped, chosen, self.clock())
        return self.taken()

    def taken(self) -> tuple[str, ...]:
        """Return the digests of all that is here; ValidationError says what was not taken."""
        if self.found.refused:
            language = page_language()
            raise ValidationError(
                [file_words(title, error, language) for title, error in self.found.refused]
            )
        if self.missing and not self.found.papers:
            raise ValidationError(str(self.missing))
        return tuple(one.digest for one in self.found.papers)


def found_in(form: forms.BaseForm, name: str) -> list[Held]:
    """Return the sealed files of a field of a form."""
    field = form.fields[name]
    return field.found.papers if isinstance(field, PaperField) else []


def file_words(title: str, error: FileError, language: Language) -> str:
    """Return what is wrong with a file, and the mend, in the language of the page."""
    mend = headline((error.mend_zh, error.mend_en), language)
    chinese, english = f"{error.zh}。{mend}。", f"{error.en}. {mend}."
    if title:
        chinese, english = f"“{title}”：{chinese}", f"“{title}”: {english}"
    return words_in((chinese, english), language)


def kept_files(papers: Sequence[Held]) -> tuple[KeptFile, ...]:
    """Return the files a form carries along, as the page lists them."""
    return tuple(
        KeptFile(p.ticket(), p.name, p.title, p.extension, p.size, p.digest, p.active)
        for p in papers
    )
