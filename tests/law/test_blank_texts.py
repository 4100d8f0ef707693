"""Texts of nothing that can be seen are blank; whatever can be read is not."""

from __future__ import annotations

import pytest

from dengwen.law.duties.blank_text import is_blank


@pytest.mark.parametrize(
    "text",
    ["", " \n\t", "\u00a0\u3000", "\u200b\ufeff\u2060", "\u202a\u202c", "\u3164\u2800", "\u0301"],
)
def test_nothing_to_see_is_blank(text: str):
    assert is_blank(text)


@pytest.mark.parametrize(
    "text", ["屋", "\u200b屋", "e\u0301", "…", "1", "👍", "\U00031350", "\ue000"]
)
def test_what_can_be_read_is_not(text: str):
    assert not is_blank(text)
