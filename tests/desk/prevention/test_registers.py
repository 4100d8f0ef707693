"""The registers of prevention at the desk: what each page shows, writes and refuses."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest

from dengwen.cases.models import Case
from dengwen.organs.lists.handling_list import COLUMNS
from dengwen.petitions.intake.intake import handed_in, register
from dengwen.prevention.models import Position, RaisedWarning
from dengwen.prevention.watch import watch
from tests.desk.conftest import Day, Sit
from tests.world import World, at

CSV = ",".join(COLUMNS) + "\nc01,房屋质量,31(6),信访程序,六十日,条例第三十四条\n"
NEWER = ",".join(COLUMNS) + "\nc01,房屋质量,31(4),行政裁决,六十日,另一办法\n"


def decided(world: World) -> tuple[str, str]:
    """Enter one decision after its assessment and one without."""
    numbers = []
    for subject in ("示例中转站选址", "示例停车收费"):
        texts = {"subject": subject}
        number = world.act(
            "clerk", "enter", kind="decision", on="2025-03-03", texts=texts, field="price"
        ).case
        world.act("clerk", "need_assessment", number, on="2025-03-03")
        numbers.append(number)
    first, second = numbers
    given: dict[str, Any] = {"assessed_on": date(2025, 3, 3), "assessed_by": world.organ("YJ02")}
    given["result"] = "controllable"
    world.act(
        "clerk",
        "assess",
        first,
        on="2025-03-03",
        texts={"risks": "异味"},
        report="00" * 32,
        **given,
    )
    world.act(
        "clerk",
        "decide",
        first,
        on="2025-03-03",
        texts={"decision": "同意"},
        decided_on=date(2025, 3, 3),
    )
    world.act(
        "clerk",
        "decide_without",
        second,
        on="2025-03-03",
        texts={"why": "没有安排", "decision": "同意"},
        decided_on=date(2025, 3, 3),
    )
    return first, second


def test_the_register_of_decisions_says_what_is_missing(world: World, sit: Sit) -> None:
    decided(world)
    page = sit("clerk").get("/desk/prevention/").content.decode()
    assert "评估：风险可控" in page
    assert "没有评估或者风险不可控而决策" in page
    first, second = (
        Case.objects.filter(kind="decision").order_by("pk").values_list("number", flat=True)
    )
    assert "风险可控" in sit("clerk").get(f"/desk/case/{first}/").content.decode()
    assert "没有评估，或者风险不可控" in sit("clerk").get(f"/desk/case/{second}/").content.decode()
    matter = world.register("2025-03-03")
    world.act(
        "clerk", "trace_cause", matter, on="2025-03-03", texts={"why": "反对收费"}, decision=second
    )
    assert "示例小区屋面渗水" in sit("clerk").get(f"/desk/case/{second}/").content.decode()
    english = sit("clerk", "en").get("/desk/prevention/decisions/").content.decode()
    assert "decided 2025-03-03 without or against the assessment" in english
    other = sit("handler2").get("/desk/prevention/").content.decode()
    assert "示例中转站选址" not in other


def test_a_decision_is_entered_at_the_desk(world: World, sit: Sit) -> None:
    client = sit("clerk")
    path = "/desk/prevention/decisions/new/enter/"
    assert client.get(path).status_code == 200
    assert client.post(path, {"field": "project"}).status_code == 422
    answer = client.post(path, {"field": "project", "subject": "示例广场改造"})
    assert answer.status_code == 302
    assert answer["Location"] == "/desk/prevention/decisions/"
    page = client.get("/desk/prevention/decisions/").content.decode()
    assert "示例广场改造" in page
    assert "没有说明是否须评估" in page
    assert client.get("/desk/prevention/warnings/new/raise/").status_code == 404
    assert client.get("/desk/prevention/x/").status_code == 404


def test_minutes_at_the_desk(world: World, sit: Sit) -> None:
    texts = {"subject": "局务会", "agenda": "研究选址"}
    number = world.act(
        "clerk", "call", kind="meeting", on="2025-03-03", texts=texts, held_on=date(2025, 3, 3)
    ).case
    client, path = sit("clerk"), f"/desk/case/{number}/record_item/"
    page = client.get(path).content.decode()
    assert "周样本" in page
    form = {
        "item": "1",
        "outcome": "heard",
        "title": "选址",
        "decision": "再议",
        "stand_YJ01-Z": "for",
        "stand_YJ01-S": "objection",
    }
    refused = client.post(path, form)
    assert refused.status_code == 422
    assert "没有写明意见" in refused.content.decode()
    assert client.post(path, {**form, "words_YJ01-S": "没有评估"}).status_code == 302
    kept = sorted(Position.objects.values_list("official__code", "stand"))
    assert kept == [("YJ01-S", "objection"), ("YJ01-Z", "for")]
    assert (
        "没有评估" not in client.get(f"/desk/case/{number}/").content.decode()
    )  # a clerk reads no handling notes
    shown = sit("supervisor").get(f"/desk/case/{number}/").content.decode()
    assert "明确反对" in shown
    assert "没有评估" in shown


def test_a_warning_shows_its_evidence_and_how_good_such_warnings_were(
    world: World, sit: Sit, day: Day
) -> None:
    for n in range(4):
        one = handed_in(
            channel="letter",
            content="示例小区三号楼屋面渗水多年，请求尽快修复屋面",
            subject="屋面渗水",
            petitioner=f"示例{'甲乙丙丁'[n]}",
        )
        register(
            one, by=world.by("clerk"), now=at(date(2025, 3, 3) + timedelta(days=n)), uid=f"d/{n}"
        )
    assert watch(at("2025-03-07")) == 1
    day.set("2025-03-07")
    client = sit("clerk")
    listed = client.get("/desk/prevention/warnings/").content.decode()
    assert "多人反映同一事项" in listed
    number = RaisedWarning.objects.get().case.number
    page = client.get(f"/desk/case/{number}/").content.decode()
    assert page.count("屋面渗水</a>") == 4
    assert "这样的预警还没有答复过" in page
    assert "本地阈值，不是法定" in page
    assert client.post(f"/desk/case/{number}/acknowledge/", {}).status_code == 302
    assert (
        client.post(
            f"/desk/case/{number}/answer/", {"verdict": "right", "done": "约谈"}
        ).status_code
        == 302
    )
    assert "1 次是对的（100%）" in client.get(f"/desk/case/{number}/").content.decode()


@pytest.mark.case("G04")
@pytest.mark.sentence("S5.1", "S5.2")
def test_the_list_of_the_day_is_offered_where_a_path_is_proposed(
    world: World, sit: Sit, day: Day
) -> None:
    admin = sit("admin")
    path = "/desk/registry/organ/YJ02/list/"
    _publish(admin, path, CSV, "2025-03-03")
    number = world.register("2025-03-03", category="c01")
    client = sit("clerk")
    sort = f"/desk/case/{number}/classify/"
    assert "房屋质量" in client.get(sort).content.decode()
    chosen = client.get(f"{sort}?entry=YJ02/1/1").content.decode()
    assert 'value="31(6)" checked' in chosen or 'value="31(6)" selected' in chosen
    wrong = client.post(
        sort, {"class": "claim", "path": "31(6)", "list_entry": "YJ02/9/1", "onward": ""}
    )
    assert wrong.status_code == 422
    good = {"class": "claim", "path": "31(6)", "list_entry": "YJ02/1/1", "onward": ""}
    assert client.post(sort, good).status_code == 302
    day.set("2025-06-02")
    _publish(admin, path, NEWER, "2025-06-02")
    shown = client.get(f"/desk/case/{number}/").content.decode()
    assert "第 1 版" in shown
    assert "行政裁决" not in shown
    assert "31(4)" in client.get(sort).content.decode()
    assert sit("clerk").post(path, {"confirm": "1"}).status_code == 404


def _publish(client: Any, path: str, csv: str, since: str) -> None:
    upload = BytesIO(csv.encode())
    upload.name = "list.csv"
    page = client.post(path, {"list": upload}).content.decode()
    kept = page.split('name="kept" value="')[1].split('"')[0]
    digest = page.split('name="digest" value="')[1].split('"')[0]
    answer = client.post(path, {"kept": kept, "digest": digest, "confirm": "1", "from": since})
    assert answer.status_code == 302


def test_a_list_with_errors_is_not_published(world: World, sit: Sit) -> None:
    upload = BytesIO((",".join(COLUMNS) + "\nc01,甲,31(9),程序,六十日,依据\n").encode())
    upload.name = "list.csv"
    answer = sit("admin").post("/desk/registry/organ/YJ02/list/", {"list": upload})
    assert answer.status_code == 422
    assert "没有途径" in answer.content.decode()


@pytest.mark.parametrize(
    ("part", "act"),
    [
        ("meetings", "call"),
        ("screenings", "begin"),
        ("problems", "open_record"),
        ("provisions", "set_aside"),
        ("provisions", "adopt_rule"),
    ],
)
def test_every_register_can_be_begun_and_refuses_an_empty_form(
    world: World, sit: Sit, part: str, act: str
) -> None:
    client, path = sit("clerk"), f"/desk/prevention/{part}/new/{act}/"
    assert client.get(path).status_code == 200
    assert client.post(path, {}).status_code == 422
    assert client.get(f"/desk/prevention/{part}/").status_code == 200


def test_a_problem_whose_organs_do_not_fit_is_refused(world: World, sit: Sit) -> None:
    form = {"answers": "government", "subject": "示例小区漏水"}
    answer = sit("clerk").post("/desk/prevention/problems/new/open_record/", form)
    assert answer.status_code == 422
    assert "由谁明确" in answer.content.decode()
    good = {**form, "government": str(world.organ("YJQ"))}
    assert sit("clerk").post("/desk/prevention/problems/new/open_record/", good).status_code == 302
    assert "没有明确谁负责" in sit("clerk").get("/desk/prevention/problems/").content.decode()
