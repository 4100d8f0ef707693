"""Words that a lawyer writes twice, beside the article: in Chinese, which counts, and in English.

Rules of packs, refusals and errors carry such pairs. Here, and nowhere else, one of the two is
chosen; words of the program itself are in the catalogues of gettext (ADR 8).
"""

from __future__ import annotations

from typing import Literal, Protocol

Language = Literal["zh", "en"]
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
"""Months in English; whoever prints dates has them here, as the words of a locale may change."""


class Bilingual(Protocol):
    """Whatever says one thing in two languages."""

    @property
    def zh(self) -> str:
        """The Chinese words, which count in law."""

    @property
    def en(self) -> str:
        """The English words, which translate them."""


def words_in(of: Bilingual | tuple[str, str], language: Language) -> str:
    """Return the words in the language, of a rule or of a pair (Chinese, English)."""
    chinese, english = of if isinstance(of, tuple) else (of.zh, of.en)
    return chinese if language == "zh" else english


def headline(of: Bilingual | tuple[str, str], language: Language) -> str:
    """Return the words as they begin a line or a cell: English ones with a capital."""
    text = words_in(of, language)
    return text[:1].upper() + text[1:]
