"""Probes of the pages of leads: one lead about the accused unit, asked for by everybody."""

from __future__ import annotations

from tests.wall.asking import NOBODY, Asks, Probe, get, numbers, plain, post
from tests.wall.highs import Known
from tests.wall.stage import ACCUSED_UNIT, Stage


def raised(stage: Stage, known: Known) -> Asks:
    """Ask for the form from late lines and from cases, low, protected and unknown, and send it."""
    form = {
        "unit": str(stage.organ(ACCUSED_UNIT)),
        "situations": "S.11.2",
        "day": "2025-03-05",
        "facts": "示例",
        "innocent": "示例",
        "strength": "acts",
    }
    asks = []
    for n in (*numbers(known), NOBODY):
        paths = [
            f"/desk/accountability/leads/new/?line={n}.1",
            f"/desk/accountability/leads/new/?case={n}",
        ]
        asks += [*get(*paths), *(post(path, **form) for path in paths)]
    return asks


def one(tail: str, **data: str) -> Probe:
    """Return a probe of a page of the lead, of low, protected and unknown cases."""

    def asks(stage: Stage, known: Known) -> Asks:
        paths = [
            f"/desk/accountability/leads/{n}/{tail}"
            for n in (stage.lead, *numbers(known)[:4], NOBODY)
        ]
        return [*get(*paths), *(post(path, **data) for path in (paths if data else ()))]

    return asks


PROBES: dict[str, Probe] = {
    "desk:leads": plain(
        "/desk/accountability/leads/",
        "/desk/accountability/leads/?state=declined",
        "/desk/accountability/leads/?state=x",
    ),
    "desk:lead_new": raised,
    "desk:lead": one("", decline="1", reason="示例"),
    "desk:lead_proof": one("proof/1/"),
}
