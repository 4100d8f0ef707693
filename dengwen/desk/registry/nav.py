"""What the chapter of the registry adds to the desk."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dengwen.desk.shell.frame.chapter import Chapter, NavEntry

CHAPTER = Chapter(
    nav=(NavEntry(190, "registry", _("名录"), lambda _seat: True),),
)
