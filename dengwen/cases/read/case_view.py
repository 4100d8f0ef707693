"""What a page shows of a case: its acts read once, and from them its state, its date and how each
date was computed.

Callers hand in cases they got from the wall (`for_user`, `find`); nothing here looks a case up by
itself. Texts and identities are not read here: they need the read log (`opening`). Lines of duties
are in `duty_lines`, what can be done in `possible_acts`, what was done in `case_history`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils.translation import gettext as _

from dengwen.cases import rulebooks
from dengwen.cases.act_records import record_of, view_of
from dengwen.cases.duties.local_targets import local_day
from dengwen.cases.models import Act, Case
from dengwen.cases.read.day_words import claims_in_words
from dengwen.cases.read.duty_lines import duty_bar, how_uid
from dengwen.cases.read.interpretations import answers_on
from dengwen.cases.rulebooks import Installed
from dengwen.law.bilingual import Language, headline, words_in
from dengwen.law.duties.act_record import ActRecord, CaseView, DutyView, civil
from dengwen.law.duties.explanation import explain
from dengwen.law.packs.rules import Basis, KindRule
from dengwen.ui import dates
from dengwen.ui.components import DateRail, HowComputed, how_from


@dataclass(frozen=True)
class CaseFile:
    """A case with its acts, and how it stands after them; `installed` are the rules in force
    today at its place."""

    case: Case
    rows: tuple[Act, ...]
    records: tuple[ActRecord, ...]
    view: CaseView
    installed: Installed

    @property
    def kind(self) -> KindRule:
        """The procedure by the rules in force today."""
        return self.installed.book.kind(self.case.kind)


def read_file(case: Case, now: datetime) -> CaseFile:
    """Read a case the wall let through, with all its acts."""
    rows = tuple(Act.objects.filter(case=case).order_by("seq"))
    records = tuple(record_of(row, case.kind) for row in rows)
    installed = rulebooks.in_force(civil(now), case.place, now)
    return CaseFile(case, rows, records, view_of(case.kind, records), installed)


def blank_file(kind: str, place: str, now: datetime) -> CaseFile:
    """Return the file of a case that is yet to be opened, so that its first act can be asked and
    looked ahead to."""
    installed = rulebooks.in_force(civil(now), place, now)
    return CaseFile(Case(kind=kind, place=place), (), (), CaseView(kind), installed)


def registry_file(number: str, now: datetime) -> CaseFile | None:
    """Return the registry case of an organ; it is about offices, not about petitions, so no wall
    stands before it."""
    case = Case.objects.filter(number=number, kind="registry").first()
    return None if case is None else read_file(case, now)


def cited(basis: Basis | None, file_book: Installed, language: Language) -> str:
    """Return a citation as people write it, "" without one."""
    return basis.cite(file_book.book.instruments, language) if basis else ""


def state_words(file: CaseFile, language: Language) -> str:
    """Return the state of the case in words."""
    state = file.kind.states.get(file.view.state)
    return "" if state is None else words_in(state, language)


# --- the date of a case ---------------------------------------------------------------------------
def next_duty(view: CaseView) -> DutyView | None:
    """Return the open duty with the earliest day, a right only where nothing else is open; of
    those without a day in law the one with the earliest local day."""
    found = view.open_duties()
    duties = [duty for duty in found if not duty.rule.right]
    first = next(iter(duties or found), None)
    if first is None or not duties or first.due or first.raw:
        return first
    return min(duties, key=lambda duty: local_day(duty) or date.max)


def rail(file: CaseFile, today: date, language: Language) -> DateRail:
    """Return the date at the top right of a case page."""
    label = _("下一个法定日期")
    duty = next_duty(file.view)
    if duty is None:
        return DateRail(label, today, none_why=_("没有未了结的期限"))
    if duty.due is None and duty.raw is None:
        what = headline(duty.rule, language)
        why = _("{duty}：条文没有规定天数").format(duty=what)
        return DateRail(label, today, what=what, none_why=why, own=own_target(duty, language))
    statutory = duty.rule.clock.mode in ("period", "frequency")
    return DateRail(
        label if statutory else _("下一个日期"),
        today,
        duty.due,
        duty.raw,
        words_in(duty.rule, language),
        f"#{how_uid(duty, file.view)}",
        statutory=statutory,
    )


def own_target(duty: DutyView, language: Language) -> str:
    """Return the sentence that says by when the office itself wants a duty done that has no
    number in law, or ""."""
    day = local_day(duty)
    if day is None:
        return ""
    return _("本地目标：{day} 以前").format(day=dates.with_weekday(day, language))


def explanations(
    file: CaseFile, today: date, language: Language
) -> list[tuple[DutyView, HowComputed]]:
    """Return how the date of each open duty was computed, the next one first and unfolded."""
    first = next_duty(file.view)
    calendar = rulebooks.calendars().newest
    duties = file.view.open_duties()
    answers = answers_on({duty.rule.id for duty in duties}, today, language)
    found = []
    for duty in duties:
        explained = explain(duty, rulebooks.by_row(duty.rules), language)
        bar = duty_bar(duty, today, calendar) if duty.raw or duty.fixed else None
        uid = how_uid(duty, file.view)
        how = how_from(explained, bar, uid, language, opened=duty is first)
        said = (*how.interpretations, *answers.get(duty.rule.id, ()))
        claims = tuple(claims_in_words(duty))
        found.append((duty, replace(how, interpretations=said, claims=claims)))
    return sorted(found, key=lambda pair: pair[0] is not first)
