"""The shell's own entry of the navigation: what is open."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dengwen.desk.shell.frame.chapter import Chapter, NavEntry

CHAPTER = Chapter(
    nav=(NavEntry(10, "home", _("待办"), lambda _seat: True),),
)
