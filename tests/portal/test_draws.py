"""The public page of inspection draws: redrawn from what it hands out alone; nothing on it names
a case or a person."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from dengwen.cases.models import Case
from dengwen.oversight.inspections.published_plan import label_of
from dengwen.oversight.inspections.queries import read_inspection
from tests.oversight.inspecting import SALT, SECRET, deposited, draw_fields, file_plan, opened
from tests.world import World

PAGE = "/inspections/"
FILE = re.compile(r'href="(/inspections/[^"]+/([a-z]+\.(?:json|txt))/)"')


def anybody(language: str = "zh-hans") -> Client:
    return Client(headers={"accept-language": language})


def text(client: Client, path: str = PAGE) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return str(answer.content.decode())


def test_anybody_draws_the_sample_again_from_the_public_page_alone(
    world: World, today: Any, tmp_path: Path
) -> None:
    number = opened(world)
    world.act("supervisor", "draw", number, on="2025-06-10", **draw_fields(number))
    today("2025-06-10")
    client = anybody()
    page = text(client)
    folder = tmp_path / "downloads"
    folder.mkdir()
    for path, name in FILE.findall(page):
        (folder / name).write_bytes(client.get(path).content)
    assert sorted(file.name for file in folder.iterdir()) == [
        "checkpoint.txt",
        "plan.json",
        "secret.txt",
    ]
    (folder / "redraw.py").write_bytes(client.get("/inspections/redraw/").content)
    done = subprocess.run(
        [sys.executable, "-I", "-S", "redraw.py", "plan.json", "checkpoint.txt", "secret.txt"],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    answer = json.loads(done.stdout)
    made = read_inspection(world.case(number))
    assert made.plan is not None
    assert made.drawing is not None
    assert answer["plan"] == made.plan.data["plan"]
    assert answer["plan"] in page
    assert answer["seed"] == made.drawing.data["seed"]
    labels = [one for stratum in answer["sample"].values() for one in stratum]
    assert labels == [label_of(SALT, number) for number in made.drawn]
    assert len(labels) == 2


def test_nothing_public_names_a_case_or_the_salt(world: World, today: Any) -> None:
    number = opened(world)
    world.act("supervisor", "draw", number, on="2025-06-10", **draw_fields(number))
    today("2025-06-10")
    client = anybody()
    page = text(client)
    made = read_inspection(world.case(number))
    public = page + "".join(client.get(path).content.decode() for path, _ in FILE.findall(page))
    numbers = [n for stratum in made.strata.values() for n in stratum.population]
    assert len(numbers) == 5
    assert [
        n
        for n in (*numbers, SALT, *(sha256(n.encode()).hexdigest()[:32] for n in numbers))
        if n in public
    ] == []


def test_a_plan_whose_secret_is_awaited_is_not_public_and_one_that_lapsed_stays(
    world: World, today: Any
) -> None:
    number = deposited(world)
    file_plan(world, number)
    today("2025-06-12")
    client, path = anybody(), f"/inspections/{number}/1/"
    assert number not in text(client)
    for name in ("plan.json", "checkpoint.txt", "secret.txt"):
        assert client.get(f"{path}{name}/").status_code == 404
    today("2025-06-13")
    assert "逾期没有公开秘密数" in text(client)
    world.act("supervisor", "lapse_plan", number, on="2025-06-13")
    page = text(client)
    assert "方案已失效，没有抽取" in page
    made = read_inspection(world.case(number))
    assert (
        sha256(client.get(f"{path}plan.json/").content).hexdigest()
        == made.filings[0].plan.data["plan"]
    )
    assert client.get(f"{path}secret.txt/").status_code == 404
    assert SECRET.hex() not in page
    for wrong in (
        f"/inspections/{number}/2/plan.json/",
        f"{path}salt.txt/",
        "/inspections/x/1/plan.json/",
    ):
        assert client.get(wrong).status_code == 404


@pytest.mark.parametrize(
    ("language", "words"), [("zh-hans", "怎样重抽"), ("en", "How to draw again")]
)
def test_the_page_stands_in_both_languages_without_sign_in(
    world: World, today: Any, language: str, words: str
) -> None:
    opened(world)
    today("2025-06-10")
    page = text(anybody(language))
    assert words in page
    assert "<script" not in page
    start = text(anybody(language), "/")
    assert f'href="{PAGE}"' in start
    assert ("没有已经公开的抽样" if language == "zh-hans" else "No draw of this year") in text(
        anybody(language), f"{PAGE}?year=2024"
    )


def test_nothing_public_changes_when_a_matter_of_the_population_becomes_an_accusation(
    world: World, today: Any
) -> None:
    number = opened(world)
    world.act("supervisor", "draw", number, on="2025-06-10", **draw_fields(number))
    today("2025-06-10")
    client = anybody()

    def everything() -> list[bytes]:
        page = text(client)
        shown = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page).encode()
        return [shown, *(client.get(path).content for path, _ in FILE.findall(page))]

    before = everything()
    gone = read_inspection(world.case(number)).drawn[0]
    Case.objects.filter(number=gone).update(protected=True)
    assert len(before) == 4
    assert everything() == before
