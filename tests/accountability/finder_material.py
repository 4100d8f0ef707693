"""Material for single finders, made by hand: acts, duties and the little a finder asks besides."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from dengwen.accountability.finders.material import Did, Owed, grouped
from dengwen.law.duties.act_record import OPEN
from tests.world import at

TODAY = date(2025, 3, 18)
DAY = timedelta(days=1)
HERE, THERE, ELSEWHERE = 1, 2, 3
WANG, LI = 11, 12


def did(pk: int, act: str = "register", day: date = TODAY, **more: Any) -> Did:
    """Return an act of a day, recorded at once, by the account of Wang."""
    occurred: datetime = more.pop("occurred", at(day))
    plain: dict[str, Any] = {
        "case": 5,
        "organ": HERE,
        "actor": 1,
        "recorded": more.pop("recorded", occurred),
        "data": {},
        "paper": "",
        "imported": False,
    }
    return Did(pk=pk, act=act, occurred=occurred, **{**plain, **more})


def owed(rule: str = "sort", **more: Any) -> Owed:
    """Return an open duty that ends today; it was entered on the day it began, and its end on the
    day of its end."""
    begun: date = more.get("opened_on", TODAY)
    ended: date | None = more.get("closed_on")
    plain: dict[str, Any] = {
        "pk": 70,
        "case": 5,
        "holder": HERE,
        "official": None,
        "opened_by": 1,
        "opened_on": TODAY,
        "start": TODAY,
        "due": TODAY,
        "state": OPEN,
        "closed_by": None,
        "closed_on": None,
        "timeliness": "",
        "breach": None,
        "opened_recorded": at(begun),
        "closed_recorded": None if ended is None else at(ended),
        "ended_by": None,
    }
    return Owed(rule=rule, **{**plain, **more})


def matters(**kinds: str) -> dict[int, Any]:
    """Return the heads of a hundred cases, petitions all but those named (`N8="decision"`)."""
    return {
        pk: SimpleNamespace(number=f"N{pk}", pk=pk, kind=kinds.get(f"N{pk}", "petition"))
        for pk in range(100)
    }


def material(acts: Iterable[Did] = (), duties: Iterable[Owed] = (), **more: Any) -> Any:
    """Return material with these acts and duties; all duties are late, nobody is away, no number is
    set by the office, and nothing was entered late."""
    known, all_duties = list(acts), list(duties)

    def named(*names: str) -> list[Did]:
        return [one for one in known if one.act in names]

    def of_rules(*rules: str) -> list[Owed]:
        return [one for one in all_duties if one.rule in rules]

    plain: dict[str, Any] = {
        "acts": named,
        "by_case": lambda *names: grouped(named(*names)),
        "duties": of_rules,
        "late_duties": of_rules,
        "local": lambda _name, usual: usual,
        "responsible": lambda duty: duty.official,
        "away": lambda *_: False,
        "absences_of": lambda _duty: [],
        "absences_on": lambda *_: [],
        "objections_of": lambda _duty: [],
        "by_claim": frozenset(),
        "today": TODAY,
        "now": at(TODAY),
        "matters": matters(),
        "organs": {
            HERE: SimpleNamespace(pk=HERE, is_petition_office=False),
            THERE: SimpleNamespace(pk=THERE, is_petition_office=True),
        },
        "official_of": {1: WANG, 2: LI},
        "officials": {WANG: ("A1", "王"), LI: ("A2", "李")},
    }
    return SimpleNamespace(**{**plain, **more})
