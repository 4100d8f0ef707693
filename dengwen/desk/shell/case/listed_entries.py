"""Entries of the lists for lawful classified handling as a case shows them: each with its path and
basis, its term, and whose list it is in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _lazy

from dengwen.organs.lists.handling_list import Listed
from dengwen.ui.cells import Part, linked, name_of, text
from dengwen.ui.list_table import Column, ListOf, ListTable

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

DEMAND = Column("demand", _lazy("诉求类型"), name_of("listed.entry.demand"))
FOLLOW = replace(DEMAND, cell=linked("listed.entry.demand", small=""))
REST = (
    Column("path", _lazy("途径和程序"), Part("desk/shell/case/_entry_path.html")),
    Column("term", _lazy("期限"), text("listed.entry.term")),
    Column("list", _lazy("清单"), Part("desk/shell/case/_entry_list.html")),
)


@dataclass(frozen=True, slots=True)
class EntryShown:
    """An entry of a list, the day on which it was followed, and where it can be followed now."""

    listed: Listed
    day: date | None = None
    href: str = ""


def entries_shown(caption: str | StrPromise, lines: Iterable[EntryShown]) -> ListTable:
    """Return entries as a list; those that can be followed lead there."""
    whole = tuple(lines)
    first = FOLLOW if any(line.href for line in whole) else DEMAND
    return ListOf(caption=caption, columns=(first, *REST)).fixed(whole)
