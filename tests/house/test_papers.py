"""The papers of the house agree with the house."""

from __future__ import annotations

import re
import subprocess
import tomllib
import xml.etree.ElementTree as ET

import pytest

from config.settings import ROOT

TABLE_ROW = re.compile(r"^\| ([a-z0-9-]+) \| .+ \| .+ \| .+ \|$", re.MULTILINE)
REQUIREMENT = re.compile(r"^([a-z0-9][a-z0-9-]*)", re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")


def test_every_dependency_has_its_line_and_every_line_its_dependency():
    wanted = {
        name
        for file in ("core.in", "dev.in", "spark.in")
        for name in REQUIREMENT.findall((ROOT / "requirements" / file).read_text(encoding="utf-8"))
    }
    explained = TABLE_ROW.findall(
        (ROOT / "docs" / "reference" / "dependencies.md").read_text(encoding="utf-8")
    )
    assert sorted(name for name in explained if name != "package") == sorted(wanted)


@pytest.mark.parametrize("name", ["core", "dev", "spark"])
def test_lock_files_are_hashed_and_name_no_address(name: str):
    text = (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8")
    assert "://" not in text
    packages = re.findall(r"^[a-z].*==.*\\$", text, re.MULTILINE)
    assert len(packages) > 10
    assert len(packages) == len(re.findall(r"^[a-z]", text, re.MULTILINE))


def test_the_office_runs_what_the_tests_ran():
    core, dev = (
        set(
            re.findall(
                r"^([a-z].*==\S+)",
                (ROOT / "requirements" / f"{n}.lock").read_text("utf-8"),
                re.MULTILINE,
            )
        )
        for n in ("core", "dev")
    )
    assert core <= dev


@pytest.mark.parametrize(
    "paper",
    [
        "README.md",
        "README.zh-CN.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "docs/why/adr/0001-ten-ideas.md",
    ],
)
def test_links_between_papers_lead_somewhere(paper: str):
    file = ROOT / paper
    for target in LINK.findall(file.read_text(encoding="utf-8")):
        assert (file.parent / target).exists(), target


def test_the_picture_has_words_for_those_who_cannot_see_it():
    picture = ET.parse(ROOT / "docs" / "pictures" / "idea.svg").getroot()
    title, words = (
        picture.findtext(f"{{http://www.w3.org/2000/svg}}{tag}") for tag in ("title", "desc")
    )
    assert title
    assert words
    assert len(words) > 200


def test_make_lists_every_target_that_people_may_call():
    listed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^([a-z-]+):", makefile, re.MULTILINE):
        assert re.search(rf"^  make {target} +\S", listed, re.MULTILINE), target


def test_every_ignored_style_rule_has_its_reason():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    ruff = tomllib.loads(text)["tool"]["ruff"]["lint"]
    ignored = [
        *ruff["ignore"],
        *(rule for rules in ruff["per-file-ignores"].values() for rule in rules),
    ]
    for rule in ignored:
        assert re.search(rf'"{rule}".*# \S', text), rule


def test_the_licence_is_the_one_named():
    assert (
        (ROOT / "LICENSE")
        .read_text(encoding="utf-8")
        .startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    )
    assert (
        tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["license"]
        == "EUPL-1.2"
    )
    assert "license: EUPL-1.2" in (ROOT / "publiccode.yml").read_text(encoding="utf-8")
