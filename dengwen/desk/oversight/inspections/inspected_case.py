"""One drawn case of an inspection: the checklist answered, and the call to the petitioner."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_http_methods

from dengwen.cases.files.held_files import Held
from dengwen.cases.files.paper_field import PaperField, found_in
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
from dengwen.desk.shell.act.option_words import option_pairs
from dengwen.desk.shell.act.submit import write
from dengwen.desk.shell.case.protected_text import texts_of
from dengwen.desk.shell.case.reply_aids import aids_beside
from dengwen.desk.shell.frame.seat import Seat, at_desk, case_href, uid_of
from dengwen.law.bilingual import words_in
from dengwen.law.duties.step import FieldValue, Step
from dengwen.oversight.inspections.queries import ANSWERS, Item
from dengwen.ui.form_fields import Area, Asked, AskedForm, OneOf, Word, form_of

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
    form = _form(seat, page, case)
    if not form.is_bound or form.errors:
        return _case_page(seat, page, case, form)
    papers = found_in(form, "evidence")
    step = _check(form, page, subject, papers)
    return write(
        seat,
        [step],
        lambda why: _case_page(seat, page, case, form, why),
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


def _check(form: AskedForm, page: Page, subject: str, papers: Sequence[Held]) -> Step:
    """Return the act that answers the checklist as it was filled in."""
    answers = tuple(form.value(_field_name(item)) for item in page.made.items)
    fields: dict[str, FieldValue] = {"subject": subject, "answers": answers}
    if form.value("reply"):
        fields["reply"] = form.value("reply")
    if papers:
        fields["evidence"] = tuple(paper.digest for paper in papers)
    remarks = form.value("remarks")
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
    seat: Seat, page: Page, case: Case, form: AskedForm, why: Sequence[str] = ()
) -> HttpResponse:
    """Ask for the checklist of a case, with what was typed and refused."""
    more = form.asked(("reply", "remarks", "evidence"))
    return seat.page(
        "oversight/inspections/inspection_case.html",
        PAGE,
        UNPROCESSABLE if why or form.errors else 200,
        case=page.file.case,
        subject=case,
        rows=form.asked([_field_name(item) for item in page.made.items]),
        more=more,
        why=why,
        uid=uid_of(seat),
        back=inspection_href(page.file.case.number),
        place=page.made.drawn.index(case.number) + 1,
        of=len(page.made.drawn),
        href=case_href(case.number),
        reply_aids=aids_beside(seat, case, texts_of(seat, case)),
        grades=bool(form.at("reply").choices),
    )


def _form(seat: Seat, page: Page, case: Case) -> AskedForm:
    """Return the form: every item of the checklist, the grade of the reply, facts and proof, with
    what was answered before."""
    check = page.made.checks.get(case.number)
    asked = _items_asked(page, list(check.data["answers"]) if check else [])
    reply = page.file.kind.acts["check_case"].field_rule("reply")
    asked["reply"] = OneOf(
        _("答复质量"),
        choices=option_pairs(reply, seat.language),
        initial=str(check.data.get("reply", "")) if check else "",
    )
    asked["remarks"] = Area(
        pgettext("inspection_pack", "事实和出处"),
        rows=3,
        hint=_("有答“否”的必须写明，或者附上材料"),
        initial=page.texts.of(check.pk, "remarks") if check else "",
    )
    asked["evidence"] = PaperField(_("证明材料"), clock=lambda: seat.now)
    return form_of(seat.request, asked)


def _items_asked(page: Page, before: Sequence[str]) -> dict[str, Asked]:
    """Return a field for every item of the checklist, with what was answered `before`."""
    asked: dict[str, Asked] = {}
    for place, item in enumerate(page.made.items):
        asked[_field_name(item)] = OneOf(
            f"{item.number}　{item.question}",
            needed=True,
            hint=item.clause,
            choices=_answers(),
            initial=before[place] if place < len(before) else "",
        )
    return asked


def _answers() -> list[tuple[str, str]]:
    """Return the answers to an item, with their words."""
    words = {
        "yes": pgettext("checklist", "是"),
        "no": pgettext("checklist", "否"),
        "na": pgettext("checklist", "不适用"),
    }
    return [(answer, words[answer]) for answer in ANSWERS]


# --- the call -------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def call(seat: Seat, number: str, subject: str) -> HttpResponse:
    """Record a call by one button: what was answered with consent, that it was declined, or that
    nobody was reached."""
    page, case = _drawn(seat, number, subject, "call_petitioner")
    if seat.request.method != "POST":
        return _call_page(seat, page, case, CallForm())
    form = CallForm.of(seat.request)
    if form.errors:
        return _call_page(seat, page, case, form)
    step = _call(form, number, subject)
    return write(seat, [step], lambda why: _call_page(seat, page, case, form, why), inspection_href)


class CallForm(AskedForm):
    """What a petitioner said, and how the call ended."""

    result = Word(gettext_lazy("回访结果"))
    said = Area(gettext_lazy("信访人的话"), rows=3)


def _call(form: CallForm, number: str, subject: str) -> Step:
    """Return the act that records a call; an answer is written down with consent only."""
    result, said = form.value("result"), form.value("said")
    fields: dict[str, FieldValue] = {"subject": subject, "reached": result}
    if result in SAID:
        fields |= {"reached": "talked", "consent": True, "says": result}
    texts = {"said": said} if said else {}
    return Step(act="call_petitioner", case=number, fields=fields, texts=texts)


def _call_page(
    seat: Seat, page: Page, case: Case, form: CallForm, why: Sequence[str] = ()
) -> HttpResponse:
    """Ask what the petitioner said, with what was typed and refused."""
    names = _result_words(seat, page)
    return seat.page(
        "oversight/inspections/inspection_call.html",
        PAGE,
        UNPROCESSABLE if why or form.errors else 200,
        case=page.file.case,
        subject=case,
        said=form.at("said"),
        why=[*form.complaints_elsewhere([form.at("said")]), *why],
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
