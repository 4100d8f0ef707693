"""The list for personnel departments: notifications, opinions, queries about honours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dengwen.accountability.measures.queries import HonourBan
from dengwen.accountability.personnel.honours import WHOSE, cancelled_by
from dengwen.accountability.personnel.notification import NOTICE, OPINION, QUERY
from dengwen.cases.models import Act, Case
from dengwen.cases.read.case_view import read_file, state_words
from dengwen.cases.wall.visibility import ACCOUNT, for_user
from dengwen.desk.personnel.personnel_page import (
    MOST,
    PAGE,
    asked_by,
    asks,
    departments_notified,
    receipts_of_newest,
)
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE
from dengwen.desk.shell.act.field_choices import OrganAsked
from dengwen.desk.shell.frame.seat import Seat, at_desk, organ_name, uid_of
from dengwen.law.bilingual import words_in
from dengwen.organs.models import Organ
from dengwen.ui.form_fields import Asked, AskedForm, Number, form_of


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
    return seat.page(
        "personnel/notices.html",
        PAGE,
        UNPROCESSABLE if why else 200,
        asks=may_ask,
        why=why,
        uid=uid_of(seat),
        notices=[_notice_line(seat, case) for case in _newest(seat, NOTICE)],
        opinions=[_opinion_line(seat, case) for case in _newest(seat, OPINION)],
        queries=[_query_line(seat, case) for case in _newest(seat, QUERY)],
        fields=(form or query_form(seat)).asked() if may_ask else (),
        bans=_bans(seat, organ),
    )


def _newest(seat: Seat, kind: str) -> list[Case]:
    """Return the newest cases of a kind that this seat may see."""
    visible = for_user(seat.viewer, seat.today).filter(kind=kind).select_related("holder")
    return list(visible.order_by("-opened_at", "-pk")[:MOST])


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
