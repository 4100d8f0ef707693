"""Who may decide on whom, and on which day: the wrong organ, the wrong person."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from config.effects import EFFECTS
from dengwen.accountability.errors import AccountabilityError
from dengwen.accountability.measures import (
    decision_door,
    management_authority,
)
from dengwen.accountability.measures import effects as measure_effects
from dengwen.accountability.measures.sanction_handover import SUPERVISORY
from dengwen.law.duties.step import Step
from dengwen.law.liability import provisions
from dengwen.law.liability.provisions import Liability
from dengwen.law.packs.library import Library
from dengwen.organs.kinds import KINDS
from tests.accountability.read_inquiries import HERE, LI, THERE, WANG, inquiry
from tests.invented_rows import table

DAY = timedelta(days=1)
TODAY = date(2025, 3, 18)
NOW = datetime(2025, 3, 18, 4, tzinfo=UTC)
FACTS: Any = SimpleNamespace(
    organ=HERE, day=TODAY, case="N", case_id=5, act_id=6, actor=7, recorded_at=NOW
)
LIBRARY = Library.load(Path(__file__).resolve().parents[2] / "packs", EFFECTS)
RULES = provisions.in_force(LIBRARY, TODAY, "500153")


# --- who may decide -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("recorded", "timely"), [(NOW, True), (NOW - DAY, False), (NOW + DAY, False)]
)
def test_a_decision_is_of_the_day_on_which_it_is_signed(
    recorded: datetime, *, timely: bool
) -> None:
    facts: Any = SimpleNamespace(day=TODAY, recorded_at=recorded, case="N")
    if timely:
        decision_door.timely(facts)
        return
    with pytest.raises(AccountabilityError, match="不得倒填"):
        decision_door.timely(facts)


@pytest.mark.parametrize(
    ("kind", "opening", "procedure", "sanctions"),
    [
        ("supervision_commission", "open_own", "", None),
        ("government_department", "open_own", "", False),
        ("government_department", "receive_hand_over", "", True),
        ("government_department", "open_own", "sanction", True),
        ("government_department", None, "sanction", False),
    ],
)
def test_which_files_are_for_a_sanction(
    kind: str, opening: str | None, procedure: str, sanctions: bool | None
) -> None:
    supervisory = min(SUPERVISORY) if sanctions is None else kind
    act = SimpleNamespace(act=opening, data={"procedure": procedure}) if opening else None
    holder = SimpleNamespace(kind=supervisory)
    file: Any = SimpleNamespace(opening=act, case=SimpleNamespace(holder=holder))
    assert decision_door.for_sanctions(file) is (sanctions is None or sanctions)


@pytest.mark.parametrize(
    ("managers", "supervisory", "may"),
    [
        ({HERE: "示例"}, False, True),
        ({THERE: "别处"}, False, False),
        ({}, False, False),
        ({THERE: "别处"}, True, True),
    ],
)
def test_only_the_managing_organ_or_a_supervisory_one_decides(
    managers: dict[int, str], monkeypatch: pytest.MonkeyPatch, *, supervisory: bool, may: bool
) -> None:
    monkeypatch.setattr(decision_door, "Organ", table(*(["organ"] if supervisory else [])))
    monkeypatch.setattr(decision_door, "managers_of", lambda *_: managers)
    file: Any = SimpleNamespace(official=WANG, organ=None)
    if may:
        decision_door.authority(file, FACTS)
        return
    with pytest.raises(AccountabilityError, match="没有管理权限"):
        decision_door.authority(file, FACTS)


@pytest.mark.parametrize(
    ("managers", "supervisory", "may"),
    [
        ({HERE: "示例"}, False, True),
        ({THERE: "别处"}, False, False),
        ({}, False, True),
        ({THERE: "别处"}, True, True),
    ],
)
def test_a_file_is_opened_by_whom_the_registry_does_not_exclude(
    managers: dict[int, str], monkeypatch: pytest.MonkeyPatch, *, supervisory: bool, may: bool
) -> None:
    monkeypatch.setattr(management_authority, "Organ", table(*(["organ"] if supervisory else [])))
    monkeypatch.setattr(management_authority, "managers_of", lambda *_: managers)
    if may:
        management_authority.manages(FACTS, WANG, None, "to")
        return
    with pytest.raises(AccountabilityError, match="没有管理权限"):
        management_authority.manages(FACTS, WANG, None, "to")


@pytest.mark.parametrize(
    ("decider", "of_it", "may"), [(LI, False, True), (WANG, False, False), (LI, True, False)]
)
def test_nobody_decides_on_themselves_or_on_their_organ(
    decider: int, monkeypatch: pytest.MonkeyPatch, *, of_it: bool, may: bool
) -> None:
    monkeypatch.setattr(decision_door, "_of_the_organ", lambda *_: of_it)
    file: Any = SimpleNamespace(official=WANG, organ=None)
    if may:
        decision_door.not_the_subject(file, decider, TODAY)
        return
    with pytest.raises(AccountabilityError, match="应当回避"):
        decision_door.not_the_subject(file, decider, TODAY)


@pytest.mark.parametrize(
    ("known", "works_in", "may"),
    [(True, {HERE}, True), (True, {THERE}, False), (False, {HERE}, False)],
)
def test_whoever_decides_holds_a_post_in_the_organ(
    works_in: set[int], monkeypatch: pytest.MonkeyPatch, *, known: bool, may: bool
) -> None:
    monkeypatch.setattr(decision_door, "Official", table(*(["person"] if known else [])))
    monkeypatch.setattr(decision_door, "organs_of", lambda *_: works_in)
    if may:
        decision_door.of_the_organ(LI, FACTS)
        return
    with pytest.raises(AccountabilityError, match="不在本机关任职"):
        decision_door.of_the_organ(LI, FACTS)


@pytest.mark.parametrize(
    ("place", "ties"),
    [("officials", 1), ("declared", 1), ("recused", 1), ("heard", 0)],
)
def test_whoever_stood_in_an_inquiry_does_not_decide_on_it(
    place: str, ties: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("Case", "User", "Act", "Party"):
        monkeypatch.setattr(decision_door, name, table())
    monkeypatch.setattr(decision_door, "in_the_matter", lambda *_: ())
    made = inquiry(officials=[WANG], **({place: [LI]} if place != "officials" else {}))
    if place == "officials":
        made.officials = [LI]
    assert len(list(decision_door._ties({"N"}, made, LI))) == ties
    assert list(decision_door._ties({"N"}, None, LI)) == []


@pytest.mark.parametrize(
    ("on_ladder", "stated", "said_heavier"),
    [(True, 1, True), (False, 1, False), (False, 3, True), (True, 3, True)],
)
def test_a_measure_of_the_ladder_is_compared_by_gravity_as_a_whole(
    on_ladder: bool, stated: int, said_heavier: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decision_door, "heavier", lambda *_: True)
    rungs: Any = {"r": SimpleNamespace(id="r", measures=("m",))}
    rules = Liability(rungs=rungs)
    chosen: Any = [SimpleNamespace(id="m" if on_ladder else "other")]
    says: Any = SimpleNamespace(harm=stated, influence=1)
    found: Any = SimpleNamespace(harm=2, influence=2)
    assert decision_door._stated_heavier(chosen, says, found, rules) is said_heavier


@pytest.mark.parametrize(
    ("by", "kind", "manages", "body"),
    [
        ("supervisory", "court", True, "监察机关"),
        ("party", "court", True, "有权的党组织"),
        ("appointing", "court", False, "任免机关、单位"),
        ("appointing", "court", True, None),
        ("manager", "court", False, None),  # asked by `authority`
        ("", "court", False, None),
    ],
)
def test_which_body_decides_on_a_measure(
    by: str, kind: str, body: str | None, *, manages: bool
) -> None:
    rule: Any = SimpleNamespace(by=by)
    organ: Any = SimpleNamespace(kind=kind)
    found = measure_effects.competent_for(RULES, rule, organ, manages=manages)
    assert (found[0] if found else None) == body


def test_a_body_named_decides_whether_it_manages_or_not() -> None:
    supervisory: Any = SimpleNamespace(by="supervisory")
    party: Any = SimpleNamespace(by="party")
    of_party = next(name for name, kind in KINDS.items() if kind.group == "party")
    organisation: Any = SimpleNamespace(kind=of_party)
    for kind in SUPERVISORY:
        own: Any = SimpleNamespace(kind=kind)
        assert measure_effects.competent_for(RULES, supervisory, own, manages=False) is None
    assert measure_effects.competent_for(RULES, party, organisation, manages=False) is None


@pytest.mark.parametrize(("managing", "refused"), [(HERE, False), (THERE, True)])
def test_an_appointing_organ_decides_on_whom_it_manages(
    managing: int, monkeypatch: pytest.MonkeyPatch, *, refused: bool
) -> None:
    monkeypatch.setattr(measure_effects, "Organ", table(SimpleNamespace(kind="court")))
    monkeypatch.setattr(measure_effects, "managers_of", lambda *_: {managing: "示例"})
    chosen: Any = [SimpleNamespace(by="appointing", zh="处分", en="sanction")]
    file: Any = SimpleNamespace(official=WANG, organ=None)
    if not refused:
        measure_effects._competent(RULES, chosen, file, FACTS)
        return
    with pytest.raises(AccountabilityError, match="任免机关"):
        measure_effects._competent(RULES, chosen, file, FACTS)


@pytest.mark.parametrize(
    ("year", "measure", "refused"),
    [
        (2025, "admonition", False),
        (2024, "admonition", True),
        (2026, "admonition", True),
        (2024, "other", False),
    ],
)
def test_the_honours_cancelled_are_those_of_the_year(
    year: int, measure: str, monkeypatch: pytest.MonkeyPatch, *, refused: bool
) -> None:
    monkeypatch.setattr(measure_effects, "refuse_unknown_organs", lambda *_: None)
    chosen: Any = [SimpleNamespace(id=measure)]
    fields: Any = {"year": year, "rectifier": 3, "scope": "organ"}
    step = Step(act="decide", fields=fields)
    if not refused:
        measure_effects._complete(step, chosen, FACTS)
        return
    with pytest.raises(AccountabilityError, match="当年的荣誉"):
        measure_effects._complete(step, chosen, FACTS)


@pytest.mark.parametrize(
    ("seq", "act", "measure", "issued"),
    [
        (6, "issue_circular", "m", True),
        (5, "issue_circular", "m", False),
        (4, "issue_circular", "m", False),
        (6, "issue_circular", "other", False),
        (6, "issue_admonition", "m", False),
    ],
)
def test_a_measure_has_its_paper_since_its_decision(
    seq: int, act: str, measure: str, *, issued: bool
) -> None:
    file: Any = SimpleNamespace(acts=[SimpleNamespace(seq=seq, act=act, data={"measure": measure})])
    step = Step(act="issue_circular", fields={"measure": "m"})
    assert measure_effects._issued(step, file, 5) is issued
