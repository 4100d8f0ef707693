"""Lists through the write door: the preview asks what the door asks, and one bad row leaves
nothing behind."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dengwen.cases.models import Act, Case
from dengwen.cases.write.list_entry import ListForm, Taken, take_list
from dengwen.cases.write.perform import By
from dengwen.ledger.models import Event
from dengwen.organs.errors import RegistryError
from dengwen.organs.kinds import KINDS, LEVELS, SPOKEN
from dengwen.organs.models import Division, DivisionStage, Line, Organ
from dengwen.organs.structure.lines import division_on
from tests.world import World, at

INVENTED = Path(__file__).resolve().parents[1] / "organs" / "divisions.csv"
CHINESE = {"code": "代码", "name": "名称", "level": "层级", "parent": "上级"}
HEAD = "code,name_zh,kind,level,territorial_parent,division,valid_from\n"
DAY = "2025-03-03"
DIVISION_LIST = ListForm(divisions=True, columns=CHINESE)


def take(
    world: World,
    text: str | bytes,
    *,
    enter: bool,
    form: ListForm | None = None,
    uid: str = "t/1",
    who: str = "admin",
) -> Taken:
    """Preview or enter a list as an account of the practice office."""
    data = text if isinstance(text, bytes) else text.encode()
    by = By(
        world.office.users[who].pk,
        None,
        frozenset({"registrar"} if who == "admin" else {"handler"}),
    )
    return take_list(
        data,
        form or ListForm(),
        by=by,
        now=at(DAY),
        day=date.fromisoformat(DAY),
        uid=uid,
        enter=enter,
    )


def counted() -> tuple[int, ...]:
    return tuple(
        m.objects.count() for m in (Organ, Line, Case, Act, Event, Division, DivisionStage)
    )


def good(*codes: str) -> str:
    return "".join(f"{code},示例单位{code},直属事业单位,县级,YJQ,,\n" for code in codes)


FAULTS = [
    ("AB9,示例局,政府工作部门,县级,YJQ,999999,\n", "division", "unknown_division", "999999"),
    (
        "AB9,示例局,政府工作部门,县级,YJQ,,2017-01-01\n",
        "territorial_parent",
        "not_on_that_day",
        "YJQ",
    ),
    (
        "AB9,示例局,政府工作部门,县级,AB8,,2025-03-02\n",
        "territorial_parent",
        "not_on_that_day",
        "AB8",
    ),
    ("AB9,示例局,政府工作部门,县级,YJQ,,2025-02-30\n", "valid_from", "bad_date", "2025-02-30"),
    ("AB9,示例局,政府工作部门,县级,NIL,,\n", "territorial_parent", "unknown_parent", "NIL"),
    ("AB1,示例局,政府工作部门,县级,YJQ,,\n", "code", "duplicate", "AB1"),
    ("YJ02,示例局,政府工作部门,县级,YJQ,,\n", "code", "taken", "YJ02"),
    ("AB9,示例局,衙门,县级,YJQ,,\n", "kind", "unknown_kind", "衙门"),
    ("AB9,示例局,政府工作部门,市级,YJQ,,\n", "level", "unknown_level", "市级"),
]


@pytest.mark.parametrize(
    ("bad", "column", "code", "value"), FAULTS, ids=[f[2] + "-" + f[3] for f in FAULTS]
)
def test_the_last_row_bad_leaves_nothing_and_preview_and_door_say_the_same(
    world: World, bad: str, column: str, code: str, value: str
) -> None:
    text, before = HEAD + good("AB1", "AB8") + bad, counted()
    preview, entry = take(world, text, enter=False), take(world, text, enter=True)
    assert [(e.row, e.column, e.code, e.value) for e in preview.preview.errors] == [
        (4, column, code, value)
    ]
    assert preview.preview.errors == entry.preview.errors
    assert entry.entered == 0
    assert counted() == before
    said = entry.preview.errors[0]
    assert "第4行" in said.zh
    assert "row 4" in said.en
    assert value in said.zh


def test_a_word_nobody_knows_is_answered_with_the_chinese_words(world: World) -> None:
    text = HEAD + "AB9,示例局,衙门,市级,YJQ,,\n"
    found = {e.column: e for e in take(world, text, enter=False).preview.errors}
    kind, level = found["kind"], found["level"]
    assert all(word.zh in kind.zh for word in KINDS.values())
    assert "区、县（county）" in level.zh


def test_every_word_shown_is_taken_and_codes_are(world: World) -> None:
    rows = [f"AB{n},示例单位{n},{kind.zh},县级,YJQ,,\n" for n, kind in enumerate(KINDS.values())]
    levels = [word for words in SPOKEN["level"].values() for word in words]
    rows += [
        f"AC{n},示例单位C{n},private_body,{word},YJQ,,\n"
        for n, word in enumerate([*LEVELS, *levels])
    ]
    assert take(world, HEAD + "".join(rows), enter=True).entered == len(rows)
    assert Organ.objects.get(code="AB0").kind == "party_committee"
    assert Organ.objects.filter(code__startswith="AC", level="county").count() == 1 + len(
        SPOKEN["level"]["county"]
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize(
    "change",
    [
        str,
        lambda t: t.replace("\n", "\r\n"),
        lambda t: t.replace(",", ";"),
        lambda t: t.replace(",", "\t"),
    ],
    ids=["lf", "crlf", "semicolons", "tabs"],
)
def test_files_as_spreadsheets_leave_them(world: World, encoding: str, change: object) -> None:
    """Parents after their children, two of the same name, a blank line at the end."""
    assert callable(change)
    text = change(
        HEAD
        + "AB2,示例站,其他单位,乡级,AB1,,2025/1/2\nAB1,示例站,其他单位,县级,YJQ,,2025年1月2日\n,,,,,,\n"
    )
    assert take(world, text.encode(encoding), enter=False).preview.errors == ()
    assert take(world, text.encode(encoding), enter=True).entered == 2
    assert Organ.objects.filter(name_zh="示例站", valid_from=date(2025, 1, 2)).count() == 2


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty_file"),
        ("\ufeff\r\n", "empty_file"),
        ("AB1,示例,其他单位,县级\n", "columns"),
        (HEAD + "AB1,示例,其他单位,县级,YJQ,,,多一格\n", "extra_cells"),
    ],
)
def test_a_file_that_is_no_list_is_refused_as_a_whole(world: World, text: str, code: str) -> None:
    with pytest.raises(RegistryError) as refused:
        take(world, text, enter=True)
    assert refused.value.code == code
    assert refused.value.mend_zh


def test_a_heading_alone_is_an_error_and_columns_not_read_are_named(world: World) -> None:
    assert [e.code for e in take(world, HEAD, enter=True).preview.errors] == ["empty"]
    found = take(
        world, "code,name_zh,kind,level,备注\nAB1,示例,其他单位,县级,甲\n", enter=False
    ).preview
    assert found.unread == ("备注",)


def test_what_changed_after_the_preview_is_found_at_the_door(world: World) -> None:
    text = HEAD + good("AB1", "AB2")
    assert take(world, text, enter=False).preview.errors == ()
    assert take(world, HEAD + good("AB2"), enter=True, uid="t/other").entered == 1
    before = counted()
    late = take(world, text, enter=True)
    assert [(e.row, e.code) for e in late.preview.errors] == [(3, "taken")]
    assert counted() == before


def test_what_only_the_door_can_refuse_is_named_by_row(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody registers the code between the look and the writing, in the same moment."""
    monkeypatch.setattr("dengwen.organs.lists.new_organ.Foreseen.look", lambda *_: None)
    text, before = HEAD + good("AB1") + "AB3,示例,其他单位,县级,YJQ,999999,\n", counted()
    late = take(world, text, enter=True)
    assert [(e.row, e.column, e.code, e.value) for e in late.preview.errors] == [
        (3, "division", "unknown_division", "999999")
    ]
    assert counted() == before


def test_who_may_not_register_learns_it_from_the_preview(world: World) -> None:
    found = take(world, HEAD + good("AB1"), enter=False, who="handler").preview.errors
    assert [e.code for e in found] == ["refused"]


def test_the_same_list_confirmed_twice_is_entered_once(world: World) -> None:
    text = HEAD + good("AB1", "AB2")
    assert [take(world, text, enter=True, uid="desk/9").entered for _ in range(2)] == [2, 2]
    assert Organ.objects.filter(code__in=("AB1", "AB2")).count() == 2


# --- divisions ------------------------------------------------------------------------------------
def test_an_invented_province_is_taken_over_whatever_the_order_of_its_rows(world: World) -> None:
    data = INVENTED.read_bytes()
    assert take(world, data, enter=False, form=DIVISION_LIST).preview.errors == ()
    assert not Division.objects.filter(code__startswith="97").exists()
    taken = take(world, data, enter=True, form=DIVISION_LIST)
    assert (taken.entered, taken.preview.unread) == (31, ("备注",))
    village = division_on("9701001001001"[:4] + "01001001", date.fromisoformat(DAY))
    assert village is not None
    assert (village.level, village.parent_code) == ("village", "970101001")
    assert not DivisionStage.objects.exists()
    held = Division.objects.count()
    assert take(world, data, enter=True, form=DIVISION_LIST, uid="t/2").entered == 31
    assert Division.objects.count() == held, "the same list again changes nothing"
    organ = take(world, HEAD + "AB1,示例局,政府工作部门,县级,YJQ,970101,\n", enter=True, uid="t/3")
    assert organ.entered == 1


@pytest.mark.parametrize(
    ("row", "column", "code", "value"),
    [
        ("97,示例省,省级,,2020-01-01,", "代码", "later_row", "97"),
        ("98,另一省,省级,99,2025-01-01,", "上级", "unknown_parent", "99"),
        ("98,另一省,省府,,2025-01-01,", "层级", "unknown_level", "省府"),
        ("98,另一省,省级,,2025-13-01,", "valid_from", "bad_date", "2025-13-01"),
        (
            "98,另一省,省级,,2025-01-02,2025-01-02",
            "valid_to",
            "ends_before_it_begins",
            "2025-01-02",
        ),
        ("98,另一省,省级,98,2025-01-01,", "上级", "circle", "98"),
    ],
)
def test_a_bad_row_of_divisions_leaves_no_row_and_nothing_in_the_tray(
    world: World, row: str, column: str, code: str, value: str
) -> None:
    take(world, INVENTED.read_bytes(), enter=True, form=DIVISION_LIST)
    before = counted()
    text = f"代码,名称,层级,上级,valid_from,valid_to\n96,又一省,省级,,2025-01-01,\n{row.replace('示例省', '改名省')}\n"
    preview, entry = (
        take(world, text, enter=e, form=DIVISION_LIST, uid="t/2").preview for e in (False, True)
    )
    assert [(e.row, e.column, e.code) for e in preview.errors] == [(3, column, code)]
    assert value in preview.errors[0].zh
    assert entry.errors == preview.errors
    assert counted() == before


def test_a_division_that_ended_is_not_entered_again_over_its_own_days(world: World) -> None:
    head = "代码,名称,层级,上级,valid_from,valid_to\n"
    ended = head + "98,另一省,省级,,2020-01-01,2024-01-01\n"
    take(world, ended, enter=True, form=DIVISION_LIST)
    assert take(world, ended, enter=True, form=DIVISION_LIST, uid="t/2").entered == 1
    assert Division.objects.filter(code="98").count() == 1
    again = take(
        world, head + "98,另一省,省级,,2023-01-01,\n", enter=True, form=DIVISION_LIST, uid="t/3"
    )
    assert [e.code for e in again.preview.errors] == ["overlaps"]
    later = take(
        world, head + "98,另一省,省级,,2024-01-01,\n", enter=True, form=DIVISION_LIST, uid="t/4"
    )
    assert later.entered == 1
