"""What the chapter of prevention adds to the desk."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from dengwen.cases.wall.visibility import WORKING_ROLES
from dengwen.desk.prevention.panels import case_panel
from dengwen.desk.shell.frame.chapter import Chapter, NavEntry

CHAPTER = Chapter(
    nav=(
        NavEntry(
            70,
            "prevention",
            pgettext_lazy("nav", "预防"),
            lambda seat: bool(seat.roles & WORKING_ROLES),
        ),
    ),
    case_parts=(case_panel,),
)
