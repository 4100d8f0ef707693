"""The public list of inspection draws: plan, checkpoint and secret of each, so that anybody can
draw again (S 9).

Shown are those whose secret was opened and those that came to nothing; a plan whose secret is still
awaited is not.
The plan names no case and no person (`oversight.published_plan`); nothing here depends on who asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from dengwen.cases.models import Case
from dengwen.law.duties.act_record import civil
from dengwen.organs.models import Organ
from dengwen.oversight.inspections.draws import STATES, PlannedDraw, planned_draws
from dengwen.oversight.inspections.published_plan import checkpoint_after, covered, plan_of
from dengwen.oversight.inspections.queries import KIND, Filing, read_inspection
from dengwen.portal import clock
from dengwen.portal.page import page, show
from dengwen.portal.pairs import said

MOST = 200
FILES = ("plan.json", "checkpoint.txt", "secret.txt")


@dataclass(frozen=True, slots=True)
class Shown:
    """One draw as the public page shows it."""

    draw: PlannedDraw
    inspected: str
    inspecting: str
    depositor: str
    state: str
    came_to_nothing: bool
    turn: int
    checkpoint: bool


@page
@require_GET
def draws(request: HttpRequest) -> HttpResponse:
    """List the draws of a year, newest first, each with its files."""
    today = civil(clock.now())
    text = request.GET.get("year", "")
    year = (
        int(text)
        if text.isdecimal() and len(text) == 4 and 1949 < int(text) <= today.year
        else today.year
    )
    every = [one for one in planned_draws() if one.filed.year == year and one.public(today)]
    named = {pk for one in every for pk in (one.inspected, one.inspecting, one.depositor)}
    names = {
        o.pk: said(o.name_zh, o.name_en or o.name_zh) for o in Organ.objects.filter(pk__in=named)
    }
    turns: dict[tuple[int, int], int] = {}
    sealed = covered(one.uid for one in every)
    found = []
    for one in every:
        pair = (one.inspecting, one.inspected)
        turns[pair] = turns.get(pair, 0) + 1
        state = one.state(today)
        found.append(
            Shown(
                one,
                names.get(one.inspected, "—"),
                names.get(one.inspecting, "—"),
                names.get(one.depositor, "—"),
                said(*STATES[state]),
                state in ("overdue", "lapsed", "unused"),
                turns[pair],
                one.uid in sealed,
            )
        )
    context = {
        "draws": found[::-1][:MOST],
        "year": year,
        "before": year - 1,
        "after": year + 1 if year < today.year else 0,
        "script": _script().is_file(),
    }
    return show(request, "draws", context)


@never_cache
@require_GET
def file(_request: HttpRequest, number: str, place: int, what: str) -> HttpResponse:
    """Hand out the plan, the note of the checkpoint or the secret of a draw that is public; 404
    for everything else."""
    filing = _filing(number, place) if what in FILES else None
    body = _body(filing, what) if filing else None
    if body is None:
        raise Http404
    return _download(body, what)


@never_cache
@require_GET
def script(_request: HttpRequest) -> HttpResponse:
    """Hand out the program that draws again; it needs Python and nothing of this system."""
    if not _script().is_file():
        raise Http404
    return _download(_script().read_bytes(), _script().name)


def _script() -> Path:
    return Path(settings.ROOT) / "tools" / "redraw.py"


def _filing(number: str, place: int) -> Filing | None:
    """Return a filed plan that everybody may see."""
    case = Case.objects.filter(kind=KIND, number=number, protected=False).first()
    filings = read_inspection(case).filings if case else ()
    filing = filings[place - 1] if 0 < place <= len(filings) else None
    if filing is None or not (
        filing.secret or filing.lapsed or civil(clock.now()).isoformat() > _open_by(filing)
    ):
        return None
    return filing


def _open_by(filing: Filing) -> str:
    return str(filing.plan.data["open_by"])


def _body(filing: Filing, what: str) -> bytes | None:
    if what == "plan.json":
        return plan_of(filing)
    if what == "secret.txt":
        return filing.secret.encode("ascii") or None
    checkpoint = checkpoint_after(filing.plan)
    return checkpoint.body.encode() if checkpoint else None


def _download(body: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(body, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
