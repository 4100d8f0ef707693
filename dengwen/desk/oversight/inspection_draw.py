"""Filing the plan of an inspection and drawing its sample: nothing on a page can choose what is
drawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dengwen.access.keys.randomness import token_bytes
from dengwen.desk.oversight.inspections import (
    OPEN_DAYS,
    PAGE,
    Page,
    can,
    inspection_href,
    may_file,
    page_of,
    show,
)
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE
from dengwen.desk.shell.act.forms import read_day
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
from dengwen.ui.components import FieldType, FormField

START = (
    "信访工作条例第二十二条｜十五日内是否按规定登记、转送、交办\n信访工作条例第二十三条｜是否在规定期限内告知信访人是否受理\n"
    "信访工作条例第三十四条｜是否在办理期限内办结\n信访工作条例第三十二条｜处理意见是否写明诉求、事实和理由、意见和依据\n"
    "信访工作条例第三十二条第二款｜支持的请求是否督促执行"
)
"""A checklist to begin with where none was used before; every line can be changed."""


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def plan(seat: Seat, number: str) -> HttpResponse:
    """Choose the population, the size and the checklist, and file the plan."""
    page = page_of(seat, number)
    if not may_file(seat, page):
        return redirect("desk:inspection", number)
    if seat.request.method != "POST":
        return _plan_page(seat, page)
    post = seat.request.POST
    first, last, open_by = (read_day(post.get(name, "")) for name in ("first", "last", "open_by"))
    size, scope = post.get("size", ""), post.get("scope", "").strip()
    if (
        first is None
        or last is None
        or open_by is None
        or not (size.isdecimal() and len(size) < 4 and scope)
    ):
        return _plan_page(seat, page, [_("范围、三个日期和件数都要填写。")])
    petition = page.file.installed.book.kinds["petition"]
    units = strata_of(seat.viewer, seat.today, page.made.to or 0, petition, first, last)
    if not units:
        return _plan_page(seat, page, [_("这段时间里没有可以抽取的办理件。")])
    steps = filing_steps(
        page.made,
        shares(units, int(size)),
        inspecting=seat.organ.pk if seat.organ else 0,
        scope=scope,
        checklist=post.get("checklist", "").replace("\r\n", "\n").strip(),
        open_by=open_by,
        salt=token_bytes(32).hex(),
    )
    return write(seat, steps, lambda why: _plan_page(seat, page, why), inspection_href)


def _plan_page(seat: Seat, page: Page, why: Sequence[str] = ()) -> HttpResponse:
    last = seat.today.replace(month=1, day=1) - timedelta(days=1)
    used = last_checklist(seat.viewer, seat.today, seat.organ.pk if seat.organ else 0)
    given = {
        "first": last.replace(month=1, day=1).isoformat(),
        "last": seat.today.isoformat(),
        "size": "10",
        "scope": _("%(year)s年以来该单位办理的信访事项") % {"year": last.year},
        "checklist": used or START,
        "open_by": (seat.today + timedelta(days=OPEN_DAYS)).isoformat(),
    }
    labels: tuple[tuple[str, FieldType, str], ...] = (
        ("scope", "person", _("督查范围")),
        ("first", "date", _("登记日期从")),
        ("last", "date", _("到")),
        ("size", "number", _("抽取件数")),
        ("open_by", "date", _("公开秘密数的期限")),
        ("checklist", "text", _("检查清单（每行：依据｜问题）")),
    )
    fields = [
        FormField(n, t, w, required=True, value=seat.request.POST.get(n, given[n]), rows=8)
        for n, t, w in labels
    ]
    return seat.page(
        "oversight/inspection_plan.html",
        PAGE,
        UNPROCESSABLE if why else 200,
        case=page.file.case,
        fields=fields,
        why=why,
        to=page.name(page.made.to),
        uid=uid_of(seat),
        back=reverse("desk:inspection", args=[page.file.case.number]),
    )


@require_POST
@at_desk
def draw(seat: Seat, number: str) -> HttpResponse:
    """Draw the sample from plan, checkpoint and secret; nothing on the page can change it."""
    page = page_of(seat, number)
    found = draw_now(page.made) if can(seat, page, "draw") else None
    if found is None:
        return redirect("desk:inspection", number)
    root = bytes(found.checkpoint.root).hex()
    fields: dict[str, FieldValue] = {
        "checkpoint": found.checkpoint.size,
        "root": root,
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
    filing = filings[place - 1] if 0 < place <= len(filings) else None
    checkpoint = checkpoint_after(filing.plan) if filing else None
    if (
        filing is None
        or what not in ("plan.json", "checkpoint.txt")
        or (what != "plan.json" and not checkpoint)
    ):
        raise Http404
    body = (
        plan_of(filing) if what == "plan.json" else checkpoint.body.encode() if checkpoint else b""
    )
    answer = HttpResponse(body, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{number}-{place}-{what}"'
    return answer
