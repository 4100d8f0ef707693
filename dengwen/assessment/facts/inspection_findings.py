"""Facts that inspections leave: findings put right, overdue or open; the quality of replies drawn
in a sample.

What of an inspection (S 9) counts is read in `oversight.inspection_facts`; of a government
inspection (政府督查) each
demand to put right is a finding (GDI 18). Put right is only what was re-checked; the organ's own
report is none.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q

from dengwen.assessment.facts.duty_facts import OWN, PORTION, SLOTS, Draw, duties, ended, judged
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
    for told in finding_facts(asked.first, asked.last, asked.sealed):
        yield from _fact(asked, "finding", RECTIFY, told)


def sampled(asked: Draw) -> Iterator[Fact]:
    """Yield the quality of replies, as the inspectors of a sample said it last."""
    for told in reply_samples(asked.first, asked.last, asked.sealed):
        yield from _fact(asked, "reply_sample", OWN, told)


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
        organ, entered = (
            int(data["owner"]),
            "imported" if imported else "late" if paper else "timely",
        )
        if asked.organs is None or organ in asked.organs:
            yield Fact(
                pk * SLOTS + CONTACT,
                "contact",
                organ,
                case,
                civil(occurred),
                "unregistered",
                str(data["unregistered"]),
                "",
                entered,
            )


def _fact(asked: Draw, kind: str, slot: int, told: InspectionFact) -> Iterator[Fact]:
    if asked.organs is None or told.organ in asked.organs:
        yield Fact(
            told.act * SLOTS + slot,
            kind,
            told.organ,
            told.case,
            told.day,
            told.outcome,
            entered=told.entered,
        )


def demanded(asked: Draw) -> Iterator[Fact]:
    """Yield the demands of government inspections: put right (checked, and reported in time),
    overdue, or open.

    None where the conclusion was revoked on reconsideration, or the demand lifted. What fell due
    before the period
    comes along until it was checked, or the inspection ended without a check (GDI 18: it may be
    checked).
    """
    seen = Act.objects.filter(asked.sealed("uid"), case__kind=GOVERNMENT)
    decided = seen.filter(act="decide_reconsideration").values_list("case_id", "data")
    revoked = {case for case, data in decided if data.get("outcome") == "revoke"}
    checked = set(seen.filter(act="check_rectified").values_list("case_id", flat=True))
    before = seen.filter(act__in=("check_rectified", "end"), occurred_at__lt=asked.begins).values(
        "case_id"
    )
    lying = Q(due__gte=asked.first) | ~Q(case__in=before)
    later = ended(asked)
    rows = duties(asked, "gdi_rectify", GOVERNMENT).filter(lying, due__lte=asked.last)
    for row in rows.iterator(chunk_size=PORTION):
        found = judged(row, later) if row[1] not in revoked else None
        if found is None:
            continue
        reported = "rectified" if row[1] in checked else "open"
        outcome = {"in_time": reported, "open": "open"}.get(found[0], "overdue")
        yield Fact(
            row[0] * SLOTS + RECTIFY, "finding", row[2], row[1], row[3], outcome, entered=found[1]
        )
