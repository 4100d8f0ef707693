"""What a clerk proposes for a letter that is taken for an accusation: it is sealed at once, and
whoever is cleared for it sorts it."""

from __future__ import annotations

from typing import Any

import pytest

from dengwen.cases.models import Act, Case, Party
from tests.desk.conftest import Day, Sit
from tests.desk.petitions.test_register import LETTER
from tests.world import World

ACCUSING = {"content": "检举云江区住房建设局郑样例收受好处。", "accusation": "true"}


@pytest.mark.sentence("P7.2.5", "P12.1")
@pytest.mark.parametrize("act", ["forward", "assign", ""])
@pytest.mark.parametrize(
    "sorting", [{"class": "claim", "path": "31(6)"}, {"class": "suggestion"}, {}], ids=str
)
def test_the_sorting_of_a_clerk_is_not_kept_on_a_sealed_accusation(
    world: World, day: Day, sit: Sit, sorting: dict[str, Any], act: str
) -> None:
    onward = {"onward": act, "on_to": str(world.organ("YJ03")), "on_deadline": "2025-04-10"}
    page = sit("clerk").post(
        "/desk/petitions/register/", LETTER | ACCUSING | sorting | (onward if act else {})
    )
    assert page.status_code == 200
    case = Case.objects.get(kind="petition")
    assert (case.protected, case.state) == (True, "registered")
    done = set(Act.objects.filter(case=case).values_list("act", flat=True))
    assert not done & {"classify", "forward", "assign"}
    assert not Party.objects.filter(case=case, role="addressee").exists()
    assert Party.objects.filter(case=case, role="accused_person", official__code="YJ02-Z").exists()


def test_the_same_sorting_is_kept_where_nobody_is_accused(world: World, day: Day, sit: Sit) -> None:
    sorting = {"class": "claim", "path": "31(6)"}
    onward = {"onward": "forward", "on_to": str(world.organ("YJ02"))}
    page = sit("clerk").post("/desk/petitions/register/", LETTER | sorting | onward)
    assert page.status_code == 200
    case = Case.objects.get(kind="petition")
    done = set(Act.objects.filter(case=case).values_list("act", flat=True))
    assert done >= {"classify", "forward"}
    assert Party.objects.filter(case=case, role="addressee", organ__code="YJ02").exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"accused": "云江区住房建设局"}, "这样登记不封存"),
        ({"accused": "云江区住房建设局", "class": "claim", "path": "31(6)"}, "这样登记不封存"),
        ({"accused": "甲乙丙丁公司 郑样例", "accusation": "true"}, "没有“甲乙丙丁公司”"),
        ({"accused": "甲乙丙丁公司", "class": "accusation"}, "没有“甲乙丙丁公司”"),
    ],
    ids=str,
)
def test_a_name_of_accused_is_never_dropped_silently(
    world: World, day: Day, sit: Sit, typed: dict[str, str], said: str
) -> None:
    page = sit("clerk").post("/desk/petitions/register/", LETTER | typed)
    text = page.content.decode()
    assert (page.status_code, Case.objects.filter(kind="petition").count()) == (422, 0)
    assert said in text
    assert typed["accused"] in text  # what was typed stays
    assert 'href="#f-accused"' in text  # the head leads to the field


def test_registered_names_of_accused_are_taken_with_the_tick(
    world: World, day: Day, sit: Sit
) -> None:
    typed = {"accused": "云江区住房建设局、郑样例", "accusation": "true"}
    assert sit("clerk").post("/desk/petitions/register/", LETTER | typed).status_code == 200
    case = Case.objects.get(kind="petition")
    assert case.protected
    assert Party.objects.filter(case=case, role="accused_unit", organ__code="YJ02").exists()
    assert Party.objects.filter(case=case, role="accused_person", official__code="YJ02-Z").exists()
