"""What the person concerned may see of an inquiry, and what never reaches them.

They see what they were told, and evidence that names nobody sealed. A sealed identity is any word
by which a petitioner of the matter, or a protected case, could be known: names, addresses,
telephone and identity numbers of every case the inquiry rests on, and the numbers of protected
cases. What carries one is not disclosed, whatever an investigator chose (S 8, 11(8); R22 30(3)).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import OuterRef, Q, QuerySet, Subquery

from dengwen.accountability.inquiry.identity_traces import carries
from dengwen.accountability.inquiry.queries import KIND, Inquiry, Item, Point, read_inquiry
from dengwen.cases.models import Act, Case, CaseLink, Content, Party
from dengwen.cases.write.contents import open_package
from dengwen.oversight.inspections.queries import Told

FILE = "accountability"
"""The kind of file that may be inquired into by itself, where no inquiry went before."""
NOT_MET, MISSED = "not_met", "reject_rectification"
"""The state of a file whose goal was missed, and the act that finds so."""
ANSWERABLE = {KIND: ("opened",), FILE: ("considering", NOT_MET)}
"""The states in which a defence is still taken, by kind."""
LEAST = 2
"""Characters below which a word of an identity says nothing about anybody."""


def sources_of(made: Inquiry) -> list[Case]:
    """Return every case an inquiry rests on: its evidence, its lead, what the lead is about.

    For a file of accountability also what the inquiry before it rests on.
    """
    numbers = {item.source for item in made.items.values() if item.source}
    if made.based_on:
        earlier = Case.objects.filter(number=made.based_on, kind=KIND).first()
        found = list(Case.objects.filter(number__in=numbers))
        return found + sources_of(read_inquiry(earlier)) if earlier else found
    lead = Case.objects.filter(number=made.lead).first() if made.lead else None
    if lead is not None:
        numbers |= _named_by(lead)
    linked = CaseLink.objects.filter(case=lead).values_list("other", flat=True) if lead else ()
    cases = [*Case.objects.filter(number__in=numbers), *Case.objects.filter(pk__in=linked)]
    return list({case.pk: case for case in cases}.values())


def _named_by(lead: Case) -> set[str]:
    """Return the numbers of the cases that the acts of a lead name."""
    numbers = set()
    for act in Act.objects.filter(case=lead):
        for name in ("about", "from"):
            number = act.data.get(name)
            if isinstance(number, str):
                numbers.add(number)
    return numbers


def sealed_words(cases: Iterable[Case]) -> frozenset[str]:
    """Return every word of the identities in these cases, and the numbers of the protected ones.

    The words go into a comparison and nowhere else; nobody is shown them, so this is no opening for
    the read log.
    """
    known = list(cases)
    words = {case.number for case in known if case.protected}
    for row in Content.objects.filter(case__in=known, data_class="D2").select_related("act"):
        words |= {value.strip() for value in open_package(row).values()}
    return frozenset(word for word in words if len(word) >= LEAST)


def clean(text: str, sealed: Iterable[str]) -> bool:
    """Say whether a text carries none of these words."""
    return not carries(text, sealed)


def _clean_told(told: Told, sealed: frozenset[str]) -> Told:
    """Return an act without those of its texts that carry a sealed word."""
    texts = {name: text for name, text in told.texts.items() if clean(text, sealed)}
    return replace(told, texts=texts)


def _clean_point(point: Point, sealed: frozenset[str]) -> Point:
    """Return a point with a clean answer; what the person said themselves they may read again."""
    if point.answer is None:
        return point
    return replace(point, answer=_clean_told(point.answer, sealed))


@dataclass(frozen=True, slots=True)
class Disclosed:
    """One inquiry as the person concerned may see it.

    `items` and `points` are those they may see; `withheld` counts evidence not shown because it
    touches a sealed identity, so that they know that there is some.
    """

    made: Inquiry
    told: Told | None
    items: tuple[Item, ...]
    withheld: int
    points: tuple[Point, ...]
    heard: Told | None
    lines: tuple[Told, ...]
    concluded: Told | None
    hearing: tuple[Told, ...] = ()
    """What was entered about their hearing, in order."""


HEARING = frozenset({"tell_person", "hear", "sign_hearing", "refuse_signature", "say_nothing_more"})
"""Acts about the hearing of somebody, each of which they see while the inquiry runs."""


def concerning(official: int) -> list[Case]:
    """Return the inquiries, and the files inquired into by themselves, in which this official was
    told the facts, newest first; nobody else's are among them.

    Before they are told there is nothing: not that one runs, and not how many do (PSL 43). A file
    whose decision was served is read on its own page, unless they were told anew since a goal was
    missed: they answer before anything heavier is decided (S 14, 15).
    """
    told = told_in(official).filter(case__kind__in=(KIND, FILE))
    stood = Party.objects.filter(official_id=official)
    concerned = stood.filter(role="concerned_person").values("case")
    served = stood.filter(role="told_person").values("case")
    rows = Case.objects.filter(pk__in=told.values("case")).filter(pk__in=concerned)
    over = Q(pk__in=served) & ~Q(pk__in=_told_anew(told))
    return list(rows.exclude(over).order_by("-opened_on", "-pk"))


def _told_anew(told: QuerySet[Act]) -> QuerySet[Act, int]:
    """Return the files in which one of these tellings came after the newest missed goal, as long
    as nothing was decided since."""
    missed = Act.objects.filter(case=OuterRef("case"), act=MISSED).order_by("-seq")
    newest = Subquery(missed.values("seq")[:1])
    return told.filter(case__state=NOT_MET, seq__gt=newest).values_list("case", flat=True)


def told_in(official: int) -> QuerySet[Act]:
    """Return the acts by which this official was told the facts and grounds held against them."""
    return Act.objects.filter(act="tell_person", data__official=official)


def is_answerable(case: Case) -> bool:
    """Say whether an inquiry, or a file that is inquired into by itself, still takes what the
    person says: nothing is concluded or decided yet."""
    return case.state in ANSWERABLE[case.kind]


def days_to_answer(official: int) -> list[tuple[Case, date]]:
    """Return what this official was told of and can still answer, the newest first, each with the
    day that the newest telling names.

    Only what stands open on the record is read: no text, and nothing about the matter.
    """
    running = [case for case in concerning(official) if is_answerable(case)]
    told = told_in(official).filter(case__in=[case.pk for case in running]).order_by("seq")
    days = {act.case_id: date.fromisoformat(str(act.data["answer_by"])) for act in told}
    return [(case, days[case.pk]) for case in running]


def disclosed(case: Case, official: int) -> Disclosed:
    """Return what an official may see of an inquiry about them.

    Before they are told the facts: nothing of the board. Then evidence that is open and clean,
    their own points with their answers, and at the end the lines about themselves. Never another
    person's defence or lines.
    """
    made = read_inquiry(case)
    told = made.told.get(official)
    sealed = sealed_words(sources_of(made))
    board = _board(made, official) if told else []
    items = tuple(i for i in board if (i.open or i.own) and clean(i.shows, sealed))
    if told and not clean(" ".join(told.texts.values()), sealed):
        told, items = None, ()
    points = [p for p in made.points.values() if p.official == official]
    return Disclosed(
        made=made,
        told=told,
        items=items,
        withheld=len(board) - len(items),
        points=tuple(_clean_point(point, sealed) for point in points),
        heard=made.heard.get(official),
        lines=tuple(_clean_told(line, sealed) for line in _lines_about(made, official)),
        concluded=made.concluded,
        hearing=tuple(
            _clean_told(one, sealed)
            for one in made.acts
            if one.act in HEARING and one.data.get("official") == official
        ),
    )


def _board(made: Inquiry, official: int) -> list[Item]:
    """Return the evidence of the board without what other people handed in."""
    return [item for item in made.items.values() if not item.own or item.official == official]


def _lines_about(made: Inquiry, official: int) -> list[Told]:
    """Return the lines confirmed about an official, once the inquiry is concluded."""
    if not made.concluded:
        return []
    return [told for (who, _, _), told in made.lines.items() if who == official]
