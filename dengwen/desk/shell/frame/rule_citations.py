"""How a page of the desk cites the rules of its place: as the packs there state it, and not at all
where they state nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property

from dengwen.cases import rulebooks
from dengwen.law.bilingual import Language, words_in
from dengwen.law.liability.provisions import in_force
from dengwen.law.liability.stated_rules import CitedRule

BRACKETED = ("（{cite}）", " ({cite})")


class Citations(Mapping[str, str]):
    """Citations by the name of the rule (`[[cited]]`), each in brackets; "" for a rule that this
    place has not. The rules are read when the first is asked for."""

    def __init__(self, day: date, place: str, language: Language) -> None:
        """Cite the rules of a day at a place in the language of the page."""
        self._day, self._place, self._language = day, place, language

    @cached_property
    def _stated(self) -> Mapping[str, CitedRule]:
        return in_force(rulebooks.library(), self._day, self._place).cited

    def __getitem__(self, name: str) -> str:
        """Return the citation of a rule in brackets, "" where this place has none."""
        rule = self._stated.get(name)
        if rule is None:
            return ""
        return words_in(BRACKETED, self._language).format(cite=words_in(rule, self._language))

    def __iter__(self) -> Iterator[str]:
        """Yield the names of the rules that this place has."""
        return iter(self._stated)

    def __len__(self) -> int:
        """Return how many rules this place has."""
        return len(self._stated)
