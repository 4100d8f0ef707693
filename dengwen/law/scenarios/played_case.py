"""A case as a scenario plays it: its acts are done one by one, checked as the write door checks
them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from dengwen.law.duties import late_entry, recurrence
from dengwen.law.duties.act_record import (
    BREACH,
    LAPSE,
    LATE_ENTRY,
    ActRecord,
    CaseView,
    DutyView,
    Refusal,
    civil,
)
from dengwen.law.duties.admissibility import Actor, hand_refusals, refusals
from dengwen.law.duties.fold import BookOf, derive
from dengwen.law.duties.step import FieldValue
from dengwen.law.duties.step_fields import field_refusals
from dengwen.law.packs.library import Library, Rulebook
from dengwen.law.packs.rules import ActRule, FieldRule, KindRule
from dengwen.law.packs.vocabulary import BY, OPENING_STATE, TEXT_TYPES
from dengwen.law.scenarios.defaults import fill, implied_given
from dengwen.law.scenarios.matters_beside import Beside
from dengwen.law.scenarios.other_cases import deeds_of
from dengwen.law.scenarios.scenario_file import ACT_KEYS, ON_DUTY
from dengwen.law.scenarios.written_days import instant_of
from dengwen.law.time.calendar import CalendarHistory


@dataclass
class Cast:
    """The organs and persons of a scenario, numbered in order of appearance."""

    ids: dict[str, int] = field(default_factory=dict)

    def id(self, name: str) -> int:
        """Return the number of a name, a new one at its first appearance."""
        return self.ids.setdefault(name, len(self.ids) + 1)

    def name(self, number: int | None) -> str:
        """Return the name with a number, "" where nobody has it."""
        return next((name for name, known in self.ids.items() if known == number), "")


@dataclass
class PlayedCase:
    """A scenario being played: the acts so far and the rulebooks they were judged by."""

    library: Library
    kind: str
    place: str
    history: CalendarHistory
    cast: Cast = field(default_factory=Cast)
    acts: list[ActRecord] = field(default_factory=list)
    books: dict[str, Rulebook] = field(default_factory=dict)
    given: Mapping[str, Any] = field(default_factory=dict)
    beside: Beside = field(default_factory=Beside)
    turned_away: list[tuple[str, Rulebook]] = field(default_factory=list)
    """The acts that were refused as written, each with the rules that refused it."""

    def book(self, day: date) -> Rulebook:
        """Return the rules of a day, and keep them for reading the acts again."""
        found = self.library.rulebook(day, self.place)
        self.books[found.digest] = found
        return found

    def view(self) -> CaseView:
        """Return the case as it stands after the acts so far."""
        return derive_given(
            self.kind,
            self.acts,
            self.books.__getitem__,
            self.history,
            self.given,
            self.cast.id,
        )

    def next_id(self) -> int:
        """Return the id of the act to be recorded next."""
        return len(self.acts) + 1


def derive_given(
    kind: str,
    acts: list[ActRecord],
    book: BookOf,
    history: CalendarHistory,
    given: Mapping[str, Any],
    id_of: Callable[[str], int],
) -> CaseView:
    """Derive from acts that begin in the middle of a procedure: `given` is how the case stood
    before them."""
    view = CaseView(kind)
    if not given:
        return derive(kind, acts, book, history)
    view.state = given.get("state", view.state)
    for name in ("holder", "sender", "addressee"):
        if name in given:
            setattr(view, name, id_of(given[name]))
    view.facts.update({name: str(value) for name, value in given.get("facts", {}).items()})
    view.done.update(dict.fromkeys(given.get("done", ()), 0))
    return derive(kind, acts, book, history, begin=view)


def begin(library: Library, entry: Mapping[str, Any]) -> PlayedCase:
    """Return the case of a scenario before its first act."""
    history = CalendarHistory.of(library.calendar)
    case = PlayedCase(library, entry.get("kind", "petition"), entry.get("place", ""), history)
    case.beside = Beside.of(entry, case.cast.id)
    first = next(iter(entry["acts"]), None)
    if "given" in entry or first is None or "refused" in first:
        case.given = entry.get("given", {})
    else:
        kind = case.book(civil(instant_of(first["at"]))).kind(case.kind)
        case.given = implied_given(kind.acts[first["act"]], first)
    return case


def finish(case: PlayedCase, entry: Mapping[str, Any]) -> Iterator[str]:
    """Do what the worker does after the acts of a scenario; yield what is wrong with the acts
    elsewhere."""
    yield from _meet_from_elsewhere(case, entry)
    if "today" in entry:
        _sweep(case, entry["today"])


# --- one act --------------------------------------------------------------------------------------
def play_act(case: PlayedCase, raw: Mapping[str, Any]) -> str:
    """Do one act of a scenario, or see that it is refused as written; return what went wrong, ""
    where nothing did."""
    book = case.book(civil(instant_of(raw["at"])))
    asked = _asked(case, book.kind(case.kind), raw)
    found = _refusals(case, asked, late=bool(raw.get("refused")))
    if raw.get("refused"):
        case.turned_away.append((asked.rule.id, book))
        return _compare_refusal(asked.rule, raw, found)
    if found:
        reasons = "; ".join(f"[{refusal.code}] {refusal.zh}" for refusal in found)
        return f"{asked.day} {asked.rule.id}: 被拒绝 / refused: {reasons}"
    try:
        case.acts.append(_record(case, asked, raw, book))
    except _NotOwedError as error:
        return str(error)
    return ""


def refused_now(case: PlayedCase, raw: Mapping[str, Any]) -> list[Refusal]:
    """Return why an act of a scenario cannot be done now; empty where it can."""
    book = case.book(civil(instant_of(raw["at"])))
    return _refusals(case, _asked(case, book.kind(case.kind), raw), late=False)


def record_act(case: PlayedCase, raw: Mapping[str, Any]) -> None:
    """Record an act of a scenario that can be done."""
    book = case.book(civil(instant_of(raw["at"])))
    case.acts.append(_record(case, _asked(case, book.kind(case.kind), raw), raw, book))


@dataclass(frozen=True)
class _Asked:
    """An act that is asked for: by whom, with which fields, on which day, entered on which."""

    kind: KindRule
    rule: ActRule
    actor: Actor
    fields: Mapping[str, FieldValue]
    texts: Mapping[str, str]
    day: date
    entered: date


def _asked(case: PlayedCase, kind: KindRule, raw: Mapping[str, Any]) -> _Asked:
    """Return what an act of a scenario asks for; what may be left out is filled in unless it is to
    be refused."""
    rule = kind.acts[raw["act"]]
    fields, texts = _values(case, rule, raw)
    if "refused" not in raw:
        fill(rule, fields, texts)
    day, entered = _days(raw)
    return _Asked(kind, rule, actor_of(case, rule, raw), fields, texts, day, entered)


def _days(raw: Mapping[str, Any]) -> tuple[date, date]:
    """Return the day an act was done, and the day it was entered."""
    return civil(instant_of(raw["at"])), civil(instant_of(raw.get("entered", raw["at"])))


def _record(case: PlayedCase, asked: _Asked, raw: Mapping[str, Any], book: Rulebook) -> ActRecord:
    """Return the act as the ledger would hold it; _NotOwedError where the worker would not write
    it."""
    act = ActRecord(
        id=case.next_id(),
        act=asked.rule.id,
        occurred=instant_of(raw["at"]),
        recorded=instant_of(raw.get("entered", raw["at"])),
        organ=asked.actor.organ,
        actor=asked.actor.user,
        data=asked.fields,
        imported=bool(raw.get("imported")),
        rules=book.digest,
    )
    if _rests_on_claim(case, asked, act):
        act = replace(act, data={**act.data, LATE_ENTRY: True})
    if ON_DUTY not in raw:
        return act
    duty = _duty_marked(case, asked, str(raw[ON_DUTY]))
    return replace(act, duty=duty.rule.id, opened_by=duty.opened_by)


class _NotOwedError(Exception):
    """No worker would mark this duty on this day."""


def _duty_marked(case: PlayedCase, asked: _Asked, name: str) -> DutyView:
    """Return the open duty that a breach, a lapse or a warning is about: the newest of that
    name."""
    act, day = asked.rule.id, asked.day
    duty = case.view().find_open(name)
    if act not in _MARKS:
        raise _NotOwedError(f"{act}: 不能写 {ON_DUTY} / {ON_DUTY} has no place here")
    if duty is None or not _MARKS[act](duty, day):
        raise _NotOwedError(f"{day} {act} {name}: 系统这天不会这样记 / no worker would record this")
    return duty


def _rests_on_claim(case: PlayedCase, asked: _Asked, act: ActRecord) -> bool:
    """Say whether an act is entered later than the day it claims and changes what is owed: the
    write door then marks it, once a second person approved it. The first act of a case is none."""
    first = asked.rule.after == (OPENING_STATE,)
    if asked.entered <= asked.day or first or act.imported or asked.rule.by == late_entry.SYSTEM:
        return False
    after = derive_given(
        case.kind,
        [*case.acts, act],
        case.books.__getitem__,
        case.history,
        case.given,
        case.cast.id,
    )
    return bool(late_entry.changed(asked.rule, case.view(), after))


def _is_due_soon(duty: DutyView, day: date) -> bool:
    """Say whether a duty can still be warned of: its last day has not passed."""
    return duty.due is not None and day <= duty.due


_MARKS: Mapping[str, Callable[[DutyView, date], bool]] = {
    BREACH: DutyView.unrecorded_breach,
    LAPSE: DutyView.unrecorded_lapse,
    recurrence.WARN: _is_due_soon,
}
"""Acts of the system about one duty, each with when a worker does it."""


def _refusals(case: PlayedCase, asked: _Asked, *, late: bool) -> list[Refusal]:
    """Return why an act is refused; `late` asks as well what a late entry lacks."""
    kind, view, rule = asked.kind, case.view(), asked.rule
    fields, texts, day = asked.fields, asked.texts, asked.day
    found = [
        *refusals(kind, rule, view, asked.actor, day, {*fields, *texts}),
        *hand_refusals(rule, asked.actor, fields),
        *field_refusals(rule, view, fields, texts, day),
        *case.beside.refusals(rule, fields, asked.actor.organ, case.acts),
    ]
    if late:
        found += late_entry.unsupported(kind, rule, view, fields, day, asked.entered)
    return found


def _compare_refusal(rule: ActRule, raw: Mapping[str, Any], found: list[Refusal]) -> str:
    """Say in what a refusal differs from the one a scenario writes down."""
    wanted, cites = raw["refused"], raw.get("cites")
    hits = [refusal for refusal in found if refusal.code == wanted]
    if not hits:
        codes = [refusal.code for refusal in found]
        return f"{rule.id}: 应以“{wanted}”拒绝，得到 {codes} / should be refused with “{wanted}”"
    cited = [f"{hit.basis.law} {hit.basis.article}" for hit in hits if hit.basis]
    if cites and cites not in cited:
        return f"{rule.id}: 拒绝应引 {cites} / the refusal should cite {cites}"
    return ""


def actor_of(case: PlayedCase, rule: ActRule, raw: Mapping[str, Any]) -> Actor:
    """Return who asks for an act: as written, else with a capacity the act is open to."""
    organ = raw.get("by", "")
    capacities, _ = BY[rule.by]
    default = "petitioner" if organ == "信访人" else min(capacities)
    person = case.cast.id(raw.get("who", f"{organ}经办"))
    return Actor(
        person,
        case.cast.id(organ) if organ else None,
        frozenset({raw.get("as", default)}),
        official=person,
    )


def _values(
    case: PlayedCase, rule: ActRule, raw: Mapping[str, Any]
) -> tuple[dict[str, FieldValue], dict[str, str]]:
    """Return the fields and the texts of an act as a scenario writes them."""
    fields: dict[str, FieldValue] = {}
    texts: dict[str, str] = {}
    for name, value in raw.items():
        if name in ACT_KEYS:
            continue
        declared = rule.field_rule(name)
        if _is_text(declared, value):
            texts[name] = value
        else:
            fields[name] = _field_value(case.cast, declared, value)
    return fields, texts


def _is_text(declared: FieldRule | None, value: object) -> bool:
    """Say whether a value belongs to the texts; an undeclared one does where it is text."""
    if declared is None:
        return isinstance(value, str)
    return declared.type in TEXT_TYPES


def _field_value(cast: Cast, declared: FieldRule | None, value: Any) -> FieldValue:  # noqa: ANN401 — whatever TOML can hold
    kind = declared.type if declared else "text"
    if kind in ("organ", "official"):
        return cast.id(value)
    if kind == "organs":
        return tuple(cast.id(name) for name in value)
    return tuple(value) if isinstance(value, list) else value


# --- what the worker does -------------------------------------------------------------------------
def _meet_from_elsewhere(case: PlayedCase, entry: Mapping[str, Any]) -> Iterator[str]:
    """Let the acts in other cases meet the duties of a register, as the worker does."""
    deeds, wrong = deeds_of(entry.get("elsewhere", ()), case.book, case.cast.id, instant_of)
    yield from wrong
    for duty, deed in recurrence.met_by(case.view().duties, deeds):
        case.acts.append(_met(case, duty, deed))


def _met(case: PlayedCase, duty: DutyView, deed: recurrence.Deed) -> ActRecord:
    data: dict[str, FieldValue] = {"rule": duty.rule.id, "seat": duty.seat, "first": duty.start}
    return ActRecord(
        id=case.next_id(),
        act=recurrence.MEET,
        occurred=instant_of(deed.day),
        recorded=instant_of(deed.recorded),
        data={**data, "evidence": deed.id, "recorded": deed.recorded},
        rules=case.book(deed.day).digest,
    )


def _sweep(case: PlayedCase, today: date) -> None:
    """Record what a worker would record on `today`: each breach and each lapse once."""
    for duty in case.view().duties:
        act = _swept(duty, today)
        if act:
            record = ActRecord(
                case.next_id(),
                act,
                instant_of(today),
                instant_of(today),
                rules=case.book(today).digest,
                duty=duty.rule.id,
                opened_by=duty.opened_by,
            )
            case.acts.append(record)


def _swept(duty: DutyView, today: date) -> str:
    """Return the act a worker records about a duty on `today`, "" for none."""
    if duty.unrecorded_breach(today):
        return BREACH
    return LAPSE if duty.unrecorded_lapse(today) else ""
