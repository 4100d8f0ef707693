"""The registers of prevention at the desk: decisions and their risk, meetings, screening, who is
responsible, warnings.

Every list is of cases the wall lets through; no line, count or figure comes from anywhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from dengwen.cases.models import Case
from dengwen.cases.read.case_view import blank_file
from dengwen.cases.wall.visibility import WORKING_ROLES, for_user
from dengwen.desk.prevention.kind_rules import rules_of
from dengwen.desk.prevention.raised_warnings import turned_out
from dengwen.desk.prevention.register_lines import lines_of
from dengwen.desk.shell.act.act_page import Way, answer
from dengwen.desk.shell.frame.seat import TAKING_IN, Seat, at_desk
from dengwen.law.bilingual import headline, words_in
from dengwen.law.packs.rules import ActRule, KindRule
from dengwen.ui.cells import Part, capital, linked, number
from dengwen.ui.form_fields import OneOf
from dengwen.ui.list_filter import ListFilter
from dengwen.ui.list_table import Column, ListOf, ListTable

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

DECISIONS = "decisions"
WARNINGS = "warnings"


@dataclass(frozen=True, slots=True)
class Register:
    """One register: its kind of case, and its name."""

    kind: str
    name: StrPromise


PARTS: Mapping[str, Register] = {
    DECISIONS: Register("decision", pgettext_lazy("register", "重大决策与风险评估")),
    WARNINGS: Register("warning", pgettext_lazy("register", "预警")),
    "meetings": Register("meeting", pgettext_lazy("register", "会议")),
    "screenings": Register("screening", pgettext_lazy("register", "矛盾纠纷排查")),
    "problems": Register("responsibility_record", pgettext_lazy("register", "责任归属")),
    "provisions": Register("provision", pgettext_lazy("register", "制度和保障")),
}
"""The registers by the last part of their address, in the order of the tabs."""


REGISTER = ListOf(
    caption="",
    columns=(
        Column("name", _lazy("名称"), linked("title")),
        Column(
            "state",
            _lazy("状态"),
            Part("desk/prevention/_register_state.html"),
            sort=("state", "opened_on", "number"),
        ),
        Column("says", _lazy("情况"), Part("desk/prevention/_register_says.html")),
    ),
    nothing=_lazy("还没有登记。"),
    order=_lazy("新的在前"),
    size=30,
)
TURNED = ListOf(
    caption=_lazy("从前的预警对了多少"),
    columns=(
        Column("detector", _lazy("凭什么发现"), capital("name")),
        Column("raised", _lazy("发出"), number("record.raised")),
        Column("answered", _lazy("已答复"), number("record.answered")),
        Column("right", _lazy("对的"), Part("desk/prevention/_right.html")),
    ),
    name="turned",
)


class Wanted(ListFilter):
    """The cases of a register that are in one state."""

    state = OneOf(label=_lazy("状态"))


@require_safe
@at_desk
def registers(seat: Seat, part: str = DECISIONS) -> HttpResponse:
    """List one register, the newest first."""
    if part not in PARTS or not seat.roles & WORKING_ROLES:
        raise Http404
    register = PARTS[part]
    rules = rules_of(seat, register.kind)
    table = _table(seat, register, rules)
    return seat.page(
        "prevention/registers.html",
        "prevention",
        table.status,
        part=part,
        title=str(register.name),
        tabs=_tabs(part),
        begin=_begin_links(seat, part, rules),
        table=table,
        unknown=rules is None,
        turned=TURNED.fixed(turned_out(seat)) if part == WARNINGS else None,
    )


def _table(seat: Seat, register: Register, rules: KindRule | None) -> ListTable:
    """Return the list of a register, of the cases in one state where one is asked for."""
    states = rules.states if rules is not None else {}
    offered = [(name, words_in(words, seat.language)) for name, words in states.items()]
    wanted = Wanted(seat.request.GET, choices={"state": offered})
    return replace(REGISTER, caption=register.name).shown(
        seat.request.GET,
        _newest_first(seat, register.kind, wanted),
        lambda cases: lines_of(seat, register.kind, rules, cases),
        wanted,
    )


def _newest_first(seat: Seat, kind: str, wanted: Wanted) -> QuerySet[Case]:
    """Return the cases of a kind this seat may see and asks for, the newest first."""
    cases = for_user(seat.viewer, seat.today).filter(kind=kind)
    if "state" in wanted.chosen:
        cases = cases.filter(state=wanted.chosen["state"])
    return cases.order_by("-opened_on", "-number")


def _tabs(part: str) -> list[tuple[str, str, bool]]:
    """Return every register with its address, its name, and whether it is the one shown."""
    tabs = []
    for name, register in PARTS.items():
        href = reverse("desk:prevention_part", args=[name])
        tabs.append((href, str(register.name), name == part))
    return tabs


def _begin_links(seat: Seat, part: str, rules: KindRule | None) -> list[tuple[str, str]]:
    """Return the acts that open a case of a register, with their addresses; none for whom takes
    nothing in."""
    if rules is None or not _may_begin(seat):
        return []
    links = []
    for rule in rules.acts.values():
        if _opens_a_case(rule):
            href = reverse("desk:prevention_new", args=[part, rule.id])
            links.append((href, headline(rule, seat.language)))
    return links


def _opens_a_case(rule: ActRule) -> bool:
    """Say whether an act opens a case and is a person's to do."""
    return "new" in rule.after and rule.by != "system"


def _may_begin(seat: Seat) -> bool:
    """Say whether the seat opens cases of the registers: somebody who takes in for an organ."""
    return seat.organ is not None and bool(seat.capacities & TAKING_IN)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def begin(seat: Seat, part: str, act: str) -> HttpResponse:
    """Open a case of a register by its first act, or ask for it."""
    if part not in PARTS or not _may_begin(seat) or seat.organ is None:
        raise Http404
    register = PARTS[part]
    rule = _opening_act(seat, register.kind, act)
    file = blank_file(register.kind, seat.organ.division_code, seat.now)
    back = reverse("desk:prevention_part", args=[part])
    way = Way(back, str(register.name), kind=register.kind)
    return answer(seat, file, rule, way)


def _opening_act(seat: Seat, kind: str, act: str) -> ActRule:
    """Return an act that opens a case of a kind; 404 where the rules in force here know none."""
    rules = rules_of(seat, kind)
    rule = rules.acts.get(act) if rules else None
    if rule is None or not _opens_a_case(rule):
        raise Http404
    return rule
