"""Ratings in sums: participation beside satisfaction, few hidden, nothing that ties a rating to
a matter."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dengwen.cases.models import Case
from dengwen.petitions.models import Evaluation
from dengwen.petitions.rating_figures import FLOOR, facts_between, quarters_of
from tests.world import World, at

TODAY = date(2025, 7, 2)


def rows(world: World, levels: list[str], unrated: int = 0, day: date = date(2025, 2, 3)) -> None:
    """Enter evaluations as the effects keep them: one rating each, and some invitations without
    one."""
    number = world.register("2025-02-03")
    template = Case.objects.get(number=number)
    for place, level in enumerate([*levels, *[""] * unrated]):
        cases = []
        for name in ("a", "b"):
            last = Case.objects.order_by("-serial").first()
            assert last is not None
            template.pk, template.number = None, f"{name}-{Case.objects.count()}"
            template.serial = last.serial + 1
            template.save(force_insert=True)
            cases.append(Case.objects.get(number=template.number))
        Evaluation.objects.create(
            case=cases[0],
            petition=cases[1],
            competent_id=world.organ("YJ02"),
            department_id=world.organ("YJ01"),
            opened_on=day,
            rated_on=day + timedelta(days=place % 5) if level else None,
            competent_level=level,
            department_level="satisfied" if level else "",
            channel="portal" if level else "",
            own_network=place == 0,
        )


@pytest.mark.sentence("P15.2")
def test_participation_stands_beside_satisfaction_and_the_two_are_apart(world: World) -> None:
    rows(world, ["satisfied"] * 6 + ["basically"] * 3 + ["dissatisfied"], unrated=4)
    [ours] = quarters_of(world.organ("YJ02"), TODAY, Case.objects.all())
    assert (ours.side, ours.invited, ours.rated, ours.hidden) == ("competent", 14, 10, False)
    assert dict(ours.levels) == {"satisfied": 6, "basically": 3, "dissatisfied": 1}
    assert (ours.own_network, ours.channels) == (1, (("portal", 10),))
    [office] = quarters_of(world.organ("YJ01"), TODAY, Case.objects.all())
    assert dict(office.levels)["satisfied"] == 10
    assert quarters_of(world.organ("YJ03"), TODAY, Case.objects.all()) == ()


def test_few_are_hidden_and_so_is_everybody_saying_the_same(world: World) -> None:
    rows(world, ["satisfied"] * (FLOOR - 2) + ["dissatisfied"])
    [few] = quarters_of(world.organ("YJ02"), TODAY, Case.objects.all())
    assert (few.hidden, few.levels, few.channels, few.own_network) == (True, (), (), 0)
    rows(world, ["satisfied"] * FLOOR, day=date(2024, 11, 4))
    alike = next(
        q for q in quarters_of(world.organ("YJ02"), TODAY, Case.objects.all()) if q.year == 2024
    )
    assert (alike.rated, alike.hidden) == (FLOOR, True)


def test_a_quarter_is_shown_once_it_can_no_longer_move(world: World) -> None:
    rows(world, ["satisfied"] * 9 + ["dissatisfied"] * 3)
    assert quarters_of(world.organ("YJ02"), date(2025, 6, 30), Case.objects.all()) == ()
    before = quarters_of(world.organ("YJ02"), TODAY, Case.objects.all())
    late = Evaluation.objects.filter(competent_level="satisfied").first()
    assert late is not None
    late.rated_on = date(2025, 7, 1)
    late.save()
    [after] = quarters_of(world.organ("YJ02"), TODAY + timedelta(days=9), Case.objects.all())
    assert after.rated == before[0].rated - 1


def test_facts_for_the_assessment_name_no_case_and_no_day_and_no_protected_matter(
    world: World,
) -> None:
    rows(world, ["dissatisfied", "satisfied"], unrated=1)
    found = facts_between(date(2025, 2, 1), date(2025, 2, 28), at("2025-03-01"))
    assert {(f.case, f.day) for f in found} == {(0, date(2025, 2, 1))}
    asked = [f for f in found if f.kind == "invitation" and f.sort == "competent"]
    assert sorted(f.outcome for f in asked) == ["rated", "rated", "unrated"]
    given = [f for f in found if f.kind == "rating" and f.sort == "competent"]
    assert sorted(f.outcome for f in given) == ["dissatisfied", "satisfied"]
    assert len({(f.kind, f.id) for f in found}) == len(found)
    assert not facts_between(date(2025, 2, 1), date(2025, 2, 28), at("2025-02-02"))
    Case.objects.filter(evaluated_by__isnull=False).update(protected=True)
    assert facts_between(date(2025, 2, 1), date(2025, 2, 28), at("2025-03-01")) == ()
