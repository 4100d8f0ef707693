"""The sample of an inspection in words: draws planned, cases drawn, packs signed for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from dengwen.cases.models import Case
from dengwen.desk.oversight.inspections.opened_inspection import Page, can
from dengwen.desk.shell.act.option_words import option_words
from dengwen.desk.shell.frame.seat import Seat, case_href
from dengwen.law.bilingual import words_in
from dengwen.organs.models import Official
from dengwen.oversight.inspections.draws import STATES, PlannedDraw, planned_draws
from dengwen.oversight.inspections.inspection_plan import FINISHED, RUNNING
from dengwen.oversight.inspections.published_plan import labels_of
from dengwen.oversight.inspections.queries import Inspection, Item, Stratum, Told

STRATA_IN = {RUNNING: "running", FINISHED: "finished"}
"""Strata of a plan in English; the plan itself, which is digested, keeps their names."""
CAME_TO_NOTHING = ("overdue", "lapsed", "unused")


@dataclass(frozen=True, slots=True)
class SampledCase:
    """One drawn case: how it was answered, the call, and where to examine it."""

    number: str
    title: str
    href: str
    label: str
    examine: str
    call: str
    check: Told | None
    noted: list[Item]
    called: str
    says: str
    own: bool
    """Whether the person at the desk examined it."""
    heard: bool
    """Whether the person at the desk called the petitioner."""
    remarks: str


def sampled_cases(seat: Seat, page: Page, visible: Mapping[str, Case]) -> list[SampledCase]:
    """Return the drawn cases that can be seen, in the order of the draw."""
    labels = labels_of(page.made)
    return [
        _sampled(seat, page, visible[number], labels.get(number, ""))
        for number in page.made.drawn
        if number in visible
    ]


def _sampled(seat: Seat, page: Page, case: Case, label: str) -> SampledCase:
    """Return one drawn case."""
    made = page.made
    number = case.number
    check = made.checks.get(number)
    args = [made.case.number, number]
    return SampledCase(
        number=number,
        title=case.title,
        href=case_href(number),
        label=label,
        examine=reverse("desk:inspection_case", args=args),
        call=reverse("desk:inspection_call", args=args),
        check=check,
        noted=_noted(made, check),
        called=_call_words(seat, page, number, "reached"),
        says=_call_words(seat, page, number, "says"),
        own=seat.user.pk in made.did("check_case", number),
        heard=seat.user.pk in made.did("call_petitioner", number),
        remarks=page.texts.of(check.pk, "remarks") if check else "",
    )


def _noted(made: Inspection, check: Told | None) -> list[Item]:
    """Return the items of the checklist that were answered with “no”."""
    answers = check.data["answers"] if check else []
    return [item for item, answer in zip(made.items, answers, strict=False) if answer == "no"]


def _call_words(seat: Seat, page: Page, number: str, name: str) -> str:
    """Return in words what a field of the call about a case says, "" where nobody called."""
    call = page.made.calls.get(number)
    asked = page.file.kind.acts["call_petitioner"].field_rule(name)
    return option_words(asked, call.data.get(name), seat.language) if call else ""


def strata_words(seat: Seat, page: Page) -> list[tuple[str, Stratum]]:
    """Return the strata of the plan, each with its name in the language of the page."""
    return [
        (words_in((name, STRATA_IN.get(name, name)), seat.language), stratum)
        for name, stratum in sorted(page.made.strata.items())
    ]


def draws_of_organ(seat: Seat, page: Page) -> list[tuple[PlannedDraw, str, bool]]:
    """Return every draw planned for this organ by this inspecting organ, in words, and whether
    it came to nothing."""
    made = page.made
    if made.to is None or made.case.holder_id is None:
        return []
    found = []
    for one in planned_draws(inspecting=made.case.holder_id, inspected=made.to):
        if one.inspection == made.case.number or one.public(seat.today):
            state = one.state(seat.today)
            words = words_in(STATES[state], seat.language)
            found.append((one, words, state in CAME_TO_NOTHING))
    return found


# --- packs ----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Copy:
    """One numbered pack: who signed for it and when, when it is due and came back, and how to
    give it back."""

    number: int
    taken: date
    taker: str
    due: date
    back: date | None
    late: bool
    give_back: str


def copies(seat: Seat, page: Page) -> list[Copy]:
    """Return the packs that were signed for, each with the day it is due and the link that gives
    it back."""
    packs = page.made.packs
    taken = [act.data["taker"] for act in packs.values()]
    takers = dict(Official.objects.filter(pk__in=taken).values_list("pk", "name"))
    gives = can(seat, page, "return_pack")
    return [
        _copy(seat, page, number, takers.get(act.data["taker"], ""), gives=gives)
        for number, act in packs.items()
    ]


def _copy(seat: Seat, page: Page, number: int, taker: str, *, gives: bool) -> Copy:
    """Return one pack that was signed for."""
    taken = page.made.packs[number]
    returned = page.made.returned.get(number)
    due = date.fromisoformat(taken.data["return_by"])
    back = returned.day if returned else None
    give_back = ""
    if gives and returned is None:
        give_back = f"{case_href(page.made.case.number, 'return_pack')}?copy={number}"
    return Copy(
        number=number,
        taken=taken.day,
        taker=taker,
        due=due,
        back=back,
        late=(back or seat.today) > due,
        give_back=give_back,
    )


def takers_of(seat: Seat) -> list[tuple[int, str]]:
    """Return who may take a pack: the person at the desk."""
    own = seat.user.official
    return [(own.pk, own.name)] if own else []
