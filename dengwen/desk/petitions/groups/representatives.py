"""The representatives of a group: ticked on its list, and the sheet that says whom it sends."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dengwen.cases.read.case_view import CaseFile
from dengwen.cases.write.check import Refused
from dengwen.cases.write.perform import perform
from dengwen.desk.petitions.groups.group_page import (
    group_file,
    group_page,
    refusals_now,
    refused_parts,
)
from dengwen.desk.petitions.groups.member_names import ShownMember, shown_members
from dengwen.desk.shell.act.act_page import article_of
from dengwen.desk.shell.act.act_refusals import EFFECT_ERRORS, UNPROCESSABLE
from dengwen.desk.shell.frame.seat import Seat, at_desk, organ_name, uid_of
from dengwen.law.duties.step import Step
from dengwen.ui.components import Refusal
from dengwen.ui.dates import numeric
from dengwen.ui.form_fields import AskedForm, SomeOf, form_of

ELECT = "elect_representatives"


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def representatives(seat: Seat, number: str) -> HttpResponse:
    """Let the representatives be ticked on the list; how many there may be says the article."""
    file = group_file(seat, number)
    refused = refusals_now(seat, file, ELECT)
    members = shown_members(seat, file.case)
    form = _asked(seat, members)
    if not form.is_bound or refused or form.errors:
        return _form(seat, file, form, members, refused)
    chosen = form.cleaned_data["which"]
    step = Step(act=ELECT, case=number, fields={"which": chosen})
    try:
        perform(step, by=seat.by, now=seat.now, uid=uid_of(seat))
    except (Refused, *EFFECT_ERRORS) as error:
        return _form(seat, file, form, members, refused_parts(seat, file, ELECT, error))
    messages.success(seat.request, _("已记 %(count)s 名代表。") % {"count": len(chosen)})
    return redirect("desk:group_requests", number)


def _asked(seat: Seat, members: Sequence[ShownMember]) -> AskedForm:
    """Return the form: the list to be ticked, each place with the masked name where there is one;
    ticked as it stands."""
    offered = []
    for member in members:
        words = _("第 %(place)s 位") % {"place": member.place}
        if member.name:
            words = f"{words}　{member.name}"
        offered.append((str(member.place), words))
    elected = [str(member.place) for member in members if member.representative]
    which = SomeOf(_("代表"), needed=True, choices=offered, initial=elected)
    return form_of(seat.request, {"which": which})


def _form(
    seat: Seat,
    file: CaseFile,
    form: AskedForm,
    members: Sequence[ShownMember],
    refused: list[Refusal],
) -> HttpResponse:
    """Show the list with its ticks: as posted, or as they stand."""
    return group_page(
        seat,
        "petitions/groups/group_representatives.html",
        file,
        UNPROCESSABLE if form.is_bound and (refused or form.errors) else 200,
        field=form.at("which"),
        refused=refused,
        article=article_of(seat, file, file.kind.acts[ELECT]),
        elsewhere=[m for m in members if m.elsewhere],
        mandate=reverse("desk:group_mandate", args=[file.case.number]),
    )


@require_safe
@at_desk
def mandate(seat: Seat, number: str) -> HttpResponse:
    """Show the sheet on which the group says whom it sends, to be printed and signed."""
    file = group_file(seat, number)
    chosen = [m for m in shown_members(seat, file.case) if m.representative]
    return group_page(
        seat,
        "petitions/groups/group_mandate.html",
        file,
        chosen=chosen,
        organ=organ_name(seat.organ, seat.language),
        day=numeric(seat.today, seat.language),
    )
