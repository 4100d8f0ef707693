"""Sorting on one page: class, path, and the organ it goes to; one submit classes the matter and
sends it on."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dengwen.cases.read.case_view import CaseFile
from dengwen.cases.write.check import Refused
from dengwen.cases.write.perform import Performed, perform
from dengwen.desk.petitions.list_entry import LIST_ENTRY, check_entry, entries_for, with_entries
from dengwen.desk.shell.act_page import act_of, article_of, done, rail_of, searches, step_of, way_of
from dengwen.desk.shell.act_refusals import EFFECT_ERRORS, UNPROCESSABLE, as_reason, sort_reasons
from dengwen.desk.shell.foreseen import ahead
from dengwen.desk.shell.forms import Filled, form_fields, read_form
from dengwen.desk.shell.protected_text import Texts, texts_of
from dengwen.desk.shell.seat import Seat, at_desk, uid_of
from dengwen.law.bilingual import headline
from dengwen.law.duties.act_record import Refusal as Reason
from dengwen.law.duties.admissibility import refusals
from dengwen.law.packs.rules import ActRule
from dengwen.organs.lists.handling_list import Listed
from dengwen.petitions.intake.classification import sorting_steps
from dengwen.ui.components import Choice, FormField

ONWARD = ("forward", "assign")
CLASSIFY = "classify"
ONWARD_FIELD = "onward"


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def sort(seat: Seat, number: str) -> HttpResponse:
    """Class a matter and send it on."""
    file, rule = act_of(seat, number, CLASSIFY)
    if seat.request.method != "POST":
        return _form(seat, file, rule, None, None)
    if "find" in seat.request.POST:
        return _form(seat, file, rule, Filled(), Filled())
    filled = read_form(seat, rule)
    check_entry(filled, entries_for(seat, file, seat.today))
    onward = file.kind.acts.get(seat.request.POST.get(ONWARD_FIELD, ""))
    sent = (
        read_form(seat, onward, prefix="on_")
        if onward is not None and onward.id in ONWARD
        else None
    )
    if filled.errors or (sent is not None and sent.errors):
        return _form(seat, file, rule, filled, sent)
    return _submit(seat, file, rule, filled, onward, sent)


def _submit(
    seat: Seat,
    file: CaseFile,
    rule: ActRule,
    filled: Filled,
    onward: ActRule | None,
    sent: Filled | None,
) -> HttpResponse:
    try:
        performed = _perform(seat, file, filled, onward, sent)
    except Refused as refused:
        if onward is not None and refused.step.act == onward.id and sent is not None:
            return _form(
                seat, file, rule, filled, sent, onward_reasons=refused.reasons, onward=onward
            )
        return _form(seat, file, rule, filled, sent, reasons=refused.reasons)
    except EFFECT_ERRORS as error:
        return _form(seat, file, rule, filled, sent, reasons=(as_reason(error, rule),))
    return done(seat, way_of(file.case), onward or rule, performed)


def _perform(
    seat: Seat, file: CaseFile, filled: Filled, onward: ActRule | None, sent: Filled | None
) -> Performed:
    step = step_of(file.case.number, onward, sent) if onward and sent else None
    papers = [*filled.papers, *(sent.papers if step and sent else ())]
    steps = sorting_steps(file.case.number, filled.fields, step)
    return perform(*steps, by=seat.by, now=seat.now, uid=uid_of(seat), papers=papers)


def _form(
    seat: Seat,
    file: CaseFile,
    rule: ActRule,
    filled: Filled | None,
    sent: Filled | None,
    *,
    reasons: Sequence[Reason] = (),
    onward_reasons: Sequence[Reason] = (),
    onward: ActRule | None = None,
) -> HttpResponse:
    typed, gone = filled or Filled(), sent or Filled()
    shown = list(reasons) or (
        [] if filled else refusals(file.kind, rule, file.view, seat.actor, seat.today)
    )
    refused = sort_reasons(seat, file, rule, typed, shown)
    if onward is not None:
        refused += sort_reasons(seat, file, onward, gone, onward_reasons, "on_")
    entries = entries_for(seat, file, seat.today)
    given = {k: v for k, v in file.view.facts.items() if k in ("class", "path")} | _followed(
        seat, entries
    )
    fields = with_entries(
        seat, form_fields(seat, rule, file, filled and typed, given=given), entries, given
    )
    acts = [file.kind.acts[a] for a in ONWARD if a in file.kind.acts]
    blocked = {a.id for a in acts if set(_codes(seat, file, a)) - {"facts"}}
    chosen = seat.request.POST.get(
        ONWARD_FIELD
    )  # what was typed for it stays, whatever became possible meanwhile
    onwards = _onward_fields(
        seat, file, [a for a in acts if a.id not in blocked or a.id == chosen], filled and gone
    )
    wrong = bool(filled and (refused or typed.errors or gone.errors))
    texts: Texts = texts_of(seat, file.case)
    return seat.page(
        "petitions/classify.html",
        "",
        UNPROCESSABLE if wrong else 200,
        way=way_of(file.case),
        case=file.case,
        title=_("分类、转送"),
        article=article_of(seat, file, rule),
        fields=fields,
        onward=onwards,
        all_fields=(*fields, *onwards),
        refused=refused,
        uid=uid_of(seat),
        rail=rail_of(seat, file),
        searches=searches(seat, onwards),
        entries=entries,
        content=texts.newest("content"),
        asks=[t.text for t in texts.opened if t.field == "asks"],
        **ahead(
            seat,
            file,
            acts[0] if onwards else rule,
            Filled(fields=dict(typed.fields) | dict(gone.fields)),
        ),
    )


def _followed(seat: Seat, entries: Sequence[Listed]) -> dict[str, str]:
    """Return what an entry of a list proposes, where the page was asked for with one."""
    chosen = next((e for e in entries if e.code == seat.request.GET.get("entry")), None)
    return {"class": "claim", "path": chosen.entry.path, LIST_ENTRY: chosen.code} if chosen else {}


def _codes(seat: Seat, file: CaseFile, rule: ActRule) -> list[str]:
    return [r.code for r in refusals(file.kind, rule, file.view, seat.actor, seat.today)]


def _onward_fields(
    seat: Seat, file: CaseFile, acts: Sequence[ActRule], sent: Filled | None
) -> tuple[FormField, ...]:
    """Return the choice of sending on, and the fields of the acts that do so, each asked once."""
    if not acts:
        return ()
    typed = seat.request.POST.get(ONWARD_FIELD, "") if sent is not None else acts[0].id
    choices = [Choice(a.id, headline(a, seat.language), a.id == typed) for a in acts]
    choices.append(Choice("", _("先不转，只分类"), not typed))
    fields = [FormField(ONWARD_FIELD, "code", _("接着"), choices=tuple(choices))]
    known: set[str] = set()
    for rule in acts:
        for field in form_fields(seat, rule, file, sent, prefix="on_", without=known):
            optional = rule.id != acts[0].id
            fields.append(
                _optional(field, headline(rule, seat.language))
                if optional
                else _optional(field, "")
            )
        known |= {f.name for f in rule.fields}
    return tuple(fields)


def _optional(field: FormField, act: str) -> FormField:
    """Return the field without its mark: whether it must be filled depends on what is chosen
    beside it."""
    hint = (_("“%(act)s”时填") % {"act": act} if act else "") + (
        ("；" if act and field.hint else "") + field.hint
    )
    return FormField(
        field.name,
        field.type,
        field.label,
        required=False,
        hint=hint,
        value=field.value,
        errors=field.errors,
        choices=field.choices,
        rows=2,
        accept=field.accept,
        kept=field.kept,
    )
