"""What acts of a file of accountability set in motion: the decision and its papers (S 11–18).

The packs say who may act in which state. Whether the organ has management authority over the person
on the day, whether the rung is open, what must come along with a measure and what must not stand
beside it is asked here, of the law core and of the registry. No effect decides: `decide` is signed
by a person's own sign-in, and whatever only executes a decision is refused where no such decision
stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dengwen.accountability.errors import AccountabilityError
from dengwen.accountability.measures.another_measure import (
    TO_APPROVE,
    approved_fairly,
    approver_of,
    measures_of_step,
    one_other_named,
)
from dengwen.accountability.measures.decision_door import (
    apart,
    authority,
    fair,
    impartial,
    membership_said,
    of_the_organ,
    opened_by,
    reasoned,
    resting,
    timely,
)
from dengwen.accountability.measures.file_before import (
    by_own_hand,
    decider,
    file_before,
    place_of,
    refuse_unknown_organs,
    words,
)
from dengwen.accountability.measures.grounds import Finding, finding_of
from dengwen.accountability.measures.law_question import proposal_of, rules_for
from dengwen.accountability.measures.management_authority import managers_of, manages
from dengwen.accountability.measures.measure_papers import Decision, honours_cancelled, paper_of
from dengwen.accountability.measures.queries import ISSUED, MEMBER, AccountFile
from dengwen.accountability.measures.refusals import Words, refuse, refuse_as
from dengwen.law.duties.step import Facts, Step
from dengwen.law.liability.proposed_decision import MANAGER, Proposal, refusals
from dengwen.law.liability.provisions import Liability, MeasureRule
from dengwen.organs.kinds import KINDS
from dengwen.organs.models import Organ

__all__ = ["competent_for", "decided", "decided_none", "executed", "managers_of"]

NEEDS_SCOPE = frozenset({"circular", "organ_circular"})
NEEDS_UNIT = frozenset({"circular", "admonition", "self_criticism"})


# --- deciding -------------------------------------------------------------------------------------
def decided(step: Step, facts: Facts) -> Sequence[Step]:
    """Check a decision against every rule, then give each measure its paper, the honours at the
    same time (S 12–16).

    Nothing is decided but on a confirmed finding about the subject, or on a missed goal with the
    subject heard again.
    """
    file, rules = file_before(facts), rules_for(facts.day, place_of(facts))
    approver = approver_of(facts)
    chosen, rests = _judged(step, file, facts, rules, approver.name if approver else "")
    if any(rule.id in rules.open_lists for rule in chosen):
        approved_fairly(file, rests, approver.pk if approver else 0, facts)
    decision = Decision(step, file, facts, rules, approver.pk if approver else None)
    papers = [paper_of(decision, rule) for rule in chosen]
    return papers + honours_cancelled(step, chosen, facts)


def foreseen(step: Step, facts: Facts) -> None:
    """Refuse a decision that will wait for approval as it would be refused once approved, so that
    nobody is asked to approve what cannot be."""
    rules = rules_for(facts.day, place_of(facts))
    _judged(step, file_before(facts), facts, rules, TO_APPROVE)


def _judged(
    step: Step, file: AccountFile, facts: Facts, rules: Liability, approved_by: str
) -> tuple[list[MeasureRule], Finding]:
    """Return the measures decided on and what they rest on; refuse what breaks a rule."""
    by_own_hand(step, facts)
    timely(facts)
    _membership_as_filed(step, file)
    proposal = _lawful(step, file, facts, rules, approved_by)
    chosen = measures_of_step(step, rules)
    membership_said(chosen, proposal.subject)
    apart(chosen, file)
    _competent(rules, chosen, file, facts)
    authority(file, facts)
    rests = resting(step, file, facts)
    impartial(file, rests, decider(step), facts.day)
    of_the_organ(decider(step), facts)
    opened_by(chosen, rests, proposal, rules, file, step)
    fair(step, file, rests)
    _complete(step, chosen, facts)
    return chosen, rests


def _membership_as_filed(step: Step, file: AccountFile) -> None:
    """Refuse a decision that says of membership in the Party what the file contradicts."""
    said = str(step.fields.get(MEMBER) or "")
    if said and file.party_member and said != file.party_member:
        raise refuse(
            "membership-contradicted",
            MEMBER,
            (
                "与本件已写明的是否党员不一致",
                "the file says otherwise of membership in the Party",
            ),
            ("查明；本件写错的，先更正", "find out; where the file is wrong, correct it first"),
        )


def _lawful(
    step: Step, file: AccountFile, facts: Facts, rules: Liability, approved_by: str
) -> Proposal:
    """Return the decision as the law core judges it, refuse one that breaks a rule."""
    one_other_named(step, rules)
    proposal = proposal_of(step, file, facts, rules, approved_by=approved_by)
    found = refusals(rules, proposal)
    if found:
        raise refuse_as(found, facts.case, rules)
    return proposal


def decided_none(step: Step, facts: Facts) -> Sequence[Step]:
    """Let only a person of the organ with authority, and nobody concerned, find that nobody is held
    to account."""
    file = file_before(facts)
    by_own_hand(step, facts)
    timely(facts)
    manages(facts, file.official, file.organ, facts.case)
    impartial(file, finding_of(file), decider(step), facts.day)
    of_the_organ(decider(step), facts)
    reasoned(step)
    return ()


def _competent(
    rules: Liability, chosen: Iterable[MeasureRule], file: AccountFile, facts: Facts
) -> None:
    """Refuse a sanction by another body than the competent one: it is handed over, not imposed here
    (S 16)."""
    organ = Organ.objects.get(pk=facts.organ or 0)
    for rule in chosen:
        managing = facts.organ in managers_of(file.official, file.organ, facts.day)
        body = competent_for(rules, rule, organ, manages=managing)
        if body is not None:
            raise refuse(
                "not-competent",
                "measures",
                (
                    f"“{rule.zh}”由{body[0]}依照有关规定决定",
                    f"“{rule.en}” is decided by {body[1]}",
                ),
                (f"移送{body[0]}", f"hand it over to {body[1]}"),
                under="sanctions",
            )


def competent_for(
    rules: Liability, rule: MeasureRule, organ: Organ, *, manages: bool
) -> Words | None:
    """Return the body that decides on a measure where it is not this organ; None where this organ
    may.

    Who decides what stands in the packs (`[[authority]]`), by kinds of organs and by management;
    that of the managing organ is asked by `authority`.
    """
    stated = rules.authorities.get(rule.by)
    if stated is None or rule.by == MANAGER:
        return None
    fits = not stated.organs or bool({organ.kind, KINDS[organ.kind].group} & {*stated.organs})
    if fits and (manages or not stated.manages):
        return None
    return stated.zh, stated.en


def _complete(step: Step, chosen: Iterable[MeasureRule], facts: Facts) -> None:
    """Refuse a circular without its scope, and a measure to be rectified by nobody in particular (S
    12–14)."""
    ids = {rule.id for rule in chosen}
    if ids & NEEDS_SCOPE:
        _scope_given(step)
    refuse_unknown_organs(words(step, "circulated_to"), "circulated_to")
    if ids & NEEDS_UNIT and not isinstance(step.fields.get("rectifier"), int):
        raise refuse(
            "no-rectifier",
            "rectifier",
            ("没有写明整改责任单位", "the unit that rectifies is not named"),
            ("写上责任人所在的单位", "name the unit of the person"),
        )
    other_year = step.fields.get("year") != facts.day.year
    if facts.organ is not None and "admonition" in ids and other_year:
        raise refuse(
            "honours-beyond",
            "year",
            (
                "取消的是作出决定当年的荣誉资格",
                "the honours are those of this year",
            ),
            (f"写 {facts.day.year}", f"give {facts.day.year}"),
            under="honours",
        )


def _scope_given(step: Step) -> None:
    """Refuse a circular that does not say within which scope, or to which other organs."""
    if not step.fields.get("scope"):
        raise refuse(
            "no-scope",
            "scope",
            (
                "通报须写明范围",
                "a circular says within which scope",
            ),
            ("选择通报范围", "choose the scope"),
            under="circular",
        )
    if step.fields["scope"] == "other" and not words(step, "circulated_to"):
        raise refuse(
            "no-scope",
            "circulated_to",
            ("没有写明通报到哪些机关、单位", "the organs it is circulated to are not named"),
            ("写上机关、单位的代码", "give the codes of the organs"),
        )


# --- executing ------------------------------------------------------------------------------------
def executed(step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse a paper of a measure that no standing decision of a person named, or that has its
    paper already."""
    file = file_before(facts)
    decision = file.decision
    wanted = "admonition" if step.act == "cancel_honours" else str(step.fields.get("measure"))
    if decision is None or decision.actor is None:
        raise _no_decision()
    if wanted not in decision.data.get("measures", ()) or _issued(step, file, decision.seq):
        raise _no_decision()
    return ()


def _issued(step: Step, file: AccountFile, since: int) -> bool:
    """Say whether a measure has had this paper since the decision with this number."""
    if step.act not in (*ISSUED, "cancel_honours"):
        return False
    return any(
        act.seq > since
        and act.act == step.act
        and act.data.get("measure") == step.fields.get("measure")
        for act in file.acts
    )


def _no_decision() -> AccountabilityError:
    """Return the refusal of a paper without a decision."""
    return refuse(
        "nobody-decided",
        "measure",
        (
            "没有人作出过这项决定，措施不能单独作出",
            "nobody decided this measure; it is not imposed by itself",
        ),
        ("由有管理权限的机关的负责人作出决定", "let the head of the organ with authority decide"),
        under="proposes_only",
    )
