"""The registry at the desk: organs and their people by period; changes are acts of the organ's
registry case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_safe

from dengwen.cases.read.case_view import blank_file, registry_file
from dengwen.cases.read.possible_acts import steps
from dengwen.cases.read.register_view import registers
from dengwen.desk.shell.act.act_page import Way, answer
from dengwen.desk.shell.act.code_words import names_of, place_names
from dengwen.desk.shell.frame.seat import REGISTRARS, Seat, at_desk, organ_name
from dengwen.law.bilingual import words_in
from dengwen.organs.dated_rows import Dated
from dengwen.organs.kinds import ANY_CATEGORY, KINDS
from dengwen.organs.models import (
    Appointment,
    Competence,
    Line,
    Organ,
    OrganName,
    OrganSuccession,
    Portfolio,
    Superior,
)
from dengwen.ui.cells import capital, linked, number
from dengwen.ui.dates import numeric
from dengwen.ui.form_fields import OneOf
from dengwen.ui.list_filter import ListFilter, Search
from dengwen.ui.list_table import Column, ListOf

ORGANS = ListOf(
    caption=_lazy("机关、单位"),
    columns=(
        Column("name", _lazy("名称"), linked("name", small=""), sort=("name_zh", "code")),
        Column("code", _lazy("代码"), number("code"), sort=("code",)),
        Column("kind", _lazy("类别"), capital("kind")),
    ),
    nothing=_lazy("没有找到机关、单位。"),
    order=_lazy("按代码排列"),
)
FOUND = "found_organ"
ORGAN_ACTS = frozenset(
    {
        "rename",
        "place",
        "merge",
        "split_organ",
        "abolish",
        "designate",
        "set_superior",
        "set_management",
        "set_competence",
        "found_post",
        "enter_official",
        "appoint",
        "relieve",
        "divide_work",
        "substitute",
        "end_substitute",
    }
)
"""Acts of a registry case that are begun from the page of an organ."""


class Wanted(ListFilter):
    """Organs by words of their name or the beginning of their code, and by kind."""

    q = Search(label=_lazy("名称或者代码"))
    kind = OneOf(label=_lazy("类别"))


@dataclass(frozen=True, slots=True)
class OrganLine:
    """One organ of the list."""

    name: str
    href: str
    code: str
    kind: str


@dataclass(frozen=True, slots=True)
class Period:
    """One dated line of the registry: what it says, from when, until when (exclusive)."""

    text: str
    since: date
    until: date | None
    current: bool


def is_registrar(seat: Seat) -> bool:
    """Say whether the seat may change the registry."""
    return bool(seat.roles & REGISTRARS)


# --- the list -------------------------------------------------------------------------------------
@require_safe
@at_desk
def organs(seat: Seat) -> HttpResponse:
    """List the organs of today, found by name or code."""
    kinds = [(code, words_in(words, seat.language)) for code, words in KINDS.items()]
    wanted = Wanted(seat.request.GET, choices={"kind": kinds})
    table = ORGANS.shown(
        seat.request.GET,
        _found(seat, wanted),
        lambda rows: [_line(seat, organ) for organ in rows],
        wanted,
    )
    return seat.page(
        "registry/organs.html",
        "registry",
        table.status,
        table=table,
        registrar=is_registrar(seat),
    )


def _found(seat: Seat, wanted: Wanted) -> QuerySet[Organ]:
    """Return the organs of today that are asked for, by code."""
    organs_today = Organ.objects.on(seat.today).order_by("code")
    if "kind" in wanted.chosen:
        organs_today = organs_today.filter(kind=wanted.chosen["kind"])
    words = wanted.chosen.get("q", "")
    if not words:
        return organs_today
    return organs_today.filter(
        Q(name_zh__icontains=words) | Q(name_en__icontains=words) | Q(code__istartswith=words)
    )


def _line(seat: Seat, organ: Organ) -> OrganLine:
    """Return an organ as the list shows it."""
    return OrganLine(
        name=organ_name(organ, seat.language),
        href=reverse("desk:organ_page", args=[organ.code]),
        code=organ.code,
        kind=_kind_words(seat, organ) or organ.kind,
    )


def _kind_words(seat: Seat, organ: Organ) -> str:
    """Return the kind of an organ in words, "" where it has none."""
    kind = KINDS.get(organ.kind)
    return words_in(kind, seat.language) if kind else ""


# --- one organ ------------------------------------------------------------------------------------
@require_safe
@at_desk
def organ_page(seat: Seat, code: str) -> HttpResponse:
    """Show one organ with its names, lines, people, division of work and powers, each by period."""
    organ = _organ(code)
    return seat.page(
        "registry/organ.html",
        "registry",
        organ=organ,
        name=organ_name(organ, seat.language),
        groups=_groups(seat, organ),
        acts=_acts(seat, organ) if is_registrar(seat) else [],
        duties=_reads_duties(seat, organ),
        ended=organ.valid_to is not None and organ.valid_to <= seat.today,
        kind=_kind_words(seat, organ),
    )


def _organ(code: str) -> Organ:
    """Return the newest organ of a code; 404 where there is none."""
    newest_first = Organ.objects.filter(code=code).order_by("-valid_from", "-pk")
    organ = newest_first.first()
    if organ is None:
        raise Http404
    return organ


def _reads_duties(seat: Seat, organ: Organ) -> bool:
    """Say whether this seat reads a register of duties of the organ: its own, or one it was given
    to read this year."""
    if organ.pk in seat.viewer.organs:
        return True
    return registers(seat.viewer, seat.today, seat.today.year).filter(holder=organ).exists()


def _groups(seat: Seat, organ: Organ) -> list[tuple[str, list[Period]]]:
    """Return what the registry keeps about an organ, newest period first in each group."""
    groups = [
        (_("人员"), _people(seat, organ)),
        (_("分工"), _work(seat, organ)),
        (_("名称"), _names(seat, organ)),
        (_("隶属"), _parents(seat, organ)),
        (_("职权"), _competences(seat, organ)),
        (_("上一级机关"), _superiors(seat, organ)),
        (_("承继"), _successors(seat, organ)),
    ]
    return [(title, lines) for title, lines in groups if lines]


def _people(seat: Seat, organ: Organ) -> list[Period]:
    """Return who holds the posts; the codes are for those who enter changes, by which they name
    them."""
    comma = _("，")
    with_codes = is_registrar(seat)

    def person(row: Appointment) -> str:
        post = row.post
        titles = (post.title_zh, post.title_en or post.title_zh)
        title = words_in(titles, seat.language)
        said = f"{row.official.name}{comma}{title}"
        if with_codes:
            said += f"（{row.official.code}，{post.code}）"
        return said

    held = Appointment.objects.filter(post__organ=organ)
    rows = held.select_related("official", "post")
    return _periods(seat, rows, person)


def _work(seat: Seat, organ: Organ) -> list[Period]:
    """Return who is in charge of which field of work."""
    colon = _("：")

    def in_charge(row: Portfolio) -> str:
        return f"{row.field}{colon}{row.official.name}"

    rows = Portfolio.objects.filter(organ=organ).select_related("official")
    return _periods(seat, rows, in_charge)


def _names(seat: Seat, organ: Organ) -> list[Period]:
    """Return the names the organ had, whole and short."""

    def name(row: OrganName) -> str:
        short = _("（简称）") if row.short else ""
        return f"{row.zh}{short}"

    return _periods(seat, organ.names.all(), name)


def _parents(seat: Seat, organ: Organ) -> list[Period]:
    """Return to whom the organ belongs, by area and by line of work."""
    axes = {"territorial": _("属地上级"), "vertical": _("垂直上级")}
    colon = _("：")

    def parent(row: Line) -> str:
        name = organ_name(row.parent, seat.language)
        return f"{axes[row.axis]}{colon}{name}"

    rows = organ.lines.select_related("parent")
    return _periods(seat, rows, parent)


def _competences(seat: Seat, organ: Organ) -> list[Period]:
    """Return for which categories of matters the organ is competent, and where."""
    categories = {ANY_CATEGORY: _("全部类别"), **names_of(seat, "category")}
    codes = organ.competences.values_list("division_code", flat=True)
    places = place_names(seat, set(codes))

    def competence(row: Competence) -> str:
        category = categories.get(row.category, row.category)
        place = places.get(row.division_code, row.division_code)
        return f"{category}　{place}"

    return _periods(seat, organ.competences.all(), competence)


def _superiors(seat: Seat, organ: Organ) -> list[Period]:
    """Return which organ reviews, rechecks and settles disputes of competence, with the basis."""
    purposes = {"review": _("复查"), "recheck": _("复核"), "dispute": _("管辖争议")}
    colon = _("：")

    def superior(row: Superior) -> str:
        name = organ_name(row.superior, seat.language)
        return f"{purposes[row.purpose]}{colon}{name}（{row.basis}）"

    return _periods(seat, organ.superiors.select_related("superior"), superior)


def _successors(seat: Seat, organ: Organ) -> list[Period]:
    """Return which organs took over, and how."""
    rows = OrganSuccession.objects.filter(organ=organ).select_related("to")
    found = []
    for row in rows.order_by("-day"):
        name = organ_name(row.to, seat.language) or "—"
        text = f"{row.how}：{name}"
        found.append(Period(text, row.day, None, current=True))
    return found


def _periods(seat: Seat, rows: QuerySet[Dated], text: Callable[[Any], str]) -> list[Period]:
    """Return dated rows as lines, the newest first."""
    found = []
    for row in rows.order_by("-valid_from", "-pk"):
        found.append(
            Period(
                text=text(row),
                since=row.valid_from,
                until=row.valid_to,
                current=row.holds_on(seat.today),
            )
        )
    return found


# --- acts -----------------------------------------------------------------------------------------
def _acts(seat: Seat, organ: Organ) -> list[tuple[str, str, str]]:
    """Return the registry acts possible on an organ: name, address, article."""
    file = registry_file(organ.registry_case, seat.now)
    if file is None:
        return []

    def href(_number: str, act: str) -> str:
        return reverse("desk:registry_act", args=[organ.code, act])

    own = {href("", act) for act in ORGAN_ACTS}
    possible = steps(file, seat.actor, seat.now, seat.language, href)
    found = []
    for step in possible.can:
        if step.href in own:
            found.append((step.title, step.href, step.basis))
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def registry_act(seat: Seat, code: str, act: str) -> HttpResponse:
    """Ask for an act of the registry case of an organ, or do it."""
    organ = _organ(code)
    if act not in ORGAN_ACTS or not is_registrar(seat):
        raise Http404
    file = registry_file(organ.registry_case, seat.now)
    if file is None:
        raise Http404
    back = reverse("desk:organ_page", args=[organ.code])
    way = Way(back, organ_name(organ, seat.language))
    given = {"organ": organ.code}
    return answer(seat, file, file.kind.acts[act], way, given)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def found(seat: Seat) -> HttpResponse:
    """Ask for a new organ, or register it."""
    if not is_registrar(seat):
        raise Http404
    file = blank_file("registry", "", seat.now)
    back = reverse("desk:registry")
    way = Way(back, _("名录"), kind="registry")
    given = {"from": numeric(seat.today, "zh")}
    return answer(seat, file, file.kind.acts[FOUND], way, given)
