"""A supervision on the case page: the organ's reply beside the evidence, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from dengwen.cases.models import Case, CaseLink, Duty
from dengwen.cases.read.case_view import CaseFile, read_file, state_words
from dengwen.cases.wall.visibility import find
from dengwen.desk.shell.act.option_words import option_words
from dengwen.desk.shell.act.submit import may
from dengwen.desk.shell.case.protected_text import Texts
from dengwen.desk.shell.frame.seat import Seat, case_href, uid_of
from dengwen.law.bilingual import headline

KIND = "supervision"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the acts say of the supervised matter: where it stands now, and each late duty with
    its days."""

    href: str
    number: str
    title: str
    state: str
    late: tuple[tuple[str, date | None, str], ...]


@dataclass(frozen=True, slots=True)
class Supervised:
    """What the page of a supervision shows beside its history."""

    reply: str
    stand: str
    matters: tuple[Evidence, ...]
    uid: str
    accept: str
    reject: str
    onward: tuple[tuple[str, str], ...]


def supervised_part(seat: Seat, file: CaseFile, texts: Texts) -> dict[str, Supervised | None]:
    """Return what the page of a supervision shows besides, as a part of the case page."""
    return {"supervised": supervised(seat, file, texts)}


def supervised(seat: Seat, file: CaseFile, texts: Texts) -> Supervised | None:
    """Return the reply, the evidence and the next steps of a supervision; None for cases of
    other kinds."""
    if file.case.kind != KIND or seat.organ is None:
        return None
    mine = file.view.holder == seat.organ.pk
    asked = file.kind.acts["reply"].field_rule("stand")
    return Supervised(
        reply=texts.newest("report"),
        stand=option_words(asked, file.view.facts.get("stand", ""), seat.language),
        matters=tuple(_evidence(seat, link.other) for link in _links(seat, file)),
        uid=uid_of(seat),
        accept=_can(seat, file, "verify"),
        reject=_can(seat, file, "reject_reply"),
        onward=_onward(seat, file) if mine else (),
    )


def _links(seat: Seat, file: CaseFile) -> list[CaseLink]:
    """Return the links to the matters supervised that this seat may see."""
    links = (
        CaseLink.objects.filter(case=file.case, kind="concerns")
        .select_related("other")
        .order_by("pk")
    )
    return [link for link in links if find(seat.viewer, seat.today, link.other.number) is not None]


def _evidence(seat: Seat, matter: Case) -> Evidence:
    """Read where a matter stands; the wall let it through."""
    file = read_file(matter, seat.now)
    breached = Duty.objects.filter(case=matter, breach__isnull=False, right=False)
    late = []
    for row in breached.order_by("pk"):
        rule = file.kind.duties.get(row.rule)
        if rule is not None:
            late.append((headline(rule, seat.language), row.due, _late_words(row, seat.today)))
    state = state_words(file, seat.language)
    return Evidence(case_href(matter.number), matter.number, matter.title, state, tuple(late))


def _late_words(row: Duty, today: date) -> str:
    """Return for how many days a breached duty was or is late, and since when it is done."""
    end = row.closed_on or today
    days = (end - row.due).days if row.due else 0
    if row.closed_on:
        return _("已于 {day} 完成，逾期 {days} 日").format(day=row.closed_on, days=days)
    return _("至今未完成，逾期 {days} 日").format(days=days)


def _can(seat: Seat, file: CaseFile, act: str) -> str:
    """Return the address of an act that is possible now, else ""."""
    return case_href(file.case.number, act) if may(seat, file, act) else ""


def _onward(seat: Seat, file: CaseFile) -> tuple[tuple[str, str], ...]:
    """Return the rungs that open a case of their own, with what is known filled in."""
    if seat.organ is None or not seat.organ.is_petition_office:
        return ()
    make = file.installed.book.kinds["suggestion"].acts["make"]
    given = {"about": file.case.number, "subject": f"{file.case.title}：改进工作"}
    if file.view.addressee:
        given["to"] = str(file.view.addressee)
    address = f"{reverse('desk:open', args=['suggestion', 'make'])}?{urlencode(given)}"
    return ((headline(make, seat.language), address),)
