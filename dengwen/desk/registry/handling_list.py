"""An organ's list for lawful classified handling at the desk: the versions, and publishing a new
one from CSV.

A list is previewed with its row errors, then put in force from today or a later day by an act of
the registry case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, TypeVar

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods

from dengwen.access.errors import AccessError
from dengwen.cases.read.case_view import blank_file
from dengwen.cases.write.check import Refused
from dengwen.cases.write.perform import Call, perform_all
from dengwen.desk.registry.organs import is_registrar
from dengwen.desk.shell.act.code_words import names_of
from dengwen.desk.shell.act.uploaded_list import carried, uploaded
from dengwen.desk.shell.frame.seat import Seat, at_desk, organ_name, uid_of
from dengwen.law.bilingual import words_in
from dengwen.law.duties.step import Step
from dengwen.organs.errors import RegistryError
from dengwen.organs.lists.handling_list import COLUMNS, ListPreview, preview_list
from dengwen.organs.lists.import_tray import StagedEntry, list_digest, stage_list
from dengwen.organs.models import HandlingEntry, HandlingList, Organ
from dengwen.ui.cells import Part, number, text, words
from dengwen.ui.form_fields import AskedForm, Day, OneOf, form_of
from dengwen.ui.list_filter import ListFilter
from dengwen.ui.list_table import Column, ListOf, ListTable

ROWS_SHOWN = 200
Entry = TypeVar("Entry", HandlingEntry, StagedEntry)
DEMAND = Column(
    "demand", _lazy("诉求类型"), Part("desk/registry/_demand.html"), sort=("category", "row")
)
PATH = Column("path", _lazy("途径和程序"), Part("desk/registry/_path.html"), sort=("path", "row"))
TERM = Column("term", _lazy("期限"), text("entry.term"))
BASIS = Column("basis", _lazy("依据"), text("entry.basis"))
ENTRIES = ListOf(
    caption=_lazy("清单条目"),
    columns=(DEMAND, PATH, TERM, BASIS),
    nothing=_lazy("清单里没有条目。"),
    order=_lazy("按清单的顺序"),
    size=200,
)
COMING = ListOf(caption=_lazy("将公布的条目"), columns=ENTRIES.columns, name="coming")
ERRORS = ListOf(
    caption=_lazy("要改的行"),
    columns=(
        Column("row", _lazy("行"), number("row")),
        Column("column", _lazy("列"), number("column")),
        Column("why", _lazy("为什么，怎样改"), words("why"), label=_lazy("说明")),
    ),
    name="errors",
)


class Wanted(ListFilter):
    """The entries for one kind of demand."""

    category = OneOf(label=_lazy("诉求类型"))


TEMPLATE = "registry/handling_list.html"


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One entry of a list with its kind of demand in words."""

    category: str
    entry: HandlingEntry | StagedEntry


@dataclass(frozen=True, slots=True)
class WrongRow:
    """What is wrong in a row of a list that was sent."""

    row: int
    column: str
    why: str


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
    if is_registrar(seat):
        return True
    own = seat.organ is not None and seat.organ.pk == organ.pk
    return own and "head" in seat.capacities


def _words(seat: Seat, error: RegistryError | AccessError) -> str:
    """Return why something is refused, and the mend."""
    chinese = f"{error.zh}。{error.mend_zh}。"
    english = f"{error.en}. {error.mend_en}."
    return words_in((chinese, english), seat.language)


def _paths(seat: Seat, organ: Organ) -> frozenset[str]:
    """Return the lawful paths the rules of the place know, so that a list names none that does
    not exist."""
    rules = blank_file("petition", organ.division_code, seat.now).kind
    classify = rules.acts.get("classify")
    field = classify.field_rule("path") if classify else None
    return frozenset(field.options) if field else frozenset()


def _from(seat: Seat) -> AskedForm:
    """Return the form that asks from which day a list holds."""
    return form_of(seat.request, {"from": Day()})


def _publish(seat: Seat, organ: Organ, preview: ListPreview, data: bytes) -> HttpResponse:
    """Publish a previewed list from the day typed; a refused one stays in no tray."""
    start = _from(seat).understood.get("from")
    if start is None:
        return _page(seat, organ, preview, data, error=_("请写明生效日期。"))
    step = _publishing(organ, preview, start)
    call = Call((step,), seat.by, seat.now, uid_of(seat))
    (outcome,) = perform_all([call], first=partial(stage_list, preview.rows))
    if outcome.error is not None:
        why = _refusal(seat, outcome.error)
        return _page(seat, organ, preview, data, error=why)
    messages.success(seat.request, _("已公布清单，%(start)s 起生效。") % {"start": start})
    return redirect("desk:organ_list", code=organ.code)


def _publishing(organ: Organ, preview: ListPreview, start: date) -> Step:
    """Return the act of the registry case that puts a list in force from a day."""
    return Step(
        act="publish_list",
        case=organ.registry_case,
        fields={
            "organ": organ.code,
            "digest": list_digest(preview.rows),
            "count": len(preview.rows),
            "from": start,
        },
    )


def _refusal(seat: Seat, error: Exception) -> str:
    """Return why a list is not published; raise what is no refusal."""
    if isinstance(error, Refused):
        reasons = [words_in(reason, seat.language) for reason in error.reasons]
        return "；".join(reasons)
    if isinstance(error, RegistryError | AccessError):
        return _words(seat, error)
    raise error


def _page(
    seat: Seat, organ: Organ, preview: ListPreview | None = None, data: bytes = b"", error: str = ""
) -> HttpResponse:
    """Render the list of an organ, with the preview of a new one and what was refused."""
    errors = preview.errors if preview else ()
    demands = names_of(seat, "category")
    versions = _versions(seat, organ, demands)
    return seat.page(
        TEMPLATE,
        "registry",
        422 if error or errors else versions["table"].status,
        organ=organ,
        name=organ_name(organ, seat.language),
        registrar=may_publish(seat, organ),
        error=error,
        uid=uid_of(seat),
        columns="、".join(COLUMNS),
        begins=_from(seat).typed("from") or seat.today.isoformat(),
        **versions,
        **_previewed(seat, preview, demands),
        **carried(b"" if errors else data),
    )


def _versions(seat: Seat, organ: Organ, demands: Mapping[str, str]) -> dict[str, Any]:
    """Return the versions of a list, which holds now, and the rows of the one shown."""
    versions = list(HandlingList.objects.filter(organ=organ).order_by("-version"))
    now = next((one for one in versions if one.holds_on(seat.today)), None)
    shown = _version_asked(seat, versions) or now or next(iter(versions), None)
    return {
        "versions": versions,
        "shown": shown,
        "now": now,
        "table": _table(seat, shown, demands),
    }


def _table(seat: Seat, shown: HandlingList | None, demands: Mapping[str, str]) -> ListTable:
    """Return the entries of a version as a list, of one kind of demand where it is asked for."""
    rows = HandlingEntry.objects.filter(digest=shown.digest if shown is not None else "")
    known = rows.values_list("category", flat=True).order_by("category").distinct()
    offered = [(category, demands.get(category, category)) for category in known]
    wanted = Wanted(seat.request.GET, choices={"category": offered})
    if "category" in wanted.chosen:
        rows = rows.filter(category=wanted.chosen["category"])
    return ENTRIES.shown(
        seat.request.GET,
        rows.order_by("row"),
        lambda entries: _with_demands(entries, demands),
        wanted,
    )


def _version_asked(seat: Seat, versions: Iterable[HandlingList]) -> HandlingList | None:
    """Return the version that the address asks for, None where it asks for none there is."""
    asked = seat.request.GET.get("version", "")
    for one in versions:
        if str(one.version) == asked:
            return one
    return None


def _previewed(
    seat: Seat, preview: ListPreview | None, demands: Mapping[str, str]
) -> dict[str, Any]:
    """Return the rows that would be published, or those that are wrong and why."""
    rows = preview.rows if preview else ()
    errors = preview.errors if preview else ()
    wrong = [
        WrongRow(one.row, one.column, words_in(one, seat.language)) for one in errors[:ROWS_SHOWN]
    ]
    coming = () if errors else rows[:ROWS_SHOWN]
    return {
        "errors": ERRORS.fixed(wrong),
        "wrong": len(errors),
        "preview": COMING.fixed(_with_demands(coming, demands)),
        "count": len(rows),
    }


def _with_demands(entries: Iterable[Entry], demands: Mapping[str, str]) -> list[EntryLine]:
    """Return entries of a list, each with its kind of demand in words."""
    return [EntryLine(demands.get(entry.category, entry.category), entry) for entry in entries]
