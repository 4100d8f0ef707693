"""The public list of inspection draws: plan, checkpoint and secret of each, so that anybody can
draw again (S 9).

Shown are those whose secret was opened and those that came to nothing; a plan whose secret is still
awaited is not.
The plan names no case and no person (`oversight.published_plan`); nothing here depends on who asks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from dengwen.cases.models import Case
from dengwen.law.bilingual import words_in
from dengwen.law.duties.act_record import civil
from dengwen.organs.models import Organ
from dengwen.oversight.inspections.draws import STATES, PlannedDraw, planned_draws
from dengwen.oversight.inspections.published_plan import checkpoint_after, covered, plan_of
from dengwen.oversight.inspections.queries import KIND, Filing, read_inspection
from dengwen.portal import clock
from dengwen.portal.page import organ_name, page, show
from dengwen.ui.dates import page_language

MOST = 200
FIRST_YEAR = 1950
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
    year = _year(request.GET.get("year", ""), today)
    every = [one for one in planned_draws() if one.filed.year == year and one.public(today)]
    context = {
        "draws": _shown(every, today)[::-1][:MOST],
        "year": year,
        "before": year - 1,
        "after": year + 1 if year < today.year else 0,
        "script": _script().is_file(),
    }
    return show(request, "draws", context)


def _year(text: str, today: date) -> int:
    """Return the year asked for, this year where none is or it lies ahead."""
    if text.isdecimal() and len(text) == 4 and FIRST_YEAR <= int(text) <= today.year:
        return int(text)
    return today.year


def _shown(every: Sequence[PlannedDraw], today: date) -> list[Shown]:
    """Return draws as the page shows them, each with its turn among those of the same two
    organs."""
    names = _organ_names(every)
    sealed = covered(one.uid for one in every)
    turns: Counter[tuple[int, int]] = Counter()
    found = []
    for one in every:
        pair = (one.inspecting, one.inspected)
        turns[pair] += 1
        state = one.state(today)
        shown = Shown(
            draw=one,
            inspected=names.get(one.inspected, "—"),
            inspecting=names.get(one.inspecting, "—"),
            depositor=names.get(one.depositor, "—"),
            state=words_in(STATES[state], page_language()),
            came_to_nothing=state in ("overdue", "lapsed", "unused"),
            turn=turns[pair],
            checkpoint=one.uid in sealed,
        )
        found.append(shown)
    return found


def _organ_names(every: Sequence[PlannedDraw]) -> dict[int, str]:
    """Return the names of all organs in draws, by row id."""
    named = set()
    for one in every:
        named |= {one.inspected, one.inspecting, one.depositor}
    return {organ.pk: organ_name(organ) for organ in Organ.objects.filter(pk__in=named)}


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
    if not 0 < place <= len(filings):
        return None
    filing = filings[place - 1]
    overdue = civil(clock.now()).isoformat() > str(filing.plan.data["open_by"])
    return filing if filing.secret or filing.lapsed or overdue else None


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
