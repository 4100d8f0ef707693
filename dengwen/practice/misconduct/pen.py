"""The pen that plans the deeds of one matter: days that work, people of a unit, the roads most
matters share."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from dengwen.law.duties.act_record import CHINA
from dengwen.law.duties.step import FieldValue
from dengwen.law.time.calendar import Calendar
from dengwen.practice.district import matters
from dengwen.practice.district.staff import PETITION_OFFICE
from dengwen.practice.misconduct.script import MATTER, Deed, Draft, Script, Stage

DAY = timedelta(days=1)
SORT_DAYS, NOTICE_DAYS, HANDLE_DAYS = 15, 15, 60
"""R22 22(1), 23(2) and (3), 34: what the scripts plan by. The door counts for itself, with the
calendar in force."""
CLAIM: Mapping[str, Any] = {"class": "claim", "path": "31(6)"}
ACCEPTED = {"procedure": "按信访程序办理（示例）", "contact": "承办科室 000-0000 0000"}
SETTLED: Mapping[str, Any] = {
    "both_parties_agree": True,
    "lawful_terms": True,
    "paper_kind": "mediation",
}
AGREED = {"parties_text": "双方（示例甲、示例乙）", "terms": "双方按协议履行（示例）"}
HEARD = {"said": "信访人陈述了事实和理由，已记录。"}
OPINION = {
    "claim": "请求解决来信所反映的问题",
    "facts_reasons": "经现场查看和询问，所反映的情况属实（示例）",
    "opinion": "责成施工单位于本月内修复，并逐户回访（示例）",
    "legal_basis": "《信访工作条例》第三十二条第一款",
}
POWER = "停电一日，当日先在纸上登记办理，来电后补录，附纸质登记表（示例）"
"""Why something is entered late though it was done in time."""
FIRST_MINUTE, LAST_MINUTE = 5, 470
"""A working day lasts from nine to five; a deed is done within it."""


def noon(day: date) -> datetime:
    """Return noon in China: what somebody claims who knows the day from a paper."""
    return datetime.combine(day, time(12), CHINA)


@dataclass
class Ground:
    """What every pen shares: one seeded generator, the calendar, the people, the last instant,
    the leaves."""

    random: Random
    calendar: Calendar
    stage: Stage
    handling: list[str]
    first: date
    last: date
    leaves: dict[str, tuple[date, date]] = field(default_factory=dict)
    """By unit: the days on which its officials in charge are away (both inclusive), where an
    order needs a leave."""

    def works(self, day: date) -> bool:
        """Say whether a day is a working day; Monday to Friday where no notice says."""
        known = self.calendar.is_working(day)
        return day.weekday() < 5 if known is None else known

    def work(self, day: date) -> date:
        """Return the day, or the first working day after it."""
        while not self.works(day):
            day += DAY
        return day

    def back(self, day: date) -> date:
        """Return the day, or the last working day before it."""
        while not self.works(day):
            day -= DAY
        return day


@dataclass
class Pen:
    """Plans one script. `unit` is the organ it is about, `day` the day on which it is to show."""

    ground: Ground
    unit: str
    day: date
    script: Script
    minutes: dict[date, int] = field(default_factory=dict)

    @property
    def random(self) -> Random:
        """The seeded generator."""
        return self.ground.random

    def work(self, day: date) -> date:
        """Return the day, or the first working day after it."""
        return self.ground.work(day)

    def after(self, day: date, low: int, high: int | None = None) -> date:
        """Return a working day some calendar days after another."""
        return self.ground.work(
            day + timedelta(days=self.random.randint(low, low if high is None else high))
        )

    def back_at_work(self) -> date:
        """Return the day on which the person in charge, away on the due day, is back."""
        last_day_away = self.ground.leaves[self.unit][1]
        return self.work(last_day_away + DAY)

    def due(self, start: date, days: int) -> date:
        """Return the last day of a term of calendar days that began on `start`."""
        return self.ground.work(start + timedelta(days=days))

    def began(self, due: date, days: int) -> date:
        """Return the latest working day from which a term of calendar days ends on or before `due`.

        Around a long holiday no term may end on that very day; the day of the pen becomes the one
        it does end on.
        """
        start = due - timedelta(days=days)
        while not self.ground.works(start) or self.due(start, days) > due:
            start -= DAY
        self.day = self.due(start, days)
        return start

    def instant(self, day: date) -> datetime:
        """Return an instant on a day, later than those this pen gave before for that day."""
        before = self.minutes.get(day, FIRST_MINUTE)
        minute = min(before + 1 + self.random.randrange(25), LAST_MINUTE)
        self.minutes[day] = minute
        return datetime.combine(day, time(9), CHINA).astimezone(UTC) + timedelta(
            minutes=minute, seconds=before % 60
        )

    def do(self, day: date, code: str, part: str, *drafts: Draft) -> datetime:
        """Plan a call on a day by somebody; returns its instant."""
        at = self.instant(day)
        self.at(at, code, part, *drafts)
        return at

    def at(self, at: datetime, code: str, part: str, *drafts: Draft) -> None:
        """Plan a call at an instant; what may take a second person is a call by itself."""
        together: list[Draft] = []
        for draft in drafts:
            if draft.late_reason and not draft.kind:
                self._plan(at, code, part, together)
                self._plan(at, code, part, [draft])
                together = []
            else:
                together.append(draft)
        self._plan(at, code, part, together)

    def _plan(self, at: datetime, code: str, part: str, drafts: Sequence[Draft]) -> None:
        """Plan one call, where there is anything to do."""
        if drafts:
            self.script.deeds.append(Deed(at, code, part, tuple(drafts)))

    def aside(self, day: date, what: Callable[[Script, Stage, datetime], None]) -> None:
        """Plan something that is no writing."""
        self.script.deeds.append(Deed(self.instant(day), "", "", aside=what))

    def shows(self, day: date) -> None:
        """Note a day on which the pattern that the matter is part of shows, for the key."""
        self.script.shown.append(day)

    def organ(self, code: str) -> int:
        """Return the row id of an organ."""
        return self.ground.stage.staff.organs[code]

    def digest(self, what: str) -> str:
        """Return the digest of an invented paper."""
        return hashlib.sha256(f"{self.script.uid}/{what}".encode()).hexdigest()

    def others(self, count: int) -> list[str]:
        """Return other handling organs than the unit."""
        codes = [c for c in self.ground.handling if c != self.unit]
        return self.random.sample(codes, min(count, len(codes)))

    # --- roads most matters share -----------------------------------------------------------------
    def register(
        self,
        received: date,
        *,
        office: str = "organ",
        on: str = MATTER,
        **more: Any,  # noqa: ANN401
    ) -> Draft:
        """Return the registration of an invented matter; `more` are fields, texts among them
        replace the drawn ones."""
        subject, content, _ = matters.worded(self.random.choice(matters.CLAIMS), self.random)
        name, address, phone = matters.person(self.random)
        texts = {
            "subject": subject,
            "content": content,
            "petitioner": name,
            "address": address,
            "phone": phone,
        }
        texts |= {k: more.pop(k) for k in list(more) if k in texts}
        occurred, reason = more.pop("occurred_at", None), more.pop("late_reason", "")
        fields = {
            "channel": self.random.choice(("letter", "network", "phone")),
            "office": office,
            "address_clear": True,
            "anonymous": False,
            "received_on": received,
            **more,
        }
        paper = self.digest("register") if reason else ""
        parties = fields.pop("parties", ())
        return Draft(
            act="register",
            on=on,
            kind="petition",
            fields=fields,
            texts=texts,
            occurred_at=occurred,
            late_reason=reason,
            paper=paper,
            parties=parties,
        )

    def classify(self, **fields: Any) -> Draft:  # noqa: ANN401
        """Return the classification as a claim for the petition procedure, or as what is given."""
        return Draft(act="classify", fields=fields or CLAIM)

    def claimed(
        self,
        act: str,
        day: date,
        texts: Mapping[str, str] | None = None,
        **fields: FieldValue,
    ) -> Draft:
        """Return an act entered late, with the day it claims, the reason and the paper it rests
        on."""
        return Draft(
            act=act,
            fields=fields,
            texts=texts or {},
            occurred_at=noon(day),
            late_reason=POWER,
            paper=self.digest(act),
        )

    def accept(self, **more: Any) -> Draft:  # noqa: ANN401
        """Return the acceptance."""
        return Draft(act="accept", texts=ACCEPTED, **more)

    def sent(
        self, day: date, unit: str, *, accepted: bool = True, registered: date | None = None
    ) -> date:
        """Plan a matter registered, sent to a unit and received there in time; returns the day
        of receipt."""
        first = self.work(registered or day)
        self.do(
            first,
            PETITION_OFFICE,
            "clerk",
            self.register(first, office="petition_office"),
            self.classify(),
        )
        return self.forwarded(self.after(first, 1, 3), unit, accepted=accepted)

    def forwarded(self, day: date, unit: str, *, accepted: bool = True) -> date:
        """Plan that a registered matter is sent to a unit, and received (and accepted) soon;
        returns that day."""
        self.do(
            day, PETITION_OFFICE, "router", Draft(act="forward", fields={"to": self.organ(unit)})
        )
        received = self.after(day, 1, 2)
        drafts = [Draft(act="receive")] + ([self.accept()] if accepted else [])
        self.do(received, unit, "handler", *drafts)
        return received

    def direct(self, day: date, unit: str, *, accepted: bool = True, **more: Any) -> date:  # noqa: ANN401
        """Plan a matter that an organ receives itself, registers at once (and accepts); returns
        that day."""
        first = self.work(day)
        drafts = [self.register(first, **more), self.classify()] + (
            [self.accept()] if accepted else []
        )
        self.do(first, unit, "handler", *drafts)
        return first

    def settled(self, on: str = MATTER) -> Draft:
        """Return the end by agreement, with the paper that both parties signed."""
        fields = {**SETTLED, "agreement_paper": self.digest(f"settle/{on}")}
        return Draft(act="settle", on=on, fields=fields, texts=AGREED)

    def settle(self, day: date, unit: str) -> date:
        """Plan that a matter ends by agreement: the shortest lawful end of a claim."""
        last = self.work(day)
        self.do(last, unit, "handler", self.settled())
        return last

    def opinion(self, day: date, unit: str, outcome: str = "support", **texts: str) -> date:
        """Plan an opinion drafted on a day, checked, issued and served on the working days
        after; returns the last."""
        drafted = self.work(day)
        checked = self.after(drafted, 1)
        signed = self.after(checked, 1)
        served = self.after(signed, 1)
        self.do(
            drafted,
            unit,
            "handler",
            Draft(act="hear_petitioner", fields={"how": "phone"}, texts=HEARD),
            Draft(act="draft", fields={"outcome": outcome}, texts={**OPINION, **texts}),
        )
        self.do(checked, unit, "checker", Draft(act="check", texts={"remarks": "同意报签"}))
        self.do(signed, unit, "head", Draft(act="sign"))
        proof = {"way": "direct", "proof": self.digest("service")}
        self.do(
            served, unit, "handler", Draft(act="serve", fields=proof, texts={"witness": "本人签收"})
        )
        return served

    def correct(
        self,
        day: date,
        code: str,
        target: Callable[[Script], Any],
        name: str,
        old: object,
        new: object,
        reason: str,
        part: str = "handler",
        after: datetime | None = None,
    ) -> None:
        """Plan a correction by one person, which a second one approves."""
        fields: dict[str, Any] = {
            "target": target,
            "field": name,
            "old": str(old),
            "new": str(new),
            "paper": self.digest(f"correct/{name}"),
        }
        draft = Draft(act="correct", fields=fields, texts={"reason": reason})
        if after is None:
            self.do(day, code, part, draft)
        else:
            self.at(after, code, part, draft)

    def supervise(self, day: date, unit: str, act: str, *, answered: bool = True) -> None:
        """Plan that the petition office orders or reminds about the matter, is answered, and
        verifies."""
        first = self.work(day)
        fields: dict[str, Any] = {
            "about": lambda script: script.numbers[MATTER],
            "duty": "handle",
            "to": self.organ(unit),
            "reply_by": first + timedelta(days=10),
        }
        if act == "order":
            fields["defect_ground"] = "delay"
        texts = {
            "subject": "关于逾期未办信访事项（虚构）",
            "defect": "办理期限已过，尚未出具意见。",
            "demand": "请于十日内办结并书面回复。",
        }
        self.do(
            first,
            PETITION_OFFICE,
            "router",
            Draft(act=act, on="supervision", kind="supervision", fields=fields, texts=texts),
        )
        if answered:
            told = Draft(
                act="reply",
                on="supervision",
                fields={"stand": "doing"},
                texts={"report": "已指定专人办理。"},
            )
            self.do(self.after(first, 2, 6), unit, "handler", told)

    def in_order(self) -> None:
        """Put the deeds into the order of their instants."""
        self.script.deeds.sort(key=lambda deed: deed.at)


Road = Callable[[Pen], None]
"""Plans one matter of a kind done in one way, or of one innocent look-alike."""
