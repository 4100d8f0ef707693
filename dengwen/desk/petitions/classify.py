"""Sorting on one page: class, path, and the organ it goes to; one submit classes the matter and
sends it on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods

from dengwen.cases.files.held_files import Paper
from dengwen.cases.read.case_view import CaseFile
from dengwen.cases.write.check import Refused
from dengwen.cases.write.proposal_doors import Answered
from dengwen.desk.petitions.list_entry import LIST_ENTRY, check_entry, entries_for, with_entries
from dengwen.desk.shell.act.act_page import (
    act_of,
    article_of,
    done_or_waits,
    rail_of,
    step_of,
    way_of,
)
from dengwen.desk.shell.act.act_refusals import (
    EFFECT_ERRORS,
    UNPROCESSABLE,
    as_reason,
    sort_reasons,
)
from dengwen.desk.shell.act.field_search import found_part, is_search, searches
from dengwen.desk.shell.act.foreseen import ahead
from dengwen.desk.shell.act.forms import RuledForm, act_form, ruled_form
from dengwen.desk.shell.act.put_before import do_or_put_before, put_before
from dengwen.desk.shell.case.listed_entries import EntryShown, entries_shown
from dengwen.desk.shell.case.protected_text import texts_of
from dengwen.desk.shell.frame.seat import Seat, at_desk, uid_of
from dengwen.law.bilingual import headline
from dengwen.law.duties.act_record import Refusal as Reason
from dengwen.law.duties.admissibility import refusals
from dengwen.law.packs.rules import ActRule
from dengwen.organs.lists.handling_list import Listed
from dengwen.petitions.intake.classification import sorting_steps
from dengwen.ui.form_fields import Asked, AskedField, pressed
from dengwen.ui.list_table import ListTable

ONWARD = ("forward", "assign")
CLASSIFY = "classify"
ONWARD_FIELD, ONWARD_PREFIX = "onward", "on_"
SORTED = ("class", "path")
"""Facts of the matter that the form begins with."""


@dataclass(frozen=True, slots=True)
class Sorting:
    """What one page asks: to class a matter, and the act that sends it on with what was typed for
    it. `sent` is None where nothing can send it on."""

    file: CaseFile
    rule: ActRule
    form: RuledForm
    onward: ActRule | None = None
    sent: RuledForm | None = None
    acts: Sequence[ActRule] = ()


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def sort(seat: Seat, number: str) -> HttpResponse:
    """Class a matter and send it on."""
    file, rule = act_of(seat, number, CLASSIFY)
    asked = _asked(seat, file, rule)
    if seat.request.method != "POST":
        return _form(seat, asked)
    if is_search(seat):
        asked.form.forgive()
        if asked.sent is not None:
            asked.sent.forgive()
        return found_part(seat, _onward_fields(seat, asked)) or _form(seat, asked)
    if asked.form.errors or (asked.sent is not None and asked.sent.errors):
        return _form(seat, asked)
    return _submit(seat, asked)


def _asked(seat: Seat, file: CaseFile, rule: ActRule) -> Sorting:
    """Return the forms of the page: of the class, and of the acts that can send the matter on."""
    entries = entries_for(seat, file, seat.today)
    known = {name: value for name, value in file.view.facts.items() if name in SORTED}
    form = act_form(seat, rule, file, given=known | _followed(seat, entries))
    if form.is_bound:
        check_entry(form, entries)
    acts = _open_acts(seat, file, [file.kind.acts[act] for act in ONWARD if act in file.kind.acts])
    chosen = pressed(seat.request, ONWARD_FIELD)
    onward = next((act for act in acts if act.id == chosen), None)
    sent = _sending(seat, file, acts) if acts else None
    if sent is not None and form.is_bound:
        sent = sent.restrict(onward) if onward is not None else sent.forgive()
    return Sorting(file, rule, form, onward, sent, acts)


def _sending(seat: Seat, file: CaseFile, acts: Sequence[ActRule]) -> RuledForm:
    """Return the form of sending on: the choice of the act, and the fields of all of them, each
    asked once."""
    rules = {field.name: field for act in reversed(acts) for field in act.fields}
    ordered = dict.fromkeys(field.name for act in acts for field in act.fields)
    return ruled_form(seat, [rules[name] for name in ordered], file, prefix=ONWARD_PREFIX)


def _submit(seat: Seat, asked: Sorting) -> HttpResponse:
    """Class the matter and send it on in one call, or show the page with what was refused."""
    onward = asked.onward
    try:
        answered = _perform(seat, asked)
    except Refused as refused:
        way_on = put_before(seat, refused, _papers(asked))
        if way_on is not None:
            return way_on
        if onward is not None and refused.step.act == onward.id and asked.sent is not None:
            return _form(seat, asked, onward_reasons=refused.reasons)
        return _form(seat, asked, reasons=refused.reasons)
    except EFFECT_ERRORS as error:
        return _form(seat, asked, reasons=(as_reason(error, asked.rule),))
    return done_or_waits(seat, way_of(asked.file.case), onward or asked.rule, answered)


def _perform(seat: Seat, asked: Sorting) -> Answered:
    """Do the steps, or put the late one before a second person. Raises `Refused` and the errors of
    effects."""
    number = asked.file.case.number
    step = None
    if asked.onward is not None and asked.sent is not None:
        step = step_of(number, asked.onward, asked.sent)
    steps = sorting_steps(number, asked.form.values, step)
    return do_or_put_before(seat, steps, _papers(asked))


def _papers(asked: Sorting) -> list[Paper]:
    """Return the files of both forms of the page."""
    papers = list(asked.form.papers)
    if asked.onward is not None and asked.sent is not None:
        papers += asked.sent.papers
    return papers


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
    file, rule, form, sent = asked.file, asked.rule, asked.form, asked.sent
    if not reasons and not form.is_bound:
        reasons = refusals(file.kind, rule, file.view, seat.actor, seat.today)
    refused = sort_reasons(seat, file, rule, form, reasons)
    if asked.onward is not None and sent is not None and onward_reasons:
        refused += sort_reasons(seat, file, asked.onward, sent, onward_reasons)
    wrong = bool(refused or form.errors or (sent is not None and sent.errors))
    return seat.page(
        "petitions/classify.html",
        "",
        UNPROCESSABLE if form.is_bound and wrong else 200,
        way=way_of(file.case),
        case=file.case,
        title=_("分类、转送"),
        article=article_of(seat, file, rule),
        refused=refused,
        uid=uid_of(seat),
        **_fields(seat, asked),
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


def _fields(seat: Seat, asked: Sorting) -> dict[str, Any]:
    """Return the fields of the class with the entries of the lists, those of sending on, and what
    both would open and close."""
    file, rule = asked.file, asked.rule
    entries = entries_for(seat, file, seat.today)
    fields = with_entries(seat, asked.form.fields_of_act(), entries)
    onward = _onward_fields(seat, asked)
    sent = asked.sent.values if asked.sent is not None else {}
    first = file.kind.acts[next(act for act in ONWARD if act in file.kind.acts)] if onward else rule
    return {
        "fields": fields,
        "onward": onward,
        "all_fields": (*fields, *onward),
        "searches": searches(seat, onward),
        "entries": _listed(entries),
        **ahead(seat, file, first, {**asked.form.values, **sent}),
    }


def _listed(entries: Sequence[Listed]) -> ListTable:
    """Return the entries as a list; each fills the form in as it says."""
    lines = [EntryShown(one, href=f"?entry={quote(one.code)}") for one in entries]
    return entries_shown(_lazy("今天有效的分类处理清单"), lines)


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
    chosen = pressed(seat.request, ONWARD_FIELD)
    return [act for act in acts if act.id == chosen or not _is_blocked(seat, file, act)]


def _is_blocked(seat: Seat, file: CaseFile, rule: ActRule) -> bool:
    """Say whether an act is refused for more than the class that is only being given."""
    reasons = refusals(file.kind, rule, file.view, seat.actor, seat.today)
    return any(reason.code != "facts" for reason in reasons)


def _onward_fields(seat: Seat, asked: Sorting) -> tuple[AskedField, ...]:
    """Return the choice of sending on, and the fields of the acts that do so, each asked once."""
    if asked.sent is None:
        return ()
    fields = [_onward_choice(seat, asked)]
    of_first = {field.name for field in asked.acts[0].fields}
    for field in asked.sent.fields_of_act():
        later = next(act for act in asked.acts if act.field_rule(field.name))
        only_for = "" if field.name in of_first else headline(later, seat.language)
        fields.append(_optional(field, only_for))
    return tuple(fields)


def _onward_choice(seat: Seat, asked: Sorting) -> AskedField:
    """Return the choice among the acts that send on; the first is chosen where nothing was typed
    yet."""
    offered = [(act.id, headline(act, seat.language)) for act in asked.acts]
    offered.append(("", _("先不转，只分类")))
    field = Asked(_("接着"), type="code", choices=offered, initial=asked.acts[0].id)
    return asked.form.beside(ONWARD_FIELD, field)


def _optional(field: AskedField, act: str) -> AskedField:
    """Return the field without its mark: whether it must be filled depends on what is chosen
    beside it."""
    hints = [_("“%(act)s”时填") % {"act": act}] if act else []
    if field.hint:
        hints.append(field.hint)
    return field.but(required=False, hint="；".join(hints), rows=2)
