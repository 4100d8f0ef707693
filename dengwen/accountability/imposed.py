"""Measures imposed and exemptions found, read from the acts of their cases; nothing is kept beside the acts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import QuerySet

from dengwen.cases.models import Act, Case
from dengwen.law.record import civil

ACCOUNTABILITY, APPEAL, INQUIRY = "accountability", "accountability_appeal", "inquiry"


@dataclass(frozen=True, slots=True)
class Imposition:
    """One measure on one person or organ: the number of its decision, the measure, by whom and when it was decided.

    `undone` is the day on which it was revoked or corrected, None while it stands; `place` is where its rules hold.
    """

    case: str
    place: str
    measure: str
    decided: date
    decided_by: str
    undone: date | None


@dataclass(frozen=True, slots=True)
class Exemption:
    """A finding that an official bears no responsibility, or is exempted: in which case, when, on which ground."""

    case: str
    on: date
    ground: str
    law: str
    article: str


def subject_of(case: Case) -> tuple[int | None, int | None]:
    """Return whom a case of accountability concerns: the official, or the organ (row ids)."""
    for data in Act.objects.filter(case=case).order_by("seq").values_list("data", flat=True):
        if "subject_official" in data or "subject_organ" in data:
            return data.get("subject_official"), data.get("subject_organ")
    return None, None


def impositions_in(case: Case) -> tuple[Imposition, ...]:
    """Return the measures decided in a case of accountability, undone ones too, the earliest first.

    A lighter measure that an appeal put in the place of another counts from the day of the original decision: it stands
    for that decision, and nothing gets worse by an appeal.
    """
    acts = list(Act.objects.filter(case=case, act__in=(DECIDE, *UNDOING)).select_related("organ").order_by("seq"))
    found: list[Imposition] = []
    for place, act in enumerate(acts):
        if act.act == DECIDE:
            by = act.organ.name_zh if act.organ else ""
            for measure in act.data["measures"]:
                found += _followed(Imposition(case.number, case.place, str(measure), civil(act.occurred_at), by, None),
                                   acts[place + 1 :])  # fmt: skip
    return tuple(found)


DECIDE = "decide"
UNDOING = ("correct_wrongful", "set_aside")
"""Acts of a case of accountability that undo measures: the correction, and what was decided on appeal."""


def _followed(one: Imposition, later: Sequence[Act]) -> list[Imposition]:
    """Return a measure as later acts left it, with the lighter one an appeal put in its place."""
    for place, act in enumerate(later):
        named = act.data.get("measures", (act.data.get("measure"),))
        if act.act in UNDOING and one.measure in named:
            undone = replace(one, undone=civil(act.occurred_at))
            instead = str(act.data.get("instead", ""))
            more = _followed(replace(one, measure=instead), later[place + 1 :]) if instead else []
            return [undone, *more]
    return [one]


def impositions_on(official: int) -> tuple[Imposition, ...]:
    """Return every measure ever decided on an official, expired and undone ones too, the earliest first."""
    found = [one for case in _cases_of(official) for one in impositions_in(case)]
    return tuple(sorted(found, key=lambda one: (one.decided, one.case, one.measure)))


def _cases_of(official: int) -> QuerySet[Case]:
    named = Act.objects.filter(case__kind=ACCOUNTABILITY, data__subject_official=official).values("case")
    return Case.objects.filter(pk__in=named).order_by("number")


# --- exemptions ---------------------------------------------------------------------------------------------------
GROUNDS = {
    "diligence": ("尽职免责", "diligent: exempt"),
    "dissent": ("明确反对而未被采纳，不承担领导责任", "clear objection not followed: no leadership responsibility"),
    "no_part": ("没有参与决策和工作", "took no part in decision and work"),
}
"""Findings in favour of somebody that an opinion repeats. That something was not shown is none: saying so would carry
a suspicion on that nobody could show."""
BASIS = "S", "11 para. 2"


def exemptions_of(official: int, on: date) -> tuple[Exemption, ...]:
    """Return the findings up to a day that exempt an official, or find no responsibility, the earliest first."""
    acts = Act.objects.filter(case__in=_cases_of(official), act="decide_none").select_related("case")
    found = [
        Exemption(act.case.number, civil(act.occurred_at), str(act.data["ground"]), *BASIS)
        for act in acts.order_by("occurred_at", "pk") if act.data.get("ground") in GROUNDS
    ]  # fmt: skip
    return tuple(one for one in found if one.on <= on)
