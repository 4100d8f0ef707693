"""Registration: the clerk types what was handed in, submits once, and gets number, code and receipt
(journeys 2, 4).

Nothing is registered by accident: Enter in a field reads the form back and registers nothing, only
the button that says so does; where nothing was handed in the page asks once, and the reason stands
in the act.

Registration is unconditional (R22 22, 23): nothing on this page refuses a matter for what it says.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.db import DatabaseError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dengwen.cases.files.content_type import FileError
from dengwen.cases.files.held_files import let_go
from dengwen.cases.models import Case
from dengwen.cases.read.case_view import CaseFile, blank_file, cited, read_file
from dengwen.cases.wall.visibility import find
from dengwen.cases.write.check import Refused
from dengwen.desk.petitions.proposal import CLASSIFY, ONWARD, PREFIX, Proposal, read_proposal
from dengwen.desk.petitions.receipt import receipt_of
from dengwen.desk.petitions.register_form import NO_CONTENT, field_groups
from dengwen.desk.petitions.similar_matters import Alike, alike
from dengwen.desk.shell.act.act_refusals import as_part, as_reason, full_reason, status_of
from dengwen.desk.shell.act.filled import Filled, place_typed, read_papers
from dengwen.desk.shell.frame.seat import TAKING_IN, Seat, at_desk, organ_name, uid_of
from dengwen.law.bilingual import headline, words_in
from dengwen.ledger.durability import disk_full
from dengwen.organs.models import Organ
from dengwen.organs.names_in_text import Named, named_in
from dengwen.petitions.errors import PetitionError
from dengwen.petitions.intake.classification import ACCUSATION
from dengwen.petitions.intake.intake import (
    PAPERS,
    REQUESTS_SAY_IT,
    Intake,
    Registered,
    is_empty,
    register,
)
from dengwen.ui.components import Refusal
from dengwen.ui.form_fields import read_day

GO, REGISTER = "go", "register"
"""The button that registers, and nothing else does."""
MOST_DIGITS = 6
NOBODY = Named(frozenset(), frozenset())


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def registration(seat: Seat) -> HttpResponse:
    """Ask for what was handed in, show look-alikes on request, or register it."""
    if seat.organ is None or not seat.capacities & TAKING_IN:
        return redirect("desk:home")
    file = blank_file("petition", seat.organ.division_code, seat.now)
    if seat.request.method != "POST":
        return _form(seat, file, None)
    filled, intake = read_intake(seat)
    if "alike" in seat.request.POST and not filled.errors:
        return _form(seat, file, filled, alike=alike(seat, intake), looked=True)
    proposal = read_proposal(seat, file, filled)
    if seat.request.POST.get(GO) != REGISTER:
        return _form(seat, file, filled, unsent=not filled.errors)
    empty = _says_nothing(intake)
    if filled.errors or empty:
        return _form(seat, file, filled, empty=empty)
    if intake.proposed_class and not proposal.accuses:
        proposal = Proposal()  # sealed: whoever is cleared for it sorts it
    return _register(seat, file, filled, intake, proposal)


def _says_nothing(intake: Intake) -> bool:
    """Say whether nothing was handed in and no reason for it is given."""
    return is_empty(intake) and intake.no_content in ("", REQUESTS_SAY_IT)


def _register(
    seat: Seat, file: CaseFile, filled: Filled, intake: Intake, proposal: Proposal
) -> HttpResponse:
    """Register, sort and send on in one call, and show the receipt; or the form with the
    reasons."""
    rule = file.kind.acts["register"]
    try:
        done = register(intake, by=seat.by, now=seat.now, uid=uid_of(seat), onward=proposal.steps())
    except Refused as refused:
        return _form(seat, file, filled, _refused(seat, file, filled, refused))
    except (PetitionError, FileError) as error:
        return _form(seat, file, filled, [as_part(seat, file, rule, as_reason(error, rule))])
    except DatabaseError as error:
        if not disk_full(error):
            raise
        filled.full = True
        return _form(seat, file, filled, [as_part(seat, file, rule, full_reason())])
    if done.performed.repeated:
        # The form came twice: what came with the first is kept, the copies go.
        for one in intake.papers:
            let_go(one)
    return _receipt_page(seat, intake, done)


def _refused(seat: Seat, file: CaseFile, filled: Filled, refused: Refused) -> list[Refusal]:
    """Note each reason at its field, and return those that belong to none."""
    rule, whole = file.kind.acts[refused.step.act], []
    prefix = PREFIX if refused.step.act in ONWARD else ""
    for reason in refused.reasons:
        if reason.field:
            filled.wrong(f"{prefix}{reason.field}", words_in(reason, seat.language))
        else:
            whole.append(as_part(seat, file, rule, reason))
    return whole


# --- what was typed -------------------------------------------------------------------------------
def read_intake(seat: Seat) -> tuple[Filled, Intake]:
    """Read what the clerk typed; what cannot be read is noted at its field."""
    post, filled = seat.request.POST, Filled()
    received_on = _received_on(seat, filled)
    if not post.get("channel"):
        filled.wrong("channel", _("请选择怎样提交。"))
    accuses = post.get("accusation") == "true" or post.get("class") == ACCUSATION
    accused = named_in(post.get("accused", ""), seat.today) if accuses else NOBODY
    intake = replace(
        _as_written(seat),
        place=place_typed(seat, post.get("place", "").strip(), filled, "place"),
        requests=_lines(post.get("requests", "")),
        received_on=received_on,
        persons=_number(seat, "persons", filled),
        representatives=_number(seat, "representatives", filled),
        urgent=post.get("urgent") == "true",
        extra={"read_back": True} if post.get("read_back") == "true" else {},
        proposed_class=ACCUSATION if accuses else "",
        accused_officials=sorted(accused.officials),
        accused_organs=sorted(accused.organs),
        papers=read_papers(seat, PAPERS, filled),
    )
    return filled, intake


def _as_written(seat: Seat) -> Intake:
    """Return the fields that are kept as they were written or chosen."""
    post = seat.request.POST
    return Intake(
        petitioner=_written(seat, "petitioner"),
        address=_written(seat, "address"),
        phone=_written(seat, "phone"),
        subject=_written(seat, "subject"),
        content=_written(seat, "content"),
        history=_written(seat, "history"),
        purpose=_written(seat, "purpose"),
        situation=_written(seat, "situation"),
        suggests=_written(seat, "suggests"),
        id_number=_written(seat, "id_number"),
        channel=post.get("channel", ""),
        category=post.get("category", ""),
        outside_source=post.get("outside_source", ""),
        visit_kind=post.get("visit_kind", ""),
        outside_no=post.get("outside_no", "").strip(),
        no_content=post.get(NO_CONTENT, ""),
    )


def _received_on(seat: Seat, filled: Filled) -> date | None:
    """Return the day on which it was received: as typed, or today."""
    typed = seat.request.POST.get("received_on", "")
    if not typed:
        return seat.today
    day = read_day(typed)
    if day is None:
        filled.wrong("received_on", _("日期请写成 2026-11-24 这样，在 1949-10-01 以后。"))
    return day


def _written(seat: Seat, name: str) -> str:
    """Return a text as it is kept: one sign at the end of a line, no null characters."""
    typed = seat.request.POST.get(name, "")
    return typed.replace("\r\n", "\n").replace("\x00", "").strip()


def _lines(text: str) -> list[str]:
    """Return the lines in which something stands."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def _number(seat: Seat, name: str, filled: Filled) -> int | None:
    """Return how many, None where nothing was typed or it is noted as wrong."""
    plain = seat.request.POST.get(name, "").strip()
    if not plain:
        return None
    if plain.isdecimal() and len(plain) <= MOST_DIGITS:
        return int(plain)
    filled.wrong(name, _("请填整数。"))
    return None


# --- the pages ------------------------------------------------------------------------------------
def _form(
    seat: Seat,
    file: CaseFile,
    filled: Filled | None,
    refused: list[Refusal] | None = None,
    alike: list[Alike] | None = None,
    *,
    looked: bool = False,
    unsent: bool = False,
    empty: bool = False,
) -> HttpResponse:
    """Show the form: at first, with look-alikes, read back unsent, or with what is wrong."""
    groups = field_groups(seat, file, filled, empty=empty)
    errors = filled.errors if filled else {}
    wrong = bool(refused or empty or errors)
    return seat.page(
        "petitions/register.html",
        "register",
        status_of(filled) if wrong and filled else 200,
        groups=groups,
        fields=[field for fields in groups.values() for field in fields],
        refused=refused or (),
        alike=alike or [],
        looked=looked,
        unsent=unsent,
        empty=empty,
        uid=uid_of(seat),
        article=cited(file.kind.acts["register"].basis, file.installed, seat.language),
        more_open=bool(errors.keys() & {"persons", "representatives", "outside_no"}),
    )


def _receipt_page(seat: Seat, intake: Intake, done: Registered) -> HttpResponse:
    """Show number, code and receipt, and where the clerk goes from here."""
    visible = find(seat.viewer, seat.today, done.number)
    to_sort = ""
    if visible and visible.state == "registered":
        to_sort = reverse("desk:act", args=[done.number, CLASSIFY])
    return seat.page(
        "petitions/receipt.html",
        "register",
        sheet=receipt_of(seat, intake, done),
        number=done.number,
        code=done.code,
        repeated=done.performed.repeated,
        sort=to_sort,
        after=_done_with_it(seat, done),
        alike=alike(seat, intake, visible.pk, done.number) if visible else [],
        visible=visible is not None,
    )


def _done_with_it(seat: Seat, done: Registered) -> list[str]:
    """Say what was done with the registration, in words: sorted, sent on to whom."""
    file = read_file(Case.objects.get(number=done.number), seat.now)
    words = [
        headline(file.kind.acts[written.act], seat.language)
        for written in done.performed.acts
        if written.act in (CLASSIFY, *ONWARD)
    ]
    to = Organ.objects.filter(pk=file.view.addressee or 0).first()
    if to is not None and words:
        words[-1] = f"{words[-1]}：{organ_name(to, seat.language)}"
    return words
