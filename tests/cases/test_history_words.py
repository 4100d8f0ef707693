"""What an act carries, in the words of the history: fields of registers, of accountability, of any
other act, and which of them say nothing to a reader."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.cases.duties import local_targets, sweep
from dengwen.cases.read import act_words, liability_words, register_view, register_words, titles
from dengwen.law.duties.act_record import BREACH, BY_CLAIM, CHINA, CLOSED, LATE, ActRecord
from dengwen.law.duties.recurrence import REGISTER
from dengwen.law.packs.vocabulary import SHOWN

NOW = datetime(2025, 3, 18, 4, tzinfo=UTC)
TODAY = date(2025, 3, 18)
DAY = timedelta(days=1)


def field(
    name: str, type_: str = "word", zh: str = "", en: str = "", **options: tuple[str, str]
) -> Any:
    return SimpleNamespace(
        name=name, type=type_, zh=zh or name, en=en or name, option_names=options
    )


# --- registers ------------------------------------------------------------------------------------
DUTIES = {"inspect": SimpleNamespace(zh="接访", en="receive visitors")}


def kind(id_: str = REGISTER, **acts: Any) -> Any:
    return SimpleNamespace(id=id_, duties=DUTIES, acts=acts)


@pytest.mark.parametrize(
    ("name", "value", "zh", "en"),
    [
        ("rule", "inspect", "接访", "receive visitors"),
        ("rule", "gone", "", ""),
        ("seat", "field:petitions", "分管：信访工作", "in charge of: petition work"),
        ("seat", "field:消防", "分管：消防", "in charge of: 消防"),
        ("seat", "post:none", "none", "none"),
        ("local", "register.week=week", "每周", "weekly"),
        ("local", "x=month", "每月", "monthly"),
        ("local", "x=quarter", "每季度", "quarterly"),
        ("local", "x=half_year", "每半年", "half-yearly"),
        ("local", "x=year", "每年", "yearly"),
        ("local", "x=decade", "x=decade", "x=decade"),
        ("other", "inspect", "", ""),
    ],
)
def test_a_register_says_duty_seat_and_interval_in_words(
    name: str, value: str, zh: str, en: str, db: None
) -> None:
    assert register_words.in_words(kind(), field(name), value, "zh") == zh
    assert register_words.in_words(kind(), field(name), value, "en") == en
    assert register_words.in_words(kind("petition"), field(name), value, "zh") == ""
    assert register_words.in_words(kind(), field(name, "text"), value, "zh") == ""


# --- accountability -------------------------------------------------------------------------------
@pytest.fixture
def liability(monkeypatch: pytest.MonkeyPatch) -> None:
    """Measures and circumstances of invented provisions."""
    measures = {
        "m1": SimpleNamespace(zh="诫勉", en="admonition"),
        "m2": SimpleNamespace(zh="检查", en="review"),
    }
    rules = SimpleNamespace(
        measure=measures.get,
        triggers={"t1": SimpleNamespace(basis=SimpleNamespace(cite=lambda *_: "第四十四条"))},
        instruments={},
    )
    monkeypatch.setattr(liability_words, "in_force", lambda *_: rules)
    monkeypatch.setattr(liability_words, "rulebooks", SimpleNamespace(library=lambda: None))


@pytest.mark.usefixtures("liability")
@pytest.mark.parametrize("of", sorted(liability_words.KINDS))
@pytest.mark.parametrize(
    ("name", "value", "zh"),
    [
        ("measure", "m1", "诫勉"),
        ("measures", ("m1", "m2"), "诫勉、检查"),
        ("measures", ("m1", "gone"), ""),  # all of them or none
        ("instead", "m1", "诫勉"),
        ("other", "m1", ""),
        ("situations", ("t1",), "第四十四条"),
        ("trigger", "t1", "第四十四条"),
        ("trigger", "m1", ""),
        ("grade", "a", "严重"),  # as the act that offered it says
        ("grade", "z", ""),
        ("level", "a", ""),
    ],
)
def test_ids_of_accountability_are_said_in_words(of: str, name: str, value: Any, zh: str) -> None:
    offers = SimpleNamespace(
        fields=(field("other", a=("别的", "other")), field("grade", a=("严重", "grave")))
    )
    asked = kind(of, open=SimpleNamespace(fields=()), find=offers)

    def said(one: Any, of_kind: Any = asked, language: Any = "zh") -> str:
        return liability_words.liability_words(of_kind, one, value, TODAY, "", language)

    assert said(field(name)) == zh
    assert said(field(name, "words")) == zh
    assert said(field(name, "text")) == ""
    assert said(field(name, a=("甲", "A"))) == ""  # it has words of its own
    assert said(field(name), kind("petition")) == ""
    assert bool(said(field(name), language="en")) is bool(zh)


@pytest.mark.usefixtures("liability")
def test_an_element_of_responsibility_is_said_in_its_own_words() -> None:
    for code, words in liability_words.NAMED_ELEMENTS.items():
        one = field("element")
        said = liability_words.liability_words(kind("inquiry"), one, code, TODAY, "", "zh")
        assert said == words[0]
        other = liability_words.liability_words(kind("inquiry"), field("x"), code, TODAY, "", "zh")
        assert other == ""


# --- titles ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("title", "english"),
    [
        ("集体访 12 人", "Collective visit, 12 persons"),
        ("2025-01-01 至 2025-12-31 考核", "Assessment, 2025-01-01 to 2025-12-31"),
        ("2025 年责任台账：示例县", "Register of duties 2025: 示例县"),
        ("2025-03信访形势分析", "Analysis of petitions, 2025-03"),
        ("2025年信访情况年度报告", "Annual report on petitions 2025"),
        ("督办：甄别处理", "Supervision order: sort"),
        ("催办：甄别处理", "Reminder: sort"),
        ("督办：没有的责任", "督办：没有的责任"),
        ("屋顶漏水", "屋顶漏水"),  # what people wrote stays in their own words
        ("集体访 12 人，要求答复", "集体访 12 人，要求答复"),
        ("", ""),
    ],
)
def test_titles_of_the_houses_own_making_are_said_in_english(
    title: str, english: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    duties = {"sort": SimpleNamespace(zh="甄别处理", en="sort")}
    book = SimpleNamespace(kinds={"petition": SimpleNamespace(duties=duties)})
    in_force = SimpleNamespace(in_force=lambda *_: SimpleNamespace(book=book))
    monkeypatch.setattr(titles, "rulebooks", in_force)
    case: Any = SimpleNamespace(title=title, opened_on=TODAY, place="", opened_at=NOW)
    assert titles.title_of(case, "en") == english
    assert titles.title_of(case, "zh") == title


# --- any act --------------------------------------------------------------------------------------
def notes(*fields: Any, **data: Any) -> str:
    rule: Any = SimpleNamespace(fields=fields)
    record = ActRecord(1, "note", NOW, NOW, data=data)
    return act_words.field_notes(
        kind("petition"), rule, record, {5: "示例局", 6: "示例厅"}, "", "zh"
    )


@pytest.mark.parametrize(
    ("one", "value", "said"),
    [
        (field("f", zh="途径", a=("程序", "procedure")), "a", "途径：程序"),
        (field("f", zh="途径"), "z", "途径：z"),
        (field("f", zh="途径"), None, ""),
        (field("f", "flag", zh="匿名"), True, "匿名"),
        (field("f", "flag", zh="匿名"), False, ""),
        (field("f", "digest", zh="摘要"), "ab", ""),
        (field("f", "act", zh="行为"), 7, ""),
        (field(SHOWN, "word", zh="所看文稿"), "ab", ""),
        (
            field("f", "digests", zh="材料的摘要", en="Digests of the papers"),
            ("ab", "cd"),
            "材料：2",
        ),
        (field("f", "organ", zh="去向"), 5, "去向：示例局"),
        (field("f", "organ", zh="去向"), 99, "去向：99"),
        (field("f", "organs", zh="去向"), (5, 6), "去向：示例局、示例厅"),
        (field("f", "number", zh="人数"), 5, "人数：5"),  # a number is no organ
        (field("f", "date", zh="日期"), TODAY, "日期：2025-03-18"),
        (field("f", "codes", zh="类别", a=("甲", "A"), b=("乙", "B")), ("a", "b"), "类别：甲、乙"),
    ],
)
def test_each_field_of_an_act_is_said_as_people_read_it(one: Any, value: Any, said: str) -> None:
    assert notes(one, **{one.name: value}) == said


def test_a_remark_joins_what_is_said_in_the_order_of_the_pack() -> None:
    found = notes(field("b", zh="乙"), field("a", zh="甲"), field("c", zh="丙"), a="1", b="2")
    assert found == "乙：2；甲：1"


def test_an_official_nobody_knows_is_said_as_written(db: None) -> None:
    assert notes(field("f", "official", zh="承办人"), f=4_000_000) == "承办人：4000000"


# --- what a register page shows of a period -------------------------------------------------------
def test_a_period_names_who_held_it_until_the_next_took_over() -> None:
    names = register_view._Names(
        {1: "王", 2: "李"}, {"p": ("局长", ""), "q": ("书记", "secretary")}
    )
    leaders = [(1, TODAY), (None, TODAY + 2 * DAY), (2, TODAY + 5 * DAY)]
    duty: Any = SimpleNamespace(
        leaders=leaders,
        corrections=(),
        holder=5,
        start=TODAY,
        due=TODAY + 9 * DAY,
        seat="post:p",
        evidence=7,
        warned=3,
        timeliness=BY_CLAIM,
        closed_on=TODAY,
        state=CLOSED,
        breach=None,
        opened_by=1,
    )
    case: Any = SimpleNamespace(number="N")

    def line(**more: Any) -> Any:
        one: Any = SimpleNamespace(**{**vars(duty), **more})
        return register_view._period("r1-1", case, one, names, {7: "N7", 0: "?"}, "month", TODAY)

    whole = line()
    assert [(one.name, one.first, one.last) for one in whole.holdings] == [
        ("王", TODAY, TODAY + DAY),
        ("", TODAY + 2 * DAY, TODAY + 4 * DAY),
        ("李", TODAY + 5 * DAY, TODAY + 9 * DAY),
    ]
    assert whole.shared
    assert (whole.evidence, whole.warned, whole.by_claim, whole.last) == (
        "N7",
        True,
        True,
        TODAY + 9 * DAY,
    )
    alone = line(leaders=leaders[:1], warned=None, timeliness=LATE, evidence=8, due=None)
    assert not alone.shared
    assert (alone.evidence, alone.warned, alone.by_claim, alone.last) == ("", False, False, TODAY)
    assert line(seat="").holdings == ()
    assert line(warned=0).warned
    assert names.seat("post:p", "en") == "局长"
    assert names.seat("post:q", "en") == "secretary"
    assert names.seat("post:gone", "zh") == "post:gone"
    assert names.seat("field:petitions", "zh") == "分管：信访工作"
    assert names.seat("", "zh") == ""


def test_a_term_ends_the_day_before_the_next_one_begins() -> None:
    chain = [(1, TODAY), (None, TODAY + 3 * DAY), (2, TODAY + 4 * DAY)]
    assert list(register_view._terms(chain)) == [
        (1, TODAY, TODAY + 2 * DAY),
        (None, TODAY + 3 * DAY, TODAY + 3 * DAY),
        (2, TODAY + 4 * DAY, None),
    ]


def test_a_duty_without_a_number_is_named_where_nobody_set_an_interval(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    basis = SimpleNamespace(cite=lambda *_: "第九条")

    def rule(id_: str, *, standing: bool = False, per: str = "") -> Any:
        clock = SimpleNamespace(per=per)
        return SimpleNamespace(
            id=id_, zh=id_, en=id_, standing=standing, clock=clock, basis=basis, local=f"x.{id_}"
        )

    rules = [
        rule("a"),
        rule("b", standing=True),
        rule("c", per="year"),
        rule("d"),
        rule("e"),
        rule("f"),
    ]
    monkeypatch.setattr(register_view, "_rules_of", lambda *_: rules)
    monkeypatch.setattr(register_view, "_is_asked", lambda _b, one, *_: one.id != "e")
    monkeypatch.setattr(register_view, "_has_interval", lambda _s, one, *_: one.id == "f")
    monkeypatch.setattr(register_view, "settings_of", lambda _key: None)
    book = SimpleNamespace(instruments={})
    library = SimpleNamespace(rulebook=lambda *_: book)
    monkeypatch.setattr(register_view, "rulebooks", SimpleNamespace(library=lambda: library))
    bearer: Any = SimpleNamespace(organ=SimpleNamespace(division_code=""))
    found = list(register_view._silent([bearer], {"d"}, TODAY, "zh", None))
    assert found == [("A", "第九条", "x.a")]


@pytest.mark.parametrize(
    ("value", "has"),
    [("month", True), ("week", True), ("often", False), ("", False), (None, False)],
)
def test_an_interval_is_one_that_the_program_knows(value: str | None, *, has: bool) -> None:
    row = None if value is None else SimpleNamespace(value=value)
    settings: Any = SimpleNamespace(on=lambda *_: row)
    rule: Any = SimpleNamespace(local="x")
    bearer: Any = SimpleNamespace(organ=SimpleNamespace(pk=1))
    assert register_view._has_interval(settings, rule, bearer, TODAY) is has


# --- local targets and the sweep ------------------------------------------------------------------
@pytest.mark.parametrize(
    ("key", "value", "days"),
    [
        ("reply.days", "3", 3),
        ("reply_hours", "48", 2),
        ("reply_hours", "30", 1),  # whole days
        ("reply.days", "often", None),
        ("reply.days", None, None),
        ("", "3", None),
    ],
)
def test_a_local_target_counts_days_or_hours_from_the_day_it_opened(
    key: str, value: str | None, days: int | None
) -> None:
    row = None if value is None else SimpleNamespace(value=value)
    asked: list[Any] = []

    def on(*args: Any) -> Any:
        asked.append(args)
        return row

    rules: Any = SimpleNamespace(local_settings=lambda _key: SimpleNamespace(on=on))
    duty: Any = SimpleNamespace(rule=SimpleNamespace(local=key), holder=5, opened_on=TODAY)
    found = local_targets.local_day(duty, rules)
    assert found == (None if days is None else TODAY + days * DAY)
    assert asked == ([(key, 5, TODAY)] if key else [])


@pytest.mark.parametrize(("opened", "hour"), [(-9, 0), (1, 10), (9, 10)])
def test_a_breach_is_claimed_on_the_day_after_or_from_the_entry(opened: int, hour: int) -> None:
    entered = datetime(2025, 3, 18, 10, tzinfo=CHINA) + opened * DAY
    case: Any = SimpleNamespace(number="N", opened_at=entered)
    duty: Any = SimpleNamespace(
        breached_on=lambda: TODAY, rule=SimpleNamespace(id="sort"), opened_by=3
    )
    step = sweep._step(case, BREACH, duty)
    day_after = datetime(2025, 3, 19, 0, tzinfo=CHINA)
    assert step.occurred_at == max(day_after, entered)
    assert step.occurred_at is not None
    assert step.occurred_at.astimezone(CHINA).hour == hour
    assert (step.case, step.duty, step.opened_by) == ("N", "sort", 3)
    undated: Any = SimpleNamespace(breached_on=lambda: None, rule=SimpleNamespace(id="sort"))
    with pytest.raises(ValueError, match="no due day"):
        sweep._step(case, BREACH, undated)


class _Due:
    """Cases that are due, as the sweep asks for them."""

    def __init__(self, ids: list[int]) -> None:
        self.ids = ids
        self.asked: list[int] = []

    def exclude(self, **which: Any) -> _Due:
        found = _Due([pk for pk in self.ids if pk not in which.get("pk__in", ())])
        found.asked = self.asked
        return found

    def __getitem__(self, part: slice) -> list[Any]:
        self.asked.append(part.stop)
        return [SimpleNamespace(pk=pk) for pk in self.ids[part]]


@pytest.mark.parametrize("limit", [None, 0, 1, 50, 51, 120])
def test_a_sweep_takes_portions_up_to_its_limit(
    limit: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = _Due(list(range(120)))
    seen: list[int] = []

    def recorded(cases: Any, _now: datetime) -> sweep.Swept:
        assert len(cases) <= sweep.BATCH
        seen.extend(case.pk for case in cases)
        return sweep.Swept(len(cases), 1, 2)

    monkeypatch.setattr(sweep, "due_before", lambda day: due if day == TODAY else None)
    monkeypatch.setattr(sweep, "_record", recorded)
    found = sweep.sweep(now=NOW, limit=limit)
    most = 120 if limit is None else limit
    assert seen == list(range(most))
    portions = -(-most // sweep.BATCH)
    assert found == sweep.Swept(most, portions, 2 * portions)


@pytest.mark.parametrize(
    ("performed", "error", "still", "counts"),
    [
        (SimpleNamespace(repeated=False), None, False, (1, 1, 0)),
        (SimpleNamespace(repeated=True), None, False, (0, 0, 1)),
        (None, ValueError("fault"), False, (0, 0, 1)),  # another worker was first
        (None, ValueError("fault"), True, None),
    ],
)
def test_a_race_that_is_lost_is_counted_and_a_fault_is_raised(
    performed: Any,
    error: Any,
    counts: tuple[int, int, int] | None,
    monkeypatch: pytest.MonkeyPatch,
    *,
    still: bool,
) -> None:
    steps = [SimpleNamespace(act=one, opened_by=1, duty="d") for one in ("breach", "lapse")]
    order: list[int] = []

    def pending(case: Any, _now: datetime, reading: Any = None) -> list[Any]:
        if reading is not None:
            order.append(case.pk)
            return steps if case.pk == 2 else []
        return steps if still else []

    outcome = SimpleNamespace(performed=performed, error=error)
    monkeypatch.setattr(sweep, "pending_steps", pending)
    monkeypatch.setattr(sweep, "outside", object)
    monkeypatch.setattr(sweep, "perform_many", lambda calls: [outcome for _ in calls])
    cases: Any = [SimpleNamespace(pk=2), SimpleNamespace(pk=1)]
    if counts is None:
        with pytest.raises(ValueError, match="fault"):
            sweep._record(cases, NOW)
        return
    assert sweep._record(cases, NOW) == sweep.Swept(*counts)
    assert order == [1, 2]  # in order of id, as every call locks its cases
