"""The finder over shirking: objections refused again and again, matters sent round (S 11(3))."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from dengwen.accountability.finders.found import Evidence, Finder, Seen
from dengwen.accountability.finders.material import Did, Material
from dengwen.accountability.finders.runs import runs
from dengwen.law.duties.excuse import Excuse, claims

REFUSED, REFUSED_WITHIN = 3, timedelta(days=30)
"""Objections refused within a month: one or two may be honest doubts, not a third after being told
twice."""
ORGANS_IN_TURN, OBJECTIONS_IN_TURN = 3, 2


@dataclass(frozen=True, slots=True)
class _Refusal:
    """An objection and the act that found it unfounded."""

    objection: Did
    answer: Did


def shirking(material: Material) -> list[Seen]:
    """Look for objections refused as unfounded again and again, and matters sent round several
    organs (S 11(3)).

    One objection that was upheld and sent on is a lawful transfer and is not seen here.
    """
    return [*_refused_often(material), *_sent_round(material)]


def _refused_often(material: Material) -> Iterator[Seen]:
    """Yield the objections of an organ that were found unfounded again and again."""
    least = material.local("refused_objections", REFUSED)
    for organ, refusals in sorted(_refusals(material).items()):
        for run in runs(refusals, REFUSED_WITHIN, lambda r: r.answer.occurred, least):
            if _repeated(run) >= least - 1:
                yield _refused(material, organ, run)


def _refusals(material: Material) -> dict[int, list[_Refusal]]:
    """Return the refused objections by the organ that objected."""
    objected = material.by_case("object")
    found: dict[int, list[_Refusal]] = defaultdict(list)
    for answer in material.acts("refuse_return"):
        before = [o for o in objected.get(answer.case, ()) if o.pk < answer.pk]
        if before and before[-1].organ is not None:
            found[before[-1].organ].append(_Refusal(before[-1], answer))
    return found


def _repeated(run: Sequence[_Refusal]) -> int:
    """Return how many objections came after the first was refused.

    One doubt about several matters at once, raised before anybody had answered it, is not repeated:
    by the instants at which the ledger got them, for a day claimed afterwards excuses nothing.
    """
    answered = run[0].answer.recorded
    return len([r for r in run if r.objection.recorded > answered])


def _raised_before(run: Sequence[_Refusal]) -> tuple[Excuse, ...]:
    """Return the objections that say they came before the first was refused, and were entered
    afterwards."""
    answer = run[0].answer
    return claims(
        Excuse(
            f"称 {objection.day} 已经提出异议",
            f"an objection said to be of {objection.day}",
            objection.recorded,
            answer.entered,
            objection.case,
            objection.pk,
        )
        for objection in (refusal.objection for refusal in run)
        if objection.occurred <= answer.occurred
    )


def _refused(material: Material, organ: int, run: Sequence[_Refusal]) -> Seen:
    """Return what is seen of a run of refused objections."""
    first, last = run[0].answer, run[-1].answer
    days = (last.day - first.day).days + 1
    objections = [refusal.objection for refusal in run]
    evidence = [
        Evidence(
            material.matters[refusal.answer.case].number,
            refusal.answer.pk,
            None,
            "异议被认定不成立",
            "an objection found unfounded",
        )
        for refusal in run
    ]
    return Seen(
        cases=tuple(dict.fromkeys(objection.case for objection in objections)),
        unit=organ,
        day=first.day,
        zh=f"{days} 天内 {len(run)} 次异议被认定不成立",
        en=f"{len(run)} objections found unfounded within {days} days",
        evidence=tuple(evidence),
        mark=f"refused/{first.pk}",
        official=_common(material, objections),
        act=first.pk,
        claims=_raised_before(run),
    )


def _sent_round(material: Material) -> Iterator[Seen]:
    """Yield the matters that went through several organs with an objection again and again."""
    objections = material.by_case("object", "refer_dispute")
    for case, received in material.by_case("receive", "receive_onward").items():
        organs = {did.organ for did in received if did.organ is not None}
        against = objections.get(case, [])
        if len(organs) < ORGANS_IN_TURN or len(against) < OBJECTIONS_IN_TURN:
            continue
        first = against[0]
        if first.organ is None:
            continue
        number = material.matters[case].number
        evidence = [
            Evidence(number, did.pk, None, "提出异议或者争议", "an objection or dispute")
            for did in against
        ]
        yield Seen(
            cases=(case,),
            unit=first.organ,
            day=first.day,
            zh=f"同一件先后到过 {len(organs)} 个机关、单位，{len(against)} 次异议",
            en=f"one matter went through {len(organs)} organs, {len(against)} objections",
            evidence=tuple(evidence),
            mark="round",
            official=_common(material, against),
            act=first.pk,
        )


def _common(material: Material, acts: Sequence[Did]) -> int | None:
    """Return the one official behind all of these acts, or None where there is more than one."""
    who = {material.official_of.get(did.actor or 0) for did in acts}
    return who.pop() if len(who) == 1 else None


FINDERS = (
    Finder(
        "shirking",
        "推诿",
        "shirking",
        ("shirking",),
        "如果情有可原，会看到：异议成立，依法退回一次并另行转送；或者几次异议都在第一次被认定不成立以前提出",
        "if it were innocent: the objection was well founded, taken back once and sent on; "
        "or all were raised "
        "before the first was refused",
        "acts",
        shirking,
    ),
)
