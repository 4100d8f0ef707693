"""What moved the last day of a duty, in words: each thing that did, and nothing that did not."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import translation

from dengwen.cases.read.day_words import claims_in_words, moves_in_words

DAY = timedelta(days=1)
DUE = date(2025, 3, 31)
CLAIMED = "事后补录动过这一期限，只凭事后主张；算不算数，由作判断的人认定"


def duty(**more: Any) -> Any:
    given = {
        "original_due": DUE,
        "due": DUE,
        "extended": 0,
        "first_start": None,
        "claims": (),
        "claimed_due": None,
        "missed": None,
        "rests_on_claim": False,
        "unclaimed_due": DUE,
    }
    return SimpleNamespace(**{**given, **more})


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, []),
        ({"extended": 30, "due": DUE + 30 * DAY}, ["原到期日 2025-03-31，已延长 30 日"]),
        ({"first_start": DUE, "due": DUE + DAY}, ["首次到期日 2025-03-31，经更正移动"]),
        ({"first_start": DUE}, []),  # corrected, and the day stayed
        ({"due": DUE + DAY}, []),
        ({"missed": DUE - DAY}, ["更正录入时 2025-03-30 已过，逾期不因更正消除"]),
        ({"missed": DUE}, []),
        (
            {"claims": (1,), "claimed_due": DUE + 9 * DAY},
            ["期满后补录的延期、不计入时间只作事后主张，不改变期限（主张至 2025-04-09）"],
        ),
        (
            {"claims": (1,)},
            ["期满后补录的延期、不计入时间只作事后主张，不改变期限（主张至 —）"],
        ),
        ({"rests_on_claim": True}, [CLAIMED]),
        (
            {"rests_on_claim": True, "claims": (1,)},
            ["期满后补录的延期、不计入时间只作事后主张，不改变期限（主张至 —）"],
        ),
    ],
)
def test_only_what_moved_the_day_is_said(more: dict[str, Any], said: list[str]) -> None:
    with translation.override("zh-hans"):
        assert moves_in_words(duty(**more)) == said


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, []),
        ({"rests_on_claim": True}, ["原到期日 2025-03-31", CLAIMED]),
        ({"rests_on_claim": True, "unclaimed_due": None}, [CLAIMED]),
    ],
)
def test_a_claim_is_said_with_the_day_before_it(more: dict[str, Any], said: list[str]) -> None:
    with translation.override("zh-hans"):
        assert claims_in_words(duty(**more)) == said
