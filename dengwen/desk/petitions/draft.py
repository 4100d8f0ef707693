"""The handling opinion: four elements, one of three outcomes, and an answer to each request, in
one submit (R22 32)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dengwen.cases.read.case_view import CaseFile
from dengwen.cases.write.check import Refused
from dengwen.cases.write.proposal_doors import is_left_aside
from dengwen.desk.shell.act.act_page import (
    act_of,
    article_of,
    done_or_waits,
    rail_of,
    step_of,
    way_of,
)
from dengwen.desk.shell.act.act_refusals import (
    EFFECT_ERRORS,
    UNPROCESSABLE,
    as_reason,
    sort_reasons,
)
from dengwen.desk.shell.act.foreseen import ahead
from dengwen.desk.shell.act.forms import RuledForm, act_form
from dengwen.desk.shell.act.put_before import do_or_put_before, put_before
from dengwen.desk.shell.case.approval import files_decided_on, returned
from dengwen.desk.shell.case.protected_text import Texts, texts_of
from dengwen.desk.shell.frame.seat import Seat, at_desk, uid_of
from dengwen.law.duties.act_record import Refusal as Reason
from dengwen.law.duties.admissibility import refusals
from dengwen.law.duties.step import Step
from dengwen.law.packs.rules import ActRule
from dengwen.petitions.models import Request
from dengwen.ui.components import Refusal
from dengwen.ui.form_fields import AskedField

DRAFT, DECIDE, NUMBER = "draft", "decide_request", "request"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request with the fields of its answer."""

    number: int
    text: str
    fields: tuple[AskedField, ...]


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def draft(seat: Seat, number: str) -> HttpResponse:
    """Ask for the opinion with an answer to each request, or write both."""
    file, rule = act_of(seat, number, DRAFT)
    texts = texts_of(seat, file.case) if seat.request.method != "POST" else None
    form = act_form(seat, rule, file, given=_drafted(file, rule, texts))
    answers = _answers(seat, file, texts)
    if texts is not None or _has_errors(form, answers):
        return _form(seat, file, rule, form, answers, texts=texts)
    return _submit(seat, file, rule, form, answers)


def _drafted(file: CaseFile, rule: ActRule, texts: Texts | None) -> dict[str, str]:
    """Return the opinion as last drafted, where nothing was typed yet."""
    if texts is None:
        return {}
    given = {f.name: texts.newest(f.name) for f in rule.fields if texts.newest(f.name)}
    if "outcome" in file.view.facts:
        given["outcome"] = file.view.facts["outcome"]
    return given


def _answers(seat: Seat, file: CaseFile, texts: Texts | None) -> dict[int, RuledForm]:
    """Return the form of the answer to each request, by its number; it begins with the last
    answer."""
    rule = file.kind.acts.get(DECIDE)
    if rule is None:
        return {}
    found = {}
    for row in _requests(file):
        given = {}
        if texts is not None:
            answer = texts.of(row.outcome_act or 0, "answer")
            given = {"request_outcome": row.outcome, "answer": answer}
        prefix = _prefix(row.number)
        found[row.number] = act_form(seat, rule, file, prefix=prefix, given=given)
    return found


def _requests(file: CaseFile) -> list[Request]:
    """Return what is asked for, in order."""
    return list(Request.objects.filter(case=file.case).order_by("number"))


def _prefix(number: int) -> str:
    """Return what the names of the fields of one answer begin with."""
    return f"r{number}_"


def _submit(
    seat: Seat, file: CaseFile, rule: ActRule, form: RuledForm, answers: dict[int, RuledForm]
) -> HttpResponse:
    """Write the answers and the opinion in one call, or show the page with what was refused."""
    steps = _decisions(file, form, answers)
    try:
        steps.append(step_of(file.case.number, rule, form))
        answered = do_or_put_before(seat, steps, form.papers)
    except Refused as refused:
        way_on = put_before(seat, refused, form.papers) if is_left_aside(refused) else None
        return way_on or _form(seat, file, rule, form, answers, refused.reasons, refused.step)
    except EFFECT_ERRORS as error:
        return _form(seat, file, rule, form, answers, (as_reason(error, rule),))
    return done_or_waits(seat, way_of(file.case), rule, answered)


def _decisions(file: CaseFile, form: RuledForm, answers: dict[int, RuledForm]) -> list[Step]:
    """Return a step for each request that was answered now; the others are answered later."""
    steps = []
    for number, answer in answers.items():
        if answer.values or answer.texts:
            step = Step(
                act=DECIDE,
                case=file.case.number,
                fields={**answer.values, NUMBER: number},
                texts=answer.texts,
                occurred_at=form.occurred,
                late_reason=form.late_reason,
                paper=form.paper,
            )
            steps.append(step)
    return steps


def _form(
    seat: Seat,
    file: CaseFile,
    rule: ActRule,
    form: RuledForm,
    answers: dict[int, RuledForm],
    reasons: Sequence[Reason] = (),
    step: Step | None = None,
    texts: Texts | None = None,
) -> HttpResponse:
    """Show the page: the letter, the opinion, an answer to each request, and what was refused."""
    texts = texts or texts_of(seat, file.case)
    if not reasons and not form.is_bound:
        reasons = refusals(file.kind, rule, file.view, seat.actor, seat.today)
    refused = _refused(seat, file, rule, form, answers, reasons, step)
    wrong = bool(refused) or _has_errors(form, answers)
    return seat.page(
        "petitions/draft.html",
        "",
        UNPROCESSABLE if form.is_bound and wrong else 200,
        way=way_of(file.case),
        case=file.case,
        title=_("拟制处理意见"),
        article=article_of(seat, file, rule),
        **_fields(file, form, answers, texts),
        claim_open=form.claims_late,
        refused=refused,
        uid=uid_of(seat),
        **_beside(seat, file, rule, texts),
        **ahead(seat, file, rule, form.values, form.occurred),
    )


def _has_errors(form: RuledForm, answers: dict[int, RuledForm]) -> bool:
    """Say whether something is wrong with a field of the opinion or of an answer."""
    return any(one.errors for one in (form, *answers.values()))


def _beside(seat: Seat, file: CaseFile, rule: ActRule, texts: Texts) -> dict[str, Any]:
    """Return what stands beside the form: the letter, why a draft was sent back, the file that is
    decided on, the date of the case."""
    return {
        "content": texts.newest("content"),
        "returned": returned(seat, file, rule, texts),
        "decided_files": files_decided_on(seat, file.case),
        "rail": rail_of(seat, file),
    }


def _refused(
    seat: Seat,
    file: CaseFile,
    rule: ActRule,
    form: RuledForm,
    answers: dict[int, RuledForm],
    reasons: Sequence[Reason],
    step: Step | None,
) -> list[Refusal]:
    """Put what was refused at its field, of the answer that was refused or of the opinion; return
    the rest."""
    number = step.fields.get(NUMBER) if step is not None and step.act == DECIDE else None
    if isinstance(number, int) and number in answers:
        decide = file.kind.acts[DECIDE]
        return sort_reasons(seat, file, decide, answers[number], reasons)
    return sort_reasons(seat, file, rule, form, reasons)


def _fields(
    file: CaseFile, form: RuledForm, answers: dict[int, RuledForm], texts: Texts
) -> dict[str, Any]:
    """Return the fields of the opinion as last drafted, of the answers, and of a late entry."""
    fields = form.fields_of_act()
    asked = _asked(file, texts, answers)
    claims = form.late_fields()
    answered = [field for one in asked for field in one.fields]
    return {
        "fields": fields,
        "asked": asked,
        "claims": claims,
        "all_fields": (*answered, *fields, *claims),
    }


def _asked(file: CaseFile, texts: Texts, answers: dict[int, RuledForm]) -> list[Asked]:
    """Return each request with the fields of its answer; what stays empty is answered later."""
    found = []
    for row in _requests(file):
        if row.number in answers:
            fields = answers[row.number].fields_of_act({NUMBER})
            optional = tuple(field.but(required=False) for field in fields)
            found.append(Asked(row.number, texts.of(row.entered_act, "asks"), optional))
    return found
