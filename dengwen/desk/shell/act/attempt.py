"""Doing acts from a page that asks for them in its own way."""

from __future__ import annotations

from collections.abc import Sequence

from dengwen.cases.write.check import Refused
from dengwen.cases.write.perform import Performed, perform
from dengwen.desk.shell.act.act_refusals import EFFECT_ERRORS, as_reason
from dengwen.desk.shell.frame.seat import Seat, uid_of
from dengwen.law.duties.act_record import Refusal
from dengwen.law.duties.step import Step
from dengwen.law.packs.rules import ActRule


def attempt(seat: Seat, steps: Sequence[Step], rule: ActRule) -> Performed | tuple[Refusal, ...]:
    """Do steps in one call of the write door, or return the reasons for which it was refused.

    An error of an effect becomes a reason that names `rule`, the act the page is about.
    """
    try:
        return perform(*steps, by=seat.by, now=seat.now, uid=uid_of(seat))
    except Refused as refused:
        return tuple(refused.reasons)
    except EFFECT_ERRORS as error:
        return (as_reason(error, rule),)
