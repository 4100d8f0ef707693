"""Taking over a list of organs from CSV: preview with row errors first, then all of it or nothing."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dengwen.cases.checking import Refused
from dengwen.cases.perform import Call, Performed, perform_many
from dengwen.desk.registry import is_registrar
from dengwen.desk.seat import Seat, at_desk, uid_of
from dengwen.desk.uploaded_lists import carried, uploaded
from dengwen.organs.errors import RegistryError
from dengwen.organs.importing import ORGAN_COLUMNS, OrganPreview, preview_organs
from dengwen.organs.models import Organ

"""A list travels inside the page from preview to confirmation; larger ones go by the command line."""
ROWS_SHOWN = 200



@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def import_organs(seat: Seat) -> HttpResponse:
    """Show the form, the preview of a list, or register it."""
    if not is_registrar(seat):
        raise Http404
    if seat.request.method != "POST":
        return _page(seat)
    data = uploaded(seat.request)
    if data is None:
        return _page(seat, error=_("请选择一个不超过 1 MB 的 CSV 文件；更大的用命令行导入。"))
    try:
        known = list(Organ.objects.on(seat.today).values_list("code", flat=True))
        preview = preview_organs(data, day=seat.today, known=known)
    except RegistryError as error:
        return _page(seat, error=_words(seat, error))
    if "confirm" not in seat.request.POST or preview.errors:
        return _page(seat, preview, data)
    return _register(seat, preview, data)


def _words(seat: Seat, error: RegistryError) -> str:
    zh = seat.language == "zh"
    return f"{error.where}：{error.zh}。{error.mend_zh}。" if zh else f"{error.where}: {error.en}. {error.mend_en}."


def _register(seat: Seat, preview: OrganPreview, data: bytes) -> HttpResponse:
    """Register every organ of the list in one commit; the same list confirmed twice is registered once."""
    uid = uid_of(seat)
    calls = [Call((step,), seat.by, seat.now, f"{uid}/{n}") for n, step in enumerate(preview.steps())]
    try:
        outcomes = perform_many(calls)
    except RegistryError as error:
        return _page(seat, preview, data, error=_words(seat, error))
    failed = [(preview.rows[n].row, o.error) for n, o in enumerate(outcomes) if o.error is not None]
    if failed:
        row, reason = failed[0]
        text = _refusal(seat, reason)
        return _page(seat, preview, data, error=_("第 %(row)s 行没有登记：%(why)s") % {"row": row, "why": text})
    count = sum(isinstance(o.performed, Performed) for o in outcomes)
    messages.success(seat.request, _("已登记 %(count)s 个机关、单位。") % {"count": count})
    return redirect("desk:registry")


def _refusal(seat: Seat, reason: Exception | None) -> str:
    if isinstance(reason, Refused):
        return "；".join(r.zh if seat.language == "zh" else r.en for r in reason.reasons)
    return str(reason)


def _page(seat: Seat, preview: OrganPreview | None = None, data: bytes = b"", error: str = "") -> HttpResponse:
    wrong = bool(error or (preview and preview.errors))
    zh = seat.language == "zh"
    errors = [(e.row, e.column, e.zh if zh else e.en) for e in preview.errors] if preview else []
    rows = [(r.row, r.code, r.texts.get("name_zh", ""), "、".join(r.parents)) for r in preview.rows] if preview else []
    return seat.page(
        "import.html", "registry", 422 if wrong else 200, preview=preview, errors=errors[:ROWS_SHOWN],
        rows=rows[:ROWS_SHOWN], count=len(rows), wrong=len(errors), error=error, columns="、".join(ORGAN_COLUMNS),
        **carried(b"" if errors else data),
        uid=uid_of(seat), shown=ROWS_SHOWN,
    )
