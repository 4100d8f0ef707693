"""The office under measure: the invented district, and what its people do on days."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from dengwen.access.roles import capacities
from dengwen.cases.write.papers.draft import newest_digest
from dengwen.cases.write.perform import By, perform
from dengwen.law.duties.act_record import CHINA
from dengwen.law.duties.step import FieldValue, Step
from dengwen.law.packs.vocabulary import SHOWN
from dengwen.petitions.intake.intake import HandedIn, handed_in
from dengwen.practice.district.office import Office, open_office

APPROVING = ("check", "sign")
"""Acts under a drafted opinion: whoever does them here has read the newest draft."""
FOUNDED = datetime(2018, 1, 2, 1, tzinfo=UTC)
TEXT = (
    "我是示例小区三号楼的住户。自二〇二三年雨季起，三号楼屋面多处渗水，顶层四户的天花板发霉脱落，孩子的房间已经不能住人。"
    "我们先后十一次找物业，物业说维修资金要业主自己申请；找街道，街道说归住建部门；打过热线，答复是已转办。"
    "到现在没有人来看过现场。请求有关部门查明渗水原因，督促物业或者开发单位修复屋面，并赔偿室内装修损失。"
)
"""An invented matter of about 150 characters, twice of which make a usual message."""


def at(day: date, hour: int = 10) -> datetime:
    """Return an instant on a civil day in China."""
    return datetime.combine(day, time(hour), CHINA).astimezone(UTC)


@dataclass
class World:
    """The founded office, and a count of calls for their keys."""

    office: Office = field(default_factory=lambda: open_office(FOUNDED, None))
    count: int = 0

    def by(self, username: str) -> By:
        """Return somebody as an actor of the write door."""
        person, organ = self.office.people[username]
        held = capacities(frozenset(person.roles))
        return By(
            self.office.users[username].pk, self.office.organs[organ].pk if organ else None, held
        )

    def organ(self, code: str) -> int:
        """Return the row id of an organ."""
        return self.office.organs[code].pk

    def uid(self) -> str:
        """Return a fresh idempotency key."""
        self.count += 1
        return f"bench/{self.count}"

    def act(
        self,
        who: str,
        act: str,
        case: str,
        day: date,
        texts: dict[str, str] | None = None,
        **fields: FieldValue,
    ) -> None:
        """Let somebody do one act."""
        if act in APPROVING:
            fields[SHOWN] = newest_digest(case, act, at(day))
        step = Step(act=act, case=case, fields=fields, texts=texts or {})
        perform(step, by=self.by(who), now=at(day), uid=self.uid())


def intake(
    number: int, *, accused: tuple[int, ...] = (), requests: tuple[str, ...] = ("修复屋面",)
) -> HandedIn:
    """Return one matter as handed in: no two texts alike, one request, a name, an address and a
    telephone."""
    return handed_in(
        channel="letter",
        subject=f"示例小区{number}号楼屋面渗水",
        content=f"第{number}件。{TEXT}{number % 89}单元另有{number % 7}户同样情况。{TEXT}",
        requests=requests,
        petitioner="王示例",
        address="示例路1号",
        phone=f"138{number % 10**8:08}",
        category="c01",
        proposed_class="accusation" if accused else "claim",
        accused_organs=accused,
    )
