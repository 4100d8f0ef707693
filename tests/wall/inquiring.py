"""Probes of the pages of inquiries: one inquiry about a member of the accused unit, asked for by
everybody."""

from __future__ import annotations

from typing import Any

from tests.wall.asking import NOBODY, Asks, Probe, get, numbers, plain, post
from tests.wall.highs import Known
from tests.wall.stage import Stage


def page(tail: str, **data: Any) -> Probe:
    """Return a probe that asks for a page of the inquiry, of low, protected and unknown cases,
    and posts to it."""

    def asks(stage: Stage, known: Known) -> Asks:
        paths = [
            f"/desk/accountability/inquiries/{n}/{tail}"
            for n in (stage.inquiry, *numbers(known)[:4], NOBODY)
        ]
        return [*get(*paths), *(post(path, **data) for path in (paths if data else ()))]

    return asks


def pinned(stage: Stage, known: Known) -> Asks:
    """Ask for the board and pin acts of low, protected and unknown cases."""
    path = f"/desk/accountability/inquiries/{stage.inquiry}/board/"
    keys = [f"{n}/1" for n in numbers(known)]
    return [
        *get(path, f"/desk/accountability/inquiries/{NOBODY}/board/"),
        *(post(path, pin=key, **{f"shows-{key}": "示例"}) for key in keys),
    ]


def stepped(stage: Stage, known: Known) -> Asks:
    """Ask for steps, and name protected and low cases in them."""
    path = f"/desk/accountability/inquiries/{stage.inquiry}/do/"
    found = {
        "trigger": "S.11.2",
        "element": "not_handled",
        "finding": "not_shown",
        "reasons": "示例",
    }
    asks = [*get(f"{path}establish/", f"{path}consider_decision/", f"{path}nothing/")]
    asks.append(post(f"{path}establish/", **found))
    decided = {"item": "1", "work": "petitions"}
    return [
        *asks,
        *(post(f"{path}consider_decision/", meeting=n, **decided) for n in numbers(known)),
    ]


def ended(stage: Stage, known: Known) -> Asks:
    """Ask for the end, conclude, and search whom a proposal could go to."""
    asks = page("end/", outcome="propose", findings="示例")(stage, known)
    path = f"/desk/accountability/inquiries/{stage.inquiry}/end/"
    return [*asks, post(path, find="to", q_to="示例", part="1", subject="person-1")]


def own(stage: Stage, known: Known) -> Asks:
    """Ask for the own page of the person concerned, and answer there."""
    paths = [
        f"/desk/accountability/about-me/{n}/" for n in (stage.inquiry, *numbers(known)[:4], NOBODY)
    ]
    answer = {"stand": "disagree", "defence": "示例", "shows": "示例"}
    return [*get(*paths), *(post(path, **answer) for path in paths)]


PROBES: dict[str, Probe] = {
    "desk:inquiries": plain("/desk/accountability/inquiries/"),
    "desk:inquiry": page(""),
    "desk:inquiry_board": pinned,
    "desk:inquiry_proof": page("board/4/"),
    "desk:inquiry_roles": page("roles/", official="1", ground="1", kind="individual"),
    "desk:inquiry_end": ended,
    "desk:inquiry_step": stepped,
    "desk:about_me": plain("/desk/accountability/about-me/"),
    "desk:about_me_inquiry": own,
}
