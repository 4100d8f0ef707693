"""`law check --mutate`: does a scenario notice when one thing a pack says changes.

Each mutant is one change to one entry of one pack (`changed_rules`). It is *killed* when loading
refuses it or a scenario fails; a survivor is a rule nobody's scenario holds fast. Scenarios that
concern the changed entry run first.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from dengwen.law.errors import PackError
from dengwen.law.packs.library import Library
from dengwen.law.packs.pack import ANY_KIND
from dengwen.law.scenarios.changed_rules import Mutant, mutants
from dengwen.law.scenarios.changed_tables import TableMutant, table_mutants
from dengwen.law.scenarios.scenario import run
from dengwen.law.scenarios.table_columns import differences_of

LENIENT = ("holder", "state")
"""Classes of change of which some may survive, each listed; of all others none may."""
LENIENT_SHARE = 0.02
"""The share of them that may survive."""

Scenario = tuple[str, Mapping[str, Any]]
Survivor = tuple[str, str, str, str]
"""Class of the change, pack, entry, and what was changed."""


@dataclass(frozen=True)
class Report:
    """Counts by class of change and the survivors by name."""

    total: Mapping[str, int]
    survivors: tuple[Survivor, ...]

    def sound(self) -> bool:
        """Whether nothing survived but a fiftieth of the holders and states at most."""
        strict = [s for s in self.survivors if s[0] not in LENIENT]
        lenient = sum(self.total.get(change, 0) for change in LENIENT)
        return not strict and len(self.survivors) <= lenient * LENIENT_SHARE

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain data."""
        return {
            "total": dict(self.total),
            "mutants": sum(self.total.values()),
            "sound": self.sound(),
            "survivors": [
                dict(zip(("change", "pack", "entry", "detail"), s, strict=True))
                for s in self.survivors
            ],
        }


def mutate(
    library: Library, scenarios: Sequence[Scenario], *, draw: int = 0, seed: int = 0
) -> Report:
    """Run the scenarios against every mutant of the library's packs, or against `draw` of each
    class of change, drawn by a seed."""
    total: dict[str, int] = {}
    survivors: list[Survivor] = []
    chosen = drawn(mutants(library), draw, seed) if draw else mutants(library)
    for mutant in chosen:
        total[mutant.change] = total.get(mutant.change, 0) + 1
        if not killed(library, mutant, scenarios):
            survivors.append((mutant.change, mutant.pack, mutant.entry, mutant.detail))
    columns = [entry for _, entry in scenarios if entry["section"] == "column"]
    tables = table_mutants(library)
    for changed in drawn(tables, draw, seed) if draw else tables:
        total[changed.change] = total.get(changed.change, 0) + 1
        if not _is_noticed(changed, columns):
            survivors.append((changed.change, changed.file, changed.entry, changed.detail))
    return Report(total, tuple(survivors))


def _is_noticed(changed: TableMutant, columns: Iterable[Mapping[str, Any]]) -> bool:
    """Say whether a column of the file says otherwise than a changed table."""
    asked = (column for column in columns if column["file"] == changed.file)
    return any(any(differences_of(changed.tables, column)) for column in asked)


_M = TypeVar("_M", Mutant, TableMutant)


def drawn(all_mutants: Iterable[_M], draw: int, seed: int) -> list[_M]:
    """Return some mutants of each class of change, the same for the same seed."""
    by_change: dict[str, list[_M]] = defaultdict(list)
    for mutant in all_mutants:
        by_change[mutant.change].append(mutant)
    chosen: list[_M] = []
    for _change, held in sorted(by_change.items()):
        chosen += sorted(held, key=lambda mutant: _place_in_draw(mutant, seed))[:draw]
    return chosen


def _place_in_draw(mutant: Mutant | TableMutant, seed: int) -> str:
    """Return where a mutant stands in the draw of a seed: by a digest, as good as chance."""
    said = f"{seed} {mutant.change} {mutant.entry} {mutant.detail}"
    return hashlib.sha256(said.encode()).hexdigest()


def killed(library: Library, mutant: Mutant, scenarios: Sequence[Scenario]) -> bool:
    """Say whether loading or any scenario notices the mutant."""
    changed = Library(mutant.packs, library.calendar, library.effects, library.workshop)
    try:
        changed.clocks  # noqa: B018  # building every clock is part of loading
        return any(
            not run(changed, file, entry).passed
            for file, entry in _nearest_first(mutant, scenarios)
        )
    except PackError:
        return True


def _nearest_first(mutant: Mutant, scenarios: Sequence[Scenario]) -> Iterator[Scenario]:
    near = [s for s in scenarios if _concerns(mutant, s[1])]
    yield from near
    chosen = {id(s[1]) for s in near}
    yield from (s for s in scenarios if id(s[1]) not in chosen and _same_kind(mutant, s[1]))


def _same_kind(mutant: Mutant, entry: Mapping[str, Any]) -> bool:
    return entry["section"] == "scenario" and (
        not mutant.kind or mutant.kind in (ANY_KIND, entry.get("kind", "petition"))
    )


def _concerns(mutant: Mutant, entry: Mapping[str, Any]) -> bool:
    """Say whether a scenario names the entry, so that it is tried first."""
    if entry["section"] == "force":
        return mutant.change == "edition" and entry["pack"] == mutant.pack
    if entry["section"] == "cited":
        cites = mutant.change == "citation" and entry["pack"] == mutant.pack
        return cites and any(_is_in(mutant.cited, name) for name in entry["rests"])
    if entry["section"] in _LISTS:
        listed = (name.split(".") for name in entry[_LISTS[entry["section"]]])
        return any(
            mutant.kind in (kind, ANY_KIND) and one == mutant.words[0] for kind, one, *_ in listed
        )
    if entry["section"] in ("count", "bears"):
        return bool({entry.get("clock"), entry.get("duty")} & set(mutant.words))
    if not _same_kind(mutant, entry):
        return False
    acts = {a.get(key) for a in entry["acts"] for key in ("act", "rule")}
    named = acts | {e.get("duty") for e in entry.get("expect", ())}
    return bool(named & set(mutant.words))


_LISTS = {"border": "fields", "may": "acts", "owes": "duties"}
"""Sections that ask one question of many entries, with the key that names these."""


def _is_in(entry: str, name: str) -> bool:
    """Say whether a name in a list of what rests on a passage is of an entry, or inside it."""
    return name == entry or name.startswith(f"{entry}.")
