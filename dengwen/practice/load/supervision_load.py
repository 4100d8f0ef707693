"""What the petition office of the invented district does about what lies: letters, replies,
suggestions.

One supervision is answered and verified, one is ignored past its date, one matter is reminded of;
one suggestion is
adopted, one lies unanswered. All through the write door, after the load was written.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from dengwen.cases.duties.sweep import sweep
from dengwen.cases.models import Case
from dengwen.cases.read.case_view import blank_file
from dengwen.cases.write.perform import By, perform
from dengwen.law.duties.act_record import civil
from dengwen.law.duties.step import FieldValue, Step
from dengwen.organs.models import Organ
from dengwen.oversight.supervision_letters import (
    LateLine,
    given_for,
    late_duties,
    letter_step,
    lines_of,
)
from dengwen.practice.district.staff import PETITION_OFFICE, Staff

BEFORE, AGAIN, ANSWERED = timedelta(days=12), timedelta(days=8), timedelta(days=5)
"""How long before the end of the load letters went out, were answered, and were verified."""
LYING = (
    ("云栖小区旁工地扬尘", "云栖小区东侧工地裸土未覆盖，扬尘进屋，请求查处。"),
    ("江畔里楼道照明不亮", "江畔里二单元楼道照明坏了半年，请求修复。"),
    ("样本花园欠发物业人员工资", "样本花园物业拖欠三个月工资，请求督促支付。"),
)
"""Invented matters that lie at the end of the load."""
GIVEN = 6
"""Days an ignored letter gave; it is past its date at the end of the load."""


class Overseer:
    """The petition office of the district at work on a day and after it."""

    def __init__(self, until: datetime) -> None:
        self.until, self.count = until, 0
        self.staff = Staff.load(civil(until))
        self.office = Organ.objects.get(code=PETITION_OFFICE)

    def do(self, step: Step, by: By, now: datetime) -> str:
        """Do one step and return the number of its case."""
        self.count += 1
        return perform(
            step, by=by, now=now, uid=f"oversee/{self.until:%Y%m%dT%H%M%S}/{self.count}"
        ).case

    def let_lie(self, code: str, place: int) -> None:
        """Bring a matter to acceptance by an organ a hundred days ago; nobody there does
        anything more about it."""
        when = self.until - timedelta(days=100)
        clerk = self.staff.by(PETITION_OFFICE, "clerk")
        router = self.staff.by(PETITION_OFFICE, "router")
        handler = self.staff.by(code, "handler")
        number = self.do(_registration(place, civil(when)), clerk, when)
        classify = Step(act="classify", case=number, fields={"class": "claim", "path": "31(6)"})
        forward = Step(act="forward", case=number, fields={"to": self.staff.organs[code]})
        receive = Step(act="receive", case=number)
        words = {"procedure": "信访程序", "contact": "李样本 0000-0000000"}
        accept = Step(act="accept", case=number, texts=words)
        day = timedelta(days=1)
        self.do(classify, clerk, when)
        self.do(forward, router, when + day)
        self.do(receive, handler, when + 2 * day)
        self.do(accept, handler, when + 3 * day)

    def lines(self) -> list[LateLine]:
        """Return what has lain longest at the district's handling organs."""
        organs = [self.staff.organs[code] for code in self.staff.handling()]
        long_late = civil(self.until - BEFORE) - timedelta(days=2)
        duties = late_duties(Case.objects.filter(protected=False, kind="petition"))
        return lines_of(
            list(duties.filter(holder_id__in=organs, due__lt=long_late).order_by("due", "pk")[:3])
        )

    def letter(self, line: LateLine, act: str) -> str:
        """Send a letter about a late line and return the number of the supervision."""
        when = self.until - BEFORE
        given = given_for(line, self.office, civil(when), reminder=act == "remind")
        given["reply_by"] = (civil(when) + timedelta(days=GIVEN)).isoformat()
        rule = blank_file("supervision", self.office.division_code, when).kind.acts[act]
        return self.do(letter_step(given, rule), self.staff.by(PETITION_OFFICE, "router"), when)

    def handler(self, line: LateLine) -> By:
        """Return who answers for the organ of a line."""
        return self.staff.by(self.staff.codes[line.row.holder_id or 0], "handler")


def oversee(until: datetime) -> int:
    """Let the petition office of the district write its letters and suggestions; returns how
    many acts it did."""
    overseer = Overseer(until)
    handling = overseer.staff.handling()
    for place, code in enumerate(handling[: len(LYING)]):
        overseer.let_lie(code, place)
    sweep(now=until - BEFORE)
    lines = overseer.lines()
    for line, act in zip(lines, ("order", "order", "remind"), strict=False):
        number = overseer.letter(line, act)
        if line is lines[0]:
            _answer_letter(overseer, line, number)
    for place, code in enumerate(handling[:2]):
        number = _suggest(overseer, code)
        if place == 0:
            _adopt(overseer, code, number)
    sweep(now=until)
    return overseer.count


def _registration(place: int, day: date) -> Step:
    """Return the registration of one of the matters that lie."""
    subject, content = LYING[place % len(LYING)]
    fields: dict[str, FieldValue] = {
        "channel": "letter",
        "office": "petition_office",
        "address_clear": True,
        "category": "c04",
        "received_on": day,
    }
    texts = {
        "subject": subject,
        "content": content,
        "petitioner": "王示例",
        "address": "示例路1号",
    }
    return Step(act="register", kind="petition", fields=fields, texts=texts)


def _answer_letter(overseer: Overseer, line: LateLine, number: str) -> None:
    """Let the organ answer a letter, and the petition office verify the answer."""
    reply = Step(
        act="reply",
        case=number,
        fields={"stand": "doing"},
        texts={"report": "已指定专人，十日内办结。"},
    )
    overseer.do(reply, overseer.handler(line), overseer.until - AGAIN)
    router = overseer.staff.by(PETITION_OFFICE, "router")
    overseer.do(Step(act="verify", case=number), router, overseer.until - ANSWERED)


def _adopt(overseer: Overseer, code: str, number: str) -> None:
    """Let an organ adopt a suggestion."""
    answer = Step(
        act="answer",
        case=number,
        fields={"adopted": "adopted"},
        texts={"reasons": "已列入本季度工作。"},
    )
    overseer.do(answer, overseer.staff.by(code, "handler"), overseer.until - AGAIN)


def _suggest(overseer: Overseer, code: str) -> str:
    """Suggest to improve work to an organ, forty days before the end of the load, and return the
    number."""
    texts = {
        "subject": "关于到期前自查的建议（虚构）",
        "problem": "受理之后到期前没有提醒，连续几件逾期。",
        "proposal": "到期前十日由承办科室自查，结果报信访部门。",
    }
    step = Step(
        act="make", kind="suggestion", fields={"to": overseer.staff.organs[code]}, texts=texts
    )
    return overseer.do(
        step, overseer.staff.by(PETITION_OFFICE, "router"), overseer.until - timedelta(days=40)
    )
