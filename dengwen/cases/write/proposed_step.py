"""What a proposal says: the step that waits, written down in the texts of the act that proposes it
and read back from them.

Each text of the step lies with the others of its data class, sealed as it would be in the act
itself; ids, codes and dates lie together.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dengwen.access.keys.sealed_values import CaseKeys
from dengwen.cases.act_records import from_row, to_row
from dengwen.cases.models import Act, Content
from dengwen.cases.write.contents import LATE_REASON, open_package
from dengwen.law.duties.proposal import OF, PAPERS, PROPOSE, SAYS
from dengwen.law.duties.step import FieldValue, PartyEntry, Step
from dengwen.law.packs.rules import ActRule

OF_CLASS = {
    "D2": "texts_d2",
    "D3": "texts_d3",
    "D4": "texts_d4",
    "D6": "texts_d6",
    "D7": "texts_d7",
}
"""Where the texts of each class lie; those of all others lie with what the step says."""
SHORT = "texts"


@dataclass(frozen=True, slots=True)
class Said:
    """What a proposal says, as it was written down: the step less its texts, and these."""

    step_said: Mapping[str, Any]
    texts: Mapping[str, str]

    @property
    def act(self) -> str:
        """The act that waits."""
        return str(self.step_said["act"])

    def step(self, rule: ActRule, case: str) -> Step:
        """Return the step that waits, its fields as `rule` declares them."""
        said = self.step_said
        claimed = said["occurred_at"]
        return Step(
            act=self.act,
            case=case,
            fields=from_row(rule, said["fields"]),
            texts=dict(self.texts),
            occurred_at=datetime.fromisoformat(claimed) if claimed else None,
            organ=said["organ"],
            parties=tuple(PartyEntry(**party) for party in said["parties"]),
            links=tuple((other, how) for other, how in said["links"]),
            late_reason=said[LATE_REASON],
            paper=said["paper"],
        )


def said_by(texts: Mapping[str, str]) -> Said:
    """Return what the texts of a proposal say; ValueError, TypeError or KeyError where they are
    none."""
    said = dict(json.loads(texts[SAYS]))
    inner: dict[str, str] = dict(said.pop(SHORT))
    for place in OF_CLASS.values():
        inner |= json.loads(texts.get(place, "{}"))
    return Said(said, inner)


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal as it lies in its case: its row, and what it says."""

    row: Act
    said: Said

    @property
    def act(self) -> str:
        """The act that waits."""
        return self.said.act

    def step(self, rule: ActRule, case: str) -> Step:
        """Return the step that waits, its fields as `rule` declares them."""
        return self.said.step(rule, case)


def _texts_by_place(step: Step, rule: ActRule) -> dict[str, dict[str, str]]:
    """Return the texts of a step by where a proposal keeps those of their class."""
    groups: dict[str, dict[str, str]] = {}
    for name, text in step.texts.items():
        declared = rule.field_rule(name)
        place = OF_CLASS.get(declared.data_class, SHORT) if declared else SHORT
        groups.setdefault(place, {})[name] = text
    return groups


def proposing(step: Step, rule: ActRule) -> Step:
    """Return the step that puts `step`, an act of `rule`, before a second person."""
    groups = _texts_by_place(step, rule)
    said = {
        "act": step.act,
        "fields": {name: to_row(value) for name, value in step.fields.items()},
        "occurred_at": step.occurred_at.isoformat() if step.occurred_at else "",
        "organ": step.organ,
        "parties": [_party(party) for party in step.parties],
        "links": [list(link) for link in step.links],
        LATE_REASON: step.late_reason,
        "paper": step.paper,
        SHORT: groups.pop(SHORT, {}),
    }
    fields: dict[str, FieldValue] = {OF: step.act}
    if papers := _papers(step, rule):
        fields[PAPERS] = papers
    texts = {SAYS: _written(said)} | {place: _written(group) for place, group in groups.items()}
    return Step(act=PROPOSE, case=step.case, fields=fields, texts=texts)


def _party(party: PartyEntry) -> dict[str, Any]:
    return {
        "role": party.role,
        "organ": party.organ,
        "official": party.official,
        "person": party.person,
    }


def _papers(step: Step, rule: ActRule) -> tuple[str, ...]:
    """Return the digests of all papers that a step names."""
    found = [step.paper] if step.paper else []
    for name, value in step.fields.items():
        declared = rule.field_rule(name)
        if declared is not None and declared.type in ("digest", "digests"):
            found += map(str, value if isinstance(value, tuple) else (value,))
    return tuple(dict.fromkeys(found))


def _written(said: Mapping[str, Any]) -> str:
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read_proposal(row: Act, keys: CaseKeys | None = None) -> Proposed:
    """Read a proposal back. For the write door, and for callers that wrote the read log first."""
    texts: dict[str, str] = {}
    for content in Content.objects.filter(act=row):
        texts |= open_package(content, row.uid, keys)
    return Proposed(row, said_by(texts))


def same(one: Proposed, other: Step, rule: ActRule) -> bool:
    """Say whether a proposal says what another step would."""
    return one.step(rule, other.case) == _plain(other, rule)


def _plain(step: Step, rule: ActRule) -> Step:
    """Return a step as it would be read back."""
    fields = from_row(rule, {name: to_row(value) for name, value in step.fields.items()})
    return Step(
        act=step.act,
        case=step.case,
        fields=fields,
        texts=dict(step.texts),
        occurred_at=step.occurred_at,
        organ=step.organ,
        parties=tuple(step.parties),
        links=tuple(step.links),
        late_reason=step.late_reason,
        paper=step.paper,
    )
