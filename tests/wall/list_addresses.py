"""What lists can be asked for: each order, each filter, further pages, and what is no order at all.

A list that sorts, filters or pages says what rows it has by the place of each of them; so every
list is asked in all these ways in every world.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from tests.wall.asking import Asks, Probe, get
from tests.wall.highs import Known
from tests.wall.stage import ACCUSED_UNIT, Stage

WRONG = ("sort=-case__title", "page=1000000000")
PREVENTION = "/desk/prevention/{}/".format
FIGURE_CASES = "/desk/oversight/figures/cases/?month=2025-03&figure=matters"
LISTS: Mapping[str, tuple[str, Sequence[str]]] = {
    "desk:find": (
        f"/desk/petitions/find/?q={quote('示例')}",
        ("sort=opened", "sort=-opened", "page=2", "page=3", "sort=opened&page=2"),
    ),
    "desk:breaches": (
        "/desk/oversight/breaches/",
        (
            "statutory=yes",
            "statutory=no",
            "since=2025-03-01&until=2025-03-31",
            "statutory=yes&after=2025-03-05_3",
            "since=x",
            "sort=due",
            "sort=-case",
            "sort=-case&page=2",
            "sort=-due&statutory=no",
        ),
    ),
    "desk:home": (
        "/desk/",
        ("sort=due", "sort=-due", "sort=case", "who=all&sort=-case", "who=all&sort=due&page=2"),
    ),
    "desk:suggestions": (
        "/desk/oversight/suggestions/",
        ("waits=yes", "waits=no", "sort=made", "sort=-made", "page=2", "waits=yes&page=2"),
    ),
    "desk:figure_cases": (
        FIGURE_CASES,
        ("repeat=yes", "repeat=no", "sort=-day", "sort=persons", "sort=-repeat", "page=2"),
    ),
    "desk:inquiries": (
        "/desk/accountability/inquiries/",
        ("done=yes", "done=no", "sort=opened", "sort=-opened", "page=2"),
    ),
    "desk:about_me": ("/desk/accountability/about-me/", ("sort=opened", "page=2")),
    "desk:measures": (
        "/desk/accountability/measures/",
        (
            "proposed-sort=subject",
            "served-sort=-deadline",
            "open-page=2",
            "open-sort=-subject",
            "closed-sort=deadline",
            "appeals-sort=opened",
            "appeals-page=2",
        ),
    ),
    "desk:leads": ("/desk/accountability/leads/", ("state=taken&page=2", "page=2")),
    "desk:assessments": (
        "/desk/assessment/",
        ("kind=scheme", "kind=assessment", "sort=day", "sort=-kind", "page=2"),
    ),
    "desk:incidents": (
        "/desk/leadership/incidents/",
        ("running-sort=known", "running-sort=-known", "closed-page=2"),
    ),
    "desk:inspections": (
        "/desk/oversight/inspections/",
        ("type=special", "sort=unit", "sort=-open", "covered-sort=-running", "page=2"),
    ),
    "desk:organ_duties": (
        f"/desk/leadership/duties/organ/{ACCUSED_UNIT}/",
        ("labels-sort=who", "labels-sort=-since", "labels-sort=x"),
    ),
    "desk:leader": ("/desk/leadership/", ("instructions-sort=due", "instructions-page=2")),
    "desk:personnel": (
        "/desk/personnel/",
        ("notices-sort=whose", "opinions-sort=-day", "queries-page=2", "bans-sort=unit"),
    ),
    "desk:prevention_part": (
        PREVENTION("decisions"),
        ("sort=state", "sort=-state", "state=entered", "page=2"),
    ),
    "desk:roster": ("/desk/leadership/roster/", ("sort=-day", "sort=leader", "page=2")),
    "desk:ratings": ("/desk/petitions/ratings/", ("quarters-sort=side", "quarters-sort=-quarter")),
    "desk:registry": ("/desk/registry/", ("sort=-code", "sort=name", "kind=government", "page=2")),
    "desk:organ_list": (
        f"/desk/registry/organ/{ACCUSED_UNIT}/list/",
        ("sort=path", "category=c01", "page=2"),
    ),
    "desk:staff": ("/desk/leadership/staff/", ("from=2025-03-01&to=2025-03-31", "from=x")),
}
"""Routes of lists: the address, and what it can be asked for."""


def addresses(route: str) -> list[str]:
    """Return every way in which a list is asked."""
    path, queries = LISTS[route]
    joint = "&" if "?" in path else "?"
    return [path, *(f"{path}{joint}{query}" for query in (*queries, *WRONG))]


def with_lists(probes: Mapping[str, Probe]) -> dict[str, Probe]:
    """Return probes of routes, those of lists also asked in every order, narrowed, further on."""
    return {
        route: _both(probe, route) if route in LISTS else probe for route, probe in probes.items()
    }


def _both(probe: Probe, route: str) -> Probe:
    """Return a probe that also asks for a list in every way."""

    def asks(stage: Stage, known: Known) -> Asks:
        return [*probe(stage, known), *get(*addresses(route))]

    return asks
