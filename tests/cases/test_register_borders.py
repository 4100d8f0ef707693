"""What meets a recurring duty, which period still lacks something, and what a page says beside
it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.cases import placed_fields
from dengwen.cases.duties import first_register, fulfilment, open_periods, registers
from dengwen.cases.duties.fulfilment import Fulfilments
from dengwen.cases.duties.sweep import BATCH
from dengwen.cases.read import interpretations
from dengwen.law.duties.act_record import BREACH, BY_CLAIM, CLOSED, LATE, OPEN
from dengwen.law.duties.recurrence import Deed
from tests.cases.bare_rules import noted
from tests.invented_rows import table

NOW = datetime(2025, 3, 18, 4, tzinfo=UTC)
TODAY = date(2025, 3, 18)
DAY = timedelta(days=1)
NONE: Any = None


# --- recurring duties -----------------------------------------------------------------------------
def deed(organ: int | None, leader: Any = None, act: str = "inspect") -> Deed:
    return Deed(1, "inspection", act, TODAY, TODAY, organ, {"leader": leader} if leader else {})


def test_a_duty_of_an_organ_is_met_by_its_acts_and_one_of_a_leader_by_theirs() -> None:
    acts = [deed(5), deed(6), deed(None, 7), deed(5, "王")]
    found = Fulfilments(*fulfilment._by_whom(acts), frozenset({1}))
    closed_by = [SimpleNamespace(kind="inspection", act="inspect")] * 2

    def met(of: str, *held: int | None) -> int:
        rule: Any = SimpleNamespace(of=of, closed_by=closed_by)
        bearer: Any = SimpleNamespace(people=lambda: {who for who in held if who is not None})
        return len(found.of(rule, 5, bearer))

    assert met("holder") == 2
    assert met("leader", 7, None) == 1
    assert met("leader", None) == 0  # while the seat was vacant nobody did anything
    assert found.is_corrected(1)
    assert not found.is_corrected(2)
    assert not found.is_corrected(None)
    assert not Fulfilments({}, {}, frozenset({None})).is_corrected(None)  # type: ignore[arg-type]


def test_an_act_without_an_organ_is_that_of_whoever_holds_its_case(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def row(pk: int, case: int, organ: int | None) -> Any:
        return (case, pk, "inspection", "inspect", NOW, NOW, organ, 9, {})

    monkeypatch.setattr(fulfilment, "Act", table(row(1, 1, None), row(2, 1, 5), row(3, 2, 5)))
    found = fulfilment._as_written({("inspection", "inspect")}, {2}, NOW, NOW)
    assert [(one.id, one.organ) for one in found] == [(1, 9), (2, 5)]


def owed(**more: Any) -> Any:
    plain = {
        "organ": 5,
        "seat": "",
        "rule": "inspect",
        "state": OPEN,
        "opened_by": 1,
        "case": 1,
        "law": None,
        "start": TODAY,
        "due": TODAY,
        "closed_on": None,
        "breach": None,
        "timeliness": "",
        "evidence": None,
    }
    one = SimpleNamespace(**{**plain, **more})
    one.opened = one.case, one.rule, one.seat, one.start
    return one


@pytest.mark.parametrize(
    ("one", "act", "steps"),
    [
        (owed(), None, ["step", "warn"]),
        (owed(opened_by=2), None, ["step"]),  # warned already
        (owed(), "met", ["step"]),
        (owed(state=CLOSED), None, ["step"]),
        (owed(organ=6), None, None),  # nobody bears it any more
        (owed(seat="post:x"), None, None),
    ],
)
def test_an_open_period_nobody_met_is_warned_of_once(
    one: Any, act: Any, steps: list[str] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_periods, "owed", lambda year: [one] if year == 2024 else [])
    monkeypatch.setattr(open_periods, "Fulfilments", SimpleNamespace(read=lambda *_: None))
    monkeypatch.setattr(open_periods, "_warned", lambda _cases: {2})
    monkeypatch.setattr(open_periods, "settings_of", lambda _key: None)
    monkeypatch.setattr(open_periods, "_noted", lambda _cases: {})
    monkeypatch.setattr(open_periods, "_used_before", lambda *_: set())
    turn = SimpleNamespace(
        allocated=lambda groups, _used: [[act for _one in same] for _bearer, same in groups],
        steps_of=lambda *_: ["step"],
    )
    monkeypatch.setattr(open_periods, "_Turn", lambda *_: turn)
    monkeypatch.setattr(open_periods, "_warning", lambda *_: ["warn"])
    bearer: Any = SimpleNamespace(organ=SimpleNamespace(pk=5), rank="", seat="")
    found: Any = open_periods.steps_due({(5, ""): bearer}, NONE, NOW)
    assert found == ({} if steps is None else {1: steps})


def test_where_all_periods_are_closed_only_a_missing_breach_is_looked_at() -> None:
    late, in_time = owed(state=CLOSED, timeliness=LATE), owed(state=CLOSED, timeliness="in_time")
    claimed, noted = (
        owed(state=CLOSED, timeliness=BY_CLAIM),
        owed(state=CLOSED, timeliness=LATE, breach=7),
    )
    every = [late, in_time, claimed, noted]
    acts: Any = SimpleNamespace(is_corrected=lambda _evidence: False)  # nothing else is asked
    settings: Any = SimpleNamespace(on=lambda *_: None)
    turn = open_periods._Turn(acts, settings, NOW + DAY, {})
    bearer: Any = SimpleNamespace(organ=SimpleNamespace(pk=5, valid_to=None))
    (found,) = turn.allocated([(bearer, every)], set())
    assert list(found) == [None] * 4
    steps = [[step.act for step in turn.steps_of(one, None, bearer)] for one in every]
    assert steps == [[BREACH], [], [BREACH], []]


@pytest.mark.parametrize(
    ("first", "began"),
    [(None, TODAY), (NOW - 9 * DAY, TODAY - 9 * DAY), (NOW + 9 * DAY, TODAY)],
)
def test_registers_are_kept_since_the_first_one(
    first: Any, began: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = SimpleNamespace(aggregate=lambda **_: {"first": first})
    monkeypatch.setattr(
        first_register, "Act", SimpleNamespace(objects=SimpleNamespace(filter=lambda **_: rows))
    )
    assert first_register.began(NOW) == began


def test_what_another_worker_did_first_is_counted_as_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    def outcome(*, repeated: bool = False, error: Any = None) -> Any:
        acts = [
            SimpleNamespace(act="warn"),
            SimpleNamespace(act="warn"),
            SimpleNamespace(act="meet"),
        ]
        performed = None if error else SimpleNamespace(repeated=repeated, acts=acts)
        return SimpleNamespace(performed=performed, error=error)

    outcomes = [outcome(), outcome(repeated=True), outcome(error=ValueError("x"))]
    batches: list[int] = []

    def many(part: Any) -> Any:
        batches.append(len(part))
        return [outcomes[n % 3] for n in range(len(part))]

    lost: list[Any] = []
    monkeypatch.setattr(registers, "perform_many", many)
    desk: Any = SimpleNamespace(_lost=lambda _call, error, _kept: lost.append(str(error)))
    kept = registers.Kept()
    registers._Desk._do(desk, [NONE] * 53, kept)
    assert batches == [BATCH, 53 - BATCH]
    assert (kept["warn"], kept["meet"], kept["open"]) == (36, 18, 0)
    assert kept.lost_races == 18
    assert lost == ["x"] * 17
    told = kept.as_dict()
    assert (told["warnings"], told["met"], told["lost_races"]) == (36, 18, 18)


@pytest.mark.parametrize(
    ("seat", "holder", "local", "more"),
    [
        ("", None, None, {}),
        ("post:x", 7, None, {"seat": "post:x", "leader": 7}),
        (
            "",
            None,
            SimpleNamespace(key="k", value="month"),
            {"last": TODAY + DAY, "local": "k=month"},
        ),
    ],
)
def test_a_period_is_opened_with_its_seat_holder_and_interval(
    seat: str, holder: int | None, local: Any, more: dict[str, Any]
) -> None:
    bearer: Any = SimpleNamespace(seat=seat, known=lambda _day, _as_of: holder)
    period: Any = SimpleNamespace(first=TODAY, last=TODAY + DAY, local=local)
    step = registers._open_period("inspect", bearer, period)
    assert step.fields == {"rule": "inspect", "first": TODAY, **more}
    assert step.occurred_at == registers.midnight(TODAY)


def test_only_registers_of_these_years_are_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registers, "steps_due", lambda *_: {1: ["late"], 9: ["lost"]})
    done: list[Any] = []
    desk: Any = SimpleNamespace(
        _read_registers=lambda: None,
        every=[],
        settings=None,
        now=NOW,
        registers={(5, None, 2025): SimpleNamespace(pk=1)},
        _call=lambda case, steps: (case.pk, steps),
        _do=lambda calls, _kept: done.append(calls),
    )
    registers._Desk.follow(desk, registers.Kept())
    assert done == [[(1, ["late"])]]


# --- answers on rules, fields from before ---------------------------------------------------------
@pytest.mark.parametrize("there", [True, False])
def test_answers_stand_at_each_rule_they_are_about(
    monkeypatch: pytest.MonkeyPatch, *, there: bool
) -> None:
    row = SimpleNamespace(organ=5, day=TODAY, question="问", answer="答", rules=("sort", "tell"))
    asked: list[Any] = []
    monkeypatch.setattr(interpretations, "interpretations", lambda *_: [row] if there else [])
    monkeypatch.setattr(
        interpretations, "interpretation_text", lambda *words: "|".join(map(str, words))
    )
    monkeypatch.setattr(
        interpretations, "_organ_names", lambda organs, _l: noted(asked, organs, {5: "示例局"})
    )
    found = interpretations.answers_on(["sort"], TODAY, "zh")
    assert found == (
        {name: ["示例局|2025-03-18|问|答|zh"] for name in ("sort", "tell")} if there else {}
    )
    assert asked == ([{5}] if there else [])  # where there is no answer no name is read


def field(name: str, section: str = "", **more: Any) -> Any:
    return SimpleNamespace(name=name, section=section, asked_at=("desk",), printed=True, **more)


def test_fields_without_a_section_stand_where_the_delivered_packs_put_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = {"content": field("content", "what"), "channel": field("channel", "how")}
    monkeypatch.setattr(placed_fields, "_delivered", lambda _act: known)
    monkeypatch.setattr(placed_fields, "_at", lambda one, place: field(one.name, place.section))

    def placed(*fields: Any) -> list[tuple[str, str]]:
        rule: Any = SimpleNamespace(
            id="register",
            fields=fields,
            field_rule=lambda name: next((f for f in fields if f.name == name), None),
        )
        return [(one.name, one.section) for one in placed_fields.placed(rule)]

    own, newer = field("own"), field("newer", "who")
    assert placed(field("channel"), own, newer, field("content")) == [
        ("content", "what"),
        ("channel", "how"),
        ("newer", "who"),
    ]
    assert placed(field("channel", "how"), own, newer) == [("channel", "how"), ("newer", "who")]
    assert placed(own, newer) == [("newer", "who")]  # an act that asks for no channel
