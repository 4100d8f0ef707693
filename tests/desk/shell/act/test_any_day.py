"""The desk on the days at an edge of the calendar: a letter comes in, goes out, and what is late
is found."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dengwen.cases.duties.sweep import sweep
from dengwen.cases.models import Act, Case
from dengwen.law.duties.act_record import civil
from tests import days
from tests.desk.conftest import Day, Sit
from tests.desk.petitions.test_register import LETTER
from tests.world import World, at

pytestmark = pytest.mark.any_day
SORT = 15
"""Days for sending a letter on: R22 22."""


@pytest.mark.parametrize("edge", days.SENSITIVE)
def test_a_letter_is_registered_sorted_and_shown(
    edge: str, world: World, day: Day, sit: Sit
) -> None:
    day.set(edge)
    clerk = sit("clerk")
    key = clerk.get("/desk/petitions/register/").context["uid"]
    page = clerk.post("/desk/petitions/register/", LETTER | {"uid": key, "received_on": edge})
    assert page.status_code == 200
    case = Case.objects.get(kind="petition")
    assert case.number.split("-")[1] == edge[:4]
    act = Act.objects.get(case=case, act="register")
    assert (civil(act.occurred_at), civil(act.recorded_at)) == (date.fromisoformat(edge),) * 2
    duty = world.duty(case.number, "sort")
    raw = date.fromisoformat(edge) + timedelta(days=SORT)
    known = raw.year <= 2026
    assert duty.raw == raw
    assert (duty.due is not None, duty.provisional) == (known, not known)
    for address in ("/desk/", f"/desk/case/{case.number}/", "/desk/petitions/find/"):
        assert sit("router").get(address, follow=True).status_code == 200, address


def breached() -> list[str]:
    """The numbers of the cases in which sending on was late, once for each record of it."""
    return list(
        Act.objects.filter(act="breach", duty="sort").values_list("case__number", flat=True)
    )


@pytest.mark.parametrize("edge", days.SENSITIVE)
def test_what_is_late_by_that_day_is_a_breach_and_what_cannot_be_counted_is_none(
    edge: str, world: World
) -> None:
    today = date.fromisoformat(edge)
    begun = [today - timedelta(days=ago) for ago in (30, 3)]
    late, fresh = [world.register(first.isoformat()) for first in begun]
    sweep(now=at(edge))
    countable = (begun[0] + timedelta(days=SORT)).year <= 2026
    assert breached() == ([late] if countable else [])
    sweep(now=at(edge, 23))
    assert fresh not in breached()
    assert len(breached()) == int(countable)
