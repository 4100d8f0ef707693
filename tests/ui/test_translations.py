"""Every Chinese text of a template or a tag has its English, in every package that has
templates."""

from __future__ import annotations

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.template import Template
from django.template.base import Node
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils import translation
from django.utils.translation import gettext as translated
from django.utils.translation import ngettext, pgettext

from dengwen.ui.page_layout import without_layout
from dengwen.ui.templatetags import ui

ROOT = Path(__file__).resolve().parents[2]
FACE = Path(ui.__file__).resolve().parents[1]
CATALOGUE = FACE / "locale/en/LC_MESSAGES"
CHINESE = re.compile(r"[\u4e00-\u9fff，。；：？！（）]")


def packages() -> list[Path]:
    return [
        Path(c.path)
        for c in apps.get_app_configs()
        if c.name.startswith("dengwen.") and "templates" in _inside(c.path)
    ]


def _inside(path: str) -> set[str]:
    return {p.name for p in Path(path).iterdir()}


def nodes(node: Node | Template) -> Iterator[Node]:
    """Every node of a template, whatever it is nested in."""
    lists = {"nodelist", *getattr(node, "child_nodelists", ())}
    children = [child for name in sorted(lists) for child in getattr(node, name, None) or ()]
    for _, branch in getattr(
        node, "conditions_nodelists", []
    ):  # of {% if %}; its `nodelist` is the same again
        children += [child for child in branch if child not in children]
    for child in children:
        yield child
        yield from nodes(child)


def counted(node: BlockTranslateNode) -> str | None:
    """The text of a block that counts, for many; None for a block that does not count."""
    return node.render_token_list(node.plural)[0] if node.plural else None


def english_of(context: str | None, text: str, many: str | None) -> list[str]:
    """What a page shows: for one and for many where it counts.

    A text with a plural is asked for as the page asks for it: Python before 3.11.5 finds it in no
    other way.
    """
    if many is not None:
        return [ngettext(text, many, 1), ngettext(text, many, 2)]
    return [pgettext(context, text) if context else translated(text)]


def texts(template: Template) -> Iterator[tuple[str | None, str, str | None]]:
    """(context, text, text for many) of everything a template wants translated."""
    for node in nodes(template):
        if isinstance(node, TranslateNode):
            context = node.message_context
            said = node.filter_expression.var
            text = said if isinstance(said, str) else said.literal
            yield (context.var if context else None), str(text), None
        elif isinstance(node, BlockTranslateNode):
            yield None, node.render_token_list(node.singular)[0], counted(node)


def template_files() -> list[Path]:
    return sorted(
        file for package in packages() for file in (package / "templates").rglob("*.html")
    )


@pytest.mark.parametrize("file", template_files(), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_text_of_a_template_has_its_english(file):
    source = without_layout(file.read_text(encoding="utf-8"))
    template = Template(source)
    with translation.override("en"):
        for context, text, many in texts(template):
            for english in english_of(context, text, many):
                assert english not in {text, many}, (
                    f"no English for {text!r}; mend: locale/en/LC_MESSAGES/django.po of its package"
                )
                assert not CHINESE.search(english), (
                    f"{text!r} is still Chinese in English: {english!r}"
                )


def page_files() -> list[Path]:
    """Templates of pages; official documents are Chinese by law and stand apart in `documents`."""
    return [file for file in template_files() if "documents" not in file.parts]


@pytest.mark.parametrize("file", page_files(), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_no_chinese_stands_in_a_template_outside_its_translations(file):
    source = re.sub(
        r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}",
        "",
        without_layout(file.read_text(encoding="utf-8")),
        flags=re.DOTALL,
    )
    source = re.sub(r"\{% blocktranslate.*?endblocktranslate %\}", "", source, flags=re.DOTALL)
    source = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", source, flags=re.DOTALL)
    source = re.sub(
        r'<span lang="zh-Hans">[^<]*</span>|<[^>]*lang="zh-Hans"[^>]*>[^<]*<', "", source
    )
    assert CHINESE.findall(source) == []


def test_the_test_itself_finds_what_has_no_english():
    source = (
        "{% load i18n %}{% if x %}{% for a in b %}{% translate '无此译文' %}{% endfor %}{% endif %}"
    )
    found = list(texts(Template(source)))
    assert found == [(None, "无此译文", None)]
    with translation.override("en"):
        assert translated("无此译文") == "无此译文"


SAYS = {"gettext", "gettext_lazy", "ngettext", "pgettext", "pgettext_lazy", "npgettext"}
"""Functions of Django that translate a text."""


def names_that_say(tree: ast.Module) -> dict[str, str]:
    """The names under which a module knows the functions that translate, `_` among them."""
    return {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in SAYS
    }


def said_in(tree: ast.Module) -> Iterator[tuple[str | None, str, str | None]]:
    """(context, text, text for many) of everything a module wants translated."""
    names = names_that_say(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            called = names[node.func.id]
            words = [a.value if isinstance(a, ast.Constant) else None for a in node.args]
            context = words.pop(0) if called.startswith(("p", "np")) else None
            if isinstance(words[0], str):
                many = words[1] if called in ("ngettext", "npgettext") else None
                yield context, words[0], many  # type: ignore[misc]  # constants of these calls are texts


def test_the_test_itself_finds_what_a_module_says():
    source = """
from django.utils.translation import gettext as _, ngettext, pgettext_lazy as noted
WORDS = noted("context", "无此译文")
print(_("甲"), ngettext("乙", "丙", 2), other("丁"))
"""
    found = set(said_in(ast.parse(source)))
    assert found == {("context", "无此译文", None), (None, "甲", None), (None, "乙", "丙")}


def module_files() -> list[Path]:
    """Modules of packages that have a catalogue."""
    configs = [c for c in apps.get_app_configs() if c.name.startswith("dengwen.")]
    with_words = [Path(c.path) for c in configs if "locale" in _inside(c.path)]
    return sorted(
        file
        for package in with_words
        for file in package.rglob("*.py")
        if CHINESE.search(file.read_text(encoding="utf-8"))
    )


@pytest.mark.parametrize("file", module_files(), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_text_of_a_module_has_its_english(file):
    tree = ast.parse(file.read_text(encoding="utf-8"))
    with translation.override("en"):
        for context, text, many in said_in(tree):
            for english in english_of(context, text, many):
                assert english not in {text, many} or not CHINESE.search(text), (
                    f"no English for {text!r}; mend: locale/en/LC_MESSAGES/django.po of its package"
                )


def test_every_text_of_the_tags_has_its_english():
    tree = ast.parse((FACE / "templatetags/ui.py").read_text(encoding="utf-8"))
    said = [text for _context, text, _many in said_in(tree)]
    assert len(said) > 10
    with translation.override("en"):
        assert [text for text in said if translated(text) == text] == []


def catalogue(po: str) -> dict[str, str]:
    """Read a .po file: key as .mo files have it, to its first English text."""
    found = {}
    for block in po.split("\n\n"):
        parts: dict[str, str] = {}
        name = ""
        for line in block.splitlines():
            if match := re.match(r'(msg\w+(?:\[\d\])?) (".*")', line):
                name = match[1]
                parts[name] = ast.literal_eval(match[2])
            elif line.startswith('"'):
                parts[name] += ast.literal_eval(line)
        if parts.get("msgid"):
            context = f"{parts['msgctxt']}\x04" if "msgctxt" in parts else ""
            found[context + parts["msgid"]] = parts.get("msgstr", parts.get("msgstr[0]", ""))
    return found


def test_the_compiled_catalogue_is_that_of_the_source():
    """The .mo file is committed, so that no gettext is needed to install; it must not be older
    than its source."""
    written = catalogue((CATALOGUE / "django.po").read_text(encoding="utf-8"))
    with (CATALOGUE / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    kept = {
        key[0] if isinstance(key, tuple) else key: text for key, text in compiled.items() if key
    }
    singular = {key: text for key, text in kept.items() if (key, 1) not in compiled}
    assert set(kept) == set(written), "mend: msgfmt -o django.mo django.po"
    assert {key: written[key] for key in singular} == singular, (
        "mend: msgfmt -o django.mo django.po"
    )
    assert all(written.values())


def test_chinese_comes_first():
    assert settings.LANGUAGE_CODE == "zh-hans"
    assert [code for code, _ in settings.LANGUAGES] == ["zh-hans", "en"]


CASES = ROOT / "dengwen/cases"
PLACES = re.compile(r"\{\w+\}")


def texts_of_cases() -> list[tuple[str | None, str]]:
    """(context, text) of what the modules of `cases` want translated."""
    found: list[tuple[str | None, str]] = []
    for file in sorted(CASES.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id in {"_", "gettext"}:
                found.append((None, ast.literal_eval(node.args[0])))
            elif node.func.id == "pgettext":
                context, text = map(ast.literal_eval, node.args)
                found.append((context, text))
    return found


def test_every_text_of_cases_has_its_english():
    found = texts_of_cases()
    assert len(found) > 20
    with translation.override("en"):
        for context, text in found:
            english = pgettext(context, text) if context else translated(text)
            assert not CHINESE.search(english), f"{text!r} is Chinese in English: {english!r}"
            assert set(PLACES.findall(english)) == set(PLACES.findall(text)), text


def test_the_catalogue_of_cases_is_compiled_and_holds_nothing_else():
    folder = CASES / "locale/en/LC_MESSAGES"
    written = catalogue((folder / "django.po").read_text(encoding="utf-8"))
    with (folder / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    assert {key: text for key, text in compiled.items() if key} == written, (
        "mend: msgfmt -o django.mo django.po"
    )
    wanted = {f"{context}\x04{text}" if context else text for context, text in texts_of_cases()}
    assert set(written) == wanted
