"""The doors of the second person: put an act before another, approve it, refuse it, take it back.

Each is one call of `perform`. What is approved too late, because its act is no longer possible, is
not done: the proposal ends, its text stays, and beside it stands why.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dengwen.cases.files.held_files import Paper
from dengwen.cases.models import Act, Case
from dengwen.cases.rulebooks import in_force
from dengwen.cases.write.check import Refused, needs_second
from dengwen.cases.write.perform import By, Performed, perform
from dengwen.cases.write.proposed_step import proposing
from dengwen.cases.write.second_person import Overtaken
from dengwen.law.duties.act_record import civil
from dengwen.law.duties.proposal import APPROVE, OVERTAKE, PROPOSAL, REFUSE, SEEN, WHY, WITHDRAW
from dengwen.law.duties.step import FieldValue, Step

BETWEEN = "；"


def propose(
    step: Step, *, by: By, now: datetime, uid: str, papers: Sequence[Paper] = ()
) -> Performed:
    """Put an act of an existing case before a second person; it changes nothing until approved."""
    case = Case.objects.filter(number=step.case).first()
    if case is None:
        raise Refused.no_case(step, step.case)
    book = in_force(civil(step.occurred_at or now), case.place, now).book
    kind = book.kinds.get(case.kind)
    rule = kind.acts.get(step.act) if kind else None
    if rule is None:
        raise Refused.no_case(step, step.case)
    return perform(proposing(step, rule), by=by, now=now, uid=uid, papers=papers)


def do_or_propose(
    step: Step, *, by: By, now: datetime, uid: str, papers: Sequence[Paper] = ()
) -> tuple[Performed, bool]:
    """Do an act, or put it before a second person where nothing else is lacking; say whether it
    waits."""
    try:
        return perform(step, by=by, now=now, uid=uid, papers=papers), False
    except Refused as refused:
        if not step.case or not all(map(needs_second, refused.reasons)):
            raise
    return propose(step, by=by, now=now, uid=uid, papers=papers), True


def approve(case: str, proposal: int, seen: str, *, by: By, now: datetime, uid: str) -> Performed:
    """Approve a proposal as it was shown (`seen`), and do its act; `Overtaken` where that is no
    longer possible: the proposal has ended then."""
    fields: dict[str, FieldValue] = {PROPOSAL: proposal, SEEN: seen}
    try:
        return perform(Step(act=APPROVE, case=case, fields=fields), by=by, now=now, uid=uid)
    except Overtaken as gone:
        why = BETWEEN.join(reason.zh for reason in gone.reasons)
        ended = Step(act=OVERTAKE, case=case, fields={PROPOSAL: proposal}, texts={WHY: why})
        perform(ended, by=By.system(), now=now, uid=f"{uid[:90]}/gone")
        raise


def refuse(case: str, proposal: int, why: str, *, by: By, now: datetime, uid: str) -> Performed:
    """Refuse a proposal, with the reason."""
    step = Step(act=REFUSE, case=case, fields={PROPOSAL: proposal}, texts={WHY: why})
    return perform(step, by=by, now=now, uid=uid)


def take_back(case: str, proposal: int, *, by: By, now: datetime, uid: str) -> Performed:
    """Take back a proposal of one's own."""
    step = Step(act=WITHDRAW, case=case, fields={PROPOSAL: proposal})
    return perform(step, by=by, now=now, uid=uid)


def digest_of_proposal(proposal: int) -> str:
    """Return the digest of what a proposal says: what its approval names."""
    return Act.objects.values_list("content", flat=True).get(pk=proposal)
