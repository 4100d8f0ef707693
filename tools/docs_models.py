"""The page of the tables: each model with its docstring and its columns, from the code."""

from __future__ import annotations

import inspect
import os
import re
from collections.abc import Iterator
from typing import Any

import django
from django.apps import apps
from django.db.models import Field, Model

from tools.docs_tables import table

HEAD = "<!-- made from the models by `make docs`; do not edit -->"
INTRO = """\
# Tables

Every table of Dengwen with the words of its model. `class` is the class of data of a column, \
from `D0` (public) to
`D9` and `D10` (nobody reads them): [access](access.md). A column may be empty only where \
`null` says so; all instants
are in UTC.
"""
SHOWN = ("column", "type", "null", "refers to", "class")


def _load() -> None:
    """Make the models known to Django, without a database or a data folder."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("DENGWEN_SECRET_KEY", "only to look at the code")
    if not apps.ready:
        django.setup()


def models() -> dict[str, list[type[Model]]]:
    """Return the models of Dengwen by the package of their app, in the order of their layers."""
    _load()
    return {
        config.name: sorted(config.get_models(), key=lambda model: model.__name__)
        for config in apps.get_app_configs()
        if config.name.startswith("dengwen.")
    }


def _type(field: Field[Any, Any]) -> str:
    """The kind of a column, with its length where it has one."""
    length = f"({field.max_length})" if field.max_length else ""
    return f"`{field.get_internal_type()}{length}`"


def _columns(model: type[Model]) -> Iterator[tuple[str, ...]]:
    """Each column of a table."""
    classes: dict[str, str] = getattr(model, "class_of", {})
    for field in model._meta.concrete_fields:
        to = field.related_model
        yield (
            f"`{field.column}`",
            _type(field),
            "null" if field.null else "",
            f"`{to._meta.db_table}`" if inspect.isclass(to) else "",
            classes.get(field.name, ""),
        )


def _words(model: type[Model]) -> str:
    """The docstring of a model, each paragraph on one line; tables and lists stay as they are."""
    return "\n\n".join(
        paragraph
        if re.search(r"^(\||- |  )", paragraph, re.MULTILINE)
        else " ".join(paragraph.split())
        for paragraph in (inspect.getdoc(model) or "").split("\n\n")
    )


def page() -> str:
    """The page."""
    lines = [HEAD, "", INTRO]
    for package, found in models().items():
        if not found:
            continue
        lines += [f"## `{package}`", ""]
        for model in found:
            lines += [
                f"### `{model.__name__}`: `{model._meta.db_table}`",
                "",
                _words(model),
                "",
            ]
            lines += table(SHOWN, _columns(model))
    return "\n".join(lines).rstrip() + "\n"
