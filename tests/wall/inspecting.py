"""Probes of the pages of inspections: one planned inspection of the accused unit, asked for by
everybody."""

from __future__ import annotations

from typing import Any

from tests.wall.asking import NOBODY, Asks, Probe, get, numbers, plain, post
from tests.wall.highs import Known
from tests.wall.stage import ACCUSED_UNIT, Stage

PLAN = {
    "scope": "示例",
    "first": "2025-01-01",
    "last": "2025-03-20",
    "size": "3",
    "open_by": "2025-03-28",
    "checklist": "第三十四条｜是否按期",
}


def begun(stage: Stage, _known: Known) -> Asks:
    """Plan an inspection of the accused unit and of another one, then one that is refused."""
    path = "/desk/oversight/inspections/new/"
    form = {"type": "special", "subject": "示例督查", "until": "2025-04-30", "begins": "2025-04-01"}
    pairs = ((ACCUSED_UNIT, "YJ04"), ("YJ03", "YJ04"), ("YJ03", "YJ01"))
    return [
        *get(path),
        post(path, **form, find="to", q_to="示例", part="1"),
        *(
            post(path, **form, to=str(stage.organ(a)), depositor=str(stage.organ(b)))
            for a, b in pairs
        ),
    ]


def year(stage: Stage, _known: Known) -> Asks:
    """Plan the year for the accused unit and another one, and a month that is over."""
    path, both = (
        "/desk/oversight/inspections/year/",
        [f"month-{stage.organ(code)}" for code in (ACCUSED_UNIT, "YJ03")],
    )
    return [
        *get(path),
        *(post(path, subject="示例督查", **{name: "6"}) for name in both),
        post(path, **{both[1]: "1"}),
    ]


def page(tail: str, **data: Any) -> Probe:
    """Return a probe that asks for a page of the inspection, of low, protected and unknown
    cases, and posts to it."""

    def asks(stage: Stage, known: Known) -> Asks:
        paths = [
            f"/desk/oversight/inspections/{n}/{tail}"
            for n in (stage.inspection, *numbers(known)[:4], NOBODY)
        ]
        return [*get(*paths), *(post(path, **data) for path in (paths if data else ()))]

    return asks


def case_page(name: str, **data: Any) -> Probe:
    """Return a probe of a page about one case of the sample: low and protected ones, none of
    which was drawn."""

    def asks(stage: Stage, known: Known) -> Asks:
        paths = [
            f"/desk/oversight/inspections/{stage.inspection}/{name}/{n}/" for n in numbers(known)
        ]
        return [*get(*paths), *(post(path, **data) for path in paths)]

    return asks


def public_files(stage: Stage, known: Known) -> Asks:
    """Ask as anybody for the files of a draw: of the inspection, of low, protected and unknown
    cases."""
    of = (stage.inspection, *numbers(known)[:4], NOBODY)
    return get(
        *(
            f"/inspections/{n}/1/{what}/"
            for n in of
            for what in ("plan.json", "checkpoint.txt", "secret.txt")
        )
    )


PROBES: dict[str, Probe] = {
    "desk:inspections": plain(
        "/desk/oversight/inspections/",
        "/desk/oversight/inspections/?year=2024",
        "/desk/oversight/inspections/?year=x",
    ),
    "desk:inspection_new": begun,
    "desk:inspection_year": year,
    "desk:inspection": page(""),
    "desk:inspection_plan": page("plan/", **PLAN),
    "desk:inspection_draw": page("draw/", uid="x"),
    "desk:inspection_published": page("published/1/plan.json/"),
    "desk:inspection_take": page("pack/", return_by="2025-03-28"),
    "desk:inspection_pack": page("pack/1/"),
    "desk:inspection_case": case_page("case", **{"item-1": "yes"}),
    "desk:inspection_call": case_page("call", result="satisfied"),
    "desk:inspection_answers": page("answers/", **{"answer-all": "示例"}),
    "desk:inspection_report": page("report/", circular_scope="system", findings="示例"),
}
