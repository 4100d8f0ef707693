"""What an inspection led to: the organ's answers, the rectification list, the conclusion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dengwen.cases.models import Case
from dengwen.desk.oversight.inspections.opened_inspection import Page, can
from dengwen.desk.shell.act.option_words import option_words
from dengwen.desk.shell.frame.seat import Seat, case_href
from dengwen.law.bilingual import headline
from dengwen.oversight.inspections.queries import Line, Told
from dengwen.ui.components import Link


# --- what the organ says --------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Answer:
    """What the organ said, with the finding it answers; a general answer names no case."""

    subject: str
    title: str
    question: str
    clause: str
    remarks: str
    stand: str
    answer: str


def answers_shown(seat: Seat, page: Page, visible: Mapping[str, Case]) -> list[Answer]:
    """Return what the organ said, each beside its finding; nothing about a case that is hidden
    meanwhile."""
    found = []
    for act in page.made.answers:
        subject = str(act.data.get("subject", ""))
        if not subject or subject in visible:
            found.append(_answer(seat, page, act, visible.get(subject)))
    return found


def _answer(seat: Seat, page: Page, act: Told, case: Case | None) -> Answer:
    """Return one answer, beside its finding where it names one."""
    subject = case.number if case is not None else ""
    items = {item.number: item for item in page.made.items}
    item = items.get(int(act.data.get("item", 0)))
    check = page.made.checks.get(subject)
    stand = page.file.kind.acts["answer_finding"].field_rule("stand")
    return Answer(
        subject=subject,
        title=case.title if case is not None else "",
        question=f"{item.number}　{item.question}" if item else "",
        clause=item.clause if item else "",
        remarks=page.texts.of(check.pk, "remarks") if check else "",
        stand=option_words(stand, act.data["stand"], seat.language),
        answer=page.texts.of(act.pk, "answer"),
    )


# --- the rectification list -----------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class ListedFinding:
    """One line of the rectification list in words, with what can be done about it now."""

    line: Line
    owner: str
    text: str
    late: bool
    links: list[Link]
    what: str


def listed_findings(seat: Seat, page: Page) -> list[ListedFinding]:
    """Return the rectification list in words."""
    return [
        ListedFinding(
            line=line,
            owner=page.name(line.owner),
            text=_state_words(line, seat.today),
            late=line.outcome(seat.today) == "overdue",
            links=_links(seat, page, line),
            what=page.texts.of(line.listed.pk, "what"),
        )
        for line in page.made.lines.values()
    ]


def _state_words(line: Line, today: date) -> str:
    """Return how a line of the list stands."""
    if line.carried:
        return _("已带入下一次督查")
    if line.reported and line.accepted is None:
        return _("已报告，待复查")
    words = {
        "rectified": pgettext("inspections", "整改到位"),
        "overdue": pgettext("inspections", "逾期"),
        "open": pgettext("inspections", "整改中"),
    }
    return words[line.outcome(today)]


def _links(seat: Seat, page: Page, line: Line) -> list[Link]:
    """Return the acts this seat can do about a line now."""
    return [
        Link(
            headline(page.file.kind.acts[act], seat.language),
            f"{case_href(page.made.case.number, act)}?line={line.number}",
        )
        for act in _next_acts(seat, line)
        if can(seat, page, act)
    ]


def _next_acts(seat: Seat, line: Line) -> tuple[str, ...]:
    """Return which acts come next for a line: its owner reports, the inspecting organ checks."""
    if not line.open:
        return ()
    if line.reported is not None:
        return ("accept_rectified", "return_rectified")
    own = seat.organ is not None and line.owner == seat.organ.pk
    return ("report_rectified",) if own else ()


# --- the conclusion -------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Conclusion:
    """How an inspection ended: the day, the findings, and within which scope it was circulated."""

    day: date
    findings: str
    scope: str
    scope_text: str


def conclusion(seat: Seat, page: Page) -> Conclusion | None:
    """Return how the inspection ended (S 9), None while it is running."""
    act = page.made.concluded
    if act is None:
        return None
    scope = page.file.kind.acts["conclude"].field_rule("circular_scope")
    return Conclusion(
        day=act.day,
        findings=page.texts.of(act.pk, "findings"),
        scope=option_words(scope, act.data.get("circular_scope"), seat.language),
        scope_text=page.texts.of(act.pk, "scope_text"),
    )
