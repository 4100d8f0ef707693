"""Cases the wall let through stand in no list: the query set refuses at run time and names what
to write instead."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.db.models import Q, QuerySet

from dengwen.cases.models import Case, Duty
from dengwen.cases.wall.visibility import (
    Seen,
    among,
    countable,
    duties_for_user,
    for_user,
    viewer_of,
)
from dengwen.desk.shell.worklist.duty_pages import page_of
from dengwen.law.duties.act_record import BY_CLAIM
from dengwen.notices.models import Outbox
from dengwen.oversight.supervision_letters import late_duties
from tests.world import CLAIM, World, at

pytestmark = pytest.mark.django_db
DAY = at("2025-03-21").date()


def _seen(world: World) -> Seen:
    return for_user(viewer_of(world.office.users["supervisor"], DAY), DAY)


@pytest.mark.parametrize(
    "form", ["whole", "values", "filtered", "ordered", "exact", "negated", "countable"]
)
def test_visible_cases_do_not_stand_in_a_look_up(world: World, form: str) -> None:
    seen = _seen(world)
    forms: dict[str, dict[str, Any]] = {
        "whole": {"case__in": seen},
        "values": {"case__in": seen.values("pk")},
        "filtered": {"case__in": seen.filter(kind="petition").exclude(protected=True)},
        "ordered": {"case_id__in": seen.order_by("opened_at").values_list("pk", flat=True)[:5]},
        "exact": {"case": seen[:1]},
        "negated": {"case__in": seen},
        "countable": {"case__in": countable(viewer_of(world.office.users["supervisor"], DAY))},
    }
    cases = forms[form]
    with pytest.raises(TypeError, match="among"):
        list(Duty.objects.filter(~Q(**cases) if form == "negated" else Q(**cases)))


def test_a_handful_may_stand_in_a_list_where_that_is_said(world: World) -> None:
    world.register("2025-03-03")
    few: QuerySet[Case] = _seen(world).filter(kind="petition").few()
    assert (
        Duty.objects.filter(case__in=few).count()
        == Duty.objects.filter(among(_seen(world))).count()
        > 0
    )


def _lists(world: World) -> dict[str, tuple[QuerySet[Any], str]]:
    """Return what the pages read, and the index that holds it in their order."""
    seen, viewer = _seen(world), viewer_of(world.office.users["supervisor"], DAY)
    by_day = {"sort_day__isnull": False}
    claims = Duty.objects.filter(
        among(seen), breach__isnull=False, right=False, timeliness=BY_CLAIM
    )
    sent = Outbox.objects.filter(
        among(seen, "case_number", by="number"),
        recipient="organ",
        recipient_ref="YJ01",
        sent_at__isnull=False,
    )
    return {
        "work list": (
            duties_for_user(viewer).filter(**by_day).order_by("sort_day", "pk"),
            "cases_duty_open_by_day",
        ),
        "breaches": (
            late_duties(seen).filter(**by_day).order_by("sort_day", "pk"),
            "cases_duty_late_by_day",
        ),
        "claims": (
            claims.filter(closed_on__gte=DAY).order_by("-closed_on", "-pk"),
            "cases_duty_claims_by_day",
        ),
        "told": (sent.order_by("-sent_at", "-pk"), "notices_outbox_told"),
        "a kind": (seen.filter(kind="inspection").order_by("-opened_at", "-pk"), "cases_case_kind"),
    }


@pytest.mark.parametrize("which", ["work list", "breaches", "claims", "told", "a kind"])
def test_a_page_is_read_in_the_order_of_an_index(world: World, which: str) -> None:
    """Neither database sorts everything, nor asks the wall about more rows than come before the
    page is full."""
    rows, index = _lists(world)[which]
    plan = _plan(rows[:21])
    assert index in plan
    assert "TEMP B-TREE" not in plan
    assert "Sort Key" not in plan or "Presorted Key" in plan


def test_the_work_list_of_two_organs_is_one_list(world: World) -> None:
    """The first lines of each organ together are the first lines of both, whichever page."""
    for n in range(6):
        number = world.register(f"2025-03-0{3 + n % 3}")
        if n % 2:
            world.act("clerk", "classify", number, on="2025-03-06", **CLAIM)
            world.act("router", "forward", number, on="2025-03-06", to=world.organ("YJ02"))
            world.act("handler", "receive", number, on=f"2025-03-{10 + n}")
    holders = [world.organ("YJ01"), world.organ("YJ02")]
    duties = Duty.objects.filter(state="open", right=False, holder_id__in=holders).select_related(
        "case"
    )
    after, pages = "", 0
    while True:
        one, other = page_of(duties, after, 2), page_of(duties, after, 2, holders=holders)
        assert one == other
        after, pages = one.after, pages + 1
        if not after:
            break
    assert pages > 2


def _plan(rows: QuerySet[Any]) -> str:
    """Return how the database would read a full table: few rows would not be worth an index to
    PostgreSQL."""
    if connection.vendor == "sqlite":
        return rows.explain()
    with connection.cursor() as cursor:
        for way in ("seqscan", "sort", "bitmapscan", "hashjoin", "mergejoin"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
    return rows.explain()
