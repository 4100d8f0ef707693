"""Lines of work lists: what is owed, until when, why then, and the act that settles it.

Callers hand in duties they got from the wall (`duties_for_user`); nothing here looks a case up by
itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dengwen.cases import rulebooks
from dengwen.cases.act_records import record_of
from dengwen.cases.models import Act, Duty
from dengwen.cases.read.act_words import BETWEEN_SENTENCES
from dengwen.cases.read.day_words import moves_in_words
from dengwen.cases.read.titles import title_of
from dengwen.law.bilingual import Language, headline, words_in
from dengwen.law.duties.act_record import ActRecord, CaseView, DutyView, civil
from dengwen.law.duties.admissibility import Actor, refusals
from dengwen.law.duties.explanation import Explained, explain
from dengwen.law.duties.fold import derive
from dengwen.law.packs.rules import ActRule, DutyRule
from dengwen.law.time.calendar import Calendar
from dengwen.ui import dates
from dengwen.ui.components import Button, DutyLine, TermBar, bar_of

LEAST_NOTICE = 6
"""Characters below which the remark of a clock is a key word and no sentence."""
Href = Callable[[str, str], str]
"""Gives the address of a case by its number, or of an act of it."""


def duty_bar(
    duty: DutyView, today: date, calendar: Calendar, target: date | None = None
) -> TermBar:
    """Return the term bar of a duty; `target` is the local target of a duty to which the text
    gives no number."""
    if duty.counted is None and duty.fixed is None:
        return TermBar(
            start=duty.start,
            raw=target,
            due=target,
            today=today,
            calendar=calendar,
            unit="fixed",
            statutory=False,
        )
    return bar_of(duty, today, calendar)


@dataclass(frozen=True)
class Listed:
    """The duties of one page of a work list, with the acts their cases stand on, read in one
    query."""

    duties: Sequence[Duty]
    views: Mapping[int, CaseView]
    calendar: Calendar


def listed(duties: Sequence[Duty]) -> Listed:
    """Read what the lines of a page of duties show; one query for the acts of all their cases."""
    kinds = {d.case_id: d.case.kind for d in duties}
    grouped: dict[int, list[ActRecord]] = {pk: [] for pk in kinds}
    for row in Act.objects.filter(case_id__in=kinds).order_by("case_id", "seq"):
        grouped[row.case_id].append(record_of(row, kinds[row.case_id]))
    calendars = rulebooks.calendars()
    views = {
        pk: derive(kinds[pk], records, rulebooks.by_row, calendars)
        for pk, records in grouped.items()
    }
    return Listed(duties, views, calendars.newest)


@dataclass(frozen=True, slots=True)
class _Reader:
    """For whom lines are written: who may act, when, in which language, with which addresses."""

    actor: Actor
    now: datetime
    language: Language
    href: Href

    @property
    def today(self) -> date:
        """The civil day of the page."""
        return civil(self.now)


def duty_lines(
    page: Listed, actor: Actor, now: datetime, language: Language, href: Href
) -> list[DutyLine]:
    """Return the lines of a work list; `href` gives the address of a case, or of an act of it."""
    reader = _Reader(actor, now, language, href)
    lines = []
    for row in page.duties:
        view = page.views[row.case_id]
        duty = _derived(row, view)
        if duty is not None:
            lines.append(_duty_line(row, duty, view, page.calendar, reader))
    return lines


def _derived(row: Duty, view: CaseView) -> DutyView | None:
    """Return the duty of a row as it follows from the acts of its case."""
    for duty in view.duties:
        if duty.rule.id == row.rule and duty.opened_by == row.opened_by_id:
            return duty
    return None


def _duty_line(
    row: Duty, duty: DutyView, view: CaseView, calendar: Calendar, reader: _Reader
) -> DutyLine:
    """Return one line of a work list."""
    today, language, case = reader.today, reader.language, row.case
    book = rulebooks.by_row(duty.rules)
    target = row.sort_day if duty.counted is None else None
    explained = explain(duty, book, language)
    return DutyLine(
        uid=f"d-{case.number}-{place_of(duty, view)}",
        title=headline(duty.rule, language),
        href=reader.href(case.number, ""),
        bar=duty_bar(duty, today, calendar, target),
        case_title=title_of(case, language) or headline(book.kind(case.kind), language),
        case_number=case.number,
        why=_why(duty, target, today, language),
        basis=_with_term(explained.article, duty, language),
        otherwise=_otherwise(explained),
        button=_button(row, duty.rule, view, reader),
        note=_silence(duty, view, target, language),
        claimed=duty.rests_on_claim,
    )


def _otherwise(explained: Explained) -> str:
    """Say what follows where the duty is not done, with the article."""
    if not explained.otherwise or not explained.otherwise_article:
        return explained.otherwise
    return _("{text}（{article}）").format(
        text=explained.otherwise, article=explained.otherwise_article
    )


def _silence(duty: DutyView, view: CaseView, target: date | None, language: Language) -> str:
    """Say where the day of a duty without a number comes from."""
    if duty.rule.of and duty.rule.clock.none:
        return pgettext("duty", "本地目标")
    if duty.counted is not None or duty.fixed is not None:
        return ""
    if target is None:
        return pgettext("duty", "条例没有天数")
    other = view.find_open(duty.rule.alongside) if duty.rule.alongside else None
    if other is not None and target in (other.due, other.raw):
        name = headline(other.rule, language)
        return _("条例没有天数，随“{name}”的期限").format(name=name)
    return pgettext("duty", "本地目标")


def _why(duty: DutyView, target: date | None, today: date, language: Language) -> str:
    """Say what the day of a duty rests on beside its rule: a breach, what moved it, a calendar
    that is still to come."""
    parts = []
    day = duty.due or target
    if duty.breach is not None:
        parts.append(_("已记为逾期，仍须补办"))
    elif day is not None and day < today and duty.counted is not None:
        parts.append(_("期限已过，即将记为逾期"))
    parts += moves_in_words(duty)
    if duty.provisional:
        parts.append(_("放假安排尚未公布，公布之前不会记为逾期"))
    notice = words_in((duty.rule.clock.notice, ""), language)  # packs have it in Chinese alone
    if len(notice) >= LEAST_NOTICE:
        parts.append(notice)
    return words_in(BETWEEN_SENTENCES, language).join(parts)


def _with_term(article: str, duty: DutyView, language: Language) -> str:
    """Return the article with the period it sets."""
    term = duty.rule.clock.term
    if term is None or term.unit not in ("calendar", "working"):
        return article
    period = dates.days(term.amount, language, term.unit)
    return _("{article}，{period}").format(article=article, period=period)


def _button(row: Duty, rule: DutyRule, view: CaseView, reader: _Reader) -> Button:
    """Lead straight to the act that closes the duty where the law knows only one, else to the case.

    A recurring duty is met in other cases, so its button leads to the register.
    """
    language, number = reader.language, row.case.number
    about = _("{duty}，{case}").format(
        duty=headline(rule, language), case=title_of(row.case, language) or number
    )
    if rule.of:
        return Button(pgettext("duty", "看台账"), reader.href(number, ""), about)
    act = _only_act(row, rule, view, reader)
    late = row.due is not None and row.due <= reader.today
    if act is not None:
        return Button(headline(act, language), reader.href(number, act.id), about, main=late)
    steps = reader.href(number, "") + "#steps"
    return Button(pgettext("duty", "去办理"), steps, about, main=late)


def _only_act(row: Duty, rule: DutyRule, view: CaseView, reader: _Reader) -> ActRule | None:
    """Return the only act that closes a duty, where the reader can do it now."""
    case, today = row.case, reader.today
    kind = rulebooks.in_force(today, case.place, reader.now).book.kind(case.kind)
    closing = [kind.acts[act] for act in rule.closes if act in kind.acts]
    if len(closing) != 1 or refusals(kind, closing[0], view, reader.actor, today):
        return None
    return closing[0]


def place_of(duty: DutyView, view: CaseView) -> int:
    """Return which duty of its case this is, counted from 1: an id for pages that tells nothing of
    other cases.

    A row id would: it counts everything that was written in between, protected cases included
    (access model 4.2).
    """
    return 1 + next(n for n, one in enumerate(view.duties) if one is duty)


def how_uid(duty: DutyView, view: CaseView) -> str:
    """Return the id of the explanation of a duty on a case page."""
    return f"how-{duty.rule.id.replace('_', '-')}-{place_of(duty, view)}"
