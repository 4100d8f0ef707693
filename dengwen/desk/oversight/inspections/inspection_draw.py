"""Filing the plan of an inspection and drawing its sample.

Nothing on a page can choose what is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dengwen.access.keys.randomness import token_bytes
from dengwen.desk.oversight.inspections.inspection_page import show
from dengwen.desk.oversight.inspections.opened_inspection import (
    OPEN_DAYS,
    PAGE,
    Page,
    can,
    inspection_href,
    may_file,
    page_of,
)
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE
from dengwen.desk.shell.act.submit import write
from dengwen.desk.shell.frame.seat import Seat, at_desk, uid_of
from dengwen.law.duties.step import FieldValue, Step
from dengwen.oversight.inspections.inspection_plan import (
    filing_steps,
    last_checklist,
    shares,
    strata_of,
)
from dengwen.oversight.inspections.published_plan import checkpoint_after, draw_now, plan_of
from dengwen.oversight.inspections.queries import Filing
from dengwen.ui.form_fields import Area, Asked, AskedForm, Day, Number, form_of

START = (
    "信访工作条例第二十二条｜十五日内是否按规定登记、转送、交办\n信访工作条例第二十三条｜是否在规定期限内告知信访人是否受理\n"
    "信访工作条例第三十四条｜是否在办理期限内办结\n信访工作条例第三十二条｜处理意见是否写明诉求、事实和理由、意见和依据\n"
    "信访工作条例第三十二条第二款｜支持的请求是否督促执行"
)
"""A checklist to begin with where none was used before; every line can be changed."""

MOST_SIZE_DIGITS = 3
"""Digits of the number of cases that a plan draws."""


@dataclass(frozen=True, slots=True)
class Sampling:
    """What a plan asks for: the scope in words, the days of registration, how many, and by when
    the secret is opened."""

    scope: str
    first: date
    last: date
    size: int
    open_by: date


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def plan(seat: Seat, number: str) -> HttpResponse:
    """Choose the population, the size and the checklist, and file the plan."""
    page = page_of(seat, number)
    if not may_file(seat, page):
        return redirect("desk:inspection", number)
    form = _plan_form(seat)
    if not form.is_bound:
        return _plan_page(seat, page, form)
    sampling = _sampling(form)
    if sampling is None:
        return _plan_page(seat, page, form, [_("范围、三个日期和件数都要填写。")])
    steps = _filing_steps(seat, page, sampling, form.value("checklist"))
    if not steps:
        return _plan_page(seat, page, form, [_("这段时间里没有可以抽取的办理件。")])
    return write(seat, steps, lambda why: _plan_page(seat, page, form, why), inspection_href)


def _sampling(form: AskedForm) -> Sampling | None:
    """Read what the plan asks for; None where a part is missing or is no number or day."""
    typed = form.cleaned_data
    asked = ("scope", "first", "last", "size", "open_by")
    if form.errors or any(typed[name] in (None, "") for name in asked):
        return None
    return Sampling(**{name: typed[name] for name in asked})


def _filing_steps(seat: Seat, page: Page, sampling: Sampling, checklist: str) -> list[Step]:
    """Return the steps that list the population and file the plan; none where there is nothing
    to draw."""
    petition = page.file.installed.book.kinds["petition"]
    inspected = page.made.to or 0
    units = strata_of(seat.viewer, seat.today, inspected, petition, sampling.first, sampling.last)
    if not units:
        return []
    return filing_steps(
        page.made,
        shares(units, sampling.size),
        inspecting=_inspecting(seat),
        scope=sampling.scope,
        checklist=checklist,
        open_by=sampling.open_by,
        salt=token_bytes(32).hex(),
    )


def _inspecting(seat: Seat) -> int:
    """Return the id of the organ that inspects, 0 where this seat has none."""
    return seat.organ.pk if seat.organ else 0


def _plan_page(seat: Seat, page: Page, form: AskedForm, why: Sequence[str] = ()) -> HttpResponse:
    """Ask for the plan, with what was typed and refused."""
    return seat.page(
        "oversight/inspections/inspection_draw.html",
        PAGE,
        UNPROCESSABLE if why else 200,
        case=page.file.case,
        fields=form.asked(),
        why=why,
        to=page.name(page.made.to),
        uid=uid_of(seat),
        back=inspection_href(page.file.case.number),
    )


class Size(Number):
    """How many cases a plan draws."""

    def value_of(self, text: str) -> object:
        """Return how many."""
        if len(text) > MOST_SIZE_DIGITS:
            raise ValidationError(self.wrong_words())
        return super().value_of(text)


def _plan_form(seat: Seat) -> AskedForm:
    """Return the form of the plan, with what is proposed."""
    asked = {
        "scope": Asked(_("督查范围"), needed=True),
        "first": Day(_("登记日期从"), needed=True),
        "last": Day(_("到"), needed=True),
        "size": Size(_("抽取件数"), needed=True),
        "open_by": Day(_("公开秘密数的期限"), needed=True),
        "checklist": Area(_("检查清单（每行：依据｜问题）"), needed=True, rows=8),
    }
    return form_of(seat.request, asked, initial=_proposed(seat))


def _proposed(seat: Seat) -> dict[str, str]:
    """Return what a plan first proposes: the matters since the beginning of last year, ten of
    them, and the checklist used last."""
    last_year = seat.today.year - 1
    used = last_checklist(seat.viewer, seat.today, _inspecting(seat))
    return {
        "first": date(last_year, 1, 1).isoformat(),
        "last": seat.today.isoformat(),
        "size": "10",
        "scope": _("%(year)s年以来该单位办理的信访事项") % {"year": last_year},
        "checklist": used or START,
        "open_by": (seat.today + timedelta(days=OPEN_DAYS)).isoformat(),
    }


@require_POST
@at_desk
def draw(seat: Seat, number: str) -> HttpResponse:
    """Draw the sample from plan, checkpoint and secret; nothing on the page can change it."""
    page = page_of(seat, number)
    found = draw_now(page.made) if can(seat, page, "draw") else None
    if found is None:
        return redirect("desk:inspection", number)
    fields: dict[str, FieldValue] = {
        "checkpoint": found.checkpoint.size,
        "root": bytes(found.checkpoint.root).hex(),
        "seed": found.seed.hex(),
        "count": len(found.numbers),
    }
    step = Step(act="draw", case=number, fields=fields, texts={"drawn": "\n".join(found.numbers)})
    return write(seat, [step], lambda why: show(seat, page, why), inspection_href)


@require_safe
@at_desk
def published(seat: Seat, number: str, place: int, what: str) -> HttpResponse:
    """Hand out what a redraw needs of a filed plan, lapsed ones too: the plan, or the
    checkpoint's note."""
    filings = page_of(seat, number).made.filings
    if not 0 < place <= len(filings):
        raise Http404
    body = _published(filings[place - 1], what)
    if body is None:
        raise Http404
    answer = HttpResponse(body, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{number}-{place}-{what}"'
    return answer


def _published(filing: Filing, what: str) -> bytes | None:
    """Return one of the two files that belong to a filed plan, None where there is no such file
    yet."""
    if what == "plan.json":
        return plan_of(filing)
    checkpoint = checkpoint_after(filing.plan) if what == "checkpoint.txt" else None
    return checkpoint.body.encode() if checkpoint else None
