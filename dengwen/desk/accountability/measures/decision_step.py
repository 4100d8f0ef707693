"""A decision on accountability as it is posted: the fields and texts of the act `decide`."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import QueryDict

from dengwen.desk.accountability.measures.measure_page import STATED, Page
from dengwen.desk.accountability.posted_values import posted_texts, posted_words
from dengwen.desk.shell.frame.seat import Seat
from dengwen.law.duties.step import FieldValue, Step
from dengwen.ui.form_fields import read_day

DECISION_TEXTS = (
    "facts",
    "responsibility",
    "reasons",
    "goal",
    "dissent_answer",
    "absence_reasons",
)
DEGREES = ("harm", "influence")
"""How serious the harm and the influence are, stated apart between two classes."""
CHOICES = ("status", "scope")
FLAGS = ("minor", "retired", "elected", "removed_by_law", "crime_suspected")
HONOUR_FIELDS = ("area", "department", "unit", "year")
"""Whose comprehensive honours of which year an admonition cancels (S 14)."""
ORGAN_LISTS = ("members", "circulated_to")


def decision_step(seat: Seat, page: Page) -> Step:
    """Return the decision as posted; whoever is signed in decides."""
    post = seat.request.POST
    measures = post.getlist("measures")
    fields: dict[str, FieldValue] = {
        "decider": seat.user.official_id or 0,
        "measures": tuple(measures),
        **_gravity(post),
        **filled_in(post, CHOICES),
        **{name: True for name in FLAGS if post.get(name)},
        **_numbers(post, ["rectifier"]),
    }
    if "admonition" in measures:
        fields |= _numbers(post, HONOUR_FIELDS)
    fields |= _deadline(post)
    inquiry = post.get("inquiry", "").strip()
    if inquiry:
        fields["inquiry"] = inquiry
    for name in ORGAN_LISTS:
        words = posted_words(post, name)
        if words:
            fields[name] = words
    return Step(
        act="decide",
        case=page.number,
        fields=fields,
        texts=posted_texts(post, DECISION_TEXTS),
    )


def _gravity(post: QueryDict) -> dict[str, FieldValue]:
    """Return the gravity stated; between two classes harm and influence are stated apart."""
    gravity = post.get("gravity", "")
    stated = dict(STATED.get(gravity, {}))
    if gravity == "between":
        stated |= filled_in(post, DEGREES)
    return stated


def filled_in(post: QueryDict, names: Iterable[str]) -> dict[str, FieldValue]:
    """Return the fields that were filled in, as they were."""
    return {name: value for name in names if (value := post.get(name, ""))}


def _numbers(post: QueryDict, names: Iterable[str]) -> dict[str, FieldValue]:
    """Return the fields that hold a number; others are left out."""
    return {name: int(value) for name in names if (value := post.get(name, "")).isdecimal()}


def _deadline(post: QueryDict) -> dict[str, FieldValue]:
    """Return the day of the rectification, where one was given."""
    day = read_day(post.get("deadline", ""))
    return {} if day is None else {"deadline": day}
