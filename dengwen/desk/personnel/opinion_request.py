"""Asking the petition department for its opinion on a cadre before an appointment (S 10(2))."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from dengwen.accountability.personnel.notification import OPINION
from dengwen.desk.personnel.personnel_page import (
    MOST,
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
from dengwen.ui.form_fields import Asked, AskedForm, OneOf, Row, form_of


class NameForm(AskedForm):
    """Whom the opinion is about, by name or staff code; what else is asked depends on that."""

    cadre = Asked()


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def ask_opinion(seat: Seat) -> HttpResponse:
    """Ask the petition department for its opinion before an appointment, with the purpose (S
    10(2))."""
    organ = asked_by(seat)
    if not asks(seat):
        raise Http404
    found = officials_named(NameForm.of(seat.request).value("cadre"))
    form = _form(seat, organ, found)
    if not form.is_bound:
        return _ask_page(seat, form)
    cadre = _meant(found, form.value("which"))
    _note_wrong(form, found, cadre)
    if form.errors or cadre is None:
        return _ask_page(seat, form)
    step = _request(form, cadre)
    return write(
        seat,
        step,
        lambda why: _ask_page(seat, form, why),
        "personnel_opinion",
    )


def _note_wrong(form: AskedForm, found: Sequence[Official], cadre: Official | None) -> None:
    """Note where nobody has the name, or several have it."""
    if not found:
        form.errors.pop("which", None)
        form.wrong("cadre", _("名录里没有这个姓名或者人员代码。"))
    elif cadre is None:
        form.errors.pop("which", None)
        form.wrong("which", _("有同名的人，请选择是哪一位。"))


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


def _request(form: AskedForm, cadre: Official) -> Step:
    """Return the step that asks; an office that was not chosen on the page is none."""
    fields: dict[str, FieldValue] = {"to": form.cleaned_data["to"] or 0, "cadre": cadre.pk}
    return Step(act="ask", kind=OPINION, fields=fields, texts={"purpose": form.value("purpose")})


# --- the form -------------------------------------------------------------------------------------
def _ask_page(seat: Seat, form: AskedForm, why: Sequence[str] = ()) -> HttpResponse:
    """Render the form."""
    return seat.page(
        "personnel/ask.html",
        PAGE,
        UNPROCESSABLE if form.errors or why else 200,
        fields=form.asked(),
        why=why,
        uid=uid_of(seat),
    )


def _form(seat: Seat, organ: Organ, found: Sequence[Official]) -> AskedForm:
    """Return the form: the petition department (the nearest is proposed), about whom, and why; of
    several people with one name one has to be chosen."""
    offices = _offices(seat, organ)
    asked: dict[str, Asked] = {
        "to": Row(
            pgettext("opinions", "信访部门"),
            needed=True,
            choices=[(str(one.pk), organ_name(one, seat.language)) for one in offices],
            initial=str(offices[0].pk) if offices else "",
        ),
        "cadre": Asked(_("考察对象"), needed=True, hint=_("写姓名或者人员代码")),
    }
    if len(found) > 1:
        asked["which"] = OneOf(
            _("同名的人中是哪一位"),
            needed=True,
            choices=[(str(one.pk), with_posts(one, seat)) for one in found],
        )
    asked["purpose"] = Asked(
        _("用途"), needed=True, missing=_("请写明用途。"), initial=_("任职考察")
    )
    return form_of(seat.request, asked)


def _offices(seat: Seat, organ: Organ) -> list[Organ]:
    """Return the petition departments: those of the own level and place first."""
    offices = list(organs_on(seat.today).filter(is_petition_office=True))

    def distance(office: Organ) -> tuple[bool, bool, str]:
        """Return how far an office is: by level, by place, then by code."""
        other_level = office.level != organ.level
        other_place = office.division_code != organ.division_code
        return other_level, other_place, office.code

    return sorted(offices, key=distance)


def with_posts(one: Official, seat: Seat) -> str:
    """Return the name of an official with the posts held today and the staff code."""
    parts = []
    for row in posts_held(one, seat.today, seat.today):
        parts.append(f"{row.post.organ.name_zh}{row.post.title_zh}")
    parts.append(one.code)
    return f"{one.name}（{'、'.join(parts)}）"
