"""The registry at the desk: organs and their people by period; changes are acts of the organ's
registry case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial

from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dengwen.cases.read.case_view import blank_file, registry_file, steps
from dengwen.cases.read.register_view import registers
from dengwen.desk.shell.act.act_page import Way, answer
from dengwen.desk.shell.act.code_words import names_of, place_names
from dengwen.desk.shell.frame.seat import REGISTRARS, Seat, at_desk, organ_name
from dengwen.law.bilingual import words_in
from dengwen.organs.dated_rows import Dated
from dengwen.organs.kinds import KINDS
from dengwen.organs.models import Appointment, Organ, OrganSuccession, Portfolio
from dengwen.ui.components import Link
from dengwen.ui.dates import numeric

PAGE = 50
FOUND = "found_organ"


@dataclass(frozen=True, slots=True)
class Period:
    """One dated line of the registry: what it says, from when, until when (exclusive)."""

    text: str
    since: date
    until: date | None
    current: bool


@require_safe
@at_desk
def organs(seat: Seat) -> HttpResponse:
    """List the organs of today, found by name or code."""
    words = seat.request.GET.get("q", "").strip()
    after = seat.request.GET.get("after", "")
    found = Organ.objects.on(seat.today).filter(code__gt=after).order_by("code")
    if words:
        found = found.filter(
            Q(name_zh__icontains=words) | Q(name_en__icontains=words) | Q(code__istartswith=words)
        )
    rows = list(found[: PAGE + 1])
    more = rows[PAGE - 1].code if len(rows) > PAGE else ""
    index = 0 if seat.language == "zh" else 1
    lines = [
        (
            Link(organ_name(o, seat.language), reverse("desk:organ_page", args=[o.code])),
            o.code,
            (KINDS[o.kind].zh, KINDS[o.kind].en)[index] if o.kind in KINDS else o.kind,
        )
        for o in rows[:PAGE]
    ]
    return seat.page(
        "registry/organs.html",
        "registry",
        lines=lines,
        words=words,
        more=more,
        registrar=is_registrar(seat),
    )


def is_registrar(seat: Seat) -> bool:
    """Say whether the seat may change the registry."""
    return bool(seat.roles & REGISTRARS)


@require_safe
@at_desk
def organ_page(seat: Seat, code: str) -> HttpResponse:
    """Show one organ with its names, lines, people, division of work and powers, each by period."""
    organ = _organ(code)
    acts = _acts(seat, organ) if is_registrar(seat) else []
    return seat.page(
        "registry/organ.html",
        "registry",
        organ=organ,
        name=organ_name(organ, seat.language),
        groups=_groups(seat, organ),
        acts=acts,
        duties=organ.pk in seat.viewer.organs
        or registers(seat.viewer, seat.today, seat.today.year).filter(holder=organ).exists(),
        ended=organ.valid_to is not None and organ.valid_to <= seat.today,
        kind=(words_in(KINDS[organ.kind], seat.language)) if organ.kind in KINDS else "",
    )


def _organ(code: str) -> Organ:
    organ = Organ.objects.filter(code=code).order_by("-valid_from", "-pk").first()
    if organ is None:
        raise Http404
    return organ


def _groups(seat: Seat, organ: Organ) -> list[tuple[str, list[Period]]]:
    """Return what the registry keeps about an organ, newest period first in each group."""
    people = Appointment.objects.filter(post__organ=organ).select_related("official", "post")
    work = Portfolio.objects.filter(organ=organ).select_related("official")
    superior = {"review": _("复查"), "recheck": _("复核"), "dispute": _("管辖争议")}
    named = names_of(seat, "category")
    places = place_names(seat, set(organ.competences.values_list("division_code", flat=True)))
    colon = _("：")
    axes = {"territorial": _("属地上级"), "vertical": _("垂直上级")}
    made = [
        (_("人员"), _periods(seat, people, partial(_person, seat))),
        (_("分工"), _periods(seat, work, lambda p: f"{p.field}{colon}{p.official.name}")),
        (
            _("名称"),
            _periods(seat, organ.names.all(), lambda n: n.zh + (_("（简称）") if n.short else "")),
        ),
        (
            _("隶属"),
            _periods(
                seat,
                organ.lines.select_related("parent"),
                lambda n: f"{axes[n.axis]}{colon}{organ_name(n.parent, seat.language)}",
            ),
        ),
        (
            _("职权"),
            _periods(
                seat,
                organ.competences.all(),
                lambda c: (
                    f"{named.get(c.category, _('全部类别') if c.category == '*' else c.category)}　"
                    f"{places.get(c.division_code, c.division_code)}"
                ),
            ),
        ),
        (
            _("上一级机关"),
            _periods(
                seat,
                organ.superiors.select_related("superior"),
                lambda s: (
                    f"{superior[s.purpose]}{colon}{organ_name(s.superior, seat.language)}"
                    f"（{s.basis}）"
                ),
            ),
        ),
    ]
    rows = OrganSuccession.objects.filter(organ=organ).select_related("to").order_by("-day")
    heirs = [
        Period(f"{r.how}：{organ_name(r.to, seat.language) or '—'}", r.day, None, current=True)
        for r in rows
    ]
    return [(title, lines) for title, lines in [*made, (_("承继"), heirs)] if lines]


def _person(seat: Seat, row: Appointment) -> str:
    """Return who holds a post; the codes are for those who enter changes, by which they name
    them."""
    zh = seat.language == "zh"
    title = row.post.title_zh if zh else row.post.title_en or row.post.title_zh
    codes = f"（{row.official.code}，{row.post.code}）" if is_registrar(seat) else ""
    return f"{row.official.name}{'，' if zh else ', '}{title}{codes}"


def _periods(seat: Seat, rows: QuerySet[Dated], text: object) -> list[Period]:
    words = text if callable(text) else str
    return [
        Period(words(row), row.valid_from, row.valid_to, current=row.holds_on(seat.today))
        for row in rows.order_by("-valid_from", "-pk")
    ]


def _acts(seat: Seat, organ: Organ) -> list[tuple[str, str, str]]:
    """Return the registry acts possible on an organ: name, address, article."""
    file = registry_file(organ.registry_case, seat.now)
    if file is None:
        return []

    def href(_number: str, act: str) -> str:
        return reverse("desk:registry_act", args=[organ.code, act])

    found = steps(file, seat.actor, seat.now, seat.language, href).can
    return [(p.title, p.href, p.basis) for p in found if p.href.split("/")[-2] in _own_acts()]


def _own_acts() -> frozenset[str]:
    return frozenset(
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


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def registry_act(seat: Seat, code: str, act: str) -> HttpResponse:
    """Ask for an act of the registry case of an organ, or do it."""
    organ = _organ(code)
    file = registry_file(organ.registry_case, seat.now) if is_registrar(seat) else None
    if file is None or act not in _own_acts():
        raise Http404
    back = reverse("desk:organ_page", args=[organ.code])
    return answer(
        seat,
        file,
        file.kind.acts[act],
        Way(back, organ_name(organ, seat.language)),
        {"organ": organ.code},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def found(seat: Seat) -> HttpResponse:
    """Ask for a new organ, or register it."""
    if not is_registrar(seat):
        raise Http404
    file = blank_file("registry", "", seat.now)
    way = Way(reverse("desk:registry"), _("名录"), kind="registry")
    return answer(seat, file, file.kind.acts[FOUND], way, {"from": numeric(seat.today, "zh")})
