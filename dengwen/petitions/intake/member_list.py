"""A list of people as typed or as a file: one line a person, with name, telephone, address.

Each wrong row says why. Nothing here knows a case; what was read is written as tab-separated lines
into sealed content (D2).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from dengwen.access.keys.blind_index import normalised

MOST_ROWS = 2_000
LONGEST_NAME, LONGEST_ADDRESS = 60, 200
PHONE = re.compile(r"\+?[0-9][0-9 \-]{5,18}")
HEADINGS = frozenset({"姓名", "name"})


@dataclass(frozen=True, slots=True)
class Person:
    """One person of a list."""

    name: str
    phone: str = ""
    address: str = ""

    def line(self) -> str:
        """Return the person as a line of sealed content."""
        return f"{self.name}\t{self.phone}\t{self.address}".rstrip("\t")


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong with a row, by its place in what was typed, in both languages with the mend."""

    row: int
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Roster:
    """The people read, and what could not be read. With an error nothing is written."""

    people: tuple[Person, ...]
    errors: tuple[RowError, ...]


def decoded(data: bytes) -> str:
    """Return the text of a list file: UTF-8, else the encoding of older spreadsheets. ValueError
    for neither."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValueError("the file is neither UTF-8 nor GB 18030")


def read_roster(text: str, known: Sequence[Person] = ()) -> Roster:
    """Read a list; `known` are people entered before, so that nobody is entered twice."""
    people: list[Person] = []
    errors: list[RowError] = []
    seen: dict[tuple[str, str], int] = {_key(person): 0 for person in known}
    try:
        rows = _rows(text)
    except csv.Error:
        return Roster((), (_line_too_long(),))
    for row, cells in enumerate(rows, 1):
        if not any(cells) or (row == 1 and cells[0].casefold() in HEADINGS):
            continue
        person = _person(cells)
        wrong = _wrong(row, person, seen)
        if wrong is not None:
            errors.append(wrong)
            continue
        seen[_key(person)] = row
        people.append(person)
    if len(people) > MOST_ROWS:
        errors.append(_too_many())
    return Roster(tuple(people), tuple(errors))


def _person(cells: Sequence[str]) -> Person:
    """Return the person of a line: name, telephone, address, as many as are given."""
    return Person(*cells[:3])


def _line_too_long() -> RowError:
    """Return what is said of a line that the reader of lists cannot hold."""
    return RowError(1, "有一行太长，不像名单，请核对", "a line is too long for a list: check it")


def _too_many() -> RowError:
    """Return what is said of a list with more people than one step takes."""
    return RowError(
        MOST_ROWS + 1,
        f"一次最多 {MOST_ROWS} 行，请分次记",
        f"at most {MOST_ROWS} rows at a time",
    )


def _key(person: Person) -> tuple[str, str]:
    """Return by what two people of a list are the same: name and telephone."""
    return normalised("name", person.name), normalised("phone", person.phone)


def _rows(text: str) -> list[list[str]]:
    """Return the cells of each line; Chinese commas and tabs part them as commas do."""
    plain = text.replace("\x00", "").replace("，", ",").replace("、", ",").replace("\t", ",")
    return [_cells(row) for row in csv.reader(io.StringIO(plain))]


def _cells(row: Sequence[str]) -> list[str]:
    """Return the cells of a row, each with single spaces and none at its ends."""
    return [" ".join(cell.split()) for cell in row]


def _wrong(row: int, person: Person, seen: dict[tuple[str, str], int]) -> RowError | None:
    """Return what is wrong with a row, or None; `seen` has the rows before, 0 for those on the
    list."""
    if not person.name:
        return RowError(row, "没有姓名，请补上或者删去这一行", "no name: add it or delete the row")
    if len(person.name) > LONGEST_NAME or len(person.address) > LONGEST_ADDRESS:
        return RowError(
            row,
            f"姓名最多 {LONGEST_NAME} 字、住址最多 {LONGEST_ADDRESS} 字，请缩短",
            f"a name has at most {LONGEST_NAME} characters, an address {LONGEST_ADDRESS}: "
            "shorten it",
        )
    if person.phone and not PHONE.fullmatch(person.phone):
        return RowError(
            row,
            f"“{person.phone}”不像电话号码，请核对",
            f"“{person.phone}” is no telephone number: check it",
        )
    earlier = seen.get(_key(person))
    if earlier is None:
        return None
    if earlier == 0:
        return RowError(
            row, "先前已记在名单里，请删去这一行", "is on the list already: delete the row"
        )
    return RowError(
        row, f"与第 {earlier} 行相同，请删去一行", f"is the same as row {earlier}: delete one"
    )


def people_of(members: str) -> list[Person]:
    """Return the people of a stored list, in order."""
    return [_person(line.split("\t")) for line in members.splitlines() if line.strip()]
