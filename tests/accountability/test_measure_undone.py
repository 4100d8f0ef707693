"""A measure decided more than once in a file: what undoes it names no decision, so none before
it stands."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from dengwen.accountability.measures.queries import AccountFile, measures_in
from dengwen.cases.models import Act, Case

LIST = "other_treatment"
NOW = datetime(2025, 4, 1, 4, tzinfo=UTC)


def act(seq: int, name: str, **data: Any) -> Act:
    return Act(pk=seq, seq=seq, act=name, data=data, occurred_at=NOW, recorded_at=NOW)


def stand(*undoing: Act) -> dict[str, bool]:
    """Return which of two other measures of one list stand after these acts: the first decided by
    act 2, the second by act 6."""
    first = act(2, "decide", measures=[LIST], other_measure="调离信访岗位")
    second = act(6, "decide", measures=[LIST], other_measure="暂缓晋升")
    acts = sorted([first, second, *undoing], key=lambda one: one.seq)
    file = AccountFile(Case(number="F1", kind="accountability", place="500153"), tuple(acts))
    file.decisions = [first, second]
    return {one.said: one.stands for one in measures_in(file)}


@pytest.mark.parametrize(
    ("undoing", "standing"),
    [
        ((), {"调离信访岗位", "暂缓晋升"}),
        ((act(8, "correct_wrongful", measures=[LIST]),), set()),
        ((act(4, "correct_wrongful", measures=[LIST]),), {"暂缓晋升"}),
        (
            (  # against the first decision, lodged after the second
                act(7, "note_appeal", appeal="A2"),
                act(8, "set_aside", appeal="A2", measure=LIST, result="revoke"),
            ),
            set(),
        ),
        ((act(8, "set_aside", appeal="A3", measure="admonition"),), {"调离信访岗位", "暂缓晋升"}),
        ((act(8, "correct_wrongful", measures=["admonition"]),), {"调离信访岗位", "暂缓晋升"}),
    ],
)
def test_none_stands_that_may_have_been_meant(undoing: tuple[Act, ...], standing: set[str]) -> None:
    assert {said for said, stands in stand(*undoing).items() if stands} == standing
