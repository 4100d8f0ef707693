"""The roads of the regulation of 2005 (chapters III to V)."""

from __future__ import annotations

from dataclasses import replace

from dengwen.practice.load.roads import (
    ACCEPT,
    ASSIGN,
    ENDED_BEFORE,
    EXTEND,
    FORWARD,
    HEARING,
    LAPSED,
    OFFICE,
    OPINION,
    ORGAN,
    RECEIVE,
    REGISTER,
    REPEAT,
    WITHDRAW,
    Road,
    move,
    reviews,
)

SORTED_OUT = (REGISTER, FORWARD, RECEIVE)
MAIN = (*SORTED_OUT, ACCEPT, *OPINION)
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
        no_statutory_procedure=True,
    ),
    move("accept_simple", ORGAN, "handler", (0, 1)),
    move("decide_simple", ORGAN, "handler", (2, 6), outcome="explain"),
    move("serve", ORGAN, "handler", (0, 2), way="post", proof="@digest"),
    LAPSED,
)
DONE = move("completion_report", ORGAN, "handler", (1, 4))

ROADS: tuple[Road, ...] = (
    Road("plain", "lapsed", (*MAIN, LAPSED), weight=20),
    Road(
        "assigned", "lapsed", (REGISTER, ASSIGN, RECEIVE, ACCEPT, *OPINION, DONE, LAPSED), weight=4
    ),
    Road("extended", "lapsed", (*SORTED_OUT, ACCEPT, EXTEND, *OPINION, LAPSED), weight=4),
    Road("heard", "lapsed", (*SORTED_OUT, ACCEPT, HEARING, *OPINION, LAPSED), weight=2),
    Road("simple", "lapsed", (*SORTED_OUT, *SIMPLE), weight=4),
    Road("withdrawn", "withdrawn", (*SORTED_OUT, ACCEPT, WITHDRAW), weight=2),
    Road(
        "other path",
        "guided",
        (*SORTED_OUT, move("inform", ORGAN, "handler", (2, 9), organ="@other")),
        matter="other",
        path="31(4)",
        weight=4,
    ),
    Road(
        "repeat",
        "attached",
        (REGISTER, REPEAT),
        weight=3,
    ),
    Road(
        "courts",
        "refused",
        (*SORTED_OUT, move("refuse", ORGAN, "handler", (1, 6), ground="14(2)")),
        weight=2,
    ),
    Road(
        "ended before",
        "no_longer_accepted",
        (*SORTED_OUT, ENDED_BEFORE),
        weight=2,
    ),
    Road(
        "from paper",
        "answered",
        (
            replace(REGISTER, special="imported"),
            move(
                "import_reply",
                OFFICE,
                "clerk",
                (20, 50),
                special="imported",
                replied_on="@day",
                replied_by="@organ",
            ),
        ),
        weight=2,
    ),
    *reviews(MAIN),
)
