"""What the chapter of oversight adds to the desk."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dengwen.cases.wall.visibility import WORKING_ROLES
from dengwen.desk.oversight.reconsideration_rights import reconsideration_rights
from dengwen.desk.oversight.reply_panel import supervised_part
from dengwen.desk.shell.frame.chapter import Chapter, NavEntry
from dengwen.desk.shell.frame.seat import FIGURES, SUPERVISORS

CHAPTER = Chapter(
    nav=(
        NavEntry(
            80,
            "inspections",
            pgettext_lazy("nav", "督查"),
            lambda seat: bool(seat.roles & WORKING_ROLES),
        ),
        NavEntry(120, "breaches", _("逾期"), lambda seat: bool(seat.roles & SUPERVISORS)),
        NavEntry(140, "suggestions", _("建议"), lambda seat: bool(seat.roles & WORKING_ROLES)),
        NavEntry(150, "figures", _("统计"), lambda seat: bool(seat.roles & FIGURES)),
    ),
    case_parts=(supervised_part,),
    rights=(reconsideration_rights,),
)
