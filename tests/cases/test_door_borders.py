"""The write door at its borders: the very instant, the first and the last day that may be claimed,
and what an effect is asked."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.access.keys.sealed_values import Place
from dengwen.cases import placed_fields
from dengwen.cases.read import correction_words
from dengwen.cases.wall import identity
from dengwen.cases.write import check, contents, correction, correction_check
from dengwen.cases.write.call_context import CallContext
from dengwen.law.duties import late_entry
from dengwen.law.duties.act_record import CORRECT, ActRecord, Refusal
from dengwen.law.duties.late_entry import Support
from dengwen.law.duties.step import Step
from dengwen.law.packs.vocabulary import NOT_CORRECTED
from dengwen.law.time.terms import EARLIEST
from tests.cases.bare_rules import bare_entry
from tests.world import at

NOW = datetime(2025, 3, 18, 4, tzinfo=UTC)
TODAY = date(2025, 3, 18)
DAY, TICK = timedelta(days=1), timedelta(microseconds=1)
OPENED = NOW - 10 * DAY
RULE: Any = SimpleNamespace(basis=None, to="moved", zh="转送", en="forward", within="")
NOBODY: Any = SimpleNamespace(organ=None, user=None)


def codes(found: list[Refusal]) -> list[str]:
    return [one.code for one in found]


def claimed(instant: datetime | None, *, seq: int = 3, act: str = "forward") -> list[str]:
    case: Any = SimpleNamespace(seq=seq, opened_at=OPENED)
    view: Any = SimpleNamespace(moved_on=None, duties=[])
    step = Step(act=act, case="N", occurred_at=instant)
    return codes(check._instants(step, RULE, case, view, NOW))


def test_a_clock_may_be_five_seconds_ahead_and_no_more() -> None:
    assert claimed(NOW) == []
    assert claimed(NOW + timedelta(seconds=5)) == []
    assert claimed(NOW + timedelta(seconds=5) + TICK) == ["future"]
    assert claimed(None) == []


def test_nothing_is_claimed_before_the_earliest_day() -> None:
    assert claimed(at(EARLIEST, 0), seq=0) == []
    assert claimed(at(EARLIEST - DAY, 23), seq=0) == ["too-early"]


def test_no_act_but_a_correction_is_older_than_its_case() -> None:
    assert claimed(OPENED) == []
    assert claimed(OPENED - TICK) == ["before-case"]
    assert claimed(OPENED - TICK, seq=0) == []  # it opens the case itself
    assert claimed(OPENED - TICK, act=CORRECT) == []


def by_law(monkeypatch: pytest.MonkeyPatch, *, by_effect: bool) -> list[str]:
    def said(*names: str) -> Any:
        return lambda *_: [Refusal(name, name, name) for name in names]

    monkeypatch.setattr(check, "refusals", said("capacity", "organ", "own-hand", "state"))
    monkeypatch.setattr(check, "hand_refusals", said("hand"))
    monkeypatch.setattr(check, "field_refusals", said("field"))
    return codes(check._by_law(bare_entry(Step(act="forward"), NOW), by_effect=by_effect))


def test_an_effect_is_asked_for_all_but_who_does_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert by_law(monkeypatch, by_effect=True) == ["state", "field"]
    everything = ["capacity", "organ", "own-hand", "state", "hand", "field"]
    assert by_law(monkeypatch, by_effect=False) == everything


# --- corrections that move a day or a verdict -----------------------------------------------------
def due(day: date | None) -> Any:
    return SimpleNamespace(due=day)


@pytest.mark.parametrize(
    ("entered", "window", "moved", "asked"),
    [
        (TODAY, 0, [], None),
        (TODAY, 0, [due(TODAY)], None),  # on the day of entry, before anything passed
        (TODAY, 0, [due(TODAY + DAY)], None),
        (TODAY, 0, [due(None)], None),
        (TODAY, 0, [due(TODAY), due(TODAY - DAY)], 1),  # a day had passed already
        (TODAY - DAY, 0, [due(TODAY + DAY)], 0),  # entered the day after
        (TODAY - DAY, 1, [due(TODAY + DAY)], None),  # a local setting gives a day
        (TODAY - 2 * DAY, 1, [due(TODAY + DAY)], 0),
        (TODAY - DAY, 0, [due(TODAY + DAY), due(TODAY - DAY)], 1),
    ],
)
def test_a_correction_rests_on_paper_and_a_second_person_from_the_day_after_or_once_a_day_passed(
    entered: date, window: int, moved: list[Any], asked: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(correction, "moved", lambda *_: moved)
    monkeypatch.setattr(correction_check, "window", lambda *_: window)
    monkeypatch.setattr(late_entry, "lacking", lambda _rule, duty, _today, _support: [duty])
    monkeypatch.setattr(correction_check, "_of_value", lambda *_: [])
    monkeypatch.setattr(correction_check, "_needs_second", lambda *_: False)
    declared = SimpleNamespace(type="word", second=False)
    rule = SimpleNamespace(basis=None, field_rule=lambda _name: declared)
    kind = SimpleNamespace(id="petition", acts={CORRECT: RULE, "classify": rule})
    records = [ActRecord(1, "classify", NOW, at(entered, 23))]
    step = Step(act=CORRECT, fields={"target": 1, "field": "path"})
    alone = Support(reason=True, paper=True, second=False)
    entry = bare_entry(step, NOW, kind=kind, records=records)
    found = correction_check.correction_refusals(entry, alone)
    first: Any = correction_check.corrected_late(entry)[:1]
    assert first == found
    assert found == ([] if asked is None else [moved[asked]])


KIND: Any = SimpleNamespace(acts={CORRECT: RULE, "register": RULE})
VIEW: Any = SimpleNamespace()


def moved_to(text: str) -> list[str]:
    return codes(correction._moved(Step(act=CORRECT, fields={"new": text}), KIND, NOW))


def test_an_act_is_moved_between_the_earliest_day_and_today() -> None:
    assert moved_to(at(EARLIEST, 0).isoformat()) == []
    assert moved_to(at(EARLIEST - DAY, 23).isoformat()) == ["future"]
    assert moved_to(at(TODAY, 23).isoformat()) == []
    assert moved_to(at(TODAY + DAY, 0).isoformat()) == ["future"]
    assert moved_to("昨天") == ["field-type"]


def given(day: date, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(correction, "value_refusals", lambda *_: [])
    declared = SimpleNamespace(type="date", zh="日期", en="day", from_today=False)
    monkeypatch.setattr(correction, "value_of", lambda _declared, text: date.fromisoformat(text))
    rule = SimpleNamespace(basis=None, field_rule=lambda _name: declared)
    kind: Any = SimpleNamespace(acts={CORRECT: RULE, "register": rule})
    target = ActRecord(1, "register", NOW, NOW)
    step = Step(act=CORRECT, fields={"new": day.isoformat()})
    return codes(correction._given(step, kind, VIEW, target, "received_on", NOW))


def test_a_field_is_corrected_to_no_day_before_the_earliest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert given(EARLIEST, monkeypatch) == []
    assert given(EARLIEST - DAY, monkeypatch) == ["too-early"]


@pytest.mark.parametrize(
    ("room", "said", "data_class", "old"),
    [
        (True, "", "", "31(6)"),  # the door states what stood
        (True, "30", "", "30"),  # what was said stays, to be compared
        (False, "", "", None),
        (True, "", "D2", None),  # a name is not written down twice
        (True, "", "D4", None),
        (True, "", "D3", "31(6)"),
    ],
)
def test_the_door_states_what_stood_where_there_is_room_and_no_secret(
    said: str, data_class: str, old: str | None, monkeypatch: pytest.MonkeyPatch, *, room: bool
) -> None:
    target = ActRecord(1, "classify", NOW, NOW, data={"path": "31(6)"})
    monkeypatch.setattr(correction, "corrected", lambda _records: [target])
    room_for = {"old"} if room else set()
    correct = SimpleNamespace(field_rule=lambda name: name in room_for)
    classify = SimpleNamespace(field_rule=lambda _name: SimpleNamespace(data_class=data_class))
    kind: Any = SimpleNamespace(acts={CORRECT: correct, "classify": classify})
    fields: dict[str, Any] = {"target": 1, "field": "path", **({"old": said} if said else {})}
    step = Step(act=CORRECT, fields=fields)
    rules: Any = None
    stated = correction.stated(step, kind, [target], VIEW, NOW, rules)
    assert stated.fields.get("old") == old


@pytest.mark.parametrize(
    ("data_class", "protected", "sealed_as"),
    [
        ("D3", False, "D3"),
        ("D3", True, "D4"),
        ("D5", True, "D4"),
        ("D2", True, "D2"),
        ("D4", False, "D4"),
        ("D7", True, "D7"),
        ("D7", False, "D7"),
    ],
)
def test_a_text_lies_with_the_accusations_only_where_its_case_does(
    data_class: str, sealed_as: str, *, protected: bool
) -> None:
    row: Any = SimpleNamespace(data_class=data_class)
    place = contents._place(row, "uid", protected=protected)
    assert place == Place("cases_content", "uid", data_class, sealed_as)


# --- what a pack declares, door by door -----------------------------------------------------------
def field(name: str, **more: Any) -> Any:
    plain = {"section": "who", "asked_at": ("desk",), "data_class": "D3", "type": "text"}
    return SimpleNamespace(name=name, zh=name, en=name, **{**plain, **more})


def test_a_door_asks_the_fields_that_are_for_it() -> None:
    fields = field("a"), field("b", asked_at=("portal", "desk")), field("c", asked_at=("portal",))
    rule: Any = SimpleNamespace(fields=fields, field_rule=lambda _name: None)
    assert [one.name for one in placed_fields.asked_at("desk", rule)] == ["a", "b"]
    assert [one.name for one in placed_fields.asked_at("portal", rule)] == ["b", "c"]


def test_where_names_are_hidden_nothing_of_the_identity_is_printed() -> None:
    fields = field("petitioner", data_class="D2"), field("subject")
    kind: Any = SimpleNamespace(acts={"register": SimpleNamespace(fields=fields)})
    assert identity._naming_of(kind) == {"petitioner"}
    values = {"petitioner": "王示例", "subject": "漏水"}
    hidden = identity.without_names(values, {"identity": identity.HIDDEN}, kind)
    assert hidden == {"subject": "漏水"}
    assert identity.without_names(values, {}, kind) == values


def test_a_correction_names_what_an_act_said_and_never_its_texts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = min(NOT_CORRECTED)
    fields = field("path", type="word"), field("note", type=text), field("unsaid", type="word")
    acts = {name: SimpleNamespace(fields=fields) for name in ("classify", CORRECT)}
    kind = SimpleNamespace(acts=acts)
    book = SimpleNamespace(kind=lambda _name: kind)
    monkeypatch.setattr(correction_words, "rulebooks", SimpleNamespace(by_row=lambda _row: book))
    said = ActRecord(1, "classify", NOW, NOW, data={"path": "31(6)", "note": "x"})
    corrected = ActRecord(2, CORRECT, NOW, NOW, data={"unsaid": "x"})
    found = correction_words.correctable([said, corrected], "petition")
    assert set(found) == {"occurred_at", "path"}


def test_an_organ_is_read_once_in_a_call() -> None:
    read: list[int] = []
    row = SimpleNamespace(pk=5)

    def ask(_model: Any, _column: str, pk: int) -> list[Any]:
        read.append(pk)
        return [row] if pk == 5 else []

    call: Any = SimpleNamespace(organs={}, unit=SimpleNamespace(read=ask))
    organ = CallContext.organ.__get__(call)
    assert organ(5) is row
    assert organ(5) is row
    assert read.count(5) == 1
    assert organ(None) is None
