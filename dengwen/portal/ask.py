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
from dengwen.cases.files.paper_field import PaperField
from dengwen.cases.models import Case
from dengwen.cases.write.check import Refused
from dengwen.law.bilingual import words_in
from dengwen.law.duties.field_values import MAX_TEXT
from dengwen.ledger.durability import disk_full
from dengwen.petitions import own_matter
from dengwen.petitions.errors import PetitionError
from dengwen.petitions.intake.online_submission import is_token, new_token, uid_of
from dengwen.portal import clock
from dengwen.portal.draft import LIMITS
from dengwen.portal.follow import Look, look, matter, not_found
from dengwen.portal.matter_view import OwnAct, shown
from dengwen.portal.own_text import OwnText
from dengwen.portal.page import page, show
from dengwen.portal.papers import FIELD, OwnPapers, refused_words
from dengwen.portal.reasons import all_reasons
from dengwen.portal.submit import FULL, no_room
from dengwen.ui.dates import page_language
from dengwen.ui.form_fields import Asked, AskedForm, Tick, form_of, pressed

SEND = "send"
REMEDIES = ("request_review", "request_recheck")
MATERIAL = "add_material"
NO_ROOM = "no-room"
"""Where the form says that the disk takes no more."""


class StepForm(AskedForm):
    """Which own step is asked for; `token` makes it happen once."""

    act = OwnText()
    token = OwnText()


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
    asked = StepForm.of(request)
    token = asked.value("token")
    token = token if is_token(token) else new_token()
    if own_matter.done_before(uid_of(token)):
        return matter(request, found, now, said_first=_done())
    followed = own_matter.follow(found.case, now)
    can = shown(followed, now).can
    act = next((one for one in can if one.act == asked.value("act")), None)
    if act is None:
        return matter(request, found, now)
    own = OwnForm(act, token, _read(request, act, now))
    if _is_done(request, own, found.case):
        return matter(request, found, now, said_first=_done(_papers(own.form)))
    return _form(request, found, own)


@dataclass(frozen=True, slots=True)
class OwnForm:
    """The form of an own step, with the token that it is done once by."""

    act: OwnAct
    token: str
    form: AskedForm


def _is_done(request: HttpRequest, own: OwnForm, case: Case) -> bool:
    """Do the step where it was sent and nothing is wrong; say whether it is done."""
    sent = pressed(request) == SEND and not own.form.errors
    return sent and _done_now(own.form, own.act, own.token, case)


def _read(request: HttpRequest, act: OwnAct, now: datetime) -> AskedForm:
    """Read the form; a file that is not taken is said at once, the rest only when it is to be
    sent."""
    form = form_of(request, {name: _asked(request, name, now) for name in _names(act)})
    if pressed(request) == SEND:
        if act.act == "add_contact" and not (form.typed("address") or form.typed("phone")):
            form.wrong("address", _("请写住址或者电话。"))
        return form
    refused = bool(FIELD in form.fields and _tray(form).refused)
    for name in set(form.errors):
        if name != FIELD or not refused:
            form.errors.pop(name)
    return form


def _tray(form: AskedForm) -> Tray:
    """Return what was taken of the files, and what was not."""
    field = form.fields.get(FIELD)
    return field.found if isinstance(field, PaperField) else Tray()


def _papers(form: AskedForm) -> list[Held]:
    """Return the sealed files of the form."""
    return _tray(form).papers


def _done_now(form: AskedForm, act: OwnAct, token: str, case: Case) -> bool:
    """Do the step; False where it is refused, with the reason in the errors of the form."""
    now = clock.now()
    try:
        _do(form, act, token, case, now)
    except Refused as refused:
        form.wrong("", all_reasons(refused.reasons))
    except PetitionError as error:
        pair = (f"{error.zh}；{error.mend_zh}", f"{error.en}; {error.mend_en}")
        form.wrong("", words_in(pair, page_language()))
    except FileError as error:
        _tray(form).papers.clear()
        form.wrong(FIELD, refused_words(Tray(refused=[("", error)])))
    except DatabaseError as error:
        if not disk_full(error):
            raise
        form.wrong(NO_ROOM, no_room())
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


def _form(request: HttpRequest, found: Look, own: OwnForm) -> HttpResponse:
    form = own.form
    carried = [*found.carried(), ("act", own.act.act), ("token", own.token)]
    whole = [*form.errors.get("", ()), *form.errors.get(NO_ROOM, ())]
    context = {
        "act": own.act,
        "fields": form.asked(),
        "files": own.act.act == MATERIAL,
        "carried": carried,
        "whole_error": "".join(whole),
        "back": found.carried(),
    }
    wrong = FULL if NO_ROOM in form.errors or _tray(form).full else 422
    return show(request, "ask", context, status=wrong if form.errors else 200)


def _names(act: OwnAct) -> tuple[str, ...]:
    """Return the fields that an own step asks."""
    if act.act in REMEDIES:
        return ("request", "reasons", "good_reason") if act.late else ("request", "reasons")
    if act.act == MATERIAL:
        return (FIELD, "note")
    return ("reason",) if act.act == "withdraw" else ("address", "phone")


def _asked(request: HttpRequest, name: str, now: datetime) -> Asked:
    """Return a field of an own step."""
    labels = {
        "request": pgettext("ask", "您的请求"),
        "reasons": _("事实和理由"),
        "reason": _("为什么撤回"),
        "note": _("这些材料说明什么"),
        "address": _("住址"),
        "phone": _("电话"),
    }
    if name == FIELD:
        missing = _("请选择要补交的文件。") if pressed(request) == SEND else ""
        return OwnPapers(request, now, asked="token" in request.POST, missing=missing)
    if name == "good_reason":
        return Tick(
            _("逾期有正当理由，已经写在上面"),
            needed=True,
            missing=_("期限已过，没有正当理由不能再提出。"),
        )
    if name in ("address", "phone"):
        return OwnText(labels[name], type="person", most=LIMITS.get(name, MAX_TEXT))
    needed = name in ("request", "reasons")
    return OwnText(labels[name], needed=needed, missing=_("请填写。") if needed else "")


def _do(form: AskedForm, act: OwnAct, token: str, case: Case, now: datetime) -> None:
    uid = uid_of(token)
    if act.act in REMEDIES:
        own_matter.ask(
            case,
            act.act,
            request=form.value("request"),
            reasons=form.value("reasons"),
            good_reason=bool(form.understood.get("good_reason")),
            now=now,
            uid=uid,
        )
    elif act.act == "withdraw":
        own_matter.withdraw(case, reason=form.value("reason"), now=now, uid=uid)
    elif act.act == MATERIAL:
        own_matter.add_material(
            case, papers=_papers(form), note=form.value("note"), now=now, uid=uid
        )
    else:
        address, phone = form.value("address"), form.value("phone")
        own_matter.add_contact(case, address=address, phone=phone, now=now, uid=uid)
