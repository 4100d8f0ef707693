"""Ending an inspection: the organ's answers to what was found, the report and the list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from dengwen.desk.oversight.inspections.new_inspection import carried
from dengwen.desk.oversight.inspections.opened_inspection import (
    CARRY_DAYS,
    PAGE,
    Page,
    can,
    inspection_href,
    page_of,
    type_words,
    visible_cases,
)
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE
from dengwen.desk.shell.act.field_choices import organ_choices
from dengwen.desk.shell.act.option_words import option_choices, option_words
from dengwen.desk.shell.act.submit import write
from dengwen.desk.shell.frame.seat import Seat, at_desk, uid_of
from dengwen.law.duties.step import FieldValue, Step
from dengwen.oversight.inspections.draws import PlannedDraw, named_on_paper, others_of
from dengwen.oversight.inspections.queries import Item
from dengwen.ui.components import FormField
from dengwen.ui.form_fields import read_day


@dataclass(frozen=True, slots=True)
class Finding:
    """One “no” of the checklist: the key of its fields, the case, the item and what was seen."""

    key: str
    subject: str
    item: Item
    remarks: str


def _findings(seat: Seat, page: Page) -> list[Finding]:
    """Return every “no” about a case this seat may see, in the order of the draw."""
    seen = visible_cases(seat, page)
    found = []
    for place, number in enumerate(page.made.drawn, 1):
        check = page.made.checks.get(number)
        if number not in seen or check is None:
            continue
        remarks = page.texts.of(check.pk, "remarks")
        for item, answer in zip(page.made.items, check.data["answers"], strict=False):
            if answer == "no":
                found.append(Finding(f"{place}-{item.number}", number, item, remarks))
    return found


# --- what the organ says --------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def answers(seat: Seat, number: str) -> HttpResponse:
    """Let the organ inspected answer each finding, all in one call."""
    page = page_of(seat, number)
    if not can(seat, page, "answer_finding"):
        return redirect("desk:inspection", number)
    findings = _findings(seat, page)
    if seat.request.method != "POST":
        return _answers_page(seat, page, findings)
    steps = _answer_steps(seat, number, findings)
    if not steps:
        return _answers_page(seat, page, findings, [_("请至少写一条说明。")])
    return write(seat, steps, lambda why: _answers_page(seat, page, findings, why), inspection_href)


def _answer_steps(seat: Seat, number: str, findings: Sequence[Finding]) -> list[Step]:
    """Return an act for every answer that was written: to a finding, and to the whole."""
    about: dict[str, dict[str, FieldValue]] = {
        one.key: {"subject": one.subject, "item": one.item.number} for one in findings
    }
    about["all"] = {}
    steps = []
    for key, fields in about.items():
        text = seat.request.POST.get(f"answer-{key}", "").strip()
        if text:
            stand = seat.request.POST.get(f"stand-{key}", "agree")
            steps.append(
                Step(
                    act="answer_finding",
                    case=number,
                    fields={**fields, "stand": stand},
                    texts={"answer": text},
                )
            )
    return steps


def _answers_page(
    seat: Seat, page: Page, findings: Sequence[Finding], why: Sequence[str] = ()
) -> HttpResponse:
    """Ask for the answers, with what was typed and refused."""
    rows = [
        (one.subject, one.item, one.remarks, *_answer_fields(seat, page, one.key))
        for one in findings
    ]
    return seat.page(
        "oversight/inspections/inspection_answers.html",
        PAGE,
        UNPROCESSABLE if why else 200,
        case=page.file.case,
        why=why,
        rows=rows,
        whole=_answer_fields(seat, page, "all"),
        uid=uid_of(seat),
        back=inspection_href(page.file.case.number),
    )


def _answer_fields(seat: Seat, page: Page, key: str) -> tuple[FormField, FormField]:
    """Return the two fields of an answer: whether the organ agrees, and what it says."""
    post = seat.request.POST
    asked = page.file.kind.acts["answer_finding"].field_rule("stand")
    choices = option_choices(asked, post.get(f"stand-{key}", "agree"), seat.language)
    opinion = pgettext("inspection_pack", "意见")
    words = pgettext("inspection_pack", "说明")
    written = post.get(f"answer-{key}", "")
    return (
        FormField(f"stand-{key}", "code", opinion, choices=choices),
        FormField(f"answer-{key}", "text", words, value=written, rows=2),
    )


# --- report ---------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def report(seat: Seat, number: str) -> HttpResponse:
    """Put the findings on the rectification list and conclude within a stated scope, in one call
    (S 9; case G13)."""
    page = page_of(seat, number)
    if not can(seat, page, "conclude") or page.made.sent is None:
        return redirect("desk:inspection", number)
    findings = _findings(seat, page)
    if seat.request.method != "POST":
        return _report_page(seat, page, findings)
    steps = _report_steps(seat, page, findings)
    return write(seat, steps, lambda why: _report_page(seat, page, findings, why), inspection_href)


def _report_steps(seat: Seat, page: Page, findings: Sequence[Finding]) -> list[Step]:
    """Return the acts of the report: what comes along from earlier ones, what goes on the list,
    the conclusion."""
    steps = _carried(seat, page, _carry_by(seat))
    line = max(page.made.lines, default=0) + len(steps)
    for finding in findings:
        listed = _list_step(seat, page, finding, line + 1)
        if listed is not None:
            line += 1
            steps.append(listed)
    return [*steps, _conclude_step(seat, page)]


def _carry_by(seat: Seat) -> date:
    """Return the day first proposed for putting right what is listed or comes along."""
    return seat.today + timedelta(days=CARRY_DAYS)


def _carried(seat: Seat, page: Page, until: date) -> list[Step]:
    """Return the steps that bring along what earlier inspections of the organ left open."""
    return carried(seat, page.made.to or 0, until, into=page.made)


def _list_step(seat: Seat, page: Page, finding: Finding, line: int) -> Step | None:
    """Return the act that puts a finding on the list, None where its words, owner or day are
    missing."""
    post = seat.request.POST
    key = finding.key
    until = read_day(post.get(f"until-{key}", ""))
    owner = post.get(f"owner-{key}", "")
    what = post.get(f"what-{key}", "").strip()
    if not what or until is None or not owner.isdecimal():
        return None
    fields: dict[str, FieldValue] = {
        "line": line,
        "subject": finding.subject,
        "item": finding.item.number,
        "owner": int(owner),
        "until": until,
    }
    number = page.file.case.number
    return Step(act="list_finding", case=number, fields=fields, texts={"what": what})


def _conclude_step(seat: Seat, page: Page) -> Step:
    """Return the act that concludes the inspection."""
    post = seat.request.POST
    fields: dict[str, FieldValue] = {"type": page.made.type}
    if post.get("circular_scope"):
        fields["circular_scope"] = post["circular_scope"]
    texts = {}
    for name in ("findings", "scope_text", "draws"):
        text = post.get(name, "").strip()
        if text:
            texts[name] = text
    return Step(act="conclude", case=page.file.case.number, fields=fields, texts=texts)


def _report_page(
    seat: Seat, page: Page, findings: Sequence[Finding], why: Sequence[str] = ()
) -> HttpResponse:
    """Ask for the report, with what was typed and refused."""
    rows = [
        (one.subject, _answer_to(page, one), _finding_fields(seat, page, one)) for one in findings
    ]
    others = named_on_paper(_other_draws(seat, page), seat.today)
    along = [step.texts["what"] for step in _carried(seat, page, seat.today)]
    return seat.page(
        "oversight/inspections/inspection_report.html",
        PAGE,
        UNPROCESSABLE if why else 200,
        case=page.file.case,
        rows=rows,
        findings=_findings_field(seat, page, len(findings)),
        scope_text=_scope_field(seat),
        draws=_draws_field(seat, others) if others else None,
        scopes=_scopes(seat, page),
        why=why,
        along=along,
        along_by=_carry_by(seat),
        uid=uid_of(seat),
        back=inspection_href(page.file.case.number),
        type=type_words(page.made),
    )


def _finding_fields(seat: Seat, page: Page, finding: Finding) -> list[FormField]:
    """Return the fields by which a finding goes on the list: what, who puts it right, by when."""
    post = seat.request.POST
    key = finding.key
    owner = post.get(f"owner-{key}", str(page.made.to or 0))
    until = post.get(f"until-{key}", _carry_by(seat).isoformat())
    return [
        FormField(
            f"what-{key}",
            "text",
            _("问题"),
            value=post.get(f"what-{key}", _proposed_words(finding)),
            rows=2,
        ),
        FormField(
            f"owner-{key}",
            "organ",
            _("整改责任单位"),
            required=True,
            choices=organ_choices(seat, None, [owner]),
        ),
        FormField(
            f"until-{key}",
            "date",
            pgettext("inspection_pack", "整改期限"),
            required=True,
            value=until,
        ),
    ]


def _proposed_words(finding: Finding) -> str:
    """Return the words first proposed for a line of the list."""
    clause = f"{finding.item.clause}：" if finding.item.clause else ""
    return f"{clause}{finding.item.question}——否。{finding.remarks}"


def _findings_field(seat: Seat, page: Page, found: int) -> FormField:
    """Return the field of the findings; how many there are is proposed."""
    size = len(page.made.drawn)
    proposed = _("抽查%(size)s件，发现问题%(len)s项。") % {"size": size, "len": found}
    return FormField(
        "findings",
        "text",
        _("督查发现和反馈"),
        required=True,
        rows=5,
        value=seat.request.POST.get("findings", proposed),
    )


def _scope_field(seat: Seat) -> FormField:
    """Return the field of a scope that no option names."""
    return FormField(
        "scope_text",
        "text",
        _("另行写明的通报范围"),
        rows=2,
        value=seat.request.POST.get("scope_text", ""),
        hint=_("选“另行写明”的必填"),
    )


def _draws_field(seat: Seat, others: str) -> FormField:
    """Return the field of the other draws, which stays in the conclusion."""
    return FormField(
        "draws",
        "text",
        _("一年内对该单位的其他抽样"),
        rows=3,
        value=seat.request.POST.get("draws", others),
        hint=_("写入结论和通报，不能删"),
    )


def _scopes(seat: Seat, page: Page) -> list[tuple[str, str]]:
    """Return the scopes within which the conclusion can be circulated, in words."""
    asked = page.file.kind.acts["conclude"].field_rule("circular_scope")
    options = asked.options if asked else ()
    return [(option, option_words(asked, option, seat.language)) for option in options]


def _other_draws(seat: Seat, page: Page) -> list[PlannedDraw]:
    """Return the other draws of the organ within a year."""
    return others_of(page.made.case.number, page.made.case.holder_id, page.made.to, seat.today)


def _answer_to(page: Page, finding: Finding) -> str:
    """Return what the organ said last to a finding, to stand beside it."""
    words = ""
    for act in page.made.answers:
        same = act.data.get("subject") == finding.subject
        if same and act.data.get("item") == finding.item.number:
            words = page.texts.of(act.pk, "answer")
    return words
