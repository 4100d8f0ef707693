"""One mutant: a small wrong change to one expression, under a name that outlives moved lines."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("access", "cases", "petitions", "accountability", "assessment")
"""The packages of `dengwen` whose conditions and constants are changed."""
NAME_LENGTH = 10
"""Hexadecimal figures of a mutant's name: enough for ten thousand of them."""


@dataclass(frozen=True)
class Mutant:
    """A change of the characters `start` to `end` of a file into `by`."""

    file: str
    within: str
    """The function it stands in, by its qualified name; for a constant the name of that."""
    text: str
    """The whole condition or statement the change is made in, on one line."""
    change: str
    """What is done: `<` → `<=`."""
    ordinal: int
    """Which of several that agree in all of the above."""
    line: int
    start: int
    end: int
    by: str
    constant: str = ""
    """The UPPER_CASE name of the module whose value is changed; empty inside functions."""
    guards: bool = False
    """Whether it stands in a comparison of dates, persons or rights."""
    source: str = ""
    """The digest of the text its file had when it was listed."""

    @property
    def name(self) -> str:
        """The name it is known by in tables and data: the same wherever its lines move."""
        told = "\0".join((self.file, self.within, self.text, self.change, str(self.ordinal)))
        return hashlib.sha256(told.encode()).hexdigest()[:NAME_LENGTH]

    @property
    def package(self) -> str:
        """The package of `dengwen` it stands in."""
        return self.file.split("/")[1]

    def told(self) -> dict[str, Any]:
        """Return what is kept of it beside a result."""
        whole = asdict(self)
        return {key: whole[key] for key in ("file", "within", "text", "change", "guards")}

    def is_as_listed(self) -> bool:
        """Whether its file still has the text it was listed from: in another one the places of its
        change mean something else."""
        path = ROOT / self.file
        return path.exists() and digest(path.read_text(encoding="utf-8")) == self.source

    def mutated(self, source: str) -> str:
        """Return the text of its file with the change made."""
        return source[: self.start] + self.by + source[self.end :]


def digest(source: str) -> str:
    """Return by what a text of a file is known again."""
    return hashlib.sha256(source.encode()).hexdigest()


def module_name(file: str) -> str:
    """Return under which name Python knows a file, by its path from the root."""
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def files(places: tuple[str, ...] = ()) -> list[Path]:
    """Return the files to change, or those of them under the places named."""
    found = [
        path
        for package in PACKAGES
        for path in sorted((ROOT / "dengwen" / package).rglob("*.py"))
        if "migrations" not in path.parts
    ]
    asked = [str((ROOT / _under(place)).resolve()) for place in places]
    return [p for p in found if not asked or any(_is_in(str(p), place) for place in asked)]


def _under(place: str) -> str:
    """Return a place as a path from the root: `access` is `dengwen/access`."""
    return place if place.startswith("dengwen/") else f"dengwen/{place}"


def _is_in(path: str, place: str) -> bool:
    return path == place or path.startswith(place.rstrip("/") + "/")
