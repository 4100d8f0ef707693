"""`{% load titles %}`: the title of a case in the language of the page."""

from __future__ import annotations

from django import template
from django.utils.translation import get_language

from dengwen.cases.models import Case
from dengwen.cases.read.titles import title_of
from dengwen.ui.dates import language_of

register = template.Library()


@register.filter
def case_title(case: Case) -> str:
    """Return the title of a case; one this house made by itself is said in the language of the
    page."""
    return title_of(case, language_of(get_language()))
