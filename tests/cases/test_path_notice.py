"""The path notice (D08) prints the time limits of the path by itself, each with its article, and
invents none (B05)."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from dengwen.cases.models import Document
from dengwen.cases.write.papers.issue import open_body
from tests.world import World


def notice(world: World, path: str, on: str = "2025-03-04") -> str:
    """Return the words of the path notice of a claim that belongs to a path."""
    number = world.register(on, "handler", "organ")
    sorted_as: dict[str, Any] = {"class": "claim", "path": path}
    world.act("handler", "classify", number, on=on, **sorted_as)
    world.act("handler", "notify_path", number, on=on, texts={"procedure": "向有权机关依法提出"})
    body = open_body(Document.objects.get(case__number=number, rule="path_notice"))
    return html.unescape(re.sub(r"<[^>]*>", "", body))


@pytest.mark.case("B05")
@pytest.mark.parametrize(
    ("path", "printed"),
    [
        (
            "31(1)",
            [
                "直接提起行政诉讼：6 个月，自知道或者应当知道行政行为之日起算（行政诉讼法 第四十六条）"
            ],
        ),
        (
            "31(3)",
            [
                "申请政务处分复审：1 个月，自收到处分决定之日起算",
                "党纪处分申诉的复查：3 个月，自受理之日起算",
            ],
        ),
        (
            "31(4)",
            [
                "申请行政复议：60 日，自知道或者应当知道行政行为之日起算（行政复议法 (2023) 第二十条）",
                "信访不中止该期限",
            ],
        ),
        ("31(5)", ["依法履行或者答复：2 个月，自接到申请之日起算（行政诉讼法 (2017) 第四十七条）"]),
    ],
)
def test_the_limits_of_the_path_are_printed_with_their_articles(
    world: World, path: str, printed: list[str]
) -> None:
    text = notice(world, path)
    assert "法定期限" in text
    for words in printed:
        assert words in text


def test_no_limit_is_invented(world: World) -> None:
    """The packs know no limit for arbitration, and none of the text of 2023 for papers of
    before."""
    assert "起算" not in notice(world, "31(2)")
    assert "起算" not in notice(world, "31(4)", "2023-06-01")
    assert "提出信访不中止其他法定期限" in notice(world, "31(2)")
