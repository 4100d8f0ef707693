"""Journey 10 from breach to appeal through real browsers: lead, inquiry, decision, rectification,
appeal, correction.

Steps 3 to 7 are those of the inquiry's own journey, walked here on the case the lead opened. A
member of the collective
decision who objected is exculpated; the circular on the head proves wrong on appeal and is
corrected as widely as it
was made known. Every activation is counted by the browser itself; typing and choosing from a list
are not.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from dengwen.accountability.finders import find
from dengwen.accountability.inquiry.queries import read_inquiry
from dengwen.accountability.leads.new_lead import raise_all
from dengwen.accountability.measures.queries import measures_of, read_file
from dengwen.cases.duties.sweep import sweep
from dengwen.cases.models import Case as Row
from dengwen.cases.models import Document, Duty
from dengwen.cases.write.perform import perform
from dengwen.desk.shell.frame import clock
from dengwen.law.duties.act_record import civil
from dengwen.law.duties.step import Step
from tests.accountability.inquiries import Case, met, official, with_leaders
from tests.journeys.people import PHONE, SCREEN, Clicks, Watch, fits, give_password, person, sit
from tests.journeys.test_an_investigator_finds_out import (
    answered_by_phone,
    board,
    found_so_far,
    hear,
    propose,
    rest,
    roles,
)
from tests.world import World

ALLOWED = {
    "1 lead": 1,
    "2 take": 1,
    "3 board": 3,
    "4 roles": 2,
    "5 hear": 2,
    "6 diligence": 1,
    "7 proposal": 3,
    "8 answer": 1,
    "8 decision": 2,
    "9 follow-up": 1,
    "10 appeal": 1,
}
"""Clicks of journey 10, step by step; step 4 is for one person, the answer in writing is beside
the journey."""
HEAD = "YJ02-Z"


def written(page: Page) -> None:
    """Read that it was written, on a page no wider than the screen."""
    expect(page.locator(".messages")).to_contain_text("已写入存证")
    assert fits(page)


def act(
    world: World,
    who: str,
    name: str,
    number: str,
    texts: dict[str, str] | None = None,
    **fields: Any,
) -> None:
    """Let somebody do an act now."""
    step = Step(act=name, case=number, fields=fields, texts=texts or {})
    perform(step, by=world.by(who), now=clock.now(), uid=f"{name}/{number}")


@pytest.mark.long
@pytest.mark.case("E03", "E26", "E33")
@pytest.mark.sentence("S13.1", "S13.2", "S17.1", "S17.2")
def test_from_the_breach_to_the_appeal(
    silent_world: World, door: str, browser: Browser, browser_context_args: Any
) -> None:
    world, base, watch = silent_world, door, Watch()
    give_password("supervisor", "handler", "committee", "decider", "head")

    def seat(who: str, **more: Any) -> Clicks:
        return sit(
            person(browser, browser_context_args, watch, who, **{"viewport": SCREEN, **more}),
            base,
            who,
        )

    inspector = seat("supervisor")
    case = from_the_breach(world, inspector, base)
    path = f"{base}/desk/accountability/inquiries/{case.number}/"
    meeting = met(world, on=case.made.day.isoformat())
    board(inspector, path)
    found_so_far(case, meeting)
    for conduct in (
        "not_handled",
        "shirking",
    ):  # the lead names this circumstance too: either conduct would do
        finding = "shown" if conduct == "not_handled" else "not_shown"
        case.find("R22.45(1)", conduct, next(iter(case.made.items)), finding)
    answered_by_phone(browser, browser_context_args, watch, base, case)
    hear(inspector, path)
    roles(inspector, path, case)
    rest(case)
    propose(inspector, path)
    exculpated(case)
    committee, decider, head = seat("committee"), seat("decider"), seat("head", viewport=PHONE)
    number = decided(world, committee, decider, base)
    rectified(world, committee, head, base, number)
    appealed(world, decider, head, base, number)
    found = inspector.found | committee.found | decider.found | head.found
    print(
        "\nclicks of journey 10: " + ", ".join(f"{name}: {count}" for name, count in found.items())
    )
    assert {n: found.get(n, 99) for n in ALLOWED if found.get(n, 99) > ALLOWED[n]} == {}
    assert watch.complaints == []
    assert watch.hosts == {"127.0.0.1"}


def from_the_breach(world: World, inspector: Clicks, base: str) -> Case:
    """Let a handling run out; the finder raises a lead, one click opens it, one takes it and
    opens the inquiry."""
    with_leaders(world)
    today = civil(clock.now())
    begun = today - timedelta(days=100)
    number = world.to_accepted(begun.isoformat())
    assigned = (begun + timedelta(days=1)).isoformat()
    world.act("handler", "assign_handler", number, on=assigned, official=official("YJ02-L"))
    sweep(now=clock.now())
    now = clock.now()
    raised = raise_all(find(now=now, only=("not_handled",)), by=world.by("supervisor"), now=now)
    assert len(raised.numbers) == 1
    page = inspector.page
    page.goto(f"{base}/desk/accountability/leads/")
    with inspector.step("1 lead"):
        page.locator("main ul.plain strong a").first.click()
        expect(page.locator("h1")).to_contain_text("云江区住房建设局")
    with inspector.step("2 take"):
        page.get_by_role("button", name="没有利害关系，接手核查").click()
        written(page)
    inquiry = Row.objects.get(kind="inquiry")
    case = Case(world, inquiry.number, today.isoformat())
    for code in ("YJ01-Z", "YJ01-S"):
        if official(code) not in case.made.investigators:
            case.act("name_investigator", official=official(code), declared="none")
    return case


def exculpated(case: Case) -> None:
    """The member who objected bears no leadership responsibility; no proposal and no measure is
    about that person."""
    found = {
        o: t.data["responsibility"]
        for (o, _g, _k), t in read_inquiry(case.world.case(case.number)).lines.items()
    }
    assert found[official("YJ02-M")] == "none"
    subjects = [read_file(row).official for row in Row.objects.filter(kind="accountability")]
    assert subjects == [official(HEAD)]
    assert measures_of(official("YJ02-M")) == []


def decided(world: World, committee: Clicks, decider: Clicks, base: str) -> str:
    """The proposal is answered in writing with one click; the decision takes two, with the open
    rung chosen already."""
    number = Row.objects.get(kind="accountability").number
    page = committee.page
    page.goto(f"{base}/desk/accountability/measures/{number}/")
    page.get_by_label("书面答复").fill("采纳，研究决定")
    with committee.step("8 answer"):
        page.get_by_role("button", name="答复信访部门").click()
        written(page)
    page = decider.page
    page.goto(f"{base}/desk/accountability/measures/{number}/")
    with decider.step("8 decision"):
        page.get_by_role("link", name="作出决定").click()
        expect(page.locator("main")).to_contain_text("为什么其他措施没有打开")
        expect(page.get_by_label("通报").first).to_be_checked()
        expect(page.locator("input[value=admonition]")).to_have_count(0)
        page.get_by_label("责任认定").fill("主要领导责任")
        page.get_by_label("决定的理由").fill("情节较轻")
        page.locator("#f-goal").fill("办结并书面答复信访人")
        page.locator("#f-deadline").fill((civil(clock.now()) + timedelta(days=60)).isoformat())
        page.locator("#f-circulated-to").fill("YJ03 YJ04")
        page.get_by_role("button", name="由我作出决定").click()
        written(page)
    assert [m.measure for m in measures_of(official(HEAD))] == ["circular"]
    assert Document.objects.filter(case__number=number, rule="circular").count() == 1
    return number


def rectified(world: World, committee: Clicks, head: Clicks, base: str, number: str) -> None:
    """Before service the head finds nothing; then he reads and reports at a phone, and another
    accepts with a click."""
    page, path = head.page, f"{base}/desk/accountability/measures/{number}/"
    assert Row.objects.get(number=number).state == "decided"
    today: date = civil(clock.now())
    act(world, "committee", "serve_decision", number, received_on=today, how="in_person")
    page.goto(path)
    expect(page.locator("main")).to_contain_text("主要领导责任")
    expect(page.locator("main")).not_to_contain_text("王示例")
    page.get_by_label("做了什么").fill("已办结并答复")
    page.get_by_role("button", name="报告整改情况").click()
    written(page)
    page = committee.page
    page.goto(path)
    page.get_by_label("看到的证据").fill("处理意见书和送达回证")
    with committee.step("9 follow-up"):
        page.get_by_role("button", name="目标达到", exact=True).click()
        written(page)


def appealed(world: World, decider: Clicks, head: Clicks, base: str, number: str) -> None:
    """The head sees place and last day and appeals with a click; revoked, it is corrected as
    widely as it was known."""
    page = head.page
    page.goto(f"{base}/desk/accountability/measures/{number}/")
    expect(page.locator("#appeal-form")).to_contain_text("向作出问责决定的党组织书面申诉")
    page.locator("#appeal-form [name=grounds]").fill("决定作出时本人在外地学习，没有参与")
    with head.step("10 appeal"):
        page.get_by_role("button", name="提出申诉").click()
        written(page)
    appeal = Row.objects.get(kind="accountability_appeal").number
    assert Duty.objects.filter(case__number=appeal, rule="decide_ac19", state="open").exists()
    act(world, "committee", "take_up", appeal)
    act(
        world,
        "decider",
        "revoke",
        appeal,
        {"reasons": "学习记录证明没有参与"},
        decider=official("YJW-S"),
    )
    page = decider.page
    page.goto(f"{base}/desk/accountability/measures/{number}/")
    expect(page.locator("main")).to_contain_text("已纠正")
    given: dict[str, Any] = {
        "decider": official("YJW-S"),
        "measures": ("circular",),
        "scope": "system",
    }
    act(
        world,
        "decider",
        "correct_wrongful",
        number,
        {"reasons": "没有参与"},
        told=("YJ03", "YJ04"),
        **given,
    )
    assert Document.objects.filter(case__number=number, rule="correction").count() == 1
    assert [m.stands for m in measures_of(official(HEAD))] == [False]
    head.page.goto(f"{base}/desk/accountability/measures/{number}/")
    expect(head.page.locator("main")).to_contain_text("已纠正")
    assert fits(head.page)
