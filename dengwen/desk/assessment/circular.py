"""What the board of a frozen assessment asks for its circular: a button for every scope, and to
whom it is handed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from dengwen.assessment.inputs import ASSESSMENT
from dengwen.cases import rulebooks
from dengwen.desk.shell.act.field_choices import OrganAsked
from dengwen.desk.shell.act.field_search import is_search, searches
from dengwen.desk.shell.frame.seat import Seat
from dengwen.law.bilingual import words_in
from dengwen.ui.form_fields import Area, AskedForm, Word, form_of

LATER = "later"
"""Chosen where the result is not handed to anybody now."""


def options_of(seat: Seat, act: str, name: str) -> dict[str, str]:
    """Return the values a field of an act of the pack may have, in words."""
    place = seat.organ.division_code if seat.organ else ""
    installed = rulebooks.in_force(seat.today, place, seat.now)
    rule = installed.book.kind(ASSESSMENT).acts[act]
    asked = rule.field_rule(name)
    if not asked:
        return {}
    words = {}
    for value in asked.options:
        words[value] = words_in(asked.option_names[value], seat.language)
    return words


class HandedTo(OrganAsked):
    """Asks to which organ the result goes, or that it goes to nobody now."""

    def value_of(self, text: str) -> object:
        """Return the row id of the organ, or that it is left for later."""
        return LATER if text == LATER else super().value_of(text)


def circular_form(seat: Seat) -> AskedForm:
    """Return the form of the circular: to whom the result goes and for what, and the scope."""
    asked = {
        "to": HandedTo(
            _("送交哪个机关、单位"), seat, needed=True, first=[(LATER, _("以后再送交"))]
        ),
        "use": Word(),
        "scope_text": Area(_("另行写明的通报范围"), rows=2, hint=_("选“另行写明”的必填")),
        "circular_scope": Word(),
    }
    form = form_of(seat.request, asked)
    return form.forgive() if is_search(seat) else form


def circular_part(seat: Seat) -> dict[str, Any]:
    """Return what the board asks for the circular: to whom the result goes and for what, and a
    button a scope."""
    form = circular_form(seat)
    uses = options_of(seat, "transmit", "use")
    both = (",".join(uses), _("两项都供参考"))
    use = form.typed("use")
    return {
        "hand_to": form.at("to"),
        "searches": searches(seat, [form.at("to")]),
        "scope_text": form.at("scope_text"),
        "uses": [(value, words, value == use) for value, words in (both, *uses.items())],
        "scopes": list(options_of(seat, "conclude", "circular_scope").items()),
    }
