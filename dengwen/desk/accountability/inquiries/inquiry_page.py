"""One inquiry as all its pages need it: opened through the read log, with names and addresses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.http import Http404
from django.urls import reverse

from dengwen.accountability.inquiry.conclusion.completeness import missing
from dengwen.accountability.inquiry.queries import KIND, Inquiry, read_inquiry
from dengwen.accountability.inquiry.responsibility import Ground, grounds_of
from dengwen.cases import rulebooks
from dengwen.cases.models import Case
from dengwen.cases.read.case_view import CaseFile, read_file
from dengwen.desk.shell.act.submit import may
from dengwen.desk.shell.case.protected_text import Texts, texts_of
from dengwen.desk.shell.frame.seat import Seat, organ_name
from dengwen.law.bilingual import Language, words_in
from dengwen.law.liability.provisions import Liability, in_force
from dengwen.organs.models import Official, Organ

PAGE = "inquiries"


@dataclass(frozen=True, slots=True)
class Page:
    """What every page of one inquiry needs: the case file, the reading, the opened texts, names
    and rules."""

    file: CaseFile
    made: Inquiry
    texts: Texts
    people: Mapping[int, str]
    unit: str
    rules: Liability
    grounds: Mapping[int, Ground]

    @property
    def number(self) -> str:
        """The number of the inquiry."""
        return self.made.number

    def name(self, official: int | str) -> str:
        """Return the name of an official of this inquiry."""
        return self.people.get(int(official), "")

    def names(self, officials: Iterable[int]) -> list[str]:
        """Return the names of officials of this inquiry."""
        return [self.name(official) for official in officials]


def page_of(seat: Seat, number: str) -> Page:
    """Open an inquiry the wall lets this seat see, its texts through the read log; 404 for
    everything else."""
    case = seat.case(number)
    if case.kind != KIND:
        raise Http404
    made = read_inquiry(case)
    grounds = grounds_of(made)
    return Page(
        file=read_file(case, seat.now),
        made=made,
        texts=texts_of(seat, case),
        people=_people(made, grounds),
        unit=unit_name(seat, made),
        rules=in_force(rulebooks.library(), made.day, made.place),
        grounds=grounds,
    )


def _people(made: Inquiry, grounds: Mapping[int, Ground]) -> dict[int, str]:
    """Return the name of everybody the inquiry speaks of, by the id of the official."""
    wanted = {*made.officials, *made.declared}
    for ground in grounds.values():
        wanted.update(int(line.official) for line in ground.lines)
    officials = Official.objects.filter(pk__in=wanted)
    return dict(officials.values_list("pk", "name"))


def unit_name(seat: Seat, made: Inquiry) -> str:
    """Return the name of the unit an inquiry concerns."""
    unit = Organ.objects.filter(pk=made.unit).first()
    return organ_name(unit, seat.language)


def can(seat: Seat, page: Page, act: str) -> bool:
    """Say whether this seat can do an act of the inquiry now."""
    return may(seat, page.file, act)


def investigates(seat: Seat, page: Page) -> bool:
    """Say whether the person at the desk is one of the two investigators an inquiry needs."""
    investigators = page.made.investigators
    return seat.user.official_id in investigators and len(investigators) > 1


def may_investigate(seat: Seat, page: Page, act: str) -> bool:
    """Say whether the person at the desk can do an act of the inquiry as an investigator."""
    return investigates(seat, page) and can(seat, page, act)


def lacking_for(seat: Seat, page: Page, outcome: str) -> list[str]:
    """Return what the inquiry still lacks before this outcome can be concluded, each once."""
    lacks = missing(page.made, page.rules, page.grounds, outcome, seat.today)
    words = [words_in(one, seat.language) for one in lacks]
    return list(dict.fromkeys(words))


def board_lines(page: Page) -> list[tuple[str, str]]:
    """Return the numbers of the evidence board, each with what the item shows."""
    return [
        (str(item.number), page.texts.of(item.told.pk, "shows"))
        for item in page.made.items.values()
    ]


def href(page: Page, name: str, *more: object) -> str:
    """Return the address of a page of this inquiry."""
    return reverse(f"desk:{name}", args=[page.number, *more])


def step_href(page: Page, act: str, **given: object) -> str:
    """Return the address of a step, with what the link settles."""
    address = href(page, "inquiry_step", act)
    query = "&".join(f"{name}={value}" for name, value in given.items())
    return f"{address}?{query}" if query else address


def case_words(case: Case, language: Language) -> str:
    """Return the kind of a case in words."""
    rulebook = rulebooks.library().rulebook(case.opened_on, case.place)
    kind = rulebook.kinds.get(case.kind)
    return case.kind if kind is None else words_in(kind, language)
