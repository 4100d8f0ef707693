"""The checks of an office's record: what differs, what cannot be read, and that one row hides no
other."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.cases import projections, read_log_act, record_proof, replay
from dengwen.ledger.findings import Finding
from tests.invented_rows import table

NOW = datetime(2025, 3, 18, 4, tzinfo=UTC)
TODAY = date(2025, 3, 18)
DAY = timedelta(days=1)
NONE: Any = None


# --- the record is checked ------------------------------------------------------------------------
LOST = Finding("L0", "cases_act", "7", "data", "坏了", "broken")


def test_a_row_that_cannot_be_read_is_a_difference_of_its_own() -> None:
    one = replay.Difference.of(LOST)
    assert (one.table, one.row, one.field, str(one)) == ("cases_act", 7, "data", str(LOST))
    assert replay.Difference.of(Finding("L0", "cases_act", "x", "data", "坏了", "broken")).row == 0
    plain = replay.Difference("cases_case", 3, "state", "a", "b")
    assert str(plain) == "cases_case 3 state: 存 'a'，应为 'b' / stored, should be"


def test_a_case_is_compared_column_by_column(monkeypatch: pytest.MonkeyPatch) -> None:
    view: Any = SimpleNamespace(
        state="a", holder=1, handler=2, next_due=lambda: TODAY, opened_on=TODAY
    )
    monkeypatch.setattr(replay, "records_of", lambda _case: [1, 2])
    monkeypatch.setattr(replay, "view_of", lambda *_: view)
    monkeypatch.setattr(replay, "_duties", lambda *_: iter(()))
    right = {
        "state": "a",
        "holder_id": 1,
        "handler_id": 2,
        "next_due": TODAY,
        "opened_on": TODAY,
        "seq": 2,
    }

    def wrong(**more: Any) -> list[str]:
        case: Any = SimpleNamespace(pk=9, kind="petition", **{**right, **more})
        return [one.field for one in replay.differences(case)]

    assert wrong() == []
    for name in right:
        assert wrong(**{name: None}) == [name.removesuffix("_id")]


def test_duties_are_compared_row_by_row(monkeypatch: pytest.MonkeyPatch) -> None:
    class Row(SimpleNamespace):
        """A row of duties."""

    def row(rule: str, **more: Any) -> Row:
        return Row(
            **{"pk": 3, "rule": rule, "opened_by_id": 1, "state": "open", "holder_id": 5, **more}
        )

    monkeypatch.setattr(replay, "Duty", Row)
    monkeypatch.setattr(Row, "objects", SimpleNamespace(filter=lambda **_: None), raising=False)
    monkeypatch.setattr(replay, "duty_columns", lambda *_: {"state": "open", "holder_id": 5})
    duty = SimpleNamespace(rule=SimpleNamespace(id="sort"), opened_by=1)
    view: Any = SimpleNamespace(duties=[duty])
    case: Any = SimpleNamespace(number="N")

    def found(*rows: Any) -> list[tuple[int, str]]:
        monkeypatch.setattr(replay, "readable", lambda _rows: iter(rows))
        return [(one.row, one.field) for one in replay._duties(case, view)]

    assert found(row("sort")) == []
    assert found(row("sort", state="closed", holder_id=6)) == [(3, "state"), (3, "holder")]
    assert found() == [(0, "N/sort/1")]
    assert found(row("sort"), row("tell")) == [(3, "row")]
    assert found(LOST, row("sort")) == [(7, "data")]


def test_texts_and_papers_that_do_not_fit_or_cannot_be_read_are_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole, broken, strange = (SimpleNamespace(pk=n) for n in (1, 2, 3))
    papers = [LOST, SimpleNamespace(pk=4, digest="ab"), SimpleNamespace(pk=5, digest="")]
    readings = iter([iter([LOST, whole, broken, strange]), iter(papers)])
    monkeypatch.setattr(projections, "readable", lambda _rows: next(readings))

    def intact(one: Any) -> bool:
        if one is strange:
            raise ValueError("sealed")
        return one is whole

    monkeypatch.setattr(projections, "intact", intact)
    said = list(projections.broken_contents())
    assert said[0] == said[3] == str(LOST)
    assert said[1] == "cases_content 2 body"
    assert "cases_content 3 body" in said[2]
    assert said[4] == "cases_document 5 digest"


def test_acts_that_cannot_be_read_are_named_among_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    act = SimpleNamespace(uid="u", pk=3)

    def columns(one: Any) -> dict[str, object]:
        if one.pk == 4:
            raise ValueError("broken")
        return {"type": "note"}

    monkeypatch.setattr(
        projections, "acts_to_check", lambda: iter([LOST, act, SimpleNamespace(uid="v", pk=4)])
    )
    monkeypatch.setattr(projections, "columns_of", columns)
    lost, whole, strange = projections.projections()
    assert lost is LOST
    assert (whole.uid, whole.table, whole.row) == ("u", "cases_act", 3)  # type: ignore[union-attr]
    assert isinstance(strange, Finding)
    assert (strange.table, strange.row) == ("cases_act", "4")


def test_readings_that_do_not_give_their_root_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def sealed(count: int, root: str) -> Any:
        data = {
            "start": "2025-03-18T01:00Z",
            "end": "2025-03-18T02:00Z",
            "count": count,
            "root": root,
        }
        return SimpleNamespace(pk=3, data=data)

    monkeypatch.setattr(
        read_log_act, "root_between", lambda *_: SimpleNamespace(count=2, root="ab")
    )
    acts = [LOST, sealed(2, "ab"), sealed(3, "ab"), sealed(2, "cd")]
    monkeypatch.setattr(read_log_act, "readable", lambda _rows: iter(acts))
    monkeypatch.setattr(read_log_act, "Act", table())
    lost, fewer, other = read_log_act.broken_roots()
    assert lost == str(LOST)
    assert fewer == other == "access_readlog 2025-03-18T01:00Z – 2025-03-18T02:00Z root"


def test_every_check_has_words_and_one_that_breaks_off_ends_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken() -> Any:
        raise ValueError("off")

    checks = {"first": broken, "second": lambda: iter(["found"])}
    assert set(record_proof.CHECKS) == set(record_proof.WORDS)
    assert set(record_proof.SEALED) < set(record_proof.CHECKS)
    assert set(record_proof.CHECKS) - set(record_proof.SEALED) == {record_proof.REPLAY}
    assert all(zh and en for zh, en in record_proof.WORDS.values())
    monkeypatch.setattr(record_proof, "CHECKS", checks)
    said = list(record_proof.prove(checks))
    assert [name for name, _line in said] == ["first", "second"]
    assert said[1] == ("second", "found")
