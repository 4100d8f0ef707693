"""Where the fields of a registration stand: section, doors and record, as the pack says it.

A text of rules from before sections (up to 0.2.0) says nothing of them. Its fields stand where the
packs delivered with the program put the fields of the same names, so that an office that installed
its packs earlier registers as before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from django.conf import settings

from dengwen.law.packs.library import Library
from dengwen.law.packs.pack import load_packs
from dengwen.law.packs.rules import ActRule, FieldRule
from dengwen.law.packs.vocabulary import FORM_SECTIONS
from dengwen.law.time.calendar import Calendar

CHANNEL = "channel"
"""The first question of every registration: a text of rules in which it has no section is from
before sections."""


def placed(rule: ActRule) -> tuple[FieldRule, ...]:
    """Return the fields of an act that have a place on the form of registration, as the pack
    orders them."""
    first = rule.field_rule(CHANNEL)
    if first is not None and not first.section:
        return _placed_as_delivered(rule)
    return tuple([field for field in rule.fields if field.section])


def asked_at(door: str, rule: ActRule) -> tuple[FieldRule, ...]:
    """Return the fields of a registration that a door asks, as the pack orders them."""
    return tuple([field for field in placed(rule) if door in field.asked_at])


def on_record(rule: ActRule) -> tuple[FieldRule, ...]:
    """Return the fields that the registration record prints, section by section."""
    printed = [field for field in placed(rule) if field.printed]
    return tuple(sorted(printed, key=lambda field: FORM_SECTIONS.index(field.section)))


def _placed_as_delivered(rule: ActRule) -> tuple[FieldRule, ...]:
    """Return the fields of an act from before sections, each where the delivered packs have it;
    what a newer pack adds to it comes last."""
    places = _delivered(rule.id)
    found = [
        field if field.section else _at(field, places[field.name])
        for field in rule.fields
        if field.section or field.name in places
    ]
    order = {name: place for place, name in enumerate(places)}
    return tuple(sorted(found, key=lambda field: order.get(field.name, len(order))))


def _at(field: FieldRule, known: FieldRule) -> FieldRule:
    """Return a field at the place of the delivered one."""
    return replace(field, section=known.section, asked_at=known.asked_at, printed=known.printed)


@cache
def _delivered(act: str) -> Mapping[str, FieldRule]:
    """Return by name the placed fields of an act of petitions in the newest delivered packs."""
    packs = load_packs(Path(settings.ROOT) / "packs")
    newest = max(pack.since for pack in packs if "petition" in pack.kinds and not pack.place)
    rule = Library(tuple(packs), Calendar()).rulebook(newest).kind("petition").acts.get(act)
    return {field.name: field for field in (rule.fields if rule else ()) if field.section}
