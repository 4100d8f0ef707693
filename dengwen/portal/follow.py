"""Following a matter by number and code: posted, what is right shown at once, the same answer to
every miss."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dengwen.access.keys.keyring import key_ring
from dengwen.access.login import throttle
from dengwen.access.login.source_address import source_of
from dengwen.cases.models import Case
from dengwen.documents.issuance import page as full_page
from dengwen.law.duties.act_record import civil
from dengwen.petitions.intake.online_submission import new_token
from dengwen.petitions.own_matter import find, for_member, is_member, open_paper, receipt_files
from dengwen.petitions.own_matter import follow as follow_case
from dengwen.petitions.ratings import open_for
from dengwen.portal import clock
from dengwen.portal.matter_view import shown, who
from dengwen.portal.own_text import OwnText
from dengwen.portal.page import page, show
from dengwen.portal.reach import reach_of
from dengwen.portal.submit import file_of
from dengwen.ui.form_fields import AskedForm

LONGEST = 60
"""Characters of a number or a code that are read at all."""
FORBIDDEN, TOO_MANY = 403, 429


@dataclass(frozen=True, slots=True)
class Look:
    """An attempt to look a matter up: what was typed, and the case, or why there is none.

    `member` says that the code is that of one member of a group, who sees the course but does not
    act for all.
    """

    number: str
    code: str
    case: Case | None
    wrong: str = ""
    status: int = FORBIDDEN
    member: bool = False

    def carried(self) -> list[tuple[str, str]]:
        """Return what the forms of the page carry."""
        return [("number", self.number), ("code", self.code)]


class LookForm(AskedForm):
    """Number and query code of a matter."""

    number = OwnText()
    code = OwnText()
    paper = OwnText()


def look(request: HttpRequest, now: datetime) -> Look:
    """Find the matter of a posted number and code. What is right is shown at once, whatever was
    guessed before.

    Wrong guesses count against the source with the number, and against the source. What is answered
    to them depends on the guesses only: never on whether there is such a number.
    """
    form = LookForm.of(request)
    number, code = form.value("number")[:LONGEST], form.value("code")[:LONGEST]
    ring, source = key_ring(), source_of(request)
    guess = ring.digest("recognise", "portal", source, number.upper())
    case = find(number, code)
    if case is not None:
        throttle.succeeded(guess)
        return Look(number, code, case, member=is_member(case.pk, code))
    wide = ring.digest("recognise", "portal", source)
    wrong = throttle.wrong({guess: throttle.FREE, wide: throttle.FREE_OF_A_SOURCE}, now)
    if wrong.counted:
        return Look(number, code, None, _miss())
    return Look(number, code, None, _wait(), TOO_MANY)


def not_found(request: HttpRequest, found: Look) -> HttpResponse:
    """Return the page that asks for number and code again."""
    words = {"number": found.number, "wrong": found.wrong, "carried": []}
    return show(request, "look", words, status=found.status)


def _miss() -> str:
    return _("编号或者查询码不对。请照回执核对；丢了查询码，带身份证件到窗口。")


def _wait() -> str:
    return _(
        "编号或者查询码不对，而且从这里试错的次数太多：请过几分钟再试，或者到窗口查。编号和查询码都对的，随时能查，不用等。"
    )


@page
@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Ask for number and code, and show the matter."""
    if request.method != "POST" or (
        "language" in request.POST and not LookForm.of(request).typed("code")
    ):
        return show(request, "look", {"carried": []})
    now = clock.now()
    found = look(request, now)
    if found.case is None:
        return not_found(request, found)
    return matter(request, found, now)


def matter(
    request: HttpRequest, found: Look, now: datetime, *, said_first: str = ""
) -> HttpResponse:
    """Show the page of a matter that was found."""
    if found.case is None:
        raise ValueError("nothing was found")
    followed = follow_case(found.case, now)
    if found.member:
        followed = for_member(followed)
    seen = shown(followed, now)
    context = {
        "matter": seen,
        "matters": _flat(seen),
        "carried": found.carried(),
        "code": found.code,
        "stage": "" if followed.neutral else _receipt_stage(found.case),
        "viewed": [(one.at, *who(one)) for one in seen.viewed],
        "message": said_first,
        "evaluation": not found.member and open_for(found.case) is not None,
        "form_token": new_token(),
        "reach": reach_of(found.case.holder, civil(now)),
        "now": now,
    }
    return show(request, "matter", context)


def _receipt_stage(case: Case) -> str:
    """Return which receipt file there is: 1, the promise; 2, the proof."""
    _promise, proof = receipt_files(case)
    return "2" if proof else "1"


def _flat(seen: object) -> list[object]:
    """Return a matter and those that come from it, in order."""
    found = [seen]
    for child in getattr(seen, "also", ()):
        found += _flat(child)
    return found


@page
@require_POST
def paper(request: HttpRequest) -> HttpResponse:
    """Show one paper addressed to the petitioner, as it was issued; the reading is logged."""
    now = clock.now()
    found = look(request, now)
    if found.case is None:
        return not_found(request, found)
    asked = LookForm.of(request).value("paper")
    opened = open_paper(found.case, asked, now) if not found.member else None
    if opened is None:
        return matter(request, found, now)
    row, body = opened
    return HttpResponse(full_page(body, row.title, "zh"))


@page
@require_POST
def receipt(request: HttpRequest) -> HttpResponse:
    """Hand out the receipt file of the registration, the best there is now."""
    found = look(request, clock.now())
    if found.case is None:
        return not_found(request, found)
    promise, proof = receipt_files(found.case)
    return file_of(found.case.number, proof or promise)
