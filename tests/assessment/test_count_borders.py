"""What is counted in an assessment: from the first day to the last, by organ and by part."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dengwen.assessment import effects, ibis_count, inputs, interim_figures, portrait
from dengwen.assessment.engines import engine_of
from dengwen.assessment.errors import AssessmentError
from dengwen.assessment.facts import recoded
from dengwen.assessment.frozen import frozen_tables
from dengwen.assessment.frozen.frozen_tables import EXCLUSIONS, FACTS, Exclusion, Fact
from dengwen.law.duties.step import Step
from dengwen.law.indicators.indicator import Period, Selector

DAY = timedelta(days=1)
FIRST, LAST = date(2025, 1, 1), date(2025, 3, 31)
HERE, THERE = 1, 2


def fact(number: int, day: date = FIRST, organ: int = HERE, **more: Any) -> Fact:
    return Fact(number, "conclusion", organ, 9, day, "in_time", **more)


# --- counting -------------------------------------------------------------------------------------
def test_facts_are_counted_from_the_first_day_to_the_last(tmp_path: Path) -> None:
    days = (FIRST - DAY, FIRST, LAST, LAST + DAY)
    facts = [fact(n, day) for n, day in enumerate(days)]
    facts_file, exclusions = tmp_path / "facts", tmp_path / "exclusions"
    frozen_tables.write(facts_file, FACTS, facts)
    out = [Exclusion(1, "", "a", "b", "c"), Exclusion(2, "i", "a", "b", "c")]
    frozen_tables.write(exclusions, EXCLUSIONS, out)
    ask, dialect = engine_of("duckdb")
    views = {"facts": (facts_file, FACTS), "exclusions": (exclusions, EXCLUSIONS)}
    rows = ask(views, ibis_count.sql((FIRST, LAST), LAST, dialect))
    counted = ibis_count.gather((FIRST, LAST), rows)
    assert {cell.window: number for cell, number in counted.cells.items()} == {0: 1, 1: 1, 2: 1}
    left_out = {
        indicator: {cell.window: number for cell, number in cells.items()}
        for indicator, cells in counted.left_out.items()
    }
    assert left_out == {"": {1: 1}, "i": {2: 1}}


@pytest.mark.parametrize(
    ("groups", "organs"), [((), {HERE, THERE}), (("county",), {HERE}), (("city",), set())]
)
def test_a_measure_counts_the_organs_of_its_groups(
    groups: tuple[str, ...], organs: set[int]
) -> None:
    selector = Selector("conclusion")
    measure: Any = SimpleNamespace(
        id="m", groups=groups, numerator=selector, denominator=selector, period="day"
    )
    every: Any = [
        SimpleNamespace(organ=HERE, group="county"),
        SimpleNamespace(organ=THERE, group="town"),
    ]
    cell = ibis_count.Cell(HERE, "conclusion", "late", "", "", "late", 1)
    period: Any = SimpleNamespace(first=FIRST, last=LAST)
    first = selector.first_day(period, measure.period)
    counted = ibis_count.Counted((first,), {cell: 3}, {})
    found = ibis_count._counts(counted, [measure], every, period, excluded=False)
    assert {one.organ for one in found} == organs


def test_what_was_entered_late_or_imported_is_counted_apart() -> None:
    sums = [0] * ibis_count.NUMBERS
    for side, entered, number in (
        (0, "timely", 1),
        (0, "late", 2),
        (1, "imported", 4),
        (1, "late", 8),
    ):
        ibis_count._add(sums, side, entered, number)
    assert sums == [3, 12, 2, 8, 0, 4]


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Invented facts in a file of no folder: on each border of the period, and of another organ."""
    facts = [
        fact(1, FIRST - DAY),
        fact(2, FIRST),
        fact(3, LAST),
        fact(4, LAST + DAY),
        fact(5, FIRST, THERE),
        fact(6, FIRST, entered="late"),
    ]
    rows = [{name: getattr(one, name) for name in Fact.__dataclass_fields__} for one in facts]
    for module in (interim_figures, portrait):
        monkeypatch.setattr(module, "read", lambda *_: rows)
    naming = SimpleNamespace(reveal=lambda name, _kind: name)
    monkeypatch.setattr(
        interim_figures, "Naming", SimpleNamespace(of_manifest=lambda _said: naming)
    )
    return SimpleNamespace(folder=Path(), manifest={})


def test_behind_a_figure_lie_the_facts_of_its_organ_and_days(frozen: Any) -> None:
    indicator: Any = SimpleNamespace(
        denominator=Selector("conclusion"),
        numerator=Selector("conclusion", entered=("timely",)),
        period="day",
    )
    period = Period(FIRST, LAST)
    found = {one.id: good for one, good in interim_figures.behind(frozen, HERE, indicator, period)}
    assert found == {2: True, 3: True, 6: False}


def test_a_portrait_draws_the_facts_of_its_organ(frozen: Any) -> None:
    assert [one.id for one in portrait._facts_of(frozen, THERE)] == [5]


@pytest.mark.parametrize(
    ("selector", "picked"),
    [
        (Selector("conclusion"), True),
        (Selector("notice"), False),
        (Selector("conclusion", entered=("late", "timely")), True),
        (Selector("conclusion", entered=("late",)), False),
        (Selector("conclusion", outcome=("late",)), False),
        (Selector("conclusion", outcome=("in_time",)), True),
        (Selector("conclusion", sort=("a",)), False),
        (Selector("conclusion", channel=("visit",)), False),
    ],
)
def test_a_selector_picks_by_all_it_names(selector: Selector, *, picked: bool) -> None:
    assert interim_figures._picks(selector, fact(1)) is picked


def test_the_total_of_an_organ_is_its_own() -> None:
    said = {"scores": {"totals": [{"organ": HERE, "total": "1"}, {"organ": THERE, "total": "2"}]}}
    assert interim_figures.row_of(said, THERE) == {"organ": THERE, "total": "2"}
    assert interim_figures.row_of(said, HERE)["total"] == "1"
    with pytest.raises(LookupError):
        interim_figures.row_of(said, 3)


@pytest.mark.parametrize(
    ("sizes", "groups"), [((5,), [2, 2, 1]), ((1, 1), [2]), ((3, 1), [2, 2]), ((1,), [1]), ((), [])]
)
def test_rows_are_written_in_groups_of_one_size_however_they_come(
    sizes: tuple[int, ...], groups: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frozen_tables, "ROWS_AT_ONCE", 2)
    schema = frozen_tables.SCHEMAS[frozen_tables.MARKS]
    batches = [
        pa.RecordBatch.from_pylist([{"file": "f", "id": n, "mark": n} for n in range(size)], schema)
        for size in sizes
    ]
    path = tmp_path / "marks"
    assert frozen_tables.write_batches(path, frozen_tables.MARKS, batches) == sum(sizes)
    written = pq.ParquetFile(path)
    found = [written.metadata.row_group(n).num_rows for n in range(written.num_row_groups)]
    assert found == groups


# --- schemes and what is said of their facts ------------------------------------------------------
@pytest.mark.parametrize(
    ("first", "last", "meets", "covers"),
    [
        (FIRST, LAST, True, True),
        (FIRST - DAY, FIRST, True, False),  # on its first day alone
        (FIRST - 9 * DAY, FIRST - DAY, False, False),
        (LAST, LAST + DAY, True, False),  # on its last day alone
        (LAST + DAY, LAST + 9 * DAY, False, False),
        (FIRST + DAY, LAST - DAY, True, True),
        (LAST, FIRST, True, False),
    ],
)
def test_a_scheme_is_in_force_on_its_days(
    first: date, last: date, *, meets: bool, covers: bool
) -> None:
    drafted: Any = SimpleNamespace(first=FIRST, last=LAST)
    assert inputs.Drafted.meets(drafted, first, last) is meets
    assert inputs.Drafted.covers(drafted, first, last) is covers
    for name in ("first", "last"):
        open_ended: Any = SimpleNamespace(**{"first": FIRST, "last": LAST, name: None})
        assert not inputs.Drafted.meets(open_ended, FIRST, LAST)
        assert not inputs.Drafted.covers(open_ended, FIRST, LAST)


@pytest.mark.parametrize(
    ("approved", "retroactive", "said", "right"),
    [
        (FIRST + DAY, True, FIRST + DAY, True),
        (FIRST + DAY, True, None, False),
        (FIRST + DAY, True, FIRST, False),
        (FIRST - DAY, False, None, True),
        (FIRST - DAY, False, FIRST - DAY, False),
    ],
)
def test_a_circular_says_the_day_of_a_scheme_approved_later(
    approved: date,
    said: date | None,
    monkeypatch: pytest.MonkeyPatch,
    *,
    retroactive: bool,
    right: bool,
) -> None:
    monkeypatch.setattr(effects, "_before", lambda _facts: SimpleNamespace(first=FIRST))
    monkeypatch.setattr(effects, "approved_on", lambda _one: approved)
    monkeypatch.setattr(effects, "is_retroactive", lambda _one: retroactive)
    fields: Any = {"approved_after": said} if said else {}
    facts: Any = SimpleNamespace(case="N")
    if right:
        effects._check_approved_after(Step(act="circulate", fields=fields), facts)
        return
    with pytest.raises(AssessmentError, match="审定"):
        effects._check_approved_after(Step(act="circulate", fields=fields), facts)


def test_facts_are_named_by_their_ids(frozen: Any) -> None:
    assert set(interim_figures.facts_named(frozen, {2, 5, 99})) == {2, 5}
    assert interim_figures.facts_named(frozen, ()) == {}


@pytest.mark.parametrize(
    ("field", "known", "found"),
    [
        ("class", {"class": "a"}, {"class": "new"}),
        ("path", {"class": "a"}, {"path": "new"}),
        ("place", {"class": "a"}, {}),
        ("class", {}, {}),  # before the first classification
    ],
)
def test_a_correction_of_class_or_path_is_taken_as_known(
    field: str, known: dict[str, str], found: dict[str, str]
) -> None:
    assert recoded._corrected({"field": field, "new": "new"}, known) == found
