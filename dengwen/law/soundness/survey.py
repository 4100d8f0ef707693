"""All kinds of cases under all editions at all places, and what is unsound in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from dengwen.law.packs.library import Library
from dengwen.law.packs.rules import ActRule, Basis, DutyRule, KindRule
from dengwen.law.packs.vocabulary import KEEP_STATE
from dengwen.law.soundness.defect import Finding, Stand, too_many
from dengwen.law.soundness.exploration import TooManyError, tested_by
from dengwen.law.soundness.open_duties import DutyWalk
from dengwen.law.soundness.openings import as_a_right
from dengwen.law.soundness.petitioner_owed import owed_findings
from dengwen.law.soundness.powers import power_findings
from dengwen.law.soundness.text_of_law import local_findings, text_findings
from dengwen.law.soundness.ways_over import way_findings

_NONE = Basis("", "")


@dataclass(frozen=True)
class Explored:
    """How many nodes a kind of case has under some editions at a place."""

    kind: str
    packs: tuple[str, ...]
    place: str
    nodes: int


@dataclass
class Survey:
    """What a survey of all packs found."""

    explored: list[Explored] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    unconfirmed: list[str] = field(default_factory=list)

    def add(self, findings: Iterable[Finding]) -> None:
        """Take in findings, each once."""
        keys = {finding.key for finding in self.findings}
        for finding in findings:
            if finding.key not in keys:
                keys.add(finding.key)
                self.findings.append(finding)


def stands(library: Library) -> Iterator[Stand]:
    """Yield every kind of case under all editions ever in force together, at every place."""
    days = {pack.since for pack in library.packs} | {p.until for p in library.packs if p.until}
    for place in sorted({pack.place for pack in library.packs}):
        seen: set[tuple[str, ...]] = set()
        for day in sorted(days):
            book = library.rulebook(day, place)
            if book.packs in seen:
                continue
            seen.add(book.packs)
            for kind in book.kinds.values():
                yield Stand(library, place, day, book, kind)


def survey(library: Library, folder: Path) -> Survey:
    """Explore every kind of case once for each wording of its rules, and read what packs cite."""
    found = Survey()
    found.add(text_findings(library, folder))
    known: dict[str, int] = {}
    for stand in stands(library):
        found.add(local_findings(stand))
        shape = _shape(stand.kind)
        if shape not in known:
            walks = [DutyWalk(stand, duty) for duty in followed_duties(stand.kind)]
            found.add(
                finding for d in stand.kind.duties.values() for finding in as_a_right(stand, d)
            )
            found.add(_within_the_cap(stand, _of_the_kind(stand)))
            for walk in walks:
                found.add(_within_the_cap(stand, walk.findings()))
            for walk in walks:
                found.unconfirmed += walk.unconfirmed
            known[shape] = sum(walk.nodes for walk in walks)
        found.explored.append(Explored(stand.kind.id, stand.book.packs, stand.place, known[shape]))
    return found


def _within_the_cap(stand: Stand, findings: Iterator[Finding]) -> Iterator[Finding]:
    """Yield findings; one more where exploring would have to tell apart more than it may."""
    try:
        yield from findings
    except TooManyError:
        yield too_many(stand)


def _of_the_kind(stand: Stand) -> Iterator[Finding]:
    """Yield what is unsound about a kind of case as a whole."""
    yield from owed_findings(stand)
    yield from power_findings(stand)
    yield from way_findings(stand)


def followed_duties(kind: KindRule) -> list[DutyRule]:
    """Return the duties that acts of a case open: those of a register come by themselves."""
    return [d for d in kind.duties.values() if d.opens and not (d.of or d.right or d.standing)]


def _shape(kind: KindRule) -> str:
    """Return what decides about the way of a case, without the words of its rules."""
    acts = [_bare_act(act) for act in kind.acts.values() if _matters(kind, act)]
    duties = [_bare_duty(duty) for duty in kind.duties.values()]
    finals = [(state.id, state.final) for state in kind.states.values()]
    return repr((kind.id, finals, acts, duties))


def _matters(kind: KindRule, act: ActRule) -> bool:
    """Say whether an act changes the state, a duty, a holder or a fact."""
    if act.to != KEEP_STATE or act.takes or act.addresses or act.sets:
        return True
    if any(field.fact for field in act.fields) or tested_by(act):
        return True
    return any(act.id in (*d.opens, *d.closes, *d.voids) for d in kind.duties.values())


def _bare_act(act: ActRule) -> tuple[object, ...]:
    fields = [(f.name, f.type, f.required, f.options, f.fact, f.needed_if) for f in act.fields]
    bare = replace(act, zh="", en="", basis=_NONE, fields=(), caps=(), remedy_zh="", remedy_en="")
    return repr(bare), repr([f for f in fields if f[2] or f[4]])


def _bare_duty(duty: DutyRule) -> str:
    clock = replace(
        duty.clock, zh="", en="", basis=_NONE, edition="", notice="", actor="", starts=""
    )
    return repr(
        replace(
            duty,
            zh="",
            en="",
            basis=_NONE,
            clock=clock,
            otherwise_zh="",
            otherwise_en="",
            otherwise_basis=None,
        )
    )
