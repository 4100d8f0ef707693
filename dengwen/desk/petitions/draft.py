"""The handling opinion: four elements, one of three outcomes, and an answer to each request, in
one submit (R22 32)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dengwen.cases.read.case_view import CaseFile
from dengwen.cases.write.check import Refused
from dengwen.cases.write.perform import perform
from dengwen.desk.shell.act_page import (
    CLAIM_FIELDS,
    act_of,
    article_of,
    done,
    rail_of,
    step_of,
    way_of,
)
from dengwen.desk.shell.act_refusals import EFFECT_ERRORS, UNPROCESSABLE, as_reason, sort_reasons
from dengwen.desk.shell.approval import files_decided_on, returned
from dengwen.desk.shell.foreseen import ahead
from dengwen.desk.shell.forms import Filled, claim_fields, form_fields, read_form
from dengwen.desk.shell.protected_text import Texts, texts_of
from dengwen.desk.shell.seat import Seat, at_desk, uid_of
from dengwen.law.duties.act_record import Refusal as Reason
from dengwen.law.duties.admissibility import refusals
from dengwen.law.duties.step import Step
from dengwen.law.packs.rules import ActRule
from dengwen.petitions.models import Request
from dengwen.ui.components import FormField

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
    if filled.errors or any(a.errors for a in answers.values()):
        return _form(seat, file, rule, filled, answers)
    return _submit(seat, file, rule, filled, answers)


def _answers(seat: Seat, file: CaseFile) -> dict[int, Filled]:
    rule = file.kind.acts.get(DECIDE)
    if rule is None:
        return {}
    numbers = (
        Request.objects.filter(case=file.case).order_by("number").values_list("number", flat=True)
    )
    return {n: read_form(seat, rule, prefix=f"r{n}_") for n in numbers}


def _submit(
    seat: Seat, file: CaseFile, rule: ActRule, filled: Filled, answers: dict[int, Filled]
) -> HttpResponse:
    number = file.case.number
    given = {n: a for n, a in answers.items() if a.fields or a.texts}
    steps = [
        Step(
            act=DECIDE,
            case=number,
            fields={**a.fields, NUMBER: n},
            texts=a.texts,
            occurred_at=filled.occurred,
        )
        for n, a in given.items()
    ]
    try:
        steps.append(step_of(number, rule, filled))
        done_now = perform(*steps, by=seat.by, now=seat.now, uid=uid_of(seat), papers=filled.papers)
    except Refused as refused:
        return _form(seat, file, rule, filled, answers, refused.reasons, refused.step)
    except EFFECT_ERRORS as error:
        return _form(seat, file, rule, filled, answers, (as_reason(error, rule),))
    return done(seat, way_of(file.case), rule, done_now)


def _form(
    seat: Seat,
    file: CaseFile,
    rule: ActRule,
    filled: Filled | None,
    answers: dict[int, Filled],
    reasons: Sequence[Reason] = (),
    step: Step | None = None,
) -> HttpResponse:
    typed = filled or Filled()
    texts = texts_of(seat, file.case)
    shown = list(reasons) or (
        [] if filled else refusals(file.kind, rule, file.view, seat.actor, seat.today)
    )
    at = step.fields.get(NUMBER) if step is not None and step.act == DECIDE else None
    if isinstance(at, int) and at in answers:
        refused = sort_reasons(seat, file, file.kind.acts[DECIDE], answers[at], shown, f"r{at}_")
    else:
        refused = sort_reasons(seat, file, rule, typed, shown)
    given = {f.name: texts.newest(f.name) for f in rule.fields if texts.newest(f.name)}
    given |= {k: v for k, v in file.view.facts.items() if k == "outcome"}
    fields = form_fields(seat, rule, file, filled and typed, given=given)
    asked = _asked(seat, file, texts, answers, typed=filled is not None)
    claims = claim_fields(seat, filled and typed)
    wrong = filled is not None and bool(
        refused or typed.errors or any(a.errors for a in answers.values())
    )
    return seat.page(
        "petitions/draft.html",
        "",
        UNPROCESSABLE if wrong else 200,
        way=way_of(file.case),
        case=file.case,
        title=_("拟制处理意见"),
        article=article_of(seat, file, rule),
        fields=fields,
        asked=asked,
        claims=claims,
        claim_open=typed.occurred is not None or bool(typed.errors.keys() & CLAIM_FIELDS),
        all_fields=(*(f for a in asked for f in a.fields), *fields, *claims),
        refused=refused,
        uid=uid_of(seat),
        content=texts.newest("content"),
        returned=returned(seat, file, rule, texts),
        decided_files=files_decided_on(seat, file.case),
        rail=rail_of(seat, file),
        **ahead(seat, file, rule, typed),
    )


def _asked(
    seat: Seat, file: CaseFile, texts: Texts, answers: dict[int, Filled], *, typed: bool
) -> list[Asked]:
    rule = file.kind.acts.get(DECIDE)
    if rule is None:
        return []
    found = []
    for row in Request.objects.filter(case=file.case).order_by("number"):
        given = {"request_outcome": row.outcome, "answer": texts.of(row.outcome_act or 0, "answer")}
        fields = form_fields(
            seat,
            rule,
            file,
            answers.get(row.number) if typed else None,
            prefix=f"r{row.number}_",
            given=given,
            without={NUMBER},
        )
        later = tuple(
            replace(f, required=False) for f in fields
        )  # what stays empty is answered later
        found.append(Asked(row.number, texts.of(row.entered_act, "asks"), later))
    return found
