"""docs/reference/face.md names every tag, every filter and every shape, and nothing that does
not exist."""

from __future__ import annotations

import re
from pathlib import Path

from dengwen.ui import components
from dengwen.ui.templatetags import ui

PAGE = (Path(__file__).resolve().parents[2] / "docs/reference/face.md").read_text(encoding="utf-8")


def test_every_tag_filter_and_shape_is_described():
    named = set(re.findall(r"`(\w+)`", PAGE)) | set(re.findall(r"`(\w+)\(", PAGE))
    assert set(ui.register.tags) <= named
    assert set(ui.register.filters) <= named
    assert {name for name in components.__all__ if name != "all_errors"} <= named


def test_the_table_names_no_tag_that_does_not_exist():
    rows = re.findall(
        r"^\| ((?:`\w+`(?:, )?)+) \|",
        PAGE.split("## The parts")[1].split("## The term bar")[0],
        re.MULTILINE,
    )
    tags = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert tags == set(ui.register.tags)
