"""The page of one inspection: scope, checklist, the next case, and nothing that is hidden."""

from __future__ import annotations

import re
from typing import Any

from dengwen.cases.models import Case
from dengwen.oversight.inspections.queries import read_inspection
from tests.desk.oversight.inspections.sample_inspection import drawn, sit, text
from tests.world import World


def test_the_page_shows_scope_checklist_and_what_is_outside_and_leads_to_the_next_case(
    world: World, now: Any
) -> None:
    now("2025-06-04")
    number = drawn(world)
    first, second = read_inspection(Case.objects.get(number=number)).drawn
    inspector, path = sit("supervisor"), f"/desk/oversight/inspections/{number}/"
    page = text(inspector, path)
    for words in (
        "信访工作",
        "上半年",
        "第二十三条",
        "是否告知",
        "第三十四条",
        "是否按期",
        "从来没有分类的",
    ):
        assert words in page, words
    button = re.compile(r'<a class="btn main" href="([^"]+)">检查下一件')
    assert button.findall(page) == [f"{path}case/{first}/"]
    inspector.post(f"{path}case/{first}/", {"item-1": "yes", "item-2": "na"})
    assert button.findall(text(inspector, path)) == [f"{path}case/{second}/"]
    inspector.post(f"{path}case/{second}/", {"item-1": "yes", "item-2": "na"})
    assert button.findall(text(inspector, path)) == []
    assert button.findall(text(sit("handler"), path)) == []


def test_what_became_an_accusation_is_on_no_page_of_the_inspection(world: World, now: Any) -> None:
    now("2025-06-04")
    number = drawn(world)
    gone = read_inspection(Case.objects.get(number=number)).drawn[0]
    Case.objects.filter(number=gone).update(protected=True)
    for path in ("", f"pack/{1}/", "answers/", "report/"):
        body = (
            sit("supervisor").get(f"/desk/oversight/inspections/{number}/{path}").content.decode()
        )
        assert gone not in body
    assert (
        sit("supervisor").get(f"/desk/oversight/inspections/{number}/case/{gone}/").status_code
        == 404
    )
