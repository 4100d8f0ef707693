"""What can be asked of reports, assessments, leads and personnel."""

from __future__ import annotations

import argparse

from dengwen.cli.shell.command_parser import (
    NOTHING,
    Commands,
    add_by,
    add_clock,
    add_command,
    add_group,
    add_json,
)


def add_reports(commands: Commands) -> None:
    """Add the reports."""
    report = add_group(commands, "report", "报表 / reports")
    _add_report_timeliness(report)
    _add_report_warnings(report)
    _add_report_check(report)
    _add_report_monthly(report)
    _add_report_annual(report)


def _add_report_timeliness(report: Commands) -> None:
    time = add_command(
        report, "timeliness", "办理时效 / how long matters waited", "cases.history:run_timeliness"
    )
    time.add_argument(
        "--by", default="", metavar="USER", help="只计该账号可见的 / only what this account may see"
    )
    add_clock(time)
    add_json(time)


def _add_report_warnings(report: Commands) -> None:
    warnings = add_command(
        report,
        "warnings",
        "预警对了多少；或者用从前的留言试一试 / how often warnings were right, or a trial on old messages",
        "reports.warnings:run_warnings",
    )
    warnings.add_argument(
        "--messages",
        default="",
        metavar="FILE",
        help="JSON 行文件，按时间先后试 / JSON lines, tried in time order",
    )
    warnings.add_argument(
        "--people", type=int, default=0, help="几人反映同一事项 / people about the same matter"
    )
    warnings.add_argument("--days", type=int, default=0, help="多少天内 / within so many days")
    add_clock(warnings)
    add_json(warnings)


def _add_report_check(report: Commands) -> None:
    check = add_command(
        report,
        "check",
        "公布的通报各数是否相符 / does a published report follow from its own figures",
        "reports.report_check:run_check",
        NOTHING,
    )
    check.add_argument("file", help="JSON：一份或者几份通报 / one report or several")
    check.add_argument(
        "--table", metavar="FILE", help="自己的表定义（TOML）/ a table definition of your own"
    )
    add_json(check)


def _add_report_monthly(report: Commands) -> None:
    monthly = add_command(
        report,
        "monthly",
        "信访统计月报 / the monthly table of an office",
        "reports.figures:run_monthly",
    )
    monthly.add_argument(
        "--month", default="", metavar="YYYY-MM", help="缺省上个月 / last month by default"
    )
    _add_whose_figures(monthly)


def _add_report_annual(report: Commands) -> None:
    yearly = add_command(
        report,
        "annual",
        "年度报告的数字 / the figures of the annual report",
        "reports.figures:run_annual",
    )
    yearly.add_argument("--year", type=int, default=0, help="缺省去年 / last year by default")
    _add_whose_figures(yearly)


def _add_whose_figures(parser: argparse.ArgumentParser) -> None:
    """Add what both tables of an office ask: which office, taken where, seen by whom."""
    parser.add_argument("--office", default="", metavar="CODE", help="机关、单位代码 / the office")
    parser.add_argument(
        "--at",
        type=int,
        default=None,
        metavar="N",
        help="取自存证第几位 / taken at a ledger position",
    )
    parser.add_argument(
        "--by", default="", metavar="USER", help="按该账号的隔离墙 / behind this account's wall"
    )
    add_clock(parser)
    add_json(parser)


def add_assessments(commands: Commands) -> None:
    """Add assessments."""
    assess = add_group(commands, "assess", "考核 / assessment")
    _add_assess_freeze(assess)
    _add_assess_verify(assess)


def _add_assess_freeze(assess: Commands) -> None:
    freeze = add_command(
        assess,
        "freeze",
        "冻结一次考核，或者试算 / freeze an assessment, or try a scheme on a period",
        "reports.assess_freeze:run_freeze",
    )
    freeze.add_argument("case", nargs="?", default="", help="考核的编号 / number of the assessment")
    freeze.add_argument(
        "--scheme", default="", metavar="FILE", help="试算：方案文件 / trial: the scheme file"
    )
    freeze.add_argument("--first", default="", metavar="DATE")
    freeze.add_argument("--last", default="", metavar="DATE")
    freeze.add_argument(
        "--organ", action="append", default=[], metavar="CODE", help="缺省全部 / all by default"
    )
    freeze.add_argument(
        "--at", type=int, default=None, metavar="N", help="存证第几位 / ledger position"
    )
    freeze.add_argument("--out", default="", metavar="FOLDER", help="写到哪里 / where to write")
    add_json(freeze)


def _add_assess_verify(assess: Commands) -> None:
    verify = add_command(
        assess,
        "verify",
        "在别处复算，不用数据库 / compute a result again, without a database",
        "reports.assess_verify:run_verify",
        NOTHING,
    )
    verify.add_argument("manifest", help="manifest.json")
    verify.add_argument(
        "--key",
        action="append",
        default=[],
        metavar="VKEY|FILE",
        help="信任的公钥 / a key you trust",
    )
    verify.add_argument(
        "--digest", default="", help="通报上印的清单摘要 / digest printed in the circular"
    )
    verify.add_argument(
        "--engine",
        default="duckdb",
        choices=("duckdb", "sqlite", "spark"),
        help=(
            "用哪个引擎数，缺省 duckdb；spark 须先 make spark / what counts; "
            "duckdb by default, spark needs `make spark`"
        ),
    )
    add_json(verify)


def add_leads(commands: Commands) -> None:
    """Add leads."""
    leads = add_group(commands, "leads", "追责线索 / leads")
    _add_leads_score(leads)
    _add_leads_find(leads)


def _add_leads_score(leads: Commands) -> None:
    score = add_command(
        leads,
        "score",
        "对照答案计算查全、查准（仅演练）/ recall and precision against a sealed key; practice only",
        "reports.leads_score:run_score",
    )
    score.add_argument(
        "--key",
        required=True,
        metavar="FILE",
        help="simulate --misconduct 写出的答案 / the key it wrote",
    )
    score.add_argument(
        "--only", action="append", default=[], metavar="KIND", help="只算这一种 / this kind only"
    )
    add_clock(score)
    add_json(score)


def _add_leads_find(leads: Commands) -> None:
    find = add_command(
        leads,
        "find",
        "从记录里发现线索；不是认定 / let the finders look; no verdict",
        "reports.leads:run_find",
    )
    add_by(find)
    find.add_argument(
        "--organ",
        default="",
        metavar="CODE",
        help="在几个机关任职的，选一个 / where you work in several",
    )
    find.add_argument(
        "--finder",
        action="append",
        default=[],
        metavar="ID",
        help="只看这一项，可重复 / only this one; repeatable",
    )
    find.add_argument(
        "--raise",
        action="store_true",
        dest="raise_leads",
        help="把新的提为线索 / raise what is new as leads",
    )
    add_clock(find)
    add_json(find)


def add_personnel(commands: Commands) -> None:
    """Add what is asked on personnel."""
    personnel = add_group(commands, "personnel", "组织人事 / organisation and personnel")
    _add_personnel_extract(personnel)


def _add_personnel_extract(personnel: Commands) -> None:
    extract = add_command(
        personnel,
        "extract",
        "干部考察意见的摘录，查阅有记录 / extract for the opinion on a cadre; the look is logged",
        "reports.extract:run_extract",
    )
    extract.add_argument("official", metavar="CODE", help="人员代码 / staff code")
    extract.add_argument(
        "--request",
        required=True,
        metavar="NUMBER",
        help="征求意见的编号：没有征求意见，不能查 / the request it answers",
    )
    extract.add_argument(
        "--from",
        dest="first",
        default="",
        metavar="DATE",
        help="缺省去年一月一日 / 1 January of last year",
    )
    extract.add_argument(
        "--to", dest="last", default="", metavar="DATE", help="缺省 --on / by default the day --on"
    )
    extract.add_argument(
        "--on", default="", metavar="DATE", help="按哪一天的情况，缺省今天 / as of which day, today"
    )
    add_by(extract)
    add_clock(extract)
    add_json(extract)
