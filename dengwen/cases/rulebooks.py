"""The rules and calendars this office judges by: installed packs, kept word for word, and
notices as entered.

A process keeps what cannot change: packs as loaded, and rows as they stand committed. A call of the
write door has `RulesOfCall`, for what its own transaction puts in may be rolled back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import connection

from config.effects import EFFECTS
from dengwen.editions.as_of import Settings, calendars_as_of, settings_of
from dengwen.editions.installed_packs import install
from dengwen.editions.models import InstalledRulebook, LocalSetting
from dengwen.law.indicators.indicator import Scheme
from dengwen.law.indicators.scheme_file import load_schemes
from dengwen.law.packs.library import Library, Rulebook
from dengwen.law.packs.pack import Pack
from dengwen.law.packs.storage import from_text, to_text
from dengwen.law.time.calendar import CalendarHistory

MOST_DAYS = 4096
"""Days whose rules a process keeps at hand before it begins anew."""


@dataclass(frozen=True, slots=True)
class Installed:
    """A rulebook together with the row under which this office keeps its text."""

    row: int
    book: Rulebook


class Rules(Protocol):
    """By which rules and calendars acts are read: this module, or those of a running call."""

    def by_row(self, row: int | str) -> Rulebook:
        """Return the rulebook kept under a row id."""

    def calendars(self) -> CalendarHistory:
        """Return the calendar and every notice entered."""

    def local_settings(self, key: str) -> Settings:
        """Return the local settings, those with this key at least."""


_libraries: dict[Path, Library] = {}
_schemes: dict[Path, Mapping[str, Scheme]] = {}
_folders: dict[object, Path] = {}
"""By `settings.DATA` as it stands."""
_days: dict[tuple[Path, date, str], tuple[tuple[Pack, ...], Rulebook]] = {}
_sources: dict[str, str] = {}
"""The text to keep of a rulebook, by its digest."""
_read: dict[str, Rulebook] = {}
"""Rulebooks as read from their kept text, by the digest of that."""
_rows: dict[str, int] = {}
_books: dict[int, Rulebook] = {}
_calendars: dict[str, CalendarHistory] = {}
_settings: dict[str, Settings] = {}


def forget() -> None:
    """Drop what this process keeps, after another pack was installed."""
    for kept in (_libraries, _schemes, _folders, _days, _sources):
        kept.clear()
    forget_rows()


def forget_rows() -> None:
    """Drop what this process keeps by ids of rows: another database numbers them anew. Loaded
    packs stay."""
    for kept in (_rows, _books, _calendars, _settings):
        kept.clear()


def packs_folder() -> Path:
    """Return the folder of the packs this office installed, or of those delivered with the
    program."""
    data: object = settings.DATA
    if data not in _folders:
        own = Path(settings.DATA) / "packs"
        _folders[data] = own if (own / "calendar").is_dir() else Path(settings.ROOT) / "packs"
    return _folders[data]


def library() -> Library:
    """Return the installed packs, loaded and checked once per process."""
    folder = packs_folder()
    if folder not in _libraries:
        _libraries[folder] = Library.load(folder, EFFECTS)
    return _libraries[folder]


def schemes() -> Mapping[str, Scheme]:
    """Return the schemes of assessment that the installed packs bring, by id, read and checked once
    per process."""
    folder = packs_folder()
    if folder not in _schemes:
        _schemes[folder] = load_schemes(folder)
    return _schemes[folder]


def _composed(day: date, place: str) -> tuple[tuple[Pack, ...], Rulebook]:
    """Return the packs in force and what they make together; the days an office asks about are
    few and kept."""
    key = packs_folder(), day, place
    found = _days.get(key)
    if found is None:
        packs = tuple(library().in_force(day, place))
        found = packs, library().compose(packs)
        if len(_days) >= MOST_DAYS:
            _days.clear()
        _days[key] = found
    return found


def in_force(day: date, place: str, now: datetime) -> Installed:
    """Return the rules in force on `day` at `place`, keeping their text at first use (`now` says
    when)."""
    packs, book = _composed(day, place)
    row = _rows.get(book.digest)
    if row is None:
        source = _sources.get(book.digest)
        if source is None:
            source = _sources[book.digest] = to_text(packs)
        row = install(book.title[:200], source, now).id
        if not connection.in_atomic_block:
            _rows[book.digest], _books[row] = row, book
    return Installed(row, book)


def knows(kind: str, day: date, place: str) -> bool:
    """Say whether the rules in force on a day at a place know a procedure; nothing of them is
    kept by being asked."""
    return kind in _composed(day, place)[1].kinds


def rules_on(day: date, place: str) -> Rulebook:
    """Return the rules in force on a day at a place; nothing of them is kept by being asked."""
    return _composed(day, place)[1]


def texts(day: date, place: str) -> tuple[tuple[str, str, date], ...]:
    """Return the texts in force on a day at a place: each in Chinese and English, with its first
    day."""
    packs, _book = _composed(day, place)
    return tuple((p.zh, p.en, p.since) for p in packs)


def by_row(row: int | str) -> Rulebook:
    """Return the rulebook kept under a row id: the one an act was judged by, whatever is
    installed now."""
    number = int(row)
    book = _books.get(number)
    if book is None:
        book = _read_book(number)
        if not connection.in_atomic_block:
            _books[number] = book
    return book


def _read_book(number: int) -> Rulebook:
    """Return the rulebook of a row, its text read once a process."""
    rows = InstalledRulebook.objects.filter(id=number)
    digest = rows.values_list("digest", flat=True).get()
    book = _read.get(digest)
    if book is None:
        book = _read[digest] = from_text(rows.values_list("source", flat=True).get())
    return book


_STAND = "(SELECT count(*) || '/' || coalesce(max(id), 0) FROM {})"
_NOTICES = _STAND.format("editions_calendarnotice")
_SETTINGS = _STAND.format("editions_localsetting")
STAND = f"{_NOTICES}, {_SETTINGS}"
"""How the calendar notices and the local settings stand, for a caller of `of_transaction` who asks
other things as well."""


def _stand(what: str) -> tuple[str, ...]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {what}")
        return tuple(map(str, cursor.fetchone() or ()))


def local_settings(key: str) -> Settings:
    """Return the local settings with this key."""
    return Settings(tuple(LocalSetting.objects.filter(key=key).order_by("id")))


def every_setting() -> Settings:
    """Return all local settings; they are read anew only when another one was entered."""
    if connection.in_atomic_block:
        # what a transaction sees may be rolled back, and its ids given out again
        return settings_of("")
    (stand,) = _stand(_SETTINGS)
    return _settings_at(stand)


def _settings_at(stand: str) -> Settings:
    found = _settings.get(stand)
    if found is None:
        # other threads forget and keep at the same time: what was found is returned, not looked up
        # again
        found = settings_of("")
        _settings.clear()
        _settings[stand] = found
    return found


def calendars() -> CalendarHistory:
    """Return the calendar delivered with the packs and every notice entered since, in the order of
    entry."""
    (stand,) = _stand(_NOTICES)
    found = _calendars.get(stand)
    if found is None:
        return _read_calendars() if connection.in_atomic_block else _calendars_at(stand)
    return found


def _calendars_at(stand: str) -> CalendarHistory:
    found = _calendars.get(stand)
    if found is None:
        found = _read_calendars()
        _calendars.clear()
        _calendars[stand] = found
    return found


def _read_calendars() -> CalendarHistory:
    return CalendarHistory.of(library().calendar, calendars_as_of())


@dataclass(slots=True)
class RulesOfCall:
    """The rules, calendars and local settings of one transaction of the write door.

    Calendars and settings are asked for once; an act that enters one ends the memory. Rulebooks
    whose rows the transaction puts in are kept here until it has ended well: a row put in by a call
    that is refused vanishes with it, so its id must not be remembered.
    """

    _rows: dict[str, int] = field(default_factory=dict)
    _books: dict[int, Rulebook] = field(default_factory=dict)
    _calendars: CalendarHistory | None = None
    _settings: Settings | None = None

    def begin(self, notices: str = "", settings_stand: str = "") -> None:
        """Learn the calendars and settings as the transaction finds them, before it writes.

        `notices` and `settings_stand` say how they stand, for a caller that asked `STAND`.
        """
        if not settings_stand:
            notices, settings_stand = _stand(STAND)
        self._calendars = _calendars_at(notices)
        self._settings = _settings_at(settings_stand)

    def in_force(self, day: date, place: str, now: datetime) -> Installed:
        """Return the rules in force on `day` at `place`, keeping their text at first use."""
        _packs, book = _composed(day, place)
        row = _rows.get(book.digest) or self._rows.get(book.digest)
        if row is None:
            row = self._rows[book.digest] = in_force(day, place, now).row
            self._books[row] = book
        return Installed(row, book)

    def by_row(self, row: int | str) -> Rulebook:
        """Return the rulebook kept under a row id: the one an act was judged by."""
        number = int(row)
        book = self._books.get(number)
        if book is None:
            book = self._books[number] = by_row(number)
        return book

    def calendars(self) -> CalendarHistory:
        """Return the calendar delivered with the packs and every notice entered since."""
        if self._calendars is None:
            self._calendars = calendars()
        return self._calendars

    def local_settings(self, key: str) -> Settings:
        """Return the local settings, those with this key at least."""
        return local_settings(key) if self._settings is None else self._settings

    def calendars_changed(self) -> None:
        """Forget calendars and local settings: an effect entered one."""
        self._calendars = self._settings = None

    def rolled_back(self) -> None:
        """Forget what the transaction put in: it went back to a savepoint, perhaps to before."""
        self._rows.clear()
        self._books.clear()
        self.calendars_changed()

    def settle(self) -> None:
        """Let the process keep the rulebooks that now stand committed."""
        _rows.update(self._rows)
        _books.update(self._books)


@contextmanager
def of_transaction() -> Iterator[RulesOfCall]:
    """Give the rules for a transaction; stands around it, so that what it put in is kept only when
    it has ended well."""
    rules = RulesOfCall()
    yield rules
    rules.settle()
