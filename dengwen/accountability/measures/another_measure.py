"""Another measure of a list that the text leaves open (等): named, reasoned, approved by a second
head of the organ (S 12, 15).

The law core asks of it what it asks of a listed one; here stands who approves it, and that a
decision names no more than one.
"""

from __future__ import annotations

from dengwen.access.models import User
from dengwen.accountability.errors import AccountabilityError
from dengwen.accountability.measures.decision_door import impartial, of_the_organ
from dengwen.accountability.measures.file_before import words
from dengwen.accountability.measures.grounds import Finding
from dengwen.accountability.measures.queries import OTHER, AccountFile
from dengwen.accountability.measures.refusals import refuse
from dengwen.law.duties.step import Facts, Step
from dengwen.law.liability.provisions import Liability, MeasureRule
from dengwen.organs.models import Official

TO_APPROVE = "（待批准）"
"""Stands for whoever will approve another measure, where a decision is only looked at."""


def measures_of_step(step: Step, rules: Liability) -> list[MeasureRule]:
    """Return the measures a decision names, another one of an open list under its own name."""
    said = str(step.fields.get(OTHER) or "")
    named = [rules.measure(name, said) for name in words(step, "measures")]
    return [rule for rule in named if rule is not None]


def approver_of(facts: Facts) -> Official | None:
    """Return the official who approved the running act from the own account, None where it took
    one person alone, or an account of nobody in office."""
    account = User.objects.filter(pk=facts.second or 0).first()
    return Official.objects.filter(pk=account.official_id or 0).first() if account else None


def one_other_named(step: Step, rules: Liability) -> None:
    """Refuse another measure (等) that is named without being decided on, and more than one."""
    lists = [name for name in words(step, "measures") if name in rules.open_lists]
    given = step.fields.get(OTHER) or step.texts.get("other_reasons", "").strip()
    if len(lists) > 1 or (given and not lists):
        raise refuse(
            "other-measure-alone",
            OTHER,
            (
                "条文“等”字所指的其他措施，一次决定只写一项，并列入本决定的措施",
                "a decision names one other measure of an open list, among its measures",
            ),
            ("写明这一项，或者不写", "name that one among the measures, or none"),
            under="measures",
        )


def approved_fairly(file: AccountFile, rests: Finding | None, official: int, facts: Facts) -> None:
    """Ask of whoever approves another measure (等) what is asked of whoever decides: of the organ,
    and neither concerned, recused nor having prepared it (PSL 42, 47)."""
    try:
        impartial(file, rests, official, facts.day)
        of_the_organ(official, facts)
    except AccountabilityError as error:
        raise refuse(
            "approver-not-fit",
            "second",
            (
                f"批准的人与作出决定的人同样要求：{error.zh}",
                f"of whoever approves the same is asked as of whoever decides: {error.en}",
            ),
            (
                "由本机关另一名没有参与本件、没有利害关系的负责人批准",
                "let another head of this organ approve, who has no part in the file",
            ),
            under=error.under,
        ) from error
