"""Which circumstances of accountability are met by what has been shown, which nearly, and what is
missing.

An answer here is never a verdict: it says what the text asks for, element by element, so that a
person can decide with
reasons. Grounds follow the edition in force on the day of the conduct; an open clause needs written
reasons.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from dengwen.law.errors import StatedError
from dengwen.law.liability import conduct_words as breaches
from dengwen.law.liability.provisions import Liability, TriggerRule, in_force
from dengwen.law.packs.library import Library

SERIOUS = "serious_consequences"
REASONS = "written_reasons"
"""What an open clause asks for beside its conduct."""
LADDER = "ladder"
"""What follows the circumstances that measures by gravity answer."""
UNSEEN = "text_not_seen"
"""What stands in the way of a circumstance whose text was seen in part only: the rest of it."""
ASKED_BESIDE = {
    REASONS: ("书面理由", "written reasons"),
    UNSEEN: (
        "条文的其余部分没有见到，须先核对原文",
        "the rest of its text was not seen: to be compared with the text first",
    ),
}


class TriggerError(StatedError):
    """A circumstance is used although something it asks for is not shown."""


@dataclass(frozen=True)
class Answer:
    """One circumstance whose conduct was shown: its elements shown and missing, and what follows
    if it is met."""

    trigger: TriggerRule
    conduct: tuple[str, ...]
    shown: tuple[str, ...]
    missing: tuple[str, ...]
    follows: tuple[str, ...]

    @property
    def met(self) -> bool:
        """Whether everything the text asks for is shown."""
        return not self.missing

    def sentence(self, liability: Liability) -> str:
        """Return the circumstance in our words with its citation."""
        return f"{self.trigger.zh}（{self.trigger.basis.cite(liability.instruments)}）"

    def as_dict(self) -> dict[str, Any]:
        """Return the answer as plain data, words in both languages."""
        return {
            "trigger": self.trigger.id,
            "zh": self.trigger.zh,
            "en": self.trigger.en,
            "law": self.trigger.basis.law,
            "article": self.trigger.basis.article,
            "verified": self.trigger.basis.verified,
            "met": self.met,
            "conduct": list(self.conduct),
            "shown": list(self.shown),
            "missing": [
                {"element": m, "zh": _words(m)[0], "en": _words(m)[1]} for m in self.missing
            ],
            "follows": [
                {"what": f, "zh": breaches.CONSEQUENCES[f][0], "en": breaches.CONSEQUENCES[f][1]}
                for f in self.follows
            ],
            "note_zh": self.trigger.note[0],
            "note_en": self.trigger.note[1],
        }


def _words(element: str) -> tuple[str, str]:
    return ASKED_BESIDE.get(element) or breaches.ELEMENTS[element]


def meets(
    library: Library,
    conduct: Iterable[str],
    elements: Iterable[str],
    *,
    on: date,
    place: str = "",
    who: str = "any",
    reasons: Mapping[str, str] | None = None,
) -> list[Answer]:
    """Return every circumstance in force on the day of the conduct that names one of the conducts
    shown, met first.

    `elements` are the result elements shown, each by itself; `who` limits rules made for a petition
    department, a
    competent organ or a leading body ("any" leaves all in); `reasons` holds the written reasons for
    an open clause by
    its id. ValueError for a word outside the vocabulary of `breaches`.
    """
    acts, results = frozenset(conduct), frozenset(elements)
    strange = sorted(acts - set(breaches.CONDUCTS)) + sorted(results - set(breaches.ELEMENTS))
    if strange or who not in breaches.WHO:
        raise ValueError(f"不认识的词 / unknown word: {', '.join(strange) or who}")
    rules = in_force(library, on, place)
    shown = results | {breaches.IMPLIES[e] for e in results if e in breaches.IMPLIES}
    found = [_answer(rule, acts, shown, reasons or {}) for rule in _asked(rules, acts, who)]
    return sorted(found, key=lambda a: (not a.met, len(a.missing)))


def of_ladder(rules: Liability) -> list[TriggerRule]:
    """Return the circumstances that measures by gravity follow; one that carries out another takes
    its place."""
    carried = {rule.implements for rule in rules.triggers.values()}
    every = rules.triggers.values()
    return [rule for rule in every if rule.id not in carried and LADDER in rule.follows]


def _asked(rules: Liability, acts: frozenset[str], who: str) -> Iterator[TriggerRule]:
    """The rules whose conduct was shown; one that carries out another takes its place."""
    carried = {rule.implements for rule in rules.triggers.values()}
    for rule in rules.triggers.values():
        if rule.id in carried or not acts & set(rule.conduct):
            continue
        if "any" in (who, rule.who) or who == rule.who:
            yield rule


def _answer(
    rule: TriggerRule, acts: frozenset[str], shown: frozenset[str], reasons: Mapping[str, str]
) -> Answer:
    missing = rule.lacking(acts | shown)
    if rule.open and not reasons.get(rule.id, "").strip():
        missing += (REASONS,)
    if rule.partly_seen:
        missing += (UNSEEN,)
    follows = rule.follows + (rule.with_serious if SERIOUS in shown else ())
    return Answer(
        rule,
        tuple(c for c in rule.conduct if c in acts),
        tuple(e for e in rule.all_elements if e in shown),
        missing,
        follows,
    )


def confirm(answer: Answer) -> TriggerRule:
    """Return the circumstance of a decision; TriggerError says which element is not shown, or that
    reasons are missing.

    S 11: each circumstance holds only with its result; S 11(9) and the other open clauses only with
    written reasons.
    """
    if answer.met:
        return answer.trigger
    basis = answer.trigger.basis
    zh, en = zip(*(_words(m) for m in answer.missing), strict=True)
    raise TriggerError(
        "reasons-needed" if answer.missing == (REASONS,) else "element-missing",
        where=f"{basis.law} {basis.article}",
        zh="没有证明：" + "、".join(zh),
        en="not shown: " + "; ".join(en),
        mend_zh="逐项附证据，或者不以这一项追究",
        mend_en="show each element with evidence, or do not rely on this circumstance",
    )
