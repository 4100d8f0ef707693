"""What each field of a step of an inquiry can be, from the inquiry itself and the registry."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from dengwen.accountability.inquiry.evidence_sources import records_of_unit
from dengwen.accountability.inquiry.queries import DEED, Inquiry
from dengwen.cases.models import Act, Case
from dengwen.cases.read.register_words import FIELDS
from dengwen.desk.accountability.inquiries.inquiry_page import Page, board_lines
from dengwen.desk.accountability.offers import Offered, organs_offered
from dengwen.desk.shell.frame.seat import Seat
from dengwen.law.bilingual import words_in
from dengwen.law.packs.rules import ActRule
from dengwen.law.time.terms import EARLIEST
from dengwen.organs.models import Official, Organ, Portfolio
from dengwen.organs.structure.lines import line_above, subtree
from dengwen.organs.structure.posts_held import appointments_on
from dengwen.organs.structure.relations import upper_office

ABOUT_CONCERNED = frozenset(
    {"tell_person", "hear", "say_nothing_more", "sign_hearing", "refuse_signature", "hand_over"}
)
"""Steps towards somebody the inquiry concerns."""
ABOUT_UNIT = frozenset({"add_person", "consider_deed", "weigh_diligence"})
"""Steps about anybody of the unit concerned."""
ABOUT_WORK = frozenset({"consider_decision", "consider_deed"})
"""Steps about a field of work, which a meeting may have dealt with."""
MOST_MEETINGS = 30


def choices_of(seat: Seat, page: Page, rule: ActRule) -> dict[str, Offered]:
    """Return what each field of a step can be, from the inquiry and the registry."""
    made, act = page.made, rule.id
    found: dict[str, Offered] = {"evidence": _board(page)}
    found |= _people(seat, page, act)
    if act in ABOUT_WORK:
        found["work"] = _works(seat, made)
        found["meeting"] = _meetings(made, seat.today)
    if act == "weigh_diligence":
        found["ground"] = _deeds(made)
    if act == "hand_up" and seat.organ:
        found["to"] = organs_offered(_above(seat.organ, seat.today), seat.language)
    return found


def _board(page: Page) -> Offered:
    """Return the numbers of the board with what each shows."""
    return [(number, f"{number}　{shows}") for number, shows in board_lines(page)]


# --- people ---------------------------------------------------------------------------------------
def _people(seat: Seat, page: Page, act: str) -> dict[str, Offered]:
    """Return whom a step can be about, by its fields that name people."""
    made = page.made
    if act == "name_investigator":
        return {"official": _of_organ(seat.organ, seat.today)}
    if act == "recuse_investigator":
        return {"official": _named(page, made.investigators)}
    if act in ABOUT_CONCERNED:
        return {"official": _named(page, made.officials)}
    if act not in ABOUT_UNIT:
        return {}
    people = _of_unit(made, seat.today)
    return {
        "official": people,
        "superior": people,
        "objected": _by_code(people),
        "organ": _units(seat, made),
    }


def _named(page: Page, officials: Iterable[int]) -> Offered:
    """Return officials of the inquiry by their ids."""
    return [(str(official), page.name(official)) for official in officials]


def _of_organ(organ: Organ | None, day: date) -> Offered:
    """Return who held a post in an organ on a day, each with the post."""
    offered = []
    for row in appointments_on(organ, day) if organ else ():
        words = f"{row.official.name}，{row.post.title_zh}"
        offered.append((str(row.official_id), words))
    return offered


def _of_unit(made: Inquiry, today: date) -> Offered:
    """Return the people of the unit concerned on the day of the conduct, then those of today."""
    unit = Organ.objects.filter(pk=made.unit).first()
    both = [*_of_organ(unit, made.day), *_of_organ(unit, today)]
    return list(dict(both).items())


def _by_code(people: Offered) -> Offered:
    """Return the same people by their staff codes instead of their ids."""
    names = dict(people)
    ids = [int(pk) for pk in names]
    rows = Official.objects.filter(pk__in=ids).values_list("pk", "code")
    return [(code, names[str(pk)]) for pk, code in rows]


# --- organs and matters ---------------------------------------------------------------------------
def _units(seat: Seat, made: Inquiry) -> Offered:
    """Return the unit concerned and every organ below it."""
    unit = Organ.objects.get(pk=made.unit)
    ids = {made.unit} | subtree(unit, seat.today)
    organs = Organ.objects.filter(pk__in=ids).order_by("code")
    return organs_offered(organs, seat.language)


def _above(organ: Organ, today: date) -> list[Organ]:
    """Return the organs an inquiry can be handed up to, the upper petition department first."""
    line = line_above(organ, today, "territorial")
    upper = upper_office(organ, today)
    first = [upper] if upper else []
    return list(dict.fromkeys([*first, *line]))


def _works(seat: Seat, made: Inquiry) -> Offered:
    """Return the fields of work of the unit concerned, petition work first."""
    portfolios = Portfolio.objects.filter(organ_id=made.unit).order_by("field")
    entered = portfolios.values_list("field", flat=True)
    offered = []
    for field in dict.fromkeys(["petitions", *entered]):
        words = FIELDS.get(field, (field, field))
        offered.append((field, words_in(words, seat.language)))
    return offered


def _deeds(made: Inquiry) -> Offered:
    """Return the numbers of the deeds: diligence is weighed for these alone."""
    numbers = [str(number) for number, told in made.grounds.items() if told.act == DEED]
    return [(number, number) for number in numbers]


def _meetings(made: Inquiry, today: date) -> Offered:
    """Return the meetings of the unit concerned, the nearest to the day of the conduct first."""
    cases = list(records_of_unit(made, today).filter(kind="meeting"))
    calls = Act.objects.filter(case__in=cases, act="call")
    held = dict(calls.values_list("case__number", "data__held_on"))

    def days_apart(case: Case) -> int:
        """Return how many days a meeting lies from the day of the conduct."""
        day = date.fromisoformat(held.get(case.number, EARLIEST.isoformat()))
        return abs((day - made.day).days)

    cases.sort(key=days_apart)
    return [(c.number, f"{held.get(c.number, '')}　{c.title}") for c in cases[:MOST_MEETINGS]]
