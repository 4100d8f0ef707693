"""A new inspection: who is inspected, who deposits a secret, and what earlier ones left open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from dengwen.cases.read.case_view import blank_file
from dengwen.desk.oversight.inspections.opened_inspection import (
    CARRY_DAYS,
    PAGE,
    inspection_href,
)
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE
from dengwen.desk.shell.act.field_choices import OrganAsked
from dengwen.desk.shell.act.field_search import found_part, searches
from dengwen.desk.shell.act.submit import write
from dengwen.desk.shell.case.protected_text import texts_of
from dengwen.desk.shell.frame.seat import Seat, at_desk, uid_of
from dengwen.law.duties.admissibility import refusals
from dengwen.law.duties.step import FieldValue, Step
from dengwen.oversight.inspections.inspection_plan import open_lines
from dengwen.oversight.inspections.queries import KIND, Inspection, Line
from dengwen.ui.form_fields import Asked, AskedForm, Day, OneOf, form_of


def may_begin(seat: Seat, act: str, of: str = KIND) -> bool:
    """Say whether this seat could begin a case of a kind by an act now."""
    if seat.organ is None:
        return False
    file = blank_file(of, seat.organ.division_code, seat.now)
    kind = file.installed.book.kinds.get(of)
    if kind is None or act not in kind.acts:
        return False
    return not refusals(kind, kind.acts[act], file.view, seat.actor, seat.today)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def begin(seat: Seat) -> HttpResponse:
    """Plan an inspection of an organ: what earlier ones left open comes along, and a depositor
    is asked."""
    if not may_begin(seat, "plan") or seat.organ is None:
        return redirect("desk:inspections")
    form = _form(seat)
    if (part := found_part(seat, form.asked())) is not None:
        return part
    if not form.is_bound or form.errors:
        return _page(seat, form)
    steps = _steps(seat, form)
    return write(seat, steps, lambda why: _page(seat, form, why), inspection_href)


def _steps(seat: Seat, form: AskedForm) -> list[Step]:
    """Return the steps that open an inspection, bring along what is open, and ask for a secret."""
    asked = form.cleaned_data
    plan = Step(
        act="plan",
        kind=KIND,
        open_as="i",
        fields={"type": asked["type"], "to": asked["to"], "begins": asked["begins"]},
        texts={"subject": asked["subject"]},
    )
    along = carried(seat, asked["to"], asked["until"], ref="i")
    ask = Step(act="ask_deposit", ref="i", fields={"depositor": asked["depositor"]})
    return [plan, *along, ask]


# --- what is carried over -------------------------------------------------------------------------
def carried(
    seat: Seat, to: int, until: date, *, ref: str = "", into: Inspection | None = None
) -> list[Step]:
    """Return the steps that bring along what is open against an organ, with the words of the
    finding.

    They go into the case that the call opens as `ref`, or into an inspection that has begun, and
    number its lines on.
    """
    number = into.case.number if into is not None else ""
    last = max(into.lines, default=0) if into is not None else 0
    steps: list[Step] = []
    for made, line in open_lines(seat.viewer, seat.today, seat.organ.pk if seat.organ else 0, to):
        if into is not None and made.case.pk >= into.case.pk:
            continue
        fields: dict[str, FieldValue] = {
            "from": made.case.number,
            "from_line": line.number,
            "line": last + len(steps) + 1,
            "owner": line.owner,
            "until": until,
        }
        texts = {"what": _finding_text(seat, made, line)}
        steps.append(Step(act="carry_over", ref=ref, case=number, fields=fields, texts=texts))
    return steps


def _finding_text(seat: Seat, made: Inspection, line: Line) -> str:
    """Return the words of a finding, opened where it is sealed."""
    return texts_of(seat, made.case).of(line.listed.pk, "what") or line.what


# --- the form -------------------------------------------------------------------------------------
def _page(seat: Seat, form: AskedForm, why: Sequence[str] = ()) -> HttpResponse:
    """Ask for a new inspection, with what was typed and refused."""
    status = UNPROCESSABLE if form.errors or why else 200
    return seat.page(
        "oversight/inspections/new_inspection.html",
        PAGE,
        status,
        fields=form.asked(),
        searches=searches(seat, form.asked()),
        why=why,
        uid=uid_of(seat),
    )


def _form(seat: Seat) -> AskedForm:
    """Return the form of a new inspection, with what is proposed."""
    missing = _("请选择或者填写。")
    until = (seat.today + timedelta(days=CARRY_DAYS)).isoformat()
    kinds = {
        "special": pgettext("inspections", "专项督查"),
        "prompt": _("重要事项及时督查"),
    }
    asked = {
        "to": OrganAsked(_("被督查的机关、单位"), seat, needed=True, missing=missing),
        "type": OneOf(_("类型"), needed=True, choices=kinds.items(), initial="special"),
        "begins": Day(
            _("拟开始日期"), needed=True, missing=missing, initial=seat.today.isoformat()
        ),
        "depositor": OrganAsked(
            _("由谁交存秘密数"),
            seat,
            needed=True,
            missing=missing,
            hint=_("被督查单位或者第三方单位，不能是本机关"),
        ),
        "subject": Asked(
            _("督查对象和内容"),
            needed=True,
            missing=missing,
            initial=_("信访工作和责任落实情况"),
        ),
        "until": Day(_("上次未整改问题的新期限"), needed=True, missing=missing, initial=until),
    }
    return form_of(seat.request, asked)
