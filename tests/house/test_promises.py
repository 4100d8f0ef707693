"""What README, CONTRIBUTING and the pages promise is there, or is called planned."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.urls import Resolver404, resolve

from config.settings import ROOT

PAGES = [ROOT / n for n in ("README.md", "README.zh-CN.md", "CONTRIBUTING.md")] + [
    path for path in sorted((ROOT / "docs").rglob("*.md")) if "rules" not in path.parts and path.name != "coverage.md"
]
PLANNED = re.compile(r"planned|not built|not there yet|not yet|计划中|没有做")
ADDRESS = re.compile(r"`(/(?:desk|follow|submit|receipt|rate|verify|inspections|reception|reach)/[^`\s?…]*)")
CODE_PATH = re.compile(r"`((?:config|tools|docs|packs|dengwen|tests|changelog\.d|requirements|\.ci)/[\w./-]*)`")
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")


def lines(pattern: str) -> list[str]:
    """Return the lines of all pages that speak of something."""
    said = [(page.name, line) for page in PAGES for line in page.read_text("utf-8").splitlines()]
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


def test_every_address_named_is_a_route() -> None:
    wrong = []
    for page in PAGES:
        for address in ADDRESS.findall(page.read_text("utf-8")):
            plain = re.sub(r"<[^>]*>|\{[^}]*\}|[A-Z]{2,}|代码|人员代码|编号", "1", address)
            try:
                resolve(plain if plain.endswith("/") or "." in plain.rsplit("/", 1)[-1] else f"{plain}/")
            except Resolver404:
                wrong.append(f"{page.name}: {address}")
    assert wrong == []


def test_every_file_named_is_there() -> None:
    wrong = [
        f"{page.name}: {name}" for page in PAGES for name in CODE_PATH.findall(page.read_text("utf-8"))
        if not (ROOT / name).exists() and "*" not in name and "NNNN" not in name
    ]
    assert wrong == []


def test_every_link_leads_somewhere() -> None:
    wrong = [
        f"{page.name}: {link}" for page in PAGES for link in LINK.findall(page.read_text("utf-8"))
        if not (page.parent / Path(link)).exists()
    ]
    assert wrong == []


def test_names_of_settings_and_rules_in_contributing_are_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    settings = (ROOT / "config" / "settings.py").read_text("utf-8")
    for name in re.findall(r"`([A-Z][A-Z_]{3,})`", text):
        assert name in settings or name in (ROOT / "tests" / "conftest.py").read_text("utf-8"), name
