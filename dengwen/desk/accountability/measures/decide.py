"""The page of a decision: competence, what it rests on, which measures are open and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_http_methods

from dengwen.accountability.inquiry.conclusion.proposal_check import CLASS_OF
from dengwen.accountability.measures.effects import managers_of
from dengwen.accountability.measures.queries import gravity_of
from dengwen.accountability.measures.sanction_handover import SUPERVISORY
from dengwen.cases.read.case_view import cited
from dengwen.cases.write.check import Refused, takes_two
from dengwen.cases.write.proposal_doors import do_or_propose
from dengwen.desk.accountability.measures.decision_basis import Basis, basis_of
from dengwen.desk.accountability.measures.decision_fields import SYSTEM, Honour, Offers, fields_of
from dengwen.desk.accountability.measures.decision_step import (
    DEGREES,
    DecisionForm,
    decision_step,
    filled_in,
    open_list,
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
from dengwen.desk.accountability.measures.read_back import ReadBack, read_back
from dengwen.desk.accountability.offers import as_choices
from dengwen.desk.shell.act.act_page import Way, put_before_second
from dengwen.desk.shell.act.act_refusals import EFFECT_ERRORS, UNPROCESSABLE, note_refused
from dengwen.desk.shell.act.submit import write
from dengwen.desk.shell.frame.seat import Seat, at_desk, organ_name, uid_of
from dengwen.law.bilingual import words_in
from dengwen.law.duties.step import Step
from dengwen.law.liability.ladder import Gravity
from dengwen.organs.kinds import KINDS
from dengwen.organs.models import Organ
from dengwen.organs.structure.applicability import binding
from dengwen.organs.structure.posts_held import led_on, organs_of
from dengwen.organs.structure.relations import own_government
from dengwen.ui.form_fields import AskedField, AskedForm, Word

STATUS_OF = {
    "enterprise": "soe_manager",
    "direct_institution": "institution_staff",
    "other_institution": "institution_staff",
}
"""The likely status of a person by the group of the own organ; whoever decides says which it is."""
NOT_YET = "—"
"""Stands for the reasons while the form is filled in; the write door refuses without them."""


class InquiryForm(AskedForm):
    """The inquiry a decision is to rest on, where the file itself names none."""

    spot = "basis-"
    inquiry = Word(
        gettext_lazy("已作出结论的核查（编号）；没有的，先在本件内逐项认定"), conditional=True
    )


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def decide(seat: Seat, number: str) -> HttpResponse:
    """Ask for a decision: competence, the measures open now, why the others are not; or take it."""
    page = page_of(seat, number)
    if not can(seat, page, "decide"):
        raise Http404
    form = _form(seat, page)
    if not form.is_bound or form.errors:
        return _decide_page(seat, page, form)
    step = decision_step(seat, page, form)
    back = reverse("desk:measure", args=[number])
    rule = page.file.kind.acts["decide"]
    if not takes_two(step, rule):
        return write(seat, [step], lambda why: _decide_page(seat, page, form, why), back, form=form)
    return _to_approve(seat, page, form, step)


def _to_approve(seat: Seat, page: Page, form: DecisionForm, step: Step) -> HttpResponse:
    """Put a decision with another measure (等) before a second head of the organ."""
    rule, back = page.file.kind.acts["decide"], reverse("desk:measure", args=[page.number])
    try:
        do_or_propose(step, by=seat.by, now=seat.now, uid=uid_of(seat))
    except (Refused, *EFFECT_ERRORS) as error:
        return _decide_page(seat, page, form, note_refused(form, error, seat.language))
    return put_before_second(seat, Way(back, "", page.number), rule)


def _form(seat: Seat, page: Page) -> DecisionForm:
    """Return the form as posted, or as it begins: with what was proposed and what is likely."""
    unit = _unit_of(page, seat.today)
    return DecisionForm.of(
        seat.request,
        initial={
            "inquiry": seat.request.GET.get("inquiry", ""),
            "gravity": seat.request.GET.get("gravity", ""),
            "facts": page.text(page.made.opening, "facts"),
            "measures": page.made.proposed,
            "status": STATUS_OF.get(KINDS[unit.kind].group if unit else "", "civil_servant"),
            "party_member": page.made.party_member,
            "scope": SYSTEM,
        },
    )


def _decide_page(
    seat: Seat, page: Page, form: DecisionForm, why: Sequence[str] = ()
) -> HttpResponse:
    """Render the form of the decision with what it rests on."""
    made = page.made
    basis = basis_of(seat, page, form.typed("inquiry"))
    managers = managers_of(made.official, made.organ, seat.today)
    own = _decides(seat, managers)
    ready = own and not basis.lacking
    gravity = _gravity_chosen(page, form, basis)
    listed = _catalogue(seat, page, form, basis, gravity, managers)
    unit = _unit_of(page, seat.today)
    offered = Offers(
        opened=listed.open,
        members=leading_body(page, seat.today),
        honours=_honours_of(seat, unit) if unit else [],
    )
    fields = fields_of(seat, page, form, basis, offered)
    drawn = tuple(fields) if ready else ()
    return seat.page(
        "accountability/measures/decide.html",
        PAGE,
        UNPROCESSABLE if why or form.errors else 200,
        page=page,
        made=made,
        case=made.case,
        cites=seat.cites(made.case.place),
        why=[*form.complaints_elsewhere(drawn), *why],
        drawn=drawn,
        fields=fields,
        parted=gravity == "between" or _are_open(fields.degrees),
        flagged=_are_open(fields.flags),
        others=_are_open(fields.other),
        left_open=_left_open(seat, page) if fields.other else ("", ""),
        subject=page.subject(seat.language),
        uid=uid_of(seat),
        basis=basis,
        read_back=_read_back(seat, page, form, basis, listed) if ready else None,
        own=own,
        ready=ready,
        managers=_names(seat, managers),
        person=made.official is not None,
        year=seat.today.year,
        back=reverse("desk:measure", args=[page.number]),
        gravity=gravity,
        grave=as_choices([(name, str(words)) for name, words in CLASSES.items()], [gravity]),
        closed=listed.closed,
        inquiry=form.typed("inquiry"),
        asked_inquiry=_asked_inquiry(form),
        **_about_unit(seat, page),
    )


def _read_back(
    seat: Seat, page: Page, form: DecisionForm, basis: Basis, listed: Catalogue
) -> ReadBack | None:
    """Return what is read before signing; None where nothing is found yet."""
    if basis.finding is None:
        return None
    return read_back(seat, page, basis.finding, listed.open, form.typed("status"))


def _left_open(seat: Seat, page: Page) -> tuple[str, str]:
    """Return the list that the text leaves open for such a subject, in words, and its article."""
    stated = open_list(page)
    if stated is None:
        return "", ""
    cite = cited(stated.basis, page.file.installed, seat.language)
    return words_in(stated, seat.language), cite


def _are_open(fields: Sequence[AskedField]) -> bool:
    """Say whether a fold must stand open: something in it was filled in, or is wrong."""
    return any(one.value() or one.errors for one in fields)


# --- what is stated -------------------------------------------------------------------------------
def _gravity_chosen(page: Page, form: DecisionForm, basis: Basis) -> str:
    """Return the class of gravity of the page: as posted or linked, as proposed, or as found."""
    return form.typed("gravity") or page.made.gravity or _class_found(basis)


def _class_found(basis: Basis) -> str:
    """Return the class of the gravity found, "" where there is no finding."""
    return CLASS_OF[basis.found.classed] if basis.found is not None else ""


def _catalogue(
    seat: Seat,
    page: Page,
    form: DecisionForm,
    basis: Basis,
    gravity: str,
    managers: Collection[int],
) -> Catalogue:
    """Return the measures open and closed; a new form ticks those that were proposed."""
    chosen = frozenset(form.at("measures").typed)
    return catalogue(seat, page, _gravity_stated(form, gravity), basis, managers, chosen)


def _gravity_stated(form: DecisionForm, gravity: str) -> Gravity:
    """Return the gravity as the form states it now, harm and influence apart where given."""
    stated = {**STATED.get(gravity, {}), **filled_in(form, DEGREES)}
    return gravity_of(stated, form.typed("reasons") or NOT_YET)


def _asked_inquiry(form: DecisionForm) -> AskedField:
    """Return the field by which the page is asked for another inquiry to rest on."""
    return InquiryForm(initial={"inquiry": form.typed("inquiry")}).at("inquiry")


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
    """Return what the page says of the unit: its name, and how the rules bind it."""
    unit = _unit_of(page, seat.today)
    return {
        "unit": unit,
        "unit_name": organ_name(unit, seat.language),
        "bound": _bound(seat, page, unit),
    }


def _unit_of(page: Page, today: date) -> Organ | None:
    """Return the organ concerned, or the first of the organs the person works in."""
    if page.organ is not None:
        return page.organ
    found = sorted(organs_of(page.official, today)) if page.official else []
    return Organ.objects.filter(pk__in=found).order_by("pk").first()


def _bound(seat: Seat, page: Page, unit: Organ | None) -> str:
    """Say how the rules by which measures are taken bind the unit, where not directly: applied, by
    reference, or not listed (S 2)."""
    if unit is None:
        return ""
    laws = {rule.bound_by for rule in page.rules.measures.values()} - {""}
    found = binding(page.rules.bindings.values(), unit.kind, unit.level)
    lesser = [one for one in found if one.instrument in laws and one.degree != "direct"]
    return _("；").join(words_in(one, seat.language) for one in lesser)


def _honours_of(seat: Seat, unit: Organ) -> list[Honour]:
    """Return whose comprehensive honours an admonition cancels: the area, the department, the
    unit (S 14)."""
    is_area = unit.kind == "government"
    government = None if is_area else own_government(unit, seat.today)
    area = government or unit
    return [
        Honour("area", pgettext("honours", "地区"), area.pk, organ_name(area, seat.language)),
        Honour("department", pgettext("honours", "部门"), unit.pk, organ_name(unit, seat.language)),
        Honour("unit", pgettext("honours", "单位"), unit.pk, organ_name(unit, seat.language)),
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
