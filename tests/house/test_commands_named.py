"""Every command and every target of make that the product or its pages name is there, with the
options they name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.settings import ROOT
from tools.docs_commands import commands

READ = {".py", ".html", ".po", ".toml", ".md", ".txt", ".js", ".yml", ".sh"}
FOLDERS = ("dengwen", "config", "packs", "tools", "bench", "docs", "changelog.d")
NOT_READ = ("CHANGELOG.md", "docs/reference/rules/", "docs/reference/coverage.md")
COMMAND = re.compile(r"(?<![\w/.-])dengwen ((?:[a-z][a-z-]*)(?: [a-z][a-z-]*)?)([^`\n;；，。|\"]*)")
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
TARGET = re.compile(r"(?:`|Mend: |mend: |^|&& )make ([a-z][a-z-]*)(?=[`\s,.;]|$)", re.MULTILINE)
PROSE = {"make it", "make a", "make the"}


def files() -> list[Path]:
    """Return what the repository holds that people read, without tests and without pages made
    from packs."""
    inside = (path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*")))
    found = [
        path
        for path in (*inside, *sorted(ROOT.iterdir()))
        if path.suffix in READ and path.is_file()
    ]
    return [path for path in found if not str(path.relative_to(ROOT)).startswith(NOT_READ)]


KNOWN = commands()
GROUPS = {words.partition(" ")[0] for words in KNOWN if " " in words}


def wrong_commands(text: str) -> Iterator[str]:
    """Yield the commands a text names that are not there, and options that a named command does
    not have."""
    for match in COMMAND.finditer(text):
        first, _, second = match[1].partition(" ")
        words = f"{first} {second}" if first in GROUPS and second else first
        if words not in KNOWN:
            yield f"dengwen {words}"
            continue
        has = {option for action in KNOWN[words]._actions for option in action.option_strings}
        yield from (
            f"dengwen {words} {option}" for option in OPTION.findall(match[2]) if option not in has
        )


def wrong_targets(text: str) -> Iterator[str]:
    """Yield the targets of make that a text names as a command and that the Makefile does not
    have."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for match in TARGET.finditer(text):
        if match[1] not in targets and f"make {match[1]}" not in PROSE:
            yield f"make {match[1]}"


def test_every_command_named_is_there() -> None:
    found = {
        f"{path.relative_to(ROOT)}: {one}"
        for path in files()
        for one in wrong_commands(path.read_text("utf-8"))
    }
    assert sorted(found) == []


def test_every_target_named_is_there() -> None:
    found = {
        f"{path.relative_to(ROOT)}: {one}"
        for path in files()
        for one in wrong_targets(path.read_text("utf-8"))
    }
    assert sorted(found) == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("办法：dengwen verify", ["dengwen verify"]),
        ("`dengwen ledger repair --now`", ["dengwen ledger repair"]),
        ("`dengwen organ import F --preveiw`", ["dengwen organ import --preveiw"]),
        ("dengwen check；dengwen ledger check --json", []),
        ("import dengwen.cli and .venv/bin/dengwen law due", []),
    ],
)
def test_a_command_that_is_not_there_would_be_found(text: str, wrong: list[str]) -> None:
    assert list(wrong_commands(text)) == wrong


def test_a_target_that_is_not_there_would_be_found() -> None:
    assert list(wrong_targets("Mend: make tests-postgres, or `make lint`, or make anything")) == [
        "make tests-postgres"
    ]
