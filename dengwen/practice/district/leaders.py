"""What the leaders of the invented district have to do today: a published roster, letters, a talk,
a case in charge.

Written through the door like everything else, once, on the day the practice office is filled, so
that the pages of
its leaders show something. A real office refuses, as for the rest of the invented load.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.conf import settings

from dengwen.access.roles import capacities
from dengwen.cases import rulebooks
from dengwen.cases.models import Case
from dengwen.cases.write.perform import By, perform
from dengwen.law.duties.act_record import civil
from dengwen.law.duties.step import FieldValue, Step
from dengwen.leadership.models import Slot
from dengwen.leadership.roster import Leader, half_year_end, leaders_of, plan
from dengwen.organs.models import Organ
from dengwen.petitions.intake.intake import handed_in, register
from dengwen.practice.district import matters
from dengwen.practice.district.staff import PETITION_OFFICE, NotPracticeError, Staff

GOVERNMENT, HEAD = "YJQ", "review-head2"
HOURS, ROOM, TOPIC = "9:00–11:30", "云江区信访接待中心（虚构）", "信访工作"
LETTERS = 3
HANDLING = "YJ02"
SEED = 7
CLAIM: dict[str, Any] = {"class": "claim", "path": "31(6)"}
IN_TEN_DAYS, IN_TWO_MONTHS = timedelta(days=10), timedelta(days=60)
EVERY_OTHER_WEEK = 2
NOTE = "来信反映多年，呈阅（示例）。"
TEXTS = frozenset({"text", "note", "goal", "situation", "procedure", "contact"})


@dataclass
class _Shown:
    """The practice office while its leaders' day is written."""

    staff: Staff
    now: datetime
    count: int = 0

    @property
    def day(self) -> date:
        """The civil day on which it is written."""
        return civil(self.now)

    @property
    def clerk(self) -> By:
        """The clerk of the petition office."""
        return self.staff.by(PETITION_OFFICE, "clerk")

    @property
    def leader(self) -> By:
        """The head of the district government."""
        held = capacities(self.staff.roles[GOVERNMENT][HEAD])
        return By(self.staff.users[HEAD], self.staff.organs[GOVERNMENT], held)

    def uid(self) -> str:
        """Return the key of the next call: the same day gives the same keys."""
        self.count += 1
        return f"leaders/{self.day.isoformat()}/{self.count}"

    def do(self, by: By, act: str, number: str = "", kind: str = "", **more: Any) -> str:  # noqa: ANN401
        """Do one act and return the number of its case."""
        texts = {k: v for k, v in more.items() if k in TEXTS}
        fields: dict[str, FieldValue] = {k: v for k, v in more.items() if k not in texts}
        step = Step(act=act, case=number, kind=kind, fields=fields, texts=texts)
        return perform(step, by=by, now=self.now, uid=self.uid()).case


def show_leaders(now: datetime) -> int:
    """Write the leaders' day and return how many calls it took; nothing where there is a roster
    already.

    Raises `NotPracticeError` in a real office.
    """
    if not settings.PRACTICE:
        raise NotPracticeError.at(str(settings.DATA))
    if Slot.objects.exists():
        return 0
    shown = _Shown(Staff.load(civil(now)), now)
    government = Organ.objects.get(code=GOVERNMENT)
    leaders = [one for one in leaders_of(government, shown.day) if one.organ.pk == government.pk]
    head: dict[str, Any] = {"leader": leaders[0].official.pk, "organ": government.pk}
    _roster(shown, leaders)
    claims = [_claim(shown, matter) for matter in matters.CLAIMS[:LETTERS]]
    letters = [_present(shown, claim, head) for claim in claims]
    _work(shown, letters, head)
    _take_charge(shown, claims[0], head)
    _book_talk(shown, claims[2], head)
    return shown.count


def _present(shown: _Shown, claim: str, head: dict[str, Any]) -> str:
    """Present a letter to the leader and return the number of the presentation."""
    return shown.do(shown.clerk, "present", kind="instruction", petition=claim, note=NOTE, **head)


def _take_charge(shown: _Shown, claim: str, head: dict[str, Any]) -> None:
    """Let the leader take charge of a case for two months."""
    goal = "问题解决，来信人认可（示例）。"
    until = shown.day + IN_TWO_MONTHS
    shown.do(
        shown.leader, "take", kind="case_charge", petition=claim, goal=goal, until=until, **head
    )


def _book_talk(shown: _Shown, claim: str, head: dict[str, Any]) -> None:
    """Book a talk at the leader's first reception, where the roster has one."""
    slot = Slot.objects.filter(leader_id=head["leader"]).order_by("day").first()
    if slot is None:
        return
    shown.do(
        shown.clerk,
        "book",
        kind="interview",
        reception=Case.objects.get(pk=slot.case).number,
        petition=claim,
        day=slot.day,
        **head,
    )


def _roster(shown: _Shown, leaders: Sequence[Leader]) -> None:
    """Publish the roster of the half year, every other week from today."""
    calendar, last = rulebooks.calendars().newest, half_year_end(shown.day)
    for one in plan(leaders, shown.day, last, shown.day.weekday(), EVERY_OTHER_WEEK, calendar):
        if not one.resting:
            who: dict[str, Any] = {"leader": one.leader.official.pk, "organ": one.leader.organ.pk}
            more: dict[str, Any] = {"hours": HOURS, "room": ROOM, "topic": TOPIC}
            shown.do(shown.clerk, "schedule", kind="reception", day=one.day, **who, **more)


def _claim(shown: _Shown, matter: matters.Matter) -> str:
    """Register a claim and bring it to the organ that handles it."""
    random = Random(f"{SEED}/{matter.subject}")
    subject, content, asks = matters.worded(matter, random)
    name, address, phone = matters.person(random)
    intake = handed_in(
        channel="letter",
        subject=subject,
        content=content,
        requests=asks,
        received_on=shown.day,
        petitioner=name,
        address=address,
        phone=phone,
        category=matter.category,
    )
    number = register(intake, by=shown.clerk, now=shown.now, uid=shown.uid()).number
    handler = shown.staff.by(HANDLING, "handler")
    shown.do(shown.clerk, "classify", number, **CLAIM)
    shown.do(
        shown.staff.by(PETITION_OFFICE, "router"),
        "forward",
        number,
        to=shown.staff.organs[HANDLING],
    )
    shown.do(handler, "receive", number)
    shown.do(
        handler, "accept", number, procedure="信访程序（示例）", contact="李样本 000-0000 0000"
    )
    return number


def _work(shown: _Shown, letters: Sequence[str], head: dict[str, Any]) -> None:
    """Let the leader comment on two letters, one of which is answered, and leave the third to be
    read."""
    due, to = shown.day + IN_TEN_DAYS, shown.staff.organs[HANDLING]
    handler = shown.staff.by(HANDLING, "handler")
    for number in letters[:2]:
        shown.do(
            shown.leader, "comment", number, text="请依法办理，按期报告。", to=to, due=due, **head
        )
    shown.do(handler, "handled", letters[1], situation="已现场查看并制定计划（示例）。")
    shown.do(handler, "report", letters[1], text="已现场查看，计划两个月内办完（示例）。")
