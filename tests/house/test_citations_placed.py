"""A page cites the article inside the sentence that rests on it: the full stop stands after it."""

from __future__ import annotations

import re
from pathlib import Path

import dengwen

AFTER_STOP = re.compile(r"[。.][”\"']*\s*(?:%\}|\{% end\w+ %\})?\s*\{\{ cites?\b")


def test_no_citation_stands_after_a_full_stop() -> None:
    pages = sorted(Path(dengwen.__file__).parent.rglob("templates/**/*.html"))
    wrong = [page.name for page in pages if AFTER_STOP.search(page.read_text("utf-8"))]
    assert pages
    assert wrong == []
