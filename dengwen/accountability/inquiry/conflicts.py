"""Who may not investigate: conflicts in the registry and in the matter (PSL 47; R22 28(3)).

What somebody declares is recorded and always counts; what the registry shows counts whether it was
declared or not.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Q

from dengwen.accountability.inquiry.disclosure_to_person import sources_of
from dengwen.accountability.inquiry.queries import Inquiry
from dengwen.cases.models import Duty, Party
from dengwen.cases.wall.visibility import LOOK_BACK
from dengwen.organs.models import Appointment, Organ, Portfolio, Substitute
from dengwen.organs.structure.lines import subtree

Words = tuple[str, str]


def conflicts_of(official: int, made: Inquiry, day: date) -> list[Words]:
    """Return every conflict of an official with an inquiry on a day, in both languages; empty where
    none is known."""
    return list(_conflicts(official, made, day))


def _conflicts(official: int, made: Inquiry, day: date) -> Iterator[Words]:
    """Yield the conflicts in the inquiry, in the registry, and in the matter itself."""
    if official in made.recused:
        yield "已经决定回避本件", "was recused from this inquiry"
    if official in made.officials:
        yield "本人就是被核查人员", "is a person concerned"
    lately = Q(valid_to__isnull=True) | Q(valid_to__gt=day - LOOK_BACK)
    yield from _in_the_unit(official, made, day, lately)
    if _stood_in(official, made, lately):
        yield (
            "与被核查人员相互代行过职务",
            "stood in for a person concerned, or the other way round",
        )
    yield from in_the_matter(official, made)


def _in_the_unit(official: int, made: Inquiry, day: date, lately: Q) -> Iterator[Words]:
    """Yield posts and fields of work lately held in the unit concerned or below it."""
    unit = Organ.objects.filter(pk=made.unit).first()
    below = {made.unit} | (subtree(unit, day) if unit else frozenset())
    if Appointment.objects.filter(lately, official_id=official, post__organ_id__in=below).exists():
        yield (
            "五年内在被核查单位或者其下级任职",
            "held a post in the unit concerned, or below it, within five years",
        )
    if Portfolio.objects.filter(lately, official_id=official, organ_id__in=below).exists():
        yield (
            "五年内分管被核查单位的工作",
            "was in charge of work of the unit concerned within five years",
        )


def _stood_in(official: int, made: Inquiry, lately: Q) -> bool:
    """Say whether the official lately stood in for a person concerned, or the other way round."""
    for_them = Q(substitute_id=official, official_id__in=made.officials)
    by_them = Q(official_id=official, substitute_id__in=made.officials)
    return Substitute.objects.filter(for_them | by_them, lately).exists()


def in_the_matter(official: int, made: Inquiry) -> Iterator[Words]:
    """Yield what the matters themselves show. Having passed a matter on is no conflict; having had
    to handle it is."""
    cases = sources_of(made)
    owed = Duty.objects.filter(case__in=cases, official_id=official).exists()
    if owed or any(case.handler_id == official for case in cases):
        yield "是所涉事项的承办人或者责任人", "handled the matter, or owed a duty in it"
    walled = ("accused_person", "petitioner", "recused")
    if Party.objects.filter(case__in=cases, role__in=walled, official_id=official).exists():
        yield "是所涉事项的当事人，或者已经回避", "is a party of the matter, or recused from it"
