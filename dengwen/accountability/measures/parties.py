"""Whom a file of accountability concerns: walled off until told, readers from then on.

They see nothing of it before they are told, and the file itself from then on. The wall reads these
standings (`cases.wall`). Unlike an accused side, which is never let in again, whoever a decision
concerns must be able to read it, answer it and appeal.
"""

from __future__ import annotations

from collections.abc import Iterable

from dengwen.cases.models import Party
from dengwen.cases.write.case_parties import enter_in_role
from dengwen.law.duties.step import Facts

CONCERNED_PERSON, CONCERNED_UNIT = "concerned_person", "concerned_unit"
TOLD_PERSON, TOLD_UNIT = "told_person", "told_unit"


def just(pk: int | None) -> tuple[int, ...]:
    """Return one row id as `concern` and `tell` take it, nothing for None."""
    return () if pk is None else (pk,)


def concern(facts: Facts, officials: Iterable[int] = (), organs: Iterable[int] = ()) -> None:
    """Put officials and organs behind the wall of the case until they are told; each is entered
    once."""
    people, units = set(officials), set(organs)
    enter_in_role(facts, CONCERNED_PERSON, officials=people - _in(facts, CONCERNED_PERSON))
    enter_in_role(facts, CONCERNED_UNIT, organs=units - _in(facts, CONCERNED_UNIT))


def tell(facts: Facts, officials: Iterable[int] = (), organs: Iterable[int] = ()) -> None:
    """Lift that wall on the day of the act and let those officials, and the people of those organs,
    read the case."""
    people, units = set(officials), set(organs)
    waiting = Party.objects.filter(case_id=facts.case_id, until__isnull=True)
    waiting.filter(role=CONCERNED_PERSON, official_id__in=people).update(until=facts.day)
    waiting.filter(role=CONCERNED_UNIT, organ_id__in=units).update(until=facts.day)
    enter_in_role(facts, TOLD_PERSON, officials=people - _in(facts, TOLD_PERSON))
    enter_in_role(facts, TOLD_UNIT, organs=units - _in(facts, TOLD_UNIT))


def _in(facts: Facts, role: str) -> set[int]:
    """Return the officials or organs that stand in a role of the case."""
    rows = Party.objects.filter(case_id=facts.case_id, role=role, until__isnull=True)
    pairs = rows.values_list("official_id", "organ_id")
    return {official or organ for official, organ in pairs}
