"""Findings in favour of an official: diligent, objected, took no part (S 11).

Read from concluded inquiries and from files of accountability; nothing is kept beside their acts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from dengwen.accountability.inquiry.queries import Inquiry, read_inquiry
from dengwen.accountability.inquiry.responsibility import Ground, grounds_of
from dengwen.accountability.measures.queries import KIND, OPENING
from dengwen.cases.models import Act, Case
from dengwen.law.duties.act_record import civil
from dengwen.law.duties.excuse import known_in_time

GROUNDS = {
    "diligence": ("尽职免责", "diligent: exempt"),
    "dissent": (
        "明确反对而未被采纳，不承担领导责任",
        "clear objection not followed: no leadership responsibility",
    ),
    "no_part": ("没有参与决策和工作", "took no part in decision and work"),
}
"""Findings that an opinion repeats. That something was not shown is none of them: saying so would
carry a suspicion on that nobody could show."""
LAW, ARTICLE = "S", "11 para. 2"
NOBODY = "none"
"""How a confirmed line says that somebody bears no responsibility."""


@dataclass(frozen=True, slots=True)
class Exemption:
    """A finding that an official bears no responsibility, or is exempted: in which case, when, on
    which ground."""

    case: str
    on: date
    ground: str
    law: str
    article: str


def exemptions_of(official: int, on: date) -> tuple[Exemption, ...]:
    """Return the findings known by a day that exempt an official, or find no responsibility, the
    earliest first.

    What an inquiry found counts once it is concluded: lines that a person confirmed, never what was
    only proposed.
    """
    found = {
        exemption
        for recorded, exemption in (*_of_files(official), *_of_inquiries(official))
        if known_in_time(recorded, on)
    }
    return tuple(sorted(found, key=lambda one: (one.on, one.case, one.ground)))


def _of_files(official: int) -> Iterable[tuple[datetime, Exemption]]:
    """Yield the decisions that nobody is held to account, in files on the official, each with when
    it was entered."""
    opened = Act.objects.filter(case__kind=KIND, act__in=OPENING, data__subject_official=official)
    decided = Act.objects.filter(case__in=opened.values("case"), act="decide_none")
    for act in decided.select_related("case"):
        ground = act.data.get("ground")
        if ground in GROUNDS:
            day = civil(act.occurred_at)
            found = Exemption(act.case.number, day, str(ground), LAW, ARTICLE)
            yield act.recorded_at, found


def _of_inquiries(official: int) -> Iterable[tuple[datetime, Exemption]]:
    """Yield the confirmed lines of concluded inquiries by which the official bears nothing, each
    with when the conclusion was entered."""
    confirmed = Act.objects.filter(
        case__kind="inquiry", act="confirm_line", data__official=official
    )
    for case in Case.objects.filter(pk__in=confirmed.values("case")).order_by("pk"):
        made = read_inquiry(case)
        if made.concluded is None:
            continue
        for ground in _freed_by(made, official):
            found = Exemption(case.number, made.concluded.day, ground, LAW, ARTICLE)
            yield made.concluded.recorded, found


def _freed_by(made: Inquiry, official: int) -> Iterable[str]:
    """Yield the grounds by which the lines of an official bear nothing."""
    grounds = grounds_of(made)
    for told in made.lines.values():
        if told.data["official"] != official or told.data["responsibility"] != NOBODY:
            continue
        ground = _ground(made, grounds[int(told.data["ground"])], official)
        if ground:
            yield ground


def _ground(made: Inquiry, ground: Ground, official: int) -> str:
    """Return why somebody bears nothing for a decision or deed, "" where the record gives none of
    these grounds."""
    if official in ground.objectors:
        return "dissent"
    test = made.tested(ground.number).get(str(official))
    if test is not None and test.shown:
        return "diligence"
    return "no_part" if ground.collective else ""
