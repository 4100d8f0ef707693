"""What is asked of the pages of leaders."""

from __future__ import annotations

from typing import Any

from dengwen.organs.models import Official
from tests.wall.asking import Asks, Probe, get, numbers, post
from tests.wall.highs import Known
from tests.wall.stage import ACCUSED_UNIT, HEAD_CODE, Stage


def leading(form: str, **data: Any) -> Probe:
    """Return a probe of a leader's page: letters and talks of low and of protected matters,
    every other number too."""

    def asks(_stage: Stage, known: Known) -> Asks:
        mixed = [n for pair in zip(known.hidden_leading, known.leading, strict=False) for n in pair]
        paths = [form.format(n) for n in (*mixed, *known.leading[2:], *numbers(known))]
        return [*get(*paths), *(post(path, **data) for path in paths if data)]

    return asks


def chosen(stage: Stage, known: Known, path: str, **data: Any) -> Asks:
    """Return requests that name the accused head as leader, for low and protected matters in
    turn."""
    head = Official.objects.get(code=HEAD_CODE).pk
    unit = stage.organ(ACCUSED_UNIT)
    form = {"leader": f"{head}-{unit}", "reception": known.leading[2], **data}
    return [
        one for n in numbers(known) for one in (*get(path.format(n)), post(path.format(n), **form))
    ]


def present(stage: Stage, known: Known) -> Asks:
    """Lay matters before the accused head."""
    return chosen(stage, known, "/desk/leadership/present/{}/")


def book(stage: Stage, known: Known) -> Asks:
    """Book talks with the accused head."""
    return chosen(stage, known, "/desk/leadership/book/{}/")


def roster(stage: Stage, _known: Known) -> Asks:
    """Plan a roster and publish it."""
    head = f"{Official.objects.get(code=HEAD_CODE).pk}-{stage.organ(ACCUSED_UNIT)}"
    form = {
        "leaders": head,
        "first": "2025-04-01",
        "last": "2025-04-30",
        "weekday": "2",
        "every": "2",
        "hours": "9:00–11:30",
        "room": "示例接待室",
    }
    path = "/desk/leadership/roster/"
    return [
        *get(path),
        post(path, **form, go="preview"),
        post(path, **form, go="publish"),
        post(path),
    ]


def leader_new(stage: Stage, known: Known) -> Asks:
    """Open what a leader opens, about protected and low matters."""
    head, unit = str(Official.objects.get(code=HEAD_CODE).pk), str(stage.organ(ACCUSED_UNIT))
    asks = []
    for n in numbers(known):
        form = {"leader": head, "organ": unit, "petition": n, "goal": "修复", "until": "2025-06-30"}
        path = "/desk/leadership/new/case_charge/"
        asks += [*get(f"{path}?petition={n}"), post(path, **form)]
    return [
        *asks,
        *get(
            "/desk/leadership/new/coordination/",
            "/desk/leadership/new/petition/",
            "/desk/leadership/new/task_check/",
        ),
    ]
