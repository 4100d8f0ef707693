"""Tables of the pages that are made."""

from __future__ import annotations

from collections.abc import Iterable


def _cell(text: str) -> str:
    """A text that may stand in a table."""
    return text.replace("|", "\\|").replace("\n", " ")


def _row(*cells: str) -> str:
    """One line of a table."""
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    """A table, or nothing where it would have no rows."""
    lines = [_row(*row) for row in rows]
    return [_row(*head), "|" + "---|" * len(head), *lines, ""] if lines else []
