"""One inspection opened at the desk: its case, its acts, its texts, and what this seat can do."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from dengwen.cases.models import Case
from dengwen.cases.read.case_view import CaseFile, read_file
from dengwen.cases.wall.visibility import for_user
from dengwen.desk.shell.act.submit import may
from dengwen.desk.shell.case.protected_text import Texts, texts_of
from dengwen.desk.shell.frame.organ_names import organ_names
from dengwen.desk.shell.frame.seat import Seat
from dengwen.oversight.inspections.queries import KIND, Inspection, read_inspection

PAGE = "inspections"
"""The entry of the navigation to which every page of inspections belongs."""
OPEN_DAYS, CARRY_DAYS = 7, 30
"""Days first proposed for opening a secret and for putting right what is carried over; the plan
writes its own."""


def inspection_href(number: str) -> str:
    """Return the address of an inspection."""
    return reverse("desk:inspection", args=[number])


def type_words(made: Inspection) -> str:
    """Return the kind of inspection in words."""
    return _("专项督查") if made.type == "special" else _("及时督查")


@dataclass(frozen=True, slots=True)
class Page:
    """What every page of one inspection needs: the case file, the reading, the opened texts, the
    names of organs."""

    file: CaseFile
    made: Inspection
    texts: Texts
    names: dict[int, str]

    def name(self, organ: int | None) -> str:
        """Return the name of an organ of this inspection."""
        return self.names.get(organ or 0, "")


def page_of(seat: Seat, number: str) -> Page:
    """Open an inspection the wall lets this seat see, its texts through the read log; 404 for
    everything else."""
    case = seat.case(number)
    if case.kind != KIND:
        raise Http404
    made = read_inspection(case)
    return Page(
        file=read_file(case, seat.now),
        made=made,
        texts=texts_of(seat, case),
        names=organ_names(seat, _organs_of(made)),
    )


def _organs_of(made: Inspection) -> set[int | None]:
    """Return the organs that take part in an inspection."""
    owners = {line.owner for line in made.lines.values()}
    return {made.to, made.depositor, made.case.holder_id, *owners}


def can(seat: Seat, page: Page, act: str) -> bool:
    """Say whether this seat can do an act of the inspection now."""
    return may(seat, page.file, act)


def may_file(seat: Seat, page: Page) -> bool:
    """Say whether the plan can be written now: the digest of a secret is there, and the
    population can be listed."""
    return bool(page.made.deposit) and can(seat, page, "list_population")


def visible_cases(seat: Seat, page: Page) -> dict[str, Case]:
    """Return the drawn cases this seat may see now, by number: what became an accusation
    meanwhile is not there."""
    found = for_user(seat.viewer, seat.today).filter(number__in=page.made.drawn, protected=False)
    return {case.number: case for case in found}
