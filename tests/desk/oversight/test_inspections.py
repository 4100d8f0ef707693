"""The pages of inspections: plan, draw, examine, answer, report, coverage; who sees what."""

from __future__ import annotations

import re
from datetime import date
from hashlib import sha256
from typing import Any

import pytest
from django.test import Client

from dengwen.access.models import User
from dengwen.cases.models import Act, Case, Document, Duty
from dengwen.cases.write.issue import open_body
from dengwen.desk.shell.frame import clock
from dengwen.ledger.sequencer import tick
from dengwen.oversight.inspections.queries import read_inspection
from tests.desk.conftest import Day, Sit
from tests.world import World, at

SECRET = bytes(range(32))
START = "2025-06-03"


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Set the desk's clock to a day."""

    def to(day: str) -> None:
        monkeypatch.setattr(clock, "now", lambda: at(day))

    to(START)
    return to


def sit(who: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=who))
    return client


def planned(world: World, cases: int = 4) -> str:
    for n in range(cases):
        world.to_accepted(f"2025-03-{3 + n:02}")
    form = {
        "to": world.organ("YJ02"),
        "depositor": world.organ("YJ04"),
        "type": "special",
        "subject": "信访工作",
        "until": "2025-07-01",
        "begins": START,
    }
    answer = sit("supervisor").post("/desk/oversight/inspections/new/", form)
    number = Case.objects.filter(kind="inspection").latest("pk").number
    assert answer["Location"] == f"/desk/oversight/inspections/{number}/"
    world.act("handler3", "deposit", number, on=START, secret_digest=sha256(SECRET).hexdigest())
    return number


PLAN = {
    "scope": "上半年",
    "first": "2025-01-01",
    "last": "2025-06-03",
    "size": "2",
    "open_by": "2025-06-10",
    "checklist": "第二十三条｜是否告知\n第三十四条｜是否按期",
}


def drawn(world: World) -> str:
    number = planned(world)
    assert (
        sit("supervisor").post(f"/desk/oversight/inspections/{number}/plan/", PLAN).status_code
        == 302
    )
    tick(now=at(START, 12))
    world.act("handler3", "open_secret", number, on="2025-06-04", secret=SECRET.hex())
    assert sit("supervisor").post(f"/desk/oversight/inspections/{number}/draw/").status_code == 302
    return number


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_a_plan_with_nothing_to_draw_or_a_missing_day_keeps_what_was_typed(
    world: World, now: Any
) -> None:
    number = planned(world, cases=1)
    path = f"/desk/oversight/inspections/{number}/plan/"
    for wrong in (
        {"first": "2024-01-01", "last": "2024-02-01"},
        {"open_by": ""},
        {"size": "x"},
        {"checklist": "｜"},
    ):
        answer = sit("supervisor").post(path, {**PLAN, **wrong})
        assert answer.status_code == 422
        assert "上半年" in answer.content.decode()
    assert not Act.objects.filter(act="file_plan").exists()


def test_the_page_says_who_could_steer_and_hands_out_what_a_redraw_needs(
    world: World, now: Any
) -> None:
    now("2025-06-04")
    number = drawn(world)
    page = text(sit("handler"), f"/desk/oversight/inspections/{number}/")
    assert "运维方和交存单位串通" in page
    assert SECRET.hex() in page
    plan = sit("handler").get(f"/desk/oversight/inspections/{number}/published/1/plan.json/")
    made = read_inspection(Case.objects.get(number=number))
    assert made.plan is not None
    assert sha256(plan.content).hexdigest() == made.plan.data["plan"]
    note = (
        sit("handler")
        .get(f"/desk/oversight/inspections/{number}/published/1/checkpoint.txt/")
        .content.decode()
    )
    assert note.splitlines()[1] == str(made.drawing.data["checkpoint"] if made.drawing else 0)
    assert (
        sit("handler").get(f"/desk/oversight/inspections/{number}/published/1/x/").status_code
        == 404
    )
    assert (
        sit("handler")
        .get(f"/desk/oversight/inspections/{number}/published/2/plan.json/")
        .status_code
        == 404
    )
    assert sit("handler2").get(f"/desk/oversight/inspections/{number}/").status_code == 404


def test_from_the_pack_to_the_report(world: World, now: Any) -> None:
    now("2025-06-04")
    number = drawn(world)
    made = read_inspection(Case.objects.get(number=number))
    inspector, path = sit("supervisor"), f"/desk/oversight/inspections/{number}"
    answer = inspector.post(f"{path}/pack/", {"return_by": "2025-06-12"})
    pack = text(inspector, answer["Location"])
    assert all(n in pack for n in made.drawn)
    assert "王示例" not in pack
    assert "13800000000" not in pack
    assert sit("handler").get(answer["Location"]).status_code == 404
    first, second = made.drawn
    assert sit("handler").get(f"{path}/case/{first}/").status_code == 404
    case = f"{path}/case/{first}/"
    no_proof = inspector.post(case, {"item-1": "no", "item-2": "yes", "reply": "poor"})
    assert no_proof.status_code == 422
    noted = {"item-1": "no", "item-2": "yes", "reply": "poor", "remarks": "没有告知书"}
    assert inspector.post(case, noted)["Location"] == f"{path}/case/{second}/"
    assert (
        inspector.post(f"{path}/case/{second}/", {"item-1": "yes", "item-2": "na"})["Location"]
        == f"{path}/"
    )
    world.act("supervisor", "send_findings", number, on="2025-06-05", texts={"summary": "一项不符"})
    now("2025-06-06")
    answers = {"stand-1-1": "partly", "answer-1-1": "当面告知过", "answer-all": ""}
    assert sit("handler").post(f"{path}/answers/", {}).status_code == 422
    assert sit("handler").post(f"{path}/answers/", answers).status_code == 302
    page = text(inspector, f"{path}/report/")
    assert "没有告知书" in page
    assert "当面告知过" in page
    report = {
        "what-1-1": "没有告知书",
        "owner-1-1": world.organ("YJ02"),
        "until-1-1": "2025-07-07",
        "findings": "一项",
    }
    assert inspector.post(f"{path}/report/", report).status_code == 422
    assert not Act.objects.filter(act="list_finding").exists()
    assert (
        inspector.post(f"{path}/report/", {**report, "circular_scope": "inspected"}).status_code
        == 302
    )
    assert Case.objects.get(number=number).state == "concluded"
    assert "2025-07-07" in text(sit("handler"), f"{path}/")
    assert "1 / " in text(inspector, "/desk/oversight/inspections/")


def test_packs_are_numbered_and_one_that_is_out_too_long_is_late(world: World, now: Any) -> None:
    now("2025-06-04")
    number = drawn(world)
    inspector, path = sit("supervisor"), f"/desk/oversight/inspections/{number}/"
    for day in ("2025-06-12", "2025-06-30"):
        assert inspector.post(f"{path}pack/", {"return_by": day}).status_code == 302
    assert f"{number} / 2" in text(inspector, f"{path}pack/2/")
    assert "逾期未交还" not in text(inspector, path)
    now("2025-06-13")
    page = text(inspector, path)
    assert page.count("逾期未交还") == 1
    link = re.findall(r'href="([^"]+return_pack/\?copy=1)"', page)[0]
    assert 'value="1"' in text(inspector, link)
    assert (
        inspector.post(link, {"copy": "1", "complete": "true", "carried": ["copy"]}).status_code
        == 302
    )
    duties = list(Duty.objects.filter(case__number=number, rule="return_pack").order_by("id"))
    assert [(d.closed_by_id is None, d.due) for d in duties] == [
        (False, date(2025, 6, 12)),
        (True, date(2025, 6, 30)),
    ]
    page = text(inspector, path)
    assert ("逾期交还" in page, "逾期未交还" in page) == (True, False)
    assert "return_pack/?copy=1" not in page


def test_the_answer_stands_beside_its_finding_and_the_circular_says_its_scope(
    world: World, now: Any
) -> None:
    now("2025-06-04")
    number = drawn(world)
    first, second = read_inspection(Case.objects.get(number=number)).drawn
    inspector, path = sit("supervisor"), f"/desk/oversight/inspections/{number}/"
    inspector.post(
        f"{path}case/{first}/", {"item-1": "no", "item-2": "yes", "remarks": "没有告知书"}
    )
    page = text(inspector, path)
    assert f"/call/{first}/" not in page  # who examined it does not call
    assert f"/call/{second}/" in page
    inspector.post(f"{path}case/{second}/", {"item-1": "yes", "item-2": "na"})
    world.act("supervisor", "send_findings", number, on="2025-06-05", texts={"summary": "一项不符"})
    now("2025-06-06")
    sit("handler").post(
        f"{path}answers/",
        {"stand-1-1": "partly", "answer-1-1": "当面告知过", "answer-all": "已开会"},
    )
    row = next(
        r
        for r in re.findall(r"<tr>.*?</tr>", text(inspector, path), re.DOTALL)
        if "当面告知过" in r
    )
    assert all(words in row for words in (first, "是否告知", "没有告知书", "部分认可"))
    inspector.post(f"{path}report/", {"findings": "一项", "circular_scope": "inspected"})
    page = text(sit("handler"), path)
    assert "被督查的机关、单位</dd>" in page
    assert "2025-06-06" in page.split("结论和通报", 1)[1]


def test_a_call_is_offered_only_to_who_did_not_examine_the_case_and_the_page_says_why_not(
    world: World, now: Any
) -> None:
    now("2025-06-04")
    number = drawn(world)
    first, second = read_inspection(Case.objects.get(number=number)).drawn
    a, b, path = sit("supervisor"), sit("inspector"), f"/desk/oversight/inspections/{number}/"
    answers = {"item-1": "yes", "item-2": "na"}
    assert a.post(f"{path}case/{first}/", answers).status_code == 302
    assert b.post(f"{path}case/{second}/", answers).status_code == 302
    own, other = text(a, path), text(b, path)
    assert (f"/call/{first}/" in own, f"/call/{second}/" in own) == (False, True)
    assert (f"/call/{first}/" in other, f"/call/{second}/" in other) == (True, False)
    assert "您检查过这一件，由别人回访" in own
    assert "您检查过这一件" in text(a, f"{path}call/{first}/")
    refused = a.post(f"{path}call/{first}/", {"result": "satisfied"})
    assert (refused.status_code, "细则第九条" in refused.content.decode()) == (422, True)
    assert b.post(f"{path}call/{first}/", {"result": "satisfied"}).status_code == 302
    assert "您回访过这一件，由别人检查" in text(b, path)
    refused = b.post(f"{path}case/{first}/", answers)
    assert (refused.status_code, "细则第九条" in refused.content.decode()) == (422, True)


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


def test_the_aids_for_reading_a_reply_stand_where_it_is_graded(world: World, now: Any) -> None:
    now("2025-06-04")
    number = drawn(world)
    first, second = read_inspection(Case.objects.get(number=number)).drawn
    texts = {
        "claim": "修复屋面",
        "facts_reasons": "收悉",
        "opinion": "您的来信已转交物业公司处理。",
        "legal_basis": "无",
    }
    world.act("handler", "draft", first, on="2025-06-04", outcome="support", texts=texts)
    inspector, path = sit("supervisor"), f"/desk/oversight/inspections/{number}/"
    page = text(inspector, f"{path}case/{first}/")
    assert "您的来信已转交物业公司处理。" in page.split('id="reply-aids"')[1].split("</section>")[0]
    assert page.index('id="reply-aids"') < page.index('name="reply"')
    assert 'id="reply-aids"' not in text(inspector, f"{path}case/{second}/")


def test_after_a_lapse_the_page_asks_for_another_deposit_and_keeps_the_old_plan(
    world: World, now: Any
) -> None:
    now("2025-06-04")
    number = planned(world)
    assert (
        sit("supervisor").post(f"/desk/oversight/inspections/{number}/plan/", PLAN).status_code
        == 302
    )
    now("2025-06-11")
    world.act("supervisor", "lapse_plan", number, on="2025-06-11")
    path = f"/desk/oversight/inspections/{number}/"
    page = text(sit("supervisor"), path)
    assert f"/desk/case/{number}/ask_deposit/" in page
    assert "方案已失效，没有抽取" in page
    plan = sit("supervisor").get(f"{path}published/1/plan.json/")
    assert f'href="{path}published/1/plan.json/"' in page
    [lapsed] = read_inspection(Case.objects.get(number=number)).filings
    assert sha256(plan.content).hexdigest() == lapsed.plan.data["plan"]


def test_other_scope_is_written_and_stands_on_page_and_circular(world: World, now: Any) -> None:
    now("2025-06-04")
    number = drawn(world)
    inspector, path = sit("supervisor"), f"/desk/oversight/inspections/{number}/"
    for one in read_inspection(Case.objects.get(number=number)).drawn:
        inspector.post(f"{path}case/{one}/", {"item-1": "yes", "item-2": "na"})
    world.act("supervisor", "send_findings", number, on="2025-06-05", texts={"summary": "没有"})
    world.act(
        "handler",
        "answer_finding",
        number,
        on="2025-06-05",
        stand="agree",
        texts={"answer": "认可"},
    )
    now("2025-06-06")
    report = {"findings": "没有问题", "circular_scope": "other"}
    refused = inspector.post(f"{path}report/", report)
    assert (refused.status_code, "写明通报范围" in refused.content.decode()) == (422, True)
    assert (
        inspector.post(f"{path}report/", {**report, "scope_text": "区属各医院"}).status_code == 302
    )
    assert "区属各医院" in text(inspector, path)
    circular = Document.objects.get(case__number=number, rule="inspection_circular")
    assert "区属各医院" in open_body(circular)


def test_what_was_left_open_meanwhile_comes_along_with_the_report(world: World, now: Any) -> None:
    now("2025-06-04")
    given: dict[str, Any] = {
        "type": "prompt",
        "to": world.organ("YJ02"),
        "texts": {"subject": "一件要事"},
    }
    earlier = world.act("supervisor", "plan", kind="inspection", on=START, **given).case
    end: dict[str, Any] = {
        "type": "prompt",
        "circular_scope": "inspected",
        "texts": {"findings": "一项"},
    }
    world.act("supervisor", "conclude", earlier, on=START, **end)
    number = drawn(world)
    listed: dict[str, Any] = {"line": 1, "owner": world.organ("YJ02"), "until": date(2025, 7, 1)}
    world.act(
        "supervisor",
        "list_finding",
        earlier,
        on="2025-06-04",
        texts={"what": "没有告知书"},
        **listed,
    )
    inspector, path = sit("supervisor"), f"/desk/oversight/inspections/{number}/"
    for one in read_inspection(Case.objects.get(number=number)).drawn:
        inspector.post(f"{path}case/{one}/", {"item-1": "yes", "item-2": "na"})
    world.act("supervisor", "send_findings", number, on="2025-06-05", texts={"summary": "没有"})
    world.act(
        "handler",
        "answer_finding",
        number,
        on="2025-06-05",
        stand="agree",
        texts={"answer": "认可"},
    )
    now("2025-06-06")
    assert "没有告知书" in text(inspector, f"{path}report/")
    assert (
        inspector.post(
            f"{path}report/", {"findings": "无", "circular_scope": "inspected"}
        ).status_code
        == 302
    )
    assert read_inspection(Case.objects.get(number=number)).lines[1].what == "没有告知书"
    assert read_inspection(Case.objects.get(number=earlier)).lines[1].carried == number


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


def test_what_stayed_open_comes_along_by_itself(world: World, now: Any) -> None:
    now("2025-06-04")
    number = planned(world)
    listed: dict[str, Any] = {"line": 1, "owner": world.organ("YJ02"), "until": date(2025, 7, 1)}
    end: dict[str, Any] = {
        "type": "prompt",
        "circular_scope": "system",
        "texts": {"findings": "一项"},
    }
    world.act("supervisor", "conclude", number, on="2025-06-05", **end)
    world.act(
        "supervisor",
        "list_finding",
        number,
        on="2025-06-05",
        texts={"what": "没有告知书"},
        **listed,
    )
    now("2026-03-02")
    form = {
        "to": world.organ("YJ02"),
        "depositor": world.organ("YJ02"),
        "type": "special",
        "subject": "信访工作",
        "until": "2026-06-30",
        "begins": "2026-03-02",
    }
    assert sit("supervisor").post("/desk/oversight/inspections/new/", form).status_code == 302
    second = Case.objects.filter(kind="inspection").exclude(number=number).get()
    page = text(sit("handler"), f"/desk/oversight/inspections/{second.number}/")
    assert "没有告知书" in page
    assert "report_rectified" in page


@pytest.mark.case("G12")
def test_the_plan_of_the_year_is_filed_at_once_and_followed_by_month(
    world: World, now: Any
) -> None:
    inspector, path = sit("supervisor"), "/desk/oversight/inspections/year/"
    first, second, third = (world.organ(code) for code in ("YJ02", "YJ03", "YJ04"))
    assert f'name="month-{first}"' in text(inspector, path)
    subject = {"subject": "信访工作"}
    for wrong in ({}, {f"month-{first}": "5"}, {f"month-{first}": "13"}):
        assert inspector.post(path, {**subject, **wrong}).status_code == 422
    assert not Case.objects.filter(kind="inspection").exists()
    form = {**subject, f"month-{first}": "6", f"month-{second}": "6", f"month-{third}": "9"}
    assert inspector.post(path, form).status_code == 302
    assert (
        inspector.post(path, {**subject, f"month-{first}": "8"}).status_code == 422
    )  # planned already
    begins = sorted(
        (a.data["to"], a.data["begins"])
        for a in Act.objects.filter(act="plan", case__kind="inspection")
    )
    assert begins == [(first, START), (second, START), (third, "2025-09-01")]
    one, two = (
        Act.objects.get(act="plan", data__to=organ).case.number for organ in (first, second)
    )
    now("2025-07-02")
    world.act("supervisor", "ask_deposit", one, on="2025-07-02", depositor=third)
    end: dict[str, Any] = {
        "type": "prompt",
        "circular_scope": "inspected",
        "texts": {"findings": "无"},
    }
    world.act("supervisor", "conclude", one, on="2025-07-02", **end)
    page = text(inspector, "/desk/oversight/inspections/")
    rows = dict(
        re.findall(r'<th scope="row" class="num">2025-(\d\d)</th>(.*?)</tr>', page, re.DOTALL)
    )
    assert sorted(rows) == ["06", "07", "09"]
    cells = {month: [one in cell for cell in row.split("<td")[1:]] for month, row in rows.items()}
    assert (cells["06"], cells["07"]) == ([True, False, False], [False, True, True])
    assert rows["06"].count("还没有开始") == 1
    assert two in rows["06"].split("还没有开始")[0].rsplit("href=", 1)[1]
    assert "0 / " in page  # a prompt inspection is none of the year's special ones
    asked = text(inspector, path)
    assert (f'name="month-{first}"' in asked, f'name="month-{second}"' in asked) == (True, False)
    assert sit("head").get(path).status_code == 302  # who decides files no plan


def test_an_organ_that_inspects_nobody_and_an_incomplete_plan(world: World, now: Any) -> None:
    assert sit("supervisor").post("/desk/oversight/inspections/new/", {}).status_code == 422
    own = {
        "to": world.organ("YJ02"),
        "depositor": world.organ("YJ01"),
        "type": "special",
        "subject": "信访工作",
        "until": "2025-07-01",
        "begins": START,
    }
    assert (
        sit("supervisor")
        .post("/desk/oversight/inspections/new/", {**own, "begins": ""})
        .status_code
        == 422
    )
    refused = sit("supervisor").post("/desk/oversight/inspections/new/", own)
    assert refused.status_code == 422
    assert "不能由督查机关自己交存" in refused.content.decode()
    assert not Case.objects.filter(kind="inspection").exists()


def test_government_inspections_stand_on_the_page_with_their_periods(
    world: World, day: Day, sit: Sit
) -> None:
    number = world.act(
        "review-head2",
        "authorise",
        kind="government_inspection",
        on="2025-06-03",
        how="approval",
        body=world.organ("YJ01"),
        texts={"subject": "信访积案", "scope": "全区"},
    ).case
    world.act("supervisor", "start", number, on="2025-06-04")
    world.act(
        "supervisor",
        "conclude",
        number,
        on="2025-06-20",
        to=world.organ("YJ02"),
        received_on=date(2025, 6, 20),
        texts={"findings": "三件积案"},
    )
    day.set("2025-06-23")
    page = (
        sit("handler").get("/desk/oversight/inspections/").content.decode()
    )  # of the organ inspected
    assert "督查对象对督查结论申请复核" in page
    assert "2025-07-21" in page
    world.act(
        "handler", "apply_reconsideration", number, on="2025-06-23", texts={"reasons": "不是积案"}
    )
    page = sit("supervisor").get("/desk/oversight/inspections/").content.decode()
    assert "作出督查结论的复核决定" in page
    assert page.count("term-small") >= 1 or page.count("<svg") >= 1
    english = sit("supervisor", "en").get("/desk/oversight/inspections/").content.decode()
    assert "reconsideration decision on the inspection conclusion" in english.lower()


def test_only_the_head_of_a_government_begins_a_government_inspection(
    world: World, day: Day, sit: Sit
) -> None:
    day.set("2025-06-03")
    path = "/desk/open/government_inspection/authorise/"
    assert path in sit("review-head2").get("/desk/oversight/inspections/").content.decode()
    assert path not in sit("head").get("/desk/oversight/inspections/").content.decode()
    assert sit("review-head2").get(path).status_code == 200
    assert sit("supervisor").get(path).status_code == 404
    form = {
        "how": "decision",
        "body": str(world.organ("YJ01")),
        "subject": "信访积案",
        "scope": "全区",
    }
    assert sit("review-head2").post(path, form).status_code == 302
    assert Case.objects.get(kind="government_inspection").state == "authorised"
