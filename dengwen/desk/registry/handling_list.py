"""An organ's list for lawful classified handling at the desk: the versions, and publishing a new
one from CSV.

A list is previewed with its row errors, then put in force from today or a later day by an act of
the registry case.
"""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dengwen.access.errors import AccessError
from dengwen.cases.read.case_view import blank_file
from dengwen.cases.write.check import Refused
from dengwen.cases.write.perform import Call, perform_all
from dengwen.desk.registry.organs import is_registrar
from dengwen.desk.shell.act.code_words import names_of
from dengwen.desk.shell.act.forms import read_day
from dengwen.desk.shell.act.uploaded_list import carried, uploaded
from dengwen.desk.shell.frame.seat import Seat, at_desk, organ_name, uid_of
from dengwen.law.bilingual import words_in
from dengwen.law.duties.step import Step
from dengwen.organs.errors import RegistryError
from dengwen.organs.lists.handling_list import COLUMNS, ListPreview, preview_list
from dengwen.organs.lists.import_tray import list_digest, stage_list
from dengwen.organs.models import HandlingEntry, HandlingList, Organ

ROWS_SHOWN = 200
TEMPLATE = "registry/handling_list.html"


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def organ_list(seat: Seat, code: str) -> HttpResponse:
    """Show the list of an organ in force on a day, its versions, and for its head the way to
    publish a new one."""
    organ = Organ.objects.filter(code=code).first()
    if organ is None:
        raise Http404
    if seat.request.method != "POST":
        return _page(seat, organ)
    if not may_publish(seat, organ):
        raise Http404
    data = uploaded(seat.request)
    if data is None:
        return _page(seat, organ, error=_("请选择一个不超过 1 MB 的 CSV 文件。"))
    try:
        preview = preview_list(data, _paths(seat, organ))
    except RegistryError as error:
        return _page(seat, organ, error=_words(seat, error))
    if "confirm" not in seat.request.POST or preview.errors:
        return _page(seat, organ, preview, data)
    return _publish(seat, organ, preview, data)


def may_publish(seat: Seat, organ: Organ) -> bool:
    """Say whether the seat may publish: every department draws up its own list, so its head; the
    registrar (S 5)."""
    own = seat.organ is not None and seat.organ.pk == organ.pk and "head" in seat.capacities
    return own or is_registrar(seat)


def _pair(seat: Seat, zh: str, en: str) -> str:
    return zh if seat.language == "zh" else en


def _words(seat: Seat, error: RegistryError | AccessError) -> str:
    return _pair(seat, f"{error.zh}。{error.mend_zh}。", f"{error.en}. {error.mend_en}.")


def _paths(seat: Seat, organ: Organ) -> frozenset[str]:
    """Return the lawful paths the rules of the place know, so that a list names none that does
    not exist."""
    classify = blank_file("petition", organ.division_code, seat.now).kind.acts.get("classify")
    field = classify.field_rule("path") if classify else None
    return frozenset(field.options) if field else frozenset()


def _publish(seat: Seat, organ: Organ, preview: ListPreview, data: bytes) -> HttpResponse:
    start = read_day(seat.request.POST.get("from", ""))
    if start is None:
        return _page(seat, organ, preview, data, error=_("请写明生效日期。"))
    step = Step(
        act="publish_list",
        case=organ.registry_case,
        fields={
            "organ": organ.code,
            "digest": list_digest(preview.rows),
            "count": len(preview.rows),
            "from": start,
        },
    )
    call = Call((step,), seat.by, seat.now, uid_of(seat))
    outcome = perform_all([call], first=partial(stage_list, preview.rows))[
        0
    ]  # a refused list stays in no tray
    if outcome.error is not None:
        return _page(seat, organ, preview, data, error=_refusal(seat, outcome.error))
    messages.success(seat.request, _("已公布清单，%(start)s 起生效。") % {"start": start})
    return redirect("desk:organ_list", code=organ.code)


def _refusal(seat: Seat, error: Exception) -> str:
    if isinstance(error, Refused):
        return "；".join(words_in(r, seat.language) for r in error.reasons)
    if isinstance(error, RegistryError | AccessError):
        return _words(seat, error)
    raise error


def _page(
    seat: Seat, organ: Organ, preview: ListPreview | None = None, data: bytes = b"", error: str = ""
) -> HttpResponse:
    versions = list(HandlingList.objects.filter(organ=organ).order_by("-version"))
    asked = seat.request.GET.get("version", "")
    now = next((v for v in versions if v.holds_on(seat.today)), None)
    shown = next(
        (v for v in versions if str(v.version) == asked), now or next(iter(versions), None)
    )
    names = names_of(seat, "category")
    entries = HandlingEntry.objects.filter(digest=shown.digest).order_by("row") if shown else ()
    rows = [(names.get(e.category, e.category), e) for e in entries]
    errors = (
        [(e.row, e.column, words_in(e, seat.language)) for e in preview.errors] if preview else []
    )
    new = preview.rows[:ROWS_SHOWN] if preview and not errors else ()
    coming = [(names.get(e.category, e.category), e) for e in new]
    return seat.page(
        TEMPLATE,
        "registry",
        422 if error or errors else 200,
        organ=organ,
        name=organ_name(organ, seat.language),
        versions=versions,
        shown=shown,
        now=now,
        rows=rows,
        registrar=may_publish(seat, organ),
        error=error,
        errors=errors[:ROWS_SHOWN],
        wrong=len(errors),
        uid=uid_of(seat),
        columns="、".join(COLUMNS),
        preview=coming,
        count=len(preview.rows) if preview else 0,
        **carried(b"" if errors else data),
        begins=seat.request.POST.get("from") or seat.today.isoformat(),
    )
