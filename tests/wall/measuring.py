"""Probes of the pages of decisions on accountability: one about the accused head, asked for by
everybody."""

from __future__ import annotations

from typing import Any

from tests.wall.asking import NOBODY, Asks, Probe, get, numbers, plain, post
from tests.wall.highs import Known
from tests.wall.stage import Stage


def page(tail: str, *, reads: bool = False, **data: Any) -> Probe:
    """Return a probe of a page about one file: the low one, protected and unknown cases, read
    and posted to."""

    def asks(stage: Stage, known: Known) -> Asks:
        paths = [
            f"/desk/accountability/measures/{n}/{tail}"
            for n in (stage.decision, *numbers(known)[:4], NOBODY)
        ]
        return [
            *(get(*paths) if reads else ()),
            *(post(path, **data) for path in (paths if data else ())),
        ]

    return asks


FORM = {
    "measures": "circular",
    "gravity": "light",
    "scope": "system",
    "facts": "示例",
    "responsibility": "示例",
    "reasons": "示例",
    "goal": "示例",
    "deadline": "2025-12-01",
}

PROBES: dict[str, Probe] = {
    "desk:measures": plain("/desk/accountability/measures/"),
    "desk:measure": page("", reads=True),
    "desk:measure_answer": page("answer/", adopted="adopted", answer="示例"),
    "desk:measure_decide": page("decide/", reads=True, **FORM),
    "desk:measure_report": page("report/", done="示例"),
    "desk:measure_follow": page("follow/", met="yes", seen="示例"),
    "desk:measure_appeal": page("appeal/", way="admonition/ac19", grounds="示例"),
}
