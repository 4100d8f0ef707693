"""Handing over everything a person has open, in one step, when the person goes on leave or leaves (R22 28(1))."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dengwen.cases.models import Case, Duty
from dengwen.cases.perform import MAX_STEPS, By, Performed, perform
from dengwen.law.steps import Step
from dengwen.organs.models import Official

HAND_OVER = "hand_over"


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What a hand-over moved: the numbers of the cases, and the calls that moved them."""

    cases: tuple[str, ...]
    calls: tuple[Performed, ...]


def open_cases(official: Official, organ: int) -> list[Case]:
    """Return the cases of an organ in which an official has an open duty or is the handler, oldest first."""
    with_duty = Duty.objects.filter(official=official, holder_id=organ, state="open").values("case_id")
    handled = Case.objects.filter(handler=official, holder_id=organ)
    return list((Case.objects.filter(pk__in=with_duty) | handled).distinct().order_by("pk"))


def hand_over_all(
    official: Official, to: Official, organ: int, *, by: By, now: datetime, uid: str, note: str = ""
) -> HandedOver:
    """Hand every open case of `official` in an organ to `to`, all or none.

    Each case gets an act of its own, so that who answered on which day stays readable; the duties follow. Beyond
    200 cases further calls follow, each whole in itself and repeatable under the same `uid`. Raises `Refused`.
    """
    cases = open_cases(official, organ)
    texts = {"note": note} if note else {}
    steps = [Step(act=HAND_OVER, case=c.number, organ=organ, fields={"official": to.pk}, texts=texts) for c in cases]
    parts = [steps[start : start + MAX_STEPS] for start in range(0, len(steps), MAX_STEPS)]
    calls = tuple(perform(*part, by=by, now=now, uid=f"{uid}.{place}") for place, part in enumerate(parts))
    return HandedOver(tuple(c.number for c in cases), calls)
