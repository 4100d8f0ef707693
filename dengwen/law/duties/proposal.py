"""Proposals: an act that needs two people waits until the second one decides on it.

The words of them and how they stand, read from the acts of a case. What a proposal says is sealed
with the texts of its act; it changes nothing until it is approved.
"""

from __future__ import annotations

from collections.abc import Iterable

from dengwen.law.duties.act_record import ActRecord

PROPOSE = "propose_step"
APPROVE, REFUSE, WITHDRAW, OVERTAKE = (
    "approve_step",
    "refuse_step",
    "withdraw_step",
    "overtake_step",
)
DECISIONS = frozenset({APPROVE, REFUSE, WITHDRAW, OVERTAKE})
"""What ends a proposal: approved, refused, taken back by whoever made it, or overtaken by what
happened meanwhile."""
PROPOSAL_ACTS = frozenset({PROPOSE, *DECISIONS})
PROPOSAL, SEEN, OF, PAPERS, SAYS, WHY = "proposal", "seen", "of", "papers", "step", "why"
"""Fields of these acts: the proposal decided on, the digest of what was shown, the act proposed,
the digests of its papers, what it says, and why it came to nothing."""


def decision_on(proposal: int, acts: Iterable[ActRecord]) -> ActRecord | None:
    """Return the act that ended a proposal, None while it waits."""
    for act in acts:
        if act.act in DECISIONS and act.data.get(PROPOSAL) == proposal:
            return act
    return None


def waiting(acts: Iterable[ActRecord]) -> list[ActRecord]:
    """Return the proposals of a case that nobody has decided on yet."""
    known = list(acts)
    made = [act for act in known if act.act == PROPOSE]
    return [act for act in made if decision_on(act.id, known) is None]
