"""The layout of a template's source is not part of the page.

Templates are written one tag a line. In HTML a line break between two words is a space, and there
is none between words of Chinese; so a line break in the source, with the blanks around it, leaves
nothing on the page. A space that is wanted is written: as a space within a line, as `&#32;` at the
end of one. Within a tag, of HTML or of Django, a line break is a space, but before an `{% if %}`,
which brings its attribute with the space before it (ADR 9). A line break of the page is `&#10;`.
"""

from __future__ import annotations

import re
from pathlib import Path

from django.template import Origin
from django.template.loaders.app_directories import Loader as AppLoader

HOUSE = Path(__file__).resolve().parents[1]
"""Only templates of Dengwen are written so; those of other packages stay as they are."""
TAG = re.compile(
    r"""
    \{%.*?%\} | \{\{.*?\}\} | \{\#.*?\#\}       # of Django
    | <[a-zA-Z/!](?:                            # of HTML, with Django's within
        \{%.*?%\} | \{\{.*?\}\}
        | "(?:\{%.*?%\}|\{\{.*?\}\}|[^"])*"
        | [^<>{"] | \{
      )*>
    """,
    re.VERBOSE | re.DOTALL,
)
BREAK = re.compile(r"(&#32;)?[ \t]*\n[ \t\n]*")
BREAK_IN_TAG = re.compile(
    r"([\u3000-\u9fff\uff00-\uffef])?[ \t]*\n[ \t\n]*(\{% (?:if|elif|else|endif)\b)?"
)
"""After a Chinese character or mark a string of a tag goes on without a space."""
LINE = "&#10;"


def without_layout(source: str) -> str:
    """Return a template as its page wants it: breaks within tags as spaces, others left out."""
    parts = []
    end = 0
    for tag in TAG.finditer(source):
        parts.append(BREAK.sub(_of_text, source[end : tag.start()]))
        parts.append(BREAK_IN_TAG.sub(_of_tag, tag.group()))
        end = tag.end()
    parts.append(BREAK.sub(_of_text, source[end:]))
    return "".join(parts)


def _of_text(broken: re.Match[str]) -> str:
    return " " if broken[1] else ""


def _of_tag(broken: re.Match[str]) -> str:
    return broken[1] or broken[2] or " "


class Loader(AppLoader):
    """Finds templates as Django does, and reads those of Dengwen without their layout."""

    def get_contents(self, origin: Origin) -> str:
        """Return the source of a template; raises TemplateDoesNotExist."""
        source = super().get_contents(origin)
        ours = Path(origin.name).is_relative_to(HOUSE)
        return without_layout(source).replace(LINE, "\n") if ours else source
