"""What a petitioner does in the own matter by number and code: ask for review, re-examination,
withdraw, add a contact.

Two pages for each: what it means and what is needed; then done, with what follows. Sent twice, it
is done once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_POST

from dengwen.cases.files.content_type import FileError
from dengwen.cases.files.held_files import Held, Tray
from dengwen.cases.models import Case
from dengwen.cases.write.check import Refused
from dengwen.law.bilingual import words_in
from dengwen.law.duties.field_values import MAX_TEXT
from dengwen.ledger.durability import disk_full
from dengwen.petitions import own_matter
from dengwen.petitions.errors import PetitionError
from dengwen.petitions.intake.online_submission import is_token, new_token, uid_of
from dengwen.portal import clock
from dengwen.portal.draft import LIMITS, clean
from dengwen.portal.follow import Look, look, matter, not_found
from dengwen.portal.matter_view import OwnAct, shown
from dengwen.portal.page import page, show
from dengwen.portal.papers import FIELD, papers_field, read_papers, refused_words
from dengwen.portal.reasons import all_reasons
from dengwen.portal.submit import FULL, no_room
from dengwen.ui import components
from dengwen.ui.dates import page_language

SEND = "send"
REMEDIES = ("request_review", "request_recheck")
MATERIAL = "add_material"
TEXTS = ("request", "reasons", "reason", "note", "address", "phone")


@page
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Show the form of an own step, or do it."""
    now = clock.now()
    found = look(request, now)
    if found.case is None:
        return not_found(request, found)
    if found.member:
        return matter(request, found, now)
    token = request.POST.get("token", "")
    token = token if is_token(token) else new_token()
    if own_matter.done_before(uid_of(token)):
        return matter(request, found, now, said_first=_done())
    followed = own_matter.follow(found.case, now)
    can = shown(followed, now).can
    act = next((one for one in can if one.act == request.POST.get("act")), None)
    if act is None:
        return matter(request, found, now)
    form = _read(request, act, token, now)
    if form.send and not form.errors and _done_now(form, found.case, now):
        return matter(request, found, now, said_first=_done(form.papers))
    return _form(request, found, form)


@dataclass(slots=True)
class OwnForm:
    """The form of an own step: what was written and chosen, what is wrong with it, and whether
    the disk is full."""

    act: OwnAct
    token: str
    given: dict[str, str]
    papers: list[Held]
    errors: dict[str, str]
    send: bool
    full: bool = False


def _read(request: HttpRequest, act: OwnAct, token: str, now: datetime) -> OwnForm:
    """Read the form; a file that is not taken is said at once, the rest only when it is to be
    sent."""
    given = {name: clean(request.POST.get(name, "")) for name in TEXTS}
    given["good_reason"] = "true" if request.POST.get("good_reason") == "true" else ""
    files = (
        read_papers(request, now, asked="token" in request.POST) if act.act == MATERIAL else Tray()
    )
    send = request.POST.get("go") == SEND
    errors = _errors(act, given) if send else {}
    if files.refused:
        errors[FIELD] = refused_words(files)
    elif send and act.act == MATERIAL and not files.papers:
        errors[FIELD] = _("请选择要补交的文件。")
    return OwnForm(act, token, given, files.papers, errors, send, files.full)


def _done_now(form: OwnForm, case: Case, now: datetime) -> bool:
    """Do the step; False where it is refused, with the reason in the errors of the form."""
    try:
        _do(form, case, now)
    except Refused as refused:
        form.errors[""] = all_reasons(refused.reasons)
    except PetitionError as error:
        pair = (f"{error.zh}；{error.mend_zh}", f"{error.en}; {error.mend_en}")
        form.errors[""] = words_in(pair, page_language())
    except FileError as error:
        form.papers = []
        form.errors[FIELD] = refused_words(Tray(refused=[("", error)]))
    except DatabaseError as error:
        if not disk_full(error):
            raise
        form.full, form.errors[""] = True, no_room()
    return not form.errors


def _done(papers: Sequence[Held] = ()) -> str:
    if papers:
        words = ngettext(
            "收到 %(count)s 个文件并登记，下面能看到每一个的摘要。",
            "收到 %(count)s 个文件并登记，下面能看到每一个的摘要。",
            len(papers),
        )
        return words % {"count": len(papers)}
    return _("已经收下并登记，下面是现在的情况。")


def _form(request: HttpRequest, found: Look, form: OwnForm) -> HttpResponse:
    fields = [_field(name, form) for name in _names(form.act)]
    carried = [*found.carried(), ("act", form.act.act), ("token", form.token)]
    context = {
        "act": form.act,
        "fields": fields,
        "files": form.act.act == MATERIAL,
        "carried": carried,
        "whole_error": form.errors.get("", ""),
        "back": found.carried(),
    }
    wrong = FULL if form.full else 422
    return show(request, "ask", context, status=wrong if form.errors else 200)


def _names(act: OwnAct) -> tuple[str, ...]:
    """Return the fields that an own step asks."""
    if act.act in REMEDIES:
        return ("request", "reasons", "good_reason") if act.late else ("request", "reasons")
    if act.act == MATERIAL:
        return (FIELD, "note")
    return ("reason",) if act.act == "withdraw" else ("address", "phone")


def _field(name: str, form: OwnForm) -> components.FormField:
    given, errors = form.given, form.errors
    if name == FIELD:
        return papers_field(form.papers, errors.get(FIELD, ""), required=True)
    kinds: dict[str, components.FieldType] = {
        "address": "person",
        "phone": "person",
        "good_reason": "flag",
    }
    labels = {
        "request": pgettext("ask", "您的请求"),
        "reasons": _("事实和理由"),
        "reason": _("为什么撤回"),
        "note": _("这些材料说明什么"),
        "address": _("住址"),
        "phone": _("电话"),
        "good_reason": _("逾期有正当理由，已经写在上面"),
    }
    return components.FormField(
        name,
        kinds.get(name, "text"),
        labels[name],
        required=name in ("request", "reasons", "good_reason"),
        value=given[name],
        errors=(errors[name],) if name in errors else (),
    )


def _errors(act: OwnAct, given: dict[str, str]) -> dict[str, str]:
    """Return what is wrong with the fields of an own step, by name."""
    errors = {}
    for name in (n for n in _names(act) if n != FIELD):
        most = LIMITS.get(name, MAX_TEXT) if name in ("address", "phone") else MAX_TEXT
        if len(given[name]) > most:
            errors[name] = _("最多 %(most)s 个字，请缩短。") % {"most": most}
        elif name in ("request", "reasons") and not given[name]:
            errors[name] = _("请填写。")
        elif name == "good_reason" and not given[name]:
            errors[name] = _("期限已过，没有正当理由不能再提出。")
    if act.act == "add_contact" and not (given["address"] or given["phone"]):
        errors["address"] = _("请写住址或者电话。")
    return errors


def _do(form: OwnForm, case: Case, now: datetime) -> None:
    act, given, uid = form.act, form.given, uid_of(form.token)
    if act.act in REMEDIES:
        own_matter.ask(
            case,
            act.act,
            request=given["request"],
            reasons=given["reasons"],
            good_reason=bool(given["good_reason"]),
            now=now,
            uid=uid,
        )
    elif act.act == "withdraw":
        own_matter.withdraw(case, reason=given["reason"], now=now, uid=uid)
    elif act.act == MATERIAL:
        own_matter.add_material(case, papers=form.papers, note=given["note"], now=now, uid=uid)
    else:
        own_matter.add_contact(
            case, address=given["address"], phone=given["phone"], now=now, uid=uid
        )
