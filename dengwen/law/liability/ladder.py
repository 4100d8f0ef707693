"""The ladder of measures: which rung is open, on which ground, and why the others are closed.

What opens a rung stands in the packs (`[[rung]] opens`): a stated finding of gravity, the failure
of a rung below, or reasons where the text has no rule. Nothing climbs by itself: that a goal was
recorded, given a date and not met is only a ground for a new decision of the competent organ.
A class joins both adjectives (“serious harm *and* great influence”); for one alone a person must
decide with reasons.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from dengwen.law.liability.provisions import Liability, RungRule
from dengwen.law.liability.stated_rules import Entrance
from dengwen.law.packs.rules import Basis

NEITHER, SERIOUS, ESPECIALLY = 0, 1, 2
"""Grades of harm and of influence in a finding of gravity."""

BY_GRAVITY, BY_FAILURE, BY_REASONS = "gravity", "failed_rectification", "reasons"
"""The grounds on which a rung can be open; `reasons`: the text gives no answer, a person must."""

BETWEEN = ""
"""The class of a finding that is none of the three the text names."""


@dataclass(frozen=True)
class Gravity:
    """A person's finding: circumstances relatively light; harm and influence each by grade; why
    (in the file)."""

    light: bool = False
    harm: int = NEITHER
    influence: int = NEITHER
    reasons: str = ""

    @property
    def classed(self) -> str:
        """Return the class of the ladder; BETWEEN where only one adjective is met or the finding
        is at odds."""
        lower = min(self.harm, self.influence)
        if self.light:
            return "light" if max(self.harm, self.influence) == NEITHER else BETWEEN
        return {ESPECIALLY: "especially_serious", SERIOUS: "serious"}.get(lower, BETWEEN)


@dataclass(frozen=True)
class Earlier:
    """A measure given before for the same matter: its rung, its recorded goal and date, and the
    recorded outcome.

    `met` is None as long as the deciding organ has not recorded whether the goal was met.
    """

    rung: str
    on: date
    goal: str = ""
    deadline: date | None = None
    met: bool | None = None

    def failed(self, today: date) -> bool:
        """Say whether the goal was recorded with a date, the date is over, and the goal is
        recorded as not met."""
        return (
            bool(self.goal.strip())
            and self.deadline is not None
            and self.deadline < today
            and self.met is False
        )


@dataclass(frozen=True)
class RungAnswer:
    """A rung, whether it is open for a decision, on which ground, and the reason in both
    languages with its basis."""

    rung: RungRule
    open: bool
    ground: str
    zh: str
    en: str
    basis: Basis


def rungs(
    rules: Liability, gravity: Gravity, earlier: Iterable[Earlier], today: date
) -> list[RungAnswer]:
    """Answer for every rung in force; an open one is a ground for a decision, never the decision
    (S 13–15)."""
    before = list(earlier)
    return [_rung(rung, gravity, before, today) for rung in rules.rungs.values()]


def _rung(rung: RungRule, gravity: Gravity, before: list[Earlier], today: date) -> RungAnswer:
    if any(e.gravity and e.gravity == gravity.classed for e in rung.opens):
        return RungAnswer(
            rung,
            True,
            BY_GRAVITY,
            "认定的情节符合本条，可以直接作出决定",
            "the finding of gravity meets this article: a decision may be made directly",
            rung.basis,
        )
    below = {e.failed for e in rung.opens if e.failed}
    if any(e.rung in below and e.failed(today) for e in before):
        return RungAnswer(
            rung,
            True,
            BY_FAILURE,
            "前一措施的整改目标到期没有达到：是有管理权限的机关重新作出决定的理由，不自动升级",
            "the goal of the earlier measure was not met in time: a ground for a new "
            "decision, never automatic",
            rung.basis,
        )
    if gravity.classed == BETWEEN and any(_near(gravity, e) for e in rung.opens):
        reasoned = bool(gravity.reasons.strip())
        return RungAnswer(
            rung,
            reasoned,
            BY_REASONS,
            "条文对介于两档之间的情节没有规定，由有管理权限的机关写明理由决定",
            "the text has no rule for what lies between: the competent organ decides with "
            "written reasons",
            rung.basis,
        )
    return RungAnswer(rung, False, "", *_closed(rung, before), rung.basis)


def _near(gravity: Gravity, entrance: Entrance) -> bool:
    """Say whether a finding between two classes may reach a rung with reasons, as its entrance
    states: with anything, or only where one of both adjectives is met."""
    if entrance.least == "one":
        return max(gravity.harm, gravity.influence) >= SERIOUS
    return entrance.least == "any"


def _closed(rung: RungRule, before: list[Earlier]) -> tuple[str, str]:
    """Say why a rung is closed: what its two entries ask for, and what is missing of an earlier
    measure."""
    last = next((e for e in reversed(before) if e.rung == rung.after), None)
    if last is None:
        return "认定的情节不符合本条，也没有可以据以升级的前一措施", (
            "the finding of gravity does not meet this article and no earlier measure gives "
            "a ground"
        )
    if not last.goal.strip() or last.deadline is None:
        return "前一措施没有记载整改目标和期限，不能据以升级", (
            "the earlier measure has no recorded goal and date, so its failure is no ground"
        )
    return "前一措施的期限未到，或者没有记载目标未达到", (
        "the date of the earlier measure is not over, or it is not recorded that the goal "
        "was missed"
    )
