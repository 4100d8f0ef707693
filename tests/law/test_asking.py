"""`law due`: one answer for any time limit, or a reason in both languages why there is none."""

from __future__ import annotations

import re
from datetime import date

import pytest

from dengwen.law.time.due_date import DueError, ask, ask_line
from dengwen.law.time.start_words import STARTS
from tests.law.stage import LIBRARY


def test_an_answer_names_rule_pack_calendar_and_each_step() -> None:
    answer = ask(LIBRARY, "r22.petition_dept.sort", date(2025, 9, 18)).as_dict()
    assert (answer["raw"], answer["due"], answer["days"], answer["unit"], answer["mode"]) == (
        "2025-10-03",
        "2025-10-09",
        15,
        "calendar",
        "period",
    )
    assert answer["basis"] == {"law": "R22", "article": "22(1)", "note": "R22"}
    assert (answer["edition"], answer["pack"], answer["verified"]) == (
        "2022",
        "national/2022-05-01",
        True,
    )
    assert answer["calendar"] == LIBRARY.calendar.version
    assert [line["step"] for line in answer["trace"]] == ["rule", "start", "term", "roll"]
    assert all(line["zh"] and line["en"] for line in answer["trace"])


@pytest.mark.parametrize("clock", sorted(LIBRARY.clocks))
def test_every_clock_answers(clock: str) -> None:
    answer = ask(LIBRARY, clock, date(2025, 3, 3)).as_dict()
    assert (answer["days"] == -1) == (answer["mode"] == "none") == (answer["due"] is None)
    assert any(line["step"] == "unverified" for line in answer["trace"]) is not answer["verified"]


def test_a_duty_whose_date_the_act_sets_has_no_number() -> None:
    answer = ask(LIBRARY, "r22.petition_dept.assign_deadline", date(2025, 3, 3)).as_dict()
    assert (answer["days"], answer["unit"], answer["mode"], answer["due"]) == (
        -1,
        "none",
        "none",
        None,
    )


def test_years_from_a_kept_library_are_marked() -> None:
    answer = ask(LIBRARY, "r05.handle", date(2010, 3, 3)).as_dict()
    assert "kept" in [line["step"] for line in answer["trace"]]


@pytest.mark.parametrize(
    ("clock", "extend", "exclude"),
    [
        ("r22.handle.petition_procedure", 31, 0),
        ("r22.handle.petition_procedure", -1, 0),
        ("r22.handle.petition_procedure", 0, 1),
        ("r22.petition_dept.sort", 1, 0),
        ("r22.urgent.report", 1, 0),
        ("r22.report.year", 1, 0),
        ("r22.recheck.decide", 0, -1),
        ("r22.nothing", 0, 0),
    ],
)
def test_what_the_text_does_not_allow_is_refused(clock: str, extend: int, exclude: int) -> None:
    with pytest.raises(DueError) as caught:
        ask(LIBRARY, clock, date(2025, 3, 3), extend=extend, exclude=exclude)
    assert caught.value.zh
    assert caught.value.en


@pytest.mark.parametrize(
    "line",
    [
        {"clock": "r22.handle.petition_procedure", "on": "2025-02-30"},
        {"clock": "r22.handle.petition_procedure", "on": ""},
        {"clock": "r22.handle.petition_procedure", "on": "1900-01-01"},
        {"clock": "?", "on": "2025-03-03"},
        {},
        {"clock": "r22.handle.petition_procedure", "on": "2025-03-03", "extend": "30"},
        {"clock": "r22.handle.petition_procedure", "on": "2025-03-03", "extend": True},
        {"clock": "r22.handle.petition_procedure", "on": "2025-03-03", "colour": 1},
    ],
)
def test_a_bad_line_of_a_batch_is_answered_with_its_error(line: dict[str, object]) -> None:
    answer = ask_line(LIBRARY, line)
    assert answer["clock"] == line.get("clock")
    assert answer["error"]["zh"]
    assert answer["error"]["en"]


def test_a_good_line_of_a_batch_is_answered() -> None:
    line = {"clock": "r22.handle.petition_procedure", "on": "2025-07-03", "extend": 30}
    assert ask_line(LIBRARY, line)["due"] == "2025-10-09"


def test_every_start_has_english_words_and_an_english_trace_no_chinese() -> None:
    starts = {clock.starts for clock, _pack in LIBRARY.clocks.values() if clock.starts}
    assert starts - STARTS.keys() == set()
    for name in LIBRARY.clocks:
        for line in ask(LIBRARY, name, date(2025, 9, 3)).trace[1:]:
            assert not re.search(r"[\u4e00-\u9fff]", line.en), (name, line.en)


def test_the_days_a_period_rolls_over_are_listed() -> None:
    answer = ask(LIBRARY, "r22.petition_dept.sort", date(2025, 9, 18))
    [roll] = [t for t in answer.trace if t.step == "roll"]
    assert answer.counted is not None
    assert (answer.counted.raw, answer.counted.due) == (date(2025, 10, 3), date(2025, 10, 9))
    days = [date(2025, 10, d).isoformat() for d in range(3, 9)]
    assert roll.zh.endswith("跳过休息日：" + "、".join(days))
    assert roll.en.endswith("rest days skipped: " + ", ".join(days))
