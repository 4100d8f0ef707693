"""What each line of a register of prevention says: what matters about a case, and what is
missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from dengwen.cases.models import Act, Case, CaseLink
from dengwen.cases.wall.visibility import among, for_user
from dengwen.desk.prevention.kind_rules import option, state_words
from dengwen.desk.prevention.raised_warnings import warning_title
from dengwen.desk.shell.frame.seat import Seat, case_href, organ_name
from dengwen.law.packs.rules import KindRule
from dengwen.prevention.models import Dispute, Responsible


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


@dataclass(frozen=True, slots=True)
class Known:
    """What one case did: the data of its newest act of each name."""

    data: Mapping[str, Mapping[str, object]]

    def get(self, act: str, field: str) -> str:
        """Return a field of the newest act of a name, "" where there is none."""
        return str(self.data.get(act, {}).get(field, "") or "")

    def has(self, act: str) -> bool:
        """Say whether an act of a name happened."""
        return act in self.data


@dataclass(frozen=True, slots=True)
class Listed:
    """The cases of one page of a register, with what they did, for somebody at the desk."""

    seat: Seat
    rule: KindRule
    cases: Sequence[Case]
    known: Mapping[int, Known]


@dataclass(frozen=True, slots=True)
class Said:
    """What a line says of its case, and what is missing ("" where nothing is)."""

    says: str
    late: str = ""


Says = dict[int, Said]
"""What the lines say, by case."""


def lines_of(seat: Seat, kind: str, rule: KindRule | None, cases: Sequence[Case]) -> list[Line]:
    """Return the lines of a register of cases of a kind; bare ones where the rules in force here
    know no such kind."""
    if rule is None:
        return [_bare_line(case) for case in cases]
    listed = Listed(seat, rule, cases, _known(cases))
    said = _SAYS[kind](listed)
    return [_line(listed, case, said[case.pk]) for case in cases]


def _bare_line(case: Case) -> Line:
    """Return a line that says nothing of its case."""
    return Line(
        title=case.title or case.number,
        href=case_href(case.number),
        number=case.number,
        day=case.opened_on,
        state="",
        says="",
    )


def _line(listed: Listed, case: Case, said: Said) -> Line:
    """Return a case as a line of its register."""
    return Line(
        title=_title(listed, case),
        href=case_href(case.number),
        number=case.number,
        day=case.opened_on,
        state=state_words(listed.seat, listed.rule, case.state),
        says=said.says,
        late=said.late,
    )


def _title(listed: Listed, case: Case) -> str:
    """Return the title of a case; a warning is named by what it is about."""
    if case.title:
        return case.title
    if case.kind == "warning":
        return warning_title(listed.seat, case, listed.rule)
    return case.number


def _known(cases: Sequence[Case]) -> dict[int, Known]:
    """Return what the cases did, by case."""
    found: dict[int, dict[str, Mapping[str, object]]] = {case.pk: {} for case in cases}
    acts = Act.objects.filter(case__in=found).order_by("seq")
    for case, act, data in acts.values_list("case_id", "act", "data"):
        found[case][act] = data
    return {pk: Known(acts) for pk, acts in found.items()}


# --- decisions ------------------------------------------------------------------------------------
def _decisions(listed: Listed) -> Says:
    """Say of each decision: was an assessment needed, its result and day, and whether it was
    taken without it."""
    caused = _petitions_caused(listed)
    found = {}
    for case in listed.cases:
        known = listed.known[case.pk]
        parts = [_assessment_words(listed, known), _decided_words(known)]
        if caused.get(case.pk):
            parts.append(_("引起信访 %(value)s 件") % {"value": caused[case.pk]})
        says = _("；").join(part for part in parts if part)
        found[case.pk] = Said(says, _decision_lacks(known))
    return found


def _petitions_caused(listed: Listed) -> dict[int, int]:
    """Return by decision how many petitions it caused, of those the wall lets be seen."""
    decisions = [case.pk for case in listed.cases]
    visible = for_user(listed.seat.viewer, listed.seat.today).filter(protected=False)
    links = CaseLink.objects.filter(among(visible), kind="caused_by", other__in=decisions)
    counted = links.values_list("other").annotate(Count("id"))
    return dict(counted)


def _assessment_words(listed: Listed, known: Known) -> str:
    """Say whether an assessment was needed, and its result and day; "" where nobody said."""
    if known.has("need_none"):
        return _("不须评估，已写明理由")
    if known.has("assess"):
        value = known.get("assess", "result")
        result = option(listed.rule, "assess", "result", value, listed.seat)
        day = known.get("assess", "assessed_on")
        return _("%(get)s 评估：%(result)s") % {"get": day, "result": result}
    if known.has("need_assessment"):
        return _("须评估，尚无报告")
    return ""


def _decided_words(known: Known) -> str:
    """Say when a decision was taken, "" where it is not."""
    if not known.has("decide"):
        return ""
    return _("%(get)s 决策") % {"get": known.get("decide", "decided_on")}


def _decision_lacks(known: Known) -> str:
    """Say that a decision was taken without an assessment, or that nobody said whether one is
    needed."""
    if known.has("decide_without"):
        day = known.get("decide_without", "decided_on")
        return _("%(day)s 没有评估或者风险不可控而决策") % {"day": day}
    if any(known.has(act) for act in ("need_none", "assess", "need_assessment")):
        return ""
    return _("没有说明是否须评估")


# --- meetings, screening, problems ----------------------------------------------------------------
def _meetings(listed: Listed) -> Says:
    """Say of each meeting its day, and what it was for."""
    found = {}
    for case in listed.cases:
        known = listed.known[case.pk]
        purpose = known.get("conclude", "purpose")
        what = ""
        if purpose:
            what = option(listed.rule, "conclude", "purpose", purpose, listed.seat)
        words = _("%(day)s　%(what)s") % {"day": known.get("call", "held_on"), "what": what}
        found[case.pk] = Said(words.strip())
    return found


def _screenings(listed: Listed) -> Says:
    """Say of each round its days, how many disputes were found and reported, and how many are
    overdue."""
    late = Q(result="", defuse_by__lt=listed.seat.today)
    counted = (
        Dispute.objects.filter(screening__in=listed.cases)
        .values("screening")
        .annotate(
            found=Count("id"),
            done=Count("id", filter=~Q(result="")),
            late=Count("id", filter=late),
        )
    )
    numbers = {row["screening"]: row for row in counted}
    none = {"found": 0, "done": 0, "late": 0}
    return {
        case.pk: _screening_words(listed.known[case.pk], numbers.get(case.pk, none))
        for case in listed.cases
    }


def _screening_words(known: Known, counted: Mapping[str, object]) -> Said:
    """Say of a round its days and its disputes, of which those without a result in time are
    missing."""
    says = _("%(first)s – %(last)s　发现 %(found)s 件，已报结果 %(done)s 件") % {
        "first": known.get("begin", "first"),
        "last": known.get("begin", "last"),
        "found": counted["found"],
        "done": counted["done"],
    }
    if not counted["late"]:
        return Said(says)
    late = _("过期未报 %(value)s 件") % {"value": counted["late"]}
    return Said(says, late)


def _problems(listed: Listed) -> Says:
    """Say of each problem who is responsible, and since when."""
    rows = (
        Responsible.objects.filter(record__in=listed.cases)
        .select_related("organ", "leader", "staff")
        .order_by("pk")
    )
    newest = {row.record_id: row for row in rows}
    found = {}
    for case in listed.cases:
        now = newest.get(case.pk)
        if now is None:
            found[case.pk] = Said("", _("没有明确谁负责"))
        else:
            organ = organ_name(now.organ, listed.seat.language)
            people = f"{now.leader.name}、{now.staff.name}"
            found[case.pk] = Said(f"{organ}，{people}　{now.since}")
    return found


# --- warnings, rules and resources ----------------------------------------------------------------
def _warnings(listed: Listed) -> Says:
    """Say of each warning whether it proved right, once it is answered."""
    found = {}
    for case in listed.cases:
        verdict = listed.known[case.pk].get("answer", "verdict")
        words = ""
        if verdict:
            words = option(listed.rule, "answer", "verdict", verdict, listed.seat)
        found[case.pk] = Said(words)
    return found


def _provisions(listed: Listed) -> Says:
    """Say of each provision the staff and money of a year, or from when a rule holds."""
    found = {}
    for case in listed.cases:
        words = _provision_words(listed.known[case.pk])
        found[case.pk] = Said(words)
    return found


def _provision_words(known: Known) -> str:
    """Say the staff and money of a year, or from when a rule holds."""
    year = known.get("set_aside", "year")
    if not year:
        return _("制度，%(start)s 起施行") % {"start": known.get("adopt_rule", "from")}
    return _("%(year)s 年度：%(staff)s 人，%(money)s 元") % {
        "year": year,
        "staff": known.get("set_aside", "staff"),
        "money": known.get("set_aside", "money"),
    }


_SAYS: Mapping[str, Callable[[Listed], Says]] = {
    "decision": _decisions,
    "meeting": _meetings,
    "screening": _screenings,
    "responsibility_record": _problems,
    "warning": _warnings,
    "provision": _provisions,
}
"""What says the lines of a register, by kind of case."""
