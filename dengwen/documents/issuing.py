"""Issuing a document: check what it must contain, take its number, render it, digest it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from dengwen.documents.errors import DocumentError
from dengwen.documents.numbering import Ask, next_number, one_by_one
from dengwen.documents.rendering import LANGUAGES, Paper, missing, page, printable, render
from dengwen.documents.wording import LISTED_AS
from dengwen.law.rules import DocumentRule

__all__ = ["DocumentError", "Issued", "issue", "page"]

FALLBACKS = {"accept_on": "accept_simple_on"}
"""A matter that left simplified handling was accepted on the day it was accepted for that: its sixty days run from
there."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A document as issued: the rule's id, its number, its name in lists, the stored body and its SHA-256 (hex)."""

    rule: str
    number: str
    title: str
    html: str
    digest: str


def issue(
    *, rule: DocumentRule, basis_text: str, organ_code: str, organ_name: str, day: date, protected: bool,
    practice: bool, values: Mapping[str, str], case_number: str, language: str = "zh",
    ask: Ask = one_by_one,
) -> Issued:
    """Issue a document inside the caller's transaction, so that its number is never lost.

    `values` are the fields and texts of the act as people read them, by the names `rule.needs` uses; `day` is the
    civil date of the act; `protected` puts the number in the series of protected cases; `practice` marks the paper;
    `ask` runs the statements of its number.
    Raises DocumentError for a missing content, an unknown layout or language, or outside a transaction.
    """
    if language not in LANGUAGES:
        raise DocumentError(
            "unknown_language", where=rule.id, zh=f"不认识的语言“{language}”", en=f"unknown language “{language}”",
            mend_zh="用 zh 或者 en", mend_en="use zh or en",
        )
    told = {name: values[source] for name, source in FALLBACKS.items() if values.get(source)} | {
        name: value for name, value in values.items() if value.strip()
    }
    if lacking := missing(rule, told, language):
        raise lacking
    number = next_number(
        document=rule.number, organ_code=organ_code, organ_name=organ_name, day=day, protected=protected,
        case_number=case_number, ask=ask,
    )
    paper = Paper(
        rule=rule, number=number, organ=organ_name or organ_code, day=day, case_number=case_number, basis=basis_text,
        language=language, practice=practice, values=printable(rule, told, language),
    )
    html = render(paper)
    zh, en = LISTED_AS.get(rule.number, (rule.zh, rule.en))
    return Issued(
        rule=rule.id, number=number, title=zh if language == "zh" else en, html=html,
        digest=hashlib.sha256(html.encode()).hexdigest(),
    )
