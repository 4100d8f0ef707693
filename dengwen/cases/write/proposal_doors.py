"""The doors of the second person: put an act before another, approve it, refuse it, take it back.

Each is one call of `perform`. What is approved too late, because its act is no longer possible, is
not done: the proposal ends, its text stays, and beside it stands why.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dengwen.cases.files.held_files import Paper
from dengwen.cases.models import Act, Case
from dengwen.cases.rulebooks import in_force
from dengwen.cases.write.check import Refused, needs_second
from dengwen.cases.write.perform import By, Performed, perform
from dengwen.cases.write.proposed_step import proposing
from dengwen.cases.write.second_person import Overtaken
from dengwen.law.duties.act_record import Refusal, civil
from dengwen.law.duties.late_entry import LATE_ENTRY
from dengwen.law.duties.proposal import (
    APPROVE,
    OVERTAKE,
    PROPOSAL,
    PROPOSE,
    REFUSE,
    SEEN,
    WHY,
    WITHDRAW,
)
from dengwen.law.duties.step import FieldValue, Step
from dengwen.law.packs.rules import ActRule

BETWEEN = "；"
FOLLOWING = frozenset({"state", "facts", "not-yet", "not-begun", "duty-open", "nothing-asked"})
"""Codes of what is refused for how the case stands: a step before it may change that."""


def propose(
    step: Step, *, by: By, now: datetime, uid: str, papers: Sequence[Paper] = ()
) -> Performed:
    """Put an act of an existing case before a second person; it changes nothing until approved."""
    return perform(proposing(step, _rule_of(step, now)), by=by, now=now, uid=uid, papers=papers)


def _rule_of(step: Step, now: datetime) -> ActRule:
    """Return the rule of a step of an existing case; `Refused` where there is none."""
    case = Case.objects.filter(number=step.case).first()
    if case is None:
        raise Refused.no_case(step, step.case)
    book = in_force(civil(step.occurred_at or now), case.place, now).book
    kind = book.kinds.get(case.kind)
    rule = kind.acts.get(step.act) if kind else None
    if rule is None:
        raise Refused.no_case(step, step.case)
    return rule


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


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of the steps of one page: what was written, the act that waits for a second
    person, and those after it, which were not done."""

    performed: Performed
    waits: str = ""
    left: tuple[ActRule, ...] = ()


def do_all_or_propose(
    steps: Sequence[Step],
    *,
    by: By,
    now: datetime,
    uid: str,
    papers: Sequence[Paper] = (),
    reason: str = "",
    paper: str = "",
    leaving: bool = True,
) -> Answered:
    """Do steps in one call; those that lack a second person alone are put before one, with the
    reason and the paper of a late entry. What is refused for how the case stands until then is
    left, or where nobody said that it may be (`leaving`) refused before anything is written.
    `Refused` for all else, with nothing written."""
    asked, proposed = list(steps), set[int]()
    left: tuple[ActRule, ...] = ()
    while True:
        try:
            made = perform(*asked, by=by, now=now, uid=uid, papers=papers)
        except Refused as refused:
            place = _place(steps, refused, proposed)
            if place is not None and proposed and not _is_late(refused):
                _raise_for_else(refused)
                asked, left = asked[:place], _rules_of(steps[place:], now)
                if not leaving:
                    raise _left_aside(steps[place], left) from refused
                continue
            if place is None or not _is_late(refused):
                raise
            late = _resting(steps[place], reason, paper)
            if not (late.late_reason and late.paper) and _lacks_paper(refused):
                raise
            asked[place] = proposing(late, _rule_of(late, now))
            proposed.add(place)
            continue
        waits = next((act.act for act in made.acts if act.act == PROPOSE), "")
        return Answered(made, waits, left)


LEFT_ASIDE = "left-aside"
"""Code of the refusal that steps after a proposed one cannot be done before it is approved."""


def _left_aside(step: Step, left: Sequence[ActRule]) -> Refused:
    """Return why a page is not done in part: what was typed for its later steps would be lost."""
    zh = "、".join(f"“{rule.zh}”" for rule in left)
    en = ", ".join(f"“{rule.en}”" for rule in left)
    reason = Refusal(
        LEFT_ASIDE,
        f"前面的步骤须先经第二人同意，{zh}要等同意以后才能办理，为它填写的内容这次不会保存",
        f"{en} cannot be done before a second person has approved what comes before it; what was "
        "typed for it is not kept this time",
        None,
        "返回把填写的内容另存下来，或者确认只送前面的步骤",
        "go back and keep what was typed, or confirm that only what comes before is sent",
    )
    return Refused(step, [reason])


def is_left_aside(refused: Refused) -> bool:
    """Say whether a page was refused because its later steps would be lost."""
    return any(reason.code == LEFT_ASIDE for reason in refused.reasons)


def is_of_late_entry(reason: Refusal) -> bool:
    """Say whether a reason is mended by the reason, the paper and the second person of a late
    entry."""
    return needs_second(reason) or reason.code == LATE_ENTRY


def _is_late(refused: Refused) -> bool:
    return all(map(is_of_late_entry, refused.reasons))


def _raise_for_else(refused: Refused) -> None:
    """Raise `Refused` with the reasons that no step before this one can lift."""
    lasting = [
        reason
        for reason in refused.reasons
        if reason.code not in FOLLOWING and not is_of_late_entry(reason)
    ]
    if lasting:
        raise Refused(refused.step, lasting, refused.act_zh, refused.act_en) from refused


def _rules_of(steps: Sequence[Step], now: datetime) -> tuple[ActRule, ...]:
    """Return the rules of steps, each once."""
    rules = [_rule_of(step, now) for step in steps if step.case]
    return tuple({rule.id: rule for rule in rules}.values())


def _lacks_paper(refused: Refused) -> bool:
    return any(reason.code == LATE_ENTRY for reason in refused.reasons)


def _resting(step: Step, reason: str, paper: str) -> Step:
    """Return a step with what a late entry rests on, its own before what the page asked."""
    return replace(step, late_reason=step.late_reason or reason, paper=step.paper or paper)


def _place(steps: Sequence[Step], refused: Refused, proposed: Container[int]) -> int | None:
    """Return which of the steps was refused that is not put before somebody yet; None for one of a
    case that is not there yet."""
    for place, step in enumerate(steps):
        if place in proposed or step.act != refused.step.act or step.case != refused.step.case:
            continue
        return place if step.case else None
    return None


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
