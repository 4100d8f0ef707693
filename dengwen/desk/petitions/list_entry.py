"""Entries of the lists for lawful classified handling (依法分类处理信访诉求清单, seed art. 5), where a path
is proposed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from dengwen.cases.read.case_view import CaseFile
from dengwen.desk.shell.act.forms import RuledForm
from dengwen.desk.shell.frame.seat import Seat, organ_name
from dengwen.organs.lists.handling_list import Listed, entries_on
from dengwen.organs.structure.jurisdiction import candidates
from dengwen.ui.components import Choice
from dengwen.ui.form_fields import AskedField

LIST_ENTRY = "list_entry"


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
    seat: Seat, fields: Sequence[AskedField], entries: Sequence[Listed]
) -> tuple[AskedField, ...]:
    """Offer the entries in force today for the field that names one; without any it is not
    asked."""
    if not entries:
        return tuple(field for field in fields if field.name != LIST_ENTRY)
    return tuple(
        field.but(choices=_choices(seat, entries, field.value()))
        if field.name == LIST_ENTRY
        else field
        for field in fields
    )


def _choices(seat: Seat, entries: Sequence[Listed], chosen: str) -> tuple[Choice, ...]:
    """Return the entries, each with whose list it is in and its path; and that none applies."""
    choices = []
    for one in entries:
        organ = organ_name(one.organ, seat.language)
        words = f"{one.entry.demand}（{organ}，{one.entry.path}）"
        choices.append(Choice(one.code, words, one.code == chosen))
    return (*choices, Choice("", _("没有适用的条目"), not chosen))


def check_entry(form: RuledForm, entries: Sequence[Listed]) -> None:
    """Take an entry only from the lists in force today: a proposal follows the list of its day."""
    entry = form.values.get(LIST_ENTRY)
    if entry is not None and entry not in {e.code for e in entries}:
        form.wrong(LIST_ENTRY, _("这一条今天不在有效的清单里。"))
