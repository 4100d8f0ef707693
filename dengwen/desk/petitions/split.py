"""Splitting a letter on one page: class, words and requests of each part; one submit opens all
parts (R22 28(2)).

The letter stands beside the form to be copied from. The codes of the parts are shown once, as at a
registration.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dengwen.cases.read.case_view import CaseFile
from dengwen.cases.wall.visibility import find
from dengwen.cases.write.check import Refused
from dengwen.desk.shell.act.act_page import act_of, article_of, rail_of, way_of
from dengwen.desk.shell.act.act_refusals import (
    EFFECT_ERRORS,
    UNPROCESSABLE,
    as_part,
    as_reason,
    sort_reasons,
)
from dengwen.desk.shell.act.code_words import option_words
from dengwen.desk.shell.act.filled import Filled
from dengwen.desk.shell.act.foreseen import ahead
from dengwen.desk.shell.case.protected_text import Texts, texts_of
from dengwen.desk.shell.frame.seat import Seat, at_desk, case_href, uid_of
from dengwen.law.bilingual import headline
from dengwen.law.duties.admissibility import refusals
from dengwen.law.packs.rules import ActRule
from dengwen.organs.names_in_text import Named, named_in
from dengwen.petitions.intake.split import Divided, Part, split
from dengwen.petitions.models import Request
from dengwen.ui.components import Choice, FieldType, FormField, Refusal

SPLIT, CLASSIFY, ACCUSATION, CLAIM = "split", "classify", "accusation", "claim"
FIRST_PARTS, MOST_PARTS, LEAST = 3, 9, 2
LONGEST_SUBJECT = 200
MOST_DIGITS = 3
NOBODY = Named(frozenset(), frozenset())
ASKED = ("class", "path", "subject", "content", "accused")


@dataclass(frozen=True, slots=True)
class Block:
    """One part on the form: its place and its fields."""

    place: int
    fields: tuple[FormField, ...]


@dataclass(frozen=True, slots=True)
class Slip:
    """One part as opened: class in words, number, code, and its page where this seat may still
    see it."""

    name: str
    number: str
    code: str
    href: str


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed for one part: its place on the form, and its fields by name."""

    place: int
    fields: dict[str, str]


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def divide(seat: Seat, number: str) -> HttpResponse:
    """Ask for the parts of a letter, or open them."""
    file, rule = act_of(seat, number, SPLIT)
    if seat.request.method != "POST":
        return _form(seat, file, rule, None, FIRST_PARTS)
    shown = _count(seat.request.POST.get("blocks", ""))
    if "more" in seat.request.POST:
        return _form(seat, file, rule, Filled(), min(shown + 1, MOST_PARTS))
    filled = Filled()
    parts = _parts(seat, file, filled, shown)
    if filled.errors:
        return _form(seat, file, rule, filled, shown)
    try:
        done = _split(seat, number, parts)
    except (Refused, *EFFECT_ERRORS) as error:
        return _form(seat, file, rule, filled, shown, _why(seat, file, rule, error))
    return _sheet(seat, file, done)


def _why(seat: Seat, file: CaseFile, rule: ActRule, error: Exception) -> list[Refusal]:
    """Return what was refused as parts of the page: of the act that was refused among those of the
    split."""
    if isinstance(error, Refused):
        refused = file.kind.acts.get(error.step.act, rule)
        return [as_part(seat, file, refused, reason) for reason in error.reasons]
    return [as_part(seat, file, rule, as_reason(error, rule))]


def _split(seat: Seat, number: str, parts: list[Part]) -> Divided:
    """Open the parts, with the note. Raises `Refused` and the errors of effects."""
    note = seat.request.POST.get("note", "").replace("\x00", "").strip()
    return split(number, parts, by=seat.by, now=seat.now, uid=uid_of(seat), note=note)


# --- what was typed -------------------------------------------------------------------------------
def _count(text: str) -> int:
    """Return how many parts the form showed."""
    if text.isdecimal() and len(text) < MOST_DIGITS:
        return min(max(int(text), LEAST), MOST_PARTS)
    return FIRST_PARTS


def _parts(seat: Seat, file: CaseFile, filled: Filled, shown: int) -> list[Part]:
    """Read the parts that were filled in; what is missing is noted at its field."""
    used = _filled_in(seat, shown)
    if len(used) < LEAST:
        filled.wrong("p1_class", _("分件至少分为两件，每件选类别、写正文。"))
    given = _requests(seat, file, {one.place for one in used}, filled)
    return [_part(seat, one, given.get(one.place, ()), filled) for one in used]


def _filled_in(seat: Seat, shown: int) -> list[Typed]:
    """Return the parts into which anything was typed."""
    found = []
    for place in range(1, shown + 1):
        fields = {name: _written(seat, f"p{place}_{name}") for name in ASKED}
        if any(fields.values()):
            found.append(Typed(place, fields))
    return found


def _written(seat: Seat, name: str) -> str:
    """Return a text as it is kept: one sign at the end of a line, no null characters."""
    typed = seat.request.POST.get(name, "")
    return typed.replace("\r\n", "\n").replace("\x00", "").strip()


def _part(seat: Seat, typed: Typed, requests: Sequence[int], filled: Filled) -> Part:
    """Return one part as it is opened; what is missing is noted at its field."""
    fields = typed.fields
    of_class = fields["class"]
    if not of_class:
        filled.wrong(f"p{typed.place}_class", _("请选这一件的类别。"))
    if not fields["content"]:
        wrong = _("请写属于这一件的内容；整封信不转入任何一件。")
        filled.wrong(f"p{typed.place}_content", wrong)
    accused = named_in(fields["accused"], seat.today) if of_class == ACCUSATION else NOBODY
    return Part(
        proposed_class=of_class,
        path=fields["path"] if of_class == CLAIM else "",
        subject=fields["subject"][:LONGEST_SUBJECT],
        content=fields["content"],
        requests=requests,
        accused_officials=sorted(accused.officials),
        accused_organs=sorted(accused.organs),
    )


def _requests(seat: Seat, file: CaseFile, places: set[int], filled: Filled) -> dict[int, list[int]]:
    """Return which requests go to which part; each must go to one that is filled in."""
    given: dict[int, list[int]] = {}
    for number in _entered_acts(file):
        chosen = seat.request.POST.get(f"r{number}", "")
        place = int(chosen[:2]) if chosen.isdecimal() else 0
        if place in places:
            given.setdefault(place, []).append(number)
        else:
            wrong = _("请选第 %(number)s 项诉求归入哪一件，所选的一件须已填写。")
            filled.wrong(f"r{number}", wrong % {"number": number})
    return given


def _entered_acts(file: CaseFile) -> dict[int, int]:
    """Return the requests of the letter by number, each with the act that entered it."""
    rows = Request.objects.filter(case=file.case).order_by("number")
    return dict(rows.values_list("number", "entered_act"))


# --- the form -------------------------------------------------------------------------------------
def _form(
    seat: Seat,
    file: CaseFile,
    rule: ActRule,
    filled: Filled | None,
    shown: int,
    refused: Sequence[Refusal] = (),
) -> HttpResponse:
    """Show the letter beside the form with so many parts, and what was refused."""
    texts = texts_of(seat, file.case)
    wrong = bool(refused) or bool(filled and filled.errors)
    return seat.page(
        "petitions/split.html",
        "",
        UNPROCESSABLE if wrong else 200,
        way=way_of(file.case, seat.title(file.case)),
        case=file.case,
        title=headline(rule, seat.language),
        article=article_of(seat, file, rule),
        **_fields(seat, file, texts, filled, shown),
        words=_note(seat, rule),
        note="",
        shown=shown,
        more=shown < MOST_PARTS,
        refused=refused or _impossible(seat, file, rule, filled),
        uid=uid_of(seat),
        rail=rail_of(seat, file),
        content=texts.newest("content"),
        **ahead(seat, file, rule, {"parts": LEAST}),
    )


def _fields(
    seat: Seat, file: CaseFile, texts: Texts, filled: Filled | None, shown: int
) -> dict[str, Any]:
    """Return the fields of each part, and for each request the choice of its part."""
    blocks = [Block(place, _block(seat, file, filled, place)) for place in range(1, shown + 1)]
    asks = _ask_fields(seat, file, texts, filled, shown)
    of_parts = [field for block in blocks for field in block.fields]
    return {"blocks": blocks, "asks": asks, "all_fields": of_parts + asks}


def _impossible(
    seat: Seat, file: CaseFile, rule: ActRule, filled: Filled | None
) -> Sequence[Refusal]:
    """Return why the letter cannot be split now, said before anything is typed."""
    if filled is not None:
        return ()
    against = refusals(file.kind, rule, file.view, seat.actor, seat.today)
    return sort_reasons(seat, file, rule, Filled(), against)


def _note(seat: Seat, rule: ActRule) -> FormField | None:
    """Return the field for a note, None where the edition asks for none."""
    declared = rule.field_rule("note")
    if declared is None:
        return None
    value = seat.request.POST.get("note", "")
    return FormField("note", "text", headline(declared, seat.language), rows=2, value=value)


def _block(seat: Seat, file: CaseFile, filled: Filled | None, place: int) -> tuple[FormField, ...]:
    """Return the fields of one part."""
    classify = file.kind.acts[CLASSIFY]

    def asked(name: str, kind: FieldType, label: str, hint: str = "", rows: int = 4) -> FormField:
        full = f"p{place}_{name}"
        value = seat.request.POST.get(full, "")
        words = option_words(classify, name, seat.language)
        return FormField(
            full,
            kind,
            label,
            hint=hint,
            value=value,
            errors=tuple(filled.errors.get(full, ())) if filled else (),
            choices=tuple(Choice(code, text, code == value) for code, text in words.items()),
            rows=rows,
        )

    return (
        asked("class", "code", _("类别")),
        asked("path", "code", _("途径"), _("申诉求决的选")),
        asked("subject", "person", _("标题"), _("不填取正文第一行")),
        asked("content", "text", _("属于这一件的内容"), rows=6),
        asked(
            "accused",
            "person",
            _("被检举的单位、人员（文中没写全名的）"),
            _("检举控告的填；写在册的名称或者姓名，用空格隔开"),
        ),
    )


def _ask_fields(
    seat: Seat, file: CaseFile, texts: Texts, filled: Filled | None, shown: int
) -> list[FormField]:
    """Return a choice of the part for each request of the letter."""
    fields = []
    for number, act in _entered_acts(file).items():
        name = f"r{number}"
        chosen = seat.request.POST.get(name, "")
        words = texts.of(act, "asks") or _("（内容不在您可读的范围内）")
        field = FormField(
            name,
            "code",
            _("第 %(number)s 项诉求归入：%(words)s") % {"number": number, "words": words},
            required=True,
            value=chosen,
            errors=tuple(filled.errors.get(name, ())) if filled else (),
            choices=_place_choices(shown, chosen),
        )
        fields.append(field)
    return fields


def _place_choices(shown: int, chosen: str) -> tuple[Choice, ...]:
    """Return the parts on the form to choose from."""
    words = _("第 %(place)s 件")
    return tuple(
        Choice(str(place), words % {"place": place}, str(place) == chosen)
        for place in range(1, shown + 1)
    )


# --- the slips ------------------------------------------------------------------------------------
def _sheet(seat: Seat, file: CaseFile, done: Divided) -> HttpResponse:
    """Show numbers and codes once; whether this seat may still open a part says the wall."""
    names = option_words(file.kind.acts[CLASSIFY], "class", seat.language)
    slips = []
    for part in done.parts:
        visible = find(seat.viewer, seat.today, part.number)
        href = case_href(part.number) if visible else ""
        slips.append(Slip(names.get(part.proposed_class, ""), part.number, part.code, href))
    return seat.page(
        "petitions/split_done.html",
        "",
        number=file.case.number,
        slips=slips,
        repeated=done.performed.repeated,
    )
