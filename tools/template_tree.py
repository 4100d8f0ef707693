"""The source of a template as a tree: what `tools/template_format.py` writes one tag a line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from dengwen.ui.page_layout import TAG

SPACE = "&#32;"
"""A space before a line break, which would not be one otherwise."""
VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
)
"""Elements of HTML that have no end."""
PAIRED = frozenset(
    {"if", "for", "with", "block", "blocktranslate", "comment", "spaceless", "ifchanged", "filter"}
)
"""Tags of Django that have one."""
BRANCHES = frozenset({"else", "elif", "empty"})
VERBATIM = frozenset({"blocktranslate", "comment"})
"""Pairs that are one piece: what stands in them is a text of the catalogue, or none of the page."""


@dataclass(slots=True)
class Node:
    """Something of a template: text, a tag without end, or a pair with what lies between.

    `spaced` says that a space stands before it, `parts` are the branches of a pair: a tag and its
    children. `kind` is text, single, loose (half of a pair whose other half is in another branch),
    pair (of HTML) or block (of Django).
    """

    head: str
    kind: str
    spaced: bool = False
    parts: list[tuple[str, list[Node]]] = field(default_factory=list)
    end: str = ""
    end_spaced: bool = False


@dataclass(frozen=True, slots=True)
class Token:
    """A tag or a run of text without a space at its ends."""

    text: str
    kind: str
    name: str
    spaced: bool


def nodes_of(source: str) -> list[Node]:
    """Nest the tokens of a template; raises ValueError where a tag of Django has no end."""
    nodes, _ = _nested(list(tokens(source)), 0, None)
    return nodes


# --- tokens ---------------------------------------------------------------------------------------
def tokens(source: str) -> Iterator[Token]:
    """Cut a template without its layout into tags and text."""
    spaced = False
    for piece in _pieces(source.replace(SPACE, " ")):
        if TAG.fullmatch(piece):
            kind, name = _kind(piece)
            yield Token(_squeezed(piece), kind, name, spaced)
            spaced = False
            continue
        text = piece.strip(" \t")
        if not text:
            spaced = True
            continue
        yield Token(re.sub(r"[ \t]+", " ", text), "text", "", spaced or piece[0] in " \t")
        spaced = piece[-1] in " \t"


def _pieces(source: str) -> Iterator[str]:
    """Cut a template into tags and what lies between them."""
    end = 0
    for tag in TAG.finditer(source):
        if tag.start() > end:
            yield source[end : tag.start()]
        yield tag.group()
        end = tag.end()
    if end < len(source):
        yield source[end:]


def _squeezed(tag: str) -> str:
    """A tag of Django with single spaces between its words; what stands in quotes stays."""
    if tag.startswith("<"):
        return tag
    return re.sub(r'("[^"]*")|[ \t]+', lambda found: found[1] or " ", tag)


def _kind(tag: str) -> tuple[str, str]:
    """What a tag is to the tree, and its name; names of HTML begin with `<`."""
    if tag.startswith("{{"):
        return "text", ""
    if tag.startswith("{#"):
        return "single", "#"
    return _kind_of_django(tag) if tag.startswith("{%") else _kind_of_html(tag)


def _kind_of_django(tag: str) -> tuple[str, str]:
    """What a tag of Django is to the tree, and its name."""
    name = tag[2:-2].split(maxsplit=1)[0]
    if name in PAIRED:
        return "open", name
    if name in BRANCHES:
        return "branch", name
    if name.removeprefix("end") in PAIRED:
        return "close", name.removeprefix("end")
    return "single", name


def _kind_of_html(tag: str) -> tuple[str, str]:
    """What a tag of HTML is to the tree, and its name."""
    found = re.match(r"</?([a-zA-Z0-9]+)", tag)
    name = found[1].lower() if found else "!"
    if tag.startswith("</"):
        return "close", "<" + name
    alone = name in VOID or tag.endswith("/>") or name == "!"
    return ("single" if alone else "open"), "<" + name


# --- nesting --------------------------------------------------------------------------------------
def _nested(found: Sequence[Token], at: int, until: str | None) -> tuple[list[Node], int]:
    """Read up to the end of a pair or of a branch; returns what was read and where it ended."""
    nodes: list[Node] = []
    while at < len(found):
        token = found[at]
        ends_branch = token.kind == "branch" or (
            token.kind == "close" and not token.name.startswith("<")
        )
        if ends_branch or (token.kind == "close" and token.name == until):
            break
        if token.kind == "open" and token.name in VERBATIM:
            at = _verbatim(found, at, nodes)
        elif token.kind == "open":
            at = _pair(found, at, nodes)
        else:
            kind = "loose" if token.kind == "close" else token.kind
            nodes.append(Node(token.text, kind, token.spaced))
            at += 1
    return nodes, at


def _verbatim(found: Sequence[Token], at: int, nodes: list[Node]) -> int:
    """Read a pair as one piece; returns the place after it."""
    first = found[at]
    text = first.text
    for place in range(at + 1, len(found)):
        token = found[place]
        text += (" " if token.spaced else "") + token.text
        if token.kind == "close" and token.name == first.name:
            nodes.append(Node(text, "single", first.spaced))
            return place + 1
    raise ValueError(f"{first.text} has no end")


def _pair(found: Sequence[Token], at: int, nodes: list[Node]) -> int:
    """Read a pair with its branches; returns the place after it."""
    first = found[at]
    is_html = first.name.startswith("<")
    node = Node(first.text, "pair" if is_html else "block", first.spaced)
    tag = first.text
    place = at
    while True:
        children, place = _nested(found, place + 1, first.name)
        node.parts.append((tag, children))
        token = found[place] if place < len(found) else None
        if token is None:
            break
        if token.kind == "close" and token.name == first.name:
            node.end, node.end_spaced = token.text, token.spaced
            nodes.append(node)
            return place + 1
        if is_html or token.kind != "branch":
            break
        tag = (" " if token.spaced else "") + token.text
    if not is_html:
        raise ValueError(f"{first.text} has no end")
    return _half(found, at, nodes)


def _half(found: Sequence[Token], at: int, nodes: list[Node]) -> int:
    """Read a tag whose other half lies in another branch: alone, with what follows beside it."""
    first = found[at]
    nodes.append(Node(first.text, "loose", first.spaced))
    neighbours, place = _nested(found, at + 1, None)
    nodes.extend(neighbours)
    return place
