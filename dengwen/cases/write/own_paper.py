"""A petitioner's own act that an office enters rests on the paper the petitioner signed.

What a petitioner withdraws or agrees to ends what is owed to them, so the word of an office does
not suffice. Whoever says it is written down, and signs the record; at the portal nobody speaks for
the petitioner, and no paper is asked.
"""

from __future__ import annotations

import re

from dengwen.law.duties.act_record import Refusal
from dengwen.law.duties.admissibility import Actor
from dengwen.law.duties.late_entry import PETITIONER
from dengwen.law.duties.step import Step
from dengwen.law.packs.rules import ActRule

DIGEST = re.compile(r"[0-9a-f]{64}")
OWN_PAPER = "own-paper"
"""Code of the refusal that the petitioner's paper is missing."""


def own_paper_refusals(step: Step, rule: ActRule, actor: Actor) -> list[Refusal]:
    """Return why an act of the petitioner's own is refused that an office enters without the
    petitioner's paper, whether it is entered late or not."""
    if not rule.own_paper or is_petitioner(actor):
        return []
    if DIGEST.fullmatch(str(step.fields.get(rule.own_paper, ""))):
        return []
    field = rule.field_rule(rule.own_paper)
    paper_zh, paper_en = (field.zh, field.en) if field else (rule.own_paper, rule.own_paper)
    return [
        Refusal(
            OWN_PAPER,
            f"“{rule.zh}”由信访人本人决定，机关、单位录入须附“{paper_zh}”",
            f"“{rule.en}” is the petitioner's own; an office that enters it gives the “{paper_en}”",
            rule.basis,
            "口头提出的，制作笔录，由信访人签名后附上；信访人也可以用编号和查询码自己办理",
            "where it was said, write it down and let the petitioner sign the record; "
            "petitioners can also do it themselves with number and query code",
            rule.own_paper,
        )
    ]


def is_petitioner(actor: Actor) -> bool:
    """Say whether petitioners act themselves, at the portal: they have no account."""
    return actor.user is None and PETITIONER in actor.capacities
