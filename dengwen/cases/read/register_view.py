"""What a page shows of registers for a year: each duty, each period, who held it, and what met it.

Callers hand in registers the wall let through. What met a duty lies in other cases; a page links to
it only where the
wall lets the reader see that case too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from dengwen.cases import rulebooks
from dengwen.cases.act_records import records_of, view_of
from dengwen.cases.duties.bearers import FIELD, POST, Bearer, bearers
from dengwen.cases.models import Act, Case, Duty
from dengwen.cases.read.register_words import FIELDS
from dengwen.cases.wall.visibility import Viewer, for_user
from dengwen.editions.as_of import interpretations, settings_of
from dengwen.editions.models import Interpretation
from dengwen.law.bilingual import Language, headline
from dengwen.law.duties.act_record import BY_CLAIM, CLOSED, LATE, OPEN, VOID, DutyView
from dengwen.law.duties.recurrence import REGISTER, interval
from dengwen.law.packs.rules import DutyRule
from dengwen.organs.models import Official, Organ, Post

MET, SLOW, MISSED, AHEAD, ENDED = "met", "slow", "missed", "open", "void"
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Holding:
    """Who held a duty on which days of its period; `official` None while the seat was vacant."""

    official: int | None
    name: str
    first: date
    last: date


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

    @property
    def shared(self) -> bool:
        """Whether it spans a change of holder, so that who answers for it is a human finding."""
        return len(self.holdings) > 1


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
    passed = Act.objects.filter(
        case__kind=REGISTER, data__leader=official.pk, act__in=("open_period", "pass_on")
    )
    mine = Q(handler=official) | Q(pk__in=passed.values("case_id"))
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
    """Return the page of these registers; with `official`, only duties he held on a day, and his
    own labels."""
    every = list(every)
    first, last = date(year, 1, 1), min(date(year, 12, 31), max(today, date(year, 1, 1)))
    records = {case.pk: records_of(case) for case in cases}
    duties = [
        (case, d)
        for case in cases
        for d in view_of(case.kind, records[case.pk]).duties
        if d.rule.of
    ]
    local = {
        r.id: str(r.data.get("local", "")).partition("=")[2]
        for rows in records.values()
        for r in rows
    }
    if official is not None:
        duties = [(c, d) for c, d in duties if any(who == official for who, _ in d.leaders)]
    names = _Names.read([d for _, d in duties], every)
    shown = _evidence([d for _, d in duties], viewer, today)
    grouped: dict[tuple[str, str], list[tuple[Case, DutyView]]] = {}
    for case, duty in sorted(duties, key=lambda pair: pair[1].start):
        grouped.setdefault((duty.rule.id, duty.seat), []).append((case, duty))
    lines = [
        _line(f"r{n}", same, names, shown, local, today, language)
        for n, same in enumerate(grouped.values(), 1)
    ]
    rules = {d.id: d for b in every for d in _rules(b, last)}
    known = {rule for rule, _ in grouped}
    return Year(
        tuple(lines),
        _labels(every, first, last, names, language, official),
        tuple(_silent(rules, every, known, last, language, official)),
    )


def bearers_of(organs: Iterable[int], year: int, today: date) -> list[Bearer]:
    """Return who bears duties in these organs in a year up to today."""
    wanted = set(organs)
    last = min(today, date(year, 12, 31))
    return [
        b for b in bearers(date(year, 1, 1), max(last, date(year, 1, 1))) if b.organ.pk in wanted
    ]


@dataclass(frozen=True)
class _Names:
    people: dict[int, str]
    posts: dict[str, tuple[str, str]]

    @staticmethod
    def read(duties: Sequence[DutyView], every: Sequence[Bearer]) -> _Names:
        who = {w for d in duties for w, _ in d.leaders if w} | {
            w for b in every for w, _ in b.held if w
        }
        codes = {
            s.removeprefix(POST)
            for s in (*(d.seat for d in duties), *(b.seat for b in every))
            if s[:5] == POST
        }
        posts = Post.objects.filter(code__in=codes).values_list("code", "title_zh", "title_en")
        people = dict(Official.objects.filter(pk__in=who).values_list("pk", "name"))
        return _Names(people, {code: (zh, en) for code, zh, en in posts})

    def seat(self, seat: str, language: Language) -> str:
        if seat.startswith(POST):
            zh, en = self.posts.get(seat.removeprefix(POST), (seat, ""))
            return en if language == "en" and en else zh
        if seat.startswith(FIELD):
            work = seat.removeprefix(FIELD)
            work = FIELDS[work][0 if language == "zh" else 1] if work in FIELDS else work
            return f"分管：{work}" if language == "zh" else f"in charge of: {work}"
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
    rule = same[-1][1].rule
    book = rulebooks.by_row(same[-1][1].rules)
    return RegisterLine(
        uid=uid,
        rule=rule,
        title=headline(rule, language),
        seat=names.seat(same[-1][1].seat, language),
        basis=rule.basis.cite(book.instruments, language),
        local=rule.clock.none,
        periods=tuple(
            _period(f"{uid}-{n}", case, duty, names, shown, local.get(duty.opened_by, ""), today)
            for n, (case, duty) in enumerate(same, 1)
        ),
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
    last = duty.due or duty.start
    ends = [since - DAY for _, since in duty.leaders[1:]] + [last]
    holdings = tuple(
        Holding(who, names.people.get(who or 0, ""), since, end)
        for (who, since), end in zip(duty.leaders, ends, strict=True)
        if duty.seat
    )
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
        holdings=holdings,
        evidence=shown.get(duty.evidence or 0, ""),
    )


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
    """Return who answered for what on which days of the year, whatever else he did (seed 7; case
    G09)."""
    found = []
    for bearer in every:
        instruments = rulebooks.library().rulebook(last, bearer.organ.division_code).instruments
        for rule in _rules(bearer, last):
            chain = bearer.chain(max(first, bearer.since), last) if rule.standing else ()
            for place, (who, since) in enumerate(chain):
                if who is None or official not in (None, who):
                    continue
                until = chain[place + 1][1] - DAY if place + 1 < len(chain) else None
                title = headline(rule, language)
                basis = rule.basis.cite(instruments, language)
                seat = names.seat(bearer.seat, language)
                found.append(
                    Label(title, basis, seat, who, names.people.get(who, ""), since, until)
                )
    return tuple(found)


def _silent(
    rules: dict[str, DutyRule],
    every: Sequence[Bearer],
    known: set[str],
    day: date,
    language: Language,
    official: int | None,
) -> Iterable[tuple[str, str, str]]:
    """Yield the duties to which the text gives no number and nobody set a local interval: title,
    article, setting."""
    settings = settings_of("register.")
    for rule in rules.values():
        if rule.standing or rule.clock.per or rule.id in known:
            continue
        mine = [
            b
            for b in every
            if b.bears(rule, day)
            and official in (None, b.holder(day))
            and (official is not None or b.of == "holder")
        ]
        rows = [settings.on(rule.local, b.organ.pk, day) for b in mine]
        if mine and not any(row is not None and interval(row.value) for row in rows):
            instruments = rulebooks.library().rulebook(day, mine[0].organ.division_code).instruments
            title = headline(rule, language)
            yield title, rule.basis.cite(instruments, language), rule.local
