"""Facts that inspections leave: findings put right, overdue or open; the quality of replies drawn
in a sample.

What of an inspection (S 9) counts is read in `oversight.inspection_facts`; of a government
inspection (政府督查) each demand to put right is a finding (GDI 18). Put right is only what was
re-checked; the organ's own report is none.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q, QuerySet

from dengwen.assessment.facts.duty_facts import (
    OWN,
    PORTION,
    SLOTS,
    Draw,
    duties,
    ended,
    judged,
    read,
)
from dengwen.assessment.facts.entry_modes import entry_mode
from dengwen.assessment.frozen.frozen_tables import Fact
from dengwen.cases.models import Act
from dengwen.law.duties.act_record import civil
from dengwen.oversight.inspections.inspection_facts import (
    InspectionFact,
    finding_facts,
    reply_samples,
)
from dengwen.oversight.inspections.queries import KIND
from dengwen.oversight.statistics import span

GOVERNMENT = "government_inspection"
RECTIFY, CONTACT = 23, 27
"""Slots of findings, and of the matters they name that were not registered."""


def rectified(asked: Draw) -> Iterator[Fact]:
    """Yield the lines of rectification lists, one fact each; a line not yet put right comes
    along from before."""
    for found in finding_facts(asked.first, asked.last, asked.sealed):
        yield from _fact(asked, "finding", RECTIFY, found)


def sampled(asked: Draw) -> Iterator[Fact]:
    """Yield the quality of replies, as the inspectors of a sample said it last."""
    for found in reply_samples(asked.first, asked.last, asked.sealed):
        yield from _fact(asked, "reply_sample", OWN, found)


def unregistered(asked: Draw) -> Iterator[Fact]:
    """Yield the matters an inspection found that nobody had registered: contacts of the organ
    that should have."""
    begins, ends = span(asked.first, asked.last)
    rows = (
        Act.objects.filter(
            asked.sealed("uid"),
            act="list_finding",
            case__kind=KIND,
            case__protected=False,
            occurred_at__gte=begins,
            occurred_at__lt=ends,
            data__unregistered__isnull=False,
        )
        .order_by("pk")
        .values_list("pk", "case_id", "occurred_at", "data", "paper", "imported")
    )
    for pk, case, occurred, data, paper, imported in rows.iterator(chunk_size=PORTION):
        organ = int(data["owner"])
        if asked.wants(organ):
            yield Fact(
                pk * SLOTS + CONTACT,
                "contact",
                organ,
                case,
                civil(occurred),
                "unregistered",
                sort=str(data["unregistered"]),
                entered=entry_mode(imported=imported, late=bool(paper)),
            )


def _fact(asked: Draw, kind: str, slot: int, found: InspectionFact) -> Iterator[Fact]:
    if asked.wants(found.organ):
        yield Fact(
            found.act * SLOTS + slot,
            kind,
            found.organ,
            found.case,
            found.day,
            found.outcome,
            entered=found.entered,
        )


def demanded(asked: Draw) -> Iterator[Fact]:
    """Yield the demands of government inspections: put right (checked, and reported in time),
    overdue, or open.

    None where the conclusion was revoked on reconsideration, or the demand lifted. What fell due
    before the period comes along until it was checked, or the inspection ended without a check
    (GDI 18: it may be checked).
    """
    seen = Act.objects.filter(asked.sealed("uid"), case__kind=GOVERNMENT)
    revoked = _revoked(seen)
    checked = set(seen.filter(act="check_rectified").values_list("case_id", flat=True))
    settled = ("check_rectified", "end")
    before = seen.filter(act__in=settled, occurred_at__lt=asked.begins).values("case_id")
    lying = Q(due__gte=asked.first) | ~Q(case__in=before)
    later = ended(asked)
    rows = duties(asked, "gdi_rectify", GOVERNMENT).filter(lying, due__lte=asked.last)
    for duty, _more in read(rows):
        if duty.case in revoked:
            continue
        verdict = judged(duty, later)
        if verdict is not None:
            timely, entered = verdict
            outcome = _demand_outcome(timely, checked=duty.case in checked)
            yield duty.fact(RECTIFY, "finding", duty.due, outcome, entered)


def _revoked(seen: QuerySet[Act]) -> set[int]:
    """Return the inspections whose conclusion was revoked on reconsideration."""
    decided = seen.filter(act="decide_reconsideration").values_list("case_id", "data")
    return {case for case, data in decided if data.get("outcome") == "revoke"}


def _demand_outcome(timely: str, *, checked: bool) -> str:
    """Say how a demand stands: reported in time it is put right only once it was checked."""
    if timely == "in_time":
        return "rectified" if checked else "open"
    return "open" if timely == "open" else "overdue"
