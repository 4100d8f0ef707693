"""More handling organs for larger loads: invented street offices of the district, each with
three people."""

from __future__ import annotations

from datetime import datetime

from dengwen.access.models import User
from dengwen.organs.models import Organ
from dengwen.practice.district.founder import Founder, OrganPlan, PersonPlan
from dengwen.practice.district.plan import BASIS, DISTRICT_DIVISION, PASSWORD

NAMES = ("示例", "样本", "虚构", "假名", "试样", "样例")
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫"
FIRST = 11
"""The district's own organs have the numbers below."""
PARTS = (
    ("staff", "承办人", "handler", ("R6", "R3")),
    ("staff", "科长", "checker", ("R6",)),
    ("principal", "主任", "head", ("R7",)),
)


def plan_of(number: int) -> OrganPlan:
    """Return the plan of the street office with a number from 11 on."""
    code = f"YJ{number}"
    people = tuple(
        PersonPlan(
            f"{code}-{place + 1}",
            SURNAMES[(number + place) % len(SURNAMES)] + NAMES[(number * 3 + place) % len(NAMES)],
            rank,
            title,
            f"{part}-{code.lower()}",
            roles,
        )
        for place, (rank, title, part, roles) in enumerate(PARTS)
    )
    return OrganPlan(
        code,
        f"云江区第{number - FIRST + 1}街道办事处（虚构）",
        f"Street Office {number - FIRST + 1} of Yunjiang District",
        "government",
        "township",
        territorial="YJQ",
        division=DISTRICT_DIVISION,
        superiors=(("review", "YJQ", BASIS),),
        people=people,
    )


def found_further(count: int, now: datetime, password: str | None = PASSWORD) -> int:
    """Found `count` more street offices beside those there are; returns how many of them are
    new."""
    security, auditor = User.objects.get(username="security"), User.objects.get(username="auditor")
    new = 0
    for number in range(FIRST, FIRST + count):
        plan = plan_of(number)
        if Organ.objects.filter(code=plan.code).exists():
            continue
        founder = Founder(now, f"further/{plan.code}")
        founder.found(plan)
        for person in plan.people:
            founder.grant(
                founder.account(person, password),
                person.roles,
                plan.code,
                by=security,
                approver=auditor,
            )
        new += 1
    return new
