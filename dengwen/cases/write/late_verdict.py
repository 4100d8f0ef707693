"""Is what a step changes by claim? One answer for the door that writes it and the page that shows
beforehand what it would change."""

from __future__ import annotations

from dengwen.cases.write import late_holders
from dengwen.cases.write.correction_check import corrected_late
from dengwen.cases.write.late_check import Entry, late_duties
from dengwen.law.duties.act_record import CORRECT
from dengwen.law.duties.late_entry import NOTHING


def rests_on_claim(entry: Entry) -> bool:
    """Say whether a step is entered later than it should be. That it takes two for another reason
    (`two_persons`, `two_persons_if`, a correction of a day on the day of its entry) says nothing of
    when it was done."""
    if entry.rule.two_persons:
        return False
    if entry.step.act == CORRECT:
        return bool(corrected_late(entry))
    return bool(late_duties(entry) or late_holders.refusals(entry, NOTHING))
