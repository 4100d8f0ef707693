"""A new inspection: who is inspected, who deposits a secret, and what earlier ones left open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
from dengwen.desk.shell.act.field_choices import organ_choices
from dengwen.desk.shell.act.submit import write
from dengwen.desk.shell.case.protected_text import texts_of
from dengwen.desk.shell.frame.seat import Seat, at_desk, uid_of
from dengwen.law.duties.admissibility import refusals
from dengwen.law.duties.step import FieldValue, Step
from dengwen.organs.models import Organ
from dengwen.oversight.inspections.inspection_plan import open_lines
from dengwen.oversight.inspections.queries import KIND, Inspection, Line
from dengwen.ui.components import Choice, FormField
from dengwen.ui.form_fields import read_day


def may_begin(seat: Seat, act: str, of: str = KIND) -> bool:
    """Say whether this seat could begin a case of a kind by an act now."""
    if seat.organ is None:
        return False
    file = blank_file(of, seat.organ.division_code, seat.now)
    kind = file.installed.book.kinds.get(of)
    if kind is None or act not in kind.acts:
        return False
    return not refusals(kind, kind.acts[act], file.view, seat.actor, seat.today)


@dataclass(frozen=True, slots=True)
class Wanted:
    """An inspection as it was asked for, every part of it filled in."""

    to: int
    depositor: int
    subject: str
    until: date
    begins: date


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def begin(seat: Seat) -> HttpResponse:
    """Plan an inspection of an organ: what earlier ones left open comes along, and a depositor
    is asked."""
    if not may_begin(seat, "plan") or seat.organ is None:
        return redirect("desk:inspections")
    if seat.request.method != "POST":
        return _page(seat, {})
    wanted = _wanted(seat)
    if not isinstance(wanted, Wanted):
        return _page(seat, wanted)
    steps = _steps(seat, wanted)
    return write(seat, steps, lambda why: _page(seat, {}, why), inspection_href)


def _wanted(seat: Seat) -> Wanted | dict[str, str]:
    """Read the form; what is missing is returned by the name of its field."""
    post = seat.request.POST
    to = _organ(post.get("to", ""))
    depositor = _organ(post.get("depositor", ""))
    until = read_day(post.get("until", ""))
    begins = read_day(post.get("begins", ""))
    subject = post.get("subject", "").strip()
    if to and depositor and subject and until and begins:
        return Wanted(to, depositor, subject, until, begins)
    read = {
        "to": to,
        "depositor": depositor,
        "subject": subject,
        "until": until,
        "begins": begins,
    }
    return {name: _("请选择或者填写。") for name, value in read.items() if not value}


def _organ(text: str) -> int | None:
    """Return the id of an organ that exists, None for anything else."""
    known = text.isdecimal() and len(text) < 12 and Organ.objects.filter(pk=int(text)).exists()
    return int(text) if known else None


def _steps(seat: Seat, wanted: Wanted) -> list[Step]:
    """Return the steps that open an inspection, bring along what is open, and ask for a secret."""
    kind = seat.request.POST.get("type", "")
    plan = Step(
        act="plan",
        kind=KIND,
        open_as="i",
        fields={"type": kind, "to": wanted.to, "begins": wanted.begins},
        texts={"subject": wanted.subject},
    )
    along = carried(seat, wanted.to, wanted.until, ref="i")
    ask = Step(act="ask_deposit", ref="i", fields={"depositor": wanted.depositor})
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
def _page(seat: Seat, errors: Mapping[str, str], why: Sequence[str] = ()) -> HttpResponse:
    """Ask for a new inspection, with what was typed and refused."""
    status = UNPROCESSABLE if errors or why else 200
    fields = _fields(seat, errors)
    return seat.page(
        "oversight/inspections/new_inspection.html",
        PAGE,
        status,
        fields=fields,
        why=why,
        uid=uid_of(seat),
    )


def _fields(seat: Seat, errors: Mapping[str, str]) -> list[FormField]:
    """Return the fields of a new inspection with what was typed or is proposed."""
    post = seat.request.POST
    until = (seat.today + timedelta(days=CARRY_DAYS)).isoformat()
    organs = organ_choices(seat, None, [post.get("to", "")])
    depositors = organ_choices(seat, None, [post.get("depositor", "")])
    not_here = _("被督查单位或者第三方单位，不能是本机关")
    fields = [
        FormField("to", "organ", _("被督查的机关、单位"), choices=organs),
        FormField("type", "code", _("类型"), choices=_types(post.get("type", "special"))),
        FormField("begins", "date", _("拟开始日期"), value=seat.today.isoformat()),
        FormField("depositor", "organ", _("由谁交存秘密数"), choices=depositors, hint=not_here),
        FormField("subject", "person", _("督查对象和内容"), value=_("信访工作和责任落实情况")),
        FormField("until", "date", _("上次未整改问题的新期限"), value=until),
    ]
    return [_as_typed(seat, field, errors) for field in fields]


def _as_typed(seat: Seat, field: FormField, errors: Mapping[str, str]) -> FormField:
    """Return a required field with what was typed in place of what is proposed, and its error."""
    return replace(
        field,
        required=True,
        value=seat.request.POST.get(field.name, field.value),
        errors=(errors[field.name],) if field.name in errors else (),
    )


def _types(chosen: str) -> tuple[Choice, ...]:
    """Return the two kinds of inspection to choose from."""
    words = {
        "special": pgettext("inspections", "专项督查"),
        "prompt": _("重要事项及时督查"),
    }
    return tuple(Choice(kind, text, kind == chosen) for kind, text in words.items())
