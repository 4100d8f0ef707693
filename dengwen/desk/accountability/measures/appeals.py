"""Appeals against measures: the ways that are open, the appeals there are, making one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dengwen.accountability.measures.appeal_effects import last_day
from dengwen.accountability.measures.law_question import rules_for
from dengwen.accountability.measures.queries import APPEAL, Measure, appealable
from dengwen.cases import rulebooks
from dengwen.cases.models import Act, Case, CaseLink
from dengwen.cases.read.case_view import cited, state_words
from dengwen.cases.read.case_view import read_file as read_case
from dengwen.cases.wall.visibility import for_user
from dengwen.desk.accountability.measures.measure_page import Page, measure_words
from dengwen.desk.shell.frame.seat import Seat, case_href
from dengwen.law.bilingual import words_in
from dengwen.law.liability import influence_period
from dengwen.law.liability.influence_period import Appeal
from dengwen.law.liability.provisions import Liability


@dataclass(frozen=True, slots=True)
class Way:
    """A way to appeal against one measure: where, until which day, whether its text was seen.

    `over` says that the last day has passed, `mine` that the person at the desk may take it,
    `runs_on` the article by which an appeal suspends nothing ("" where none was seen).
    """

    key: str
    measure: str
    route: str
    where: str
    last: date | None
    seen: bool
    over: bool
    cite: str
    mine: bool
    runs_on: str


def ways_to_appeal(seat: Seat, page: Page) -> list[Way]:
    """Return every way to appeal that is open: the measure, where, the last day, whether its
    text was seen."""
    made = page.made
    decision = made.decision
    if decision is None:
        return []
    ways = []
    for one in appealable(made):
        ways += _ways_against(seat, page, one, decision)
    return ways


def _ways_against(seat: Seat, page: Page, one: Measure, decision: Act) -> list[Way]:
    """Return the ways against one measure that was served."""
    if one.served is None:
        return []
    rules = rules_for(one.decided, one.place)
    status = str(decision.data.get("status") or "")
    found = influence_period.appeals(rulebooks.library(), rules, one.measure, status, one.served)
    return [_way(seat, page, one, rules, appeal) for appeal in found]


def _way(seat: Seat, page: Page, one: Measure, rules: Liability, appeal: Appeal) -> Way:
    """Return one way to appeal in words."""
    route, first = appeal.route, appeal.stations[0]
    return Way(
        key=f"{one.measure}/{route.id}",
        measure=measure_words(seat, [one.measure], one.place, one.said),
        route=words_in(route, seat.language),
        where=words_in(first, seat.language),
        last=first.last,
        seen=appeal.verified,
        over=_is_over(rules, one, route.id, seat.today),
        cite=cited(route.basis, page.file.installed, seat.language),
        mine=seat.user.official_id == page.made.official,
        runs_on=cited(appeal.runs_on, page.file.installed, seat.language),
    )


def _is_over(rules: Liability, one: Measure, route: str, today: date) -> bool:
    """Say whether the last day to appeal has passed."""
    last = last_day(rules, one, route)
    return last is not None and last < today


def appeals_about(seat: Seat, page: Page) -> list[tuple[str, str, str]]:
    """Return the appeals about this file that the seat may see: number, address, state."""
    links = CaseLink.objects.filter(other=page.made.case, kind="concerns", case__kind=APPEAL)
    visible = for_user(seat.viewer, seat.today).filter(pk__in=links.values("case"))
    appeals = []
    for case in visible.order_by("pk"):
        address = case_href(case.number)
        appeals.append((case.number, address, _state(seat, case)))
    return appeals


def _state(seat: Seat, case: Case) -> str:
    """Return the state of an appeal in words."""
    return state_words(read_case(case, seat.now), seat.language)
