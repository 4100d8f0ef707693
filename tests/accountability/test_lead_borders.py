"""Which petition department raises and hands up a lead, and about whose units."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.accountability.errors import AccountabilityError
from dengwen.accountability.leads import effects, new_lead
from dengwen.law.duties.step import Step
from tests.accountability.read_inquiries import HERE, THERE
from tests.invented_rows import table

NOW = datetime(2025, 3, 18, 4, tzinfo=UTC)
FACTS: Any = SimpleNamespace(organ=HERE, day=date(2025, 3, 18), case="N", case_id=5)


def office(pk: int = HERE, *, petition_office: bool = True) -> Any:
    return SimpleNamespace(
        pk=pk, is_petition_office=petition_office, name_zh="示例信访办", name_en="office"
    )


@pytest.mark.parametrize(
    ("area", "petition_office", "words"),
    [({THERE}, True, ""), ({3}, True, "不在本信访部门的范围内"), ({THERE}, False, "不是信访部门")],
)
def test_a_lead_is_raised_by_the_department_of_the_area(
    area: set[int], words: str, monkeypatch: pytest.MonkeyPatch, *, petition_office: bool
) -> None:
    monkeypatch.setattr(effects, "supervised_by", lambda *_: area)
    mine, unit = office(petition_office=petition_office), office(THERE)
    if not words:
        effects._refuse_other_area(mine, unit, FACTS)
        return
    with pytest.raises(AccountabilityError, match=words):
        effects._refuse_other_area(mine, unit, FACTS)


@pytest.mark.parametrize(
    ("to", "petition_office", "area", "may"),
    [
        (THERE, True, {9}, True),
        (HERE, True, {9}, False),  # itself
        (THERE, False, {9}, False),
        (THERE, True, {8}, False),
    ],
)
def test_a_lead_is_handed_to_another_department_in_whose_area_the_unit_lies(
    to: int, area: set[int], monkeypatch: pytest.MonkeyPatch, *, petition_office: bool, may: bool
) -> None:
    monkeypatch.setattr(effects, "supervised_by", lambda *_: area)
    named = office(to, petition_office=petition_office)
    monkeypatch.setattr(effects, "Organ", table(named))
    monkeypatch.setattr(effects, "Act", table({"unit": 9}))
    step = Step(act="hand_up", fields={"to": to})
    if may:
        assert effects.lead_handed_up(step, FACTS) == ()
        return
    with pytest.raises(AccountabilityError, match="另一个信访部门"):
        effects.lead_handed_up(step, FACTS)


@pytest.mark.parametrize(
    ("department", "known", "counts"),
    [
        (HERE, False, (1, 0, 0)),
        (THERE, False, (0, 0, 1)),
        (None, False, (0, 0, 1)),
        (HERE, True, (0, 1, 0)),
        (THERE, True, (0, 0, 1)),
    ],
)
def test_a_department_raises_what_is_new_in_its_own_area(
    department: int | None,
    counts: tuple[int, int, int],
    monkeypatch: pytest.MonkeyPatch,
    *,
    known: bool,
) -> None:
    raised: list[Any] = []
    monkeypatch.setattr(new_lead, "raised_already", lambda: {"key"} if known else set())
    monkeypatch.setattr(new_lead, "key_of", lambda _finding: "key")
    monkeypatch.setattr(new_lead, "Organ", table("unit"))
    found = office(department) if department is not None else None
    monkeypatch.setattr(new_lead, "office_for", lambda *_: found)
    monkeypatch.setattr(new_lead, "_raise", lambda finding, *_: raised.append(finding))
    finding: Any = SimpleNamespace(unit="YJ02")
    by: Any = SimpleNamespace(organ=HERE)
    done = new_lead.raise_all([finding], by=by, now=NOW)
    assert (len(raised), done.known, done.elsewhere) == counts
