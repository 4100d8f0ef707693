"""From a hand-made page to the write door: do the steps and go on, or show the page again with
every reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from dengwen.cases.files.held_files import Paper
from dengwen.cases.read.case_view import CaseFile
from dengwen.cases.write.check import Refused
from dengwen.desk.shell.act.act_refusals import EFFECT_ERRORS, note_refused, why_refused
from dengwen.desk.shell.act.field_search import is_search
from dengwen.desk.shell.act.put_before import do_or_put_before, put_before, say_waits
from dengwen.desk.shell.frame.seat import Seat
from dengwen.law.duties.admissibility import refusals
from dengwen.law.duties.step import Step
from dengwen.ui.form_fields import AskedForm


def may(seat: Seat, file: CaseFile, act: str) -> bool:
    """Say whether this seat can do an act of a case now; one who only supervises does nothing in
    it."""
    rule = file.kind.acts.get(act)
    return rule is not None and not refusals(
        file.kind, rule, file.view, seat.actor_in(file.case), seat.today
    )


def write(
    seat: Seat,
    steps: Sequence[Step],
    again: Callable[[Sequence[str]], HttpResponse],
    back: str | Callable[[str], str],
    papers: Sequence[Paper] = (),
    form: AskedForm | None = None,
) -> HttpResponse:
    """Do steps and go to `back`, an address or one made of the case number; refused, show the
    form with all reasons: those about a field of `form` at it, the others are handed to `again`.
    Whoever only searches a name beside a field does nothing."""
    if is_search(seat):
        return again(())
    try:
        answered = do_or_put_before(seat, steps, papers)
    except (Refused, *EFFECT_ERRORS) as error:
        asked = put_before(seat, error, papers) if isinstance(error, Refused) else None
        if asked is not None:
            return asked
        if form is not None:
            return again(note_refused(form, error, seat.language))
        return again(why_refused(error, seat.language))
    made = answered.performed
    if answered.waits:
        say_waits(seat, answered)
    else:
        messages.success(seat.request, _("已写入存证：%(number)s。") % {"number": made.case})
    return redirect(back if isinstance(back, str) else back(made.case))
