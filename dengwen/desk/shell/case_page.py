"""The case page: date, requests, what can and cannot be done, history, texts, documents, linked
cases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from dengwen.access.read_log import PURPOSES, quota
from dengwen.cases import rulebooks
from dengwen.cases.files.held_files import files_of
from dengwen.cases.models import Case, CaseLink, Document
from dengwen.cases.read.case_history import history
from dengwen.cases.read.case_view import CaseFile, explanations, rail, read_file, state_words
from dengwen.cases.read.possible_acts import steps
from dengwen.cases.wall.decided_files import DECIDING_KINDS, decided_on
from dengwen.cases.wall.visibility import for_user
from dengwen.cases.write.entry_on_behalf import actor_of
from dengwen.cases.write.record import handed_out
from dengwen.desk.shell.act_page import behalf_of
from dengwen.desk.shell.chapter import case_parts, ways_on
from dengwen.desk.shell.protected_text import (
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
from dengwen.desk.shell.reply_aids import aids_beside
from dengwen.desk.shell.seat import PERSONNEL_PAGES, Seat, at_desk, case_href, organ_name
from dengwen.documents.issuance import page
from dengwen.law.bilingual import headline
from dengwen.ledger.act_receipts import receipt
from dengwen.ledger.models import Event
from dengwen.organs.models import Organ
from dengwen.petitions.models import Request
from dengwen.ui.components import Choice, DocumentLink, FormField, Link, RequestLine, file_size

SHORT = 16
LINK_WORDS = {
    "split_from": ("分自", "split from"),
    "reviews": ("复查的是", "reviews"),
    "rechecks": ("复核的是", "re-examines"),
    "repeats": ("重复", "repeats"),
    "same_matter": ("同一事项", "same matter"),
    "anew_after": ("重新办理自", "taken up anew after"),
    "new_facts_after": ("新事实另立自", "new facts after"),
    "concerns": ("有关", "concerns"),
    "caused_by": ("起因于", "caused by"),
    "about": ("所涉", "about"),
}


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
        "shell/case_page.html",
        "",
        status,
        case=case,
        file=file,
        kind=headline(file.kind, seat.language),
        state=state_words(file, seat.language),
        holder=organ_name(Organ.objects.filter(pk=case.holder_id or 0).first(), seat.language),
        rail=rail(file, seat.today, seat.language),
        hows=[
            (headline(d.rule, seat.language), how)
            for d, how in explanations(file, seat.today, seat.language)
        ],
        standing=standing_lines(file, seat.language == "zh"),
        requests=request_lines(seat, file, texts) if case.kind == "petition" else None,
        steps=steps(file, seat.actor_in(case), seat.now, seat.language, case_href),
        entries=history(
            file, seat.language, lambda seq: reverse("desk:proof", args=[case.number, seq])
        ),
        texts=_shown(file, texts, seat),
        closed=_closed_words(texts),
        documents=document_links(seat, case),
        files=file_links(seat, case),
        links=links(seat, case),
        identity=identity,
        refused=refused,
        **_ways_on(seat, file),
        reads_only=bool(seat.reads_for),
        purposes=purpose_field(seat) if _may_ask(seat, case) else None,
        reply_aids=aids_beside(seat, case, texts),
        **case_parts(seat, file, texts),
    )


def _ways_on(seat: Seat, file: CaseFile) -> dict[str, Any]:
    """Return what can be begun from the page of a case; nothing where its file is only read to
    be decided on."""
    if seat.reads_for:
        return {}
    return {
        "own_page": own_page(seat, file),
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


OWN_PAGES = {
    "incident": (
        "desk:incident",
        "何时获悉、何时报告",
        "Who knew when, and whom it was reported to",
    ),
    "lead": ("desk:lead", "依据、接手或者不接手", "What it rests on; take or decline"),
    "inquiry": ("desk:inquiry", "证据板、责任认定、听取本人", "Evidence board, roles, hearing"),
    "accountability": (
        "desk:measure",
        "建议、决定、整改、申诉",
        "Proposal, decision, rectification, appeal",
    ),
    "inspection": (
        "desk:inspection",
        "样本、发现、整改清单",
        "Sample, findings, rectification list",
    ),
    "group": ("desk:group", "名单、代表、每人一张回执", "List, representatives, a slip for each"),
    **{
        kind: (page, "通报、意见、查询", "As told and asked")
        for kind, page in PERSONNEL_PAGES.items()
    },
}
"""The page made by hand for a kind of case, with its words in both languages; a visit of many is
a `group`."""


def own_page(seat: Seat, file: CaseFile) -> Link | None:
    """Return the page made by hand for this kind of case: the chain of an incident, the steps of
    a group."""
    group = file.case.kind == "petition" and file.view.facts.get("visit_kind") == "group"
    found = OWN_PAGES.get("group" if group else file.case.kind)
    if found is None:
        return None
    page, words, english = found
    return Link(words if seat.language == "zh" else english, reverse(page, args=[file.case.number]))


def _may_ask(seat: Seat, case: Case) -> bool:
    known = case.contents.filter(data_class=IDENTITY).exists()
    return known and bool(role_for(seat, IDENTITY, "M"))


def purpose_field(seat: Seat) -> FormField:
    """Return the choice of purposes for which an identity can be opened, the usual one of the
    role chosen."""
    index = 0 if seat.language == "zh" else 1
    offered = sorted({PURPOSE_OF[r] for r in seat.roles if r in PURPOSE_OF} | {"serve"})
    offered = [seat.reads_for] if seat.reads_for else offered
    role = role_for(seat, IDENTITY) or role_for(seat, IDENTITY, "M")
    usual = seat.reads_for or PURPOSE_OF.get(role)
    choices = tuple(Choice(p, PURPOSES[p][index], p == usual) for p in offered)
    return FormField("purpose", "code", _("用途"), required=True, choices=choices)


def _shown(file: CaseFile, texts: Texts, seat: Seat) -> list[tuple[str, str, str]]:
    """Return the opened texts under the act they belong to: act, label, words. Requests have a
    table of their own."""
    titles = {row.pk: file.kind.acts.get(row.act) for row in file.rows}
    return [
        (headline(rule, seat.language) if (rule := titles.get(t.act)) else "", t.label, t.text)
        for t in texts.opened
        if t.field not in ("subject", "asks")
    ]


def _closed_words(texts: Texts) -> str:
    names = {
        "D3": _("信访内容"),
        "D4": _("检举控告内容"),
        "D5": _("办理记录"),
        "D6": _("答复"),
        "D7": _("追责材料"),
    }
    return "、".join(names[c] for c in texts.closed if c in names)


def standing_lines(file: CaseFile, zh: bool) -> list[tuple[str, str]]:
    """Return who acts for the petitioner, without the name: standing with its days, who is
    served; and a death."""
    facts, rule, lines = file.view.facts, file.kind.acts.get("name_agent"), []
    if (
        facts.get("represented") == "true"
        and rule is not None
        and (field := rule.field_rule("stands_as"))
    ):
        words = field.option_names.get(facts.get("stands_as", ""), ("", ""))[0 if zh else 1]
        until = facts.get("agent_until", "")
        lines.append((words, " – ".join(d for d in (facts.get("agent_from", ""), until) if d)))
        served = facts.get("agent_served") == "true" or facts.get("stands_as") == "heir"
        lines.append((_("文书送达"), _("由其代收") if served else _("信访人本人")))
    if facts.get("petitioner_died") == "true":
        lines.append((_("信访人"), _("已死亡；有继承人接续的继续办理")))
    return lines


def request_lines(seat: Seat, file: CaseFile, texts: Texts) -> tuple[RequestLine, ...]:
    """Return each thing asked with its path, outcome and execution."""
    zh = seat.language == "zh"
    path, basis = path_words(file, zh)
    decide = file.kind.acts.get("decide_request")
    outcomes = decide.field_rule("request_outcome") if decide else None
    names = outcomes.option_names if outcomes else {}
    lines = []
    for row in Request.objects.filter(case=file.case).order_by("number"):
        late = (
            row.proved_on is None and row.promised_on is not None and row.promised_on < seat.today
        )
        state = "late" if late else "done" if row.proved_on else "said" if row.outcome else "none"
        lines.append(
            RequestLine(
                number=row.number,
                text=texts.of(row.entered_act, "asks") or _("（内容不在您可读的范围内）"),
                path=path_of_request(file, row, zh) or path,
                path_basis=basis,
                state=state,  # type: ignore[arg-type]  # one of the four words above
                outcome=names.get(row.outcome, ("", ""))[0 if zh else 1],
                outcome_note=texts.of(row.outcome_act or 0, "answer"),
                execution=_execution(row),
            )
        )
    return tuple(lines)


def path_of_request(file: CaseFile, row: Request, zh: bool) -> str:
    """Return class and path of one request in words, "" while neither it nor the matter is
    classed."""
    classify = file.kind.acts.get("classify")
    words = []
    for name, value in (("class", row.class_code), ("path", row.path)):
        field = classify.field_rule(name) if classify else None
        if field and value in field.option_names:
            words.append(field.option_names[value][0 if zh else 1])
    return (_("，")).join(words)


def _execution(row: Request) -> str:
    if row.proved_on:
        return _("%(proved_on)s 已提交执行证明") % {"proved_on": row.proved_on}
    if row.promised_on:
        return _("承诺 %(promised_on)s 前完成") % {"promised_on": row.promised_on}
    return ""


def path_words(file: CaseFile, zh: bool) -> tuple[str, str]:
    """Return class and path of the matter in words, and the article of the path."""
    classify = file.kind.acts.get("classify")
    if classify is None:
        return "", ""
    words = []
    for name in ("class", "path"):
        field, value = classify.field_rule(name), file.view.facts.get(name)
        if field and value is not None and value in field.option_names:
            words.append(field.option_names[value][0 if zh else 1])
    return (_("，")).join(words), ""


def document_links(seat: Seat, case: Case) -> list[DocumentLink]:
    """Return the documents issued in a case; each can be read and printed."""
    found = []
    for row in (
        Document.objects.filter(case=case).select_related("act").order_by("act__seq", "rule")
    ):
        address = reverse("desk:document", args=[case.number, row.act.seq, row.rule])
        day = row.act.occurred_at.date()
        link = (Link(_("查看、打印"), address),) if paper_role(seat, case) else ()
        title = _document_title(seat, case, row)
        found.append(DocumentLink(title, row.number, day, link, digest=f"{row.digest[:SHORT]}…"))
    return found


def _document_title(seat: Seat, case: Case, row: Document) -> str:
    """Return what a document is called: as it was issued, or by the English name its rule has."""
    if seat.language == "zh":
        return row.title
    rule = rulebooks.by_row(row.act.rules_id).kind(case.kind).documents.get(row.rule)
    return rule.en[:1].upper() + rule.en[1:] if rule is not None and rule.en else row.title


def file_links(seat: Seat, case: Case) -> list[DocumentLink]:
    """Return the files of acts; each is only ever a download."""
    acts = {a.call: a for a in case.acts.all()}
    found = []
    for row in files_of(case):
        address = reverse("desk:file", args=[case.number, row.name])
        link = (Link(_("下载"), address),) if role_for(seat, "D3", protected=case.protected) else ()
        note = _("含脚本或者嵌入文件，请小心打开") if row.active else ""
        title = f"{row.extension.upper()}　{file_size(row.size)}"
        found.append(
            DocumentLink(
                title, "", acts[row.call].occurred_at.date(), link, note, f"{row.digest[:SHORT]}…"
            )
        )
    return found


def links(seat: Seat, case: Case) -> list[tuple[str, Link]]:
    """Return the linked cases that the wall lets this seat see; others are not there."""
    index = 0 if seat.language == "zh" else 1
    # Asked also where nothing is linked: an empty list asks no question, and one question less
    # would tell.
    linked = [0, *_linked(case)]
    visible = {c.pk: c for c in for_user(seat.viewer, seat.today).filter(pk__in=linked)}
    if case.kind in DECIDING_KINDS and (decider := seat.decider) is not None:
        visible |= {c.pk: c for c in decided_on(decider).filter(pk__in=linked)}
    found = []
    for row in CaseLink.objects.filter(case=case).order_by("pk"):
        if other := visible.get(row.other_id):
            found.append((LINK_WORDS[row.kind][index], _link(seat, other)))
    for row in CaseLink.objects.filter(other=case).order_by("pk"):
        if other := visible.get(row.case_id):
            words = _("%(how)s（由该件指向本件）") % {"how": LINK_WORDS[row.kind][index]}
            found.append((words, _link(seat, other)))
    return found


def _linked(case: Case) -> Sequence[int]:
    here = CaseLink.objects.filter(case=case).values_list("other_id", flat=True)
    return [*here, *CaseLink.objects.filter(other=case).values_list("case_id", flat=True)]


def _link(seat: Seat, case: Case) -> Link:
    return Link(f"{seat.title(case)} {case.number}".strip(), case_href(case.number))


# --- behind a click -------------------------------------------------------------------------------
@require_POST
@at_desk
def open_identity(seat: Seat, number: str) -> HttpResponse:
    """Open who stands behind a case: a click with a purpose, logged, and not more than the quota
    (N3)."""
    seat, case = seat.to_read(number)
    purpose = seat.request.POST.get("purpose", "")
    offered = {c.value for c in purpose_field(seat).choices}
    if purpose not in offered:
        return show(seat, case, refused=_("请先选择用途。"), status=422)
    role = "" if seat.reads_for else role_for(seat, IDENTITY)
    masked_role = role or role_for(seat, IDENTITY, "M")
    if not masked_role:
        deny_identity(seat, case, purpose)
        return show(
            seat, case, refused=_("您的角色不能查看信访人身份。这次请求已经记录。"), status=422
        )
    if quota(seat.user, seat.now).over:
        deny_identity(seat, case, purpose)
        said_why = _(
            "查看身份的次数已到上限（每小时 30 次，每天 100 次）。这次请求已经记录；确有需要，请找安全管理员。"
        )
        return show(seat, case, refused=said_why, status=429)
    return show(
        seat, case, identity=identity_of(seat, case, masked_role, purpose, clear=bool(role))
    )


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
    answer = HttpResponse(
        receipt(event, names=handed_out(act.act)), content_type="text/plain; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{case.number}-{seq}.receipt.txt"'
    return answer
