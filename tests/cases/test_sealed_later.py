"""Papers of a matter that was sealed later: what was sent keeps its number, what follows is
counted apart."""

from __future__ import annotations

from dengwen.cases.models import Document
from tests.world import ACCUSATION, CLAIM, World


def forwarded(world: World, to: str = "YJ03") -> str:
    """Forward a letter and return its number."""
    number = world.register("2025-03-03")
    world.act("clerk", "classify", number, on="2025-03-03", **CLAIM)
    world.act("router", "forward", number, on="2025-03-03", to=world.organ(to))
    return number


def papers(number: str) -> list[str]:
    """Return the numbers of the papers of a case that are counted in a series."""
    rows = (
        Document.objects.filter(case__number=number).order_by("pk").values_list("number", flat=True)
    )
    return [row for row in rows if "〔" in row]


def test_numbers_given_stay_and_the_open_series_goes_on_as_if_nothing_had_been(
    world: World,
) -> None:
    first, sealed_later = forwarded(world), forwarded(world)
    world.act("handler2", "receive", sealed_later, on="2025-03-04")
    before = papers(sealed_later)
    assert before == ["云信访转〔2025〕2号", "云信访告〔2025〕2号"]
    world.act("handler2", "classify", sealed_later, on="2025-03-05", **ACCUSATION)
    assert papers(sealed_later) == before
    world.act(
        "handler2", "forward_accusation", sealed_later, on="2025-03-06", to=world.organ("YJ09")
    )
    added = papers(sealed_later)[len(before) :]  # the sealed transfer, and where it went
    assert len(added) == 2
    assert all("专〔2025〕" in number for number in added)
    assert papers(forwarded(world)) == ["云信访转〔2025〕3号", "云信访告〔2025〕3号"]
    assert papers(first) == ["云信访转〔2025〕1号", "云信访告〔2025〕1号"]
