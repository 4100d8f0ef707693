"""Leads nobody takes: after a local period they close by themselves, and are held against nobody.

No text says how long a lead may wait over somebody's head; the period is a local setting and shown
as one. It begins anew where a lead is handed to the department above. That a lead lapses decides
nothing: it says that nobody saw reason to inquire.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dengwen.accountability.leads.new_lead import KIND
from dengwen.accountability.measures.refusals import refuse
from dengwen.cases.models import Act, Case
from dengwen.cases.write.perform import By, perform
from dengwen.editions.as_of import setting
from dengwen.law.duties.act_record import civil
from dengwen.law.duties.step import Facts, Step

LAPSE = "lead.lapse_days"
"""The local setting: days a lead may wait."""
UNSET = 60
"""The days where an office set none: local as well, no text has a number."""
WAITING = "raised"
ACT = "lapse_lead"
HANDS = ("raise_lead", "hand_up", "take_over_lead")
"""Acts by which a lead comes before somebody who could take it."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Until when a lead waits, and by how many days of whose setting."""

    until: date
    days: int
    is_set: bool


def waits_until(lead: Case) -> Waiting | None:
    """Return until when a lead waits for somebody to take it, None where it no longer waits."""
    return _period(lead.pk, lead.holder_id) if lead.state == WAITING else None


def _period(lead: int, holder: int | None) -> Waiting:
    """Return until when a lead may wait, counted from the day on which it came before whoever can
    take it now."""
    newest = Act.objects.filter(case_id=lead, act__in=HANDS).order_by("-seq")[0]
    since = civil(newest.recorded_at)
    row = setting(LAPSE, holder, since)
    if row is None or not row.value.isdecimal() or int(row.value) < 1:
        return Waiting(since + timedelta(days=UNSET), UNSET, is_set=False)
    return Waiting(since + timedelta(days=int(row.value)), int(row.value), is_set=True)


def lapse_leads(now: datetime, limit: int = 200) -> int:
    """Close the leads whose local period has passed, the longest waiting first; return how many."""
    today, lapsed = civil(now), 0
    rows = Case.objects.filter(kind=KIND, state=WAITING).order_by("opened_at", "pk")
    for lead in rows.select_related("holder"):
        if lapsed == limit:
            break
        waiting = waits_until(lead)
        if waiting is None or waiting.until >= today:
            continue
        step = Step(act=ACT, case=lead.number)
        perform(step, by=By.system(), now=now, uid=f"lapse/{lead.number}/{waiting.until}")
        lapsed += 1
    return lapsed


def lead_lapsed(_step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse to let a lead lapse before its local period has passed."""
    holder = Case.objects.values_list("holder_id", flat=True).get(pk=facts.case_id)
    until = _period(facts.case_id, holder).until
    if civil(facts.recorded_at) > until and facts.day > until:
        return ()
    raise refuse(
        "still-waiting",
        facts.case,
        (
            f"线索到{until}还可以接手，不得提前终止",
            f"the lead can still be taken until {until} and does not lapse before",
        ),
        ("接手，或者写明理由不接手", "take it, or decline it with reasons"),
        under="inquiry",
    )
