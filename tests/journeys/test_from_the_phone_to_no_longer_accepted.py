"""One matter through real browsers, from the petitioner's phone to "no longer accepted", and its
receipts off line.

Everybody clicks and types on the pages the server sends; only looking into the database afterwards
and the
sequencer's tick are done from outside. The days are those on which the test runs.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from dengwen.cases import replay
from dengwen.cases.duties.sweep import sweep
from dengwen.cases.models import Act, CaseLink, Document, Duty
from dengwen.cases.projections import broken_contents, projections
from dengwen.desk.shell.frame import clock
from dengwen.law.duties.act_record import civil
from dengwen.ledger.log_keys import current
from dengwen.ledger.sequencer import tick
from dengwen.ledger.tamper_check import check
from tests.journeys.offline import verify
from tests.journeys.people import PDF, PHONE, SCREEN, Official, Petitioner, Watch, person

STORY = "示例小区三号楼楼道堆物多年，占了消防通道，找过物业。"
REQUEST = "清理三号楼楼道堆物"
CLAIM, WAY = "申诉求决", "信访程序（第六项）"
HOUSING, MANAGEMENT = "云江区住房建设局", "云江区城市管理局"
OPINION = {
    "信访人投诉请求": "清理三号楼楼道堆物。",
    "事实和理由": "现场查看，堆物属实，占用通道。",
    "处理意见": "已责成物业三日内清理。",
    "法律法规依据": "示例条例第一条。",
}
REVIEWED = {"结论": "维持", "查明的事实": "堆物已经清理。", "依据": "示例条例第一条。"}
SERVED: dict[str, str | bool | bytes] = {"送达方式": "直接送达", "送达凭证": PDF}


@pytest.fixture
def watch() -> Watch:
    """What the browsers complain of."""
    return Watch()


Sit = Callable[[str], Official]


@pytest.fixture
def sit(door: str, browser: Browser, browser_context_args: Any, watch: Watch) -> Sit:
    """Let an official sign in at a wide screen, once; whoever is called again still sits there."""
    seated: dict[str, Official] = {}

    def down(username: str) -> Official:
        if username not in seated:
            page = person(browser, browser_context_args, watch, username, viewport=SCREEN)
            seated[username] = Official(page, door, username).sign_in()
        return seated[username]

    return down


@pytest.fixture
def petitioner(door: str, browser: Browser, browser_context_args: Any, watch: Watch) -> Petitioner:
    """Somebody with a phone, without scripts."""
    page = person(
        browser,
        browser_context_args,
        watch,
        "petitioner",
        viewport=PHONE,
        java_script_enabled=False,
    )
    return Petitioner(page, door)


def shown_day(number: str, rule: str) -> str:
    """Return the day of a duty as pages show it: the due day, the raw one while no calendar is
    published."""
    duty = Duty.objects.filter(case__number=number, rule=rule, state="open").get()
    day = duty.due or duty.raw
    return day.isoformat() if day else ""


def below(number: str, kind: str) -> str:
    """Return the number of the review or re-examination of a case."""
    return CaseLink.objects.get(other__number=number, kind=kind).case.number


def paper(number: str, rule: str) -> str:
    """Return the number of a document of a case."""
    return Document.objects.get(case__number=number, rule=rule).number


@pytest.mark.long
@pytest.mark.usefixtures("world")
def test_a_matter_walks_from_the_phone_to_no_longer_accepted(
    petitioner: Petitioner, sit: Sit, watch: Watch, tmp_path: Path
) -> None:
    promise = comes_in(petitioner, tmp_path)
    number = petitioner.number
    goes_to_the_wrong_organ_and_back(number, sit)
    is_accepted_and_extended(number, sit)
    is_answered(number, sit)
    review = is_reviewed(petitioner, sit)
    recheck = is_re_examined(petitioner, review, sit)
    again = comes_again(petitioner, recheck, sit, tmp_path)
    nothing_is_late((number, review, recheck, again), sit)
    keeps_what_was_sealed(petitioner, promise, number, tmp_path)
    assert watch.complaints == []
    assert watch.hosts == {"127.0.0.1"}
    assert list(replay.check()) == []
    assert list(check(projections())) == []
    assert list(broken_contents()) == []


def comes_in(petitioner: Petitioner, folder: Path) -> Path:
    """The petitioner submits, keeps number and code, and saves the receipt."""
    petitioner.submit(STORY, REQUEST)
    number = petitioner.number
    first = petitioner.page.locator(".sheet .rail time").get_attribute("datetime")
    assert first == shown_day(number, "sort")
    promise = petitioner.keep(folder, "promise.xf-receipt", "保存回执文件")
    petitioner.press("我已抄下编号和查询码")
    expect(petitioner.page.locator("h1")).to_have_text("已经提交")
    expect(petitioner.page.locator("strong.num")).to_have_text(number)
    return promise


def goes_to_the_wrong_organ_and_back(number: str, sit: Sit) -> None:
    """The clerk sees it; the router sorts and forwards it, and again after the organ objected
    with reasons."""
    clerk = sit("clerk").open_duty(number, "登记之后转送、交办或者报请决定")
    assert clerk.next_date() == shown_day(number, "sort")
    router = sit("router").open_duty(number, "登记之后转送、交办或者报请决定").begin("分类")
    expect(router.page.locator("blockquote")).to_contain_text(STORY)
    router.answer(
        {
            "信访事项类别": CLAIM,
            "申诉求决类的途径": WAY,
            "接着": "转送",
            "有权处理的机关、单位": HOUSING,
        }
    )
    router.write()
    handler = sit("handler").await_receipt(number).act("签收")
    assert handler.next_date() == shown_day(number, "notify_transferred")
    handler.act(
        "提出异议", {"详细理由": "楼道堆物由城市管理部门查处。", "建议的机关、单位": MANAGEMENT}
    )
    router.home().open_duty(number, "核实并答复异议")
    expect(router.page.locator("main")).to_contain_text("楼道堆物由城市管理部门查处。")
    router.act("同意退回", {"核实情况": "属城市管理职权。"})
    assert router.next_date() == shown_day(number, "sort_again")
    router.act("转送", {"有权处理的机关、单位": MANAGEMENT})
    expect(sit("handler").home().page.locator("#incoming")).to_have_count(
        0
    )  # it waits elsewhere now


def is_accepted_and_extended(number: str, sit: Sit) -> None:
    """The right organ receives and accepts; its head extends by thirty days."""
    handler = sit("handler2").await_receipt(number).act("签收")
    handler.act("受理", {"处理途径和程序": "信访程序", "联系人和联系方式": "何样本 0000-0000000"})
    assert handler.next_date() == shown_day(number, "handle")
    head = sit("head2").look_up(number)
    head.act(
        "延长办理期限",
        {"延长天数": "30", "延期理由": "现场清理未完。", "已告知信访人延期理由": True},
    )
    accepted = Act.objects.get(case__number=number, act="accept").occurred_at
    assert Duty.objects.get(case__number=number, rule="handle").raw == civil(accepted) + timedelta(
        days=90
    )
    assert head.next_date() == shown_day(number, "handle")


def is_answered(number: str, sit: Sit) -> None:
    """The handler hears the petitioner and drafts with the four elements, another checks, the head
    signs; it is served with proof."""
    handler = sit("handler2").home().open_duty(number, "办结信访事项")
    heard = {"怎样听取": "电话", "陈述的要点，或者联系的经过": "楼道堆物多日，请求清理。"}
    handler.act("听取信访人陈述事实和理由", heard)
    handler.begin("拟制处理意见")
    handler.answer(
        {"本项结论": "予以支持", "本项答复": "三日内清理。", "结论": "予以支持", **OPINION}
    ).write()
    assert handler.page.locator("#steps").get_by_role("link", name="审核", exact=True).count() == 0
    sit("checker2").open_duty(number, "审核处理意见").act("审核", {"审核意见": "同意。"})
    sit("head2").home().open_duty(number, "签发处理意见").act("签发处理意见书")
    handler.home().open_duty(number, "将处理意见书送达信访人").act("送达", SERVED)
    expect(handler.page.locator("main")).to_contain_text(paper(number, "handling_opinion"))


def is_reviewed(petitioner: Petitioner, sit: Sit) -> str:
    """The petitioner reads the reply and asks for review; the reviewing organ upholds and
    serves. Returns the case."""
    number = petitioner.number
    petitioner.follow()
    expect(petitioner.page.locator("main")).to_contain_text(paper(number, "handling_opinion"))
    text = petitioner.read_paper("处理意见书")
    assert all(part in text for part in (*OPINION.values(), paper(number, "handling_opinion")))
    petitioner.ask("请求复查", "撤销处理意见", "堆物并没有清理完。")
    review = below(number, "reviews")
    reviewer = sit("reviewer2").open_duty(review, "作出复查意见并书面答复")
    assert reviewer.next_date() == shown_day(review, "review_decide")
    reviewer.act("拟制复查意见", {**REVIEWED, "复查意见": "维持原处理意见。"})
    sit("review-checker2").open_duty(review, "审核复查意见").act("审核")
    head = (
        sit("review-head2").open_duty(review, "签发复查意见").act("签发复查意见", {"结论": "维持"})
    )
    assert head.late() == 0
    reviewer.home().open_duty(review, "将复查意见送达信访人").act("送达", SERVED)
    expect(reviewer.page.locator("main")).to_contain_text(paper(review, "review_opinion"))
    return review


def is_re_examined(petitioner: Petitioner, review: str, sit: Sit) -> str:
    """The petitioner asks for re-examination; the next higher organ upholds and serves. Returns
    the case."""
    petitioner.follow()
    petitioner.ask("请求复核", "撤销复查意见", "楼道里还有堆物。")
    recheck = below(review, "rechecks")
    official = sit("rechecker").open_duty(recheck, "提出复核意见")
    assert official.next_date() == shown_day(recheck, "recheck_decide")
    official.act("拟制复核意见", {**REVIEWED, "复核意见": "维持复查意见。"})
    sit("recheck-checker").open_duty(recheck, "审核复核意见").act("审核")
    sit("recheck-head").open_duty(recheck, "签发复核意见").act("签发复核意见", {"结论": "维持"})
    official.home().open_duty(recheck, "将复核意见送达信访人").act("送达", SERVED)
    expect(official.page.locator("main")).to_contain_text(paper(recheck, "recheck_opinion"))
    handler = sit("handler2").look_up(petitioner.number)
    served = civil(Act.objects.get(case__number=recheck, act="serve").occurred_at)
    handler.act(
        "列明执行事项",
        {"承诺完成日": (served + timedelta(days=30)).isoformat(), "执行内容": "清理堆物。"},
    )
    handler.act("提交执行证明", {"执行证明": PDF}).act("办结归档")
    return recheck


def comes_again(petitioner: Petitioner, recheck: str, sit: Sit, folder: Path) -> str:
    """The same again: the office finds the ended matter by name and telephone, and no longer
    accepts this one."""
    earlier, petitioner_again = petitioner.number, Petitioner(petitioner.page, petitioner.base)
    petitioner_again.submit(STORY, REQUEST)
    petitioner_again.keep(folder, "again.xf-receipt", "保存回执文件")
    number = petitioner_again.number
    router = sit("router").home()
    router.find_person("王示例", "13800000000")
    expect(router.page.locator("table.rows")).to_contain_text(earlier)
    router.home().open_duty(number, "登记之后转送、交办或者报请决定")
    router.act("分类", {"信访事项类别": CLAIM, "申诉求决类的途径": WAY, "接着": "先不转，只分类"})
    day = Act.objects.get(case__number=recheck, act="sign").occurred_at
    router.act(
        "不再受理",
        {
            "以同一事实和理由提出": True,
            "复核意见书文号": paper(recheck, "recheck_opinion"),
            "复核意见日期": civil(day).isoformat(),
            "说明": "复核意见已经终结程序（第三十六条第三款）。",
        },
    )
    expect(router.page.locator("main")).to_contain_text(paper(number, "no_longer_notice"))
    petitioner_again.follow()
    expect(petitioner_again.page.locator("h1")).to_have_text("不再受理")
    assert paper(number, "no_longer_notice") in petitioner_again.page.locator("main").inner_text()
    return number


def nothing_is_late(numbers: tuple[str, ...], sit: Sit) -> None:
    """A sweep finds nothing to breach, and nobody's home shows anything late."""
    sweep(now=clock.now())
    assert not Act.objects.filter(case__number__in=numbers, act="breach").exists()
    for username in ("clerk", "handler", "handler2", "head2", "reviewer2", "rechecker"):
        assert sit(username).home().late() == 0, username


def keeps_what_was_sealed(petitioner: Petitioner, promise: Path, number: str, folder: Path) -> None:
    """After a tick the receipt is exchanged; both stages are verified by the command the portal
    prints, off line."""
    tick(now=clock.now())
    petitioner.follow()
    expect(petitioner.page.locator("#proof")).to_contain_text("第二阶段回执")
    proof = petitioner.keep(folder, "proof.xf-receipt", "下载回执文件")
    keys = petitioner.copy_keys(folder / "keys.txt")
    office = folder / "office"
    first, second = verify(promise, keys, office), verify(proof, keys, office)
    assert first.code == 10, first.text
    assert second.code == 0, second.text
    assert current().origin in second.text
    for genuine in (promise, proof):
        answer = verify(forged(genuine), keys, office)
        assert answer.code == 20, answer.text


def forged(receipt: Path) -> Path:
    """Return a copy of a receipt in which one character of what was registered is another."""
    head, mark, rest = receipt.read_text(encoding="utf-8").partition("extra ")
    opening, end, more = rest.partition("\n")
    middle = len(opening) // 2
    other = "A" if opening[middle] != "A" else "B"
    copy = receipt.with_suffix(".forged")
    copy.write_text(
        head + mark + opening[:middle] + other + opening[middle + 1 :] + end + more,
        encoding="utf-8",
    )
    return copy
