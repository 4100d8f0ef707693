"""What is read once more before a decision is signed: whom it concerns in which post of the day of
the conduct, what it rests on, what follows each open measure for how long, and where one appeals
until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from dengwen.accountability.measures.grounds import Finding
from dengwen.cases import rulebooks
from dengwen.cases.read.case_view import cited
from dengwen.desk.accountability.measures.measure_page import Page
from dengwen.desk.accountability.measures.open_measures import OpenMeasure
from dengwen.desk.shell.frame.seat import Seat, organ_name
from dengwen.law.bilingual import words_in
from dengwen.law.liability.influence_period import Imposed, appeals, influences
from dengwen.organs.models import Official, Post
from dengwen.organs.structure.posts_held import posts_held


@dataclass(frozen=True, slots=True)
class Effect:
    """What a measure rules out, until which day if it is decided today; None without a number."""

    words: str
    last: date | None
    verified: bool


@dataclass(frozen=True, slots=True)
class WayOut:
    """Where one appeals first, the last day if the decision is received today, and the article by
    which an appeal suspends nothing ("" where none was seen)."""

    words: str
    last: date | None
    verified: bool
    runs_on: str


@dataclass(frozen=True, slots=True)
class Follows:
    """An open measure with its article, what follows it and how one appeals."""

    words: str
    cite: str
    effects: tuple[Effect, ...]
    ways: tuple[WayOut, ...]


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What stands before the signature."""

    name: str
    posts: str
    conduct: date
    finding: str
    measures: tuple[Follows, ...]


def read_back(
    seat: Seat, page: Page, found: Finding, opened: Sequence[OpenMeasure], status: str
) -> ReadBack:
    """Return what is read before signing, for the measures that are open on the page; those that
    are chosen stand first."""
    day = found.made.day
    chosen = sorted(opened, key=lambda one: not one.chosen)
    return ReadBack(
        name=page.subject(seat.language),
        posts=_posts(seat, page.official, day),
        conduct=day,
        finding=found.number,
        measures=tuple(_follows(seat, page, one, status) for one in chosen),
    )


def _posts(seat: Seat, official: Official | None, day: date) -> str:
    """Return the posts somebody held on the day of the conduct, "" for an organ."""
    if official is None:
        return ""
    held = posts_held(official, day, day)
    return _("、").join(
        f"{organ_name(one.post.organ, seat.language)} {_title(seat, one.post)}" for one in held
    )


def _title(seat: Seat, post: Post) -> str:
    """Return the title of a post, in Chinese where it has no other."""
    return words_in((post.title_zh, post.title_en or post.title_zh), seat.language)


def _follows(seat: Seat, page: Page, one: OpenMeasure, status: str) -> Follows:
    """Return one measure with what follows it, as if it were decided and received today."""
    effects = influences(page.rules, [Imposed(one.id, seat.today)])
    ways = appeals(rulebooks.library(), page.rules, one.id, status, seat.today)
    return Follows(
        words=one.words,
        cite=one.cite,
        effects=tuple(
            Effect(words_in(e, seat.language), e.last, e.basis.verified) for e in effects
        ),
        ways=tuple(
            WayOut(
                words_in(way.stations[0], seat.language),
                way.stations[0].last,
                way.verified,
                cited(way.runs_on, page.file.installed, seat.language),
            )
            for way in ways
        ),
    )
