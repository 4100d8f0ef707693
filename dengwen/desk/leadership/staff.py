"""The log of an official (S 8): one's own, or a colleague's for who leads or supervises there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_safe

from dengwen.cases.models import Case
from dengwen.cases.wall.visibility import Seen, for_user, not_walled
from dengwen.desk.leadership.incidents.instants import when
from dengwen.desk.shell.frame.seat import CHINA, Seat, at_desk, case_href
from dengwen.law.bilingual import headline
from dengwen.law.packs.vocabulary import BY
from dengwen.leadership.staff_log import ORDER, Entry, log_of
from dengwen.organs.models import Official
from dengwen.organs.structure.posts_held import appointments_on
from dengwen.ui.components import Link
from dengwen.ui.form_fields import Day, OneOf
from dengwen.ui.list_filter import ListFilter
from dengwen.ui.list_table import ListOf

ENTITLED = frozenset({"R4", "R7", "R9", "R10", "R11"})
"""Who reads the logs of others in the organ: its head, and who supervises there."""
MOST = 200
USUAL = timedelta(days=90)
ACTS = ListOf(
    caption=_lazy("工作记录"),
    nothing=_lazy("这段时间没有您可见的行为。"),
    order=_lazy("按五类分列，近的在前"),
    counts=0,
)


class Wanted(ListFilter):
    """Whose acts, from which day to which; without anything asked the last ninety days."""

    opens = False
    who = OneOf(label=_lazy("谁"))

    def __init__(self, seat: Seat, official: Official | None) -> None:
        """Offer those whose logs this seat may read; a field cannot be declared as `from`."""
        query = seat.request.GET.copy()
        usual = {
            "who": official.code if official is not None else "",
            "from": (seat.today - USUAL).isoformat(),
            "to": seat.today.isoformat(),
        }
        for name, value in usual.items():
            query[name] = query.get(name) or value
        super().__init__(query)
        colleagues = _colleagues(seat)
        who = self.fields["who"]
        if not colleagues:
            del self.fields["who"]
        else:
            who.offers = colleagues
        self.fields["from"] = Day(label=_lazy("从"))
        self.fields["to"] = Day(label=_lazy("到"))


@dataclass(frozen=True, slots=True)
class Line:
    """One act in words."""

    title: str
    basis: str
    when: str
    entered: str
    case: Link


@require_safe
@at_desk
def staff_log(seat: Seat) -> HttpResponse:
    """Show what an official did, by the five sorts of article 8."""
    official = _whose(seat)
    own = official is not None and official.pk == seat.user.official_id
    wanted = Wanted(seat, official)
    first = wanted.chosen.get("from", seat.today - USUAL)
    last = wanted.chosen.get("to", seat.today)
    entries = [] if official is None else _entries(seat, official, first, last, own=own)
    table = ACTS.keyed(seat.request.GET, entries, "", wanted)
    return seat.page(
        "leadership/staff.html",
        "staff",
        table.status,
        table=table,
        official=official,
        own=own,
        groups=_groups(seat, entries),
        most=MOST,
        full=len(entries) >= MOST,
        hands_over=bool(seat.organ and seat.capacities & BY["clerk_of_holder"][0]),
    )


def _groups(seat: Seat, entries: Sequence[Entry]) -> list[tuple[str, list[Line]]]:
    """Return the acts by the sorts of article 8, those sorts left out that have none."""
    visible = for_user(seat.viewer, seat.today)
    shown = visible.filter(pk__in=[0, *(entry.case.pk for entry in entries)])
    seen = set(shown.values_list("pk", flat=True))
    groups = []
    for sort in ORDER:
        lines = [
            _line(seat, entry, seen=entry.case.pk in seen)
            for entry in entries
            if entry.sort == sort
        ]
        if lines:
            groups.append((_word(sort), lines))
    return groups


def _whose(seat: Seat) -> Official | None:
    """Return whose log is asked for; a colleague's only for who is entitled, and the same 404
    for everybody else."""
    code = seat.request.GET.get("who", "")
    if not code:
        return seat.user.official
    known = {o.code: o for o in _people(seat)}
    if code not in known:
        raise Http404
    return known[code]


def _people(seat: Seat) -> list[Official]:
    """Return whose logs this seat may read here: those appointed in the organ, or oneself."""
    own = [seat.user.official] if seat.user.official else []
    if seat.organ is None or not seat.roles & ENTITLED:
        return own
    rows = (
        appointments_on(seat.organ, seat.today)
        .select_related("official")
        .order_by("official__code")
    )
    return list({a.official_id: a.official for a in rows}.values())


def _colleagues(seat: Seat) -> list[tuple[str, str]]:
    """Return whose logs can be chosen here: code and name."""
    if not seat.roles & ENTITLED:
        return []
    return [(official.code, official.name) for official in _people(seat)]


def _entries(seat: Seat, official: Official, first: date, last: date, *, own: bool) -> list[Entry]:
    """Return the acts of an official in the span, of a colleague those in this organ alone."""
    since = _midnight(first)
    until = _midnight(last + timedelta(days=1))
    if own:
        return log_of(official, _own_cases(seat), since, until, MOST, organ=None)
    visible = for_user(seat.viewer, seat.today)
    here = seat.organ.pk if seat.organ else 0
    return log_of(official, visible, since, until, MOST, organ=here)


def _midnight(day: date) -> datetime:
    """Return the instant at which a day begins in China."""
    return datetime.combine(day, time(), CHINA).astimezone(UTC)


def _own_cases(seat: Seat) -> Seen:
    """Return the cases in which one's own acts are shown: also those passed on long ago, never
    across the wall."""
    cases = Seen(Case).filter(not_walled(seat.viewer))
    return cases if "accuse" in seat.viewer.compartments else cases.filter(protected=False)


def _word(sort: str) -> str:
    """Return the name of a sort of acts."""
    words = {
        "registered": _("登记的"),
        "explained": _("说服解释"),
        "handled": _("办理"),
        "reported": _("报告"),
        "proposed": _("提出建议"),
    }
    return words[sort]


def _line(seat: Seat, entry: Entry, *, seen: bool) -> Line:
    """Return an act in words; a case no longer to be seen is named by its number alone."""
    late = abs(entry.recorded_at - entry.occurred_at) >= timedelta(days=1)
    number = entry.case.number
    return Line(
        title=headline(entry.rule, seat.language),
        basis=entry.rule.basis.cite(entry.instruments, seat.language),
        when=when(entry.occurred_at, seat),
        entered=when(entry.recorded_at, seat) if late else "",
        case=Link(entry.case.title or number, case_href(number)) if seen else Link(number, ""),
    )
