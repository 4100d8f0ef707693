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
from dengwen.desk.petitions.register_form import accused_words
from dengwen.desk.shell.act.act_page import act_of, article_of, rail_of, way_of
from dengwen.desk.shell.act.act_refusals import (
    EFFECT_ERRORS,
    UNPROCESSABLE,
    as_part,
    as_reason,
    sort_reasons,
)
from dengwen.desk.shell.act.code_words import option_words
from dengwen.desk.shell.act.foreseen import ahead
from dengwen.desk.shell.case.protected_text import Texts, texts_of
from dengwen.desk.shell.frame.seat import Seat, at_desk, case_href, uid_of
from dengwen.law.bilingual import headline
from dengwen.law.duties.admissibility import refusals
from dengwen.law.packs.rules import ActRule
from dengwen.organs.names_in_text import Named, named_in
from dengwen.petitions.intake.split import Divided, Part, split
from dengwen.petitions.models import Request
from dengwen.ui.components import Refusal
from dengwen.ui.form_fields import (
    Area,
    Asked,
    AskedField,
    AskedForm,
    OneOf,
    Word,
    form_of,
    read_number,
)

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
    fields: tuple[AskedField, ...]


@dataclass(frozen=True, slots=True)
class Slip:
    """One part as opened: class in words, number, code, and its page where this seat may still
    see it."""

    name: str
    number: str
    code: str
    href: str


class ShownForm(AskedForm):
    """How many parts the form showed."""

    blocks = Word()


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def divide(seat: Seat, number: str) -> HttpResponse:
    """Ask for the parts of a letter, or open them."""
    file, rule = act_of(seat, number, SPLIT)
    shown = _count(ShownForm.of(seat.request).value("blocks"))
    if "more" in seat.request.POST:
        shown = min(shown + 1, MOST_PARTS)
    form = _asked(seat, file, rule, shown)
    if not form.is_bound:
        return _form(seat, file, rule, form, shown)
    if "more" in seat.request.POST:
        return _form(seat, file, rule, form.forgive(), shown)
    parts = _parts(seat, file, form, shown)
    if form.errors:
        return _form(seat, file, rule, form, shown)
    try:
        done = _split(seat, number, parts, form.value("note"))
    except (Refused, *EFFECT_ERRORS) as error:
        return _form(seat, file, rule, form, shown, _why(seat, file, rule, error))
    return _sheet(seat, file, done)


def _why(seat: Seat, file: CaseFile, rule: ActRule, error: Exception) -> list[Refusal]:
    """Return what was refused as parts of the page: of the act that was refused among those of the
    split."""
    if isinstance(error, Refused):
        refused = file.kind.acts.get(error.step.act, rule)
        return [as_part(seat, file, refused, reason) for reason in error.reasons]
    return [as_part(seat, file, rule, as_reason(error, rule))]


def _split(seat: Seat, number: str, parts: list[Part], note: str) -> Divided:
    """Open the parts, with the note. Raises `Refused` and the errors of effects."""
    return split(number, parts, by=seat.by, now=seat.now, uid=uid_of(seat), note=note)


# --- what was typed -------------------------------------------------------------------------------
def _count(text: str) -> int:
    """Return how many parts the form showed."""
    if text.isdecimal() and len(text) < MOST_DIGITS:
        return min(max(int(text), LEAST), MOST_PARTS)
    return FIRST_PARTS


def _parts(seat: Seat, file: CaseFile, form: AskedForm, shown: int) -> list[Part]:
    """Read the parts that were filled in; what is missing is noted at its field."""
    used = [place for place in range(1, shown + 1) if _is_used(form, place)]
    if len(used) < LEAST:
        form.wrong("p1_class", _("分件至少分为两件，每件选类别、写正文。"))
    given = _requests(file, set(used), form)
    return [_part(seat, form, place, given.get(place, ())) for place in used]


def _is_used(form: AskedForm, place: int) -> bool:
    """Say whether anything was typed into a part."""
    return any(form.typed(f"p{place}_{name}") for name in ASKED)


def _part(seat: Seat, form: AskedForm, place: int, requests: Sequence[int]) -> Part:
    """Return one part as it is opened; what is missing is noted at its field."""
    fields = {name: form.value(f"p{place}_{name}") for name in ASKED}
    of_class = fields["class"]
    if not form.typed(f"p{place}_class"):
        form.wrong(f"p{place}_class", _("请选这一件的类别。"))
    if not fields["content"]:
        wrong = _("请写属于这一件的内容；整封信不转入任何一件。")
        form.wrong(f"p{place}_content", wrong)
    sealed = of_class == ACCUSATION
    if fields["accused"]:
        for words in accused_words(fields["accused"], seat, sealed=sealed):
            form.wrong(f"p{place}_accused", words)
    accused = named_in(fields["accused"], seat.today) if sealed else NOBODY
    return Part(
        proposed_class=of_class,
        path=fields["path"] if of_class == CLAIM else "",
        subject=fields["subject"][:LONGEST_SUBJECT],
        content=fields["content"],
        requests=requests,
        accused_officials=sorted(accused.officials),
        accused_organs=sorted(accused.organs),
    )


def _requests(file: CaseFile, places: set[int], form: AskedForm) -> dict[int, list[int]]:
    """Return which requests go to which part; each must go to one that is filled in."""
    given: dict[int, list[int]] = {}
    for number in _entered_acts(file):
        place = read_number(form.value(f"r{number}"))
        if place in places and place is not None:
            given.setdefault(place, []).append(number)
        else:
            wrong = _("请选第 %(number)s 项诉求归入哪一件，所选的一件须已填写。")
            form.wrong(f"r{number}", wrong % {"number": number})
    return given


def _entered_acts(file: CaseFile) -> dict[int, int]:
    """Return the requests of the letter by number, each with the act that entered it."""
    rows = Request.objects.filter(case=file.case).order_by("number")
    return dict(rows.values_list("number", "entered_act"))


# --- the form -------------------------------------------------------------------------------------
def _asked(seat: Seat, file: CaseFile, rule: ActRule, shown: int) -> AskedForm:
    """Return the form: the fields of so many parts, for each request the choice of its part, and
    a note where the edition asks for one."""
    asked: dict[str, Asked] = {}
    for place in range(1, shown + 1):
        asked |= _block(seat, file, place)
    words = _("第 %(place)s 件")
    places = [(str(place), words % {"place": place}) for place in range(1, shown + 1)]
    for number in _entered_acts(file):
        asked[f"r{number}"] = Asked(type="code", needed=True, choices=places)
    declared = rule.field_rule("note")
    asked["note"] = Area(headline(declared, seat.language) if declared else "", rows=2)
    return form_of(seat.request, asked)


def _block(seat: Seat, file: CaseFile, place: int) -> dict[str, Asked]:
    """Return the fields of one part."""
    classify = file.kind.acts[CLASSIFY]
    fields: dict[str, Asked] = {
        "class": OneOf(_("类别"), choices=option_words(classify, "class", seat.language).items()),
        "path": OneOf(
            _("途径"),
            hint=_("申诉求决的选"),
            choices=option_words(classify, "path", seat.language).items(),
        ),
        "subject": Asked(_("标题"), hint=_("不填取正文第一行")),
        "content": Area(_("属于这一件的内容"), rows=6),
        "accused": Asked(
            _("被检举的单位、人员（文中没写全名的）"),
            hint=_("检举控告的填；写在册的名称或者姓名，用空格隔开"),
        ),
    }
    return {f"p{place}_{name}": field for name, field in fields.items()}


def _form(
    seat: Seat,
    file: CaseFile,
    rule: ActRule,
    form: AskedForm,
    shown: int,
    refused: Sequence[Refusal] = (),
) -> HttpResponse:
    """Show the letter beside the form with so many parts, and what was refused."""
    texts = texts_of(seat, file.case)
    return seat.page(
        "petitions/split.html",
        "",
        UNPROCESSABLE if refused or form.errors else 200,
        way=way_of(file.case, seat.title(file.case)),
        case=file.case,
        title=headline(rule, seat.language),
        article=article_of(seat, file, rule),
        **_fields(file, texts, form, shown),
        words=form.at("note") if rule.field_rule("note") else None,
        note="",
        shown=shown,
        more=shown < MOST_PARTS,
        refused=refused or _impossible(seat, file, rule, form),
        uid=uid_of(seat),
        rail=rail_of(seat, file),
        content=texts.newest("content"),
        **ahead(seat, file, rule, {"parts": LEAST}),
    )


def _fields(file: CaseFile, texts: Texts, form: AskedForm, shown: int) -> dict[str, Any]:
    """Return the fields of each part, and for each request the choice of its part."""
    blocks = [
        Block(place, form.asked([f"p{place}_{name}" for name in ASKED]))
        for place in range(1, shown + 1)
    ]
    asks = _ask_fields(file, texts, form)
    of_parts = [field for block in blocks for field in block.fields]
    return {"blocks": blocks, "asks": asks, "all_fields": of_parts + asks}


def _impossible(seat: Seat, file: CaseFile, rule: ActRule, form: AskedForm) -> Sequence[Refusal]:
    """Return why the letter cannot be split now, said before anything is typed."""
    if form.is_bound:
        return ()
    against = refusals(file.kind, rule, file.view, seat.actor, seat.today)
    return sort_reasons(seat, file, rule, form, against)


def _ask_fields(file: CaseFile, texts: Texts, form: AskedForm) -> list[AskedField]:
    """Return a choice of the part for each request of the letter, with the words of the request."""
    fields = []
    for number, act in _entered_acts(file).items():
        words = texts.of(act, "asks") or _("（内容不在您可读的范围内）")
        label = _("第 %(number)s 项诉求归入：%(words)s") % {"number": number, "words": words}
        fields.append(form.at(f"r{number}").but(label=label))
    return fields


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
