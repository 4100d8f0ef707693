"""The log of an official: from acts alone, for oneself and for who leads or supervises, never
across the wall."""

from __future__ import annotations

from typing import Any

import pytest

from dengwen.law.duties.step import PartyEntry
from tests.desk.conftest import Day, Sit
from tests.world import World


def handled(world: World) -> str:
    """Let a matter be registered, explained, reported on and proposed about; return its number."""
    number = world.register("2025-03-03", channel="visit", visit_kind="group", persons=6)
    head = world.office.users["supervisor"].official_id
    assert head is not None
    talk = {"with_whom": "五名代表", "explained": "办理程序"}
    world.act("clerk", "explain_talk", number, on="2025-03-03", way="face", texts=talk)
    world.act(
        "clerk", "report_up", number, on="2025-03-04", leader=head, texts={"reported": "涉及面广"}
    )
    world.act(
        "clerk", "propose_improvement", number, on="2025-03-04", texts={"proposed": "公布使用情况"}
    )
    return number


@pytest.mark.sentence("S8.2", "S8.3", "S8.7", "S8.8")
def test_what_somebody_did_stands_in_the_log_without_being_typed(world: World, day: Day, sit: Sit):
    number = handled(world)
    day.set("2025-03-05")
    text = sit("clerk").get("/desk/leadership/staff/").content.decode()
    for word in (
        "钱虚构的工作记录",
        "登记的",
        "说服解释",
        "向领导报告重要事项",
        "提出改进工作的建议",
        "第八条第（四）项",
    ):
        assert word in text
    assert f"/desk/case/{number}/" in text
    assert "办理程序" not in text  # texts are read in the case, with the read log


def test_the_period_is_what_was_asked_for(world: World, day: Day, sit: Sit):
    handled(world)
    day.set("2025-03-05")
    text = (
        sit("clerk").get("/desk/leadership/staff/?from=2025-03-04&to=2025-03-04").content.decode()
    )
    assert "提出改进工作的建议" in text
    assert "登记的" not in text
    wrong = sit("clerk").get("/desk/leadership/staff/?from=x&to=y")
    assert wrong.status_code == 422
    assert wrong.content.decode().count('class="error"') == 2, "said at each of the two fields"
    assert "登记的" in wrong.content.decode(), "and the usual ninety days are shown"


def test_own_acts_stay_after_a_matter_was_passed_on(world: World, day: Day, sit: Sit):
    number = world.to_accepted()
    day.set("2025-05-05")
    text = sit("clerk").get("/desk/leadership/staff/").content.decode()
    assert number in text
    assert f"/desk/case/{number}/" not in text


def test_a_colleagues_log_is_for_who_leads_or_supervises_and_only_of_this_organ(
    world: World, day: Day, sit: Sit
):
    number = handled(world)
    day.set("2025-03-05")
    assert number in sit("supervisor").get("/desk/leadership/staff/?who=YJ01-Q").content.decode()
    assert sit("router").get("/desk/leadership/staff/?who=YJ01-Q").status_code == 404
    assert sit("head").get("/desk/leadership/staff/?who=YJ01-Q").status_code == 404
    assert sit("supervisor").get("/desk/leadership/staff/?who=YJ02-L").status_code == 404
    assert sit("head").get("/desk/leadership/staff/?who=YJ02-L").status_code == 200


def test_acts_in_a_sealed_matter_are_not_there(world: World, day: Day, sit: Sit):
    accused = (PartyEntry(role="accused_unit", organ=world.organ("YJ03")),)
    fields: dict[str, Any] = {
        "channel": "letter",
        "office": "petition_office",
        "address_clear": True,
    }
    number = world.act(
        "clerk",
        "register",
        kind="petition",
        on="2025-03-03",
        step={"parties": accused},
        texts={"content": "收受好处"},
        **fields,
    ).case
    day.set("2025-03-05")
    for who, path in (
        ("clerk", "/desk/leadership/staff/"),
        ("supervisor", "/desk/leadership/staff/?who=YJ01-Q"),
    ):
        assert number not in sit(who).get(path).content.decode()
