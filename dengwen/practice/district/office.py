"""Opening the office of the invented district: organs from the city down, people, accounts,
roles."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from dengwen.access.models import User
from dengwen.organs.lists.import_tray import StagedDivision
from dengwen.organs.models import Organ
from dengwen.practice.district.founder import Founder, OrganPlan, PersonPlan
from dengwen.practice.district.plan import (
    ADMINISTRATORS,
    AUTHORITY,
    CITY,
    CITY_DIVISION,
    DISTRICT,
    DISTRICT_DIVISION,
    MANAGER,
    PASSWORD,
)

ROOT = "SZF"
"""The organ above all others of the district; the divisions are entered in its registry case."""
FOUNDED = datetime(2018, 1, 2, 1, tzinfo=UTC)
"""When the district was founded: before anything that is simulated in it."""
INFORMATION_CENTRE = OrganPlan(
    "ADM",
    "云江区信访信息中心",
    "Information Centre",
    "direct_institution",
    "county",
    territorial="YJQ",
    people=ADMINISTRATORS,
)
"""The organ of the administrators."""


@dataclass(frozen=True)
class Office:
    """The founded office: organs by code, accounts by user name, and whose account is whose."""

    organs: dict[str, Organ]
    users: dict[str, User]
    people: dict[str, tuple[PersonPlan, str]]


def open_office(now: datetime, password: str | None = PASSWORD) -> Office:
    """Found the district at the instant `now` through the write door; every grant names two
    persons."""
    founder = Founder(now, "found")
    organs: dict[str, Organ] = {}
    placed: dict[str, tuple[PersonPlan, str]] = {}
    for plan in _in_order((*CITY, *DISTRICT)):
        organs[plan.code] = _found(founder, plan)
        placed.update({person.username: (person, plan.code) for person in plan.people})
    for plan in DISTRICT:
        _put_under_manager(founder, plan)
    founder.found(INFORMATION_CENTRE)
    placed.update({person.username: (person, "") for person in ADMINISTRATORS})
    users = {name: founder.account(person, password) for name, (person, _) in placed.items()}
    _grant_all(founder, users, placed)
    return Office(organs, users, placed)


def _found(founder: Founder, plan: OrganPlan) -> Organ:
    """Found an organ in its division; the root comes before the divisions, and is seated after."""
    seated = seat_of(plan)
    if plan.code != ROOT:
        return founder.found(replace(plan, division=seated))
    root = founder.found(plan)
    founder.divide(ROOT, _divisions(founder.now.date()), seated)
    return root


def _put_under_manager(founder: Founder, plan: OrganPlan) -> None:
    """Register who manages the posts of an organ: its staff itself, its leaders the organ above."""
    posts: list[tuple[str, str]] = []
    for person in plan.people:
        manager = plan.code if person.rank == "staff" else MANAGER
        posts.append((f"{plan.code}-{person.code}", manager))
    founder.put_under(plan.code, posts=posts, manager=MANAGER, basis=AUTHORITY)


def seat_of(plan: OrganPlan) -> str:
    """Return the division an organ of the district sits in: under 50, so that every pack of the
    house applies."""
    return plan.division or (CITY_DIVISION if plan in CITY else DISTRICT_DIVISION)


def _divisions(since: date) -> tuple[StagedDivision, ...]:
    """Return the divisions of the city and of the district."""
    return (
        StagedDivision(CITY_DIVISION, "示例市（虚构）", "province", "", since),
        StagedDivision(DISTRICT_DIVISION, "云江区（虚构）", "county", CITY_DIVISION, since),
    )


def people() -> list[tuple[PersonPlan, str]]:
    """Return everybody of the district with the name of the organ they work in, from the city
    down."""
    placed = [(person, plan.name) for plan in (*CITY, *DISTRICT) for person in plan.people]
    return placed + [(person, INFORMATION_CENTRE.name) for person in ADMINISTRATORS]


def _in_order(plans: tuple[OrganPlan, ...]) -> list[OrganPlan]:
    """Return the plans so that every organ named by another comes first."""
    waiting = list(plans)
    done: set[str] = set()
    ordered: list[OrganPlan] = []
    while waiting:
        ready = [plan for plan in waiting if _above(plan) <= done]
        if not ready:
            raise ValueError(f"organs name each other in a circle: {[p.code for p in waiting]}")
        ordered += ready
        done |= {plan.code for plan in ready}
        waiting = [plan for plan in waiting if plan not in ready]
    return ordered


def _above(plan: OrganPlan) -> set[str]:
    """Return the codes of the organs a plan names as parents or superiors."""
    superiors = {superior for _, superior, _ in plan.superiors}
    return ({plan.territorial, plan.vertical} | superiors) - {""}


def _grant_all(
    founder: Founder, users: dict[str, User], people: dict[str, tuple[PersonPlan, str]]
) -> None:
    """Grant roles: the first security and audit administrators name themselves into office, then
    two decide."""
    security, auditor = users["security"], users["auditor"]
    founder.grant(security, ("R15",), "", by=None, approver=None)
    founder.grant(auditor, ("R16",), "", by=security, approver=None)
    for username, (person, organ) in people.items():
        if username not in ("security", "auditor"):
            founder.grant(
                users[username],
                person.roles,
                organ,
                by=security,
                approver=auditor,
                compartment=person.compartment,
            )
