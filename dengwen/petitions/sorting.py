"""Sorting a matter (R22 22, 28(2)): its class and path, and where it goes, in one call of the write door.

A matter that proves to be an accusation takes its accused side with the same act, so that the wall stands before
anybody could look (access model 4.1).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from dengwen.cases.models import Case
from dengwen.law.steps import FieldValue, Step
from dengwen.organs.models import Organ
from dengwen.petitions.intake import Intake, accused_parties

ACCUSATION = "accusation"


def sorting_steps(
    case: Case, chosen: Mapping[str, FieldValue], *, text: str, day: date, organ: int | None, onward: Step | None = None
) -> tuple[Step, ...]:
    """Return the steps that class a matter and, if `onward` says so, send it on in the same call.

    `chosen` are the fields of `classify`; `text` is what the matter says, in which an accusation finds its accused.
    """
    office = Organ.objects.get(pk=organ or case.holder_id or 0)
    proposed = ACCUSATION if chosen.get("class") == ACCUSATION else ""
    said = Intake(channel="", content=text, proposed_class=proposed)
    classify = Step(
        act="classify", case=case.number, fields=dict(chosen), parties=accused_parties(said, office, day)
    )
    return (classify, onward) if onward is not None else (classify,)
