"""The evidence board of an inquiry: what can be pinned, what is pinned, the proof of each item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dengwen.accountability.inquiry.evidence_sources import bound_of, source
from dengwen.accountability.inquiry.queries import Item
from dengwen.cases.files.held_files import Held
from dengwen.cases.files.paper_field import PaperField, found_in
from dengwen.cases.models import Act
from dengwen.cases.wall.visibility import for_user
from dengwen.cases.write.record import handed_out
from dengwen.desk.accountability.inquiries.candidates import Candidate, candidates
from dengwen.desk.accountability.inquiries.inquiry_page import (
    PAGE,
    Page,
    href,
    may_investigate,
    page_of,
)
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE
from dengwen.desk.shell.act.submit import write
from dengwen.desk.shell.frame.seat import Seat, at_desk, case_href, uid_of
from dengwen.law.duties.step import FieldValue, Step
from dengwen.ledger.act_receipts import receipt
from dengwen.ledger.models import Event
from dengwen.ui.dates import numeric
from dengwen.ui.form_fields import Asked, AskedForm, SomeOf, Tick, form_of


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def board(seat: Seat, number: str) -> HttpResponse:
    """Show the board and pin what was ticked, or a paper from outside, in one call."""
    page = page_of(seat, number)
    may = may_investigate(seat, page, "pin_evidence")
    if seat.request.method == "POST" and not may:
        raise Http404
    offered = candidates(seat, page) if may else []
    form = _form(seat, offered)
    if not form.is_bound or form.errors:
        return _board_page(seat, page, form, offered, may=may)
    steps = _ticked_steps(seat, page, form)
    papers = found_in(form, "papers")
    if papers:
        steps.append(_paper_step(page, form, papers))
    if not steps:
        return _board_page(seat, page, form, offered, [_("没有勾选任何一项。")], may=may)
    return write(
        seat,
        steps,
        lambda why: _board_page(seat, page, form, offered, why, may=may),
        href(page, "inquiry_board"),
        [("papers", paper) for paper in papers],
    )


# --- pinning --------------------------------------------------------------------------------------
def _form(seat: Seat, offered: Sequence[Candidate]) -> AskedForm:
    """Return the form: which candidates are pinned and what each shows, and a paper from outside
    the system."""
    asked: dict[str, Asked] = {
        "pin": SomeOf(_("可以列入的证据"), choices=[(one.key, "") for one in offered]),
        "papers": PaperField(_("系统以外的材料"), clock=lambda: seat.now),
        "paper_shows": Asked(_("材料证明什么")),
        "paper_sealed": Tick(_("涉及应当保密的身份，不向本人出示")),
    }
    for one in offered:
        asked[f"sealed-{one.key}"] = Tick()
        proposed = one.words + _("，") + numeric(one.day, seat.language)
        asked[f"shows-{one.key}"] = Asked(initial=proposed)
    return form_of(seat.request, asked)


def _ticked_steps(seat: Seat, page: Page, form: AskedForm) -> list[Step]:
    """Return a step for every act ticked that this seat may take evidence from."""
    steps = []
    for key in form.cleaned_data["pin"]:
        step = _pinning(seat, page, form, key)
        if step is not None:
            steps.append(step)
    return steps


def _pinning(seat: Seat, page: Page, form: AskedForm, key: str) -> Step | None:
    """Return the step that pins one ticked act; None for what this seat may not take evidence
    from."""
    number, _slash, place = key.rpartition("/")
    case = source(page.made, number, seat.user.pk, seat.today)
    if case is None or not place.isdecimal():
        return None
    fields: dict[str, FieldValue] = {
        "source": number,
        "place": int(place),
        "bound": bound_of(case, int(place)),
        "disclose": "sealed" if form.cleaned_data[f"sealed-{key}"] else "open",
    }
    shows = form.value(f"shows-{key}")
    texts = {"shows": shows} if shows else {}
    return Step(act="pin_evidence", case=page.number, fields=fields, texts=texts)


def _paper_step(page: Page, form: AskedForm, papers: Sequence[Held]) -> Step:
    """Return the step that pins papers from outside the system as one item."""
    fields: dict[str, FieldValue] = {
        "papers": tuple(paper.digest for paper in papers),
        "disclose": "sealed" if form.cleaned_data["paper_sealed"] else "open",
    }
    shows = form.value("paper_shows")
    texts = {"shows": shows} if shows else {}
    return Step(act="pin_evidence", case=page.number, fields=fields, texts=texts)


# --- the page -------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Pinned:
    """An item of the board as a row: `href` leads to its case, "" where this seat does not read
    it."""

    item: Item
    shows: str
    by: str
    href: str
    proof: str


@dataclass(frozen=True, slots=True)
class OfferedRow:
    """A candidate as a row of the form, with what was ticked and typed."""

    one: Candidate
    ticked: bool
    sealed: bool
    shows: str


def _board_page(
    seat: Seat,
    page: Page,
    form: AskedForm,
    offered: Sequence[Candidate],
    why: Sequence[str] = (),
    *,
    may: bool,
) -> HttpResponse:
    """Render the board with what can still be pinned."""
    is_wrong = bool(why or form.errors)
    paper = form.asked(("papers", "paper_shows", "paper_sealed"))
    return seat.page(
        "accountability/inquiries/board.html",
        PAGE,
        UNPROCESSABLE if is_wrong else 200,
        page=page,
        pinned=[_pinned_row(seat, page, item) for item in page.made.items.values()],
        offered=[_offered_row(form, one) for one in offered],
        why=[*form.complaints_elsewhere(paper), *why],
        paper=paper,
        may=may,
        uid=uid_of(seat),
        back=href(page, "inquiry"),
    )


def _pinned_row(seat: Seat, page: Page, item: Item) -> Pinned:
    """Return an item of the board, with its case and its proof."""
    return Pinned(
        item=item,
        shows=page.texts.of(item.told.pk, "shows"),
        by=page.name(item.official) if item.own else "",
        href=case_href(item.source) if _reads(seat, item.source) else "",
        proof=href(page, "inquiry_proof", item.number),
    )


def _reads(seat: Seat, number: str) -> bool:
    """Say whether this seat reads the case an item comes from; an item from outside has none."""
    if not number:
        return False
    return for_user(seat.viewer, seat.today).filter(number=number).exists()


def _offered_row(form: AskedForm, one: Candidate) -> OfferedRow:
    """Return a candidate; its words are proposed as what it shows."""
    return OfferedRow(
        one=one,
        ticked=one.key in form.at("pin").typed,
        sealed=bool(form.typed(f"sealed-{one.key}")),
        shows=form.at(f"shows-{one.key}").value(),
    )


# --- the proof ------------------------------------------------------------------------------------
@require_safe
@at_desk
def proof(seat: Seat, number: str, item: int) -> HttpResponse:
    """Hand out the proof of an item: that the act it rests on stands in the ledger, or that it
    was pinned there."""
    page = page_of(seat, number)
    pinned = page.made.items.get(item)
    if pinned is None:
        raise Http404
    case, place = (pinned.source, pinned.at) if pinned.source else (number, pinned.number)
    event = Event.objects.filter(case_key=case, case_seq=place).first()
    act = Act.objects.filter(case__number=case, seq=place).first()
    if event is None or act is None:
        raise Http404
    text = receipt(event, names=handed_out(act.act))
    answer = HttpResponse(text, content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{number}-{item}.receipt.txt"'
    return answer
