"""How the cell of a list is made of a line: a maker for each kind of thing a cell shows.

A maker takes the name of an attribute of the line and returns what draws it. A cell that none of
them can draw is a template of its own (`Part`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.template import Context
from django.template.defaultfilters import capfirst
from django.utils.html import format_html
from django.utils.safestring import SafeString

from dengwen.ui.templatetags.ui import day as day_words
from dengwen.ui.templatetags.ui import moment as moment_words
from dengwen.ui.templatetags.ui import own_words

Cell = Callable[[Any], SafeString]
"""Draws a cell of a line."""
NONE = "—"


@dataclass(frozen=True, slots=True)
class Part:
    """A cell with a template of its own, which knows the line as `line`, and its page."""

    template: str

    def on(self, page: Context) -> Cell:
        """Return what draws the cell on a page; the template is looked up once for all lines."""
        part = page.template.engine.get_template(self.template) if page.template else None

        def draw(line: Any) -> SafeString:  # noqa: ANN401  # a line is whatever its page makes it
            if part is None:
                return SafeString("")
            with page.push(line=line):
                return part.render(page)

        return draw


def unseen(_line: Any) -> SafeString:  # noqa: ANN401  # a line is whatever its page makes it
    """Draw nothing: the cell of a list whose page draws its lines itself."""
    return SafeString("")


def text(name: str) -> Cell:
    """Draw words that people wrote, marked as Chinese on an English page; — for none."""
    value = attrgetter(name)
    return lambda line: format_html("<span>{}</span>", own_words(str(value(line) or NONE)))


def words(name: str) -> Cell:
    """Draw words of the house, which are in the language of the page; — for none."""
    value = attrgetter(name)
    return lambda line: format_html("<span>{}</span>", value(line) or NONE)


def plain(name: str) -> Cell:
    """Draw words of the house by themselves, without anything around them; — for none."""
    value = attrgetter(name)
    return lambda line: format_html("{}", value(line) or NONE)


def capital(name: str) -> Cell:
    """Draw words of the house that begin the cell, in English with a capital letter."""
    value = attrgetter(name)
    return lambda line: format_html("<span>{}</span>", capfirst(value(line) or NONE))


def number(name: str) -> Cell:
    """Draw a number, a code, or an instant in words; — for none."""
    value = attrgetter(name)

    def draw(line: Any) -> SafeString:  # noqa: ANN401  # a line is whatever its page makes it
        shown = value(line)
        return format_html('<span class="num">{}</span>', NONE if shown in (None, "") else shown)

    return draw


def day(name: str, late: str = "") -> Cell:
    """Draw a date; `late` names what says that it has passed."""
    value = attrgetter(name)
    is_late = attrgetter(late) if late else None

    def draw(line: Any) -> SafeString:  # noqa: ANN401  # a line is whatever its page makes it
        kind = "num late" if is_late is not None and is_late(line) else "num"
        return format_html('<span class="{}">{}</span>', kind, day_words(value(line)))

    return draw


def moment(name: str) -> Cell:
    """Draw an instant in Beijing time."""
    value = attrgetter(name)
    return lambda line: format_html('<span class="num">{}</span>', moment_words(value(line)))


def linked(name: str, href: str = "href", small: str = "number") -> Cell:
    """Draw what a row is about: its name as a link, and its number below."""
    value, address = attrgetter(name), attrgetter(href)
    below = attrgetter(small) if small else None

    def draw(line: Any) -> SafeString:  # noqa: ANN401  # a line is whatever its page makes it
        link = format_html('<a href="{}">{}</a>', address(line), own_words(str(value(line))))
        if below is None:
            return link
        return format_html('{}<span class="small num">{}</span>', link, below(line))

    return draw


def number_linked(name: str, href: str = "href") -> Cell:
    """Draw a number as a link."""
    value, address = attrgetter(name), attrgetter(href)
    return lambda line: format_html('<a class="num" href="{}">{}</a>', address(line), value(line))


def name_of(name: str) -> Cell:
    """Draw what a row is about where it leads nowhere."""
    value = attrgetter(name)
    return lambda line: format_html("{}", own_words(str(value(line))))
