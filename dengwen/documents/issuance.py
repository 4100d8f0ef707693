"""Issuing a document: check what it must contain, take its number, render it, digest it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from dengwen.documents.document_numbers import Ask, next_number, one_by_one
from dengwen.documents.document_words import LISTED_AS
from dengwen.documents.errors import DocumentError
from dengwen.documents.renderer import LANGUAGES, Paper, missing, page, printable, render
from dengwen.law.bilingual import Language, words_in
from dengwen.law.packs.rules import DocumentRule

__all__ = ["DocumentError", "Issued", "issue", "page"]

FALLBACKS = {"accept_on": "accept_simple_on"}
"""A matter that left simplified handling was accepted on the day it was accepted for that: its
sixty days run from there."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A document as issued: the rule's id, its number, its name in lists, the stored body and
    its SHA-256 (hex)."""

    rule: str
    number: str
    title: str
    html: str
    digest: str


@dataclass(frozen=True, slots=True)
class Previewed:
    """A document as it would be issued now, its number still open: its name, its body, and what it
    prints by name.

    `lacking` says what the rule needs and nobody has written yet.
    """

    rule: str
    title: str
    html: str
    values: Mapping[str, str]
    lacking: DocumentError | None


OPEN_NUMBER = {"zh": "（签发时编号）", "en": "(numbered when issued)"}
"""What a paper bears in the place of its number before it is issued."""


def preview(
    *,
    rule: DocumentRule,
    basis_text: str,
    organ_name: str,
    day: date,
    practice: bool,
    values: Mapping[str, str],
    case_number: str,
    language: Language = "zh",
) -> Previewed:
    """Render a document as `issue` would on `day`, with the number open; nothing is written and no
    number is taken.

    Raises DocumentError for an unknown layout.
    """
    said = _said(values)
    printed = printable(rule, said, language)
    paper = Paper(
        rule=rule,
        number=OPEN_NUMBER[language],
        organ=organ_name,
        day=day,
        case_number=case_number,
        basis=basis_text,
        language=language,
        practice=practice,
        values=printed,
    )
    return Previewed(rule.id, paper.title, render(paper), printed, missing(rule, said, language))


def _said(values: Mapping[str, str]) -> dict[str, str]:
    """Return the contents that say something, what may stand in for a missing one included."""
    said = {name: values[source] for name, source in FALLBACKS.items() if values.get(source)}
    said |= {name: value for name, value in values.items() if value.strip()}
    return said


def issue(
    *,
    rule: DocumentRule,
    basis_text: str,
    organ_code: str,
    organ_name: str,
    day: date,
    protected: bool,
    practice: bool,
    values: Mapping[str, str],
    case_number: str,
    language: str = "zh",
    ask: Ask = one_by_one,
) -> Issued:
    """Issue a document inside the caller's transaction, so that its number is never lost.

    `values` are the fields and texts of the act as people read them, by the names `rule.needs`
    uses; `day` is the civil date of the act; `protected` puts the number in the series of protected
    cases; `practice` marks the paper; `ask` runs the statements of its number.
    Raises DocumentError for a missing content, an unknown layout or language, or outside a
    transaction.
    """
    known = _known_language(language, rule)
    said = _said(values)
    lacking = missing(rule, said, known)
    if lacking is not None:
        raise lacking
    number = next_number(
        document=rule.number,
        organ_code=organ_code,
        organ_name=organ_name,
        day=day,
        protected=protected,
        case_number=case_number,
        ask=ask,
    )
    paper = Paper(
        rule=rule,
        number=number,
        organ=organ_name or organ_code,
        day=day,
        case_number=case_number,
        basis=basis_text,
        language=known,
        practice=practice,
        values=printable(rule, said, known),
    )
    return _issued(paper)


def _known_language(language: str, rule: DocumentRule) -> Language:
    """Return the language of a paper; DocumentError for one that papers are not issued in."""
    for known in LANGUAGES:
        if language == known:
            return known
    raise DocumentError(
        "unknown_language",
        where=rule.id,
        zh=f"不认识的语言“{language}”",
        en=f"unknown language “{language}”",
        mend_zh="用 zh 或者 en",
        mend_en="use zh or en",
    )


def _issued(paper: Paper) -> Issued:
    """Render a paper and digest it, under the name that lists may show."""
    rule, html = paper.rule, render(paper)
    return Issued(
        rule=rule.id,
        number=paper.number,
        title=words_in(LISTED_AS.get(rule.number, (rule.zh, rule.en)), paper.language),
        html=html,
        digest=hashlib.sha256(html.encode()).hexdigest(),
    )
