"""An extract from the record of an official in the language of the page, for reading beside the
draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.utils.translation import pgettext_lazy

from dengwen.accountability.inquiry.exemptions import GROUNDS
from dengwen.accountability.personnel.cadre_opinion import RANK_WORDS
from dengwen.accountability.personnel.duties_held import STATES, Counted, Kept
from dengwen.accountability.personnel.extracts import Extract, Held
from dengwen.cases import rulebooks
from dengwen.desk.shell.frame.seat import Seat
from dengwen.law.bilingual import words_in
from dengwen.law.packs.rules import Basis, Instrument

STATE_WORDS = {
    "met": pgettext_lazy("duty of an extract", "按期"),
    "late": pgettext_lazy("duty of an extract", "逾期履行"),
    "missed": pgettext_lazy("duty of an extract", "未履行"),
    "not_judged": pgettext_lazy("duty of an extract", "期间到任、不计"),
    "excused": pgettext_lazy("duty of an extract", "作废"),
    "open": pgettext_lazy("duty of an extract", "未到期"),
}
Instruments = Mapping[str, Instrument]


class HeldRow(NamedTuple):
    """A post or a field of work held, from when to when (None while it goes on)."""

    what: str
    organ: str
    rank: str
    first: date
    last: date | None


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One duty of an extract as a row: name, seat, article, and how many periods stand how."""

    title: str
    seat: str
    basis: str
    local: bool
    counts: tuple[tuple[str, int], ...]


def extract_in_words(seat: Seat, extract: Extract) -> dict[str, object]:
    """Return an extract in the language of the page, for reading beside the draft."""
    known = _instruments(seat)
    kept = [_kept_row(seat, duty, known) for duty in extract.duties]
    counted = [_counted_row(seat, duty, known) for duty in extract.counted]
    return {
        "held": [_held_row(seat, one) for one in (*extract.posts, *extract.charges)],
        "rows": kept + counted,
        "heads": [_state_word(state) for state in STATES],
        "scores": extract.scores,
        "measures": _measures(seat, extract),
        "exemptions": _exemptions(seat, extract),
        "digest": extract.digest,
    }


def _instruments(seat: Seat) -> Instruments:
    """Return the laws of today, by which the articles of duties are cited."""
    place = seat.organ.division_code if seat.organ else ""
    return rulebooks.in_force(seat.today, place, seat.now).book.instruments


def _state_word(state: str) -> str:
    """Return how a duty stands."""
    return str(STATE_WORDS[state])


def _cite(seat: Seat, one: Kept | Counted, known: Instruments) -> str:
    """Return the article of a duty."""
    return Basis(one.law, one.article).cite(known, seat.language)


def _kept_row(seat: Seat, duty: Kept, known: Instruments) -> DutyRow:
    """Return a duty of a register with the number of its periods in each state."""
    return DutyRow(
        title=words_in(duty, seat.language),
        seat=words_in((duty.seat, duty.seat_en), seat.language),
        basis=_cite(seat, duty, known),
        local=duty.local,
        counts=tuple((_state_word(state), duty.count(state)) for state in STATES),
    )


def _counted_row(seat: Seat, duty: Counted, known: Instruments) -> DutyRow:
    """Return duties in single matters, which are counted alone."""
    return DutyRow(
        title=words_in(duty, seat.language),
        seat="",
        basis=_cite(seat, duty, known),
        local=False,
        counts=tuple((_state_word(state), getattr(duty, state, 0)) for state in STATES),
    )


def _held_row(seat: Seat, one: Held) -> HeldRow:
    """Return a post held; one without an English name keeps the Chinese."""
    return HeldRow(
        what=words_in((one.what, one.what_en or one.what), seat.language),
        organ=one.organ,
        rank=words_in(RANK_WORDS[one.rank], seat.language) if one.rank else "",
        first=one.first,
        last=one.last,
    )


def _measures(seat: Seat, extract: Extract) -> list[tuple[str, str, object]]:
    """Return the measures within their influence period, each with its effect in words."""
    rows: list[tuple[str, str, object]] = []
    for one in extract.measures:
        effect = words_in((one.effect_zh, one.effect_en), seat.language)
        rows.append((words_in(one, seat.language), effect, one))
    return rows


def _exemptions(seat: Seat, extract: Extract) -> list[tuple[str, object]]:
    """Return the exemptions found, each with its ground in words."""
    return [(words_in(GROUNDS[one.ground], seat.language), one) for one in extract.exemptions]
