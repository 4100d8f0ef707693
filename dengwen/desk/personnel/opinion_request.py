"""Asking the petition department for its opinion on a cadre before an appointment (S 10(2))."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from dengwen.accountability.personnel.notification import OPINION
from dengwen.desk.personnel.personnel_page import (
    MOST,
    MOST_DIGITS,
    PAGE,
    asked_by,
    asks,
    write,
)
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE
from dengwen.desk.shell.frame.seat import Seat, at_desk, organ_name, uid_of
from dengwen.law.duties.step import FieldValue, Step
from dengwen.organs.models import Official, Organ
from dengwen.organs.structure.lines import organs_on
from dengwen.organs.structure.posts_held import posts_held
from dengwen.ui.components import Choice, FormField


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it was filled in: who the name fits, the one meant, what is wrong with which
    field."""

    found: Sequence[Official] = ()
    cadre: Official | None = None
    errors: Mapping[str, str] = field(default_factory=dict)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def ask_opinion(seat: Seat) -> HttpResponse:
    """Ask the petition department for its opinion before an appointment, with the purpose (S
    10(2))."""
    organ = asked_by(seat)
    if not asks(seat):
        raise Http404
    if seat.request.method != "POST":
        return _ask_page(seat, organ, Asked())
    asked = _read(seat)
    if asked.errors or asked.cadre is None:
        return _ask_page(seat, organ, asked)
    step = _request(seat, asked.cadre)
    return write(
        seat,
        step,
        lambda why: _ask_page(seat, organ, asked, why),
        "personnel_opinion",
    )


def _read(seat: Seat) -> Asked:
    """Read the form: somebody of the registry, the one meant of several, the purpose."""
    post = seat.request.POST
    found = officials_named(post.get("cadre", ""))
    cadre = _meant(found, post.get("which", ""))
    errors: dict[str, str] = {}
    if not found:
        errors["cadre"] = _("名录里没有这个姓名或者人员代码。")
    elif cadre is None:
        errors["which"] = _("有同名的人，请选择是哪一位。")
    if not post.get("purpose", "").strip():
        errors["purpose"] = _("请写明用途。")
    return Asked(found, cadre, errors)


def officials_named(text: str) -> list[Official]:
    """Return the officials with this staff code, else those with exactly this name."""
    wanted = text.strip()
    if not wanted:
        return []
    by_code = list(Official.objects.filter(code=wanted))
    return by_code or list(Official.objects.filter(name=wanted).order_by("code")[:MOST])


def _meant(found: Sequence[Official], which: str) -> Official | None:
    """Return the only official found, or the one chosen of several of the same name."""
    if len(found) == 1:
        return found[0]
    return next((one for one in found if str(one.pk) == which), None)


def _request(seat: Seat, cadre: Official) -> Step:
    """Return the step that asks; an office that was not chosen on the page is none."""
    post = seat.request.POST
    to = post.get("to", "")
    is_chosen = to.isdecimal() and len(to) < MOST_DIGITS
    fields: dict[str, FieldValue] = {
        "to": int(to) if is_chosen else 0,
        "cadre": cadre.pk,
    }
    texts = {"purpose": post["purpose"].strip()}
    return Step(act="ask", kind=OPINION, fields=fields, texts=texts)


# --- the form -------------------------------------------------------------------------------------
def _ask_page(seat: Seat, organ: Organ, asked: Asked, why: Sequence[str] = ()) -> HttpResponse:
    """Render the form; of several people with one name one has to be chosen."""
    fields = [_office_field(seat, organ), _cadre_field(seat, asked)]
    if len(asked.found) > 1:
        fields.append(_which_field(seat, asked))
    fields.append(_purpose_field(seat, asked))
    return seat.page(
        "personnel/ask.html",
        PAGE,
        UNPROCESSABLE if asked.errors or why else 200,
        fields=fields,
        why=why,
        uid=uid_of(seat),
    )


def _office_field(seat: Seat, organ: Organ) -> FormField:
    """Return the choice of the petition department; the nearest one is proposed."""
    offices = _offices(seat, organ)
    nearest = str(offices[0].pk) if offices else ""
    chosen = seat.request.POST.get("to", nearest)
    choices = tuple(
        Choice(str(office.pk), organ_name(office, seat.language), str(office.pk) == chosen)
        for office in offices
    )
    label = pgettext("opinions", "信访部门")
    return FormField("to", "organ", label, required=True, choices=choices)


def _offices(seat: Seat, organ: Organ) -> list[Organ]:
    """Return the petition departments: those of the own level and place first."""
    offices = list(organs_on(seat.today).filter(is_petition_office=True))

    def distance(office: Organ) -> tuple[bool, bool, str]:
        """Return how far an office is: by level, by place, then by code."""
        other_level = office.level != organ.level
        other_place = office.division_code != organ.division_code
        return other_level, other_place, office.code

    return sorted(offices, key=distance)


def _cadre_field(seat: Seat, asked: Asked) -> FormField:
    """Return the field for the name or the staff code."""
    return FormField(
        "cadre",
        "person",
        _("考察对象"),
        required=True,
        value=seat.request.POST.get("cadre", ""),
        errors=_error(asked, "cadre"),
        hint=_("写姓名或者人员代码"),
    )


def _which_field(seat: Seat, asked: Asked) -> FormField:
    """Return the choice between people of the same name, each with their posts."""
    chosen = seat.request.POST.get("which")
    choices = tuple(
        Choice(str(one.pk), with_posts(one, seat), str(one.pk) == chosen) for one in asked.found
    )
    return FormField(
        "which",
        "code",
        _("同名的人中是哪一位"),
        required=True,
        errors=_error(asked, "which"),
        choices=choices,
    )


def _purpose_field(seat: Seat, asked: Asked) -> FormField:
    """Return the field for the purpose, with the usual one proposed."""
    usual = _("任职考察")
    return FormField(
        "purpose",
        "person",
        _("用途"),
        required=True,
        errors=_error(asked, "purpose"),
        value=seat.request.POST.get("purpose", usual),
    )


def _error(asked: Asked, name: str) -> tuple[str, ...]:
    """Return what is wrong with a field."""
    return (asked.errors[name],) if name in asked.errors else ()


def with_posts(one: Official, seat: Seat) -> str:
    """Return the name of an official with the posts held today and the staff code."""
    parts = []
    for row in posts_held(one, seat.today, seat.today):
        parts.append(f"{row.post.organ.name_zh}{row.post.title_zh}")
    parts.append(one.code)
    return f"{one.name}（{'、'.join(parts)}）"
