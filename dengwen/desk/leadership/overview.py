"""The leader's home: letters to read, what became of my instructions, my duties, my days, my cases
in charge.

Everything is counted from signed acts and from the duties they opened; nothing is typed twice (S 7;
journey 6).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from dengwen.cases import rulebooks
from dengwen.cases.models import Case
from dengwen.cases.read.case_view import (
    CaseFile,
    blank_file,
    duty_lines,
    listed,
    read_file,
    state_words,
)
from dengwen.cases.wall.visibility import LEADER_ROLE, duties_for_user, for_user
from dengwen.desk.shell.act.act_page import Way, answer
from dengwen.desk.shell.frame.seat import Seat, at_desk, case_href, organ_name
from dengwen.desk.shell.worklist.duty_pages import page_of
from dengwen.desk.shell.worklist.home import lowered
from dengwen.law.bilingual import headline
from dengwen.law.duties.act_record import OPEN, DutyView
from dengwen.law.duties.admissibility import refusals
from dengwen.leadership.effects import ABOUT
from dengwen.leadership.models import SCHEDULED, Slot
from dengwen.leadership.roster import matter_of, numbers_of, published
from dengwen.organs.models import Organ
from dengwen.ui.components import DateRail, DutyLine, Link

MOST = 40
NEXT_DAYS = 4
OPENED_HERE = {
    "case_charge": "take",
    "coordination": "convene",
    "visit_down": "record",
    "task_check": "record",
}
"""What is opened from a leader's page, and by which act; a secretary drafts a visit down instead
of recording it."""
DRAFTED = {"visit_down": "draft"}
BEGIN = {
    "case_charge": ("包一件案", "Take charge of a case"),
    "coordination": ("召集协调会", "Call a coordination meeting"),
    "visit_down": ("记录一次下访", "Record a visit down"),
    "task_check": ("督促检查信访任务", "Check petition tasks"),
}
"""What the button that opens each of them says: the verb, not the name of the file it makes."""
OTHERS = ("interview", "coordination", "visit_down", "task_check")


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


@require_safe
@at_desk
def leader_home(seat: Seat) -> HttpResponse:
    """Show a leader's own work; for whoever is no leader there is no such page."""
    if not may_lead(seat):
        raise Http404
    mine = list(_mine(seat))
    own = duties_for_user(seat.viewer).filter(official_id=seat.user.official_id or 0)
    duties = page_of(own.exclude(rule="receive", sort_day__gt=seat.today), "", MOST).duties
    titles = {f.case.number: title_of(seat, f) for f in mine}
    lines = [
        replace(one, case_title=titles.get(one.case_number, one.case_title))
        for one in duty_lines(listed(duties), seat.actor, seat.now, seat.language, case_href)
    ]
    instructions = [
        one for one in (_instruction(seat, f) for f in _of(mine, "instruction")) if one is not None
    ]
    return seat.page(
        "leadership/overview.html",
        "leader",
        letters=[_letter(seat, f) for f in _of(mine, "instruction") if f.view.state == "presented"],
        instructions=instructions,
        counts=_counts(instructions),
        days=_days(seat),
        charges=[_charge(seat, f) for f in _of(mine, "case_charge")],
        others=[_other(seat, f) for k in OTHERS for f in _of(mine, k)],
        lines=lines,
        new=[
            (begin_words(seat, k, blank), reverse("desk:leader_new", args=[k]))
            for k, blank in _openable(seat)
        ],
        rail=_rail(seat, lines),
    )


def may_lead(seat: Seat) -> bool:
    """Say whether the seat is a leader's: the capacity of a head, and an official behind the
    account."""
    return "head" in seat.capacities and seat.user.official_id is not None


def _mine(seat: Seat) -> Iterator[CaseFile]:
    """Read the leader's cases that the wall lets through, the newest first, those of the last
    year."""
    cases = for_user(seat.viewer, seat.today).filter(
        kind__in=("instruction", "interview", *OPENED_HERE),
        parties__role=LEADER_ROLE,
        parties__official_id=seat.user.official_id or 0,
        parties__until__isnull=True,
    )
    for case in cases.distinct().order_by("-opened_at", "-pk")[: MOST * 2]:
        yield read_file(case, seat.now)


def _of(files: Sequence[CaseFile], kind: str) -> list[CaseFile]:
    return [f for f in files if f.case.kind == kind]


def title_of(seat: Seat, file: CaseFile) -> str:
    """Return what a leader's case is called: the title of the matter it is about, where that may
    be seen."""
    matter = matter_of(file.case, seat.viewer, seat.today)
    if matter is not None and matter.title:
        return matter.title
    return headline(file.kind, seat.language)


def _letter(seat: Seat, file: CaseFile) -> Work:
    prepared = "prepare" in file.view.done
    note = (_("已有代拟")) if prepared else ""
    href = reverse("desk:letter", args=[file.case.number])
    return Work(Link(title_of(seat, file), href), file.case.number, file.view.opened_on, note)


def _instruction(seat: Seat, file: CaseFile) -> Instruction | None:
    """Return a comment with what became of it; None for a letter that has none."""
    due = next((d for d in reversed(file.view.duties) if d.rule.id == "report_up"), None)
    if due is None:
        return None
    zh, late = seat.language == "zh", due.breach is not None or _past(due, seat.today)
    answered = due.closed_on.isoformat() if due.closed_on else ""
    href = reverse("desk:letter", args=[file.case.number])
    organ = Organ.objects.filter(pk=due.holder or 0).first()
    outcome = _chosen(file, "close", "outcome", zh)
    return Instruction(
        Link(title_of(seat, file), href),
        file.case.number,
        organ_name(organ, seat.language),
        due.due,
        outcome or state_words(file, seat.language),
        late,
        answered,
    )


def _past(duty: DutyView, today: date) -> bool:
    return duty.state == OPEN and duty.due is not None and duty.due < today


def _chosen(file: CaseFile, act: str, name: str, zh: bool) -> str:
    """Return the words of a code that the newest act of that id chose, "" where it was not done."""
    value = next((r.data.get(name) for r in reversed(file.records) if r.act == act), None)
    field = file.kind.acts[act].field_rule(name)
    names = field.option_names if field else {}
    return names[str(value)][0 if zh else 1] if str(value) in names else ""


def _counts(instructions: Sequence[Instruction]) -> dict[str, int]:
    return {
        "all": len(instructions),
        "answered": sum(bool(i.answered) for i in instructions),
        "late": sum(i.late for i in instructions),
        "open": sum(not i.answered for i in instructions),
    }


def _days(seat: Seat) -> list[Work]:
    """Return my next days of reception, each with its brief."""
    slots = list(
        published(seat.today).filter(leader_id=seat.user.official_id, state=SCHEDULED)[:NEXT_DAYS]
    )
    numbers = numbers_of(slots)
    return [
        Work(
            Link(_when(s), reverse("desk:brief", args=[numbers[s.case]])),
            numbers[s.case],
            s.day,
            s.room,
        )
        for s in slots
    ]


def _when(slot: Slot) -> str:
    return f"{slot.day.isoformat()} {slot.hours}"


def _charge(seat: Seat, file: CaseFile) -> Work:
    duty = next(
        (d for d in reversed(file.view.duties) if d.rule.id == "solve" and d.state != "void"), None
    )
    late = duty is not None and (duty.breach is not None or _past(duty, seat.today))
    day = duty.due if duty else None
    words = state_words(file, seat.language)
    return Work(
        Link(title_of(seat, file), case_href(file.case.number)), file.case.number, day, words, late
    )


def _other(seat: Seat, file: CaseFile) -> Work:
    href = reverse("desk:lines", args=[file.case.number])
    words = f"{headline(file.kind, seat.language)}，{state_words(file, seat.language)}"
    return Work(Link(title_of(seat, file), href), file.case.number, file.view.opened_on, words)


def _rail(seat: Seat, lines: Sequence[DutyLine]) -> DateRail:
    label = _("最近的到期日")
    first = next((one for one in lines if one.bar.due is not None), None)
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


# --- opening --------------------------------------------------------------------------------------
def _openable(seat: Seat) -> list[tuple[str, CaseFile]]:
    """Return what this seat may open now, with the rules of its first act."""
    found = []
    for kind in OPENED_HERE:
        blank = _blank(seat, kind)
        if blank is not None:
            found.append((kind, blank))
    return found


def begin_words(seat: Seat, kind: str, blank: CaseFile) -> str:
    """Return what the button says that opens a case of a kind."""
    words = BEGIN.get(kind)
    return headline(blank.kind, seat.language) if words is None else words[seat.language != "zh"]


def _blank(seat: Seat, kind: str) -> CaseFile | None:
    place = seat.organ.division_code if seat.organ else ""
    if kind not in rulebooks.in_force(seat.today, place, seat.now).book.kinds:
        return None
    blank = blank_file(kind, place, seat.now)
    act = blank.kind.acts[opening_act(seat, kind)]
    return None if refusals(blank.kind, act, blank.view, seat.actor, seat.today) else blank


def opening_act(seat: Seat, kind: str) -> str:
    """Return the act by which this seat opens a case of a kind: a leader records, a secretary
    drafts."""
    return OPENED_HERE[kind] if "head" in seat.capacities else DRAFTED.get(kind, OPENED_HERE[kind])


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def leader_new(seat: Seat, kind: str) -> HttpResponse:
    """Open a case in charge, a coordination, a visit down or a check, with the leader and the
    matter filled in."""
    blank = _blank(seat, kind) if kind in OPENED_HERE else None
    if blank is None:
        raise Http404
    back = reverse("desk:leader") if may_lead(seat) else reverse("desk:home")
    way = Way(back, headline(blank.kind, seat.language), kind=kind)
    given = {"organ": str(seat.organ.pk) if seat.organ else "", "day": seat.today.isoformat()}
    if may_lead(seat):
        given["leader"] = str(seat.user.official_id)
    return answer(seat, blank, blank.kind.acts[opening_act(seat, kind)], way, given)


def leading_links_of(seat: Seat, file: CaseFile) -> dict[str, list[Link]]:
    """Return what can be begun for a leader, as a part of the case page."""
    return {"leading": leading_links(seat, file.case)}


def coordination_of(seat: Seat, matter: Case) -> dict[str, object]:
    """Return the coordinations about a matter and where one is called, as a part of pages about
    it."""
    return {"together": coordinations(seat, matter), "call": may_coordinate(seat, matter)}


def leading_links(seat: Seat, case: Case) -> list[Link]:
    """Return what can be begun for a leader from the page of a case: lay it before one, book a
    talk, take charge."""
    if case.kind in OTHERS and may_lead(seat):
        return [Link(_("在一页上写完"), reverse("desk:lines", args=[case.number]))]
    if case.kind == "instruction" and may_lead(seat):
        return [Link(_("打开原件和批示页"), reverse("desk:letter", args=[case.number]))]
    if case.kind == "reception":
        return [Link(pgettext("overview", "接访简报"), reverse("desk:brief", args=[case.number]))]
    if case.kind != "petition" or case.protected or "case_charge" not in _kinds(seat):
        return []
    links = []
    if "clerk" in seat.capacities:
        links.append(Link(_("呈领导阅批"), reverse("desk:present", args=[case.number])))
        links.append(Link(_("预约领导接访"), reverse("desk:book", args=[case.number])))
    for kind, act in (("case_charge", "head"), ("coordination", "clerk")):
        if act in seat.capacities:
            words = _blank(seat, kind)
            if words is not None:
                href = f"{reverse('desk:leader_new', args=[kind])}?petition={case.number}"
                links.append(
                    Link(headline(words.kind.acts[opening_act(seat, kind)], seat.language), href)
                )
    return links


@dataclass(frozen=True, slots=True)
class Undertaken:
    """One organ that undertook something: its day, the words for how it stands, and whether it
    is late."""

    organ: str
    until: date | None
    state: str
    late: bool


@dataclass(frozen=True, slots=True)
class Together:
    """A coordination of a matter: its page, its day, where it stands, and what each organ
    undertook by when."""

    link: Link
    day: date
    state: str
    lines: tuple[Undertaken, ...]


def coordinations(seat: Seat, matter: Case) -> list[Together]:
    """Return the coordinations about a matter that the wall lets this seat see, the newest first
    (S 7(2))."""
    cases = for_user(seat.viewer, seat.today).filter(
        kind="coordination", links__other=matter, links__kind=ABOUT
    )
    found = []
    for case in cases.distinct().order_by("-opened_at", "-pk"):
        file = read_file(case, seat.now)
        words = headline(file.kind, seat.language)
        found.append(
            Together(
                Link(f"{words} {case.number}", case_href(case.number)),
                case.opened_on,
                state_words(file, seat.language),
                tuple(_undertaken(seat, file)),
            )
        )
    return found


def _undertaken(seat: Seat, file: CaseFile) -> Iterator[Undertaken]:
    zh = seat.language == "zh"
    for duty in file.view.duties:
        if duty.rule.id == "undertaken":
            organ = organ_name(Organ.objects.filter(pk=duty.holder or 0).first(), seat.language)
            late = duty.breach is not None or _past(duty, seat.today)
            words = (
                ("已落实", "done")
                if duty.state == "closed"
                else ("逾期", "late")
                if late
                else ("待落实", "to be done")
            )
            yield Undertaken(organ, duty.due, words[0 if zh else 1], late)


def may_coordinate(seat: Seat, matter: Case) -> str:
    """Return the address at which this seat calls a coordination about a matter, "" where it
    cannot."""
    if matter.protected or "clerk" not in seat.capacities or _blank(seat, "coordination") is None:
        return ""
    return f"{reverse('desk:leader_new', args=['coordination'])}?petition={matter.number}"


def _kinds(seat: Seat) -> frozenset[str]:
    place = seat.organ.division_code if seat.organ else ""
    return frozenset(rulebooks.in_force(seat.today, place, seat.now).book.kinds)
