"""What an assessment counts, drawn from acts and duties as the ledger held them at a position.

Every fact is known by the act it rests on: `id` = act × 32 + a slot for what is counted (what is
frozen and shown bears another name: `fact_names`). A period of any size is drawn with the memory of
a few portions. Matters of accusations enter no fact (access model 4.2); ratings name no case, and
their day is the last of the month, so that no rater can be picked out.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from dengwen.assessment.facts.act_facts import imported_replies, own_acts
from dengwen.assessment.facts.deadline_facts import (
    TIMED,
    backlog,
    executed,
    objected,
    of_leaders,
    suggested,
    timed,
)
from dengwen.assessment.facts.duty_facts import PORTION, SLOTS, Draw
from dengwen.assessment.facts.excuse_facts import excused_afterwards
from dengwen.assessment.facts.inspection_findings import demanded, rectified, sampled, unregistered
from dengwen.assessment.facts.recoded import recoded
from dengwen.assessment.frozen.frozen_tables import Fact

__all__ = ("PORTION", "SLOTS", "Draw", "draw")


def draw(asked: Draw) -> Iterator[Fact]:
    """Yield the facts of a period, kind after kind."""
    return chain(
        *(timed(asked, rule) for rule in TIMED),
        of_leaders(asked),
        executed(asked),
        suggested(asked),
        objected(asked),
        rectified(asked),
        demanded(asked),
        sampled(asked),
        unregistered(asked),
        backlog(asked),
        excused_afterwards(asked),
        imported_replies(asked),
        recoded(asked),
        own_acts(asked),
    )
