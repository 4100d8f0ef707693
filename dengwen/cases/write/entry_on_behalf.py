"""Entry on behalf of a unit that has no account here: who sent it a matter writes down what its
paper says.

A matter may lie with a unit outside the system. Its duties run all the same, and its answers come
on paper. The organ that sent the matter enters each step in that unit's name, with the digest of
the paper; the act is the unit's, who wrote it down stands beside it (`entered_by`), and nothing of
the unit's own procedure is asked of the writer.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from dengwen.access.models import RoleGrant
from dengwen.law.duties.act_record import CaseView, Refusal
from dengwen.law.duties.admissibility import Actor
from dengwen.law.duties.step import Step
from dengwen.law.packs.rules import ActRule
from dengwen.organs.models import Organ

ENTERED_BY = "entered_by"
"""Key of an act's data: the organ whose clerk wrote the act down for the organ that did it."""
OTHERS = (
    "不得以其他机关、单位的名义办理；只有把这件事转送、交办给它的机关、单位可以代没有账号的单位录入",
    (
        "nobody acts in the name of another organ; only who sent it this matter writes for a "
        "unit without accounts"
    ),
)
WRITERS = frozenset({"clerk", "router", "handler"})
"""Who of the sending organ may write for the other."""
OF_A_UNIT = frozenset({"clerk", "router", "handler", "reviewer", "head"})
"""What the people of a unit can be for the law; which of them acted is said by its paper."""


def has_accounts(organ: int, day: date) -> bool:
    """Say whether anybody holds a role in an organ on a day, and so can enter its acts there."""
    return RoleGrant.objects.on(day).filter(organ_id=organ).exists()


def actor_of(organ: int) -> Actor:
    """Return the unit as the law core asks: nobody in particular, in any capacity its paper may
    show."""
    return Actor(None, organ, OF_A_UNIT)


def against(
    organ: int, by_organ: int | None, capacities: frozenset[str], view: CaseView, day: date
) -> list[Refusal]:
    """Return why nobody of `by_organ` may write down an act of `organ` in a case (empty = it may
    be done)."""
    if by_organ is None or view.sender != by_organ or organ not in (view.holder, view.addressee):
        return [Refusal("organ", *OTHERS)]
    if not capacities & WRITERS:
        return [
            Refusal(
                "capacity",
                "代录由登记、转办或者承办人员办理",
                "an entry on behalf is made by clerks or handlers",
            )
        ]
    if has_accounts(organ, day):
        name = Organ.objects.filter(pk=organ).values_list("name_zh", flat=True).first() or ""
        return [
            Refusal(
                "organ",
                f"{name}有自己的账号，由其自行办理，不得代录",
                "this organ has accounts of its own and enters its acts itself",
            )
        ]
    return []


def stand_in(
    step: Step,
    rule: ActRule | None,
    by_organ: int | None,
    capacities: frozenset[str],
    view: CaseView,
    day: date,
) -> list[Refusal]:
    """Return why a step for another organ is refused, each reason with the article of the act;
    empty = it is not."""
    found = against(step.organ or 0, by_organ, capacities, view, day)
    if not found and not step.paper:
        found = [
            Refusal(
                "paper",
                "代录须附该单位纸质材料的摘要",
                "an entry on behalf needs the digest of the unit's paper",
                None,
                "扫描这份材料一并提交",
                "scan the paper and submit it along",
                "paper",
            )
        ]
    said = {
        one.zh for one in found if one.zh == OTHERS[0]
    }  # of a case that may not be known not even its rules
    return [replace(one, basis=rule.basis) if rule and one.zh not in said else one for one in found]


def with_writer(step: Step, by_organ: int | None) -> Step:
    """Return the step as it is written: with the organ that wrote it down."""
    return replace(step, fields={**step.fields, ENTERED_BY: by_organ or 0})
