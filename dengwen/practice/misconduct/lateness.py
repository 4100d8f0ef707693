"""Roads of what is done too late, and of what only looks so: the table of all, and from notice to
execution the roads.

`pen.day` is the last lawful day of the term in question. What comes before the notice stands in
`sorting_lateness`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from dengwen.practice.district.staff import PETITION_OFFICE
from dengwen.practice.misconduct import sorting_lateness as sorting
from dengwen.practice.misconduct.pen import (
    DAY,
    HANDLE_DAYS,
    NOTICE_DAYS,
    POWER,
    Pen,
    Road,
    noon,
)
from dengwen.practice.misconduct.script import MATTER, Draft, act_of


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
    """Plan that the petitioner is told of the acceptance on a day, and the matter settled."""
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
    _told(pen, pen.back_at_work())


def _entered_late(reason: str) -> Road:
    """Return the road of an acceptance entered late, for the reason given."""

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
    pen.settle(pen.after(pen.back_at_work(), 0, 3), pen.unit)


def handle_power(pen: Pen) -> None:
    """Settled on paper in time, entered after the due day."""
    accepted = _running(pen, sent=pen.random.random() < 0.5)
    fields: dict[str, Any] = {
        "both_parties_agree": True,
        "lawful_terms": True,
        "paper_kind": "mediation",
        "agreement_paper": pen.digest("settle"),
    }
    texts = {"parties_text": "双方（示例甲、示例乙）", "terms": "双方按协议履行（示例）"}
    claimed = pen.after(accepted, 40, 50)
    pen.do(
        pen.after(pen.day, 1, 3),
        pen.unit,
        "handler",
        pen.claimed("settle", claimed, texts, **fields),
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
    """Return the road of a late matter that was supervised in time, by an act."""

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
        pen.claimed("prove_execution", claimed, texts, **_proof(pen)),
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
        "letter": sorting.register_late,
        "outside": sorting.register_outside_late,
        "direct": sorting.register_late,
    },
    "not_forwarded": {"late": sorting.forward_late, "late_again": sorting.forward_again_late},
    "not_accepted": {"transferred": accept_late, "direct": accept_direct_late},
    "not_handled": {"settled_late": settle_late, "opinion_late": opinion_late},
    "not_supervised": {"never": never_supervised, "late": supervised_late},
    "not_executed": {"late": executed_late, "never": never_executed},
    "late_entered": {"batch": _entered_late("工作忙，当时没有录入")},
}
INNOCENT: Mapping[str, Mapping[str, Road]] = {
    "not_registered": {
        "illness": sorting.register_ill,
        "typing_error": sorting.register_typed,
        "power_cut": sorting.register_power,
        "calendar": sorting.register_moved,
    },
    "not_forwarded": {
        "illness": sorting.forward_ill,
        "typing_error": sorting.register_typed,
        "power_cut": sorting.forward_power,
        "lawful_transfer": sorting.forward_moved,
        "calendar": sorting.forward_moved_day,
    },
    "not_accepted": {
        "illness": accept_ill,
        "typing_error": sorting.register_typed,
        "power_cut": accept_power,
        "lawful_transfer": sorting.forward_moved,
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
