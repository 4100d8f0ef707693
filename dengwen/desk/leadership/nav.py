"""What the chapter of leaders adds to the desk."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dengwen.cases.wall.visibility import WORKING_ROLES
from dengwen.desk.leadership.coordinations import coordination_of
from dengwen.desk.leadership.leader_cases import may_lead
from dengwen.desk.leadership.opened_cases import leading_links_of
from dengwen.desk.shell.frame.chapter import Chapter, NavEntry
from dengwen.desk.shell.frame.seat import TAKING_IN

CHAPTER = Chapter(
    nav=(
        NavEntry(40, "leader", pgettext_lazy("nav", "领导"), may_lead),
        NavEntry(
            50,
            "roster",
            pgettext_lazy("nav", "接访"),
            lambda seat: bool(seat.capacities & (TAKING_IN | {"head"})),
        ),
        NavEntry(60, "incidents", _("突发情况"), lambda seat: bool(seat.roles & WORKING_ROLES)),
    ),
    ways_on=(leading_links_of,),
    matter_parts=(coordination_of,),
)
