"""What README, CONTRIBUTING and the pages promise is there, or is called planned; what they
name: test_docs.py."""

from __future__ import annotations

import re

import pytest

from config.settings import ROOT
from tests.house.test_docs import written_pages

PLANNED = re.compile(r"planned|not built|not there yet|not yet|计划中|没有做")


def lines(pattern: str) -> list[str]:
    """Return the lines of all pages that speak of something."""
    said = [
        (page.name, line)
        for page in written_pages()
        for line in page.read_text("utf-8").splitlines()
    ]
    return [f"{name}: {line}" for name, line in said if re.search(pattern, line)]


@pytest.mark.parametrize(
    ("thing", "there"),
    [
        (r"\bAPI\b|`api`|接口", (ROOT / "dengwen" / "api").is_dir()),
        (r"\.docx\b", "docx" in (ROOT / "requirements" / "core.in").read_text("utf-8")),
        (r"\bwitnessed outside\b", (ROOT / "dengwen" / "ledger" / "witnesses.py").exists()),
    ],
    ids=["api", "docx", "witnesses"],
)
def test_what_is_not_there_is_called_planned(thing: str, there: bool) -> None:
    said = lines(thing)
    assert said, "nothing speaks of it any more: take it off this list"
    if not there:
        assert [line for line in said if not PLANNED.search(line)] == []


def test_names_of_settings_and_rules_in_contributing_are_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    homes = [
        ROOT / "config" / "settings.py",
        ROOT / "tests" / "conftest.py",
        *(ROOT / "tests" / "plugins").glob("*.py"),
    ]
    there = "\n".join(home.read_text("utf-8") for home in homes)
    for name in re.findall(r"`([A-Z][A-Z_]{3,})`", text):
        assert re.search(rf"\b{name}\b", there), name
