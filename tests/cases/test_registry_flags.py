"""Flags of an act that the registry says of the organ that acts: whether the regulation binds it,
and whether it tells petitioners by rules of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.cases.write import references
from dengwen.law.duties.step import Step
from tests.cases.bare_rules import bare_act

TODAY = date(2025, 3, 18)


def in_county(**more: Any) -> Any:
    """Return an organ of a county as the registry has it, unless said otherwise."""
    plain = {"kind": "x", "level": "county", "division_code": "", "is_petition_office": False}
    return SimpleNamespace(**{**plain, **more})


def known_bindings(patch: pytest.MonkeyPatch, degree: str | None) -> None:
    """Let the registry say how far the regulation binds any organ; None: it says nothing."""
    found = None if degree is None else SimpleNamespace(degree=degree)
    patch.setattr(references, "bindings_on", lambda *_: ())
    patch.setattr(references, "bound_by", lambda *_: found)


@pytest.mark.parametrize(
    ("petition_office", "bound", "was", "said"),
    [
        (False, False, None, True),
        (False, True, None, None),
        (False, True, "true", False),  # the organ before was not bound, this one is
        (True, False, None, None),
        (True, False, "true", False),
        (False, False, "true", True),
        (None, False, None, None),
    ],
)
def test_whether_the_regulation_binds_is_read_from_the_registry(
    petition_office: bool | None,
    was: str | None,
    said: bool | None,
    monkeypatch: pytest.MonkeyPatch,
    *,
    bound: bool,
) -> None:
    known_bindings(monkeypatch, "full" if bound else "none")
    acting = None if petition_office is None else in_county(is_petition_office=petition_office)
    call: Any = SimpleNamespace(organ=lambda _pk: acting)
    with_field = SimpleNamespace(
        acts={"accept": bare_act("accept", names={"unbound": 1}), "note": bare_act("note")}
    )
    book: Any = SimpleNamespace(kinds={"petition": with_field})
    view: Any = SimpleNamespace(facts={"unbound": was} if was else {})
    forged = Step(act="accept", fields={"unbound": not said, "other": 1})

    def asked(step: Step, kind: str = "petition") -> Step:
        return references.with_registry_flags(step, view, book, kind, 5, TODAY, call)

    fields = asked(forged).fields
    assert fields.get("unbound") is said
    assert fields["other"] == 1
    note = replace(forged, act="note")
    assert asked(note) is note
    assert asked(forged, "gone") is forged


@pytest.mark.parametrize(("degree", "not_bound"), [("none", True), ("full", False), (None, False)])
def test_an_organ_is_not_bound_where_the_registry_says_so(
    degree: str | None, monkeypatch: pytest.MonkeyPatch, *, not_bound: bool
) -> None:
    known_bindings(monkeypatch, degree)
    assert references._not_bound(in_county(), TODAY) is not_bound
    assert not references._not_bound(in_county(is_petition_office=True), TODAY)


@pytest.mark.parametrize(
    ("kind", "petition_office", "was", "said"),
    [
        ("court", False, None, True),
        ("supervisory", False, None, True),
        ("court", True, None, None),
        ("department", False, None, None),
        ("department", False, "true", False),  # the organ before told by its own rules
    ],
)
def test_who_tells_by_rules_of_its_own_is_read_from_the_registry(
    kind: str, was: str | None, said: bool | None, *, petition_office: bool
) -> None:
    acting = in_county(kind=kind, is_petition_office=petition_office)
    call: Any = SimpleNamespace(organ=lambda _pk: acting)
    acts = {"register": bare_act("register", names={"own_notice_rules": 1})}
    book: Any = SimpleNamespace(kinds={"petition": SimpleNamespace(acts=acts)})
    view: Any = SimpleNamespace(facts={"own_notice_rules": was} if was else {})
    forged = Step(act="register", fields={"own_notice_rules": not said})
    step = references.with_registry_flags(forged, view, book, "petition", 5, TODAY, call)
    assert step.fields.get("own_notice_rules") is said
