"""What would excuse a late duty and was entered only after its day: shown, and never applied.

What was known in time is applied by `Material.late_duties` before anything is found. The rest is
gathered here for whoever judges: absences, objections, longer times, what ended the duty, and a
registration that claims an earlier day.
"""

from __future__ import annotations

from collections.abc import Iterator

from dengwen.accountability.finders.material import Material, Owed
from dengwen.law.duties.act_record import VOID
from dengwen.law.duties.excuse import LONGER, Excuse, claims

ENDED: dict[str, tuple[str, str]] = {
    "withdraw": ("信访人撤回", "withdrawn by the petitioner"),
    "correct": ("更正以后不再负有这一责任", "corrected: the duty was never owed"),
}
"""The acts that end a duty otherwise than by doing it, and how they are called in a claim."""
OTHERWISE = ("责任因另一行为终止", "ended by another act")


def claims_on(material: Material, duty: Owed) -> tuple[Excuse, ...]:
    """Return what would excuse a late duty and was entered after the day for which it counts."""
    if duty.due is None:
        return ()
    return claims(_excuses(material, duty))


def _excuses(material: Material, duty: Owed) -> Iterator[Excuse]:
    """Yield all that would excuse a late duty, whenever it was entered."""
    yield from material.absences_of(duty)
    yield from _longer(material, duty)
    yield from _ended(material, duty)
    yield from _registered(duty)


def _longer(material: Material, duty: Owed) -> Iterator[Excuse]:
    """Yield the longer times given in the case of a duty."""
    if duty.due is None:
        return
    for did in material.by_case(*LONGER).get(duty.case, ()):
        if did.pk > duty.opened_by:
            yield Excuse(*LONGER[did.act], did.recorded, duty.due, did.case, did.pk)


def _ended(material: Material, duty: Owed) -> Iterator[Excuse]:
    """Yield what ended a duty that was not done, and the objections before that."""
    if duty.state != VOID or duty.due is None or duty.closed_recorded is None:
        return
    words = ENDED.get(duty.ended_by or "", OTHERWISE)
    yield Excuse(*words, duty.closed_recorded, duty.due, duty.case, duty.closed_by)
    yield from material.objections_of(duty)


def _registered(duty: Owed) -> Iterator[Excuse]:
    """Yield what opened a duty where it says that this was by the last day."""
    if duty.due is None or duty.opened_on > duty.due:
        return
    words = f"{duty.opened_on} 已经收到、登记", f"received and registered on {duty.opened_on}"
    yield Excuse(*words, duty.opened_recorded, duty.due, duty.case, duty.opened_by)
