"""The handling opinion: four elements, one of three outcomes, and an answer to each request, in
one submit (R22 32)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dengwen.cases.read.case_view import CaseFile
from dengwen.cases.write.check import Refused
from dengwen.cases.write.perform import perform
from dengwen.desk.shell.act.act_page import (
    CLAIM_FIELDS,
    act_of,
    article_of,
    done,
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
from dengwen.desk.shell.act.forms import Filled, claim_fields, form_fields, read_form
from dengwen.desk.shell.case.approval import files_decided_on, returned
from dengwen.desk.shell.case.protected_text import Texts, texts_of
from dengwen.desk.shell.frame.seat import Seat, at_desk, uid_of
from dengwen.law.duties.act_record import Refusal as Reason
from dengwen.law.duties.admissibility import refusals
from dengwen.law.duties.step import Step
from dengwen.law.packs.rules import ActRule
from dengwen.petitions.models import Request
from dengwen.ui.components import FormField, Refusal

DRAFT, DECIDE, NUMBER = "draft", "decide_request", "request"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request with the fields of its answer."""

    number: int
    text: str
    fields: tuple[FormField, ...]


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def draft(seat: Seat, number: str) -> HttpResponse:
    """Ask for the opinion with an answer to each request, or write both."""
    file, rule = act_of(seat, number, DRAFT)
    if seat.request.method != "POST":
        return _form(seat, file, rule, None, {})
    filled = read_form(seat, rule)
    answers = _answers(seat, file)
    if _has_errors(filled, answers):
        return _form(seat, file, rule, filled, answers)
    return _submit(seat, file, rule, filled, answers)


def _answers(seat: Seat, file: CaseFile) -> dict[int, Filled]:
    """Read the answer to each request, by its number."""
    rule = file.kind.acts.get(DECIDE)
    if rule is None:
        return {}
    rows = Request.objects.filter(case=file.case).order_by("number")
    numbers = rows.values_list("number", flat=True)
    return {n: read_form(seat, rule, prefix=_prefix(n)) for n in numbers}


def _prefix(number: int) -> str:
    """Return what the names of the fields of one answer begin with."""
    return f"r{number}_"


def _submit(
    seat: Seat, file: CaseFile, rule: ActRule, filled: Filled, answers: dict[int, Filled]
) -> HttpResponse:
    """Write the answers and the opinion in one call, or show the page with what was refused."""
    steps = _decisions(file, filled, answers)
    try:
        steps.append(step_of(file.case.number, rule, filled))
        done_now = perform(*steps, by=seat.by, now=seat.now, uid=uid_of(seat), papers=filled.papers)
    except Refused as refused:
        return _form(seat, file, rule, filled, answers, refused.reasons, refused.step)
    except EFFECT_ERRORS as error:
        return _form(seat, file, rule, filled, answers, (as_reason(error, rule),))
    return done(seat, way_of(file.case), rule, done_now)


def _decisions(file: CaseFile, filled: Filled, answers: dict[int, Filled]) -> list[Step]:
    """Return a step for each request that was answered now; the others are answered later."""
    steps = []
    for number, answer in answers.items():
        if answer.fields or answer.texts:
            step = Step(
                act=DECIDE,
                case=file.case.number,
                fields={**answer.fields, NUMBER: number},
                texts=answer.texts,
                occurred_at=filled.occurred,
            )
            steps.append(step)
    return steps


def _form(
    seat: Seat,
    file: CaseFile,
    rule: ActRule,
    filled: Filled | None,
    answers: dict[int, Filled],
    reasons: Sequence[Reason] = (),
    step: Step | None = None,
) -> HttpResponse:
    """Show the page: the letter, the opinion, an answer to each request, and what was refused."""
    typed = filled or Filled()
    texts = texts_of(seat, file.case)
    if not reasons and filled is None:
        reasons = refusals(file.kind, rule, file.view, seat.actor, seat.today)
    refused = _refused(seat, file, rule, typed, answers, reasons, step)
    wrong = bool(refused) or _has_errors(typed, answers)
    return seat.page(
        "petitions/draft.html",
        "",
        UNPROCESSABLE if filled is not None and wrong else 200,
        way=way_of(file.case),
        case=file.case,
        title=_("拟制处理意见"),
        article=article_of(seat, file, rule),
        **_fields(seat, file, rule, filled, answers, texts),
        claim_open=typed.occurred is not None or bool(typed.errors.keys() & CLAIM_FIELDS),
        refused=refused,
        uid=uid_of(seat),
        **_beside(seat, file, rule, texts),
        **ahead(seat, file, rule, typed),
    )


def _has_errors(filled: Filled, answers: dict[int, Filled]) -> bool:
    """Say whether something is wrong with a field of the opinion or of an answer."""
    return any(one.errors for one in (filled, *answers.values()))


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
    typed: Filled,
    answers: dict[int, Filled],
    reasons: Sequence[Reason],
    step: Step | None,
) -> list[Refusal]:
    """Put what was refused at its field, of the answer that was refused or of the opinion; return
    the rest."""
    number = step.fields.get(NUMBER) if step is not None and step.act == DECIDE else None
    if isinstance(number, int) and number in answers:
        decide = file.kind.acts[DECIDE]
        return sort_reasons(seat, file, decide, answers[number], reasons, _prefix(number))
    return sort_reasons(seat, file, rule, typed, reasons)


def _fields(
    seat: Seat,
    file: CaseFile,
    rule: ActRule,
    filled: Filled | None,
    answers: dict[int, Filled],
    texts: Texts,
) -> dict[str, Any]:
    """Return the fields of the opinion as last drafted, of the answers, and of a late entry."""
    given = {f.name: texts.newest(f.name) for f in rule.fields if texts.newest(f.name)}
    if "outcome" in file.view.facts:
        given["outcome"] = file.view.facts["outcome"]
    fields = form_fields(seat, rule, file, filled, given=given)
    asked = _asked(seat, file, texts, answers, typed=filled is not None)
    claims = claim_fields(seat, filled)
    answered = [field for one in asked for field in one.fields]
    return {
        "fields": fields,
        "asked": asked,
        "claims": claims,
        "all_fields": (*answered, *fields, *claims),
    }


def _asked(
    seat: Seat, file: CaseFile, texts: Texts, answers: dict[int, Filled], *, typed: bool
) -> list[Asked]:
    """Return each request with the fields of its answer."""
    rule = file.kind.acts.get(DECIDE)
    if rule is None:
        return []
    found = []
    for row in Request.objects.filter(case=file.case).order_by("number"):
        fields = form_fields(
            seat,
            rule,
            file,
            answers.get(row.number) if typed else None,
            prefix=_prefix(row.number),
            given={
                "request_outcome": row.outcome,
                "answer": texts.of(row.outcome_act or 0, "answer"),
            },
            without={NUMBER},
        )
        # What stays empty is answered later.
        optional = tuple(replace(field, required=False) for field in fields)
        found.append(Asked(row.number, texts.of(row.entered_act, "asks"), optional))
    return found
