"""What can be asked of cases: one act, a letter split, what happened, history brought in."""

from __future__ import annotations

from argparse import ArgumentParser

from dengwen.cli.shell.command_parser import (
    Commands,
    add_by,
    add_clock,
    add_command,
    add_group,
    add_json,
)


def add_cases(commands: Commands) -> None:
    """Add acts, the splitting of letters, and cases."""
    _add_act(commands)
    _add_split(commands)
    _add_case(commands)
    _add_second(commands)


def _add_act(commands: Commands) -> None:
    act = add_command(commands, "act", "办理一个行为 / do one act", "cases.act:run_act")
    act.add_argument(
        "case",
        help="办理件编号；或与 --open 同用时写行为 / number of the case; with --open, the act",
    )
    act.add_argument("act", nargs="?", help="行为 / id of the act")
    act.add_argument(
        "--open", default="", metavar="KIND", help="另立一件 / open a case of this kind"
    )
    add_by(act)
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
        "--propose",
        action="store_true",
        help="须两人的，送第二人同意 / where it takes two, put it before a second person",
    )
    act.add_argument("--uid", default="", help="重复提交识别码 / idempotency key")
    add_clock(act)
    add_json(act)


def _add_second(commands: Commands) -> None:
    second = add_group(commands, "second", "第二人 / the second person")
    listing = add_command(
        second,
        "list",
        "等我同意的、我提出的 / what waits for me, and what I proposed",
        "cases.second_person_commands:run_list",
    )
    _add_who(listing)
    add_json(listing)
    for name, words in (
        ("approve", "同意 / approve"),
        ("refuse", "退回，须写原因 / refuse, with the reason"),
        ("take-back", "撤回自己提出的 / take back the own proposal"),
    ):
        one = add_command(second, name, words, "cases.second_person_commands:run_decide")
        one.set_defaults(decision=name)
        one.add_argument("case", help="办理件编号 / number of the case")
        one.add_argument("seq", type=int, help="提请是第几步 / place of the proposal in the case")
        one.add_argument("--why", default="", help="退回的原因 / why it is refused")
        one.add_argument("--uid", default="", help="重复提交识别码 / idempotency key")
        _add_who(one)


def _add_who(command: ArgumentParser) -> None:
    add_by(command)
    command.add_argument(
        "--organ", default="", metavar="CODE", help="代表的机关、单位 / the organ acted for"
    )
    add_clock(command)


def _add_split(commands: Commands) -> None:
    divide = add_command(
        commands, "split", "分件 / split a matter into its parts", "cases.split_letter:run_split"
    )
    divide.add_argument("case", help="办理件编号 / number of the case")
    divide.add_argument(
        "file", help="JSON：各件的类别、正文、诉求 / class, text and requests of each part"
    )
    add_by(divide)
    divide.add_argument(
        "--organ", default="", metavar="CODE", help="代表的机关、单位 / the organ acted for"
    )
    divide.add_argument("--note", default="", help="分件说明 / note")
    divide.add_argument("--uid", default="", help="重复提交识别码 / idempotency key")
    add_clock(divide)
    add_json(divide)


def _add_case(commands: Commands) -> None:
    case = add_group(commands, "case", "办理件 / cases")
    _add_case_show(case)


def _add_case_show(case: Commands) -> None:
    show = add_command(
        case,
        "show",
        "经过、期限及其算法、现在可做的行为 / timeline, duties and how they were computed, acts possible",
        "cases.show:run_show",
    )
    show.add_argument("number")
    add_by(show)
    add_clock(show)
    add_json(show)


def add_history(commands: Commands) -> None:
    """Add the import of history."""
    load = add_group(commands, "import", "历史数据 / history")
    _add_import_messages(load)


def _add_import_messages(load: Commands) -> None:
    messages = add_command(
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
        metavar="CODE",
        help="提出形式，按规则包，如 letter / how they came, as the packs have it: letter …",
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
    add_clock(messages)
    add_json(messages)
