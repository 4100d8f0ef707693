"""What a decision on accountability rests on: no one decides unseen (S 11, 17).

The finding, the evidence of each element, what the person said and the answer, the dissent on
record, the ladder. It is read through the log; what carries an identity is left out, as it is
towards the person.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from dengwen.accountability.errors import AccountabilityError
from dengwen.accountability.inquiry.disclosure_to_person import clean, sealed_words, sources_of
from dengwen.accountability.inquiry.line_rules import Bearing, freed
from dengwen.accountability.inquiry.queries import Point
from dengwen.accountability.measures.decision_door import impartial
from dengwen.accountability.measures.grounds import (
    Finding,
    about,
    after_failure,
    finding_of,
    missed_goal,
    names_subject,
    number_of,
)
from dengwen.accountability.measures.queries import AccountFile
from dengwen.cases.models import Case
from dengwen.cases.read.case_view import cited
from dengwen.desk.accountability.finding_words import (
    answer_word,
    element_word,
    finding_word,
    gravity_word,
    responsibility_word,
)
from dengwen.desk.accountability.measures.measure_page import Page
from dengwen.desk.shell.case.protected_text import Texts, texts_of
from dengwen.desk.shell.frame.seat import Seat
from dengwen.law.bilingual import words_in
from dengwen.law.liability.attribution import Line
from dengwen.law.liability.ladder import Gravity
from dengwen.oversight.inspections.queries import Told


@dataclass(frozen=True, slots=True)
class ElementRow:
    """What was found about one element, with the numbers of its evidence and the reasons."""

    cite: str
    words: str
    finding: str
    evidence: tuple[object, ...]
    reasons: str


@dataclass(frozen=True, slots=True)
class LineRow:
    """What somebody answers for, or what frees them, with its sentence, article and notes."""

    words: str
    sentence: str
    cite: str
    notes: list[str]
    reasons: str


@dataclass(frozen=True, slots=True)
class Hearing:
    """When the person was told what, until when an answer was open, and what they said."""

    told: date
    facts: str
    until: date
    heard: date | None
    statement: str


@dataclass(frozen=True, slots=True)
class PointRow:
    """A point of the defence with its answer, "" while there is none."""

    number: int
    said: str
    result: str
    reasons: str


@dataclass(frozen=True, slots=True)
class Basis:
    """The finding of a decision in words, and what it still lacks; `finding` is None where there
    is none."""

    finding: Finding | None
    lacking: tuple[str, ...]
    failed: bool
    """Whether it rests on a missed goal (S 14(a), 15(a))."""
    gravity: str = ""
    elements: tuple[ElementRow, ...] = ()
    lines: tuple[LineRow, ...] = ()
    evidence: tuple[tuple[int, str], ...] = ()
    heard: Hearing | None = None
    points: tuple[PointRow, ...] = ()
    dissent: bool = False
    absent: bool = False

    @property
    def found(self) -> Gravity | None:
        """The gravity found: nothing heavier is open."""
        return self.finding.gravity if self.finding is not None else None


def basis_of(seat: Seat, page: Page, number: str) -> Basis:
    """Return what the decision of this page would rest on, its texts opened through the read log;
    `number` is that of the inquiry asked for, "" for none."""
    failed = after_failure(page.made, number)
    if failed and not number:
        number = number_of(page.made, page.made.decisions[-1])
    found = _shown(page, finding_of(page.made, number, seat.today))
    lacking = _lacking(seat, page, found, failed=failed)
    if found is None:
        return Basis(None, lacking, failed)
    return _in_words(seat, page, found, lacking, failed=failed)


def _in_words(
    seat: Seat, page: Page, found: Finding, lacking: tuple[str, ...], *, failed: bool
) -> Basis:
    """Return a finding in the language of the page."""
    official = page.made.official
    said = _said(seat, page, found)
    bears = found.bears(official) if official is not None else []
    return Basis(
        found,
        lacking,
        failed,
        gravity=gravity_word(found.made.gravity),
        elements=tuple(_elements(seat, page, found, said)),
        lines=tuple(_lines(seat, page, found, bears, said)),
        evidence=tuple(_evidence(found, said)),
        heard=_heard(found, official or 0, said),
        points=tuple(_points(found, official, said)),
        dissent=any(line.dissent for line in bears),
        absent=any(line.absent for line in bears),
    )


@dataclass(frozen=True, slots=True)
class _Said:
    """The opened texts of a finding, those left out that carry an identity (S 8; R22 30(3))."""

    texts: Texts
    sealed: frozenset[str]

    def of(self, told: Told | None, name: str) -> str:
        """Return a text of an act, "" where there is none or it carries an identity."""
        if told is None:
            return ""
        text = self.texts.of(told.pk, name)
        return text if clean(text, self.sealed) else ""


def _said(seat: Seat, page: Page, found: Finding) -> _Said:
    """Open the texts of a finding, those of the file itself being open already."""
    texts = page.texts if found.own else texts_of(seat, Case.objects.get(number=found.number))
    return _Said(texts, sealed_words(sources_of(found.made)))


def _shown(page: Page, found: Finding | None) -> Finding | None:
    """Show only the file's own finding, its inquiry, or a concluded one about the subject: never
    across the wall."""
    if found is None or found.own or found.number == page.made.inquiry:
        return found
    is_concluded = found.made.concluded is not None
    return found if is_concluded and names_subject(found, page.made) else None


# --- what is lacking ------------------------------------------------------------------------------
def _lacking(seat: Seat, page: Page, found: Finding | None, *, failed: bool) -> tuple[str, ...]:
    """Say what stands against deciding on this finding now, as the door would say it."""
    if found is None:
        return (_("没有核查的认定，本件也没有逐项认定"),)
    made, official = page.made, seat.user.official_id or 0
    partial = _refused(seat, lambda: impartial(made, found, official, seat.today))
    if failed:
        return _refused(seat, lambda: missed_goal(made, seat.today)) + partial
    return _unfinished(seat, made, found) + partial


def _unfinished(seat: Seat, made: AccountFile, found: Finding) -> tuple[str, ...]:
    """Say what the finding still lacks; a complete one is asked whether it concerns the subject."""
    lacking = [words_in(one, seat.language) for one in found.lacking]
    if not found.own and not _concluded_with_proposal(found):
        lacking.append(_("核查还没有作出追责的结论"))
    if lacking:
        return tuple(lacking)
    return _refused(seat, lambda: about(found, made, seat.today))


def _concluded_with_proposal(found: Finding) -> bool:
    """Say whether an inquiry ended with a proposal."""
    concluded = found.made.concluded
    return concluded is not None and concluded.data["outcome"] == "propose"


def _refused(seat: Seat, ask: Callable[[], None]) -> tuple[str, ...]:
    """Return what a rule of the door refuses, in words; empty where it lets pass."""
    try:
        ask()
    except AccountabilityError as error:
        return (words_in(error, seat.language),)
    return ()


# --- the rows -------------------------------------------------------------------------------------
def _elements(seat: Seat, page: Page, found: Finding, said: _Said) -> list[ElementRow]:
    """Return what was found about each element."""
    rows = []
    for (trigger, element), told in found.made.findings.items():
        rule = found.rules.triggers.get(trigger)
        cite = cited(rule.basis, page.file.installed, seat.language) if rule else trigger
        rows.append(
            ElementRow(
                cite=cite,
                words=element_word(element, seat.language),
                finding=finding_word(told.data["finding"]),
                evidence=tuple(told.data.get("evidence", ())),
                reasons=said.of(told, "reasons"),
            )
        )
    return rows


def _evidence(found: Finding, said: _Said) -> list[tuple[int, str]]:
    """Return the numbers of the evidence board with what each item shows."""
    return [(item.number, said.of(item.told, "shows")) for item in found.made.items.values()]


def _lines(
    seat: Seat, page: Page, found: Finding, bears: list[Bearing], said: _Said
) -> list[LineRow]:
    """Return the lines of the person: what they answer for and what frees them, each with its
    sentence and notes."""
    rows = []
    for one in bears:
        responsibility = str(one.told.data["responsibility"])
        rows.append(_line(seat, page, one.line, responsibility, said.of(one.told, "reasons")))
    for line in freed(page.made.official or 0, found.grounds):
        rows.append(_line(seat, page, line, line.responsibility, ""))
    return rows


def _line(seat: Seat, page: Page, line: Line, responsibility: str, reasons: str) -> LineRow:
    """Return one line in words."""
    return LineRow(
        words=responsibility_word(responsibility, seat.language),
        sentence=words_in(line, seat.language),
        cite=cited(line.basis, page.file.installed, seat.language),
        notes=[words_in(note, seat.language) for note in line.notes],
        reasons=reasons,
    )


def _heard(found: Finding, official: int, said: _Said) -> Hearing | None:
    """Return how the person was told and heard; None where nobody told them."""
    told = found.made.told.get(official)
    if told is None:
        return None
    heard = found.made.heard.get(official)
    return Hearing(
        told=told.day,
        facts=said.of(told, "facts"),
        until=date.fromisoformat(str(told.data["answer_by"])),
        heard=heard.day if heard else None,
        statement=said.of(heard, "statement"),
    )


def _points(found: Finding, official: int | None, said: _Said) -> list[PointRow]:
    """Return the points of the person's defence; every point where the file is about an organ."""
    points = found.made.points.values()
    if official is None:
        return [_point(one, said) for one in points]
    return [_point(one, said) for one in points if one.official == official]


def _point(point: Point, said: _Said) -> PointRow:
    """Return one point with its answer."""
    answer = point.answer
    return PointRow(
        number=point.number,
        said=said.of(point.told, "defence"),
        result=answer_word(answer.data["result"]) if answer else "",
        reasons=said.of(answer, "reasons"),
    )
