"""The common layout, written out: two papers of every registration are made with it, most others as
well.

`common.html` is the layout a designer changes; the same page comes from here in a twentieth of the
time the template engine takes. `tests/documents/test_layout.py` compares the two byte for byte, for
every document of every pack.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from dengwen.law.bilingual import Language, words_in
from dengwen.law.packs.rules import number_zh

_PRACTICE = {
    "zh": '<p class="sample">示例 · 演练文书，无法律效力</p>',
    "en": '<p class="sample">示例 SAMPLE · made for practice, without legal effect</p>',
}
_NUMBER = {"zh": "登记编号：{}", "en": "Number of the petition: {}"}
_BASIS = {"zh": "依据：{}", "en": "Basis: {}"}
_SIGNING = {
    "zh": ("参加人、当事人签名", "主持人、记录人签名"),
    "en": ("Signed by the persons concerned", "Signed by host and recorder"),
}


def tag_of(language: Language) -> str:
    """Return the language of a paper as HTML marks it."""
    return words_in(("zh-Hans", "en"), language)


def common_layout(context: Mapping[str, Any]) -> str:
    """Return the page of a paper as `common.html` makes it of the same context (see
    `renderer`)."""
    paper, language = context["paper"], context["language"]
    letter = bool(context["letter"])
    sample = _PRACTICE[language] if paper.practice else ""
    kind = f"paper {'letter' if letter else 'form'}{' practice' if paper.practice else ''}"
    return (
        f'<article class="{kind}" lang="{tag_of(language)}">{sample}'
        f"{_head(context, letter=letter)}"
        f'<div class="text">{_text(context)}</div>'
        f'<div class="end">{_signature(context)}<footer>{_footer(context)}</footer>'
        f"{sample}</div></article>\n"
    )


def _head(context: Mapping[str, Any], *, letter: bool) -> str:
    paper = context["paper"]
    title = f"<h1>{escape(paper.title)}</h1>"
    number = f'<p class="number">{escape(paper.number)}</p>'
    if not letter:
        return title + number
    colon = words_in(("：", ":"), context["language"])
    return (
        f'<header><p class="mark">{_apart(paper.organ)}</p>{number}</header>{title}'
        f'<p class="to">{_apart(paper.addressee)}{colon}</p>'
    )


def _text(context: Mapping[str, Any]) -> str:
    opening, decision, closing = context["opening"], context["decision"], context["closing"]
    contents: Iterable[tuple[str, str]] = context["contents"]
    parts = []
    if opening:
        parts.append(f"<p>{escape(opening)}</p>")
    if decision:
        parts.append(f'<p class="strong">{escape(decision)}</p>')
    if context["table"]:
        rows = (
            f'<tr><th scope="row">{escape(name)}</th><td>{_lines(text)}</td></tr>'
            for name, text in contents
        )
        parts.append(f'<table class="rows">{"".join(rows)}</table>')
    else:
        parts += [_part(context, name, text) for name, text in contents]
    if closing:
        parts.append(f"<p>{escape(closing)}</p>")
    return "".join(parts)


def _part(context: Mapping[str, Any], name: str, text: str) -> str:
    place = next(context["counter"])
    number = words_in((f"{number_zh(place)}、", f"{place}. "), context["language"])
    return f"<section><h2>{number}{escape(name)}</h2>{_lines(text)}</section>"


def _signature(context: Mapping[str, Any]) -> str:
    signing = ""
    if context["signed_by_parties"]:
        rows = (
            f'<tr><th scope="row">{who}</th><td></td></tr>' for who in _SIGNING[context["language"]]
        )
        signing = f'<table class="signing">{"".join(rows)}</table>'
    organ = _apart(context["paper"].organ)
    return f'{signing}<div class="signature"><p>{organ}</p><p>{escape(context["day"])}</p></div>'


def _footer(context: Mapping[str, Any]) -> str:
    paper, language = context["paper"], context["language"]
    case = f'<bdi class="nb">{escape(paper.case_number)}</bdi>'
    basis = f"<p>{_BASIS[language].format(_apart(paper.basis))}</p>" if paper.basis else ""
    return f"<p>{_NUMBER[language].format(case)}</p>{basis}"


def _apart(text: str) -> str:
    """Set words of a person or an office apart, so that reversed writing in them changes nothing
    around them."""
    return f"<bdi>{escape(text)}</bdi>"


def _lines(text: str) -> str:
    return "".join(f"<p>{_apart(line.strip())}</p>" for line in text.splitlines() if line.strip())
