"""Files of accountability and rules as bare as a question of the door needs them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

from dengwen.accountability.errors import AccountabilityError
from dengwen.law.liability.provisions import Liability
from tests.accountability.read_inquiries import HERE, WANG

NOW = datetime(2025, 3, 18, 4, tzinfo=UTC)
TODAY = date(2025, 3, 18)
FACTS: Any = SimpleNamespace(
    organ=HERE, day=TODAY, case="F1", case_id=5, act_id=6, actor=7, recorded_at=NOW
)


def code(ask: Callable[[], object]) -> str:
    """Return why something is refused, "" where it is not."""
    try:
        ask()
    except AccountabilityError as error:
        return error.code
    return ""


def measure(id_: str, kind: str = "organisational", by: str = "manager") -> Any:
    """Return the rule of a measure."""
    return SimpleNamespace(id=id_, kind=kind, by=by, zh=id_, en=id_, party_members=False)


def rung(id_: str, *measures: str) -> Any:
    """Return a rung of the ladder with these measures."""
    return SimpleNamespace(id=id_, measures=measures)


WARNING = measure("warning", "government", "supervisor")
DISMISSAL = measure("dismissal", "unit", "employer")
PARTY = measure("party_warning", "party", "party")
CIRCULAR, ADMONITION = measure("circular"), measure("admonition")
RULES: Any = Liability(
    measures={one.id: one for one in (WARNING, DISMISSAL, PARTY, CIRCULAR, ADMONITION)},
    rungs={
        "low": rung("low", "circular"),
        "high": rung("high", "admonition"),
    },
)


def decided(pk: int, *measures: str, **data: Any) -> Any:
    """Return the act of a decision on measures."""
    said = {"measures": list(measures), **data}
    return SimpleNamespace(pk=pk, seq=pk, act="decide", data=said, organ_id=HERE, occurred_at=NOW)


def account_file(*decisions: Any, **more: Any) -> Any:
    """Return a file about Wang that follows the inquiry Q1, with these decisions."""
    plain = {
        "case": SimpleNamespace(number="F1", pk=5, place="500000", holder=None),
        "acts": tuple(decisions),
        "official": WANG,
        "organ": None,
        "decisions": list(decisions),
        "inquiry": "Q1",
        "party_member": "",
    }
    return SimpleNamespace(**{**plain, **more})


CIRCUMSTANCE = SimpleNamespace(
    conduct=("c1", "c2"),
    elements=("harm",),
    of_conduct={"c2": ("own",)},
    open=False,
    partly_seen=False,
    zh="情形",
    basis=SimpleNamespace(
        cite=lambda _i, lang="zh": {"zh": "第四十四条", "en": "article 44"}[lang],
        law="S",
        article="11",
    ),
    lacking=lambda shown: not {"harm"} <= shown,
    all_elements=("harm", "own"),
)
CIRCUMSTANCES: Any = SimpleNamespace(
    triggers={"t1": CIRCUMSTANCE}, instruments={}, cited={}, measures={}
)
