"""The registers of prevention at the desk: decisions and their risk, meetings, screening, who is
responsible, warnings.

Every list is of cases the wall lets through; no line, count or figure comes from anywhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dengwen.cases.models import Act, Case, CaseLink
from dengwen.cases.read.case_view import blank_file
from dengwen.cases.wall.visibility import WORKING_ROLES, among, for_user
from dengwen.desk.shell.act.act_page import Way, answer
from dengwen.desk.shell.act.code_words import names_of
from dengwen.desk.shell.frame.seat import TAKING_IN, Seat, at_desk, case_href, organ_name
from dengwen.law.bilingual import headline
from dengwen.law.packs.rules import KindRule
from dengwen.organs.models import Organ
from dengwen.organs.structure.lines import division_on
from dengwen.prevention.models import Dispute, Evidence, RaisedWarning, Responsible
from dengwen.prevention.watch import Record, records

PAGE = 30
DECISIONS, MEETINGS, SCREENINGS, PROBLEMS, WARNINGS, PROVISIONS = (
    "decisions",
    "meetings",
    "screenings",
    "problems",
    "warnings",
    "provisions",
)
PARTS: Mapping[str, tuple[str, str, str]] = {
    DECISIONS: ("decision", "重大决策与风险评估", "Major decisions and their risk"),
    WARNINGS: ("warning", "预警", "Warnings"),
    MEETINGS: ("meeting", "会议", "Meetings"),
    SCREENINGS: ("screening", "矛盾纠纷排查", "Screening for disputes"),
    PROBLEMS: ("responsibility_record", "责任归属", "Who is responsible"),
    PROVISIONS: ("provision", "制度和保障", "Rules and resources"),
}
"""Each register: its kind of case, and its name in both languages."""


@dataclass(frozen=True, slots=True)
class Line:
    """One case in a register: name, address, day, state, what matters about it; `late` says what
    is missing."""

    title: str
    href: str
    number: str
    day: date
    state: str
    says: str
    late: str = ""


@require_safe
@at_desk
def registers(seat: Seat, part: str = DECISIONS) -> HttpResponse:
    """List one register, the newest first."""
    if part not in PARTS or not seat.roles & WORKING_ROLES:
        raise Http404
    kind, *_names = PARTS[part]
    rule = _kind(seat, kind)
    cases = for_user(seat.viewer, seat.today).filter(kind=kind)
    found = list(
        _after(cases, seat.request.GET.get("after", "")).order_by("-opened_on", "-number")[
            : PAGE + 1
        ]
    )
    more = found[PAGE - 1].number if len(found) > PAGE else ""
    index = 0 if seat.language == "zh" else 1
    tabs = [
        (reverse("desk:prevention_part", args=[p]), names[index], p == part)
        for p, (_k, *names) in PARTS.items()
    ]
    acts = (
        [a for a in rule.acts.values() if "new" in a.after and a.by != "system"]
        if rule and _may_begin(seat)
        else []
    )
    begin = [
        (reverse("desk:prevention_new", args=[part, a.id]), headline(a, seat.language))
        for a in acts
    ]
    return seat.page(
        "prevention/registers.html",
        "prevention",
        part=part,
        title=PARTS[part][1 + index],
        tabs=tabs,
        begin=begin,
        lines=_lines(seat, part, rule, found[:PAGE]),
        more=more,
        unknown=rule is None,
        turned=turned_out(seat) if part == WARNINGS else None,
    )


def _kind(seat: Seat, kind: str) -> KindRule | None:
    try:
        return blank_file(kind, seat.organ.division_code if seat.organ else "", seat.now).kind
    except KeyError:
        return None


def _may_begin(seat: Seat) -> bool:
    return seat.organ is not None and bool(seat.capacities & TAKING_IN)


def _after(cases: QuerySet[Case], number: str) -> QuerySet[Case]:
    last = cases.filter(number=number).first() if number else None
    if last is None:
        return cases
    return cases.filter(
        Q(opened_on__lt=last.opened_on) | Q(opened_on=last.opened_on, number__lt=number)
    )


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def begin(seat: Seat, part: str, act: str) -> HttpResponse:
    """Open a case of a register by its first act, or ask for it."""
    if part not in PARTS or not _may_begin(seat) or seat.organ is None:
        raise Http404
    kind, *names = PARTS[part]
    rules = _kind(seat, kind)
    rule = rules.acts.get(act) if rules else None
    if rule is None or rule.by == "system" or "new" not in rule.after:
        raise Http404
    file = blank_file(kind, seat.organ.division_code, seat.now)
    way = Way(
        reverse("desk:prevention_part", args=[part]),
        names[0 if seat.language == "zh" else 1],
        kind=kind,
    )
    return answer(seat, file, rule, way)


# --- what each line says --------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Known:
    """What one case of a register did: the data of its newest act of each name, and the days of
    those acts."""

    data: Mapping[str, Mapping[str, object]]

    def get(self, act: str, field: str) -> str:
        """Return a field of the newest act of a name, "" where there is none."""
        return str(self.data.get(act, {}).get(field, "") or "")

    def has(self, *acts: str) -> bool:
        """Say whether any of these acts happened."""
        return any(a in self.data for a in acts)


def _known(cases: Sequence[Case]) -> dict[int, _Known]:
    found: dict[int, dict[str, Mapping[str, object]]] = {c.pk: {} for c in cases}
    for case, act, data in (
        Act.objects.filter(case__in=found).order_by("seq").values_list("case_id", "act", "data")
    ):
        found[case][act] = data
    return {pk: _Known(acts) for pk, acts in found.items()}


def _lines(seat: Seat, part: str, rule: KindRule | None, cases: Sequence[Case]) -> list[Line]:
    known = _known(cases)
    said_of: Callable[
        [Seat, Sequence[Case], Mapping[int, _Known], KindRule], dict[int, tuple[str, str]]
    ] = _SAYS[part]
    words = said_of(seat, cases, known, rule) if rule is not None else {}
    lines = []
    for case in cases:
        says, late = words.get(case.pk, ("", ""))
        title = case.title or (
            warning_title(seat, case, rule) if part == WARNINGS and rule else case.number
        )
        state = _state(seat, rule, case.state) if rule else ""
        lines.append(
            Line(title, case_href(case.number), case.number, case.opened_on, state, says, late)
        )
    return lines


def _state(seat: Seat, rule: KindRule, state: str) -> str:
    found = rule.states.get(state)
    return "" if found is None else _pair(seat, found.zh, found.en)


def _pair(seat: Seat, zh: str, en: str) -> str:
    return zh if seat.language == "zh" else en


def option(rule: KindRule, act: str, field: str, value: str, seat: Seat) -> str:
    """Return the name of an option of an act's field in the language of the page."""
    asked = rule.acts[act].field_rule(field)
    names = asked.option_names.get(value) if asked else None
    return value if names is None else names[0 if seat.language == "zh" else 1]


def _decisions(
    seat: Seat, cases: Sequence[Case], known: Mapping[int, _Known], rule: KindRule
) -> dict[int, tuple[str, str]]:
    """Say of each decision: was an assessment needed, its result and day, and whether it was
    taken without it."""
    visible = for_user(seat.viewer, seat.today).filter(protected=False)
    caused = dict(
        CaseLink.objects.filter(among(visible), kind="caused_by", other__in=[c.pk for c in cases])
        .values_list("other")
        .annotate(Count("id"))
    )
    found = {}
    for case in cases:
        k, parts, late = known[case.pk], [], ""
        if k.has("need_none"):
            parts.append(_("不须评估，已写明理由"))
        elif k.has("assess"):
            result = option(rule, "assess", "result", k.get("assess", "result"), seat)
            parts.append(
                _("%(get)s 评估：%(result)s")
                % {"get": k.get("assess", "assessed_on"), "result": result}
            )
        elif k.has("need_assessment"):
            parts.append(_("须评估，尚无报告"))
        else:
            late = _("没有说明是否须评估")
        if k.has("decide"):
            parts.append(_("%(get)s 决策") % {"get": k.get("decide", "decided_on")})
        if k.has("decide_without"):
            day = k.get("decide_without", "decided_on")
            late = _("%(day)s 没有评估或者风险不可控而决策") % {"day": day}
        if caused.get(case.pk):
            parts.append(_("引起信访 %(value)s 件") % {"value": caused[case.pk]})
        found[case.pk] = _("；").join(parts), late
    return found


def _meetings(
    seat: Seat, cases: Sequence[Case], known: Mapping[int, _Known], rule: KindRule
) -> dict[int, tuple[str, str]]:
    found = {}
    for case in cases:
        k = known[case.pk]
        purpose = k.get("conclude", "purpose")
        what = option(rule, "conclude", "purpose", purpose, seat) if purpose else ""
        day = k.get("call", "held_on")
        found[case.pk] = (_("%(day)s　%(what)s") % {"day": day, "what": what}).strip(), ""
    return found


def _screenings(
    seat: Seat, cases: Sequence[Case], known: Mapping[int, _Known], _rule: KindRule
) -> dict[int, tuple[str, str]]:
    rows = (
        Dispute.objects.filter(screening__in=cases)
        .values("screening")
        .annotate(
            found=Count("id"),
            done=Count("id", filter=~Q(result="")),
            late=Count("id", filter=Q(result="", defuse_by__lt=seat.today)),
        )
    )
    numbers = {row["screening"]: row for row in rows}
    found = {}
    for case in cases:
        row = numbers.get(case.pk, {"found": 0, "done": 0, "late": 0})
        span = f"{known[case.pk].get('begin', 'first')} – {known[case.pk].get('begin', 'last')}"
        zh = f"{span}　发现 {row['found']} 件，已报结果 {row['done']} 件"
        en = f"{span}: {row['found']} found, {row['done']} reported"
        late = _("过期未报 %(value)s 件") % {"value": row["late"]} if row["late"] else ""
        found[case.pk] = _pair(seat, zh, en), late
    return found


def _problems(
    seat: Seat, cases: Sequence[Case], _known: Mapping[int, _Known], _rule: KindRule
) -> dict[int, tuple[str, str]]:
    newest: dict[int, Responsible] = {}
    for row in (
        Responsible.objects.filter(record__in=cases)
        .select_related("organ", "leader", "staff")
        .order_by("pk")
    ):
        newest[row.record_id] = row
    found = {}
    for case in cases:
        now = newest.get(case.pk)
        if now is None:
            found[case.pk] = "", _("没有明确谁负责")
        else:
            who = f"{organ_name(now.organ, seat.language)}，{now.leader.name}、{now.staff.name}"
            found[case.pk] = f"{who}　{now.since}", ""
    return found


def _warnings(
    seat: Seat, cases: Sequence[Case], known: Mapping[int, _Known], rule: KindRule
) -> dict[int, tuple[str, str]]:
    found = {}
    for case in cases:
        verdict = known[case.pk].get("answer", "verdict")
        found[case.pk] = option(rule, "answer", "verdict", verdict, seat) if verdict else "", ""
    return found


def _provisions(
    seat: Seat, cases: Sequence[Case], known: Mapping[int, _Known], _rule: KindRule
) -> dict[int, tuple[str, str]]:
    found = {}
    for case in cases:
        k = known[case.pk]
        year, staff, money = (k.get("set_aside", name) for name in ("year", "staff", "money"))
        zh = (
            f"{year} 年度：{staff} 人，{money} 元"
            if year
            else f"制度，{k.get('adopt_rule', 'from')} 起施行"
        )
        en = (
            f"{year}: staff {staff}, yuan {money}"
            if year
            else f"rule in force from {k.get('adopt_rule', 'from')}"
        )
        found[case.pk] = _pair(seat, zh, en), ""
    return found


_SAYS: Mapping[str, Callable[..., dict[int, tuple[str, str]]]] = {
    DECISIONS: _decisions,
    MEETINGS: _meetings,
    SCREENINGS: _screenings,
    PROBLEMS: _problems,
    WARNINGS: _warnings,
    PROVISIONS: _provisions,
}


# --- warnings -------------------------------------------------------------------------------------
def warning_title(seat: Seat, case: Case, rule: KindRule) -> str:
    """Return what a warning is about in words: how it was found, the place and category, or the
    organ."""
    row = RaisedWarning.objects.filter(case=case).first()
    if row is None:
        return case.number
    place, category, organ = [*row.subject.split("|"), "", ""][:3]
    named = Organ.objects.filter(pk=int(organ)).first() if organ.isdecimal() else None
    division = division_on(place, row.raised_on) if place else None
    where = division.name if division else place
    category = names_of(seat, "category").get(category, category)
    parts = [where, category, organ_name(named, seat.language) if named else ""]
    about = _("，").join(p for p in parts if p)
    what = option(rule, "raise", "detector", row.detector, seat)
    if not about:
        return what
    return (
        f"{what}（{about}）" if seat.language == "zh" else f"{what[:1].upper()}{what[1:]} ({about})"
    )


@dataclass(frozen=True, slots=True)
class Turned:
    """How the warnings of one detector turned out, in words."""

    name: str
    record: Record


def turned_out(seat: Seat) -> list[Turned]:
    """Return how often the warnings of each detector were right."""
    rule = _kind(seat, "warning")
    if rule is None:
        return []
    return [
        Turned(option(rule, "raise", "detector", name, seat), record)
        for name, record in records().items()
    ]


def evidence_of(seat: Seat, warning: RaisedWarning) -> list[Case]:
    """Return the matters a warning rests on that this seat may see; protected ones are never
    among them."""
    visible = for_user(seat.viewer, seat.today).filter(protected=False)
    rows = Evidence.objects.filter(among(visible), digest=warning.digest).select_related("case")
    return sorted((row.case for row in rows), key=lambda case: (case.opened_on, case.number))
