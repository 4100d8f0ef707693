"""Questions on accountability answered from facts alone, every step with the rule it rests on.

No data folder, no database, no network: `dengwen law attribute|ladder|measures|influence` and the
scenarios of the same names ask here. Nothing is decided: an answer says what a rule of the place
and the day says, or that there is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from dengwen.law.duties.act_record import Refusal
from dengwen.law.liability import (
    attribution,
    conduct_words,
    influence_period,
    proposed_decision,
    triggers,
)
from dengwen.law.liability.attribution import Line
from dengwen.law.liability.influence_period import Influence
from dengwen.law.liability.ladder import rungs
from dengwen.law.liability.provisions import Liability, in_force
from dengwen.law.liability.question_facts import (
    PROPOSED,
    day_in,
    decisions_of,
    deeds_of,
    diligence_of,
    earlier_of,
    facts_of,
    gravity_of,
    imposed_of,
    portfolios_of,
    posts_of,
    proposal_of,
)
from dengwen.law.packs.entry import Entry
from dengwen.law.packs.library import Library
from dengwen.law.packs.rules import Basis

Answer = dict[str, Any]
NO_RULE = (
    "本地当日没有这方面的规则，不引用别处的条文",
    ("there is no rule on this here on that day, and none of another place is cited"),
)


@dataclass
class _Trace:
    """The steps of an answer, each with its rule."""

    rules: Liability
    steps: list[dict[str, Any]] = field(default_factory=list)

    def add(self, zh: str, en: str, basis: Basis | None = None) -> None:
        """Add a step and cite its rule, where it has one."""
        step: dict[str, Any] = {"zh": zh, "en": en}
        if basis is not None:
            step |= _law(basis) | {
                "cite_zh": basis.cite(self.rules.instruments),
                "cite_en": basis.cite(self.rules.instruments, "en"),
            }
        self.steps.append(step)

    def unseen(self) -> None:
        """Say which texts were looked for and not seen."""
        for rule in self.rules.unseen.values():
            self.add(rule.zh, rule.en, rule.basis)


def _law(basis: Basis | None) -> dict[str, Any]:
    """Return a basis as plain data."""
    if basis is None:
        return {"law": "", "article": "", "verified": False}
    return {"law": basis.law, "article": basis.article, "verified": basis.verified}


# --- attribution ----------------------------------------------------------------------------------
def attribute(library: Library, raw: Mapping[str, Any]) -> Answer:
    """Answer who may bear which responsibility for decisions and deeds, each on its own day."""
    facts = facts_of(raw, "attribute")
    facts.known(("place", "posts", "portfolios", "decisions", "deeds", "diligence"))
    place = facts.text("place", "")
    posts, portfolios = posts_of(facts), portfolios_of(facts)
    decisions, deeds = decisions_of(facts), deeds_of(facts)
    lines = attribution.attribute(
        library, posts, portfolios, decisions, deeds, diligence_of(facts), place
    )
    days = sorted({d.on for d in decisions} | {d.on for d in deeds})
    trace = _Trace(in_force(library, days[-1] if days else date.max, place))
    for day in days:
        law = attribution.law_of(library, day, place)
        trace.add(
            f"{day}：适用 {law}" if law else f"{day}：{NO_RULE[0]}",
            f"{day}: judged by {law}" if law else f"{day}: {NO_RULE[1]}",
        )
    for line in lines:
        _trace_line(trace, line)
    return {"lines": [_line(line) for line in lines], "trace": trace.steps}


def _trace_line(trace: _Trace, line: Line) -> None:
    """Add a line and its notes as steps."""
    trace.add(f"{line.official}：{line.zh}", f"{line.official}: {line.en}", line.basis)
    for note in line.notes:
        trace.add(f"{line.official}：{note.zh}", f"{line.official}: {note.en}", note.basis)


def _line(line: Line) -> dict[str, Any]:
    """Return a line as plain data."""
    zh, en = attribution.RESPONSIBILITIES[line.responsibility]
    return {
        "official": line.official,
        "kind": line.kind,
        "responsibility": line.responsibility,
        "responsibility_zh": zh,
        "responsibility_en": en,
        "zh": line.zh,
        "en": line.en,
        **_law(line.basis),
        "proposal": line.proposal,
        "notes": [
            {"standard": n.standard, "effect": n.effect, "zh": n.zh, "en": n.en, **_law(n.basis)}
            for n in line.notes
        ],
    }


# --- authority ------------------------------------------------------------------------------------
def authority(library: Library, raw: Mapping[str, Any]) -> Answer:
    """Answer whether an organ of a kind may decide on a measure, managing the subject or not."""
    facts = facts_of(raw, "authority")
    facts.known(("place", "on", "measure", "organ", "manages", "managed_by"))
    day, place = day_in(facts, "on"), facts.text("place", "")
    rules = in_force(library, day, place)
    trace = _Trace(rules)
    measure = facts.text("measure")
    rule = rules.measures.get(measure)
    stated = rules.authorities.get(rule.by) if rule else None
    if rule is None or stated is None:
        trace.add(*NO_RULE)
        trace.unseen()
        return {"may": False, "by": "", "trace": trace.steps}
    trace.add(f"“{rule.zh}”由{stated.zh}决定", f"“{rule.en}”: {stated.en} decides", stated.basis)
    kind = facts.text("organ", "")
    fits = not stated.organs or kind in stated.organs
    may = fits and (facts.flag("manages") or not stated.manages)
    if not may:
        body = facts.text("managed_by", stated.zh)
        trace.add(f"向{body}提出建议或者移送", f"propose or hand over to {body}")
    return {"may": may, "by": stated.id, **_law(stated.basis), "trace": trace.steps}


# --- ladder ---------------------------------------------------------------------------------------
def ladder(library: Library, raw: Mapping[str, Any]) -> Answer:
    """Answer which rungs are open on which ground, and why the others are closed."""
    facts = facts_of(raw, "ladder")
    facts.known(("place", "on", "gravity", "earlier"))
    day = day_in(facts, "on")
    rules = in_force(library, day, facts.text("place", ""))
    gravity = gravity_of(facts)
    trace = _Trace(rules)
    if not rules.rungs:
        trace.add(*NO_RULE)
        trace.unseen()
    found = []
    for answer in rungs(rules, gravity, earlier_of(facts), day):
        trace.add(f"{answer.rung.zh}：{answer.zh}", f"{answer.rung.en}: {answer.en}", answer.basis)
        found.append(
            {
                "rung": answer.rung.id,
                "open": answer.open,
                "ground": answer.ground,
                "measures": list(answer.rung.measures),
                "comes_with": list(answer.rung.comes_with),
                "zh": answer.zh,
                "en": answer.en,
                **_law(answer.basis),
            }
        )
    return {
        "gravity": gravity.classed or "between",
        "open": [one["rung"] for one in found if one["open"]],
        "rungs": found,
        "trace": trace.steps,
    }


# --- measures -------------------------------------------------------------------------------------
def measures(library: Library, raw: Mapping[str, Any]) -> Answer:
    """Answer whether a decision as proposed may be made so: every refusal with its rule."""
    facts = facts_of(raw, "measures")
    facts.known(("place", "on", "sanctions", *PROPOSED))
    day = day_in(facts, "on")
    rules = in_force(library, day, facts.text("place", ""))
    found = proposed_decision.refusals(rules, proposal_of(facts, day))
    trace = _Trace(rules)
    for refusal in found:
        trace.add(refusal.zh, refusal.en, refusal.basis)
    if not rules.rungs:
        trace.unseen()
    if not found:
        trace.add(
            "没有发现不符合规则之处；由人决定", "nothing against it was found; a person decides"
        )
    answer: Answer = {"refused": [_refusal(one) for one in found]}
    if facts.words("sanctions"):
        answer["executed"] = _executed(rules, facts, trace)
    return answer | {"trace": trace.steps}


def _refusal(one: Refusal) -> dict[str, Any]:
    return {
        "code": one.code,
        "zh": one.zh,
        "en": one.en,
        "mend_zh": one.remedy_zh,
        "mend_en": one.remedy_en,
        **_law(one.basis),
    }


def _executed(rules: Liability, facts: Entry, trace: _Trace) -> dict[str, Any]:
    """Return what is executed of several sanctions, and between how many months."""
    done = influence_period.executed(rules, facts.words("sanctions"))
    stated = next(iter(rules.sums.values()))
    trace.add(stated.zh, stated.en, done.basis)
    return {"sanction": done.sanction, "least": done.least, "most": done.most, **_law(done.basis)}


# --- influence and appeal -------------------------------------------------------------------------
def influence(library: Library, raw: Mapping[str, Any]) -> Answer:
    """Answer how long measures work on a person, each by the rules of its day."""
    facts = facts_of(raw, "influence")
    facts.known(("place", "today", "imposed"))
    place = facts.text("place", "")
    found: list[Influence] = []
    trace = _Trace(in_force(library, facts.day("today") or date.max, place))
    for one in imposed_of(facts):
        rules = in_force(library, one.on, place)
        if one.measure not in rules.measures:
            trace.add(f"{one.measure}：{NO_RULE[0]}", f"{one.measure}: {NO_RULE[1]}")
        for counting in rules.countings.values():
            trace.add(counting.zh, counting.en, counting.basis)
        mine = influence_period.influences(rules, [one])
        for effect in mine:
            trace.add(
                f"{one.measure}：{effect.zh}，{effect.first} 至 {effect.last or '—'}",
                f"{one.measure}: {effect.en}, {effect.first} to {effect.last or '—'}",
                effect.basis,
            )
        found += mine
    longest = influence_period.longest(found)
    answer: Answer = {
        "effects": [_effect(one) for one in found],
        "longest": longest.last if longest else None,
    }
    today = facts.day("today")
    if today is not None:
        running = influence_period.in_force_on(found, today)
        answer["in_force"] = [_effect(one) for one in running]
    return answer | {"trace": trace.steps}


def _effect(one: Influence) -> dict[str, Any]:
    return {
        "measure": one.measure,
        "first": one.first,
        "last": one.last,
        "convention": one.convention,
        "zh": one.zh,
        "en": one.en,
        **_law(one.basis),
    }


def appeal(library: Library, raw: Mapping[str, Any]) -> Answer:
    """Answer by which ways somebody may appeal against a measure, and until which day."""
    facts = facts_of(raw, "appeal")
    facts.known(("place", "measure", "status", "received", "route"))
    day, place = day_in(facts, "received"), facts.text("place", "")
    rules = in_force(library, day, place)
    trace = _Trace(rules)
    measure, status = facts.text("measure"), facts.text("status", "")
    if measure not in rules.measures:
        trace.add(*NO_RULE)
        return {"ways": [], "refused": [], "trace": trace.steps}
    ways = influence_period.appeals(library, rules, measure, status, day)
    for way in ways:
        trace.add(way.route.zh, way.route.en, way.route.basis)
    asked = facts.text("route", "")
    no = influence_period.route_refusal(rules, measure, status, asked) if asked else None
    if no is not None:
        trace.add(no.zh, no.en, no.basis)
    return {
        "ways": [
            {
                "route": way.route.id,
                "last": way.stations[0].last if way.stations else None,
                "clock": way.stations[0].apply if way.stations else "",
                **_law(way.route.basis),
            }
            for way in ways
        ],
        "refused": [_refusal(no)] if no else [],
        "trace": trace.steps,
    }


def levels(library: Library, raw: Mapping[str, Any]) -> Answer:
    """Answer whether a department may be told of a result: of the same level as who decided."""
    facts = facts_of(raw, "levels")
    facts.known(("place", "on", "deciding", "told"))
    rules = in_force(library, day_in(facts, "on"), facts.text("place", ""))
    stated = rules.cited.get("notice")
    trace = _Trace(rules)
    if stated is None:
        trace.add(*NO_RULE)
        return {"may": False, "trace": trace.steps}
    may = facts.text("deciding") == facts.text("told")
    trace.add(
        "通报同级组织、人事部门",
        "the organisation and personnel departments of the same level are told",
        stated.basis,
    )
    return {"may": may, **_law(stated.basis), "trace": trace.steps}


def meets(library: Library, raw: Mapping[str, Any]) -> Answer:
    """Answer which circumstances a conduct and the results shown meet, and what others ask for."""
    facts = facts_of(raw, "meets")
    facts.known(("place", "on", "conduct", "shown", "who", "reasons"))
    day, place = day_in(facts, "on"), facts.text("place", "")
    reasons = facts.table("reasons", "reasons")
    found = triggers.meets(
        library,
        facts.words("conduct"),
        facts.words("shown"),
        on=day,
        place=place,
        who=facts.choice("who", conduct_words.WHO, "any"),
        reasons={name: reasons.text(name) for name in reasons.raw} if reasons else {},
    )
    trace = _Trace(in_force(library, day, place))
    if not found:
        trace.add(*NO_RULE)
    for one in found:
        trace.add(one.trigger.zh, one.trigger.en, one.trigger.basis)
    return {
        "met": [one.trigger.id for one in found if one.met],
        "circumstances": [
            one.as_dict() | {"missing": [m["element"] for m in one.as_dict()["missing"]]}
            for one in found
        ],
        "trace": trace.steps,
    }


QUESTIONS: Mapping[str, Callable[[Library, Mapping[str, Any]], Answer]] = {
    "attribute": attribute,
    "authority": authority,
    "ladder": ladder,
    "measures": measures,
    "influence": influence,
    "appeal": appeal,
    "levels": levels,
    "meets": meets,
}
"""Every question that is answered from facts alone, by its name."""


def trace_lines(steps: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the steps of an answer as lines, in both languages with the citation."""
    return [
        f"{step['zh']} / {step['en']}"
        + (f"（{step['cite_zh']} / {step['cite_en']}）" if step.get("cite_zh") else "")
        for step in steps
    ]
