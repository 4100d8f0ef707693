"""What the board of a frozen assessment asks for its circular: a button for every scope, and to
whom it is handed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from dengwen.assessment.inputs import ASSESSMENT
from dengwen.cases import rulebooks
from dengwen.desk.shell.act.field_choices import organ_choices
from dengwen.desk.shell.frame.seat import Seat
from dengwen.ui.components import Choice, FormField

LATER = "later"
"""Chosen where the result is not handed to anybody now."""


def options_of(seat: Seat, act: str, name: str) -> dict[str, str]:
    """Return the values a field of an act of the pack may have, in words."""
    place = seat.organ.division_code if seat.organ else ""
    asked = (
        rulebooks.in_force(seat.today, place, seat.now)
        .book.kind(ASSESSMENT)
        .acts[act]
        .field_rule(name)
    )
    return {o: asked.option_names[o][seat.language != "zh"] for o in asked.options} if asked else {}


def circular_part(seat: Seat) -> dict[str, Any]:
    """Return what the board asks for the circular: to whom the result goes and for what, and a
    button a scope."""
    post = seat.request.POST
    to, use = post.get("to", ""), post.get("use", "")
    uses = options_of(seat, "transmit", "use")
    both = (",".join(uses), _("两项都供参考"))
    return {
        "hand_to": FormField(
            "to",
            "organ",
            _("送交哪个机关、单位"),
            required=True,
            choices=(Choice(LATER, _("以后再送交"), to == LATER), *organ_choices(seat, None, [to])),
        ),
        "scope_text": FormField(
            "scope_text",
            "text",
            _("另行写明的通报范围"),
            rows=2,
            value=post.get("scope_text", ""),
            hint=_("选“另行写明”的必填"),
        ),
        "uses": [(value, words, value == use) for value, words in (both, *uses.items())],
        "scopes": list(options_of(seat, "conclude", "circular_scope").items()),
    }
