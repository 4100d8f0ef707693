"""Recording an item of a meeting: who was present and how each one stood, in words, asked person
by person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from dengwen.cases.read.case_view import CaseFile
from dengwen.desk.shell.act.act_page import act_of, article_of, rail_of, submit, way_of
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE, sort_reasons
from dengwen.desk.shell.act.foreseen import ahead
from dengwen.desk.shell.act.forms import Filled, form_fields, read_form
from dengwen.desk.shell.frame.seat import Seat, at_desk, uid_of
from dengwen.law.bilingual import words_in
from dengwen.law.duties.admissibility import refusals
from dengwen.law.packs.rules import ActRule
from dengwen.organs.models import Appointment
from dengwen.organs.structure.posts_held import appointments_on
from dengwen.prevention.errors import PreventionError
from dengwen.prevention.models import Position
from dengwen.prevention.positions import STANDS, Said, digest_of, read_positions, written

RECORD = "record_item"
MADE = ("positions", "count", "positions_digest")
"""Fields that the page makes from the rows of persons."""
NOTHING_ELSE: dict[str, Any] = {"note": "", "claims": (), "claim_open": False, "searches": []}
"""What the page of an act has besides, and this one has not."""


@dataclass(frozen=True, slots=True)
class Row:
    """One person to ask: staff code, name, post, and what is chosen and typed."""

    code: str
    name: str
    post: str
    stand: str
    words: str


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def record_item(seat: Seat, number: str) -> HttpResponse:
    """Ask for an item with everybody's position, or write it."""
    file, rule = act_of(seat, number, RECORD)
    if seat.request.method != "POST":
        return _form(seat, file, rule, None)
    filled = read_form(seat, rule)
    filled.texts["positions"] = _positions(seat)
    try:
        said = read_positions(filled.texts["positions"])
    except PreventionError as error:
        filled.wrong("positions", _words(seat, error))
        return _form(seat, file, rule, filled)
    filled.fields |= {"count": len(said), "positions_digest": digest_of(said)}
    if filled.errors:
        return _form(seat, file, rule, filled)
    return submit(seat, file, rule, way_of(file.case), filled)


def _words(seat: Seat, error: PreventionError) -> str:
    """Return why the positions cannot be read, and the mend."""
    chinese = f"{error.zh}。{error.mend_zh}。"
    english = f"{error.en}. {error.mend_en}."
    return words_in((chinese, english), seat.language)


def _rows(seat: Seat) -> list[Row]:
    """Return the people of the organ, the leading group first, with what was chosen for each."""
    if seat.organ is None:
        return []
    held = appointments_on(seat.organ, seat.today).select_related("official", "post")
    return [_row(seat, appointment) for appointment in held]


def _row(seat: Seat, appointment: Appointment) -> Row:
    """Return one person to ask, with what was chosen and typed."""
    post, official = seat.request.POST, appointment.official
    return Row(
        code=official.code,
        name=official.name,
        post=appointment.post.title_zh,
        stand=post.get(f"stand_{official.code}", ""),
        words=post.get(f"words_{official.code}", "").strip(),
    )


def _positions(seat: Seat) -> str:
    """Return the positions chosen row by row, and those of people from elsewhere, as the text
    the act keeps."""
    chosen = [
        Said(0, row.code, row.stand, " ".join(row.words.split()))
        for row in _rows(seat)
        if row.stand in STANDS
    ]
    others = seat.request.POST.get("others", "").strip()
    return "\n".join(part for part in (written(chosen), others) if part)


def _form(seat: Seat, file: CaseFile, rule: ActRule, filled: Filled | None) -> HttpResponse:
    """Render the form of an item, with what was typed and why it cannot be done."""
    typed = filled or Filled()
    against = [] if filled else refusals(file.kind, rule, file.view, seat.actor, seat.today)
    next_item = {"item": str(_items_recorded(file) + 1)}
    return seat.page(
        "prevention/minutes.html",
        "",
        UNPROCESSABLE if typed.errors else 200,
        way=way_of(file.case),
        case=file.case,
        rule=rule,
        title=words_in((rule.zh, rule.en.capitalize()), seat.language),
        article=article_of(seat, file, rule),
        fields=form_fields(seat, rule, file, filled and typed, given=next_item, without=MADE),
        refused=sort_reasons(seat, file, rule, typed, against),
        possible=not against,
        uid=uid_of(seat),
        rail=rail_of(seat, file),
        **_people_asked(seat, typed),
        **NOTHING_ELSE,
        **ahead(seat, file, rule, typed),
    )


def _items_recorded(file: CaseFile) -> int:
    """Count the items of the meeting that are recorded already."""
    positions = Position.objects.filter(meeting=file.case)
    return positions.values("item").distinct().count()


def _people_asked(seat: Seat, typed: Filled) -> dict[str, Any]:
    """Return the people of the organ with the stands to choose from, and those of other organs as
    typed."""
    return {
        "rows": _rows(seat),
        "stands": [(stand, words_in(words, seat.language)) for stand, words in STANDS.items()],
        "others": seat.request.POST.get("others", ""),
        "wrong": typed.errors.get("positions", ()),
    }
