"""Leads (追责线索, journey 10 steps 1 and 2, journey 7 step 7): the inbox, one lead with what it rests
on, raising one.

Only people cleared for accountability in a petition department learn that there are leads; for
everybody else, above
all for the unit and the official concerned, the pages are not there. Nobody is ranked: leads come
by their day.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from dengwen.accountability.finders import FINDERS, STRENGTHS
from dengwen.accountability.finders.deadlines import FINDER_OF_RULE
from dengwen.accountability.leads.new_lead import KIND, PERSON
from dengwen.accountability.leads.queries import (
    DECLINED,
    RAISED,
    TAKEN,
    Item,
    Lead,
    Situation,
    choices,
    inbox,
    read_all,
    read_lead,
)
from dengwen.cases import rulebooks
from dengwen.cases.models import Act, Case
from dengwen.cases.read.case_view import CaseFile, rail, read_file, state_words
from dengwen.cases.wall.visibility import ACCOUNT_KINDS, for_user
from dengwen.cases.write.record import handed_out
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE
from dengwen.desk.shell.act.forms import read_day
from dengwen.desk.shell.act.submit import write, zh
from dengwen.desk.shell.case.protected_text import texts_of
from dengwen.desk.shell.frame.lead_address import area_of, may_raise, raise_href
from dengwen.desk.shell.frame.seat import Seat, at_desk, case_href, organ_name, uid_of
from dengwen.law.bilingual import headline, words_in
from dengwen.law.duties.step import FieldValue, Step
from dengwen.ledger.act_receipts import receipt
from dengwen.ledger.models import Event
from dengwen.organs.models import Appointment, Official, Organ
from dengwen.organs.structure.lines import organs_on
from dengwen.oversight.supervision_letters import LateLine, defect_text, find_line
from dengwen.ui.components import Choice, FieldType, FormField, Link

PAGE = "leads"
STATES = (RAISED, TAKEN, DECLINED)
_CHINESE = re.compile("[\u4e00-\u9fff]")
MOST = 100
"""Leads shown of one state; what waits longer comes first."""


def lead_way(seat: Seat, file: CaseFile) -> dict[str, str]:
    """Return where a lead is raised from the page of a case, "" where this seat raises none
    about anybody in it."""
    case = file.case
    if case.protected or case.kind in ACCOUNT_KINDS or not may_raise(seat):
        return {"lead_new": ""}
    concerned = {case.holder_id} | _organs_in(case)
    return {"lead_new": raise_href(case=case.number) if concerned & area_of(seat) else ""}


def lead_href(number: str) -> str:
    """Return the address of a lead."""
    return reverse("desk:lead", args=[number])


# --- the inbox ------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Line:
    """One lead in the inbox, in the language of the page."""

    href: str
    number: str
    finder: str
    unit: str
    official: str
    situations: tuple[tuple[str, str], ...]
    strength: str
    strong: str
    day: date
    raised: date
    events: tuple[str, ...]
    more: int


EVENTS_SHOWN = 3


@require_safe
@at_desk
def leads(seat: Seat) -> HttpResponse:
    """List the leads that wait, the longest waiting first; those taken and declined stay to be
    read."""
    if not may_raise(seat):
        raise Http404
    state = seat.request.GET.get("state", RAISED)
    state = state if state in STATES else RAISED
    visible = for_user(seat.viewer, seat.today)
    found = read_all(inbox(visible, state)[:MOST], opened=False)
    counts = [(one, inbox(visible, one).count()) for one in STATES]
    return seat.page(
        "accountability/leads.html",
        PAGE,
        lines=[_line(seat, lead) for lead in found],
        state=state,
        tabs=[
            (f"?state={one}", _state_words(seat, one), count, one == state) for one, count in counts
        ],
    )


def _state_words(seat: Seat, state: str) -> str:
    words = {
        RAISED: ("待决定", "to be decided"),
        TAKEN: ("已接手", "taken"),
        DECLINED: ("不予接手", "declined"),
    }
    return words_in(words[state], seat.language)


def _line(seat: Seat, lead: Lead) -> Line:
    return Line(
        lead_href(lead.number),
        lead.number,
        words_in(lead.finder_words(), seat.language),
        organ_name(lead.unit, seat.language),
        lead.official.name if lead.official else "",
        tuple((words_in(s, seat.language), zh(seat, s.law_zh, s.law_en)) for s in lead.situations),
        words_in(lead.strength_words(), seat.language),
        lead.strength,
        lead.day,
        lead.raised_on,
        tuple(_event(seat, item) for item in lead.evidence[:EVENTS_SHOWN]),
        max(0, len(lead.evidence) - EVENTS_SHOWN),
    )


def _event(seat: Seat, item: Item) -> str:
    """Say which act a lead rests on: its name, day and case; of a sealed matter no more than
    that it is one."""
    if not item.act or item.day is None:
        return _("封存的一件")
    kind = rulebooks.in_force(item.day, "", seat.now).book.kinds.get(item.kind)
    rule = kind.acts.get(item.act) if kind else None
    name = headline(rule, seat.language) if rule else item.act
    return f"{item.day} {name} {item.case}"


# --- one lead -------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Shown:
    """One thing a lead rests on, with where its case and its proof open ("" where they do not)."""

    what: str
    event: str
    case: Link | None
    proof: str


def _lead(seat: Seat, number: str) -> Case:
    case = seat.case(number)
    if case.kind != KIND:
        raise Http404
    return case


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def lead(seat: Seat, number: str) -> HttpResponse:
    """Show one lead with everything it rests on; take it, or decline it with reasons."""
    case = _lead(seat, number)
    if seat.request.method != "POST":
        return _show(seat, case)
    post = seat.request.POST
    if "take" in post:
        step = Step(act="take", case=number, fields={"no_conflict": post["take"] == "no_conflict"})
        return write(
            seat, [step], lambda why: _show(seat, case, why), lambda _number: _onward(number)
        )
    step = Step(act="decline", case=number, texts={"reason": post.get("reason", "").strip()})
    return write(seat, [step], lambda why: _show(seat, case, why), lead_href(number))


def _onward(number: str) -> str:
    """Return the address of the inquiry a lead was taken into."""
    opened = (
        Act.objects.filter(act="open_inquiry", data__lead=number).select_related("case").first()
    )
    return (
        reverse("desk:inquiry", args=[opened.case.number])
        if opened is not None
        else lead_href(number)
    )


def _show(seat: Seat, case: Case, why: Sequence[str] = ()) -> HttpResponse:
    texts = texts_of(seat, case)
    found = read_lead(case, opened="D5" not in texts.closed)
    visible = for_user(seat.viewer, seat.today)
    numbers = {item.case for item in found.evidence} | {found.about, found.inquiry}
    titles = dict(visible.filter(number__in=numbers - {""}).values_list("number", "title"))
    file = read_file(case, seat.now)
    return seat.page(
        "accountability/lead.html",
        PAGE,
        UNPROCESSABLE if why else 200,
        case=case,
        why=why,
        uid=uid_of(seat),
        rail=rail(file, seat.today, seat.language),
        state=state_words(file, seat.language),
        line=_line(seat, found),
        lead=found,
        facts=spoken(seat, found.facts, "\n"),
        innocent=spoken(seat, found.innocent, "\n"),
        closed="D5" in texts.closed,
        about=_case_link(found.about, titles),
        inquiry=_case_link(found.inquiry, titles),
        items=[
            _shown(seat, found, place, item, titles) for place, item in enumerate(found.evidence, 1)
        ],
        decides=found.state == RAISED and may_raise(seat) and case.holder_id == seat.actor.organ,
        whole=case_href(case.number),
        up=case_href(case.number, "hand_up"),
    )


def spoken(seat: Seat, text: str, between: str) -> str:
    """Return the part of a text in the language of the page, where a finder wrote it in both;
    else the whole."""
    first, mark, second = text.partition(between)
    both = (
        bool(mark) and bool(_CHINESE.search(first)) and not _CHINESE.search(second.replace("“", ""))
    )
    return zh(seat, first, second) if both else text


def _case_link(number: str, titles: Mapping[str, str]) -> Link | None:
    return Link(titles[number] or number, case_href(number)) if number in titles else None


def _shown(seat: Seat, found: Lead, place: int, item: Item, titles: Mapping[str, str]) -> Shown:
    proof = reverse("desk:lead_proof", args=[found.number, place]) if item.seq else ""
    return Shown(
        spoken(seat, item.what, " / "), _event(seat, item), _case_link(item.case, titles), proof
    )


@require_GET
@at_desk
def proof(seat: Seat, number: str, place: int) -> HttpResponse:
    """Hand out the proof that what a lead rests on stands in the ledger, also of a case this
    seat does not read."""
    evidence = read_lead(_lead(seat, number), opened=False).evidence
    item = evidence[place - 1] if 1 <= place <= len(evidence) else None
    event = (
        Event.objects.filter(case_key=item.case, case_seq=item.seq).first()
        if item and item.seq
        else None
    )
    if item is None or event is None:
        raise Http404
    answer = HttpResponse(
        receipt(event, names=handed_out(item.act)), content_type="text/plain; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{item.case}-{item.seq}.receipt.txt"'
    return answer


# --- raising one ----------------------------------------------------------------------------------
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


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def begin(seat: Seat) -> HttpResponse:
    """Ask for a lead with the facts of a late line or of a case filled in, or raise it: facts
    only, no judgement."""
    start = _start(seat) if may_raise(seat) else None
    if start is None:
        raise Http404
    if seat.request.method != "POST":
        return _form(seat, start, {})
    post = seat.request.POST
    errors: dict[str, str] = {}
    day = read_day(post.get("day", ""))
    wanted = tuple(s.id for s in start.situations if s.id in post.getlist("situations"))
    unit = next((o for o in start.units if str(o.pk) == post.get("unit", "")), None)
    texts = {name: post.get(name, "").strip() for name in ("facts", "innocent")}
    needed: dict[str, object] = {"unit": unit, "situations": wanted, "day": day, **texts}
    for name, value in needed.items():
        if not value:
            errors[name] = _("请选择或者填写。")
    if errors or unit is None or day is None:
        return _form(seat, start, errors)
    official = _official(post.get("official", ""), unit)
    fields: dict[str, FieldValue] = {
        "finder": PERSON,
        "unit": unit.pk,
        "situations": wanted,
        "day_of_conduct": day,
        "about": start.case.number,
        "strength": post.get("strength", "acts"),
        **({"official": official} if official else {}),
    }
    steps = [
        Step(act="raise_lead", kind=KIND, open_as=KIND, fields=fields, texts=texts),
        *_evidence(start),
    ]
    return write(seat, steps, lambda why: _form(seat, start, {}, why), lead_href)


def _start(seat: Seat) -> Start | None:
    """Return what a lead begins with, from the line or the case the address names; None where it
    is not to be seen."""
    asked = seat.request.GET
    visible = for_user(seat.viewer, seat.today)
    line = find_line(visible, asked.get("line", "")) if "line" in asked else None
    case = line.row.case if line else _case(visible, asked.get("case", ""))
    if case is None or ("line" in asked and line is None):
        return None
    area = area_of(seat)
    there = {line.row.holder_id} if line else {case.holder_id, *_organs_in(case)}
    units = tuple(
        organs_on(seat.today).filter(pk__in={pk for pk in there if pk in area}).order_by("code")
    )
    if not units:
        return None
    unit = next((o for o in units if o.pk == case.holder_id), units[0])
    day = (line.row.due if line else None) or seat.today
    finder = FINDERS.get(FINDER_OF_RULE.get(line.row.rule, "")) if line else None
    offered = tuple(choices(day, unit))
    conducts = frozenset(finder.conduct) if finder else frozenset()
    chosen = frozenset(s.id for s in offered if conducts & frozenset(s.conduct))
    values = {
        "day": day.isoformat(),
        "facts": defect_text(line, seat.today) if line else "",
        "innocent": f"{finder.innocent_zh}\n{finder.innocent_en}" if finder else "",
        "strength": finder.strength if finder else "acts",
        "official": str(_bearer(line) or ""),
    }
    return Start(case, line, units, unit, values, offered, chosen)


def _case(visible: QuerySet[Case], number: str) -> Case | None:
    return visible.filter(number=number, protected=False).exclude(kind__in=ACCOUNT_KINDS).first()


def _organs_in(case: Case) -> set[int]:
    acts = Act.objects.filter(case=case, organ__isnull=False).values_list("organ_id", flat=True)
    return set(acts)


def _bearer(line: LateLine | None) -> int | None:
    """Return the official a late duty names, or the handler of the case in the same organ."""
    if line is None:
        return None
    if line.row.official_id is not None:
        return line.row.official_id
    return line.row.case.handler_id if line.row.case.holder_id == line.row.holder_id else None


def _official(text: str, unit: Organ) -> int | None:
    """Return an official who holds or held a post in the unit, None for nobody or somebody else."""
    pk = int(text) if text.isdecimal() and len(text) < 12 else 0
    return (
        pk if pk and Appointment.objects.filter(official_id=pk, post__organ=unit).exists() else None
    )


def _evidence(start: Start) -> list[Step]:
    """Return what the lead rests on: what opened the late duty, and the breach as the system
    recorded it."""
    if start.line is None:
        return []
    row, rule = start.line.row, start.line.duty.rule
    wanted = [(row.opened_by_id, f"“{rule.zh}”自此开启 / “{rule.en}” began here")]
    if row.breach_id is not None:
        wanted.append((row.breach_id, "系统记下的逾期 / the breach as recorded"))
    uids = dict(Act.objects.filter(pk__in=[pk for pk, _ in wanted]).values_list("pk", "uid"))
    return [
        Step(
            act="add_evidence",
            ref=KIND,
            fields={"from": start.case.number, "act": pk, "uid": uids[pk]},
            texts={"what": what},
        )
        for pk, what in wanted
    ]


def _form(
    seat: Seat, start: Start, errors: Mapping[str, str], why: Sequence[str] = ()
) -> HttpResponse:
    post, index = seat.request.POST, 0 if seat.language == "zh" else 1
    posted = seat.request.method == "POST"

    def one(
        name: str, kind: FieldType, label: str, options: tuple[Choice, ...] = (), hint: str = ""
    ) -> FormField:
        value = post.get(name, "") if posted else start.values.get(name, "")
        return FormField(
            name,
            kind,
            label,
            required=name not in ("official", "strength"),
            choices=options,
            hint=hint,
            value=value,
            errors=(errors[name],) if name in errors else (),
        )

    picked = frozenset(post.getlist("situations")) if posted else start.chosen
    unit = post.get("unit", "") if posted else str(start.unit.pk)
    official = post.get("official", "") if posted else start.values["official"]
    strength = post.get("strength", "") if posted else start.values["strength"]
    fields = [
        one(
            "unit",
            "organ",
            _("所指的机关、单位"),
            tuple(
                Choice(str(o.pk), organ_name(o, seat.language), str(o.pk) == unit)
                for o in start.units
            ),
        ),
        one("official", "official", _("所指的人员（不明的不写）"), _people(start.units, official)),
        one(
            "situations",
            "codes",
            _("可能符合的情形（细则第十一条）"),
            tuple(
                Choice(s.id, words_in(s, seat.language), s.id in picked) for s in start.situations
            ),
        ),
        one("day", "date", _("行为发生日期")),
        one("facts", "text", pgettext("leads", "事实"), hint=_("只写事实，不作判断，不写信访人")),
        one("innocent", "text", _("如果情有可原，会看到什么")),
        one(
            "strength",
            "code",
            _("证据强度"),
            tuple(
                Choice(name, words[index], name == strength) for name, words in STRENGTHS.items()
            ),
        ),
    ]
    return seat.page(
        "accountability/lead_new.html",
        PAGE,
        UNPROCESSABLE if errors or why else 200,
        fields=fields,
        why=why,
        uid=uid_of(seat),
        case=start.case,
        back=reverse("desk:breaches") if start.line else case_href(start.case.number),
        line=headline(start.line.duty.rule, seat.language) if start.line else "",
    )


def _people(units: Sequence[Organ], chosen: str) -> tuple[Choice, ...]:
    held = Appointment.objects.filter(post__organ__in=units).values("official_id")
    people = Official.objects.filter(pk__in=held).order_by("code")
    return tuple(Choice(str(o.pk), o.name, str(o.pk) == chosen) for o in people)
