"""The page of one inspection (督查): where it stands, the plan, the sample, what was found.

The secret and the re-check are acts of the generic page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from dengwen.cases.models import Case
from dengwen.cases.read.case_view import rail, state_words
from dengwen.desk.oversight.inspections.opened_inspection import (
    OPEN_DAYS,
    PAGE,
    Page,
    can,
    may_file,
    page_of,
    type_words,
    visible_cases,
)
from dengwen.desk.oversight.inspections.rectification import (
    answers_shown,
    conclusion,
    listed_findings,
)
from dengwen.desk.oversight.inspections.sampled_cases import (
    copies,
    draws_of_organ,
    sampled_cases,
    strata_words,
    takers_of,
)
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE
from dengwen.desk.shell.frame.seat import Seat, at_desk, case_href, uid_of
from dengwen.law.bilingual import headline
from dengwen.oversight.inspections.published_plan import checkpoint_after
from dengwen.ui.components import Link
from dengwen.ui.form_fields import read_day

NEXT = ("ask_deposit", "deposit", "open_secret", "lapse_plan")
"""Acts of the generic page that may come next, in their order."""
BY_DEPOSITOR = ("deposit", "open_secret")
STEPS = (
    "file_plan",
    "draw",
    "take_pack",
    "check_case",
    "send_findings",
    "call_petitioner",
    "answer_finding",
    "conclude",
    "list_finding",
)
"""Acts for which the page itself has a button or a form."""


@require_safe
@at_desk
def inspection(seat: Seat, number: str) -> HttpResponse:
    """Show one inspection: where it stands, what comes next, the sample, the findings, the
    rectification list."""
    return show(seat, page_of(seat, number))


def show(seat: Seat, page: Page, why: Sequence[str] = ()) -> HttpResponse:
    """Render the page of an inspection."""
    visible = visible_cases(seat, page)
    return seat.page(
        "oversight/inspections/inspection_page.html",
        PAGE,
        UNPROCESSABLE if why else 200,
        page=page,
        why=why,
        uid=uid_of(seat),
        **_heading(seat, page),
        **_possible(seat, page),
        **_plan(seat, page),
        **_sample(seat, page, visible),
        **_results(seat, page, visible),
    )


def _heading(seat: Seat, page: Page) -> dict[str, object]:
    """Return who inspects whom, and where the inspection stands."""
    made = page.made
    file = page.file
    return {
        "case": file.case,
        "made": made,
        "state": state_words(file, seat.language),
        "type": type_words(made),
        "rail": rail(file, seat.today, seat.language),
        "to": page.name(made.to),
        "by": page.name(file.case.holder_id),
        "whole": case_href(file.case.number),
    }


def _possible(seat: Seat, page: Page) -> dict[str, object]:
    """Return what this seat can do now."""
    number = page.file.case.number
    acts = page.file.kind.acts
    following = [
        Link(headline(acts[act], seat.language), case_href(number, act))
        for act in NEXT
        if _comes_next(seat, page, act)
    ]
    return {
        "following": following,
        "may": {act: can(seat, page, act) for act in STEPS},
        "may_plan": may_file(seat, page),
    }


def _comes_next(seat: Seat, page: Page, act: str) -> bool:
    """Say whether an act comes next and is for this seat: only the depositor deposits and opens a
    secret, and only one is asked for it."""
    depositor = page.made.depositor
    if act == "ask_deposit" and depositor is not None:
        return False
    if act in BY_DEPOSITOR and (seat.organ is None or depositor != seat.organ.pk):
        return False
    return can(seat, page, act)


def _plan(seat: Seat, page: Page) -> dict[str, object]:
    """Return the plan in force with its scope, strata and days, and every draw of this organ."""
    made = page.made
    plan = page.made.plan
    return {
        "depositor": page.name(made.depositor),
        "begins": read_day(made.begins),
        "scope": page.texts.of(plan.pk, "scope") if plan else "",
        "open_by": date.fromisoformat(plan.data["open_by"]) if plan else None,
        "strata": strata_words(seat, page),
        "checkpoint": checkpoint_after(plan),
        "placed": len(made.filings),
        "draws": draws_of_organ(seat, page),
    }


def _sample(seat: Seat, page: Page, visible: Mapping[str, Case]) -> dict[str, object]:
    """Return the drawn cases, the next one to examine, and the packs."""
    sample = sampled_cases(seat, page, visible)
    unexamined = [one.examine for one in sample if not one.check and not one.heard]
    return {
        "sample": sample,
        "unexamined": unexamined[0] if unexamined else "",
        "copies": copies(seat, page),
        "takers": takers_of(seat),
        "return_by": seat.today + timedelta(days=OPEN_DAYS),
    }


def _results(seat: Seat, page: Page, visible: Mapping[str, Case]) -> dict[str, object]:
    """Return what was found, what the organ said to it, the list, and the conclusion."""
    sent = page.made.sent
    return {
        "summary": page.texts.of(sent.pk, "summary") if sent else "",
        "answers": answers_shown(seat, page, visible),
        "lines": listed_findings(seat, page),
        "ends": conclusion(seat, page),
    }
