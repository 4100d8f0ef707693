"""Which organ has management authority over whom a file concerns, on a day (S 13–17).

As registered on that day; it is never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from dengwen.accountability.measures.refusals import refuse
from dengwen.accountability.measures.sanction_handover import SUPERVISORY
from dengwen.law.duties.step import Facts
from dengwen.organs.models import Official, Organ
from dengwen.organs.structure.management import authority_over, manager_of_organ


def manages(facts: Facts, official: int | None, organ: int | None, where: str) -> None:
    """Refuse an organ that is registered not to manage whom the file concerns; nothing is guessed
    where none is."""
    names = managers_of(official, organ, facts.day)
    if Organ.objects.filter(pk=facts.organ or 0, kind__in=SUPERVISORY).exists():
        # opens a file of its own for a sanction; any other measure is refused there for want of
        # authority
        return
    if names and facts.organ not in names:
        shown = "、".join(names.values())
        raise refuse(
            "no-authority",
            where,
            (
                "本机关今天对其没有管理权限",
                "this organ has no management authority today",
            ),
            (f"向{shown}提出建议", f"propose to {shown}"),
            under="management",
        )


def managers_of(official: int | None, organ: int | None, day: date) -> Mapping[int, str]:
    """Return the organs with management authority on a day, by row id with their names; empty where
    none is known."""
    if official is not None:
        found = authority_over(Official.objects.get(pk=official), day).managers
        return {manager.pk: manager.name_zh for manager, _ in found}
    manager = manager_of_organ(Organ.objects.get(pk=organ or 0), day)
    return {} if manager is None else {manager.pk: manager.name_zh}
