"""Is what a step changes by claim? One answer for the door that writes it and the page that shows
beforehand what it would change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dengwen.cases.models import Case
from dengwen.cases.write import late_holders
from dengwen.cases.write.call_context import CallContext
from dengwen.cases.write.correction_check import corrected_late
from dengwen.cases.write.late_check import late_duties
from dengwen.law.duties.act_record import CORRECT, ActRecord, CaseView
from dengwen.law.duties.admissibility import Actor
from dengwen.law.duties.late_entry import NOTHING
from dengwen.law.duties.step import Step
from dengwen.law.packs.library import Rulebook


def rests_on_claim(
    step: Step,
    case: Case,
    view: CaseView,
    records: Sequence[ActRecord],
    book: Rulebook,
    actor: Actor,
    now: datetime,
    call: CallContext,
) -> bool:
    """Say whether a step is entered later than it should be. That it takes two for another reason
    (`two_persons`, `two_persons_if`, a correction of a day on the day of its entry) says nothing of
    when it was done."""
    kind = book.kind(case.kind)
    rule = kind.acts[step.act]
    if rule.two_persons:
        return False
    if step.act == CORRECT:
        return bool(corrected_late(step, kind, records, actor, view, now, call))
    if late_duties(step, rule, case, view, records, book, actor, now, call):
        return True
    given = case.kind, actor.user, actor.organ, now, call, NOTHING
    return bool(late_holders.refusals(step, rule, *given))
