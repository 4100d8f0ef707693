"""The list for personnel departments: notifications, opinions, queries about honours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from dengwen.accountability.measures.queries import HonourBan
from dengwen.accountability.personnel.honours import WHOSE, cancelled_by
from dengwen.accountability.personnel.notification import NOTICE, OPINION, QUERY
from dengwen.cases.models import Act, Case
from dengwen.cases.read.case_view import read_file, state_words
from dengwen.cases.wall.visibility import ACCOUNT, for_user
from dengwen.desk.personnel.personnel_page import (
    PAGE,
    asked_by,
    asks,
    departments_notified,
    receipts_of_newest,
)
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE
from dengwen.desk.shell.act.field_choices import OrganAsked
from dengwen.desk.shell.act.field_search import searches
from dengwen.desk.shell.frame.seat import Seat, at_desk, organ_name, uid_of
from dengwen.law.bilingual import words_in
from dengwen.organs.models import Organ
from dengwen.ui.cells import Part, capital, day, number, number_linked, text
from dengwen.ui.form_fields import Asked, AskedForm, Number, form_of
from dengwen.ui.list_table import Column, ListOf, ListTable

NUMBER = Column("number", _lazy("编号"), number_linked("number"))
BY_DAY = ("opened_at",)
NOTICES = ListOf(
    caption=pgettext_lazy("notices", "责任追究情况通报"),
    columns=(
        NUMBER,
        Column("whose", _lazy("作出决定的机关"), text("whose"), sort=("holder__name_zh",)),
        Column("day", _lazy("通报日期"), day("day"), sort=BY_DAY),
        Column("signed", pgettext_lazy("notices", "签收"), Part("desk/personnel/_signed.html")),
    ),
    nothing=_lazy("没有通报。"),
    order=_lazy("新的在前"),
    name="notices",
)
OPINIONS = ListOf(
    caption=_lazy("干部考察听取信访部门意见"),
    columns=(
        NUMBER,
        Column("whose", _lazy("征求意见的部门"), text("whose"), sort=("holder__name_zh",)),
        Column("day", pgettext_lazy("day", "日期"), day("day"), sort=BY_DAY),
        Column("state", _lazy("状态"), capital("state")),
    ),
    nothing=_lazy("没有征求意见的件。"),
    order=_lazy("新的在前"),
    name="opinions",
)
QUERIES = ListOf(
    caption=_lazy("资格查询"),
    columns=(
        NUMBER,
        Column("whose", _lazy("查询机关"), text("whose"), sort=("holder__name_zh",)),
        Column("day", pgettext_lazy("day", "日期"), day("day"), sort=BY_DAY),
        Column("answer", pgettext_lazy("notices", "答复"), capital("state")),
    ),
    order=_lazy("新的在前"),
    name="queries",
)
BANS = ListOf(
    caption=_lazy("本机关取消的资格"),
    columns=(
        Column(
            "unit",
            _lazy("地区、部门、单位"),
            Part("desk/personnel/_banned.html"),
            sort=("organ", "year"),
        ),
        Column("year", _lazy("年度"), number("year"), sort=("year", "organ")),
        Column("decision", _lazy("决定"), Part("desk/personnel/_ban.html")),
    ),
    name="bans",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One case of a list: number, address, day, whose, how it stands, and what can be done at
    once."""

    number: str
    href: str
    day: date
    whose: str
    state: str
    sign: bool = False


@dataclass(frozen=True, slots=True)
class BanLine:
    """Honours that the own organ's decisions cancelled: of whom, and as what it lost them."""

    organ: str
    as_what: str
    ban: HonourBan

    @property
    def year(self) -> int:
        """The year in which no honour may be given."""
        return self.ban.year


@require_safe
@at_desk
def personnel(seat: Seat) -> HttpResponse:
    """List the notifications, the opinions and the queries this organ has to do with, and offer
    to ask."""
    return overview(seat, asked_by(seat))


def overview(
    seat: Seat, organ: Organ, why: Sequence[str] = (), form: AskedForm | None = None
) -> HttpResponse:
    """Render the list; `form` is a query about honours that was refused."""
    may_ask = asks(seat)
    notices = _table(seat, NOTICES, NOTICE, _notice_line)
    opinions = _table(seat, OPINIONS, OPINION, _opinion_line)
    queries = _table(seat, QUERIES, QUERY, _query_line)
    fields = (form or query_form(seat)).asked() if may_ask else ()
    bans = BANS.shown(seat.request.GET, _bans(seat, organ))
    status = max(table.status for table in (notices, opinions, queries, bans))
    return seat.page(
        "personnel/notices.html",
        PAGE,
        UNPROCESSABLE if why else status,
        asks=may_ask,
        why=why,
        uid=uid_of(seat),
        notices=notices,
        opinions=opinions,
        queries=queries,
        fields=fields,
        searches=searches(seat, fields),
        bans=bans,
    )


def _table(seat: Seat, of: ListOf, kind: str, line: Callable[[Seat, Case], Line]) -> ListTable:
    """Return the list of the cases of a kind that this seat may see."""
    newest = _newest(seat, kind)
    return of.shown(seat.request.GET, newest, lambda cases: [line(seat, case) for case in cases])


def _newest(seat: Seat, kind: str) -> QuerySet[Case]:
    """Return the cases of a kind that this seat may see, the newest first."""
    visible = for_user(seat.viewer, seat.today).filter(kind=kind).select_related("holder")
    return visible.order_by("-opened_at", "-pk")


def _line(seat: Seat, case: Case, page: str, state: str, *, sign: bool = False) -> Line:
    """Return the line of a case."""
    return Line(
        number=case.number,
        href=reverse(f"desk:{page}", args=[case.number]),
        day=case.opened_on,
        whose=organ_name(case.holder, seat.language),
        state=state,
        sign=sign,
    )


def _notice_line(seat: Seat, case: Case) -> Line:
    """Return the line of a notification: to be signed here, or how many have signed."""
    acts = list(Act.objects.filter(case=case).order_by("seq"))
    signed = receipts_of_newest(acts)
    notified = departments_notified(acts)
    to_sign = asks(seat) and _has_to_sign(seat, notified, signed)
    words = _("待签收") if to_sign else _signed_words(len(signed), len(notified))
    if case.state == "corrected":
        words = _("已更正；") + words
    return _line(seat, case, "personnel_notice", words, sign=to_sign)


def _has_to_sign(seat: Seat, notified: Sequence[int], signed: Sequence[Act]) -> bool:
    """Say whether the own organ was notified and has not signed for it."""
    if seat.organ is None or seat.organ.pk not in notified:
        return False
    return all(act.organ_id != seat.organ.pk for act in signed)


def _signed_words(signed: int, notified: int) -> str:
    """Say how many of the departments have signed."""
    return _("已签收 %(len)s / %(len_2)s") % {"len": signed, "len_2": notified}


def _opinion_line(seat: Seat, case: Case) -> Line:
    """Return the line of an opinion."""
    state = state_words(read_file(case, seat.now), seat.language)
    return _line(seat, case, "personnel_opinion", state)


def _query_line(seat: Seat, case: Case) -> Line:
    """Return the line of a query about honours with its answer."""
    answer = Act.objects.filter(case=case, act="answer").first()
    state = "—" if answer is None else eligible_words(eligible=bool(answer.data["eligible"]))
    return _line(seat, case, "honours", state)


def eligible_words(*, eligible: bool) -> str:
    """Return the answer to a query in words."""
    if eligible:
        return _("没有取消资格的记录")
    return _("本年度资格已取消")


def _bans(seat: Seat, organ: Organ) -> list[BanLine]:
    """Return the honours this organ's decisions cancelled, for those cleared for its files."""
    if ACCOUNT not in seat.viewer.compartments:
        return []
    return [_ban_line(seat, ban) for ban in cancelled_by(organ.pk)]


def _ban_line(seat: Seat, ban: HonourBan) -> BanLine:
    """Return the line of a ban."""
    organ = Organ.objects.get(pk=ban.organ)
    return BanLine(
        organ=organ_name(organ, seat.language),
        as_what=words_in(WHOSE[ban.as_], seat.language),
        ban=ban,
    )


def query_form(seat: Seat) -> AskedForm:
    """Return the form of a query about honours: the organ, the year, the honour."""
    asked = {
        "unit": OrganAsked(_("地区、部门、单位"), seat, needed=True),
        "year": Number(_("年度"), needed=True, initial=str(seat.today.year)),
        "award": Asked(_("拟评选的综合性荣誉称号"), needed=True),
    }
    return form_of(seat.request, asked)
