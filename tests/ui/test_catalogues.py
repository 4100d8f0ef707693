"""The catalogues of all packages are one to a page: what two of them translate, both translate
alike."""

from __future__ import annotations

import gettext
from collections import defaultdict
from pathlib import Path

from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]


def catalogues() -> dict[str, gettext.GNUTranslations]:
    """The compiled English of each package that has one."""
    found = {}
    for config in apps.get_app_configs():
        file = Path(config.path) / "locale/en/LC_MESSAGES/django.mo"
        if config.name.startswith("dengwen.") and file.exists():
            with file.open("rb") as content:
                found[config.name] = gettext.GNUTranslations(content)
    return found


def clashes(found: dict[str, gettext.GNUTranslations]) -> list[object]:
    """The texts that have more than one English, with all of them."""
    english: dict[object, set[str]] = defaultdict(set)
    for catalogue in found.values():
        for text, translated in catalogue._catalog.items():  # type: ignore[attr-defined]  # no public way to list them
            if text:
                english[text].add(translated)
    return [(text, sorted(several)) for text, several in english.items() if len(several) > 1]


def test_no_text_has_two_english_words():
    found = catalogues()
    assert len(found) >= 5
    assert clashes(found) == [], "mend: give one of them a context"


def test_a_clash_would_be_found():
    found = catalogues()
    other = gettext.GNUTranslations()
    name, text = next((n, t) for n, c in found.items() for t in c._catalog if t)  # type: ignore[attr-defined]  # as above
    other._catalog = {text: "something else"}  # type: ignore[attr-defined]  # as above
    assert clashes({name: found[name], "other": other})
