"""One inquiry (核查) as it stands: investigators, elements, people, lines, what is still lacking.

The evidence board stands in `board`, the steps in `step`, roles in `roles`, the conclusion in
`end`; the page of the person concerned is `desk.accountability.about_me`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dengwen.accountability.inquiry.conclusion.odd_findings import contradictions
from dengwen.accountability.inquiry.queries import IN_PERSON, Point
from dengwen.cases.read.case_view import cited, state_words
from dengwen.desk.accountability.finding_words import (
    answer_word,
    element_word,
    finding_word,
    gravity_word,
    line_kind_word,
    responsibility_word,
)
from dengwen.desk.accountability.inquiries.inquiry_page import (
    PAGE,
    Page,
    can,
    href,
    investigates,
    lacking_for,
    may_investigate,
    page_of,
    step_href,
)
from dengwen.desk.accountability.nine_steps import steps_of_inquiry
from dengwen.desk.shell.frame.seat import Seat, at_desk, case_href
from dengwen.law.bilingual import headline, words_in
from dengwen.law.liability.provisions import TriggerRule
from dengwen.law.liability.triggers import REASONS
from dengwen.oversight.inspections.queries import Told
from dengwen.ui.components import Link

STEPS = (
    "name_investigator",
    "recuse_investigator",
    "add_person",
    "consider_decision",
    "consider_deed",
    "find_gravity",
    "release_text",
    "hand_over",
    "hand_up",
    "take_over",
)
"""Steps offered at the head of an inquiry; the others stand beside what they are about."""


@require_safe
@at_desk
def inquiry(seat: Seat, number: str) -> HttpResponse:
    """Show one inquiry: who investigates, the board, each element, who was told and heard, the
    lines, the end."""
    page = page_of(seat, number)
    made = page.made
    lacking = [] if made.concluded else lacking_for(seat, page, "")
    investigators = page.names(made.investigators)
    return seat.page(
        "accountability/inquiries/inquiry.html",
        PAGE,
        steps=steps_of_inquiry(seat, made, page.file.case.opened_on, investigators, len(lacking)),
        page=page,
        made=made,
        case=page.file.case,
        unit=page.unit,
        matter=page.texts.newest("matter"),
        day=made.day,
        state=state_words(page.file, seat.language),
        mine=investigates(seat, page),
        following=_steps_now(seat, page),
        handed=[told.day for told in made.handed_over],
        investigators=investigators,
        recused=page.names(made.recused),
        elements=_circumstances(seat, page),
        people=[_person(seat, page, official) for official in made.officials],
        lines=_confirmed_lines(seat, page),
        points=[_point(seat, page, point) for point in made.points.values()],
        lacking=lacking,
        contradictions=_contradictions(seat, page),
        gravity=gravity_word(made.gravity),
        board=href(page, "inquiry_board"),
        roles=href(page, "inquiry_roles"),
        end=href(page, "inquiry_end"),
        whole=case_href(page.number),
    )


def _steps_now(seat: Seat, page: Page) -> list[Link]:
    """Return the steps this seat can do now, as links at the head of the page."""
    possible = [act for act in STEPS if can(seat, page, act)]
    return [_step_link(seat, page, act) for act in possible]


def _step_link(seat: Seat, page: Page, act: str, **given: object) -> Link:
    """Return a link to a step, with what it settles."""
    rule = page.file.kind.acts[act]
    return Link(headline(rule, seat.language), step_href(page, act, **given))


# --- circumstances --------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class ElementRow:
    """One conduct or element of a circumstance: what was found, and where to find it ("" where
    this seat may not)."""

    words: str
    result: bool
    """Whether it is an element of the result rather than a conduct."""
    finding: str
    evidence: tuple[object, ...]
    reasons: str
    href: str


@dataclass(frozen=True, slots=True)
class Circumstance:
    """A circumstance of the inquiry with its article and a row for each element."""

    words: str
    cite: str
    rows: list[ElementRow]


def _circumstances(seat: Seat, page: Page) -> list[Circumstance]:
    """Return the circumstances the inquiry began with, then those something was found about."""
    made = page.made
    found_about = [trigger for trigger, _element in made.findings]
    triggers = dict.fromkeys([*made.situations, *found_about])
    may_find = may_investigate(seat, page, "establish")
    return [_circumstance(seat, page, trigger, may_find=may_find) for trigger in triggers]


def _circumstance(seat: Seat, page: Page, trigger: str, *, may_find: bool) -> Circumstance:
    """Return one circumstance, by its id where the rules do not know it."""
    rule = page.rules.triggers.get(trigger)
    if rule is None:
        return Circumstance(trigger, "", [])
    rows = [
        _element_row(seat, page, rule, element, may_find=may_find) for element in _elements_of(rule)
    ]
    cite = cited(rule.basis, page.file.installed, seat.language)
    return Circumstance(words_in(rule, seat.language), cite, rows)


def _elements_of(rule: TriggerRule) -> tuple[str, ...]:
    """Return what has to be found for a circumstance; an open one also asks for reasons."""
    elements = (*rule.conduct, *rule.all_elements)
    return (*elements, REASONS) if rule.open else elements


def _element_row(
    seat: Seat, page: Page, rule: TriggerRule, element: str, *, may_find: bool
) -> ElementRow:
    """Return what was found about one element."""
    told = page.made.findings.get((rule.id, element))
    address = step_href(page, "establish", trigger=rule.id, element=element) if may_find else ""
    return ElementRow(
        words=element_word(element, seat.language),
        result=element in rule.all_elements,
        finding=finding_word(told.data["finding"]) if told else "",
        evidence=tuple(told.data.get("evidence", ())) if told else (),
        reasons=page.texts.of(told.pk, "reasons") if told else "",
        href=address,
    )


# --- people ---------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Person:
    """How a person concerned stands: told, heard, and what can be done next."""

    name: str
    told: date | None
    until: date | None
    heard: date | None
    statement: str
    signature: str
    links: list[Link]


def _person(seat: Seat, page: Page, official: int) -> Person:
    """Return how a person concerned stands."""
    told = page.made.told.get(official)
    heard = page.made.heard.get(official)
    return Person(
        name=page.name(official),
        told=told.day if told else None,
        until=date.fromisoformat(str(told.data["answer_by"])) if told else None,
        heard=heard.day if heard else None,
        statement=page.texts.of(heard.pk, "statement") if heard else "",
        signature=_signature(page, official),
        links=_person_links(seat, page, official, told),
    )


def _person_links(seat: Seat, page: Page, official: int, told: Told | None) -> list[Link]:
    """Return the steps towards a person: to tell them, and to hear them once they are told."""
    acts = ["tell_person", "hear"] if told else ["tell_person"]
    if told and page.made.answer_until(official, seat.today) is not None:
        acts.append("say_nothing_more")
    if official in page.made.heard and not page.made.hearing_stands(official):
        acts += ["sign_hearing", "refuse_signature"]
    possible = [act for act in acts if may_investigate(seat, page, act)]
    return [_step_link(seat, page, act, official=official) for act in possible]


def _signature(page: Page, official: int) -> str:
    """Say whether the record of a hearing in person is signed, "" where nobody was heard so."""
    heard = page.made.heard.get(official)
    if heard is None or heard.data.get("how") != IN_PERSON:
        return ""
    signed = page.made.countersigned.get(official)
    if signed is not None and signed.seq > heard.seq:
        return _("笔录本人已签名")
    if page.made.hearing_stands(official):
        return _("本人拒绝签名，两名核查人员已记明")
    if page.made.refused_before(official):
        return _("本人拒绝签名，还要另一名核查人员记明")
    return _("笔录本人还没有签名")


# --- contradictions -------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class ContradictionRow:
    """A contradiction with the reasons given for it, or where to give them ("" where this seat
    may not)."""

    name: str
    words: str
    reasons: str
    href: str


def _contradictions(seat: Seat, page: Page) -> list[ContradictionRow]:
    """Return what in the inquiry contradicts itself now, each with its reasons."""
    may_reason = may_investigate(seat, page, "reason_contradiction")
    rows = []
    for one in contradictions(page.made, page.grounds):
        reasoned = page.made.reasoned.get(one.key)
        address = step_href(page, "reason_contradiction", contradiction=one.key)
        rows.append(
            ContradictionRow(
                name=page.name(one.official),
                words=words_in(one, seat.language),
                reasons=page.texts.of(reasoned.pk, "reasons") if reasoned else "",
                href=address if may_reason and reasoned is None else "",
            )
        )
    return rows


@dataclass(frozen=True, slots=True)
class PointRow:
    """A point of a defence with its answer, or where to answer it."""

    number: int
    name: str
    said: str
    result: str
    reasons: str
    href: str


def _point(seat: Seat, page: Page, point: Point) -> PointRow:
    """Return a point of a defence with its answer."""
    answer = point.answer
    may_answer = answer is None and may_investigate(seat, page, "answer_point")
    return PointRow(
        number=point.number,
        name=page.name(point.official),
        said=page.texts.of(point.told.pk, "defence"),
        result=answer_word(answer.data["result"]) if answer else "",
        reasons=page.texts.of(answer.pk, "reasons") if answer else "",
        href=step_href(page, "answer_point", point=point.number) if may_answer else "",
    )


@dataclass(frozen=True, slots=True)
class ConfirmedLine:
    """A confirmed line; `was` is what was proposed, where it was changed."""

    name: str
    ground: int
    kind: str
    found: str
    was: str
    reasons: str


def _confirmed_lines(seat: Seat, page: Page) -> list[ConfirmedLine]:
    """Return the confirmed lines, each with what was proposed where it was changed."""
    lines = []
    for (official, ground, kind), told in page.made.lines.items():
        found = responsibility_word(told.data["responsibility"], seat.language)
        proposed = responsibility_word(told.data["proposed"], seat.language)
        lines.append(
            ConfirmedLine(
                name=page.name(official),
                ground=ground,
                kind=line_kind_word(kind),
                found=found,
                was=proposed if proposed != found else "",
                reasons=page.texts.of(told.pk, "reasons"),
            )
        )
    return lines
