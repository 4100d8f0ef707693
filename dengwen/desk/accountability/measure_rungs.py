"""Which rung of the ladder answers for each measure (S 13 to 15)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from dengwen.law.liability.ladder import Earlier, Gravity, RungAnswer, rungs
from dengwen.law.liability.provisions import Liability


def answers_by_measure(
    rules: Liability, gravity: Gravity, earlier: Iterable[Earlier], today: date
) -> dict[str, RungAnswer]:
    """Return what the ladder answers for each measure that stands on a rung, by its id."""
    answers = {}
    for answer in rungs(rules, gravity, earlier, today):
        for measure in rules.on_rung(answer.rung):
            answers[measure] = answer
    return answers
