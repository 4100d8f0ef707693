"""The list of a group: typed or as a file, entered once, then sealed; a wrong row says why."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from dengwen.cases.read.case_view import CaseFile
from dengwen.cases.write.check import Refused
from dengwen.desk.petitions.groups.group_page import (
    group_file,
    group_page,
    refusals_now,
    refused_parts,
)
from dengwen.desk.petitions.groups.member_names import known_people
from dengwen.desk.shell.act.act_page import article_of
from dengwen.desk.shell.act.act_refusals import EFFECT_ERRORS, UNPROCESSABLE
from dengwen.desk.shell.frame.seat import Seat, at_desk, uid_of
from dengwen.law.bilingual import words_in
from dengwen.petitions.intake import groups
from dengwen.petitions.intake.member_list import Person, RowError, decoded, read_roster
from dengwen.ui.components import Refusal
from dengwen.ui.form_fields import Area, Asked, AskedForm

MOST_BYTES = 2 * 1024 * 1024
MOST_ERRORS = 20
"""Wrong rows that are named one by one."""


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def members(seat: Seat, number: str) -> HttpResponse:
    """Ask for the list, typed or as a file, and enter it; a wrong row says why and nothing is
    written."""
    file = group_file(seat, number)
    refused = refusals_now(seat, file, groups.ENTERED)
    if seat.request.method != "POST" or refused:
        return _form(seat, file, refused=refused)
    text, wrong = _typed_list(seat)
    known = list(known_people(seat, file.case).values())
    roster = read_roster(text, known)
    if wrong or roster.errors:
        return _form(seat, file, text, rows=roster.errors, wrong=wrong)
    if not roster.people:
        nothing = _("名单是空的：每行一位，姓名、电话、住址之间用逗号。")
        return _form(seat, file, text, wrong=nothing)
    return _enter(seat, file, text, roster.people)


def _enter(seat: Seat, file: CaseFile, text: str, people: tuple[Person, ...]) -> HttpResponse:
    """Enter the list and go on to the representatives, or show the form again with the reasons."""
    try:
        groups.enter(file.case, people, by=seat.by, now=seat.now, uid=uid_of(seat))
    except (Refused, *EFFECT_ERRORS) as error:
        refused = refused_parts(seat, file, groups.ENTERED, error)
        return _form(seat, file, text, refused=refused)
    messages.success(seat.request, _("已记 %(count)s 位，名单已封存。") % {"count": len(people)})
    return redirect("desk:group_representatives", file.case.number)


class ListForm(AskedForm):
    """The list of the members, typed or as a file that is read and not kept."""

    members = Area(
        gettext_lazy("成员名单"),
        rows=14,
        hint=gettext_lazy("每行一位：姓名、电话、住址，用逗号隔开。电话、住址可以不写。"),
    )
    list = Asked(gettext_lazy("或者名单文件（CSV）"), type="digest", accept="text/csv,.csv,.txt")


def _typed_list(seat: Seat) -> tuple[str, str]:
    """Return the list as typed, with that of a file after it, and what is wrong with the file."""
    form = ListForm.of(seat.request)
    typed = form.value("members")
    if form.errors:
        return typed, " ".join(form.complaints())
    upload = seat.request.FILES.get("list")
    if upload is None:
        return typed, ""
    data = upload.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        return typed, _("文件太大，最多 2 MB。请分成几个。")
    try:
        return f"{typed.rstrip()}\n{decoded(data)}".lstrip("\n"), ""
    except ValueError:
        return typed, _("文件不是文本。请在表格软件里另存为 CSV（UTF-8）。")


def _form(
    seat: Seat,
    file: CaseFile,
    text: str = "",
    *,
    rows: tuple[RowError, ...] = (),
    refused: list[Refusal] | None = None,
    wrong: str = "",
) -> HttpResponse:
    """Show the form: the list as typed, its wrong rows, what is wrong with it as a whole."""
    errors = _row_errors(seat, rows)
    if wrong:
        errors = [wrong, *errors]
    form = ListForm(initial={"members": text})
    typed = form.at("members").but(errors=tuple(errors))
    refused_now = bool(refused) and seat.request.method == "POST"
    return group_page(
        seat,
        "petitions/groups/members.html",
        file,
        UNPROCESSABLE if errors or refused_now else 200,
        fields=(typed, form.at("list")),
        refused=refused or [],
        article=article_of(seat, file, file.kind.acts[groups.ENTERED]),
    )


def _row_errors(seat: Seat, rows: tuple[RowError, ...]) -> list[str]:
    """Return the first wrong rows, each with its reason, and how many more there are."""
    words = _("第 %(row)s 行：%(why)s。")
    errors = [
        words % {"row": row.row, "why": words_in(row, seat.language)} for row in rows[:MOST_ERRORS]
    ]
    more = len(rows) - len(errors)
    if more:
        errors.append(_("还有 %(count)s 行不对。") % {"count": more})
    return errors
