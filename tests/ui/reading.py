"""Read a page as a machine for the blind would: its elements in order, with their attributes and
languages."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})


@dataclass
class Element:
    """One element; `text` is all text inside it, `path` the tags around it, `lang` the language
    that holds there."""

    tag: str
    attributes: dict[str, str]
    path: tuple[str, ...]
    lang: str
    text: str = ""
    inside: list[Element] = field(default_factory=list)


class Reader(HTMLParser):
    """Collect the elements of a page; text goes to every open element."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.texts: list[tuple[str, str]] = []
        self._open: list[Element] = []
        self.unbalanced: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        around = self._open[-1].lang if self._open else ""
        element = Element(tag, values, tuple(e.tag for e in self._open), values.get("lang", around))
        for other in self._open:
            other.inside.append(element)
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1].tag != tag:
            self.unbalanced.append(f"</{tag}> in {[e.tag for e in self._open][-3:]}")
            return
        self._open.pop()

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append((self._open[-1].lang if self._open else "", data))
        for element in self._open:
            element.text += data

    def of(self, *tags: str) -> list[Element]:
        """Elements of these tags."""
        return [e for e in self.elements if e.tag in tags]


def read(page: str) -> Reader:
    """Read a whole page."""
    reader = Reader()
    reader.feed(page)
    reader.close()
    reader.unbalanced += [f"<{e.tag}> is never closed" for e in reader._open]
    return reader
