"""Evaluating at the portal: the sheet of one's own, two questions, once; and where the remedy
is."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from dengwen.cases.models import Act, Document
from dengwen.petitions.models import Evaluation
from tests.portal.course import accepted, decided, served
from tests.portal.petitioner import ACCUSATION, Petitioner, forms_of
from tests.world import World


def with_sheet(petitioner: Petitioner, world: World, today: Any) -> tuple[str, str]:
    """Take the evaluation sheet of a served claim; returns number and evaluation code."""
    number, code = petitioner.submit()
    accepted(world, number)
    decided(world, number)
    assert "取评价单" not in petitioner.follow(number, code)
    served(world, number)
    today("2025-03-14")
    assert "取评价单" in petitioner.follow(number, code)
    form = next(f for f in forms_of(petitioner.page) if f.action == "/follow/evaluation/")
    petitioner.page = petitioner.client.post(form.action, form.fields)
    return number, petitioner.page.context["evaluation_code"]


@pytest.mark.sentence("P15.5", "P15.8")
def test_from_the_sheet_to_the_rating_by_the_forms_alone(
    petitioner: Petitioner, world: World, today: Any
) -> None:
    number, code = with_sheet(petitioner, world, today)
    assert code in petitioner.text()
    assert number in petitioner.text()
    form = next(f for f in forms_of(petitioner.page) if f.action == "/rate/")
    page = petitioner.client.post("/rate/", form.fields)
    text = page.content.decode()
    assert "云江区住房建设局" in text
    assert "评价不是救济途径" in text
    assert "2025-04-14" in text  # thirty days from the service on 13 March, rolled over a weekend
    given = forms_of(page)[-1]
    missing = petitioner.client.post(
        "/rate/", {**given.fields, "go": "send", "competent": "satisfied"}
    )
    assert missing.status_code == 422
    again = forms_of(missing)[-1]
    answers = {"go": "send", "competent": "dissatisfied", "department": "basically"}
    done = petitioner.client.post("/rate/", {**again.fields, **answers})
    assert "评价已收下" in done.content.decode()
    assert "2025-04-14" in done.content.decode()
    twice = petitioner.client.post("/rate/", {**again.fields, **answers})
    assert "评价已收下" in twice.content.decode()
    row = Evaluation.objects.get()
    assert (row.competent_level, row.department_level, row.own_network) == (
        "dissatisfied",
        "basically",
        False,
    )
    assert Act.objects.filter(act="rate").count() == 1
    other = petitioner.client.post(
        "/rate/", {"evaluation_code": code, "go": "send", "competent": "satisfied"}
    )
    assert other.status_code == 403


def test_the_papers_of_the_matter_do_not_hold_the_code(
    petitioner: Petitioner, world: World, today: Any
) -> None:
    number, code = with_sheet(petitioner, world, today)
    for row in Document.objects.filter(case__number=number):
        assert code not in bytes(row.body).decode(errors="replace")
    assert not Document.objects.filter(case__kind="evaluation").exists()


def test_english_and_no_code_in_an_address(
    petitioner: Petitioner, world: World, today: Any
) -> None:
    _number, code = with_sheet(petitioner, world, today)
    client = Client(headers={"accept-language": "en"})
    assert "one-time code" in client.get("/rate/").content.decode()
    page = client.post("/rate/", {"evaluation_code": code}).content.decode()
    assert "Basically satisfied" in page
    assert "An evaluation is no remedy" in page
    assert f"={code}" not in page.replace(f'value="{code}"', "")


def test_wrong_codes_are_slowed_down_and_all_alike(petitioner: Petitioner, world: World) -> None:
    answers = {
        petitioner.client.post("/rate/", {"evaluation_code": c}).status_code
        for c in ("x", "", "A" * 20)
    }
    assert answers == {403}
    for _ in range(12):
        last = petitioner.client.post("/rate/", {"evaluation_code": "A" * 20})
    assert last.status_code == 403
    for _ in range(40):
        last = petitioner.client.post("/rate/", {"evaluation_code": "A" * 20})
    assert (last.status_code, "试错的次数太多" in last.content.decode()) == (429, True)


def test_a_right_code_is_taken_whatever_was_guessed_from_there(
    petitioner: Petitioner, world: World, today: Any
) -> None:
    _number, code = with_sheet(petitioner, world, today)
    for n in range(60):
        petitioner.client.post("/rate/", {"evaluation_code": f"A{n}"})
    assert petitioner.client.post("/rate/", {"evaluation_code": code}).status_code == 200


@pytest.mark.case("C06")
def test_an_accusation_is_never_offered_an_evaluation(
    petitioner: Petitioner, world: World, today: Any
) -> None:
    number, code = petitioner.submit("accusation", story="收受财物", accused="某人")
    world.act("clerk", "classify", number, on="2025-03-03", **ACCUSATION)
    assert "取评价单" not in petitioner.follow(number, code)
    answer = petitioner.client.post("/follow/evaluation/", {"number": number, "code": code})
    assert "evaluation_code" not in answer.content.decode()
    assert not Evaluation.objects.exists()


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({"contacted": "no", "rude": "yes"}, {"contacted": False, "rude": True}),
        ({}, {}),
        ({"rude": "no"}, {"rude": False}),
    ],
)
def test_whether_anybody_made_contact_and_was_rude_may_be_said_or_left(
    petitioner: Petitioner, world: World, today: Any, said: dict[str, str], kept: dict[str, bool]
) -> None:
    _number, code = with_sheet(petitioner, world, today)
    page = petitioner.client.post("/rate/", {"evaluation_code": code})
    assert "办理中有没有人联系过您" in page.content.decode()
    wrong = petitioner.client.post("/rate/", {**forms_of(page)[-1].fields, **said, "go": "send"})
    again = wrong.content.decode()
    assert all(
        f'value="{value}" checked' in again for value in said.values()
    )  # what was said stands there again
    answers = {"go": "send", "competent": "dissatisfied", "department": "basically", **said}
    petitioner.client.post("/rate/", {**forms_of(wrong)[-1].fields, **answers})
    data = Act.objects.get(act="rate").data
    assert {name: data[name] for name in ("contacted", "rude") if name in data} == kept
