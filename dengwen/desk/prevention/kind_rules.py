"""The rules in force here for a kind of case of prevention, and what they name, in words."""

from __future__ import annotations

from dengwen.cases.read.case_view import blank_file
from dengwen.desk.shell.frame.seat import Seat
from dengwen.law.bilingual import words_in
from dengwen.law.packs.rules import KindRule


def rules_of(seat: Seat, kind: str) -> KindRule | None:
    """Return the rules of a kind in force at the seat's organ today, None where it knows none."""
    place = seat.organ.division_code if seat.organ else ""
    try:
        return blank_file(kind, place, seat.now).kind
    except KeyError:
        return None


def state_words(seat: Seat, rules: KindRule, state: str) -> str:
    """Return a state of a kind in the language of the page, "" for one the rules do not know."""
    found = rules.states.get(state)
    return "" if found is None else words_in(found, seat.language)


def option(rule: KindRule, act: str, field: str, value: str, seat: Seat) -> str:
    """Return the name of an option of an act's field in the language of the page."""
    asked = rule.acts[act].field_rule(field)
    names = asked.option_names.get(value) if asked else None
    return value if names is None else words_in(names, seat.language)
