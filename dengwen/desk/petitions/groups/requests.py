"""What a group asks for: what all ask, and what single members ask, each a linked matter."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods

from dengwen.cases.models import Case
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
from dengwen.petitions.intake import groups
from dengwen.petitions.intake.member_list import Person
from dengwen.ui.cells import Part, number
from dengwen.ui.components import Refusal
from dengwen.ui.form_fields import Area, AskedForm, form_of
from dengwen.ui.list_table import Column, ListOf

ENTER = "enter_request"
MOST_DIGITS = 7
OWN = ListOf(
    caption=_lazy("另立的办理件"),
    columns=(
        Column("member", _lazy("成员"), Part("desk/petitions/groups/_member_place.html")),
        Column("number", _lazy("编号"), Part("desk/petitions/groups/_own_number.html")),
        Column("code", _lazy("查询码（不要给别人看）"), number("code")),
    ),
)
"""The matters opened for single members, with codes that are shown this once."""


@dataclass(slots=True)
class Own:
    """What was typed: what all ask for, what single members ask for by their place, and what is
    wrong with the latter."""

    common: list[str]
    own: dict[int, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed at all."""
        return not (self.common or self.own or self.errors)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def requests(seat: Seat, number: str) -> HttpResponse:
    """Ask what all ask for, and who asks something else: that becomes a linked matter of its
    own."""
    file = group_file(seat, number)
    refused = refusals_now(seat, file, ENTER)
    form = _asked_form(seat)
    if not form.is_bound or form.errors:
        return _form(seat, file, form, refused=refused)
    asked = _read_asked(form, file.case)
    empty = _("请写大家共同的请求。") if asked.is_empty else ""
    if refused or asked.errors or empty:
        return _form(seat, file, form, refused=refused, errors=asked.errors, empty=empty)
    people = known_people(seat, file.case) if asked.own else {}
    if asked.own and not people:
        return _form(seat, file, form, errors=[_("您的角色不能为成员另立一件，请由登记人员办理。")])
    return _enter(seat, file, form, asked, people)


def _enter(
    seat: Seat, file: CaseFile, form: AskedForm, asked: Own, people: dict[int, Person]
) -> HttpResponse:
    """Enter the requests, open the matters of single members, and go on to the slips."""
    try:
        _made, own = groups.ask(
            file.case, asked.common, asked.own, people, by=seat.by, now=seat.now, uid=uid_of(seat)
        )
    except (Refused, *EFFECT_ERRORS) as error:
        return _form(seat, file, form, refused=refused_parts(seat, file, ENTER, error))
    if own:
        return group_page(seat, "petitions/groups/group_own.html", file, own=OWN.fixed(own))
    count = len(asked.common)
    messages.success(seat.request, _("已记 %(count)s 项共同请求。") % {"count": count})
    return redirect("desk:group_receipts", file.case.number)


def _asked_form(seat: Seat) -> AskedForm:
    """Return the form: what all ask for, and who asks something else."""
    asked = {
        "common": Area(_("共同的请求，一行一项"), rows=4, hint=_("每一项单独答复、单独落实")),
        "also": Area(
            _("谁还有别的请求"),
            rows=4,
            hint=_("一行一位：名单上的序号、空格、另外的请求。每位另立一件，与本件关联。"),
        ),
    }
    return form_of(seat.request, asked)


def _read_asked(form: AskedForm, case: Case) -> Own:
    """Read both fields: the common requests line by line, and who asks something else, each line
    the place and what is asked."""
    lines = form.value("common").splitlines()
    asked = Own([line.strip() for line in lines if line.strip()])
    last_place = case.members.count()
    for row, line in enumerate(form.value("also").splitlines(), 1):
        if line.strip():
            _read_own(asked, row, line.strip(), last_place)
    return asked


def _read_own(asked: Own, row: int, line: str, last_place: int) -> None:
    """Read one line of a single member, or note what is wrong with it."""
    place, _sep, text = line.partition(" ")
    on_list = place.isdecimal() and 1 <= int(place[:MOST_DIGITS]) <= last_place
    if not on_list or not text.strip():
        words = _("第 %(row)s 行：请写名单上的序号、空格、另外的请求。")
        asked.errors.append(words % {"row": row})
    elif int(place) in asked.own:
        words = _("第 %(row)s 行：这一位已经写过，请并成一行。")
        asked.errors.append(words % {"row": row})
    else:
        asked.own[int(place)] = text.strip()


def _form(
    seat: Seat,
    file: CaseFile,
    form: AskedForm,
    *,
    refused: list[Refusal] | None = None,
    errors: list[str] | None = None,
    empty: str = "",
) -> HttpResponse:
    """Show both fields: with what was typed, wrong lines of single members, or that all is
    empty."""
    for error in errors or ():
        form.wrong("also", error)
    if empty:
        form.wrong("common", empty)
    refused_now = bool(refused) and seat.request.method == "POST"
    return group_page(
        seat,
        "petitions/groups/group_requests.html",
        file,
        UNPROCESSABLE if form.errors or refused_now else 200,
        fields=form.asked(),
        refused=refused or [],
        article=article_of(seat, file, file.kind.acts[ENTER]),
    )
