"""Which organ a step may name: lower or elsewhere, of the same level, and never itself."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.cases.write import references
from dengwen.organs.kinds import LEVELS

DAY = date(2025, 3, 3)
RULE: Any = SimpleNamespace(basis=None, remedy_zh="", remedy_en="")


def organ(pk: int, level: str = "county", kind: str = "government_department") -> Any:
    return SimpleNamespace(pk=pk, level=level, kind=kind, name_zh="示例机关")


@pytest.fixture(autouse=True)
def registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Organs sit in the place of the tens of their number; 1 stands above 12; 15 is competent for
    politics and law."""
    monkeypatch.setattr(references, "seat_on", lambda one, _day: one.pk // 10)
    monkeypatch.setattr(references, "subtree", lambda one, _day: {one.pk, one.pk * 10 + 2})
    competent = SimpleNamespace(
        on=lambda _day: SimpleNamespace(
            filter=lambda organ, category: SimpleNamespace(
                exists=lambda: (organ.pk, category) == (15, references.LAW_CATEGORY)
            )
        )
    )
    monkeypatch.setattr(references, "Competence", SimpleNamespace(objects=competent))


def refused(stands: str, mine: Any, named: Any) -> list[str]:
    rows = {one.pk: one for one in (mine, named) if one is not None}
    call: Any = SimpleNamespace(organ=rows.get)
    field: Any = SimpleNamespace(stands=(stands,), name="to", zh="去向", en="to")
    acting = mine.pk if mine is not None else 99
    value = named.pk if named is not None else 98
    return [one.code for one in references._organ(RULE, field, value, acting, DAY, call)]


@pytest.mark.parametrize(
    ("level", "pk", "codes"),
    [
        (LEVELS[2], 21, ["not-skipped"]),  # above
        (LEVELS[3], 12, ["not-skipped"]),  # the same level, the same place
        (LEVELS[3], 21, []),  # the same level elsewhere
        (LEVELS[4], 12, []),  # lower
        (LEVELS[4], 21, []),
    ],
)
def test_a_visitor_is_sent_lower_or_to_the_same_level_elsewhere(
    level: str, pk: int, codes: list[str]
) -> None:
    assert refused("lower", organ(11, LEVELS[3]), organ(pk, level)) == codes


@pytest.mark.parametrize(
    ("named", "codes"),
    [
        (organ(12, kind="court"), []),
        (organ(12, kind="procuratorate"), []),
        (organ(15), []),  # by its competence
        (organ(12), ["not-politics-law"]),
        (organ(12, "prefecture", "court"), ["not-politics-law"]),
        (organ(15, "township"), ["not-politics-law"]),
    ],
)
def test_an_organ_of_politics_and_law_is_one_of_the_same_level(
    named: Any, codes: list[str]
) -> None:
    assert refused("politics_law", organ(11), named) == codes


@pytest.mark.parametrize(
    ("named", "codes"),
    [
        (organ(12, kind="court"), []),
        (organ(12, "prefecture", "court"), []),
        (organ(15, "township"), []),  # by its competence
        (organ(12), ["not-politics-law"]),
    ],
)
def test_a_visitor_is_guided_to_an_organ_of_politics_and_law_of_whatever_level(
    named: Any, codes: list[str]
) -> None:
    assert refused("law_organ", organ(11), named) == codes


@pytest.mark.parametrize(
    ("level", "is_office", "codes"),
    [
        ("province", True, []),
        ("prefecture", True, []),
        ("county", True, ["not-interpreter"]),
        ("prefecture", False, ["not-interpreter"]),
    ],
)
def test_only_the_petition_department_of_the_city_interprets(
    level: str, is_office: bool, codes: list[str]
) -> None:
    named = organ(12, level)
    named.is_petition_office = is_office
    for mine in (organ(11), named):  # nor does whoever asks interpret by themselves
        assert refused("municipal_petition_office", mine, named) == codes


def test_an_organ_below_is_below_and_whoever_is_named_itself_is_refused_elsewhere() -> None:
    assert refused("below", organ(1), organ(12)) == []
    assert refused("below", organ(1), organ(13)) == ["not-below"]
    for stands in ("below", "lower", "politics_law"):
        assert refused(stands, organ(11), organ(11)) == []
        assert refused(stands, None, organ(11)) == []
        assert refused(stands, organ(11), None) == []
