"""An inquiry as it is read, without a database, for tests of a single rule near its border."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

WANG, LI, ZHAO = 11, 12, 13
"""The person concerned, an investigator, and somebody else."""
HERE, THERE = 1, 2
"""The unit concerned, and another organ."""


def told(seq: int = 1, act: str = "x", **data: Any) -> Any:
    """Return an act of an inquiry."""
    return SimpleNamespace(seq=seq, data=data, act=act, texts={})


def inquiry(**more: Any) -> Any:
    """Return an inquiry into WANG of the unit HERE by LI, in which nothing was done yet."""
    plain: dict[str, Any] = {
        "lines": {}, "gravities": [], "findings": {}, "items": {}, "told": {}, "heard": {},
        "officials": [WANG], "investigators": {LI: None}, "unit": HERE, "recused": set(),
        "grounds": {}, "points": {}, "missed": None, "holder": HERE, "number": "N", "day": None,
        "declared": {}, "concluded": None, "lead": "", "situations": (), "acts": (),
        "gravity": None,         "place": "500000", "proposals": [],
    }  # fmt: skip
    return SimpleNamespace(**{**plain, **more})
