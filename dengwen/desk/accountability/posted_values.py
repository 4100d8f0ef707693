"""Values of the hand-made forms of accountability as they were posted."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import QueryDict


def posted_words(post: QueryDict, name: str) -> tuple[str, ...]:
    """Return the single words of a field that can be given several times, parted by comma or
    space."""
    words: list[str] = []
    for text in post.getlist(name):
        words += text.replace("、", " ").replace(",", " ").split()
    return tuple(words)


def posted_numbers(post: QueryDict, name: str) -> tuple[str, ...]:
    """Return the numbers ticked in a field, as they are written on the board."""
    return tuple(value for value in post.getlist(name) if value.isdecimal())


def posted_texts(post: QueryDict, names: Iterable[str]) -> dict[str, str]:
    """Return the texts that were filled in; empty ones are left out."""
    typed = {name: post.get(name, "").strip() for name in names}
    return {name: text for name, text in typed.items() if text}
