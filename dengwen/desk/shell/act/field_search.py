"""Searching an organ by name beside its field: with the button, which asks the page again, or while
somebody types, when the page answers with the field alone.

Both find the same: the form of the page offers what its own list would. Nothing is written by
either.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from dengwen.desk.shell.act.field_choices import many_organs, more_found
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
    if not of_organs or not many_organs(seat):
        return ()
    for field in of_organs:
        field.found_said = found_words(seat, field) if field.searched else ""
    return of_organs


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
            context = {"field": field, "said": found_words(seat, field)}
            return render(seat.request, "desk/shell/act/_found.html", context)
    raise Http404


def found_words(seat: Seat, field: AskedField) -> str:
    """Say how many organs there are to choose from, for those who do not see the list change, and
    whether there are more."""
    count = sum(1 for choice in field.choices if choice.value)
    words = ngettext(
        "%(count)s 个可选，在“%(label)s”里选",
        "%(count)s 个可选，在“%(label)s”里选",
        count,
    )
    said = words % {"count": count, "label": field.label}
    if more_found(seat, field.field, field.searched):
        said += pgettext("search", "；") + _("还有更多没有列出，请把名称写得更全")
    return said
