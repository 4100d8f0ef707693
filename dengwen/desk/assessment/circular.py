"""What the board of a frozen assessment asks for its circular: a button for every scope, and to
whom it is handed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from dengwen.assessment.inputs import ASSESSMENT
from dengwen.cases import rulebooks
from dengwen.desk.shell.act.field_choices import organ_choices
from dengwen.desk.shell.frame.seat import Seat
from dengwen.law.bilingual import words_in
from dengwen.ui.components import Choice, FormField

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


def circular_part(seat: Seat) -> dict[str, Any]:
    """Return what the board asks for the circular: to whom the result goes and for what, and a
    button a scope."""
    post = seat.request.POST
    uses = options_of(seat, "transmit", "use")
    both = (",".join(uses), _("两项都供参考"))
    use = post.get("use", "")
    return {
        "hand_to": _hand_to(seat, post.get("to", "")),
        "scope_text": _scope_text(post.get("scope_text", "")),
        "uses": [(value, words, value == use) for value, words in (both, *uses.items())],
        "scopes": list(options_of(seat, "conclude", "circular_scope").items()),
    }


def _hand_to(seat: Seat, chosen: str) -> FormField:
    """Return the field that asks to whom the result goes."""
    later = Choice(LATER, _("以后再送交"), chosen == LATER)
    return FormField(
        "to",
        "organ",
        _("送交哪个机关、单位"),
        required=True,
        choices=(later, *organ_choices(seat, None, [chosen])),
    )


def _scope_text(typed: str) -> FormField:
    """Return the field for a scope of the circular in words."""
    return FormField(
        "scope_text",
        "text",
        _("另行写明的通报范围"),
        rows=2,
        value=typed,
        hint=_("选“另行写明”的必填"),
    )
