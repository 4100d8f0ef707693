"""Roles in an inquiry: a proposed line for each person, and the test of diligence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods

from dengwen.accountability.inquiry.queries import TESTS
from dengwen.accountability.inquiry.responsibility import Ground, Owing, owing
from dengwen.cases.read.case_view import cited
from dengwen.desk.accountability.finding_words import line_kind_word, responsibility_word
from dengwen.desk.accountability.inquiries.inquiry_page import (
    PAGE,
    Page,
    board_lines,
    href,
    investigates,
    may_investigate,
    page_of,
    step_href,
)
from dengwen.desk.accountability.offers import as_choices
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE
from dengwen.desk.shell.act.submit import write
from dengwen.desk.shell.frame.seat import Seat, at_desk, uid_of
from dengwen.law.bilingual import Language, words_in
from dengwen.law.duties.step import FieldValue, Step
from dengwen.law.liability.attribution import NONE, RESPONSIBILITIES, Diligence, Line
from dengwen.law.liability.provisions import Liability
from dengwen.organs.models import Official
from dengwen.oversight.inspections.queries import Told
from dengwen.ui.components import Choice
from dengwen.ui.form_fields import Area, Asked, AskedForm, Number, Ticked, Word, form_of

ANSWERS = (("yes", True), ("no", False), ("unknown", None))
"""What a question of the test of diligence is answered with, and the value it stands for."""
ANSWER_WORDS = {
    True: pgettext_lazy("diligence", "是"),
    False: pgettext_lazy("diligence", "否"),
    None: pgettext_lazy("diligence", "没有证据"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def roles(seat: Seat, number: str) -> HttpResponse:
    """Confirm or change each proposed line: one click to confirm, two to change, each with its
    sentence of law."""
    page = page_of(seat, number)
    may = may_investigate(seat, page, "confirm_line")
    if seat.request.method != "POST":
        return _roles_page(seat, page, may=may)
    form = line_form(seat)
    if form.value("act") == "weigh_diligence":
        return _weigh(seat, page, form)
    if not may:
        raise Http404
    return _do(seat, page, _confirmation(page, form))


def _weigh(seat: Seat, page: Page, form: AskedForm) -> HttpResponse:
    """Record the test of diligence as filled in beside a line."""
    if not investigates(seat, page):
        raise Http404
    return _do(seat, page, _weighing(page, form))


def _do(seat: Seat, page: Page, step: Step) -> HttpResponse:
    """Do a step on a line; refused, show the roles again with every reason."""
    return write(
        seat,
        [step],
        lambda why: _roles_page(seat, page, why, may=True),
        href(page, "inquiry_roles"),
    )


def line_form(seat: Seat) -> AskedForm:
    """Return the form beside a line: whose it is, what is confirmed, what the test of diligence
    was answered with, on what evidence and why."""
    asked: dict[str, Asked] = {
        "act": Word(),
        "official": Number(),
        "ground": Number(),
        "kind": Word(),
        "proposed": Word(),
        "responsibility": Word(),
        "evidence": Ticked(),
        "reasons": Area(),
    }
    asked |= {name: Word() for name in TESTS}
    return form_of(seat.request, asked)


def _confirmation(page: Page, form: AskedForm) -> Step:
    """Return the step that confirms a line, or puts another responsibility in place of it."""
    fields = _line_fields(form)
    for name in ("kind", "proposed", "responsibility"):
        fields[name] = form.value(name)
    return _line_step(page, form, "confirm_line", fields)


def _weighing(page: Page, form: AskedForm) -> Step:
    """Return the step that weighs the diligence of a person; what nobody answered is unknown."""
    fields = _line_fields(form)
    for name in TESTS:
        fields[name] = form.value(name) or "unknown"
    return _line_step(page, form, "weigh_diligence", fields)


def _line_fields(form: AskedForm) -> dict[str, FieldValue]:
    """Read whose line it is and on which ground; 404 for what is no number."""
    official, ground = form.understood.get("official"), form.understood.get("ground")
    if official is None or ground is None:
        raise Http404
    return {"official": official, "ground": ground}


def _line_step(page: Page, form: AskedForm, act: str, fields: dict[str, FieldValue]) -> Step:
    """Return a step on a line with the evidence ticked and the reasons given, if any."""
    evidence = tuple(one for one in form.understood.get("evidence", ()) if one.isdecimal())
    if evidence:
        fields["evidence"] = evidence
    return Step(act=act, case=page.number, fields=fields, texts=form.texts_of(["reasons"]))


# --- the page -------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class GroundRow:
    """A decision or a deed with the lines proposed for it; `meeting` is said of decisions alone."""

    number: int
    collective: bool
    on: date
    words: str
    meeting: str
    lines: list[LineRow]


class DiligenceRow(NamedTuple):
    """One question of the test of diligence: its field and words, the choices, the answer found."""

    name: str
    words: str
    choices: list[Choice]
    answer: str


@dataclass(frozen=True, slots=True)
class LineRow:
    """One proposed line: its sentence, what else to weigh, the test of diligence, what was
    confirmed."""

    official: int
    name: str
    kind: str
    kind_words: str
    proposed: str
    words: str
    sentence: str
    basis: str
    notes: list[tuple[str, str]]
    tests: list[DiligenceRow]
    confirmed: str
    reasons: str
    choices: tuple[Choice, ...]
    concerned: bool
    add: str
    weigh: bool


def _roles_page(seat: Seat, page: Page, why: Sequence[str] = (), *, may: bool) -> HttpResponse:
    """Render the lines of every ground, and what is still to be entered."""
    return seat.page(
        "accountability/inquiries/roles.html",
        PAGE,
        UNPROCESSABLE if why else 200,
        page=page,
        grounds=[_ground(seat, page, ground) for ground in page.grounds.values()],
        why=why,
        may=may,
        uid=uid_of(seat),
        back=href(page, "inquiry"),
        hints=_hints(page, may=may),
        decision=step_href(page, "consider_decision"),
        deed=step_href(page, "consider_deed"),
        board=board_lines(page),
    )


def _hints(page: Page, *, may: bool) -> list[tuple[str, int, str]]:
    """Return who owed a duty whose breach lies on the board and is not weighed yet: the name, the
    item, where to enter the deed."""
    if not may:
        return []
    grounds = page.made.grounds.values()
    entered = {(told.data.get("official"), told.data.get("organ")) for told in grounds}
    hints = []
    for one in owing(page.made):
        if one.official is not None and (one.official, one.organ) not in entered:
            hints.append((_name_of(one.official), one.item, _deed_href(page, one)))
    return hints


def _name_of(official: int) -> str:
    """Return the name of an official, "" for nobody known."""
    return Official.objects.filter(pk=official).values_list("name", flat=True).first() or ""


def _deed_href(page: Page, one: Owing) -> str:
    """Return where the deed of a bearer is entered, filled in as far as the breach tells."""
    return step_href(
        page,
        "consider_deed",
        official=one.official,
        organ=one.organ,
        on=one.on,
        evidence=one.item,
    )


def _ground(seat: Seat, page: Page, ground: Ground) -> GroundRow:
    """Return a decision or a deed with its lines."""
    told = ground.told
    return GroundRow(
        number=ground.number,
        collective=ground.collective,
        on=ground.on,
        words="" if ground.collective else page.texts.of(told.pk, "deed"),
        meeting=_meeting_words(told) if ground.collective else "",
        lines=[_line(seat, page, ground, line) for line in ground.lines],
    )


def _meeting_words(told: Told) -> str:
    """Return which item of which meeting a collective decision was."""
    return _("会议 %(value)s　第%(value_2)s项议题") % {
        "value": told.data["meeting"],
        "value_2": told.data["item"],
    }


def _line(seat: Seat, page: Page, ground: Ground, line: Line) -> LineRow:
    """Return one proposed line, with what was confirmed or chosen instead."""
    language = seat.language
    who = int(line.official)
    told = page.made.lines.get((who, ground.number, line.kind))
    chosen = str(told.data["responsibility"]) if told else line.responsibility
    return LineRow(
        official=who,
        name=page.name(who),
        kind=line.kind,
        kind_words=line_kind_word(line.kind),
        proposed=line.responsibility,
        words=responsibility_word(line.responsibility, language),
        sentence=words_in(line, language),
        basis=_basis_words(seat, page, line),
        notes=_notes(seat, page, line),
        tests=_tests(page.rules, line.diligence, language),
        confirmed=responsibility_word(chosen, language) if told else "",
        reasons=page.texts.of(told.pk, "reasons") if told else "",
        choices=_responsibilities(chosen, language),
        concerned=who in page.made.officials or line.responsibility == NONE,
        add=step_href(page, "add_person", official=who),
        weigh=not ground.collective and line.diligence is not None,
    )


def _basis_words(seat: Seat, page: Page, line: Line) -> str:
    """Return the article of a line, by its id where the book of the case does not hold it."""
    cite = cited(line.basis, page.file.installed, seat.language)
    return cite or f"{line.basis.law} {line.basis.article}"


def _notes(seat: Seat, page: Page, line: Line) -> list[tuple[str, str]]:
    """Return what else is to be weighed for a line, each with its article."""
    installed = page.file.installed
    return [
        (words_in(note, seat.language), cited(note.basis, installed, seat.language))
        for note in line.notes
    ]


def _responsibilities(chosen: str, language: Language) -> tuple[Choice, ...]:
    """Return every responsibility to choose from, the one chosen marked."""
    offered = [(code, responsibility_word(code, language)) for code in RESPONSIBILITIES]
    return as_choices(offered, [chosen])


def _tests(rules: Liability, diligence: Diligence | None, language: Language) -> list[DiligenceRow]:
    """Return the questions of the test of diligence that the rules state, with what the record
    answers to each."""
    rows = []
    for rule in rules.diligences.values() if diligence is not None else ():
        for item in rule.test:
            value = getattr(diligence, item.id)
            question = words_in(item, language)
            answers = _answers(value)
            rows.append(DiligenceRow(item.id, question, answers, str(ANSWER_WORDS[value])))
    return rows


def _answers(value: bool | None) -> list[Choice]:
    """Return what a question can be answered with, the answer of the record marked."""
    return [Choice(word, str(ANSWER_WORDS[answer]), answer is value) for word, answer in ANSWERS]
