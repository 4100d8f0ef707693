"""What a person may do in what concerns themselves: answer, appeal, go on to the next instance.

Only what the person was told of, only their own. Nothing is said of a file before that, not even
by a number of questions: the first question to the database already asks who was told.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from dengwen.accountability.inquiry.disclosure_to_person import days_to_answer
from dengwen.accountability.measures.appeal_effects import last_day
from dengwen.accountability.measures.law_question import rules_for
from dengwen.accountability.measures.queries import (
    APPEAL,
    AccountFile,
    Measure,
    appealable,
    read_file,
)
from dengwen.accountability.measures.queries import KIND as MEASURES
from dengwen.cases import rulebooks
from dengwen.cases.models import Act, Case, Duty, Party
from dengwen.cases.wall.visibility import for_user
from dengwen.desk.accountability.measures.measure_page import measure_words
from dengwen.desk.shell.frame.chapter import Right
from dengwen.desk.shell.frame.seat import Seat, case_href
from dengwen.law.bilingual import words_in
from dengwen.law.liability import influence_period

GO_ON = "go_on_"
"""How the rights to go on to a second instance begin, by the names of their rules."""


def own_rights(seat: Seat) -> Iterable[Right]:
    """Return what the person at the desk may do now in what concerns themselves."""
    official = seat.user.official_id
    if official is None:
        return []
    return [*_to_answer(seat, official), *_to_appeal(seat, official), *_to_go_on(seat, official)]


# --- the defence ----------------------------------------------------------------------------------
def _to_answer(seat: Seat, official: int) -> Iterable[Right]:
    """Yield the inquiries in which the person was told and nothing is concluded yet (PSL 43)."""
    for case, until in days_to_answer(official):
        yield Right(
            words=_("说明我的情况（陈述、申辩，提交材料，申请回避）"),
            number=case.number,
            href=reverse("desk:about_me_inquiry", args=[case.number]),
            until=until,
            note=_("已过告知的日期，作出结论以前仍然接受") if until < seat.today else "",
        )


# --- appeals --------------------------------------------------------------------------------------
def files_told(seat: Seat) -> list[Case]:
    """Return the files of accountability, and the appeals, in which the person was told, the newest
    first: they read those themselves."""
    official = seat.user.official_id
    if official is None:
        return []
    rows = for_user(seat.viewer, seat.today).filter(
        parties__role="told_person", parties__official_id=official
    )
    return list(rows.distinct().order_by("-opened_on", "-pk"))


def _to_appeal(seat: Seat, official: int) -> Iterable[Right]:
    """Yield the ways to appeal that are open against measures served on the person."""
    for case in files_told(seat):
        if case.kind != MEASURES:
            continue
        file = read_file(case)
        if file.official != official or file.decision is None:
            continue
        for one in appealable(file):
            yield from _against(seat, file, one)


def _against(seat: Seat, file: AccountFile, one: Measure) -> Iterable[Right]:
    """Yield the ways against one measure that nobody took yet and that are still taken: a last day
    counted from a text that was not seen closes none."""
    rules = rules_for(one.decided, one.place)
    status = str(file.decision.data.get("status") or "") if file.decision else ""
    ways = influence_period.appeals(
        rulebooks.library(), rules, one.measure, status, one.served or one.decided
    )
    taken = _taken(file, one)
    named = measure_words(seat, [one.measure], one.place, one.said)
    for way in ways:
        counted = way.stations[0].last
        known = last_day(rules, one, way.route.id)
        if way.route.id in taken or _is_over(file, known, counted, seat.today):
            continue
        yield Right(
            words=_("申诉：%(way)s（%(measure)s）")
            % {"way": words_in(way.route, seat.language), "measure": named},
            number=file.case.number,
            href=reverse("desk:measure", args=[file.case.number]) + "#appeal",
            until=counted,
            note=_day_note(counted, known),
        )


def _is_over(file: AccountFile, known: date | None, counted: date | None, today: date) -> bool:
    """Say whether a way is no longer offered: its last day has passed; where none is known, the
    file is closed and no day that was counted still runs."""
    if known is not None:
        return known < today
    return file.case.state == "closed" and (counted is None or counted < today)


def _day_note(counted: date | None, known: date | None) -> str:
    """Return what is to be said of the last day: that no text gives one, or that none was seen."""
    if counted is None:
        return _("没有见到期限")
    return "" if known is not None else _("期限没有核过原文")


def _taken(file: AccountFile, one: Measure) -> frozenset[str]:
    """Return the ways by which the first instance was already asked against a measure."""
    rows = Act.objects.filter(
        act="appeal",
        case__kind=APPEAL,
        data__decision=file.case.number,
        data__measure=one.measure,
        occurred_at__date__gte=one.decided,
    )
    return frozenset(str(route) for route in rows.values_list("data__route", flat=True))


def _to_go_on(seat: Seat, official: int) -> Iterable[Right]:
    """Yield the rights to go on to a second instance that run since a decision on an appeal was
    served."""
    own = Party.objects.filter(role="told_person", official_id=official, case__kind=APPEAL)
    rows = Duty.objects.filter(
        case__in=own.values("case"), right=True, state="open", rule__startswith=GO_ON
    )
    for duty in rows.select_related("case").order_by("sort_day", "pk"):
        if duty.due is not None and duty.due < seat.today:
            continue
        yield Right(
            words=_("向上一级继续申诉"),
            number=duty.case.number,
            href=case_href(duty.case.number),
            until=duty.due,
            note="" if duty.due is not None else _("没有见到期限"),
        )
