"""Invented content for the gallery, Chinese and English."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, cast

from dengwen.cases.files.paper_field import PaperField
from dengwen.law.bilingual import Language
from dengwen.law.time.terms import Term
from dengwen.ui import components
from dengwen.ui.form_fields import Asked, AskedField, AskedForm
from tests.ui.sheets import TODAY, sheet, strip

DAYS_15, DAYS_60, WORKING_5 = Term(15, "calendar"), Term(60, "calendar"), Term(5, "working")
MONTHS_3, YEARS_1 = Term(3, "month"), Term(1, "year")
Maker = Callable[..., components.TermBar]


def bars(make: Maker, zh: bool) -> dict[str, components.TermBar]:
    """Terms of every sort; each is counted by the law package."""
    got, took = ("收到", "受理") if zh else ("received", "accepted")
    return {
        "late": make(DAYS_15, date(2026, 11, 6), TODAY, start_word=got),
        "last": make(WORKING_5, date(2026, 11, 17), TODAY, start_word=got),
        "extended": make(DAYS_60, date(2026, 8, 31), TODAY, extend=30, start_word=took),
        "plain": make(DAYS_15, date(2026, 11, 17), TODAY, start_word=got),
        "promise": make(
            None,
            date(2026, 10, 20),
            TODAY,
            end=date(2026, 12, 4),
            statutory=False,
            start_word="承诺" if zh else "promised",
        ),
        "sixty": make(DAYS_60, date(2026, 10, 15), TODAY, start_word=took),
        "provisional": make(DAYS_60, date(2026, 11, 9), TODAY, start_word=took),
        "unknown": make(WORKING_5, date(2026, 12, 28), date(2026, 12, 29), start_word=got),
        "excluded": make(
            Term(30, "calendar"), date(2026, 11, 2), TODAY, exclude=10, start_word=got
        ),
        "year": make(YEARS_1, date(2026, 1, 12), TODAY, start_word="接任" if zh else "in office"),
        "very_late": make(DAYS_60, date(2026, 7, 9), TODAY, start_word=took),
    }


def duties(made: dict[str, components.TermBar], zh: bool) -> tuple[components.DutyLine, ...]:
    """A handler's work list."""
    words = {
        "late": (
            "书面告知受理情况和办理途径",
            "Tell the petitioner in writing how it will be handled",
        ),
        "last": ("认为不归本单位管的，提出异议", "Object if it is not yours to handle"),
        "extended": ("出具信访处理意见书", "Issue the opinion"),
        "plain": (
            "书面告知受理情况和办理途径",
            "Tell the petitioner in writing how it will be handled",
        ),
        "promise": ("落实已支持的诉求并上传凭证", "Carry out what was granted and upload proof"),
        "sixty": ("出具信访处理意见书", "Issue the opinion"),
        "provisional": ("出具信访处理意见书", "Issue the opinion"),
    }
    act = "办理" if zh else "Act"
    return tuple(
        components.DutyLine(
            uid=f"d-{name.replace('_', '-')}",
            title=title[0 if zh else 1],
            href="#",
            bar=made[name],
            case_title="阳光里小区 3 号楼渗水与维修资金",
            case_number="YJ01-2026-483907215-0",
            why="26 户等答复；两项诉求还没有结果。"
            if zh
            else "26 households wait; two requests have no outcome yet.",
            basis="《信访工作条例》第三十四条" if zh else "Regulations on Petition Work 34",
            otherwise="次日起记为逾期并列入督办。"
            if zh
            else "From the next day it counts as late and is supervised.",
            button=components.Button(act, "#", main=name in {"late", "last"}),
        )
        for name, title in words.items()
    )


def hows(made: dict[str, components.TermBar], zh: bool) -> tuple[components.HowComputed, ...]:
    """Explanations of some dates, unfolded."""
    found = []
    for name in (
        "extended",
        "last",
        "late",
        "promise",
        "provisional",
        "excluded",
        "unknown",
        "year",
        "very_late",
    ):
        one = made[name]
        lines = (
            components.ComputedLine(
                "start",
                one.start,
                "当日为第0日，不计入（《民法典》第二百零一条，类推）"
                if zh
                else (
                    "the day of the event is day 0 and is not counted (Civil Code art. "
                    "201, by analogy)"
                ),
            ),
            components.ComputedLine(
                "term",
                one.raw,
                "自次日起算，休息日照计" if zh else "from the next day; rest days count",
            ),
            components.ComputedLine(
                "roll", one.due, "末日逢休息日，顺延" if zh else "moved to the next working day"
            ),
        )
        found.append(
            components.HowComputed(
                f"how-{name.replace('_', '-')}",
                lines,
                one,
                "《信访工作条例》第三十四条",
                "national/2022-05-01",
                "cal-0123456789ab",
                statutory=one.statutory,
                open=True,
            )
        )
    return tuple(found)


def requests(zh: bool) -> tuple[components.RequestLine, ...]:
    """Four things asked for; in the petitioner's own words in both languages."""
    return (
        components.RequestLine(
            1,
            "修复 3 号楼屋面和外墙渗水",
            "申诉求决，信访程序" if zh else "petition procedure",
            "第三十一条第六项" if zh else "art. 31(6)",
        ),
        components.RequestLine(
            2,
            "公布 2023 年以来维修资金的使用明细",
            "申诉求决，信访程序" if zh else "petition procedure",
            "第三十一条第六项" if zh else "art. 31(6)",
            state="late",
            outcome="逾期未出" if zh else "overdue",
        ),
        components.RequestLine(
            3,
            "查处 1 单元占用疏散通道",
            "申请查处" if zh else "enforcement",
            "第三十一条第五项" if zh else "art. 31(5)",
            components.Link("另案" if zh else "own case", "#"),
            "said",
            "已答复" if zh else "answered",
            "10-22 城市管理局",
            "10-26 已拆除" if zh else "removed 26 Oct",
            components.Link("照片" if zh else "photos", "#"),
        ),
        components.RequestLine(
            4,
            "建议维修资金按季度上墙公示",
            "建议意见" if zh else "suggestion",
            "第二十九条" if zh else "art. 29",
            state="done",
            outcome="部分采纳" if zh else "partly adopted",
            execution="承诺 2027 年一季度起" if zh else "promised from Q1 2027",
        ),
    )


def entries(zh: bool) -> tuple[components.TimelineEntry, ...]:
    """A history with a breach, a back-dated act and a coming step."""
    t = components.TimelineEntry
    who = "承办 李样本" if zh else "handler 李样本"
    return (
        t(
            date(2025, 12, 29),
            "登记，当场给回执" if zh else "Registered, receipt given",
            "第二十二条第一款",
            "窗口 钱虚构",
            leaf=184211,
            digest="b42133…0376",
            href="#",
        ),
        t(
            date(2026, 8, 13),
            "转送，当日收到" if zh else "Forwarded, received the same day",
            "第二十二条第一款",
            "钱虚构",
            leaf=184977,
            href="#",
        ),
        t(
            date(2026, 8, 29),
            "15 日内没有书面告知" if zh else "no written notice within 15 days",
            "第二十三条第三款",
            who,
            "breach",
            186340,
            "01f195…57b7",
            "#",
        ),
        t(
            date(2026, 8, 31),
            "受理并送达受理告知书" if zh else "Accepted, notice served",
            "第三十一条第六项",
            who,
            leaf=186402,
            href="#",
            recorded=date(2026, 9, 3),
        ),
        t(
            date(2026, 10, 22),
            "批准延长 30 日" if zh else "Extended by 30 days",
            "第三十四条",
            "局长 郑样例",
        ),
        t(
            date(2026, 11, 30),
            "出具信访处理意见书" if zh else "Issue the opinion",
            "第三十二条、第三十四条",
            who,
            "next",
        ),
    )


def asked(
    name: str,
    type_: str,
    label: str,
    needed: bool = False,
    hint: str = "",
    value: str = "",
    errors: tuple[str, ...] = (),
    choices: tuple[components.Choice, ...] = (),
    **more: Any,
) -> AskedField:
    """A field of a form as a page shows it, with what was typed and what is wrong."""
    made = PaperField if type_ in ("digest", "digests") else Asked
    field = made(label, type=cast(Any, type_), needed=needed, hint=hint, **more)
    form = type("Sample", (AskedForm,), {name: field})(initial={name: value})
    assert isinstance(form, AskedForm)
    for error in errors:
        form.wrong(name, error)
    return form.at(name).but(choices=choices)


def fields(zh: bool) -> tuple[AskedField, ...]:
    """One field of each type, some wrong."""
    f, c = asked, components.Choice
    five = tuple(c(str(n), f"选项 {n}" if zh else f"choice {n}", n == 2) for n in range(4))
    many = tuple(c(str(n), f"第 {n} 类" if zh else f"class {n}", n == 3) for n in range(9))
    return (
        f(
            "facts",
            "text",
            "事实和理由" if zh else "Facts and reasons",
            True,
            "写明认定的事实" if zh else "what was found",
            "渗水 <12> 处" if zh else "<12> leaks",
            ("不能为空。请写明事实。" if zh else "Cannot be empty. Write the facts.",),
        ),
        f("name", "person", "姓名" if zh else "Name", True, value="王示例", autocomplete="name"),
        f("way", "code", "途径" if zh else "Path", True, choices=five),
        f("topic", "code", "内容分类" if zh else "Class", choices=many),
        f(
            "parts",
            "codes",
            "涉及哪些诉求" if zh else "Which requests",
            True,
            choices=five,
            errors=("至少选一项。" if zh else "Choose at least one.",),
        ),
        f(
            "organ",
            "organ",
            "有权处理的机关、单位" if zh else "Competent organ",
            True,
            choices=many,
        ),
        f("official", "official", "承办人" if zh else "Handler", value="李样本"),
        f("division", "division", "问题属地" if zh else "Place"),
        f(
            "day",
            "date",
            "答复日期" if zh else "Reply by",
            True,
            "本地默认 7 日，非法定" if zh else "local default, 7 days",
            "2026-12-01",
        ),
        f("count", "number", "人数" if zh else "Number of people", value="26"),
        f("agree", "flag", "我已读回核对" if zh else "I read it back", True),
        f("paper", "digest", "回证" if zh else "Proof of service", True, accept="application/pdf"),
        f(
            "papers",
            "digests",
            "材料" if zh else "Papers",
            hint="可多选" if zh else "several allowed",
        ),
    )


def around(rail: components.DateRail, zh: bool) -> dict[str, Any]:
    """The frame of the page, other dates at its right, and a document."""
    nav = (
        components.NavItem("待办" if zh else "Duties", "#", True),
        components.NavItem("办理件" if zh else "Cases", "#"),
        components.NavItem("查找" if zh else "Search", "#"),
    )
    return {
        "rails": (
            replace(rail, due=TODAY, raw=TODAY),
            replace(rail, due=date(2026, 11, 6), raw=date(2026, 11, 6)),
            replace(rail, due=None, raw=date(2027, 1, 8)),
            replace(rail, statutory=False),
            replace(
                rail,
                due=None,
                raw=None,
                none_why="条例没有规定天数" if zh else "the law sets no number of days",
                own="本地目标 12 月 18 日" if zh else "Local target 18 December",
            ),
        ),
        "frame": components.Frame(
            "云江区住房建设局",
            nav,
            "李样本",
            "承办" if zh else "handler",
            "/sign-out",
            ("national/2022-05-01", "chongqing/2017-05-23"),
        ),
        "documents": (
            components.DocumentLink(
                "受理告知书" if zh else "Notice of acceptance",
                "云信告〔2026〕18 号",
                date(2026, 8, 31),
                (components.Link("PDF", "#"), components.Link(".docx", "#")),
                "2 页" if zh else "2 pages",
                "3f1a…9c",
            ),
        ),
    }


def steps(zh: bool) -> dict[str, Any]:
    """What can be done, what cannot, and a refusal."""
    return {
        "can": (
            components.Possible(
                "出具信访处理意见书" if zh else "Issue the opinion",
                "#",
                "须写明请求、事实和理由。" if zh else "States request, facts and reasons.",
                "第三十二条" if zh else "art. 32",
            ),
            components.Possible(
                "举行听证" if zh else "Hold a hearing",
                "#",
                "不停钟。" if zh else "The clock runs on.",
                "第三十一条第六项" if zh else "art. 31(6)",
            ),
        ),
        "cannot": (
            components.NotPossible(
                "再次延长期限" if zh else "Extend again",
                "延长合计不得超过 30 日，已用满。"
                if zh
                else "Thirty days in all may be added; they are used up.",
                "第三十四条" if zh else "art. 34",
            ),
            components.NotPossible(
                "提出异议" if zh else "Object",
                "异议期已过。" if zh else "The time to object is over.",
                "第二十三条第三款" if zh else "art. 23(3)",
                "由共同的上一级机关决定" if zh else "a ruling of the common superior",
                date(2026, 12, 1),
                "#",
            ),
        ),
        "refused": components.Refusal(
            "不能申请复核" if zh else "Re-examination is not open",
            "复查意见还没有送达。" if zh else "The review opinion is not served yet.",
            "第三十六条第一款" if zh else "art. 36(1)",
            "等复查意见送达后 30 日内申请" if zh else "apply within 30 days of service",
        ),
    }


def context(language: Language, make: Maker) -> dict[str, Any]:
    """Everything the gallery shows."""
    zh = language == "zh"
    made = bars(make, zh)
    rail = components.DateRail(
        "下一个法定日期" if zh else "Next legal date",
        TODAY,
        made["extended"].due,
        made["extended"].raw,
        "出具处理意见书" if zh else "issue the opinion",
        "#how-extended",
    )
    return {
        **around(rail, zh),
        **steps(zh),
        "today": TODAY,
        "rail": rail,
        "duties": duties(made, zh),
        "nobody": (),
        "hows": hows(made, zh),
        "requests": requests(zh),
        "entries": entries(zh),
        "fields": fields(zh),
        "strip": strip(zh),
        "sheet": sheet(zh),
        "cards": CARDS_ZH if zh else CARDS_EN,
    }


CARDS_ZH = tuple(
    (
        title,
        "我有诉求、投诉，或者要求有关单位办一件事。",
        "谁会看到",
        "登记的信访部门和有权处理的单位。",
        "多久有回音",
        "15 日内书面告诉您怎么办。",
    )
    for title in ("解决问题", "检举控告", "提出建议")
)
CARDS_EN = tuple(
    (
        title,
        "I have a request or a complaint.",
        "Who will see it",
        "The petition office and the competent organ.",
        "How long",
        "Within 15 days you are told in writing.",
    )
    for title in ("Solve a problem", "Report wrongdoing", "Make a suggestion")
)
