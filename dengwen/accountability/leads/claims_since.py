"""What was entered afterwards to excuse what a lead is about: for whoever decides on it.

The lead keeps what its finder saw. What was entered since, or is said of a day before, is read anew
when the lead is opened; it changes neither the lead nor anything that is counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from dengwen.accountability.finders import FINDERS, Finding, find
from dengwen.accountability.finders.deadlines import FINDER_OF_RULE
from dengwen.accountability.finders.material import Material
from dengwen.accountability.leads.new_lead import key_of
from dengwen.accountability.leads.queries import Lead
from dengwen.cases.models import Act, Case
from dengwen.law.duties.excuse import claims


def claims_of(lead: Lead, now: datetime) -> list[tuple[str, str]]:
    """Return in Chinese and English what was entered after the day for which it counts, and would
    excuse what a lead is about."""
    found = dict.fromkeys((*_of_finding(lead, now), *_of_official(lead, now)))
    return list(found)


def _of_finding(lead: Lead, now: datetime) -> Iterable[tuple[str, str]]:
    """Yield what stands beside the finding a lead was raised from, as its finder sees it now; of a
    lead raised by hand, beside what the finders of late duties see on the same day."""
    numbers = {lead.about, *(item.case for item in lead.evidence)} - {""}
    within = Case.objects.filter(number__in=numbers, protected=False).values_list("pk", flat=True)
    finders = [lead.finder] if lead.finder in FINDERS else sorted(set(FINDER_OF_RULE.values()))
    for finding in find(now=now, only=finders, within=list(within)):
        if _is_of(lead, finding):
            yield from ((claim.zh, claim.en) for claim in finding.claims)


def _is_of(lead: Lead, finding: Finding) -> bool:
    """Say whether a finding is the one a lead was raised from, or is about the same late duty."""
    if lead.finder in FINDERS:
        raised = Act.objects.filter(case=lead.case, act="raise_lead")
        return raised.filter(data__key=key_of(finding)).exists()
    same = (finding.case, finding.unit, finding.day)
    return same == (lead.about, lead.unit.code, lead.day)


def _of_official(lead: Lead, now: datetime) -> Iterable[tuple[str, str]]:
    """Yield the absences of the official a lead names, on its day, that were entered afterwards."""
    if lead.official is None:
        return
    absences = Material(now, ()).absences_on(lead.official.pk, lead.day, lead.unit.pk)
    yield from (excuse.claimed for excuse in claims(absences))
