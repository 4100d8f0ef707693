"""A decision on accountability as it is posted: the fields and texts of the act `decide`."""

from __future__ import annotations

from collections.abc import Iterable

from dengwen.desk.accountability.measures.measure_page import STATED, Page
from dengwen.desk.shell.frame.seat import Seat
from dengwen.law.duties.step import FieldValue, Step
from dengwen.ui.form_fields import (
    Area,
    AskedForm,
    Day,
    Number,
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
    "area_left_out",
    "department_left_out",
    "unit_left_out",
)
DEGREES = ("harm", "influence")
"""How serious the harm and the influence are, stated apart between two classes."""
CHOICES = ("status", "scope")
FLAGS = (
    "minor",
    "retired",
    "elected",
    "removed_by_law",
    "crime_suspected",
    "no_other_sanction",
)
HONOUR_FIELDS = ("area", "department", "unit", "year")
"""Whose comprehensive honours of which year an admonition cancels (S 14)."""
STATED_ALONE = ("months", "rectifier", "deadline", "inquiry")
ORGAN_LISTS = ("members", "circulated_to")


class DecisionForm(AskedForm):
    """A decision as it is stated: the measures, how serious it was, who rests on what."""

    measures = Ticked()
    gravity = Word()
    harm = Word()
    influence = Word()
    status = Word()
    scope = Word()
    minor = Tick()
    retired = Tick()
    elected = Tick()
    removed_by_law = Tick()
    crime_suspected = Tick()
    no_other_sanction = Tick()
    months = Number()
    rectifier = Row()
    area = Row()
    department = Row()
    unit = Row()
    year = Number()
    deadline = Day()
    inquiry = Word()
    members = Words()
    circulated_to = Words()
    facts = Area()
    responsibility = Area()
    reasons = Area()
    goal = Area()
    dissent_answer = Area()
    absence_reasons = Area()
    area_left_out = Area()
    department_left_out = Area()
    unit_left_out = Area()


def decision_step(seat: Seat, page: Page, form: DecisionForm) -> Step:
    """Return the decision as posted; whoever is signed in decides."""
    measures = form.cleaned_data["measures"]
    fields: dict[str, FieldValue] = {
        "decider": seat.user.official_id or 0,
        "measures": measures,
        **_gravity(form),
        **filled_in(form, (*CHOICES, *FLAGS, *STATED_ALONE, *ORGAN_LISTS)),
    }
    if "admonition" in measures:
        fields |= filled_in(form, HONOUR_FIELDS)
    return Step(
        act="decide",
        case=page.number,
        fields=fields,
        texts=form.texts_of(DECISION_TEXTS),
    )


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
