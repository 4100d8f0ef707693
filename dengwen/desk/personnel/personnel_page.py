"""What the pages for personnel departments share: who works with them, their cases, the receipts.

What these departments are told and ask is theirs alone (`cases.wall.PERSONNEL_KINDS`); the organ
that decided sees receipts, uses and every look-up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy

from dengwen.access.read_log import Viewed, who_viewed
from dengwen.access.roles import ROLES
from dengwen.cases.models import Act
from dengwen.cases.read.case_view import CaseFile, read_file
from dengwen.desk.shell.act.submit import write as write_steps
from dengwen.desk.shell.frame.seat import Seat, viewer_reads_results
from dengwen.law.bilingual import words_in
from dengwen.law.duties.step import Step
from dengwen.organs.models import Organ
from dengwen.ui.cells import capital, moment, text, words
from dengwen.ui.list_table import Column, ListOf, ListTable

PAGE = "personnel"
MOST = 50
"""Lines of each list: the newest; older ones are found by their number."""
NOTIFYING = frozenset({"notify", "notify_correction"})
"""Acts that notify the departments; a correction has to be signed for anew."""


def asked_by(seat: Seat) -> Organ:
    """Return the organ of a seat that works with results of accountability; 404 for everybody
    else."""
    if seat.organ is None or not viewer_reads_results(seat.viewer):
        raise Http404
    return seat.organ


def asks(seat: Seat) -> bool:
    """Say whether this seat asks for its department: an organisation and personnel officer
    (R12)."""
    return seat.organ is not None and seat.organ.pk in seat.viewer.personnel


def case_of(seat: Seat, number: str, kind: str) -> CaseFile:
    """Return a case of a kind that the wall lets this seat see; 404 for everything else."""
    asked_by(seat)
    case = seat.case(number)
    if case.kind != kind:
        raise Http404
    return read_file(case, seat.now)


def write(
    seat: Seat, step: Step, again: Callable[[Sequence[str]], HttpResponse], page: str
) -> HttpResponse:
    """Do a step and show its case on the page named; where it is refused, show the form again
    with every reason."""
    return write_steps(seat, [step], again, lambda number: reverse(f"desk:{page}", args=[number]))


def first_done(file: CaseFile, act: str) -> Act | None:
    """Return the first act of a kind in a case, None where it was never done."""
    return next((one for one in file.rows if one.act == act), None)


# --- notified departments -------------------------------------------------------------------------
def departments_notified(acts: Sequence[Act]) -> list[int]:
    """Return the ids of the departments a notification went to, as its first act names them."""
    data = acts[0].data if acts else {}
    named = [data[name] for name in ("organisation", "personnel") if name in data]
    return list(dict.fromkeys(named))


def receipts_of_newest(acts: Sequence[Act]) -> list[Act]:
    """Return who signed since the newest notification or correction."""
    newest = max((act.seq for act in acts if act.act in NOTIFYING), default=0)
    return [act for act in acts if act.act == "sign_receipt" and act.seq > newest]


# --- who looked -----------------------------------------------------------------------------------
class Look(NamedTuple):
    """A look at what was decided or notified, with role and purpose in words."""

    viewed: Viewed
    role: str
    purpose: str


LOOKS = ListOf(
    caption=_lazy("谁查阅过"),
    columns=(
        Column("at", _lazy("时间"), moment("viewed.at")),
        Column("organ", _lazy("机关、单位"), text("viewed.organ")),
        Column("role", _lazy("身份"), capital("role")),
        Column("purpose", _lazy("用途"), words("purpose")),
    ),
)


def looks_at(seat: Seat, numbers: Sequence[str]) -> ListTable:
    """Return who looked at what was decided or notified, the newest first: what the sender may
    always see."""
    role = next(iter(sorted(seat.roles)), "-")
    found: list[Viewed] = []
    for number in dict.fromkeys(numbers):
        found += who_viewed(number, role, ("D7",))
    found.sort(key=lambda one: one.at, reverse=True)
    english = _english_names(seat, found)
    return LOOKS.fixed(
        _look(seat, one, english.get(one.organ) or one.organ) for one in found[:MOST]
    )


def _look(seat: Seat, one: Viewed, organ: str) -> Look:
    """Return one look in words."""
    known = ROLES.get(one.role)
    return Look(
        viewed=replace(one, organ=organ),
        role=words_in(known, seat.language) if known else one.role,
        purpose=words_in((one.purpose_zh, one.purpose_en), seat.language),
    )


def _english_names(seat: Seat, found: Sequence[Viewed]) -> dict[str, str]:
    """Return the English names of organs by the Chinese ones the log keeps; asked of the registry
    only for an English page."""
    if seat.language != "en":
        return {}
    organs = Organ.objects.filter(name_zh__in={one.organ for one in found})
    return dict(organs.values_list("name_zh", "name_en"))
