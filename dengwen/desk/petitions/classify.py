"""Sorting on one page: class, path, and the organ it goes to; one submit classes the matter and
sends it on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dengwen.cases.read.case_view import CaseFile
from dengwen.cases.write.check import Refused
from dengwen.cases.write.perform import Performed, perform
from dengwen.desk.petitions.list_entry import LIST_ENTRY, check_entry, entries_for, with_entries
from dengwen.desk.shell.act.act_page import (
    act_of,
    article_of,
    done,
    rail_of,
    searches,
    step_of,
    way_of,
)
from dengwen.desk.shell.act.act_refusals import (
    EFFECT_ERRORS,
    UNPROCESSABLE,
    as_reason,
    sort_reasons,
)
from dengwen.desk.shell.act.foreseen import ahead
from dengwen.desk.shell.act.forms import Filled, form_fields, read_form
from dengwen.desk.shell.case.protected_text import texts_of
from dengwen.desk.shell.frame.seat import Seat, at_desk, uid_of
from dengwen.law.bilingual import headline
from dengwen.law.duties.act_record import Refusal as Reason
from dengwen.law.duties.admissibility import refusals
from dengwen.law.packs.rules import ActRule
from dengwen.organs.lists.handling_list import Listed
from dengwen.petitions.intake.classification import sorting_steps
from dengwen.ui.components import Choice, FormField

ONWARD = ("forward", "assign")
CLASSIFY = "classify"
ONWARD_FIELD, ONWARD_PREFIX = "onward", "on_"
SORTED = ("class", "path")
"""Facts of the matter that the form begins with."""


@dataclass(frozen=True, slots=True)
class Sorting:
    """What one page asks: to class a matter, and the act that sends it on with what was typed for
    it. `filled` and `sent` are None where nothing was typed."""

    file: CaseFile
    rule: ActRule
    filled: Filled | None = None
    onward: ActRule | None = None
    sent: Filled | None = None


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def sort(seat: Seat, number: str) -> HttpResponse:
    """Class a matter and send it on."""
    file, rule = act_of(seat, number, CLASSIFY)
    if seat.request.method != "POST":
        return _form(seat, Sorting(file, rule))
    if "find" in seat.request.POST:
        return _form(seat, Sorting(file, rule, filled=Filled(), sent=Filled()))
    asked = _read(seat, file, rule)
    if _has_errors(asked.filled) or _has_errors(asked.sent):
        return _form(seat, asked)
    return _submit(seat, asked)


def _read(seat: Seat, file: CaseFile, rule: ActRule) -> Sorting:
    """Read the class, and the fields of the act that was chosen to send the matter on."""
    filled = read_form(seat, rule)
    check_entry(filled, entries_for(seat, file, seat.today))
    onward = file.kind.acts.get(seat.request.POST.get(ONWARD_FIELD, ""))
    sent = None
    if onward is not None and onward.id in ONWARD:
        sent = read_form(seat, onward, prefix=ONWARD_PREFIX)
    return Sorting(file, rule, filled, onward, sent)


def _has_errors(filled: Filled | None) -> bool:
    """Say whether something is wrong with what was typed."""
    return filled is not None and bool(filled.errors)


def _submit(seat: Seat, asked: Sorting) -> HttpResponse:
    """Class the matter and send it on in one call, or show the page with what was refused."""
    onward = asked.onward
    try:
        performed = _perform(seat, asked)
    except Refused as refused:
        if onward is not None and refused.step.act == onward.id and asked.sent is not None:
            return _form(seat, asked, onward_reasons=refused.reasons)
        return _form(seat, asked, reasons=refused.reasons)
    except EFFECT_ERRORS as error:
        return _form(seat, asked, reasons=(as_reason(error, asked.rule),))
    return done(seat, way_of(asked.file.case), onward or asked.rule, performed)


def _perform(seat: Seat, asked: Sorting) -> Performed:
    """Do the steps. Raises `Refused` and the errors of effects."""
    number = asked.file.case.number
    fields, papers = {}, []
    if asked.filled is not None:
        fields, papers = asked.filled.fields, list(asked.filled.papers)
    step = None
    if asked.onward is not None and asked.sent is not None:
        step = step_of(number, asked.onward, asked.sent)
        papers += asked.sent.papers
    steps = sorting_steps(number, fields, step)
    return perform(*steps, by=seat.by, now=seat.now, uid=uid_of(seat), papers=papers)


# --- the page -------------------------------------------------------------------------------------
def _form(
    seat: Seat,
    asked: Sorting,
    *,
    reasons: Sequence[Reason] = (),
    onward_reasons: Sequence[Reason] = (),
) -> HttpResponse:
    """Show the page: the letter, the fields of the class and of sending on, and what was
    refused."""
    file, rule = asked.file, asked.rule
    typed, sent = asked.filled or Filled(), asked.sent or Filled()
    if not reasons and asked.filled is None:
        reasons = refusals(file.kind, rule, file.view, seat.actor, seat.today)
    refused = sort_reasons(seat, file, rule, typed, reasons)
    if asked.onward is not None and onward_reasons:
        refused += sort_reasons(seat, file, asked.onward, sent, onward_reasons, ONWARD_PREFIX)
    wrong = asked.filled is not None and bool(refused or typed.errors or sent.errors)
    return seat.page(
        "petitions/classify.html",
        "",
        UNPROCESSABLE if wrong else 200,
        way=way_of(file.case),
        case=file.case,
        title=_("分类、转送"),
        article=article_of(seat, file, rule),
        refused=refused,
        uid=uid_of(seat),
        **_fields(seat, asked, typed, sent),
        **_beside(seat, file),
    )


def _beside(seat: Seat, file: CaseFile) -> dict[str, Any]:
    """Return what stands beside the form: the date, the letter and what it asks for."""
    texts = texts_of(seat, file.case)
    return {
        "rail": rail_of(seat, file),
        "content": texts.newest("content"),
        "asks": [text.text for text in texts.opened if text.field == "asks"],
    }


def _fields(seat: Seat, asked: Sorting, typed: Filled, sent: Filled) -> dict[str, Any]:
    """Return the fields of the class with the entries of the lists, those of sending on, and what
    both would open and close."""
    file, rule = asked.file, asked.rule
    entries = entries_for(seat, file, seat.today)
    known = {name: value for name, value in file.view.facts.items() if name in SORTED}
    given = known | _followed(seat, entries)
    fields = form_fields(seat, rule, file, asked.filled, given=given)
    fields = with_entries(seat, fields, entries, given)
    acts = [file.kind.acts[act] for act in ONWARD if act in file.kind.acts]
    onward = _onward_fields(seat, file, _open_acts(seat, file, acts), asked)
    both = Filled(fields={**typed.fields, **sent.fields})
    return {
        "fields": fields,
        "onward": onward,
        "all_fields": (*fields, *onward),
        "searches": searches(seat, onward),
        "entries": entries,
        **ahead(seat, file, acts[0] if onward else rule, both),
    }


def _followed(seat: Seat, entries: Sequence[Listed]) -> dict[str, str]:
    """Return what an entry of a list proposes, where the page was asked for with one."""
    code = seat.request.GET.get("entry")
    for one in entries:
        if one.code == code:
            return {"class": "claim", "path": one.entry.path, LIST_ENTRY: one.code}
    return {}


# --- sending on -----------------------------------------------------------------------------------
def _open_acts(seat: Seat, file: CaseFile, acts: Sequence[ActRule]) -> list[ActRule]:
    """Return the acts that can send the matter on, once it is classed; what was typed for one
    stays, whatever became possible meanwhile."""
    chosen = seat.request.POST.get(ONWARD_FIELD)
    return [act for act in acts if act.id == chosen or not _is_blocked(seat, file, act)]


def _is_blocked(seat: Seat, file: CaseFile, rule: ActRule) -> bool:
    """Say whether an act is refused for more than the class that is only being given."""
    reasons = refusals(file.kind, rule, file.view, seat.actor, seat.today)
    return any(reason.code != "facts" for reason in reasons)


def _onward_fields(
    seat: Seat, file: CaseFile, acts: Sequence[ActRule], asked: Sorting
) -> tuple[FormField, ...]:
    """Return the choice of sending on, and the fields of the acts that do so, each asked once."""
    if not acts:
        return ()
    fresh = asked.filled is None
    fields = [_onward_choice(seat, acts, fresh=fresh)]
    sent = None if fresh else asked.sent or Filled()
    known: set[str] = set()
    for rule in acts:
        only_for = "" if rule is acts[0] else headline(rule, seat.language)
        for field in form_fields(seat, rule, file, sent, prefix=ONWARD_PREFIX, without=known):
            fields.append(_optional(field, only_for))
        known |= {field.name for field in rule.fields}
    return tuple(fields)


def _onward_choice(seat: Seat, acts: Sequence[ActRule], *, fresh: bool) -> FormField:
    """Return the choice among the acts that send on; the first is chosen where nothing was typed
    yet."""
    typed = acts[0].id if fresh else seat.request.POST.get(ONWARD_FIELD, "")
    choices = [Choice(act.id, headline(act, seat.language), act.id == typed) for act in acts]
    choices.append(Choice("", _("先不转，只分类"), not typed))
    return FormField(ONWARD_FIELD, "code", _("接着"), choices=tuple(choices))


def _optional(field: FormField, act: str) -> FormField:
    """Return the field without its mark: whether it must be filled depends on what is chosen
    beside it."""
    hints = [_("“%(act)s”时填") % {"act": act}] if act else []
    if field.hint:
        hints.append(field.hint)
    return replace(field, required=False, hint="；".join(hints), rows=2)
