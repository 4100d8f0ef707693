"""What a chapter adds to the desk: entries of the navigation, and parts of pages that belong to the
shell.

The shell knows no chapter. A chapter declares itself in its `nav.py` and hands in what it adds;
`dengwen.desk.chapters`
names all of them, once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    from dengwen.cases.models import Case
    from dengwen.cases.read.case_view import CaseFile
    from dengwen.desk.shell.case.protected_text import Texts
    from dengwen.desk.shell.frame.seat import Seat
    from dengwen.law.packs.rules import ActRule
    from dengwen.ui.form_fields import AskedField

CasePart = Callable[["Seat", "CaseFile", "Texts"], Mapping[str, Any]]
"""Parts of the case page: names of its template, with what stands there."""
WayOn = Callable[["Seat", "CaseFile"], Mapping[str, Any]]
"""What can be begun from the case page: names of its template, with links."""
MatterPart = Callable[["Seat", "Case"], Mapping[str, Any]]
"""What a page about a matter shows of another chapter."""
FieldChoices = Callable[
    ["Seat", "CaseFile", "ActRule", Sequence["AskedField"], bool], tuple["AskedField", ...]
]
"""Puts what there is to choose into the fields of an act; `True` where nothing was typed yet."""
ValueWords = Callable[["Seat", "Case", str, str], str]
"""A value that a form carries (case, name of the field, value) as people read it; "" where the
chapter has no words."""


@dataclass(frozen=True, slots=True)
class Right:
    """What whoever sits at the desk may do for themselves or for their organ: in neutral words,
    in which case, on which page, until which day (None where no text gives one).

    `note` says where the day comes from, or what holds once it has passed.
    """

    words: str
    number: str
    href: str
    until: date | None
    note: str = ""


RightsOf = Callable[["Seat"], Iterable[Right]]
"""The rights of the person at the desk, or of the organ sat down for, that are open now: never
anybody else's."""


@dataclass(frozen=True, slots=True)
class NavEntry:
    """One entry of the navigation: its place from left to right, the name of its page, its
    words, and who sees it."""

    place: int
    page: str
    words: StrPromise
    shown: Callable[[Seat], bool]


@dataclass(frozen=True, slots=True)
class Chapter:
    """What one chapter adds."""

    nav: Sequence[NavEntry] = ()
    case_parts: Sequence[CasePart] = ()
    ways_on: Sequence[WayOn] = ()
    matter_parts: Sequence[MatterPart] = ()
    field_choices: Sequence[FieldChoices] = ()
    value_words: Sequence[ValueWords] = ()
    rights: Sequence[RightsOf] = ()


@dataclass(slots=True)
class _Desk:
    chapters: tuple[Chapter, ...] = field(default=())


_DESK = _Desk()


def join(chapters: Sequence[Chapter]) -> None:
    """Let the desk consist of these chapters, in the order in which their parts are asked."""
    _DESK.chapters = tuple(chapters)


def nav_entries() -> list[NavEntry]:
    """Return the navigation from left to right."""
    entries = [entry for chapter in _DESK.chapters for entry in chapter.nav]
    return sorted(entries, key=lambda entry: entry.place)


def case_parts(seat: Seat, file: CaseFile, texts: Texts) -> dict[str, Any]:
    """Return what the chapters put on the case page."""
    found: dict[str, Any] = {}
    for chapter in _DESK.chapters:
        for part in chapter.case_parts:
            found |= part(seat, file, texts)
    return found


def ways_on(seat: Seat, file: CaseFile) -> dict[str, Any]:
    """Return what the chapters let somebody begin from the case page."""
    found: dict[str, Any] = {}
    for chapter in _DESK.chapters:
        for way in chapter.ways_on:
            found |= way(seat, file)
    return found


def matter_parts(seat: Seat, case: Case) -> dict[str, Any]:
    """Return what other chapters show of a matter on a page about it."""
    found: dict[str, Any] = {}
    for chapter in _DESK.chapters:
        for part in chapter.matter_parts:
            found |= part(seat, case)
    return found


def with_choices(
    seat: Seat, file: CaseFile, rule: ActRule, fields: Sequence[AskedField], *, fresh: bool
) -> tuple[AskedField, ...]:
    """Return the fields of an act with what the chapters know there is to choose."""
    chosen = tuple(fields)
    for chapter in _DESK.chapters:
        for choose in chapter.field_choices:
            chosen = choose(seat, file, rule, chosen, fresh)
    return chosen


def words_of(seat: Seat, case: Case, name: str, value: str) -> str:
    """Return a value that a form carries as people read it: the words of the first chapter that
    has some."""
    for chapter in _DESK.chapters:
        for words in chapter.value_words:
            if said := words(seat, case, name, value):
                return said
    return value


def rights_of(seat: Seat) -> list[Right]:
    """Return what this person may do for themselves or for their organ now, the earliest last day
    first; those without a day come last."""
    found = [
        right for chapter in _DESK.chapters for rights in chapter.rights for right in rights(seat)
    ]
    return sorted(found, key=lambda right: (right.until or date.max, right.number, right.words))
