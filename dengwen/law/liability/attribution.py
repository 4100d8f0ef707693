"""Who may bear which responsibility (责任认定): a proposal computed from posts, portfolios, decisions
and positions.

Which part bears what, which dissent frees, what absence and diligence give: all this stands in the
packs (`[[line]]`, `[[dissent]]`, `[[absence]]`, `[[diligence]]`) and is that of the day of the act
at the place. A line is only proposed: it carries its sentence of law and what speaks against it,
and a person confirms or changes it with reasons. Nothing here says that a breach happened.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import date

from dengwen.law.liability import conduct_words
from dengwen.law.liability.provisions import Liability, in_force
from dengwen.law.liability.stated_rules import DiligenceRule, DissentRule, LineRule
from dengwen.law.packs.library import Library
from dengwen.law.packs.rules import Basis

RESPONSIBILITIES = conduct_words.RESPONSIBILITIES
STANCES = conduct_words.STANCES
MAIN, IMPORTANT, LEADERSHIP, DIRECT, SUPERIOR, NONE = RESPONSIBILITIES
LEADING = frozenset({MAIN, IMPORTANT, LEADERSHIP})
"""The three responsibilities of leaders; a recorded, unadopted clear objection excludes all of
them."""

HEAD, MEMBER, STAFF = "head", "member", "staff"
COLLECTIVE, INDIVIDUAL = conduct_words.GROUNDS


@dataclass(frozen=True)
class Post:
    """A post somebody held from `since` to the day before `until` (None = still): head, member
    of the body, staff."""

    official: str
    organ: str
    role: str
    since: date
    until: date | None = None

    def held(self, on: date) -> bool:
        """Say whether it was held on that day."""
        return self.since <= on and (self.until is None or on < self.until)


@dataclass(frozen=True)
class Portfolio:
    """A field of work somebody had directly in charge (分管), as a post is held."""

    official: str
    organ: str
    work: str
    since: date
    until: date | None = None

    def held(self, on: date) -> bool:
        """Say whether it was held on that day."""
        return self.since <= on and (self.until is None or on < self.until)


@dataclass(frozen=True)
class Position:
    """How somebody stood in a decision, and what shows it: `recorded` = the minutes or another
    record say so."""

    official: str
    present: bool = True
    took_part: bool = True
    stance: str = "for"
    recorded: bool = False
    followed: bool = False


@dataclass(frozen=True)
class Decision:
    """A collective decision of a leading body (S 11 para. 2); `major` = a major administrative
    decision (MAD)."""

    organ: str
    work: str
    on: date
    positions: tuple[Position, ...] = ()
    major: bool = False


@dataclass(frozen=True)
class Diligence:
    """What is shown of somebody's diligence, item by item; None = nothing shows it either way.

    Which items make up the test, and what it gives, stands in the packs.
    """

    done_in_time: bool | None = None
    procedure_sound: bool | None = None
    nothing_concealed: bool | None = None
    cause_elsewhere: bool | None = None

    @property
    def shown(self) -> bool:
        """Whether every item is shown."""
        return all(getattr(self, f.name) is True for f in fields(self))

    def meets(self, rule: DiligenceRule) -> bool:
        """Say whether every item of a test is shown."""
        return bool(rule.test) and all(getattr(self, item.id) is True for item in rule.test)


@dataclass(frozen=True)
class Order:
    """An order of a superior that somebody carried out (CSL 60)."""

    superior: str
    told_wrong: bool = False
    insisted: bool = False
    obviously_illegal: bool = False


@dataclass(frozen=True)
class Deed:
    """What somebody concretely did or failed to do, apart from any collective decision
    (individual responsibility)."""

    official: str
    organ: str
    work: str
    on: date
    order: Order | None = None
    objected: tuple[str, ...] = ()
    """Leaders whose clear objection to this deed is recorded and was not followed."""


@dataclass(frozen=True)
class Note:
    """Something beside the proposal: another standard and its effect, or a gap in the evidence."""

    standard: str
    effect: str
    zh: str
    en: str
    basis: Basis | None = None


@dataclass(frozen=True)
class Line:
    """One proposed line: who, for what, which responsibility, the sentence it rests on, and what
    else to weigh.

    `proposal` is always true: only a person's reasoned finding makes it more than that.
    """

    official: str
    kind: str
    responsibility: str
    zh: str
    en: str
    basis: Basis
    notes: tuple[Note, ...] = ()
    diligence: Diligence | None = None
    proposal: bool = field(default=True, init=False)


def law_of(library: Library, on: date, place: str) -> str:
    """Return the instrument by which conduct of a day is attributed at a place, "" where none is
    in force."""
    doer = in_force(library, on, place).lines.get("individual.doer")
    return doer.basis.law if doer else ""


def attribute(
    library: Library,
    posts: Sequence[Post],
    portfolios: Sequence[Portfolio],
    decisions: Iterable[Decision] = (),
    deeds: Iterable[Deed] = (),
    diligence: dict[str, Diligence] | None = None,
    place: str = "",
) -> list[Line]:
    """Propose responsibilities for collective decisions and for single deeds, each by the rules of
    its own day.

    `diligence` holds what is shown for an official; it can free from individual responsibility only
    and never makes a line heavier. Days and places without a rule on attribution give no lines.
    """
    lines: list[Line] = []
    for decision in decisions:
        stated = _Stated(in_force(library, decision.on, place))
        lines += _collective(stated, decision, posts, portfolios)
    for deed in deeds:
        stated = _Stated(in_force(library, deed.on, place))
        if stated.line(INDIVIDUAL, "doer"):
            lines += _individual(stated, deed, posts, portfolios, diligence or {})
    return lines


@dataclass(frozen=True)
class _Stated:
    """What the packs of a day state on attribution, as the steps below ask for it."""

    rules: Liability

    def line(self, ground: str, who: str) -> LineRule | None:
        """Return what somebody in this part bears, None where no rule says."""
        return self.rules.lines.get(f"{ground}.{who}")

    def frees(self, ground: str, stance: str) -> DissentRule | None:
        """Return the standard by which recorded dissent that was not followed frees."""
        for rule in self.rules.dissents.values():
            if rule.effect == "frees" and ground in rule.grounds and stance in rule.stances:
                return rule
        return None


def _heads(organ: str, on: date, posts: Sequence[Post]) -> list[str]:
    return [p.official for p in posts if p.organ == organ and p.role == HEAD and p.held(on)]


def _in_charge(organ: str, work: str, on: date, portfolios: Sequence[Portfolio]) -> list[str]:
    return [p.official for p in portfolios if (p.organ, p.work) == (organ, work) and p.held(on)]


def _members(organ: str, on: date, posts: Sequence[Post]) -> list[str]:
    return [p.official for p in posts if p.organ == organ and p.role != STAFF and p.held(on)]


# --- a decision taken together --------------------------------------------------------------------
def _collective(
    stated: _Stated, decision: Decision, posts: Sequence[Post], portfolios: Sequence[Portfolio]
) -> Iterator[Line]:
    heads = _heads(decision.organ, decision.on, posts)
    charged = _in_charge(decision.organ, decision.work, decision.on, portfolios)
    members = _members(decision.organ, decision.on, posts)
    stood = {position.official: position for position in decision.positions}
    for official in dict.fromkeys((*heads, *charged, *members, *stood)):
        position = stood.get(official) or _absent(official)
        part = "head" if official in heads else "in_charge" if official in charged else ""
        yield from _for_decision(stated, decision, position, part)


def _absent(official: str) -> Position:
    """Return the position of somebody of whom the decision says nothing."""
    return Position(official, present=False, took_part=False, stance="silent")


def _for_decision(
    stated: _Stated, decision: Decision, position: Position, part: str
) -> Iterator[Line]:
    """Yield the line of one member: freed by dissent, as head or in charge, or by taking part."""
    notes = tuple(_dissent_notes(stated, position, decision))
    freed = stated.frees(COLLECTIVE, position.stance)
    if freed and position.recorded and not position.followed:
        if stated.line(COLLECTIVE, "head"):
            yield _freed(position.official, COLLECTIVE, freed, notes=notes)
        return
    part = part or ("took_part" if position.took_part else "stood_apart")
    rule = stated.line(COLLECTIVE, part)
    if rule is None:
        return
    if not position.took_part:
        notes += tuple(_absence_notes(stated, part))
    yield _borne(position.official, rule, notes)


def _freed(
    official: str,
    kind: str,
    rule: DissentRule,
    notes: tuple[Note, ...] = (),
    shown: Diligence | None = None,
) -> Line:
    """Return the line of somebody whom a standard of dissent frees."""
    return Line(official, kind, NONE, rule.zh, rule.en, rule.basis, notes, shown)


def _borne(
    official: str, rule: LineRule, notes: tuple[Note, ...] = (), shown: Diligence | None = None
) -> Line:
    """Return a line as its rule states it."""
    return Line(
        official, rule.ground, rule.responsibility, rule.zh, rule.en, rule.basis, notes, shown
    )


def _absence_notes(stated: _Stated, part: str) -> Iterator[Note]:
    """Yield what the absence of somebody in this part means."""
    for rule in stated.rules.absences.values():
        if part in rule.who:
            yield Note("absent", rule.effect, rule.zh, rule.en)


def _dissent_notes(stated: _Stated, position: Position, decision: Decision) -> Iterator[Note]:
    """Name the other standards where they can apply, and what is missing where there is no
    record."""
    rules = [r for r in stated.rules.dissents.values() if position.stance in r.stances]
    gaps = [rule for rule in rules if rule.effect == "gap"]
    if gaps and not position.recorded:
        yield from (_note(rule, "record") for rule in gaps)
        return
    if position.followed:
        return
    for rule in rules:
        beside = rule.effect in ("may", "by_rules", "none")
        if beside and (decision.major or not rule.major):
            yield _note(rule, rule.id)


def _note(rule: DissentRule, standard: str) -> Note:
    """Return a standard of dissent as a note beside a line."""
    return Note(standard, rule.effect, rule.zh, rule.en, rule.basis)


# --- what one person did --------------------------------------------------------------------------
def _individual(
    stated: _Stated,
    deed: Deed,
    posts: Sequence[Post],
    portfolios: Sequence[Portfolio],
    diligence: dict[str, Diligence],
) -> Iterator[Line]:
    shown = diligence.get(deed.official, Diligence())
    yield from _doer(stated, deed, shown)
    leaders = dict.fromkeys(
        (
            *_heads(deed.organ, deed.on, posts),
            *_in_charge(deed.organ, deed.work, deed.on, portfolios),
        )
    )
    for official in leaders:
        if official != deed.official:
            yield from _leader(stated, deed, official, diligence.get(official, Diligence()))


def _doer(stated: _Stated, deed: Deed, shown: Diligence) -> Iterator[Line]:
    order = deed.order
    illegal = order is not None and order.obviously_illegal
    obeyed, ordered = stated.line(INDIVIDUAL, "obeyed"), stated.line(INDIVIDUAL, "ordered")
    if order and order.told_wrong and order.insisted and not illegal and obeyed and ordered:
        yield _borne(deed.official, obeyed, shown=shown)
        yield _borne(order.superior, ordered)
        return
    own = stated.line(INDIVIDUAL, "obeyed_illegal") if illegal else None
    if own is None:
        yield from _by_diligence(stated, deed.official, "doer", shown)
        return
    notes = tuple(_weighed(stated, shown))
    yield _borne(deed.official, own, notes, shown)


def _leader(stated: _Stated, deed: Deed, official: str, shown: Diligence) -> Iterator[Line]:
    freed = stated.frees(INDIVIDUAL, "objected")
    if official in deed.objected and freed:
        yield _freed(official, INDIVIDUAL, freed, shown=shown)
        return
    yield from _by_diligence(stated, official, "leader", shown)


def _by_diligence(stated: _Stated, official: str, part: str, shown: Diligence) -> Iterator[Line]:
    """Yield the line of this part, or that diligence frees from it where a rule says so."""
    for rule in stated.rules.diligences.values():
        if rule.effect == "frees" and INDIVIDUAL in rule.grounds and shown.meets(rule):
            yield Line(official, INDIVIDUAL, NONE, rule.zh, rule.en, rule.basis, diligence=shown)
            return
    borne = stated.line(INDIVIDUAL, part)
    if borne is not None:
        yield _borne(official, borne, tuple(_weighed(stated, shown)), shown)


def _weighed(stated: _Stated, shown: Diligence) -> Iterator[Note]:
    """Yield that diligence is shown where no text makes it an exemption: a reason to weigh."""
    for rule in stated.rules.diligences.values():
        if rule.effect == "weigh" and INDIVIDUAL in rule.grounds and shown.meets(rule):
            yield Note("diligence", "weigh", rule.zh, rule.en)
