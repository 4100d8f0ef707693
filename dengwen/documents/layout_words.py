"""The form in which the common layout keeps its words, the same for every document."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wording:
    """What the common layout says: a sentence before, which contents in which order, a sentence
    after.

    Sentences may hold {case}, {day}, {organ}, {recusal} and {under}. `letter` is False for forms
    that are kept in the file; `table` prints the contents as rows. `declared`: the contents are
    the fields of the act that issues it, as the pack declares them.
    """

    zh: str = ""
    en: str = ""
    contents: tuple[str, ...] = ()
    after_zh: str = ""
    after_en: str = ""
    letter: bool = True
    table: bool = False
    declared: bool = False

    @property
    def after(self) -> tuple[str, str]:
        """The sentence after the contents, in both languages."""
        return (self.after_zh, self.after_en)
