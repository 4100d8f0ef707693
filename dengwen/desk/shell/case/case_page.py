"""The case page: date, requests, what can and cannot be done, history, texts, documents, linked
cases."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST, require_safe

from dengwen.access.read_log import PURPOSES, quota
from dengwen.cases.models import Case, Document
from dengwen.cases.read.case_history import history
from dengwen.cases.read.case_view import CaseFile, explanations, rail, read_file, state_words
from dengwen.cases.read.possible_acts import steps
from dengwen.cases.write.entry_on_behalf import actor_of
from dengwen.cases.write.record import handed_out
from dengwen.desk.shell.act.act_page import behalf_of
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE
from dengwen.desk.shell.case.case_links import document_links, file_links, links
from dengwen.desk.shell.case.protected_text import (
    IDENTITY,
    PURPOSE_OF,
    Identity,
    Texts,
    deny_identity,
    document_body,
    identity_of,
    paper_role,
    role_for,
    texts_of,
)
from dengwen.desk.shell.case.reply_aids import aids_beside
from dengwen.desk.shell.case.request_lines import (
    request_lines,
    sent_to_accused_lines,
    standing_lines,
)
from dengwen.desk.shell.frame.chapter import case_parts, ways_on
from dengwen.desk.shell.frame.seat import PERSONNEL_PAGES, Seat, at_desk, case_href, organ_name
from dengwen.documents.issuance import page
from dengwen.law.bilingual import headline, words_in
from dengwen.ledger.act_receipts import receipt
from dengwen.ledger.models import Event
from dengwen.organs.models import Organ
from dengwen.ui.components import Link, TimelineEntry
from dengwen.ui.form_fields import AskedForm, OneOf, form_of

TOO_MANY = 429
OWN_PAGES = {
    "incident": ("desk:incident", gettext_lazy("何时获悉、何时报告")),
    "lead": ("desk:lead", gettext_lazy("依据、接手或者不接手")),
    "inquiry": ("desk:inquiry", gettext_lazy("证据板、责任认定、听取本人")),
    "accountability": ("desk:measure", gettext_lazy("建议、决定、整改、申诉")),
    "inspection": ("desk:inspection", gettext_lazy("样本、发现、整改清单")),
    "group": ("desk:group", gettext_lazy("名单、代表、每人一张回执")),
    **{kind: (page, gettext_lazy("通报、意见、查询")) for kind, page in PERSONNEL_PAGES.items()},
}
"""The page made by hand for a kind of case, with its words; a visit of many is a `group`."""


@require_safe
@at_desk
def case_page(seat: Seat, number: str) -> HttpResponse:
    """Show one case."""
    return show(*seat.to_read(number))


def show(
    seat: Seat,
    case: Case,
    identity: tuple[Identity, ...] | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render the page of a case the wall let through, with an identity if one was just opened."""
    file = read_file(case, seat.now)
    texts = texts_of(seat, case)
    return seat.page(
        "shell/case/case_page.html",
        "",
        status,
        case=case,
        file=file,
        **_where_it_stands(seat, file),
        requests=request_lines(seat, file, texts) if case.kind == "petition" else None,
        steps=steps(file, seat.actor_in(case), seat.now, seat.language, case_href),
        entries=_entries(seat, file),
        texts=_shown(file, texts, seat),
        closed=_closed_words(texts),
        documents=document_links(seat, case),
        files=file_links(seat, case),
        links=links(seat, case),
        identity=identity,
        refused=refused,
        **_ways_on(seat, file),
        reads_only=bool(seat.reads_for),
        purposes=purpose_form(seat).at("purpose").but(errors=()) if _may_ask(seat, case) else None,
        reply_aids=aids_beside(seat, case, texts),
        **case_parts(seat, file, texts),
    )


def _where_it_stands(seat: Seat, file: CaseFile) -> dict[str, Any]:
    """Return kind, state and holder in words, the next date and how each was computed, and who
    acts for the petitioner."""
    holder = Organ.objects.filter(pk=file.case.holder_id or 0).first()
    computed = explanations(file, seat.today, seat.language)
    return {
        "kind": headline(file.kind, seat.language),
        "state": state_words(file, seat.language),
        "holder": organ_name(holder, seat.language),
        "rail": rail(file, seat.today, seat.language),
        "hows": [(headline(duty.rule, seat.language), how) for duty, how in computed],
        "standing": [
            *standing_lines(file, seat.language),
            *sent_to_accused_lines(file, seat.today, seat.language),
        ],
    }


def _entries(seat: Seat, file: CaseFile) -> list[TimelineEntry]:
    """Return the history, each act with the way to its proof."""

    def proof_href(seq: int) -> str:
        return reverse("desk:proof", args=[file.case.number, seq])

    return history(file, seat.language, proof_href)


def _ways_on(seat: Seat, file: CaseFile) -> dict[str, Any]:
    """Return what can be begun from the page of a case; nothing where its file is only read to
    be decided on."""
    if seat.reads_for:
        return {}
    return {
        "own_page": own_page(file),
        **ways_on(seat, file),
        **_behalf(seat, file),
    }


def _behalf(seat: Seat, file: CaseFile) -> dict[str, Any]:
    """Return what this organ can write down for a unit that has no account: its name, and the
    acts open to it."""
    unit = behalf_of(seat, file)
    if unit is None:
        return {"behalf": "", "behalf_steps": ()}

    def href(number: str, act: str) -> str:
        return f"{case_href(number, act)}?for={unit.code}"

    found = steps(file, actor_of(unit.pk), seat.now, seat.language, href)
    return {"behalf": organ_name(unit, seat.language), "behalf_steps": found.can}


def own_page(file: CaseFile) -> Link | None:
    """Return the page made by hand for this kind of case: the chain of an incident, the steps of
    a group."""
    case = file.case
    is_group = case.kind == "petition" and file.view.facts.get("visit_kind") == "group"
    found = OWN_PAGES.get("group" if is_group else case.kind)
    if found is None:
        return None
    page, words = found
    return Link(str(words), reverse(page, args=[case.number]))


def _may_ask(seat: Seat, case: Case) -> bool:
    """Say whether an identity is kept here that this seat may ask for."""
    known = case.contents.filter(data_class=IDENTITY).exists()
    return known and bool(role_for(seat, IDENTITY, "M"))


def purpose_form(seat: Seat) -> AskedForm:
    """Return the form that asks for which purpose an identity is opened; the usual one of the role
    is chosen."""
    role = role_for(seat, IDENTITY) or role_for(seat, IDENTITY, "M")
    usual = seat.reads_for or PURPOSE_OF.get(role)
    offered = [(one, words_in(PURPOSES[one], seat.language)) for one in _purposes(seat)]
    purpose = OneOf(_("用途"), needed=True, choices=offered, initial=usual)
    return form_of(seat.request, {"purpose": purpose})


def _purposes(seat: Seat) -> list[str]:
    """Return the purposes this seat can state: those of its roles, or the one for which it reads
    the file."""
    if seat.reads_for:
        return [seat.reads_for]
    return sorted({PURPOSE_OF[role] for role in seat.roles if role in PURPOSE_OF} | {"serve"})


def _shown(file: CaseFile, texts: Texts, seat: Seat) -> list[tuple[str, str, str]]:
    """Return the opened texts under the act they belong to: act, label, words. Requests have a
    table of their own."""
    rules = {row.pk: file.kind.acts.get(row.act) for row in file.rows}
    lines = []
    for text in texts.opened:
        if text.field not in ("subject", "asks"):
            rule = rules.get(text.act)
            title = headline(rule, seat.language) if rule else ""
            lines.append((title, text.label, text.text))
    return lines


def _closed_words(texts: Texts) -> str:
    names = {
        "D3": _("信访内容"),
        "D4": _("检举控告内容"),
        "D5": _("办理记录"),
        "D6": _("答复"),
        "D7": _("追责材料"),
    }
    return "、".join(names[c] for c in texts.closed if c in names)


# --- behind a click -------------------------------------------------------------------------------
@require_POST
@at_desk
def open_identity(seat: Seat, number: str) -> HttpResponse:
    """Open who stands behind a case: a click with a purpose, logged, and not more than the quota
    (N3)."""
    seat, case = seat.to_read(number)
    form = purpose_form(seat)
    purpose = form.value("purpose")
    if not purpose:
        refused = " ".join(form.complaints_elsewhere(())) or _("请先选择用途。")
        return show(seat, case, refused=refused, status=UNPROCESSABLE)
    clear_role = "" if seat.reads_for else role_for(seat, IDENTITY)
    role = clear_role or role_for(seat, IDENTITY, "M")
    if not role:
        deny_identity(seat, case, purpose)
        refused = _("您的角色不能查看信访人身份。这次请求已经记录。")
        return show(seat, case, refused=refused, status=UNPROCESSABLE)
    if quota(seat.user, seat.now).over:
        deny_identity(seat, case, purpose)
        refused = _(
            "查看身份的次数已到上限（每小时 30 次，每天 100 次）。这次请求已经记录；确有需要，请找安全管理员。"
        )
        return show(seat, case, refused=refused, status=TOO_MANY)
    identity = identity_of(seat, case, role, purpose, clear=bool(clear_role))
    return show(seat, case, identity=identity)


@require_GET
@at_desk
def document(seat: Seat, number: str, seq: int, rule: str) -> HttpResponse:
    """Show the document that an act issued under a rule, as a page to print."""
    seat, case = seat.to_read(number)
    row = Document.objects.filter(case=case, act__seq=seq, rule=rule).select_related("act").first()
    role = paper_role(seat, case)
    if row is None or not role:
        raise Http404
    return HttpResponse(page(document_body(seat, case, row, role), row.title, "zh"))


@require_GET
@at_desk
def proof(seat: Seat, number: str, seq: int) -> HttpResponse:
    """Hand out the proof that an act stands in the ledger, as a file that anyone can check
    without this server."""
    seat, case = seat.to_read(number)
    event = Event.objects.filter(case_key=case.number, case_seq=seq).first()
    act = case.acts.filter(seq=seq).first()
    if event is None or act is None:
        raise Http404
    text = receipt(event, names=handed_out(act.act))
    answer = HttpResponse(text, content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{case.number}-{seq}.receipt.txt"'
    return answer
