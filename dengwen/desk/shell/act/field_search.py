"""Searching an organ by name beside its field: with the button, which asks the page again, or while
somebody types, when the page answers with the field alone.

Both find the same: the form of the page offers what its own list would. Nothing is written by
either.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext

from dengwen.desk.shell.act.field_choices import many_organs
from dengwen.desk.shell.frame.seat import Seat
from dengwen.ui.form_fields import AskedField, Word, form_of

FIND, PART = "find", "part"
"""The button that searches, and what asks for the field alone."""
ORGANS = ("organ", "organs")
"""Types of fields that name organs."""


def searches(seat: Seat, fields: Iterable[AskedField]) -> tuple[AskedField, ...]:
    """Return the organ fields of a page below which a name can be searched, none where all organs
    are offered."""
    of_organs = tuple(field for field in fields if field.type in ORGANS)
    return of_organs if of_organs and many_organs(seat) else ()


def is_search(seat: Seat) -> bool:
    """Say whether somebody only searches: then nothing is done with the form."""
    return seat.request.method == "POST" and FIND in seat.request.POST


def found_part(seat: Seat, fields: Iterable[AskedField]) -> HttpResponse | None:
    """Return the field alone that is searched while somebody types, None where the whole page is
    asked for; Http404 for a field that is not on the page."""
    form = form_of(seat.request, {FIND: Word(), PART: Word()})
    if not is_search(seat) or not form.value(PART):
        return None
    name = form.value(FIND)
    for field in fields:
        if field.html_name == name and field.type in ORGANS:
            context = {"field": field, "said": found_words(field)}
            return render(seat.request, "desk/shell/act/_found.html", context)
    raise Http404


def found_words(field: AskedField) -> str:
    """Say how many organs there are to choose from, for those who do not see the list change."""
    count = sum(1 for choice in field.choices if choice.value)
    words = ngettext(
        "%(count)s 个可选，在“%(label)s”里选",
        "%(count)s 个可选，在“%(label)s”里选",
        count,
    )
    return words % {"count": count, "label": field.label}
