"""A list: its columns declared once, and what an address asks of it: order, page, filter.

Everything a reader chose stands in the address, so that it can be sent to a colleague. The rows
come in already walled; nothing here asks for a row that was not handed in, and nothing is counted
that the reader may not see. A column is sorted by what its cells show, never by what they hide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Literal

from django.db.models import F, QuerySet
from django.http import QueryDict
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dengwen.ui.cells import Cell, Part, unseen

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from dengwen.ui.list_filter import ListFilter

OK, UNPROCESSABLE = 200, 422
MOST_PAGES = 10_000
"""Pages that can be asked for: a page is found by counting rows, and nobody reads so many."""
COUNTED = 1000
"""Rows of a query that are counted at most, so that a long list costs no more than a short one."""
Rows = QuerySet[Any] | Sequence[Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in addresses, its head, and how a cell is made of a line.

    `sort` names the fields of a row that order the list by this column, the first one first; they
    say no more than the cell shows. `label` stands before the cell on a narrow screen where the
    head is too long for it. `idle` says whether a cell says nothing and is left out there. A list
    whose page draws its lines itself has columns without cells, for their orders alone.
    """

    name: str
    words: StrOrPromise
    cell: Cell | Part = unseen
    sort: tuple[str, ...] = ()
    label: StrOrPromise = ""
    idle: Callable[[Any], bool] | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column as the page shows it; `href` sorts by it."""

    name: str
    words: str
    href: str = ""
    order: Literal["", "ascending", "descending"] = ""


@dataclass(frozen=True, slots=True)
class Address:
    """What an address asks of a list, and what of it cannot be answered."""

    column: Column | None = None
    descending: bool = False
    page: int = 1
    wrong: tuple[str, ...] = ()

    @property
    def sort(self) -> str:
        """The order as addresses write it, "" for the order the list comes in."""
        if self.column is None:
            return ""
        return f"-{self.column.name}" if self.descending else self.column.name


@dataclass(frozen=True, slots=True)
class Slice:
    """The rows of one page; `total` is None where they were not counted, `least` where there are
    more than were counted."""

    rows: Sequence[Any]
    begins: int
    more: bool
    total: int | None
    least: bool = False


@dataclass(frozen=True, slots=True)
class ListOf:
    """What a list is: declared once, at the head of the module of its page.

    `nothing` says what an empty list would hold. `order` are the words for the order in which the
    rows come in. `name` sets one list apart from another on the same page. A list with `counts` 0
    is too dear to count: it only says whether more follows.
    """

    caption: StrOrPromise
    columns: tuple[Column, ...] = ()
    nothing: StrOrPromise = ""
    order: StrOrPromise = ""
    size: int = 50
    name: str = ""
    counts: int = COUNTED

    def shown(
        self,
        query: QueryDict,
        rows: Rows,
        lines: Callable[[Sequence[Any]], Iterable[Any]] = list,
        wanted: ListFilter | None = None,
    ) -> ListTable:
        """Return the page of the list that an address asks for; only its rows are made `lines`."""
        asked = self._asked(query)
        ordered = _ordered(rows, asked.column, descending=asked.descending)
        part = _slice(ordered, asked.page, self.size, self.counts)
        if not part.rows and asked.page > 1:
            asked = Address(asked.column, asked.descending, 1, (*asked.wrong, _no_page()))
            part = _slice(ordered, 1, self.size, self.counts)
        return ListTable(self, query, asked, part, tuple(lines(part.rows)), wanted)

    def fixed(self, lines: Iterable[Any]) -> ListTable:
        """Return the list whole and in its own order: what stands on a page that was posted."""
        whole = tuple(lines)
        part = Slice(whole, 0, more=False, total=len(whole))
        return ListTable(self, None, Address(), part, whole)

    def keyed(
        self, query: QueryDict, lines: Iterable[Any], after: str, wanted: ListFilter | None = None
    ) -> ListTable:
        """Return a page of a long list that goes on after a key ("" on the last page)."""
        whole = tuple(lines)
        part = Slice(whole, 0, more=bool(after), total=None)
        asked = Address(wrong=self._asked(query).wrong)
        return ListTable(self, query, asked, part, whole, wanted, after)

    def is_sorted(self, query: QueryDict) -> bool:
        """Say whether an address asks for another order than that in which the rows come in."""
        return self._asked(query).column is not None

    def parameter(self, name: str) -> str:
        """Return how addresses call something of this list."""
        return f"{self.name}-{name}" if self.name else name

    def _asked(self, query: QueryDict) -> Address:
        """Read what an address asks for; what cannot be answered is said and left out."""
        wrong = []
        typed = query.get(self.parameter("sort"), "")
        column = self._sorted_by(typed.removeprefix("-"))
        if typed and column is None:
            wrong.append(_("没有这样的排列方式，按原来的顺序列出。"))
        page = _page_number(query.get(self.parameter("page"), "1"))
        if page is None:
            wrong.append(_no_page())
        return Address(column, typed.startswith("-"), page or 1, tuple(wrong))

    def _sorted_by(self, name: str) -> Column | None:
        """Return the column of a name by which the list can be sorted."""
        return next((one for one in self.columns if one.sort and one.name == name), None)


@dataclass(frozen=True, slots=True)
class ListTable:
    """A list as one page shows it."""

    of: ListOf
    query: QueryDict | None
    asked: Address
    part: Slice
    lines: tuple[Any, ...]
    wanted: ListFilter | None = None
    after: str = ""

    @property
    def uid(self) -> str:
        """The id of the list on the page."""
        return f"list-{self.of.name}" if self.of.name else "list"

    @property
    def asks(self) -> bool:
        """Whether its address can ask anything of the list."""
        return self.query is not None

    @property
    def wrong(self) -> tuple[str, ...]:
        """What of the address could not be answered, in whole sentences."""
        return self.asked.wrong

    @property
    def status(self) -> int:
        """The status of the page: an address that asks for what is not there is answered, and
        refused."""
        refused = self.wrong or (self.wanted is not None and self.wanted.errors)
        return UNPROCESSABLE if refused else OK

    @property
    def filters(self) -> bool:
        """Whether there is something to narrow, or to answer about the address."""
        return (self.wanted is not None and bool(self.lines)) or self.narrowed or self.status != OK

    @property
    def filled(self) -> bool:
        """Whether the list has something to show or to answer, even where no row is left."""
        return bool(self.lines) or bool(self.wrong) or self.narrowed

    @property
    def narrowed(self) -> bool:
        """Whether a filter leaves rows out."""
        return self.wanted is not None and self.wanted.opens and bool(self.wanted.chosen)

    @property
    def sortable(self) -> bool:
        """Whether any head sorts the list."""
        return self.query is not None and any(column.sort for column in self.of.columns)

    def heads(self) -> Iterator[Head]:
        """Yield the heads of the columns; a second choice of the same one turns the order round, a
        third one gives the list as it comes in."""
        for column in self.of.columns:
            words = str(column.words)
            if self.query is None or not column.sort:
                yield Head(column.name, words)
            elif column is not self.asked.column:
                yield Head(column.name, words, self._href("sort", column.name))
            elif self.asked.descending:
                yield Head(column.name, words, self._href("sort", ""), "descending")
            else:
                yield Head(column.name, words, self._href("sort", f"-{column.name}"), "ascending")

    def body(self, page: Context) -> SafeString:
        """Return the rows, made of cells that escape what they show; a cell of a template of its
        own also knows what its page knows."""
        drawn = [
            _drawn(column, page, first=place == 0) for place, column in enumerate(self.of.columns)
        ]
        rows = []
        for line in self.lines:
            cells = "".join(draw(line) for draw in drawn)
            rows.append(f"<tr>{cells}</tr>")
        return SafeString("".join(rows))

    @property
    def previous(self) -> str:
        """The address of the page before, "" on the first."""
        return self._href("page", str(self.asked.page - 1)) if self.asked.page > 1 else ""

    @property
    def following(self) -> str:
        """The address of the next page, "" on the last."""
        if not self.part.more:
            return ""
        if self.after:
            return self._href("after", self.after)
        return self._href("page", str(self.asked.page + 1))

    @property
    def everything(self) -> str:
        """The address of the list without its filter."""
        names = self.wanted.names() if self.wanted is not None else ()
        return self._href("page", "", without=names)

    def carried(self) -> list[tuple[str, str]]:
        """Return what the form of the filter carries along: everything else the address says."""
        if self.query is None:
            return []
        own = {self.of.parameter("page"), self.of.parameter("after")}
        if self.wanted is not None:
            own |= set(self.wanted.names())
        return [(name, value) for name, value in _pairs(self.query) if name not in own]

    def count_words(self) -> str:
        """Say how many rows there are, and which of them are shown."""
        part = self.part
        shown = len(self.lines)
        if part.total is None:
            return _more_words(shown) if part.more else _total_words(shown)
        if not part.more and part.begins == 0:
            return _total_words(part.total)
        total = _least_words(part.total) if part.least else _total_words(part.total)
        span = {"first": part.begins + 1, "last": part.begins + shown, "total": total}
        return _("第 %(first)s–%(last)s 行，%(total)s") % span

    def order_words(self) -> str:
        """Say in which order the rows stand, "" where nobody said."""
        if self.asked.column is None:
            return str(self.of.order)
        words = {"column": self.asked.column.words}
        if self.asked.descending:
            return _("按“%(column)s”降序排列") % words
        return _("按“%(column)s”升序排列") % words

    def said(self) -> list[str]:
        """Say how many rows there are, how they are sorted, what is left out."""
        filtered = self.wanted.said() if self.wanted is not None else ""
        counted = self.count_words() if self.lines or filtered else ""
        order = self.order_words() if len(self.lines) > 1 else ""
        return [words for words in (counted, order, filtered) if words]

    def _href(self, name: str, value: str, without: Iterable[str] = ()) -> str:
        """Return this address with one thing of the list changed; another order begins on the
        first page."""
        if self.query is None:
            return ""
        own = self.of.parameter(name)
        left_out = {own, self.of.parameter("page"), self.of.parameter("after"), *without}
        asked = QueryDict(mutable=True)
        for key, kept in _pairs(self.query):
            if key not in left_out and kept:
                asked.appendlist(key, kept)
        if value and not (name == "page" and value == "1"):
            asked[own] = value
        return f"?{asked.urlencode()}"


def _pairs(query: QueryDict) -> Iterator[tuple[str, str]]:
    """Yield everything an address says, by name and value."""
    for name, values in query.lists():
        for value in values:
            yield name, str(value)


def _page_number(text: str) -> int | None:
    """Read the number of a page, None for what is none."""
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(MOST_PAGES))):
        return None
    number = int(text)
    return number if 1 <= number <= MOST_PAGES else None


def _no_page() -> str:
    """Say that a page is not there."""
    return _("没有这一页，从第一页列出。")


def _ordered(rows: Rows, column: Column | None, *, descending: bool) -> Rows:
    """Return rows in the order of a column, those without a value last; as they come in without
    one."""
    if column is None:
        return rows
    if isinstance(rows, QuerySet):
        order = []
        for name in column.sort:
            field = F(name)
            order.append(field.desc(nulls_last=True) if descending else field.asc(nulls_last=True))
        return rows.order_by(*order, "pk")
    return _ordered_here(rows, column.sort, descending=descending)


def _ordered_here(rows: Sequence[Any], names: tuple[str, ...], *, descending: bool) -> list[Any]:
    """Return rows that are in memory in the order of some attributes."""
    first = attrgetter(names[0])
    known = [row for row in rows if first(row) is not None]
    unknown = [row for row in rows if first(row) is None]
    return sorted(known, key=attrgetter(*names), reverse=descending) + unknown


def _slice(rows: Rows, page: int, size: int, counts: int) -> Slice:
    """Return one page of rows. They are counted only where more follow, and never beyond
    `counts`."""
    begins = (page - 1) * size
    found = list(rows[begins : begins + size + 1])
    shown = found[:size]
    more = len(found) > size
    if not isinstance(rows, QuerySet):
        return Slice(shown, begins, more, len(rows))
    if not more:
        return Slice(shown, begins, more, begins + len(shown))
    if counts == 0:
        return Slice(shown, begins, more, None)
    seen = begins + len(found)
    counted = rows.order_by()[: counts + 1].count() if seen <= counts else seen
    least = counted > counts
    return Slice(shown, begins, more, counts if counted == counts + 1 else counted, least)


def _total_words(number: int) -> str:
    """Say how many rows a list has."""
    return ngettext("共 %(number)s 行", "共 %(number)s 行", number) % {"number": number}


def _least_words(number: int) -> str:
    """Say that a list has more rows than were counted."""
    return _("共 %(number)s 行以上") % {"number": number}


def _more_words(number: int) -> str:
    """Say how many rows of a list are shown that goes on."""
    words = ngettext("本页 %(number)s 行，后面还有", "本页 %(number)s 行，后面还有", number)
    return words % {"number": number}


def _drawn(column: Column, page: Context, *, first: bool) -> Callable[[Any], str]:
    """Return what draws the cells of a column; those of the first one are the heads of the rows."""
    if first:
        begin, idle_begin, end = '<th scope="row">', "", "</th>"
    else:
        label = str(column.label or column.words)
        begin = format_html('<td data-label="{}">', label)
        idle_begin = format_html('<td class="zero" data-label="{}">', label)
        end = "</td>"
    cell = column.cell.on(page) if isinstance(column.cell, Part) else column.cell

    def draw(line: Any) -> str:  # noqa: ANN401  # a line is whatever its page makes it
        is_idle = column.idle is not None and column.idle(line)
        return f"{idle_begin if is_idle else begin}{cell(line)}{end}"

    return draw
