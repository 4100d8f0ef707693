"""Ratings from a call or a paper at the desk: by an organ that is not rated, with the one-time
code, channel shown."""

from __future__ import annotations

import re
from datetime import date

import pytest

from dengwen.access.login import throttle
from dengwen.cases.models import Act
from dengwen.petitions import ratings
from dengwen.petitions.intake.online_submission import by_petitioner
from dengwen.petitions.models import Evaluation
from tests.desk.conftest import Day, Sit
from tests.petitions.test_ratings import served
from tests.world import World, at

PAGE, SHEET = "/desk/petitions/ratings/", "/desk/petitions/ratings/sheet/"
INDEPENDENT = "committee"
"""A clerk of an organ that neither handled the matter nor sent it on."""


def open_evaluation(world: World) -> tuple[Evaluation, str]:
    """Return an open evaluation of YJ02 and YJ01, and the code the petitioner took at the
    portal."""
    row = ratings.open_for(world.case(served(world)))
    assert row is not None
    return row, ratings.give_code(
        row, way="portal", by=by_petitioner(), now=at("2025-03-14"), uid="code"
    )


@pytest.mark.parametrize(("channel", "words"), [("phone", "电话"), ("paper", "纸质")])
@pytest.mark.sentence("P15.6")
def test_a_clerk_of_an_organ_not_rated_enters_a_rating(
    world: World, day: Day, sit: Sit, channel: str, words: str
) -> None:
    row, code = open_evaluation(world)
    day.set("2025-03-15")
    client = sit(INDEPENDENT)
    page = client.post(PAGE, {"channel": channel, "evaluation_code": code})
    text = page.content.decode()
    assert page.status_code == 200
    assert f"<strong>{words}</strong>" in text
    assert row.petition.number not in text
    uid = re.findall(r'name="uid" value="([^"]+)"', text)[0]
    form = {"uid": uid, "channel": channel, "evaluation_code": code, "go": "send"}
    assert (
        client.post(PAGE, {**form, "competent": "dissatisfied"}).status_code == 422
    )  # both, each apart
    done = client.post(
        PAGE, {**form, "competent": "dissatisfied", "department": "satisfied"}, follow=True
    )
    assert f"渠道：{words}" in done.content.decode()
    row.refresh_from_db()
    assert (row.competent_level, row.department_level, row.channel) == (
        "dissatisfied",
        "satisfied",
        channel,
    )
    assert row.own_network is False
    entered = Act.objects.get(case=row.case, act="rate")
    assert entered.organ_id == world.organ("YJW")
    assert (
        client.post(PAGE, {"channel": channel, "evaluation_code": code}).status_code == 403
    )  # used up


@pytest.mark.parametrize("who", ["clerk", "reviewer"])
def test_a_code_of_an_own_matter_is_a_wrong_one(world: World, day: Day, sit: Sit, who: str) -> None:
    row, code = open_evaluation(world)
    if who == "reviewer":  # its organ takes the place of the competent one
        row.competent_id = world.organ("SZJ")
        row.save(update_fields=["competent"])
    day.set("2025-03-15")
    client, answers = sit(who), []
    for tried in (code, "2345-6789-ABCD-EFGH-JKMN"):
        answer = client.post(PAGE, {"channel": "phone", "evaluation_code": tried})
        answers.append(
            (
                answer.status_code,
                re.sub(r'value="[^"]*"', "", answer.content.decode().split("<main")[-1]),
            )
        )
    assert answers[0] == answers[1]
    assert answers[0][0] == 403
    row.refresh_from_db()
    assert row.rated_on is None


def test_guessing_is_slowed_down(world: World, day: Day, sit: Sit) -> None:
    _row, code = open_evaluation(world)
    day.set("2025-03-15")
    client = sit(INDEPENDENT)
    for n in range(throttle.FREE):
        client.post(PAGE, {"channel": "phone", "evaluation_code": f"2345-6789-ABCD-EFGH-JKM{n}"})
    answer = client.post(PAGE, {"channel": "phone", "evaluation_code": "2345"})
    assert (answer.status_code, "试错的次数太多" in answer.content.decode()) == (403, True)
    answer = client.post(PAGE, {"channel": "phone", "evaluation_code": code})
    assert answer.status_code == 200  # what is right is taken at once


def test_the_department_prints_the_sheet_once_and_the_competent_organ_never(
    world: World, day: Day, sit: Sit
) -> None:
    row, before = open_evaluation(world)
    number = row.petition.number
    day.set("2025-03-15")
    page = sit("clerk").get(PAGE).content.decode()
    uid = re.findall(r'name="uid" value="([^"]+)"', page)[0]
    sheet = sit("clerk").post(SHEET, {"number": number, "uid": uid})
    code = re.findall(r'class="big code">([^<]+)<', sheet.content.decode())[0]
    assert ratings.find(before) is None
    assert ratings.find(code) == row
    again = sit("clerk").post(SHEET, {"number": number, "uid": uid}).content.decode()
    assert "评价码不再显示" in again
    assert code not in again
    given = Act.objects.filter(case=row.case, act="give_code").order_by("seq").last()
    assert given is not None
    assert given.data["way"] == "paper"
    for who in (
        "committee",
        "reviewer",
        "handler",
    ):  # the last one is a clerk of the competent organ
        refused = sit(who).post(SHEET, {"number": number})
        assert (refused.status_code, "big code" in refused.content.decode()) == (403, False)


def test_an_organ_sees_its_sums_by_quarter_and_small_ones_not(
    world: World, day: Day, sit: Sit
) -> None:
    template = open_evaluation(world)[0]
    for n in range(12):
        matter = world.case(world.register("2025-01-06"))
        Evaluation.objects.create(
            case=matter,
            petition=matter,
            competent_id=template.competent_id,
            opened_on=date(2025, 1, 10),
            rated_on=date(2025, 1, 20),
            competent_level="satisfied" if n else "dissatisfied",
            channel="phone" if n < 3 else "portal",
            own_network=False,
        )
    day.set("2025-08-01")
    own = sit("head").get(PAGE).content.decode()
    assert "2025 年第一季度" in own
    assert "12/13" in own
    assert "电话 3，网上 9" in own
    other = sit("head", "en").get(PAGE).content.decode()
    assert "telephone 3, online 9" in other
    Evaluation.objects.filter(channel="portal").delete()
    assert "数量少，不显示" in sit("head").get(PAGE).content.decode()


@pytest.mark.parametrize("column", ["good", "fair", "bad", "channels", "rated"])
def test_no_order_tells_how_the_quarters_with_few_ratings_were_rated(sit: Sit, column: str) -> None:
    page = sit("head").get(f"{PAGE}?quarters-sort=-{column}")
    assert page.status_code == 422
    assert sit("head").get(f"{PAGE}?quarters-sort=-quarter").status_code == 200


def test_whoever_neither_enters_nor_reads_figures_has_no_such_page(sit: Sit) -> None:
    assert sit("checker").get(PAGE).status_code == 404


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"channel": "phone", "evaluation_code": ["A", "B"]}, "评价码：这一项只能填一个值"),
        ({"channel": "fax", "evaluation_code": "2345"}, "评价渠道：请从列表中选择"),
    ],
)
def test_a_forged_value_is_named(
    world: World, day: Day, sit: Sit, typed: dict[str, str], said: str
) -> None:
    answer = sit("clerk").post(PAGE, typed)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_what_is_wrong_with_a_code_stands_at_its_field_and_the_code_is_not_repeated(
    world: World, day: Day, sit: Sit
) -> None:
    client = sit(INDEPENDENT)
    wrong = "2345-6789-ABCD-EFGH-JKMN"
    answer = client.post(PAGE, {"channel": "phone", "evaluation_code": wrong})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert 'href="#f-evaluation-code"' in page
    assert 'aria-invalid="true"' in page.split('id="f-evaluation-code"')[1].split(">")[0]
    assert wrong not in page
    bare = client.post(PAGE, {"evaluation_code": wrong})
    assert bare.status_code == 422
    assert 'href="#f-channel"' in bare.content.decode()


def test_a_level_that_lacks_is_asked_for_at_its_organ(world: World, day: Day, sit: Sit) -> None:
    row, code = open_evaluation(world)
    day.set("2025-03-15")
    typed = {"channel": "phone", "evaluation_code": code, "go": "send"}
    answer = sit(INDEPENDENT).post(PAGE, typed)
    assert answer.status_code == 422
    assert 'href="#f-competent"' in answer.content.decode()
    row.refresh_from_db()
    assert row.rated_on is None


def test_a_number_that_gives_no_sheet_is_refused_at_its_field(
    world: World, day: Day, sit: Sit
) -> None:
    answer = sit("clerk").post(SHEET, {"number": "YJ01-2025-000000000-0"})
    assert answer.status_code == 403
    assert 'href="#f-number"' in answer.content.decode()
