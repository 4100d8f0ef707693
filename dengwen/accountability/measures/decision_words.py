"""What the papers of a decision say beside the words typed: gravity, grounds, evidence, appeals.

They follow from the file and from nothing else, so that no paper says what the file contradicts.
Documents are issued in Chinese. A list of evidence goes to whom it concerns; what is circulated
names the numbers alone, and nothing anywhere names a sealed identity (S 8, 11(8)).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from dengwen.accountability.inquiry.conclusion.completeness import circumstances_met
from dengwen.accountability.inquiry.disclosure_to_person import clean, sealed_words, sources_of
from dengwen.accountability.inquiry.inquiry_before import rules_of_day
from dengwen.accountability.inquiry.queries import KIND as INQUIRY
from dengwen.accountability.inquiry.queries import Inquiry, Item, read_inquiry, refs
from dengwen.accountability.inquiry.report import GRAVE
from dengwen.accountability.measures.queries import AccountFile, gravity_of
from dengwen.cases import rulebooks
from dengwen.cases.models import Case
from dengwen.law.duties.step import Step
from dengwen.law.liability import influence_period
from dengwen.law.liability.influence_period import Appeal
from dengwen.law.liability.provisions import Liability, MeasureRule
from dengwen.law.time import due_date
from dengwen.ui import dates

CIRCULATED = frozenset({"circular", "organ_circular"})
"""Measures whose paper goes to others than whom it concerns."""
NO_WAY = "没有见到申诉途径"
RUNS_ON = "申诉期间不停止执行，不因申诉加重"


def found_in(step: Step, file: AccountFile) -> Inquiry:
    """Return what a decision rests on: the inquiry it names or was proposed from, or what was
    found in the file itself."""
    number = str(step.fields.get("inquiry") or file.inquiry)
    case = Case.objects.filter(number=number, kind=INQUIRY).first() if number else None
    return read_inquiry(case if case is not None else file.case)


def gravity_words(step: Step) -> str:
    """Return the gravity that a decision found, in the words of its class (S 13 to 15)."""
    return GRAVE[gravity_of(step.fields, step.texts.get("reasons", "")).classed]


def kind_words(rule: MeasureRule, rules: Liability, made: Inquiry) -> str:
    """Return the measure with its article, and the circumstances found with theirs, a line each."""
    lines = [f"{rule.zh}：{rule.basis.cite(rules.instruments)}"]
    found = rules_of_day(made) if made.day != date.min else rules
    for name in circumstances_met(made, found):
        trigger = found.triggers[name]
        lines.append(f"{trigger.zh}：{trigger.basis.cite(found.instruments)}")
    return "\n".join(lines)


# --- evidence -------------------------------------------------------------------------------------
def evidence_words(made: Inquiry, official: int | None, *, others_read: bool) -> str:
    """Return the evidence that the finding rests on, by the numbers under which the person was
    shown it; what touches a sealed identity is counted and not described."""
    items = [made.items[number] for number in sorted(_used(made)) if number in made.items]
    items = [item for item in items if not item.own or item.official == official]
    if not items:
        return "认定没有列出证据"
    numbers = "、".join(str(item.number) for item in items)
    if others_read:
        return f"证据 {numbers}，目录附卷"
    return "\n".join(_listed(items, sealed_words(sources_of(made))))


def _used(made: Inquiry) -> set[int]:
    """Return the numbers of the board on which the findings that stand rest."""
    rest_on = [*made.findings.values(), *made.lines.values(), *made.gravities[-1:]]
    return {number for told in rest_on for number in refs(told)}


def _listed(items: Sequence[Item], sealed: Iterable[str]) -> list[str]:
    """Return a line for each piece of evidence, what is sealed without its words."""
    words = frozenset(sealed)
    lines = []
    for item in items:
        is_shown = (item.open or item.own) and clean(item.shows, words)
        said = item.shows if is_shown else "涉及应当保密的身份，不出示"
        lines.append(f"证据 {item.number}：{said}")
    return lines


# --- appeals --------------------------------------------------------------------------------------
def appeal_words(rule: MeasureRule, status: str, rules: Liability, day: date) -> str:
    """Return every way to appeal against a measure, a line each, or that none was found."""
    return "\n".join(appeal_ways(rule, status, rules, day)) or NO_WAY


def appeal_ways(rule: MeasureRule, status: str, rules: Liability, day: date) -> list[str]:
    """Return the ways to appeal: to whom, within which period from the day of receipt, and that
    nothing is suspended where an article of the way says so."""
    ways = influence_period.appeals(rulebooks.library(), rules, rule.id, status, day)
    return [_way(way, rules, day) for way in ways]


def _way(way: Appeal, rules: Liability, day: date) -> str:
    """Return one way with its first instance, its period and whether the text of it was seen."""
    first = way.stations[0]
    said = f"{way.route.zh}：{first.zh}；{_period(first.apply, day)}"
    article = way.runs_on
    return f"{said}；{RUNS_ON}（{article.cite(rules.instruments)}）" if article else said


def _period(clock: str, day: date) -> str:
    """Return within which period from receipt an appeal is made, as far as a text gives one."""
    if not clock:
        return "没有见到提出的期限"
    answer = due_date.ask(rulebooks.library(), clock, day)
    term = answer.clock.term
    if term is None:
        return "没有见到提出的期限"
    words = dates.days(term.amount, "zh", term.unit)
    seen = "" if answer.clock.basis.verified else "（期限未核原文）"
    return f"自收到本决定之日起{words}内提出{seen}，最后一日随送达日期确定，在本人页面上写明"
