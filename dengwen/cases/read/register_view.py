"""What a page shows of registers for a year: each duty, each period, who held it, and what met it.

Callers hand in registers the wall let through. What met a duty lies in other cases; a page links to
it only where the wall lets the reader see that case too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from dengwen.cases import rulebooks
from dengwen.cases.act_records import records_of, view_of
from dengwen.cases.duties.bearers import FIELD, POST, Bearer, bearers
from dengwen.cases.models import Act, Case, Duty
from dengwen.cases.read.register_words import field_words
from dengwen.cases.wall.visibility import Viewer, for_user
from dengwen.editions.as_of import Settings, interpretations, settings_of
from dengwen.editions.models import Interpretation
from dengwen.law.bilingual import Language, headline, words_in
from dengwen.law.duties.act_record import BY_CLAIM, CLOSED, LATE, OPEN, VOID, DutyView
from dengwen.law.duties.period_shares import LEFT, SETTING, Share, local_share, shares
from dengwen.law.duties.recurrence import CORRECT_HOLDER, OPEN_PERIOD, PASS_ON, REGISTER, interval
from dengwen.law.packs.rules import DutyRule
from dengwen.organs.models import Official, Organ, Post

NO_SETTINGS = Settings(())
MET, SLOW, MISSED, AHEAD, ENDED = "met", "slow", "missed", "open", "void"
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Holding:
    """Who held a duty on which days of its period; `official` None while the seat was vacant.

    In a period that changed hands, `share` says how they stand to it (`period_shares`).
    """

    official: int | None
    name: str
    first: date
    last: date
    share: Share | None = None


@dataclass(frozen=True, slots=True)
class Corrected:
    """Who was held to hold a duty from a day on, and who did by an entry made afterwards; "" where
    nobody."""

    since: date
    was: str
    name: str
    learnt: date


@dataclass(frozen=True, slots=True)
class PeriodLine:
    """One period: its days, how it stands, who held it on which days, and the case in which it
    was met."""

    uid: str
    case: str
    first: date
    last: date
    state: str
    closed_on: date | None
    by_claim: bool
    warned: bool
    local: str
    holdings: tuple[Holding, ...]
    evidence: str
    corrections: tuple[Corrected, ...] = ()

    @property
    def shared(self) -> bool:
        """Whether it spans a change of holder."""
        return len(self.holdings) > 1

    @property
    def found_by_people(self) -> bool:
        """Whether who answers for it is a human finding: somebody left within it, or was held to
        hold it until that was corrected."""
        left = any(one.share is not None and one.share.standing == LEFT for one in self.holdings)
        return left or bool(self.corrections)


@dataclass(frozen=True)
class RegisterLine:
    """One duty over the year, in one seat: its words, its article, whether its interval is
    local, its periods."""

    uid: str
    rule: DutyRule
    title: str
    seat: str
    basis: str
    local: bool
    periods: tuple[PeriodLine, ...]
    answers: tuple[Interpretation, ...] = ()


@dataclass(frozen=True, slots=True)
class Label:
    """A standing duty: what somebody answers for, from which day to which, without any act that
    would discharge it."""

    title: str
    basis: str
    seat: str
    official: int | None
    name: str
    since: date
    until: date | None


@dataclass(frozen=True)
class Year:
    """Everything a register page shows: lines with periods, labels, and duties whose text has no
    number here."""

    lines: tuple[RegisterLine, ...]
    labels: tuple[Label, ...]
    silent: tuple[tuple[str, str, str], ...] = field(default_factory=tuple)


def registers(viewer: Viewer, today: date, year: int) -> QuerySet[Case]:
    """Return the registers of a year that a viewer may see."""
    return for_user(viewer, today).filter(kind=REGISTER, opened_on__year=year)


def of_organ(visible: QuerySet[Case], organ: Organ) -> list[Case]:
    """Return the organ's own register among the visible ones."""
    return list(visible.filter(holder=organ, handler=None).order_by("pk"))


def of_leader(visible: QuerySet[Case], official: Official) -> list[Case]:
    """Return the registers in which a leader holds or held a duty among the visible ones."""
    held = Act.objects.filter(case__kind=REGISTER, act__in=(OPEN_PERIOD, PASS_ON, CORRECT_HOLDER))
    held = held.filter(Q(data__leader=official.pk) | Q(data__was=official.pk))
    mine = Q(handler=official) | Q(pk__in=held.values("case_id"))
    mine |= Q(pk__in=Duty.objects.filter(official=official, case__kind=REGISTER).values("case_id"))
    return list(visible.filter(mine).order_by("pk"))


def read_year(
    cases: Sequence[Case],
    every: Iterable[Bearer],
    viewer: Viewer,
    today: date,
    year: int,
    language: Language,
    official: int | None = None,
) -> Year:
    """Return the page of these registers; with `official`, only duties they held on a day, and
    their own labels."""
    every = list(every)
    first = date(year, 1, 1)
    last = min(date(year, 12, 31), max(today, first))
    duties, local = _duties_of(cases)
    if official is not None:
        duties = [(case, duty) for case, duty in duties if _was_borne_by(duty, official)]
    alone = [duty for _, duty in duties]
    names = _Names.read(alone, every)
    shown = _evidence(alone, viewer, today)
    grouped = _by_rule_and_seat(duties)
    lines = [
        _line(f"r{n}", same, names, shown, local, today, language)
        for n, same in enumerate(grouped.values(), 1)
    ]
    known = {rule for rule, _ in grouped}
    return Year(
        tuple(lines),
        _labels(every, first, last, names, language, official),
        tuple(_silent(every, known, last, language, official)),
    )


def _duties_of(cases: Iterable[Case]) -> tuple[list[tuple[Case, DutyView]], dict[int, str]]:
    """Return the recurring duties of registers, each with its register; and the local interval
    (after the sign of equality, "" without) of each act that opened a period."""
    duties: list[tuple[Case, DutyView]] = []
    local: dict[int, str] = {}
    for case in cases:
        records = records_of(case)
        for record in records:
            local[record.id] = str(record.data.get("local", "")).partition("=")[2]
        view = view_of(case.kind, records)
        duties += [(case, duty) for duty in view.duties if duty.rule.of]
    return duties, local


def _was_borne_by(duty: DutyView, official: int) -> bool:
    """Say whether an official held a duty on any day of its period, or was held to."""
    held = {who for who, _ in duty.leaders} | {one.was for one in duty.corrections}
    return official in held


def _by_rule_and_seat(
    duties: Iterable[tuple[Case, DutyView]],
) -> dict[tuple[str, str], list[tuple[Case, DutyView]]]:
    """Return the periods of each duty in each seat, in order of time."""
    grouped: dict[tuple[str, str], list[tuple[Case, DutyView]]] = {}
    for case, duty in sorted(duties, key=lambda pair: pair[1].start):
        grouped.setdefault((duty.rule.id, duty.seat), []).append((case, duty))
    return grouped


def bearers_of(organs: Iterable[int], year: int, today: date) -> list[Bearer]:
    """Return who bears duties in these organs in a year up to today."""
    wanted = set(organs)
    first = date(year, 1, 1)
    last = max(first, min(today, date(year, 12, 31)))
    return [bearer for bearer in bearers(first, last) if bearer.organ.pk in wanted]


@dataclass(frozen=True)
class _Names:
    people: dict[int, str]
    posts: dict[str, tuple[str, str]]
    settings: Settings = NO_SETTINGS

    def person(self, official: int | None) -> str:
        """Return the name of an official, "" for nobody."""
        return self.people.get(official or 0, "")

    @staticmethod
    def read(duties: Sequence[DutyView], every: Sequence[Bearer]) -> _Names:
        """Read the names of all who held these duties and of the posts they lie in."""
        who: set[int | None] = set()
        for duty in duties:
            who.update(official for official, _ in duty.leaders)
            who.update(one.was for one in duty.corrections)
        for bearer in every:
            who.update(official for official, _ in bearer.held)
        seats = [*(duty.seat for duty in duties), *(bearer.seat for bearer in every)]
        codes = {seat.removeprefix(POST) for seat in seats}
        posts = Post.objects.filter(code__in=codes).values_list("code", "title_zh", "title_en")
        people = dict(Official.objects.filter(pk__in=filter(None, who)).values_list("pk", "name"))
        titles = {code: (zh, en) for code, zh, en in posts}
        return _Names(people, titles, settings_of(SETTING))

    def seat(self, seat: str, language: Language) -> str:
        """Return the words of a seat, "" for the organ itself."""
        if seat.startswith(POST):
            zh, en = self.posts.get(seat.removeprefix(POST), (seat, ""))
            return words_in((zh, en or zh), language)
        if seat.startswith(FIELD):
            return field_words(seat.removeprefix(FIELD), language)
        return ""


def _evidence(duties: Sequence[DutyView], viewer: Viewer, today: date) -> dict[int, str]:
    """Return the numbers of the cases in which duties were met, by act, as far as the reader may
    see them."""
    wanted = {d.evidence for d in duties if d.evidence is not None}
    acts = dict(Act.objects.filter(pk__in=wanted).values_list("pk", "case_id"))
    seen = dict(
        for_user(viewer, today).filter(pk__in=set(acts.values())).values_list("pk", "number")
    )
    return {act: seen[case] for act, case in acts.items() if case in seen}


def _line(
    uid: str,
    same: Sequence[tuple[Case, DutyView]],
    names: _Names,
    shown: dict[int, str],
    local: dict[int, str],
    today: date,
    language: Language,
) -> RegisterLine:
    """Return the line of one duty in one seat, by the rule of its newest period."""
    _, newest = same[-1]
    rule = newest.rule
    book = rulebooks.by_row(newest.rules)
    periods = [
        _period(f"{uid}-{n}", case, duty, names, shown, local.get(duty.opened_by, ""), today)
        for n, (case, duty) in enumerate(same, 1)
    ]
    return RegisterLine(
        uid=uid,
        rule=rule,
        title=headline(rule, language),
        seat=names.seat(newest.seat, language),
        basis=rule.basis.cite(book.instruments, language),
        local=rule.clock.none,
        periods=tuple(periods),
        answers=interpretations([rule.id], today),
    )


def _period(
    uid: str,
    case: Case,
    duty: DutyView,
    names: _Names,
    shown: dict[int, str],
    local: str,
    today: date,
) -> PeriodLine:
    """Return one period of a duty, with who held it on which days."""
    last = duty.due or duty.start
    return PeriodLine(
        uid=uid,
        case=case.number,
        first=duty.start,
        last=last,
        state=_state(duty, today),
        closed_on=duty.closed_on,
        by_claim=duty.timeliness == BY_CLAIM,
        warned=duty.warned is not None,
        local=local,
        holdings=_holdings(duty, last, names) if duty.seat else (),
        evidence=shown.get(duty.evidence or 0, ""),
        corrections=_corrections(duty, names),
    )


def _corrections(duty: DutyView, names: _Names) -> tuple[Corrected, ...]:
    """Return the holders entered afterwards, each with the one noted before."""
    return tuple(
        Corrected(one.since, names.person(one.was), names.person(one.leader), one.learnt)
        for one in duty.corrections
    )


def _holdings(duty: DutyView, last: date, names: _Names) -> tuple[Holding, ...]:
    """Return who held a seat up to which day: until the next one took it over."""
    ends = [since - DAY for _, since in duty.leaders[1:]] + [last]
    known: dict[int, Share] = {}
    if len(duty.leaders) > 1:
        known = shares(duty.leaders, last, share_in_force(names.settings, duty))
    return tuple(
        Holding(who, names.person(who), since, end, known.get(who or 0))
        for (who, since), end in zip(duty.leaders, ends, strict=True)
    )


def share_in_force(settings: Settings, duty: DutyView) -> int | None:
    """Return the local share in force when a period began: a later one says nothing about it."""
    row = settings.on(SETTING, duty.holder, duty.start)
    return local_share(row.value) if row is not None else None


def _state(duty: DutyView, today: date) -> str:
    if duty.state == VOID:
        return ENDED
    if duty.state == CLOSED:
        return SLOW if duty.timeliness == LATE else MET
    late = duty.breach is not None or (duty.due is not None and duty.due < today)
    return MISSED if duty.state == OPEN and late else AHEAD


def _rules(bearer: Bearer, day: date) -> list[DutyRule]:
    kind = rulebooks.library().rulebook(day, bearer.organ.division_code).kinds.get(REGISTER)
    return [d for d in kind.duties.values() if d.of and bearer.bears(d, day)] if kind else []


def _labels(
    every: Sequence[Bearer],
    first: date,
    last: date,
    names: _Names,
    language: Language,
    official: int | None,
) -> tuple[Label, ...]:
    """Return who answered for what on which days of the year, whatever else they did (seed 7; case
    G09)."""
    found = []
    for bearer in every:
        instruments = rulebooks.library().rulebook(last, bearer.organ.division_code).instruments
        seat = names.seat(bearer.seat, language)
        for rule in _rules(bearer, last):
            if not rule.standing:
                continue
            title = headline(rule, language)
            basis = rule.basis.cite(instruments, language)
            for who, since, until in _terms(bearer.chain(max(first, bearer.since), last)):
                if who is None or official not in (None, who):
                    continue
                name = names.people.get(who, "")
                found.append(Label(title, basis, seat, who, name, since, until))
    return tuple(found)


def _terms(
    chain: Sequence[tuple[int | None, date]],
) -> Iterator[tuple[int | None, date, date | None]]:
    """Yield who held a seat, from which day and up to which; None for the one who still does."""
    for place, (who, since) in enumerate(chain):
        is_last = place + 1 == len(chain)
        yield who, since, None if is_last else chain[place + 1][1] - DAY


def _silent(
    every: Sequence[Bearer],
    known: set[str],
    day: date,
    language: Language,
    official: int | None,
) -> Iterator[tuple[str, str, str]]:
    """Yield the duties to which the text gives no number and nobody set a local interval: title,
    article, setting."""
    settings = settings_of("register.")
    for rule in _rules_of(every, day):
        if rule.standing or rule.clock.per or rule.id in known:
            continue
        mine = [bearer for bearer in every if _is_asked(bearer, rule, day, official)]
        if not mine or any(_has_interval(settings, rule, bearer, day) for bearer in mine):
            continue
        instruments = rulebooks.library().rulebook(day, mine[0].organ.division_code).instruments
        title = headline(rule, language)
        yield title, rule.basis.cite(instruments, language), rule.local


def _rules_of(every: Iterable[Bearer], day: date) -> Iterable[DutyRule]:
    """Return the recurring duties that any of these bear on a day, each once."""
    rules: dict[str, DutyRule] = {}
    for bearer in every:
        rules |= {rule.id: rule for rule in _rules(bearer, day)}
    return rules.values()


def _is_asked(bearer: Bearer, rule: DutyRule, day: date, official: int | None) -> bool:
    """Say whether a page shows a duty of a bearer: that of the leader it is about, or of organs."""
    if not bearer.bears(rule, day):
        return False
    return bearer.of == "holder" if official is None else bearer.holder(day) == official


def _has_interval(settings: Settings, rule: DutyRule, bearer: Bearer, day: date) -> bool:
    """Say whether a local setting gives a duty its interval."""
    row = settings.on(rule.local, bearer.organ.pk, day)
    return row is not None and bool(interval(row.value))
