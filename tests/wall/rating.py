"""Probes of the pages of ratings, of rulings on objections, and of circulars."""

from __future__ import annotations

from tests.wall.asking import NOBODY, Asks, Probe, get, numbers, post
from tests.wall.highs import Known
from tests.wall.stage import Stage

NO_CODE = "2345-6789-ABCD-EFGH-JKMN"


def entered(_stage: Stage, known: Known) -> Asks:
    """Enter ratings with what is no code: numbers of protected matters, query codes, nothing."""
    form = {"channel": "phone", "competent": "satisfied", "department": "satisfied", "go": "send"}
    codes = (*known.high, known.code, NO_CODE, "")
    return [
        *get("/desk/petitions/ratings/"),
        post("/desk/petitions/ratings/", channel="x"),
        *(post("/desk/petitions/ratings/", **form, evaluation_code=code) for code in codes),
    ]


def printed(_stage: Stage, known: Known) -> Asks:
    """Ask for the sheet of every number."""
    return [
        *get("/desk/petitions/ratings/sheet/"),
        *(post("/desk/petitions/ratings/sheet/", number=n) for n in numbers(known)),
    ]


def ruled(_stage: Stage, known: Known) -> Asks:
    """Ask to rule in, and to circulate, what is no assessment."""
    paths = [f"/desk/assessment/{n}/objections/1/" for n in (*numbers(known), NOBODY)]
    return [*get(*paths), *(post(path, ruling="refused", reasons="示例") for path in paths)]


def circulated(_stage: Stage, known: Known) -> Asks:
    """Ask to circulate what is no assessment."""
    path = "/desk/assessment/{}/circular/now/"
    return [
        post(path.format(n), to="later", circular_scope="public") for n in (*numbers(known), NOBODY)
    ]


def frozen(_stage: Stage, known: Known) -> Asks:
    """Ask for frozen files by every number, and by that of nobody."""
    return get(*(f"/desk/assessment/{n}/frozen.zip" for n in (*numbers(known), NOBODY)))


PROBES: dict[str, Probe] = {
    "desk:ratings": entered,
    "desk:rating_sheet": printed,
    "desk:assessment_ruling": ruled,
    "desk:assessment_circular": circulated,
    "desk:assessment_frozen": frozen,
}
