"""The leader's home: letters, instructions, duties, days of reception, cases in charge.

Everything is counted from signed acts and from the duties they opened; nothing is typed twice (S 7;
journey 6).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_safe

from dengwen.cases.read.case_view import CaseFile, read_file, state_words
from dengwen.cases.read.duty_lines import duty_lines, listed
from dengwen.cases.wall.visibility import LEADER_ROLE, duties_for_user, for_user
from dengwen.desk.leadership.leader_cases import is_late, may_lead, title_of
from dengwen.desk.leadership.opened_cases import ON_ONE_PAGE, OPENED_HERE, new_links
from dengwen.desk.shell.act.option_words import option_words
from dengwen.desk.shell.frame.seat import Seat, at_desk, case_href, organ_name
from dengwen.desk.shell.worklist.duty_pages import page_of
from dengwen.desk.shell.worklist.home import lowered
from dengwen.law.bilingual import headline
from dengwen.leadership.models import SCHEDULED
from dengwen.leadership.roster import numbers_of, published
from dengwen.organs.models import Organ
from dengwen.ui.cells import Part, day, linked, text
from dengwen.ui.components import DateRail, DutyLine, Link
from dengwen.ui.list_table import Column, ListOf

MOST = 40
INSTRUCTIONS = ListOf(
    caption=_lazy("我的批示"),
    columns=(
        Column("matter", _lazy("信访事项"), linked("link.text", "link.href")),
        Column("to", _lazy("批给"), text("to"), sort=("to", "number")),
        Column("due", _lazy("报告日期"), day("due", late="late"), sort=("due", "number")),
        Column("state", _lazy("怎样了"), Part("desk/leadership/_instructed.html")),
    ),
    nothing=_lazy("还没有批示。"),
    order=_lazy("新的在前"),
    name="instructions",
)
NEXT_DAYS = 4


@dataclass(frozen=True, slots=True)
class Instruction:
    """One comment and what became of it: to whom, by when, in words, with the days it is late."""

    link: Link
    number: str
    to: str
    due: date | None
    state: str
    late: bool
    answered: str


@dataclass(frozen=True, slots=True)
class Work:
    """One line of another list: a letter to read, a day of reception, a case in charge."""

    link: Link
    number: str = ""
    day: date | None = None
    note: str = ""
    late: bool = False


# --- the page -------------------------------------------------------------------------------------
@require_safe
@at_desk
def leader_home(seat: Seat) -> HttpResponse:
    """Show a leader's own work; for whoever is no leader there is no such page."""
    if not may_lead(seat):
        raise Http404
    files = _own_files(seat)
    instructions = _instructions(seat, files)
    charges = _of(files, "case_charge")
    lines = _duty_lines(seat, files)
    table = INSTRUCTIONS.shown(seat.request.GET, instructions)
    return seat.page(
        "leadership/overview.html",
        "leader",
        table.status,
        letters=_letters(seat, files),
        instructions=table,
        counts=_counts(instructions),
        days=_days(seat),
        charges=[_charge(seat, file) for file in charges],
        others=_others(seat, files),
        lines=lines,
        new=new_links(seat),
        rail=_rail(seat, lines),
    )


def _own_files(seat: Seat) -> list[CaseFile]:
    """Read the leader's cases that the wall lets through, the newest first, those of the last
    year."""
    cases = for_user(seat.viewer, seat.today).filter(
        kind__in=("instruction", "interview", *OPENED_HERE),
        parties__role=LEADER_ROLE,
        parties__official_id=seat.user.official_id or 0,
        parties__until__isnull=True,
    )
    newest = cases.distinct().order_by("-opened_at", "-pk")
    return [read_file(case, seat.now) for case in newest[: MOST * 2]]


def _of(files: Sequence[CaseFile], kind: str) -> list[CaseFile]:
    """Return the files of one kind, in their order."""
    return [file for file in files if file.case.kind == kind]


# --- the duties -----------------------------------------------------------------------------------
def _duty_lines(seat: Seat, files: Sequence[CaseFile]) -> list[DutyLine]:
    """Return the leader's own duties, a case of theirs called as on this page; a day of reception
    only once it has come."""
    own = duties_for_user(seat.viewer).filter(official_id=seat.user.official_id or 0)
    due = own.exclude(rule="receive", sort_day__gt=seat.today)
    duties = page_of(due, "", MOST).duties
    lines = duty_lines(listed(duties), seat.actor, seat.now, seat.language, case_href)
    titles = {file.case.number: title_of(seat, file) for file in files}
    return [
        replace(line, case_title=titles.get(line.case_number, line.case_title)) for line in lines
    ]


def _rail(seat: Seat, lines: Sequence[DutyLine]) -> DateRail:
    """Return the nearest day of a duty."""
    label = _("最近的到期日")
    first = next((line for line in lines if line.bar.due is not None), None)
    if first is None:
        return DateRail(label, seat.today, none_why=_("没有带日期的责任"))
    return DateRail(
        label,
        seat.today,
        first.bar.due,
        first.bar.raw,
        lowered(first.title),
        first.href,
        statutory=first.bar.statutory,
    )


# --- letters and instructions ---------------------------------------------------------------------
def _letters(seat: Seat, files: Sequence[CaseFile]) -> list[Work]:
    """Return the letters laid before the leader and not read yet."""
    letters = _of(files, "instruction")
    return [_letter(seat, file) for file in letters if file.view.state == "presented"]


def _letter(seat: Seat, file: CaseFile) -> Work:
    """Return a letter, with a note where a secretary prepared the words."""
    number = file.case.number
    link = Link(title_of(seat, file), reverse("desk:letter", args=[number]))
    note = _("已有代拟") if "prepare" in file.view.done else ""
    return Work(link, number, file.view.opened_on, note)


def _instructions(seat: Seat, files: Sequence[CaseFile]) -> list[Instruction]:
    """Return the comments of the leader with what became of them."""
    found = [_instruction(seat, file) for file in _of(files, "instruction")]
    return [one for one in found if one is not None]


def _instruction(seat: Seat, file: CaseFile) -> Instruction | None:
    """Return a comment with what became of it; None for a letter that has none."""
    reports = [duty for duty in file.view.duties if duty.rule.id == "report_up"]
    if not reports:
        return None
    report = reports[-1]
    number = file.case.number
    organ = Organ.objects.filter(pk=report.holder or 0).first()
    return Instruction(
        link=Link(title_of(seat, file), reverse("desk:letter", args=[number])),
        number=number,
        to=organ_name(organ, seat.language),
        due=report.due,
        state=_outcome(seat, file) or state_words(file, seat.language),
        late=is_late(report, seat.today),
        answered=report.closed_on.isoformat() if report.closed_on else "",
    )


def _outcome(seat: Seat, file: CaseFile) -> str:
    """Return the words of the outcome that the newest closing chose, "" where none was done."""
    closings = [record for record in file.records if record.act == "close"]
    if not closings:
        return ""
    asked = file.kind.acts["close"].field_rule("outcome")
    return option_words(asked, closings[-1].data.get("outcome"), seat.language)


def _counts(instructions: Sequence[Instruction]) -> dict[str, int]:
    """Return how many comments there are, are answered, late, and open."""
    answered = [one for one in instructions if one.answered]
    late = [one for one in instructions if one.late]
    return {
        "all": len(instructions),
        "answered": len(answered),
        "late": len(late),
        "open": len(instructions) - len(answered),
    }


# --- days, cases in charge, other work ------------------------------------------------------------
def _days(seat: Seat) -> list[Work]:
    """Return my next days of reception, each with its brief."""
    own = published(seat.today).filter(leader_id=seat.user.official_id, state=SCHEDULED)
    slots = list(own[:NEXT_DAYS])
    numbers = numbers_of(slots)
    days = []
    for slot in slots:
        number = numbers[slot.case]
        words = f"{slot.day.isoformat()} {slot.hours}"
        link = Link(words, reverse("desk:brief", args=[number]))
        days.append(Work(link, number, slot.day, slot.room))
    return days


def _charge(seat: Seat, file: CaseFile) -> Work:
    """Return a case in charge with the day by which it is to be solved."""
    number = file.case.number
    duties = [one for one in file.view.duties if one.rule.id == "solve" and one.state != "void"]
    duty = duties[-1] if duties else None
    return Work(
        link=Link(title_of(seat, file), case_href(number)),
        number=number,
        day=duty.due if duty is not None else None,
        note=state_words(file, seat.language),
        late=duty is not None and is_late(duty, seat.today),
    )


def _others(seat: Seat, files: Sequence[CaseFile]) -> list[Work]:
    """Return talks, coordinations, visits and checks, kind by kind."""
    found = []
    for kind in ON_ONE_PAGE:
        found += [_other(seat, file) for file in _of(files, kind)]
    return found


def _other(seat: Seat, file: CaseFile) -> Work:
    """Return one piece of other work: what it is and where it stands."""
    number = file.case.number
    link = Link(title_of(seat, file), reverse("desk:lines", args=[number]))
    words = f"{headline(file.kind, seat.language)}，{state_words(file, seat.language)}"
    return Work(link, number, file.view.opened_on, words)
