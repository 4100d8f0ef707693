"""The rules and calendars this office judges by: installed packs, kept word for word, and
notices as entered."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from config.effects import EFFECTS
from dengwen.editions.as_of import Settings, calendars_as_of, settings_of
from dengwen.editions.installed_packs import install
from dengwen.editions.models import CalendarNotice, InstalledRulebook, LocalSetting
from dengwen.law.packs.library import Library, Rulebook
from dengwen.law.packs.pack import Pack
from dengwen.law.packs.storage import from_text, to_text
from dengwen.law.time.calendar import CalendarHistory
from dengwen.store.driver import run
from dengwen.store.row_queries import newest_id, read

MOST_DAYS = 4096
"""Days whose rules a process keeps at hand before it begins anew."""


@dataclass(frozen=True, slots=True)
class Installed:
    """A rulebook together with the row under which this office keeps its text."""

    row: int
    book: Rulebook


@dataclass(slots=True)
class _Unsettled:
    """Rulebooks whose rows the running transaction put in: whether they stand, its end will say."""

    rows: dict[str, int] = field(default_factory=dict)
    books: dict[int, Rulebook] = field(default_factory=dict)


_unsettled: ContextVar[_Unsettled | None] = ContextVar("dengwen_rulebooks_unsettled", default=None)
_libraries: dict[Path, Library] = {}
_folders: dict[object, Path] = {}
"""By `settings.DATA` as it stands."""
_days: dict[tuple[Path, date, str], tuple[tuple[Pack, ...], Rulebook]] = {}
_rows: dict[str, int] = {}
_books: dict[int, Rulebook] = {}
_calendars: dict[int, CalendarHistory] = {}
_settings: dict[str, Settings] = {}


def forget() -> None:
    """Drop what this process keeps, after another pack was installed."""
    for kept in (_libraries, _folders, _days):
        kept.clear()
    forget_rows()


def forget_rows() -> None:
    """Drop what this process keeps by ids of rows: another database numbers them anew. Loaded
    packs stay."""
    for kept in (_rows, _books, _calendars, _settings):
        kept.clear()


@contextmanager
def until_commit() -> Iterator[None]:
    """Keep the rulebooks that a transaction puts in apart until it has ended well; stands around
    the transaction.

    A row put in by a call that is refused vanishes with it, so its id must not be remembered.
    """
    here = _Unsettled()
    token = _unsettled.set(here)
    try:
        yield
    finally:
        _unsettled.reset(token)
    _rows.update(here.rows)
    _books.update(here.books)


def rolled_back() -> None:
    """Forget the rulebooks of the running transaction: it went back to a savepoint, perhaps to
    before them."""
    here = _unsettled.get()
    if here is not None:
        here.rows.clear()
        here.books.clear()


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
    here = _unsettled.get()
    row = _rows.get(book.digest) or (here and here.rows.get(book.digest))
    if not row:
        row = install(book.title[:200], to_text(packs), now).id
        rows, books = (_rows, _books) if here is None else (here.rows, here.books)
        rows[book.digest], books[row] = row, book
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
    number, here = int(row), _unsettled.get()
    if here is not None and number in here.books:
        return here.books[number]
    book = _books.get(number)
    if book is None:
        book = from_text(InstalledRulebook.objects.values_list("source", flat=True).get(id=number))
        (_books if here is None else here.books)[number] = book
    return book


_call: ContextVar[CalendarHistory | None] = ContextVar("dengwen_calendars_of_call", default=None)
_call_settings: ContextVar[Settings | None] = ContextVar("dengwen_settings_of_call", default=None)

SETTINGS_STAND = "(SELECT count(*) || '/' || coalesce(max(id), 0) FROM editions_localsetting)"
NEWEST = f"(SELECT max(id) FROM editions_calendarnotice), {SETTINGS_STAND}"  # noqa: S608  # our own
"""What a caller of `within_call` may ask beside other things: the newest notice, and how the
local settings stand."""


@contextmanager
def within_call(newest: int | None = None, settings_stand: str = "") -> Iterator[None]:
    """Ask for the newest notice once in a call of the write door (or in several of one commit); an
    act that enters one ends the memory. `newest` is its id, and `settings_stand` how the settings
    stand, for a caller that asked `NEWEST`.
    """
    if _call.get() is not None:
        yield
        return
    if newest is None:
        found, settings_stand = run(f"SELECT {NEWEST}")[0]  # our own
        newest = found or 0
    token = _call.set(calendars(newest))
    settings_token = _call_settings.set(_local_settings(settings_stand))
    try:
        yield
    finally:
        _call.reset(token)
        _call_settings.reset(settings_token)


def calendars_changed() -> None:
    """Forget what the running call knows of calendars and local settings: an effect entered one."""
    if _call.get() is not None:
        _call.set(None)
        _call_settings.set(None)


def local_settings(key: str) -> Settings:
    """Return the local settings with this key; a call of the write door asks once for all."""
    kept = _call_settings.get()
    return Settings(tuple(read(LocalSetting, "key", key))) if kept is None else kept


def every_setting() -> Settings:
    """Return all local settings; they are read anew only when another one was entered."""
    kept = _call_settings.get()
    if kept is not None:
        return kept
    if (
        connection.in_atomic_block
    ):  # what a transaction sees may be rolled back, and its ids given out again
        return settings_of("")
    ((stand,),) = run(f"SELECT {SETTINGS_STAND}")  # our own
    return _local_settings(str(stand))


def _local_settings(stand: str) -> Settings:
    found = _settings.get(stand)
    if (
        found is None
        # other threads forget and keep at the same time: what was found is returned, not looked up
        # again
    ):
        found = settings_of("")
        _settings.clear()
        _settings[stand] = found
    return found


def calendars(newest: int | None = None) -> CalendarHistory:
    """Return the calendar delivered with the packs and every notice entered since, in the order of
    entry.

    `newest` is the id of the newest notice, for a caller that has just asked (0 where there is
    none).
    """
    kept = _call.get()
    if kept is not None:
        return kept
    if newest is None:
        newest = newest_id(CalendarNotice)
    found = _calendars.get(newest)
    if found is None:
        found = CalendarHistory.of(library().calendar, calendars_as_of())
        _calendars.clear()
        _calendars[newest] = found
    return found
