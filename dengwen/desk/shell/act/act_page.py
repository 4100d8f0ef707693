"""The page of an act: its fields, its article, what it opens and closes with dates, who will be
told; then the act.

Generated from the rule pack; hand-made pages (registration, sorting, opinion) use the same parts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.db import DatabaseError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dengwen.cases.models import Case
from dengwen.cases.read.case_view import CaseFile, cited, rail, read_file
from dengwen.cases.read.correction_words import FIELD, TARGET, VALUES, corrected_field
from dengwen.cases.read.named_rows import NobodyCalledError, rows_named
from dengwen.cases.wall.visibility import find
from dengwen.cases.write.check import Refused
from dengwen.cases.write.entry_on_behalf import against
from dengwen.cases.write.perform import Performed
from dengwen.cases.write.proposal_doors import Answered, do_or_propose
from dengwen.desk.shell.act.act_refusals import (
    EFFECT_ERRORS,
    FULL,
    as_reason,
    full_reason,
    sort_reasons,
    status_of,
)
from dengwen.desk.shell.act.carried_fields import (
    carried_fields,
    carried_words,
    duty_words,
    quiet_fields,
    quiet_names,
)
from dengwen.desk.shell.act.field_search import found_part, is_search, searches
from dengwen.desk.shell.act.foreseen import ahead
from dengwen.desk.shell.act.forms import RuledForm, act_form
from dengwen.desk.shell.act.put_before import say_waits
from dengwen.desk.shell.case.approval import beside, files_decided_on, returned
from dengwen.desk.shell.frame.chapter import with_choices
from dengwen.desk.shell.frame.seat import Seat, at_desk, case_href, organ_name, uid_of
from dengwen.law.bilingual import headline, words_in
from dengwen.law.duties.act_record import CORRECT
from dengwen.law.duties.act_record import Refusal as Reason
from dengwen.law.duties.admissibility import refusals
from dengwen.law.duties.proposal import PROPOSAL_ACTS
from dengwen.law.duties.step import FieldValue, Step
from dengwen.law.packs.rules import ActRule
from dengwen.law.packs.vocabulary import SHOWN
from dengwen.ledger.durability import disk_full
from dengwen.organs.models import Organ
from dengwen.ui.components import DateRail
from dengwen.ui.form_fields import AskedField, Word, form_of


@dataclass(frozen=True, slots=True)
class Way:
    """Where a page of an act stands: what is above its title, where it leads back to, and the
    kind it opens if any."""

    back: str
    kicker: str
    number: str = ""
    kind: str = ""


def behalf_of(seat: Seat, file: CaseFile) -> Organ | None:
    """Return the unit without accounts whose acts this organ writes down in a case, or None."""
    if seat.organ is None or not file.case.seq:
        return None
    for organ in dict.fromkeys((file.view.holder, file.view.addressee)):
        if not organ or organ == seat.organ.pk:
            continue
        capacities = seat.actor_in(file.case).capacities
        if not against(organ, seat.organ.pk, capacities, file.view, seat.today):
            return Organ.objects.get(pk=organ)
    return None


def way_of(case: Case, title: str = "") -> Way:
    """Return the way of an act of a case."""
    return Way(case_href(case.number), title or case.title, case.number)


def act_of(seat: Seat, number: str, act: str) -> tuple[CaseFile, ActRule]:
    """Return a case the wall lets this seat see, and an act its rules know; 404 for everything
    else."""
    file = read_file(seat.case(number), seat.now)
    rule = file.kind.acts.get(act)
    if rule is None:
        raise Http404
    return file, rule


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def act_page(seat: Seat, number: str, act: str) -> HttpResponse:
    """Ask for an act of a case, or do it; with `for` in the name of a unit that has no account,
    from its paper."""
    file, rule = act_of(seat, number, act)
    if rule.id in PROPOSAL_ACTS:
        raise Http404
    if rule.by == "system" or rule.after == ("new",) or not seat.actor_in(file.case).capacities:
        raise Http404
    asked = {"for": seat.request.GET.get("for", "")}
    if code := form_of(seat.request, {"for": Word()}, initial=asked).typed("for"):
        unit = behalf_of(seat, file)
        if unit is None or unit.code != code:
            raise Http404
        seat = replace(seat, behalf=unit)
    return answer(seat, file, rule, way_of(file.case, seat.title(file.case)))


def answer(
    seat: Seat, file: CaseFile, rule: ActRule, way: Way, given: Mapping[str, str] | None = None
) -> HttpResponse:
    """Answer a request for the page of an act: ask, search for an organ, or do it."""
    if seat.request.method != "POST":
        asked = {k: str(v) for k, v in seat.request.GET.items() if rule.field_rule(k)}
        begun = act_form(seat, rule, file, given={**asked, **(given or {})})
        return ask(seat, file, rule, way, begun)
    form = act_form(seat, rule, file)
    if is_search(seat):
        part = found_part(seat, _fields(seat, file, rule, form.forgive()))
        return part or ask(seat, file, rule, way, form)
    if rule.id == CORRECT and not form.errors:
        _take_names(seat, file, form)
    if form.errors:
        return ask(seat, file, rule, way, form)
    return submit(seat, file, rule, way, form)


def _take_names(seat: Seat, file: CaseFile, form: RuledForm) -> None:
    """Put the rows that are kept in the place of the organs and people a correction names; a name
    that nobody bears is noted at its field."""
    name = str(form.values.get(FIELD, ""))
    declared = corrected_field(file.records, file.kind.id, form.values.get(TARGET), name)
    for value in VALUES:
        typed = form.values.get(value)
        if declared is None or not isinstance(typed, str):
            continue
        try:
            form.values[value] = rows_named(declared, typed, seat.today)
        except NobodyCalledError as error:
            words = _(
                "登记的机关、单位和人员里没有“%(name)s”，或者不止一个。请写代码，或者写在册的全名。"
            )
            form.wrong(value, words % {"name": error.word})


def submit(seat: Seat, file: CaseFile, rule: ActRule, way: Way, form: RuledForm) -> HttpResponse:
    """Do the act with its files, and go on; or show what is refused with everything still typed
    and chosen."""
    step = step_of(file.case.number, rule, form, way.kind)
    if seat.behalf is not None:
        step = replace(step, organ=seat.behalf.pk)
    try:
        performed, waits = do_or_propose(
            step, by=seat.by, now=seat.now, uid=uid_of(seat), papers=form.papers
        )
    except Refused as refused:
        return ask(seat, file, rule, way, form, refused.reasons)
    except EFFECT_ERRORS as error:
        return ask(seat, file, rule, way, form, (as_reason(error, rule),))
    except DatabaseError as error:
        if not disk_full(error):
            raise
        return ask(seat, file, rule, way, form, (full_reason(),), status=FULL)
    if waits:
        return put_before_second(seat, way, rule)
    return done(seat, way, rule, performed)


def done_or_waits(seat: Seat, way: Way, rule: ActRule, answered: Answered) -> HttpResponse:
    """Go on from a page of several steps: say what was written, or what waits for a second
    person."""
    if not answered.waits:
        return done(seat, way, rule, answered.performed)
    say_waits(seat, answered)
    return redirect(way.back)


def put_before_second(seat: Seat, way: Way, rule: ActRule) -> HttpResponse:
    """Say that an act waits for a second person and changes nothing until then."""
    words = {"act": headline(rule, seat.language)}
    messages.success(
        seat.request,
        _(
            "“%(act)s”须两人：已送本机关、单位的另一人同意，同意以前不生效。在“您提出的，等第二人”里可以撤回。"
        )
        % words,
    )
    return redirect(way.back)


def step_of(number: str, rule: ActRule, form: RuledForm, kind: str = "") -> Step:
    """Return the step that a filled form asks for; with `kind` it opens a case."""
    return Step(
        act=rule.id,
        case=number,
        kind=kind,
        fields=form.values,
        texts=form.texts,
        occurred_at=form.occurred,
        late_reason=form.late_reason,
        paper=form.paper,
    )


def done(seat: Seat, way: Way, rule: ActRule, performed: Performed) -> HttpResponse:
    """Say what was written and go back to the case, or home where it is no longer to be seen
    from here."""
    words = {"act": headline(rule, seat.language), "number": performed.case}
    if performed.repeated:
        messages.info(seat.request, _("“%(act)s”先前已经写入，没有重复登记。") % words)
    else:
        messages.success(seat.request, _("已写入存证：%(act)s，%(number)s。") % words)
    hidden = way.number and find(seat.viewer, seat.today, way.number) is None
    return redirect("desk:home") if hidden else redirect(way.back)


def ask(
    seat: Seat,
    file: CaseFile,
    rule: ActRule,
    way: Way,
    form: RuledForm,
    reasons: Sequence[Reason] = (),
    status: int = 0,
) -> HttpResponse:
    """Render the page of an act, with what was typed and what was refused."""
    sent = set(form.values)
    impossible = refusals(file.kind, rule, file.view, seat.actor, seat.today, sent)
    possible = not impossible
    shown = reasons if form.is_bound or reasons else impossible
    refused = sort_reasons(seat, file, rule, form, shown)
    asked = _asked(seat, file, rule, form)
    claim = _claim(seat, form)
    if not status and form.is_bound and (reasons or form.errors):
        status = status_of(form)
    return seat.page(
        "shell/act/approval.html" if rule.approves else "shell/act/act_page.html",
        "",
        status or 200,
        **asked,
        **claim,
        why=form.complaints_elsewhere((*asked["fields"], *claim["claims"])),
        **_head(seat, file, rule, way),
        refused=refused,
        possible=possible,
        uid=uid_of(seat),
        **ahead(seat, file, rule, _taken(rule, form, reasons), form.occurred),
        **(beside(seat, file, rule, form, possible=possible) if rule.approves else {}),
    )


def _taken(rule: ActRule, form: RuledForm, reasons: Sequence[Reason]) -> Mapping[str, FieldValue]:
    """Return the values that can be looked ahead with: those that were not refused. A correction
    is looked ahead with as a whole or not at all, as its values mean nothing without each other."""
    if not reasons and not form.errors:
        return form.values
    if rule.id == CORRECT:
        return {}
    refused = {reason.field for reason in reasons} | form.errors.keys()
    return {name: value for name, value in form.values.items() if name not in refused}


def _head(seat: Seat, file: CaseFile, rule: ActRule, way: Way) -> dict[str, Any]:
    """Return what stands around the form: the act with its article, for whom it is written down,
    the date of the case, what was sent back, the file that is decided on."""
    return {
        "way": way,
        "case": file.case,
        "rule": rule,
        "title": headline(rule, seat.language),
        "article": article_of(seat, file, rule),
        "note": words_in((rule.basis.note, ""), seat.language),
        "behalf": seat.behalf,
        "behalf_name": organ_name(seat.behalf, seat.language),
        "rail": rail_of(seat, file) if way.number else None,
        "returned": returned(seat, file, rule),
        "decided_files": files_decided_on(seat, file.case),
    }


def _asked(seat: Seat, file: CaseFile, rule: ActRule, form: RuledForm) -> dict[str, Any]:
    """Return the fields of the form, what it carries unasked, and the searches for organs."""
    quiet = quiet_fields(rule, form)
    carried = carried_fields(seat, rule, form)
    fields = _fields(seat, file, rule, form)
    return {
        "fields": fields,
        "quiet": quiet,
        "carried": carried,
        "carried_words": carried_words(seat, file.case, carried),
        "concerning": duty_words(seat, quiet),
        "searches": searches(seat, fields),
    }


def _fields(seat: Seat, file: CaseFile, rule: ActRule, form: RuledForm) -> tuple[AskedField, ...]:
    """Return the fields that the page asks, with what there is to choose."""
    carried = carried_fields(seat, rule, form)
    without = (*quiet_names(rule), SHOWN, *(name for name, _label, _value in carried))
    fields = form.fields_of_act(without)
    return with_choices(seat, file, rule, fields, fresh=not form.is_bound)


def _claim(seat: Seat, form: RuledForm) -> dict[str, Any]:
    """Return the fields of a late entry; they stand open where one was begun or something about it
    is wrong, and for a unit whose paper is written down."""
    return {
        "claims": form.late_fields(),
        "claim_open": form.claims_late or seat.behalf is not None,
    }


def rail_of(seat: Seat, file: CaseFile) -> DateRail:
    """Return the date of the case beside an act; how it was computed stands on the case page."""
    shown = rail(file, seat.today, seat.language)
    return replace(shown, how=case_href(file.case.number) + shown.how) if shown.how else shown


def article_of(seat: Seat, file: CaseFile, rule: ActRule) -> str:
    """Return the article an act rests on, as people write it."""
    return cited(rule.basis, file.installed, seat.language)
