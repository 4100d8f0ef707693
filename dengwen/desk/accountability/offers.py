"""What a field offers to choose: values with their words, some of them chosen already."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from dengwen.desk.shell.frame.seat import organ_name
from dengwen.law.bilingual import Language
from dengwen.organs.models import Organ
from dengwen.ui.components import Choice

Offered = Sequence[tuple[str, str]]
"""Values of a field, each with its words."""


def as_choices(offered: Iterable[tuple[str, str]], chosen: Collection[str]) -> tuple[Choice, ...]:
    """Return values with their words as choices, those marked that were chosen."""
    return tuple(Choice(value, words, value in chosen) for value, words in offered)


def organs_offered(organs: Iterable[Organ], language: Language) -> Offered:
    """Return organs by their ids, each with its name."""
    return [(str(organ.pk), organ_name(organ, language)) for organ in organs]
