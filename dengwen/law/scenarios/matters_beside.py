"""Other matters and organs as a scenario writes them beside its own case: whose they are, how they
stand, and which organ stands under which.

`petitioner` says whose the case of the scenario is, `others = [{number = …, petitioner = …,
holder = …, ended = …, ordered_anew = …}]` which other cases there are, `under = {甲 = "乙"}` that
甲 stands under 乙. What a scenario does not say is not asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from dengwen.law.duties.act_record import ActRecord, Refusal, refusal_under
from dengwen.law.duties.step import FieldValue
from dengwen.law.packs.rules import ActRule, FieldRule
from dengwen.law.packs.vocabulary import SAME_PETITIONER_EFFECTS, WALL_EFFECTS

OTHER_KEYS = {"number", "petitioner", "holder", "ended", "ordered_anew"}
"""What a scenario can say of another case."""
SENT_TO = ("to", "organ", "superior")
"""The fields by which an act says whom a matter goes to."""


@dataclass(frozen=True)
class Beside:
    """The other cases of a scenario by their numbers, and what stands over an organ."""

    petitioner: str = ""
    others: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    over: Mapping[int, int] = field(default_factory=dict)

    @staticmethod
    def of(entry: Mapping[str, Any], id_of: Callable[[str], int]) -> Beside:
        """Return what a scenario says of other cases and organs."""
        others = {}
        for raw in entry.get("others", ()):
            holder = {"holder": id_of(raw["holder"])} if "holder" in raw else {}
            others[raw["number"]] = {**raw, **holder}
        under = entry.get("under", {})
        over = {id_of(lower): id_of(upper) for lower, upper in under.items()}
        return Beside(entry.get("petitioner", ""), others, over)

    def refusals(
        self,
        rule: ActRule,
        fields: Mapping[str, FieldValue],
        acting: int | None,
        acts: Iterable[ActRecord],
    ) -> Iterator[Refusal]:
        """Yield why an act that names another case or an organ is not possible."""
        for declared in rule.fields:
            number = fields.get(declared.name)
            if self.others and declared.type == "case" and isinstance(number, str):
                yield from self._of_case(rule, declared, number, acting)
        if set(rule.effects) & set(WALL_EFFECTS):
            yield from self._to_the_accused(rule, fields, acts)

    def _of_case(
        self, rule: ActRule, declared: FieldRule, number: str, acting: int | None
    ) -> Iterator[Refusal]:
        other = self.others.get(number)
        if other is None:
            yield _no(rule, "no-case", f"没有{number}", f"there is no {number}", declared.name)
            return
        if "open" in declared.stands and other.get("ended"):
            zh, en = f"{number}已经办结", f"{number} is over"
            yield _no(rule, "not-running", zh, en, declared.name)
        below = acting is not None and acting in self._above(other.get("holder"))
        if "held_below" in declared.stands and not below:
            zh, en = f"{number}不在下级办理", f"{number} is not held by an organ below"
            yield _no(rule, "no-superior", zh, en, declared.name)
        if "ordered_anew" in declared.stands and not other.get("ordered_anew"):
            zh, en = f"{number}没有责令重新办理", f"{number} ordered no new handling"
            yield _no(rule, "not-ordered", zh, en, declared.name)
        whose = other.get("petitioner", "")
        if set(rule.effects) & set(SAME_PETITIONER_EFFECTS) and whose != self.petitioner:
            zh, en = f"{number}是别人提出的", f"{number} is somebody else's"
            yield _no(rule, "another-petitioner", zh, en, declared.name)

    def _to_the_accused(
        self, rule: ActRule, fields: Mapping[str, FieldValue], acts: Iterable[ActRecord]
    ) -> Iterator[Refusal]:
        """Yield that a unit accused by an act so far, or one below it, would get the matter."""
        accused = {organ for act in acts for organ in _organs(act.data.get("accused_organs"))}
        for name in SENT_TO:
            for organ in _organs(fields.get(name)):
                if accused & {organ, *self._above(organ)}:
                    zh = "不得转给被检举控告的单位及其下属"
                    en = "nothing of it may reach the unit it accuses, or one below it"
                    yield _no(rule, "to-the-accused", zh, en, name)

    def _above(self, organ: int | None) -> list[int]:
        """Return the organs above one, the nearest first."""
        found: list[int] = []
        upper = self.over.get(organ) if organ is not None else None
        while upper is not None and upper not in found:
            found.append(upper)
            upper = self.over.get(upper)
        return found


def _organs(value: FieldValue | None) -> tuple[int, ...]:
    """Return the organs a field names."""
    values = value if isinstance(value, tuple) else (value,)
    return tuple(one for one in values if isinstance(one, int) and not isinstance(one, bool))


def _no(rule: ActRule, code: str, zh: str, en: str, name: str) -> Refusal:
    return refusal_under(rule, code, f"“{rule.zh}”：{zh}", f"“{rule.en}”: {en}", name)
