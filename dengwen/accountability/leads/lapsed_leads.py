"""Leads nobody takes: after a local period they close by themselves, and are held against nobody.

No text says how long a lead may wait over somebody's head; the period is a local setting and shown
as one. Where an office set none, no lead lapses. It begins anew where a lead is handed to the
department above, and at the earliest with the entry of the setting, so that no lead closes by
surprise. That a lead lapses decides nothing: it says that nobody saw reason to inquire.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Max

from dengwen.accountability.leads.new_lead import KIND
from dengwen.accountability.measures.refusals import refuse
from dengwen.cases.models import Act, Case
from dengwen.cases.write.perform import By, perform
from dengwen.editions.as_of import Settings, settings_of
from dengwen.law.duties.act_record import civil
from dengwen.law.duties.step import Facts, Step
from dengwen.ledger.durability import disk_full
from dengwen.ui.database_away import away

logger = logging.getLogger(__name__)

LAPSE = "lead.lapse_days"
"""The local setting: days a lead may wait."""
WAITING = "raised"
ACT = "lapse_lead"
HANDS = ("raise_lead", "hand_up", "take_over_lead")
"""Acts by which a lead comes before somebody who could take it."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Until when a lead waits, and by how many days of an office's setting."""

    until: date
    days: int


@dataclass(frozen=True, slots=True)
class Lapsed:
    """How many leads lapsed in a turn, and of how many that failed."""

    done: int
    failed: int


@dataclass(frozen=True, slots=True)
class Periods:
    """The local settings of the period, and by the id of the act that entered one the day of its
    entry."""

    own: Settings
    entered: Mapping[int, date]

    @classmethod
    def read(cls) -> Periods:
        """Read them once."""
        own = settings_of(LAPSE)
        rows = Act.objects.filter(pk__in=[row.act for row in own.rows])
        entered = {pk: civil(at) for pk, at in rows.values_list("pk", "recorded_at")}
        return cls(own, entered)

    def of(self, holder: int | None, since: date) -> Waiting | None:
        """Return the period of a lead that came on a day before an organ, None where none was
        set."""
        row = self.own.on(LAPSE, holder, since)
        if row is None or not row.value.isdecimal() or int(row.value) < 1:
            return None
        first = max(since, self.entered.get(row.act, since))
        return Waiting(first + timedelta(days=int(row.value)), int(row.value))


def waits_until(lead: Case) -> Waiting | None:
    """Return until when a lead waits for somebody to take it, None where it no longer waits or no
    office set a period."""
    return _period(lead.pk, lead.holder_id) if lead.state == WAITING else None


def _period(lead: int, holder: int | None) -> Waiting | None:
    """Return until when a lead may wait, counted from the day on which it came before whoever can
    take it now."""
    return Periods.read().of(holder, _came([lead])[lead])


def _came(leads: Iterable[int]) -> dict[int, date]:
    """Return by lead the day on which it came before whoever can take it now."""
    rows = Act.objects.filter(case__in=list(leads), act__in=HANDS).values("case_id")
    newest = rows.annotate(at=Max("recorded_at")).values_list("case_id", "at")
    return {lead: civil(at) for lead, at in newest}


def lapse_leads(now: datetime, limit: int = 200) -> Lapsed:
    """Close the leads whose local period has passed, the longest waiting first; one that fails is
    logged and keeps no other waiting."""
    done = failed = 0
    for lead, waiting in _over(civil(now)):
        if done == limit:
            break
        step = Step(act=ACT, case=lead.number)
        try:
            perform(step, by=By.system(), now=now, uid=f"lapse/{lead.number}/{waiting.until}")
        except Exception as error:
            if away(error) or disk_full(error):
                raise
            logger.exception("%s: the lead could not lapse", lead.number)
            failed += 1
        else:
            done += 1
    return Lapsed(done, failed)


def _over(today: date) -> Iterable[tuple[Case, Waiting]]:
    """Yield the leads whose local period has passed, the longest waiting first."""
    periods = Periods.read()
    if not periods.own.rows:
        return
    leads = list(Case.objects.filter(kind=KIND, state=WAITING).order_by("opened_at", "pk"))
    came = _came(lead.pk for lead in leads)
    for lead in leads:
        waiting = periods.of(lead.holder_id, came[lead.pk])
        if waiting is not None and waiting.until < today:
            yield lead, waiting


def lead_lapsed(_step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse to let a lead lapse without a local period, or before it has passed."""
    holder = Case.objects.values_list("holder_id", flat=True).get(pk=facts.case_id)
    waiting = _period(facts.case_id, holder)
    if waiting is None:
        raise refuse(
            "no-period",
            facts.case,
            (
                "没有设置本地期间，线索不会自行终止",
                "no local period is set, so no lead lapses",
            ),
            ("接手，或者写明理由不接手", "take it, or decline it with reasons"),
            under="inquiry",
        )
    until = waiting.until
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
