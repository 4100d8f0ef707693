"""Recording an item of a meeting: who was present and how each one stood, in words, asked person
by person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from dengwen.cases.read.case_view import CaseFile
from dengwen.desk.shell.act.act_page import act_of, article_of, rail_of, submit, way_of
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE, sort_reasons
from dengwen.desk.shell.act.foreseen import ahead
from dengwen.desk.shell.act.forms import RuledForm, act_form
from dengwen.desk.shell.frame.seat import Seat, at_desk, uid_of
from dengwen.law.bilingual import words_in
from dengwen.law.duties.admissibility import refusals
from dengwen.law.packs.rules import ActRule
from dengwen.organs.structure.posts_held import appointments_on
from dengwen.prevention.errors import PreventionError
from dengwen.prevention.models import Position
from dengwen.prevention.positions import STANDS, Said, digest_of, read_positions, written
from dengwen.ui.form_fields import Area, Asked, OneOf

RECORD = "record_item"
MADE = ("positions", "count", "positions_digest")
"""Fields that the page makes from the rows of persons."""
NOTHING_ELSE: dict[str, Any] = {"note": "", "claims": (), "claim_open": False, "searches": []}
"""What the page of an act has besides, and this one has not."""


@dataclass(frozen=True, slots=True)
class Row:
    """One person to ask: staff code, name, post."""

    code: str
    name: str
    post: str


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def record_item(seat: Seat, number: str) -> HttpResponse:
    """Ask for an item with everybody's position, or write it."""
    file, rule = act_of(seat, number, RECORD)
    rows = _rows(seat)
    next_item = {"item": str(_items_recorded(file) + 1)}
    form = act_form(seat, rule, file, given=next_item, more=_asked(rows))
    if not form.is_bound:
        return _form(seat, file, rule, form, rows)
    form.texts["positions"] = _positions(form, rows)
    try:
        said = read_positions(form.texts["positions"])
    except PreventionError as error:
        form.wrong("positions", _words(seat, error))
        return _form(seat, file, rule, form, rows)
    form.values |= {"count": len(said), "positions_digest": digest_of(said)}
    if form.errors:
        return _form(seat, file, rule, form, rows)
    return submit(seat, file, rule, way_of(file.case), form)


def _words(seat: Seat, error: PreventionError) -> str:
    """Return why the positions cannot be read, and the mend."""
    chinese = f"{error.zh}。{error.mend_zh}。"
    english = f"{error.en}. {error.mend_en}."
    return words_in((chinese, english), seat.language)


def _rows(seat: Seat) -> list[Row]:
    """Return the people of the organ to ask, the leading group first."""
    if seat.organ is None:
        return []
    held = appointments_on(seat.organ, seat.today).select_related("official", "post")
    return [Row(one.official.code, one.official.name, one.post.title_zh) for one in held]


def _asked(rows: Sequence[Row]) -> dict[str, Asked]:
    """Return what is asked of each person, and of those of other organs."""
    asked: dict[str, Asked] = {}
    for row in rows:
        asked[f"stand_{row.code}"] = OneOf(choices=[(stand, "") for stand in STANDS])
        asked[f"words_{row.code}"] = Asked()
    return {**asked, "others": Area()}


def _positions(form: RuledForm, rows: Sequence[Row]) -> str:
    """Return the positions chosen row by row, and those of people from elsewhere, as the text
    the act keeps."""
    chosen = []
    for row in rows:
        stand = form.cleaned_data.get(f"stand_{row.code}", "")
        words = form.cleaned_data.get(f"words_{row.code}", "")
        if stand:
            chosen.append(Said(0, row.code, stand, " ".join(words.split())))
    others = form.cleaned_data.get("others", "")
    return "\n".join(part for part in (written(chosen), others) if part)


def _form(
    seat: Seat, file: CaseFile, rule: ActRule, form: RuledForm, rows: Sequence[Row]
) -> HttpResponse:
    """Render the form of an item, with what was typed and why it cannot be done."""
    against = [] if form.is_bound else refusals(file.kind, rule, file.view, seat.actor, seat.today)
    return seat.page(
        "prevention/minutes.html",
        "",
        UNPROCESSABLE if form.errors else 200,
        way=way_of(file.case),
        case=file.case,
        rule=rule,
        title=words_in((rule.zh, rule.en.capitalize()), seat.language),
        article=article_of(seat, file, rule),
        fields=form.fields_of_act(MADE),
        refused=sort_reasons(seat, file, rule, form, against),
        possible=not against,
        uid=uid_of(seat),
        rail=rail_of(seat, file),
        **_people_asked(seat, form, rows),
        **NOTHING_ELSE,
        **ahead(seat, file, rule, form.values, form.occurred),
    )


def _items_recorded(file: CaseFile) -> int:
    """Count the items of the meeting that are recorded already."""
    positions = Position.objects.filter(meeting=file.case)
    return positions.values("item").distinct().count()


def _people_asked(seat: Seat, form: RuledForm, rows: Sequence[Row]) -> dict[str, Any]:
    """Return the people of the organ with the stands to choose from, and those of other organs as
    typed."""
    asked = [f"{part}_{row.code}" for row in rows for part in ("stand", "words")]
    wrong = [error for name in ("positions", *asked) for error in form.errors.get(name, ())]
    return {
        "rows": [
            {
                "code": row.code,
                "name": row.name,
                "post": row.post,
                "stand": form.typed(f"stand_{row.code}"),
                "words": form.typed(f"words_{row.code}"),
            }
            for row in rows
        ],
        "stands": [(stand, words_in(words, seat.language)) for stand, words in STANDS.items()],
        "others": form.at("others").value(),
        "wrong": wrong,
    }
