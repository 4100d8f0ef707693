"""Simplified handling and leaving it: the petitioner is told anew, with the day of acceptance
and the sixty days."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from dengwen.cases.models import Document
from dengwen.cases.write.check import Refused
from dengwen.cases.write.papers.issue import open_body
from tests.world import CLAIM, World

FLAGS_2016 = {
    "first_time": True,
    "clear": True,
    "no_statutory_procedure": True,
    "not_complex": True,
    "not_joint": True,
}
FLAGS_2022 = {"first_time": True, "clear": True, "not_complex": True, "not_joint": True}


def words(document: Document) -> str:
    """Return what a paper says."""
    return html.unescape(re.sub(r"<[^>]*>", " ", open_body(document)))


@pytest.mark.case("A18")
@pytest.mark.parametrize(
    ("year", "flags", "due"),
    [(2021, FLAGS_2016, "2021年5月6日"), (2025, FLAGS_2022, "2025年5月6日")],
)
def test_leaving_simplified_handling_tells_the_petitioner_anew(
    world: World, year: int, flags: dict[str, Any], due: str
) -> None:
    number = world.register(f"{year}-03-03")
    if year > 2022:
        world.act("clerk", "classify", number, on=f"{year}-03-03", **CLAIM)
    world.act("router", "forward", number, on=f"{year}-03-03", to=world.organ("YJ02"))
    world.act("handler", "receive", number, on=f"{year}-03-04")
    world.act("handler", "choose_simple", number, on=f"{year}-03-04", **flags)
    told = {"procedure": "简易办理，十个工作日内答复"}
    world.act("handler", "accept_simple", number, on=f"{year}-03-05", texts=told)
    with pytest.raises(Refused, match="现在的处理途径和程序"):
        world.act(
            "handler", "leave_simple", number, on=f"{year}-03-10", texts={"reasons": "可能不予支持"}
        )
    texts = {"reasons": "可能不予支持", "procedure": "依信访程序办理"}
    world.act("handler", "leave_simple", number, on=f"{year}-03-10", texts=texts)
    first, second = Document.objects.filter(case__number=number, rule="acceptance_notice").order_by(
        "pk"
    )
    assert "简易办理，十个工作日内答复" in words(first)
    text = words(second)
    assert "依信访程序办理" in text
    assert "可能不予支持" not in text  # reasons are a note of the handling
    assert f"{year}年3月5日" in text.replace(" ", "")
    assert due in text.replace(" ", "")
