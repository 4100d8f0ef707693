"""One file of accountability as its pages need it: the reading, the opened texts, the rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from dengwen.accountability.measures.law_question import rules_for
from dengwen.accountability.measures.queries import KIND, AccountFile, read_file
from dengwen.cases.models import Act
from dengwen.cases.read.case_view import CaseFile
from dengwen.cases.read.case_view import read_file as read_case
from dengwen.cases.wall.visibility import is_told
from dengwen.desk.shell.act.submit import may
from dengwen.desk.shell.case.protected_text import Texts, texts_of
from dengwen.desk.shell.frame.seat import Seat, organ_name
from dengwen.law.bilingual import Language, words_in
from dengwen.law.duties.step import FieldValue
from dengwen.law.liability.provisions import Liability
from dengwen.organs.models import Official, Organ

PAGE = "measures"
STATED: dict[str, dict[str, FieldValue]] = {
    "light": {"light": True},
    "serious": {"harm": "serious", "influence": "serious"},
    "especially": {"harm": "especially", "influence": "especially"},
    "between": {},
}
"""What a decision states about the gravity, by the class chosen (S 13 to 15)."""
CLASSES = {
    "light": pgettext_lazy("gravity stated", "情节较轻"),
    "serious": pgettext_lazy("gravity stated", "危害严重以及影响重大"),
    "especially": pgettext_lazy("gravity stated", "危害特别严重以及影响特别重大"),
    "between": pgettext_lazy("gravity stated", "介于两档之间（写明理由）"),
}


@dataclass(frozen=True, slots=True)
class Page:
    """What every page of one file needs: the case file, the reading, the opened texts, the rules
    of today."""

    file: CaseFile
    made: AccountFile
    texts: Texts
    rules: Liability
    official: Official | None
    organ: Organ | None
    told: bool

    @property
    def number(self) -> str:
        """The number of the file."""
        return self.made.case.number

    @property
    def place(self) -> str:
        """Where its rules hold."""
        return self.made.case.place

    def subject(self, language: Language) -> str:
        """Whom it concerns, by name."""
        if self.official is not None:
            return self.official.name
        return organ_name(self.organ, language)

    def text(self, act: Act | None, field: str) -> str:
        """Return a text of an act, "" where the act was not done or may not be read."""
        return "" if act is None else self.texts.of(act.pk, field)


def page_of(seat: Seat, number: str) -> Page:
    """Open a file the wall lets this seat see, its texts through the read log; 404 for
    everything else."""
    case = seat.case(number)
    if case.kind != KIND:
        raise Http404
    made = read_file(case)
    return Page(
        file=read_case(case, seat.now),
        made=made,
        texts=texts_of(seat, case),
        rules=rules_for(seat.today, case.place),
        official=Official.objects.filter(pk=made.official or 0).first(),
        organ=Organ.objects.filter(pk=made.organ or 0).first(),
        told=is_told(seat.viewer, case),
    )


def can(seat: Seat, page: Page, act: str) -> bool:
    """Say whether this seat can do an act of the file now."""
    return may(seat, page.file, act)


def is_late(made: AccountFile, today: date) -> bool:
    """Say whether the day of the rectification has passed and nobody has said how it ended."""
    return made.deadline is not None and made.met is None and made.deadline < today


def measure_words(seat: Seat, ids: Iterable[str], place: str, said: str = "") -> str:
    """Return measures as people say them; `said` is what a decision calls another measure (等)."""
    rules = rules_for(seat.today, place)
    known = [rule for measure in ids if (rule := rules.measure(measure, said)) is not None]
    return _("、").join(words_in(rule, seat.language) for rule in known)
