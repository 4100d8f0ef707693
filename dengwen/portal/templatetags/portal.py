"""`{% say "中文" "English" %}`: a sentence in the language of the page, both languages side by side in the template."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from dengwen.portal.pairs import said

register = template.Library()


@register.simple_tag
def say(zh: str, en: str, **values: object) -> str | SafeString:
    """Return the sentence of the page's language; `{name}` in it is filled with the value of that name, escaped."""
    text = said(zh, en)
    return format_html(text, **values) if values else text
