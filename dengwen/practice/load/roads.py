"""The ways a petition goes in practice: which acts by whom after how many days, for both editions.

A road is a list of moves. `days` is the span of calendar days after the move before it (drawn by
the simulator);
`on` says in which case of the matter it happens: the petition itself, its review, or its
re-examination.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

Days = tuple[int, int]
PETITION, REVIEW, RECHECK = "petition", "review", "recheck"
ANEW_CASE, NEW_CASE = "anew", "new"
"""The petition taken up anew after a review, and the one registered on new facts."""
OFFICE, ORGAN, OTHER, DISCIPLINE = "office", "organ", "other", "discipline"
"""Where a move is done: petition office, the organ that handles the matter, another one, the
discipline commission."""


@dataclass(frozen=True, slots=True)
class Move:
    """One act on a road. `fields` may hold the words the simulator fills in: "@organ", "@day+N",
    "@number" …"""

    act: str
    where: str
    part: str
    days: Days
    fields: Mapping[str, object] = field(default_factory=dict)
    on: str = PETITION
    special: str = ""


@dataclass(frozen=True, slots=True)
class Road:
    """A way through a procedure: its name, where it ends, its moves, what kind of matter it is
    for."""

    name: str
    ends: str
    moves: tuple[Move, ...]
    matter: str = "claim"
    path: str = ""
    channel: str = ""
    kind: str = PETITION
    weight: int = 1

    def until(self, count: int, ends: str) -> Road:
        """Return this road broken off after `count` moves, where the case stands in the state
        `ends`."""
        return replace(
            self, name=f"{self.name}/{ends}", ends=ends, moves=self.moves[:count], weight=0
        )


def move(
    act: str,
    where: str,
    part: str,
    wait: Days,
    on: str = PETITION,
    /,
    *,
    special: str = "",
    **fields: object,
) -> Move:
    """Return a move: act, where, who, days after the move before, case; then its fields."""
    return Move(act, where, part, wait, fields, on, special)


REGISTER = move("register", OFFICE, "clerk", (0, 0), special="register")
CLASSIFY = move("classify", OFFICE, "clerk", (0, 2), special="classify")
FORWARD = move("forward", OFFICE, "router", (1, 6), to="@organ")
ASSIGN = move("assign", OFFICE, "router", (1, 5), to="@organ", deadline="@day+60")
RECEIVE = move("receive", ORGAN, "handler", (0, 3))
ACCEPT = move("accept", ORGAN, "handler", (2, 8))
DRAFT = move("draft", ORGAN, "handler", (12, 34), outcome="@outcome")
CHECK = move("check", ORGAN, "checker", (1, 4))
SIGN = move("sign", ORGAN, "head", (1, 4))
SERVE = move("serve", ORGAN, "handler", (1, 5), way="@way", proof="@digest")
OPINION = (DRAFT, CHECK, SIGN, SERVE)
EXTEND = move("extend", ORGAN, "head", (25, 40), days=30, told_petitioner=True)
HEARING = move("hold_hearing", ORGAN, "handler", (8, 15), first="@day", last="@day+1")
LAPSED = move("close_lapsed", ORGAN, "handler", (46, 60))
ASK_REVIEW = move("request_review", ORGAN, "handler", (5, 24))
ASK_RECHECK = move("request_recheck", "", "handler", (5, 24), REVIEW)
FINISH = move("finish", ORGAN, "handler", (2, 8))


def _higher(on: str, outcome: str) -> tuple[Move, ...]:
    """Draft, check, issue and serve in the review or re-examination organ."""
    return (
        move("draft", "", "handler", (8, 16), on, outcome=outcome),
        move("check", "", "checker", (1, 3), on),
        move("sign", "", "head", (1, 3), on, outcome=outcome),
        move("serve", "", "handler", (1, 3), on, way="@way", proof="@digest"),
    )


UPHOLD, ANEW = _higher(REVIEW, "uphold"), _higher(REVIEW, "order_anew")
RECHECKED = _higher(RECHECK, "uphold")
REPEAT = move("attach_repeat", OFFICE, "supervisor", (0, 3), running="@running")
ENDED_BEFORE = move(
    "no_longer_accept",
    ORGAN,
    "handler",
    (1, 8),
    same_facts=True,
    recheck_date="@day-200",
    recheck_no="示例信访复核意见书（文号示例）",
)
WITHDRAW = move("withdraw", "", "handler", (2, 6), withdrawal_paper="@digest")


FILED = move("close_lapsed", "", "handler", (46, 60), REVIEW)
"""A review filed once nobody asked for its re-examination."""


def reviews(main: tuple[Move, ...], opinion: tuple[Move, ...] = OPINION) -> tuple[Road, ...]:
    """Return the roads through review and re-examination; both editions have the same steps
    here, apart from what comes before an opinion."""
    asked = (*main, ASK_REVIEW)
    review = (*asked, *UPHOLD)
    recheck = (*review, ASK_RECHECK)
    return (
        Road("reviewed", "finished", (*review, FILED, FINISH), weight=5),
        _reviewed_anew(asked, opinion),
        Road("re-examined", "finished", (*recheck, *RECHECKED, FINISH), weight=4),
        _withdrawn("review withdrawn", asked, REVIEW),
        _too_late("review too late", (*main, LAPSED), REVIEW, original="@number"),
        _withdrawn("recheck withdrawn", recheck, RECHECK),
        _too_late("recheck too late", (*review, FILED, FINISH), RECHECK, review_case="@review"),
        *_broken_off(asked, recheck),
    )


def _reviewed_anew(asked: tuple[Move, ...], opinion: tuple[Move, ...]) -> Road:
    """Return the road on which the review orders a new opinion, which is left to lapse."""
    anew = tuple(replace(step, on=ANEW_CASE) for step in (*opinion, LAPSED))
    return Road("reviewed anew", "finished", (*asked, *ANEW, *anew, FINISH), weight=1)


def _withdrawn(name: str, asked: tuple[Move, ...], on: str) -> Road:
    """Return the road on which a review or re-examination asked for is withdrawn."""
    moves = (*asked, replace(WITHDRAW, on=on))
    return Road(name, "withdrawn", moves, kind=on, weight=1)


def _too_late(name: str, before: tuple[Move, ...], on: str, **concerned: object) -> Road:
    """Return the road on which a review or re-examination is asked for too late, and refused."""
    late = move(
        "lodge",
        "",
        "handler",
        (40, 60),
        on,
        special="late",
        received_on="@day",
        late=True,
        **concerned,
    )
    refuse = move("refuse_late", "", "head", (2, 6), on, ground="local")
    return Road(name, "refused", (*before, late, refuse), kind=on, weight=1)


def _broken_off(asked: tuple[Move, ...], recheck: tuple[Move, ...]) -> tuple[Road, ...]:
    """Return the roads that stop in each state of a review and of a re-examination."""
    states = ("lodged", "drafted", "checked", "decided")
    of_review = [
        Road(f"review {state}", state, (*asked, *UPHOLD[:n]), kind=REVIEW, weight=0)
        for n, state in enumerate((*states, "served"))
    ]
    of_recheck = [
        Road(f"recheck {state}", state, (*recheck, *RECHECKED[:n]), kind=RECHECK, weight=0)
        for n, state in enumerate(states)
    ]
    return (*of_review, *of_recheck)


def halts(main: tuple[Move, ...], at: int, states: tuple[str, ...]) -> tuple[Road, ...]:
    """Return the main road broken off in each of its states; `at` moves lead to the second of
    them."""
    whole = Road("main", "served", main)
    return tuple(whole.until(1 if n == 0 else at + n - 1, state) for n, state in enumerate(states))
