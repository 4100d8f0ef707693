"""The measures a decision can take now, and of every other one the reason why not."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from dengwen.accountability.errors import AccountabilityError
from dengwen.accountability.inquiry.line_rules import heavier
from dengwen.accountability.measures.decision_door import apart
from dengwen.accountability.measures.effects import competent_for
from dengwen.accountability.measures.queries import earlier_of
from dengwen.cases.read.case_view import cited
from dengwen.desk.accountability.measure_rungs import answers_by_measure
from dengwen.desk.accountability.measures.decision_basis import Basis
from dengwen.desk.accountability.measures.measure_page import Page
from dengwen.desk.shell.frame.seat import Seat
from dengwen.law.bilingual import words_in
from dengwen.law.liability.ladder import Gravity, RungAnswer
from dengwen.law.liability.proposed_decision import BY_CONSTITUTION, PERSON
from dengwen.law.liability.provisions import MeasureRule


@dataclass(frozen=True, slots=True)
class OpenMeasure:
    """A measure that can be decided on now, the ground that opens it, whether it is ticked."""

    id: str
    words: str
    cite: str
    ground: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every measure of the rules: the open ones, and the others as words, reason, article."""

    open: list[OpenMeasure] = field(default_factory=list)
    closed: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Question:
    """What decides which measures are open: the ladder's answers, and who asks about whom."""

    on: str
    answers: Mapping[str, RungAnswer]
    manages: bool
    beyond: bool
    """Whether the gravity stated is heavier than the one found."""


def catalogue(
    seat: Seat,
    page: Page,
    finding: Gravity,
    basis: Basis,
    managers: Collection[int],
    chosen: Collection[str],
) -> Catalogue:
    """Return the measures that may be decided on now, and of each other one the reason why not
    with its rule."""
    question = _question(seat, page, finding, basis, managers)
    found = Catalogue()
    for rule in page.rules.measures.values():
        words = words_in(rule, seat.language)
        cite = cited(rule.basis, page.file.installed, seat.language)
        reason = _why_closed(seat, page, rule, question)
        if reason:
            found.closed.append((words, reason, cite))
        else:
            ground = _rung_words(seat, question.answers.get(rule.id))
            found.open.append(OpenMeasure(rule.id, words, cite, ground, rule.id in chosen))
    return found


def _question(
    seat: Seat, page: Page, finding: Gravity, basis: Basis, managers: Collection[int]
) -> _Question:
    """Ask the ladder; after a missed goal the gravity opens nothing, only the next rung (S 14)."""
    stated = Gravity() if basis.failed else finding
    earlier = earlier_of(page.made, page.rules)
    found = None if basis.failed else basis.found
    return _Question(
        on=page.made.on,
        answers=answers_by_measure(page.rules, stated, earlier, seat.today),
        manages=seat.organ is not None and seat.organ.pk in managers,
        beyond=found is not None and heavier(finding, found),
    )


def _why_closed(seat: Seat, page: Page, rule: MeasureRule, question: _Question) -> str:
    """Say why a measure cannot be decided on now, "" where it can."""
    answer = question.answers.get(rule.id)
    reason = (
        _not_for(rule, question.on)
        or _not_a_member(rule, page)
        or _apart(seat, page, rule)
        or _handed_over(seat, page, rule, manages=question.manages)
        or _rung_closed(seat, answer)
    )
    if reason:
        return reason
    if question.beyond and answer is not None:
        return _("写的情节比认定的重")
    return ""


def _not_for(rule: MeasureRule, on: str) -> str:
    """Say that a measure is none of accountability, or none for such a subject."""
    if rule.kind == "supervision":
        return _("是督促，不是责任追究的措施，由联席会议、上级另办")
    if on in rule.on:
        return ""
    return _("只对单位") if on == PERSON else _("只对个人")


def _not_a_member(rule: MeasureRule, page: Page) -> str:
    """Say that a measure is for members of the Party, which this person was said not to be."""
    is_none = rule.party_members and page.made.party_member == "no"
    return _("只适用于党员，责任人不是党员") if is_none else ""


def _apart(seat: Seat, page: Page, rule: MeasureRule) -> str:
    """Say that a sanction is given in a file of its own, and nothing else there (S 16); "" where
    it may stand here."""
    if rule.by == BY_CONSTITUTION:
        return _("由党章规定的程序决定（问责条例第八条）")
    try:
        apart([rule], page.made)
    except AccountabilityError as error:
        return words_in(error, seat.language)
    return ""


def _handed_over(seat: Seat, page: Page, rule: MeasureRule, *, manages: bool) -> str:
    """Say which other body decides on a sanction (S 16); "" where this organ may."""
    if seat.organ is None:
        return ""
    body = competent_for(page.rules, rule, seat.organ, manages=manages)
    if body is None:
        return ""
    return _("由{body}决定，移送").format(body=words_in(body, seat.language))


def _rung_closed(seat: Seat, answer: RungAnswer | None) -> str:
    """Say why the rung of a measure is closed, "" where it is open or there is none."""
    return "" if answer is None or answer.open else _rung_words(seat, answer)


def _rung_words(seat: Seat, answer: RungAnswer | None) -> str:
    """Return what the ladder answers, "" for a measure on no rung."""
    return "" if answer is None else words_in(answer, seat.language)
