"""Findings in favour of an official: diligent and exempt, a clear objection not followed, no part taken (S 11).

Read from the acts of accountability files; nothing is kept beside the acts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dengwen.accountability.measures import KIND, OPENING
from dengwen.cases.models import Act
from dengwen.law.record import civil

GROUNDS = {
    "diligence": ("尽职免责", "diligent: exempt"),
    "dissent": ("明确反对而未被采纳，不承担领导责任", "clear objection not followed: no leadership responsibility"),
    "no_part": ("没有参与决策和工作", "took no part in decision and work"),
}
"""Findings that an opinion repeats. That something was not shown is none of them: saying so would carry a suspicion on
that nobody could show."""
LAW, ARTICLE = "S", "11 para. 2"


@dataclass(frozen=True, slots=True)
class Exemption:
    """A finding that an official bears no responsibility, or is exempted: in which case, when, on which ground."""

    case: str
    on: date
    ground: str
    law: str
    article: str


def exemptions_of(official: int, on: date) -> tuple[Exemption, ...]:
    """Return the findings up to a day that exempt an official, or find no responsibility, the earliest first."""
    opened = Act.objects.filter(case__kind=KIND, act__in=OPENING, data__subject_official=official)
    acts = Act.objects.filter(case__in=opened.values("case"), act="decide_none").select_related("case")
    found = [
        Exemption(act.case.number, civil(act.occurred_at), str(act.data["ground"]), LAW, ARTICLE)
        for act in acts.order_by("occurred_at", "pk") if act.data.get("ground") in GROUNDS
    ]  # fmt: skip
    return tuple(one for one in found if one.on <= on)
