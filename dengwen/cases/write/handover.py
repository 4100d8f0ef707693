"""Handing over everything a person has open, in one step, when the person goes on leave or
leaves (R22 28(1))."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from dengwen.cases.models import Case, Duty
from dengwen.cases.read.case_view import read_file
from dengwen.cases.write.perform import By, Performed, perform
from dengwen.cases.write.running_call import MAX_STEPS
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
    with_duty = _owed(official, organ).values("case_id")
    handled = Q(handler=official, holder_id=organ)
    return list(cases.filter(Q(pk__in=with_duty) | handled).distinct().order_by("pk"))


def _owed(official: Official, organ: int) -> QuerySet[Duty]:
    """Return the open duties of an organ that lie with an official."""
    return Duty.objects.filter(official=official, holder_id=organ, state="open")


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
    follow. Beyond 200 cases further calls follow, each whole in itself and repeatable under the
    same `uid`. What its procedure hands over by no such act (a leader's case in charge, an
    inspection) is left and named. Raises `Refused`.
    """
    found = open_cases(official, organ, among)
    cases = [case for case in found if can_be_handed_over(case, now)]
    steps = [_handing(case, to, organ, note) for case in cases]
    calls = []
    for place, start in enumerate(range(0, len(steps), MAX_STEPS)):
        part = steps[start : start + MAX_STEPS]
        calls.append(perform(*part, by=by, now=now, uid=f"{uid}.{place}"))
    owed = set(_owed(official, organ).values_list("case_id", flat=True))
    left = [case.number for case in found if case not in cases and case.pk in owed]
    return HandedOver(tuple(case.number for case in cases), tuple(calls), tuple(left))


def _handing(case: Case, to: Official, organ: int, note: str) -> Step:
    """Return the step that names another handler of a case."""
    texts = {"note": note} if note else {}
    return Step(
        act=HAND_OVER, case=case.number, organ=organ, fields={"official": to.pk}, texts=texts
    )
