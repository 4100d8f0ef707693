"""What can be pinned in an inquiry: acts the lead rests on, breaches, records of the unit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from dengwen.accountability.inquiry.disclosure_to_person import sources_of
from dengwen.accountability.inquiry.evidence_sources import records_of_unit
from dengwen.accountability.inquiry.queries import Inquiry
from dengwen.cases import rulebooks
from dengwen.cases.models import Act, Case, CaseLink, Duty
from dengwen.cases.wall.visibility import among, for_user
from dengwen.desk.accountability.inquiries.inquiry_page import Page, case_words
from dengwen.desk.shell.frame.seat import Seat
from dengwen.law.bilingual import Language, words_in
from dengwen.law.duties.act_record import BREACH, civil

AROUND = timedelta(days=180)
"""How far before and after the day of the conduct the records of the unit are offered; a choice
of the house."""
MOST = 60
OWN_KINDS = ("lead", "inquiry", "accountability")
"""Kinds that say nothing about a matter: what accountability itself writes."""
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
OF_THE_MATTER = (
    *("register", "forward", "assign", "pass_on", "receive", "accept", "notify_received"),
    *("refuse", "extend", "assist", "hear_petitioner", "draft", "check", "sign", "return_checked"),
    *("serve", "report_information", "report_up", "remind", "urge", "order", "reply", "verify"),
    *("reject_reply", "present", "read", "comment", "instruct", "report", "handled", BREACH),
)
"""Acts of a matter itself that are offered: how it was registered, forwarded and accepted, its
opinion, how it was supervised, read and reported."""


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
    for act in _acts(seat, page.made):
        place = (act.case.number, act.seq)
        if place not in pinned and place not in found:
            found[place] = _candidate(act, seat.language)
    return list(found.values())[:MOST]


def _candidate(act: Act, language: Language) -> Candidate:
    """Return an act as a candidate, its case said by its kind."""
    case = act.case
    words = _("%(kind)s：%(done)s") % {
        "kind": case_words(case, language),
        "done": _act_words(act, language),
    }
    key = f"{case.number}/{act.seq}"
    return Candidate(key, case, act.seq, words, civil(act.occurred_at))


def _act_words(act: Act, language: Language) -> str:
    """Return an act in words, a breach with the duty that was missed."""
    kind = rulebooks.by_row(act.rules_id).kind(act.case.kind)
    rule = kind.acts.get(act.act)
    words = act.act if rule is None else words_in(rule, language)
    duty = kind.duties.get(act.duty) if act.act == BREACH else None
    if duty is None:
        return words
    return words + words_in((f"（{duty.zh}）", f" ({duty.en})"), language)


# --- where they come from -------------------------------------------------------------------------
def _acts(seat: Seat, made: Inquiry) -> Iterator[Act]:
    """Yield what can be pinned: acts of the lead, breaches, records around the day."""
    yield from _of_lead(made)
    yield from _of_matters(seat, made)
    yield from _breaches(seat, made)
    yield from _around_conduct(seat, made)


def _of_lead(made: Inquiry) -> Iterator[Act]:
    """Yield the acts the lead rests on, none of a protected case."""
    lead = Case.objects.filter(number=made.lead).first() if made.lead else None
    if lead is None:
        return
    named = [act.data.get("act") for act in lead.acts.filter(act="add_evidence")]
    rested = [pk for pk in named if pk]
    yield from _rows(Act.objects.filter(pk__in=rested, case__protected=False))


def _of_matters(seat: Seat, made: Inquiry) -> Iterator[Act]:
    """Yield the acts of the matters the inquiry rests on, and of what supervises or reads them:
    none of a case this seat does not read, none of a protected one."""
    matters = [case.pk for case in sources_of(made)]
    about = CaseLink.objects.filter(other__in=matters, kind="concerns").values("case")
    visible = for_user(seat.viewer, seat.today).filter(protected=False)
    near = visible.filter(Q(pk__in=matters) | Q(pk__in=about)).exclude(kind__in=OWN_KINDS)
    yield from _rows(
        Act.objects.filter(among(near), act__in=OF_THE_MATTER).order_by("occurred_at", "pk")
    )


def _breaches(seat: Seat, made: Inquiry) -> Iterator[Act]:
    """Yield the breaches of duties of the unit concerned, the newest first."""
    visible = for_user(seat.viewer, seat.today)
    unprotected = visible.filter(protected=False)
    missed = Duty.objects.filter(holder_id=made.unit, breach__isnull=False)
    breaches = Act.objects.filter(among(unprotected), pk__in=missed.values("breach"))
    yield from _rows(breaches.order_by("-occurred_at"))


def _around_conduct(seat: Seat, made: Inquiry) -> Iterator[Act]:
    """Yield what the records of the unit say around the day of the conduct."""
    near = Act.objects.filter(
        case__in=records_of_unit(made, seat.today),
        act__in=TELLING,
        occurred_at__date__gte=made.day - AROUND,
        occurred_at__date__lte=made.day + AROUND,
    )
    yield from _rows(near.order_by("occurred_at"))


def _rows(acts: QuerySet[Act]) -> Iterator[Act]:
    """Yield acts with their cases, as many as a page offers."""
    yield from acts.select_related("case")[:MOST]
