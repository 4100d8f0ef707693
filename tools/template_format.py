"""Templates one tag a line: `python -m tools.template_format [--check] [FILE …]`.

Line breaks of a template's source are not part of its page (`dengwen/ui/page_layout.py`), so this
formatter breaks where a reader wants it. A space between two things stays: as it is within a line,
as `&#32;` before a break. The page of what it writes is the page of what it read: that is asserted
for each file.
"""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

from dengwen.ui.page_layout import TAG, without_layout
from tools.template_tree import PAIRED, SPACE, Node, nodes_of

ROOT = Path(__file__).resolve().parent.parent
WIDTH = 100
"""Where a line is broken, if it can be."""
MOST = 120
"""What no line may pass: what cannot be broken there goes into an include."""
INDENT = "  "
DEEPER = INDENT * 2
"""The further lines of a tag stand deeper than what lies in it."""
TAGS_OF_A_LINE = 2
MARKS = "，。；：、）"
SENTENCE = re.compile(r"\{% (translate|blocktranslate|say|url|static)\b(?!.* as \w+ %\})")
"""Tags that put words or an address where they stand."""
ATTRIBUTE_IF = re.compile(r"(\{% if .*? %\}) ?([^{]*)(\{% endif %\}>?)")
"""An attribute that is there on a condition."""
BARE_IF = re.compile(r"^(\{% if [^%]* %\})(?=\S)")
"""A condition whose attribute lacks the space before it."""
INNER = re.compile(r"\{%.*?%\}|\{\{.*?\}\}")


def formatted(source: str) -> str:
    """Return a template one tag a line; raises ValueError where a tag of Django has no end."""
    page = without_layout(source)
    written = [line.rstrip(" ") for line in lines(nodes_of(page), "")]
    text = "\n".join(written) + "\n"
    if _comparable(without_layout(text)) != _comparable(page):
        raise ValueError("the page would change")
    return text


def _comparable(page: str) -> str:
    """A page without what may differ: how many blanks there are, and blanks between attributes."""
    single = re.sub(r"[ \t]+", " ", page.replace(SPACE, " ")).strip(" \n")
    return TAG.sub(_without_blanks, single)


def _without_blanks(tag: re.Match[str]) -> str:
    return tag.group().replace(" ", "") if tag.group().startswith("<") else tag.group()


# --- one line -------------------------------------------------------------------------------------
def flat(nodes: Sequence[Node]) -> str:
    """Write nodes on one line."""
    return "".join((" " if node.spaced else "") + one_line(node) for node in nodes)


def one_line(node: Node) -> str:
    """Write a node on one line, without the space before it."""
    if not node.parts:
        return node.head
    inside = "".join(tag + flat(children) for tag, children in node.parts)
    return inside + (" " if node.end_spaced else "") + node.end


def fits(node: Node, indent: str) -> bool:
    """Say whether a node may stand on one line: short enough, and with hardly a tag inside."""
    if not node.parts:
        return True
    if node.head.startswith("{% for "):
        return False
    most = 1 if node.head.startswith(("{% block ", "{% with ")) else TAGS_OF_A_LINE
    inside = sum(_tags(children) for _, children in node.parts)
    return inside <= most and len(indent) + len(one_line(node)) <= WIDTH


def _tags(nodes: Sequence[Node]) -> int:
    """How much a line would hold: each tag is one, each branch of a block one more, text nothing.

    A loop is too much for any line.
    """
    total = 0
    for node in nodes:
        if node.kind == "text":
            continue
        total += 1 + (TAGS_OF_A_LINE if node.head.startswith("{% for ") else 0)
        for _, children in node.parts:
            total += _tags(children) + (1 if node.kind == "block" else 0)
    return total


# --- lines ----------------------------------------------------------------------------------------
def lines(nodes: Sequence[Node], indent: str) -> list[str]:
    """Write nodes one below the other, words of one sentence beside each other."""
    out: list[str] = []
    before: Node | None = None
    for node in nodes:
        text = _written(node, indent)
        if before is not None and _runs_on(before, node, out[-1], text, indent):
            out[-1] += (" " if node.spaced else "") + text[0][len(indent) :]
        else:
            if node.spaced and out:
                out[-1] += SPACE
            out.extend(text)
        before = node
    return out


def _runs_on(before: Node, node: Node, line: str, text: Sequence[str], indent: str) -> bool:
    """Say whether a node goes on in the line of the one before it."""
    if len(text) != 1 or not (_says(before) and _says(node)):
        return False
    return len(line) + 1 + len(text[0]) - len(indent) <= WIDTH


def _says(node: Node) -> bool:
    """Say whether a node is words of a sentence."""
    return node.kind == "text" or bool(SENTENCE.match(node.head))


def _written(node: Node, indent: str) -> list[str]:
    if not node.parts:
        return _tag_lines(node.head, indent)
    if fits(node, indent):
        return [indent + one_line(node)]
    out: list[str] = []
    for tag, children in node.parts:
        if tag.startswith(" "):
            out[-1] += SPACE
        out.extend(_tag_lines(tag.strip(" "), indent))
        if children and children[0].spaced:
            out[-1] += SPACE
        out.extend(lines(children, indent + INDENT))
    if node.end_spaced:
        out[-1] += SPACE
    return [*out, indent + node.end]


# --- a tag too long for a line --------------------------------------------------------------------
def _tag_lines(tag: str, indent: str) -> list[str]:
    """Write a tag or a text; one too long for a line with a word or an attribute a line."""
    if len(indent) + len(tag) <= WIDTH:
        return [indent + tag]
    if tag.startswith("{#"):
        return textwrap.wrap(tag, WIDTH, initial_indent=indent, subsequent_indent=indent + "   ")
    if tag.startswith("{% blocktranslate"):
        return _translated_block(tag, indent)
    if not TAG.fullmatch(tag):
        return _sentences(tag, indent)
    return _attributes(tag, indent) if tag.startswith("<") else _arguments(tag, indent)


def _attributes(tag: str, indent: str) -> list[str]:
    """Write a tag of HTML, an attribute a line."""
    name, *words = _attribute_words(tag)
    out = [indent + name]
    for given in words:
        word = BARE_IF.sub(r"\1 ", given)
        chosen = ATTRIBUTE_IF.fullmatch(word)
        if chosen is None or len(indent + DEEPER + word) <= WIDTH:
            out.append(indent + DEEPER + word)
        else:
            out.extend(indent + DEEPER + part for part in chosen.groups())
    return out


def _attribute_words(tag: str) -> Iterator[str]:
    """The name of a tag and its attributes; an {% if %} around one belongs to it."""
    word = ""
    quoted = False
    depth = 0
    at = 0
    while at < len(tag):
        inner = INNER.match(tag, at)
        piece = inner.group() if inner else tag[at]
        at += len(piece)
        outside = depth == 0 and not quoted
        if outside and (piece == " " or (piece.startswith("{% if ") and word)):
            yield word
            word = ""
        if inner and not quoted:
            depth += _depth(piece)
        quoted ^= piece == '"'
        if piece != " " or not outside:
            word += piece
    yield word


def _depth(tag: str) -> int:
    """How much deeper a tag of Django leads: 1 for one that has an end, -1 for that end."""
    name = tag[2:-2].split(maxsplit=1)[0]
    if name in PAIRED:
        return 1
    return -1 if name.removeprefix("end") in PAIRED else 0


def _arguments(tag: str, indent: str) -> list[str]:
    """Write a tag of Django: its name, each string on a line, other arguments as they fit."""
    start, name, *words = re.findall(r'(?:"[^"]*"|[^ "])+', tag)
    out = [f"{indent}{start} {name}"]
    for word in words:
        beside = len(out[-1]) + 1 + len(word) <= WIDTH
        joins = word in {"%}", "}}"} or (len(out) > 1 and not word.startswith('"'))
        if beside and joins:
            out[-1] += " " + word
        else:
            out.extend(_string(word, indent + DEEPER))
    return out


def _string(word: str, indent: str) -> list[str]:
    """Break a string of a tag: at a space, which the break is, or after a mark of Chinese."""
    out = []
    most = WIDTH - len(indent)
    while len(word) > most:
        place = max(word.rfind(mark, 0, most) for mark in " " + MARKS)
        if place <= 0:
            break
        out.append(indent + word[: place + 1].rstrip(" "))
        word = word[place + 1 :]
    return [*out, indent + word]


def _translated_block(block: str, indent: str) -> list[str]:
    """Write a text of the catalogue between its tags."""
    head = TAG.match(block)
    start = head.end() if head else 0
    end = block.rfind("{% endblocktranslate")
    return [
        *_opening(block[:start], indent),
        *_sentences(block[start:end], indent + INDENT),
        indent + block[end:],
    ]


def _opening(tag: str, indent: str) -> list[str]:
    return [indent + tag] if len(indent) + len(tag) <= WIDTH else _arguments(tag, indent)


def _sentences(text: str, indent: str) -> list[str]:
    """Break a text after marks of Chinese, and beside tags that stand between its words."""
    out = []
    while len(indent) + len(text) > WIDTH:
        place = _last_mark(text, WIDTH - len(indent))
        if place is None:
            break
        out.append(indent + text[:place])
        text = text[place:]
    return [*out, indent + text]


def _last_mark(text: str, most: int) -> int | None:
    """The last place up to `most` where a text may be broken: outside of tags, no space beside."""
    tags = [(tag.start(), tag.end()) for tag in TAG.finditer(text)]
    places = [mark.end() for mark in re.finditer(f"[{MARKS}]", text)]
    places += [place for tag in tags for place in tag]
    allowed = [
        place
        for place in places
        if 0 < place < min(most + 1, len(text))
        and text[place] != " "
        and text[place - 1] != " "
        and not _within(tags, place)
    ]
    return max(allowed, default=None)


def _within(spans: Sequence[tuple[int, int]], place: int) -> bool:
    return any(start < place < end for start, end in spans)


# --- the command ----------------------------------------------------------------------------------
def main(arguments: Sequence[str]) -> int:
    """Write the templates anew, or with --check name those that differ; returns the exit code."""
    check = "--check" in arguments
    named = [Path(argument) for argument in arguments if not argument.startswith("-")]
    faults = 0
    for file in named or sorted(ROOT.glob("dengwen/*/templates/**/*.html")):
        source = file.read_text(encoding="utf-8")
        wanted = formatted(source)
        for fault in too_long(wanted):
            print(f"{file}:{fault}")
            faults += 1
        if wanted != source and check:
            print(f"{file}: not one tag a line. Mend: make format")
            faults += 1
        elif wanted != source:
            file.write_text(wanted, encoding="utf-8")
    return 1 if faults else 0


def too_long(text: str) -> Iterator[str]:
    """Name the lines that are too long even so."""
    for number, line in enumerate(text.splitlines(), start=1):
        if len(line) > MOST:
            yield f"{number}: {len(line)} characters, at most {MOST}. Mend: an include, or asvar"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
