"""The inbox of leads (追责线索): those that wait, the longest waiting first.

Only people cleared for accountability in a petition department learn that there are leads; for
everybody else, above all for the unit and the official concerned, the pages are not there. Nobody
is ranked: leads come by their day.
"""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from dengwen.accountability.leads.queries import DECLINED, LAPSED, RAISED, TAKEN, inbox, read_all
from dengwen.cases.models import Case
from dengwen.cases.wall.visibility import for_user
from dengwen.desk.accountability.leads.lead_words import PAGE, line_of
from dengwen.desk.shell.frame.lead_address import may_raise
from dengwen.desk.shell.frame.seat import Seat, at_desk
from dengwen.ui.list_table import ListOf

LEADS = ListOf(
    caption=_lazy("线索"),
    nothing=_lazy("这里没有线索。"),
    order=_lazy("等得最久的在前"),
)
"""The leads of one state; nothing sorts them but how long they wait."""
STATES = {
    RAISED: pgettext_lazy("leads", "待决定"),
    TAKEN: pgettext_lazy("leads", "已接手"),
    DECLINED: pgettext_lazy("leads", "不予接手"),
    LAPSED: pgettext_lazy("leads", "自行终止"),
}
"""The states of leads, a tab each."""


@require_safe
@at_desk
def leads(seat: Seat) -> HttpResponse:
    """List the leads that wait, the longest waiting first; those taken and declined stay to be
    read."""
    if not may_raise(seat):
        raise Http404
    asked = seat.request.GET.get("state", RAISED)
    state = asked if asked in STATES else RAISED
    visible = for_user(seat.viewer, seat.today)
    table = LEADS.shown(
        seat.request.GET,
        inbox(visible, state),
        lambda cases: [line_of(seat, lead) for lead in read_all(cases, opened=False)],
    )
    return seat.page(
        "accountability/leads/lead_list.html",
        PAGE,
        table.status,
        table=table,
        state=state,
        tabs=_tabs(visible, state),
    )


def _tabs(visible: QuerySet[Case], shown: str) -> list[tuple[str, str, int, bool]]:
    """Return a tab for each state: address, words, how many leads, whether it is shown."""
    return [
        (f"?state={state}", str(words), inbox(visible, state).count(), state == shown)
        for state, words in STATES.items()
    ]
