"""What is on record of an official between two days, for the opinion that an appointment needs
(干部考察, S 10(2)).

Posts and fields of work by period; each duty of the registers with what became of it on the days it
was the official's;
duties in unprotected matters as counts; what frozen assessments say of the organs the official
headed (about the organ,
never a score of the person); measures within their influence period on the day asked; exemptions
found. Nothing about a
petitioner goes in: no case of a petition is named and no text of one is read. Expired, revoked and
corrected measures
are left out here and stay in the ledger. The same day and the same record give the same bytes.

It is no opinion: a person of the petition department reads it, writes the opinion and signs it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q

from dengwen.accountability.inquiry.exemptions import Exemption, exemptions_of
from dengwen.accountability.measures.queries import CONVENTION as USUAL
from dengwen.accountability.measures.queries import Measure, measures_of
from dengwen.assessment.frozen import manifest
from dengwen.assessment.frozen.freeze import home
from dengwen.assessment.inputs import ASSESSMENT
from dengwen.assessment.interim_figures import row_of
from dengwen.cases import rulebooks
from dengwen.cases.act_records import records_of, view_of
from dengwen.cases.models import Act, Case, Duty, Party
from dengwen.cases.read.register_view import of_leader
from dengwen.cases.read.register_words import seat_words
from dengwen.editions.as_of import setting
from dengwen.law.duties.act_record import CLOSED, LATE, VOID, DutyView
from dengwen.law.duties.recurrence import REGISTER
from dengwen.law.indicators.score import canonical_json
from dengwen.law.liability import provisions
from dengwen.law.liability.influence_period import (
    CORRESPONDING,
    DAY_BEFORE,
    Imposed,
    Influence,
    in_force_on,
    influences,
)
from dengwen.organs.models import Official, Organ, Portfolio, Substitute
from dengwen.organs.structure.posts_held import posts_held

FORMAT = "dengwen-personnel-extract/1"
CONVENTION = "personnel.influence_convention"
"""Local setting: by which convention the last day of an influence period is counted; disputed in
practice."""
CONVENTIONS = (DAY_BEFORE, CORRESPONDING)
DAY = timedelta(days=1)
MET, SLOW, MISSED, EXCUSED, AHEAD = "met", "late", "missed", "excused", "open"
STATES = (MET, SLOW, MISSED, EXCUSED, AHEAD)
"""How a duty stands: met, met late, not met, no longer owed (void), not due yet."""
FILES = (
    "personnel_notice",
    "personnel_opinion",
    "honour_query",
    "lead",
    "inquiry",
    "accountability",
    "accountability_appeal",
)
"""Kinds whose duties say nothing about how an official performed petition duties."""
BEHIND = ("accused_person", "accused_unit", "concerned_person", "concerned_unit", "recused")
"""Standings that put somebody behind the wall: matters that have one enter no count, whoever
reads it."""


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
class Period:
    """One period of a duty: its days, how it stood, the days the official held it, and days
    somebody stood in."""

    first: date
    last: date
    state: str
    held_first: date
    held_last: date
    shared: bool
    stood_in: int


@dataclass(frozen=True, slots=True)
class Kept:
    """One duty of a register in one seat, with its article and periods."""

    rule: str
    zh: str
    en: str
    law: str
    article: str
    seat: str
    seat_en: str
    local: bool
    periods: tuple[Period, ...]

    def count(self, state: str) -> int:
        """Return how many periods stand so."""
        return sum(p.state == state for p in self.periods)


@dataclass(frozen=True, slots=True)
class Counted:
    """Duties of one kind laid on the official in person in single matters: how many stand how,
    and nothing else."""

    rule: str
    zh: str
    en: str
    law: str
    article: str
    met: int
    late: int
    missed: int
    excused: int
    open: int


@dataclass(frozen=True, slots=True)
class Scored:
    """What a frozen and circulated assessment says of an organ while the official headed it. About
    the organ only.

    `total` and the ends of its interval are the figures as published; "" where the frozen file is
    not here or is not
    the one whose digest the ledger has (`sound` false).
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
    """A measure within an influence period on the day asked: what is not possible until which day,
    and by which rule.

    `case` is the number of the decision. `verified` is false where the text of the period was not
    seen.
    """

    case: str
    measure: str
    zh: str
    en: str
    decided: date
    decided_by: str
    effect_zh: str
    effect_en: str
    last: date
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
    return Extract(
        code=official.code,
        name=official.name,
        first=first,
        last=last,
        on=on,
        convention=convention_on(on),
        posts=tuple(_posts(official, first, last)),
        charges=tuple(_charges(official, first, last)),
        duties=tuple(_registers(official, first, last, on)),
        counted=tuple(_matters(official, first, last, on)),
        scores=tuple(_scores(official, first, last, on)),
        measures=measures_in_force(official.pk, on),
        exemptions=tuple(e for e in exemptions_of(official.pk, on) if first <= e.on),
    )


# --- posts and fields of work ---------------------------------------------------------------------
def _posts(official: Official, first: date, last: date) -> Iterable[Held]:
    for row in posts_held(official, first, last):
        ends = row.valid_to - DAY if row.valid_to else None
        post, organ = row.post, row.post.organ
        yield Held(
            post.title_zh,
            post.title_en,
            organ.name_zh,
            post.leading,
            max(first, row.valid_from),
            ends if ends and ends <= last else None,
        )


def _charges(official: Official, first: date, last: date) -> Iterable[Held]:
    rows = Portfolio.objects.within(first, last).filter(official=official).select_related("organ")
    for row in rows.order_by("valid_from", "id"):
        ends = row.valid_to - DAY if row.valid_to else None
        words = seat_words(f"field:{row.field}", "zh"), seat_words(f"field:{row.field}", "en")
        yield Held(
            *words,
            row.organ.name_zh,
            "",
            max(first, row.valid_from),
            ends if ends and ends <= last else None,
        )


# --- duties ---------------------------------------------------------------------------------------
def _registers(official: Official, first: date, last: date, on: date) -> Iterable[Kept]:
    """Yield the duties of the registers in which the official held a day within the days asked,
    oldest first."""
    wanted = Case.objects.filter(
        kind=REGISTER, opened_on__lte=last, opened_on__year__gte=first.year - 1
    )
    away = list(Substitute.objects.within(first, last).filter(official=official))
    found: dict[tuple[str, str], list[tuple[DutyView, Period]]] = {}
    for case in of_leader(wanted, official):
        for duty in view_of(case.kind, records_of(case)).duties:
            if duty.rule.of and not duty.rule.standing:
                for period in _periods(duty, official.pk, first, last, on, away):
                    found.setdefault((duty.rule.id, duty.seat), []).append((duty, period))
    for (rule, seat), pairs in sorted(found.items()):
        duty = pairs[-1][0]
        periods = sorted((p for _, p in pairs), key=lambda p: (p.first, p.held_first))
        yield Kept(
            rule,
            duty.rule.zh,
            duty.rule.en,
            duty.rule.basis.law,
            duty.rule.basis.article,
            seat_words(seat, "zh"),
            seat_words(seat, "en"),
            duty.rule.clock.none,
            tuple(periods),
        )


def _periods(
    duty: DutyView, official: int, first: date, last: date, on: date, away: Sequence[Substitute]
) -> Iterable[Period]:
    ends = duty.due or duty.start
    untils = [since - DAY for _, since in duty.leaders[1:]] + [ends]
    for (who, since), until in zip(duty.leaders, untils, strict=True):
        begin, end = max(since, first), min(until, last)
        if who == official and begin <= end:
            yield Period(
                duty.start,
                ends,
                _state(duty.state, duty.closed_on, duty.timeliness, duty.due, on),
                since,
                until,
                len(duty.leaders) > 1,
                _stood_in(away, begin, end),
            )


def _stood_in(away: Sequence[Substitute], begin: date, end: date) -> int:
    """Return on how many of these days somebody stood in, by the registry; why is not said (it
    has codes only)."""
    days = {begin + n * DAY for n in range((end - begin).days + 1)}
    return sum(any(row.holds_on(day) for row in away) for day in days)


def _state(state: str, closed: date | None, timeliness: str, due: date | None, on: date) -> str:
    """Return how a duty stood on the day `on`: what was done later was not done yet."""
    if state == VOID:
        return EXCUSED
    if state == CLOSED and closed is not None and closed <= on:
        return SLOW if timeliness == LATE else MET
    return MISSED if due is not None and due < on else AHEAD


def _matters(official: Official, first: date, last: date, on: date) -> Iterable[Counted]:
    """Yield the counts of duties laid on the official in person, by duty; protected matters and
    files never count."""
    hidden = Party.objects.filter(case=OuterRef("case"), role__in=BEHIND)
    rows = Duty.objects.filter(
        Q(closed_on__isnull=True) | Q(closed_on__gte=first),
        ~Exists(hidden),
        official=official,
        right=False,
        opened_on__lte=last,
        case__protected=False,
        imported=False,
    ).exclude(case__kind__in=(REGISTER, *FILES))
    found: dict[tuple[str, str], dict[str, int]] = {}
    rules: dict[tuple[str, str], int] = {}
    columns = ("case__kind", "rule", "rules_id", "state", "closed_on", "timeliness", "due")
    for kind, rule, book, state, closed, timeliness, due in rows.order_by("pk").values_list(
        *columns
    ):
        counts = found.setdefault((kind, rule), dict.fromkeys(STATES, 0))
        counts[_state(state, closed, timeliness, due, on)] += 1
        rules[kind, rule] = book
    for (kind, rule), counts in sorted(found.items()):
        law = rulebooks.by_row(rules[kind, rule]).kind(kind).duties[rule]
        yield Counted(
            rule,
            law.zh,
            law.en,
            law.basis.law,
            law.basis.article,
            counts[MET],
            counts[SLOW],
            counts[MISSED],
            counts[EXCUSED],
            counts[AHEAD],
        )


# --- assessments of the organs headed -------------------------------------------------------------
def _scores(official: Official, first: date, last: date, on: date) -> Iterable[Scored]:
    headed = [p for p in posts_held(official, first, last) if p.post.leading == "principal"]
    organs = {p.post.organ_id for p in headed}
    if not organs:
        return
    opened = {
        a.case_id: a.data
        for a in Act.objects.filter(
            case__kind=ASSESSMENT, case__state="concluded", act="open"
        ).order_by("pk")
    }
    closed = (
        Act.objects.filter(case__in=opened, act="conclude")
        .select_related("case")
        .order_by("case__number")
    )
    for act in closed:
        data = opened[act.case_id]
        begins, ends = date.fromisoformat(data["first"]), date.fromisoformat(data["last"])
        if act.occurred_at.date() > on or begins > last or ends < first:
            continue
        for organ in sorted(organs & set(data["organs"])):
            if any(
                _overlap(p.valid_from, p.valid_to, begins, ends)
                for p in headed
                if p.post.organ_id == organ
            ):
                yield _scored(act.case, organ, begins, ends)


def _overlap(since: date, until: date | None, begins: date, ends: date) -> bool:
    return since <= ends and (until is None or until > begins)


def _scored(case: Case, organ: int, begins: date, ends: date) -> Scored:
    name = Organ.objects.get(pk=organ).name_zh
    frozen = Act.objects.filter(case=case, act="freeze").order_by("seq").last()
    known = str(frozen.data["manifest"]) if frozen else ""
    try:
        said = manifest.read_file(home(case.number) / manifest.NAME)
        row = row_of(said, organ) if manifest.digest_of(said) == known else None
    except (OSError, ValueError, LookupError):
        row = None
    total, low, high = (
        str(row[n]) if row and row[n] is not None else "" for n in ("total", "low", "high")
    )
    return Scored(case.number, name, begins, ends, total, low, high, known, row is not None)


# --- measures in force ----------------------------------------------------------------------------
def convention_on(day: date) -> str:
    """Return by which convention the last day of an influence period is counted on a day.

    Whether it is the corresponding day or the day before is disputed; without a local setting the
    earlier one holds,
    so that in doubt nobody is held for a day too long. The extract names it.
    """
    row = setting(CONVENTION, None, day)
    return row.value if row is not None and row.value in CONVENTIONS else USUAL


def standing_on(measures: Iterable[Measure], on: date) -> list[Measure]:
    """Return the measures that were decided by a day and not undone by then, with what an appeal
    put in their place.

    A lighter measure that an appeal put there counts from the day of the original decision: it
    stands for that
    decision, and nothing gets worse by an appeal.
    """
    found = []
    for one in measures:
        if one.decided <= on and (one.corrected is None or one.corrected > on):
            found.append(one)
        elif one.corrected is not None and one.corrected <= on and one.instead:
            found.append(replace(one, measure=one.instead, corrected=None, instead=""))
    return found


def measures_in_force(official: int, on: date) -> tuple[InForce, ...]:
    """Return the measures on an official whose influence period runs on a day, as decided and
    not undone by then."""
    found = []
    for one in standing_on(measures_of(official), on):
        found += [_in_force(one, i) for i in in_force_on(effects_of(one, on), on)]
    return tuple(sorted(found, key=lambda m: (m.decided, m.case, m.measure, m.last)))


def effects_of(one: Measure, on: date) -> list[Influence]:
    """Return the effects of a measure with their periods, by the rules of the day of its
    decision."""
    rules = provisions.in_force(rulebooks.library(), one.decided, one.place)
    return influences(rules, [Imposed(one.measure, one.decided)], convention_on(on))


def _in_force(one: Measure, effect: Influence) -> InForce:
    rule = provisions.in_force(rulebooks.library(), one.decided, one.place).measures[one.measure]
    by = (
        Organ.objects.filter(pk=one.decided_by or 0).values_list("name_zh", flat=True).first() or ""
    )
    return InForce(
        one.case,
        one.measure,
        rule.zh,
        rule.en,
        one.decided,
        by,
        effect.zh,
        effect.en,
        effect.last or effect.first,
        effect.basis.law,
        effect.basis.article,
        effect.basis.verified,
    )
