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

from dengwen.documents.common_layout import common_layout, tag_of
from dengwen.documents.document_words import (
    ADDRESSED,
    CODED,
    DECIDED,
    HOLDER,
    NAMED_ADDRESSEE,
    NAMED_BY,
    OPTIONAL,
    SERVED_BY,
    SIGNED_BY_PARTIES,
    THE_DECIDING_ORGAN,
    THE_PERSON,
    TO_EN,
    TO_PETITIONER,
    UNSAID,
    Decided,
    wording_of,
)
from dengwen.documents.errors import DocumentError
from dengwen.documents.headings import heading
from dengwen.documents.layout_words import Wording
from dengwen.documents.statutory_text import R22, Statute, statute_for
from dengwen.law.bilingual import MONTHS, Language, headline, words_in
from dengwen.law.packs.rules import PRACTICE, DocumentRule, article_zh

LANGUAGES: tuple[Language, ...] = ("zh", "en")
COMMON = "common"
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_NOT_PRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LAYOUT = re.compile(r"D\d\d|common")
_PATH = re.compile(r"31\([1-6]\)")
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
    language: Language
    practice: bool
    values: Mapping[str, str]

    @property
    def title(self) -> str:
        """The title on the paper."""
        return headline(self.rule, self.language)

    @property
    def addressee(self) -> str:
        """Whom the document addresses: by name where the act names somebody, else as the rule
        does."""
        person, sender = self.values.get(ADDRESSED, ""), self.values.get("assigned_by", "")
        if person and self.rule.to.startswith(THE_PERSON):
            return person + self._beyond_the_person
        if self.rule.to in NAMED_BY:
            return self.values.get(NAMED_BY[self.rule.to], "") or self._to
        if sender and self.rule.number == "D17":
            return sender
        if self.rule.to == TO_PETITIONER:
            return (self.values.get("petitioner", "") or self._to) + self.in_place
        if self.rule.number in NAMED_ADDRESSEE:
            return self.values.get("to", "") or self._to
        return self._to

    @property
    def _beyond_the_person(self) -> str:
        """What the rule says of the addressee after the words for the person."""
        words = next(words for words in THE_PERSON if self.rule.to.startswith(words))
        return self.rule.to.removeprefix(words)

    @property
    def in_place(self) -> str:
        """Who is served in the petitioner's place, in brackets after the petitioner; "" where
        nobody is."""
        who = self.values.get(SERVED_BY, "")
        if not who:
            return ""
        return words_in((f"（由{who}代收）", f" (served on {who})"), self.language)

    @property
    def _to(self) -> str:
        to = self.rule.to
        return words_in((to, TO_EN.get(self.rule.number, to)), self.language)

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
        number, decided = self.rule.number, self._decided()
        declared = {field.name: field for field in self.rule.declared}
        names = dict.fromkeys((*self.wording.contents, *declared, *self.rule.needs))
        if decided is not None:
            names = dict.fromkeys(decided.contents)
        elif number in NAMED_ADDRESSEE:
            names.pop("to", None)
        given = [name for name in names if self.values.get(name)]
        return [
            (heading(name, self.language, number, declared.get(name)), self.values[name])
            for name in given
        ]

    def decision(self) -> str:
        """Return the sentence of what was decided on the day of the document, "" where there is
        nothing to decide."""
        decided = self._decided()
        return words_in(decided, self.language) if decided else ""

    def _decided(self) -> Decided | None:
        today = shown_day(self.day, self.language)
        for name, decided in DECIDED.get(self.rule.number, {}).items():
            if self.values.get(name) == today:
                return decided
        return None

    @property
    def _under(self) -> str:
        """The article the document rests on, as a part of a sentence; "" where no instrument that
        binds says so."""
        if not self.basis or self.basis in PRACTICE:
            return ""
        law = self.rule.basis
        return words_in((f"根据{self.basis}，", f" ({law.law} {law.article})"), self.language)

    def said(self, sentence: str) -> str:
        """Fill {case}, {day}, {organ}, {recusal} (the article on recusal) and {under} (what the
        document rests on in its place) in a sentence of the wording."""
        return sentence.format(
            case=self.case_number,
            day=shown_day(self.day, self.language),
            organ=self.organ,
            recusal=article_of(self.statute, self.statute.recusal, self.language),
            under=self._under,
        )


def article_of(law: Statute, article: str, language: Language) -> str:
    """Cite an article of a national edition by its name."""
    zh = f"《{law.zh}》{article_zh(article)}"
    return words_in((zh, f"{law.en}, art. {article}"), language)


def shown_day(day: date, language: Language) -> str:
    """Write a day as documents do: 2026年11月24日 (Arabic numerals, no leading zeros), 24 November
    2026."""
    zh = f"{day.year}年{day.month}月{day.day}日"
    return words_in((zh, f"{day.day} {MONTHS[day.month - 1]} {day.year}"), language)


def printable(rule: DocumentRule, values: Mapping[str, str], language: Language) -> dict[str, str]:
    """Return what the document may print, as it is printed: days and codes in words, no control
    characters."""
    number = rule.number
    allowed = {*rule.needs, *wording_of(rule).contents, *OPTIONAL.get(number, ())}
    allowed.update(field.name for field in rule.declared)
    if rule.to.startswith(THE_PERSON):
        allowed.add(ADDRESSED)
    if rule.to == THE_DECIDING_ORGAN:
        allowed.add(HOLDER)
    if rule.to == TO_PETITIONER:
        allowed.add(SERVED_BY)
    unsaid = {**UNSAID.get(number, {}), **UNSAID.get(rule.id, {})}
    printed = {name: words_in(pair, language) for name, pair in unsaid.items()}
    printed |= {name: text for name, text in values.items() if name in allowed and text.strip()}
    return {name: _printable(name, value, language) for name, value in printed.items()}


def _printable(name: str, value: str, language: Language) -> str:
    """Return one content as it is printed: a code, a path or a day in words, all else as it is."""
    text = _NOT_PRINTABLE.sub(_REPLACED, value).strip()
    if name in CODED and text in CODED[name]:
        return words_in(CODED[name][text], language)
    if name == "path" and _PATH.fullmatch(text):
        # the paths are the items of this article of the 2022 edition
        zh = f"《{R22.zh}》{article_zh(text, ('31',))}"
        return words_in((zh, f"{R22.en}, art. {text}"), language)
    found = _ISO.fullmatch(text)
    if found is None:
        return text
    try:
        day = date(*map(int, found.groups()))
    except ValueError:  # no such day: print what was written
        return text
    return shown_day(day, language)


def missing(
    rule: DocumentRule, values: Mapping[str, str], language: Language
) -> DocumentError | None:
    """Return the error for the first content the rule needs and the values lack, or None."""
    name = next((need for need in rule.needs if not values.get(need, "").strip()), None)
    if name is None:
        return None
    zh, en = heading(name, "zh", rule.number), heading(name, "en", rule.number)
    return DocumentError(
        "missing_content",
        content=name,
        where=f"{words_in(rule, language)}（{rule.number}）· {name}",
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
    wording, language = paper.wording, paper.language
    return {
        "paper": paper,
        "language": language,
        "counter": count(1),
        "day": shown_day(paper.day, language),
        "contents": paper.contents(),
        "letter": wording.letter,
        "table": wording.table,
        "decision": paper.decision(),
        "opening": paper.said(words_in(wording, language)),
        "closing": paper.said(words_in(wording.after, language)),
        "signed_by_parties": paper.rule.number in SIGNED_BY_PARTIES,
    }


def _context(paper: Paper) -> dict[str, Any]:
    """Return what any layout may print: the words of the common one, the contents by name, the
    remedies."""
    statute, language = paper.statute, paper.language
    articles = {
        "review": statute.review,
        "recheck": statute.recheck,
        "final": statute.final,
        "duties": statute.duties,
    }
    return {
        **_words(paper),
        "v": _Values(paper.values),
        "organ_word": words_in((statute.organ_zh, statute.organ_en), language),
        "organs": words_in((statute.all_organs_zh, statute.all_organs_en), language),
        "statute": statute,
        "law": words_in((f"《{statute.zh}》", statute.en), language),
        "articles": {
            name: words_in((article_zh(article), f"art. {article}"), language)
            for name, article in articles.items()
        },
    }


def page(html: str, title: str, language: Language) -> str:
    """Wrap a stored body in a full page that links the print stylesheet, an icon and nothing else.

    Without an icon of its own a browser would ask the office for one that is not there.
    """
    return format_html(
        '<!doctype html>\n<html lang="{}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{}</title>\n'
        '<link rel="icon" href="{}">\n<link rel="stylesheet" href="{}">\n</head>\n<body>\n'
        "{}</body>\n</html>\n",
        tag_of(language),
        title,
        static("documents/paper.svg"),
        static("documents/print.css"),
        mark_safe(html),  # noqa: S308 — stored by `issue`, which escapes every value
    )
