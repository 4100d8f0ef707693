"""Matters that look like one being registered: same person and facts first, then like texts."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from dengwen.cases.models import Case
from dengwen.cases.read.case_view import blank_file
from dengwen.cases.wall.visibility import for_user
from dengwen.desk.shell.frame.seat import Seat, case_href, organ_name
from dengwen.law.bilingual import words_in
from dengwen.petitions.intake.classification import ACCUSATION
from dengwen.petitions.intake.intake import HandedIn
from dengwen.petitions.intake.lookalikes import Suggestion, same_person_same_matter, suggest
from dengwen.ui.cells import Part, linked, words
from dengwen.ui.components import Link
from dengwen.ui.list_table import Column, ListOf

LEAST_TEXT = 12
"""Characters below which a text is too short to be compared."""


@dataclass(frozen=True, slots=True)
class Alike:
    """One look-alike as the page shows it: the case, where it stands, and why it was suggested."""

    link: Link
    number: str
    holder: str
    state: str
    why: str
    attach: str = ""


ALIKE = ListOf(
    caption=_lazy("可能是同一件事的办理件"),
    columns=(
        Column("case", _lazy("办理件"), linked("link.text", "link.href")),
        Column(
            "now",
            _lazy("现在由谁办，到哪一步"),
            Part("desk/petitions/_alike_held.html"),
            label=_lazy("现在"),
        ),
        Column("why", _lazy("哪里相似"), words("why"), label=_lazy("相似")),
        Column("choice", _lazy("判断"), Part("desk/petitions/_alike_choice.html")),
    ),
)
"""Look-alikes, those of the same person first."""


def alike(seat: Seat, handed: HandedIn, exclude: int = 0, attach_to: str = "") -> list[Alike]:
    """Return matters that look like this one among the cases this seat may see; same person and
    facts come first."""
    if not is_compared(handed):
        return []
    text = _text(handed)
    visible = for_user(seat.viewer, seat.today)
    same = same_person_same_matter(
        handed.text("petitioner"),
        handed.text("phone"),
        text,
        day=seat.today,
        viewer_filter=visible,
        exclude=exclude,
    )
    other = suggest(
        text, day=seat.today, place=handed.text("place"), viewer_filter=visible, exclude=exclude
    )
    of_same_person = {s.case_id for s in same}
    ordered = [*same, *(s for s in other if s.case_id not in of_same_person)]
    rows = visible.filter(pk__in=[s.case_id for s in ordered]).select_related("holder")
    cases = {case.pk: case for case in rows}
    return [
        _alike(seat, cases[s.case_id], s, attach_to, same=s.case_id in of_same_person)
        for s in ordered
        if s.case_id in cases
    ]


def is_compared(handed: HandedIn) -> bool:
    """Say whether a matter is compared with others: never an accusation, nor a few words."""
    return len(_text(handed)) >= LEAST_TEXT and handed.proposed_class != ACCUSATION


def _text(handed: HandedIn) -> str:
    """Return the text that is compared."""
    return f"{handed.text('subject')}\n{handed.text('content')}".strip()


def _alike(seat: Seat, case: Case, found: Suggestion, attach_to: str, *, same: bool) -> Alike:
    """Return a suggested case as the page shows it; with `attach_to` also the way to attach one to
    the other."""
    why = words_in(found.why, seat.language)
    if same:
        why = _("姓名、电话相同；%(why)s") % {"why": why}
    state = blank_file(case.kind, case.place, seat.now).kind.states.get(case.state)
    attach = f"{case_href(attach_to, 'attach_repeat')}?running={case.number}" if attach_to else ""
    return Alike(
        link=Link(case.title or case.number, case_href(case.number)),
        number=case.number,
        holder=organ_name(case.holder, seat.language),
        state=words_in(state, seat.language) if state else "",
        why=why,
        attach=attach,
    )
