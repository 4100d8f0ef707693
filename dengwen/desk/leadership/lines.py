"""One page for what a leader does with lines: a talk and its promises, a coordination and what each
organ undertakes.

What was said and up to three lines (what, which organ, by when) are signed in one call; each line
becomes a duty of
its organ with its own date (journey 6, step 3).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dengwen.cases.read.case_view import CaseFile, read_file, state_words
from dengwen.cases.write.check import Refused
from dengwen.cases.write.perform import perform
from dengwen.desk.leadership.overview import title_of
from dengwen.desk.shell.act.act_page import article_of, rail_of
from dengwen.desk.shell.act.act_refusals import (
    EFFECT_ERRORS,
    UNPROCESSABLE,
    as_reason,
    sort_reasons,
)
from dengwen.desk.shell.act.field_choices import organ_choices
from dengwen.desk.shell.act.forms import Filled, form_fields, read_day, read_form
from dengwen.desk.shell.case.protected_text import texts_of
from dengwen.desk.shell.case.request_lines import request_lines
from dengwen.desk.shell.frame.seat import Seat, at_desk, case_href, organ_name, uid_of
from dengwen.law.bilingual import headline
from dengwen.law.duties.act_record import Refusal as Reason
from dengwen.law.duties.admissibility import refusals
from dengwen.law.duties.step import FieldValue, Step
from dengwen.law.packs.rules import ActRule
from dengwen.leadership.roster import matter_of
from dengwen.organs.models import Organ
from dengwen.ui.components import FormField

LINES = 3
SIGNED_HERE = frozenset({"leader", "organ"})
"""Fields the page fills in itself: whoever signs is the leader at the desk."""
ACTS = {
    "interview": ("hear", "promise"),
    "visit_down": ("record", "promise"),
    "coordination": ("conclude", "undertake"),
    "task_check": ("", "require"),
}
"""For each kind the act that says what happened, and the act that adds a line."""
CLOSED_BY = {"promise": "fulfil", "undertake": "carry_out", "require": "mend"}


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
    first, line = _rules(seat, file)
    filled = (
        read_form(seat, first) if first is not None and seat.request.method == "POST" else Filled()
    )
    if seat.request.method != "POST":
        return _page(seat, file, first, line, None, [])
    filled.fields |= _signing(seat, first)
    filled.errors = {n: e for n, e in filled.errors.items() if n not in SIGNED_HERE}
    steps, wrong = _steps(seat, file, first, line, filled)
    if filled.errors or wrong or not steps:
        return _page(seat, file, first, line, filled, wrong)
    try:
        done = perform(*steps, by=seat.by, now=seat.now, uid=uid_of(seat))
    except Refused as refused:
        return _page(seat, file, first, line, filled, wrong, refused.reasons)
    except EFFECT_ERRORS as error:
        return _page(seat, file, first, line, filled, wrong, (as_reason(error, first or line),))
    count = len(done.acts)
    words = _("已写入存证：%(count)s 个行为，%(number)s。") % {"count": count, "number": number}
    messages.success(seat.request, words)
    return redirect("desk:lines", number)


def _rules(seat: Seat, file: CaseFile) -> tuple[ActRule | None, ActRule]:
    """Return the act that says what happened, if it is possible now, and the act that adds a
    line."""
    first, line = ACTS[file.case.kind]
    rule = file.kind.acts[first] if first else None
    if rule is not None and refusals(file.kind, rule, file.view, seat.actor, seat.today):
        rule = None
    return rule, file.kind.acts[line]


def _signing(seat: Seat, rule: ActRule | None) -> dict[str, FieldValue]:
    known = {f.name for f in rule.fields} if rule is not None else set()
    found: dict[str, FieldValue] = {}
    if "leader" in known and seat.user.official_id is not None:
        found["leader"] = seat.user.official_id
    if "organ" in known and seat.organ is not None:
        found["organ"] = seat.organ.pk
    return found


def _steps(
    seat: Seat, file: CaseFile, first: ActRule | None, line: ActRule, filled: Filled
) -> tuple[list[Step], list[int]]:
    """Return the steps of the form, and the places of the lines that are only half filled in."""
    post, number = seat.request.POST, file.case.number
    steps = (
        [Step(act=first.id, case=number, fields=filled.fields, texts=filled.texts)]
        if first is not None
        else []
    )
    item, wrong = sum(r.act == line.id for r in file.records), []
    for place in range(1, LINES + 1):
        what, organ = post.get(f"what_{place}", "").strip(), post.get(f"to_{place}", "")
        until = read_day(post.get(f"until_{place}", ""))
        if not (what or post.get(f"until_{place}")):
            continue  # the organ alone is only what the page proposed
        if not what or not organ.isdecimal() or until is None:
            wrong.append(place)
            continue
        item += 1
        fields: dict[str, FieldValue] = {"item": item, "to": int(organ), "until": until}
        if seat.user.official_id is not None:
            fields["leader"] = seat.user.official_id
        steps.append(Step(act=line.id, case=number, fields=fields, texts={"what": what}))
    return steps, wrong


def _page(
    seat: Seat,
    file: CaseFile,
    first: ActRule | None,
    line: ActRule,
    filled: Filled | None,
    wrong: Sequence[int],
    reasons: Sequence[Reason] = (),
) -> HttpResponse:
    typed = filled or Filled()
    matter = matter_of(file.case, seat.viewer, seat.today)
    about = read_file(matter, seat.now) if matter is not None else None
    refused = sort_reasons(seat, file, first or line, typed, reasons)
    possible = first is not None or not refusals(file.kind, line, file.view, seat.actor, seat.today)
    fields = (
        form_fields(seat, first, file, filled and typed, without=SIGNED_HERE)
        if first is not None
        else ()
    )
    title = first or line
    holder = str(matter.holder_id or "") if matter is not None else ""
    return seat.page(
        "leadership/lines.html",
        "leader",
        UNPROCESSABLE if filled is not None else 200,
        case=file.case,
        title=title_of(seat, file),
        kind=headline(file.kind, seat.language),
        state=state_words(file, seat.language),
        act=headline(title, seat.language),
        article=article_of(seat, file, title),
        fields=fields,
        lines=[_line(seat, file, place, place in wrong, holder) for place in range(1, LINES + 1)],
        line_name=headline(line, seat.language),
        said=_said(seat, file, line),
        possible=possible,
        refused=refused,
        uid=uid_of(seat),
        case_href=case_href(file.case.number),
        rail=rail_of(seat, file),
        matter=matter,
        matter_href=case_href(matter.number) if matter is not None else "",
        requests=request_lines(seat, about, texts_of(seat, about.case))
        if about is not None
        else (),
        back=reverse("desk:leader") if "head" in seat.capacities else reverse("desk:home"),
    )


def _line(
    seat: Seat, file: CaseFile, place: int, wrong: bool, holder: str
) -> tuple[FormField, FormField, FormField]:
    """Return the three fields of a line; the organ that has the matter is proposed."""
    post = seat.request.POST
    error = (_("事项、单位、日期三项都要填，或者都不填。"),) if wrong else ()
    to = post.get(f"to_{place}", holder)
    return (
        FormField(
            f"what_{place}",
            "word",
            _("%(place)s　办什么") % {"place": place},
            errors=error,
            value=post.get(f"what_{place}", ""),
        ),
        FormField(
            f"to_{place}", "organ", _("哪个单位"), value=to, choices=organ_choices(seat, file, [to])
        ),
        FormField(f"until_{place}", "date", _("哪天以前"), value=post.get(f"until_{place}", "")),
    )


def _said(seat: Seat, file: CaseFile, line: ActRule) -> list[Said]:
    """Return the lines written before, each with the state of the duty it opened."""
    texts = texts_of(seat, file.case)
    found = []
    for row, record in zip(file.rows, file.records, strict=True):
        if record.act != line.id:
            continue
        duty = next((d for d in file.view.duties if d.opened_by == record.id), None)
        organ = Organ.objects.filter(pk=duty.holder or 0).first() if duty else None
        late = duty is not None and duty.breach is not None
        item, until = record.data.get("item"), record.data.get("until")
        done = duty is not None and duty.state == "closed"
        found.append(
            Said(
                item if isinstance(item, int) else 0,
                texts.of(row.pk, "what"),
                organ_name(organ, seat.language),
                str(until),
                done,
                late,
            )
        )
    return found
