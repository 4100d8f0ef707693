"""The command line of everything that works on an office: what can be asked, and which module
answers it."""

from __future__ import annotations

import argparse
from collections.abc import Callable

OFFICE, UNOPENED, NOTHING = "office", "unopened", "nothing"
"""What a command needs first: an office that may be opened, one that is there, or nothing at all
(it is answered
without Django).

Any other word names a function of `beginnings` that makes the data folder ready before Django is
set up.
"""


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    said: str,
    run: str,
    needs: str = OFFICE,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=said, description=said)
    module, _, function = run.partition(":")
    parser.set_defaults(module=f"dengwen.cli.{module}", function=function, needs=needs)
    return parser


def _group(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, said: str
) -> argparse._SubParsersAction[argparse.ArgumentParser]:
    return commands.add_parser(name, help=said, description=said).add_subparsers(
        dest="part", required=True, metavar="…"
    )


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="以 JSON 输出 / answer in JSON")


def _clock(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--clock",
        metavar="TIME",
        help="当作此刻（仅演练）/ take this as now; practice only: 2026-03-02 or 2026-03-02T10:00",
    )


def _by(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--by", required=True, metavar="USER", help="经办账号 / the account that acts"
    )


def add_parsers(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add every command but `law`."""
    groups: tuple[Callable[[argparse._SubParsersAction[argparse.ArgumentParser]], None], ...] = (
        _house,
        _rules,
        _registry,
        _keeping,
        _ledger,
        _work,
        _history,
        _assessing,
        _leads,
        _personnel,
        _running,
    )
    for add in groups:
        add(commands)


def _house(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    init = _add(
        commands,
        "init",
        "在 DENGWEN_DATA 准备一个空的办公数据文件夹 / prepare an empty office in DENGWEN_DATA",
        "office.init:run_init",
        "init",
    )
    init.add_argument(
        "--practice", action="store_true", help="演练用，以后不能改 / for practice, for ever"
    )
    init.add_argument(
        "--origin", default="", help="存证日志名 / name of the log, such as xf.city.example/2026"
    )
    _joining(commands)
    doctor = _add(
        commands,
        "doctor",
        "检查这套安装 / examine this installation",
        "office.doctor:run_doctor",
        UNOPENED,
    )
    _json(doctor)
    _clock(doctor)


def _joining(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    join = _add(
        commands,
        "join",
        "再添一个节点：取来密钥，核对指纹 / take in a further node: bring its keys, compare their fingerprints",
        "office.join:run_join",
        "join",
    )
    join.add_argument(
        "source",
        help="原节点的数据文件夹，或 dengwen backup --keys 的文件 / data folder of a node that has the keys, or its "
        "file of dengwen backup --keys",
    )
    _add(
        commands,
        "migrate",
        "升级数据库的表，登记密钥指纹 / upgrade the tables of the database; enter fingerprints of the keys",
        "office.migrate:run_migrate",
        UNOPENED,
    )


def _rules(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    pack = _group(commands, "pack", "规则包 / rule packs")
    check = _add(pack, "check", "核对规则包 / check packs", "rules.pack_install:run_check", NOTHING)
    check.add_argument(
        "folder",
        nargs="?",
        help="规则包文件夹，缺省为已安装的 / folder of packs, the installed ones by default",
    )
    _json(check)
    install = _add(
        pack, "install", "安装一个规则包 / install a pack", "rules.pack_install:run_install"
    )
    install.add_argument(
        "folder",
        help="含 pack.toml 的文件夹，或整个 packs 文件夹 / a folder with pack.toml, or a whole packs folder",
    )
    calendar = _group(commands, "calendar", "工作日历 / working calendar")
    show = _add(
        calendar, "show", "已知的年份和放假日 / the years known", "rules.calendar_notice:run_show"
    )
    show.add_argument("year", nargs="?", type=int)
    _json(show)
    publish = _add(
        calendar,
        "publish",
        "录入放假通知或其修改 / enter the notice on rest days, or its amendment",
        "rules.calendar_notice:run_publish",
    )
    publish.add_argument("year", type=int)
    publish.add_argument(
        "--off", nargs="+", required=True, metavar="DAYS", help="2027-02-06/2027-02-12 …"
    )
    publish.add_argument(
        "--work", nargs="*", default=(), metavar="DAYS", help="上班的周末 / working weekend days"
    )
    publish.add_argument(
        "--source", required=True, help="通知名称、文号 / title and number of the notice"
    )
    _by(publish)
    _clock(publish)
    _json(publish)


def _registry(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    organ = _group(commands, "organ", "机关、单位 / organs")
    load = _add(
        organ,
        "import",
        "从 CSV 登记机关、单位或区划 / register organs or divisions from CSV",
        "cases.registry:run_import",
    )
    load.add_argument("file")
    load.add_argument(
        "--divisions", action="store_true", help="文件是区划表 / the file lists divisions"
    )
    load.add_argument(
        "--since", metavar="DATE", help="起始日期，缺省今日 / valid from, today by default"
    )
    load.add_argument(
        "--preview", action="store_true", help="只预览 / only show what would be done"
    )
    load.add_argument(
        "--default",
        action="append",
        default=[],
        metavar="COLUMN=VALUE",
        help="表中没有的列 / for a column the list lacks",
    )
    load.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="FIELD=HEADING",
        help="列名对应 / another heading",
    )
    load.add_argument(
        "--kind",
        action="append",
        default=[],
        metavar="WORD=KIND",
        help="性质用语对应 / the list's words for kinds",
    )
    load.add_argument(
        "--prefix", default="", help="另编代码的前缀 / give codes of our own with this prefix"
    )
    _by(load)
    _clock(load)
    _json(load)
    account = _group(commands, "account", "账号 / accounts")
    create = _add(account, "create", "开立账号 / open an account", "cases.registry:run_account")
    create.add_argument("username")
    create.add_argument(
        "--official", default="", metavar="CODE", help="人员代码 / code of the official"
    )
    create.add_argument("--by", default="", metavar="USER")
    _clock(create)
    grant = _add(
        account,
        "grant",
        "授予角色（两人办理）/ grant a role, by two persons",
        "cases.registry:run_grant",
    )
    grant.add_argument("username")
    grant.add_argument("role", help="R1–R19")
    grant.add_argument("--organ", default="", metavar="CODE")
    grant.add_argument("--compartment", default="", choices=("", "accuse", "account"))
    grant.add_argument("--since", metavar="DATE")
    grant.add_argument("--until", metavar="DATE")
    grant.add_argument(
        "--by", default="", metavar="USER", help="安全管理员 / security administrator"
    )
    grant.add_argument(
        "--approver",
        default="",
        metavar="USER",
        help="审计管理员或另一安全管理员 / the second person",
    )
    _clock(grant)
    password = _add(
        account,
        "password",
        "设定口令（从标准输入或提示读取）/ set a password",
        "cases.registry:run_password",
    )
    password.add_argument("username")
    _clock(password)


def _keeping(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    backup = _add(
        commands,
        "backup",
        "备份数据库、密钥、规则包和文件 / back up database, keys, packs and files",
        "office.backup:run_backup",
        UNOPENED,
    )
    backup.add_argument("file")
    backup.add_argument(
        "--keys",
        action="store_true",
        help="只要另一节点 join 所需的，不含数据库 / only what another node needs to join, no database",
    )
    restore = _add(
        commands,
        "restore",
        "恢复到空文件夹，先核验存证 / restore into an empty folder, ledger check first",
        "office.restore:run_restore",
        "restore",
    )
    restore.add_argument("file")
    rederive = _add(
        commands,
        "rederive",
        "按行为重算各行，或只核对 / derive rows again from the acts",
        "record.rederive:run_rederive",
    )
    rederive.add_argument(
        "--check",
        action="store_true",
        help="只核对，有差别退出码 1 / only compare; exit 1 if they differ",
    )
    _json(rederive)


def _ledger(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    everything = _add(
        commands,
        "check",
        "逐项核对全部记录，列出所有发现 / run every check of the record and list all findings",
        "record.ledger:run_all",
    )
    _json(everything)
    ledger = _group(commands, "ledger", "存证 / ledger")
    verify = _add(
        ledger,
        "verify",
        "核验一张回执，不用数据库和服务器 / verify a receipt without database or server",
        "record.verify:run_verify",
        NOTHING,
    )
    verify.add_argument("receipt")
    verify.add_argument(
        "--key",
        action="append",
        default=[],
        metavar="VKEY|FILE",
        help="信任的公钥 / a public key you trust",
    )
    _json(verify)
    check = _add(
        ledger,
        "check",
        "核验全部存证与各表是否一致 / compare everything stored with what was sealed",
        "record.ledger:run_check",
    )
    _json(check)
    tick = _add(
        ledger, "tick", "立即封存待封的行为 / seal what waits now", "record.ledger:run_tick"
    )
    _clock(tick)
    _json(tick)


def _work(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    act = _add(commands, "act", "办理一个行为 / do one act", "cases.act:run_act")
    act.add_argument(
        "case",
        help="办理件编号；或与 --open 同用时写行为 / number of the case; with --open, the act",
    )
    act.add_argument("act", nargs="?", help="行为 / id of the act")
    act.add_argument(
        "--open", default="", metavar="KIND", help="另立一件 / open a case of this kind"
    )
    _by(act)
    act.add_argument(
        "--organ", default="", metavar="CODE", help="代表的机关、单位 / the organ acted for"
    )
    act.add_argument(
        "--for",
        dest="behalf",
        default="",
        metavar="CODE",
        help="代没有账号的单位录入，须附 --paper / enter it for a unit without accounts; needs --paper",
    )
    act.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE")
    act.add_argument(
        "--text",
        action="append",
        default=[],
        metavar="FIELD=TEXT",
        help="@文件 则读文件 / @file reads it",
    )
    act.add_argument(
        "--on", metavar="TIME", help="发生时间，缺省此刻 / when it happened, now by default"
    )
    act.add_argument("--late-reason", default="", help="补录理由 / why it is entered late")
    act.add_argument(
        "--paper", default="", metavar="FILE", help="补录所凭纸件 / the paper it rests on"
    )
    act.add_argument(
        "--second",
        default="",
        metavar="CODE",
        help="补录的共同签字人 / who signs the late entry as well",
    )
    act.add_argument("--uid", default="", help="重复提交识别码 / idempotency key")
    _clock(act)
    _json(act)
    divide = _add(
        commands, "split", "分件 / split a matter into its parts", "cases.split_letter:run_split"
    )
    divide.add_argument("case", help="办理件编号 / number of the case")
    divide.add_argument(
        "file", help="JSON：各件的类别、正文、诉求 / class, text and requests of each part"
    )
    _by(divide)
    divide.add_argument(
        "--organ", default="", metavar="CODE", help="代表的机关、单位 / the organ acted for"
    )
    divide.add_argument("--note", default="", help="分件说明 / note")
    divide.add_argument("--uid", default="", help="重复提交识别码 / idempotency key")
    _clock(divide)
    _json(divide)
    case = _group(commands, "case", "办理件 / cases")
    show = _add(
        case,
        "show",
        "经过、期限及其算法、现在可做的行为 / timeline, duties and how they were computed, acts possible",
        "cases.show:run_show",
    )
    show.add_argument("number")
    _by(show)
    _clock(show)
    _json(show)


def _history(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    load = _group(commands, "import", "历史数据 / history")
    messages = _add(
        load,
        "messages",
        "导入来信和答复（JSON 行或 CSV）/ import messages and replies",
        "cases.history:run_import",
    )
    messages.add_argument("file")
    messages.add_argument(
        "--organ", default="", metavar="CODE", help="收件的机关、单位 / the organ they came to"
    )
    messages.add_argument(
        "--channel",
        default="network",
        choices=("network", "letter", "phone", "fax", "visit"),
        help="提出形式 / how they came",
    )
    messages.add_argument(
        "--map", default="", metavar="FILE", help="列名和用语对应（TOML）/ columns and words"
    )
    messages.add_argument(
        "--class-by", default="", metavar="FILE", help="编号→类别 / number to class"
    )
    messages.add_argument(
        "--by", default="", metavar="USER", help="经办账号 / the account that acts"
    )
    _clock(messages)
    _json(messages)
    report = _group(commands, "report", "报表 / reports")
    time = _add(
        report, "timeliness", "办理时效 / how long matters waited", "cases.history:run_timeliness"
    )
    time.add_argument(
        "--by", default="", metavar="USER", help="只计该账号可见的 / only what this account may see"
    )
    _clock(time)
    _json(time)
    warnings = _add(
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
    _clock(warnings)
    _json(warnings)
    _figures(report)


def _figures(report: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    check = _add(
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
    _json(check)
    monthly = _add(
        report,
        "monthly",
        "信访统计月报 / the monthly table of an office",
        "reports.figures:run_monthly",
    )
    monthly.add_argument(
        "--month", default="", metavar="YYYY-MM", help="缺省上个月 / last month by default"
    )
    yearly = _add(
        report,
        "annual",
        "年度报告的数字 / the figures of the annual report",
        "reports.figures:run_annual",
    )
    yearly.add_argument("--year", type=int, default=0, help="缺省去年 / last year by default")
    for one in (monthly, yearly):
        one.add_argument("--office", default="", metavar="CODE", help="机关、单位代码 / the office")
        one.add_argument(
            "--at",
            type=int,
            default=None,
            metavar="N",
            help="取自存证第几位 / taken at a ledger position",
        )
        one.add_argument(
            "--by", default="", metavar="USER", help="按该账号的隔离墙 / behind this account's wall"
        )
        _clock(one)
        _json(one)


def _assessing(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    assess = _group(commands, "assess", "考核 / assessment")
    freeze = _add(
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
    _json(freeze)
    verify = _add(
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
    _json(verify)


def _leads(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    leads = _group(commands, "leads", "追责线索 / leads")
    score = _add(
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
    _clock(score)
    _json(score)
    find = _add(
        leads,
        "find",
        "从记录里发现线索；不是认定 / let the finders look; no verdict",
        "reports.leads:run_find",
    )
    _by(find)
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
    _clock(find)
    _json(find)


def _personnel(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    personnel = _group(commands, "personnel", "组织人事 / organisation and personnel")
    extract = _add(
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
    _by(extract)
    _clock(extract)
    _json(extract)


def _running(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    simulate = _add(
        commands,
        "simulate",
        "写入逼真的演练数据（仅演练）/ write a lifelike load; practice only",
        "office.worker:run_simulate",
    )
    simulate.add_argument("--organs", type=int, default=3)
    simulate.add_argument("--petitions", type=int, default=200)
    simulate.add_argument("--months", type=int, default=66)
    simulate.add_argument("--seed", type=int, default=1)
    simulate.add_argument(
        "--until", metavar="TIME", help="截至，缺省此刻 / everything before this, now by default"
    )
    simulate.add_argument(
        "--misconduct",
        default="",
        metavar="FILE",
        help="写入文件所列的失职行为 / write its misconduct",
    )
    simulate.add_argument(
        "--key", default="", metavar="FILE", help="答案写到哪里 / where the sealed key goes"
    )
    _json(simulate)
    worker = _add(
        commands,
        "worker",
        "值守：期限、存证、告知、文件 / the loops: sweep, sequencer, outbox, files",
        "office.worker:run_worker",
    )
    worker.add_argument("--once", action="store_true", help="各做一次即止 / each loop once")
    _clock(worker)
    _json(worker)
    demo = _add(
        commands,
        "demo",
        "演练办公室：虚构的云江区 / practice office of an invented district",
        "office.demo:run_demo",
        "demo",
    )
    demo.add_argument("--serve", action="store_true", help="准备好后打开网页 / serve the pages")
    demo.add_argument("--port", type=int, default=8000)
    demo.add_argument("--petitions", type=int, default=200)
    demo.add_argument("--seed", type=int, default=1)
