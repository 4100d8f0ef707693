"""Handing out what was frozen: the whole folder to who assesses, to an organ its own part of it, as
one archive.

Before the circular an organ reads its own figures alone, and after it none of others below ten:
facts of others, day by day, would tell more. So its part holds its own facts and decisions, with
the head of the manifest, by which the part can be checked against the digest that was frozen
(`sealing`). No file names a case: facts and cases bear names of the run.
"""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from dengwen.assessment.frozen import manifest
from dengwen.assessment.frozen.frozen_tables import (
    EXCLUSIONS,
    FACTS,
    FILES,
    ORGANS,
    PAST,
    Assessed,
    Exclusion,
    Fact,
    sha256_of,
    write,
)
from dengwen.assessment.frozen.manifest_digest import part_of, rows_of, write_marks
from dengwen.law.indicators.scheme_toml import scheme_text

SCHEME = "scheme.toml"


def write_part(folder: Path, organ: int, target: Path) -> dict[str, Any]:
    """Write one organ's part of a frozen folder into another folder and return its manifest.

    LookupError where the organ is not in the population.
    """
    said = manifest.read_file(folder / manifest.NAME)
    part = part_of(said, organ)
    if not part["population"]:
        raise LookupError(f"organ {organ} is not assessed")
    target.mkdir(parents=True, exist_ok=True)
    part["rows"] = _write_tables(folder, organ, part, target)
    part["files"] = {name: sha256_of(target / name) for name in FILES}
    (target / manifest.NAME).write_bytes(manifest.text_of(part) + b"\n")
    return part


def _write_tables(folder: Path, organ: int, part: Mapping[str, Any], target: Path) -> int:
    """Write the facts, decisions and marks of one organ and return how many facts of the period
    there are."""
    joined: dict[int, int] = dict(part["past"]["joined"])
    _corrected, decided = manifest.decided(part)
    organs = [Assessed(**row) for row in part["population"]]
    exclusions = [Exclusion(**row) for row in decided]
    own = _facts(folder / FACTS, lambda whose: whose == organ)
    past = _facts(folder / PAST, lambda whose: joined.get(whose, whose) == organ)
    rows = write(target / FACTS, FACTS, own)
    write(target / PAST, PAST, past)
    write(target / ORGANS, ORGANS, organs)
    write(target / EXCLUSIONS, EXCLUSIONS, exclusions)
    write_marks(target)
    return rows


def _facts(path: Path, wanted: Callable[[int], bool]) -> Iterator[Fact]:
    """Return the facts of a file whose organ is wanted."""
    for row in rows_of(path):
        fact = Fact(*row)
        if wanted(fact.organ):
            yield fact


def archive(folder: Path, into: IO[bytes]) -> None:
    """Write manifest, tables and scheme of a frozen folder as one zip archive; the same folder
    gives the same bytes."""
    said: Mapping[str, Any] = manifest.read_file(folder / manifest.NAME)
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as held:
        with held.open(_entry(SCHEME), "w") as file:
            file.write(scheme_text(json.loads(said["scheme"]["body"])).encode())
        for name in (manifest.NAME, *FILES):
            with (
                held.open(_entry(name), "w", force_zip64=True) as file,
                (folder / name).open("rb") as source,
            ):
                shutil.copyfileobj(source, file)


def _entry(name: str) -> zipfile.ZipInfo:
    """Return the head of an archive entry: without a time of its own it bears the first an archive
    knows, so that the same files give the same bytes at any moment."""
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry
