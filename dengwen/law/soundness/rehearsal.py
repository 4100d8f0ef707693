"""A row of acts played through the rules that scenarios and the write door use.

The exploration says what could happen; only what these rules let happen becomes a finding.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from dengwen.law.duties.act_record import CaseView, Refusal
from dengwen.law.packs.library import Library
from dengwen.law.packs.rules import ActRule, FieldRule, KindRule
from dengwen.law.packs.vocabulary import BY, TEXT_TYPES
from dengwen.law.scenarios.played_case import PlayedCase, record_act, refused_now
from dengwen.law.soundness.defect import Stand
from dengwen.law.soundness.exploration import Exploration, Taken, codes_of
from dengwen.law.soundness.valuation import OTHER, UNSET, Value
from dengwen.law.time.calendar import DAY, CalendarHistory

ORGANS = ("甲", "乙", "丙", "丁")
"""The organs of a rehearsal: whoever begins, and those it can be sent to."""
DIGEST = "0" * 64


@dataclass
class Rehearsal:
    """A case of one kind at one place, whose acts happen one after another."""

    library: Library
    kind: str
    place: str
    day: date
    named_values: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The values of each fact that the exploration tells apart."""
    latest: date = date.max
    """The last day on which the same editions are in force."""
    case: PlayedCase = field(init=False)
    refused: list[Refusal] = field(default_factory=list)
    refused_act: str = ""

    @staticmethod
    def of(stand: Stand, exploration: Exploration) -> Rehearsal:
        """Return a rehearsal of what was explored, under the editions of a day at a place."""
        named = {n: frozenset(v for v in vs if v) for n, vs in exploration.space.values.items()}
        return Rehearsal(
            stand.library, stand.kind.id, stand.place, stand.day, named, stand.last_day
        )

    def __post_init__(self) -> None:
        """Begin with no act."""
        history = CalendarHistory.of(self.library.calendar)
        self.case = PlayedCase(self.library, self.kind, self.place, history)
        for name in ORGANS:
            self.case.cast.id(name)

    @property
    def rules(self) -> KindRule:
        """The rules of the day of the rehearsal."""
        return self.case.book(self.day).kind(self.kind)

    def play(self, path: Sequence[Taken]) -> bool:
        """Do the acts of a path; False where one is refused (`refused` says why)."""
        before: Mapping[str, Value] = {}
        for taken in path:
            if not self.do(taken.act, before, taken.after):
                return False
            before = taken.after
        return True

    def do(
        self, name: str, before: Mapping[str, Value], after: Mapping[str, Value], organ: str = ""
    ) -> bool:
        """Do an act that brings the facts to `after`; False where it is refused."""
        view, rule = self.case.view(), self.rules.acts[name]
        raw = self._raw(rule, view, before, after, organ)
        found = refused_now(self.case, raw)
        if found:
            self.refused, self.refused_act = found, name
            return False
        record_act(self.case, raw)
        return True

    def _raw(
        self,
        rule: ActRule,
        view: CaseView,
        before: Mapping[str, Value],
        after: Mapping[str, Value],
        organ: str,
    ) -> dict[str, Any]:
        """Return the act as a scenario would write it."""
        organ = organ or self.organ_for(rule, view)
        place = len(self.case.acts)
        raw: dict[str, Any] = {
            "at": self.day,
            "act": rule.id,
            "by": organ,
            "who": f"{organ}{place}",
        }
        known: dict[str, str] = {**view.facts}
        for rule_field in rule.fields:
            value = self._value(rule, rule_field, before, after, organ)
            if value is None and _is_needed(rule_field, known):
                value = self._anything(rule_field, organ)
            if value is not None:
                raw[rule_field.name] = value
                if rule_field.fact:
                    known[rule_field.name] = str(value).lower()
        if rule.own_hand and rule.own_hand in raw:
            raw["who"] = raw[rule.own_hand]
        elif rule.own_hand and view.facts.get(rule.own_hand, "").isdecimal():
            raw["who"] = self.case.cast.name(int(view.facts[rule.own_hand]))
        return raw

    def _value(
        self,
        rule: ActRule,
        rule_field: FieldRule,
        before: Mapping[str, Value],
        after: Mapping[str, Value],
        organ: str,
    ) -> object:
        """Return what a field has to hold so that the facts become those of the path."""
        name = rule_field.name
        if name in rule.must_be:
            return True
        wanted = after.get(name)
        if rule_field.fact and name in after and name not in rule.sets and wanted is not UNSET:
            if rule_field.required or wanted != before.get(name):
                return self._code(rule_field, wanted, organ)
            return None
        if rule_field.required:
            return self._anything(rule_field, organ)
        return self._target(rule, rule_field, organ)

    def _code(self, rule_field: FieldRule, wanted: Value, organ: str) -> object:
        """Return a value of a field that is told apart as `wanted`."""
        codes = codes_of(rule_field)
        if wanted != OTHER:
            return wanted == "true" if rule_field.type == "flag" else wanted
        named = self.named_values.get(rule_field.name, frozenset())
        free = next((code for code in codes if code not in named), None)
        if free is None:
            return self._anything(rule_field, organ)
        return free == "true" if rule_field.type == "flag" else free

    def _target(self, rule: ActRule, rule_field: FieldRule, organ: str) -> object:
        """Return what an optional field holds all the same: whom an act addresses, a date set."""
        dated = [d.clock.by_field for d in self.rules.duties.values() if rule.id in d.opens]
        named = [d.named_by for d in self.rules.duties.values() if rule.id in d.opens]
        if rule_field.name in (rule.addresses, rule.handler, *dated, *named):
            return self._anything(rule_field, organ)
        return None

    def _anything(self, rule_field: FieldRule, organ: str) -> object:
        """Return a value that the field can hold."""
        if rule_field.type in TEXT_TYPES:
            return "（略）"
        if rule_field.type == "code":
            return rule_field.options[0]
        if rule_field.type == "codes":
            return [rule_field.options[0]]
        elsewhere = next(name for name in ORGANS if name != organ)
        values: dict[str, object] = {
            "organ": elsewhere,
            "organs": [elsewhere],
            "official": "某人",
            "date": self.day,
            "number": max(1, rule_field.least or 1),
            "flag": False,
            "words": ["1"],
            "digest": DIGEST,
            "digests": [DIGEST],
            "act": 1,
        }
        return values.get(rule_field.type, "1")

    def organ_for(self, rule: ActRule, view: CaseView) -> str:
        """Return an organ that stands to the case as the act asks."""
        relation = BY[rule.by][1]
        cast = self.case.cast
        wanted = {
            "holder": view.holder,
            "addressee": view.addressee,
            "sender": view.sender,
            "named": min(view.named_in.get(rule.named_in, view.named), default=None),
            "any": view.holder,
        }[relation]
        return cast.name(wanted) or ORGANS[0]

    def later(self, days: int) -> None:
        """Let days pass."""
        self.day += DAY * days


def _is_needed(rule_field: FieldRule, known: Mapping[str, str]) -> bool:
    """Say whether a field must be filled in for facts that are known."""
    if rule_field.required or not rule_field.needed_if:
        return rule_field.required
    return all(known.get(name) in wanted for name, wanted in rule_field.needed_if.items())
