"""What the chapter of assessment adds to the desk."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from dengwen.desk.assessment.fact_lines import words_of_value
from dengwen.desk.assessment.organ_objections import objection_rights
from dengwen.desk.shell.frame.chapter import Chapter, NavEntry
from dengwen.desk.shell.frame.seat import ASSESSING

CHAPTER = Chapter(
    nav=(
        NavEntry(
            160,
            "assessments",
            pgettext_lazy("nav", "考核"),
            lambda seat: bool(seat.roles & ASSESSING),
        ),
    ),
    value_words=(words_of_value,),
    rights=(objection_rights,),
)
