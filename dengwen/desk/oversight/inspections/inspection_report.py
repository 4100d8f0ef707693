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
from dengwen.desk.shell.act.field_choices import OrganAsked
from dengwen.desk.shell.act.field_search import found_part, is_search, searches
from dengwen.desk.shell.act.option_words import option_pairs
from dengwen.desk.shell.act.submit import write
from dengwen.desk.shell.frame.seat import Seat, at_desk, uid_of
from dengwen.law.duties.step import FieldValue, Step
from dengwen.oversight.inspections.draws import PlannedDraw, named_on_paper, others_of
from dengwen.oversight.inspections.queries import Item
from dengwen.ui.form_fields import (
    Area,
    Asked,
    AskedField,
    AskedForm,
    Day,
    OneOf,
    Word,
    form_of,
)

WHOLE = "all"
"""Key of the fields of the answer to the whole."""


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
    form = _answers_form(seat, page, findings)
    if not form.is_bound or form.errors:
        return _answers_page(seat, page, findings, form)
    steps = _answer_steps(form, number, findings)
    if not steps:
        return _answers_page(seat, page, findings, form, [_("请至少写一条说明。")])
    return write(
        seat, steps, lambda why: _answers_page(seat, page, findings, form, why), inspection_href
    )


def _answers_form(seat: Seat, page: Page, findings: Sequence[Finding]) -> AskedForm:
    """Return the form of the answers: to each finding and to the whole, whether the organ agrees
    and what it says."""
    stand = page.file.kind.acts["answer_finding"].field_rule("stand")
    asked: dict[str, Asked] = {}
    for key in (*(one.key for one in findings), WHOLE):
        asked[f"stand-{key}"] = OneOf(
            pgettext("inspection_pack", "意见"),
            choices=option_pairs(stand, seat.language),
            initial="agree",
        )
        asked[f"answer-{key}"] = Area(pgettext("inspection_pack", "说明"), rows=2)
    return form_of(seat.request, asked)


def _answer_steps(form: AskedForm, number: str, findings: Sequence[Finding]) -> list[Step]:
    """Return an act for every answer that was written: to a finding, and to the whole."""
    about: dict[str, dict[str, FieldValue]] = {
        one.key: {"subject": one.subject, "item": one.item.number} for one in findings
    }
    about[WHOLE] = {}
    steps = []
    for key, fields in about.items():
        text = form.value(f"answer-{key}")
        if text:
            stand = form.value(f"stand-{key}") or "agree"
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
    seat: Seat,
    page: Page,
    findings: Sequence[Finding],
    form: AskedForm,
    why: Sequence[str] = (),
) -> HttpResponse:
    """Ask for the answers, with what was typed and refused."""
    rows = [
        (one.subject, one.item, one.remarks, *form.asked((f"stand-{one.key}", f"answer-{one.key}")))
        for one in findings
    ]
    return seat.page(
        "oversight/inspections/inspection_answers.html",
        PAGE,
        UNPROCESSABLE if why or form.errors else 200,
        case=page.file.case,
        why=why,
        rows=rows,
        whole=form.asked((f"stand-{WHOLE}", f"answer-{WHOLE}")),
        uid=uid_of(seat),
        back=inspection_href(page.file.case.number),
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
    form = _report_form(seat, page, findings)
    if is_search(seat):
        part = found_part(seat, _owners(form, findings))
        return part or _report_page(seat, page, findings, form.forgive())
    if not form.is_bound or form.errors:
        return _report_page(seat, page, findings, form)
    steps = _report_steps(seat, page, form, findings)
    return write(
        seat, steps, lambda why: _report_page(seat, page, findings, form, why), inspection_href
    )


def _owners(form: AskedForm, findings: Sequence[Finding]) -> tuple[AskedField, ...]:
    """Return the fields that ask who puts a finding right."""
    return form.asked(f"owner-{one.key}" for one in findings)


def _report_steps(
    seat: Seat, page: Page, form: AskedForm, findings: Sequence[Finding]
) -> list[Step]:
    """Return the acts of the report: what comes along from earlier ones, what goes on the list,
    the conclusion."""
    steps = _carried(seat, page, _carry_by(seat))
    line = max(page.made.lines, default=0) + len(steps)
    for finding in findings:
        listed = _list_step(page, form, finding, line + 1)
        if listed is not None:
            line += 1
            steps.append(listed)
    return [*steps, _conclude_step(page, form)]


def _carry_by(seat: Seat) -> date:
    """Return the day first proposed for putting right what is listed or comes along."""
    return seat.today + timedelta(days=CARRY_DAYS)


def _carried(seat: Seat, page: Page, until: date) -> list[Step]:
    """Return the steps that bring along what earlier inspections of the organ left open."""
    return carried(seat, page.made.to or 0, until, into=page.made)


def _list_step(page: Page, form: AskedForm, finding: Finding, line: int) -> Step | None:
    """Return the act that puts a finding on the list, None where its words, owner or day are
    missing."""
    key = finding.key
    until, owner = form.cleaned_data[f"until-{key}"], form.cleaned_data[f"owner-{key}"]
    what = form.value(f"what-{key}")
    if not what or until is None or owner is None:
        return None
    fields: dict[str, FieldValue] = {
        "line": line,
        "subject": finding.subject,
        "item": finding.item.number,
        "owner": owner,
        "until": until,
    }
    number = page.file.case.number
    return Step(act="list_finding", case=number, fields=fields, texts={"what": what})


def _conclude_step(page: Page, form: AskedForm) -> Step:
    """Return the act that concludes the inspection."""
    fields: dict[str, FieldValue] = {"type": page.made.type}
    if form.value("circular_scope"):
        fields["circular_scope"] = form.value("circular_scope")
    texts = {}
    for name in ("findings", "scope_text", "draws"):
        text = form.value(name)
        if text:
            texts[name] = text
    return Step(act="conclude", case=page.file.case.number, fields=fields, texts=texts)


def _report_page(
    seat: Seat,
    page: Page,
    findings: Sequence[Finding],
    form: AskedForm,
    why: Sequence[str] = (),
) -> HttpResponse:
    """Ask for the report, with what was typed and refused."""
    rows = [
        (one.subject, _answer_to(page, one), form.asked(_finding_names(one))) for one in findings
    ]
    along = [step.texts["what"] for step in _carried(seat, page, seat.today)]
    return seat.page(
        "oversight/inspections/inspection_report.html",
        PAGE,
        UNPROCESSABLE if why or form.errors else 200,
        case=page.file.case,
        cites=seat.cites(page.file.case.place),
        rows=rows,
        searches=searches(seat, _owners(form, findings)),
        findings=form.at("findings"),
        scope_text=form.at("scope_text"),
        draws=form.at("draws") if "draws" in form.fields else None,
        scopes=option_pairs(
            page.file.kind.acts["conclude"].field_rule("circular_scope"), seat.language
        ),
        why=why,
        along=along,
        along_by=_carry_by(seat),
        uid=uid_of(seat),
        back=inspection_href(page.file.case.number),
        type=type_words(page.made),
    )


def _report_form(seat: Seat, page: Page, findings: Sequence[Finding]) -> AskedForm:
    """Return the form of the report: how each finding goes on the list, the words of the
    conclusion, and where it is circulated."""
    asked: dict[str, Asked] = {}
    for one in findings:
        asked |= _finding_asked(seat, page, one)
    size = len(page.made.drawn)
    proposed = _("抽查%(size)s件，发现问题%(len)s项。") % {"size": size, "len": len(findings)}
    asked["findings"] = Area(_("督查发现和反馈"), needed=True, rows=5, initial=proposed)
    asked["scope_text"] = Area(_("另行写明的通报范围"), rows=2, hint=_("选“另行写明”的必填"))
    asked["circular_scope"] = Word()
    others = named_on_paper(_other_draws(seat, page), seat.today)
    if others:
        asked["draws"] = Area(
            _("一年内对该单位的其他抽样"),
            rows=3,
            initial=others,
            hint=_("写入结论和通报，不能删"),
        )
    return form_of(seat.request, asked)


def _finding_names(finding: Finding) -> tuple[str, ...]:
    """Return the names of the fields by which a finding goes on the list."""
    return tuple(f"{name}-{finding.key}" for name in ("what", "owner", "until"))


def _finding_asked(seat: Seat, page: Page, finding: Finding) -> dict[str, Asked]:
    """Return the fields by which a finding goes on the list: what, who puts it right, by when."""
    what, owner, until = _finding_names(finding)
    return {
        what: Area(_("问题"), initial=_proposed_words(finding), rows=2),
        owner: OrganAsked(_("整改责任单位"), seat, needed=True, initial=str(page.made.to or 0)),
        until: Day(
            pgettext("inspection_pack", "整改期限"),
            needed=True,
            initial=_carry_by(seat).isoformat(),
        ),
    }


def _proposed_words(finding: Finding) -> str:
    """Return the words first proposed for a line of the list."""
    clause = f"{finding.item.clause}：" if finding.item.clause else ""
    return f"{clause}{finding.item.question}——否。{finding.remarks}"


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
