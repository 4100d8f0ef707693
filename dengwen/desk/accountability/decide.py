"""The decision on accountability at the desk: competence, the measures open now, and why the
others are not."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dengwen.accountability.errors import AccountabilityError
from dengwen.accountability.inquiry.proposal_check import CLASS_OF
from dengwen.accountability.inquiry.rules import heavier
from dengwen.accountability.measures.decision_door import apart
from dengwen.accountability.measures.effects import competent_for, managers_of
from dengwen.accountability.measures.queries import earlier_of, gravity_of
from dengwen.accountability.measures.sanction_handover import SUPERVISORY
from dengwen.cases.read.case_view import cited
from dengwen.desk.accountability.decision_basis import Basis, basis_of
from dengwen.desk.accountability.measures import GRAVE, PAGE, Page, can, page_of
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE
from dengwen.desk.shell.act.forms import read_day
from dengwen.desk.shell.act.submit import write, zh
from dengwen.desk.shell.frame.seat import Seat, at_desk, organ_name, uid_of
from dengwen.law.bilingual import words_in
from dengwen.law.duties.step import FieldValue, Step
from dengwen.law.liability.ladder import Gravity, RungAnswer, rungs
from dengwen.law.liability.proposed_decision import BY_CONSTITUTION, ORGAN, PERSON
from dengwen.law.liability.provisions import MeasureRule
from dengwen.organs.kinds import KINDS
from dengwen.organs.models import Organ
from dengwen.organs.structure.applicability import bound_by
from dengwen.organs.structure.posts_held import led_on, organs_of
from dengwen.organs.structure.relations import own_government
from dengwen.ui.components import Choice

WORDS = ("facts", "responsibility", "reasons", "goal", "dissent_answer", "absence_reasons")
"""Texts of a decision."""
STATUS_OF = {
    "enterprise": "soe_manager",
    "direct_institution": "institution_staff",
    "other_institution": "institution_staff",
}
"""The likely status of a person by the group of the own organ; whoever decides says which it is."""


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
    return write(seat, [_decision(seat, page)], lambda why: _decide_page(seat, page, why), back)


def _decision(seat: Seat, page: Page) -> Step:
    post = seat.request.POST
    fields: dict[str, FieldValue] = {
        "decider": seat.user.official_id or 0,
        "measures": tuple(post.getlist("measures")),
    }
    gravity = post.get("gravity", "")
    fields |= GRAVE[gravity][0] if gravity in GRAVE else {}
    if gravity == "between":
        fields |= {n: post[n] for n in ("harm", "influence") if post.get(n)}
    fields |= {n: post[n] for n in ("status", "scope") if post.get(n)}
    fields |= {
        n: True
        for n in ("minor", "retired", "elected", "removed_by_law", "crime_suspected")
        if post.get(n)
    }
    fields |= {n: int(post[n]) for n in ("rectifier",) if post.get(n, "").isdecimal()}
    if "admonition" in post.getlist("measures"):
        for name in ("area", "department", "unit", "year"):
            if post.get(name, "").isdecimal():
                fields[name] = int(post[name])
    deadline = read_day(post.get("deadline", ""))
    if deadline is not None:
        fields["deadline"] = deadline
    if post.get("inquiry", "").strip():
        fields["inquiry"] = post["inquiry"].strip()
    for name in ("members", "circulated_to"):
        words = tuple(
            w for v in post.getlist(name) for w in v.replace("、", " ").replace(",", " ").split()
        )
        fields |= {name: words} if words else {}
    texts = {n: post.get(n, "").strip() for n in WORDS}
    return Step(
        act="decide", case=page.number, fields=fields, texts={n: t for n, t in texts.items() if t}
    )


def _decide_page(seat: Seat, page: Page, why: Sequence[str] = ()) -> HttpResponse:
    made, post, index = page.made, seat.request.POST, int(seat.language != "zh")
    basis = basis_of(seat, page)
    gravity = post.get("gravity") or str(
        seat.request.GET.get("gravity") or made.gravity or _found(basis)
    )
    apart: dict[str, FieldValue] = {n: post[n] for n in ("harm", "influence") if post.get(n)}
    stated = {**(GRAVE[gravity][0] if gravity in GRAVE else {}), **apart}
    reasons = (
        post.get("reasons", "") or "—"
    )  # a person writes them below; without them the door refuses
    finding = gravity_of(stated, reasons)
    open_, closed = _catalogue(seat, page, finding, basis)
    chosen = (
        set(post.getlist("measures")) if post else set(made.proposed) & {m["id"] for m in open_}
    )
    for one in open_:
        one["chosen"] = one["id"] in chosen
    managers = managers_of(made.official, made.organ, seat.today)
    own = _decides(seat, managers)
    opened = made.opening
    unit = _unit_of(page, seat.today)
    typed = {n: post.get(n, "") for n in (*WORDS, "deadline", "circulated_to")}
    return seat.page(
        "accountability/decide.html",
        PAGE,
        UNPROCESSABLE if why else 200,
        page=page,
        made=made,
        case=made.case,
        why=why,
        subject=page.subject(seat.language),
        uid=uid_of(seat),
        open=open_,
        closed=closed,
        own=own,
        ready=own and not basis.lacking,
        managers=_names(seat, managers),
        back=reverse("desk:measure", args=[page.number]),
        grave=[Choice(i, w[index], i == gravity) for i, (_f, w) in GRAVE.items()],
        gravity=gravity,
        statuses=_statuses(page, unit, index),
        scopes=_scopes(page, index),
        typed=typed,
        facts=post.get("facts", "") or (page.texts.of(opened.pk, "facts") if opened else ""),
        unit=unit,
        unit_name=organ_name(unit, seat.language),
        honours=_honours_of(seat, unit),
        year=seat.today.year,
        grades=[Choice(i, w) for i, w in _grades(page, index)],
        members=leading_body(page, seat.today),
        person=made.official is not None,
        deadline_min=seat.today,
        bound=_bound(seat, unit),
        basis=basis,
        inquiry=post.get("inquiry", "") or seat.request.GET.get("inquiry", ""),
    )


def _decides(seat: Seat, managers: Collection[int]) -> bool:
    """Say whether the own organ may decide at all: it manages the subject today, or gives
    sanctions (S 13–17)."""
    return seat.organ is not None and (seat.organ.pk in managers or seat.organ.kind in SUPERVISORY)


def _names(seat: Seat, managers: Collection[int]) -> str:
    found = [
        organ_name(o, seat.language) for o in Organ.objects.filter(pk__in=managers).order_by("pk")
    ]
    return (_("、")).join(found)


def _found(basis: Basis) -> str:
    return CLASS_OF[basis.found.classed] if basis.found is not None else ""


def _catalogue(
    seat: Seat, page: Page, finding: Gravity, basis: Basis
) -> tuple[list[dict[str, object]], list[tuple[str, str, str]]]:
    """Return the measures that may be decided on now, and of each other one the reason why not
    with its rule."""
    index, on = int(seat.language != "zh"), PERSON if page.made.official is not None else ORGAN
    stated = Gravity() if basis.failed else finding
    rungs_ = rungs(page.rules, stated, earlier_of(page.made, page.rules), seat.today)
    beyond = basis.found is not None and not basis.failed and heavier(finding, basis.found)
    answers = {m: a for a in rungs_ for m in a.rung.measures}
    manages = seat.organ is not None and seat.organ.pk in managers_of(
        page.made.official, page.made.organ, seat.today
    )
    open_: list[dict[str, object]] = []
    closed: list[tuple[str, str, str]] = []
    for rule in page.rules.measures.values():
        words, cite = (
            (rule.zh, rule.en)[index],
            cited(rule.basis, page.file.installed, seat.language),
        )
        answer_ = answers.get(rule.id)
        shut = "" if answer_ is None or answer_.open else (answer_.zh, answer_.en)[index]
        no = (
            _not_for(seat, rule, on)
            or _apart(seat, page, rule)
            or _handed_over(seat, rule, manages=manages)
            or shut
        )
        if not no and beyond and answer_ is not None:
            no = _("写的情节比认定的重（细则第十三条至第十五条）")
        if no:
            closed.append((words, no, cite))
        else:
            open_.append(
                {"id": rule.id, "words": words, "cite": cite, "ground": _ground(seat, answer_)}
            )
    return open_, closed


def _not_for(seat: Seat, rule: MeasureRule, on: str) -> str:
    if rule.kind == "supervision":
        return _("是督促，不是细则第十二条的责任追究，由联席会议、上级另办")
    if on not in rule.on:
        return zh(
            seat,
            "只对单位" if on == PERSON else "只对个人",
            "for organs only" if on == PERSON else "for persons only",
        )
    return ""


def _apart(seat: Seat, page: Page, rule: MeasureRule) -> str:
    """Say that a sanction is given in a file of its own, and nothing else there (S 16); "" where
    it may stand here."""
    if rule.id in BY_CONSTITUTION:
        return _("由党章规定的程序决定（问责条例第八条）")
    try:
        apart([rule], page.made)
    except AccountabilityError as error:
        return words_in(error, seat.language)
    return ""


def _handed_over(seat: Seat, rule: MeasureRule, *, manages: bool) -> str:
    """Say which other body decides on a sanction (S 16); "" where this organ may."""
    body = competent_for(rule, seat.organ, manages=manages) if seat.organ is not None else None
    return (
        ""
        if body is None
        else zh(seat, f"由{body[0]}决定，移送", f"decided by {body[1]}: hand it over")
    )


def _ground(seat: Seat, answer_: RungAnswer | None) -> str:
    if answer_ is None:
        return ""
    return (answer_.zh, answer_.en)[seat.language != "zh"]


def _unit_of(page: Page, today: date) -> Organ | None:
    if page.organ is not None:
        return page.organ
    found = sorted(organs_of(page.official, today)) if page.official else []
    return Organ.objects.filter(pk__in=found).order_by("pk").first()


def _bound(seat: Seat, unit: Organ | None) -> str:
    """Say how the rules bind the unit, where not directly: applied, by reference, or not listed
    (S 2)."""
    found = bound_by(unit.kind, "S", seat.today, unit.level) if unit is not None else None
    return "" if found is None or found.degree == "direct" else words_in(found, seat.language)


def _statuses(page: Page, unit: Organ | None, index: int) -> list[Choice]:
    rule = page.file.kind.acts["decide"].field_rule("status")
    likely = STATUS_OF.get(KINDS[unit.kind].group if unit else "", "civil_servant")
    return [
        Choice(i, w[index], i == likely) for i, w in (rule.option_names.items() if rule else ())
    ]


def _scopes(page: Page, index: int) -> list[Choice]:
    rule = page.file.kind.acts["decide"].field_rule("scope")
    return [
        Choice(i, w[index], i == "system") for i, w in (rule.option_names.items() if rule else ())
    ]


def _grades(page: Page, index: int) -> list[tuple[str, str]]:
    rule = page.file.kind.acts["decide"].field_rule("harm")
    return [(i, w[index]) for i, w in (rule.option_names.items() if rule else ())]


def _honours_of(seat: Seat, unit: Organ | None) -> list[tuple[str, str, int, str]]:
    """Return whose comprehensive honours an admonition cancels: the area, the department, the
    unit (S 14)."""
    if unit is None:
        return []
    area = unit if unit.kind == "government" else own_government(unit, seat.today) or unit
    labels = (
        ("area", "地区", "area"),
        ("department", "部门", "department"),
        ("unit", "单位", "unit"),
    )
    organs = {"area": area, "department": unit, "unit": unit}
    return [
        (n, zh(seat, z, e), organs[n].pk, organ_name(organs[n], seat.language))
        for n, z, e in labels
    ]


def leading_body(page: Page, today: date) -> list[tuple[str, str]]:
    """Return the leading body of a party organisation, whose responsible members answer too
    (AC19 6(2))."""
    if page.organ is None or KINDS[page.organ.kind].group != "party":
        return []
    return [
        (a.official.code, f"{a.official.name}，{a.post.title_zh}")
        for a in led_on(page.organ, today)
    ]
