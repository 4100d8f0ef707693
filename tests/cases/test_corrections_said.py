"""A correction in words, and which corrections need a second person."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.cases.read import correction_words
from dengwen.cases.write import correction_check
from dengwen.law.duties.act_record import CORRECT, OCCURRED, ActRecord

NOW = datetime(2025, 3, 18, 4, tzinfo=UTC)
FIELD = SimpleNamespace(
    zh="途径",
    en="path",
    type="code",
    option_names={"31(6)": ("程序", "procedure"), "31(5)": ("申请", "request")},
)
CLASSIFIED = ActRecord(1, "classify", NOW, NOW)


def correction(**data: Any) -> ActRecord:
    return ActRecord(2, CORRECT, NOW, NOW, data=data)


@pytest.fixture(autouse=True)
def declared(monkeypatch: pytest.MonkeyPatch) -> None:
    """An act of which one field can be corrected."""
    monkeypatch.setattr(
        correction_words, "_declared", lambda _act, name, _kind: FIELD if name == "path" else None
    )


def said(record: ActRecord) -> dict[str, Any]:
    records = [CLASSIFIED, record]
    return dict(correction_words.correction_in_words(record, records, "petition", "zh").data)


def test_a_correction_says_field_and_values_in_words() -> None:
    record = correction(target=1, field="path", old="31(5)", new="31(6)")
    assert said(record) == {"target": 1, "field": "途径", "old": "申请", "new": "程序"}


def test_a_value_without_words_stays_as_it_was_written() -> None:
    assert said(correction(target=1, field="path", old="", new="x"))["new"] == "x"
    assert "old" not in said(correction(target=1, field="path", new="31(6)"))


def test_what_is_unknown_is_said_as_it_was_written() -> None:
    for data in ({"target": 9, "field": "path"}, {"target": 1, "field": "gone"}):
        assert said(correction(**data, new="31(6)")) == {**data, "new": "31(6)"}
    assert correction_words.correction_in_words(CLASSIFIED, [CLASSIFIED], "k", "zh") is CLASSIFIED


def test_a_moved_act_is_said_to_have_happened_on_another_day() -> None:
    record = correction(target=1, field=OCCURRED, new="2025-03-01")
    assert said(record)["field"] == correction_words.WHEN[0]
    assert said(record)["new"] == "2025-03-01"


@pytest.mark.parametrize(
    ("name", "type_", "second", "needs"),
    [
        (OCCURRED, None, False, True),
        ("received_on", "date", False, True),
        ("to", "organ", False, True),
        ("assisting", "organs", False, True),
        ("class", "word", True, True),  # as the pack says
        ("place", "word", False, False),
        ("unknown", None, False, True),
    ],
)
def test_days_organs_and_what_a_pack_names_are_corrected_by_two(
    name: str, type_: str | None, *, second: bool, needs: bool
) -> None:
    rule: Any = SimpleNamespace(type=type_, second=second) if type_ else None
    assert correction_check._needs_second(name, rule) is needs
