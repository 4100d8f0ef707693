"""The second person: who puts an act before another, who may approve it, and in whose name it is
then done.

A proposal waits in the case of the act. It changes nothing; approved, its act is done at that
moment in the name of whoever proposed it, and nobody approves what they proposed themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from dengwen.access.grants import capacities_in
from dengwen.access.models import User
from dengwen.cases.models import Act
from dengwen.cases.wall.visibility import find, only_supervises, viewer_of
from dengwen.cases.write import late_holders
from dengwen.cases.write.call_context import CallContext, Held
from dengwen.cases.write.check import HOUSE_KINDS, Refused, needs_second, takes_two
from dengwen.cases.write.proposed_step import Proposed, read_proposal, said_by, same
from dengwen.law.duties import proposal as words
from dengwen.law.duties.act_record import ActRecord, Refusal, civil
from dengwen.law.duties.step import Step
from dengwen.law.packs.library import Rulebook
from dengwen.law.packs.rules import ActRule
from dengwen.law.packs.vocabulary import BY

if TYPE_CHECKING:
    from dengwen.cases.write.perform import By

MOST_WAITING = 20
"""Proposals that may wait in one case: more is no work, but a way to fill it."""


class Overtaken(Refused):
    """What was proposed is no longer possible: the reasons are those of the act itself."""


@dataclass(frozen=True, slots=True)
class Seconded:
    """An act that a second person approved: who proposed it, and who approved it."""

    by: By
    approver: int
    official: int | None
    late: bool = False
    """Whether the act was a late entry, so that what follows from it on its day is one too."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision on a proposal that may be made: the step as it is written, and the act to be
    done next where it was approved."""

    step: Step
    act: Step | None = None
    seconded: Seconded | None = None
    call: str = ""
    """The call of the proposal, with which its files came."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who decides on which case, by which rules and when."""

    held: Held
    book: Rulebook
    by: By
    now: datetime
    call: CallContext

    @property
    def day(self) -> date:
        """The civil day."""
        return civil(self.now)

    def rule(self, act: str) -> ActRule | None:
        """Return the rule of an act of the case."""
        kind = self.book.kinds.get(self.held.case.kind)
        return kind.acts.get(act) if kind else None


def inner_step(step: Step, asked: Asked) -> Step:
    """Return the act that a proposal is about; `Refused` where it says none that the rules know."""
    try:
        said = said_by(step.texts)
        rule = asked.rule(said.act)
        if rule is not None and said.act == step.fields.get(words.OF):
            return said.step(rule, step.case)
    except (ValueError, TypeError, KeyError, AttributeError):
        pass
    raise Refused(step, [_unreadable()])


def admit(
    step: Step,
    inner: Step,
    asked: Asked,
    *,
    alone: Callable[[], object],
    together: Callable[[], object],
) -> None:
    """Refuse a proposal whose act is not possible, needs no second person, or waits already.

    `together` asks the door about the act as if a second person had approved it, `alone` without.
    """
    _must_see(step, asked.by, asked)
    _must_be_now(step, asked)
    if inner.act in words.PROPOSAL_ACTS or inner.imported:
        raise Refused(step, [_unreadable()])
    together()
    if not _is_lacking(alone):
        raise Refused(step, [_not_needed()])
    standing = words.waiting(asked.held.records)
    if len(standing) >= MOST_WAITING:
        raise Refused(step, [_too_many()])
    rule = asked.rule(inner.act)
    for record in standing:
        if record.data.get(words.OF) != inner.act or rule is None:
            continue
        if same(_read(record, asked), inner, rule):
            raise Refused(step, [_waits_already()])


def _is_lacking(check: Callable[[], object]) -> bool:
    """Say whether the door refuses an act for want of a second person."""
    try:
        check()
    except Refused as refused:
        return any(needs_second(reason) for reason in refused.reasons)
    return False


def _read(record: ActRecord, asked: Asked) -> Proposed:
    return read_proposal(Act.objects.get(pk=record.id), asked.call.keys)


def decide(step: Step, asked: Asked) -> Decided:
    """Return what a decision on a proposal does, or refuse it."""
    held = asked.held
    if step.act != words.OVERTAKE:
        _must_see(step, asked.by, asked)
    _must_be_now(step, asked)
    target = step.fields.get(words.PROPOSAL)
    record = next(
        (one for one in held.records if one.id == target and one.act == words.PROPOSE), None
    )
    if record is None:
        raise Refused(step, [_no_proposal()])
    if words.decision_on(record.id, held.records) is not None:
        raise Refused(step, [_decided()])
    step = replace(step, opened_by=record.id)
    row = Act.objects.get(pk=record.id)
    if step.act == words.WITHDRAW:
        if row.actor is None or row.actor != asked.by.user:
            raise Refused(step, [_not_own()])
        return Decided(step)
    if step.act == words.OVERTAKE:
        return Decided(step)
    proposed = read_proposal(row, asked.call.keys)
    found = _against(proposed, asked)
    if step.act == words.APPROVE and step.fields.get(words.SEEN) != row.content:
        found.append(_not_seen())
    if found:
        raise Refused(step, found)
    if step.act == words.REFUSE:
        return Decided(step)
    return _approved(step, proposed, asked)


def _approved(step: Step, proposed: Proposed, asked: Asked) -> Decided:
    """Return an approval with the act it lets through, in the name of whoever proposed it as they
    stand today."""
    row = proposed.row
    user = User.objects.get(pk=row.actor or 0)
    held = capacities_in(user, row.organ_id or 0, asked.day)
    by = replace(asked.by, user=user.pk, organ=row.organ_id, capacities=held)
    if not _sees(user, row.organ_id, asked):
        raise Overtaken(step, [_proposer_gone()])
    rule = asked.rule(proposed.act)
    if rule is None:
        raise Overtaken(step, [_no_act()])
    approver = User.objects.get(pk=asked.by.user or 0)
    seconded = Seconded(by, approver.pk, approver.official_id)
    inner = proposed.step(rule, asked.held.case.number)
    return Decided(step, inner, seconded, row.call)


# --- who may decide -------------------------------------------------------------------------------
def _must_see(step: Step, by: By, asked: Asked) -> None:
    """Refuse, as if there were no such case, whoever may not learn of it."""
    user = User.objects.filter(pk=by.user or 0, is_active=True).first()
    if user is None or not _sees(user, by.organ, asked):
        raise Refused.no_case(step, step.case)


def _must_be_now(step: Step, asked: Asked) -> None:
    """Refuse a proposal or a decision on one that claims another day: it counts from the day
    somebody presses."""
    if step.occurred_at is not None and civil(step.occurred_at) != asked.day:
        raise Refused(step, [_pressed_today()])


def _sees(user: User, organ: int | None, asked: Asked) -> bool:
    """Say whether the wall lets somebody work on the case in an organ; around the house's own
    registers there is none."""
    case = asked.held.case
    if case.kind in HOUSE_KINDS:
        return True
    viewer = viewer_of(user, asked.day)
    here = frozenset({organ or 0})
    viewer = replace(viewer, organs=viewer.organs & here, personnel=viewer.personnel & here)
    if find(viewer, asked.day, case.number) is None:
        return False
    return not only_supervises(viewer, asked.day, case.number)


def may_decide(proposed: Proposed, asked: Asked) -> bool:
    """Say whether somebody may approve or refuse a proposal."""
    user = User.objects.filter(pk=asked.by.user or 0, is_active=True).first()
    return user is not None and _sees(user, asked.by.organ, asked) and not _against(proposed, asked)


def _against(proposed: Proposed, asked: Asked) -> list[Refusal]:
    """Return why somebody may not decide on a proposal: the own one, another organ's, no right to
    such acts there."""
    by, row = asked.by, proposed.row
    if by.user is None or _same_person(by.user, row.actor):
        return [_own()]
    rule = asked.rule(proposed.act)
    if rule is None:
        return []
    if rule.id in late_holders.HOLDING:
        fields = proposed.step(rule, asked.held.case.number).fields
        if late_holders.is_about(rule, fields, by.user):
            return [late_holders.own_refusal(rule)]
    if rule.two_persons:
        entitled = BY[rule.by][0] | {"auditor"}
    elif takes_two(proposed.step(rule, asked.held.case.number), rule):
        entitled = BY[rule.by][0]
        if by.organ != row.organ_id:
            return [_other_organ()]
    else:
        entitled = BY[rule.by][0] | BY["second"][0]
        if by.organ != row.organ_id:
            return [_other_organ()]
    return [] if by.capacities & entitled else [_no_right(rule)]


def _same_person(user: int, proposer: int | None) -> bool:
    """Say whether two accounts are one person's."""
    if user == proposer:
        return True
    known = User.objects.filter(pk__in=(user, proposer or 0), official__isnull=False)
    officials = list(known.values_list("official_id", flat=True))
    return len(officials) != len(set(officials))


# --- in words -------------------------------------------------------------------------------------
def _unreadable() -> Refusal:
    return Refusal(
        "no-proposal",
        "提请里没有写明现行规则的一个行为",
        "the proposal names no act of the rules in force",
    )


def _not_needed() -> Refusal:
    return Refusal(
        "no-second-needed",
        "这一行为不须第二人同意",
        "this act needs no second person",
        None,
        "直接办理",
        "do it at once",
    )


def _too_many() -> Refusal:
    return Refusal(
        "too-many-waiting",
        f"本件已有{MOST_WAITING}个提请等第二人同意",
        f"{MOST_WAITING} proposals wait in this case already",
        None,
        "等第二人决定，或者撤回不要的",
        "wait for the decisions, or take back what is not wanted",
    )


def _waits_already() -> Refusal:
    return Refusal(
        "waits-already",
        "同样的提请已经在等第二人同意",
        "the same proposal waits for a second person already",
        None,
        "等第二人决定；要改的，先撤回原来的",
        "wait for the decision; to change it, take the first one back",
    )


def _no_proposal() -> Refusal:
    return Refusal(
        "no-proposal",
        "本件没有这一提请",
        "there is no such proposal in this case",
        field=words.PROPOSAL,
    )


def _decided() -> Refusal:
    return Refusal(
        "decided",
        "这一提请已经同意、退回、撤回或者不能办理了",
        "this proposal was approved, refused, taken back or overtaken already",
        field=words.PROPOSAL,
    )


def _not_own() -> Refusal:
    return Refusal(
        "not-own",
        "只有提出的人可以撤回",
        "only whoever made a proposal takes it back",
        None,
        "不同意的，写明原因退回",
        "whoever does not approve refuses it with a reason",
    )


def _own() -> Refusal:
    return Refusal(
        "second-person",
        "本人不能同意自己的提请",
        "nobody is the second person to the own act",
        None,
        "请本机关、单位的另一位有权办理的人同意",
        "let another person of this organ who may do such acts decide",
    )


def _other_organ() -> Refusal:
    return Refusal(
        "organ",
        "第二人须是提出机关、单位的人",
        "the second person is of the organ that proposed it",
    )


def _no_right(rule: ActRule) -> Refusal:
    return Refusal(
        "capacity",
        f"对“{rule.zh}”，您在这一机关、单位无权作第二人",
        f"you hold no right in this organ to be the second person to “{rule.en}”",
    )


def _not_seen() -> Refusal:
    return Refusal(
        "not-seen",
        "看到的不是所提请的原样",
        "what was shown is not what was proposed",
        None,
        "重新打开批准页，看完再决定",
        "open the page again and decide on what it shows",
        words.SEEN,
    )


def _pressed_today() -> Refusal:
    return Refusal(
        "pressed-now",
        "送第二人同意和第二人的决定都以按下的这一天为准，不能写成别的日子",
        "a proposal and the decision on it bear the day on which somebody presses, and no other",
        None,
        "发生日期留空；所提行为自己的日期写在提请里",
        "leave the day out; the day of the act itself stands in the proposal",
        "occurred_at",
    )


def _proposer_gone() -> Refusal:
    return Refusal(
        "proposer",
        "提出的人现在不能办理本件",
        "whoever proposed it may not work on this case now",
        None,
        "由有权办理的人另行提出",
        "let somebody who may work on it propose it anew",
    )


def _no_act() -> Refusal:
    return Refusal(
        "no-rule",
        "现行规则没有所提的行为",
        "the rules in force do not know the act proposed",
    )
