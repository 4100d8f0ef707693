"""The pages on the registry and on access name every effect, and nothing that does not exist."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from dengwen.access import effects as access
from dengwen.editions import effects as editions
from dengwen.organs import effects as organs
from dengwen.organs import post_effects
from dengwen.organs.lists import division_list

DOCS = Path(__file__).resolve().parents[2] / "docs" / "reference"
READS = re.compile(r'entry\.(?:code|codes|word|flag|has|official|organ)\(\s*"(\w+)"')
PACKAGES = {
    "organs": (organs, post_effects),
    "editions": (editions,),
    "access": (access,),
}
ELSEWHERE = {"organs": {"import_divisions": division_list.import_divisions}}
"""Effects beside what they belong to, by package and name."""


@pytest.mark.parametrize(
    ("package", "page"), [("organs", "organs"), ("editions", "organs"), ("access", "access")]
)
def test_every_effect_stands_in_the_page_with_its_fields(package, page):
    text = (DOCS / f"{page}.md").read_text("utf-8")
    rows = dict(re.findall(rf"^\| `{package}\.(\w+)` \| ([^|]*)\|", text, re.MULTILINE))
    functions: dict[str, Callable[..., object]] = dict(ELSEWHERE.get(package, {}))
    for module in PACKAGES[package]:
        functions |= {
            name: function
            for name, function in inspect.getmembers(module, inspect.isfunction)
            if function.__module__ == module.__name__ and not name.startswith("_")
        }
    assert set(rows) == set(functions)
    for name, function in functions.items():
        wanted = set(re.findall(r"[a-z_]+", re.sub(r"\([^)]*\)", "", rows[name])))
        for field in READS.findall(inspect.getsource(function)):
            assert field in wanted, f"{package}.{name} reads {field}, which its page does not name"
