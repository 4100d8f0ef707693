"""What is on record of an official between two days (干部考察, S 10(2)).

For the opinion that an appointment needs. Posts and fields of work by period; each duty of the
registers with what became of it on the days it was the official's; duties in unprotected matters as
counts; what frozen assessments say of the organs the official headed (about the organ, never a
score of the person); measures in force on the day asked; exemptions found.
Nothing about a petitioner goes in: no case of a petition is named and no text of one is read.
Expired, revoked and corrected measures are left out here and stay in the ledger. The same day and
the same record give the same bytes.

It is no opinion: a person of the petition department reads it, writes the opinion and signs it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any

from dengwen.accountability.inquiry.exemptions import Exemption, exemptions_of
from dengwen.accountability.measures.queries import Measure, measures_of
from dengwen.accountability.personnel.duties_held import (
    Counted,
    Days,
    Kept,
    counted_duties,
    register_duties,
)
from dengwen.assessment.frozen import manifest
from dengwen.assessment.frozen.freeze import home
from dengwen.assessment.inputs import ASSESSMENT
from dengwen.assessment.interim_figures import row_of
from dengwen.cases import rulebooks
from dengwen.cases.models import Act, Case
from dengwen.cases.read.register_words import seat_words
from dengwen.editions.as_of import setting
from dengwen.law.duties.act_record import civil
from dengwen.law.indicators.score import canonical_json
from dengwen.law.liability import provisions
from dengwen.law.liability.influence_period import (
    CORRESPONDING,
    DAY_BEFORE,
    Imposed,
    Influence,
    convention_of,
    in_force_on,
    influences,
)
from dengwen.organs.models import Appointment, Official, Organ, Portfolio
from dengwen.organs.structure.posts_held import posts_held

FORMAT = "dengwen-personnel-extract/3"
CONVENTION = "personnel.influence_convention"
"""Local setting: by which convention the last day of an influence period is counted; disputed in
practice."""
CONVENTIONS = (DAY_BEFORE, CORRESPONDING)
DAY = timedelta(days=1)
NO_END = ("条文没有写期限，不因时间届满", "the text states no period, so none runs out")
"""What is said of a measure that ends the service itself: no influence period is stated for it."""
DISMISSALS = frozenset({"gov_dismissal", "unit_dismissal"})
"""The sanctions that end the service itself (PSL 7)."""
HEAD = "principal"
"""The rank of the post of whoever heads an organ."""


@dataclass(frozen=True, slots=True)
class Held:
    """A post or a field of work held, cut to the days asked; `last` is None while it goes on."""

    what: str
    what_en: str
    organ: str
    rank: str
    first: date
    last: date | None


@dataclass(frozen=True, slots=True)
class Scored:
    """What a frozen and circulated assessment says of an organ while the official headed it. About
    the organ only.

    `total` and the ends of its interval are the figures as published; "" where the frozen file is
    not here or is not the one whose digest the ledger has (`sound` false).
    """

    case: str
    organ: str
    first: date
    last: date
    total: str
    low: str
    high: str
    manifest: str
    sound: bool


@dataclass(frozen=True, slots=True)
class InForce:
    """A measure in force on the day asked: what is not possible until which day, and by which rule.

    `case` is the number of the decision. `last` is None where the text states no period that could
    run out (dismissal). `verified` is false where the text of the period was not seen.
    """

    case: str
    measure: str
    zh: str
    en: str
    decided: date
    decided_by: str
    effect_zh: str
    effect_en: str
    last: date | None
    law: str
    article: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Extract:
    """The extract of one official for the days from `first` to `last`, as it stood on the day
    `on`."""

    code: str
    name: str
    first: date
    last: date
    on: date
    convention: str
    posts: tuple[Held, ...]
    charges: tuple[Held, ...]
    duties: tuple[Kept, ...]
    counted: tuple[Counted, ...]
    scores: tuple[Scored, ...]
    measures: tuple[InForce, ...]
    exemptions: tuple[Exemption, ...]

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data: days as text."""
        made: dict[str, Any] = {"format": FORMAT, **_plain(asdict(self))}
        return made

    def canonical(self) -> bytes:
        """Return it as canonical JSON: the same bytes for the same record, whoever asks."""
        return canonical_json(self.as_data())

    @property
    def digest(self) -> str:
        """The SHA-256 (hex) of its bytes, which the signed opinion names."""
        return hashlib.sha256(self.canonical()).hexdigest()


def _plain(value: Any) -> Any:  # noqa: ANN401  # any tree of dataclass fields
    """Return a value as plain data: days as text, tuples as lists."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    return [_plain(v) for v in value] if isinstance(value, list | tuple) else value


def extract_of(official: Official, first: date, last: date, on: date) -> Extract:
    """Return the extract of an official for the days from `first` to `last`, as things stood on the
    day `on`.

    ValueError where the days are in no order: `first` ≤ `last` ≤ `on`. Whoever shows it writes the
    read log first.
    """
    if not first <= last <= on:
        raise ValueError(f"the days must be in order: {first} ≤ {last} ≤ {on}")
    days = Days(first, last, on)
    return Extract(
        code=official.code,
        name=official.name,
        first=first,
        last=last,
        on=on,
        convention=convention_on(on),
        posts=tuple(_posts(official, first, last)),
        charges=tuple(_charges(official, first, last)),
        duties=tuple(register_duties(official, days)),
        counted=tuple(counted_duties(official, days)),
        scores=tuple(_scores(official, first, last, on)),
        measures=measures_in_force(official.pk, on),
        exemptions=tuple(e for e in exemptions_of(official.pk, on) if first <= e.on),
    )


# --- posts and fields of work ---------------------------------------------------------------------
def _posts(official: Official, first: date, last: date) -> Iterable[Held]:
    """Yield the posts held on these days."""
    for row in posts_held(official, first, last):
        post = row.post
        yield Held(
            what=post.title_zh,
            what_en=post.title_en,
            organ=post.organ.name_zh,
            rank=post.leading,
            first=max(first, row.valid_from),
            last=_end_within(row.valid_to, last),
        )


def _charges(official: Official, first: date, last: date) -> Iterable[Held]:
    """Yield the fields of work held on these days."""
    rows = Portfolio.objects.within(first, last).filter(official=official).select_related("organ")
    for row in rows.order_by("valid_from", "id"):
        field = f"field:{row.field}"
        yield Held(
            what=seat_words(field, "zh"),
            what_en=seat_words(field, "en"),
            organ=row.organ.name_zh,
            rank="",
            first=max(first, row.valid_from),
            last=_end_within(row.valid_to, last),
        )


def _end_within(until: date | None, last: date) -> date | None:
    """Return the last day of something held until a day (exclusive); None where it goes on after
    `last`."""
    if until is None:
        return None
    end = until - DAY
    return end if end <= last else None


# --- assessments of the organs headed -------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Assessed:
    """A concluded assessment: its case, the days it covers, the organs in it."""

    case: Case
    first: date
    last: date
    organs: frozenset[int]


def _scores(official: Official, first: date, last: date, on: date) -> Iterable[Scored]:
    """Yield what concluded assessments say of the organs the official headed on days they cover."""
    headed = [post for post in posts_held(official, first, last) if post.post.leading == HEAD]
    if not headed:
        return
    for assessed in _concluded(on):
        if assessed.first > last or assessed.last < first:
            continue
        organs = {post.post.organ_id for post in headed if _held_in(post, assessed)}
        for organ in sorted(organs & assessed.organs):
            yield _scored(assessed, organ)


def _concluded(on: date) -> Iterable[_Assessed]:
    """Yield the assessments concluded by a day, by number."""
    opening = Act.objects.filter(case__kind=ASSESSMENT, case__state="concluded", act="open")
    opened = {act.case_id: act.data for act in opening.order_by("pk")}
    closing = Act.objects.filter(case__in=opened, act="conclude").select_related("case")
    for act in closing.order_by("case__number"):
        if civil(act.occurred_at) > on:
            continue
        data = opened[act.case_id]
        yield _Assessed(
            act.case,
            date.fromisoformat(data["first"]),
            date.fromisoformat(data["last"]),
            frozenset(data["organs"]),
        )


def _held_in(post: Appointment, assessed: _Assessed) -> bool:
    """Say whether a post was held on a day that an assessment covers."""
    ended = post.valid_to is not None and post.valid_to <= assessed.first
    return post.valid_from <= assessed.last and not ended


def _scored(assessed: _Assessed, organ: int) -> Scored:
    """Return what the frozen file of an assessment says of an organ, where it is the one of the
    ledger."""
    case = assessed.case
    frozen = Act.objects.filter(case=case, act="freeze").order_by("seq").last()
    known = str(frozen.data["manifest"]) if frozen else ""
    row = _frozen_row(case, organ, known)
    return Scored(
        case=case.number,
        organ=Organ.objects.get(pk=organ).name_zh,
        first=assessed.first,
        last=assessed.last,
        total=_published(row, "total"),
        low=_published(row, "low"),
        high=_published(row, "high"),
        manifest=known,
        sound=row is not None,
    )


def _frozen_row(case: Case, organ: int, known: str) -> Mapping[str, Any] | None:
    """Return the row of an organ in the frozen file; None where the file is not here, or not the
    one whose digest is known."""
    try:
        said = manifest.read_file(home(case.number) / manifest.NAME)
        return row_of(said, organ) if manifest.digest_of(said) == known else None
    except (OSError, ValueError, LookupError):
        return None


def _published(row: Mapping[str, Any] | None, name: str) -> str:
    """Return a figure as published, "" where there is none."""
    return str(row[name]) if row and row[name] is not None else ""


# --- measures in force ----------------------------------------------------------------------------
def convention_on(day: date) -> str:
    """Return by which convention the last day of an influence period is counted on a day.

    Whether it is the corresponding day or the day before is disputed; without a local setting that
    of the packs holds, by which in doubt nobody is held for a day too long. The extract names it.
    """
    row = setting(CONVENTION, None, day)
    if row is not None and row.value in CONVENTIONS:
        return row.value
    return convention_of(provisions.in_force(rulebooks.library(), day))


def standing_on(measures: Iterable[Measure], on: date) -> list[Measure]:
    """Return the measures that were decided by a day and not undone by then, with what an appeal
    put in their place.

    A lighter measure that an appeal put there counts from the day of the original decision: it
    stands for that decision, and nothing gets worse by an appeal.
    """
    found = []
    for one in measures:
        if one.decided <= on and (one.corrected is None or one.corrected > on):
            found.append(one)
        elif one.corrected is not None and one.corrected <= on and one.instead:
            found.append(replace(one, measure=one.instead, corrected=None, instead=""))
    return found


def measures_in_force(official: int, on: date) -> tuple[InForce, ...]:
    """Return the measures on an official that are in force on a day, as decided and not undone by
    then: within their influence period, or without one that could run out."""
    found = []
    for one in standing_on(measures_of(official), on):
        effects = effects_of(one, on)
        found += [_in_force(one, i) for i in in_force_on(effects, on)]
        found += [_in_force(one, i) for i in _without_end(one, effects)]
    last = date.max
    return tuple(sorted(found, key=lambda m: (m.decided, m.case, m.measure, m.last or last)))


def _without_end(one: Measure, effects: list[Influence]) -> list[Influence]:
    """Return the effect of a dismissal, which ends the service itself and has no day on which it
    ends.

    Of no other measure: CADRE 24(6) holds whom an influence period still holds. Where no period was
    found (circular), or no text can have one (another measure of an open list), nobody is held.
    """
    if effects or one.measure not in DISMISSALS:
        return []
    rules = provisions.in_force(rulebooks.library(), one.decided, one.place)
    rule = one.rule(rules) or rules.measures[one.measure]
    return [Influence(one.measure, *NO_END, one.decided, None, "", rule.basis)]


def effects_of(one: Measure, on: date) -> list[Influence]:
    """Return the effects of a measure with their periods, by the rules of the day of its
    decision."""
    rules = provisions.in_force(rulebooks.library(), one.decided, one.place)
    return influences(rules, [Imposed(one.measure, one.decided, one.months)], convention_on(on))


def _in_force(one: Measure, effect: Influence) -> InForce:
    """Return a measure with one effect of it that runs."""
    rules = provisions.in_force(rulebooks.library(), one.decided, one.place)
    rule = one.rule(rules) or rules.measures[one.measure]
    decider = Organ.objects.filter(pk=one.decided_by or 0).values_list("name_zh", flat=True).first()
    return InForce(
        case=one.case,
        measure=one.measure,
        zh=rule.zh,
        en=rule.en,
        decided=one.decided,
        decided_by=decider or "",
        effect_zh=effect.zh,
        effect_en=effect.en,
        last=effect.last,
        law=effect.basis.law,
        article=effect.basis.article,
        verified=effect.basis.verified,
    )
