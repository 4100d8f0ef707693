"""What an act would close and open, and whom it would tell, shown before it is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from dengwen.cases import rulebooks
from dengwen.cases.read.case_view import CaseFile, cited
from dengwen.cases.read.duty_lines import duty_bar
from dengwen.cases.read.possible_acts import look_ahead
from dengwen.desk.shell.frame.seat import Seat, organ_name
from dengwen.law.bilingual import headline, words_in
from dengwen.law.duties.act_record import DutyView
from dengwen.law.duties.step import FieldValue
from dengwen.law.packs.rules import ActRule
from dengwen.organs.models import Organ
from dengwen.ui.dates import with_weekday


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One duty an act would open or close: its name, its day in words, its article, who owes it."""

    title: str
    day: str
    basis: str
    holder: str


def ahead(
    seat: Seat,
    file: CaseFile,
    rule: ActRule,
    values: Mapping[str, FieldValue],
    occurred: datetime | None = None,
) -> dict[str, object]:
    """Return what the act would close and open, and whom it tells, for the side of its page."""
    seen = look_ahead(file, rule, values, seat.actor, occurred or seat.now, seat.now)
    names = _holders(seat, [*seen.closed, *seen.opened])
    papers = []
    for document in (file.kind.documents[name] for name in rule.documents):
        recipient = words_in((document.to, ""), seat.language)
        papers.append((words_in(document, seat.language), recipient))
    state = file.kind.states.get(seen.state)
    return {
        "closes": [_foreseen(seat, file, duty, names) for duty in seen.closed],
        "opens": [_foreseen(seat, file, duty, names) for duty in seen.opened],
        "papers": papers,
        "after": words_in(state, seat.language) if state else "",
    }


def _holders(seat: Seat, duties: Sequence[DutyView]) -> dict[int, str]:
    """Return the names of those who owe the duties, by row id."""
    found = Organ.objects.filter(pk__in={d.holder for d in duties if d.holder})
    return {organ.pk: organ_name(organ, seat.language) for organ in found}


def _foreseen(seat: Seat, file: CaseFile, duty: DutyView, names: dict[int, str]) -> Foreseen:
    """Return a duty with its day in words, as long as it is only foreseen."""
    bar = duty_bar(duty, seat.today, rulebooks.calendars().newest)
    if bar.end is None:
        words = _("没有法定天数")
    else:
        words = with_weekday(bar.end, seat.language)
        if bar.open_ended:
            words += _("（暂定）")
    return Foreseen(
        headline(duty.rule, seat.language),
        words,
        cited(duty.rule.basis, file.installed, seat.language),
        names.get(duty.holder or 0, ""),
    )
