"""The local settings of the invented district: where online petitions arrive, how to reach the
office, local targets.

A real office enters its own (`set_local_target`); none of these numbers is law, and every page says
so.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from dengwen.cases.write.perform import By, perform
from dengwen.editions.models import LocalSetting
from dengwen.law.duties.step import FieldValue, Step
from dengwen.organs.models import Organ
from dengwen.petitions.intake.online_submission import OFFICE_SETTING
from dengwen.practice.district.founder import REGISTRAR, SINCE
from dengwen.practice.year.registers_office import INTERVALS

OFFICE = "YJ01"
REACH: Mapping[str, str] = {
    "reach.address": "云江区示例路1号，区信访接待大厅（虚构）",
    "reach.phone": "000-0000 0000（虚构）",
    "reach.hours": "工作日 9:00–12:00、14:00–17:30（虚构）",
}
TARGETS: Mapping[str, int] = {
    "urgent.route_days": 1,
    "urgent.report_hours": 2,
    "objection.answer_days": 5,
    "dispute.decide_days": 10,
    "suggestion.reply_days": 30,
    "accusation.feedback_days": 30,
    "recusal.decide_days": 3,
    "service.days": 5,
    "execution.promise_days": 10,
    "decision.say_days": 5,
    "decision.assess_days": 30,
    "decision.adjust_days": 30,
    "responsibility.name_days": 7,
    "warning.acknowledge_days": 2,
    "warning.answer_days": 10,
    "supervision.reply_days": 7,
    "supervision.verify_days": 5,
    "inspection.deposit_days": 5,
    "inspection.comment_days": 10,
    "inspection.recheck_days": 10,
    "government_inspection.begin_days": 10,
    "supervision.next_days": 3,
    "supervision.suggest_days": 10,
    "suggestion3.feedback_days": 30,
    "personnel.opinion_days": 5,
    "personnel.receipt_days": 5,
    "personnel.use_days": 30,
    "conference.take_up_days": 10,
    "conference.verify_days": 5,
    "incident.report_hours": 2,
    "incident.measure_hours": 1,
    "incident.leader_hours": 2,
    "lead.lapse_days": 60,
    "leaders.read_days": 5,
    "leaders.follow_up_days": 60,
    "visit.size_limit": 39,
}
"""Days, hours or persons an invented office set itself where the text says only 及时 or gives no
number."""


def set_targets(now: datetime) -> int:
    """Enter the district's settings at the instant `now`, unless they are there; return how many
    were entered."""
    known = set(LocalSetting.objects.values_list("key", flat=True))
    office = Organ.objects.get(code=OFFICE)
    lacking = {key: own for key, own in _wanted(office, now).items() if key not in known}
    steps: list[Step] = []
    for key, own in lacking.items():
        first = not steps
        steps.append(
            Step(
                act="set_local_target",
                kind="edition" if first else "",
                open_as="settings" if first else "",
                ref="" if first else "settings",
                fields={"key": key, SINCE: now.date(), **own},
            )
        )
    if steps:
        perform(*steps, by=By(None, None, REGISTRAR), now=now, uid="found/targets")
    return len(steps)


def _wanted(office: Organ, now: datetime) -> dict[str, dict[str, FieldValue]]:
    """Return every setting of the district by key, each with the fields of its own."""
    wanted: dict[str, dict[str, FieldValue]] = {OFFICE_SETTING: {"value": OFFICE}}
    for key, text in REACH.items():
        wanted[key] = {"value": text, "organ": office.pk}
    for key, number in TARGETS.items():
        wanted[key] = {"value": str(number)}
    # Intervals hold from the first day of the year, so that the period that runs today is opened,
    # not only the next.
    for key, per in INTERVALS.items():
        wanted[key] = {"value": per, SINCE: date(now.year, 1, 1)}
    return wanted
