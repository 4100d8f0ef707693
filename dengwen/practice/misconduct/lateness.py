"""Roads of what is done too late: registered, sent on, told, handled, supervised, executed; and
what only looks so.

`pen.day` is the last lawful day of the term in question.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from dengwen.law.duties.act_record import CHINA
from dengwen.law.duties.step import FieldValue
from dengwen.practice.district.staff import PETITION_OFFICE
from dengwen.practice.misconduct.pen import DAY, HANDLE_DAYS, NOTICE_DAYS, SORT_DAYS, Pen, Road
from dengwen.practice.misconduct.script import MATTER, Draft, act_of

POWER = "停电一日，当日先在纸上登记办理，来电后补录，附纸质登记表（示例）"
MISTYPED = "录入时看错月份，收到日期以信封邮戳为准（示例）"
MONTH_BEFORE = timedelta(days=31)


def noon(day: date) -> datetime:
    """Return noon in China: what somebody claims who knows the day from a paper."""
    return datetime.combine(day, time(12), CHINA)


def away(pen: Pen) -> date:
    """Return the day on which the person in charge, away on the due day, is back."""
    return pen.work(pen.ground.leaves[pen.unit][1] + DAY)


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
    else:
        pen.do(
            day, pen.unit, "handler", pen.register(received, **more), pen.classify(), pen.accept()
        )
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
    _registered(pen, away(pen), pen.began(pen.day, SORT_DAYS), channel="letter")


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
    office = pen.unit == PETITION_OFFICE
    part = "clerk" if office else "handler"
    draft = pen.register(wrong, office="petition_office" if office else "organ")
    pen.do(day, pen.unit, part, draft, pen.classify())
    mended = pen.after(day, 1)
    pen.correct(
        mended,
        pen.unit,
        act_of(f"{MATTER}.register"),
        "received_on",
        wrong,
        right,
        MISTYPED,
        part=part,
    )
    if office:
        _goes_on(pen, mended, pen.others(1)[0])
    else:
        accepted = pen.after(mended, 1, 4)
        pen.do(accepted, pen.unit, "handler", pen.accept())
        pen.settle(pen.after(accepted, 8, 25), pen.unit)


def register_power(pen: Pen) -> None:
    """Registered and sent on or accepted on paper in time; entered two or three days after the
    due day."""
    received = pen.began(pen.day, SORT_DAYS)
    done = pen.ground.back(pen.day - 2 * DAY)
    entered = pen.after(pen.day, 1, 3)
    more: dict[str, Any] = {"occurred_at": noon(done), "late_reason": POWER}
    if pen.unit == PETITION_OFFICE:
        unit = pen.others(1)[0]
        draft = pen.register(received, office="petition_office", **more)
        pen.do(entered, PETITION_OFFICE, "clerk", draft, pen.classify())
        pen.do(
            entered,
            PETITION_OFFICE,
            "router",
            _claimed(pen, "forward", done + DAY, to=pen.organ(unit)),
        )
        at = pen.after(entered, 1, 2)
        pen.do(at, unit, "handler", Draft(act="receive"), pen.accept())
        pen.settle(pen.after(at, 8, 25), unit)
        return
    pen.do(
        entered,
        pen.unit,
        "handler",
        pen.register(received, **more),
        pen.classify(),
        _accepted(pen, done + DAY),
    )
    pen.settle(pen.after(entered, 8, 25), pen.unit)


def _claimed(
    pen: Pen, act: str, day: date, texts: Mapping[str, str] | None = None, **fields: FieldValue
) -> Draft:
    """Return an act entered late, with the reason and the paper it rests on."""
    return Draft(
        act=act,
        fields=fields,
        texts=texts or {},
        occurred_at=noon(day),
        late_reason=POWER,
        paper=pen.digest(act),
    )


def _accepted(pen: Pen, day: date) -> Draft:
    return pen.accept(occurred_at=noon(day), late_reason=POWER, paper=pen.digest("accept"))


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
    received = pen.forwarded(day, unit)
    pen.settle(pen.after(received, 8, 25), unit)


def forward_late(pen: Pen) -> None:
    """Registered in time, sent on after the fifteen days."""
    _received(pen)
    _ends(pen, pen.after(pen.day, 2, 25), pen.others(1)[0])


def forward_ill(pen: Pen) -> None:
    """The router is away on the due day and sends it on on return."""
    _received(pen)
    _ends(pen, away(pen), pen.others(1)[0])


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
    pen.do(
        entered, PETITION_OFFICE, "router", _claimed(pen, "forward", claimed, to=pen.organ(unit))
    )
    at = pen.after(entered, 1, 2)
    pen.do(at, unit, "handler", Draft(act="receive"), pen.accept())
    pen.settle(pen.after(at, 8, 25), unit)


# --- told -----------------------------------------------------------------------------------------
def _arrives(pen: Pen, day: date, *more: Draft) -> None:
    """Plan that a matter registered by the petition office reaches the unit on a day; `more` is
    done on receipt."""
    registered = pen.ground.back(day - 3 * DAY)
    draft = pen.register(registered, office="petition_office")
    pen.do(registered, PETITION_OFFICE, "clerk", draft, pen.classify())
    sent = max(pen.ground.back(day - DAY), registered)
    to = {"to": pen.organ(pen.unit)}
    pen.do(sent, PETITION_OFFICE, "router", Draft(act="forward", fields=to))
    pen.do(day, pen.unit, "handler", Draft(act="receive"), *more)


def _unaccepted(pen: Pen, *, direct: bool) -> date:
    """Plan a matter that reaches the unit so that its notice is due on the day; returns the day
    it came in."""
    came = pen.began(pen.day, NOTICE_DAYS)
    if direct:
        return pen.direct(came, pen.unit, accepted=False)
    _arrives(pen, came)
    return came


def _told(pen: Pen, day: date) -> None:
    pen.do(day, pen.unit, "handler", pen.accept())
    pen.settle(pen.after(day, 8, 25), pen.unit)


def accept_late(pen: Pen) -> None:
    """A matter sent on is accepted after the fifteen days."""
    _unaccepted(pen, direct=False)
    _told(pen, pen.after(pen.day, 2, 20))


def accept_direct_late(pen: Pen) -> None:
    """A matter received directly is accepted after the fifteen days."""
    _unaccepted(pen, direct=True)
    _told(pen, pen.after(pen.day, 2, 20))


def accept_ill(pen: Pen) -> None:
    """The handler is away on the due day and tells the petitioner on return."""
    _unaccepted(pen, direct=pen.random.random() < 0.5)
    _told(pen, away(pen))


def _entered_late(reason: str) -> Road:
    def road(pen: Pen) -> None:
        """Told on paper in time, as is claimed; entered after the due day."""
        came = _unaccepted(pen, direct=pen.random.random() < 0.5)
        entered = pen.after(pen.day, 1, 3)
        pen.shows(entered)
        claimed = noon(pen.after(came, 3, 8))
        draft = pen.accept(occurred_at=claimed, late_reason=reason, paper=pen.digest("accept"))
        pen.do(entered, pen.unit, "handler", draft)
        pen.settle(pen.after(entered, 8, 25), pen.unit)

    return road


accept_power = _entered_late(POWER)


# --- handled and supervised -----------------------------------------------------------------------
def _running(pen: Pen, *, sent: bool = True) -> date:
    """Plan a matter accepted so that its sixty days end on the day; returns the day of
    acceptance."""
    accepted = pen.began(pen.day, HANDLE_DAYS)
    if not sent:
        return pen.direct(accepted, pen.unit)
    _arrives(pen, accepted, pen.accept())
    return accepted


def settle_late(pen: Pen) -> None:
    """Settled after the sixty days; the petition office had ordered it within three."""
    _running(pen)
    pen.supervise(pen.after(pen.day, 1, 3), pen.unit, "order")
    pen.settle(pen.after(pen.day, 10, 40), pen.unit)


def opinion_late(pen: Pen) -> None:
    """The opinion issued after the sixty days; the petition office had ordered it within three."""
    _running(pen)
    pen.supervise(pen.after(pen.day, 1, 3), pen.unit, "order")
    pen.opinion(
        pen.after(pen.day, 8, 30), pen.unit, outcome=pen.random.choice(("support", "explain"))
    )


def extended(pen: Pen) -> None:
    """Extended by the head in time and settled within the thirty days more."""
    accepted = _running(pen)
    fields = {"days": 30, "told_petitioner": True}
    day = pen.after(accepted, 40, 48)
    pen.do(
        day,
        pen.unit,
        "head",
        Draft(act="extend", fields=fields, texts={"reason": "需要委托检测（示例）"}),
    )
    pen.settle(pen.after(pen.day, 3, 18), pen.unit)


def handle_ill(pen: Pen) -> None:
    """The handler is away on the due day; the matter is handed over and settled right after."""
    accepted = _running(pen)
    handler = pen.ground.stage.official(pen.unit, "handler")[0]
    pen.do(
        pen.after(accepted, 1, 3),
        pen.unit,
        "handler",
        Draft(act="assign_handler", fields={"official": handler}),
    )
    stands_in = pen.ground.stage.official(pen.unit, "checker")[0]
    left = pen.work(pen.ground.leaves[pen.unit][0])
    note = {"note": "休假期间移交，材料齐备（示例）"}
    pen.do(
        left,
        pen.unit,
        "handler",
        Draft(act="hand_over", fields={"official": stands_in}, texts=note),
    )
    pen.supervise(pen.after(pen.day, 1, 3), pen.unit, "remind")
    pen.settle(pen.after(away(pen), 0, 3), pen.unit)


def handle_power(pen: Pen) -> None:
    """Settled on paper in time, entered after the due day."""
    accepted = _running(pen, sent=pen.random.random() < 0.5)
    fields: dict[str, Any] = {
        "both_parties_agree": True,
        "lawful_terms": True,
        "paper_kind": "mediation",
    }
    texts = {"parties_text": "双方（示例甲、示例乙）", "terms": "双方按协议履行（示例）"}
    claimed = pen.after(accepted, 40, 50)
    pen.do(
        pen.after(pen.day, 1, 3),
        pen.unit,
        "handler",
        _claimed(pen, "settle", claimed, texts, **fields),
    )


def never_supervised(pen: Pen) -> None:
    """Nothing happens for months after the sixty days, and the petition office says nothing."""
    _running(pen)
    pen.settle(pen.after(pen.day, 55, 90), pen.unit)


def supervised_late(pen: Pen) -> None:
    """The petition office orders it only long after the sixty days."""
    _running(pen)
    pen.supervise(pen.after(pen.day, 45, 60), pen.unit, "order")
    pen.settle(pen.after(pen.day, 70, 90), pen.unit)


def _supervised(act: str) -> Road:
    def road(pen: Pen) -> None:
        """Late, but the petition office acted within three days."""
        _running(pen)
        pen.supervise(pen.after(pen.day, 1, 3), pen.unit, act)
        pen.settle(pen.after(pen.day, 45, 70), pen.unit)

    return road


# --- executed -------------------------------------------------------------------------------------
def _promised(pen: Pen, by: date) -> date:
    """Plan a supporting opinion and the promise to carry it out by a day; returns the day of the
    promise."""
    accepted = pen.ground.back(by - timedelta(days=55))
    pen.direct(accepted, pen.unit)
    served = pen.opinion(pen.after(accepted, 8, 15), pen.unit)
    fields = {"unit": pen.organ(pen.unit), "execute_by": by}
    pen.do(
        served,
        pen.unit,
        "handler",
        Draft(act="promise", fields=fields, texts={"what": "修复屋面并回访（示例）"}),
    )
    return served


def _proof(pen: Pen) -> dict[str, Any]:
    return {"proof": pen.digest("execution")}


def executed_late(pen: Pen) -> None:
    """Proof long after the day promised."""
    _promised(pen, pen.day)
    late = pen.after(pen.day, 8, 45)
    pen.do(
        late,
        pen.unit,
        "handler",
        Draft(act="prove_execution", fields=_proof(pen), texts={"what": "已修复（示例）"}),
    )


def never_executed(pen: Pen) -> None:
    """No proof at all."""
    _promised(pen, pen.day)


def executed_power(pen: Pen) -> None:
    """Carried out in time, entered after the day."""
    _promised(pen, pen.day)
    claimed = pen.ground.back(pen.day - 2 * DAY)
    texts = {"what": "已修复（示例）"}
    entered = pen.after(pen.day, 1, 3)
    pen.do(
        entered,
        pen.unit,
        "handler",
        _claimed(pen, "prove_execution", claimed, texts, **_proof(pen)),
    )


def promise_moved(pen: Pen) -> None:
    """The day is moved by agreement before it comes, by two persons, and kept."""
    promised = _promised(pen, pen.day)
    later = pen.work(pen.day + timedelta(days=30))
    moved = pen.ground.work(min(pen.day - 4 * DAY, promised + 12 * DAY))
    reason = "信访人书面同意改期，附同意书（示例）"
    pen.correct(moved, pen.unit, act_of(f"{MATTER}.promise"), "execute_by", pen.day, later, reason)
    done = pen.after(pen.day, 5, 15)
    pen.do(
        done,
        pen.unit,
        "handler",
        Draft(act="prove_execution", fields=_proof(pen), texts={"what": "已修复（示例）"}),
    )


WAYS: Mapping[str, Mapping[str, Road]] = {
    "not_registered": {
        "letter": register_late,
        "outside": register_outside_late,
        "direct": register_late,
    },
    "not_forwarded": {"late": forward_late, "late_again": forward_again_late},
    "not_accepted": {"transferred": accept_late, "direct": accept_direct_late},
    "not_handled": {"settled_late": settle_late, "opinion_late": opinion_late},
    "not_supervised": {"never": never_supervised, "late": supervised_late},
    "not_executed": {"late": executed_late, "never": never_executed},
    "late_entered": {"batch": _entered_late("工作忙，当时没有录入")},
}
INNOCENT: Mapping[str, Mapping[str, Road]] = {
    "not_registered": {
        "illness": register_ill,
        "typing_error": register_typed,
        "power_cut": register_power,
        "calendar": register_moved,
    },
    "not_forwarded": {
        "illness": forward_ill,
        "typing_error": register_typed,
        "power_cut": forward_power,
        "lawful_transfer": forward_moved,
        "calendar": forward_moved_day,
    },
    "not_accepted": {
        "illness": accept_ill,
        "typing_error": register_typed,
        "power_cut": accept_power,
        "lawful_transfer": forward_moved,
    },
    "not_handled": {"extension": extended, "illness": handle_ill, "power_cut": handle_power},
    "not_supervised": {
        "supervised": _supervised("order"),
        "reminded": _supervised("remind"),
        "extension": extended,
    },
    "not_executed": {"power_cut": executed_power, "promise_moved": promise_moved},
    "late_entered": {
        "illness": _entered_late("承办人因病，同事代收，病愈后补录（示例）"),
        "power_cut": accept_power,
    },
}
