"""A step of an inquiry: the form with what there is to choose, and doing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dengwen.accountability.inquiry.conclusion.odd_findings import contradictions
from dengwen.accountability.inquiry.diligence_record import ASKED, answered_by_ledger
from dengwen.cases.read.case_view import cited
from dengwen.desk.accountability.finding_words import element_word
from dengwen.desk.accountability.inquiries.inquiry_page import PAGE, Page, can, href, page_of
from dengwen.desk.accountability.inquiries.step_choices import choices_of
from dengwen.desk.accountability.offers import Offered, as_choices
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE
from dengwen.desk.shell.act.forms import RuledForm, act_form
from dengwen.desk.shell.act.submit import write
from dengwen.desk.shell.frame.seat import Seat, at_desk, uid_of
from dengwen.law.bilingual import headline, words_in
from dengwen.law.duties.step import Step
from dengwen.law.packs.rules import ActRule
from dengwen.organs.models import Official
from dengwen.ui.form_fields import AskedField, Word, form_of

FIXED = frozenset(
    {"trigger", "element", "official", "ground", "point", "contradiction", "investigator"}
)
"""Fields a link to a step settles: then they are said in words and not asked."""
SEVERAL = frozenset({"evidence", "objected"})
"""Fields in which several values can be ticked."""


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def step(seat: Seat, number: str, act: str) -> HttpResponse:
    """Ask for a step of an inquiry with the people, evidence and elements there are, or do it."""
    page = page_of(seat, number)
    rule = page.file.kind.acts.get(act)
    if rule is None or not _is_step(rule) or not can(seat, page, act):
        raise Http404
    settled = _settled(seat, page, rule)
    form = act_form(seat, rule, given=settled.given)
    if not form.is_bound or form.errors:
        return _step_page(seat, page, rule, form, settled)
    if rule.id == "weigh_diligence":
        ground = form.values.get("ground")
        form.values |= answered_by_ledger(page.made, ground if isinstance(ground, int) else 0)
    one = Step(act=rule.id, case=number, fields=form.values, texts=form.texts)
    return write(
        seat,
        [one],
        lambda why: _step_page(seat, page, rule, form, settled, why),
        href(page, "inquiry"),
        form.papers,
        form,
    )


def _is_step(rule: ActRule) -> bool:
    """Say whether a person does the act in an inquiry that is open already."""
    return rule.by != "system" and "new" not in rule.after


# --- the form -------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Settled:
    """What a form begins with (`given`), and of it what the link has settled (`fixed`)."""

    given: Mapping[str, str]
    fixed: Mapping[str, str]


def _step_page(
    seat: Seat,
    page: Page,
    rule: ActRule,
    form: RuledForm,
    settled: Settled,
    why: Sequence[str] = (),
) -> HttpResponse:
    """Render the form of a step, with what was posted and why it was refused."""
    is_wrong = bool(why or form.errors)
    fields = _fields(seat, page, rule, form, settled)
    return seat.page(
        "accountability/inquiries/step.html",
        PAGE,
        UNPROCESSABLE if is_wrong else 200,
        page=page,
        title=headline(rule, seat.language),
        article=cited(rule.basis, page.file.installed, seat.language),
        note=words_in((rule.basis.note, ""), seat.language),
        fields=fields,
        why=[*form.complaints_elsewhere(fields), *why],
        uid=uid_of(seat),
        fixed=[
            (name, value, _fixed_words(seat, page, name, value))
            for name, value in sorted(settled.fixed.items())
        ],
        back=href(page, "inquiry"),
        remedy=words_in((rule.remedy_zh, rule.remedy_en), seat.language),
    )


def _settled(seat: Seat, page: Page, rule: ActRule) -> Settled:
    """Read what the address gives, and what a form posted again still holds fixed."""
    form = form_of(seat.request, {name: Word() for name in FIXED})
    asked = {name: str(value) for name, value in seat.request.GET.items() if rule.field_rule(name)}
    if rule.field_rule("investigator") and seat.user.official_id:
        asked["investigator"] = str(seat.user.official_id)
    fixed = {}
    for name in FIXED:
        if name in asked or f"fixed-{name}" in seat.request.POST:
            fixed[name] = form.typed(name) or asked.get(name, "")
    return Settled({**_defaults(seat, page, rule), **asked}, fixed)


def _defaults(seat: Seat, page: Page, rule: ActRule) -> dict[str, str]:
    """Return what a form begins with: today, the next point, the field of petition work."""
    found = {
        "work": "petitions",
        "held_on": seat.today.isoformat(),
        "point": str(len(page.made.points) + 1),
        "how": _how_heard(seat, page),
    }
    if rule.id == "consider_deed":
        found["on"] = page.made.day.isoformat()
        found["organ"] = str(page.made.unit)
    return {name: value for name, value in found.items() if rule.field_rule(name)}


def _how_heard(seat: Seat, page: Page) -> str:
    """Return how a hearing begins: in writing where the person answered since they were told, else
    in person."""
    asked = seat.request.GET.get("official", "")
    official = int(asked) if asked.isdecimal() else 0
    told = page.made.told.get(official)
    since = told.seq if told else 0
    points = [one for one in page.made.points.values() if one.official == official]
    return "written" if any(one.told.seq > since for one in points) else "heard"


def _fields(
    seat: Seat, page: Page, rule: ActRule, form: RuledForm, settled: Settled
) -> tuple[AskedField, ...]:
    """Return the fields of the step that are still to be answered."""
    offered = choices_of(seat, page, rule)
    fields = form.fields_of_act({*settled.fixed, *ASKED})
    return tuple(_with_choices(field, offered.get(field.name)) for field in fields)


def _with_choices(field: AskedField, offered: Offered | None) -> AskedField:
    """Put what there is to choose into a field; several numbers of the board can be ticked."""
    if offered is None:
        return field
    choices = as_choices(offered, field.typed)
    if field.name in SEVERAL:
        return field.but(type="words", choices=choices, hint="")
    return field.but(type="official", choices=choices, hint="")


def _fixed_words(seat: Seat, page: Page, name: str, value: str) -> str:
    """Say in words what a link settled."""
    if name in ("official", "investigator") and value.isdecimal():
        return page.name(value) or _name_of(int(value))
    if name == "element":
        return element_word(value, seat.language)
    if name == "trigger":
        rule = page.rules.triggers.get(value)
        return cited(rule.basis, page.file.installed, seat.language) if rule else value
    if name == "contradiction":
        known = {one.key: one for one in contradictions(page.made, page.grounds)}
        return words_in(known[value], seat.language) if value in known else value
    numbered = {"ground": _("第{number}项"), "point": _("第{number}点")}
    return numbered[name].format(number=value) if name in numbered else value


def _name_of(official: int) -> str:
    """Return the name of an official the inquiry does not speak of yet."""
    return Official.objects.filter(pk=official).values_list("name", flat=True).first() or ""
