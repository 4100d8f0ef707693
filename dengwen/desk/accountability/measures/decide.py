"""The page of a decision: competence, what it rests on, which measures are open and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from dengwen.accountability.inquiry.conclusion.proposal_check import CLASS_OF
from dengwen.accountability.measures.decision_door import for_sanctions
from dengwen.accountability.measures.effects import managers_of
from dengwen.accountability.measures.queries import gravity_of
from dengwen.accountability.measures.sanction_handover import SUPERVISORY
from dengwen.desk.accountability.measures.decision_basis import Basis, basis_of
from dengwen.desk.accountability.measures.decision_step import (
    DEGREES,
    DecisionForm,
    decision_step,
    filled_in,
)
from dengwen.desk.accountability.measures.measure_page import (
    CLASSES,
    PAGE,
    STATED,
    Page,
    can,
    page_of,
)
from dengwen.desk.accountability.measures.open_measures import Catalogue, catalogue
from dengwen.desk.accountability.offers import as_choices
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE
from dengwen.desk.shell.act.submit import write
from dengwen.desk.shell.frame.seat import Seat, at_desk, organ_name, uid_of
from dengwen.law.bilingual import words_in
from dengwen.law.liability.ladder import Gravity
from dengwen.organs.kinds import KINDS
from dengwen.organs.models import Organ
from dengwen.organs.structure.applicability import bound_by
from dengwen.organs.structure.posts_held import led_on, organs_of
from dengwen.organs.structure.relations import own_government
from dengwen.ui.components import Choice

STATUS_OF = {
    "enterprise": "soe_manager",
    "direct_institution": "institution_staff",
    "other_institution": "institution_staff",
}
"""The likely status of a person by the group of the own organ; whoever decides says which it is."""
NOT_YET = "—"
"""Stands for the reasons while the form is filled in; the write door refuses without them."""


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def decide(seat: Seat, number: str) -> HttpResponse:
    """Ask for a decision: competence, the measures open now, why the others are not; or take it."""
    page = page_of(seat, number)
    if not can(seat, page, "decide"):
        raise Http404
    if seat.request.method != "POST":
        return _decide_page(seat, page)
    back = reverse("desk:measure", args=[number])
    form = DecisionForm.of(seat.request)
    if form.errors:
        return _decide_page(seat, page, form.complaints())
    step = decision_step(seat, page, form)
    return write(seat, [step], lambda why: _decide_page(seat, page, why), back)


def _decide_page(seat: Seat, page: Page, why: Sequence[str] = ()) -> HttpResponse:
    """Render the form of the decision with what it rests on."""
    made = page.made
    basis = basis_of(seat, page)
    managers = managers_of(made.official, made.organ, seat.today)
    own = _decides(seat, managers)
    return seat.page(
        "accountability/measures/decide.html",
        PAGE,
        UNPROCESSABLE if why else 200,
        page=page,
        made=made,
        case=made.case,
        why=why,
        subject=page.subject(seat.language),
        uid=uid_of(seat),
        basis=basis,
        own=own,
        ready=own and not basis.lacking,
        managers=_names(seat, managers),
        members=leading_body(page, seat.today),
        person=made.official is not None,
        sanction=for_sanctions(made),
        year=seat.today.year,
        deadline_min=seat.today,
        back=reverse("desk:measure", args=[page.number]),
        **_measures_to_choose(seat, page, basis, managers),
        **_typed(seat, page),
        **_about_unit(seat, page),
    )


# --- what is stated -------------------------------------------------------------------------------
def _gravity_chosen(seat: Seat, page: Page, basis: Basis) -> str:
    """Return the class of gravity of the page: as posted, as linked, as proposed, or as found."""
    posted = DecisionForm.of(seat.request).typed("gravity")
    linked = seat.request.GET.get("gravity")
    return str(posted or linked or page.made.gravity or _class_found(basis))


def _classes(chosen: str) -> tuple[Choice, ...]:
    """Return the classes of gravity to choose from."""
    offered = [(name, str(words)) for name, words in CLASSES.items()]
    return as_choices(offered, [chosen])


def _class_found(basis: Basis) -> str:
    """Return the class of the gravity found, "" where there is no finding."""
    return CLASS_OF[basis.found.classed] if basis.found is not None else ""


def _measures_to_choose(
    seat: Seat, page: Page, basis: Basis, managers: Collection[int]
) -> dict[str, object]:
    """Return the gravity chosen, and the measures it opens and leaves closed."""
    gravity = _gravity_chosen(seat, page, basis)
    listed = _catalogue(seat, page, basis, gravity, managers)
    return {
        "gravity": gravity,
        "grave": _classes(gravity),
        "grades": _choices(seat, page, "harm"),
        "scopes": _choices(seat, page, "scope", "system"),
        "open": listed.open,
        "closed": listed.closed,
    }


def _catalogue(
    seat: Seat, page: Page, basis: Basis, gravity: str, managers: Collection[int]
) -> Catalogue:
    """Return the measures open and closed; a new form ticks those that were proposed."""
    form = DecisionForm.of(seat.request)
    chosen = form.at("measures").typed if form.is_bound else page.made.proposed
    finding = _gravity_stated(seat, gravity)
    return catalogue(seat, page, finding, basis, managers, frozenset(chosen))


def _gravity_stated(seat: Seat, gravity: str) -> Gravity:
    """Return the gravity as the form states it now, harm and influence apart where given."""
    form = DecisionForm.of(seat.request)
    stated = {**STATED.get(gravity, {}), **filled_in(form, DEGREES)}
    return gravity_of(stated, form.typed("reasons") or NOT_YET)


def _typed(seat: Seat, page: Page) -> dict[str, object]:
    """Return what the form has been filled in with; the facts begin as they were proposed."""
    typed = DecisionForm.of(seat.request).as_typed()
    return {
        "typed": typed,
        "facts": typed["facts"] or page.text(page.made.opening, "facts"),
        "inquiry": typed["inquiry"] or seat.request.GET.get("inquiry", ""),
    }


# --- competence -----------------------------------------------------------------------------------
def _decides(seat: Seat, managers: Collection[int]) -> bool:
    """Say whether the own organ may decide at all: it manages the subject today, or gives
    sanctions (S 13–17)."""
    if seat.organ is None:
        return False
    return seat.organ.pk in managers or seat.organ.kind in SUPERVISORY


def _names(seat: Seat, managers: Collection[int]) -> str:
    """Return the names of the organs that manage the subject, in one line."""
    organs = Organ.objects.filter(pk__in=managers).order_by("pk")
    names = [organ_name(organ, seat.language) for organ in organs]
    return _("、").join(names)


# --- the unit -------------------------------------------------------------------------------------
def _about_unit(seat: Seat, page: Page) -> Mapping[str, object]:
    """Return what the page says of the unit: its name, how the rules bind it, whose honours an
    admonition cancels, the likely status of its people."""
    unit = _unit_of(page, seat.today)
    likely = STATUS_OF.get(KINDS[unit.kind].group if unit else "", "civil_servant")
    return {
        "unit": unit,
        "unit_name": organ_name(unit, seat.language),
        "bound": _bound(seat, unit),
        "honours": _honours_of(seat, unit) if unit else [],
        "statuses": _choices(seat, page, "status", likely),
    }


def _unit_of(page: Page, today: date) -> Organ | None:
    """Return the organ concerned, or the first of the organs the person works in."""
    if page.organ is not None:
        return page.organ
    found = sorted(organs_of(page.official, today)) if page.official else []
    return Organ.objects.filter(pk__in=found).order_by("pk").first()


def _bound(seat: Seat, unit: Organ | None) -> str:
    """Say how the rules bind the unit, where not directly: applied, by reference, or not listed
    (S 2)."""
    if unit is None:
        return ""
    found = bound_by(unit.kind, "S", seat.today, unit.level)
    if found is None or found.degree == "direct":
        return ""
    return words_in(found, seat.language)


def _choices(seat: Seat, page: Page, field: str, chosen: str = "") -> tuple[Choice, ...]:
    """Return the options the pack gives for a field of the decision."""
    rule = page.file.kind.acts["decide"].field_rule(field)
    options = rule.option_names if rule else {}
    offered = [(one, words_in(words, seat.language)) for one, words in options.items()]
    return as_choices(offered, [chosen])


@dataclass(frozen=True, slots=True)
class HonourRow:
    """Whose honours an admonition cancels, or why they are left out."""

    name: str
    words: str
    pk: int
    organ: str
    named: bool
    why: str
    reasons: str


def _honours_of(seat: Seat, unit: Organ) -> list[HonourRow]:
    """Return whose comprehensive honours an admonition cancels: the area, the department, the
    unit (S 14); as posted, or each named."""
    is_area = unit.kind == "government"
    government = None if is_area else own_government(unit, seat.today)
    area = government or unit
    cancelled = (
        ("area", pgettext("honours", "地区"), area),
        ("department", pgettext("honours", "部门"), unit),
        ("unit", pgettext("honours", "单位"), unit),
    )
    form = DecisionForm.of(seat.request)
    return [
        HonourRow(
            name=name,
            words=words,
            pk=organ.pk,
            organ=organ_name(organ, seat.language),
            named=not form.is_bound or bool(form.typed(name)),
            why=_("不取消的理由：%(whose)s") % {"whose": words},
            reasons=str(form.typed(f"{name}_left_out") or ""),
        )
        for name, words, organ in cancelled
    ]


def leading_body(page: Page, today: date) -> list[tuple[str, str]]:
    """Return the leading body of a party organisation, whose responsible members answer too
    (AC19 6(2))."""
    if page.organ is None or KINDS[page.organ.kind].group != "party":
        return []
    return [
        (one.official.code, f"{one.official.name}，{one.post.title_zh}")
        for one in led_on(page.organ, today)
    ]
