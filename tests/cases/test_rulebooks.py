"""Which rows of rulebooks a process may remember: those that were committed, and no others."""

from __future__ import annotations

from dengwen.cases.models import Act
from dengwen.cases.write.check import Refused
from dengwen.cases.write.perform import Call, perform_many
from dengwen.editions.models import InstalledRulebook
from dengwen.law.duties.step import FieldValue, Step
from tests.world import World, at


def registration(**more: FieldValue) -> Step:
    """Return the registration of a letter, with fields that may be wrong."""
    fields: dict[str, FieldValue] = {"channel": "letter", "office": "petition_office", **more}
    return Step(
        act="register", kind="petition", fields=fields, texts={"content": "三号楼屋面渗水。"}
    )


def test_a_refused_first_use_of_an_edition_leaves_no_dangling_row(world: World) -> None:
    """The office has used the rules of 2018 only; the first act under those of 2022 is refused,
    the second stands."""
    by, now = world.by("clerk"), at("2025-03-03")
    before = InstalledRulebook.objects.count()
    refused, done = perform_many(
        [Call((registration(zz=1),), by, now, "a"), Call((registration(),), by, now, "b")]
    )
    assert isinstance(refused.error, Refused)
    assert done.performed is not None
    assert InstalledRulebook.objects.count() == before + 1
    assert Act.objects.get(uid="b/0").rules == InstalledRulebook.objects.latest("pk")
