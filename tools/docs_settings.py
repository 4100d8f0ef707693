"""The pages of the settings, one a language, from `config/variables.py`."""

from __future__ import annotations

from config.variables import VARIABLES, Words
from dengwen.law.bilingual import Language, words_in
from tools.docs_tables import table

HEAD = "<!-- made from config/variables.py by `make docs`; do not edit -->"
TITLE = Words("设置", "Settings")
INTRO = Words(
    "全部来自环境变量；不设也能用。`config/settings.py` 读取它们，写错的值在启动时拒绝，并写明怎么改。\n\n"
    "[English](settings.en.md)",
    "All come from the environment, and none must be set. `config/settings.py` reads them; "
    "a wrong value is refused\n"
    "at the start, with the mend.\n\n[中文](settings.zh.md)",
)
COLUMNS: dict[Language, tuple[str, ...]] = {
    "zh": ("变量", "用途", "缺省", "值"),
    "en": ("variable", "what for", "default", "value"),
}


def page(language: Language) -> str:
    """The page in one language."""
    lines = [HEAD, "", f"# {words_in(TITLE, language)}", "", words_in(INTRO, language), ""]
    lines += table(
        COLUMNS[language],
        (
            (
                f"`{variable.name}`",
                words_in(variable.what, language),
                words_in(variable.default, language),
                words_in(variable.unit, language),
            )
            for variable in VARIABLES
        ),
    )
    return "\n".join(lines).rstrip() + "\n"
