"""Two schemes over the same past days: the page says who moves, by which indicators, and carries
it into the trial."""

from __future__ import annotations

import html
import re
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from dengwen.assessment.frozen.manifest import scheme_body, scheme_of
from dengwen.cases import rulebooks
from dengwen.cases.models import Act
from dengwen.ledger import sequencer
from tests.assessment import quarter
from tests.desk.conftest import Day, Sit
from tests.desk.schemes import CLERK, in_force
from tests.kept import once
from tests.world import World, at

ADDRESS = "/desk/assessment/compare/"


def redrafted(world: World, **weights: str) -> str:
    """Draft another scheme of the district, with weights of its own, and return its case."""
    raw = tomllib.loads(
        (Path(rulebooks.packs_folder()) / "schemes" / "starting.toml").read_text(encoding="utf-8")
    )
    raw["scheme"]["id"], raw["scheme"]["zh"] = "second", "第二方案"
    for indicator in raw["indicator"]:
        indicator["floor"] = 1
        indicator["weight"] = weights.get(indicator["id"], indicator["weight"])
    body = scheme_body(raw)
    given: dict[str, Any] = {"scheme": "second", "digest": scheme_of(body).digest}
    texts = {"subject": "第二方案", "body": body}
    return world.act(CLERK, "draft", kind="scheme", on="2025-07-01", texts=texts, **given).case


@once
def _drafted(world: World) -> str:
    new = redrafted(world, concluded_in_time="0.18", settled_at_once="0.10")
    sequencer.tick(now=at("2025-07-01"))
    return new


@pytest.fixture
def both(world: World, day: Day) -> dict[str, str]:
    """A scheme in force and one drafted after it, a quarter played and sealed; what the page is
    asked."""
    old = in_force(world)
    quarter.play(world)
    new = _drafted(world)
    day.set("2025-07-01")
    return {"old": old, "new": new, "first": "2025-01-01", "last": "2025-06-30"}


def test_who_moves_and_why_is_on_the_page(both: dict[str, str], sit: Sit) -> None:
    page = sit(CLERK).get(ADDRESS, both).content.decode()
    assert "按期办结" in page
    assert "权重改了" in page
    row = re.search(r"云江区住房建设局.*?</tr>", page, re.DOTALL)
    assert row
    change = re.search(r'data-label="变动"><span class="num">([+-][\d.]+)<', row[0])
    assert change
    points = [float(p) for p in re.findall(r'<li><span class="num">([+-][\d.]+)<', row[0])]
    assert sum(points) == pytest.approx(float(change[1]), abs=0.05)
    assert float(change[1]) != 0


def test_the_same_scheme_twice_moves_nobody(both: dict[str, str], sit: Sit) -> None:
    page = sit(CLERK).get(ADDRESS, {**both, "new": both["old"]}).content.decode()
    assert "两个方案没有会影响得分的不同" in page
    assert "→ 2" not in page


def test_the_trial_is_carried_into_the_act_that_keeps_it(
    world: World, both: dict[str, str], sit: Sit
) -> None:
    page = sit(CLERK).get(ADDRESS, both).content.decode()
    link = re.search(r'href="([^"]+/act/dry_run/\?[^"]+)"|href="([^"]+dry_run/\?[^"]+)"', page)
    assert link
    given = {
        k: v[0] for k, v in parse_qs(urlsplit(html.unescape(link[1] or link[2])).query).items()
    }
    assert sit(CLERK).get(html.unescape(link[1] or link[2])).status_code == 200
    days: dict[str, Any] = {name: at(given[name]).date() for name in ("first", "last")}
    world.act(
        CLERK,
        "dry_run",
        both["new"],
        on="2025-07-01",
        position=int(given["position"]),
        scores=given["scores"],
        texts={"moves": given["moves"]},
        **days,
    )
    kept = Act.objects.get(act="dry_run", case__number=both["new"]).data
    assert kept["scores"] == given["scores"]
    assert given["moves"]


def test_schemes_of_another_organ_are_not_compared(both: dict[str, str], sit: Sit) -> None:
    page = sit("handler").get(ADDRESS, both).content.decode()
    assert both["old"] not in page.split("<main", 1)[-1]
    assert "谁变了" not in page


def test_the_english_page_is_english(both: dict[str, str], sit: Sit) -> None:
    page = sit(CLERK, "en").get(ADDRESS, both).content.decode()
    assert "its weight changed" in page
    assert "Who moves" in page
