"""Whom a file of accountability concerns: walled off until told, readers from then on.

They see nothing of it before they are told, and the file itself from then on. The wall reads these
standings (`cases.wall`). Unlike an accused side, which is never let in again, whoever a decision
concerns must be able to read it, answer it and appeal.
"""

from __future__ import annotations

from collections.abc import Iterable

from dengwen.cases.models import Party
from dengwen.law.duties.step import Facts

CONCERNED_PERSON, CONCERNED_UNIT = "concerned_person", "concerned_unit"
TOLD_PERSON, TOLD_UNIT = "told_person", "told_unit"


def just(pk: int | None) -> tuple[int, ...]:
    """Return one row id as `concern` and `tell` take it, nothing for None."""
    return () if pk is None else (pk,)


def concern(facts: Facts, officials: Iterable[int] = (), organs: Iterable[int] = ()) -> None:
    """Put officials and organs behind the wall of the case until they are told; each is entered
    once."""
    _enter(facts, CONCERNED_PERSON, "official_id", officials)
    _enter(facts, CONCERNED_UNIT, "organ_id", organs)


def tell(facts: Facts, officials: Iterable[int] = (), organs: Iterable[int] = ()) -> None:
    """Lift that wall on the day of the act and let those officials, and the people of those organs,
    read the case."""
    people, units = sorted(set(officials)), sorted(set(organs))
    waiting = Party.objects.filter(case_id=facts.case_id, until__isnull=True)
    waiting.filter(role=CONCERNED_PERSON, official_id__in=people).update(until=facts.day)
    waiting.filter(role=CONCERNED_UNIT, organ_id__in=units).update(until=facts.day)
    _enter(facts, TOLD_PERSON, "official_id", people)
    _enter(facts, TOLD_UNIT, "organ_id", units)


def _enter(facts: Facts, role: str, column: str, wanted: Iterable[int]) -> None:
    """Enter those who do not stand in a role yet."""
    known = Party.objects.filter(case_id=facts.case_id, role=role, until__isnull=True).values_list(
        column, flat=True
    )
    new = sorted(set(wanted) - set(known))
    rows = [{column: pk} for pk in new]
    Party.objects.bulk_create(
        Party(case_id=facts.case_id, role=role, act_id=facts.act_id, since=facts.day, **row)
        for row in rows
    )
