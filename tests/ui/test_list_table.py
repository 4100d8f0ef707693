"""A list: what its address asks for, in which order and on which page, and what it says of
itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

import pytest
from django.http import QueryDict
from django.template import Context, Template
from django.template.loader import render_to_string

from dengwen.organs.models import DivisionStage
from dengwen.ui.cells import day, linked, number, text
from dengwen.ui.components import Frame
from dengwen.ui.form_fields import Day, OneOf
from dengwen.ui.list_filter import ListFilter, Search
from dengwen.ui.list_table import Column, ListOf, ListTable


@dataclass(frozen=True)
class Row:
    """An invented row; `secret` is on no page."""

    name: str
    due: date | None
    count: int
    href: str = "/x/"
    number: str = "YJ01"
    secret: int = 0


LIST = ListOf(
    caption="示例清单",
    columns=(
        Column("name", "名称", linked("name")),
        Column("due", "末日", day("due"), sort=("due", "name")),
        Column("count", "件数", number("count"), sort=("count",)),
        Column("words", "说明", text("name")),
    ),
    nothing="还没有示例。",
    order="按示例的顺序",
    size=3,
)


class Wanted(ListFilter):
    """A filter with a field of each kind."""

    kind = OneOf(label="类别", choices=[("a", "甲"), ("b", "乙")])
    q = Search(label="名称")
    since = Day(label="不早于")


ROWS = [Row(f"示例{n}", None if n == 4 else date(2025, 1, 10 - n), n % 3) for n in range(8)]


def asked(address: str, rows: object = None, of: ListOf = LIST) -> ListTable:
    return of.shown(QueryDict(address), ROWS if rows is None else rows)  # type: ignore[arg-type]  # rows of a test


def names(table: ListTable) -> list[str]:
    return [line.name for line in table.lines]


def drawn(table: ListTable, **around: object) -> str:
    page = Template("{% load ui %}{% list_table table %}")
    return page.render(Context({"table": table, **around}))


def test_a_list_comes_in_its_own_order_page_by_page():
    assert names(asked("")) == ["示例0", "示例1", "示例2"]
    assert names(asked("page=3")) == ["示例6", "示例7"]
    assert asked("").following == "?page=2"
    assert asked("page=2").previous == "?"
    assert asked("page=3").following == ""
    assert asked("page=2").said() == ["第 4–6 行，共 8 行", "按示例的顺序"]


def test_a_column_sorts_both_ways_and_rows_without_a_value_come_last():
    assert names(asked("sort=due"))[0] == "示例7"
    assert names(asked("sort=-due"))[0] == "示例0"
    for address in ("sort=due&page=3", "sort=-due&page=3"):
        assert names(asked(address))[-1] == "示例4"
    assert asked("sort=-due").order_words() == "按“末日”降序排列"


def test_a_head_leads_on_from_one_order_to_the_next():
    def href(address: str) -> str:
        return next(head.href for head in asked(address).heads() if head.name == "due")

    assert href("page=2") == "?sort=due"
    assert href("sort=due") == "?sort=-due"
    assert href("sort=-due") == "?"
    assert [head.name for head in asked("").heads() if head.href] == ["due", "count"]


@pytest.mark.parametrize(
    "address",
    [
        "sort=secret",
        "sort=name",
        "sort=--due",
        "sort=-",
        "sort=due%00",
        "sort=%27%3B+DROP+TABLE+cases%3B--",
        "sort=" + "x" * 5000,
        "page=0",
        "page=-1",
        "page=1e3",
        "page=1000000000",
        "page=99999",
        "page=4",
        "page=９",
        "page=%F0%9F%98%80",
        "page=",
        "page=1%00",
    ],
)
def test_what_an_address_cannot_ask_for_is_said_and_the_list_shown_from_its_beginning(address: str):
    table = asked(address)
    assert table.status == 422
    assert len(table.wrong) == 1
    assert names(table) == ["示例0", "示例1", "示例2"]
    page = drawn(table)
    assert 'role="alert"' in page
    assert "DROP TABLE" not in page, "what was typed is not said again"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["page=10000", "page=4", "sort=-code&page=4"])
def test_a_page_beyond_the_last_of_a_query_is_said(address: str):
    _divisions(8)
    table = asked(address, DivisionStage.objects.order_by("code"), BY_CODE)
    assert table.status == 422
    assert len(table.lines) == 3


BY_CODE = ListOf(
    caption="区划",
    columns=(Column("code", "代码", number("code"), sort=("code",)),),
    size=3,
)


def _divisions(count: int) -> None:
    for n in range(count):
        DivisionStage.objects.create(
            digest="x", row=n, code=f"90{n:04}", name=f"示例{n}", valid_from=date(2018, 1, 2)
        )


@pytest.mark.django_db
def test_a_query_is_counted_only_where_more_follows_and_never_beyond_its_bound(
    django_assert_num_queries,
):
    _divisions(8)
    rows = DivisionStage.objects.order_by("code")
    with django_assert_num_queries(2):
        assert asked("", rows, BY_CODE).count_words() == "第 1–3 行，共 8 行"
    with django_assert_num_queries(1):
        assert asked("page=3", rows, BY_CODE).count_words() == "第 7–8 行，共 8 行"
    short = ListOf(caption="", columns=BY_CODE.columns, size=3, counts=5)
    assert asked("", rows, short).count_words() == "第 1–3 行，共 5 行以上"
    dear = ListOf(caption="", columns=BY_CODE.columns, size=3, counts=0)
    with django_assert_num_queries(1):
        assert asked("", rows, dear).count_words() == "本页 3 行，后面还有"
    assert asked("sort=-code", rows, BY_CODE).lines[0].code == "900007"


def test_an_address_keeps_what_else_it_asks_for():
    table = asked("year=2025&kind=a&page=2&other-sort=-x")
    assert table.following == "?year=2025&kind=a&other-sort=-x&page=3"
    hrefs = {head.href for head in table.heads() if head.href}
    assert hrefs == {
        "?year=2025&kind=a&other-sort=-x&sort=due",
        "?year=2025&kind=a&other-sort=-x&sort=count",
    }


def test_two_lists_of_a_page_are_asked_apart():
    one, other = (ListOf(caption=n, columns=LIST.columns, size=3, name=n) for n in ("a", "b"))
    query = QueryDict("a-sort=-count&b-page=2")
    first, second = one.shown(query, ROWS), other.shown(query, ROWS)
    assert [line.count for line in first.lines] == [2, 2, 1]
    assert names(second) == ["示例3", "示例4", "示例5"]
    assert first.following == "?a-sort=-count&b-page=2&a-page=2"


def test_a_filter_narrows_says_so_and_carries_the_order_along():
    query = QueryDict("kind=b&sort=-due&page=2&year=2025&since=2025-01-05")
    wanted = Wanted(query)
    assert wanted.chosen == {"kind": "b", "since": date(2025, 1, 5)}
    table = LIST.shown(query, ROWS, wanted=wanted)
    assert table.said()[-1] == "只列：类别 乙，不早于 2025-01-05 周日"
    assert table.carried() == [("sort", "-due"), ("year", "2025")]
    assert table.everything == "?sort=-due&year=2025"


def test_of_a_name_that_stands_twice_in_an_address_the_last_one_counts():
    assert Wanted(QueryDict("kind=c&kind=b&q=x&q=")).chosen == {"kind": "b"}


@pytest.mark.parametrize("typed", ["2025-01-05", "2025/1/5", "2025.1.05"])
def test_a_day_is_read_as_people_write_it(typed: str):
    assert Wanted(QueryDict(f"since={typed}")).chosen == {"since": date(2025, 1, 5)}


@pytest.mark.parametrize(
    "typed",
    [
        "kind=c",
        "kind=%00",
        "kind=a%00",
        "since=2025-01-05%00",
        "q=%00",
        "q=" + "长" * 61,
        "since=x",
        "since=0001-01-01",
        "since=9999-12-31",
    ],
)
def test_what_is_typed_wrong_in_a_filter_narrows_nothing_and_is_said_at_its_field(typed: str):
    query = QueryDict(typed)
    wanted = Wanted(query)
    table = LIST.shown(query, ROWS, wanted=wanted)
    assert wanted.chosen == {}
    assert table.status == 422
    assert 'class="error"' in drawn(table)


def test_a_list_can_be_heard():
    page = drawn(asked("sort=due"))
    assert '<caption class="vh">示例清单</caption>' in page
    assert page.count('scope="row"') == 3
    assert page.count('scope="col"') == 4
    assert page.count("aria-sort=") == 1
    assert 'aria-sort="ascending"' in page
    assert '<td data-label="件数">' in page
    assert re.search(r'role="status">[^<]*共 8 行', page)


def test_an_empty_list_says_what_it_would_hold_and_an_emptied_one_that_nothing_fits():
    assert "还没有示例。" in drawn(asked("", []))
    query = QueryDict("kind=a")
    assert "没有符合所选条件的行。" in drawn(LIST.shown(query, [], wanted=Wanted(query)))


def test_what_people_wrote_is_escaped_everywhere():
    hostile = "<script>alert(1)</script>"
    rows = [Row(hostile, None, 1, href='"><img src=x onerror=1>', number=hostile)]
    query = QueryDict("q=%22%3E%3Cscript%3E&x=%22%3E%3Cscript%3E")
    page = drawn(LIST.shown(query, rows, wanted=Wanted(query)))
    assert "<script" not in page
    assert "<img" not in page


def test_a_fixed_list_has_neither_filter_nor_order():
    page = drawn(LIST.fixed(ROWS))
    assert page.count("<tr") == 9
    assert 'href="?' not in page
    assert "role=" not in page


def test_a_page_that_is_a_list_and_nothing_else_needs_no_template_of_its_own():
    page = render_to_string(
        "desk/shell/list_page.html",
        {"title": "示例页", "note": "这里列示例。", "table": asked("sort=-due"), "frame": Frame()},
    )
    assert "<h1>示例页</h1>" in page
    assert "这里列示例。" in page
    assert page.count('scope="row"') == 3


def test_an_empty_list_offers_no_filter_and_one_that_a_filter_emptied_does():
    query = QueryDict("")
    assert "<form" not in drawn(LIST.shown(query, [], wanted=Wanted(query)))
    for address in ("kind=a", "kind=x", "page=0"):
        query = QueryDict(address)
        page = drawn(LIST.shown(query, [], wanted=Wanted(query)))
        assert "<form" in page, "there is a way back"
