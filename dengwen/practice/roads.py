"""The ways a petition goes in practice: which acts by whom after how many days, for both editions.

A road is a list of moves. `days` is the span of calendar days after the move before it (drawn by the simulator);
`on` says in which case of the matter it happens: the petition itself, its review, or its re-examination.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

Days = tuple[int, int]
PETITION, REVIEW, RECHECK = "petition", "review", "recheck"
ANEW_CASE, NEW_CASE = "anew", "new"
"""The petition taken up anew after a review, and the one registered on new facts."""
OFFICE, ORGAN, OTHER, DISCIPLINE = "office", "organ", "other", "discipline"
"""Where a move is done: petition office, the organ that handles the matter, another organ, the discipline commission."""


@dataclass(frozen=True, slots=True)
class Move:
    """One act on a road. `fields` may hold the words the simulator fills in: "@organ", "@day+N", "@number" …"""

    act: str
    where: str
    part: str
    days: Days
    fields: Mapping[str, object] = field(default_factory=dict)
    on: str = PETITION
    special: str = ""


@dataclass(frozen=True, slots=True)
class Road:
    """A way through a procedure: its name, where it ends, its moves, what kind of matter it is for."""

    name: str
    ends: str
    moves: tuple[Move, ...]
    matter: str = "claim"
    path: str = ""
    channel: str = ""
    kind: str = PETITION
    weight: int = 1

    def until(self, count: int, ends: str) -> Road:
        """Return this road broken off after `count` moves, where the case stands in the state `ends`."""
        return replace(self, name=f"{self.name}/{ends}", ends=ends, moves=self.moves[:count], weight=0)


def _m(act: str, where: str, part: str, wait: Days, on: str = PETITION, /, *, special: str = "", **fields: object) -> Move:
    return Move(act, where, part, wait, fields, on, special)


REGISTER = _m("register", OFFICE, "clerk", (0, 0), special="register")
CLASSIFY = _m("classify", OFFICE, "clerk", (0, 2), special="classify")
FORWARD = _m("forward", OFFICE, "router", (1, 6), to="@organ")
ASSIGN = _m("assign", OFFICE, "router", (1, 5), to="@organ", deadline="@day+60")
RECEIVE = _m("receive", ORGAN, "handler", (0, 3))
ACCEPT = _m("accept", ORGAN, "handler", (2, 8))
DRAFT = _m("draft", ORGAN, "handler", (12, 34), outcome="@outcome")
CHECK = _m("check", ORGAN, "checker", (1, 4))
SIGN = _m("sign", ORGAN, "head", (1, 4))
SERVE = _m("serve", ORGAN, "handler", (1, 5), way="@way", proof="@digest")
OPINION = (DRAFT, CHECK, SIGN, SERVE)
EXTEND = _m("extend", ORGAN, "head", (25, 40), days=30, told_petitioner=True)
HEARING = _m("hold_hearing", ORGAN, "handler", (8, 15), first="@day", last="@day+1")
LAPSED = _m("close_lapsed", ORGAN, "handler", (46, 60))
ASK_REVIEW = _m("request_review", OFFICE, "clerk", (5, 24))
ASK_RECHECK = _m("request_recheck", OFFICE, "clerk", (5, 24), REVIEW)
FINISH = _m("finish", ORGAN, "handler", (2, 8))


def _higher(on: str, outcome: str) -> tuple[Move, ...]:
    """Draft, check, issue and serve in the review or re-examination organ."""
    return (
        _m("draft", "", "handler", (8, 16), on, outcome=outcome),
        _m("check", "", "checker", (1, 3), on),
        _m("sign", "", "head", (1, 3), on, outcome=outcome),
        _m("serve", "", "handler", (1, 3), on, way="@way", proof="@digest"),
    )


UPHOLD, ANEW = _higher(REVIEW, "uphold"), _higher(REVIEW, "order_anew")
RECHECKED = _higher(RECHECK, "uphold")
WITHDRAW = _m("withdraw", OFFICE, "clerk", (2, 6))


def roads_2022() -> tuple[Road, ...]:
    """Return the roads of the regulation of 2022 (chapters III and IV)."""
    sorted_out = (REGISTER, CLASSIFY, FORWARD, RECEIVE)
    main = (*sorted_out, ACCEPT, *OPINION)
    return (
        *_claims_2022(sorted_out, main),
        *_sorted_2022(sorted_out),
        *_reviews(main, RECHECKED),
        *_halts(main, 3, ("registered", "forwarded", "received", "accepted", "drafted", "checked", "decided", "served")),
    )


def _claims_2022(sorted_out: tuple[Move, ...], main: tuple[Move, ...]) -> tuple[Road, ...]:
    objection = _m("object", ORGAN, "handler", (1, 3), proposed="@other")
    again = replace(FORWARD, fields={"to": "@other"})
    elsewhere = tuple(replace(move, where=OTHER) for move in (RECEIVE, ACCEPT, *OPINION, LAPSED))
    agreed = (*sorted_out, objection, _m("agree_return", OFFICE, "router", (1, 3)), again, *elsewhere)
    refused = (*sorted_out, objection, _m("refuse_return", OFFICE, "router", (1, 3)), ACCEPT, *OPINION, LAPSED)
    disputed = (*sorted_out, _m("refer_dispute", ORGAN, "handler", (1, 4), superior="@higher", other="@other"))
    simple = (
        _m("choose_simple", ORGAN, "handler", (0, 2), first_time=True, clear=True, not_complex=True),
        _m("accept_simple", ORGAN, "handler", (0, 1)),
        _m("decide_simple", ORGAN, "handler", (2, 6), outcome="explain"),
        _m("serve", ORGAN, "handler", (0, 2), way="network", proof="@digest"),
        LAPSED,
    )
    settled = _m(
        "settle", ORGAN, "handler", (10, 25), both_parties_agree=True, lawful_terms=True, paper_kind="mediation"
    )
    kept = (
        _m("promise", ORGAN, "handler", (0, 2), execute_by="@day+30", unit="@organ"),
        _m("prove_execution", ORGAN, "handler", (10, 25), proof="@digest"),
        LAPSED,
    )
    helped = (
        _m("assist", ORGAN, "handler", (1, 4), organ="@other", report_by="@day+15"),
        _m("assist_report", OTHER, "handler", (5, 12)),
    )
    done = _m("completion_report", ORGAN, "handler", (1, 4))
    return (
        Road("plain", "lapsed", (*main, LAPSED), weight=20),
        Road("promised", "lapsed", (*main, *kept), matter="supported", weight=8),
        Road("assigned", "lapsed", (REGISTER, CLASSIFY, ASSIGN, RECEIVE, ACCEPT, *OPINION, done, LAPSED), weight=5),
        Road("extended", "lapsed", (*sorted_out, ACCEPT, EXTEND, *OPINION, LAPSED), weight=5),
        Road("heard", "lapsed", (*sorted_out, ACCEPT, HEARING, *OPINION, LAPSED), weight=2),
        Road("assisted", "lapsed", (*sorted_out, ACCEPT, *helped, *OPINION, LAPSED), weight=2),
        Road("objection agreed", "lapsed", agreed, weight=3),
        Road("objection refused", "lapsed", refused, weight=2),
        Road("objected", "objected", agreed[:5], weight=0),
        Road("disputed", "disputed", disputed, weight=0),
        Road("simple", "lapsed", (*sorted_out, *simple), weight=5),
        Road("in simple handling", "simple", (*sorted_out, *simple[:2]), weight=0),
        Road(
            "left simple", "lapsed",
            (*sorted_out, *simple[:2], _m("leave_simple", ORGAN, "handler", (2, 5)), *OPINION, LAPSED), weight=1,
        ),
        Road("settled", "settled", (*sorted_out, ACCEPT, _m("mediate", ORGAN, "handler", (5, 15)), settled), weight=3),
        Road("withdrawn", "withdrawn", (*sorted_out, ACCEPT, WITHDRAW), weight=3),
        Road("joint visit", "lapsed", (*main, LAPSED), channel="joint", weight=2),
    )


def _sorted_2022(sorted_out: tuple[Move, ...]) -> tuple[Road, ...]:
    path_notice = _m("notify_path", ORGAN, "handler", (2, 9), organ="@other")
    sealed = (
        _m("classify", OFFICE, "sealed", (0, 1), **{"class": "accusation"}),
        _m("forward_accusation", OFFICE, "sealed", (1, 5), to="@discipline"),
    )
    visitor = _m("guide_visitor", OFFICE, "router", (0, 1), organ="@higher")
    return (
        Road("suggestion", "answered", (
            *sorted_out, _m("notify_received", ORGAN, "handler", (1, 6)),
            _m("reply_suggestion", ORGAN, "handler", (5, 25), adopted="partly"),
        ), matter="suggestion", weight=8),
        Road("accusation", "referred_out", (REGISTER, *sealed), matter="accusation", weight=4),
        Road("other path", "guided", (*sorted_out, path_notice), matter="other", path="31(4)", weight=5),
        Road("arbitration", "guided", (*sorted_out, path_notice), matter="other", path="31(2)", weight=2),
        Road("duty to act", "answered", (
            *sorted_out, path_notice, _m("inform_duty", ORGAN, "handler", (10, 30), performed=True)
        ), matter="other", path="31(5)", weight=2),
        Road("litigation", "referred_out", (
            REGISTER, CLASSIFY, _m("forward_litigation", OFFICE, "router", (1, 5), to="@higher")
        ), matter="other", path="31(1)", channel="letter", weight=2),
        Road("litigation visit", "guided", (REGISTER, CLASSIFY, visitor),
             matter="other", path="31(1)", channel="visit", weight=1),
        Road("mixed letter", "split", (REGISTER, _m("split", OFFICE, "clerk", (1, 3), special="split")), weight=1),
        Road("repeat", "attached", (REGISTER, _m("attach_repeat", OFFICE, "clerk", (0, 3), running="@running")), weight=4),
        Road("being handled", "refused", (
            *sorted_out, _m("refuse", ORGAN, "handler", (1, 6), ground="19(3)", running="@running")), weight=2),
        Road("ended before", "no_longer_accepted", (*sorted_out, _m(
            "no_longer_accept", ORGAN, "handler", (1, 8), same_facts=True, recheck_date="@day-200")), weight=2),
        Road("new facts", "lapsed", (
            *sorted_out, ACCEPT, *OPINION, LAPSED, _m("new_facts", OFFICE, "clerk", (20, 60)),
            *(replace(move, on=NEW_CASE) for move in (CLASSIFY, FORWARD, RECEIVE, ACCEPT, *OPINION))), weight=1),
    )


def _reviews(main: tuple[Move, ...], rechecked: tuple[Move, ...]) -> tuple[Road, ...]:
    """Return the roads through review and re-examination; both editions have the same steps here."""
    asked = (*main, ASK_REVIEW)
    late = _m("lodge", "", "handler", (40, 60), REVIEW, special="late", received_on="@day", late=True, original="@number")
    refuse = _m("refuse_late", "", "head", (2, 6), REVIEW, ground="local")
    late2 = _m("lodge", "", "handler", (40, 60), RECHECK, special="late", received_on="@day", late=True, review_case="@review")
    refuse2 = _m("refuse_late", "", "head", (2, 6), RECHECK, ground="local")
    review = (*asked, *UPHOLD)
    filed = _m("close_lapsed", "", "handler", (46, 60), REVIEW)
    recheck = (*review, ASK_RECHECK)
    return (
        Road("reviewed", "finished", (*review, filed, FINISH), weight=5),
        Road("reviewed anew", "finished", (
            *asked, *ANEW, *(replace(move, on=ANEW_CASE) for move in (*OPINION, LAPSED)), FINISH), weight=1),
        Road("re-examined", "finished", (*recheck, *rechecked, FINISH), weight=4),
        Road("review withdrawn", "withdrawn", (*asked, replace(WITHDRAW, on=REVIEW)), kind=REVIEW, weight=1),
        Road("review too late", "refused", (*main, LAPSED, late, refuse), kind=REVIEW, weight=1),
        Road("recheck withdrawn", "withdrawn", (*recheck, replace(WITHDRAW, on=RECHECK)), kind=RECHECK, weight=1),
        Road("recheck too late", "refused", (*review, filed, FINISH, late2, refuse2), kind=RECHECK, weight=1),
        *(Road(f"review {s}", s, (*asked, *UPHOLD[:n]), kind=REVIEW, weight=0)
          for n, s in enumerate(("lodged", "drafted", "checked", "decided", "served"))),
        *(Road(f"recheck {s}", s, (*recheck, *rechecked[:n]), kind=RECHECK, weight=0)
          for n, s in enumerate(("lodged", "drafted", "checked", "decided"))),
    )


def _halts(main: tuple[Move, ...], at: int, states: tuple[str, ...]) -> tuple[Road, ...]:
    """Return the main road broken off in each of its states; `at` moves lead to the second of them."""
    whole = Road("main", "served", main)
    return tuple(whole.until(1 if n == 0 else at + n - 1, state) for n, state in enumerate(states))


def roads_2005() -> tuple[Road, ...]:
    """Return the roads of the regulation of 2005 (chapters III to V)."""
    sorted_out = (REGISTER, FORWARD, RECEIVE)
    main = (*sorted_out, ACCEPT, *OPINION)
    simple = (
        _m("choose_simple", ORGAN, "handler", (0, 2), first_time=True, clear=True, not_complex=True,
           no_statutory_procedure=True),
        _m("accept_simple", ORGAN, "handler", (0, 1)),
        _m("decide_simple", ORGAN, "handler", (2, 6), outcome="explain"),
        _m("serve", ORGAN, "handler", (0, 2), way="post", proof="@digest"),
        LAPSED,
    )
    done = _m("completion_report", ORGAN, "handler", (1, 4))
    return (
        Road("plain", "lapsed", (*main, LAPSED), weight=20),
        Road("assigned", "lapsed", (REGISTER, ASSIGN, RECEIVE, ACCEPT, *OPINION, done, LAPSED), weight=4),
        Road("extended", "lapsed", (*sorted_out, ACCEPT, EXTEND, *OPINION, LAPSED), weight=4),
        Road("heard", "lapsed", (*sorted_out, ACCEPT, HEARING, *OPINION, LAPSED), weight=2),
        Road("simple", "lapsed", (*sorted_out, *simple), weight=4),
        Road("withdrawn", "withdrawn", (*sorted_out, ACCEPT, WITHDRAW), weight=2),
        Road("other path", "guided", (*sorted_out, _m("inform", ORGAN, "handler", (2, 9), organ="@other")),
             matter="other", path="31(4)", weight=4),
        Road("repeat", "attached", (REGISTER, _m("attach_repeat", OFFICE, "clerk", (0, 3), running="@running")), weight=3),
        Road("courts", "refused", (*sorted_out, _m("refuse", ORGAN, "handler", (1, 6), ground="14(2)")), weight=2),
        Road("ended before", "no_longer_accepted", (*sorted_out, _m(
            "no_longer_accept", ORGAN, "handler", (1, 8), same_facts=True, recheck_date="@day-200")), weight=2),
        Road("from paper", "answered", (
            replace(REGISTER, special="imported"),
            _m("import_reply", OFFICE, "clerk", (20, 50), special="imported", replied_on="@day", replied_by="@organ"),
        ), weight=2),
        *_reviews(main, RECHECKED),
    )
