"""Tags for documents: `say` picks the language, `part` prints a headed content, `lines` its
paragraphs.

Whatever comes from a person is escaped and set apart in `bdi`, so that neither markup nor reversed
writing in it can change the words around it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from dengwen.law.bilingual import words_in
from dengwen.law.packs.rules import number_zh

register = template.Library()


@register.simple_tag(takes_context=True)
def say(context: Mapping[str, Any], zh: str, en: str, **values: object) -> SafeString:
    """Print the sentence of the document's language with `values` in its places."""
    sentence = words_in((zh, en), context["language"])
    if not values:
        return mark_safe(sentence)  # noqa: S308 — the template's own words
    return format_html(
        sentence, **{name: _set_apart(name, value) for name, value in values.items()}
    )


def _set_apart(name: str, value: object) -> SafeString:
    """A case number stays on one line; everything else may break."""
    return format_html('<bdi class="nb">{}</bdi>' if name == "case" else "<bdi>{}</bdi>", value)


@register.simple_tag
def lines(text: str) -> SafeString:
    """Print each line of a text as a paragraph; empty lines are left out."""
    return format_html_join(
        "", "<p><bdi>{}</bdi></p>", ((line.strip(),) for line in text.splitlines() if line.strip())
    )


@register.simple_tag(takes_context=True)
def part(context: Mapping[str, Any], zh: str, en: str, text: str) -> SafeString:
    """Print a headed part (一、…) with its text; nothing if there is no text."""
    if not text:
        return mark_safe("")
    return format_html("<section>{}{}</section>", _heading(context, zh, en), lines(text))


@register.simple_tag(takes_context=True)
def heading(context: Mapping[str, Any], zh: str, en: str) -> SafeString:
    """Print the next numbered heading: 一、 in Chinese, 1. in English."""
    return _heading(context, zh, en)


def _heading(context: Mapping[str, Any], zh: str, en: str) -> SafeString:
    number = next(context["counter"])
    before = words_in((f"{number_zh(number)}、", f"{number}. "), context["language"])
    return format_html("<h2>{}{}</h2>", before, words_in((zh, en), context["language"]))
