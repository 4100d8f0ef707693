"""What the form of an act carries unasked: the duty a letter is about, what a link filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from dengwen.cases.models import Case
from dengwen.cases.read.case_view import CaseFile, cited, read_file
from dengwen.cases.wall.visibility import find
from dengwen.desk.shell.act.forms import RuledForm
from dengwen.desk.shell.frame.chapter import words_of
from dengwen.desk.shell.frame.seat import Seat
from dengwen.law.bilingual import headline
from dengwen.law.duties.act_record import ActRecord, DutyView
from dengwen.law.packs.rules import ActRule
from dengwen.ui.dates import with_weekday

QUIET = ("duty", "opened")
"""Fields that say in ids which duty a letter is about: kept by the form and shown in words,
never asked."""
CARRIED = ("position", "figures", "fact", "indicator", "objection", "number", "line")
"""Places and digests that a link to a form has filled in: said on the form and sent along, not
asked again."""

Carried = tuple[str, str, str]
"""A field that is carried: its name, label and value."""


def quiet_names(rule: ActRule) -> tuple[str, ...]:
    """Return the fields of an act that are never asked: those that together say which duty a
    letter is about."""
    return QUIET if all(rule.field_rule(name) for name in (*QUIET, "about")) else ()


def quiet_fields(rule: ActRule, form: RuledForm) -> dict[str, str]:
    """Return what the form carries unasked, with the matter it is about; empty where it names no
    duty."""
    names = quiet_names(rule)
    if not names:
        return {}
    found = {name: form.typed(name) for name in (*names, "about")}
    return found if all(found.values()) else {}


def carried_fields(seat: Seat, rule: ActRule, form: RuledForm) -> list[Carried]:
    """Return what the form carries because a link gave it: name, label, value. What is wrong is
    asked after all."""
    kept = set(form.carried if form.is_bound else form.initial)
    found = []
    for name in CARRIED:
        asked = rule.field_rule(name)
        value = form.typed(name)
        if asked and value and name in kept and not form.errors.get(name):
            found.append((name, headline(asked, seat.language), value))
    return found


def carried_words(seat: Seat, case: Case, carried: Sequence[Carried]) -> list[tuple[str, str]]:
    """Return what the form carries as people read it: label and value, an indicator by its name."""
    return [(label, words_of(seat, case, name, value)) for name, label, value in carried]


def duty_words(seat: Seat, quiet: Mapping[str, str]) -> str:
    """Return in words which duty of which act a letter is about, "" where it is about none that
    can be seen."""
    case = find(seat.viewer, seat.today, quiet.get("about", ""))
    if case is None:
        return ""
    file = read_file(case, seat.now)
    act = _act_at(file, quiet["opened"])
    duty = _duty_opened_by(file, quiet["duty"], act) if act else None
    if act is None or duty is None:
        return ""
    rule = file.kind.acts.get(act.act)
    words = {
        "duty": headline(duty.rule, seat.language),
        "article": cited(duty.rule.basis, file.installed, seat.language),
        "act": headline(rule, seat.language) if rule else act.act,
        "day": with_weekday(act.day, seat.language),
    }
    return _("%(duty)s（%(article)s），由 %(day)s 的“%(act)s”开启") % words


def _act_at(file: CaseFile, place: str) -> ActRecord | None:
    """Return the act at a place of the case, counted from 1."""
    for number, record in enumerate(file.records, 1):
        if str(number) == place:
            return record
    return None


def _duty_opened_by(file: CaseFile, rule: str, act: ActRecord) -> DutyView | None:
    """Return the duty of a rule that an act opened."""
    for duty in file.view.duties:
        if duty.rule.id == rule and duty.opened_by == act.id:
            return duty
    return None
