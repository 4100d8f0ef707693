"""Which organ: the next higher one, the common superior, who continues the powers, who may be
competent.

R22 leaves some of these to people. Where the registry holds no human decision, the answer here is
"a person must decide", with the article that gives the decision to somebody and the organs in
question; it is never a guess.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from dengwen.organs.kinds import ANY_CATEGORY, PURPOSES
from dengwen.organs.models import Competence, Organ, OrganSuccession, Superior
from dengwen.organs.structure.lines import (
    distances_above,
    divisions_above,
    parents,
    seat_on,
    seated_in,
)

ARTICLE_OF = {"review": "R22 35", "recheck": "R22 36", "dispute": "R22 24(1)"}
"""The article that speaks of the higher organ, by what it is wanted for."""


@dataclass(frozen=True, slots=True)
class NextHigher:
    """The organ next above for a purpose, from a registered decision, or the need for one.

    `organ` and `row` are given together; without them `article` names the rule that does not choose
    and `proposals` the organs a person may choose among, each with the line it stands on.
    """

    organ: Organ | None
    row: Superior | None
    article: str
    zh: str
    en: str
    proposals: tuple[tuple[Organ, str], ...] = ()

    @property
    def needs_decision(self) -> bool:
        """Whether a person must decide first."""
        return self.organ is None


@dataclass(frozen=True, slots=True)
class Ruling:
    """Who decides a dispute between two organs (R22 24(1))."""

    by: Literal["superior", "joint_conference", "undecided"]
    organ: Organ | None
    article: str
    zh: str
    en: str
    proposals: tuple[Organ, ...] = ()


@dataclass(frozen=True, slots=True)
class Continuation:
    """Who continues an organ's powers on a day, or who must decide that (R22 24(2)).

    `organ` is set when the answer is clear; else `deciders` are the Party committee and government
    of the organ's own level, and `heirs` the organs that took over parts of the powers.
    """

    organ: Organ | None
    article: str
    zh: str
    en: str
    heirs: tuple[OrganSuccession, ...] = ()
    deciders: tuple[Organ, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """An organ that may be competent, its part, and why: for a person who routes, not a routing."""

    organ: Organ
    part: Literal["main", "assist"]
    competence: Competence
    zh: str
    en: str


def next_higher(organ: Organ, purpose: str, day: date) -> NextHigher:
    """Return the next higher organ of `organ` for review, recheck or dispute on `day`.

    R22 35 and 36 do not choose between superior department and own-level government; near the top
    no national rule was found (cases B25, B26). ValueError for an unknown purpose.
    """
    if purpose not in PURPOSES:
        raise ValueError(f"purpose {purpose!r} is not one of {', '.join(PURPOSES)}")
    row = (
        Superior.objects.on(day)
        .filter(organ=organ, purpose=purpose)
        .select_related("superior")
        .first()
    )
    if row:
        return NextHigher(
            row.superior,
            row,
            row.basis,
            f"登记的上一级机关：{row.superior.name_zh}（{row.basis}）",
            f"registered next higher organ: {row.superior.name_zh} ({row.basis})",
        )
    article = ARTICLE_OF[purpose]
    return NextHigher(
        None,
        None,
        article,
        f"{article}未指定上一级机关的选择，须由人决定并登记",
        f"{article} does not choose the organ; a person decides",
        tuple((line.parent, line.axis) for line in parents([organ.pk], day).get(organ.pk, [])),
    )


def common_superior(a: Organ, b: Organ, day: date) -> Ruling:
    """Return who decides a dispute between `a` and `b` on `day` (R22 24(1), case B13).

    A registered decision common to both comes first, then the one nearest organ above both on
    either line, then the joint conference of the smallest place that holds both. Two equally near
    organs leave it to people.
    """
    named = _registered_for_both(a, b, day)
    if named:
        return Ruling(
            "superior",
            named,
            "R22 24(1)",
            "登记的共同上级机关决定",
            "the registered common superior decides",
        )
    above_a, above_b = distances_above(a, day), distances_above(b, day)
    shared = {pk: above_a[pk] + above_b[pk] for pk in above_a.keys() & above_b.keys()}
    nearest = [pk for pk, steps in shared.items() if steps == min(shared.values())]
    organs = tuple(Organ.objects.filter(pk__in=nearest).order_by("code"))
    if len(organs) == 1:
        return Ruling(
            "superior",
            organs[0],
            "R22 24(1)",
            "由共同的上一级机关决定",
            "their common superior decides",
        )
    if organs:
        return Ruling(
            "undecided",
            None,
            "R22 24(1)",
            "有几个同样近的共同上级，须由人决定",
            "several common superiors are equally near; a person decides",
            organs,
        )
    return _conference(a, b, day)


def continues(organ: Organ, day: date) -> Continuation:
    """Return who continues the powers of `organ` on `day` (R22 24(2), case B12).

    An organ that still exists continues itself. One that ended passes on to a single successor,
    through as many reorganisations as there were, or to the organ designated for it; otherwise the
    Party committee and government of its own level decide or designate.
    """
    here, seen = organ, {organ.pk}
    while not here.holds_on(day):
        heirs = _heirs(here, day)
        clear = heirs and (len(heirs) == 1 or heirs[-1].how == "designated")
        heir = heirs[-1].to if clear else None
        if heir is None or heir.pk in seen:
            return _own_level_decides(here, day, heirs)
        here = heir
        seen.add(here.pk)
    if here.pk == organ.pk:
        return Continuation(here, "", "机关存续", "the organ exists")
    return Continuation(
        here, "R22 24(2)", "由继续行使其职权的机关受理", "the organ that continues its powers"
    )


def candidates(
    category: str,
    division: str,
    day: date,
    *,
    residence: Sequence[str] = (),
    exclude: Collection[int] = (),
) -> tuple[Candidate, ...]:
    """Return the organs that may be competent for `category`, best first, without the ids in
    `exclude`.

    `division` is where the matter occurred: its organs are mainly responsible; those of `residence`
    (household, work) assist (the "three crossings" rule, case B15). The smaller place and the
    narrower category come first.
    """
    found = _competent(category, division, day, "main")
    known = {candidate.organ.pk for candidate in found} | set(exclude)
    for place in residence:
        helpers = [c for c in _competent(category, place, day, "assist") if c.organ.pk not in known]
        known |= {candidate.organ.pk for candidate in helpers}
        found += helpers
    return tuple(candidate for candidate in found if candidate.organ.pk not in set(exclude))


def covers(registered: str, category: str) -> bool:
    """Say whether a registered category contains `category`: itself, anything below it, or
    everything (`*`)."""
    return registered in {ANY_CATEGORY, category} or category.startswith(f"{registered}.")


def _registered_for_both(a: Organ, b: Organ, day: date) -> Organ | None:
    """Return the superior registered for disputes of both organs, None where there is none."""
    rows = (
        Superior.objects.on(day)
        .filter(organ__in=[a, b], purpose="dispute")
        .select_related("superior")
    )
    by_organ = {row.organ_id: row.superior for row in rows}
    if a.pk in by_organ and by_organ.get(a.pk) == by_organ.get(b.pk):
        return by_organ[a.pk]
    return None


def _conference(a: Organ, b: Organ, day: date) -> Ruling:
    """Return the nearest joint conference around both organs, or that a person decides."""
    around_b = divisions_above(seat_on(b, day), day)
    for code in divisions_above(seat_on(a, day), day):
        if code and code in around_b:
            found = seated_in(code, day).filter(is_joint_conference=True).order_by("code")
            if conference := found.first():
                return Ruling(
                    "joint_conference",
                    conference,
                    "R22 24(1)",
                    "没有共同上级，由共同的联席会议协调处理",
                    "no common superior: the common joint conference coordinates",
                )
    return Ruling(
        "undecided",
        None,
        "R22 24(1)",
        "登记中既无共同上级，也无共同的联席会议，须由人决定",
        "the registry shows neither a common superior nor a common joint conference; "
        "a person decides",
    )


def _heirs(organ: Organ, day: date) -> tuple[OrganSuccession, ...]:
    """Return what continued an organ by a day, in order."""
    rows = organ.successions.filter(day__lte=day, to__isnull=False).select_related("to")
    return tuple(rows.order_by("day", "id"))


def _own_level_decides(organ: Organ, day: date, heirs: tuple[OrganSuccession, ...]) -> Continuation:
    """Return that the Party committee and government of its own level decide."""
    own_level = seated_in(seat_on(organ, day), day).filter(
        kind__in=["party_committee", "government"]
    )
    deciders = tuple(own_level.exclude(pk=organ.pk).order_by("code"))
    return Continuation(
        None,
        "R22 24(2)",
        "职责不清，由本级党委、政府或者其指定的机关、单位受理",
        "powers unclear: the Party committee and government of its own level, or whom they "
        "designate",
        heirs,
        tuple(sorted(deciders, key=lambda decider: decider.kind != "party_committee")),
    )


def _competent(
    category: str, division: str, day: date, part: Literal["main", "assist"]
) -> list[Candidate]:
    """Return who is competent for a category, the nearest and most special entry first."""
    places = divisions_above(division, day)
    rows = Competence.objects.on(day).filter(division_code__in=places).select_related("organ")
    fitting = [row for row in rows if covers(row.category, category) and row.organ.holds_on(day)]
    fitting.sort(
        key=lambda row: (places.index(row.division_code), -len(row.category), row.organ.code)
    )
    found: dict[int, Candidate] = {}
    for row in fitting:
        found.setdefault(row.organ_id, _candidate(row, division, part))
    return list(found.values())


def _candidate(row: Competence, division: str, part: Literal["main", "assist"]) -> Candidate:
    """Return a competent organ with the words that say why."""
    place_zh, place_en = ("问题发生地", "place where the matter occurred")
    if part == "assist":
        place_zh, place_en = ("户籍地、居住地等", "household or residence place")
    any_category = row.category == ANY_CATEGORY
    what_zh = "全部类别" if any_category else row.category
    what_en = "every category" if any_category else row.category
    duty_zh, duty_en = ("主责", "mainly responsible") if part == "main" else ("协助", "assists")
    return Candidate(
        row.organ,
        part,
        row,
        f"{place_zh}{division}{duty_zh}；登记的职权：{what_zh}，范围{row.division_code}",
        f"{place_en} {division}: {duty_en}; registered competence: {what_en} in "
        f"{row.division_code}",
    )
