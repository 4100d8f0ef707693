"""Matters that look like the one being typed, asked beside the form of registration while somebody
types.

The answer is the list alone: of what this seat may see, as on the whole page. Nothing is kept of
what was typed, and no file is sent along.
"""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from dengwen.cases.read.case_view import CaseFile, blank_file
from dengwen.desk.petitions.register_form import ACCUSES, CLASS
from dengwen.desk.petitions.similar_matters import ALIKE, alike, is_compared
from dengwen.desk.shell.act.forms import ruled_form
from dengwen.desk.shell.frame.seat import TAKING_IN, Seat, at_desk
from dengwen.petitions.intake.classification import ACCUSATION
from dengwen.petitions.intake.intake import REGISTER, HandedIn
from dengwen.ui.form_fields import Tick, Word

COMPARED = ("subject", "content", "place", "petitioner", "phone")
"""What look-alikes are told by."""


@require_POST
@at_desk
def look_alikes(seat: Seat) -> HttpResponse:
    """Answer with the look-alikes of what is typed so far."""
    if seat.organ is None or not seat.capacities & TAKING_IN:
        raise Http404
    file = blank_file("petition", seat.organ.division_code, seat.now)
    handed = _typed(seat, file)
    found = alike(seat, handed)
    context = {"alike_table": ALIKE.fixed(found), "looked": is_compared(handed)}
    return render(seat.request, "desk/petitions/_look_alikes.html", context)


def _typed(seat: Seat, file: CaseFile) -> HandedIn:
    """Return what is typed so far, as far as it can be read; an accusation is compared with
    nothing."""
    rule = file.kind.acts[REGISTER]
    rules = [asked for name in COMPARED if (asked := rule.field_rule(name)) is not None]
    form = ruled_form(seat, rules, file, more={ACCUSES: Tick(), CLASS: Word()})
    accuses = form.understood.get(ACCUSES) or form.value(CLASS) == ACCUSATION
    return HandedIn(form.values | form.texts, proposed_class=ACCUSATION if accuses else "")
