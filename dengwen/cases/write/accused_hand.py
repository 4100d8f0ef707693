"""Whoever a sealed matter accuses does nothing in it, however the call reached the write door.

Every page and command looks behind the wall before it asks for an act. Somebody may be recorded as
accused between that look and the act, so the door looks again with the case locked (R22 30(3)).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dengwen.access.models import User
from dengwen.cases.models import Case
from dengwen.cases.wall.accused_addressee import is_accused_side
from dengwen.cases.wall.visibility import (
    SUPERVISED_KINDS,
    not_walled,
    viewer_of,
    viewer_of_organ,
)
from dengwen.law.duties.act_record import CORRECT, ActRecord, Refusal
from dengwen.law.duties.admissibility import Actor
from dengwen.law.duties.step import Step
from dengwen.law.packs.rules import KindRule

MOST_ID = 2**63 - 1
"""The highest id a database keeps."""


def is_walled_off(case: Case, actor: Actor, day: date) -> bool:
    """Say whether an actor stands on the accused side of a sealed matter; the system and the
    petitioner at the portal stand on none."""
    if not case.seq or not case.protected or case.kind not in SUPERVISED_KINDS:
        return False
    if actor.organ is None:
        return False
    user = User.objects.filter(pk=actor.user or 0).first()
    viewer = viewer_of(user, day) if user else viewer_of_organ(actor.organ, day)
    return not Case.objects.filter(not_walled(viewer), pk=case.pk).exists()


def corrected_to_accused(
    step: Step, case: Case, kind: KindRule, records: Sequence[ActRecord], day: date
) -> list[Refusal]:
    """Return why no correction names an organ of the accused side as the one a sealed matter went
    to: what no act may do, none does afterwards."""
    organ = _organ_named(step)
    if step.act != CORRECT or not case.protected or organ is None:
        return []
    target = next((one for one in records if one.id == step.fields.get("target")), None)
    rule = kind.acts.get(target.act) if target else None
    declared = rule.field_rule(str(step.fields.get("field", ""))) if rule else None
    if declared is None or declared.type != "organ" or not is_accused_side(case, organ, day):
        return []
    return [
        Refusal(
            "to-the-accused",
            "不得把检举控告的材料和情况转给被检举控告的单位及其下属（信访工作条例第三十条第三款）",
            "nothing of an accusation may be sent to the unit it accuses or to one below it "
            "(R22 30(3))",
            kind.acts[CORRECT].basis,
            field="new",
        )
    ]


def _organ_named(step: Step) -> int | None:
    """Return the id that a correction gives as the new value, read as the correction reads it."""
    try:
        organ = int(str(step.fields.get("new", "")))
    except ValueError:
        return None
    return organ if 0 < organ <= MOST_ID else None
