"""Small pieces of SVG as text: escaped, rounded, without style attributes (the pages' policy
refuses those)."""

from __future__ import annotations

from functools import lru_cache
from typing import Final
from xml.sax.saxutils import escape, quoteattr

Value = str | int | float

_WIDE_FROM: Final = 0x2E80  # from here on characters are as wide as they are high (CJK)


def rounded(value: float) -> str:
    """Return a length with at most one decimal."""
    text = f"{value:.1f}"
    return text.removesuffix(".0")


@lru_cache(maxsize=1024)
def _quoted(text: str) -> str:
    """Quote an attribute; classes come thousands of times a page."""
    return quoteattr(text)


def element(tag: str, *children: str, **attributes: Value) -> str:
    """Return one element; `children` are SVG already, `class_` is class, `_` in names stands for
    `-`.

    Raises ValueError for a style attribute and for a negative width, height or radius.
    """
    parts = [tag]
    for name, value in attributes.items():
        key = name.rstrip("_").replace("_", "-") if name != "viewBox" else name
        if key == "style":
            raise ValueError(
                "style attributes are refused by the pages' policy. Mend: a class of ui.css"
            )
        if isinstance(value, str):
            parts.append(f"{key}={_quoted(value)}")
            continue
        if value < 0 and key in {"width", "height", "r"}:
            raise ValueError(f"<{tag}> with {key} {value}: a length cannot be negative")
        parts.append(f'{key}="{rounded(value)}"')
    head = " ".join(parts)
    return f"<{head}>{''.join(children)}</{tag}>" if children else f"<{head}/>"


def words(text: str, x: float, y: float, class_: str, anchor: str = "start") -> str:
    """Return a line of text."""
    more: dict[str, Value] = {} if anchor == "start" else {"text_anchor": anchor}
    return element("text", escape(text), class_=class_, x=x, y=y, **more)


def box(class_: str, x: float, y: float, width: float, height: float, **more: Value) -> str:
    """Return a rectangle."""
    return element("rect", class_=class_, x=x, y=y, width=width, height=height, **more)


def stroke(class_: str, path: str) -> str:
    """Return a path."""
    return element("path", class_=class_, d=path)


def down(class_: str, x: float, top: float, bottom: float) -> str:
    """Return a vertical line."""
    return stroke(class_, f"M{rounded(x)} {rounded(top)}V{rounded(bottom)}")


def picture(
    width: float,
    height: float,
    class_: str,
    uid: str,
    said: tuple[str, str],
    *parts: str,
    natural: bool = False,
) -> str:
    """Return a whole picture with its text equivalent: `said` is (name, full description).

    `natural` keeps it from being drawn larger than it is; where there is less room it becomes
    narrower. `uid` makes the
    ids of the text unique on the page; letters, digits and hyphens.
    """
    given: dict[str, Value] = {"width": width, "height": height} if natural else {}
    return element(
        "svg",
        element("title", escape(said[0]), id=f"{uid}-t"),
        element("desc", escape(said[1]), id=f"{uid}-d"),
        *parts,
        class_=class_,
        viewBox=f"0 0 {rounded(width)} {rounded(height)}",
        role="img",
        aria_labelledby=f"{uid}-t {uid}-d",
        **given,
    )


def text_width(text: str, size: float) -> float:
    """Estimate how wide a text is drawn: a Chinese character is as wide as high, others a little
    over half."""
    return sum(size if ord(character) >= _WIDE_FROM else size * 0.58 for character in text)
