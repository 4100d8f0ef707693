"""What is drawn at a position: duties as they stood then, suggestions, objections, the backlog, and
matters that were sorted again."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db.models import Q

from dengwen.assessment.facts import act_facts, deadline_facts, duty_facts, recoded
from dengwen.assessment.facts.act_facts import _After, _Did
from dengwen.assessment.facts.duty_facts import Draw, DutyRow
from dengwen.assessment.facts.recoded import CORRECTED, RETURNED
from dengwen.law.duties.act_record import BY_CLAIM, CLOSED, IN_TIME, OPEN
from dengwen.law.indicators.indicator import WATCHED_KINDS
from tests.invented_rows import table

DAY = timedelta(days=1)
FIRST, LAST = date(2025, 1, 1), date(2025, 3, 31)
HERE, THERE = 1, 2
NOTHING: Any = None


# --- what is drawn --------------------------------------------------------------------------------
def draw(monkeypatch: pytest.MonkeyPatch, *later: Any, **more: Any) -> Draw:
    monkeypatch.setattr(duty_facts, "Event", table(*later))
    return Draw(FIRST, LAST, 5, **more)


def test_only_the_organs_and_the_act_that_are_asked_for_are_drawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    every, some = draw(monkeypatch), draw(monkeypatch, organs=frozenset({HERE}), act=7)
    assert [every.wants(HERE), every.wants(THERE)] == [True, True]
    assert [some.wants(HERE), some.wants(THERE)] == [True, False]
    assert every.whose("holder") == Q(holder__isnull=False)
    assert some.whose("holder") == Q(holder__in=frozenset({HERE}))
    assert not every.resting("opened_by")
    assert some.resting("opened_by") == Q(opened_by=7)
    assert every.everything
    assert not every.sealed("uid")
    assert duty_facts.ended(every) == set()


def test_with_acts_after_the_position_only_what_was_sealed_is_drawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    later, asked = table("later"), draw(monkeypatch, "later")
    assert not asked.everything
    monkeypatch.setattr(duty_facts, "Act", table(3, 4))
    monkeypatch.setattr(later.objects, "values", lambda *_: [], raising=False)
    monkeypatch.setattr(duty_facts, "Event", later)
    assert duty_facts.ended(asked) == {3, 4}


def duty(**more: Any) -> DutyRow:
    plain: dict[str, Any] = {
        "act": 2,
        "case": 1,
        "holder": HERE,
        "due": LAST,
        "opened_on": FIRST,
        "state": OPEN,
        "timeliness": "",
        "imported": False,
        "closed_on": None,
        "closed_by": None,
        "breach": None,
        "by_claim": False,
        "closed_recorded": None,
        "ended_by": None,
    }
    return DutyRow(**{**plain, **more})


MET = duty(state=CLOSED, timeliness=IN_TIME, closed_by=3, closed_on=LAST)


@pytest.mark.parametrize(
    ("one", "answered", "missed"),
    [
        (duty(), False, False),
        (MET, True, False),
        (MET._replace(closed_by=4), False, False),
        (duty(breach=3), False, True),
        (duty(breach=4), False, False),
    ],
)
def test_what_came_after_the_position_has_not_happened(
    one: DutyRow, *, answered: bool, missed: bool
) -> None:
    assert one.answered({4}) is answered
    assert one.missed({4}) is missed


class _Duties:
    """Rows of duties, whatever is filtered."""

    def __init__(self, *rows: tuple[Any, ...]) -> None:
        self.rows = rows

    def filter(self, **_: Any) -> _Duties:
        return self


def drawn(
    monkeypatch: pytest.MonkeyPatch, what: Any, *rows: tuple[DutyRow, tuple[Any, ...]]
) -> Any:
    """Draw facts of duties, acts from the fourth on being later than the position."""
    monkeypatch.setattr(deadline_facts, "duties", lambda *_: _Duties(*rows))
    monkeypatch.setattr(deadline_facts, "read", lambda some: iter(some.rows))
    monkeypatch.setattr(deadline_facts, "ended", lambda _asked: {4})
    asked: Any = SimpleNamespace(first=FIRST, last=LAST)
    return list(what(asked))


@pytest.mark.parametrize(("kind", "channel"), [("registration", "visit"), ("conclusion", "")])
def test_a_duty_that_fell_due_is_a_fact_of_its_day(
    kind: str, channel: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = deadline_facts.TimedRule("x", kind, 3, sort="again")
    rows = [(MET, ({"channel": "visit"},)), (duty(state="void"), ({},)), (duty(), ({},))]
    found = drawn(monkeypatch, lambda asked: deadline_facts.timed(asked, rule), *rows)
    assert [(f.outcome, f.channel, f.sort, f.day) for f in found] == [
        ("in_time", channel, "again", LAST),
        ("open", "", "again", LAST),
    ]


def test_what_was_carried_out_in_time_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(MET, ()), (MET._replace(timeliness="late"), ()), (duty(breach=3), ()),
            (duty(state="void"), ())]  # fmt: skip
    found = drawn(monkeypatch, deadline_facts.executed, *rows)
    assert [(f.kind, f.outcome) for f in found] == [
        ("execution", "done"),
        ("execution", "late"),
        ("execution", "missed"),
    ]


@pytest.mark.parametrize(
    ("one", "closing", "outcome", "entered"),
    [
        (MET, {"adopted": "adopted"}, "adopted", "timely"),
        (MET, {"adopted": "partly"}, "partly", "timely"),
        (MET, {"adopted": "not"}, "refused", "timely"),
        (MET, None, "refused", "timely"),
        (MET._replace(timeliness=BY_CLAIM), {"adopted": "not"}, "refused", "late"),
        (MET._replace(imported=True), {"adopted": "not"}, "refused", "imported"),
        (duty(timeliness=BY_CLAIM), None, "open", "timely"),
        (duty(breach=3), None, "unanswered", "timely"),
    ],
)
def test_a_suggestion_is_answered_left_or_open(
    one: DutyRow,
    closing: dict[str, str] | None,
    outcome: str,
    entered: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    [found] = drawn(monkeypatch, deadline_facts.suggested, (one, (closing, "make")))
    assert (found.kind, found.outcome, found.entered) == ("suggestion", outcome, entered)
    assert (found.day, found.sort) == (FIRST, "make")


@pytest.mark.parametrize(
    ("one", "answer", "outcome"),
    [
        (MET, "refuse_return", "refused"),
        (MET, "agree_return", "upheld"),
        (duty(), None, "open"),
        (MET._replace(closed_by=4), "refuse_return", "open"),
    ],
)
def test_an_objection_is_upheld_unless_the_return_was_refused(
    one: DutyRow, answer: str | None, outcome: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    [found] = drawn(monkeypatch, deadline_facts.objected, (one, (answer,)))
    assert (found.kind, found.outcome) == ("objection", outcome)


def test_the_backlog_is_what_was_not_finished(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(MET, ("",)), (duty(), ("",)), (duty(act=3), ("paper",))]
    found = drawn(monkeypatch, deadline_facts.backlog, *rows)
    assert [(f.outcome, f.day, f.entered) for f in found] == [
        ("open", LAST, "timely"),
        ("open", LAST, "late"),
    ]


def test_duties_of_leaders_are_facts_by_their_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadline_facts, "Duty", table())
    monkeypatch.setattr(deadline_facts, "ended", lambda _asked: {4})
    rows = [(MET, ("read_letters",)), (duty(state="void"), ("x",)), (duty(), ("receive_people",))]
    monkeypatch.setattr(deadline_facts, "read", lambda _rows: iter(rows))
    found = list(deadline_facts.of_leaders(draw(monkeypatch)))
    assert [(f.kind, f.outcome, f.sort) for f in found] == [
        ("leader_duty", "in_time", "read_letters"),
        ("leader_duty", "open", "receive_people"),
    ]


@pytest.mark.parametrize("field", sorted(set(WATCHED_KINDS["recoding"]) - {RETURNED}))
def test_a_corrected_field_that_is_watched_is_a_recoding(field: str) -> None:
    one = _Did(5, "correct", 1, "N", "petition", HERE, FIRST, {"field": field}, "timely")
    after = _After(frozenset(), frozenset(), frozenset(), {}, {}, frozenset())
    made = act_facts._fact_of(one, after)
    assert made is not None
    assert (made.kind, made.outcome) == ("recoding", field)
    assert len(CORRECTED) == len(WATCHED_KINDS["recoding"]) - 1


def said(number: int, act: str, case: int = 1, /, **data: Any) -> Any:
    return SimpleNamespace(pk=number, case_id=case, act=act, data=data)


@pytest.mark.parametrize(
    ("acts", "changes"),
    [
        ([said(1, "classify", **{"class": "a"})], {}),
        ([said(1, "classify", **{"class": "a"}), said(2, "classify", **{"class": "b"})],
         {2: "class"}),
        ([said(1, "classify", **{"class": "a"}), said(2, "agree_return"),
          said(3, "classify", **{"class": "b"}), said(4, "classify", **{"class": "c"})],
         {3: "returned", 4: "class"}),
        ([said(1, "classify", **{"class": "a"}), said(2, "agree_return_within"),
          said(3, "classify", **{"class": "a"})], {}),
        ([said(1, "classify", **{"class": "a"}), said(2, "correct", field="class", new="b"),
          said(3, "classify", **{"class": "b"})], {}),
        ([said(1, "classify", **{"class": "a", "path": "p"}), said(2, "classify", **{"class": "a"}),
          said(3, "classify", **{"class": "a", "path": "q"})], {3: "path"}),
        ([said(1, "classify", **{"class": "a"}), said(2, "classify", 2, **{"class": "b"})], {}),
    ],
)  # fmt: skip
def test_sorting_again_is_a_recoding_unless_the_matter_came_back(
    acts: list[Any], changes: dict[int, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recoded, "Act", table(*acts))
    assert recoded._changes(draw(monkeypatch), {1, 2}) == changes
