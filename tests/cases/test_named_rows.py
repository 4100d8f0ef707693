"""Organs and people as a correction names them: one that is meant, or nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from dengwen.cases import rulebooks
from dengwen.cases.read.named_rows import NobodyCalledError, names_of_rows, rows_named
from dengwen.law.packs.rules import FieldRule
from dengwen.organs.models import Official, Organ
from tests.world import World, at

DAY = date(2025, 3, 3)


@pytest.fixture
def field(world: World) -> FieldRule:
    """The field that says to whom a matter is sent."""
    book = rulebooks.in_force(DAY, "", at("2025-03-03")).book
    found = book.kind("petition").acts["forward"].field_rule("to")
    assert found is not None
    return found


def test_a_code_or_a_name_means_one_organ(world: World, field: FieldRule) -> None:
    organ = Organ.objects.get(code="YJ03")
    for text in ("YJ03", f" {organ.name_zh} ", organ.name_en.upper()):
        assert rows_named(field, text, DAY) == str(organ.pk)
    both = rows_named(replace(field, type="organs"), "YJ03、YJ04", DAY)
    assert both == f"{organ.pk},{world.organ('YJ04')}"
    assert names_of_rows(field, str(organ.pk), "zh") == organ.name_zh
    assert names_of_rows(field, str(organ.pk), "en") == organ.name_en


def test_a_code_or_a_name_means_one_official(world: World, field: FieldRule) -> None:
    person = replace(field, type="official")
    head = Official.objects.get(code="YJ02-Z")
    assert rows_named(person, "YJ02-Z", DAY) == rows_named(person, head.name, DAY) == str(head.pk)
    assert names_of_rows(person, str(head.pk), "zh") == head.name


@pytest.mark.parametrize("text", ["查无此局", "1", "YJ03、YJ04", "云江", "'; --", "\u202eYJ03"])
def test_what_names_nobody_is_no_row(world: World, field: FieldRule, text: str) -> None:
    with pytest.raises(NobodyCalledError):
        rows_named(field, text, DAY)


def test_an_organ_of_another_day_is_not_meant(world: World, field: FieldRule) -> None:
    with pytest.raises(NobodyCalledError):
        rows_named(field, "YJ03", date(2017, 1, 1))


def test_other_fields_are_kept_as_they_were_typed(world: World, field: FieldRule) -> None:
    plain = replace(field, type="word")
    assert rows_named(plain, "YJ03", DAY) == "YJ03"
    assert names_of_rows(plain, "3", "zh") == "3"
    assert rows_named(field, "", DAY) == ""
