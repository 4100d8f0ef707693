"""What a form of this house reads of a request: the button that was pressed, and fields that are
known only when it is asked."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import RequestFactory

from dengwen.ui.form_fields import PageForm, Word, form_of, pressed, read_day


def test_a_button_is_pressed_only_by_what_was_posted(rf: RequestFactory) -> None:
    assert pressed(rf.post("/", {"go": "send"})) == "send"
    assert pressed(rf.post("/", {"step": "who"}), "step") == "who"
    assert pressed(rf.post("/", {})) == ""
    assert pressed(rf.get("/", {"go": "send"})) == ""


def test_two_buttons_at_once_are_none(rf: RequestFactory) -> None:
    assert pressed(rf.post("/", {"go": ["send", "back"]})) == ""
    assert pressed(rf.post("/", {"go": ["send", "send"]})) == "send"


def test_the_fields_of_one_page_are_not_those_of_the_next(rf: RequestFactory) -> None:
    first = form_of(rf.post("/", {"a": "1"}), {"a": Word()})
    second = form_of(rf.post("/", {"a": "1", "b": "2"}), {"b": Word()})
    assert (first.value("a"), second.value("b")) == ("1", "2")
    assert list(first.fields) == ["a"]
    assert list(second.fields) == ["b"]
    assert not PageForm.base_fields


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-1", date(2026, 12, 1)),
        ("2026年12月1日", date(2026, 12, 1)),
        (" 2026 年 12 月 1 日", date(2026, 12, 1)),
        ("2026/12/01", date(2026, 12, 1)),
        ("20261201", date(2026, 12, 1)),
        ("2026年2月30日", None),
        ("2026-12", None),
        ("1900年1月1日", None),
        ("昨天", None),
    ],
)
def test_a_day_is_read_as_people_write_it(text: str, day: date | None) -> None:
    assert read_day(text) == day
