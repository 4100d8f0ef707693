"""Published reports are recomputed from their own figures; the real ones, and 200 with one
figure changed."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from dengwen.cli.main import main
from dengwen.law import published_report
from dengwen.law.errors import PackError
from dengwen.law.published_report import Report, ReportError, Table

ROOT = Path(__file__).resolve().parents[2]
TABLES = published_report.read_tables(ROOT / "packs" / published_report.FOLDER)
INCONSISTENT = {"tongchuan-2025q1", "weinan-2024q2", "tangshan-2024-11"}
SEED, CHANGES = 20260801, 200
Numbers = Mapping[str, Decimal]


def real_reports(shared: Path) -> list[Report]:
    found: list[Report] = []
    for name in ("published_reports.json", "hangzhou_board_aggregates_2026-06-15.json"):
        found += published_report.read_reports(
            (shared / "data" / "stats" / name).read_text(encoding="utf-8"), name
        )
    return [replace(r, id=r.id or "hangzhou") for r in found]


def test_the_three_inconsistent_reports_are_named_and_no_other(shared: Path) -> None:
    verdicts = [
        published_report.check(r, published_report.table_for(r, TABLES))
        for r in real_reports(shared)
    ]
    assert len(verdicts) == 14
    assert {v.report.id for v in verdicts if v.findings} == INCONSISTENT
    assert all(v.consistent for v in verdicts if v.report.id not in INCONSISTENT)
    assert not [v.missing for v in verdicts if v.missing and v.report.id != "12345-2024w26"]


def test_what_is_named_is_what_the_data_set_found_too(shared: Path) -> None:
    raw = json.loads(
        (shared / "data" / "stats" / "published_reports.json").read_text(encoding="utf-8")
    )
    known = {r["id"]: sum(1 for c in r["checks"] if not c["agrees"]) for r in raw}
    for report in real_reports(shared):
        verdict = published_report.check(report, published_report.table_for(report, TABLES))
        # The file of Tangshan tries a share with a whole that nobody printed; that is no figure of
        # the report.
        guessed = 1 if report.id == "tangshan-2024-11" else 0
        assert len(verdict.findings) == known.get(report.id, 0) - guessed


def total(figures: Numbers, head: str, tail: str = "") -> Decimal:
    return sum(
        (v for k, v in figures.items() if k.startswith(head + "/") and k.endswith(tail)), Decimal(0)
    )


def same_shares(figures: Numbers, group: str, shares: str, whole: Decimal, places: int) -> bool:
    """Whether each printed share is the rounded one, counted with plain decimals."""
    printed = {k.split("/")[1]: v for k, v in figures.items() if k.startswith(shares + "/")}
    return all(near(figures[f"{group}/{k}"] * 100 / whole, v, places) for k, v in printed.items())


def near(value: Decimal, printed: Decimal, places: int) -> bool:
    return abs(value - printed) <= Decimal(5).scaleb(-places - 1)


def mailbox(f: Numbers) -> bool:
    whole = f["受理有效"]
    sums = whole + f["无效重复"] == f["来信"] and total(f, "类型") == whole
    return (
        sums
        and same_shares(f, "类型", "类型占比", whole, 2)
        and same_shares(f, "类别前五", "类别占比", whole, 2)
    )


def weinan(f: Numbers) -> bool:
    sums = f["交办"] + f["直接答复"] == total(f, "类型") == total(f, "热点") == f["来信"]
    return (
        sums
        and total(f, "县区") == f["县区总计"]
        and same_shares(f, "类型", "类型占比", f["来信"], 2)
    )


def hotline(f: Numbers) -> bool:
    whole = f["受理"]
    sums = f["直办"] + f["转办"] == total(f, "类型") == whole and near(whole / 7, f["日均"], 0)
    direct = "直办占比" not in f or near(f["直办"] * 100 / whole, f["直办占比"], 1)
    return sums and direct and same_shares(f, "类型", "类型占比", whole, 2)


def daying(f: Numbers) -> bool:
    whole = f["工单"]
    sums = (
        f["交办"] + f["直办"]
        == f["按期"] + f["逾期"]
        == total(f, "类型")
        == total(f, "热点", "/0")
        == whole
    )
    return sums and near(total(f, "前三") * 100 / whole, f["前三占比"], 0)


def panjin(f: Numbers) -> bool:
    sums = (
        f["直接答复万"] + f["转办万"] == f["受理万"]
        and f["县区受理万"] + f["市直受理万"] == f["转办万"]
    )
    counties = total(f, "县区[交办,办结率,满意率,评分]", "/0") / 10000
    share = near(f["直接答复万"] * 100 / f["受理万"], f["直接答复率"], 2)
    return sums and near(counties, f["县区受理万"], 2) and share


def mailbox_month(f: Numbers) -> bool:
    kinds = f["咨询"] + f["投诉"] + f["建言"]
    sums = f["部门"] + f["县区"] == kinds == f["答复"] + f["在办"] == f["留言"]
    return sums and near(f["答复"] * 100 / f["留言"], f["答复率%"], 2)


def board(f: Numbers) -> bool:
    parts = [total(f, p) for p in ("byMonth", "byDomain", "byStatus", "byType")] + [
        total(f, "byForum", "/count")
    ]
    marks = total(f, "sat/dist") == f["sat/mCnt"]
    points = sum(n * f[f"sat/dist/{n}"] for n in range(1, 6)) == f["sat/mSum"]
    districts = all(
        v == f[f"byForum/{k[11:]}委书记/count"] for k, v in f.items() if k.startswith("byDistrict/")
    )
    return (
        all(p == f["totals/all"] for p in parts)
        and f["byStatus/已办理"] == f["totals/replied"]
        and marks
        and points
        and districts
    )


def stock(f: Numbers) -> bool:
    return all(
        f[f"older/{y - 1}/2"] + f[f"older/{y}/0"] - f[f"older/{y}/1"] == f[f"older/{y}/2"]
        for y in (2017, 2018)
    )


HOLDS: Mapping[str, Callable[[Numbers], bool]] = {
    "cq-board-2021": lambda f: near(f["答复"] * 100 / f["留言"], f["回复率%"], 1),
    "mailbox-q3": mailbox,
    "weinan-2023q2": weinan,
    "12345-2024w28": hotline,
    "12345-2024w26": hotline,
    "daying-2017-03": daying,
    "panjin-2023-1-4": panjin,
    "xinfang-month": lambda f: f["中省转办"] + f["市本级"] + f["县区"] == f["来信"],
    "govmailbox-nov": mailbox_month,
    "cpgrams": stock,
    "hangzhou": board,
}
"""Do the sums and shares of a report hold? Written by hand from the reports, without the tables
of the house."""


def changed(report: Report, table: Table, lot: random.Random) -> tuple[str, Report]:
    """Change one figure, drawn evenly, by the smallest step it is printed in, up or down."""
    figures = published_report.figures_of(report, table)
    path = lot.choice([p for p in figures if not p.endswith("/fid")])
    exponent = figures[path].as_tuple().exponent
    step = Decimal(1).scaleb(min(int(exponent), 0)) * lot.choice((1, -1))
    return path, replace(report, fields=nested({**figures, path: figures[path] + step}), printed={})


def nested(figures: Numbers) -> dict[str, Any]:
    """Build fields from paths; lists become objects with numbers as names, which have the same
    paths."""
    found: dict[str, Any] = {}
    for path, value in figures.items():
        *heads, last = path.split("/")
        inner = found
        for head in heads:
            inner = inner.setdefault(head, {})
        inner[last] = value
    return found


def tried(shared: Path) -> dict[str, int]:
    """Change one figure in each of 200 reports and count what the checker says."""
    lot = random.Random(SEED)
    reports = [r for r in real_reports(shared) if r.id not in INCONSISTENT]
    counts = dict.fromkeys(
        ("changes", "breaking", "named", "named_at_the_figure", "other", "other_named"), 0
    )
    for _ in range(CHANGES):
        report = lot.choice(reports)
        table = published_report.table_for(report, TABLES)
        assert table is not None
        path, bent = changed(report, table, lot)
        findings = published_report.check(bent, table).findings
        breaks = not HOLDS[report.id](published_report.figures_of(bent, table))
        counts["changes"] += 1
        counts["breaking" if breaks else "other"] += 1
        counts["named" if breaks else "other_named"] += bool(findings)
        counts["named_at_the_figure"] += breaks and any(path in f.figures for f in findings)
    return counts


def test_at_least_95_percent_of_the_changes_that_break_a_sum_or_a_share_are_named(
    shared: Path,
) -> None:
    for report in real_reports(shared):
        if report.id in HOLDS:
            assert HOLDS[report.id](
                published_report.figures_of(report, published_report.table_for(report, TABLES))
            )
    counts = tried(shared)
    assert counts["changes"] == CHANGES
    assert counts["breaking"] >= 100
    assert counts["named_at_the_figure"] >= 0.95 * counts["breaking"]
    page = (ROOT / "docs" / "how-to" / "lawyer" / "report-check.zh.md").read_text(encoding="utf-8")
    assert " ".join(f"{k}={v}" for k, v in counts.items()) in page


TABLE = """id = "t"
zh = "表"
en = "table"
match = ["a"]
"""


def two_way(corner: int) -> dict[str, dict[str, int]]:
    """Return a table of two rows and two columns with its margins; it is right with 4."""
    rows = {"x": {"m": 1, "n": 2, "合计": 3}, "y": {"m": 3, "n": 4, "合计": 7}}
    return {**rows, "合计": {"m": corner, "n": 6, "合计": 10}}


def made(tmp_path: Path, rule: str) -> Table:
    path = tmp_path / "t.toml"
    path.write_text(TABLE + "[[rule]]\nzh = '甲'\nen = 'a'\n" + rule, encoding="utf-8")
    return published_report.read_table(path)


@pytest.mark.parametrize(
    ("rule", "good", "bad"),
    [
        (
            "relation='sum'\ntotal='a'\nplus=['b/*']\nminus=['c']",
            {"a": 4, "b": {"x": 2, "y": 3}, "c": 1},
            {"a": 5},
        ),
        (
            "relation='share'\npart='b'\nwhole='a'\nprinted='p'",
            {"a": 3, "b": 1, "p": "33.3"},
            {"p": "33.4"},
        ),
        (
            "relation='share'\npart='b'\nwhole='a'\nprinted='p'",
            {"a": 8, "b": 1, "p": "12.5"},
            {"p": "12.4"},
        ),
        (
            "relation='share'\npart='b'\nwhole='a'\nprinted='p'\nstep='0.1'",
            {"a": 4, "b": 1, "p": "25"},
            {"p": "26"},
        ),
        ("relation='quotient'\ndividend='a'\nby=7\nprinted='p'", {"a": 15, "p": 2}, {"p": 3}),
        (
            "relation='quotient'\ndividend='a'\nby='n'\nprinted='p'",
            {"a": 15, "n": 3, "p": 5},
            {"n": 4},
        ),
        ("relation='count'\nentries='b/*'\nprinted='a'", {"a": 2, "b": {"x": 2, "y": 3}}, {"a": 3}),
        (
            "relation='weighted'\nentries='b/*'\ntotal='a'",
            {"a": 7, "b": {"1": 1, "3": 2}},
            {"a": 8},
        ),
        ("relation='change'\nnow='a'\nprinted='p'", {"a": 110, "p": "52.78"}, {"p": "52.79"}),
        (
            "relation='change'\nnow='a'\nbefore='b'\nprinted='p'",
            {"a": 3, "b": 4, "p": -25},
            {"p": -24},
        ),
        ("relation='margins'\ncells='a'\ntotal='合计'", {"a": two_way(4)}, {"a": two_way(5)}),
    ],
)
def test_each_relation(
    tmp_path: Path, rule: str, good: dict[str, Any], bad: dict[str, Any]
) -> None:
    table = made(tmp_path, rule)
    assert published_report.check(Report("r", "", good), table).consistent
    assert published_report.check(Report("r", "", {**good, **bad}), table).findings


def test_what_is_missing_is_said_and_not_called_consistent(tmp_path: Path) -> None:
    verdict = published_report.check(
        Report("r", "", {"a": 1}), made(tmp_path, "relation='sum'\ntotal='a'\nplus=['b']")
    )
    assert (verdict.held, verdict.findings, verdict.consistent) == (0, (), False)
    assert verdict.missing == ("甲：b",)


def test_a_difference_that_rounding_explains_says_so(tmp_path: Path) -> None:
    table = made(tmp_path, "relation='sum'\ntotal='a'\nplus=['b', 'c']")
    notes = [
        published_report.check(Report("r", "", {"a": a, "b": "1.1", "c": "1.1"}), table)
        .findings[0]
        .note[1]
        for a in ("2.3", "2.9")
    ]
    assert [bool(n) for n in notes] == [True, False]


def test_a_word_outside_the_vocabulary_is_refused(tmp_path: Path) -> None:
    for rule in ("relation='guess'", "relation='sum'\nwhole='a'"):
        with pytest.raises(PackError) as caught:
            made(tmp_path, rule)
        assert caught.value.code == "unknown-word"


def test_a_file_that_is_no_report_is_refused() -> None:
    for text in ("{", "[]", "3", '{"fields": 3}'):
        with pytest.raises(ReportError):
            published_report.read_reports(text, "x.json")


def test_the_checks_of_others_are_not_read(shared: Path) -> None:
    raw = json.loads(
        (shared / "data" / "stats" / "published_reports.json").read_text(encoding="utf-8")
    )
    bare = json.dumps([{k: r[k] for k in ("id", "title", "fields")} for r in raw])
    full = published_report.read_reports(json.dumps(raw), "x")
    assert published_report.read_reports(bare, "x") == full


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "report.json"
    report = {"title": "通报", "fields": {"来信": 6, "中省转办": 1, "市本级": 2, "县区": 3}}
    table = ["--table", str(ROOT / "packs" / "reports" / "visits-month.toml")]
    file.write_text(json.dumps(report), encoding="utf-8")
    assert main(["report", "check", str(file), *table]) == 0
    report["fields"]["县区"] = 4  # type: ignore[index]
    file.write_text(json.dumps(report), encoding="utf-8")
    assert main(["report", "check", str(file), "--json", *table]) == 1
    found = json.loads(capsys.readouterr().out.splitlines()[-1])["reports"][0]["findings"]
    assert [(f["figure"], f["computed"], f["printed"]) for f in found] == [("来信", "7", "6")]
    assert main(["report", "check", str(file)]) == 2
    file.write_text("{", encoding="utf-8")
    assert main(["report", "check", str(file)]) == 2
