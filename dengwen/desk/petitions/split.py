"""Splitting a letter on one page: class, words and requests of each part; one submit opens all
parts (R22 28(2)).

The letter stands beside the form to be copied from. The codes of the parts are shown once, as at a
registration.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dengwen.cases.read.case_view import CaseFile
from dengwen.cases.wall.visibility import find
from dengwen.cases.write.check import Refused
from dengwen.desk.shell.act_page import act_of, article_of, rail_of, way_of
from dengwen.desk.shell.act_refusals import (
    EFFECT_ERRORS,
    UNPROCESSABLE,
    as_part,
    as_reason,
    sort_reasons,
)
from dengwen.desk.shell.foreseen import ahead
from dengwen.desk.shell.forms import Filled
from dengwen.desk.shell.protected_text import Texts, texts_of
from dengwen.desk.shell.seat import Seat, at_desk, case_href, uid_of
from dengwen.law.bilingual import headline
from dengwen.law.duties.admissibility import refusals
from dengwen.law.packs.rules import ActRule
from dengwen.organs.names_in_text import named_in
from dengwen.petitions.intake.split import Divided, Part, split
from dengwen.petitions.models import Request
from dengwen.ui.components import Choice, FormField, Refusal

SPLIT, CLASSIFY, ACCUSATION, CLAIM = "split", "classify", "accusation", "claim"
FIRST_PARTS, MOST_PARTS, LEAST = 3, 9, 2
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


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def divide(seat: Seat, number: str) -> HttpResponse:
    """Ask for the parts of a letter, or open them."""
    file, rule = act_of(seat, number, SPLIT)
    post = seat.request.POST
    if seat.request.method != "POST":
        return _form(seat, file, rule, None, FIRST_PARTS)
    shown = _count(post.get("blocks", ""))
    if "more" in post:
        return _form(seat, file, rule, Filled(), min(shown + 1, MOST_PARTS))
    filled = Filled()
    parts = _parts(seat, file, filled, shown)
    if filled.errors:
        return _form(seat, file, rule, filled, shown)
    try:
        note = post.get("note", "").replace("\x00", "").strip()
        done = split(number, parts, by=seat.by, now=seat.now, uid=uid_of(seat), note=note)
    except Refused as refused:
        wrong = file.kind.acts.get(refused.step.act, rule)
        return _form(
            seat,
            file,
            rule,
            filled,
            shown,
            [as_part(seat, file, wrong, r) for r in refused.reasons],
        )
    except EFFECT_ERRORS as error:
        return _form(
            seat, file, rule, filled, shown, [as_part(seat, file, rule, as_reason(error, rule))]
        )
    return _sheet(seat, file, done)


def _count(text: str) -> int:
    return (
        min(max(int(text), LEAST), MOST_PARTS)
        if text.isdecimal() and len(text) < 3
        else FIRST_PARTS
    )


def _parts(seat: Seat, file: CaseFile, filled: Filled, shown: int) -> list[Part]:
    """Read the parts that were filled in; what is missing is noted at its field."""
    post = seat.request.POST
    used: list[tuple[int, dict[str, str]]] = []
    for place in range(1, shown + 1):
        typed = {
            n: post.get(f"p{place}_{n}", "").replace("\r\n", "\n").replace("\x00", "").strip()
            for n in ASKED
        }
        if any(typed.values()):
            used.append((place, typed))
    if len(used) < LEAST:
        filled.wrong("p1_class", _("分件至少分为两件，每件选类别、写正文。"))
    given = _requests(seat, file, {place for place, _typed in used}, filled)
    parts = []
    for place, typed in used:
        if not typed["class"]:
            filled.wrong(f"p{place}_class", _("请选这一件的类别。"))
        if not typed["content"]:
            filled.wrong(f"p{place}_content", _("请写属于这一件的内容；整封信不转入任何一件。"))
        accused = named_in(typed["accused"], seat.today) if typed["class"] == ACCUSATION else None
        parts.append(
            Part(
                proposed_class=typed["class"],
                path=typed["path"] if typed["class"] == CLAIM else "",
                subject=typed["subject"][:200],
                content=typed["content"],
                requests=given.get(place, ()),
                accused_officials=sorted(accused.officials) if accused else (),
                accused_organs=sorted(accused.organs) if accused else (),
            )
        )
    return parts


def _requests(seat: Seat, file: CaseFile, places: set[int], filled: Filled) -> dict[int, list[int]]:
    """Return which requests go to which part; each must go to one that is filled in."""
    given: dict[int, list[int]] = {}
    for number in _numbers(file):
        chosen = seat.request.POST.get(f"r{number}", "")
        if not chosen.isdecimal() or int(chosen[:2]) not in places:
            filled.wrong(
                f"r{number}",
                _("请选第 %(number)s 项诉求归入哪一件，所选的一件须已填写。") % {"number": number},
            )
        else:
            given.setdefault(int(chosen[:2]), []).append(number)
    return given


def _numbers(file: CaseFile) -> list[int]:
    return list(
        Request.objects.filter(case=file.case).order_by("number").values_list("number", flat=True)
    )


# --- the form -------------------------------------------------------------------------------------
def _form(
    seat: Seat,
    file: CaseFile,
    rule: ActRule,
    filled: Filled | None,
    shown: int,
    refused: Sequence[Refusal] = (),
) -> HttpResponse:
    texts: Texts = texts_of(seat, file.case)
    against = refusals(file.kind, rule, file.view, seat.actor, seat.today)
    parts = list(refused) or ([] if filled else sort_reasons(seat, file, rule, Filled(), against))
    blocks = [Block(place, _block(seat, file, filled, place)) for place in range(1, shown + 1)]
    asks = _ask_fields(seat, file, texts, filled, shown)
    declared = rule.field_rule("note")
    note = (
        FormField(
            "note",
            "text",
            headline(declared, seat.language),
            rows=2,
            value=seat.request.POST.get("note", ""),
        )
        if declared
        else None
    )
    fields = [f for b in blocks for f in b.fields] + asks
    wrong = bool(refused) or bool(filled and filled.errors)
    return seat.page(
        "petitions/split.html",
        "",
        UNPROCESSABLE if wrong else 200,
        way=way_of(file.case, seat.title(file.case)),
        case=file.case,
        title=headline(rule, seat.language),
        article=article_of(seat, file, rule),
        blocks=blocks,
        asks=asks,
        words=note,
        note="",
        all_fields=fields,
        shown=shown,
        more=shown < MOST_PARTS,
        refused=parts,
        uid=uid_of(seat),
        rail=rail_of(seat, file),
        content=texts.newest("content"),
        **ahead(seat, file, rule, Filled(fields={"parts": LEAST})),
    )


def _block(seat: Seat, file: CaseFile, filled: Filled | None, place: int) -> tuple[FormField, ...]:
    classify = file.kind.acts[CLASSIFY]

    def asked(name: str, kind: str, label: str, hint: str = "", rows: int = 4) -> FormField:
        full = f"p{place}_{name}"
        value = seat.request.POST.get(full, "")
        errors = tuple(filled.errors.get(full, ())) if filled else ()
        declared = classify.field_rule(name)
        names = declared.option_names if declared else {}
        index = 0 if seat.language == "zh" else 1
        choices = tuple(Choice(o, words[index], o == value) for o, words in names.items())
        return FormField(
            full,
            kind,  # type: ignore[arg-type]  # a word of it
            label,
            hint=hint,
            value=value,
            errors=errors,
            choices=choices,
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
    rows = dict(
        Request.objects.filter(case=file.case)
        .order_by("number")
        .values_list("number", "entered_act")
    )
    fields = []
    for number, act in rows.items():
        chosen = seat.request.POST.get(f"r{number}", "")
        choices = tuple(
            Choice(str(p), _("第 %(place)s 件") % {"place": p}, str(p) == chosen)
            for p in range(1, shown + 1)
        )
        words = texts.of(act, "asks") or _("（内容不在您可读的范围内）")
        label = _("第 %(number)s 项诉求归入：%(words)s") % {"number": number, "words": words}
        errors = tuple(filled.errors.get(f"r{number}", ())) if filled else ()
        name = f"r{number}"
        fields.append(
            FormField(
                name, "code", label, required=True, value=chosen, errors=errors, choices=choices
            )
        )
    return fields


# --- the slips ------------------------------------------------------------------------------------
def _sheet(seat: Seat, file: CaseFile, done: Divided) -> HttpResponse:
    """Show numbers and codes once; whether this seat may still open a part says the wall."""
    declared = file.kind.acts[CLASSIFY].field_rule("class")
    names = declared.option_names if declared else {}
    index = 0 if seat.language == "zh" else 1
    slips = [
        Slip(
            names.get(p.proposed_class, ("", ""))[index],
            p.number,
            p.code,
            case_href(p.number) if find(seat.viewer, seat.today, p.number) else "",
        )
        for p in done.parts
    ]
    return seat.page(
        "petitions/split_done.html",
        "",
        number=file.case.number,
        slips=slips,
        repeated=done.performed.repeated,
    )
