"""Frozen facts piece by piece: compared one by one, named with what was changed, drawn by duty and
act, corrected, grouped; and the head that binds them. Files and tables are invented."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.assessment import engines
from dengwen.assessment.engines import ENGINES, EngineError, engine_of
from dengwen.assessment.errors import AssessmentError
from dengwen.assessment.frozen import fact_check, freeze, manifest, manifest_check
from dengwen.assessment.frozen.frozen_tables import FACTS, PAST, Assessed, Exclusion, Fact
from dengwen.assessment.frozen.manifest_digest import LISTS, NOBODY, SCORED, part_digest
from dengwen.law.indicators.indicator import Organ, Period, Selector
from dengwen.merkle.errors import RejectedError
from tests.invented_rows import table

DAY = timedelta(days=1)
FIRST, LAST = date(2025, 1, 1), date(2025, 3, 31)
HERE, THERE = 1, 2
NOTHING: Any = None


# --- one by one -----------------------------------------------------------------------------------
def row(number: int, outcome: str = "late", organ: int = HERE) -> tuple[Any, ...]:
    return (number, "conclusion", organ, 9, FIRST, outcome, "", "", "timely")


@pytest.mark.parametrize(
    ("marks", "rows", "wrong"),
    [
        ([(1, 1), (2, 1)], [1, 2], []),
        ([(1, 1), (2, 1)], [2], ["missing 1"]),
        ([(1, 1), (2, 1)], [1], ["missing 2"]),
        ([(1, 1), (2, 1), (3, 1)], [1], ["missing 2", "missing 3"]),
        ([(2, 1)], [1, 2, 3], ["added 1", "added 3"]),
        ([], [1], ["added 1"]),
        ([(1, 1), (2, 9)], [1, 2], ["changed 2"]),
        ([(1, 1), (2, 1)], [2, 1], ["missing 1", "order 1"]),
        ([(1, 1)], [1, 1], ["added 1"]),
        ([], [], []),
    ],
)
def test_every_fact_is_compared_with_its_mark(
    marks: list[tuple[int, int]], rows: list[int], wrong: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[int] = []
    blocks: Any = SimpleNamespace(take=lambda _file, one, _text: taken.append(one[0]))
    monkeypatch.setattr(fact_check, "marks_of", lambda *_: iter(marks))
    monkeypatch.setattr(fact_check, "rows_of", lambda _path: iter([row(n) for n in rows]))
    monkeypatch.setattr(fact_check, "row_text", lambda one: one)
    monkeypatch.setattr(fact_check, "mark_of", lambda _text: 1)
    found = list(fact_check._compare(Path(), FACTS, blocks))
    assert [f"{one.kind} {one.id}" for one in found] == wrong
    assert taken == rows
    assert {one.mark for one in found if one.kind == "changed"} <= {9}


@pytest.mark.parametrize(("said", "differs"), [(2, []), (3, ["rows"])])
def test_as_many_facts_are_said_as_the_period_has(
    said: int, differs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [
        {"file": FACTS, "organ": HERE, "kind": "a", "rows": 2},
        {"file": PAST, "organ": HERE, "kind": "a", "rows": 5},
    ]
    monkeypatch.setattr(fact_check, "Blocks", lambda: SimpleNamespace(listed=lambda: now))
    monkeypatch.setattr(fact_check, "_in_file", lambda *_: ())
    monkeypatch.setattr(fact_check, "_block_differences", lambda *_: ())
    held = {"population": [], "blocks": [], "rows": said}
    found = fact_check.fact_differences(Path(), held, NOTHING)
    assert [one.where for one in found] == differs


def test_what_one_column_was_is_found_by_its_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    held = dict(zip(fact_check.NAMES, row(7), strict=True))
    monkeypatch.setattr(fact_check, "row_text", tuple)
    monkeypatch.setattr(fact_check, "mark_of", hash)
    for name, value in (("outcome", "in_time"), ("entered", "imported"), ("organ", THERE)):
        mark = hash(tuple({**held, name: value}.values()))
        assert fact_check._frozen_as(held, mark, {HERE: "a", THERE: "b"}) == {name: value}
    assert fact_check._frozen_as(held, 0, {HERE: "a"}) == {}
    assert fact_check._frozen_as({**held, "kind": "unheard of"}, 0, {}) == {}


def test_a_change_is_said_with_both_values_and_the_indicators_it_touches(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    late, all_ = Selector("conclusion", outcome=("late",)), Selector("conclusion")
    in_time = Selector("conclusion", outcome=("in_time",))
    scheme: Any = SimpleNamespace(
        indicators=[
            SimpleNamespace(id="timely", numerator=in_time, denominator=all_),
            SimpleNamespace(id="of late", numerator=late, denominator=late),
            SimpleNamespace(
                id="other", numerator=Selector("rating"), denominator=Selector("rating")
            ),
            SimpleNamespace(id="was", numerator=in_time, denominator=in_time),
        ]
    )
    held = dict(zip(fact_check.NAMES, row(7), strict=True))
    changed, added = (
        fact_check._Wrong("changed", 7, row(7), 5),
        fact_check._Wrong("added", 7, row(7)),
    )
    monkeypatch.setattr(fact_check, "_frozen_as", lambda *_: {"outcome": "in_time"})
    zh, en = fact_check._wrong_with(held, changed, {HERE: "住建局"}, scheme)
    assert "指标 timely、of late、was）：outcome：in_time（按期） → late（逾期完成）" in zh
    assert "organ 住建局 1" in en
    assert "outcome: in_time (in time) → late (done late)" in en
    zh, en = fact_check._wrong_with(held, added, {}, scheme)
    assert zh.endswith("（机关 1，指标 timely、of late）")
    nobody: Any = SimpleNamespace(indicators=[])
    assert "指标 —）" in fact_check._wrong_with(held, added, {}, nobody)[0]
    assert fact_check._change(held, {}) == ("", "")
    assert fact_check._change(held, {"entered": "late", "organ": THERE}) == (
        "：entered：late → timely，organ：2 → 1",
        ": entered: late → timely, organ: 2 → 1",
    )
    assert fact_check._value_pair(held, "outcome", "unheard of") == ("unheard of", "unheard of")


@pytest.mark.parametrize(
    ("selector", "picked"),
    [
        (Selector("conclusion"), True),
        (Selector("rating"), False),
        (Selector("conclusion", outcome=("late",), entered=("timely",)), True),
        (Selector("conclusion", outcome=("in_time",)), False),
        (Selector("conclusion", sort=("again",)), False),
        (Selector("conclusion", channel=("visit",)), False),
        (Selector("conclusion", entered=("late",)), False),
    ],
)
def test_a_frozen_fact_is_picked_by_all_a_selector_names(
    selector: Selector, *, picked: bool
) -> None:
    held = dict(zip(fact_check.NAMES, row(7), strict=True))
    assert fact_check._picks(selector, held) is picked


def test_organs_and_kinds_whose_facts_differ_are_named_with_how_many_there_were() -> None:
    def block(organ: int, rows: int, file: str = FACTS) -> dict[str, Any]:
        return {"file": file, "organ": organ, "kind": "a", "rows": rows, "sha256": str(rows)}

    frozen = [block(HERE, 3), block(THERE, 5), block(3, 1)]
    anew = [block(HERE, 3), block(THERE, 4), block(4, 2)]
    found = list(fact_check._block_differences(frozen, anew, {THERE: "住建局"}))
    assert [(one.where[-3:], one.en[-40:]) for one in found] == [
        ("2 a", found[0].en[-40:]),
        ("3 a", found[1].en[-40:]),
        ("4 a", found[2].en[-40:]),
    ]
    assert "(5 when frozen, 4 in the file)" in found[0].en
    assert "住建局 2" in found[0].zh
    assert "冻结时 1 项，文件里 0 项" in found[1].zh
    assert "冻结时 0 项，文件里 2 项" in found[2].zh


@pytest.mark.parametrize(
    ("corrections", "objections", "case", "facts"),
    [
        ({5: "late"}, [(5, "upheld", "late")], "N", []),
        ({5: "late"}, [(5, "upheld", "in_time")], "N", [5]),
        ({5: "late"}, [], "N", [5]),
        ({5: "late"}, [], "", []),  # a trial has corrections alone
        ({5: "late"}, [(6, "upheld", "late")], "", [5, 6]),
        ({}, [(5, "upheld", "late")], "N", [5]),
        ({}, [(5, "upheld", ""), (6, "refused", "late")], "N", []),
    ],
)
def test_rulings_and_corrections_agree(
    corrections: dict[int, str],
    objections: list[tuple[int, str, str]],
    case: str,
    facts: list[int],
) -> None:
    said = {
        "corrections": [{"fact": n, "outcome": o} for n, o in corrections.items()],
        "objections": [{"fact": n, "ruling": r, "outcome": o} for n, r, o in objections],
        "assessment": {"case": case} if case else {},
    }
    found = list(fact_check._ruled_facts(said))
    assert [one.where for one in found] == [f"rulings {number}" for number in facts]
    if found and not objections:
        assert "裁定 没有" in found[0].zh
        assert "ruling none" in found[0].en


# --- freezing -------------------------------------------------------------------------------------
def fact(number: int, organ: int = HERE, case: int = 9, outcome: str = "late") -> Fact:
    return Fact(number, "conclusion", organ, case, FIRST, outcome)


def test_facts_bear_names_and_what_rulings_put_right_is_noted_as_drawn() -> None:
    naming: Any = SimpleNamespace(hide=lambda number, _what=b"": number + 100)
    drawn: dict[int, Fact] = {}
    made = list(freeze._named([fact(1), fact(2)], naming, {101: "in_time"}, drawn))
    assert [(f.id, f.case, f.outcome) for f in made] == [(101, 109, "in_time"), (102, 109, "late")]
    assert drawn == {101: fact(1)}
    run: Any = SimpleNamespace(corrections={101: "in_time", 999: "late"})
    assert freeze._corrections(run, drawn) == [
        {"fact": 101, "organ": HERE, "drawn": "late", "outcome": "in_time"},
        {"fact": 999, "organ": NOBODY, "drawn": "", "outcome": "late"},
    ]


def test_an_objection_is_frozen_with_the_kind_of_its_fact(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(freeze, "facts_with", lambda *_: {5: {"kind": "conclusion"}})
    run: Any = SimpleNamespace(objections=[{"fact": 5}, {"fact": 6}])
    found = [one["kind"] for one in freeze._objections(run, Path())]
    assert found == ["conclusion", ""]


def test_exclusions_are_frozen_in_one_order() -> None:
    some = [Exclusion(2, "", "", "", ""), Exclusion(1, "b", "", "", "", number=1),
            Exclusion(1, "a", "", "", "", number=2),
            Exclusion(1, "a", "", "", "", number=1)]  # fmt: skip
    found = [(e.fact, e.indicator, e.number) for e in freeze.in_order(some)]
    assert found == [(1, "a", 1), (1, "a", 2), (1, "b", 1), (2, "", 0)]


@pytest.mark.parametrize(("known", "periods"), [(True, 2), (False, 0)])
def test_earlier_years_are_compared_as_far_as_anything_is_recorded(
    periods: int, monkeypatch: pytest.MonkeyPatch, *, known: bool
) -> None:
    past = [Period(FIRST, LAST), Period(FIRST - 365 * DAY, LAST - 365 * DAY)]
    monkeypatch.setattr(manifest, "scheme_of", lambda _body: SimpleNamespace(past=lambda _p: past))
    monkeypatch.setattr(freeze, "Act", table(*(["act"] if known else [])))
    merged = [SimpleNamespace(organ_id=4, to_id=HERE), SimpleNamespace(organ_id=5, to_id=None)]
    monkeypatch.setattr(freeze, "OrganSuccession", table(*merged))
    run: Any = SimpleNamespace(body="", period=past[0], last=LAST)
    found = freeze._past(run, frozenset({HERE}))
    assert len(found.periods) == periods
    assert found.joined == ((4, HERE),)


def test_a_position_without_a_checkpoint_is_not_frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(freeze, "Checkpoint", table())
    with pytest.raises(AssessmentError, match="第 5 位"):
        freeze._ledger(5)


def test_organs_stand_in_the_groups_of_the_scheme(monkeypatch: pytest.MonkeyPatch) -> None:
    scheme = SimpleNamespace(group_of=lambda code, kind, level: f"{code}|{kind}|{level}")
    monkeypatch.setattr(manifest, "scheme_of", lambda _body: scheme)
    monkeypatch.setattr(freeze, "Organ", table((HERE, "YJ01")))
    organs = [Assessed(HERE, "a", "office/county"), Assessed(THERE, "b", "court/city")]
    found = [one.group for one in freeze.grouped(organs, "")]
    assert found == ["YJ01|office|county", "|court|city"]


# --- what binds it --------------------------------------------------------------------------------
def test_days_of_a_scheme_are_read_as_days(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifest, "build_scheme", lambda raw, _file: raw)
    raw = {"scheme": {"id": "s", "from": FIRST, "until": LAST}, "x": 1}
    read: Any = manifest.scheme_of(manifest.scheme_body(raw))
    assert read == raw
    bare: Any = {"scheme": {"id": "s"}}
    for text, said in ((manifest.scheme_body(bare), bare), ("{}", {})):
        found: Any = manifest.scheme_of(text)
        assert found == said
    assert (manifest.COUNT[:2], len(manifest.NUMBERS)) == (("organ", "indicator"), 6)


def test_who_joined_an_assessed_organ_counts_in_its_group_and_past() -> None:
    organs = [Organ(HERE, "a", "g"), Organ(THERE, "b", "h")]
    past = manifest.Past((), ((4, HERE), (THERE, HERE), (5, 6)))
    assert manifest._former(organs, past) == [Organ(4, "", "g")]


@pytest.mark.parametrize(
    ("only", "group", "taken"),
    [
        ("", "g", ["a", "b"]),
        ("a", "g", ["a"]),
        ("b", "g", ["b"]),
        ("", "h", ["a"]),  # the other one is for another group
        ("x", "g", []),
    ],
)
def test_leaving_a_fact_out_takes_it_from_the_indicators_named(
    only: str, group: str, taken: list[str]
) -> None:
    counts, not_ = Selector("conclusion"), Selector("rating")
    scheme: Any = SimpleNamespace(
        indicators=[
            SimpleNamespace(id="a", groups=(), numerator=not_, denominator=counts, period="day"),
            SimpleNamespace(
                id="b", groups=("g",), numerator=counts, denominator=counts, period="day"
            ),
            SimpleNamespace(id="c", groups=(), numerator=not_, denominator=not_, period="day"),
        ]
    )
    held = {"kind": "conclusion", "day": FIRST, "outcome": "late", "sort": "", "channel": "",
            "entered": "timely"}  # fmt: skip
    found = manifest._taken(scheme, only, held, group, Period(FIRST, LAST))
    assert [one["indicator"] for one in found] == taken
    numbers = {one["indicator"]: (one["numerator"], one["denominator"]) for one in found}
    assert {"a": (0, -1), "b": (-1, -1)}.items() >= numbers.items()
    later = {**held, "day": LAST + DAY}
    assert manifest._taken(scheme, only, later, group, Period(FIRST, LAST)) == []


def parts(**more: Any) -> list[str]:
    plain = {
        "salts": [{"organ": HERE, "salt": "s"}],
        "sections": [{"organ": HERE, "section": "counts", "sha256": "d"}],
    }
    digest = part_digest("s", plain["sections"])
    held = {**plain, "parts": [digest], **more}
    return [one.where for one in manifest_check._parts(held)]


def test_every_part_is_among_those_of_the_head() -> None:
    assert parts() == []
    assert parts(parts=["x"]) == ["parts 1"]
    assert parts(parts=["x", "y"]) == ["parts 1", "parts"]
    assert parts(parts=["x", "y"], part_of=HERE) == ["parts 1"]
    assert parts(salts=[]) == ["parts 1", "parts"]


def test_sections_stand_by_organ_and_in_the_order_of_a_manifest() -> None:
    order = [*LISTS, *SCORED]
    places = [manifest_check._place((HERE, name)) for name in order]
    assert places == sorted(places)
    assert manifest_check._place((HERE, "unheard of")) == (HERE, len(order))


@pytest.mark.parametrize(
    ("size", "own", "where"),
    [
        (5, True, []),
        (5, False, ["ledger.checkpoint"]),
        (6, True, ["ledger.size"]),
        (6, False, ["ledger.checkpoint", "ledger.size"]),
    ],
)
def test_a_position_is_that_of_a_checkpoint_its_log_signed(
    size: int, where: list[str], *, own: bool
) -> None:
    head: Any = SimpleNamespace(origin="log", size=5, root=b"\x01")
    note: Any = SimpleNamespace(signed_by=lambda _name: own)
    held = {"origin": "log", "size": size, "root": "01"}
    assert [one.where for one in manifest_check._of_head(head, note, held)] == where


def test_without_a_checkpoint_or_with_one_nobody_signed_a_position_is_not_proved(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for none in ({}, {"checkpoint": ""}):
        [wrong], signed_by = manifest_check.ledger_differences(none, ())
        assert ("no signed checkpoint" in wrong.en, signed_by) == (True, ())
    tried: list[list[str]] = []
    signed = SimpleNamespace(signatures=[SimpleNamespace(key=SimpleNamespace(name="log"))])

    def open_note(_text: str, known: list[str]) -> Any:
        tried.append(known)
        if "good" not in known:
            raise RejectedError("no")
        return signed

    monkeypatch.setattr(manifest_check, "Checkpoint", SimpleNamespace(parse=lambda _text: "head"))
    monkeypatch.setattr(manifest_check, "VerifierKey", SimpleNamespace(parse=lambda key: key))
    monkeypatch.setattr(manifest_check, "split_note", lambda _text: ("",))
    monkeypatch.setattr(manifest_check, "open_note", open_note)
    monkeypatch.setattr(manifest_check, "_of_head", lambda *_: [])
    trusted: Any = ["good"]
    held: dict[str, Any] = {"checkpoint": "x", "keys": ["bad"]}
    assert manifest_check.ledger_differences(held, trusted) == ([], ("log",))
    [wrong], signed_by = manifest_check.ledger_differences(held, ())
    assert ("signature does not hold" in wrong.en, signed_by) == (True, ())
    assert tried == [["good"], ["bad"]]  # keys the asker trusts come before those inside


# --- engines --------------------------------------------------------------------------------------
def test_an_engine_is_asked_in_its_own_dialect() -> None:
    assert {name: engine_of(name) for name in ENGINES} == {
        "duckdb": (engines.on_duckdb, "duckdb"),
        "sqlite": (engines.on_sqlite, "sqlite"),
        "spark": (engines.on_spark, "pyspark"),
    }
    assert engine_of(engines.DEFAULT)[1] == "duckdb"
    with pytest.raises(EngineError, match="duckdb, sqlite, spark"):
        engine_of("abacus")


@pytest.mark.parametrize(("there", "name"), [(True, "spark"), (False, "sqlite")])
def test_the_second_engine_is_spark_where_it_is_installed(
    name: str, monkeypatch: pytest.MonkeyPatch, *, there: bool
) -> None:
    monkeypatch.setattr(engines, "has_spark", lambda: there)
    assert engines.second() == name
    if not there:
        with pytest.raises(EngineError, match="make spark"), engines.spark_session():
            pass
