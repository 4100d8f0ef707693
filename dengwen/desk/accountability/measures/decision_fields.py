"""The fields of a decision as its page asks them: what stands on it depends on whom it concerns and
what it rests on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from dengwen.accountability.measures.decision_door import for_sanctions
from dengwen.desk.accountability.measures.decision_basis import Basis
from dengwen.desk.accountability.measures.decision_step import (
    DEGREES,
    FLAGS,
    OTHER_FIELDS,
    SANCTION,
    DecisionForm,
    open_list,
)
from dengwen.desk.accountability.measures.measure_page import Page
from dengwen.desk.accountability.measures.open_measures import OpenMeasure
from dengwen.desk.accountability.offers import Offered, as_choices
from dengwen.desk.shell.frame.seat import Seat
from dengwen.law.bilingual import words_in
from dengwen.ui.components import Choice
from dengwen.ui.form_fields import AskedField

if TYPE_CHECKING:
    from collections.abc import Iterator

SYSTEM = "system"
"""Within what a measure is circulated unless whoever decides says otherwise."""


@dataclass(frozen=True, slots=True)
class Honour:
    """Honours that an admonition cancels: of the area, the department or the unit, and of which
    organ."""

    name: str
    words: str
    pk: int
    organ: str


@dataclass(frozen=True, slots=True)
class Offers:
    """What there is to choose: the measures that are open, the leading body, and whose honours an
    admonition cancels."""

    opened: Sequence[OpenMeasure]
    members: Offered
    honours: Sequence[Honour]


@dataclass(frozen=True, slots=True)
class DecisionFields:
    """The fields of a decision by the part of the page they stand in; `measures` is None where no
    measure is open, `members` where the subject has no leading body, `sanction` empty where the
    file is for none."""

    degrees: tuple[AskedField, ...]
    stated: tuple[AskedField, ...]
    measures: AskedField | None
    other: tuple[AskedField, ...]
    status: AskedField | None
    member: AskedField | None
    flags: tuple[AskedField, ...]
    members: AskedField | None
    sanction: tuple[AskedField, ...]
    rectification: tuple[AskedField, ...]
    honours: tuple[AskedField, ...]

    def __iter__(self) -> Iterator[AskedField]:
        """Yield all of them in the order of the page."""
        single = (self.measures, self.status, self.member, self.members)
        measures, status, member, members = ((one,) if one is not None else () for one in single)
        before = (self.degrees, self.stated, measures, self.other, status, member, self.flags)
        return chain(*before, members, self.sanction, self.rectification, self.honours)


def fields_of(
    seat: Seat,
    page: Page,
    form: DecisionForm,
    basis: Basis,
    offers: Offers,
) -> DecisionFields:
    """Return the fields that this decision asks for."""
    is_person = page.made.official is not None
    is_sanction = is_person and for_sanctions(page.made)
    opened, members = offers.opened, offers.members
    degrees = [_of_pack(seat, page, form, name, "harm") for name in DEGREES]
    scope = _of_pack(seat, page, form, "scope", "scope")
    return DecisionFields(
        degrees=tuple(degrees) if is_person else (),
        stated=form.asked(_stated(basis)),
        measures=_measures(form, opened, is_person=is_person) if opened else None,
        other=_other(seat, page, form),
        status=_of_pack(seat, page, form, "status", "status") if is_person else None,
        member=_of_pack(seat, page, form, "party_member", "party_member") if is_person else None,
        flags=form.asked(FLAGS) if is_person else (),
        members=_members(form, members) if members else None,
        sanction=form.asked(SANCTION) if is_sanction else (),
        rectification=(*form.asked(("goal", "deadline")), scope, form.at("circulated_to")),
        honours=_honours(form, offers.honours) if is_person and not is_sanction else (),
    )


def _other(seat: Seat, page: Page, form: DecisionForm) -> tuple[AskedField, ...]:
    """Return what is asked of another measure (等), nothing where no list is open here, or where
    the file is for a sanction."""
    if open_list(page) is None or for_sanctions(page.made):
        return ()
    name, _takes, reasons = form.asked(OTHER_FIELDS)
    return (name, _of_pack(seat, page, form, "other_takes_post", "other_takes_post"), reasons)


def _stated(basis: Basis) -> tuple[str, ...]:
    """Return the texts that are asked for: two of them only where the finding calls for them."""
    dissent = ("dissent_answer",) if basis.dissent else ()
    absent = ("absence_reasons",) if basis.absent else ()
    return ("facts", "responsibility", "reasons", *dissent, *absent)


def _of_pack(seat: Seat, page: Page, form: DecisionForm, name: str, rule: str) -> AskedField:
    """Return a field with the options that the pack gives it."""
    asked = form.at(name)
    declared = page.file.kind.acts["decide"].field_rule(rule)
    options = declared.option_names if declared else {}
    offered = [(one, words_in(words, seat.language)) for one, words in options.items()]
    return asked.but(choices=as_choices(offered, asked.typed))


def _measures(form: DecisionForm, opened: Sequence[OpenMeasure], *, is_person: bool) -> AskedField:
    """Return the measures that are open, each with its article and the ground that opens it."""
    label = _("现在打开的措施（对个人）") if is_person else _("现在打开的措施（对单位）")
    choices = [
        Choice(one.id, capfirst(one.words), one.chosen, _notes(one.cite, one.ground))
        for one in opened
    ]
    return form.at("measures").but(label=label, choices=tuple(choices))


def _notes(*notes: str) -> tuple[str, ...]:
    """Return the notes that say something."""
    return tuple(note for note in notes if note)


def _members(form: DecisionForm, members: Collection[tuple[str, str]]) -> AskedField:
    """Return the leading body, whose responsible members can be ticked."""
    asked = form.at("members")
    ticked = [word for text in asked.typed for word in text.split()]
    return asked.but(type="words", choices=as_choices(members, ticked))


def _honours(form: DecisionForm, honours: Sequence[Honour]) -> tuple[AskedField, ...]:
    """Return whose honours are cancelled, each ticked to begin with, and beside each why it is
    not."""
    fields = []
    for one in honours:
        asked = form.at(one.name)
        named = not form.is_bound or str(one.pk) in asked.typed
        offered = (Choice(str(one.pk), one.organ, named),)
        fields.append(asked.but(type="codes", label=capfirst(asked.label), choices=offered))
        fields.append(form.at(f"{one.name}_left_out"))
    return tuple(fields)
