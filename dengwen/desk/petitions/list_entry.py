"""Entries of the lists for lawful classified handling (依法分类处理信访诉求清单, seed art. 5), where a path
is proposed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _

from dengwen.cases.read.case_view import CaseFile
from dengwen.desk.shell.forms import Filled
from dengwen.desk.shell.seat import Seat, organ_name
from dengwen.organs.lists.handling_list import Listed, entries_on
from dengwen.organs.structure.jurisdiction import candidates
from dengwen.ui.components import Choice, FormField

LIST_ENTRY = "list_entry"


def _pair(seat: Seat, zh: str, en: str) -> str:
    return zh if seat.language == "zh" else en


def entries_for(seat: Seat, file: CaseFile, day: date) -> list[Listed]:
    """Return the entries for the category of a matter in the lists of the organs that could
    handle it, as of a day."""
    facts = file.view.facts
    category = facts.get("category", "")
    place = facts.get("place") or file.case.place
    organs = [c.organ for c in candidates(category, place, day)] if category else []
    if seat.organ is not None and seat.organ not in organs:
        organs.append(seat.organ)
    return entries_on(organs, category, day)


def with_entries(
    seat: Seat, fields: Sequence[FormField], entries: Sequence[Listed], given: Mapping[str, str]
) -> tuple[FormField, ...]:
    """Offer the entries in force today for the field that names one; without any it is not
    asked."""
    chosen = seat.request.POST.get(LIST_ENTRY, given.get(LIST_ENTRY, ""))
    choices = tuple(
        Choice(
            e.code,
            f"{e.entry.demand}（{organ_name(e.organ, seat.language)}，{e.entry.path}）",
            e.code == chosen,
        )
        for e in entries
    )
    none = Choice("", _("没有适用的条目"), not chosen)
    return tuple(
        replace(f, choices=(*choices, none)) if f.name == LIST_ENTRY else f
        for f in fields
        if f.name != LIST_ENTRY or entries
    )


def check_entry(filled: Filled, entries: Sequence[Listed]) -> None:
    """Take an entry only from the lists in force today: a proposal follows the list of its day."""
    entry = filled.fields.get(LIST_ENTRY)
    if entry is not None and entry not in {e.code for e in entries}:
        filled.wrong(LIST_ENTRY, _("这一条今天不在有效的清单里。"))
