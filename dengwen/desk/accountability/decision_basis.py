"""What a decision on accountability rests on, as the page of the decision shows it: no one decides
unseen (S 11, 17).

The finding, the evidence of each element, what the person said and the answer, the dissent on
record, the ladder. It is
read through the log; what carries an identity is left out, as it is towards the person.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from dengwen.accountability.errors import AccountabilityError
from dengwen.accountability.inquiry.disclosure_to_person import clean, sealed_words, sources_of
from dengwen.accountability.inquiry.report import word_of
from dengwen.accountability.inquiry.rules import Bearing, freed
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
from dengwen.cases.models import Case
from dengwen.cases.read.case_view import cited
from dengwen.desk.accountability.inquiries import GRAVE
from dengwen.desk.accountability.measures import Page
from dengwen.desk.shell.case.protected_text import Texts, texts_of
from dengwen.desk.shell.frame.seat import Seat
from dengwen.law.liability.attribution import RESPONSIBILITIES
from dengwen.law.liability.ladder import Gravity

SHOWN = {
    "shown": ("已证明", "shown"),
    "not_shown": ("没有证明", "not shown"),
    "cannot": ("无法证明", "cannot be shown"),
}
ANSWERS = {
    "upheld": ("成立，予以采纳", "accepted"),
    "partly": ("部分成立", "accepted in part"),
    "rejected": ("不成立", "not well founded"),
}


@dataclass(frozen=True, slots=True)
class Basis:
    """The finding of a decision in words, and what it still lacks; `finding` is None where there
    is none."""

    finding: Finding | None
    lacking: tuple[str, ...]
    gravity: str
    elements: tuple[Mapping[str, object], ...]
    lines: tuple[Mapping[str, object], ...]
    evidence: tuple[tuple[int, str], ...]
    heard: Mapping[str, object]
    points: tuple[Mapping[str, object], ...]
    dissent: bool
    absent: bool
    failed: bool
    """Whether it rests on a missed goal (S 14(a), 15(a))."""

    @property
    def found(self) -> Gravity | None:
        """The gravity found: nothing heavier is open."""
        return self.finding.gravity if self.finding is not None else None


def basis_of(seat: Seat, page: Page) -> Basis:
    """Return what the decision of this page would rest on, its texts opened through the read
    log."""
    made, index = page.made, int(seat.language != "zh")
    number = str(seat.request.POST.get("inquiry") or seat.request.GET.get("inquiry") or "")
    failed = after_failure(made, number)
    if failed and not number:
        number = number_of(made, made.decisions[-1])
    found = _shown(page, finding_of(made, number))
    lacking = _lacking(seat, page, found, failed=failed)
    if found is None:
        return Basis(
            None, lacking, "", (), (), (), {}, (), dissent=False, absent=False, failed=failed
        )
    texts = page.texts if found.own else texts_of(seat, Case.objects.get(number=found.number))
    words = sealed_words(sources_of(found.made))
    said = _Said(texts, words)
    bears = found.bears(made.official) if made.official is not None else []
    return Basis(
        found,
        lacking,
        GRAVE[found.gravity.classed][index] if found.made.gravity is not None else "",
        tuple(_elements(seat, page, found, said)),
        tuple(_lines(seat, page, found, bears, said)),
        tuple((item.number, said.of(item.told.pk, "shows")) for item in found.made.items.values()),
        _heard(found, made.official, said),
        tuple(_points(found, made.official, said, index)),
        dissent=any(line.dissent for line in bears),
        absent=any(line.absent for line in bears),
        failed=failed,
    )


@dataclass(frozen=True, slots=True)
class _Said:
    """The opened texts of a finding, those left out that carry an identity (S 8; R22 30(3))."""

    texts: Texts
    sealed: frozenset[str]

    def of(self, act: int, name: str) -> str:
        text = self.texts.of(act, name)
        return text if clean(text, self.sealed) else ""


def _shown(page: Page, found: Finding | None) -> Finding | None:
    """Show only the file's own finding, its inquiry, or a concluded one about the subject: never
    across the wall."""
    if found is None or found.own or found.number == page.made.inquiry:
        return found
    return found if found.made.concluded is not None and names_subject(found, page.made) else None


def _lacking(seat: Seat, page: Page, found: Finding | None, *, failed: bool) -> tuple[str, ...]:
    """Say what stands against deciding on this finding now, as the door would say it."""
    index = int(seat.language != "zh")
    if found is None:
        return (
            (
                "没有核查的认定，本件也没有逐项认定",
                "no inquiry found anything, and nothing is found in this file",
            )[index],
        )
    mine = _refused(
        lambda: impartial(page.made, found, seat.user.official_id or 0, seat.today), index
    )
    if failed:
        return _refused(lambda: missed_goal(page.made, seat.today), index) + mine
    lacking = [words[index] for words in found.lacking]
    if not found.own and (
        found.made.concluded is None or found.made.concluded.data["outcome"] != "propose"
    ):
        lacking.append(
            ("核查还没有作出追责的结论", "the inquiry is not concluded with responsibility")[index]
        )
    return (tuple(lacking) or _refused(lambda: about(found, page.made, seat.today), index)) + mine


def _refused(ask: Callable[[], None], index: int) -> tuple[str, ...]:
    try:
        ask()
    except AccountabilityError as error:
        return ((error.zh, error.en)[index],)
    return ()


def _elements(seat: Seat, page: Page, found: Finding, said: _Said) -> list[Mapping[str, object]]:
    index = int(seat.language != "zh")
    rows: list[Mapping[str, object]] = []
    for (trigger, element), told in found.made.findings.items():
        rule = found.rules.triggers.get(trigger)
        rows.append(
            {
                "cite": cited(rule.basis, page.file.installed, seat.language) if rule else trigger,
                "words": word_of(element, index),
                "finding": SHOWN[str(told.data["finding"])][index],
                "evidence": told.data.get("evidence", ()),
                "reasons": said.of(told.pk, "reasons"),
            }
        )
    return rows


def _lines(
    seat: Seat, page: Page, found: Finding, bears: list[Bearing], said: _Said
) -> list[Mapping[str, object]]:
    """Return the lines of the person: what he answers for and what frees him, each with its
    sentence and notes."""
    index = int(seat.language != "zh")
    rows: list[Mapping[str, object]] = []
    for one in bears:
        rows.append(
            {
                "words": RESPONSIBILITIES[str(one.told.data["responsibility"])][index],
                "sentence": (one.line.zh, one.line.en)[index],
                "cite": cited(one.line.basis, page.file.installed, seat.language),
                "notes": [(note.zh, note.en)[index] for note in one.line.notes],
                "reasons": said.of(one.told.pk, "reasons"),
            }
        )
    for line in freed(page.made.official or 0, found.grounds):
        rows.append(
            {
                "words": RESPONSIBILITIES[line.responsibility][index],
                "sentence": (line.zh, line.en)[index],
                "cite": cited(line.basis, page.file.installed, seat.language),
                "notes": [(note.zh, note.en)[index] for note in line.notes],
                "reasons": "",
            }
        )
    return rows


def _heard(found: Finding, official: int | None, said: _Said) -> Mapping[str, object]:
    told = found.made.told.get(official or 0)
    heard = found.made.heard.get(official or 0)
    if told is None:
        return {}
    return {
        "told": told.day,
        "facts": said.of(told.pk, "facts"),
        "until": date.fromisoformat(str(told.data["answer_by"])),
        "heard": heard.day if heard else None,
        "statement": said.of(heard.pk, "statement") if heard else "",
    }


def _points(
    found: Finding, official: int | None, said: _Said, index: int
) -> list[Mapping[str, object]]:
    rows: list[Mapping[str, object]] = []
    for point in found.made.points.values():
        if official is not None and point.official != official:
            continue
        answer = point.answer
        rows.append(
            {
                "number": point.number,
                "said": said.of(point.told.pk, "defence"),
                "result": ANSWERS[str(answer.data["result"])][index] if answer else "",
                "reasons": said.of(answer.pk, "reasons") if answer else "",
            }
        )
    return rows
