"""Codes in words: categories by the pack, places by the registry, and what an organ is competent
for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from dengwen.cases.read.case_view import blank_file
from dengwen.desk.shell.frame.seat import Seat
from dengwen.law.bilingual import Language, words_in
from dengwen.law.packs.rules import ActRule
from dengwen.organs.kinds import ANY_CATEGORY
from dengwen.organs.structure.jurisdiction import Candidate
from dengwen.organs.structure.lines import places_named, places_on
from dengwen.ui.components import Choice, FieldType
from dengwen.ui.form_fields import Word

MOST_PLACE = 100
"""Characters of a place that are looked up: no name is longer."""
FEW_PLACES = 60
"""Up to so many places are all offered; with more, their names are typed."""


def option_words(rule: ActRule | None, name: str, language: Language) -> dict[str, str]:
    """Return the words for the options of a field of an act, by code; none where the edition does
    not ask for it."""
    asked = rule.field_rule(name) if rule is not None else None
    if asked is None:
        return {}
    return {code: words_in(pair, language) for code, pair in asked.option_names.items()}


def names_of(seat: Seat, dimension: str) -> dict[str, str]:
    """Return the words for the codes of a dimension, from the pack; places keep their codes."""
    place = seat.organ.division_code if seat.organ else ""
    register = blank_file("petition", place, seat.now).kind.acts["register"]
    return option_words(register, dimension, seat.language)


def quarter_words(seat: Seat, year: int, quarter: int) -> str:
    """Return a quarter in words: 2025 年第一季度, Q1 2025."""
    pair = (f"{year} 年第{'一二三四'[quarter - 1]}季度", f"Q{quarter} {year}")
    return words_in(pair, seat.language)


def place_names(seat: Seat, codes: set[str]) -> dict[str, str]:
    """Return the names of places by code, as far as the registry knows them."""
    known = places_on(seat.today, codes)
    return {code: words_in(names, seat.language) for code, names in known.items()}


def place_choices(seat: Seat, typed: str) -> tuple[Choice, ...]:
    """Return the places to choose from, none where there are too many to list."""
    known = places_on(seat.today, most=FEW_PLACES + 1)
    if len(known) > FEW_PLACES:
        return ()
    offered = {code: words_in(names, seat.language) for code, names in known.items()}
    if typed and typed not in offered:
        offered[typed] = typed
    choices = []
    for code, name in offered.items():
        words = f"{name}（{code}）" if name != code else code
        choices.append(Choice(code, words, code == typed))
    return tuple(choices)


def read_place(text: str, day: date) -> tuple[str, str]:
    """Return the code of a place as chosen or typed, and what is wrong with it ("" where nothing
    is)."""
    if not text or text.isdigit():
        return text, ""
    found = places_named(text, day)
    if len(found) == 1:
        return found[0], ""
    if found:
        return text, _("叫这个名字的地方不止一个：%(codes)s。请填其中一个代码。") % {
            "codes": "、".join(found)
        }
    return text, _("名录里没有叫这个名字的地方。请从列表中选择，或者填名称全称。")


def place_hint(seat: Seat) -> str:
    """Return what stands beside a field that asks for a place."""
    if place_choices(seat, ""):
        return _("不选为本单位所在地")
    return _("填名称全称，例如“云江区”，或者行政区划代码；不填为本单位所在地")


class PlaceAsked(Word):
    """Asks for a place: its code as chosen or typed, or its name."""

    type: FieldType = "division"
    seat: Seat

    def hint_words(self) -> str:
        """Return how a place is named."""
        return place_hint(self.seat)

    def offered(self, typed: Sequence[str], search: str) -> tuple[Choice, ...]:
        """Return the places to choose from, none where there are too many to list."""
        del search
        return place_choices(self.seat, "".join(typed[:1]))

    def value_of(self, text: str) -> str:
        """Return the code of the place."""
        code, wrong = read_place(text[:MOST_PLACE], self.seat.today)
        if wrong:
            raise ValidationError(wrong)
        return code


def place_asked(seat: Seat, label: str) -> PlaceAsked:
    """Return the field that asks for a place."""
    field = PlaceAsked(label)
    field.seat = seat
    return field


def competence_words(
    one: Candidate, categories: Mapping[str, str], places: Mapping[str, str]
) -> str:
    """Return why an organ is offered: main or assisting, its registered category and place, in
    words."""
    where = places.get(one.competence.division_code, one.competence.division_code)
    every = _("全部类别") if one.competence.category == ANY_CATEGORY else one.competence.category
    what = categories.get(one.competence.category, every)
    words = {"what": what, "where": where}
    if one.part == "main":
        return _("问题发生地主责；登记的职权：%(what)s，范围：%(where)s") % words
    return _("户籍地、居住地等协助；登记的职权：%(what)s，范围：%(where)s") % words
