"""The finders (线索发现): they look through the acts, duties, ratings and the read log.

`find` only reads. What it returns may become a lead once a person of a petition department raises
it (`dengwen.accountability.leads.new_lead`); a lead is never a verdict (S 17 para. 2).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from dengwen.accountability.errors import AccountabilityError
from dengwen.accountability.finders import (
    bursts,
    contradictions,
    deadlines,
    dealings,
    leaks,
    refused_objections,
    rough_treatment,
    urgent_matters,
)
from dengwen.accountability.finders.found import STRENGTHS, Evidence, Finder, Finding, Seen
from dengwen.accountability.finders.material import Material
from dengwen.law.duties.excuse import Excuse

FINDERS: dict[str, Finder] = {
    finder.id: finder
    for finder in (
        *deadlines.FINDERS,
        *dealings.FINDERS,
        *urgent_matters.FINDERS,
        *refused_objections.FINDERS,
        *rough_treatment.FINDERS,
        *leaks.FINDERS,
        *bursts.FINDERS,
        *contradictions.FINDERS,
    )
}
"""Every finder by id."""

__all__ = ["FINDERS", "STRENGTHS", "Evidence", "Finder", "Finding", "find"]


def find(
    *,
    now: datetime,
    only: Iterable[str] | None = None,
    within: Collection[int] | None = None,
) -> list[Finding]:
    """Return what the finders see in the records as of an instant, in the order of finders, then
    days.

    `only` limits it to some finders by id; AccountabilityError for an id that is none. `within`
    limits it to some cases, for looking again at what was found there. Nothing is written.
    """
    chosen = [_known(name) for name in only] if only is not None else list(FINDERS.values())
    material = Material(now, within)
    found = []
    for finder in chosen:
        seen = sorted(finder.look(material), key=lambda s: (s.day, s.cases, s.mark))
        found += [_finding(finder, one, material) for one in seen]
    return found


def _known(name: str) -> Finder:
    """Return a finder by its id."""
    if name not in FINDERS:
        raise AccountabilityError(
            "no-finder",
            where=name,
            zh=f"没有“{name}”这个发现规则",
            en=f"there is no finder {name!r}",
            mend_zh="可选：" + "、".join(FINDERS),
            mend_en="choose one of " + ", ".join(FINDERS),
        )
    return FINDERS[name]


def _finding(finder: Finder, seen: Seen, material: Material) -> Finding:
    """Return what a finder saw as a finding, with the codes and numbers of the registry."""
    matters = [material.matters[pk] for pk in seen.cases]
    place = matters[0].place or material.organs[seen.unit].division_code or ""
    return Finding(
        finder=finder.id,
        case=matters[0].number,
        cases=tuple(m.number for m in matters),
        act=seen.act,
        duty=seen.duty,
        unit=material.organs[seen.unit].code,
        official=material.officials[seen.official][0] if seen.official is not None else "",
        day=seen.day,
        zh=seen.zh,
        en=seen.en,
        evidence=seen.evidence,
        innocent_zh=finder.innocent_zh,
        innocent_en=finder.innocent_en,
        situations=material.situations(finder.conduct, seen.day, place, material.organs[seen.unit]),
        strength=finder.strength,
        key=f"{finder.id}/{matters[0].number}/{seen.mark}",
        protected=seen.protected,
        claims=tuple(_claim(one, matters[0].number, material) for one in seen.claims),
    )


def _claim(excuse: Excuse, number: str, material: Material) -> Evidence:
    """Return an excuse that came too late as it is shown beside a finding, at its own matter, else
    at the one with this number."""
    zh, en = excuse.claimed
    matter = material.matters.get(excuse.case or 0)
    return Evidence(number if matter is None else matter.number, excuse.act, None, zh, en)
