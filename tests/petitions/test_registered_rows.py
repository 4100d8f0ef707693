"""What a registration leaves beside its act, and what corrections, disputes and accusations set in
motion: rows for looking up, a wall that is drawn once, letters sealed with their part."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.access.keys.keyring import KeyRing
from dengwen.law.duties.step import FieldValue, Step
from dengwen.petitions import effects
from dengwen.petitions.errors import PetitionError
from dengwen.petitions.intake import accused, groups, lookalikes
from dengwen.petitions.models import Petition, Petitioner
from tests.invented_rows import table

TODAY = date(2025, 3, 18)
FACTS: Any = SimpleNamespace(case_id=1, act_id=2, day=TODAY, organ=3, case="N")
RING = KeyRing("tenant", {}, {"index": b"k" * 32})


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What a running call writes; the outside number "taken" is registered already."""
    written: list[Any] = []

    def add_unless_taken(row: Petition) -> bool:
        written.append(row)
        return row.outside_index != "taken"

    unit = SimpleNamespace(add=written.append, add_unless_taken=add_unless_taken)
    monkeypatch.setattr(effects, "call_of", lambda _facts: SimpleNamespace(unit=unit))
    monkeypatch.setattr(effects, "key_ring", lambda: RING)
    monkeypatch.setattr(lookalikes, "enter", lambda *_: None)
    monkeypatch.setattr(groups, "incident_of", lambda *_: ())
    return written


def registered(texts: dict[str, str] | None = None, **fields: FieldValue) -> None:
    step = Step(act="register", fields={"channel": "letter", **fields}, texts=texts or {})
    effects.registered(step, FACTS)


# --- registration ---------------------------------------------------------------------------------
def test_a_matter_is_kept_with_the_day_it_came_or_that_of_its_registration(rows: list[Any]) -> None:
    earlier = TODAY - timedelta(days=5)
    registered(received_on=earlier)
    registered()
    assert [row.received_on for row in rows] == [earlier, TODAY]


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({"outside_no": "X1", "outside_source": "province"}, ("province", "X1")),
        ({"outside_no": "X1"}, ("", "X1")),
        ({"outside_source": "province"}, ("", "")),  # a system without a number says nothing
        ({}, ("", "")),
    ],
)
def test_the_number_of_another_system_is_kept_with_its_source(
    fields: dict[str, Any], kept: tuple[str, str], rows: list[Any]
) -> None:
    registered(**fields)
    [row] = rows
    assert (row.outside_source, row.outside_index) == kept


def test_a_number_of_another_system_is_registered_once(rows: list[Any]) -> None:
    with pytest.raises(PetitionError) as refused:
        registered({"petitioner": "王示例"}, outside_no="taken")
    assert refused.value.code == "outside-number"
    assert not any(isinstance(row, Petitioner) for row in rows)


@pytest.mark.parametrize(
    ("name", "phone", "indexes"),
    [
        ("王示例", "13800000000", (True, True)),
        ("王示例", " ", (True, False)),
        (" ", "13800000000", None),  # a telephone alone makes nobody known
        ("", "", None),
    ],
)
def test_a_petitioner_is_found_again_by_name_and_telephone(
    name: str, phone: str, indexes: tuple[bool, bool] | None, rows: list[Any]
) -> None:
    registered({"petitioner": name, "phone": phone})
    people = [row for row in rows if isinstance(row, Petitioner)]
    found = [(bool(one.name_index), bool(one.phone_index)) for one in people]
    assert found == ([indexes] if indexes else [])


# --- what proves to be an accusation --------------------------------------------------------------
@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is set in motion, by name."""
    said: list[str] = []
    monkeypatch.setattr(accused, "close", lambda *_: said.append("closed"))
    monkeypatch.setattr(effects, "_sealed", lambda _facts: said.append("sealed"))
    monkeypatch.setattr(effects, "follow_matter", lambda _facts: said.append("followed"))
    return said


@pytest.mark.parametrize(
    ("class_", "motion"),
    [("accusation", ["closed", "sealed", "followed"]), ("claim", ["followed"])],
)
def test_only_an_accusation_is_shut_off(class_: str, motion: list[str], done: list[str]) -> None:
    assert effects.classified(Step(act="classify", fields={"class": class_}), FACTS) == ()
    assert done == motion


@pytest.mark.parametrize(
    ("field", "new", "motion"),
    [
        ("class", "accusation", ["closed", "sealed", "followed"]),
        ("class", "claim", ["followed"]),
        ("path", "31(5)", ["followed"]),
        ("category", "accusation", []),
        ("channel", "letter", []),
    ],
)
def test_a_correction_does_what_sorting_would_have_done(
    field: str, new: str, motion: list[str], done: list[str]
) -> None:
    step = Step(act="correct", fields={"field": field, "new": new})
    assert effects.corrected(step, FACTS) == ()
    assert done == motion


@pytest.mark.parametrize(("superior", "decides"), [(9, True), (4, False), (3, False), (None, True)])
def test_a_party_decides_no_dispute_of_its_own(superior: int | None, *, decides: bool) -> None:
    fields: dict[str, Any] = {"other": 4, "superior": superior}
    step = Step(act="refer_dispute", fields=fields)
    if decides:
        assert effects.superior_is_no_party(step, FACTS) == ()
        return
    with pytest.raises(PetitionError) as refused:
        effects.superior_is_no_party(step, FACTS)
    assert refused.value.code == "decided-by-a-party"


@pytest.mark.parametrize("held", [True, False])
def test_the_letter_of_an_accusation_is_closed_as_the_running_call_holds_it(
    monkeypatch: pytest.MonkeyPatch, *, held: bool
) -> None:
    stored, running = SimpleNamespace(number="L"), SimpleNamespace(number="L", running=True)
    call = SimpleNamespace(keys=None, case_numbered=lambda _number: running if held else None)
    closed: list[Any] = []
    monkeypatch.setattr(effects, "call_of", lambda _facts: call)
    monkeypatch.setattr(effects, "Case", table("case"))
    monkeypatch.setattr(effects, "Act", table("act"))
    monkeypatch.setattr(effects, "CaseLink", table(SimpleNamespace(other=stored)))
    for name in ("_forget", "_forget_about"):
        monkeypatch.setattr(effects, name, lambda _case: None)
    monkeypatch.setattr(effects, "spread", lambda *_: None)
    monkeypatch.setattr(effects, "_close_over", lambda letter, _facts: closed.append(letter))
    sealed: Any = SimpleNamespace(case_id=1, act_id=2, recorded_at=None)
    effects._sealed(sealed)
    assert closed == [running if held else stored]
