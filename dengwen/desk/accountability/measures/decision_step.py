"""A decision on accountability as it is posted: the fields and texts of the act `decide`."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy, pgettext_lazy

from dengwen.accountability.measures.queries import GRADES
from dengwen.desk.accountability.measures.measure_page import STATED, Page
from dengwen.desk.shell.frame.seat import Seat
from dengwen.law.duties.step import FieldValue, Step
from dengwen.law.liability.stated_rules import OpenListRule
from dengwen.ui.form_fields import (
    Area,
    AskedForm,
    Day,
    Number,
    OneOf,
    Row,
    Tick,
    Ticked,
    Word,
    Words,
    is_open,
)

DECISION_TEXTS = (
    "facts",
    "responsibility",
    "reasons",
    "goal",
    "dissent_answer",
    "absence_reasons",
    "other_reasons",
    "area_left_out",
    "department_left_out",
    "unit_left_out",
)
DEGREES = ("harm", "influence")
"""How serious the harm and the influence are, stated apart between two classes."""
CHOICES = ("status", "party_member", "scope")
FLAGS = (
    "minor",
    "retired",
    "elected",
    "removed_by_law",
    "crime_suspected",
)
SANCTION = ("months", "no_other_sanction")
"""What is stated besides where a sanction under rules of its own is given (S 16)."""
HONOUR_FIELDS = ("area", "department", "unit", "year")
"""Whose comprehensive honours of which year an admonition cancels (S 14)."""
OTHER_FIELDS = ("other_measure", "other_takes_post", "other_reasons")
"""What is said of another measure of a list that the text leaves open (等)."""
STATED_ALONE = ("rectifier", "deadline", "inquiry")
ORGAN_LISTS = ("members", "circulated_to")


_GRADES = [(grade, grade) for grade in GRADES]
"""The grades there are; the page offers those of the edition, in its words."""


class DecisionForm(AskedForm):
    """A decision as it is stated: the measures, how serious it was, who rests on what."""

    inquiry = Word(gettext_lazy("核查"))
    gravity = Word(gettext_lazy("认定的情节"))
    harm = OneOf(gettext_lazy("危害"), choices=_GRADES, opens=True)
    influence = OneOf(gettext_lazy("影响"), choices=_GRADES, opens=True)
    facts = Area(pgettext_lazy("decide", "事实"), needed=True)
    responsibility = Area(pgettext_lazy("decide", "责任认定"), needed=True, rows=2)
    reasons = Area(gettext_lazy("决定的理由"), needed=True, rows=3)
    dissent_answer = Area(gettext_lazy("对记录在案的不同意见的答复（必填）"), needed=True, rows=2)
    absence_reasons = Area(
        gettext_lazy("本人没有参加，为什么承担责任（必填）"), needed=True, rows=2
    )
    measures = Ticked(gettext_lazy("措施"), conditional=True)
    other_measure = Word(gettext_lazy("另一措施的名称"), conditional=True)
    other_takes_post = Word(gettext_lazy("是否使人失去职务"), conditional=True, opens=True)
    other_reasons = Area(gettext_lazy("为什么目录里的措施都不合适"), conditional=True, rows=2)
    status = Word(gettext_lazy("身份（决定申诉途径）"), needed=True, opens=True)
    party_member = Word(
        gettext_lazy("是否中共党员（给予党纪处分的必填）"), conditional=True, opens=True
    )
    retired = Tick(gettext_lazy("已退休、离职"))
    elected = Tick(gettext_lazy("由人大选举或者任命"))
    removed_by_law = Tick(gettext_lazy("已依法先行罢免、撤销或者免去"))
    minor = Tick(gettext_lazy("情节轻微且有从轻情形"))
    crime_suspected = Tick(gettext_lazy("涉嫌违法犯罪，另行移送，并行办理"))
    no_other_sanction = Tick(
        gettext_lazy(
            "已查明：没有其他机关就同一情形给予政务处分、处分（给予政务处分、处分的必填）"
        ),
        conditional=True,
    )
    months = Number(gettext_lazy("留党察看的期限（月，选留党察看的必填）"), conditional=True)
    members = Words(gettext_lazy("同时追究的班子成员（问责条例第六条第二款）"))
    rectifier = Row(gettext_lazy("整改责任单位"))
    goal = Area(gettext_lazy("整改目标（通报、诫勉必填）"), conditional=True, rows=2)
    deadline = Day(gettext_lazy("整改期限（通报、诫勉必填）"), conditional=True)
    scope = Word(gettext_lazy("通报范围（通报必填）"), conditional=True)
    circulated_to = Words(
        gettext_lazy("通报到的机关、单位（代码，空格隔开；更正时按此告知）"), conditional=True
    )
    area = Row(pgettext_lazy("honours", "地区"))
    department = Row(pgettext_lazy("honours", "部门"))
    unit = Row(pgettext_lazy("honours", "单位"))
    year = Number(gettext_lazy("年度"))
    area_left_out = Area(gettext_lazy("不取消地区荣誉称号资格的理由"), conditional=True, rows=1)
    department_left_out = Area(
        gettext_lazy("不取消部门荣誉称号资格的理由"), conditional=True, rows=1
    )
    unit_left_out = Area(gettext_lazy("不取消单位荣誉称号资格的理由"), conditional=True, rows=1)


def decision_step(seat: Seat, page: Page, form: DecisionForm) -> Step:
    """Return the decision as posted; whoever is signed in decides.

    Another measure (等) that is named stands among the measures by the list it belongs to.
    """
    measures = (*form.cleaned_data["measures"], *_other_list(page, form))
    fields: dict[str, FieldValue] = {
        "decider": seat.user.official_id or 0,
        "measures": measures,
        **_gravity(form),
        **filled_in(form, (*CHOICES, *FLAGS, *SANCTION, *STATED_ALONE, *ORGAN_LISTS)),
        **filled_in(form, OTHER_FIELDS[:-1]),
    }
    if "admonition" in measures:
        fields |= filled_in(form, HONOUR_FIELDS)
    return Step(
        act="decide",
        case=page.number,
        fields=fields,
        texts=form.texts_of(DECISION_TEXTS),
    )


def open_list(page: Page) -> OpenListRule | None:
    """Return the list that the rules of today leave open for such a subject, None where there is
    none."""
    return next((one for one in page.rules.open_lists.values() if one.on == page.made.on), None)


def _other_list(page: Page, form: DecisionForm) -> tuple[str, ...]:
    """Return the list to which the other measure named belongs, nothing where none is named."""
    stated = open_list(page)
    named = any(form.value(name) for name in OTHER_FIELDS)
    return (stated.id,) if stated is not None and named else ()


def _gravity(form: DecisionForm) -> dict[str, FieldValue]:
    """Return the gravity stated; between two classes harm and influence are stated apart."""
    gravity = form.value("gravity")
    stated = dict(STATED.get(gravity, {}))
    if gravity == "between":
        stated |= filled_in(form, DEGREES)
    return stated


def filled_in(form: DecisionForm, names: Iterable[str]) -> dict[str, FieldValue]:
    """Return the values of the fields that were filled in."""
    found = {name: form.understood.get(name) for name in names}
    return {
        name: value for name, value in found.items() if value is not None and not is_open(value)
    }
