"""The papers of decided measures, in the words of the decision (S 12–16).

The honours of the year that an admonition cancels come at the same time (S 14).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dengwen.accountability.measures.decision_words import (
    CIRCULATED,
    NO_WAY,
    appeal_ways,
    appeal_words,
    evidence_words,
    found_in,
    gravity_words,
    kind_words,
)
from dengwen.accountability.measures.queries import KIND, OTHER, AccountFile, months_of
from dengwen.cases import rulebooks
from dengwen.law.duties.step import Facts, FieldValue, Step
from dengwen.law.liability import influence_period
from dengwen.law.liability.conduct_words import HONOURS
from dengwen.law.liability.influence_period import Imposed
from dengwen.law.liability.provisions import Liability, MeasureRule
from dengwen.organs.models import Official
from dengwen.organs.structure.management import authority_over

PAPER = {
    "self_criticism": "order_self_criticism",
    "organ_circular": "issue_organ_circular",
    "circular": "issue_circular",
    "admonition": "issue_admonition",
}
PAPER_OF_KIND = {
    "organisational": "issue_treatment",
    "government": "issue_sanction",
    "unit": "issue_sanction",
    "party": "issue_party_decision",
    "organ": "issue_party_decision",
}
OTHER_PAPER = "issue_other_measure"
"""The paper of a measure that stands in no list (等)."""
CARRIED = ("rectifier", "deadline", "scope", "circulated_to", OTHER)
"""Fields of the decision that its papers repeat."""
FOUND = frozenset({"gravity", "kinds", "evidence", "appeals"})
"""What papers say of the file beside the words typed."""
NONE = "—"
"""What a paper says where there is no period."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision whose measures get their papers: what it says, on which file, by which rules."""

    step: Step
    file: AccountFile
    facts: Facts
    rules: Liability
    approver: int | None = None
    """Who approved another measure (等), None where there is none."""


def paper_of(decision: Decision, rule: MeasureRule) -> Step:
    """Return the step that gives one decided measure its paper, with the words of the decision."""
    step, facts = decision.step, decision.facts
    act = _paper_act(decision.rules, rule)
    asked = _asked(decision, act)
    fields = _fields(decision, rule, asked)
    return Step(
        act=act,
        case=facts.case,
        organ=facts.organ,
        occurred_at=step.occurred_at,
        fields={name: value for name, value in fields.items() if name in asked},
        texts={
            name: text
            for name, text in {**step.texts, **_found(decision, rule, asked)}.items()
            if name in asked
        },
    )


def _found(decision: Decision, rule: MeasureRule, asked: frozenset[str]) -> dict[str, str]:
    """Return what a paper says of the file beside the words typed: gravity, kind and articles,
    evidence, ways to appeal; nothing is looked up that the rules in force do not ask."""
    if not asked & FOUND:
        return {}
    step, file, rules = decision.step, decision.file, decision.rules
    made = found_in(step, file)
    others_read = rule.id in CIRCULATED
    status = str(step.fields.get("status") or "")
    return {
        "gravity": gravity_words(step),
        "kinds": kind_words(rule, rules, made),
        "evidence": evidence_words(made, file.official, others_read=others_read),
        "appeals": appeal_words(rule, status, rules, decision.facts.day),
    }


def _paper_act(rules: Liability, rule: MeasureRule) -> str:
    """Return the act that gives a measure its paper."""
    if rule.id in rules.open_lists:
        return OTHER_PAPER
    return PAPER.get(rule.id) or PAPER_OF_KIND[rule.kind]


def _asked(decision: Decision, act: str) -> frozenset[str]:
    """Return the names of the fields that the rules in force ask of a paper."""
    facts = decision.facts
    rules = rulebooks.in_force(facts.day, decision.file.case.place, facts.recorded_at)
    return frozenset(field.name for field in rules.book.kind(KIND).acts[act].fields)


def _fields(decision: Decision, rule: MeasureRule, asked: frozenset[str]) -> dict[str, FieldValue]:
    """Return what can be filled into a paper; what takes a look-up only where it is asked for."""
    step, file, day = decision.step, decision.file, decision.facts.day
    fields: dict[str, FieldValue] = {"measure": rule.id}
    if "period" in asked:
        fields["period"] = _until(rule, day, decision.rules, months_of(step.fields))
    if "appeal_route" in asked:
        fields["appeal_route"] = "；".join(_ways(rule, step, day, decision.rules)) or NO_WAY
    if "person" in asked:
        fields["person"] = _person(file, day)
    if file.official is not None:
        fields["subject_official"] = file.official
    if decision.approver is not None:
        fields["approved_by"] = decision.approver
    for name in CARRIED:
        if name in step.fields:
            fields[name] = step.fields[name]
    return fields


def _until(rule: MeasureRule, day: date, rules: Liability, stated: int) -> str:
    """Return the last day of the longest influence of a measure, as ISO text."""
    effects = influence_period.influences(rules, [Imposed(rule.id, day, stated)])
    longest = influence_period.longest(effects)
    if longest is None or longest.last is None:
        return NONE
    return longest.last.isoformat()


def _ways(rule: MeasureRule, step: Step, day: date, rules: Liability) -> list[str]:
    """Return the ways to appeal against a measure, each with its addressee and period, in Chinese
    words."""
    return appeal_ways(rule, str(step.fields.get("status") or ""), rules, day)


def _person(file: AccountFile, day: date) -> str:
    """Return the person held to account with their posts of the day."""
    official = Official.objects.get(pk=file.official or 0)
    authority = authority_over(official, day)
    held = [appointment for _, appointment in authority.managers] + list(authority.unknown)
    posts = "、".join(f"{a.post.organ.name_zh}{a.post.title_zh}" for a in held)
    return f"{official.name}，{posts}" if posts else official.name


def honours_cancelled(step: Step, chosen: Sequence[MeasureRule], facts: Facts) -> list[Step]:
    """Return the ban of this year's comprehensive honours that comes with an admonition, at the
    same time (S 14)."""
    if "admonition" not in {rule.id for rule in chosen}:
        return []
    year = facts.day.year
    fields: dict[str, FieldValue] = {n: step.fields[n] for n in HONOURS if n in step.fields}
    return [
        Step(
            act="cancel_honours",
            case=facts.case,
            organ=facts.organ,
            occurred_at=step.occurred_at,
            fields={**fields, "year": year, "until": date(year, 12, 31)},
            texts={"reasons": step.texts.get("reasons", "")},
        )
    ]
