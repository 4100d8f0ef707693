"""Samples of what is drawn or printed as a whole: a leader's year, a petitioner's receipt."""

from __future__ import annotations

from datetime import UTC, date, datetime

from dengwen.ui import components

TODAY = date(2026, 11, 24)


def strip(zh: bool) -> components.YearStrip:
    """A leader's year: a missed month, a late one, two in a month, a local target."""
    m = components.YearMark
    done, due = ("已接访", "未到期") if zh else ("done", "not due")
    months = "月" if zh else ""
    first = [m(n, "met", f"{n} {months}{done}") for n in (1, 2, 3, 4, 5, 7, 8, 9, 10)]
    return components.YearStrip(
        "year",
        2026,
        TODAY,
        (
            components.YearRow(
                "r-reception",
                "接待群众来访" if zh else "Receive visitors",
                "每月一天，2009 年中央意见" if zh else "one day a month, 2009",
                (
                    *first,
                    m(6, "missed", "6 月未接访" if zh else "June missed"),
                    m(11, "open", f"11-26 {due}"),
                ),
            ),
            components.YearRow(
                "r-follow",
                "批示的跟踪办理" if zh else "Follow own orders",
                "细则第七条，本地目标 30 日" if zh else "local target",
                (
                    m(3, "met", "3-02"),
                    m(3, "slow", "3-18 → 3-20"),
                    m(8, "slow", "8-14 → 8-20"),
                    *(m(12, "open", f"12-{n}") for n in (2, 9, 14)),
                    *(m(5, "met", f"5-{n}") for n in range(1, 6)),
                ),
                local=True,
            ),
        ),
    )


def sheet(zh: bool) -> components.Receipt:
    """A receipt as a petitioner gets it."""
    f = components.Fact
    promise = (
        "xf-promise/v1\nxf.shili.example/2026\nQySOKDB6eS3yU/3dOwa1TRef5w6/As0XLJ30TJlFlSI=\n"
        "2026-11-24T01:42:07.318Z\n"
        "2026-11-25T01:42:07.318Z\n\n— xf.shili.example/2026/promise "
        "eUK98iEG8IR3YvDzy012TccHIFEVmg+J8sbayuNEuzESRf1vhN+a18Wz0HasDo9TpzVsiJE/"
        "IPb3LbAi0k0KltrUPBY="
    )
    digest = "818B7FF2 2283075A 89E6540B B6F3C6A2 2BD1FB36 FAA8BAE8 79DABDFA F4A81C29"
    return components.Receipt(
        organ="云江区信访局",
        number="YJ01-2026-317482965-8",
        code="7K4M 2QXP 9RTW",
        registered_at=datetime(2026, 11, 24, 1, 42, 7, tzinfo=UTC),
        first_due=date(2026, 12, 24),
        first_label="第一次书面告知，最迟" if zh else "First written notice, at the latest",
        received=(
            f("怎样提交" if zh else "Submitted", "网上" if zh else "online"),
            f(
                "材料" if zh else "Papers",
                "正文 3 页，照片 2 张；诉求 2 项" if zh else "3 pages, 2 photos; 2 requests",
            ),
            f(
                "姓名" if zh else "Name",
                "按您的选择，不印在回执上" if zh else "not printed, as you chose",
            ),
            f("内容摘要" if zh else "Digest", digest, mono=True),
        ),
        ahead=(
            f(
                "12 月 9 日 周三" if zh else "Wed 9 Dec",
                "最迟这天，信访局转到有权处理的单位（《信访工作条例》第二十二条第一款，15 日）。"
                if zh
                else "By this day the petition office forwards it to the competent organ "
                "(Regulations on Petition Work 22(1), 15 days).",
            ),
            f(
                "12 月 24 日 周四" if zh else "Thu 24 Dec",
                "最迟这天，收到转送的单位书面告诉您谁来办、怎么办（第二十三条第三款，收到之日起 15 日）。"
                if zh
                else "By this day the organ that received it tells you in writing who will handle "
                "it and how (23(3), 15 days).",
            ),
        ),
        promise=promise,
        merge_by=datetime(2026, 11, 25, 1, 42, 7, tzinfo=UTC),
        qr="xf:YJ01-2026-317482965-8:QySOKDB6eS3yU",
        check="在任何接待窗口的自助机上扫码；或者在家用核验程序打开回执文件，不联网也能核对。查进展：编号加查询码。丢了查询码，带身份证件到窗口。"
        if zh
        else "Scan it at any window, or open the receipt file with the verifier at home; no "
        "network is needed. To follow: number and code. If the code is lost, come to the window "
        "with your identity card.",
        complain="12 月 24 日前应收到书面告知；没有收到，拨 0000-0000 转督查"
        if zh
        else "No written notice by 24 Dec? Call 0000-0000, supervision",
    )
