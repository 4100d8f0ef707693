"""Journey 10, steps 3 to 7, through real browsers: board, roles, hearing, diligence, proposal; the
person at a phone.

Every activation is counted by the browser itself; the counts are printed and must not be above
those of the journey.
Typing and choosing from a list are not counted.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from dengwen.accountability.inquiry.queries import read_inquiry
from dengwen.cases.models import Case as Row
from dengwen.desk.shell.frame import clock
from dengwen.law.duties.act_record import civil
from tests.accountability.inquiries import Case, late_matter, met, official, opened, with_leaders
from tests.journeys.people import PHONE, SCREEN, Clicks, Watch, fits, give_password, person, sit
from tests.world import World

ALLOWED = {"3 board": 3, "4 roles": 2, "5 hear": 2, "6 diligence": 1, "7 proposal": 3}
"""Clicks of journey 10, step by step; step 4 is for one person."""


CONCLUDED = "逾期没有办理，情节较轻"
"""What both investigators sign."""


def written(page: Page) -> None:
    """Read that it was written, on a page no wider than the screen."""
    expect(page.locator(".messages")).to_contain_text("已写入存证")
    assert fits(page)


@pytest.mark.case("E03")
@pytest.mark.sentence("S17.2", "S11.12")
def test_an_investigator_from_the_board_to_the_proposal(
    silent_world: World, door: str, browser: Browser, browser_context_args: Any
) -> None:
    world, base, watch = silent_world, door, Watch()
    give_password("supervisor", "handler")
    with_leaders(world)
    today = civil(clock.now())
    conduct = (today - timedelta(days=40)).isoformat()
    meeting = met(world, on=conduct)
    late_matter(world, (today - timedelta(days=200)).isoformat())
    case = opened(
        world, today.isoformat(), day_of_conduct=today - timedelta(days=40), situations=("S.11.2",)
    )
    inspector = sit(
        person(browser, browser_context_args, watch, "inspector", viewport=SCREEN),
        base,
        "supervisor",
    )
    path = f"{base}/desk/accountability/inquiries/{case.number}/"
    board(inspector, path)
    found_so_far(case, meeting)
    answered_by_phone(browser, browser_context_args, watch, base, case)
    hear(inspector, path)
    roles(inspector, path, case)
    rest(case)
    propose(inspector, path)
    print(
        "\nclicks of journey 10: "
        + ", ".join(f"{name}: {count}" for name, count in inspector.found.items())
    )
    assert {
        n: inspector.found.get(n, 99) for n in ALLOWED if inspector.found.get(n, 99) > ALLOWED[n]
    } == {}
    made = read_inquiry(world.case(case.number))
    found = {o: t.data["responsibility"] for (o, _g, _k), t in made.lines.items()}
    assert (found[official("YJ02-M")], found[official("YJ02-L")]) == ("none", "direct")
    assert Row.objects.get(kind="accountability").holder_id == world.organ("YJW")
    assert watch.complaints == []
    assert watch.hosts == {"127.0.0.1"}


def board(clicks: Clicks, path: str) -> None:
    """Open the board, tick what the breach left, pin it."""
    page = clicks.page
    page.goto(path)
    with clicks.step("3 board"):
        page.get_by_role("link", name="打开证据板").click()
        page.locator("input[name=pin]").first.check()
        page.get_by_role("button", name="固定选中的证据").click()
        written(page)
    expect(page.get_by_role("link", name="存证证明")).to_be_visible()


def found_so_far(case: Case, meeting: str) -> None:
    """Find the elements, enter decision and deed, tell the persons concerned: the journey does
    not count these."""
    item = next(iter(case.made.items))
    case.find("S.11.2", "not_handled", item)
    case.find("S.11.2", "rights_seriously_harmed", item)
    case.act("consider_decision", meeting=meeting, item=1, work="petitions")
    case.deed("YJ02-L", item, case.made.day.isoformat())
    for code in ("YJ02-Z", "YJ02-F"):
        case.act("add_person", texts={"reasons": "参与决策"}, official=official(code))
    until = (clock.now().date() + timedelta(days=10)).isoformat()
    for code in ("YJ02-L", "YJ02-Z", "YJ02-F"):
        case.tell(code, until)


def answered_by_phone(browser: Browser, args: Any, watch: Watch, base: str, case: Case) -> None:
    """The person reads what he was told and answers two points; no petitioner stands on his
    page."""
    page = person(browser, args, watch, "person", viewport=PHONE)
    sit(page, base, "handler")
    page.goto(f"{base}/desk/accountability/about-me/")
    page.locator("main").get_by_role("link", name=case.number).click()
    expect(page.locator("main")).to_contain_text("二月受理的事项到期没有办理")
    expect(page.locator("main")).not_to_contain_text("王示例")
    page.locator("#f-defence").fill("会议决定不再受理\n材料不全")
    page.locator("#act-form button.main").click()
    written(page)
    expect(page.locator("main")).to_contain_text("还没有答复")


def hear(clicks: Clicks, path: str) -> None:
    """Hear the handler, who answered in writing: open the form beside his name, which says
    so."""
    page = clicks.page
    page.goto(path)
    row = page.locator("tr", has_text="李样本").first
    with clicks.step("5 hear"):
        row.get_by_role("link", name="听取本人陈述").click()
        page.get_by_label("陈述内容").fill("同书面，没有补充")
        page.locator("#act-form button.main").click()
        written(page)


def roles(clicks: Clicks, path: str, case: Case) -> None:
    """Record the test of diligence, then confirm the proposed line of one person with its
    sentence."""
    page, clerk = clicks.page, official("YJ02-L")
    page.goto(f"{path}roles/")
    deed = max(case.made.grounds)
    line = page.locator(f"#l-{deed}-{clerk}-individual")
    expect(line).to_contain_text("具体负责的工作人员：直接责任")
    item = str(next(iter(case.made.items)))
    with clicks.step("6 diligence"):
        form = line.locator("form.weigh")
        form.locator("[name=done_in_time]").select_option("no")
        form.locator("[name=evidence]").select_option(item)
        form.locator("[name=reasons]").fill("有逾期记录")
        form.get_by_role("button", name="记录尽职检验").click()
        written(page)
    with clicks.step("4 roles"):
        with page.expect_navigation():
            line.get_by_role("button", name="确认").click()
        written(page)
    expect(line).to_contain_text("已确认")
    objector = page.locator(f"#l-{min(case.made.grounds)}-{official('YJ02-M')}-collective")
    expect(objector).to_contain_text("不承担领导责任")


def rest(case: Case) -> None:
    """Hear the two leaders, answer both points, confirm the other lines, find the gravity."""
    item = str(next(iter(case.made.items)))
    for code in ("YJ02-Z", "YJ02-F"):
        case.act("hear", texts={"statement": "没有意见"}, official=official(code), how="heard")
    for point in (1, 2):
        case.act(
            "answer_point",
            texts={"reasons": "不免除告知的责任"},
            point=point,
            result="rejected",
            evidence=(item,),
        )
    case.confirm_all()
    case.act("find_gravity", texts={"reasons": "初次"}, light=True, harm="none", influence="none")
    case.settle()
    case.sign(findings=CONCLUDED)


def propose(clicks: Clicks, path: str) -> None:
    """Conclude, then propose: the open rung, why the others are closed, the registered organ."""
    page = clicks.page
    page.goto(path)
    with clicks.step("7 conclusion, not counted in the journey"):
        page.get_by_role("link", name="作结论").click()
        page.get_by_label("核查结论和理由").fill(CONCLUDED)
        page.get_by_role("button", name="作结论").click()
        written(page)
    page.goto(path)
    with clicks.step("7 proposal"):
        page.get_by_role("link", name="看结论，提出建议").click()
        section = page.locator("section", has=page.locator("h2", has_text="建议：郑样例"))
        expect(section).to_contain_text("中共云江区委员会")
        section.get_by_label("通报").check()
        section.get_by_label("建议的理由").fill("情节较轻，通报并限期整改")
        section.get_by_role("button", name="提出建议").click()
        written(page)
