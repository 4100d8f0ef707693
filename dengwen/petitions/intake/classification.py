"""Sorting a matter (R22 22, 28(2)): class, path and where it goes, in one call.

A matter that proves to be an accusation gets its accused side by the effect of `classify`
(`petitions.accused`), whatever door it was classed at, so that the wall stands before anybody could
look (access model 4.1).
"""

from __future__ import annotations

from collections.abc import Mapping

from dengwen.law.duties.step import FieldValue, Step

ACCUSATION = "accusation"


def sorting_steps(
    number: str, chosen: Mapping[str, FieldValue], onward: Step | None = None
) -> tuple[Step, ...]:
    """Return the steps that class a matter and, if `onward` says so, send it on in the same call.

    `chosen` are the fields of `classify`.
    """
    classify = Step(act="classify", case=number, fields=dict(chosen))
    return (classify, onward) if onward is not None else (classify,)
