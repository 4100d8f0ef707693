"""What a case page says: who did an act, what is owed next, what a proposal would change, what an
act closes and opens."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import translation

from dengwen.cases.read import case_history, case_view, possible_acts, waiting_proposals
from dengwen.cases.read.case_history import _Names, _Page
from dengwen.cases.write.entry_on_behalf import ENTERED_BY
from dengwen.law.duties.act_record import (
    BREACH,
    CLOSED,
    CORRECT,
    LAPSE,
    LAPSED,
    OPEN,
    VOID,
    ActRecord,
    Refusal,
)
from dengwen.law.duties.proposal import PROPOSAL_ACTS

NOW = datetime(2025, 3, 18, 4, tzinfo=UTC)
TODAY = date(2025, 3, 18)
DAY = timedelta(days=1)


def basis(article: str) -> Any:
    return SimpleNamespace(cite=lambda _instruments, _language="zh": article)


# --- who did an act -------------------------------------------------------------------------------
NAMES = _Names({5: "示例局", 6: "示例站"}, {9: "王示例"})


@pytest.mark.parametrize(
    ("organ", "actor", "entered_by", "said"),
    [
        (5, 9, None, "示例局，王示例"),
        (5, None, None, "示例局"),
        (None, None, None, "系统"),
        (None, 9, None, "系统，王示例"),
        (6, 9, 5, "示例站（示例局 王示例 凭其纸质材料 ABABABAB 代录）"),
        (6, 9, 77, "示例站，王示例"),  # an organ nobody knows entered nothing
    ],
)
def test_who_did_an_act(
    organ: int | None, actor: int | None, entered_by: int | None, said: str
) -> None:
    data = {} if entered_by is None else {ENTERED_BY: entered_by}
    row: Any = SimpleNamespace(organ_id=organ, actor=actor, data=data, paper="ab" * 32)
    assert case_history._who(row, NAMES) == said


def test_a_breach_is_named_with_its_duty_and_cites_its_article() -> None:
    duty = SimpleNamespace(zh="甄别处理", en="sort", basis="22(1)")
    kind = SimpleNamespace(duties={"sort": duty})
    book: Any = SimpleNamespace(kind=lambda _kind: kind)
    rule: Any = SimpleNamespace(zh="逾期", en="breach", basis="1")

    def title(act: str, about: str) -> tuple[str, Any]:
        row: Any = SimpleNamespace(act=act, duty=about)
        return case_history._title(book, "petition", row, rule, "zh")

    for act in (BREACH, LAPSE):
        assert title(act, "sort") == ("逾期：甄别处理", "22(1)")
        assert title(act, "gone") == ("逾期：gone", "1")  # later rules do not know it
    assert title("forward", "sort") == ("逾期", "1")


def owed(**more: Any) -> Any:
    clock = SimpleNamespace(mode="period")
    rule = SimpleNamespace(
        id="sort",
        zh="甄别处理",
        en="sort",
        basis=basis("22"),
        right=False,
        clock=clock,
        closes=("forward",),
        local="",
        close_by_holder=False,
    )
    rule.__dict__.update(more.pop("rule", {}))
    plain: dict[str, Any] = {
        "rule": rule,
        "due": TODAY,
        "raw": TODAY,
        "rules": "1",
        "holder": 5,
        "opened_by": 1,
        "state": OPEN,
        "claims": [],
        "claimed_due": None,
        "by_claim": [],
        "timeliness": "",
        "opened_on": TODAY,
    }
    return SimpleNamespace(**{**plain, **more})


def page(view: Any = None, records: tuple[Any, ...] = ()) -> _Page:
    file: Any = SimpleNamespace(view=view, records=records, rows=(), case=None)
    return _Page(file, NAMES, {}, "zh", str)


@pytest.mark.parametrize(
    ("due", "raw", "right", "day"),
    [
        (TODAY, TODAY - DAY, False, TODAY),
        (None, TODAY - DAY, False, TODAY - DAY),  # no calendar yet: as counted
        (None, None, False, None),
        (TODAY, TODAY, True, None),  # a right is owed by nobody
    ],
)
def test_what_is_owed_next_has_a_day_and_is_no_right(
    due: date | None,
    raw: date | None,
    day: date | None,
    monkeypatch: pytest.MonkeyPatch,
    *,
    right: bool,
) -> None:
    by_row = SimpleNamespace(by_row=lambda _row: SimpleNamespace(instruments={}))
    monkeypatch.setattr(case_history, "rulebooks", by_row)
    entry = case_history._next_step(page(), owed(due=due, raw=raw, rule={"right": right}))
    if day is None:
        assert entry is None
        return
    assert entry is not None
    assert (entry.day, entry.title, entry.basis, entry.kind, entry.who) == (
        day,
        "甄别处理",
        "22",
        "next",
        "示例局",
    )


def test_a_breach_points_to_the_corrections_that_touch_it() -> None:
    records = (
        ActRecord(1, "register", NOW, NOW),
        ActRecord(2, BREACH, NOW, NOW),
        ActRecord(3, CORRECT, NOW, NOW, data={"breaches": ("2",)}),
        ActRecord(4, CORRECT, NOW + DAY, NOW + DAY, data={"breaches": ("2",)}),
    )
    file = page(records=records).file
    said = case_history._mended(file, 2, "zh")
    assert said == (
        "已由2025-03-18的更正（第3个行为）说明，记录保留；已由2025-03-19的更正（第4个行为）说明，记录保留"
    )
    assert case_history._mended(file, 1, "zh") == ""


def test_names_are_those_of_organs_and_people_in_acts(db: None) -> None:
    rows: list[Any] = [
        SimpleNamespace(organ_id=None, actor=None, data={"to": [1, "x"], "other": 2, "word": "y"}),
    ]
    with_nobody = case_history._names_in(rows, "zh")
    assert with_nobody.organ(None) == ""
    assert with_nobody.person(None) == ""


# --- the date of a case ---------------------------------------------------------------------------
def view(*duties: Any, **more: Any) -> Any:
    return SimpleNamespace(open_duties=lambda: list(duties), **more)


def test_the_next_date_is_a_duty_before_any_right_and_a_day_of_law_before_a_local_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    right = owed(rule={"right": True})
    dated, counted = owed(), owed(due=None)
    soon, late, never = (owed(due=None, raw=None, holder=n) for n in (1, 2, 3))
    days = {1: TODAY, 2: TODAY + DAY}
    monkeypatch.setattr(case_view, "local_day", lambda duty: days.get(duty.holder))
    assert case_view.next_duty(view()) is None
    assert case_view.next_duty(view(right)) is right
    undated = owed(due=None, raw=None, rule={"right": True})
    assert case_view.next_duty(view(undated)) is undated
    assert case_view.next_duty(view(right, dated)) is dated
    assert case_view.next_duty(view(counted, soon)) is counted
    assert case_view.next_duty(view(never, late, soon)) is soon
    assert case_view.next_duty(view(right, never, late)) is late


def rail(*duties: Any, own: date | None = None, patch: pytest.MonkeyPatch) -> Any:
    patch.setattr(case_view, "local_day", lambda _duty: own)
    patch.setattr(case_view, "how_uid", lambda _duty, _view: "how")
    file: Any = SimpleNamespace(view=view(*duties))
    return case_view.rail(file, TODAY, "zh")


@pytest.mark.parametrize(
    ("mode", "label", "statutory"),
    [
        ("period", "下一个法定日期", True),
        ("frequency", "下一个法定日期", True),
        ("window", "下一个日期", False),
        ("local", "下一个日期", False),
    ],
)
def test_a_date_is_called_statutory_only_where_the_law_has_the_number(
    mode: str, label: str, monkeypatch: pytest.MonkeyPatch, *, statutory: bool
) -> None:
    duty = owed(rule={"clock": SimpleNamespace(mode=mode)})
    shown = rail(duty, patch=monkeypatch)
    assert (shown.label, shown.statutory, shown.how) == (label, statutory, "#how")


def test_a_case_without_a_date_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    assert rail(patch=monkeypatch).none_why == "没有未了结的期限"
    undated = owed(due=None, raw=None)
    shown = rail(undated, patch=monkeypatch)
    assert (shown.none_why, shown.own) == ("甄别处理：条文没有规定天数", "")
    shown = rail(undated, own=TODAY, patch=monkeypatch)
    assert shown.own == "本地目标：2025-03-18 周二 以前"
    assert rail(owed(raw=None), patch=monkeypatch).none_why == ""
    assert rail(owed(due=None), patch=monkeypatch).none_why == ""


# --- what a proposal would change -----------------------------------------------------------------
@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "2025-03-18 周二到期"),
        ({"due": None}, "2025-03-18 周二到期"),
        ({"due": None, "raw": None}, "没有法定天数到期"),
        ({"state": VOID}, "作废"),
        ({"state": LAPSED}, "期满"),
        ({"state": CLOSED, "timeliness": "in_time"}, "按期了结，期限 2025-03-18 周二"),
        ({"state": CLOSED, "timeliness": "late"}, "逾期了结，期限 2025-03-18 周二"),
        (
            {"state": CLOSED, "timeliness": "by_claim"},
            "了结，仅凭事后主张按期，期限 2025-03-18 周二",
        ),
        ({"state": CLOSED, "timeliness": "imported"}, "了结（历史数据），期限 2025-03-18 周二"),
        ({"state": CLOSED, "timeliness": "unknown"}, "了结，期限 2025-03-18 周二"),
        ({"state": CLOSED}, "了结，期限 2025-03-18 周二"),
        (
            {"claims": [1], "claimed_due": TODAY + DAY},
            "2025-03-18 周二到期；所称延到 2025-03-19 周三，只是事后主张",
        ),
        ({"claims": [1]}, "2025-03-18 周二到期"),
        ({"claimed_due": TODAY + DAY}, "2025-03-18 周二到期"),
    ],
)
def test_a_duty_in_a_few_words(more: dict[str, Any], said: str) -> None:
    assert waiting_proposals._said(owed(**more), "zh") == said
    assert waiting_proposals._said(None, "zh") == "—"


def proposed(before: list[Any], after: list[Any], patch: pytest.MonkeyPatch, **step: Any) -> Any:
    """Return what an act that waits would change, and the act it is looked ahead with."""
    seen: list[Any] = []

    def view_of(_kind: str, records: Any) -> Any:
        seen.extend(records)
        return SimpleNamespace(duties=after)

    patch.setattr(waiting_proposals, "view_of", view_of)
    patch.setattr(waiting_proposals, "_corrected", lambda *_: [])
    patch.setattr(waiting_proposals, "_is_late", lambda *_: True)
    file: Any = SimpleNamespace(
        case=SimpleNamespace(kind="petition"),
        view=SimpleNamespace(duties=before),
        records=(),
        installed=SimpleNamespace(row=3),
    )
    plain: dict[str, Any] = {"act": "extend", "fields": {}, "occurred_at": None, "organ": None}
    asked: Any = SimpleNamespace(**{**plain, **step})
    row: Any = SimpleNamespace(organ_id=5, actor=9)
    found = waiting_proposals.changes(file, asked, row, NOW, "zh")
    return [(one.what, one.now, one.after) for one in found], seen[-1]


def test_a_proposal_names_the_duties_that_move_begin_and_vanish(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stays, moves = owed(opened_by=1), owed(opened_by=2)
    moved, begun = owed(opened_by=2, due=TODAY + DAY), owed(opened_by=-1)
    gone = owed(opened_by=4)
    lines, _act = proposed([stays, moves, gone], [stays, moved, begun], monkeypatch)
    assert lines == [
        ("甄别处理", "2025-03-18 周二到期", "2025-03-19 周三到期"),
        ("甄别处理", "—", "2025-03-18 周二到期"),
        ("甄别处理", "2025-03-18 周二到期", "—"),
    ]
    claimed = owed(opened_by=2, due=TODAY + DAY, by_claim=[possible_acts.FORESEEN])
    lines, _act = proposed([moves], [claimed], monkeypatch)
    assert lines == [("甄别处理", "2025-03-18 周二到期", "2025-03-19 周三到期，只凭事后主张")]


@pytest.mark.parametrize(("organ", "acts_for"), [(None, 5), (6, 6), (0, 0)])
def test_a_proposal_is_looked_ahead_with_as_its_proposer_claims_it(
    organ: int | None, acts_for: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    _lines, act = proposed([], [], monkeypatch, organ=organ)
    assert (act.organ, act.actor, act.occurred, act.recorded) == (acts_for, 9, NOW, NOW)
    _lines, act = proposed([], [], monkeypatch, occurred_at=NOW - DAY)
    assert (act.occurred, act.recorded) == (NOW - DAY, NOW)


@pytest.mark.parametrize(
    ("act", "data", "said"),
    [
        ("note", {}, []),
        (CORRECT, {"target": 1, "field": "path", "new": "31(6)"}, [("途径", "31(5)", "31(6)")]),
        (CORRECT, {"target": 1, "field": "unsaid", "new": "x"}, [("途径", "2025-03-18", "x")]),
        (CORRECT, {"target": 7, "field": "path", "new": "x"}, []),
    ],
)
def test_a_proposed_correction_says_what_stands_and_what_is_to_stand(
    act: str, data: dict[str, Any], said: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    target = ActRecord(1, "classify", NOW, NOW, data={"path": "31(5)"})
    other = ActRecord(2, "note", NOW, NOW, data={"path": "?"})
    record = ActRecord(3, act, NOW, NOW, data=data)

    def in_words(one: ActRecord, *_: Any) -> ActRecord:
        if one.act != CORRECT:
            return one
        return ActRecord(3, CORRECT, NOW, NOW, data={**one.data, "field": "途径"})

    monkeypatch.setattr(waiting_proposals, "correction_in_words", in_words)
    file: Any = SimpleNamespace(records=(other, target), case=SimpleNamespace(kind="petition"))
    found = waiting_proposals._corrected(record, file, "zh")
    assert [(one.what, one.now, one.after) for one in found] == said


# --- what can be done -----------------------------------------------------------------------------
def act(id_: str, **more: Any) -> Any:
    plain = {
        "zh": id_,
        "en": id_,
        "by": "handler",
        "after": (),
        "history": False,
        "basis": basis("1"),
    }
    return SimpleNamespace(id=id_, **{**plain, **more})


@pytest.mark.parametrize(
    ("rule", "chosen"),
    [
        (act("forward"), True),
        (act("forward", after=("new", "open")), True),
        (act("register", after=("new",)), False),
        (act("breach", by="system"), False),
        (act("brought_over", history=True), False),
        *((act(one), False) for one in sorted(PROPOSAL_ACTS)),
    ],
)
def test_people_choose_no_act_of_the_system_of_an_opening_or_of_history(
    rule: Any, *, chosen: bool
) -> None:
    assert possible_acts._is_chosen(rule) is chosen


def stood(duties: list[Any], **more: Any) -> Any:
    return SimpleNamespace(
        view=view(*duties, facts={}, holder=5, matches=lambda known: not known, **more),
        kind=SimpleNamespace(duties={}, acts={}),
        installed=SimpleNamespace(book=SimpleNamespace(instruments={})),
        case=SimpleNamespace(number="N", kind="petition"),
        records=(),
    )


def test_an_act_says_what_it_closes_and_opens() -> None:
    closes, other = owed(), owed(rule={"closes": ("sign",), "zh": "签发"})
    file = stood([closes, owed(opened_by=2), other])
    file.kind.duties = {
        "a": SimpleNamespace(zh="告知", en="tell", opens=("forward",), where={}),
        "b": SimpleNamespace(zh="办理", en="handle", opens=("accept",), where={}),
        "c": SimpleNamespace(zh="复查", en="review", opens=("forward",), where={"class": ("x",)}),
    }
    assert possible_acts._detail(file, act("forward"), "zh") == "了结：甄别处理。开启：告知、复查。"
    file.view.facts = {"class": "y"}  # what is known speaks against the last one
    assert possible_acts._detail(file, act("forward"), "zh") == "了结：甄别处理。开启：告知。"
    assert possible_acts._detail(file, act("sign"), "zh") == "了结：签发。"
    assert possible_acts._detail(file, act("accept"), "zh") == "开启：办理。"
    assert possible_acts._detail(file, act("note"), "zh") == ""
    with translation.override("en"):
        assert possible_acts._detail(file, act("note"), "en") == ""
        assert not possible_acts._detail(file, act("sign"), "en").endswith("。")


@pytest.mark.parametrize(
    ("alone", "holder", "said"),
    [(False, 6, True), (True, 6, False), (True, 5, True)],
)
def test_what_its_holder_alone_closes_is_named_to_its_holder_alone(
    holder: int, *, alone: bool, said: bool
) -> None:
    file = stood([owed(holder=holder, rule={"close_by_holder": alone})])
    assert bool(possible_acts._detail(file, act("forward"), "zh")) is said


def test_what_settles_the_next_duty_comes_first() -> None:
    right = owed(rule={"right": True, "closes": ("ask",)})
    duties = [owed(rule={"closes": ("b", "a")}), right, owed(rule={"closes": ("a", "c")})]
    assert possible_acts._owed_order(view(*duties)) == {"b": 0, "a": 1, "c": 2}


REASONS = {
    "state": Refusal("state", "阶段不对", "wrong stage", None, "等", "wait"),
    "capacity": Refusal("capacity", "无权", "no right", None, "找人", "ask somebody"),
    "organ": Refusal("organ", "别的机关", "another organ", None, "转交", "pass it on"),
    "field": Refusal("field", "缺内容", "lacking", None, "补上", "add it"),
}


@pytest.mark.parametrize(
    ("codes", "where", "remedy"),
    [
        ((), "can", ""),
        (("field",), "cannot", "补上"),
        (("state",), "later", ""),  # beside the stage nothing is said of what to do
        (("capacity",), "later", ""),
        (("organ",), "later", "转交"),
        (("field", "state"), "later", "补上"),
    ],
)
def test_an_act_is_possible_lacks_something_or_comes_later(
    codes: tuple[str, ...], where: str, remedy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    against = [REASONS[code] for code in codes]
    monkeypatch.setattr(possible_acts, "refusals", lambda *_: against)
    file = stood([])
    file.kind.acts = {"forward": act("forward"), "breach": act("breach", by="system")}
    actor: Any = None
    found = possible_acts.steps(file, actor, NOW, "zh", lambda number, one: f"{number}/{one}")
    lists = {"can": found.can, "cannot": found.cannot, "later": found.later}
    assert {name: len(some) for name, some in lists.items()} == {
        name: int(name == where) for name in lists
    }
    if where == "can":
        assert found.can[0].href == "N/forward"
        return
    refused: Any = lists[where][0]
    assert refused.reason == "；".join(one.zh for one in against)
    assert (refused.remedy, refused.basis) == (remedy, "1")


def test_possible_acts_stand_in_the_order_of_what_is_owed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(possible_acts, "refusals", lambda *_: [])
    file = stood([owed(rule={"closes": ("b",)}), owed(rule={"closes": ("a",)})])
    opens = SimpleNamespace(zh="告知", en="tell", opens=("opens",), where={})
    file.kind.duties = {"a": opens}
    file.kind.acts = {one: act(one) for one in ("plain", "opens", "a", "b")}
    actor: Any = None
    found = possible_acts.steps(file, actor, NOW, "zh", lambda _n, one: one)
    assert [one.href for one in found.can] == ["b", "a", "opens", "plain"]


def test_looking_ahead_says_what_an_act_would_close_and_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stays, closes = owed(opened_by=1), owed(opened_by=2)
    over = owed(opened_by=3, state=CLOSED)
    after = [
        stays,
        owed(opened_by=2, state=CLOSED),
        over,
        owed(opened_by=possible_acts.FORESEEN),
        owed(opened_by=possible_acts.FORESEEN, state=CLOSED),
    ]
    result = SimpleNamespace(duties=after, state="moved")
    monkeypatch.setattr(possible_acts, "view_of", lambda *_: result)
    file = stood([])
    file.view.duties = [stays, closes, over]
    file.installed.row = 3
    actor: Any = SimpleNamespace(organ=5, user=9)
    ahead = possible_acts.look_ahead(file, act("forward"), {}, actor, NOW, NOW)
    assert [one.opened_by for one in ahead.closed] == [2]
    assert ahead.opened == tuple(after[3:])
    assert ahead.state == "moved"
