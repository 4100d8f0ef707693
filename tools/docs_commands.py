"""The pages of the command line, one a language, from the parsers of `dengwen`."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator

from dengwen.cli.main import build_parser
from dengwen.law.bilingual import Language, words_in
from tools.docs_tables import table

HEAD = "<!-- made from dengwen/cli by `make docs`; do not edit -->"
BOTH_LANGUAGES = re.compile(r"\s*/ ")
"""What parts the Chinese of a help text from its English."""
INTRO = {
    "zh": (
        "# 命令\n\n每条命令都有 `--help`。退出码：`0` 完成，`1` 发现问题或者被依法拒绝，`2` 问法不对；"
        "`dengwen ledger verify` 用核验器自己的退出码。怎样用：[管理一个办公室](../how-to/administrator/"
        "office.zh.md)。\n\n"
        "[English](cli.en.md)\n"
    ),
    "en": (
        "# Commands\n\nEach has its own `--help`. Exit codes: `0` done, `1` something is "
        "wrong or was refused\n"
        "with its rule, `2` cannot be asked like that; `dengwen ledger verify` has the "
        "verifier's own. How to use\n"
        "them: [running an office](../how-to/administrator/office.en.md).\n\n[中文](cli.zh.md)\n"
    ),
}
COLUMNS = {"zh": ("参数", "内容", "说明"), "en": ("argument", "value", "what")}
NOTES = {
    "zh": {
        "required": "必填",
        "many": "可写几个",
        "repeat": "可重复",
        "one of": "选一：",
        "between": "；",
    },
    "en": {
        "required": "required",
        "many": "several",
        "repeat": "may be repeated",
        "one of": "one of: ",
        "between": "; ",
    },
}


def told() -> dict[str, str]:
    """Return what each command is for, by its words, as the list of its group says it."""
    found: dict[str, str] = {}
    for words, parser in commands().items():
        for action in parser._actions:
            if isinstance(action, argparse._SubParsersAction):
                found |= {
                    f"{words} {one.dest}".strip(): one.help or "" for one in action._choices_actions
                }
    return found


def commands() -> dict[str, argparse.ArgumentParser]:
    """Return every command by its words, such as "ledger check"; a group stands under its own
    word."""
    found: dict[str, argparse.ArgumentParser] = {}

    def walk(words: str, parser: argparse.ArgumentParser) -> None:
        found[words] = parser
        for action in parser._actions:
            if isinstance(action, argparse._SubParsersAction):
                for name, one in action.choices.items():
                    walk(f"{words} {name}".strip(), one)

    walk("", build_parser())
    return found


def in_language(text: str, language: Language) -> str:
    """The half of a help text that is in a language; the whole where it has one half only."""
    parts = BOTH_LANGUAGES.split(text.replace("%%", "%"), maxsplit=1)
    return words_in((parts[0], parts[-1]), language)


def _value(action: argparse.Action, language: Language) -> str:
    """What is to be written after an option or in the place of an argument."""
    if action.choices is not None:
        return NOTES[language]["one of"] + ", ".join(f"`{one}`" for one in action.choices if one)
    if action.nargs == 0:
        return ""
    if isinstance(action.metavar, str):
        return f"`{action.metavar}`"
    return "" if not action.option_strings else f"`{action.dest.upper()}`"


def _what(action: argparse.Action, language: Language) -> str:
    """What an argument is for, and whether it must be there or may come again."""
    notes = NOTES[language]
    marks = []
    if action.required and action.option_strings:
        marks.append(notes["required"])
    if isinstance(action, argparse._AppendAction):
        marks.append(notes["repeat"])
    if action.nargs in {"+", "*"}:
        marks.append(notes["many"])
    told = [in_language(action.help, language)] if action.help else []
    return notes["between"].join([*told, *marks])


def _arguments(parser: argparse.ArgumentParser, language: Language) -> Iterator[tuple[str, ...]]:
    """Each argument of a command but `--help` and the words of its parts."""
    for action in parser._actions:
        if isinstance(action, (argparse._HelpAction, argparse._SubParsersAction)):
            continue
        name = ", ".join(action.option_strings) or str(action.metavar or action.dest)
        if not action.option_strings and action.nargs == "?":
            name = f"[{name}]"
        yield f"`{name}`", _value(action, language), _what(action, language)


def page(language: Language) -> str:
    """The page in one language."""
    lines, what = [HEAD, "", INTRO[language]], told()
    for words, parser in commands().items():
        if not words:
            continue
        depth = "###" if " " in words else "##"
        lines += [f"{depth} `dengwen {words}`", ""]
        if what[words]:
            lines += [in_language(what[words], language), ""]
        lines += table(COLUMNS[language], _arguments(parser, language))
    return "\n".join(lines).rstrip() + "\n"
