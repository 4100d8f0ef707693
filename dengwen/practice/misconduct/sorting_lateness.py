"""Roads of a matter that is sorted too late: registered or sent on after its fifteen days, and
what only looks so.

`pen.day` is the last lawful day of the term in question.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from dengwen.practice.district.staff import PETITION_OFFICE
from dengwen.practice.misconduct.pen import DAY, POWER, SORT_DAYS, Pen, noon
from dengwen.practice.misconduct.script import MATTER, Draft, act_of

MISTYPED = "录入时看错月份，收到日期以信封邮戳为准（示例）"
MONTH_BEFORE = timedelta(days=31)


# --- registered -----------------------------------------------------------------------------------
def _goes_on(pen: Pen, day: date, unit: str) -> None:
    """Let a registered matter be classified and sent to a unit, and settled there in time."""
    received = pen.forwarded(pen.after(day, 1, 2), unit)
    pen.settle(pen.after(received, 8, 25), unit)


def _registered(pen: Pen, day: date, received: date, **more: Any) -> None:  # noqa: ANN401
    """Register on a day what was received on another: by the petition office, or by the organ
    itself."""
    if pen.unit == PETITION_OFFICE:
        draft = pen.register(received, office="petition_office", **more)
        pen.do(day, PETITION_OFFICE, "clerk", draft, pen.classify())
        _goes_on(pen, day, pen.others(1)[0])
        return
    draft = pen.register(received, **more)
    pen.do(day, pen.unit, "handler", draft, pen.classify(), pen.accept())
    pen.settle(pen.after(day, 8, 25), pen.unit)


def register_late(pen: Pen) -> None:
    """A letter registered after the fifteen days."""
    _registered(pen, pen.after(pen.day, 2, 20), pen.began(pen.day, SORT_DAYS), channel="letter")


def register_outside_late(pen: Pen) -> None:
    """A matter of the hotline, with its number there, registered after the fifteen days."""
    number = pen.digest("outside")
    _registered(
        pen,
        pen.after(pen.day, 2, 20),
        pen.began(pen.day, SORT_DAYS),
        channel="phone",
        outside_source="hotline",
        outside_no=number,
    )


def register_ill(pen: Pen) -> None:
    """The clerk is away on the due day and registers on the day of return."""
    _registered(pen, pen.back_at_work(), pen.began(pen.day, SORT_DAYS), channel="letter")


def register_typed(pen: Pen) -> None:
    """The day of receipt is typed a month too early; two persons correct it the next day."""
    day = pen.work(pen.day)
    wrong = day - MONTH_BEFORE
    _typed(pen, day, wrong, day)


def register_moved(pen: Pen) -> None:
    """The due day became a rest day by a notice; registered, and sent on, on the working day
    after it."""
    back = pen.work(pen.day + DAY)
    received = pen.began(pen.day, SORT_DAYS)
    if pen.unit != PETITION_OFFICE:
        _registered(pen, back, received, channel="letter")
        return
    draft = pen.register(received, office="petition_office", channel="letter")
    pen.do(back, PETITION_OFFICE, "clerk", draft, pen.classify())
    _ends(pen, back, pen.others(1)[0])


def _typed(pen: Pen, day: date, wrong: date, right: date) -> None:
    """Register a matter with a wrong day of receipt, and let two persons correct it the next
    day."""
    at_office = pen.unit == PETITION_OFFICE
    part = "clerk" if at_office else "handler"
    draft = pen.register(wrong, office="petition_office" if at_office else "organ")
    pen.do(day, pen.unit, part, draft, pen.classify())
    mended = pen.after(day, 1)
    registered = act_of(f"{MATTER}.register")
    pen.correct(mended, pen.unit, registered, "received_on", wrong, right, MISTYPED, part=part)
    if at_office:
        _goes_on(pen, mended, pen.others(1)[0])
        return
    accepted = pen.after(mended, 1, 4)
    pen.do(accepted, pen.unit, "handler", pen.accept())
    pen.settle(pen.after(accepted, 8, 25), pen.unit)


def register_power(pen: Pen) -> None:
    """Registered and sent on or accepted on paper in time; entered two or three days after the
    due day."""
    received = pen.began(pen.day, SORT_DAYS)
    done = pen.ground.back(pen.day - 2 * DAY)
    entered = pen.after(pen.day, 1, 3)
    late: dict[str, Any] = {"occurred_at": noon(done), "late_reason": POWER}
    if pen.unit == PETITION_OFFICE:
        unit = pen.others(1)[0]
        draft = pen.register(received, office="petition_office", **late)
        pen.do(entered, PETITION_OFFICE, "clerk", draft, pen.classify())
        _forwarded_on_paper(pen, entered, done + DAY, unit)
        return
    draft = pen.register(received, **late)
    accepted = pen.accept(
        occurred_at=noon(done + DAY), late_reason=POWER, paper=pen.digest("accept")
    )
    pen.do(entered, pen.unit, "handler", draft, pen.classify(), accepted)
    pen.settle(pen.after(entered, 8, 25), pen.unit)


def _forwarded_on_paper(pen: Pen, entered: date, claimed: date, unit: str) -> None:
    """Let a matter be sent on late in the record, on paper in time, and be settled by the unit."""
    forward = pen.claimed("forward", claimed, to=pen.organ(unit))
    pen.do(entered, PETITION_OFFICE, "router", forward)
    received = pen.after(entered, 1, 2)
    pen.do(received, unit, "handler", Draft(act="receive"), pen.accept())
    pen.settle(pen.after(received, 8, 25), unit)


# --- sent on --------------------------------------------------------------------------------------
def _received(pen: Pen) -> date:
    """Plan a registration by the petition office in time for its term to end on the day; returns
    that day."""
    first = pen.began(pen.day, SORT_DAYS)
    pen.do(
        first,
        PETITION_OFFICE,
        "clerk",
        pen.register(first, office="petition_office"),
        pen.classify(),
    )
    return first


def _ends(pen: Pen, day: date, unit: str) -> None:
    """Send a matter on to a unit on a day, and let it be settled there."""
    received = pen.forwarded(day, unit)
    pen.settle(pen.after(received, 8, 25), unit)


def forward_late(pen: Pen) -> None:
    """Registered in time, sent on after the fifteen days."""
    _received(pen)
    _ends(pen, pen.after(pen.day, 2, 25), pen.others(1)[0])


def forward_ill(pen: Pen) -> None:
    """The router is away on the due day and sends it on on return."""
    _received(pen)
    _ends(pen, pen.back_at_work(), pen.others(1)[0])


def forward_moved_day(pen: Pen) -> None:
    """The due day became a rest day by a notice; sent on on the working day after it."""
    _received(pen)
    _ends(pen, pen.work(pen.day + DAY), pen.others(1)[0])


def _objected(pen: Pen, day: date, unit: str) -> date:
    """Plan that a unit receives a matter, objects in time and the sender agrees; returns the day
    of agreement."""
    received = pen.forwarded(day, unit, accepted=False)
    objected = pen.after(received, 1)
    other = pen.others(1)[0]
    texts = {
        "reasons": "职责清单不含此项，属另一单位职责（示例）",
        "materials": "职责清单第三项（示例）",
    }
    pen.do(
        objected,
        unit,
        "handler",
        Draft(act="object", fields={"proposed": pen.organ(other)}, texts=texts),
    )
    agreed = pen.after(objected, 1)
    verified = {"verified": "经核实，确属另一机关职责（示例）"}
    pen.do(agreed, PETITION_OFFICE, "router", Draft(act="agree_return", texts=verified))
    return agreed


def forward_again_late(pen: Pen) -> None:
    """Taken back after an objection in time, but sent on again only after the fifteen days in
    all."""
    first = _received(pen)
    units = pen.others(2)
    _objected(pen, pen.after(first, 1), units[0])
    _ends(pen, pen.after(pen.day, 2, 20), units[1])


def forward_moved(pen: Pen) -> None:
    """Taken back after an objection and sent on again at once: a lawful transfer."""
    first = pen.began(pen.day, SORT_DAYS)
    pen.do(
        first,
        PETITION_OFFICE,
        "clerk",
        pen.register(first, office="petition_office"),
        pen.classify(),
    )
    unit = pen.unit if pen.unit != PETITION_OFFICE else pen.others(1)[0]
    agreed = _objected(pen, pen.after(first, 1), unit)
    _ends(pen, pen.after(agreed, 1), next(c for c in pen.others(3) if c != unit))


def forward_power(pen: Pen) -> None:
    """Sent on on paper in time, entered after the due day."""
    first = _received(pen)
    unit = pen.others(1)[0]
    claimed = pen.after(first, 6, 9)
    entered = pen.after(pen.day, 1, 3)
    _forwarded_on_paper(pen, entered, claimed, unit)
