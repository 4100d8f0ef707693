"""The delivered packs as loaded and checked once, for every process of tests that asks for them
(tests/made_once.py).

Reading and checking all packs takes seconds, and a run starts some hundred processes that need
them. Only what the repository delivers is kept: a folder of other words is read for real.
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Iterable
from pathlib import Path

from dengwen.law.packs.library import Library
from dengwen.law.packs.pack import CALENDAR_FOLDER, NOT_PACKS, PACK_FILE
from tests import made_once
from tests.made_once import KEPT, ROOT

DELIVERED = ROOT / "packs"
READERS = (("dengwen/law", "*.py"), ("requirements", "*.lock"))
"""What packs are read by."""

read_anew = Library.load


def files_of(root: Path) -> list[Path]:
    """Return the files a library is read from, below `root`."""
    heads = sorted(
        head for head in root.rglob(PACK_FILE) if not NOT_PACKS & {*head.relative_to(root).parts}
    )
    of_packs = [file for head in heads for file in sorted(head.parent.glob("*.toml"))]
    return [*of_packs, *sorted((root / CALENDAR_FOLDER).glob("*.toml"))]


def place(root: Path, effects: frozenset[str] | None, kept: Path = KEPT) -> Path:
    """Return where the library of these words lies, as this program reads it, made or not."""
    known = None if effects is None else sorted(effects)
    read_by = made_once.digest(made_once.files_of(READERS), (sys.version_info[:3],))
    words = made_once.digest(files_of(root), (read_by, known), root)
    return kept / f"library-{words}.pickle"


def load(root: Path, effects: Iterable[str] | None = None) -> Library:
    """Return the library below `root`: as it was kept, where the same words were read before."""
    known = None if effects is None else frozenset(effects)
    file = place(root, known)
    try:
        packs, calendar, made = pickle.loads(file.read_bytes())
    except FileNotFoundError:  # not made yet, or put away by another process
        library = read_anew(root, known)
        if root.resolve() == DELIVERED:
            made_once.keep(file, lambda whole: whole.write_bytes(written(library)))
        return library
    for pack in packs:
        object.__setattr__(pack, "folder", root / pack.id)  # the same words may lie elsewhere
    return Library(packs, calendar, known, _made=made)


def written(library: Library) -> bytes:
    """Return what is kept of a library: its packs, its calendar, and what they make together."""
    return pickle.dumps((library.packs, library.calendar, library._made))


def serve() -> None:
    """Let this process find the delivered packs read."""
    Library.load = staticmethod(load)  # type: ignore[method-assign]
