"""The incident console: first knowledge, reports typed once, elapsed time, and what only two
persons may change."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from dengwen.cases.models import Case, Document, Duty
from dengwen.cases.read.case_view import read_file
from dengwen.cases.write.check import Refused
from dengwen.cases.write.perform import perform
from dengwen.law.duties.step import Step
from dengwen.leadership.errors import LeadershipError
from dengwen.leadership.incidents import chain_of, in_words
from dengwen.organs.kinds import LEADING_GROUP, RANKS
from dengwen.organs.models import Appointment, Post
from tests.desk.conftest import Day, Sit
from tests.world import World, at

KNOWN: dict[str, Any] = {
    "known_on": "2025-03-03",
    "known_time": "09:00",
    "type": "collective_visit",
    "persons": "40",
    "subject": "四十人走访",
    "what": "四十人到区政府门前反映屋面渗水",
}
REPORT: dict[str, Any] = {
    "told_on": "2025-03-03",
    "told_time": "15:00",
    "how": "phone",
    "happened": "九时",
    "scene": "区政府门前",
    "crowd": "约四十人",
    "cause": "屋面渗水多年",
    "measures": "引导到接待场所",
    "trend": "平稳",
    "request": "请派员协调",
}
ALL = ["report", "inform_department", "inform_conference", "report_higher", "report_national"]


def opened(client: Client) -> str:
    """Record what became known at nine and return the number of the incident."""
    answer = client.post("/desk/leadership/incidents/new/", KNOWN)
    assert answer.status_code == 302, answer.content.decode()
    return Case.objects.get(kind="incident").number


@pytest.mark.case("G11")
@pytest.mark.sentence("S8.6")
def test_known_at_nine_and_reported_at_fifteen_shows_six_hours_and_no_statutory_hours(
    world: World, day: Day, sit: Sit
):
    day.set("2025-03-03", 16)
    client = sit("clerk")
    number = opened(client)
    assert (
        client.post(
            f"/desk/leadership/incidents/{number}/report/", REPORT | {"to": ["report"]}
        ).status_code
        == 302
    )
    text = client.get(f"/desk/leadership/incidents/{number}/").content.decode()
    assert "2025-03-03 09:00" in text
    assert "2025-03-03 15:00" in text
    assert ">6 小时<" in text
    assert ">7 小时<" in text  # the others have waited until now
    assert "没有小时数" in text
    duty = world.duty(number, "report_own")
    assert (duty.state, duty.due, duty.statutory, duty.breach_id) == ("closed", None, False, None)
    assert in_words(chain(number, "16").links[0].elapsed, "en") == "6 h"


def chain(number: str, hour: str) -> Any:
    """Read the chain of an incident at an hour of the day."""
    now = at("2025-03-03", int(hour))
    return chain_of(read_file(Case.objects.get(number=number), now), now)


def test_a_report_is_typed_once_and_given_to_everybody_with_a_paper_each(
    world: World, day: Day, sit: Sit
):
    day.set("2025-03-03", 16)
    client = sit("clerk")
    number = opened(client)
    page = client.get(f"/desk/leadership/incidents/{number}/report/").content.decode()
    assert page.count('name="to"') == len(ALL)
    assert (
        client.post(
            f"/desk/leadership/incidents/{number}/report/", REPORT | {"to": ALL}
        ).status_code
        == 302
    )
    assert Document.objects.filter(case__number=number).count() == len(ALL)
    still = Duty.objects.filter(case__number=number, state="open").values_list("rule", flat=True)
    assert set(still) == {"take_measures", "leader_handles"}
    page = client.get(f"/desk/leadership/incidents/{number}/").content.decode()
    assert "第七条第（三）项" in page
    assert f"/desk/case/{number}/attend/" in page
    leader = world.office.users["supervisor"].official_id
    assert leader is not None
    came = {"measures": "到场"}
    no_leader = world.office.users["clerk"].official_id
    for wrong in (no_leader, world.office.users["head"].official_id):
        with pytest.raises(LeadershipError) as error:
            world.act(
                "clerk",
                "attend",
                number,
                on="2025-03-04",
                leader=wrong or 0,
                where="on_the_spot",
                texts=came,
            )
        assert (error.value.code, error.value.where) == ("no-leader", "leader")
    assert world.duty(number, "leader_handles").state == "open"
    world.act(
        "clerk", "attend", number, on="2025-03-04", leader=leader, where="on_the_spot", texts=came
    )
    world.act("clerk", "measure", number, on="2025-03-04", texts={"measures": "引导"})
    world.act("clerk", "close", number, on="2025-03-05", texts={"result": "平稳"})
    assert "处置结束" in client.get("/desk/leadership/incidents/").content.decode()


def test_where_nobody_leads_the_organ_whoever_holds_a_post_in_it_deals_with_it(
    world: World, sit: Sit, day: Day
) -> None:
    day.set("2025-03-03", 16)
    number = opened(sit("clerk"))
    organ = world.organ("YJ01")
    clerk, head = (world.office.users[name].official_id or 0 for name in ("clerk", "head"))
    since: dict[str, Any] = {"valid_from": date(2025, 1, 1), "act": 1}
    post = Post.objects.create(
        organ_id=organ, code="T-9", title_zh="示例", leading=RANKS[-1], **since
    )
    Appointment.objects.create(post=post, official_id=clerk, **since)
    said: dict[str, Any] = {"where": "on_the_spot", "texts": {"measures": "到场"}}
    with pytest.raises(LeadershipError):  # somebody leads it still
        world.act("clerk", "attend", number, on="2025-03-04", leader=clerk, **said)
    Post.objects.filter(organ=organ, leading__in=LEADING_GROUP).update(leading=RANKS[-1])
    with pytest.raises(LeadershipError):  # no post in this organ
        world.act("clerk", "attend", number, on="2025-03-04", leader=head, **said)
    world.act("clerk", "attend", number, on="2025-03-04", leader=clerk, **said)
    assert world.duty(number, "leader_handles").state == "closed"


@pytest.mark.parametrize(
    "content", ["happened", "scene", "crowd", "cause", "measures", "trend", "request"]
)
def test_an_urgent_report_without_one_of_its_contents_is_not_given(
    world: World, day: Day, sit: Sit, content: str
):
    day.set("2025-03-03", 16)
    client = sit("clerk")
    number = opened(client)
    answer = client.post(
        f"/desk/leadership/incidents/{number}/report/", REPORT | {"to": ALL, content: ""}
    )
    assert answer.status_code == 422
    assert "请填写" in answer.content.decode()
    assert not Document.objects.exists()


def test_hours_past_a_local_target_are_said_to_be_local(world: World, day: Day, sit: Sit):
    day.set("2025-03-03", 16)
    target: dict[str, Any] = {
        "key": "incident.report_hours",
        "value": "2",
        "from": at("2025-01-06").date(),
    }
    world.act("admin", "set_local_target", kind="edition", on="2025-01-06", **target)
    client = sit("clerk")
    number = opened(client)
    client.post(f"/desk/leadership/incidents/{number}/report/", REPORT | {"to": ["report"]})
    text = client.get(f"/desk/leadership/incidents/{number}/").content.decode()
    assert "超过" in text
    assert "本地目标 2 小时，非法定" in text
    duty = world.duty(number, "report_higher")
    assert (duty.due, duty.sort_day) == (None, at("2025-03-03").date())  # hours, not days


def test_what_cannot_be_is_said_at_its_field(world: World, day: Day, sit: Sit):
    day.set("2025-03-03", 8)
    client = sit("clerk")
    early = client.post("/desk/leadership/incidents/new/", KNOWN)
    assert early.status_code == 422
    assert "还没有到" in early.content.decode()
    assert (
        "请写成 09:00"
        in client.post(
            "/desk/leadership/incidents/new/", KNOWN | {"known_time": "九点"}
        ).content.decode()
    )
    day.set("2025-03-03", 16)
    number = opened(client)
    none = client.post(f"/desk/leadership/incidents/{number}/report/", REPORT)
    assert none.status_code == 422
    assert "请选择向谁" in none.content.decode()


@pytest.mark.parametrize(
    ("field", "new"),
    [("type", "other"), ("persons", "4"), ("occurred_at", "2025-03-03T14:00:00+08:00")],
)
def test_type_size_and_first_knowledge_change_only_with_reason_and_a_second_person(
    world: World, day: Day, sit: Sit, field: str, new: str
):
    day.set("2025-03-03", 16)
    number = opened(sit("clerk"))
    first = Case.objects.get(number=number).acts.get(seq=1).pk
    fields: dict[str, Any] = {"target": first, "field": field, "new": new}
    now = at("2025-03-03", 17)

    def correct(uid: str, more: dict[str, Any], texts: dict[str, str]) -> None:
        step = Step(act="correct", case=number, fields=fields | more, texts=texts)
        perform(step, by=world.by("clerk"), now=now, uid=uid)

    with pytest.raises(Refused) as alone:
        correct("c1", {}, {"reason": "笔误"})
    assert {r.code for r in alone.value.reasons} == {"second-person"}
    with pytest.raises(Refused) as silent:
        correct("c2", {}, {})
    assert {r.code for r in silent.value.reasons} == {"missing-field", "second-person"}
    second = world.office.users["router"].official_id or 0
    with pytest.raises(Refused) as typed:
        correct("c3", {"second": second}, {"reason": "登记有误"})
    assert {r.code for r in typed.value.reasons} == {"second-person"}
    texts = {"reason": "登记有误"}
    world.act("clerk", "correct", number, on="2025-03-03", texts=texts, second=second, **fields)
    text = sit("clerk").get(f"/desk/leadership/incidents/{number}/").content.decode()
    assert {"type": "其他重大", "persons": "4 人", "occurred_at": "14:00"}[field] in text
    assert "更正" in text


def test_other_organs_and_other_kinds_are_the_same_404(world: World, day: Day, sit: Sit):
    day.set("2025-03-03", 16)
    number = opened(sit("clerk"))
    petition = world.register("2025-03-03")
    assert sit("handler").get(f"/desk/leadership/incidents/{number}/").status_code == 404
    assert number not in sit("handler").get("/desk/leadership/incidents/").content.decode()
    assert sit("clerk").get(f"/desk/leadership/incidents/{petition}/").status_code == 404
    assert (
        sit("clerk").get("/desk/leadership/incidents/YJ01-2025-000000000-0/report/").status_code
        == 404
    )


def test_the_console_speaks_english(world: World, day: Day, sit: Sit):
    day.set("2025-03-03", 16)
    number = opened(sit("clerk"))
    text = sit("clerk", "en").get(f"/desk/leadership/incidents/{number}/").content.decode()
    assert "First knowledge" in text
    assert "7 h" in text
