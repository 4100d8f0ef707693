"""Steps and acts of an assessment that were never entered, for tests of a single function."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from dengwen.assessment.errors import AssessmentError
from dengwen.assessment.inputs import Proposed
from dengwen.law.duties.step import Step

DAY = timedelta(days=1)
FIRST, LAST = date(2025, 1, 1), date(2025, 3, 31)
HERE, THERE = 1, 2
FACTS: Any = SimpleNamespace(
    case="N", case_id=1, act_id=9, act_uid="a9", organ=HERE, actor=7, day=LAST
)


def step(act: str = "act", texts: dict[str, str] | None = None, **fields: Any) -> Step:
    return Step(act=act, fields=fields, texts=texts or {})


def code_of(run: Any, *given: Any) -> str:
    """Return the code a step is refused with, "" where it is not."""
    refused: AssessmentError | None = None
    try:
        run(*given)
    except AssessmentError as error:
        refused = error
    if refused is None:
        return ""
    assert refused.zh.endswith("（S 10）")
    assert refused.en.endswith("(S 10)")
    return refused.code


def act(name: str, seq: int = 1, /, organ: int | None = HERE, actor: int = 7, **data: Any) -> Any:
    at = datetime(2025, 1, 2, 1, tzinfo=UTC)
    return SimpleNamespace(
        pk=seq, seq=seq, act=name, organ_id=organ, actor=actor, data=data, occurred_at=at
    )


def proposed(**more: Any) -> Proposed:
    plain: dict[str, Any] = {
        "number": 1,
        "fact": 5,
        "indicator": "",
        "clause": "S 10",
        "reason": "r",
        "proposer": "p",
    }
    return Proposed(**{**plain, **more})
