"""One page on which a leader writes down a talk, a visit or a coordination, with its lines.

What was said and up to three lines (what, which organ, by when) are signed in one call; each line
becomes a duty of its organ with its own date (journey 6, step 3).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods

from dengwen.cases.read.case_view import CaseFile, read_file, state_words
from dengwen.cases.write.perform import Performed
from dengwen.desk.leadership.leader_cases import title_of
from dengwen.desk.shell.act.act_page import article_of, rail_of
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE, sort_reasons
from dengwen.desk.shell.act.attempt import attempt
from dengwen.desk.shell.act.field_choices import OrganAsked
from dengwen.desk.shell.act.field_search import found_part, is_search, searches
from dengwen.desk.shell.act.forms import RuledForm, ruled_form
from dengwen.desk.shell.case.protected_text import texts_of
from dengwen.desk.shell.case.request_lines import request_lines
from dengwen.desk.shell.frame.seat import Seat, at_desk, case_href, organ_name, uid_of
from dengwen.law.bilingual import headline
from dengwen.law.duties.act_record import ActRecord, DutyView
from dengwen.law.duties.act_record import Refusal as Reason
from dengwen.law.duties.admissibility import refusals
from dengwen.law.duties.step import FieldValue, Step
from dengwen.law.packs.rules import ActRule
from dengwen.leadership.roster import matter_of
from dengwen.organs.models import Organ
from dengwen.ui.cells import Part, text
from dengwen.ui.components import RequestLine
from dengwen.ui.form_fields import Asked, AskedField, Day
from dengwen.ui.list_table import Column, ListOf

LINES = 3
SAID = ListOf(
    caption="",
    columns=(
        Column("what", _lazy("事项"), Part("desk/leadership/_line_said.html")),
        Column("organ", _lazy("单位"), text("organ")),
        Column("until", pgettext_lazy("lines", "日期"), Part("desk/leadership/_line_until.html")),
    ),
)
SIGNED_HERE = frozenset({"leader", "organ"})
"""Fields the page fills in itself: whoever signs is the leader at the desk."""
ACTS = {
    "interview": ("hear", "promise"),
    "visit_down": ("record", "promise"),
    "coordination": ("conclude", "undertake"),
    "task_check": ("", "require"),
}
"""For each kind the act that says what happened, and the act that adds a line."""


@dataclass(frozen=True, slots=True)
class Acts:
    """The acts of the page: what happened, if that can be said now, and a line."""

    first: ActRule | None
    line: ActRule

    @property
    def title(self) -> ActRule:
        """The act after which the page is named."""
        return self.first or self.line


@dataclass(frozen=True, slots=True)
class Said:
    """One line written before: what, by whom, by when, and whether it is done."""

    item: int
    what: str
    organ: str
    until: str
    done: bool
    late: bool


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def lines(seat: Seat, number: str) -> HttpResponse:
    """Ask for what happened and for lines, or sign them all at once."""
    case = seat.case(number)
    if case.kind not in ACTS:
        raise Http404
    file = read_file(case, seat.now)
    acts = _acts(seat, file)
    form = _form(seat, file, acts)
    if not form.is_bound:
        return _page(seat, file, acts, form)
    if is_search(seat):
        return found_part(seat, _searched(form.forgive())) or _page(seat, file, acts, form)
    steps = _steps(file, acts, form)
    if form.errors or not steps:
        return _page(seat, file, acts, form)
    made = attempt(seat, steps, acts.title)
    if not isinstance(made, Performed):
        return _page(seat, file, acts, form, made)
    words = {"count": len(made.acts), "number": number}
    messages.success(seat.request, _("已写入存证：%(count)s 个行为，%(number)s。") % words)
    return redirect("desk:lines", number)


def _acts(seat: Seat, file: CaseFile) -> Acts:
    """Return the act that says what happened, if it is possible now, and the act that adds a
    line."""
    first, line = ACTS[file.case.kind]
    rule = file.kind.acts[first] if first else None
    if rule is not None and not _possible(seat, file, rule):
        rule = None
    return Acts(rule, file.kind.acts[line])


def _possible(seat: Seat, file: CaseFile, rule: ActRule) -> bool:
    """Say whether this seat can do an act now."""
    return not refusals(file.kind, rule, file.view, seat.actor, seat.today)


# --- reading what was typed -----------------------------------------------------------------------
def _form(seat: Seat, file: CaseFile, acts: Acts) -> RuledForm:
    """Return the form: what happened, and the lines; who signs is filled in here and never
    wrong."""
    matter = matter_of(file.case, seat.viewer, seat.today)
    holder = str(matter.holder_id or "") if matter is not None else ""
    lines: dict[str, Asked] = {}
    for place in range(1, LINES + 1):
        lines |= _line_asked(seat, file, place, holder)
    rules = acts.first.fields if acts.first is not None else ()
    form = ruled_form(seat, rules, file, late=True, more=lines)
    if acts.first is not None:
        form.values |= _signing(seat, acts.first)
    for name in SIGNED_HERE:
        form.errors.pop(name, None)
    return form


def _line_asked(seat: Seat, file: CaseFile, place: int, holder: str) -> dict[str, Asked]:
    """Return the three fields of a line; the organ that has the matter is proposed."""
    return {
        f"what_{place}": Asked(_("%(place)s　办什么") % {"place": place}, type="word"),
        f"to_{place}": OrganAsked(_("哪个单位"), seat, file, initial=holder),
        f"until_{place}": Day(_("哪天以前")),
    }


def _signing(seat: Seat, rule: ActRule) -> dict[str, FieldValue]:
    """Return leader and organ, as far as the act asks for them."""
    found: dict[str, FieldValue] = {}
    if rule.field_rule("leader") and seat.user.official_id is not None:
        found["leader"] = seat.user.official_id
    if rule.field_rule("organ") and seat.organ is not None:
        found["organ"] = seat.organ.pk
    return found


def _steps(file: CaseFile, acts: Acts, form: RuledForm) -> list[Step]:
    """Return the steps of the form; lines that are only half filled in are noted."""
    number = file.case.number
    steps: list[Step] = []
    if acts.first is not None:
        steps.append(Step(act=acts.first.id, case=number, fields=form.values, texts=form.texts))
    item = len([record for record in file.records if record.act == acts.line.id])
    for place in range(1, LINES + 1):
        if not _begun(form, place):
            continue
        step = _line_step(form, file, acts.line, place, item + 1)
        if step is None:
            form.wrong(f"what_{place}", _("事项、单位、日期三项都要填，或者都不填。"))
        else:
            item += 1
            steps.append(step)
    return steps


def _searched(form: RuledForm) -> tuple[AskedField, ...]:
    """Return the fields of the page in which an organ can be searched."""
    return form.asked(without=SIGNED_HERE)


def _begun(form: RuledForm, place: int) -> bool:
    """Say whether a line was begun; the organ alone is only what the page proposed."""
    return bool(form.typed(f"what_{place}") or form.typed(f"until_{place}"))


def _line_step(
    form: RuledForm, file: CaseFile, line: ActRule, place: int, item: int
) -> Step | None:
    """Return the act that adds a line, None where a part of it is missing."""
    what = form.cleaned_data.get(f"what_{place}")
    organ = form.cleaned_data.get(f"to_{place}")
    until = form.cleaned_data.get(f"until_{place}")
    if not what or organ is None or until is None:
        return None
    fields: dict[str, FieldValue] = {
        "item": item,
        "to": organ,
        "until": until,
    }
    if form.seat.user.official_id is not None:
        fields["leader"] = form.seat.user.official_id
    return Step(act=line.id, case=file.case.number, fields=fields, texts={"what": what})


# --- the page -------------------------------------------------------------------------------------
def _page(
    seat: Seat,
    file: CaseFile,
    acts: Acts,
    form: RuledForm,
    reasons: Sequence[Reason] = (),
) -> HttpResponse:
    """Show the form, with what was typed and refused, and the lines written before."""
    refused = sort_reasons(seat, file, acts.title, form, reasons)
    heading = _heading(seat, file, acts)
    back = "desk:leader" if "head" in seat.capacities else "desk:home"
    return seat.page(
        "leadership/lines.html",
        "leader",
        UNPROCESSABLE if form.is_bound and not is_search(seat) else 200,
        fields=form.fields_of_act(SIGNED_HERE),
        said=replace(SAID, caption=heading["line_name"]).fixed(_said(seat, file, acts.line)),
        possible=acts.first is not None or _possible(seat, file, acts.line),
        refused=refused,
        uid=uid_of(seat),
        searches=searches(seat, _searched(form)),
        back=reverse(back),
        **heading,
        **_matter_part(seat, file, form),
    )


def _heading(seat: Seat, file: CaseFile, acts: Acts) -> dict[str, Any]:
    """Return what the case is called, where it stands, and what the page asks for."""
    return {
        "case": file.case,
        "case_href": case_href(file.case.number),
        "title": title_of(seat, file),
        "kind": headline(file.kind, seat.language),
        "state": state_words(file, seat.language),
        "act": headline(acts.title, seat.language),
        "article": article_of(seat, file, acts.title),
        "line_name": headline(acts.line, seat.language),
        "rail": rail_of(seat, file),
    }


def _matter_part(seat: Seat, file: CaseFile, form: RuledForm) -> dict[str, Any]:
    """Return the matter it is about, as far as this seat may read it, and the lines to fill in."""
    matter = matter_of(file.case, seat.viewer, seat.today)
    requests: tuple[RequestLine, ...] = ()
    if matter is not None:
        about = read_file(matter, seat.now)
        requests = request_lines(seat, about, texts_of(seat, matter))
    return {
        "matter": matter,
        "matter_href": case_href(matter.number) if matter is not None else "",
        "requests": requests,
        "lines": [
            form.asked((f"what_{place}", f"to_{place}", f"until_{place}"))
            for place in range(1, LINES + 1)
        ],
    }


# --- lines written before -------------------------------------------------------------------------
def _said(seat: Seat, file: CaseFile, line: ActRule) -> list[Said]:
    """Return the lines written before, each with the state of the duty it opened."""
    texts = texts_of(seat, file.case)
    found = []
    for row, record in zip(file.rows, file.records, strict=True):
        if record.act == line.id:
            found.append(_said_line(seat, file, record, texts.of(row.pk, "what")))
    return found


def _said_line(seat: Seat, file: CaseFile, record: ActRecord, what: str) -> Said:
    """Return a line with the state of the duty it opened."""
    duty = next((one for one in file.view.duties if one.opened_by == record.id), None)
    item = record.data.get("item")
    return Said(
        item=item if isinstance(item, int) else 0,
        what=what,
        organ=_holder_name(seat, duty),
        until=str(record.data.get("until")),
        done=duty is not None and duty.state == "closed",
        late=duty is not None and duty.breach is not None,
    )


def _holder_name(seat: Seat, duty: DutyView | None) -> str:
    """Return the name of the organ that owes a duty, "" where there is none."""
    if duty is None:
        return ""
    organ = Organ.objects.filter(pk=duty.holder or 0).first()
    return organ_name(organ, seat.language)
