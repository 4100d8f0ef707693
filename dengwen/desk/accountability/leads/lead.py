"""One lead (追责线索) with everything it rests on: taking it, declining it, the proofs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from dengwen.accountability.leads.claims_since import claims_of
from dengwen.accountability.leads.lapsed_leads import waits_until
from dengwen.accountability.leads.new_lead import KIND
from dengwen.accountability.leads.queries import RAISED, Item, Lead, read_lead
from dengwen.cases.models import Act, Case
from dengwen.cases.read.case_view import rail, read_file, state_words
from dengwen.cases.wall.visibility import for_user
from dengwen.cases.write.record import handed_out
from dengwen.desk.accountability.leads.lead_words import (
    PAGE,
    event_words,
    lead_href,
    line_of,
    spoken,
)
from dengwen.desk.accountability.nine_steps import steps_of_lead
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE
from dengwen.desk.shell.act.submit import write
from dengwen.desk.shell.case.protected_text import texts_of
from dengwen.desk.shell.frame.lead_address import may_raise
from dengwen.desk.shell.frame.seat import Seat, at_desk, case_href, uid_of
from dengwen.law.bilingual import words_in
from dengwen.law.duties.step import Step
from dengwen.ledger.act_receipts import receipt
from dengwen.ledger.models import Event
from dengwen.ui.components import Link
from dengwen.ui.form_fields import Area, AskedForm, Word

FACTS_CLASS = "D5"
"""The class of data the texts of a lead belong to."""


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One thing a lead rests on, with where its case and its proof open ("" where they do not)."""

    what: str
    event: str
    case: Link | None
    proof: str


def _lead_case(seat: Seat, number: str) -> Case:
    """Return the case of a lead; 404 for a case of another kind."""
    case = seat.case(number)
    if case.kind != KIND:
        raise Http404
    return case


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def lead(seat: Seat, number: str) -> HttpResponse:
    """Show one lead with everything it rests on; take it, or decline it with reasons."""
    case = _lead_case(seat, number)
    if seat.request.method != "POST":
        return _show(seat, case)
    form = AnswerForm.of(seat.request)
    if form.errors:
        return _show(seat, case, form.complaints())
    if form.at("take").typed:
        return _take(seat, case, declared=form.value("take") == "no_conflict")
    return _decline(seat, case, form.value("reason"))


class AnswerForm(AskedForm):
    """Taking a lead by a button that declares what it says, or the reason why it is declined."""

    take = Word()
    reason = Area()


def _take(seat: Seat, case: Case, *, declared: bool) -> HttpResponse:
    """Take the lead into an inquiry, and go on there."""
    step = Step(act="take", case=case.number, fields={"no_conflict": declared})

    def inquiry_href(_number: str) -> str:
        """Return where to go on, whatever case the step is written in."""
        return _inquiry_href(case.number)

    return write(seat, [step], lambda why: _show(seat, case, why), inquiry_href)


def _decline(seat: Seat, case: Case, reason: str) -> HttpResponse:
    """Decline the lead, with reasons."""
    step = Step(act="decline", case=case.number, texts={"reason": reason})
    return write(seat, [step], lambda why: _show(seat, case, why), lead_href(case.number))


def _inquiry_href(lead_number: str) -> str:
    """Return the address of the inquiry a lead was taken into, of the lead where there is none."""
    openings = Act.objects.filter(act="open_inquiry", data__lead=lead_number)
    opened = openings.select_related("case").first()
    if opened is None:
        return lead_href(lead_number)
    return reverse("desk:inquiry", args=[opened.case.number])


def _show(seat: Seat, case: Case, why: Sequence[str] = ()) -> HttpResponse:
    """Render a lead with everything it rests on."""
    is_closed = FACTS_CLASS in texts_of(seat, case).closed
    found = read_lead(case, opened=not is_closed)
    titles = _titles(seat, found)
    file = read_file(case, seat.now)
    waiting = waits_until(case)
    return seat.page(
        "accountability/leads/lead.html",
        PAGE,
        UNPROCESSABLE if why else 200,
        case=case,
        why=why,
        uid=uid_of(seat),
        rail=rail(file, seat.today, seat.language),
        state=state_words(file, seat.language),
        line=line_of(seat, found),
        lead=found,
        facts=spoken(seat, found.facts, "\n"),
        innocent=spoken(seat, found.innocent, "\n"),
        claims=[] if is_closed else _claims(seat, found),
        closed=is_closed,
        about=_case_link(found.about, titles),
        inquiry=_case_link(found.inquiry, titles),
        items=_items(seat, found, titles),
        decides=_decides(seat, case, found),
        waiting=waiting,
        steps=steps_of_lead(found, waiting),
        whole=case_href(case.number),
        up=case_href(case.number, "hand_up"),
        add=case_href(case.number, "add_evidence"),
    )


def _claims(seat: Seat, found: Lead) -> list[str]:
    """Return what was entered afterwards to excuse what a lead is about, in the language of the
    page."""
    return [words_in(said, seat.language) for said in claims_of(found, seat.now)]


def _decides(seat: Seat, case: Case, found: Lead) -> bool:
    """Say whether this seat takes or declines the lead: it waits, and the own organ holds it."""
    return found.state == RAISED and may_raise(seat) and case.holder_id == seat.actor.organ


def _titles(seat: Seat, found: Lead) -> dict[str, str]:
    """Return the titles of the cases a lead speaks of, those alone that this seat reads."""
    numbers = {item.case for item in found.evidence}
    numbers |= {found.about, found.inquiry}
    numbers.discard("")
    visible = for_user(seat.viewer, seat.today)
    readable = visible.filter(number__in=numbers)
    return dict(readable.values_list("number", "title"))


def _case_link(number: str, titles: Mapping[str, str]) -> Link | None:
    """Return a link to a case, None where this seat does not read it."""
    if number not in titles:
        return None
    return Link(titles[number] or number, case_href(number))


def _items(seat: Seat, found: Lead, titles: Mapping[str, str]) -> list[ItemRow]:
    """Return what a lead rests on; the places of the proofs count from 1."""
    return [
        _item_row(seat, item, titles, _proof_href(found, place, item))
        for place, item in enumerate(found.evidence, 1)
    ]


def _item_row(seat: Seat, item: Item, titles: Mapping[str, str], proof: str) -> ItemRow:
    """Return one thing a lead rests on."""
    return ItemRow(
        what=spoken(seat, item.what, " / "),
        event=event_words(seat, item),
        case=_case_link(item.case, titles),
        proof=proof,
    )


def _proof_href(found: Lead, place: int, item: Item) -> str:
    """Return where the proof is handed out, "" where there is none."""
    return reverse("desk:lead_proof", args=[found.number, place]) if item.seq else ""


@require_GET
@at_desk
def proof(seat: Seat, number: str, place: int) -> HttpResponse:
    """Hand out the proof that what a lead rests on stands in the ledger, also of a case this
    seat does not read."""
    evidence = read_lead(_lead_case(seat, number), opened=False).evidence
    if not 1 <= place <= len(evidence):
        raise Http404
    item = evidence[place - 1]
    event = _event_of(item)
    if event is None:
        raise Http404
    text = receipt(event, names=handed_out(item.act))
    answer = HttpResponse(text, content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{item.case}-{item.seq}.receipt.txt"'
    return answer


def _event_of(item: Item) -> Event | None:
    """Return the ledger event of what a lead rests on, None where it rests on no act."""
    if not item.seq:
        return None
    return Event.objects.filter(case_key=item.case, case_seq=item.seq).first()
