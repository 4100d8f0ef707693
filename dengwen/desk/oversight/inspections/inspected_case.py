"""One drawn case of an inspection: the checklist answered, and the call to the petitioner."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from dengwen.cases.files.held_files import Held
from dengwen.cases.files.paper_field import ACCEPT, kept_files
from dengwen.cases.models import Case
from dengwen.desk.oversight.inspections.opened_inspection import (
    PAGE,
    Page,
    can,
    inspection_href,
    page_of,
    visible_cases,
)
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE
from dengwen.desk.shell.act.filled import Filled, read_papers
from dengwen.desk.shell.act.option_words import option_choices
from dengwen.desk.shell.act.submit import write
from dengwen.desk.shell.case.protected_text import texts_of
from dengwen.desk.shell.case.reply_aids import aids_beside
from dengwen.desk.shell.frame.seat import Seat, at_desk, case_href, uid_of
from dengwen.law.bilingual import words_in
from dengwen.law.duties.step import FieldValue, Step
from dengwen.oversight.inspections.queries import ANSWERS, Item
from dengwen.ui.components import Choice, FormField

SAID = ("satisfied", "basically", "dissatisfied")
"""Answers of a petitioner who talked and agreed to be written down."""
NOT_SAID = ("declined", "not_reached")


# --- the checklist --------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def examine(seat: Seat, number: str, subject: str) -> HttpResponse:
    """Answer the checklist for one drawn case: one click an item, the clause beside it, proof
    for every “no”."""
    page, case = _drawn(seat, number, subject, "check_case")
    filled = Filled()
    if seat.request.method != "POST":
        return _case_page(seat, page, case, filled)
    papers = read_papers(seat, "evidence", filled)
    if filled.errors:
        return _case_page(seat, page, case, filled)
    step = _check(seat, page, subject, papers)
    return write(
        seat,
        [step],
        lambda why: _case_page(seat, page, case, filled, why),
        _next_href(page, subject),
        [("evidence", paper) for paper in papers],
    )


def _drawn(seat: Seat, number: str, subject: str, act: str) -> tuple[Page, Case]:
    """Return the inspection and a drawn case with which this seat can do an act now; 404 for
    everything else."""
    page = page_of(seat, number)
    case = visible_cases(seat, page).get(subject)
    if case is None or not can(seat, page, act):
        raise Http404
    return page, case


def _check(seat: Seat, page: Page, subject: str, papers: Sequence[Held]) -> Step:
    """Return the act that answers the checklist as it was filled in."""
    post = seat.request.POST
    answers = tuple(post.get(_field_name(item), "") for item in page.made.items)
    fields: dict[str, FieldValue] = {"subject": subject, "answers": answers}
    if post.get("reply"):
        fields["reply"] = post["reply"]
    if papers:
        fields["evidence"] = tuple(paper.digest for paper in papers)
    remarks = post.get("remarks", "").strip()
    texts = {"remarks": remarks} if remarks else {}
    return Step(act="check_case", case=page.file.case.number, fields=fields, texts=texts)


def _field_name(item: Item) -> str:
    """Return the name of the field of an item."""
    return f"item-{item.number}"


def _next_href(page: Page, subject: str) -> str:
    """Return the address of the next case not yet examined, of the inspection where none is
    left."""
    number = page.file.case.number
    for drawn in page.made.drawn:
        if drawn not in page.made.checks and drawn != subject:
            return reverse("desk:inspection_case", args=[number, drawn])
    return inspection_href(number)


def _case_page(
    seat: Seat, page: Page, case: Case, filled: Filled, why: Sequence[str] = ()
) -> HttpResponse:
    """Ask for the checklist of a case, with what was typed and refused."""
    grades = _grades(seat, page, case)
    more = [
        FormField("reply", "code", _("答复质量"), choices=grades),
        _remarks(seat, page, case),
        _evidence(filled),
    ]
    return seat.page(
        "oversight/inspections/inspection_case.html",
        PAGE,
        UNPROCESSABLE if why or filled.errors else 200,
        case=page.file.case,
        subject=case,
        rows=_checklist(seat, page, case),
        more=more,
        why=why,
        uid=uid_of(seat),
        back=inspection_href(page.file.case.number),
        place=page.made.drawn.index(case.number) + 1,
        of=len(page.made.drawn),
        href=case_href(case.number),
        reply_aids=aids_beside(seat, case, texts_of(seat, case)),
        grades=bool(grades),
    )


def _checklist(seat: Seat, page: Page, case: Case) -> list[FormField]:
    """Return a field for every item of the checklist, with the answer typed or given before."""
    check = page.made.checks.get(case.number)
    before = list(check.data["answers"]) if check else []
    fields = []
    for place, item in enumerate(page.made.items):
        name = _field_name(item)
        given = before[place] if place < len(before) else ""
        fields.append(
            FormField(
                name,
                "code",
                f"{item.number}　{item.question}",
                required=True,
                hint=item.clause,
                choices=_answer_choices(seat.request.POST.get(name, given)),
            )
        )
    return fields


def _answer_choices(chosen: str) -> tuple[Choice, ...]:
    """Return the answers to an item."""
    words = {
        "yes": pgettext("checklist", "是"),
        "no": pgettext("checklist", "否"),
        "na": pgettext("checklist", "不适用"),
    }
    return tuple(Choice(answer, words[answer], answer == chosen) for answer in ANSWERS)


def _grades(seat: Seat, page: Page, case: Case) -> tuple[Choice, ...]:
    """Return the grades for the organ's reply, with the one typed or given before."""
    check = page.made.checks.get(case.number)
    given = str(check.data.get("reply", "")) if check else ""
    asked = page.file.kind.acts["check_case"].field_rule("reply")
    return option_choices(asked, seat.request.POST.get("reply", given), seat.language)


def _remarks(seat: Seat, page: Page, case: Case) -> FormField:
    """Return the field of facts and sources, with what was written before."""
    check = page.made.checks.get(case.number)
    written = page.texts.of(check.pk, "remarks") if check else ""
    return FormField(
        "remarks",
        "text",
        pgettext("inspection_pack", "事实和出处"),
        value=seat.request.POST.get("remarks", written),
        rows=3,
        hint=_("有答“否”的必须写明，或者附上材料"),
    )


def _evidence(filled: Filled) -> FormField:
    """Return the field of the proof, with the files the form carries."""
    return FormField(
        "evidence",
        "digests",
        _("证明材料"),
        accept=ACCEPT,
        errors=tuple(filled.errors.get("evidence", ())),
        kept=kept_files(filled.kept.get("evidence", ())),
    )


# --- the call -------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def call(seat: Seat, number: str, subject: str) -> HttpResponse:
    """Record a call by one button: what was answered with consent, that it was declined, or that
    nobody was reached."""
    page, case = _drawn(seat, number, subject, "call_petitioner")
    if seat.request.method != "POST":
        return _call_page(seat, page, case)
    step = _call(seat, number, subject)
    return write(seat, [step], lambda why: _call_page(seat, page, case, why), inspection_href)


def _call(seat: Seat, number: str, subject: str) -> Step:
    """Return the act that records a call; an answer is written down with consent only."""
    result = seat.request.POST.get("result", "")
    said = seat.request.POST.get("said", "").strip()
    fields: dict[str, FieldValue] = {"subject": subject, "reached": result}
    if result in SAID:
        fields |= {"reached": "talked", "consent": True, "says": result}
    texts = {"said": said} if said else {}
    return Step(act="call_petitioner", case=number, fields=fields, texts=texts)


def _call_page(seat: Seat, page: Page, case: Case, why: Sequence[str] = ()) -> HttpResponse:
    """Ask what the petitioner said, with what was typed and refused."""
    names = _result_words(seat, page)
    typed = seat.request.POST.get("said", "")
    return seat.page(
        "oversight/inspections/inspection_call.html",
        PAGE,
        UNPROCESSABLE if why else 200,
        case=page.file.case,
        subject=case,
        said=FormField("said", "text", _("信访人的话"), rows=3, value=typed),
        why=why,
        uid=uid_of(seat),
        back=inspection_href(page.file.case.number),
        href=case_href(case.number),
        agreed=[(option, names[option]) for option in SAID],
        other=[(option, names[option]) for option in NOT_SAID],
        own=seat.user.pk in page.made.did("check_case", case.number),
    )


def _result_words(seat: Seat, page: Page) -> dict[str, str]:
    """Return every option of the act that records a call, in words."""
    return {
        option: words_in(names, seat.language)
        for asked in page.file.kind.acts["call_petitioner"].fields
        for option, names in asked.option_names.items()
    }
