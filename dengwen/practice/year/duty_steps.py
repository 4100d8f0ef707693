"""What somebody does to discharge a recurring duty, step by step, as the desk would ask for it:
for the played year."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from dengwen.cases.write.perform import By
from dengwen.law.duties.step import FieldValue, Step
from dengwen.prevention.positions import digest_of, read_positions

WORDS = "示例"


@dataclass(frozen=True, slots=True)
class Doer:
    """Who does it: the actor, the organ, the leader whose duty it is, a staff code for minutes,
    a letter to read."""

    by: By
    organ: int
    leader: int | None
    present: str
    letter: str = ""

    def led(self) -> int:
        """Return the leader; ValueError where the seat is vacant and nobody can do a leader's
        duty."""
        if self.leader is None:
            raise ValueError(f"organ {self.organ}: nobody holds the seat")
        return self.leader


def steps_of(rule: str, doer: Doer, day: date) -> tuple[Step, ...]:
    """Return the steps of one call that discharges a duty on a day; KeyError for a duty the
    script does not know."""
    return _STEPS[rule](doer, day)


def letter_step(day: date, *, petition_office: bool) -> Step:
    """Return the registration of an invented letter, for a leader to read, at a petition
    department or elsewhere."""
    office = "petition_office" if petition_office else "organ"
    fields: dict[str, FieldValue] = {
        "channel": "letter",
        "office": office,
        "address_clear": True,
        "received_on": day,
    }
    texts = {
        "subject": "示例小区路灯",
        "content": "路灯不亮，请求修复。",
        "petitioner": "王示例",
        "address": "示例路1号",
    }
    return Step(act="register", kind="petition", fields=fields, texts=texts)


def _inspection(_doer: Doer, _day: date) -> tuple[Step, ...]:
    """Bring over an inspection held on paper: the played organs have no matters from which a
    sample could be drawn."""
    fields: dict[str, FieldValue] = {"type": "special", "circular_scope": "system"}
    return (
        Step(
            act="conclude",
            kind="inspection",
            fields=fields,
            texts={"findings": WORDS},
            imported=True,
        ),
    )


def _assessment(_doer: Doer, day: date) -> tuple[Step, ...]:
    fields: dict[str, FieldValue] = {
        "first": day.replace(month=1, day=1),
        "last": day,
        "circular_scope": "system",
    }
    return (
        Step(
            act="conclude",
            kind="assessment",
            fields=fields,
            texts={"subject": WORDS, "result": WORDS},
        ),
    )


def _meeting(purpose: str) -> Callable[[Doer, date], tuple[Step, ...]]:
    def steps(doer: Doer, day: date) -> tuple[Step, ...]:
        positions = f"{doer.present}；同意；"
        said = read_positions(positions)
        item: dict[str, FieldValue] = {
            "item": 1,
            "outcome": "heard",
            "count": len(said),
            "positions_digest": digest_of(said),
        }
        return (
            Step(
                act="call",
                kind="meeting",
                open_as="m",
                fields={"held_on": day},
                texts=_said("subject", "agenda"),
            ),
            Step(
                act="record_item",
                ref="m",
                fields=item,
                texts={**_said("title", "decision"), "positions": positions},
            ),
            Step(act="conclude", ref="m", fields={"purpose": purpose}),
        )

    return steps


def _reception(doer: Doer, day: date) -> tuple[Step, ...]:
    day_of: dict[str, FieldValue] = {
        "leader": doer.led(),
        "organ": doer.organ,
        "day": day,
        "hours": "09:00-11:00",
        "room": WORDS,
    }
    return (
        Step(act="schedule", kind="reception", open_as="r", fields=day_of),
        Step(act="hold", ref="r", fields={"leader": doer.led(), "persons": 1}),
    )


def _visit(doer: Doer, day: date) -> tuple[Step, ...]:
    fields: dict[str, FieldValue] = {
        "leader": doer.led(),
        "organ": doer.organ,
        "day": day,
        "where": WORDS,
        "persons": 1,
    }
    return (Step(act="record", kind="visit_down", fields=fields, texts=_said("found")),)


def _check(doer: Doer, day: date) -> tuple[Step, ...]:
    fields: dict[str, FieldValue] = {
        "leader": doer.led(),
        "organ": doer.organ,
        "checked": (doer.organ,),
        "day": day,
    }
    return (Step(act="record", kind="task_check", fields=fields, texts=_said("scope", "findings")),)


def _letter(doer: Doer, _day: date) -> tuple[Step, ...]:
    shown: dict[str, FieldValue] = {
        "leader": doer.led(),
        "organ": doer.organ,
        "petition": doer.letter,
    }
    return (
        Step(act="present", kind="instruction", open_as="i", fields=shown),
        Step(act="read", ref="i", fields={"leader": doer.led()}, texts=_said("remark")),
    )


def _said(*names: str) -> dict[str, str]:
    return dict.fromkeys(names, WORDS)


_STEPS: Mapping[str, Callable[[Doer, date], tuple[Step, ...]]] = {
    "special_inspection": _inspection,
    "assess": _assessment,
    "hear_report": _meeting("hear_report"),
    "analyse": _meeting("analyse"),
    "receive": _reception,
    "go_down": _visit,
    "check_tasks": _check,
    "read_letters": _letter,
}
