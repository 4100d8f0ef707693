"""The form of an act, for every act of the shipped packs: what is typed becomes the values of the
step, and what is hostile neither passes nor breaks anything."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.test import RequestFactory
from django.utils.datastructures import MultiValueDict

from dengwen.access.keys.keyring import key_ring
from dengwen.cases import rulebooks
from dengwen.cases.case_numbers import make_number
from dengwen.cases.models import Act
from dengwen.desk.shell.act.forms import FIELD_OF, NEVER_ASKED, RuledForm, act_form, field_of
from dengwen.desk.shell.frame.seat import Seat, take_seat
from dengwen.law.duties.field_values import value_refusal
from dengwen.law.packs.rules import ActRule, FieldRule
from dengwen.law.packs.vocabulary import FIELD_TYPES, TEXT_TYPES
from dengwen.ui.bound_field import kind_of
from dengwen.ui.form_fields import Asked, AskedForm
from tests.desk.conftest import Day
from tests.world import World

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
DIGEST = hashlib.sha256(PDF).hexdigest()
EDITIONS = (("2024-06-01", "530100"), ("2026-01-15", "110105"), ("2026-01-15", "500103"))
TYPED_DIGESTS = ("outside_no", "code_digest")
HOSTILE = {
    "number": "9" * 10_000,
    "minus": "-1",
    "digit": "²",
    "nothing": "\x00",
    "surrogate": "\ud800",
    "markup": "</textarea><script>alert(1)</script>",
    "quote": "' OR 1=1 --",
    "day": "2026-02-30",
    "early": "0001-01-01",
    "override": "\u202e正常",
}
STRICT = ("number", "date", "organ", "organs", "official", "act", "case", "flag")
"""Types of which the form itself refuses what is none; the law core refuses the rest."""


def every_act() -> Iterator[tuple[str, ActRule]]:
    """Every act of the shipped packs, each once."""
    seen: set[str] = set()
    for day, place in EDITIONS:
        _packs, book = rulebooks._composed(date.fromisoformat(day), place)
        for kind in book.kinds.values():
            for rule in kind.acts.values():
                name = f"{kind.id}.{rule.id} {[(f.name, f.type) for f in rule.fields]}"
                if name not in seen and rule.fields:
                    seen.add(name)
                    yield name, rule


@pytest.fixture
def number(world: World, day: Day) -> str:
    """A case the seat sees, with acts in it."""
    return world.to_accepted("2025-03-03")


class Desk:
    """Somebody at the desk who posts forms about one case."""

    def __init__(self, world: World, number: str) -> None:
        self.world, self.number = world, number
        self.seated: dict[str, Seat] = {}
        """Who sat down already: what they hold is the same for all they post."""

    def seat(
        self,
        posted: QueryDict,
        files: MultiValueDict[str, Any] | None = None,
        who: str = "router",
    ) -> Seat:
        request = RequestFactory().post("/desk/")
        request.user = self.world.office.users[who]
        request.session = {}  # type: ignore[assignment]
        request.resolver_match = SimpleNamespace(  # type: ignore[assignment]
            kwargs={"number": self.number}, url_name="act"
        )
        request.POST = posted  # type: ignore[assignment]
        if files is not None:
            request._files = files  # type: ignore[attr-defined]
        if who not in self.seated:
            seat = take_seat(request)
            assert isinstance(seat, Seat)
            self.seated[who] = seat
        return replace(self.seated[who], request=request)

    def sent(self, rule: ActRule, values: dict[str, list[str]], *papers: str) -> RuledForm:
        posted = QueryDict(mutable=True)
        for name, several in values.items():
            posted.setlist(name, several)
        files: MultiValueDict[str, Any] = MultiValueDict()
        for name in papers:
            files.setlist(name, [SimpleUploadedFile("x.pdf", PDF)])
        return act_form(self.seat(posted, files), rule)


@pytest.fixture
def desk(world: World, number: str) -> Desk:
    return Desk(world, number)


def asks_for_files(field: FieldRule) -> bool:
    return field.type in ("digest", "digests") and field.name not in TYPED_DIGESTS


def good(field: FieldRule, desk: Desk) -> tuple[list[str], object]:
    """What somebody types into a field, and the value it has by its rule."""
    organ = desk.world.organ("YJ02")
    option = field.options[0] if field.options else "word"
    last = Act.objects.filter(case__number=desk.number, seq=1).values_list("pk", flat=True).get()
    known: dict[str, tuple[list[str], object]] = {
        "text": (["  第一行\r\n第二行\x00  "], "第一行\n第二行"),
        "person": ([" 张样例 "], "张样例"),
        "code": ([option], option),
        "codes": ([option, ""], (option,)),
        "word": ([option], option),
        "words": (["甲、乙，丙,丁 戊", "己"], ("甲", "乙", "丙", "丁", "戊", "己")),
        "organ": ([str(organ)], organ),
        "organs": ([str(organ), str(organ + 1)], (organ, organ + 1)),
        "official": (["7"], 7),
        "division": (["530102"], "530102"),
        "date": (["2025/03.04"], date(2025, 3, 4)),
        "number": ([" 30 "], 30),
        "flag": (["true"], True),
        "case": ([desk.number.lower()], desk.number),
        "act": (["1"], last),
        "digest": ([" A-1 "], key_ring().digest("index", "number", "A-1")),
    }
    return known[field.type]


def test_every_type_of_the_packs_has_a_field_of_its_own():
    assert set(FIELD_OF) == set(FIELD_TYPES)
    for type_ in FIELD_TYPES:
        assert isinstance(field_of(FieldRule("x", type_, "D0", "甲", "a")), Asked)


def test_what_is_typed_becomes_the_values_of_the_step_for_every_act(desk: Desk):
    count = 0
    for name, rule in every_act():
        asked = [field for field in rule.fields if field.name not in NEVER_ASKED]
        typed = {f.name: good(f, desk) for f in asked if not asks_for_files(f)}
        papers = [field.name for field in asked if asks_for_files(field)]
        form = desk.sent(rule, {key: texts for key, (texts, _value) in typed.items()}, *papers)
        assert not form.errors, (name, form.errors)
        texts = {f.name: typed[f.name][1] for f in asked if f.type in TEXT_TYPES}
        values = {key: value for key, (_texts, value) in typed.items() if key not in texts}
        for field in asked:
            if asks_for_files(field):
                values[field.name] = (DIGEST,) if field.type == "digests" else DIGEST
        assert form.texts == texts, name
        assert form.values == values, name
        assert [paper for paper, _held in form.papers] == papers, name
        count += 1
    assert count > 150


def test_an_empty_form_says_nothing_and_is_not_wrong(desk: Desk):
    for name, rule in every_act():
        for texts in ([], [""], ["", " \u3000"]):
            form = desk.sent(rule, {field.name: texts for field in rule.fields})
            assert (form.values, form.texts, form.papers) == ({}, {}, []), name
            assert not form.errors, name


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_is_hostile_never_raises_and_never_passes(desk: Desk, hostile: str):
    text = HOSTILE[hostile]
    for _name, rule in every_act():
        asked = [field for field in rule.fields if not asks_for_files(field)]
        form = desk.sent(rule, {field.name: [text] for field in asked})
        for field in asked:
            if field.name in NEVER_ASKED:
                assert field.name not in form.values | form.texts
                continue
            value = form.values.get(field.name)
            if field.type in STRICT and text.strip("\x00"):
                assert field.name in form.errors, (rule.id, field)
                assert value is None
            if value is not None and field.options:
                assert value_refusal(rule, field, value, date(2025, 3, 3)) is not None
            if text == "\ud800":
                assert field.name in form.errors
        assert "\x00" not in "".join(form.texts.values())


def test_several_values_where_one_is_asked_are_none(desk: Desk):
    several = {"codes", "organs", "words", "digests"}
    for _name, rule in every_act():
        for field in rule.fields:
            if field.type in several or asks_for_files(field) or field.name in NEVER_ASKED:
                continue
            form = desk.sent(rule, {field.name: ["1", "2"]})
            assert form.errors[field.name] == ["这一项只能填一个值。"]
            assert field.name not in form.values
            assert field.name not in form.texts
            assert form.at(field.name).typed == ["1", "2"]  # what was typed is not lost


def test_a_hidden_case_and_none_at_all_are_told_alike(world: World, desk: Desk):
    rule = next(r for _n, r in every_act() if any(f.type == "case" for f in r.fields))
    field = next(f for f in rule.fields if f.type == "case")
    hidden = world.register("2025-03-03")
    said = []
    for number in (hidden, make_number("YJ01", 2025, "100000000")):
        form = act_form(desk.seat(QueryDict(f"{field.name}={number}"), who="handler"), rule)
        assert field.name not in form.values
        said.append(list(form.errors[field.name]))
    assert said[0] == said[1] == ["没有这个编号的办理件，或者不在您可见的范围内。"]
    assert act_form(desk.seat(QueryDict(f"{field.name}={hidden}")), rule).values


def test_another_persons_prefix_reads_nothing(desk: Desk):
    rule = next(r for _n, r in every_act() if r.id == "forward")
    posted = QueryDict("to=1&on_to=2&on_late_reason=x&late_reason=y")
    form = act_form(desk.seat(posted), rule, prefix="on_")
    assert form.values["to"] == 2
    assert form.late_reason == ""  # asked once a page, by the form without prefix
    assert form.at("to").html_name == "on_to"
    assert form.at("to").uid == "f-on-to"


def test_a_form_that_was_only_searched_in_keeps_what_was_typed_and_means_nothing(desk: Desk):
    rule = next(r for _n, r in every_act() if r.id == "forward")
    form = act_form(desk.seat(QueryDict("to=abc&note=x")), rule)
    assert form.errors
    form.forgive()
    assert not form.errors
    assert form.values == {}
    assert form.at("to").value() == "abc"


def test_nothing_of_a_field_is_shared_between_two_forms():
    class One(AskedForm):
        a = Asked("甲", choices=[("x", "X")])

    first, second = One(QueryDict("a=x")), One()
    first.fields["a"].offers = ()
    assert [choice.chosen for choice in second.at("a").choices] == [False]
    assert kind_of("code", second.at("a").choices) == "radios"
