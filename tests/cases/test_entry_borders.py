"""What is entered later: which fields a correction changes with a second person, what it moves, and
when an act is a late entry."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.cases.write import (
    correction,
    correction_check,
    late_check,
)
from dengwen.law.duties import late_entry
from dengwen.law.duties.act_record import CORRECT, LAPSED, OCCURRED, OPEN, ActRecord, Refusal
from dengwen.law.duties.admissibility import Actor
from dengwen.law.duties.late_entry import Support
from dengwen.law.duties.step import Step
from tests.cases.bare_rules import bare_act, bare_entry

NOW = datetime(2025, 3, 18, 4, tzinfo=UTC)
TODAY = date(2025, 3, 18)
DAY = timedelta(days=1)
NOBODY: Any = SimpleNamespace(organ=None, user=None)
NONE: Any = None
CASE: Any = SimpleNamespace(number="N1", kind="petition")


# --- corrections ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "type_", "second", "needs"),
    [
        (OCCURRED, None, False, True),
        ("path", "word", False, False),
        ("path", "word", True, True),
        ("received_on", "date", False, True),
        ("to", "organ", False, True),
        ("to", "organs", False, True),
        ("unknown", None, False, True),
    ],
)
def test_dates_organs_and_marked_fields_are_corrected_by_two(
    name: str, type_: str | None, *, second: bool, needs: bool
) -> None:
    declared: Any = SimpleNamespace(type=type_, second=second) if type_ else None
    assert correction_check._needs_second(name, declared) is needs


def duty(opened_by: int = 1, **more: Any) -> Any:
    plain = {
        "rule": SimpleNamespace(id="handle"),
        "start": TODAY,
        "due": TODAY,
        "claimed_due": None,
        "state": OPEN,
        "closed_on": None,
        "timeliness": "",
        "breach": None,
    }
    return SimpleNamespace(opened_by=opened_by, **{**plain, **more})


@pytest.mark.parametrize(
    "more",
    [
        {"start": TODAY - DAY},
        {"due": TODAY + DAY},
        {"claimed_due": TODAY + DAY},
        {"state": LAPSED},
        {"closed_on": TODAY},
        {"timeliness": "late"},
    ],
)
def test_a_correction_moves_whatever_counts_otherwise_vanishes_or_appears(
    more: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    stays, gone = duty(1), duty(2)
    changed, begun = duty(3), duty(4)
    after = SimpleNamespace(duties=[duty(1), duty(3, **more), begun])
    asked: list[Any] = []

    def view_of(_kind: str, records: Any, **_: Any) -> Any:
        asked.extend(records)
        return after

    monkeypatch.setattr(correction, "view_of", view_of)
    view: Any = SimpleNamespace(kind="petition", duties=[stays, gone, changed])
    records = [
        ActRecord(1, "register", NOW - DAY, NOW - DAY),
        ActRecord(7, "note", NOW, NOW, duty="x", opened_by=1),
    ]
    step = Step(act=CORRECT, fields={"target": 1})
    assert correction.moved(step, view, records, NOW, NONE) == [gone, changed, begun]
    last = asked[-1]
    assert (last.id, last.act, last.duty, last.opened_by) == (8, CORRECT, "", None)
    assert last.data == {"target": 1}


def test_a_correction_names_the_breaches_of_the_duties_it_touches(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    records = [ActRecord(n, "note", NOW, NOW) for n in (11, 12, 13, 14)]
    found = [duty(1, breach=13), duty(2, breach=12), duty(3), duty(4, breach=99)]
    monkeypatch.setattr(correction, "moved", lambda *_: found)

    def touched(*duties: Any) -> list[int]:
        view: Any = SimpleNamespace(duties=duties)
        return correction._touched(Step(act=CORRECT), records, view, NOW, NONE)

    assert touched(*found) == [2, 3]
    assert touched(duty(3)) == []  # nothing was breached
    assert touched() == []


def test_corrections_are_found_by_the_breaches_they_name() -> None:
    records = [
        ActRecord(11, "breach", NOW, NOW),
        ActRecord(12, CORRECT, NOW, NOW, data={"breaches": ("1",)}),
        ActRecord(13, CORRECT, NOW, NOW, data={"breaches": ("1",)}),
        ActRecord(14, CORRECT, NOW, NOW, data={"breaches": "1"}),  # forged
        ActRecord(15, CORRECT, NOW, NOW),
        ActRecord(16, "note", NOW, NOW, data={"breaches": ("1",)}),
    ]
    found = correction.of_breaches(records)
    assert {pk: [one.id for one in some] for pk, some in found.items()} == {11: [12, 13]}


@pytest.mark.parametrize(("code", "kept"), [("cap", True), ("field-type", False)])
def test_a_refused_new_value_stands_at_its_field_and_keeps_the_mend_of_a_cap_alone(
    code: str, *, kept: bool
) -> None:
    why = correction._at_new(Refusal(code, "", "", None, "先延长", "extend first", "days"))
    assert why.field == correction.NEW
    assert (why.remedy_zh, why.remedy_en) == (("先延长", "extend first") if kept else ("", ""))


# --- late entries ---------------------------------------------------------------------------------
def foreseen(
    patch: pytest.MonkeyPatch,
    step: Step,
    *,
    by: str = "handler",
    seq: int = 1,
    foresee: bool = True,
    touched: Any = (),
    late: bool = True,
    dated: Any = (),
    duties: Any = (),
) -> Any:
    """Return the duties for which a step is a late entry, and what it was looked ahead with;
    `dated` are those it opens with an earlier day, `duties` the rules of its kind."""
    asked: list[Any] = []

    def derive(_kind: str, records: Any, rules: Any, _calendars: Any) -> Any:
        asked.extend(records)
        assert rules("") == "today's rules"
        assert rules("3") == "row 3"
        return None

    patch.setattr(late_check, "derive", derive)
    patch.setattr(late_check, "window", lambda *_: 2)
    patch.setattr(late_entry, "touched", lambda *args: list(touched) if args[-1] == 2 else ["?"])
    patch.setattr(late_entry, "changed", lambda *_: ["changed"])
    patch.setattr(late_entry, "is_late", lambda _duties, _c, _t, days: late and days == 2)
    patch.setattr(late_entry, "dated_late", lambda *args: list(dated) if args[-1] == 2 else ["?"])
    rules = SimpleNamespace(by_row=lambda row: f"row {row}", calendars=lambda: None)

    class Book(str):
        def kind(self, _name: str) -> Any:
            acts = {step.act: bare_act(by=by)}
            return SimpleNamespace(duties={one.id: one for one in duties}, acts=acts)

    book: Any = Book("today's rules")
    call: Any = SimpleNamespace(rules=rules)
    records = [ActRecord(n, "register", NOW, NOW) for n in range(1, seq + 1)]
    actor = Actor(9, 5, frozenset())
    entry = late_check.Entry(step, CASE, NONE, records, book, actor, NOW, call)
    return late_check.late_duties(entry, foresee=foresee), asked


YESTERDAY = Step(act="extend", occurred_at=NOW - DAY, fields={"days": 3})


def test_a_late_entry_is_read_from_the_case_as_it_would_stand(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found, asked = foreseen(monkeypatch, YESTERDAY)
    assert found == ["changed"]
    last = asked[-1]
    assert (last.id, last.act, last.occurred, last.recorded) == (2, "extend", NOW - DAY, NOW)
    assert (last.organ, last.actor, last.data) == (5, 9, {"days": 3})
    assert foreseen(monkeypatch, YESTERDAY, late=False)[0] == []
    assert foreseen(monkeypatch, YESTERDAY, late=False, dated=["dated"])[0] == ["dated"]
    assert foreseen(monkeypatch, YESTERDAY, dated=["dated"])[0] == ["changed"]
    assert foreseen(monkeypatch, YESTERDAY, touched=["moved"]) == (["moved"], [])
    assert foreseen(monkeypatch, YESTERDAY, foresee=False) == ([], [])


@pytest.mark.parametrize(
    ("step", "more"),
    [
        (replace(YESTERDAY, act=CORRECT), {}),
        (replace(YESTERDAY, imported=True), {}),
        (YESTERDAY, {"seq": 0}),  # a registration waits for nobody
        (YESTERDAY, {"by": "system"}),
        (replace(YESTERDAY, occurred_at=None), {}),
        (replace(YESTERDAY, occurred_at=NOW), {}),
    ],
)
def test_what_is_no_late_entry_is_not_looked_ahead(
    step: Step, more: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert foreseen(monkeypatch, step, **more) == ([], [])


@pytest.mark.parametrize(
    ("opens", "said", "ahead"),
    [
        ("forward", TODAY - DAY, True),
        ("forward", TODAY, False),
        ("forward", None, False),
        ("other", TODAY - DAY, False),  # a duty that this act does not open
    ],
)
def test_an_act_of_today_that_says_an_earlier_day_is_looked_ahead(
    opens: str, said: date | None, monkeypatch: pytest.MonkeyPatch, *, ahead: bool
) -> None:
    fields: dict[str, Any] = {"received_on": said} if said else {}
    step = Step(act="forward", occurred_at=NOW, fields=fields)
    clock = SimpleNamespace(by_field="")
    rule = SimpleNamespace(id="handle", opens=(opens,), starts_on="received_on", clock=clock)
    found, asked = foreseen(monkeypatch, step, dated=["dated"], duties=[rule])
    assert found == (["dated"] if ahead else [])
    assert bool(asked) is ahead


@pytest.mark.parametrize(
    ("step", "asked"),
    [
        (YESTERDAY, True),
        (replace(YESTERDAY, act=CORRECT), False),
        (replace(YESTERDAY, imported=True), False),
    ],
)
def test_what_follows_from_an_act_is_a_late_entry_too(
    step: Step, monkeypatch: pytest.MonkeyPatch, *, asked: bool
) -> None:
    monkeypatch.setattr(late_check, "window", lambda *_: 0)
    days: list[Any] = []

    def touched(_k: Any, _r: Any, _v: Any, _f: Any, claimed: date, today: date, window: int) -> Any:
        days.append((claimed, today, window))
        return ["duty"]

    monkeypatch.setattr(late_entry, "touched", touched)
    monkeypatch.setattr(late_entry, "refusals", lambda _rule, late, _t, _s: list(late))
    entry = bare_entry(step, NOW, actor=Actor(9, 5, frozenset()))
    found: Any = late_check.late_effect(entry, late_entry.NOTHING)
    assert found == (["duty"] if asked else [])
    assert days == ([(TODAY - DAY, TODAY, 0)] if asked else [])


PAPER = "ab" * 32


@pytest.mark.parametrize(
    ("step", "reason", "paper"),
    [
        (Step(act="note"), False, False),
        (Step(act="note", late_reason="停电"), True, False),
        (Step(act="note", paper=PAPER), False, True),
        (Step(act=CORRECT, texts={"reason": "录错"}), True, False),
        (Step(act=CORRECT, fields={"paper": PAPER}), False, True),
        (Step(act="note", texts={"reason": "录错"}, fields={"paper": PAPER}), False, False),
        (Step(act=CORRECT), False, False),
    ],
)
def test_what_a_late_entry_rests_on(step: Step, *, reason: bool, paper: bool) -> None:
    for seconded in (True, False):
        found = late_check.support_of(step, seconded=seconded)
        assert found == Support(reason=reason, paper=paper, second=seconded)
