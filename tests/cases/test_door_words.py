"""Small steps of the write door and of what is read from it: rows and values, promises, the one act
that closes a duty."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.cases import act_records
from dengwen.cases.read import duty_lines
from dengwen.cases.write import correction, correction_check, late_check, references
from dengwen.cases.write.papers import paper_contents
from dengwen.law.duties.act_record import CORRECT, OCCURRED, ActRecord, Refusal
from dengwen.law.duties.late_entry import Support
from dengwen.law.duties.proposal import APPROVE
from dengwen.law.duties.step import Step
from tests.cases.bare_rules import bare_entry

NOW = datetime(2025, 3, 18, 4, tzinfo=UTC)
DAY = date(2025, 3, 18)


@pytest.mark.parametrize(
    ("value", "row", "type_"),
    [
        (DAY, "2025-03-18", "date"),
        ((1, 2), [1, 2], "organs"),
        (("a", "b"), ["a", "b"], "codes"),
        (True, True, "flag"),
        (7, 7, "number"),
        ("2025-03-18", "2025-03-18", "text"),  # words that look like a day
    ],
)
def test_a_field_is_kept_and_read_again_as_it_was(value: Any, row: Any, type_: str) -> None:
    assert act_records.to_row(value) == row
    declared = SimpleNamespace(type=type_)
    rule: Any = SimpleNamespace(field_rule=lambda name: declared if name == "f" else None)
    assert act_records.from_row(rule, {"f": row}) == {"f": value}
    assert act_records.from_row(rule, {"unknown": "2025-03-18"}) == {"unknown": "2025-03-18"}


def test_what_is_proved_is_the_newest_promise_for_the_same_request() -> None:
    acts = [
        ActRecord(1, "promise", NOW, NOW, data={"request": 1, "unit": 5, "execute_by": DAY}),
        ActRecord(2, "promise", NOW, NOW, data={"request": 2, "unit": 6}),
        ActRecord(3, "note", NOW, NOW, data={"request": 1, "unit": 7}),
    ]
    call: Any = SimpleNamespace(organ=lambda pk: SimpleNamespace(name_zh=f"机关{pk}"))

    def promised(request: int) -> dict[str, str]:
        step = Step(act="prove_execution", fields={"request": request})
        return paper_contents._promised(step, acts, call)

    assert promised(1) == {"unit": "机关5", "execute_by": "2025-03-18"}
    assert promised(2) == {"unit": "机关6", "execute_by": ""}
    assert promised(3) == {"unit": "", "execute_by": ""}


@pytest.mark.parametrize(
    ("closes", "refused", "only"),
    [
        (["forward"], False, "forward"),
        (["forward"], True, None),
        (["forward", "accept"], False, None),
        (["forward", "gone"], False, "forward"),  # the edition of today knows one of them
        (["gone"], False, None),
        ([], False, None),
    ],
)
def test_a_line_leads_to_the_one_act_that_closes_its_duty(
    closes: list[str], only: str | None, monkeypatch: pytest.MonkeyPatch, *, refused: bool
) -> None:
    acts = {name: SimpleNamespace(id=name) for name in ("forward", "accept")}
    kind = SimpleNamespace(acts=acts)
    book = SimpleNamespace(book=SimpleNamespace(kind=lambda _name: kind))
    monkeypatch.setattr(duty_lines, "rulebooks", SimpleNamespace(in_force=lambda *_: book))
    monkeypatch.setattr(duty_lines, "refusals", lambda *_: ["no"] if refused else [])
    row: Any = SimpleNamespace(case=SimpleNamespace(place="", kind="petition"))
    rule: Any = SimpleNamespace(closes=closes)
    view: Any = None
    reader: Any = SimpleNamespace(today=DAY, now=NOW, actor=None)
    found: Any = duty_lines._only_act(row, rule, view, reader)
    assert (found.id if found else None) == only


@pytest.mark.parametrize(
    ("value", "days"), [("3", 3), ("0", 0), ("-1", 0), ("many", 0), ("", 0), (None, 0)]
)
def test_without_a_local_setting_an_entry_is_late_from_the_next_day(
    value: str | None, days: int
) -> None:
    asked: list[str] = []
    row = SimpleNamespace(value=value) if value is not None else None

    def local_settings(key: str) -> Any:
        asked.append(key)
        return SimpleNamespace(on=lambda *_: row)

    call: Any = SimpleNamespace(rules=SimpleNamespace(local_settings=local_settings))
    assert late_check.window(5, DAY, call) == days
    assert asked == ["late_entry.days"]


@pytest.mark.parametrize(
    ("field", "type_", "kind", "code"),
    [
        ("path", "word", "petition", ""),
        ("content", "text", "petition", "no-field"),  # a text is not corrected
        ("unknown", None, "petition", "no-field"),
        (OCCURRED, None, "petition", ""),
        ("path", "word", "inquiry", "found-anew"),
        ("path", "word", "accountability", "found-anew"),
        ("path", "word", "accountability_appeal", "found-anew"),
        (OCCURRED, None, "inquiry", ""),
    ],
)
def test_which_fields_a_correction_may_name(
    field: str, type_: str | None, kind: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(correction, "standing", lambda target, _records: target)
    monkeypatch.setattr(correction, "refusals", lambda *_: [])
    monkeypatch.setattr(references, "corrected", lambda *_: [])
    monkeypatch.setattr(correction_check, "_moved_late", lambda *_: [])
    declared = SimpleNamespace(type=type_, second=False) if type_ else None
    rule = SimpleNamespace(basis=None, field_rule=lambda _name: declared)
    rules: Any = SimpleNamespace(id=kind, acts={CORRECT: rule, "classify": rule})
    records = [ActRecord(1, "classify", NOW, NOW), ActRecord(2, APPROVE, NOW, NOW)]
    seconded = Support(reason=True, paper=True, second=True)

    def refused(step: Step) -> list[Refusal]:
        entry = bare_entry(step, NOW, kind=rules, records=records)
        return correction_check.correction_refusals(entry, seconded)

    def codes(target: int) -> list[str]:
        step = Step(act=CORRECT, fields={"target": target, "field": field})
        return [one.code for one in refused(step)]

    assert codes(1) == ([code] if code else [])
    assert codes(9) == ["no-act"]
    assert codes(2) == ["no-act"]  # a proposal is taken back, not corrected
    assert refused(Step(act="classify", fields={"target": 9})) == []
