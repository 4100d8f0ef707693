"""Explanations for people: how a date was computed, why a duty exists, what happens otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dengwen.law.bilingual import Language, words_in
from dengwen.law.duties.act_record import DutyView
from dengwen.law.packs.library import Rulebook
from dengwen.law.packs.rules import Interpretation
from dengwen.law.time.terms import Traced


@dataclass(frozen=True)
class Explained:
    """Everything a page shows about one duty, in one language."""

    title: str
    article: str
    lines: tuple[tuple[str, date | None, str], ...]
    otherwise: str
    otherwise_article: str
    rules: str
    calendar: str
    verified: bool
    statutory: bool
    interpretations: tuple[Interpretation, ...]


def explain(duty: DutyView, book: Rulebook, language: Language = "zh") -> Explained:
    """Explain a duty: start event, rule, article, days skipped, raw date, due date, calendar
    version, consequence."""
    rule = duty.rule
    traced = duty.counted.trace if duty.counted else ()
    basis = rule.otherwise_basis
    return Explained(
        title=words_in(rule, language),
        article=rule.basis.cite(book.instruments, language),
        lines=tuple((one.step, one.day, words_in(one, language)) for one in traced),
        otherwise=words_in((rule.otherwise_zh, rule.otherwise_en), language),
        otherwise_article=basis.cite(book.instruments, language) if basis else "",
        rules=book.title,
        calendar=duty.counted.calendar if duty.counted else "",
        verified=rule.basis.verified,
        statutory=rule.clock.mode in ("period", "frequency"),
        interpretations=tuple(book.interpretations_of(rule.id)),
    )


def trace_text(lines: tuple[Traced, ...], language: Language = "zh") -> str:
    """Return a trace as plain text, one line a step."""
    return "\n".join(f"{one.day or '—'}  {words_in(one, language)}" for one in lines)
