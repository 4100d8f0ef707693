"""Finders over major urgent matters: late reports, late measures (R22 25; S 11(4))."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dengwen.accountability.finders.found import Evidence, Finder, Seen
from dengwen.accountability.finders.material import Did, Material, Owed
from dengwen.law.duties.act_record import CLOSED, OPEN
from dengwen.law.duties.excuse import Excuse, applies, claims

REPORT_HOURS = 24
"""Hours within which a report is looked for; local, R22 25 says promptly."""
REPORTS = (
    "report_own",
    "inform_department",
    "inform_conference",
    "report_higher",
    "report_national",
    "staff_report",
    "urgent_report",
    "notice_department",
    "notice_conference",
)
"""The duties to report."""
REPORTING = (
    "open",
    "register",
    "report",
    "inform_department",
    "inform_conference",
    "report_higher",
    "report_national",
    "report_information",
)
"""The acts that open and meet these duties."""


# --- reports --------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Missed:
    """One report that came late or not at all: its duty, whose it was, and what shows it."""

    duty: Owed
    organ: int
    evidence: Evidence


def report_late(material: Material) -> list[Seen]:
    """Look for reports of major urgent matters that came late or not at all: one finding for a
    matter (R22 25)."""
    limit = timedelta(hours=material.local("report_hours", REPORT_HOURS))
    acts = {did.pk: did for did in material.acts(*REPORTING)}
    missed: dict[int, list[_Missed]] = defaultdict(list)
    for duty in material.duties(*REPORTS):
        report = _missed(material, duty, acts, limit)
        if report is not None:
            missed[duty.case].append(report)
    return [_reports_missed(material, reports, acts) for reports in missed.values()]


def _missed(
    material: Material, duty: Owed, acts: Mapping[int, Did], limit: timedelta
) -> _Missed | None:
    """Return the report a duty asks for where it took longer than the limit, else None."""
    began = acts.get(duty.opened_by)
    if began is None or duty.holder is None or duty.state not in (OPEN, CLOSED):
        return None
    done = acts.get(duty.closed_by or 0)
    if done is None and duty.state == CLOSED:
        return None
    end = done.occurred if done is not None else material.now
    took = end - began.occurred
    if took <= limit:
        return None
    return _Missed(duty, duty.holder, _lateness(material, duty, took, done))


def _lateness(material: Material, duty: Owed, took: timedelta, done: Did | None) -> Evidence:
    """Return what shows that a report took too long, in full hours."""
    hours = int(took.total_seconds() // 3600)
    if done is not None:
        zh = f"知悉后 {hours} 小时才报告、通报"
        en = f"reported {hours} hours after it was known"
    else:
        zh = f"知悉后 {hours} 小时仍未报告、通报"
        en = f"not reported {hours} hours after it was known"
    number = material.matters[duty.case].number
    return Evidence(number, duty.closed_by or duty.opened_by, duty.pk, zh, en)


def _reports_missed(
    material: Material, reports: Sequence[_Missed], acts: Mapping[int, Did]
) -> Seen:
    """Return what is seen of a matter whose reports came late: it rests on the first of them."""
    first = reports[0]
    opened = first.duty.opened_by
    number = material.matters[first.duty.case].number
    opening = Evidence(number, opened, None, "知悉、登记", "when it was known")
    return Seen(
        cases=(first.duty.case,),
        unit=first.organ,
        day=first.duty.start,
        zh=f"重大紧急事项没有及时报告：{len(reports)} 项报告、通报逾期（{first.evidence.zh}）",
        en=f"a major urgent matter was not reported promptly: {len(reports)} reports late "
        f"({first.evidence.en})",
        evidence=(opening, *(report.evidence for report in reports)),
        mark=f"reports/{opened}",
        official=material.official_of.get(acts[opened].actor or 0),
        act=opened,
        duty=first.duty.pk,
    )


# --- measures -------------------------------------------------------------------------------------
def measures_late(material: Material) -> list[Seen]:
    """Look for incidents that grew before the first measure was taken, or without any (R22 25; S
    11(4))."""
    measures = material.by_case("measure", "attend")
    openings = material.by_case("open")
    found = []
    for case, trends in material.by_case("trend").items():
        rising = _first_rise(trends)
        if rising is None or material.matters[case].kind != "incident":
            continue
        taken = sorted(measures.get(case, ()), key=_when)
        before = [_taken_before(did, rising) for did in taken if did.occurred <= rising.occurred]
        if applies(before):
            continue
        first = next((did for did in taken if did.occurred > rising.occurred), None)
        opened = next(iter(openings.get(case, ())), None)
        unit = (opened.organ if opened else None) or rising.organ
        if unit is not None:
            seen = _grown(material, unit, rising, first, opened)
            found.append(replace(seen, claims=claims(before)))
    return found


def _taken_before(did: Did, rising: Did) -> Excuse:
    """Return a measure that says it was taken before an incident grew."""
    words = f"{did.day} 已经采取措施", f"a measure had been taken on {did.day}"
    return Excuse(*words, did.recorded, rising.entered, did.case, did.pk)


def _first_rise(trends: Sequence[Did]) -> Did | None:
    """Return the first act that notes a matter as growing, or None."""
    for trend in sorted(trends, key=_when):
        if trend.data.get("direction") == "rising":
            return trend
    return None


def _grown(
    material: Material, unit: int, rising: Did, first: Did | None, opened: Did | None
) -> Seen:
    """Return what is seen of an incident that grew before its first measure, or without any."""
    number = material.matters[rising.case].number
    evidence = [Evidence(number, rising.pk, None, "事态升级", "it grew")]
    if first is not None:
        evidence.append(Evidence(number, first.pk, None, "第一次采取措施", "the first measure"))
    handler = opened.actor if opened else None
    return Seen(
        cases=(rising.case,),
        unit=unit,
        day=rising.day,
        zh="事态升级以后才采取措施" if first else "事态升级，没有采取措施的记录",
        en="measures came after it grew" if first else "it grew and no measure is recorded",
        evidence=tuple(evidence),
        mark="measures",
        official=material.official_of.get(handler or 0),
        act=rising.pk,
    )


def _when(did: Did) -> datetime:
    """Return the instant by which acts are ordered."""
    return did.occurred


FINDERS = (
    Finder(
        "report_late",
        "迟报、漏报",
        "report late or missing",
        ("concealment",),
        "如果情有可原，会看到：知悉的时间比登记的晚，或者另一渠道的及时报告已经补录",
        "if it were innocent: it was known later than entered, or a prompt report on another "
        "way, entered later",
        "acts",
        report_late,
    ),
    Finder(
        "measures_late",
        "措施晚于升级",
        "measures after growth",
        (
            "collective_visit_mishandled",
            "large_collective_visit_mishandled",
            "opinion_mishandled",
            "extreme_act_mishandled",
            "no_measures_in_time",
        ),
        "如果情有可原，会看到：升级之前已经采取、当日已经录入的措施；以后才写明的只是主张",
        "if it were innocent: measures taken before it grew and entered that day; what was written "
        "down later is a claim",
        "acts",
        measures_late,
    ),
)
