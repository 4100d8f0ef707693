"""What a page read that is not yet a form: values, what is wrong with which field, and files."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import ValidationError

from dengwen.cases.files.held_files import Held, Paper
from dengwen.cases.files.paper_field import Files, PaperField
from dengwen.desk.shell.act.code_words import read_place
from dengwen.desk.shell.frame.seat import Seat
from dengwen.law.duties.step import FieldValue


@dataclass(slots=True)
class Filled:
    """What a page carried: values for the step, what is wrong with which field, and the files of
    each field."""

    values: dict[str, FieldValue] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    papers: list[Paper] = field(default_factory=list)
    kept: dict[str, list[Held]] = field(default_factory=dict)
    full: bool = False
    occurred: datetime | None = None

    def wrong(self, name: str, error: str) -> None:
        """Note an error at a field."""
        self.errors.setdefault(name, []).append(error)


def read_papers(seat: Seat, name: str, filled: Filled, *, several: bool = True) -> list[Held]:
    """Take the files of one field: those the form carries already and those just chosen."""
    asked = PaperField(type="digests" if several else "digest")
    asked.clock = lambda: seat.now
    try:
        asked.clean(Files().value_from_datadict(seat.request.POST, seat.request.FILES, name))
    except ValidationError as error:
        for words in error.messages:
            filled.wrong(name, words)
    filled.full = filled.full or asked.found.full
    if asked.found.papers:
        filled.kept[name] = asked.found.papers
    return asked.found.papers


def place_typed(seat: Seat, text: str, filled: Filled, name: str) -> str:
    """Return the code of a place as chosen or typed, or note at its field why it is none."""
    code, wrong = read_place(text, seat.today)
    if wrong:
        filled.wrong(name, wrong)
    return code
