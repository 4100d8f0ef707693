"""Registration: the clerk types what was handed in, submits once, and gets number, code and receipt
(journeys 2, 4).

Nothing is registered by accident: Enter in a field reads the form back and registers nothing, only
the button that says so does; where nothing was handed in the page asks once, and the reason stands
in the act.

Registration is unconditional (R22 22, 23): nothing on this page refuses a matter for what it says.
"""

from __future__ import annotations

from django.db import DatabaseError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from dengwen.cases.files.content_type import FileError
from dengwen.cases.files.held_files import let_go
from dengwen.cases.models import Case
from dengwen.cases.read.case_view import blank_file, cited, read_file
from dengwen.cases.wall.visibility import find
from dengwen.cases.write.check import Refused
from dengwen.desk.petitions.look_alikes import COMPARED
from dengwen.desk.petitions.proposal import CLASSIFY, ONWARD
from dengwen.desk.petitions.receipt import receipt_of
from dengwen.desk.petitions.register_form import (
    ACCUSES,
    CLASS,
    FOLDED,
    SORT,
    RegisterForm,
    register_form,
)
from dengwen.desk.petitions.similar_matters import ALIKE, Alike, alike
from dengwen.desk.shell.act.act_refusals import as_part, as_reason, full_reason, status_of
from dengwen.desk.shell.act.field_search import found_part, is_search, searches
from dengwen.desk.shell.frame.seat import TAKING_IN, Seat, at_desk, organ_name, uid_of
from dengwen.law.bilingual import headline
from dengwen.law.packs.rules import ActRule
from dengwen.ledger.durability import disk_full
from dengwen.organs.models import Organ
from dengwen.petitions.errors import PetitionError
from dengwen.petitions.intake.intake import (
    NO_CONTENT,
    REQUESTS_SAY_IT,
    HandedIn,
    Registered,
    is_empty,
    register,
)
from dengwen.ui.form_fields import pressed

GO, REGISTER = "go", "register"
"""The button that registers, and nothing else does."""


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def registration(seat: Seat) -> HttpResponse:
    """Ask for what was handed in, show look-alikes on request, or register it."""
    if seat.organ is None or not seat.capacities & TAKING_IN:
        return redirect("desk:home")
    asked = register_form(seat, blank_file("petition", seat.organ.division_code, seat.now))
    if seat.request.method != "POST":
        return _form(asked)
    if is_search(seat):
        asked.form.forgive()
        asked.proposal.forgive()
        return found_part(seat, asked.proposal.fields()) or _form(asked)
    return _answer(asked)


def _answer(asked: RegisterForm) -> HttpResponse:
    """Register what was typed, or show the form again: with look-alikes, read back, or with what is
    wrong."""
    seat, handed = asked.seat, asked.handed()
    if "alike" in seat.request.POST and not asked.form.errors:
        asked.proposal.forgive()
        return _form(asked, alike=alike(seat, handed), looked=True)
    if pressed(seat.request, GO) != REGISTER:
        return _form(asked, unsent=not asked.wrong)
    empty = _says_nothing(handed, asked.rule)
    if asked.wrong or empty:
        return _form(asked, empty=empty)
    return _register(asked, handed)


def _says_nothing(handed: HandedIn, rule: ActRule) -> bool:
    """Say whether nothing was handed in and no reason for it is given."""
    return is_empty(handed, rule) and handed.text(NO_CONTENT) in ("", REQUESTS_SAY_IT)


def _register(asked: RegisterForm, handed: HandedIn) -> HttpResponse:
    """Register, sort and send on in one call, and show the receipt; or the form with the
    reasons."""
    seat, file, rule = asked.seat, asked.file, asked.rule
    onward = asked.steps_onward()
    try:
        done = register(handed, by=seat.by, now=seat.now, uid=uid_of(seat), onward=onward)
    except Refused as refused:
        asked.refuse(refused)
        return _form(asked)
    except (PetitionError, FileError) as error:
        asked.whole.append(as_part(seat, file, rule, as_reason(error, rule)))
        return _form(asked)
    except DatabaseError as error:
        if not disk_full(error):
            raise
        asked.no_room = True
        asked.whole.append(as_part(seat, file, rule, full_reason()))
        return _form(asked)
    if done.performed.repeated:
        # The form came twice: what came with the first is kept, the copies go.
        for one in handed.papers:
            let_go(one)
    return _receipt_page(seat, handed, done)


# --- the pages ------------------------------------------------------------------------------------
def _form(
    asked: RegisterForm,
    alike: list[Alike] | None = None,
    *,
    looked: bool = False,
    unsent: bool = False,
    empty: bool = False,
) -> HttpResponse:
    """Show the form: at first, with look-alikes, read back unsent, or with what is wrong."""
    seat = asked.seat
    groups = asked.groups(empty=empty)
    wrong = bool(asked.whole) or empty or asked.wrong
    folded = [one for section in FOLDED for one in groups[section]]
    return seat.page(
        "petitions/register.html",
        "register",
        status_of(asked) if asked.form.is_bound and wrong else 200,
        groups=groups,
        searches=searches(seat, groups[SORT]),
        fields=[one for fields in groups.values() for one in fields],
        refused=asked.whole,
        alike=alike or [],
        alike_table=ALIKE.fixed(alike or ()),
        looked=looked,
        unsent=unsent,
        empty=empty,
        uid=uid_of(seat),
        article=cited(asked.rule.basis, asked.file.installed, seat.language),
        more_open=any(one.errors for one in folded),
        **_alike_asked(),
    )


def _alike_asked() -> dict[str, str]:
    """Return when look-alikes are asked for anew, and what of the form is sent then."""
    compared = (*COMPARED, ACCUSES, CLASS)
    return {
        "alike_asked": ", ".join(_asks_again(one) for one in compared),
        "alike_sent": ", ".join(f"[name={one}]" for one in compared),
    }


def _asks_again(name: str) -> str:
    """Return when a field of the page asks for look-alikes anew: once nobody types on."""
    return f"input delay:800ms from:#f-{name}"


def _receipt_page(seat: Seat, handed: HandedIn, done: Registered) -> HttpResponse:
    """Show number, code and receipt, and where the clerk goes from here."""
    visible = find(seat.viewer, seat.today, done.number)
    to_sort = ""
    if visible and visible.state == "registered":
        to_sort = reverse("desk:act", args=[done.number, CLASSIFY])
    found = alike(seat, handed, visible.pk, done.number) if visible else []
    return seat.page(
        "petitions/receipt.html",
        "register",
        sheet=receipt_of(seat, handed, done),
        number=done.number,
        code=done.code,
        repeated=done.performed.repeated,
        sort=to_sort,
        after=_done_with_it(seat, done),
        alike=found,
        alike_table=ALIKE.fixed(found),
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
