"""The portrait of an organ: every picture stands before a table of the same numbers; flags are
questions."""

from __future__ import annotations

import re
from pathlib import Path

from dengwen.ledger import sequencer
from tests.assessment import quarter
from tests.assessment.test_portrait import bring, late_entered
from tests.desk.assessment.test_assessments import chosen, scheme
from tests.desk.conftest import Day, Sit
from tests.desk.schemes import CLERK, in_force
from tests.world import World, at

__all__ = ["scheme"]


def numbers_of(page: str, title: str) -> list[str]:
    """Return the numbers of the table behind a picture."""
    table = page.split(f">{title}</h3>", 1)[1].split("<table", 1)[1].split("</table>", 1)[0]
    return re.findall(r'</th><td><span class="num">(\d+)<', table)


def drawing_of(page: str, title: str) -> str:
    """Return the picture under a title."""
    return page.split(f">{title}</h3>", 1)[1].split("<table", 1)[0]


def check_picture_against_table(page: str, title: str) -> None:
    """Check that a picture draws and describes the numbers of its table."""
    drawn = drawing_of(page, title)
    numbers = re.findall(r'class="tb ts"[^>]*>(\d+)<', drawn)
    described = drawn.split("</desc>", 1)[0]
    assert numbers == numbers_of(page, title), title
    assert numbers, title
    assert 'role="img"' in drawn
    assert all(f" {number}" in described for number in numbers), title


def test_the_portrait_stands_beside_its_tables_and_flags_are_questions(
    world: World, day: Day, sit: Sit, scheme: str
) -> None:
    clerk = sit(CLERK)
    address = f"/desk/assessment/{chosen(clerk, scheme)}/"
    page = clerk.get(f"{address}YJ02/").content.decode()
    for title in ("各环节的件数", "未办结的件放了多久", "件从哪里来", "督查覆盖"):
        check_picture_against_table(page, title)
    assert numbers_of(page, "各环节的件数") == ["4", "4", "3", "2", "0"]
    assert sum(int(n) for n in numbers_of(page, "未办结的件放了多久")) == 1
    assert 'style="' not in page
    for shown in (page, clerk.get(address).content.decode()):
        assert "不是结论，也不改变任何分数" in shown
        assert "没有提示" in shown


def test_what_was_entered_late_or_imported_stands_apart_in_every_picture(
    world: World, day: Day, sit: Sit, tmp_path: Path
) -> None:
    number = in_force(world)
    quarter.play(world)
    late_entered(world)
    bring(world, tmp_path)
    sequencer.tick(now=at("2025-07-01"))
    day.set("2025-07-01")
    clerk = sit(CLERK)
    address = f"/desk/assessment/{chosen(clerk, number)}/YJ02/"
    page = clerk.get(address).content.decode()
    months = page.split("按月按期办结</caption>", 1)[1].split("</table>", 1)[0]
    assert re.findall(r'<span class="small">([^<]+)<', months) == ["其中历史导入 2", "其中补录 1"]
    quarters = page.split("按季度</caption>", 1)[1].split("</table>", 1)[0]
    assert "其中补录 1，其中历史导入 2" in quarters
    funnel = page.split(">各环节的件数</h3>", 1)[1].split("</table>", 1)[0]
    assert funnel.count("其中历史导入 2") >= 4  # in the picture's words and in its table
    assert "其中补录 1" in funnel
    covered = page.split(">督查覆盖</h3>", 1)[1].split("<figure", 1)[0]
    assert "每年至少一次专项督查" in covered
    assert "entered late" in sit(CLERK, "en").get(address).content.decode()
