"""One collective visit of forty invented people and the incident it opens, written through the door
like all practice.

It happens in the last two hours before `until`, so that the console shows what is reported and what
still waits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from dengwen.cases.models import Case, CaseLink
from dengwen.cases.write.perform import By, perform
from dengwen.law.duties.act_record import civil
from dengwen.law.duties.step import Step
from dengwen.petitions.intake import groups
from dengwen.petitions.intake.intake import handed_in, register
from dengwen.petitions.intake.member_list import Person
from dengwen.practice.district.staff import PETITION_OFFICE, NotPracticeError, Staff

SURNAMES = "赵钱孙李周吴郑王冯陈"
GIVEN = ("示例", "样本", "虚构", "假名")
CAME = 40
SUBJECT = "示例小区三号楼屋面渗水多年，四十人走访"
COMMON = ("修复三号楼屋面", "公布维修资金使用情况")
REPORT = {
    "happened": "今天上午",
    "scene": "区人民来访接待场所",
    "crowd": "四十人，推选代表五人",
    "cause": "屋面渗水多年未修",
    "measures": "引导到接待场所，听取代表意见",
    "trend": "情绪平稳",
    "request": "请住建部门派员到场",
}
REPORTED = ("report", "inform_department", "inform_conference", "report_higher")
"""What is reported in time; the national office and the leader's part still wait, so that the
clock runs."""


@dataclass(frozen=True, slots=True)
class Visited:
    """The numbers of the visit and of its incident ("" where no size limit is set)."""

    petition: str
    incident: str


def people() -> list[Person]:
    """Return forty people who do not exist."""
    return [
        Person(f"{SURNAMES[n % 10]}{GIVEN[n // 10]}", f"000-0000 {n + 1:04d}", f"示例路{n + 1}号")
        for n in range(CAME)
    ]


def add_visit(until: datetime, staff: Staff | None = None) -> Visited:
    """Write the visit and its incident before `until`. Raises NotPracticeError in a real office."""
    if not settings.PRACTICE:
        raise NotPracticeError.at(str(settings.DATA))
    begin = until - timedelta(minutes=110)
    by = (staff or Staff.load(civil(until))).by(PETITION_OFFICE, "clerk")
    uid = f"practice/visit/{begin:%Y%m%d%H%M%S}"
    intake = handed_in(
        channel="visit",
        visit_kind="group",
        persons=CAME,
        subject=SUBJECT,
        content=SUBJECT,
        received_on=civil(begin),
    )
    number = register(intake, by=by, now=begin, uid=f"{uid}/0").number
    _list(number, begin, by, uid)
    link = (
        CaseLink.objects.filter(other__number=number, case__kind="incident")
        .select_related("case")
        .first()
    )
    incident = "" if link is None else link.case.number
    if incident:
        _report(incident, begin, by, uid)
    return Visited(number, incident)


def _list(number: str, begin: datetime, by: By, uid: str) -> None:
    """Enter the list of a group, its representatives and their common requests, and explain."""
    case, everybody = Case.objects.get(number=number), people()

    def later(minutes: int) -> datetime:
        return begin + timedelta(minutes=minutes)

    groups.enter(case, everybody, by=by, now=later(12), uid=f"{uid}/1")
    elected = Step(
        act="elect_representatives", case=number, fields={"which": ("1", "8", "15", "22", "29")}
    )
    perform(elected, by=by, now=later(15), uid=f"{uid}/2")
    groups.ask(
        case, COMMON, {7: "另请求退还押金"}, {7: everybody[6]}, by=by, now=later(20), uid=f"{uid}/3"
    )
    groups.give_codes(case, by=by, now=later(25), uid=f"{uid}/4")
    talk = Step(
        act="explain_talk",
        case=number,
        fields={"way": "face", "count": 5},
        texts={"with_whom": "五名代表", "explained": "办理程序、期限和复查途径"},
    )
    perform(talk, by=by, now=later(30), uid=f"{uid}/5")


def _report(incident: str, begin: datetime, by: By, uid: str) -> None:
    """Report an incident by telephone, take measures, and note that it calms down."""
    told = [Step(act=act, case=incident, fields={"how": "phone"}, texts=REPORT) for act in REPORTED]
    perform(*told, by=by, now=begin + timedelta(minutes=50), uid=f"{uid}/6")
    measure = Step(act="measure", case=incident, texts={"measures": REPORT["measures"]})
    perform(measure, by=by, now=begin + timedelta(minutes=55), uid=f"{uid}/7")
    calmer = Step(
        act="trend",
        case=incident,
        fields={"direction": "calming"},
        texts={"trend": "代表已进入接谈室"},
    )
    perform(calmer, by=by, now=begin + timedelta(minutes=80), uid=f"{uid}/8")
