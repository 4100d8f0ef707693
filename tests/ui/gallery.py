"""One page with every part of the face, filled with invented people and dates counted by the law
package.

Only for tests: `render("desk", "zh")` gives the page as the server would, `python -m
tests.ui.looking FOLDER` writes
pages and pictures to look at.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from django.http import HttpRequest
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

from dengwen.law.bilingual import Language
from dengwen.law.packs.pack import load_calendar
from dengwen.law.time.calendar import Calendar
from dengwen.law.time.terms import Term, count
from dengwen.ui import components
from dengwen.ui.term_days import unit_of
from tests.ui import samples

LANGUAGES: tuple[Language, ...] = ("zh", "en")
FOLDER = Path(__file__).parent / "pages"
PACKS = Path(__file__).resolve().parents[2] / "packs"

PAGES = ("desk", "receipt", "cards")


@cache
def calendar() -> Calendar:
    """The calendar delivered with the packs: 2015 to 2026, 2027 not published."""
    return load_calendar(PACKS)


def bar(
    term: Term | None,
    start: date,
    today: date,
    *,
    end: date | None = None,
    extend: int = 0,
    exclude: int = 0,
    statutory: bool = True,
    start_word: str = "",
) -> components.TermBar:
    """Count a term with the law package and show it as a bar; without a term, `end` is the date
    somebody set."""
    counted = count(term, start, calendar(), extend=extend, exclude=exclude) if term else None
    return components.TermBar(
        start,
        counted.raw if counted else end,
        counted.due if counted else end,
        today,
        calendar(),
        unit=unit_of(term.unit) if term else "fixed",
        extended=extend,
        excluded=exclude,
        statutory=statutory,
        provisional=counted.provisional if counted else False,
        start_word=start_word,
    )


def request(path: str = "/face/?q=1") -> HttpRequest:
    """A request as the pages see one."""
    return RequestFactory().get(path)


def render(page: str, language: Language, *, practice: bool = False) -> str:
    """Return one page of the gallery."""
    source = (FOLDER / f"{page}.html").read_text(encoding="utf-8")
    context = {**samples.context(language, bar), "language": language, "practice": practice}
    with translation.override("en" if language == "en" else "zh-hans"):
        return engines["django"].from_string(source).render(context, request())
