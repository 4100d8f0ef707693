"""Which organ and which person may decide on a measure, and that nobody else imposes one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dengwen.accountability.errors import AccountabilityError
from dengwen.accountability.measures.effects import managers_of
from dengwen.accountability.measures.queries import (
    honour_bans,
    measures_of,
)
from dengwen.cases import rulebooks
from dengwen.cases.models import Case
from dengwen.cases.write.check import Refused
from dengwen.cases.write.perform import By, perform
from dengwen.law.duties.step import Step
from dengwen.organs.models import Official, Organ
from dengwen.organs.structure.management import (
    manager_of_official,
    manager_of_organ,
)
from tests.accountability.measuring import (
    GRAVE,
    GRAVEST,
    LIGHT,
    SAID,
    SCOPE,
    circular,
    honours,
    official,
    opened,
    opened_bare,
    rectified,
    refused,
)
from tests.world import World, at


@pytest.mark.case("E24", "G21")
@pytest.mark.sentence("S17.1")
def test_only_the_organ_with_authority_on_the_day_decides(world: World) -> None:
    number = opened(world)
    registry = Organ.objects.get(code="YJ02").registry_case
    with refused("no-authority"):
        opened_bare(world, by="clerk")
    moved: dict[str, Any] = {"from": date(2025, 3, 20)}
    world.act(
        "admin",
        "relieve",
        registry,
        on="2025-03-20",
        official="YJ02-Z",
        post="YJ02-YJ02-Z",
        **moved,
    )
    housing = Organ.objects.get(code="SZJ").registry_case
    world.act(
        "admin",
        "found_post",
        housing,
        on="2025-03-20",
        organ="SZJ",
        code="SZJ-N",
        leading="deputy",
        texts={"title_zh": "副主任"},
        **moved,
    )
    world.act(
        "admin", "appoint", housing, on="2025-03-20", official="YJ02-Z", post="SZJ-N", **moved
    )
    with refused("no-authority") as error:
        circular(world, number)
    assert "没有登记管理权限" in error.value.mend_zh
    world.act(
        "admin",
        "set_management",
        housing,
        on="2025-03-20",
        post="SZJ-N",
        manager="SZF",
        basis="示例：市管",
        **moved,
    )
    with refused("no-authority") as error:
        circular(world, number)
    assert "示例市人民政府" in error.value.mend_zh
    assert managers_of(official("YJ02-Z"), None, date(2025, 4, 1)) == {
        world.organ("SZF"): "示例市人民政府"
    }
    assert manager_of_official(
        Official.objects.get(code="YJ02-Z"), date(2025, 3, 10)
    ) == Organ.objects.get(code="YJW")
    hand_on(world, number)


def hand_on(world: World, number: str) -> None:
    """Hand a file on to the organ that manages its subject now, and to no other."""
    why = {"reasons": "调任市管职务"}
    with refused("no-authority"):  # to nobody but the organ that manages now
        world.act(
            "committee", "hand_file", number, on="2025-04-01", to=world.organ("YJ03"), texts=why
        )
    world.act("committee", "hand_file", number, on="2025-04-01", to=world.organ("SZF"), texts=why)
    with pytest.raises(Refused):
        circular(world, number)
    by = By(world.office.users["decider"].pk, world.organ("SZF"), frozenset({"clerk"}))
    perform(Step(act="take_file", case=number), by=by, now=at("2025-04-02"), uid="taken/1")
    case = world.case(number)
    assert (case.state, case.holder_id) == ("considering", world.organ("SZF"))
    assert world.duty(number, "take_file").state == "closed"


def test_an_organ_that_still_manages_hands_no_file_on(world: World) -> None:
    number = opened(world)
    with refused("still-manages"):
        world.act(
            "committee",
            "hand_file",
            number,
            on="2025-04-01",
            to=world.organ("SZF"),
            texts={"reasons": "不想办"},
        )


def test_management_is_never_guessed_and_takes_one_of_post_and_organ(world: World) -> None:
    assert manager_of_organ(Organ.objects.get(code="SZF"), date(2025, 4, 1)) is None
    assert manager_of_official(Official.objects.get(code="SZF-T"), date(2025, 4, 1)) is None
    registry = Organ.objects.get(code="SZF").registry_case
    wrong: tuple[dict[str, Any], ...] = ({}, {"post": "SZF-SZF-T", "organ": "SZF"})
    for both in wrong:
        with pytest.raises(Exception, match="either a post or an organ"):
            world.act(
                "admin",
                "set_management",
                registry,
                on="2025-03-20",
                manager="YJW",
                basis="示例",
                **both,
            )
    number = opened_bare(world, "SZF-T")
    with refused("no-authority"):
        circular(world, number)


@pytest.mark.sentence("S17.2")
def test_a_petition_department_proposes_and_does_not_impose(world: World) -> None:
    number = opened_bare(world, "YJ01-Q", by="clerk")
    assert manager_of_official(
        Official.objects.get(code="YJ01-Q"), date(2025, 4, 1)
    ) == Organ.objects.get(code="YJ01")
    registry = Organ.objects.get(code="YJ01").registry_case
    moved: dict[str, Any] = {"from": date(2025, 3, 20)}
    world.act(
        "admin",
        "set_management",
        registry,
        on="2025-03-20",
        post="YJ01-YJ01-Q",
        manager="YJW",
        basis="示例",
        **moved,
    )
    by = By(world.office.users["supervisor"].pk, world.organ("YJ01"), frozenset({"head"}))
    fields = {
        "decider": official("YJ01-Z"),
        "measures": ("circular",),
        **LIGHT,
        **rectified(world),
        **SCOPE,
    }
    with refused("proposal-only"):
        perform(
            Step(act="decide", case=number, fields=fields, texts=SAID),
            by=by,
            now=at("2025-04-01"),
            uid="x/1",
        )


ACTS = (
    "decide",
    "issue_circular",
    "issue_admonition",
    "issue_treatment",
    "issue_sanction",
    "issue_party_decision",
    "issue_organ_circular",
    "order_self_criticism",
    "cancel_honours",
    "decide_none",
    "set_aside",
)

MEASURES = ("circular", "admonition", "removal", "gov_warning", "party_warning")


def asking(world: World, who: str) -> By:
    """Return who asks: the worker, an account of the committee that claims to be the head, or an
    account as it is."""
    if who == "system":
        return By.system()
    if who == "as-head":
        committee = world.office.users["committee"]
        return By(committee.pk, world.organ("YJW"), frozenset({"head", "system"}))
    return world.by(who)


def everything(world: World, number: str, measure: str, gravity: dict[str, Any]) -> dict[str, Any]:
    """Return a value for every field that an act which imposes something can have."""
    return {
        "decider": official("YJW-S"),
        "measures": (measure,),
        "measure": measure,
        "status": "civil_servant",
        "scope": "system",
        "period": "—",
        "appeal_route": "—",
        "person": "王示例",
        "ground": "other",
        "subject_official": official("YJ02-Z"),
        "until": date(2025, 12, 31),
        "appeal": number,
        "result": "revoke",
        **gravity,
        **rectified(world),
        **honours(world),
    }


@given(
    act=st.sampled_from(ACTS),
    measure=st.sampled_from(MEASURES),
    who=st.sampled_from(["system", "committee", "supervisor", "head", "admin", "as-head"]),
    gravity=st.sampled_from([LIGHT, GRAVE, GRAVEST]),
)
@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
def test_nobody_but_the_person_named_imposes_anything(
    world: World, act: str, measure: str, who: str, gravity: dict[str, Any]
) -> None:
    """Whatever the worker, a consequence or somebody else asks for, no measure and no ban comes
    of it."""
    if not Case.objects.filter(kind="accountability").exists():
        opened(world)
    number = Case.objects.get(kind="accountability").number
    kind = rulebooks.in_force(date(2025, 4, 1), "500199", at("2025-04-01")).book.kinds[
        "accountability"
    ]
    known = {f.name for f in kind.acts[act].fields}
    values = everything(world, number, measure, gravity)
    step = Step(
        act=act,
        case=number,
        fields={n: v for n, v in values.items() if n in known},
        texts={n: t for n, t in SAID.items() if n in known},
    )
    world.count += 1
    with pytest.raises((Refused, AccountabilityError)):
        perform(step, by=asking(world, who), now=at("2025-04-01"), uid=f"p/{world.count}")
    assert measures_of(official("YJ02-Z")) == []
    assert honour_bans(world.organ("YJ02"), 2025) == []
