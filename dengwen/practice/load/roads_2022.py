"""The roads of the regulation of 2022 (chapters III and IV)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dengwen.practice.load.roads import (
    ACCEPT,
    ASSIGN,
    CLASSIFY,
    ENDED_BEFORE,
    EXTEND,
    FORWARD,
    HEARING,
    LAPSED,
    NEW_CASE,
    OFFICE,
    OPINION,
    ORGAN,
    OTHER,
    RECEIVE,
    REGISTER,
    REPEAT,
    WITHDRAW,
    Road,
    move,
    reviews,
)

SORTED_OUT = (REGISTER, CLASSIFY, FORWARD, RECEIVE)
HEAR = move("hear_petitioner", ORGAN, "handler", (2, 6), how="phone")
REASONED = (HEAR, *OPINION)
"""The petitioner is heard before the opinion (R22 31(6))."""
MAIN = (*SORTED_OUT, ACCEPT, *REASONED)
HEARD = replace(HEARING, fields={**HEARING.fields, "why": "complex"})
OBJECTION = move("object", ORGAN, "handler", (1, 3), proposed="@other")
AGAIN = replace(FORWARD, fields={"to": "@other"})
ELSEWHERE = tuple(replace(step, where=OTHER) for step in (RECEIVE, ACCEPT, *REASONED, LAPSED))
AGREED = (*SORTED_OUT, OBJECTION, move("agree_return", OFFICE, "router", (1, 3)), AGAIN, *ELSEWHERE)
REFUSED = (
    *SORTED_OUT,
    OBJECTION,
    move("refuse_return", OFFICE, "router", (1, 3)),
    ACCEPT,
    *REASONED,
    LAPSED,
)
DISPUTED = (
    *SORTED_OUT,
    move("refer_dispute", ORGAN, "handler", (1, 4), superior="@higher", other="@other"),
)
SIMPLE = (
    move(
        "choose_simple",
        ORGAN,
        "handler",
        (0, 2),
        first_time=True,
        clear=True,
        not_complex=True,
        not_joint=True,
    ),
    move("accept_simple", ORGAN, "handler", (0, 1)),
    move("decide_simple", ORGAN, "handler", (2, 6), outcome="explain"),
    move("serve", ORGAN, "handler", (0, 2), way="network", proof="@digest"),
    LAPSED,
)
SETTLED = move(
    "settle",
    ORGAN,
    "handler",
    (10, 25),
    both_parties_agree=True,
    lawful_terms=True,
    paper_kind="mediation",
    agreement_paper="@digest",
)
KEPT = (
    move("promise", ORGAN, "handler", (0, 2), execute_by="@day+30", unit="@organ"),
    move("prove_execution", ORGAN, "handler", (10, 25), proof="@digest"),
    LAPSED,
)
HELPED = (
    move("assist", ORGAN, "handler", (1, 4), organ="@other", report_by="@day+15"),
    move("assist_report", OTHER, "handler", (5, 12)),
)
DONE = move("completion_report", ORGAN, "handler", (1, 4))
PATH_NOTICE = move("notify_path", ORGAN, "handler", (2, 9), organ="@other")
SEALED = (
    move("classify", OFFICE, "sealed", (0, 1), **{"class": "accusation"}),
    move("forward_accusation", OFFICE, "sealed", (1, 5), to="@discipline"),
)
VISITOR = move("guide_visitor", OFFICE, "router", (0, 1), organ="@court")

HANDLED: tuple[Road, ...] = (
    Road("plain", "lapsed", (*MAIN, LAPSED), weight=20),
    Road("promised", "lapsed", (*MAIN, *KEPT), matter="supported", weight=8),
    Road(
        "assigned",
        "lapsed",
        (REGISTER, CLASSIFY, ASSIGN, RECEIVE, ACCEPT, *REASONED, DONE, LAPSED),
        weight=5,
    ),
    Road("extended", "lapsed", (*SORTED_OUT, ACCEPT, EXTEND, *REASONED, LAPSED), weight=5),
    Road("heard", "lapsed", (*SORTED_OUT, ACCEPT, HEARD, *REASONED, LAPSED), weight=2),
    Road("assisted", "lapsed", (*SORTED_OUT, ACCEPT, *HELPED, *REASONED, LAPSED), weight=2),
    Road("objection agreed", "lapsed", AGREED, weight=3),
    Road("objection refused", "lapsed", REFUSED, weight=2),
    Road("objected", "objected", AGREED[:5], weight=0),
    Road("disputed", "disputed", DISPUTED, weight=0),
    Road("simple", "lapsed", (*SORTED_OUT, *SIMPLE), weight=5),
    Road("in simple handling", "simple", (*SORTED_OUT, *SIMPLE[:2]), weight=0),
    Road(
        "left simple",
        "lapsed",
        (
            *SORTED_OUT,
            *SIMPLE[:2],
            move("leave_simple", ORGAN, "handler", (2, 5)),
            *REASONED,
            LAPSED,
        ),
        weight=1,
    ),
    Road(
        "settled",
        "settled",
        (*SORTED_OUT, ACCEPT, move("mediate", ORGAN, "handler", (5, 15)), SETTLED),
        weight=3,
    ),
    Road("withdrawn", "withdrawn", (*SORTED_OUT, ACCEPT, WITHDRAW), weight=3),
    Road("joint visit", "lapsed", (*MAIN, LAPSED), channel="joint", weight=2),
)
SENT_ELSEWHERE: tuple[Road, ...] = (
    Road(
        "suggestion",
        "answered",
        (
            *SORTED_OUT,
            move("notify_received", ORGAN, "handler", (1, 6)),
            move("reply_suggestion", ORGAN, "handler", (5, 25), adopted="partly"),
        ),
        matter="suggestion",
        weight=8,
    ),
    Road("accusation", "referred_out", (REGISTER, *SEALED), matter="accusation", weight=4),
    Road(
        "other path", "guided", (*SORTED_OUT, PATH_NOTICE), matter="other", path="31(4)", weight=5
    ),
    Road(
        "arbitration", "guided", (*SORTED_OUT, PATH_NOTICE), matter="other", path="31(2)", weight=2
    ),
    Road(
        "duty to act",
        "answered",
        (*SORTED_OUT, PATH_NOTICE, move("inform_duty", ORGAN, "handler", (10, 30), performed=True)),
        matter="other",
        path="31(5)",
        weight=2,
    ),
    Road(
        "litigation",
        "referred_out",
        (REGISTER, CLASSIFY, move("forward_litigation", OFFICE, "router", (1, 5), to="@court")),
        matter="other",
        path="31(1)",
        channel="letter",
        weight=2,
    ),
    Road(
        "litigation visit",
        "guided",
        (REGISTER, CLASSIFY, VISITOR),
        matter="other",
        path="31(1)",
        channel="visit",
        weight=1,
    ),
    Road(
        "mixed letter",
        "split",
        (REGISTER, move("split", OFFICE, "clerk", (1, 3), special="split")),
        weight=1,
    ),
    Road(
        "repeat",
        "attached",
        (REGISTER, REPEAT),
        weight=4,
    ),
    Road(
        "being handled",
        "refused",
        (
            REGISTER,
            CLASSIFY,
            move("refuse", OFFICE, "supervisor", (1, 6), ground="19(3)", running="@running"),
        ),
        weight=2,
    ),
    Road(
        "ended before",
        "no_longer_accepted",
        (*SORTED_OUT, ENDED_BEFORE),
        weight=2,
    ),
    Road(
        "new facts",
        "lapsed",
        (
            *SORTED_OUT,
            ACCEPT,
            *REASONED,
            LAPSED,
            move("new_facts", OFFICE, "clerk", (20, 60)),
            *(
                replace(step, on=NEW_CASE)
                for step in (CLASSIFY, FORWARD, RECEIVE, ACCEPT, *REASONED)
            ),
        ),
        weight=1,
    ),
)
STANDING = {
    "registered": 1,
    "forwarded": 3,
    "received": 4,
    "accepted": 5,
    "drafted": 7,
    "checked": 8,
    "decided": 9,
    "served": 10,
}
"""After how many moves of the main road a matter stands in each state."""


def _standing() -> Iterator[Road]:
    """Yield the main road broken off in each of its states."""
    whole = Road("main", "served", MAIN)
    for state, count in STANDING.items():
        yield whole.until(count, state)


ROADS: tuple[Road, ...] = (*HANDLED, *SENT_ELSEWHERE, *reviews(MAIN, REASONED), *_standing())
