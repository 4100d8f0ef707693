"""What the chapter of personnel departments adds to the desk."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from dengwen.desk.shell.frame.chapter import Chapter, NavEntry
from dengwen.desk.shell.frame.seat import viewer_reads_results

CHAPTER = Chapter(
    nav=(
        NavEntry(
            170,
            "personnel",
            pgettext_lazy("nav", "组织人事"),
            lambda seat: viewer_reads_results(seat.viewer),
        ),
    ),
)
