"""Recording an item of a meeting: who was present and how each one stood, in words, asked person
by person."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from dengwen.cases.read.case_view import CaseFile
from dengwen.desk.shell.act.act_page import Way, act_of, article_of, rail_of, submit, way_of
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE, sort_reasons
from dengwen.desk.shell.act.foreseen import ahead
from dengwen.desk.shell.act.forms import Filled, form_fields, read_form
from dengwen.desk.shell.frame.seat import Seat, at_desk, uid_of
from dengwen.law.duties.admissibility import refusals
from dengwen.law.packs.rules import ActRule
from dengwen.organs.structure.posts_held import appointments_on
from dengwen.prevention.errors import PreventionError
from dengwen.prevention.models import Position
from dengwen.prevention.positions import STANDS, Said, digest_of, read_positions, written

RECORD = "record_item"
MADE = ("positions", "count", "positions_digest")
"""Fields that the page makes from the rows of persons."""


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
        zh = f"{error.zh}。{error.mend_zh}。"
        filled.wrong("positions", zh if seat.language == "zh" else f"{error.en}. {error.mend_en}.")
        return _form(seat, file, rule, filled)
    filled.fields |= {"count": len(said), "positions_digest": digest_of(said)}
    if filled.errors:
        return _form(seat, file, rule, filled)
    return submit(seat, file, rule, _way(file), filled)


def _way(file: CaseFile) -> Way:
    return way_of(file.case)


def _rows(seat: Seat) -> list[Row]:
    """Return the people of the organ, the leading group first, with what was chosen for each."""
    if seat.organ is None:
        return []
    post = seat.request.POST
    held = appointments_on(seat.organ, seat.today).select_related("official", "post")
    return [
        Row(
            a.official.code,
            a.official.name,
            a.post.title_zh,
            post.get(f"stand_{a.official.code}", ""),
            post.get(f"words_{a.official.code}", "").strip(),
        )
        for a in held
    ]


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
    typed = filled or Filled()
    against = [] if filled else refusals(file.kind, rule, file.view, seat.actor, seat.today)
    refused = sort_reasons(seat, file, rule, typed, against)
    item = Position.objects.filter(meeting=file.case).values("item").distinct().count() + 1
    fields = form_fields(
        seat, rule, file, filled and typed, given={"item": str(item)}, without=MADE
    )
    index = 0 if seat.language == "zh" else 1
    return seat.page(
        "prevention/minutes.html",
        "",
        UNPROCESSABLE if typed.errors else 200,
        way=_way(file),
        case=file.case,
        rule=rule,
        title=rule.zh if index == 0 else rule.en.capitalize(),
        article=article_of(seat, file, rule),
        note="",
        fields=fields,
        claims=(),
        refused=refused,
        claim_open=False,
        uid=uid_of(seat),
        rail=rail_of(seat, file),
        searches=[],
        possible=not against,
        rows=_rows(seat),
        stands=[(k, v[index]) for k, v in STANDS.items()],
        others=seat.request.POST.get("others", ""),
        wrong=typed.errors.get("positions", ()),
        **ahead(seat, file, rule, typed),
    )
