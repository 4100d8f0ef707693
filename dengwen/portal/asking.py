"""What a petitioner does in the own matter by number and code: ask for review, re-examination, withdraw, add a contact.

Two pages for each: what it means and what is needed; then done, with what follows. Sent twice, it is done once.
"""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from dengwen.cases.checking import Refused
from dengwen.cases.models import Case
from dengwen.face import shapes
from dengwen.law.acts import MAX_TEXT
from dengwen.petitions import following
from dengwen.petitions.errors import PetitionError
from dengwen.petitions.online import is_token, new_token, uid_of
from dengwen.portal import clock
from dengwen.portal.door import page, show
from dengwen.portal.draft import LIMITS, clean
from dengwen.portal.looking import Look, look, matter
from dengwen.portal.pairs import said
from dengwen.portal.showing import OwnAct, shown

SEND = "send"
REMEDIES = ("request_review", "request_recheck")


@page
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Show the form of an own step, or do it."""
    now = clock.now()
    found = look(request, now)
    if found.case is None:
        return show(
            request, "look", {"number": found.number, "wrong": found.wrong, "carried": []}, status=403
        )
    if found.member:
        return matter(request, found, now)
    token = request.POST.get("token", "")
    token = token if is_token(token) else new_token()
    if following.done_before(uid_of(token)):
        return matter(request, found, now, said_first=_done())
    followed = following.follow(found.case, now)
    can = shown(followed, now).can
    act = next((one for one in can if one.act == request.POST.get("act")), None)
    if act is None:
        return matter(request, found, now)
    given = {
        name: clean(request.POST.get(name, ""))
        for name in ("request", "reasons", "reason", "address", "phone")
    }
    given["good_reason"] = "true" if request.POST.get("good_reason") == "true" else ""
    errors = _errors(act, given) if request.POST.get("go") == SEND else {}
    if request.POST.get("go") == SEND and not errors:
        try:
            _do(act, found.case, given, now, uid_of(token))
        except Refused as refused:
            errors[""] = said(
                "；".join(r.zh for r in refused.reasons), "; ".join(r.en for r in refused.reasons)
            )
        except PetitionError as error:
            errors[""] = said(f"{error.zh}；{error.mend_zh}", f"{error.en}; {error.mend_en}")
        else:
            return matter(request, found, now, said_first=_done())
    return _form(request, found, act, given, errors, token)


def _done() -> str:
    return said("已经收下并登记，下面是现在的情况。", "Received and registered. This is how it stands now.")


def _form(
    request: HttpRequest, found: Look, act: OwnAct, given: dict[str, str], errors: dict[str, str], token: str
) -> HttpResponse:
    fields = [_field(name, given, errors) for name in _names(act)]
    carried = [*found.carried(), ("act", act.act), ("token", token)]
    context = {
        "act": act,
        "fields": fields,
        "carried": carried,
        "whole_error": errors.get("", ""),
        "back": found.carried(),
    }
    return show(request, "ask", context, status=422 if errors else 200)


def _names(act: OwnAct) -> tuple[str, ...]:
    if act.act in REMEDIES:
        return ("request", "reasons", "good_reason") if act.late else ("request", "reasons")
    return ("reason",) if act.act == "withdraw" else ("address", "phone")


def _field(name: str, given: dict[str, str], errors: dict[str, str]) -> shapes.FormField:
    kinds: dict[str, shapes.FieldType] = {"address": "person", "phone": "person", "good_reason": "flag"}
    labels = {
        "request": said("您的请求", "What you ask for"),
        "reasons": said("事实和理由", "Facts and reasons"),
        "reason": said("为什么撤回", "Why you withdraw"),
        "address": said("住址", "Address"),
        "phone": said("电话", "Telephone"),
        "good_reason": said("逾期有正当理由，已经写在上面", "I am late for a good reason, given above"),
    }
    return shapes.FormField(
        name, kinds.get(name, "text"), labels[name], required=name in ("request", "reasons", "good_reason"),
        value=given[name], errors=(errors[name],) if name in errors else (),
    )  # fmt: skip


def _errors(act: OwnAct, given: dict[str, str]) -> dict[str, str]:
    errors = {}
    for name in _names(act):
        most = LIMITS.get(name, MAX_TEXT) if name in ("address", "phone") else MAX_TEXT
        if len(given[name]) > most:
            errors[name] = said(
                f"最多 {most} 个字，请缩短。", f"At most {most} characters, please shorten it."
            )
        elif name in ("request", "reasons") and not given[name]:
            errors[name] = said("请填写。", "Please fill this in.")
        elif name == "good_reason" and not given[name]:
            errors[name] = said(
                "期限已过，没有正当理由不能再提出。",
                "The period is over; without a good reason it is too late.",
            )
    if act.act == "add_contact" and not (given["address"] or given["phone"]):
        errors["address"] = said("请写住址或者电话。", "Please give an address or a telephone number.")
    return errors


def _do(act: OwnAct, case: Case, given: dict[str, str], now: datetime, uid: str) -> None:
    if act.act in REMEDIES:
        following.ask(
            case, act.act, request=given["request"], reasons=given["reasons"], good_reason=bool(given["good_reason"]),
            now=now, uid=uid,
        )  # fmt: skip
    elif act.act == "withdraw":
        following.withdraw(case, reason=given["reason"], now=now, uid=uid)
    else:
        following.add_contact(case, address=given["address"], phone=given["phone"], now=now, uid=uid)
