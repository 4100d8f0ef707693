"""Roles in an inquiry: a proposed line for each person, and the test of diligence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.http import Http404, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods

from dengwen.accountability.inquiry.diligence_record import answered_by_ledger
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
from dengwen.ui.form_fields import (
    Area,
    Asked,
    AskedField,
    AskedForm,
    Number,
    PageForm,
    Ticked,
    Word,
    form_of,
)

WEIGH = "weigh_diligence"
ANSWERS = (("yes", True), ("no", False), ("unknown", None))
"""What a question of the test of diligence is answered with, and the value it stands for."""
ANSWER_WORDS = {
    True: pgettext_lazy("diligence", "是"),
    False: pgettext_lazy("diligence", "否"),
    None: pgettext_lazy("diligence", "没有证据"),
}


_ASKED: dict[str, Asked] = {
    "act": Word(),
    "official": Number(gettext_lazy("人员")),
    "ground": Number(gettext_lazy("哪一项")),
    "kind": Word(),
    "proposed": Word(),
    **{name: Word(needed=True, opens=True) for name in TESTS},
    "responsibility": Word(pgettext_lazy("inquiry_roles", "认定"), needed=True, opens=True),
    "reasons": Area(pgettext_lazy("inquiry_roles", "理由"), conditional=True),
    "evidence": Ticked(pgettext_lazy("inquiry_roles 2", "证据"), conditional=True, opens=True),
}
"""The form beside a line: whose it is, what is confirmed, what the test of diligence was answered
with, on what evidence and why."""


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def roles(seat: Seat, number: str) -> HttpResponse:
    """Confirm or change each proposed line: one click to confirm, two to change, each with its
    sentence of law."""
    page = page_of(seat, number)
    may = may_investigate(seat, page, "confirm_line")
    form = form_of(seat.request, _ASKED)
    if not form.is_bound:
        return _roles_page(seat, page, form, may=may)
    if form.value("act") == WEIGH:
        return _weigh(seat, page, form)
    if not may:
        raise Http404
    return _do(seat, page, form, _confirmation(page, form))


def _weigh(seat: Seat, page: Page, form: AskedForm) -> HttpResponse:
    """Record the test of diligence as filled in beside a line."""
    if not investigates(seat, page):
        raise Http404
    return _do(seat, page, form, _weighing(page, form))


def _do(seat: Seat, page: Page, form: AskedForm, step: Step) -> HttpResponse:
    """Do a step on a line; refused, show the roles again with every reason."""
    if form.errors:
        return _roles_page(seat, page, form, may=True)
    return write(
        seat,
        [step],
        lambda why: _roles_page(seat, page, form, why, may=True),
        href(page, "inquiry_roles"),
        form=form,
    )


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
    ground = fields["ground"]
    fields |= answered_by_ledger(page.made, ground if isinstance(ground, int) else 0)
    return _line_step(page, form, WEIGH, fields)


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
    ledger: list[tuple[str, str]]
    """What the ledger answers to diligence, before anybody else does; nothing for decisions."""


LEDGER_WORDS = {
    "ledger_in_time": pgettext_lazy("diligence", "及时办理"),
    "ledger_reported": pgettext_lazy("diligence", "报告过"),
    "ledger_helped": pgettext_lazy("diligence", "请求过协助"),
}
RECORDED = {
    "yes": pgettext_lazy("diligence", "是"),
    "no": pgettext_lazy("diligence", "否"),
    "unknown": pgettext_lazy("diligence", "没有记录"),
}


def _by_ledger(page: Page, ground: Ground) -> list[tuple[str, str]]:
    """Return in words what the ledger answers about whoever did a deed."""
    if ground.collective:
        return []
    answers = answered_by_ledger(page.made, ground.number)
    return [(str(LEDGER_WORDS[name]), str(RECORDED[answer])) for name, answer in answers.items()]


class DiligenceRow(NamedTuple):
    """One question of the test of diligence in words, with what the record answers."""

    words: str
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
    concerned: bool
    add: str
    confirms: tuple[AskedField, ...]
    weighs: tuple[AskedField, ...]


def _roles_page(
    seat: Seat, page: Page, form: AskedForm, why: Sequence[str] = (), *, may: bool
) -> HttpResponse:
    """Render the lines of every ground, and what is still to be entered."""
    grounds = [_ground(seat, page, form, ground, may=may) for ground in page.grounds.values()]
    lines = [line for ground in grounds for line in ground.lines]
    drawn = [asked for line in lines for asked in (*line.confirms, *line.weighs)]
    own = [asked for asked in drawn if asked.form is form]
    return seat.page(
        "accountability/inquiries/roles.html",
        PAGE,
        UNPROCESSABLE if why or form.errors else 200,
        page=page,
        grounds=grounds,
        drawn=drawn,
        why=[*form.complaints_elsewhere(own), *why],
        may=may,
        uid=uid_of(seat),
        back=href(page, "inquiry"),
        hints=_hints(page, may=may),
        decision=step_href(page, "consider_decision"),
        deed=step_href(page, "consider_deed"),
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


def _ground(seat: Seat, page: Page, form: AskedForm, ground: Ground, *, may: bool) -> GroundRow:
    """Return a decision or a deed with its lines."""
    told = ground.told
    return GroundRow(
        number=ground.number,
        collective=ground.collective,
        on=ground.on,
        words="" if ground.collective else page.texts.of(told.pk, "deed"),
        meeting=_meeting_words(told) if ground.collective else "",
        lines=[_line(seat, page, form, ground, line, may=may) for line in ground.lines],
        ledger=_by_ledger(page, ground),
    )


def _meeting_words(told: Told) -> str:
    """Return which item of which meeting a collective decision was."""
    return _("会议 %(value)s　第%(value_2)s项议题") % {
        "value": told.data["meeting"],
        "value_2": told.data["item"],
    }


def _line(
    seat: Seat, page: Page, form: AskedForm, ground: Ground, line: Line, *, may: bool
) -> LineRow:
    """Return one proposed line, with what was confirmed or chosen instead."""
    language = seat.language
    who = int(line.official)
    told = page.made.lines.get((who, ground.number, line.kind))
    chosen = str(told.data["responsibility"]) if told else line.responsibility
    concerned = who in page.made.officials or line.responsibility == NONE
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
        reasons=_reasons_told(page, told),
        concerned=concerned,
        add=step_href(page, "add_person", official=who),
        confirms=_confirms(seat, page, form, ground, line, chosen) if may and concerned else (),
        weighs=_weighs(seat, page, form, ground, line) if may else (),
    )


def _reasons_told(page: Page, told: Told | None) -> str:
    """Return the reasons given for a line that was confirmed, "" for one that was not."""
    return page.texts.of(told.pk, "reasons") if told else ""


# --- the forms beside a line ----------------------------------------------------------------------
def _confirms(
    seat: Seat, page: Page, form: AskedForm, ground: Ground, line: Line, chosen: str
) -> tuple[AskedField, ...]:
    """Return the fields that confirm a line, or put another responsibility in its place."""
    own = _own_form(form, ground, line, "", {"responsibility": chosen})
    offered = [(code, responsibility_word(code, seat.language)) for code in RESPONSIBILITIES]
    asked = own.at("responsibility")
    responsibility = asked.but(choices=as_choices(offered, asked.typed))
    return (responsibility, *_grounds_of(page, own))


def _weighs(
    seat: Seat, page: Page, form: AskedForm, ground: Ground, line: Line
) -> tuple[AskedField, ...]:
    """Return the fields of the test of diligence, each question answered as the record does; none
    where nothing is weighed."""
    if ground.collective or line.diligence is None:
        return ()
    found = _questions(page.rules, line.diligence, seat.language)
    begun = {name: word for name, _question, value in found for word in _words_of(value)}
    own = _own_form(form, ground, line, WEIGH, begun)
    offered = [(word, str(ANSWER_WORDS[value])) for word, value in ANSWERS]
    asked = [
        own.at(name).but(label=capfirst(question), choices=as_choices(offered, own.at(name).typed))
        for name, question, _value in found
    ]
    return (*asked, *_grounds_of(page, own))


def _own_form(
    form: AskedForm, ground: Ground, line: Line, act: str, begun: Mapping[str, str]
) -> AskedForm:
    """Return the form of a line for an act: the one that was posted, or one that begins with what
    is known."""
    posted = form.understood
    meant = (posted.get("act"), posted.get("ground"), posted.get("official"))
    own = form
    is_own = meant == (act, ground.number, int(line.official))
    if not is_own or (not act and posted.get("kind") != line.kind):
        own = PageForm(_ASKED, initial=dict(begun))
    own.spot = f"{ground.number}-{line.official}-{line.kind}-{act[:1]}"
    return own


def _grounds_of(page: Page, own: AskedForm) -> tuple[AskedField, ...]:
    """Return the reasons, in one line, and the evidence there is on the board."""
    reasons, evidence = own.at("reasons").but(type="person"), own.at("evidence")
    board = [(number, f"{number}　{words}") for number, words in board_lines(page)]
    if not board:
        return (reasons,)
    return (reasons, evidence.but(type="word", choices=as_choices(board, evidence.typed)))


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


def _questions(
    rules: Liability, diligence: Diligence | None, language: Language
) -> list[tuple[str, str, bool | None]]:
    """Return the questions of the test of diligence that the rules state: field, words, what the
    record answers."""
    found = []
    for rule in rules.diligences.values() if diligence is not None else ():
        for item in rule.test:
            found.append((item.id, words_in(item, language), getattr(diligence, item.id)))
    return found


def _tests(rules: Liability, diligence: Diligence | None, language: Language) -> list[DiligenceRow]:
    """Return the questions of the test of diligence with what the record answers to each."""
    return [
        DiligenceRow(question, str(ANSWER_WORDS[value]))
        for _name, question, value in _questions(rules, diligence, language)
    ]


def _words_of(value: bool | None) -> list[str]:
    """Return how an answer is posted."""
    return [word for word, answer in ANSWERS if answer is value]
