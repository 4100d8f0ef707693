"""From values to the stored page of a document: what is printed is decided here, how it looks in
the templates.

A later writer of .docx or PDF takes the same `Paper`; nothing of HTML is in it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from dengwen.documents.common_layout import common_layout
from dengwen.documents.document_words import (
    ADDRESSED,
    CODED,
    DECIDED,
    NAMED_ADDRESSEE,
    OPTIONAL,
    SERVED_BY,
    SIGNED_BY_PARTIES,
    THE_PERSON,
    TO_EN,
    TO_PETITIONER,
    UNSAID,
    Wording,
    wording_of,
)
from dengwen.documents.errors import DocumentError
from dengwen.documents.headings import heading
from dengwen.documents.statutory_text import R22, Statute, statute_for
from dengwen.law.packs.rules import DocumentRule, article_zh

LANGUAGES = ("zh", "en")
COMMON = "common"
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_NOT_PRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LAYOUT = re.compile(r"D\d\d|common")
_PATH = re.compile(r"31\([1-6]\)")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_REPLACED = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True)
class Paper:
    """Everything a document prints, in words, whatever form it is written in."""

    rule: DocumentRule
    number: str
    organ: str
    day: date
    case_number: str
    basis: str
    language: str
    practice: bool
    values: Mapping[str, str]

    @property
    def title(self) -> str:
        """The title on the paper."""
        return (
            self.rule.zh if self.language == "zh" else self.rule.en[:1].upper() + self.rule.en[1:]
        )

    @property
    def addressee(self) -> str:
        """Whom the document addresses: by name where the act names somebody, else as the rule
        does."""
        if self.rule.to.startswith(THE_PERSON) and (person := self.values.get(ADDRESSED, "")):
            return person + self.rule.to.removeprefix(
                next(w for w in THE_PERSON if self.rule.to.startswith(w))
            )
        if self.rule.number == "D17" and (sender := self.values.get("assigned_by", "")):
            return sender
        to_petitioner = self.rule.to == TO_PETITIONER
        named = self.values.get("petitioner" if to_petitioner else "to", "")
        if to_petitioner:
            return (named or self._to) + self.in_place
        if self.rule.number in NAMED_ADDRESSEE:
            return named or self._to
        return self._to

    @property
    def in_place(self) -> str:
        """Who is served in the petitioner's place, in brackets after the petitioner; "" where
        nobody is."""
        who = self.values.get(SERVED_BY, "")
        if not who:
            return ""
        return f"（由{who}代收）" if self.language == "zh" else f" (served on {who})"

    @property
    def _to(self) -> str:
        return self.rule.to if self.language == "zh" else TO_EN.get(self.rule.number, self.rule.to)

    @property
    def statute(self) -> Statute:
        """The national edition whose remedies and periods the document prints."""
        return statute_for(self.rule.basis.law, self.day)

    @property
    def wording(self) -> Wording:
        """What the common layout says for this document."""
        return wording_of(self.rule)

    def contents(self) -> list[tuple[str, str]]:
        """Return the headed contents of the common layout: its own order, then what else the
        rule needs."""
        names = dict.fromkeys((*self.wording.contents, *self.rule.needs))
        if self.rule.number in NAMED_ADDRESSEE:
            names.pop("to", None)
        if decided := self._decided():
            names = dict.fromkeys(decided[2:])
        number = self.rule.number
        return [
            (heading(n, self.language, number), self.values[n]) for n in names if self.values.get(n)
        ]

    def decision(self) -> str:
        """Return the sentence of what was decided on the day of the document, "" where there is
        nothing to decide."""
        decided = self._decided()
        return decided[0 if self.language == "zh" else 1] if decided else ""

    def _decided(self) -> tuple[str, ...] | None:
        today = shown_day(self.day, self.language)
        acts = DECIDED.get(self.rule.number, {})
        return next((said for name, said in acts.items() if self.values.get(name) == today), None)

    def said(self, sentence: str) -> str:
        """Fill {case}, {day}, {organ} and {recusal} (the article on recusal) in a sentence of
        the wording."""
        zh, law = self.language == "zh", self.statute
        recusal = (
            f"《{law.zh}》{article_zh(law.recusal)}" if zh else f"{law.en}, art. {law.recusal}"
        )
        return sentence.format(
            case=self.case_number,
            day=shown_day(self.day, self.language),
            organ=self.organ,
            recusal=recusal,
        )


def shown_day(day: date, language: str) -> str:
    """Write a day as documents do: 2026年11月24日 (Arabic numerals, no leading zeros), 24 November
    2026."""
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def printable(rule: DocumentRule, values: Mapping[str, str], language: str) -> dict[str, str]:
    """Return what the document may print, as it is printed: days and codes in words, no control
    characters."""
    number = rule.number
    allowed = {*rule.needs, *wording_of(rule).contents, *OPTIONAL.get(number, ())}
    if rule.to.startswith(THE_PERSON):
        allowed.add(ADDRESSED)
    if rule.to == TO_PETITIONER:
        allowed.add(SERVED_BY)
    unsaid = {**UNSAID.get(number, {}), **UNSAID.get(rule.id, {})}
    said = {name: pair[0 if language == "zh" else 1] for name, pair in unsaid.items()} | {
        name: value for name, value in values.items() if name in allowed and value.strip()
    }
    return {name: _printable(name, value, language) for name, value in said.items()}


def _printable(name: str, value: str, language: str) -> str:
    text = _NOT_PRINTABLE.sub(_REPLACED, value).strip()
    if name in CODED and text in CODED[name]:
        return CODED[name][text][0 if language == "zh" else 1]
    if name == "path" and _PATH.fullmatch(
        text
    ):  # the paths are the items of this article of the 2022 edition
        return (
            f"《{R22.zh}》{article_zh(text, ('31',))}"
            if language == "zh"
            else f"{R22.en}, art. {text}"
        )
    if found := _ISO.fullmatch(text):
        try:
            return shown_day(date(*map(int, found.groups())), language)
        except ValueError:  # no such day: print what was written
            return text
    return text


def missing(rule: DocumentRule, values: Mapping[str, str], language: str) -> DocumentError | None:
    """Return the error for the first content the rule needs and the values lack, or None."""
    name = next((need for need in rule.needs if not values.get(need, "").strip()), None)
    if name is None:
        return None
    zh, en = heading(name, "zh", rule.number), heading(name, "en", rule.number)
    return DocumentError(
        "missing_content",
        content=name,
        where=f"{rule.zh if language == 'zh' else rule.en}（{rule.number}）· {name}",
        zh=f"《{rule.zh}》必须写明“{zh}”，现在没有",
        en=f"the {rule.en} must state “{en}” ({name}), which is missing",
        mend_zh=f"在办理行为中填写“{zh}”后再签发",
        mend_en=f"fill in “{en}” in the act, then issue again",
    )


def render(paper: Paper) -> str:
    """Return the complete body of the document as it is stored: no script, no style, nothing from
    outside.

    Raises DocumentError for a layout that has no template.
    """
    if paper.rule.layout == COMMON:
        return common_layout(_words(paper)).strip() + "\n"
    return from_template(paper)


def from_template(paper: Paper) -> str:
    """Return what `render` returns, made by the template engine whatever the layout is."""
    name = paper.rule.layout
    try:
        if not _LAYOUT.fullmatch(name):
            raise TemplateDoesNotExist(name)
        template = get_template(f"documents/{name}.html")
    except TemplateDoesNotExist as error:
        raise DocumentError(
            "unknown_layout",
            where=f"{paper.rule.id} · layout",
            zh=f"没有版式“{name}”",
            en=f"there is no layout “{name}”",
            mend_zh="在规则包中写已有的版式，或者不写以用通用版式",
            mend_en="name an existing layout in the pack, or none",
        ) from error
    return template.render(_context(paper)).strip() + "\n"


class _Values(dict[str, str]):
    """Contents for templates: one that was not given prints as nothing."""

    def __missing__(self, name: str) -> str:
        return ""


def _words(paper: Paper) -> dict[str, Any]:
    """Return what the common layout prints."""
    zh, wording = paper.language == "zh", paper.wording
    return {
        "paper": paper,
        "language": paper.language,
        "counter": count(1),
        "day": shown_day(paper.day, paper.language),
        "contents": paper.contents(),
        "letter": wording.letter,
        "table": wording.table,
        "decision": paper.decision(),
        "opening": paper.said(wording.zh if zh else wording.en),
        "closing": paper.said(wording.after_zh if zh else wording.after_en),
        "signed_by_parties": paper.rule.number in SIGNED_BY_PARTIES,
    }


def _context(paper: Paper) -> dict[str, Any]:
    """Return what any layout may print: the words of the common one, the contents by name, the
    remedies."""
    zh, statute = paper.language == "zh", paper.statute
    return {
        **_words(paper),
        "v": _Values(paper.values),
        "organ_word": statute.organ_zh if zh else statute.organ_en,
        "organs": statute.all_organs_zh if zh else statute.all_organs_en,
        "statute": statute,
        "law": f"《{statute.zh}》" if zh else statute.en,
        "articles": {
            name: article_zh(article) if zh else f"art. {article}"
            for name, article in (
                ("review", statute.review),
                ("recheck", statute.recheck),
                ("final", statute.final),
                ("duties", statute.duties),
            )
        },
    }


def page(html: str, title: str, language: str) -> str:
    """Wrap a stored body in a full page that links the print stylesheet, an icon and nothing else.

    Without an icon of its own a browser would ask the office for one that is not there.
    """
    return format_html(
        '<!doctype html>\n<html lang="{}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{}</title>\n'
        '<link rel="icon" href="{}">\n<link rel="stylesheet" href="{}">\n</head>\n<body>\n'
        "{}</body>\n</html>\n",
        "zh-Hans" if language == "zh" else "en",
        title,
        static("documents/paper.svg"),
        static("documents/print.css"),
        mark_safe(html),  # noqa: S308 — stored by `issue`, which escapes every value
    )
