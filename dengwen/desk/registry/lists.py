"""Taking over a list of organs or of divisions from CSV: preview with row errors first, then all
of it or nothing."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dengwen.cases.write.list_entry import ListForm, Preview, Taken, take_list
from dengwen.desk.registry.organs import is_registrar
from dengwen.desk.shell.seat import Seat, at_desk, uid_of
from dengwen.desk.shell.uploaded_list import carried, uploaded
from dengwen.organs.errors import RegistryError
from dengwen.organs.kinds import accepted
from dengwen.organs.lists.division_list import DivisionPreview
from dengwen.organs.lists.organ_list import OrganPreview

ROWS_SHOWN = 200
"""A list travels inside the page from preview to confirmation; larger ones go by the command
line."""
ORGANS, DIVISIONS = ListForm(), ListForm(divisions=True)


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
    zh = seat.language == "zh"
    return (
        f"{error.where}：{error.zh}。{error.mend_zh}。"
        if zh
        else f"{error.where}: {error.en}. {error.mend_en}."
    )


def _pair(seat: Seat, zh: str, en: str) -> str:
    return zh if seat.language == "zh" else en


def _entered(seat: Seat, form: ListForm, taken: Taken) -> HttpResponse:
    if form.divisions:
        said = _("已采用 %(entered)s 行行政区划。") % {"entered": taken.entered}
    else:
        said = _("已登记 %(count)s 个机关、单位。") % {"count": taken.entered}
    messages.success(seat.request, said)
    return redirect("desk:registry")


def _page(
    seat: Seat, form: ListForm, preview: Preview | None = None, data: bytes = b"", error: str = ""
) -> HttpResponse:
    wrong = bool(error or (preview and preview.errors))
    zh = seat.language == "zh"
    errors = (
        [(e.row, e.column, e.value, e.why_zh if zh else e.why_en) for e in preview.errors]
        if preview
        else []
    )
    rows = _rows(preview)
    words = [accepted(name)[0 if zh else 1] for name in ("kind", "level")]
    return seat.page(
        "registry/lists.html",
        "registry",
        422 if wrong else 200,
        preview=preview,
        errors=errors[:ROWS_SHOWN],
        rows=rows[:ROWS_SHOWN],
        count=len(rows),
        wrong=len(errors),
        error=error,
        columns="、".join(form.headings),
        divisions=form.divisions,
        kinds=words[0],
        levels=words[1],
        unread="、".join(preview.unread) if preview else "",
        **carried(b"" if errors else data),
        uid=uid_of(seat),
        shown=ROWS_SHOWN,
    )


def _rows(preview: Preview | None) -> list[tuple[int, str, str, str]]:
    """Return what would be registered: row, code, name, parents."""
    if isinstance(preview, OrganPreview):
        return [
            (r.row, r.code, r.texts.get("name_zh", ""), "、".join(r.parents)) for r in preview.rows
        ]
    if isinstance(preview, DivisionPreview):
        return [(n, r.code, r.name, r.parent_code) for n, r in enumerate(preview.rows, start=2)]
    return []
