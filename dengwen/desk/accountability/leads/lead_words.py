"""A lead in the language of the page: its line in a list, what it rests on, what finders wrote."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from dengwen.accountability.leads.queries import Item, Lead
from dengwen.cases import rulebooks
from dengwen.desk.shell.frame.seat import Seat, organ_name
from dengwen.law.bilingual import headline, words_in

PAGE = "leads"
EVENTS_SHOWN = 3
_CHINESE = re.compile("[\u4e00-\u9fff]")


def lead_href(number: str) -> str:
    """Return the address of a lead."""
    return reverse("desk:lead", args=[number])


@dataclass(frozen=True, slots=True)
class Line:
    """One lead in the inbox, in the language of the page.

    `situations` are pairs of sentence and article; `more` counts the events that are not shown.
    """

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


def line_of(seat: Seat, lead: Lead) -> Line:
    """Return the line of a lead, with its first events."""
    shown = lead.evidence[:EVENTS_SHOWN]
    return Line(
        href=lead_href(lead.number),
        number=lead.number,
        finder=words_in(lead.finder_words(), seat.language),
        unit=organ_name(lead.unit, seat.language),
        official=lead.official.name if lead.official else "",
        situations=_situations(seat, lead),
        strength=words_in(lead.strength_words(), seat.language),
        strong=lead.strength,
        day=lead.day,
        raised=lead.raised_on,
        events=tuple(event_words(seat, item) for item in shown),
        more=len(lead.evidence) - len(shown),
    )


def _situations(seat: Seat, lead: Lead) -> tuple[tuple[str, str], ...]:
    """Return the circumstances a lead may meet, each with its article."""
    pairs = []
    for situation in lead.situations:
        law = words_in((situation.law_zh, situation.law_en), seat.language)
        pairs.append((words_in(situation, seat.language), law))
    return tuple(pairs)


def event_words(seat: Seat, item: Item) -> str:
    """Say which act a lead rests on: its name, day and case; of a sealed matter no more than
    that it is one."""
    if not item.act or item.day is None:
        return _("封存的一件")
    kind = rulebooks.in_force(item.day, "", seat.now).book.kinds.get(item.kind)
    rule = kind.acts.get(item.act) if kind else None
    name = headline(rule, seat.language) if rule else item.act
    return f"{item.day} {name} {item.case}"


def spoken(seat: Seat, text: str, between: str) -> str:
    """Return the part of a text in the language of the page, where a finder wrote it in both;
    else the whole."""
    first, mark, second = text.partition(between)
    is_in_both = bool(mark) and _is_chinese(first) and not _is_chinese(second.replace("“", ""))
    return words_in((first, second), seat.language) if is_in_both else text


def _is_chinese(text: str) -> bool:
    """Say whether there is a Chinese character in a text."""
    return _CHINESE.search(text) is not None
