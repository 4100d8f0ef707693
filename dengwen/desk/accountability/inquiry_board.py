"""The evidence board of an inquiry: what can be pinned, what is pinned, and the proof of each
item in the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dengwen.accountability.inquiry.evidence_sources import bound_of, records_of_unit, source
from dengwen.cases import rulebooks
from dengwen.cases.models import Act, Case, Duty
from dengwen.cases.wall.visibility import among, for_user
from dengwen.cases.write.record import handed_out
from dengwen.desk.accountability.inquiries import (
    PAGE,
    Page,
    can,
    case_words,
    href,
    investigates,
    page_of,
)
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE
from dengwen.desk.shell.act.forms import ACCEPT, Filled, kept_files, read_papers
from dengwen.desk.shell.act.submit import write
from dengwen.desk.shell.frame.seat import Seat, at_desk, case_href, uid_of
from dengwen.law.bilingual import Language, words_in
from dengwen.law.duties.act_record import BREACH, civil
from dengwen.law.duties.step import FieldValue, Step
from dengwen.ledger.act_receipts import receipt
from dengwen.ledger.models import Event
from dengwen.ui.components import FormField
from dengwen.ui.dates import numeric

AROUND = timedelta(days=180)
"""How far before and after the day of the conduct the records of the unit are offered; a choice
of the house."""
MOST = 60
TELLING = (
    "record_item",
    "decide",
    "decide_without",
    "assess",
    "assess_late",
    "need_none",
    "trend",
    "measure",
    "answer",
    "feedback",
    "read",
    "instruct",
    "conclude",
    BREACH,
)
"""Acts of a unit's records that are offered: decisions, assessments, positions, readings,
measures, breaches."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that can be pinned: an act of a case the investigators may see, with words for
    what it shows."""

    key: str
    case: Case
    seq: int
    words: str
    day: date


def candidates(seat: Seat, page: Page) -> list[Candidate]:
    """Return what is offered: acts the lead rests on, breaches of the unit's duties, its records
    around the day."""
    pinned = {(item.source, item.at) for item in page.made.items.values()}
    found: dict[tuple[str, int], Candidate] = {}
    for act in _acts(seat, page):
        place = (act.case.number, act.seq)
        if place not in pinned and place not in found:
            kind, done = case_words(act.case, seat.language), _act_words(act, seat.language)
            words = _("%(kind)s：%(done)s") % {"kind": kind, "done": done}
            found[place] = Candidate(
                f"{place[0]}/{place[1]}", act.case, act.seq, words, civil(act.occurred_at)
            )
    return list(found.values())[:MOST]


def _acts(seat: Seat, page: Page) -> Iterator[Act]:
    made = page.made
    visible = for_user(seat.viewer, seat.today)
    lead = Case.objects.filter(number=made.lead).first() if made.lead else None
    if lead is not None:
        rested = [a.data.get("act") for a in lead.acts.filter(act="add_evidence")]
        yield from _rows(
            Act.objects.filter(pk__in=[pk for pk in rested if pk], case__protected=False)
        )
    owed = Duty.objects.filter(holder_id=made.unit, breach__isnull=False).values("breach")
    breaches = Act.objects.filter(among(visible.filter(protected=False)), pk__in=owed)
    yield from _rows(breaches.order_by("-occurred_at"))
    near = Act.objects.filter(
        case__in=records_of_unit(made, seat.today),
        act__in=TELLING,
        occurred_at__date__gte=made.day - AROUND,
        occurred_at__date__lte=made.day + AROUND,
    )
    yield from _rows(near.order_by("occurred_at"))


def _rows(acts: QuerySet[Act]) -> Iterator[Act]:
    yield from acts.select_related("case")[:MOST]


def _act_words(act: Act, language: Language) -> str:
    rule = rulebooks.by_row(act.rules_id).kind(act.case.kind).acts.get(act.act)
    words = act.act if rule is None else words_in(rule, language)
    if act.act == BREACH:
        duty = rulebooks.by_row(act.rules_id).kind(act.case.kind).duties.get(act.duty)
        words += (
            f"（{duty.zh}）" if duty and language == "zh" else (f" ({duty.en})" if duty else "")
        )
    return words


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def board(seat: Seat, number: str) -> HttpResponse:
    """Show the board and pin what was ticked, or a paper from outside, in one call."""
    page = page_of(seat, number)
    may = investigates(seat, page) and can(seat, page, "pin_evidence")
    if seat.request.method != "POST":
        return _board_page(seat, page, Filled(), may=may)
    if not may:
        raise Http404
    post, filled = seat.request.POST, Filled()
    steps = [s for key in post.getlist("pin") if (s := _pinning(seat, page, key)) is not None]
    papers = read_papers(seat, "papers", filled)
    shows = post.get("paper_shows", "").strip()
    if papers:
        fields: dict[str, FieldValue] = {
            "papers": tuple(p.digest for p in papers),
            "disclose": "open",
        }
        if post.get("paper_sealed") == "true":
            fields["disclose"] = "sealed"
        steps.append(
            Step(
                act="pin_evidence",
                case=number,
                fields=fields,
                texts={"shows": shows} if shows else {},
            )
        )
    if filled.errors or not steps:
        why = () if filled.errors else (_("没有勾选任何一项。"),)
        return _board_page(seat, page, filled, why, may=may)
    return write(
        seat,
        steps,
        lambda why: _board_page(seat, page, filled, why, may=may),
        href(page, "inquiry_board"),
        [("papers", p) for p in papers],
    )


def _pinning(seat: Seat, page: Page, key: str) -> Step | None:
    """Return the step that pins one ticked act; None for what this seat may not take evidence
    from."""
    number, _, place = key.rpartition("/")
    case = source(page.made, number, seat.user.pk, seat.today)
    if case is None or not place.isdecimal():
        return None
    post = seat.request.POST
    fields: dict[str, FieldValue] = {
        "source": number,
        "place": int(place),
        "bound": bound_of(case, int(place)),
        "disclose": "sealed" if f"sealed-{key}" in post else "open",
    }
    shows = post.get(f"shows-{key}", "").strip()
    return Step(
        act="pin_evidence", case=page.number, fields=fields, texts={"shows": shows} if shows else {}
    )


def _board_page(
    seat: Seat, page: Page, filled: Filled, why: Sequence[str] = (), *, may: bool
) -> HttpResponse:
    post = seat.request.POST
    pinned = []
    for item in page.made.items.values():
        visible = (
            for_user(seat.viewer, seat.today).filter(number=item.source).exists()
            if item.source
            else False
        )
        pinned.append(
            {
                "item": item,
                "shows": page.texts.of(item.told.pk, "shows"),
                "by": page.name(item.official) if item.own else "",
                "href": case_href(item.source) if visible else "",
                "proof": _proof_href(page, item.number),
            }
        )
    offered, between = [], _("，")
    for one in candidates(seat, page) if may else ():
        offered.append(
            {
                "one": one,
                "ticked": one.key in post.getlist("pin"),
                "sealed": f"sealed-{one.key}" in post,
                "shows": post.get(
                    f"shows-{one.key}", f"{one.words}{between}{numeric(one.day, seat.language)}"
                ),
            }
        )
    paper = [
        FormField(
            "papers",
            "digests",
            _("系统以外的材料"),
            accept=ACCEPT,
            errors=tuple(filled.errors.get("papers", ())),
            kept=kept_files(filled.kept.get("papers", ())),
        ),
        FormField("paper_shows", "person", _("材料证明什么"), value=post.get("paper_shows", "")),
        FormField(
            "paper_sealed",
            "flag",
            _("涉及应当保密的身份，不向本人出示"),
            value=post.get("paper_sealed", ""),
        ),
    ]
    bad = bool(why or filled.errors)
    return seat.page(
        "accountability/inquiry_board.html",
        PAGE,
        UNPROCESSABLE if bad else 200,
        page=page,
        pinned=pinned,
        offered=offered,
        why=why,
        paper=paper,
        may=may,
        uid=uid_of(seat),
        back=href(page, "inquiry"),
    )


def _proof_href(page: Page, item: int) -> str:
    return href(page, "inquiry_proof", item)


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
    answer = HttpResponse(
        receipt(event, names=handed_out(act.act)), content_type="text/plain; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{number}-{item}.receipt.txt"'
    return answer
