"""Taking over a list of organs or of divisions from CSV: preview with row errors first, then all
of it or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods

from dengwen.cases.write.list_entry import ListForm, Preview, Taken, take_list
from dengwen.desk.registry.organs import is_registrar
from dengwen.desk.shell.act.uploaded_list import carried, uploaded
from dengwen.desk.shell.frame.seat import Seat, at_desk, uid_of
from dengwen.law.bilingual import words_in
from dengwen.organs.errors import RegistryError
from dengwen.organs.kinds import accepted
from dengwen.organs.lists.csv_table import RowError
from dengwen.organs.lists.division_list import DivisionPreview
from dengwen.organs.lists.organ_list import OrganPreview, OrganRow
from dengwen.ui.cells import number, text, words
from dengwen.ui.list_table import Column, ListOf

ROWS_SHOWN = 200
"""A list travels inside the page from preview to confirmation; larger ones go by the command
line."""
ROW = Column("row", _lazy("行"), number("row"))
COMING = ListOf(
    caption=_lazy("将登记的机关、单位"),
    columns=(
        ROW,
        Column("code", _lazy("代码"), number("code")),
        Column("name", _lazy("名称"), text("name")),
        Column("parents", _lazy("上级"), number("parents")),
    ),
)
ERRORS = ListOf(
    caption=_lazy("要改的行"),
    columns=(
        ROW,
        Column("column", _lazy("列"), number("column")),
        Column("value", _lazy("写的是"), text("value")),
        Column("why", _lazy("为什么，怎样改"), words("why"), label=_lazy("说明")),
    ),
)
ORGANS, DIVISIONS = ListForm(), ListForm(divisions=True)


@dataclass(frozen=True, slots=True)
class ComingRow:
    """One row of a list that would be registered."""

    row: int
    code: str
    name: str
    parents: str


@dataclass(frozen=True, slots=True)
class WrongCell:
    """What is wrong in a row of a list: in which column, what stands there, and why."""

    row: int
    column: str
    value: str
    why: str


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def import_organs(seat: Seat) -> HttpResponse:
    """Show the form for a list of organs, the preview of one, or register it."""
    return _answer(seat, ORGANS)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def import_divisions(seat: Seat) -> HttpResponse:
    """Show the form for a list of divisions, the preview of one, or take it over."""
    return _answer(seat, DIVISIONS)


def _answer(seat: Seat, form: ListForm) -> HttpResponse:
    """Show the form, preview the list sent, or take it over once it is confirmed and has no
    error."""
    if not is_registrar(seat):
        raise Http404
    if seat.request.method != "POST":
        return _page(seat, form)
    data = uploaded(seat.request)
    if data is None:
        return _page(seat, form, error=_("请选择一个不超过 1 MB 的 CSV 文件；更大的用命令行导入。"))
    confirmed = "confirm" in seat.request.POST
    try:
        taken = take_list(
            data, form, by=seat.by, now=seat.now, day=seat.today, uid=uid_of(seat), enter=confirmed
        )
    except RegistryError as error:
        return _page(seat, form, error=_words(seat, error))
    if confirmed and not taken.preview.errors:
        return _entered(seat, form, taken)
    return _page(seat, form, taken.preview, data)


def _words(seat: Seat, error: RegistryError) -> str:
    """Return where a list is wrong, why, and the mend."""
    chinese = f"{error.where}：{error.zh}。{error.mend_zh}。"
    english = f"{error.where}: {error.en}. {error.mend_en}."
    return words_in((chinese, english), seat.language)


def _entered(seat: Seat, form: ListForm, taken: Taken) -> HttpResponse:
    """Say how many rows were taken over, above the registry."""
    if form.divisions:
        said = _("已采用 %(entered)s 行行政区划。") % {"entered": taken.entered}
    else:
        said = _("已登记 %(count)s 个机关、单位。") % {"count": taken.entered}
    messages.success(seat.request, said)
    return redirect("desk:registry")


def _page(
    seat: Seat, form: ListForm, preview: Preview | None = None, data: bytes = b"", error: str = ""
) -> HttpResponse:
    """Render the form for a list, with the preview of one and what was refused."""
    errors = preview.errors if preview else ()
    return seat.page(
        "registry/lists.html",
        "registry",
        422 if error or errors else 200,
        error=error,
        columns="、".join(form.headings),
        divisions=form.divisions,
        kinds=words_in(accepted("kind"), seat.language),
        levels=words_in(accepted("level"), seat.language),
        uid=uid_of(seat),
        shown=ROWS_SHOWN,
        **_previewed(seat, preview),
        **carried(b"" if errors else data),
    )


def _previewed(seat: Seat, preview: Preview | None) -> dict[str, Any]:
    """Return the rows that would be registered, those that are wrong and why, and the columns not
    read."""
    rows = _rows(preview)
    errors = preview.errors if preview else ()
    return {
        "preview": preview,
        "rows": COMING.fixed(rows[:ROWS_SHOWN]),
        "count": len(rows),
        "errors": ERRORS.fixed(_error_words(seat, one) for one in errors[:ROWS_SHOWN]),
        "wrong": len(errors),
        "unread": "、".join(preview.unread) if preview else "",
    }


def _error_words(seat: Seat, error: RowError) -> WrongCell:
    """Return an error of a row as the page shows it."""
    return WrongCell(
        error.row,
        error.column,
        error.value,
        words_in((error.why_zh, error.why_en), seat.language),
    )


def _rows(preview: Preview | None) -> list[ComingRow]:
    """Return what would be registered."""
    if isinstance(preview, OrganPreview):
        return [_organ_row(row) for row in preview.rows]
    rows = []
    if isinstance(preview, DivisionPreview):
        for place, row in enumerate(preview.rows, start=2):
            rows.append(ComingRow(place, row.code, row.name, row.parent_code))
    return rows


def _organ_row(row: OrganRow) -> ComingRow:
    """Return an organ of a list."""
    return ComingRow(
        row.row,
        row.code,
        row.texts.get("name_zh", ""),
        "、".join(row.parents),
    )
