"""What an inquiry says that does not go together: it stops the conclusion until reasoned in words.

Nothing here decides. A contradiction is bound to the places of the acts it is made of: whoever
changes one of them has a new contradiction before them, and the old reasons answer it no more.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from dengwen.accountability.inquiry.queries import DEED, SHOWN, TESTS, Inquiry, Point, refs
from dengwen.accountability.inquiry.responsibility import Ground
from dengwen.law.liability import conduct_words
from dengwen.law.liability.attribution import INDIVIDUAL, NONE
from dengwen.law.liability.ladder import NEITHER
from dengwen.oversight.inspections.queries import Told

SERIOUS = frozenset({"rights_seriously_harmed", "serious_consequences"})
"""Result elements that say something serious came of it."""
LEDGER_TEST = "done_in_time"
"""The question of diligence that the ledger answers first."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two things an inquiry says that do not go together, in both languages; `official` is whom it
    concerns, 0 where it concerns the facts."""

    key: str
    zh: str
    en: str
    official: int = 0


def contradictions(made: Inquiry, grounds: Mapping[int, Ground]) -> list[Contradiction]:
    """Return everything in an inquiry that contradicts itself now."""
    return [
        *_used_twice(made),
        *_not_serious(made),
        *_upheld_and_blamed(made),
        *_direct_and_objected(made, grounds),
        *_diligence(made),
    ]


def unreasoned(made: Inquiry, grounds: Mapping[int, Ground]) -> list[Contradiction]:
    """Return the contradictions nobody reasoned yet."""
    return [one for one in contradictions(made, grounds) if one.key not in made.reasoned]


def _key(kind: str, places: Iterable[object]) -> str:
    """Return by what a contradiction is named: its kind, and a digest of what it is made of."""
    said = "/".join(str(place) for place in places)
    return f"{kind}-{hashlib.sha256(said.encode()).hexdigest()[:16]}"


# --- evidence -------------------------------------------------------------------------------------
def _used_twice(made: Inquiry) -> Iterator[Contradiction]:
    """Yield the items on which two elements rest, one of them a result: each result needs its own
    evidence (S 11)."""
    uses: dict[int, list[tuple[str, Told]]] = defaultdict(list)
    for (_trigger, element), told in made.findings.items():
        if told.data["finding"] == SHOWN:
            for number in set(refs(told)):
                uses[number].append((element, told))
    for number, found in sorted(uses.items()):
        elements = {element for element, _told in found}
        if len(elements) > 1 and elements & set(conduct_words.ELEMENTS):
            places = sorted(told.seq for _element, told in found)
            yield Contradiction(
                _key("twice", (number, *places)),
                f"证据{number}同时用于{len(elements)}个要件，每一项结果要件应当有自己的证据",
                f"item {number} carries {len(elements)} elements; each result needs its own",
            )


def _not_serious(made: Inquiry) -> Iterator[Contradiction]:
    """Yield a gravity that is light, or without serious harm, beside something serious that was
    shown."""
    gravity = made.gravity
    if gravity is None or not (gravity.light or gravity.harm == NEITHER):
        return
    shown = [
        told.seq
        for (_trigger, element), told in made.findings.items()
        if element in SERIOUS and told.data["finding"] == SHOWN
    ]
    if shown:
        yield Contradiction(
            _key("light", (made.gravities[-1].seq, *sorted(shown))),
            "情节认定为较轻或者危害不严重，又认定严重损害、严重后果已经证明",
            "found light or without serious harm, beside serious harm or consequences shown",
        )


# --- people ---------------------------------------------------------------------------------------
def _bearing(made: Inquiry, official: int) -> list[Told]:
    """Return the confirmed lines by which somebody bears a responsibility."""
    return [
        told
        for (who, _number, _kind), told in made.lines.items()
        if who == official and told.data["responsibility"] != NONE
    ]


def _upheld_and_blamed(made: Inquiry) -> Iterator[Contradiction]:
    """Yield the points of a defence that were upheld, beside the blame they deny (PSL 43)."""
    for point in made.points.values():
        lines = _bearing(made, point.official)
        if lines and _upheld_denial(point):
            answered = point.answer.seq if point.answer else 0
            yield Contradiction(
                _key("upheld", (point.number, answered, *(told.seq for told in lines))),
                f"第{point.number}点申辩成立，予以采纳，又认定本人承担责任",
                f"point {point.number} of the defence was upheld, and the person is blamed",
                point.official,
            )


def _upheld_denial(point: Point) -> bool:
    """Say whether a point denies, at least in part, and was found right."""
    if point.answer is None or point.told.data.get("stand") == "agree":
        return False
    return point.answer.data.get("result") == "upheld"


def _direct_and_objected(made: Inquiry, grounds: Mapping[int, Ground]) -> Iterator[Contradiction]:
    """Yield direct responsibility of somebody whose objection is on record (S 11 para. 2; CSL
    60)."""
    for (official, number, _kind), told in made.lines.items():
        if told.data["responsibility"] != "direct":
            continue
        objected = [n for n, ground in grounds.items() if official in ground.objectors]
        objected += [n for n, deed in made.grounds.items() if _told_wrong(deed, official)]
        if objected:
            yield Contradiction(
                _key("objected", (official, told.seq, *sorted(set(objected)))),
                f"第{number}项认定直接责任，又有本人提出反对的记录",
                f"number {number}: direct responsibility, beside a recorded objection",
                official,
            )


def _told_wrong(deed: Told, official: int) -> bool:
    """Say whether somebody told their superior that what they were to do was wrong."""
    own = deed.act == DEED and deed.data.get("official") == official
    return own and bool(deed.data.get("told_wrong"))


# --- diligence ------------------------------------------------------------------------------------
def _diligence(made: Inquiry) -> Iterator[Contradiction]:
    """Yield the deeds somebody answers for although nobody asked whether they were diligent, or
    against what the ledger answers (S 11 para. 2)."""
    for number, deed in made.grounds.items():
        if deed.act != DEED:
            continue
        official = int(deed.data["official"])
        line = made.lines.get((official, number, INDIVIDUAL))
        if line is None or line.data["responsibility"] == NONE:
            continue
        yield from _of_deed(made, official, number, line)


def _of_deed(made: Inquiry, official: int, number: int, line: Told) -> Iterator[Contradiction]:
    """Yield what does not go together in the test of diligence of one deed."""
    weighed = made.diligence.get((official, number))
    if weighed is None or all(weighed.data.get(name) == "unknown" for name in TESTS):
        yield Contradiction(
            _key("diligence", (official, number, line.seq, weighed.seq if weighed else 0)),
            f"第{number}项认定责任，没有回答是否尽职",
            f"number {number}: found responsible, and nobody answered whether diligent",
            official,
        )
        return
    by_ledger = weighed.data.get("ledger_in_time", "unknown")
    answered = weighed.data.get(LEDGER_TEST)
    if {by_ledger, answered} == {"yes", "no"}:
        yield Contradiction(
            _key("ledger", (official, number, weighed.seq)),
            f"第{number}项：是否及时履行，核查人员的回答与存证记录相反",
            f"number {number}: whether done in time, answered against what the ledger has",
            official,
        )
