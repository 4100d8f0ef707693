"""Looking up: by number, by words of the title, by full name and full telephone. Hidden and
missing are the same."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods

from dengwen.access.keys.blind_index import blind_index, same
from dengwen.access.keys.keyring import key_ring
from dengwen.access.read_log import open_logged, quota
from dengwen.cases.case_numbers import read_number
from dengwen.cases.models import Case, Content
from dengwen.cases.wall.identity import kept_from
from dengwen.cases.wall.visibility import find, for_user
from dengwen.cases.write.contents import open_package
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE
from dengwen.desk.shell.act.forms import number_error
from dengwen.desk.shell.case.protected_text import IDENTITY, opening, role_for
from dengwen.desk.shell.frame.seat import Seat, at_desk, case_href
from dengwen.petitions.models import Petitioner
from dengwen.ui.cells import day, linked, text
from dengwen.ui.form_fields import Asked, AskedForm
from dengwen.ui.list_table import Column, ListOf, ListTable

MOST = 50
"""Cases that a look-up by person opens and compares at most."""
FOUND = ListOf(
    caption=_lazy("找到的办理件"),
    columns=(
        Column("case", _lazy("办理件"), linked("title")),
        Column("opened", _lazy("登记"), day("opened"), sort=("opened_at",)),
        Column("holder", _lazy("现在由谁办"), text("holder"), label=_lazy("由谁办")),
    ),
    nothing=_lazy("没有找到。请核对编号，或者换几个字。"),
    order=_lazy("新的在前"),
    counts=0,
)
LEAST_WORD = 2
LEAST_PHONE = 7
TOO_MANY = 429


@dataclass(frozen=True, slots=True)
class Line:
    """One case that was found; `holder` is who has it now."""

    title: str
    href: str
    number: str
    opened: date
    holder: str


_LIKE_NUMBER = re.compile(r"[A-Za-z0-9]{2,20}\s*[-－—–]\s*\d{4}\s*[-－—–]")


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def look_up(seat: Seat) -> HttpResponse:
    """Answer a look-up; what the wall hides is not found."""
    if seat.request.method == "POST":
        return _by_person(seat)
    words = seat.request.GET.get("q", "").strip()
    if not words:
        return _page(seat)
    if _LIKE_NUMBER.match(words):
        return _by_number(seat, words)
    if len(words) < LEAST_WORD:
        return _page(seat, words=words, error=_("请至少写两个字。"))
    cases = for_user(seat.viewer, seat.today).filter(title__icontains=words)
    table = FOUND.shown(seat.request.GET, _newest(cases), lambda found: _lines(seat, found))
    return _page(seat, words=words, table=table, status=table.status)


def _newest(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Return cases with who has them now, the newest first."""
    return cases.select_related("holder").order_by("-opened_at", "-pk")


def _lines(seat: Seat, cases: Iterable[Case]) -> list[Line]:
    """Return cases as the list shows them."""
    return [
        Line(
            title=seat.title(case) or case.number,
            href=case_href(case.number),
            number=case.number,
            opened=case.opened_on,
            holder=case.holder.name_zh if case.holder else "",
        )
        for case in cases
    ]


def _by_number(seat: Seat, words: str) -> HttpResponse:
    try:
        number = read_number(words)
    except ValueError as error:
        return _page(seat, words=words, error=number_error(error, seat.language))
    if find(seat.viewer, seat.today, number) is not None:
        return redirect(case_href(number))
    return _page(seat, words=words, table=FOUND.fixed([]))


class PersonForm(AskedForm):
    """The full name and the full telephone of a petitioner."""

    name = Asked(_lazy("姓名"), needed=True, hint=_lazy("写全名"))
    phone = Asked(_lazy("电话"), needed=True, hint=_lazy("写完整的号码"))


def _by_person(seat: Seat) -> HttpResponse:
    """Answer a look-up by full name and full telephone: what is found is opened and compared."""
    form = PersonForm.of(seat.request)
    name, phone = form.value("name"), form.value("phone")
    role = role_for(seat, IDENTITY, "M")
    if not role:
        return _page(seat, error=_("您的角色不能按姓名、电话查找。"))
    if not name and "name" not in form.errors:
        form.wrong("name", _("姓名要写全。"))
    if len(re.sub(r"\D", "", phone)) < LEAST_PHONE and "phone" not in form.errors:
        form.wrong("phone", _("电话要写全。"))
    if form.errors:
        return _page(seat, form=form)
    if quota(seat.user, seat.now).over:
        over = _("查看身份的次数已到上限，请稍后再试。")
        return _page(seat, error=over, status=TOO_MANY)
    found = [case for case in _likely(seat, name, phone) if _is(seat, case, name, phone, role)]
    return _page(seat, table=FOUND.fixed(_lines(seat, found)))


def _likely(seat: Seat, name: str, phone: str) -> list[Case]:
    """Return the visible cases whose petitioner may be this one, by the indexes alone."""
    ring = key_ring()
    people = Petitioner.objects.filter(
        name_index=blind_index(ring, "name", name), phone_index=blind_index(ring, "phone", phone)
    )
    visible = for_user(seat.viewer, seat.today)
    return list(_newest(visible.filter(pk__in=people.values("case_id")))[:MOST])


def _is(seat: Seat, case: Case, name: str, phone: str, role: str) -> bool:
    """Say whether the identity is this one: the index is short on purpose, so what it finds is
    opened and compared.

    Never where the petitioner let only the registering office know: then a name finds nothing here.
    """
    if kept_from(case, seat.organ.code if seat.organ else ""):
        return False
    rows = (
        Content.objects.filter(case=case, data_class=IDENTITY)
        .select_related("act")
        .order_by("act__seq")
    )
    row = opening(seat, case, IDENTITY, ("petitioner.compared", "phone.compared"), role)
    with transaction.atomic(durable=True):
        found = open_logged(row, lambda: [open_package(c) for c in rows])
    return _named(found, "", name, phone) or _named(found, "agent", name, phone)


def _named(found: list[dict[str, str]], whose: str, name: str, phone: str) -> bool:
    """Say whether the petitioner, or whoever acts for the petitioner, has this name and this
    telephone."""
    named, called = whose or "petitioner", f"{whose}_phone" if whose else "phone"
    return any(same("name", f.get(named, ""), name) for f in found) and any(
        same("phone", f.get(called, ""), phone) for f in found
    )


def _page(
    seat: Seat,
    *,
    words: str = "",
    error: str = "",
    table: ListTable | None = None,
    status: int = 0,
    form: PersonForm | None = None,
) -> HttpResponse:
    asked = form or PersonForm.of(seat.request)
    code = status or (UNPROCESSABLE if error or asked.errors else 200)
    return seat.page(
        "petitions/find.html",
        "find",
        code,
        words=words,
        person=asked.asked(),
        error=error,
        table=table,
        may_person=bool(role_for(seat, IDENTITY, "M")),
    )
