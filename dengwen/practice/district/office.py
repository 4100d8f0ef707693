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
    organs, users, people = {}, {}, {}
    for plan in _in_order((*CITY, *DISTRICT)):
        seated = seat_of(plan)
        organs[plan.code] = founder.found(
            plan if plan.code == ROOT else replace(plan, division=seated)
        )
        if plan.code == ROOT:
            founder.divide(ROOT, _divisions(now.date()), seated)
        people.update({p.username: (p, plan.code) for p in plan.people})
    for plan in DISTRICT:
        posts = [
            (f"{plan.code}-{p.code}", MANAGER if p.rank != "staff" else plan.code)
            for p in plan.people
        ]
        founder.put_under(plan.code, posts=posts, manager=MANAGER, basis=AUTHORITY)
    founder.found(
        OrganPlan(
            "ADM",
            "云江区信访信息中心",
            "Information Centre",
            "direct_institution",
            "county",
            territorial="YJQ",
            people=ADMINISTRATORS,
        )
    )
    people.update({p.username: (p, "") for p in ADMINISTRATORS})
    for person, _ in people.values():
        users[person.username] = founder.account(person, password)
    _grant_all(founder, users, people)
    return Office(organs, users, people)


def seat_of(plan: OrganPlan) -> str:
    """Return the division an organ of the district sits in: under 50, so that every pack of the
    house applies."""
    return plan.division or (CITY_DIVISION if plan in CITY else DISTRICT_DIVISION)


def _divisions(since: date) -> tuple[StagedDivision, ...]:
    return (
        StagedDivision(CITY_DIVISION, "示例市（虚构）", "province", "", since),
        StagedDivision(DISTRICT_DIVISION, "云江区（虚构）", "county", CITY_DIVISION, since),
    )


def people() -> list[tuple[PersonPlan, str]]:
    """Return everybody of the district with the name of the organ they work in, from the city
    down."""
    placed = [(person, plan.name) for plan in (*CITY, *DISTRICT) for person in plan.people]
    return placed + [(person, "云江区信访信息中心") for person in ADMINISTRATORS]


def _in_order(plans: tuple[OrganPlan, ...]) -> list[OrganPlan]:
    """Return the plans so that every organ named by another comes first."""
    waiting = list(plans)
    done: set[str] = set()
    ordered: list[OrganPlan] = []
    while waiting:
        ready = [
            p
            for p in waiting
            if {p.territorial, p.vertical, *(s for _, s, _ in p.superiors)} - {""} <= done
        ]
        if not ready:
            raise ValueError(f"organs name each other in a circle: {[p.code for p in waiting]}")
        ordered += ready
        done |= {p.code for p in ready}
        waiting = [p for p in waiting if p not in ready]
    return ordered


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
