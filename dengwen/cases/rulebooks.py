"""The rules and calendars this office judges by: installed packs, kept word for word, and notices as entered."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.conf import settings

from config.effects import EFFECTS
from dengwen.editions.installing import install
from dengwen.editions.models import CalendarNotice, InstalledRulebook
from dengwen.editions.reading import calendars_as_of
from dengwen.law.calendar import CalendarHistory
from dengwen.law.library import Library, Rulebook
from dengwen.law.stored import from_text, to_text


@dataclass(frozen=True, slots=True)
class Installed:
    """A rulebook together with the row under which this office keeps its text."""

    row: int
    book: Rulebook


_libraries: dict[Path, Library] = {}
_rows: dict[str, int] = {}
_books: dict[int, Rulebook] = {}
_calendars: dict[int, CalendarHistory] = {}


def forget() -> None:
    """Drop what this process keeps: after another pack was installed, and between tests."""
    for kept in (_libraries, _rows, _books, _calendars):
        kept.clear()


def packs_folder() -> Path:
    """Return the folder of the packs this office installed, or of those delivered with the program."""
    own = Path(settings.DATA) / "packs"
    return own if (own / "calendar").is_dir() else Path(settings.ROOT) / "packs"


def library() -> Library:
    """Return the installed packs, loaded and checked once per process."""
    folder = packs_folder()
    if folder not in _libraries:
        _libraries[folder] = Library.load(folder, EFFECTS)
    return _libraries[folder]


def in_force(day: date, place: str, now: datetime) -> Installed:
    """Return the rules in force on `day` at `place`, keeping their text at first use (`now` says when)."""
    packs = tuple(library().in_force(day, place))
    book = library().compose(packs)
    if book.digest not in _rows:
        _rows[book.digest] = install(book.title[:200], to_text(packs), now).id
        _books[_rows[book.digest]] = book
    return Installed(_rows[book.digest], book)


def by_row(row: int | str) -> Rulebook:
    """Return the rulebook kept under a row id: the one an act was judged by, whatever is installed now."""
    number = int(row)
    if number not in _books:
        _books[number] = from_text(InstalledRulebook.objects.values_list("source", flat=True).get(id=number))
    return _books[number]


_call: ContextVar[CalendarHistory | None] = ContextVar("dengwen_calendars_of_call", default=None)


@contextmanager
def within_call() -> Iterator[None]:
    """Ask for the newest notice once in a call of the write door; an act that enters one ends the memory."""
    token = _call.set(calendars())
    try:
        yield
    finally:
        _call.reset(token)


def calendars_changed() -> None:
    """Forget what the running call knows of calendars: an effect entered a notice."""
    if _call.get() is not None:
        _call.set(None)


def calendars() -> CalendarHistory:
    """Return the calendar delivered with the packs and every notice entered since, in the order of entry."""
    kept = _call.get()
    if kept is not None:
        return kept
    newest = CalendarNotice.objects.order_by("-id").values_list("id", flat=True).first() or 0
    if newest not in _calendars:
        _calendars.clear()
        _calendars[newest] = CalendarHistory.of(library().calendar, calendars_as_of())
    return _calendars[newest]
