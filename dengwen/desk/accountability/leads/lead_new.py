"""Raising a lead by hand: facts of a late line or of a case, no judgement (journey 7 step 7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from dengwen.accountability.finders import FINDERS, STRENGTHS, Finder
from dengwen.accountability.finders.deadlines import FINDER_OF_RULE
from dengwen.accountability.leads.new_lead import KIND, PERSON
from dengwen.accountability.leads.queries import Situation, choices
from dengwen.cases.models import Act, Case
from dengwen.cases.read.case_view import CaseFile
from dengwen.cases.wall.visibility import ACCOUNT_KINDS, for_user
from dengwen.desk.accountability.leads.lead_words import PAGE, lead_href
from dengwen.desk.accountability.offers import organs_offered
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE
from dengwen.desk.shell.act.submit import write
from dengwen.desk.shell.frame.lead_address import area_of, may_raise, raise_href
from dengwen.desk.shell.frame.seat import Seat, at_desk, case_href, uid_of
from dengwen.law.bilingual import headline, words_in
from dengwen.law.duties.step import FieldValue, Step
from dengwen.organs.models import Appointment, Official, Organ
from dengwen.organs.structure.lines import organs_on
from dengwen.oversight.supervision_letters import LateLine, defect_text, find_line
from dengwen.ui.form_fields import Area, AskedForm, Day, OneOf, SomeOf, form_of, read_number

TEXTS = ("facts", "innocent")


def lead_way(seat: Seat, file: CaseFile) -> dict[str, str]:
    """Return where a lead is raised from the page of a case, "" where this seat raises none
    about anybody in it."""
    case = file.case
    if case.protected or case.kind in ACCOUNT_KINDS or not may_raise(seat):
        return {"lead_new": ""}
    concerned = {case.holder_id} | _organs_in(case)
    return {"lead_new": raise_href(case=case.number) if concerned & area_of(seat) else ""}


def _organs_in(case: Case) -> set[int]:
    """Return the organs that have done anything in a case."""
    acts = Act.objects.filter(case=case, organ__isnull=False).values_list("organ_id", flat=True)
    return set(acts)


# --- what it begins with --------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Start:
    """What a lead raised by hand begins with: the case, the late line if any, the unit, what is
    filled in."""

    case: Case
    line: LateLine | None
    units: tuple[Organ, ...]
    unit: Organ
    values: Mapping[str, str]
    situations: tuple[Situation, ...]
    chosen: frozenset[str]


@dataclass(frozen=True, slots=True)
class Matter:
    """What the address names: a case, or a late line of it."""

    case: Case
    line: LateLine | None


def _start(seat: Seat) -> Start | None:
    """Return what a lead begins with, from the line or the case the address names; None where it
    is not to be seen."""
    matter = _matter(seat)
    if matter is None:
        return None
    case, line = matter.case, matter.line
    units = _units(seat, matter)
    if not units:
        return None
    unit = next((one for one in units if one.pk == case.holder_id), units[0])
    day = (line.row.due if line else None) or seat.today
    finder = FINDERS.get(FINDER_OF_RULE.get(line.row.rule, "")) if line else None
    situations = tuple(choices(day, unit))
    return Start(
        case=case,
        line=line,
        units=units,
        unit=unit,
        values=_values(seat, line, finder, day),
        situations=situations,
        chosen=_likely(situations, finder),
    )


def _matter(seat: Seat) -> Matter | None:
    """Return the case or the late line the address names, None where this seat does not see it."""
    asked = seat.request.GET
    visible = for_user(seat.viewer, seat.today)
    if "line" in asked:
        line = find_line(visible, asked["line"])
        return None if line is None else Matter(line.row.case, line)
    case = _case(visible, asked.get("case", ""))
    return None if case is None else Matter(case, None)


def _case(visible: QuerySet[Case], number: str) -> Case | None:
    """Return a case a lead can be raised from: no protected one, none of accountability itself."""
    open_cases = visible.filter(protected=False).exclude(kind__in=ACCOUNT_KINDS)
    return open_cases.filter(number=number).first()


def _units(seat: Seat, matter: Matter) -> tuple[Organ, ...]:
    """Return the organs the lead can be about: the bearer of the late duty, or all in the case,
    those of the own area alone."""
    if matter.line is not None:
        concerned = {matter.line.row.holder_id}
    else:
        concerned = {matter.case.holder_id, *_organs_in(matter.case)}
    within = area_of(seat).intersection(concerned)
    return tuple(organs_on(seat.today).filter(pk__in=within).order_by("code"))


def _likely(situations: Sequence[Situation], finder: Finder | None) -> frozenset[str]:
    """Return the circumstances that name a conduct the finder of such a late line looks for."""
    conducts = frozenset(finder.conduct) if finder else frozenset()
    return frozenset(one.id for one in situations if conducts.intersection(one.conduct))


def _values(seat: Seat, line: LateLine | None, finder: Finder | None, day: date) -> dict[str, str]:
    """Return what the form is filled in with at first."""
    return {
        "day": day.isoformat(),
        "facts": defect_text(line, seat.today) if line else "",
        "innocent": f"{finder.innocent_zh}\n{finder.innocent_en}" if finder else "",
        "strength": finder.strength if finder else "acts",
        "official": str(_bearer(line) or ""),
    }


def _bearer(line: LateLine | None) -> int | None:
    """Return the official a late duty names, or the handler of the case in the same organ."""
    if line is None:
        return None
    if line.row.official_id is not None:
        return line.row.official_id
    case = line.row.case
    return case.handler_id if case.holder_id == line.row.holder_id else None


# --- raising it -----------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def begin(seat: Seat) -> HttpResponse:
    """Ask for a lead with the facts of a late line or of a case filled in, or raise it: facts
    only, no judgement."""
    start = _start(seat) if may_raise(seat) else None
    if start is None:
        raise Http404
    form = _asked(seat, start)
    if not form.is_bound or form.errors:
        return _form(seat, start, form)
    steps = [_raising(start, form), *_evidence(start)]
    return write(seat, steps, lambda why: _form(seat, start, form, why), lead_href)


def _raising(start: Start, form: AskedForm) -> Step:
    """Return the step that raises the lead."""
    typed = form.cleaned_data
    unit = next(one for one in start.units if str(one.pk) == typed["unit"])
    fields: dict[str, FieldValue] = {
        "finder": PERSON,
        "unit": unit.pk,
        "situations": typed["situations"],
        "day_of_conduct": typed["day"],
        "about": start.case.number,
        "strength": typed["strength"] or "acts",
    }
    official = _official(typed["official"], unit)
    if official:
        fields["official"] = official
    texts = {name: form.value(name) for name in TEXTS}
    return Step(act="raise_lead", kind=KIND, open_as=KIND, fields=fields, texts=texts)


def _official(text: str, unit: Organ) -> int | None:
    """Return an official who holds or held a post in the unit, None for nobody or somebody else."""
    pk = read_number(text)
    if not pk:
        return None
    held = Appointment.objects.filter(official_id=pk, post__organ=unit)
    return pk if held.exists() else None


def _evidence(start: Start) -> list[Step]:
    """Return what the lead rests on: what opened the late duty, and the breach as the system
    recorded it."""
    if start.line is None:
        return []
    row, rule = start.line.row, start.line.duty.rule
    wanted = {row.opened_by_id: f"“{rule.zh}”自此开启 / “{rule.en}” began here"}
    if row.breach_id is not None:
        wanted[row.breach_id] = "系统记下的逾期 / the breach as recorded"
    uids = dict(Act.objects.filter(pk__in=wanted).values_list("pk", "uid"))
    return [
        Step(
            act="add_evidence",
            ref=KIND,
            fields={"from": start.case.number, "act": pk, "uid": uids[pk]},
            texts={"what": what},
        )
        for pk, what in wanted.items()
    ]


# --- the form -------------------------------------------------------------------------------------
def _form(seat: Seat, start: Start, form: AskedForm, why: Sequence[str] = ()) -> HttpResponse:
    """Render the form, with what is wrong in it."""
    line = start.line
    return seat.page(
        "accountability/leads/lead_new.html",
        PAGE,
        UNPROCESSABLE if form.errors or why else 200,
        fields=form.asked(),
        why=why,
        uid=uid_of(seat),
        case=start.case,
        back=reverse("desk:breaches") if line else case_href(start.case.number),
        line=headline(line.duty.rule, seat.language) if line else "",
    )


def _asked(seat: Seat, start: Start) -> AskedForm:
    """Return the form of a lead, filled in as it begins."""
    missing = _("请选择或者填写。")
    situations = [(one.id, words_in(one, seat.language)) for one in start.situations]
    strengths = [(name, words_in(words, seat.language)) for name, words in STRENGTHS.items()]
    asked = {
        "unit": OneOf(
            _("所指的机关、单位"),
            type="organ",
            needed=True,
            missing=missing,
            choices=organs_offered(start.units, seat.language),
            initial=str(start.unit.pk),
        ),
        "official": OneOf(_("所指的人员（不明的不写）"), type="official", choices=_people(start)),
        "situations": SomeOf(
            _("可能符合的情形"),
            needed=True,
            missing=missing,
            choices=situations,
            initial=[*start.chosen],
        ),
        "day": Day(_("行为发生日期"), needed=True, missing=missing),
        "facts": Area(
            pgettext("leads", "事实"),
            needed=True,
            missing=missing,
            hint=_("只写事实，不作判断，不写信访人"),
        ),
        "innocent": Area(_("如果情有可原，会看到什么"), needed=True, missing=missing),
        "strength": OneOf(_("证据强度"), choices=strengths),
    }
    return form_of(seat.request, asked, initial=start.values)


def _people(start: Start) -> list[tuple[str, str]]:
    """Return everybody who holds or held a post in one of the units."""
    held = Appointment.objects.filter(post__organ__in=start.units).values("official_id")
    people = Official.objects.filter(pk__in=held).order_by("code")
    return [(str(one.pk), one.name) for one in people]
