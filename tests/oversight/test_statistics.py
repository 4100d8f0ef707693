"""The monthly table and the annual report against a recount in plain SQL that knows nothing of
the house's own code."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection

from dengwen.cases.wall.visibility import Viewer, viewer_of
from dengwen.ledger.models import Event, Leaf
from dengwen.organs.models import Organ
from dengwen.oversight.annual_report import annual
from dengwen.oversight.statistics import (
    NAMES,
    Figures,
    Matter,
    add_up,
    behind,
    matters,
    month_of,
    table,
)
from tests.world import ACCUSATION, CLAIM, World, at

MARCH = month_of(2025, 3)
RECOUNT = """
WITH registered AS (
  SELECT a.case_id, a.data->>'channel' AS channel, a.imported AS imported,
    CAST(COALESCE(
      (SELECT c.data->>'new' FROM cases_act c
        WHERE c.act = 'correct' AND c.case_id = a.case_id AND c.data->>'field' = 'persons'
        ORDER BY c.id DESC LIMIT 1),
      a.data->>'persons', '1') AS INTEGER) AS persons,
    a.data->>'visit_kind' AS visit_kind,
    EXISTS (SELECT 1 FROM cases_act r
      WHERE r.case_id = a.case_id AND r.act = 'attach_repeat') AS again
  FROM cases_act a JOIN cases_case k ON k.id = a.case_id JOIN organs_organ o ON o.id = a.organ_id
  WHERE a.act = 'register' AND k.kind = 'petition' AND o.code = %s AND NOT k.protected
    AND a.occurred_at >= %s AND a.occurred_at < %s)
SELECT COUNT(*), COUNT(CASE WHEN NOT again THEN 1 END), COUNT(CASE WHEN again THEN 1 END),
  COUNT(CASE WHEN channel = 'letter' THEN 1 END),
  COUNT(CASE WHEN channel = 'letter' AND persons >= 5 THEN 1 END),
  COUNT(CASE WHEN channel = 'visit' THEN 1 END),
  COALESCE(SUM(CASE WHEN channel = 'visit' THEN persons END), 0),
  COUNT(CASE WHEN channel = 'visit' AND visit_kind = 'group' THEN 1 END),
  COALESCE(SUM(CASE WHEN channel = 'visit' AND visit_kind = 'group' THEN persons END), 0),
  COUNT(CASE WHEN imported THEN 1 END)
FROM registered
"""
ACTS = """
SELECT a.act, COUNT(*)
FROM cases_act a JOIN cases_case k ON k.id = a.case_id JOIN organs_organ o ON o.id = a.organ_id
WHERE o.code = %s AND a.occurred_at >= %s AND a.occurred_at < %s AND NOT k.protected
  AND (k.kind = 'supervision' OR (k.kind = 'petition' AND a.act IN ('forward', 'assign'))
    OR (k.kind = 'suggestion' AND a.act IN ('make', 'make_policy')))
GROUP BY a.act
"""


def ask(sql: str, office: str, first: date, last: date) -> list[tuple[Any, ...]]:
    after = date.fromordinal(last.toordinal() + 1)
    with connection.cursor() as cursor:
        cursor.execute(sql, [office, at(first, 0), at(after, 0)])
        return [tuple(row) for row in cursor.fetchall()]


def recount(office: str, first: date, last: date) -> dict[str, int]:
    return dict(zip(NAMES, (int(n) for n in ask(RECOUNT, office, first, last)[0]), strict=True))


@pytest.fixture
def viewer(world: World) -> Viewer:
    return viewer_of(world.office.users["supervisor"], date(2025, 6, 3))


def fill(world: World) -> None:
    """Register a month of letters and visits, with repeats, a correction, an accusation and
    neighbours in time."""
    first = world.register("2025-03-03", category="c01")
    world.register("2025-03-31", persons=4)
    world.register("2025-03-10", persons=5, category="c01")
    world.register("2025-03-11", channel="visit", persons=7, visit_kind="group", representatives=2)
    visit = world.register("2025-03-12", channel="visit", persons=2, visit_kind="single")
    world.register("2025-03-12", channel="network")
    again = world.register("2025-03-14")
    world.act(
        "clerk", "attach_repeat", again, on="2025-03-14", running=first, texts={"note": "同人同事"}
    )
    world.register("2025-02-28")
    world.register("2025-04-01")
    world.register("2025-03-20", who="handler", office="organ")
    accusing = world.register("2025-03-21")
    world.act("clerk", "classify", accusing, on="2025-03-21", **ACCUSATION)
    target = world.case(visit).acts.get(act="register").pk
    second = world.office.users["router"].official_id
    assert second is not None
    world.act(
        "clerk",
        "correct",
        visit,
        on="2025-03-13",
        target=target,
        field="persons",
        old="2",
        new="3",
        second=second,
        texts={"reason": "点错人数"},
    )


def test_the_month_equals_a_recount_in_plain_sql(world: World, viewer: Viewer) -> None:
    fill(world)
    taken = table(world.organ("YJ01"), "YJ01", viewer, *MARCH, position=0)
    told = {name: getattr(taken.total, name) for name in NAMES}
    assert told == recount("YJ01", *MARCH)
    assert told == {
        "matters": 7,
        "first": 6,
        "repeat": 1,
        "letters": 4,
        "joint_letters": 1,
        "visits": 2,
        "visitors": 10,
        "collective": 1,
        "collective_visitors": 7,
        "imported": 0,
    }
    for rows in taken.rows.values():
        assert sum(row.matters for row in rows.values()) == taken.total.matters


def test_every_figure_is_the_number_of_the_matters_behind_it(world: World, viewer: Viewer) -> None:
    fill(world)
    found = matters(world.organ("YJ01"), viewer, *MARCH, 0)
    taken = add_up("YJ01", found, *MARCH, 0, 5)
    for name in NAMES:
        lines = behind(found, name, 5)
        persons = name in {"visitors", "collective_visitors"}
        assert getattr(taken.total, name) == (
            sum(m.persons for m in lines) if persons else len(lines)
        )
    assert [m.number for m in behind(found, "matters", 5, "channel", "network")]


def test_what_is_sealed_later_is_not_in_an_earlier_figure(world: World, viewer: Viewer) -> None:
    numbers = [world.register("2025-03-03"), world.register("2025-03-04")]
    events = [Event.objects.get(uid=world.case(n).acts.get(act="register").uid) for n in numbers]
    for place, event in enumerate(events):
        Leaf.objects.create(idx=90_000 + place, event=event, entry=bytes(36), leaf_hash=bytes(32))
    office = world.organ("YJ01")
    counted = [
        table(office, "YJ01", viewer, *MARCH, position=p).total.matters for p in (1, 90_001, 90_002)
    ]
    assert counted == [0, 1, 2]


def test_the_year_equals_a_recount_in_plain_sql(world: World, viewer: Viewer) -> None:
    fill(world)
    number = world.register("2025-05-06")
    world.act("clerk", "classify", number, on="2025-05-06", **CLAIM)
    world.act("router", "forward", number, on="2025-05-07", to=world.organ("YJ02"))
    words = {"subject": "督办", "defect": "逾期", "demand": "办结"}
    letter: dict[str, Any] = {
        "to": world.organ("YJ02"),
        "reply_by": date(2025, 6, 1),
        "defect_ground": "delay",
    }
    case = world.act(
        "router", "order", kind="supervision", on="2025-05-20", texts=words, **letter
    ).case
    world.act("handler", "reply", case, on="2025-05-22", stand="done", texts={"report": "已办结"})
    world.act("router", "verify", case, on="2025-05-23")
    texts = {"subject": "建议", "problem": "逾期多", "proposal": "专人盯办"}
    for _ in range(2):
        made = world.act(
            "router",
            "make",
            kind="suggestion",
            on="2025-05-24",
            to=world.organ("YJ02"),
            texts=texts,
        ).case
    world.act("handler", "answer", made, on="2025-05-30", adopted="adopted")

    figures = annual(Organ.objects.get(code="YJ01"), viewer, 2025, position=0)
    counted = dict(ask(ACTS, "YJ01", date(2025, 1, 1), date(2025, 12, 31)))
    for name in ("forward", "assign", "order", "remind", "verify", "reject_reply"):
        assert figures.handling[name] == counted.get(name, 0)
    assert figures.suggestions["improve_work"] == {
        "made": counted["make"],
        "adopted": 1,
        "partly": 0,
        "not": 0,
        "unanswered": 1,
    }
    assert {n: getattr(figures.data.total, n) for n in NAMES} == recount(
        "YJ01", date(2025, 1, 1), date(2025, 12, 31)
    )
    assert figures.organs == {}  # one matter: too few to name an organ
    assert (
        figures.digest()
        == annual(Organ.objects.get(code="YJ01"), viewer, 2025, position=0).digest()
    )


def test_an_accusation_and_a_wall_change_no_figure(world: World, viewer: Viewer) -> None:
    before = table(world.organ("YJ01"), "YJ01", viewer, *MARCH, position=0).digest()
    accusing = world.register("2025-03-21")
    world.act("clerk", "classify", accusing, on="2025-03-21", **ACCUSATION)
    assert table(world.organ("YJ01"), "YJ01", viewer, *MARCH, position=0).digest() == before


def test_adding_up_is_pure() -> None:
    one = Matter(
        1, "X", date(2025, 3, 3), "visit", "c01", "", 6, group=True, repeat=False, imported=True
    )
    taken = add_up("X", [one], *MARCH, 7, 5)
    assert taken.total == Figures(1, 1, 0, 0, 0, 1, 6, 1, 6, 1)
    assert taken.as_dict()["position"] == 7
