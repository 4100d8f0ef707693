"""Submitting in steps, one decision a page; the draft travels in the form. Sent twice, it is
registered once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from dengwen.cases import rulebooks
from dengwen.cases.files.content_type import FileError
from dengwen.cases.files.held_files import Tray
from dengwen.cases.models import Case
from dengwen.cases.write.check import Refused
from dengwen.law.bilingual import words_in
from dengwen.law.duties.act_record import civil
from dengwen.law.packs.library import Rulebook
from dengwen.ledger.durability import disk_full
from dengwen.petitions.errors import PetitionError
from dengwen.petitions.intake.intake import Registered
from dengwen.petitions.intake.online_submission import submit, submitted
from dengwen.petitions.own_matter import receipt_files
from dengwen.portal import clock, further_fields
from dengwen.portal.channel_hints import Hint, hints_for
from dengwen.portal.draft import MOST_REQUESTS, Draft
from dengwen.portal.further_fields import asked_today
from dengwen.portal.page import office, page, show
from dengwen.portal.papers import read_back_lines, read_papers, refused_words
from dengwen.portal.reasons import all_reasons
from dengwen.portal.receipt_sheet import sheet_of
from dengwen.portal.step_forms import Errors, errors_of, fields_on_page, first_wrong
from dengwen.ui import dates
from dengwen.ui.dates import page_language
from dengwen.ui.form_fields import pressed

NEXT, BACK, ADD, DROP, EDIT, SEND, MORE = "next", "back", "add", "drop-", "edit-", "send", "more"
FULL = 507
"""Status of an answer where the disk takes no more."""


@page
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """Take one step of the form: check what this page asked, show the next, register at the end."""
    receiving = office()
    if request.method != "POST" or receiving is None:
        return HttpResponseRedirect(reverse("portal:start"))
    go, now = pressed(request), clock.now()
    draft = Draft.read(request.POST, asked_today(now))
    if not draft.kind:
        return HttpResponseRedirect(reverse("portal:start"))
    if made := submitted(draft.token):
        return _receipt(request, made, draft.token)
    found = read_papers(request, now, asked=pressed(request, "step") == "papers")
    draft.papers = tuple(found.papers)
    if found.refused:
        wrong = {"papers": refused_words(found)}
        return _page(request, draft, "papers", wrong, now, FULL if found.full else 0)
    return _send(request, draft, now) if go == SEND else _go(request, draft, go, now)


def _go(request: HttpRequest, draft: Draft, go: str, now: datetime) -> HttpResponse:
    """Go where a button leads: on, if what this page asked is in order, back, or to a page to be
    changed."""
    steps = draft.steps()
    asked = pressed(request, "step")
    step = asked if asked in steps else steps[0]
    if go == NEXT and asked:
        errors = errors_of(draft, step, now)
        return _page(request, draft, step if errors else _after(draft, step), errors, now)
    if go == BACK:
        step = steps[max(0, steps.index(step) - 1)]
    elif go.startswith(EDIT) and go.removeprefix(EDIT) in steps:
        step = go.removeprefix(EDIT)
    else:
        _change_requests(draft, go)
    return _page(request, draft, step, {}, now)


def _change_requests(draft: Draft, go: str) -> None:
    """Add a line for another request, or drop one, where a button says so."""
    if go == ADD and len(draft.requests) < MOST_REQUESTS:
        draft.requests = (*draft.requests, "")
    elif go.startswith(DROP):
        kept = [text for n, text in enumerate(draft.requests, 1) if go != f"{DROP}{n}"]
        draft.requests = tuple(kept)


def _after(draft: Draft, step: str) -> str:
    """Return the step that follows."""
    steps = draft.steps()
    return steps[min(steps.index(step) + 1, len(steps) - 1)]


def _send(request: HttpRequest, draft: Draft, now: datetime) -> HttpResponse:
    """Register what was written, or show the page on which something is wrong."""
    if wrong := first_wrong(draft, now):
        return _page(request, draft, *wrong, now)
    receiving = office()
    if receiving is None:
        return show(request, "closed", {})
    try:
        made = submit(draft.handed(), token=draft.token, office=receiving, now=now)
    except (Refused, PetitionError, FileError, DatabaseError) as error:
        return _not_sent(request, draft, error, now)
    return _receipt(request, made, draft.token)


def _not_sent(request: HttpRequest, draft: Draft, error: Exception, now: datetime) -> HttpResponse:
    """Show the page to be mended, with everything written; a fault of the database that is no
    full disk is raised."""
    if isinstance(error, Refused):
        return _page(request, draft, "check", {"": all_reasons(error.reasons)}, now)
    if isinstance(error, FileError):
        draft.papers = ()
        wrong = refused_words(Tray(refused=[("", error)]))
        return _page(request, draft, "papers", {"papers": wrong}, now)
    if isinstance(error, PetitionError):
        return _page(request, draft, "check", {"": words_in(error, page_language())}, now)
    if not disk_full(error):
        raise error
    return _page(request, draft, "check", {"": no_room()}, now, FULL)


def no_room() -> str:
    """Return what is said where the disk takes no more: nothing is lost but the attempt."""
    return _(
        "系统的磁盘满了，这次没有登记。您写的都还在这一页，请过一会儿再按一次“提交”；急用可以打电话或者到窗口。"
    )


def _page(
    request: HttpRequest, draft: Draft, step: str, errors: Errors, now: datetime, status: int = 0
) -> HttpResponse:
    steps = draft.steps()
    fields = fields_on_page(draft, step, errors)
    context = {
        "draft": draft,
        "step": step,
        "place": steps.index(step) + 1,
        "places": len(steps),
        "fields": fields,
        "carried": draft.carried(step),
        "errors": errors,
        "whole_error": errors.get("", ""),
        "first": steps.index(step) == 0,
        "action": reverse("portal:submit"),
        "kind": KIND_WORDS[draft.kind](),
    }
    if step == "path":
        context["hints"] = [_hint(hint, now) for hint in hints_for(draft.whole())]
    if step == "check":
        context["read_back"] = _read_back(draft)
    if step == "requests":
        context["may_add"] = len(draft.requests) < MOST_REQUESTS
    return show(request, step, context, status=status or (422 if errors else 200))


KIND_WORDS = {
    "claim": lambda: _("解决问题"),
    "accusation": lambda: _("检举控告"),
    "suggestion": lambda: pgettext("submit", "提出建议"),
}


# --- hints and what is read back ------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Hinted:
    """A hint in the language of the page, with the length of its term where the packs know one."""

    title: str
    text: str
    term: str
    basis: str


def _hint(hint: Hint, now: datetime) -> Hinted:
    """Return a hint for the page, with the article that leads there."""
    receiving = office()
    book = rulebooks.in_force(civil(now), receiving.division_code if receiving else "", now).book
    basis = book.kind("petition").acts["notify_path"].basis
    return Hinted(
        words_in(hint, page_language()),
        words_in((hint.more_zh, hint.more_en), page_language()),
        _term_of(hint, book),
        basis.cite(book.instruments, page_language()),
    )


def _term_of(hint: Hint, book: Rulebook) -> str:
    """Say within which time the other channel is asked, "" where the packs do not know it."""
    rule = book.clocks.get(hint.clock)
    if rule is None or rule.term is None:
        return ""
    words = {
        "span": dates.days(rule.term.amount, page_language(), rule.term.unit),
        "cite": rule.basis.cite(book.instruments, page_language()),
    }
    return _("申请期限一般是知道决定之日起 %(span)s（%(cite)s）。") % words


def _read_back(draft: Draft) -> list[tuple[str, str, list[str]]]:
    """Return what will be sent: step to mend it, heading, lines."""
    story = [*draft.content().split("\n"), *_further_lines(draft, "story")]
    parts = [("story", _("发生了什么"), story)]
    if draft.kind == "claim":
        written = [text for text in draft.requests if text]
        listed = [f"{n}. {text}" for n, text in enumerate(written, 1)]
        parts.append(("requests", pgettext("submit", "请求"), listed))
    files = read_back_lines(draft.papers) or [_("没有附材料")]
    return [
        *parts,
        (
            "who",
            pgettext("submit", "身份"),
            [*_identity_lines(draft), *_further_lines(draft, "who")],
        ),
        ("papers", _("照片、文件"), files),
    ]


def _further_lines(draft: Draft, step: str) -> list[str]:
    """Return the lines that read back what the pack asks in a step beside its own questions."""
    return further_fields.read_back(draft.asked, draft.further, step, anonymous=draft.anonymous)


def _identity_lines(draft: Draft) -> list[str]:
    """Return who may know who is asking, and who that is."""
    words = {
        "open": _("登记的信访部门和承办单位可以知道您是谁"),
        "hidden": _("只有登记的信访部门知道您是谁"),
        "anonymous": _("匿名"),
    }
    lines = [words[draft.identity or "anonymous"]]
    if draft.identity != "anonymous":
        lines += [text for text in (draft.name, draft.address, draft.phone) if text]
    return lines


# --- the receipt ----------------------------------------------------------------------------------
def _receipt(request: HttpRequest, made: Registered, token: str, *, kept: str = "") -> HttpResponse:
    context = {
        "sheet": sheet_of(made),
        "token": token,
        "kept": kept,
        "action": reverse("portal:receipt"),
        "carried": [("token", token)],
    }
    return show(request, "receipt", context)


@page
@require_POST
def receipt(request: HttpRequest) -> HttpResponse:
    """Show the receipt again to who sent the form: to print, to save as a file, or to go on
    after keeping it."""
    token, go = pressed(request, "token"), pressed(request)
    made = submitted(token)
    if made is None:
        return HttpResponseRedirect(reverse("portal:start"))
    if go == "save":
        return file_of(made.number, receipt_files(Case.objects.get(number=made.number))[0])
    if go == "kept":
        return show(request, "kept", {"number": made.number, "carried": []})
    return _receipt(request, made, token, kept="print" if go == "print" else "")


def file_of(number: str, text: str) -> HttpResponse:
    """Return a receipt file as a download; its name says the number and nothing else."""
    response = HttpResponse(text.encode(), content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{number}.xf-receipt"'
    return response
