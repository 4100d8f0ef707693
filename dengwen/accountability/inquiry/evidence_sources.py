"""Where evidence may come from: what the investigator may see, and open records of the unit.

An investigator uses what they may see anyway, and the open records of the unit concerned. An
inquiry opens to its named investigators the meetings, decisions, incidents, suggestions,
instructions and registers of the unit concerned and of the units below it (S 17 para. 2:
investigate and verify); nothing protected, ever.
"""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from dengwen.access.models import User
from dengwen.accountability.inquiry.queries import Inquiry
from dengwen.cases.models import Act, Case
from dengwen.cases.wall.visibility import find, viewer_of
from dengwen.ledger.models import Event
from dengwen.organs.models import Organ
from dengwen.organs.structure.lines import subtree

OPENED_KINDS = (
    "meeting",
    "decision",
    "incident",
    "suggestion",
    "instruction",
    "supervision",
    "register",
    "task_check",
)


def records_of_unit(made: Inquiry, day: date) -> QuerySet[Case]:
    """Return the unprotected records of the unit concerned that the inquiry opens to its
    investigators."""
    unit = Organ.objects.filter(pk=made.unit).first()
    below = {made.unit} | (subtree(unit, day) if unit else frozenset())
    return Case.objects.filter(kind__in=OPENED_KINDS, holder_id__in=below, protected=False)


def source(made: Inquiry, number: str, user: int | None, day: date) -> Case | None:
    """Return a case evidence may be taken from by this user; hidden, protected and missing are the
    same None.

    The number of a protected case stands in no file of accountability: what it proves is pinned as
    a paper.
    """
    account = User.objects.filter(pk=user or 0).first()
    found = find(viewer_of(account, day), day, number) if account else None
    if found is not None:
        return None if found.protected else found
    official = account.official_id if account else None
    if official not in made.investigators:
        return None
    return records_of_unit(made, day).filter(number=number).first() or _of_lead(made, number)


def _of_lead(made: Inquiry, number: str) -> Case | None:
    """Return an unprotected case the lead of this inquiry rests on: its acts were named when it was
    raised."""
    lead = (
        Act.objects.filter(case__number=made.lead, act__in=("raise_lead", "add_evidence"))
        if made.lead
        else ()
    )
    named = {str(a.data[name]) for a in lead for name in ("about", "from") if name in a.data}
    return Case.objects.filter(number=number, protected=False).first() if number in named else None


def bound_of(case: Case, seq: int) -> str:
    """Return the digest of an act of a case in the ledger, hexadecimal; "" where there is no such
    act."""
    if not Act.objects.filter(case=case, seq=seq).exists():
        return ""
    event = Event.objects.filter(case_key=case.number, case_seq=seq).first()
    return bytes(event.hash).hex() if event else ""
