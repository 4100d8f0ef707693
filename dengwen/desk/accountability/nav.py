"""What the chapter of accountability adds to the desk."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from dengwen.cases.wall.visibility import ACCOUNT
from dengwen.desk.accountability.choices import choices_in
from dengwen.desk.accountability.leads.lead_new import lead_way
from dengwen.desk.accountability.own_rights import own_rights
from dengwen.desk.shell.frame.chapter import Chapter, NavEntry
from dengwen.desk.shell.frame.lead_address import may_raise
from dengwen.desk.shell.frame.seat import Seat


def _is_cleared(seat: Seat) -> bool:
    """Say whether somebody is cleared for files of accountability."""
    return ACCOUNT in seat.viewer.compartments


def _is_somebody(seat: Seat) -> bool:
    """Say whether a person of the registry sits at the desk."""
    return seat.user.official_id is not None and seat.organ is not None


CHAPTER = Chapter(
    nav=(
        NavEntry(90, "inquiries", pgettext_lazy("nav", "核查"), _is_cleared),
        NavEntry(100, "measures", pgettext_lazy("nav", "追责"), _is_cleared),
        NavEntry(110, "about_me", pgettext_lazy("nav", "关于我"), _is_somebody),
        NavEntry(130, "leads", pgettext_lazy("nav", "线索"), may_raise),
    ),
    ways_on=(lead_way,),
    field_choices=(choices_in,),
    rights=(own_rights,),
)
