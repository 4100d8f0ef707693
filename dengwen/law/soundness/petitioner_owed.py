"""What is owed to the petitioner: not while nobody can be told, and from the day somebody can.

A kind says under which facts nobody can be told (`nobody_told`); a duty or an act that tells the
petitioner something says so (`tells = true`).
"""

from __future__ import annotations

from collections.abc import Iterator

from dengwen.law.packs.rules import ActRule, DutyRule
from dengwen.law.soundness.confirmation import confirmed
from dengwen.law.soundness.defect import Finding, Stand, Words, found
from dengwen.law.soundness.exploration import Exploration, Taken, codes_of, tested_by
from dengwen.law.soundness.rehearsal import Rehearsal
from dengwen.law.soundness.valuation import is_open

TOLD = "告知"
"""The word by which a flag declares that somebody was told."""


def owed_findings(stand: Stand) -> Iterator[Finding]:
    """Yield what a kind of case owes to somebody who cannot be told, or no longer owes."""
    if not stand.kind.nobody_told:
        return
    for duty in stand.kind.duties.values():
        if duty.tells:
            yield from _owed_to_nobody(stand, duty)
            yield from _never_owed(stand, duty)
            yield from _owed_backwards(stand, duty)
    for act in stand.kind.acts.values():
        yield from _told_nobody(stand, act)
        yield from _untrue(stand, act)


def _owed_to_nobody(stand: Stand, duty: DutyRule) -> Iterator[Finding]:
    """Yield that a duty to tell the petitioner opens although nobody can be told."""
    opening = [stand.kind.acts[name] for name in duty.opens]
    followed = {is_open(duty.id), *duty.where, *duty.where_not, *stand.kind.nobody_told}
    followed |= {name for act in opening for name in tested_by(act)}

    def to_nobody(exploration: Exploration) -> Iterator[list[Taken]]:
        nobody = exploration.space.meeting_any(stand.kind.nobody_told)
        opened = exploration.opens_where(duty) & nobody
        for reached in exploration.reached:
            if reached.act in duty.opens and reached.bits & opened:
                yield exploration.path_to(reached, reached.bits & opened)

    def is_there(rehearsal: Rehearsal) -> bool:
        return rehearsal.case.view().find_open(duty.id) is not None

    shown = confirmed(stand, frozenset(followed), to_nobody, is_there)
    if shown:
        yield _to_nobody(stand, duty, shown[1])


def _to_nobody(stand: Stand, duty: DutyRule, path: list[Taken]) -> Finding:
    return found(
        stand,
        "owed-to-nobody",
        "duty",
        duty.id,
        Words(
            "姓名、住址不清或者匿名的，也开启了这项告知",
            "opens although the petitioner has no name or no address to be told at",
            f"where_not 写上 {_said(stand)}",
            f"let where_not say {_said(stand)}",
        ),
        path,
    )


def _said(stand: Stand) -> str:
    pairs = [f'{name} = "{values[0]}"' for name, values in stand.kind.nobody_told.items()]
    return "{" + ", ".join(pairs) + "}"


def _clearing(stand: Stand) -> list[ActRule]:
    """Return the acts by which somebody can be told from then on, apart from those that open a
    case."""
    return [
        act
        for act in stand.kind.acts.values()
        if "new" not in act.after and any(_clears(stand, act, name) for name in _facts(stand))
    ]


def _facts(stand: Stand) -> tuple[str, ...]:
    return tuple(stand.kind.nobody_told)


def _clears(stand: Stand, act: ActRule, name: str) -> bool:
    barred = stand.kind.nobody_told[name]
    rule = act.field_rule(name)
    return rule is not None and rule.fact and any(c not in barred for c in codes_of(rule))


def _never_owed(stand: Stand, duty: DutyRule) -> Iterator[Finding]:
    """Yield that a duty which did not open for want of an address never opens once it is known."""
    clearing = [act.id for act in _clearing(stand)]
    instead = [
        other
        for other in stand.kind.duties.values()
        if other.id == duty.id or duty.id in other.in_place_of
    ]
    opened = {name for other in instead for name in other.opens}
    if not clearing or opened & set(clearing):
        return
    first = stand.kind.acts[clearing[0]]
    yield found(
        stand,
        "never-owed",
        "duty",
        duty.id,
        Words(
            f"住址后来清楚了（{first.zh}），告知的责任仍然没有开启",
            f"the address becomes known ({first.en}), and still nothing has to be told",
            f"另写一项由“{first.id}”开启、in_place_of 含“{duty.id}”的责任",
            f"add a duty opened by “{first.id}” with “{duty.id}” among its in_place_of",
        ),
    )


def _owed_backwards(stand: Stand, duty: DutyRule) -> Iterator[Finding]:
    """Yield that a duty opened when the address became known counts from an earlier day."""
    clearing = {act.id for act in _clearing(stand)}
    if not clearing & set(duty.opens) or not (duty.continues or duty.counts_from):
        return
    yield found(
        stand,
        "owed-backwards",
        "duty",
        duty.id,
        Words(
            "住址清楚之后才能告知，期限却从以前算起，当天就可能逾期",
            "nobody could be told before the address was known, and the time counts from earlier",
            "去掉 continues、counts_from：自住址清楚之日起算",
            "remove continues and counts_from: it counts from the day the address is known",
        ),
    )


def _told_nobody(stand: Stand, act: ActRule) -> Iterator[Finding]:
    """Yield that an act which turns to the petitioner can be done while nobody can be told."""
    if not act.tells:
        return
    for name, values in stand.kind.nobody_told.items():
        if not set(values) <= set(act.never_if.get(name, ())):
            yield found(
                stand,
                "owed-to-nobody",
                "act",
                act.id,
                Words(
                    "姓名、住址不清或者匿名的，也可以这样办，却没有人可以告知、评价",
                    "is possible although there is nobody who could be told, or asked",
                    f"never_if 写上 {_said(stand)}",
                    f"let never_if say {_said(stand)}",
                ),
                detail=name,
            )
            return


def _untrue(stand: Stand, act: ActRule) -> Iterator[Finding]:
    """Yield that an act demands a declaration that somebody was told, where nobody can be."""
    for name in act.must_be:
        rule = act.field_rule(name)
        lifted = all(
            set(values) <= set(act.must_be_unless.get(fact, ()))
            for fact, values in stand.kind.nobody_told.items()
        )
        if rule is not None and TOLD in rule.zh and not lifted:
            yield found(
                stand,
                "untrue-declaration",
                "act",
                act.id,
                Words(
                    f"须确认“{rule.zh}”，而匿名、住址不清的没有人可以告知",
                    f"“{rule.en}” must be confirmed, and cannot be true where nobody can be told",
                    f"写 must_be_unless = {_said(stand)}",
                    f"say must_be_unless = {_said(stand)}",
                ),
                detail=name,
            )
