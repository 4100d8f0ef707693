"""Handing over everything a person has open, in one step, when the person goes on leave or
leaves (R22 28(1))."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from dengwen.cases.models import Case, Duty
from dengwen.cases.read.case_view import read_file
from dengwen.cases.write.perform import MAX_STEPS, By, Performed, perform
from dengwen.law.duties.step import Step
from dengwen.law.packs.soundness import states_after
from dengwen.organs.models import Official

HAND_OVER = "hand_over"


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What a hand-over moved: the numbers of the cases, the calls that moved them, and what
    needs a step of its own."""

    cases: tuple[str, ...]
    calls: tuple[Performed, ...]
    left: tuple[str, ...] = ()


def open_cases(official: Official, organ: int, among: QuerySet[Case] | None = None) -> list[Case]:
    """Return the cases of an organ in which an official has an open duty or is the handler, oldest
    first.

    `among` are the cases somebody may see; without it all are looked through.
    """
    cases = Case.objects.all() if among is None else among
    with_duty = Duty.objects.filter(official=official, holder_id=organ, state="open").values(
        "case_id"
    )
    handled = Q(handler=official, holder_id=organ)
    return list(cases.filter(Q(pk__in=with_duty) | handled).distinct().order_by("pk"))


def can_be_handed_over(case: Case, now: datetime) -> bool:
    """Say whether the procedure of a case knows another handler, and the case stands where one
    may be named."""
    file = read_file(case, now)
    rule = file.kind.acts.get(HAND_OVER)
    if rule is None or not rule.handler:
        return False
    return case.state in states_after(file.kind, rule) and set(rule.needs_act) <= set(
        file.view.done
    )


def hand_over_all(
    official: Official,
    to: Official,
    organ: int,
    *,
    by: By,
    now: datetime,
    uid: str,
    note: str = "",
    among: QuerySet[Case] | None = None,
) -> HandedOver:
    """Hand every open case of `official` in an organ to `to`, all or none.

    Each case gets an act of its own, so that who answered on which day stays readable; the duties
    follow. Beyond
    200 cases further calls follow, each whole in itself and repeatable under the same `uid`. What
    its procedure hands
    over by no such act (a leader's case in charge, an inspection) is left and named. Raises
    `Refused`.
    """
    found = open_cases(official, organ, among)
    cases = [case for case in found if can_be_handed_over(case, now)]
    texts = {"note": note} if note else {}
    steps = [
        Step(act=HAND_OVER, case=c.number, organ=organ, fields={"official": to.pk}, texts=texts)
        for c in cases
    ]
    parts = [steps[start : start + MAX_STEPS] for start in range(0, len(steps), MAX_STEPS)]
    calls = tuple(
        perform(*part, by=by, now=now, uid=f"{uid}.{place}") for place, part in enumerate(parts)
    )
    owed = set(
        Duty.objects.filter(official=official, holder_id=organ, state="open").values_list(
            "case_id", flat=True
        )
    )
    left = tuple(case.number for case in found if case not in cases and case.pk in owed)
    return HandedOver(tuple(c.number for c in cases), calls, left)
