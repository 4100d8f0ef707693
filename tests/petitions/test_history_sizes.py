"""What history is read in: batches, chunks, lengths, and the acts that answer or refuse."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.law.duties.step import Step
from dengwen.petitions.history import history_import, timeliness
from dengwen.petitions.history.history_import import _Import, _Needs
from dengwen.petitions.history.message_classes import Choice
from dengwen.petitions.history.message_file import ColumnMap, RowError, raw_rows
from dengwen.petitions.history.message_row import short_in, word_in
from dengwen.petitions.history.timeliness import Matter, _Judge
from tests.invented_rows import Rows, table

TODAY = date(2025, 3, 18)
NOW = datetime(2025, 3, 18, 2, tzinfo=UTC)
NOTHING: Any = None
LONGEST_LINE = 4_000_000


class _RefusedError(Exception):
    pass


# --- timeliness -----------------------------------------------------------------------------------
ANSWERS = ("import_reply", "sign", "settle", "decide_simple", "reply_suggestion", "feed_back",
           "inform_duty")  # fmt: skip
REFUSALS = ("refuse", "no_longer_accept")
OTHERS = ("register", "take_up_anew", "classify", "correct")


@pytest.mark.parametrize("act", [*ANSWERS, *REFUSALS, "note", "transfer", "serve"])
def test_which_acts_answer_and_which_refuse(act: str) -> None:
    matter = Matter(1, "YJ01", imported=False)
    timeliness._read(matter, act, TODAY, "rules", {})
    assert matter.answered == (TODAY if act in ANSWERS else None)
    assert matter.refused is (act in REFUSALS)


@pytest.mark.parametrize("act", ["register", "take_up_anew"])
def test_a_matter_begins_where_it_is_registered_or_taken_up_anew(act: str) -> None:
    matter = Matter(1, "YJ01", imported=False)
    timeliness._read(matter, act, TODAY, "rules", {"category": "c01"})
    assert (matter.received, matter.rules, matter.category) == (TODAY, "rules", "c01")


def test_all_acts_that_tell_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    acts = table()
    monkeypatch.setattr(timeliness, "Act", acts)
    assert timeliness._read_acts({}) == set()
    assert set(acts.objects.asked["act__in"]) == {*ANSWERS, *REFUSALS, *OTHERS}


@pytest.mark.parametrize(
    ("held", "used"),
    [
        (("direct_notice",), "direct_notice"),
        (("notify_transferred",), "notify_transferred"),
        (("notify_transferred", "direct_notice"), "direct_notice"),
    ],
)
def test_acceptance_came_at_the_latest_when_its_notice_was_due(
    held: tuple[str, ...], used: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    handle = SimpleNamespace(clock=SimpleNamespace(edition="2022"))
    kind = SimpleNamespace(duties={"handle": handle, **{name: name for name in held}}, acts={})
    book = SimpleNamespace(kind=lambda _name: kind)
    monkeypatch.setattr(timeliness, "rulebooks", SimpleNamespace(by_row=lambda _rules: book))
    monkeypatch.setattr(timeliness, "_stated", lambda _handle, notice: {"notice": notice})
    judge = _Judge(NOTHING)
    assert judge.edition("rules") == "2022"
    assert judge.rules == {"2022": {"notice": used}}


class _Cases(Rows):
    """Cases that are read once."""

    def iterator(self, **asked: Any) -> Iterator[Any]:  # type: ignore[override]  # as Django's
        self.asked |= asked
        return iter(self.rows)


def test_the_report_reads_a_thousand_cases_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: Any = []
    monkeypatch.setattr(
        timeliness, "rulebooks", SimpleNamespace(calendars=lambda: SimpleNamespace(newest=None))
    )
    monkeypatch.setattr(timeliness, "Organ", table())
    monkeypatch.setattr(timeliness, "_matters", lambda some, *_: sizes.append(len(some)) or [])
    cases: Any = _Cases(*((pk, 1, False) for pk in range(2001)))
    timeliness.timeliness(cases)
    assert (sizes, cases.asked["chunk_size"]) == ([1000, 1000, 1], 1000)


# --- files ----------------------------------------------------------------------------------------
def line_of(length: int) -> bytes:
    """A line of JSON of as many bytes, its end included."""
    frame = b'{"body": ""}\n'
    return b'{"body": "' + b"x" * (length - len(frame)) + b'"}\n'


@pytest.mark.parametrize(("more", "read"), [(0, True), (1, False)])
def test_a_line_has_four_million_bytes_at_most(more: int, tmp_path: Path, *, read: bool) -> None:
    path = tmp_path / "long.jsonl"
    path.write_bytes(line_of(LONGEST_LINE + more) + b'{"body": "short"}\n')
    rows = [row for _, row in raw_rows(path, ColumnMap())]
    assert [isinstance(row, RowError) for row in rows] == [not read, False]


def test_a_mark_of_the_encoding_is_dropped_at_the_beginning_alone(tmp_path: Path) -> None:
    path = tmp_path / "marked.jsonl"
    mark, line = b"\xef\xbb\xbf", b'{"body": "x"}\n'
    path.write_bytes(mark + line + mark + line)
    rows = [row for _, row in raw_rows(path, ColumnMap())]
    assert rows[0] == {"body": "x"}
    assert isinstance(rows[1], RowError)


def test_a_line_that_is_no_csv_is_refused_and_the_next_one_read(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_bytes(
        b"source_no,body,time\n1," + b"x" * (LONGEST_LINE + 1) + b",2025-01-02\n2,y,2025-01-03\n"
    )
    rows = [row for _, row in raw_rows(path, ColumnMap())]
    assert isinstance(rows[0], RowError)
    assert rows[1] == {"source_no": "2", "body": "y", "time": "2025-01-03"}


@pytest.mark.parametrize(("length", "taken"), [(200, True), (201, False)])
def test_a_name_has_two_hundred_characters_at_most(length: int, *, taken: bool) -> None:
    def refuse(*_: str) -> Exception:
        return _RefusedError()

    given: Any = SimpleNamespace(said={"petitioner": "王" * length}, refuse=refuse)
    if taken:
        assert short_in(given, "petitioner") == "王" * length
        return
    with pytest.raises(_RefusedError):
        short_in(given, "petitioner")


def test_a_word_is_cut_after_sixty_characters() -> None:
    given: Any = SimpleNamespace(said={"category": "类" * 61}, mapping=ColumnMap())
    assert word_in(given, "category") == "类" * 60


# --- imports --------------------------------------------------------------------------------------
def importing(division: str = "110102") -> _Import:
    office: Any = SimpleNamespace(pk=3, division_code=division)
    return _Import(office, "network", NOTHING, NOW, ColumnMap(), {}, None)


def test_a_report_keeps_a_thousand_errors_and_counts_all() -> None:
    work = importing()
    for row in range(1, 1003):
        work.refuse(RowError(row, "", "", "", "", ""))
    assert (work.report.refused, len(work.report.errors)) == (1002, 1000)
    assert work.report.errors[-1].row == 1000


def test_two_hundred_rows_are_one_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: Any = []
    monkeypatch.setattr(history_import, "Organ", table(SimpleNamespace(pk=3)))
    monkeypatch.setattr(_Import, "read", lambda _self, _path: islice(iter(int, 1), 401))
    monkeypatch.setattr(_Import, "take", lambda _self, rows: sizes.append(len(rows)))
    history_import.import_messages(
        Path("示例.csv"), organ=3, channel="network", by=NOTHING, now=NOW
    )
    assert sizes == [200, 200, 1]


@pytest.mark.parametrize(
    ("known", "classifies", "replies", "acts"),
    [
        (False, False, False, ["register"]),
        (False, True, False, ["register", "classify"]),
        (False, True, True, ["register", "classify", "import_reply"]),
        (True, True, False, ["classify"]),
        (True, False, True, ["import_reply"]),
        (True, False, False, []),
    ],
)
def test_a_row_is_registered_sorted_and_answered_as_it_needs(
    acts: list[str],
    monkeypatch: pytest.MonkeyPatch,
    *,
    known: bool,
    classifies: bool,
    replies: bool,
) -> None:
    for name, act in (("_register", "register"), ("_classify", "classify"),
                      ("_reply", "import_reply")):  # fmt: skip
        monkeypatch.setattr(_Import, name, lambda *_, act=act: Step(act=act))
    kind: Any = SimpleNamespace(acts={"register": None})
    held: Any = SimpleNamespace(case="N") if known else None
    needs = _Needs(Choice("claim"), "claim", classifies, has_reply=replies, waits=False)
    steps = importing()._steps(NOTHING, held, needs, kind, NOTHING)
    assert [step.act for step in steps] == acts


@pytest.mark.parametrize(("place", "asked"), [("110105", "110105"), ("", "110102")])
def test_the_rules_of_a_row_are_those_of_its_place_or_of_the_office(
    place: str, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    places: Any = []

    def knows(_kind: str, _day: date, where: str) -> bool:
        places.append(where)
        return True

    def in_force(_day: date, where: str, _now: datetime) -> Any:
        places.append(where)
        return SimpleNamespace(book=SimpleNamespace(kind=lambda name: name))

    monkeypatch.setattr(
        history_import, "rulebooks", SimpleNamespace(knows=knows, in_force=in_force)
    )
    row: Any = SimpleNamespace(row=1, place=place, received=NOW)
    found: Any = importing()._rules(row)
    assert found == "petition"
    assert places == [asked, asked]
