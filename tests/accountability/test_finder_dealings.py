"""What finders see of decisions, suggestions and urgent matters, and what they leave alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.accountability.finders import (
    dealings,
    urgent_matters,
)
from dengwen.accountability.finders.found import Seen
from dengwen.law.duties.act_record import CLOSED, OPEN
from tests.accountability.finder_material import (
    DAY,
    HERE,
    THERE,
    TODAY,
    WANG,
    did,
    material,
    matters,
    owed,
)
from tests.world import at


def cases(found: Iterable[Seen]) -> list[tuple[int, ...]]:
    return [one.cases for one in found]


# --- decisions and suggestions --------------------------------------------------------------------
ASSESSED = did(2, "assess", date(2025, 3, 1), case=8)
DECIDED = did(9, "decide_without", case=8, data={"decided_on": "2025-03-01"})
TRACED = did(10, "trace_cause", case=5, data={"decision": "N8"})


@pytest.mark.parametrize(
    ("acts", "found"),
    [
        ([DECIDED, TRACED], True),
        ([DECIDED], False),
        ([DECIDED, did(10, "trace_cause", data={"decision": "N7"})], False),
        ([DECIDED, TRACED, ASSESSED], False),
        ([DECIDED, TRACED, did(2, "need_none", date(2025, 3, 1), case=8)], False),
        ([DECIDED, TRACED, did(2, "assess", date(2025, 3, 2), case=8)], True),  # a claim
        ([DECIDED, TRACED, did(11, "assess", case=8)], True),  # only afterwards
        ([DECIDED, TRACED, did(2, "assess", date(2025, 2, 1), case=7)], True),
        ([did(9, "decide_without", case=8, organ=None), TRACED], False),
        ([DECIDED, TRACED, did(3, "register", date(2025, 2, 28))], False),  # received before it
        ([DECIDED, TRACED, did(3, "register", date(2025, 3, 1))], True),
        (
            [did(9, "decide_without", date(2025, 3, 1), case=8, data={"decided_on": ""}), TRACED],
            True,
        ),
    ],
)
def test_a_decision_without_assessment_is_seen_where_petitions_came_of_it(
    acts: list[Any], *, found: bool
) -> None:
    seen = dealings.no_risk_assessment(material(acts, matters=matters(N8="decision")))
    assert bool(seen) is found
    if found:
        assert (seen[0].cases, seen[0].day, seen[0].act) == ((8, 5), date(2025, 3, 1), 9)
        assert len(seen[0].evidence) == 2


@pytest.mark.parametrize(
    ("said", "claimed"),
    [
        (ASSESSED, None),
        (did(2, "assess", case=8), ["the risks had been assessed"]),
        (did(2, "need_none", case=8), ["it was found that no assessment was needed"]),
        (did(11, "assess_late", case=8), ["the risks were assessed afterwards"]),
        (did(11, "assess", case=8), []),
    ],
)
def test_an_assessment_entered_after_the_day_is_a_claim(
    said: Any, claimed: list[str] | None
) -> None:
    known = material([DECIDED, TRACED, said], matters=matters(N8="decision"))
    seen = dealings.no_risk_assessment(known)
    assert [[claim.en for claim in one.claims] for one in seen] == (
        [] if claimed is None else [claimed]
    )


@pytest.mark.parametrize(("kind", "found"), [("decision", True), ("accountability", False)])
def test_a_decision_without_assessment_is_one_of_a_case_of_decision(
    kind: str, *, found: bool
) -> None:
    taken = did(9, "decide", case=8, data={"decided_on": "2025-03-01"})
    seen = dealings.no_risk_assessment(material([taken, TRACED], matters=matters(N8=kind)))
    assert bool(seen) is found


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ({}, False),
        ({"due": TODAY - DAY}, True),
        ({"due": None, "opened_on": TODAY - 90 * DAY}, False),
        ({"due": None, "opened_on": TODAY - 91 * DAY}, True),
        ({"due": TODAY - DAY, "holder": None}, False),
        ({"due": TODAY - DAY, "state": "void"}, False),
        (
            {
                "due": TODAY - DAY,
                "state": CLOSED,
                "timeliness": "late",
                "closed_on": TODAY,
                "closed_by": 4,
            },
            True,
        ),
        ({"due": TODAY - DAY, "state": CLOSED, "timeliness": "in_time", "closed_on": TODAY}, False),
    ],
)
@pytest.mark.parametrize("rule", ["feedback", "feedback_government"])
def test_a_suggestion_without_an_answer_is_seen(
    rule: str, more: dict[str, Any], *, found: bool
) -> None:
    seen = dealings.suggestion_unanswered(material([], [owed(rule, **more)]))
    assert bool(seen) is found
    if seen and more.get("closed_by"):
        assert seen[0].zh.endswith("2025-03-18 才答复")
        assert seen[0].en.endswith("answered on 2025-03-18")
        assert [one.act for one in seen[0].evidence] == [1, 4]
    elif seen:
        assert seen[0].zh.endswith("至今没有答复")
        assert seen[0].en.endswith("not answered yet")
        assert [one.act for one in seen[0].evidence] == [1]


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ({}, True),
        ({"adopted": "partly"}, True),
        ({"adopted": "refused"}, False),
        ({"made_about": "N9"}, False),
        ({"urged_about": "N9"}, False),
        ({"urging": "remind"}, True),
        ({"urging": "note"}, False),
        ({"work": "execute"}, True),
        ({"work": "perform_or_answer"}, True),
        ({"work": "sort"}, False),
        ({"state": CLOSED}, False),
        ({"holder": None}, False),
        ({"closed_by": None}, False),
    ],
)
def test_an_adopted_suggestion_whose_matter_stays_open_is_seen(
    more: dict[str, Any], *, found: bool
) -> None:
    long_ago = TODAY - 200 * DAY
    acts = [
        did(1, "make", long_ago, case=20, data={"about": more.get("made_about", "N21")}),
        did(
            2,
            more.get("urging", "order"),
            long_ago,
            case=21,
            data={"about": more.get("urged_about", "N22")},
        ),
        did(3, "answer", long_ago, case=20, data={"adopted": more.get("adopted", "adopted")}),
    ]
    answered = owed(
        "feedback", case=20, state=CLOSED, timeliness="in_time", closed_on=long_ago,
        closed_by=more.get("closed_by", 3), holder=more.get("holder", HERE), due=long_ago,
    )  # fmt: skip
    still = owed(
        more.get("work", "handle"), case=22, due=TODAY - DAY, state=more.get("state", OPEN)
    )
    seen = dealings.suggestion_unanswered(material(acts, [answered, still]))
    assert cases(seen) == ([(20, 22)] if found else [])


# --- urgent matters -------------------------------------------------------------------------------
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("duty", "acts", "hours"),
    [
        ({}, [did(1, "open", occurred=at(TODAY) - 24 * HOUR)], None),  # within the hours
        ({}, [did(1, "open", occurred=at(TODAY) - 25 * HOUR)], 25),
        ({}, [did(2, "open", occurred=at(TODAY) - 25 * HOUR)], None),
        ({"holder": None}, [did(1, "open", occurred=at(TODAY) - 25 * HOUR)], None),
        ({"state": "void"}, [did(1, "open", occurred=at(TODAY) - 25 * HOUR)], None),
        (
            {"state": CLOSED, "closed_by": 4},
            [did(1, "open", TODAY - 9 * DAY), did(4, "report", TODAY - 7 * DAY)],
            48,
        ),
        (
            {"state": CLOSED, "closed_by": 4},
            [did(1, "open", TODAY - 9 * DAY), did(4, "report", TODAY - 8 * DAY)],
            None,
        ),
        (
            {"state": CLOSED, "closed_by": 5},
            [did(1, "open", TODAY - 9 * DAY)],
            None,
        ),  # met by what is no report
    ],
)
def test_a_report_is_late_after_its_hours(
    duty: dict[str, Any], acts: list[Any], hours: int | None
) -> None:
    known = material(acts, [owed("report_own", **duty)])
    seen = urgent_matters.report_late(known)
    assert bool(seen) is (hours is not None)
    if seen:
        assert f"{hours} 小时" in seen[0].zh
        assert f"{hours} hours" in seen[0].en
        assert ("才报告" in seen[0].zh) is bool(duty)
        assert (seen[0].official, seen[0].act) == (WANG, 1)
        assert [one.act for one in seen[0].evidence] == [1, duty.get("closed_by") or 1]


@pytest.mark.parametrize("rule", urgent_matters.REPORTS)
@pytest.mark.parametrize("act", urgent_matters.REPORTING)
def test_every_way_of_reporting_is_looked_at_once_for_a_matter(rule: str, act: str) -> None:
    known = material([did(1, act, TODAY - 9 * DAY, actor=None)], [owed(rule), owed(rule, pk=71)])
    (seen,) = urgent_matters.report_late(known)
    assert "2 项" in seen.zh
    assert seen.official is None
    assert len(seen.evidence) == 3


RISING = did(2, "trend", data={"direction": "rising"}, organ=THERE)


@pytest.mark.parametrize(
    ("acts", "kind", "unit", "measured"),
    [
        ([RISING], "incident", THERE, False),
        ([RISING, did(1, "open", organ=HERE)], "incident", HERE, False),
        ([RISING, did(1, "open", organ=None, actor=None)], "incident", THERE, False),
        ([did(2, "trend", data={"direction": "rising"}, organ=None)], "incident", None, False),
        ([RISING], "petition", None, False),
        ([did(2, "trend", data={"direction": "falling"})], "incident", None, False),
        ([RISING, did(3, "measure")], "incident", None, False),  # in the very instant
        ([RISING, did(3, "measure", TODAY + DAY)], "incident", THERE, True),
        ([RISING, did(3, "attend", TODAY + DAY)], "incident", THERE, True),
        (
            [RISING, did(3, "attend", TODAY + DAY), did(4, "measure", TODAY - DAY)],
            "incident",
            None,
            False,
        ),
        ([RISING, did(3, "note", TODAY - DAY)], "incident", THERE, False),
    ],
)
def test_an_incident_that_grew_before_its_first_measure_is_seen(
    acts: list[Any], kind: str, unit: int | None, *, measured: bool
) -> None:
    matters = {5: SimpleNamespace(number="N5", kind=kind, pk=5)}
    seen = urgent_matters.measures_late(material(acts, matters=matters))
    assert [one.unit for one in seen] == ([] if unit is None else [unit])
    for one in seen:
        assert one.zh.startswith("事态升级以后" if measured else "事态升级，没有")
        assert one.en.startswith("measures came" if measured else "it grew and no")
        assert len(one.evidence) == (2 if measured else 1)
        opened = [did for did in acts if did.act == "open" and did.actor]
        assert (one.official, one.act) == (WANG if opened else None, 2)


def test_the_first_rise_is_the_earliest_whatever_was_entered_first() -> None:
    later, first = (
        did(2, day=TODAY, data={"direction": "rising"}),
        did(3, day=TODAY - DAY, data={"direction": "rising"}),
    )
    falling = did(1, day=TODAY - 2 * DAY, data={"direction": "falling"})
    assert urgent_matters._first_rise([later, falling, first]) is first
