"""Numbers and query codes of a few practice matters, kept so that the follow page can be tried.

Codes are shown once and never stored in an office; in practice some are written into the folder's
marker file.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

MARKER = "practice"
KEPT = 5


def keep_codes(folder: Path, codes: Sequence[tuple[str, str]]) -> None:
    """Write the newest numbers with their codes into the marker of a practice folder."""
    newest = [pair for pair in codes if pair[1]][-KEPT:]
    (folder / MARKER).write_text(
        "".join(f"{number} {code}\n" for number, code in newest), encoding="utf-8"
    )


def kept_codes(folder: Path) -> list[tuple[str, str]]:
    """Return the numbers and codes kept in the marker of a practice folder."""
    lines = (folder / MARKER).read_text(encoding="utf-8").splitlines()
    kept: list[tuple[str, str]] = []
    for line in lines:
        number, _, code = line.partition(" ")
        if code:
            kept.append((number, code))
    return kept
