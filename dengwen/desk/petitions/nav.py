"""What the chapter of petitions adds to the desk."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dengwen.cases.wall.visibility import WORKING_ROLES
from dengwen.desk.shell.frame.chapter import Chapter, NavEntry
from dengwen.desk.shell.frame.seat import FIGURES, TAKING_IN, Seat


def _sees_ratings(seat: Seat) -> bool:
    return "clerk" in seat.capacities or bool(seat.roles & FIGURES)


CHAPTER = Chapter(
    nav=(
        NavEntry(20, "register", _("登记"), lambda seat: bool(seat.capacities & TAKING_IN)),
        NavEntry(30, "find", _("查找"), lambda seat: bool(seat.roles & WORKING_ROLES)),
        NavEntry(180, "ratings", pgettext_lazy("nav", "评价"), _sees_ratings),
    ),
)
