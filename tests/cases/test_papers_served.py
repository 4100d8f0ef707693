"""Whom papers are served by, and which limits they print: borders of days."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.cases.write.papers.issue import limits_of, served_by

DAY = timedelta(days=1)
UNTIL = date(2025, 3, 31)
VALUES = {"agent": "李样本", "stands_as": "代理人"}
STANDS = {"agent_served": "true", "represented": "true", "agent_until": UNTIL.isoformat()}


@pytest.mark.parametrize(
    ("day", "more", "served"),
    [
        (UNTIL, {}, "代理人李样本"),  # the last day of the mandate is in it
        (UNTIL + DAY, {}, ""),
        (UNTIL - DAY, {}, "代理人李样本"),
        (UNTIL + DAY, {"agent_until": ""}, "代理人李样本"),
        (UNTIL, {"agent_served": "false"}, ""),
        (UNTIL, {"agent_served": "false", "stands_as": "heir"}, "代理人李样本"),
        (UNTIL, {"represented": "false"}, ""),
    ],
)
def test_an_agent_is_served_until_the_last_day_of_the_mandate(
    day: date, more: dict[str, str], served: str
) -> None:
    assert served_by(VALUES, {**STANDS, **more}, day) == served


def test_without_a_name_nobody_else_is_served() -> None:
    assert served_by({"stands_as": "代理人"}, STANDS, UNTIL) == ""


@pytest.mark.parametrize(("day", "lines"), [(UNTIL - DAY, 0), (UNTIL, 1), (UNTIL + DAY, 1)])
def test_a_limit_is_printed_from_the_day_it_is_law(day: date, lines: int) -> None:
    clock = SimpleNamespace(
        term=SimpleNamespace(amount=30, unit="calendar"),
        basis=SimpleNamespace(cite=lambda _instruments: "示例第一条"),
        notice="",
        zh="示例期限",
        starts="收到",
    )
    limit = SimpleNamespace(clock="x", since=UNTIL, where={})
    document: Any = SimpleNamespace(limits=[limit])
    book: Any = SimpleNamespace(clocks={"x": clock}, instruments={})
    view: Any = SimpleNamespace(matches=lambda _where: True)
    assert len(limits_of(document, book, view, day).splitlines()) == lines
