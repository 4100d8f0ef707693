"""What departments are told of a result and what an opinion on a cadre says: the words, what is
left out of them, and which notices are refused."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.accountability.inquiry.exemptions import GROUNDS
from dengwen.accountability.personnel import (
    cadre_opinion,
    duties_held,
    extracts,
    honours,
    notification,
)
from dengwen.accountability.personnel.duties_held import EXCUSED, MET, MISSED, SLOW, Kept, Period
from dengwen.law.duties.step import Step
from tests.accountability.bare_files import FACTS, NOW, TODAY, account_file, code
from tests.accountability.read_inquiries import HERE, THERE, WANG
from tests.invented_rows import table
from tests.world import at

DAY = timedelta(days=1)
NONE: Any = None


# --- the notification -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("按时办结", ""),
        ("电话13812345678", "particulars"),
        ("1381234567", ""),  # a figure too few
        ("138123456789", ""),  # a figure too many
        ("12812345678", ""),  # no mobile number begins so
        ("证件11010119900101001X", "particulars"),
        ("证件110101199001010011", "particulars"),
        ("证件1101011990010100111", ""),
        ("见YJ01-2025-123456789-0", "particulars"),
        ("见YJ01-2025-12345678-0", ""),
    ],
)
def test_nothing_that_points_to_a_petitioner_is_notified(text: str, refused: str) -> None:
    assert (
        code(lambda: notification.no_particulars(Step(act="notify", texts={"facts": text})))
        == refused
    )


def test_every_particular_has_words_in_both_languages() -> None:
    assert {one[0] for one in notification.PARTICULARS} == {"mobile", "identity", "case"}
    assert all(zh and en for _code, _pattern, zh, en in notification.PARTICULARS)


def measure(name: str, *, stands: bool = True, decided: date = TODAY) -> Any:
    return SimpleNamespace(measure=name, stands=stands, decided=decided, place="")


@pytest.mark.parametrize(("official", "organ"), [(WANG, None), (None, HERE), (None, None)])
def test_a_notice_says_what_stands_and_about_whom(
    official: int | None, organ: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    standing = [measure("b"), measure("a", decided=TODAY - DAY), measure("a")]
    monkeypatch.setattr(
        notification, "read_file", lambda _case: account_file(official=official, organ=organ)
    )
    monkeypatch.setattr(notification, "measures_in", lambda _file: [])
    monkeypatch.setattr(notification, "standing_on", lambda _measures, _day: standing)
    monkeypatch.setattr(notification, "_concerned", lambda who, unit, day: f"{who}/{unit}/{day}")
    monkeypatch.setattr(notification, "measure_words", lambda one, _day: one.measure)
    case: Any = SimpleNamespace(number="F1")

    def notice() -> Step:
        return notification.notice_step(
            case, day=TODAY, organ=HERE, organisation=3, personnel=4, facts="事"
        )

    step = notice()
    assert (step.fields["measures"], step.fields["decided"]) == (("a", "b"), TODAY)
    assert (step.fields["organisation"], step.fields["personnel"], step.links) == (
        3,
        4,
        (("concerns", "F1"),),
    )
    assert (step.fields.get("official"), step.fields.get("unit")) == (official, organ)
    assert step.texts == {
        "concerned": f"{official}/{organ}/{TODAY}",
        "measures_said": "b\na\na",
        "facts": "事",
    }
    roles = [(one.role, one.official, one.organ) for one in step.parties]
    wanted = (
        [("concerned_person", WANG, None)]
        if official
        else [("concerned_unit", None, HERE)]
        if organ
        else []
    )
    assert roles == wanted
    standing.clear()
    assert code(notice) == "nothing-decided"


@pytest.mark.parametrize(
    ("told_", "decided", "wanted", "corrected", "steps"),
    [
        (["a", "b"], [measure("a", stands=False), measure("b")], ["a"], False, [(("a",), False)]),
        (["a"], [measure("a", stands=False), measure("b")], ["a"], False, [(("a",), True)]),
        (
            ["a", "b"],
            [measure("a", stands=False), measure("b", stands=False)],
            ["b", "a"],
            False,
            [(("a", "b"), True)],
        ),
        (["b"], [measure("a", stands=False)], ["a"], False, []),
        (["a"], [measure("a", stands=False)], ["a"], True, []),  # put right already
    ],
)
def test_whoever_was_told_of_a_measure_is_told_that_it_was_put_right(
    told_: list[str],
    decided: list[Any],
    wanted: list[str],
    steps: list[Any],
    monkeypatch: pytest.MonkeyPatch,
    *,
    corrected: bool,
) -> None:
    monkeypatch.setattr(notification, "read_file", lambda _case: None)
    monkeypatch.setattr(notification, "measures_in", lambda _file: decided)
    monkeypatch.setattr(notification, "notices_of", lambda _number: [SimpleNamespace(number="T1")])
    monkeypatch.setattr(notification, "Act", table(SimpleNamespace(data={"measures": told_})))
    monkeypatch.setattr(notification, "_corrected_whole", lambda _notice: corrected)
    monkeypatch.setattr(notification, "_correction", lambda _case, said, _day: "、".join(said))
    case: Any = SimpleNamespace(number="F1")
    found = notification.correction_steps(
        case, wanted, Step(act="set_aside", occurred_at=NOW), FACTS
    )
    assert [(one.fields["measures"], one.fields["whole"]) for one in found] == steps
    assert all(one.case == "T1" and one.texts["correction"] for one in found)


@pytest.mark.parametrize(
    ("said", "whole", "decided", "known", "refused"),
    [
        (("a",), True, [measure("a", stands=False)], ["a"], ""),
        (("a",), False, [measure("a", stands=False), measure("b")], ["a", "b"], ""),
        (("a",), True, [measure("a", stands=False), measure("b")], ["a", "b"], "not-undone"),
        (("a",), False, [measure("a", stands=False)], ["a"], "not-undone"),
        (("a",), None, [measure("a", stands=False), measure("b")], ["a", "b"], ""),
        (("b",), False, [measure("a", stands=False), measure("b")], ["a", "b"], "not-undone"),
        (("a",), True, [measure("a", stands=False)], ["b"], "not-undone"),
        ((), True, [measure("a", stands=False)], ["a"], "not-undone"),
        ("a", True, [measure("a", stands=False)], ["a"], "not-undone"),  # forged
    ],
)
def test_a_correction_is_of_what_was_undone_and_notified(
    said: Any,
    whole: bool | None,
    decided: list[Any],
    known: list[str],
    refused: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = SimpleNamespace(data={"decision": "F1", "measures": known})
    monkeypatch.setattr(notification, "Act", table(first))
    monkeypatch.setattr(notification, "Case", table(NONE))
    monkeypatch.setattr(notification, "read_file", lambda _case: None)
    monkeypatch.setattr(notification, "measures_in", lambda _file: decided)
    fields = {"measures": said, **({} if whole is None else {"whole": whole})}
    step = Step(act="notify_correction", fields=fields)
    assert code(lambda: notification.correction_notified(step, FACTS)) == refused


@pytest.mark.parametrize(
    ("mine", "theirs", "refused"),
    [("county", "county", ""), ("county", "prefecture", "not-same-level")],
)
def test_departments_of_the_same_level_are_told(
    mine: str, theirs: str, refused: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    organs = {
        HERE: SimpleNamespace(level=mine, name_zh="甲", name_en="a"),
        THERE: SimpleNamespace(level=theirs, name_zh="乙", name_en=""),
    }
    asked: list[int] = []

    def get(pk: int) -> Any:
        asked.append(pk)
        return organs.get(pk, organs[HERE])

    monkeypatch.setattr(notification, "Organ", SimpleNamespace(objects=SimpleNamespace(get=get)))
    assert code(lambda: notification.same_level(HERE, THERE, "x")) == refused
    notification.same_level(None, "forged", "x")
    assert asked == [HERE, THERE, 0, 0]


@pytest.mark.parametrize(("signed", "refused"), [([], ""), ([1], "signed-before")])
def test_a_department_signs_once_for_each_telling(
    signed: list[int], refused: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Acts:
        def __init__(self, rows: Any = ()) -> None:
            self.rows = rows

        def filter(self, **which: Any) -> Any:
            return Acts(
                signed if which.get("act") == "sign_receipt" and which["seq__gt"] == 4 else []
            )

        order_by = exclude = lambda self, *_, **__: self

        def get(self, **_: Any) -> Any:
            return SimpleNamespace(data={"organisation": HERE, "personnel": THERE})

        def __getitem__(self, _n: int) -> Any:
            return SimpleNamespace(seq=4)

        def exists(self) -> bool:
            return bool(self.rows)

    monkeypatch.setattr(notification, "Act", SimpleNamespace(objects=Acts()))
    assert code(lambda: notification.receipt_signed(NONE, FACTS)) == refused


@pytest.mark.parametrize(
    ("first", "last", "text", "refused"),
    [
        (TODAY, TODAY, "好", ""),
        (TODAY + DAY, TODAY, "好", "days"),
        (TODAY, TODAY + DAY, "好", ""),
        ("x", TODAY, "好", ""),
        (TODAY, TODAY, "13812345678", "particulars"),
    ],
)
def test_an_opinion_is_about_days_in_order_and_no_petitioner(
    first: Any, last: Any, text: str, refused: str
) -> None:
    step = Step(act="give", fields={"first": first, "last": last}, texts={"opinion": text})
    assert code(lambda: notification.opinion_given(step, FACTS)) == refused


@pytest.mark.parametrize(
    ("petition_office", "refused"), [(True, ""), (False, "no-petition-office")]
)
def test_an_opinion_is_asked_of_a_petition_department(
    refused: str, monkeypatch: pytest.MonkeyPatch, *, petition_office: bool
) -> None:
    office = SimpleNamespace(is_petition_office=petition_office, name_zh="甲", name_en="")
    shut: list[Any] = []
    monkeypatch.setattr(notification, "Organ", table(office))
    monkeypatch.setattr(
        notification,
        "enter_in_role",
        lambda _facts, role, officials: shut.append((role, officials)),
    )
    step = Step(act="ask", fields={"to": THERE, "cadre": WANG})
    assert code(lambda: notification.opinion_asked(step, FACTS)) == refused
    assert shut == ([("concerned_person", [WANG])] if petition_office else [])


BAN = SimpleNamespace(case="F1")


@pytest.mark.parametrize(
    ("bans", "eligible", "decisions", "refused"),
    [
        ((), True, None, ""),
        ((), False, None, "not-the-register"),
        ((BAN,), False, ("F1",), ""),
        ((BAN, BAN), False, ("F1",), ""),
        ((BAN,), True, ("F1",), "not-the-register"),
        ((BAN,), False, None, "not-the-register"),
        ((), True, ("F1",), "not-the-register"),
    ],
)
def test_a_query_about_honours_is_answered_from_the_register(
    bans: Any, eligible: bool, decisions: Any, refused: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        notification, "Act", table(SimpleNamespace(data={"unit": HERE, "year": 2025}))
    )
    monkeypatch.setattr(notification, "bans_on", lambda *_: bans)
    fields = {"eligible": eligible, **({} if decisions is None else {"decisions": decisions})}
    step = Step(act="answer", fields=fields)
    assert code(lambda: notification.honours_answered(step, FACTS)) == refused
    monkeypatch.setattr(notification, "deciders", lambda _bans: {HERE})
    monkeypatch.setattr(notification, "enter_in_role", lambda *_, **__: None)
    (answer,) = notification.honours_asked(
        Step(act="ask", fields={"year": 2025, "unit": HERE}), FACTS
    )
    assert answer.fields == (
        {"eligible": False, "decisions": ("F1",)} if bans else {"eligible": True}
    )


def test_honours_are_lost_as_area_department_or_unit() -> None:
    assert set(honours.WHOSE) == {"area", "department", "unit"}
    assert all(zh and en for zh, en in honours.WHOSE.values())


# --- the opinion in words -------------------------------------------------------------------------
def period(state: str, days: int = 0, *, shared: bool = False, stood_in: int = 0) -> Period:
    first = TODAY + days * DAY
    return Period(first, first + 9 * DAY, state, first, first, shared, stood_in)


def kept(*periods: Period, local: bool = False) -> Kept:
    return Kept("r", "接访", "visit", "S", "1", "局长", "head", local, periods)


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (kept(), "接访（局长）：应履行 0 期，按期 0"),
        (
            kept(period(MET), local=True),
            "接访（局长，间隔为本地目标，非法定）：应履行 1 期，按期 1",
        ),
        (
            kept(period(MET), period(SLOW), period(EXCUSED)),
            "接访（局长）：应履行 3 期，按期 1，逾期履行 1，作废 1",
        ),
        (
            kept(period(MISSED), period(MISSED, 10), period(MISSED, 30)),
            "接访（局长）：应履行 3 期，按期 0，未履行 3（2025-03-18 至 2025-04-06，2 期、2025-04-17 至 2025-04-26）",
        ),
        (
            kept(period(MISSED), period(MISSED, 10, shared=True)),
            (
                "接访（局长）：应履行 2 期，按期 0，未履行 2（2025-03-18 至 2025-03-27、"
                "2025-03-28 至 2025-04-06，期间换过人，由谁负责须由人认定）"
            ),
        ),
        (
            kept(period(MISSED, stood_in=3), period(MISSED, 10)),
            "接访（局长）：应履行 2 期，按期 0，未履行 2（2025-03-18 至 2025-03-27，其中 3 天有人代行、2025-03-28 至 2025-04-06）",
        ),
    ],
)
def test_a_duty_is_said_with_how_its_periods_stand(one: Kept, said: str) -> None:
    assert cadre_opinion._kept(one) == said


@pytest.mark.parametrize(
    ("rank", "last", "said"),
    [
        ("principal", TODAY, "2025-03-18 至 2025-03-18：示例局局长（主要负责人）"),
        ("deputy", None, "2025-03-18 至 今：示例局局长（副职）"),
        ("member", None, "2025-03-18 至 今：示例局局长（班子成员）"),
        ("staff", None, "2025-03-18 至 今：示例局局长（工作人员）"),
        ("", None, "2025-03-18 至 今：示例局局长"),
    ],
)
def test_a_post_is_said_with_its_rank_and_days(rank: str, last: date | None, said: str) -> None:
    assert cadre_opinion._held(extracts.Held("局长", "head", "示例局", rank, TODAY, last)) == said


def made(**more: Any) -> Any:
    plain = {
        "posts": (),
        "charges": (),
        "duties": (),
        "counted": (),
        "scores": (),
        "measures": (),
        "exemptions": (),
        "convention": "",
    }
    return SimpleNamespace(**{**plain, **more})


def test_an_opinion_has_no_heading_without_anything_below_it() -> None:
    words = cadre_opinion.performance_words
    assert words(made()).splitlines() == [
        "一、任职和分工",
        "二、责任台账",
        "这一期间责任台账里没有由其承担的周期责任。",
    ]
    held = extracts.Held("局长", "head", "示例局", "", TODAY, None)
    counted = duties_held.Counted("r", "办理", "handle", "R22", "34", 1, 2, 3, 4, 5)
    scored = extracts.Scored("K1", "示例局", TODAY, TODAY, "", "", "", "", sound=True)
    whole = words(
        made(posts=(held,), charges=(held,), duties=(kept(),), counted=(counted,), scores=(scored,))
    ).splitlines()
    assert len(whole) == 9
    assert "办理：按时 1，逾期后办 2，逾期未办 3，作废 4，未到期 5" in whole
    assert whole[-1] == "示例局 2025-03-18 至 2025-03-18：没有可以计算的数字（考核 K1）"
    assert cadre_opinion.in_force_words(made()) == cadre_opinion.exempted_words(made()) == "无"
    exempt = SimpleNamespace(on=TODAY, ground="diligence")
    assert (
        cadre_opinion.exempted_words(made(exemptions=(exempt,)))
        == f"2025-03-18：{GROUNDS['diligence'][0]}"
    )


def test_an_extract_is_plain_data_with_days_as_text() -> None:
    held = extracts.Held("局长", "head", "示例局", "", TODAY, None)
    assert extracts._plain({"a": (TODAY, [held.first]), "b": "x", "c": None}) == {
        "a": ["2025-03-18", ["2025-03-18"]],
        "b": "x",
        "c": None,
    }


@pytest.mark.parametrize(
    ("row", "said"),
    [({"total": 81.5}, "81.5"), ({"total": None}, ""), (None, ""), ({"total": 0}, "0")],
)
def test_a_figure_is_said_as_published(row: Any, said: str) -> None:
    assert extracts._published(row, "total") == said


@pytest.mark.parametrize(
    ("value", "convention"),
    [
        ("day_before", "day_before"),
        ("corresponding", "corresponding"),
        ("other", "packs"),
        (None, "packs"),
    ],
)
def test_a_local_setting_says_how_the_last_day_is_counted(
    value: str | None, convention: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = None if value is None else SimpleNamespace(value=value)
    monkeypatch.setattr(extracts, "setting", lambda *_: row)
    monkeypatch.setattr(extracts, "convention_of", lambda _rules: "packs")
    found = extracts.convention_on(TODAY)
    assert found == (value if value in extracts.CONVENTIONS else "packs")
    assert (found == "packs") is (convention == "packs")


@pytest.mark.parametrize(("days", "stood_in"), [((), 0), ((0,), 1), ((0, 2), 2), ((-1, 5), 0)])
def test_days_on_which_somebody_stood_in_are_counted(days: tuple[int, ...], stood_in: int) -> None:
    away: Any = [
        SimpleNamespace(
            row=SimpleNamespace(holds_on=lambda day, n=n: day == TODAY + n * DAY),
            recorded=at(TODAY - 9 * DAY),
        )
        for n in days
    ]
    assert duties_held._stood_in(away, TODAY, TODAY + 4 * DAY) == (stood_in, 0)
