"""What a line of a work list says of its day: whence it comes, whether it passed, and how loud its
button is."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.cases.read import duty_lines
from dengwen.law.duties.act_record import CHINA

DAY = timedelta(days=1)
TODAY = date(2025, 3, 18)


def duty(**more: Any) -> Any:
    """A duty with a number of days, due today, unless said otherwise."""
    clock = SimpleNamespace(none=False, notice="", term=None)
    rule = SimpleNamespace(of="", clock=clock, alongside="sort", id="notify", zh="告知", en="tell")
    plain = {"rule": rule, "counted": object(), "fixed": None, "due": TODAY, "raw": TODAY}
    return SimpleNamespace(**{**plain, "breach": None, "provisional": False, **more})


def silence(target: date | None, other: Any = None, **more: Any) -> str:
    view: Any = SimpleNamespace(find_open=lambda _rule: other)
    return duty_lines._silence(duty(counted=None, **more), view, target, "zh")


OTHER = SimpleNamespace(
    due=TODAY, raw=TODAY - 2 * DAY, rule=SimpleNamespace(zh="甄别处理", en="sort")
)


def test_a_day_without_a_number_is_said_to_follow_the_duty_whose_day_it_is() -> None:
    follows = "条例没有天数，随“甄别处理”的期限"
    assert silence(TODAY, OTHER) == follows
    assert silence(TODAY - 2 * DAY, OTHER) == follows
    assert silence(TODAY - DAY, OTHER) == "本地目标"
    assert silence(TODAY, None) == "本地目标"
    assert silence(None, OTHER) == "条例没有天数"


def test_a_duty_with_a_number_or_a_fixed_day_needs_no_such_word() -> None:
    assert silence(TODAY, OTHER, fixed=TODAY) == ""
    view: Any = SimpleNamespace(find_open=lambda _rule: OTHER)
    assert duty_lines._silence(duty(), view, TODAY, "zh") == ""


@pytest.mark.parametrize(
    ("due", "breach", "counted", "said"),
    [
        (TODAY, None, object(), ""),  # in time on its last day
        (TODAY - DAY, None, object(), "期限已过，即将记为逾期"),
        (TODAY + DAY, None, object(), ""),
        (TODAY - DAY, 9, object(), "已记为逾期，仍须补办"),
        (TODAY - DAY, None, None, ""),  # a local target is no term of law
        (None, None, object(), ""),
    ],
)
def test_a_line_says_that_its_day_passed_from_the_day_after(
    due: date | None,
    breach: int | None,
    counted: object,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(duty_lines, "moves_in_words", lambda _duty: [])
    one = duty(due=due, breach=breach, counted=counted)
    assert duty_lines._why(one, None, TODAY, "zh") == said


def test_a_calendar_to_come_and_the_notice_of_a_clock_are_said_besides(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(duty_lines, "moves_in_words", lambda _duty: ["已延长"])
    one = duty(provisional=True)
    one.rule.clock.notice = "六个字的说明"
    said = duty_lines._why(one, None, TODAY, "zh")
    assert said.startswith("已延长")
    assert "放假安排尚未公布" in said
    assert said.endswith("六个字的说明")
    one.rule.clock.notice = "五个字的话"
    assert "五个字的话" not in duty_lines._why(one, None, TODAY, "zh")


@pytest.mark.parametrize("only", [True, False])
@pytest.mark.parametrize(
    ("due", "loud"), [(TODAY + DAY, False), (TODAY, True), (TODAY - DAY, True), (None, False)]
)
def test_a_button_stands_out_from_the_last_day_on(
    due: date | None, monkeypatch: pytest.MonkeyPatch, *, loud: bool, only: bool
) -> None:
    act = SimpleNamespace(id="forward", zh="转送", en="forward") if only else None
    monkeypatch.setattr(duty_lines, "_only_act", lambda *_: act)
    monkeypatch.setattr(duty_lines, "title_of", lambda *_: "屋顶漏水")
    actor: Any = None
    reader = duty_lines._Reader(
        actor, datetime.combine(TODAY, time(12), CHINA), "zh", lambda case, act: f"{case}/{act}"
    )
    row: Any = SimpleNamespace(due=due, case=SimpleNamespace(number="N"))
    view: Any = None
    button = duty_lines._button(row, duty().rule, view, reader)
    assert button.main is loud
    assert button.href == ("N/forward" if only else "N/#steps")
