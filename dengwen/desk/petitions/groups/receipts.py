"""The slips of a group: every member gets a code, printed once with the sheet of the group."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dengwen.cases.read.case_view import CaseFile
from dengwen.cases.write.check import Refused
from dengwen.desk.petitions.groups.group_page import (
    group_file,
    group_page,
    refusals_now,
    refused_parts,
)
from dengwen.desk.petitions.groups.member_names import shown_members
from dengwen.desk.shell.act.act_page import article_of
from dengwen.desk.shell.act.act_refusals import EFFECT_ERRORS, UNPROCESSABLE
from dengwen.desk.shell.frame.seat import Seat, at_desk, organ_name, uid_of
from dengwen.law.bilingual import words_in
from dengwen.petitions.intake import groups
from dengwen.ui.components import Refusal
from dengwen.ui.dates import numeric

GIVE_CODES = "give_member_codes"


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def receipts(seat: Seat, number: str) -> HttpResponse:
    """Give every member a code and print the slips with the sheet of the group; the codes are
    shown this once."""
    file = group_file(seat, number)
    refused = refusals_now(seat, file, GIVE_CODES)
    if seat.request.method != "POST" or refused:
        return _form(seat, file, refused, 200)
    try:
        made, codes = groups.give_codes(file.case, by=seat.by, now=seat.now, uid=uid_of(seat))
    except (Refused, *EFFECT_ERRORS) as error:
        return _form(seat, file, refused_parts(seat, file, GIVE_CODES, error), UNPROCESSABLE)
    if made.repeated:
        messages.info(seat.request, _("这张表单交过一次。查询码只显示一次；要重印，请重新发码。"))
        return redirect("desk:group_receipts", number)
    return _slips(seat, file, codes)


def _form(seat: Seat, file: CaseFile, refused: list[Refusal], status: int) -> HttpResponse:
    """Show the question whether codes shall be given, with what was refused."""
    article = article_of(seat, file, file.kind.acts[GIVE_CODES])
    return group_page(
        seat,
        "petitions/groups/group_receipts.html",
        file,
        status,
        refused=refused,
        article=article,
    )


def _slips(seat: Seat, file: CaseFile, codes: Sequence[str]) -> HttpResponse:
    """Show a slip for each member with the code, and the sheet of the group."""
    members = shown_members(seat, file.case)
    due, due_what = _first_duty(seat, file)
    return group_page(
        seat,
        "petitions/groups/group_slips.html",
        file,
        slips=list(zip(members, codes, strict=True)),
        organ=organ_name(seat.organ, seat.language),
        day=numeric(file.case.opened_on, seat.language),
        chosen=[m for m in members if m.representative],
        due=due,
        due_what=due_what,
    )


def _first_duty(seat: Seat, file: CaseFile) -> tuple[str, str]:
    """Return the day of the first dated duty and what is due then, "" where there is none."""
    for duty in file.view.open_duties():
        day = duty.due or duty.raw
        if day is not None and not duty.rule.right:
            return numeric(day, seat.language), words_in(duty.rule, seat.language)
    return "", ""
